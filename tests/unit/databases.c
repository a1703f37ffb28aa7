/* Databases of every earlier version, as their programs left them, opened by today's: the schema is that of a new one, the
 * facts are all there, and what follows from them comes out the same. */
#include "tests/databases.h"

#include <glob.h>
#include <unistd.h>
#include "common/migrate.h"
#include "dashboard/casebook/casebook.h"
#include "tests/daemon_rig.h"

#define OLD "day.db"

extern const struct migrations STORE_MIGRATIONS, CASEBOOK_MIGRATIONS;

static bool opens(const char *name)
{
    char why[STORE_WHY_BYTES];
    struct store *store = store_open(name, "memory", why);
    if (store == NULL)
        printf("# %s: %s\n", name, why);
    else
        store_close(store);
    return store != NULL;
}

static bool same_schema(sqlite3 *one, sqlite3 *other)
{
    char *left = database_schema(one), *right = database_schema(other);
    bool same = strcmp(left, right) == 0;
    if (!same)
        printf("# %s\n# is not\n# %s\n", left, right);
    free(left);
    free(right);
    return same;
}

/* Of `newer`, opened by today's program, and `older`, the same as it was before. */
static void check_brought_forward(sqlite3 *older, sqlite3 *newer, sqlite3 *fresh)
{
    CHECK(same_schema(newer, fresh));
    CHECK(tables_that_differ(older, newer, "event_tally") == 0);
    CHECK(database_ask(newer, "PRAGMA user_version") == database_ask(fresh, "PRAGMA user_version"));
    CHECK(database_ask(newer, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0);
    CHECK(database_ask(newer, "SELECT count(*) FROM pragma_foreign_key_check") == 0);
}

static void check_attendance(const char *name)
{
    memory_vfs_format();
    database_load(name, OLD, "memory");
    database_load(name, "before.db", "memory");
    CHECK(opens(OLD) && opens("fresh.db"));
    sqlite3 *older = database_open("before.db", "memory"), *newer = database_open(OLD, "memory");
    sqlite3 *fresh = database_open("fresh.db", "memory");
    check_brought_forward(older, newer, fresh);
    int64_t version = database_ask(older, "PRAGMA user_version");
    char copied[MEMORY_NAME_BYTES];
    snprintf(copied, sizeof copied, OLD ".before-v%d", migrate_newest(&STORE_MIGRATIONS));
    CHECK((memory_find(copied, false) != NULL) == (version < migrate_newest(&STORE_MIGRATIONS)));
    if (memory_find(copied, false) != NULL) {
        sqlite3 *copy = database_open(copied, "memory");
        CHECK(same_schema(copy, older) && tables_that_differ(older, copy, "") == 0);
        CHECK(database_ask(copy, "PRAGMA user_version") == version);
        sqlite3_close(copy);
    }
    sqlite3_close(older);
    sqlite3_close(newer);
    sqlite3_close(fresh);
}

/* Every file of tests/databases whose name begins so. */
static void with_each(const char *kind, void (*check)(const char *name))
{
    char pattern[64], name[64];
    glob_t files;
    snprintf(pattern, sizeof pattern, "tests/databases/%s-*.sql", kind);
    CHECK(glob(pattern, 0, NULL, &files) == 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        snprintf(name, sizeof name, "%s", strrchr(files.gl_pathv[i], '/') + 1);
        name[strlen(name) - strlen(".sql")] = '\0';
        printf("# %s\n", name);
        check(name);
    }
    globfree(&files);
}

static void attendance_of_every_version(void)
{
    with_each("attendance", check_attendance);
}

/* What version 1 did not have at first is what its rows say. */
static void what_was_missing_in_the_first_version(void)
{
    memory_vfs_format();
    database_load("attendance-1-early", OLD, "memory");
    CHECK(opens(OLD));
    CHECK(ask("SELECT events FROM receipt WHERE terminal_id = 't-1'") == 57);
    CHECK(ask("SELECT events FROM receipt WHERE terminal_id = 't-2'") == 59);
    CHECK(ask("SELECT events_stored FROM status_shown") == 116);
    CHECK(ask("SELECT last_event_ms FROM status_shown") == INT64_C(1788416040000));
    CHECK(ask("SELECT count(*) FROM absence WHERE author = 'import' AND ended_by IS NULL") == 1);
    CHECK(ask("SELECT count(*) FROM rules_version WHERE approver = ''") == 1);
    CHECK(ask("SELECT count(*) FROM certificate") == 0);
    CHECK(ask("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'event_tally' OR type = 'trigger'") == 0);
}

static void certificates_of_the_first_version(void)
{
    memory_vfs_format();
    database_load("attendance-1-early", OLD, "memory");
    sqlite3 *database = database_open(OLD, "memory");
    database_run(
        database,
        "CREATE TABLE certificate (terminal_id TEXT PRIMARY KEY, to_ms INTEGER NOT NULL, is_new INTEGER NOT"
        " NULL, revoked_ms INTEGER, revoked_why TEXT) STRICT, WITHOUT ROWID;"
        "INSERT INTO certificate VALUES ('t-1', 9, 1, NULL, NULL), ('t-2', 9, 0, 5, 'lost'), ('t-3', 9, 1, 7, '');"
        "INSERT INTO event (terminal_id, generation, sequence, last_sequence, kind, boot, mono_ms, at_ms, from_ms,"
        " clock, age_ms, token, reader, feedback, received_ms, settled_ms, settled_day) SELECT terminal_id, 8,"
        " sequence, last_sequence, 'boot', boot, mono_ms, at_ms, from_ms, clock, age_ms, token, reader, feedback,"
        " received_ms, 1000 + sequence, settled_day FROM event WHERE sequence < 4");
    sqlite3_close(database);
    CHECK(opens(OLD));
    CHECK(ask("SELECT first_ms FROM certificate WHERE terminal_id = 't-1' AND is_new") == 1001);
    CHECK(ask("SELECT count(*) FROM certificate WHERE first_ms IS NULL") == 2);
    CHECK(ask("SELECT revoked_ms FROM certificate WHERE terminal_id = 't-3'") == 7);
}

/* The dates of version 2, both included, are the instants of today's program: around both changes of the clock, too. */
static void dates_of_cards_become_instants(void)
{
    static const char *const DATES[][2] = {{"2026-03-28", "2026-03-28"}, {"2026-03-29", "2026-03-29"},
                                           {"2026-03-30", "2026-10-24"}, {"2026-10-25", "2026-10-25"},
                                           {"2026-10-26", "2026-12-31"}, {"2027-03-27", "2027-03-28"},
                                           {"2025-10-25", "2025-10-26"}, {"2024-02-29", "2024-03-31"}};
    memory_vfs_format();
    database_load("attendance-2", OLD, "memory");
    sqlite3 *database = database_open(OLD, "memory");
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++) {
        char *insert = sqlite3_mprintf("INSERT INTO card VALUES (%d, 'pupil-00', unixepoch(%Q) / 86400,"
                                       " unixepoch(%Q) / 86400, 0, NULL)",
                                       (int)i, DATES[i][0], DATES[i][1]);
        database_run(database, insert);
        sqlite3_free(insert);
    }
    sqlite3_close(database);
    CHECK(opens(OLD));
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++) {
        int32_t from, to;
        char question[64];
        CHECK(civil_read_date(DATES[i][0], 10, &from));
        CHECK(civil_read_date(DATES[i][1], 10, &to));
        snprintf(question, sizeof question, "SELECT from_ms FROM card WHERE token = %zu", i);
        CHECK(ask(question) == civil_to_utc_ms(from, 0));
        snprintf(question, sizeof question, "SELECT to_ms FROM card WHERE token = %zu", i);
        CHECK(ask(question) == civil_to_utc_ms(to + 1, 0));
    }
    CHECK(ask("SELECT count(*) FROM card WHERE from_ms IS NULL AND to_ms IS NULL") == FACTS_PUPILS);
    CHECK(ask("SELECT count(*) FROM pupil_period WHERE from_day IS NULL AND to_day IS NULL") == FACTS_PUPILS);
    CHECK(ask("SELECT count(*) FROM terminal_seen WHERE place = 'room' AND from_day IS NULL AND to_day IS NULL") == 3);
}

static const char DERIVED[] = "SELECT pupil_id, day, class, outcomes FROM pupil_day ORDER BY pupil_id, day";
static const char FLAGS[] =
    "SELECT pupil_id, rule, severity, rules_version, raised_day, cleared_day, evidence FROM flag"
    " WHERE withdrawn_ms IS NULL ORDER BY pupil_id, rule, raised_day";
static const char DAYS[] =
    "SELECT day, lessons_closed, decided_ms IS NOT NULL, (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL) FROM"
    " school_day ORDER BY day";

/* What follows from the facts is thrown away, and today's daemon finds it again. */
static void check_recomputed(const char *name)
{
    memory_vfs_format();
    database_load(name, OLD, "memory");
    CHECK(opens(OLD));
    sqlite3 *database = database_open(OLD, "memory");
    uint64_t days = database_digest(database, DERIVED), flags = database_digest(database, FLAGS);
    uint64_t school_days = database_digest(database, DAYS);
    CHECK(days != 0 && flags != 0 && database_ask(database, "SELECT count(*) FROM pupil_day") == 3 * FACTS_PUPILS);
    CHECK(database_ask(database, "SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL") == 3);
    database_run(database, "DELETE FROM pupil_day; DELETE FROM flag_change; DELETE FROM flag; DELETE FROM school_day;"
                           "DELETE FROM group_day; DELETE FROM group_signal");
    CHECK(database_digest(database, DERIVED) != days && database_digest(database, FLAGS) != flags);
    today = civil_day(2026, 9, 3);
    hands.clock = (struct clock){.utc_ms = utc_ms, .mono_ms = utc_ms, .rate = 1};
    config = (struct config){.school = "skolan", .plan_days = 2, .repeat_s = 60, .rollcall = ROLLCALL_DEFAULTS};
    set_time(9, 31);
    start();
    wait_until(9, 40);
    stop();
    CHECK(database_digest(database, DERIVED) == days);
    CHECK(database_digest(database, FLAGS) == flags);
    CHECK(database_digest(database, DAYS) == school_days);
    sqlite3_close(database);
}

static void outcomes_and_flags_come_out_the_same(void)
{
    with_each("attendance", check_recomputed);
}

static void path_in(const char *folder, const char *name, char path[128])
{
    snprintf(path, 128, "%s/%s", folder, name);
}

static void make_key(const char *folder)
{
    char path[128];
    path_in(folder, "audit.key", path);
    FILE *key = fopen(path, "w");
    fwrite((char[SECRET_KEY_BYTES]){1}, 1, SECRET_KEY_BYTES, key);
    fclose(key);
}

static bool casebook_opens(const char *folder, const char **why)
{
    struct casebook *book = casebook_open(folder, why);
    if (book != NULL)
        casebook_close(book);
    return book != NULL;
}

static void remove_folder(const char *folder)
{
    char command[160];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK(system(command) == 0);
}

static void check_casebook(const char *name)
{
    char folder[] = "/tmp/narvaro-casebook-XXXXXX", empty[] = "/tmp/narvaro-casebook-XXXXXX", path[128];
    const char *why;
    CHECK(mkdtemp(folder) != NULL && mkdtemp(empty) != NULL);
    make_key(folder);
    path_in(folder, "casebook.db", path);
    database_load(name, path, NULL);
    CHECK(casebook_opens(folder, &why) && casebook_opens(empty, &why));
    sqlite3 *newer = database_open(path, NULL);
    char copied[64];
    snprintf(copied, sizeof copied, "casebook.db.before-v%d", migrate_newest(&CASEBOOK_MIGRATIONS));
    path_in(folder, copied, path);
    CHECK(access(path, F_OK) == 0);
    sqlite3 *copy = database_open(path, NULL);
    path_in(folder, "before.db", path);
    database_load(name, path, NULL);
    sqlite3 *older = database_open(path, NULL);
    path_in(empty, "casebook.db", path);
    sqlite3 *fresh = database_open(path, NULL);
    check_brought_forward(older, newer, fresh);
    CHECK(same_schema(copy, older) && tables_that_differ(older, copy, "") == 0);
    CHECK(database_ask(newer, "SELECT count(*) FROM audit") > 10);
    sqlite3_close(older);
    sqlite3_close(newer);
    sqlite3_close(copy);
    sqlite3_close(fresh);
    remove_folder(folder);
    remove_folder(empty);
}

static void casebooks_of_every_version(void)
{
    with_each("casebook", check_casebook);
}

static bool refuses_99(const char *why, const struct migrations *migrations)
{
    char numbers[64];
    snprintf(numbers, sizeof numbers, "its version is 99, this program knows 1 to %d:", migrate_newest(migrations));
    return strstr(why, numbers) != NULL && strstr(why, ".before-v99") != NULL;
}

static void a_newer_casebook_is_refused_and_left_alone(void)
{
    char folder[] = "/tmp/narvaro-casebook-XXXXXX", path[128];
    const char *why;
    CHECK(mkdtemp(folder) != NULL);
    CHECK(casebook_opens(folder, &why));
    path_in(folder, "casebook.db", path);
    sqlite3 *database = database_open(path, NULL);
    database_run(database, "PRAGMA user_version = 99");
    CHECK(!casebook_opens(folder, &why));
    CHECK(refuses_99(why, &CASEBOOK_MIGRATIONS));
    CHECK(database_ask(database, "PRAGMA user_version") == 99);
    sqlite3_close(database);
    remove_folder(folder);
}

static void a_newer_attendance_is_refused_and_left_alone(void)
{
    char why[STORE_WHY_BYTES];
    memory_vfs_format();
    CHECK(opens(OLD));
    sqlite3 *database = database_open(OLD, "memory");
    database_run(database, "PRAGMA user_version = 99");
    CHECK(store_open(OLD, "memory", why) == NULL);
    CHECK(refuses_99(why, &STORE_MIGRATIONS));
    CHECK(database_ask(database, "PRAGMA user_version") == 99);
    sqlite3_close(database);
}

int main(void)
{
    memory_vfs_register();
    log_open("databases", LOG_WARN);
    TEST(attendance_of_every_version);
    TEST(what_was_missing_in_the_first_version);
    TEST(certificates_of_the_first_version);
    TEST(dates_of_cards_become_instants);
    TEST(outcomes_and_flags_come_out_the_same);
    TEST(casebooks_of_every_version);
    TEST(a_newer_casebook_is_refused_and_left_alone);
    TEST(a_newer_attendance_is_refused_and_left_alone);
    return test_done();
}
