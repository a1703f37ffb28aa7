/* The way from one version of a database to the next, with steps of the test's own, on a disk that loses power and fails. */
#include "common/migrate.h"

#include "common/dbcopy.h"
#include "common/log.h"
#include "tests/databases.h"
#include "tests/memory_vfs.h"
#include "tests/test.h"

#define FILE_NAME "school.db"
#define TEXT(text)                      \
    {                                   \
        text, (text) + sizeof(text) - 1 \
    }

/* Version 1 had names, 2 gave them a length, 3 a table of their own, 4 letters that refer to them. */
static const char NEWEST[] = "CREATE TABLE pupil (name TEXT NOT NULL, letters INTEGER NOT NULL);"
                             "CREATE TABLE letter (pupil INTEGER REFERENCES known, letter TEXT NOT NULL);"
                             "CREATE TABLE known (known INTEGER PRIMARY KEY, name TEXT NOT NULL);";
static const char TO_2[] = "ALTER TABLE pupil RENAME TO pupil_1;"
                           "CREATE TABLE pupil (name TEXT NOT NULL, letters INTEGER NOT NULL);"
                           "INSERT INTO pupil SELECT name, length(name) FROM pupil_1 ORDER BY rowid;"
                           "DROP TABLE pupil_1;";
static const char TO_3[] = "CREATE TABLE known (known INTEGER PRIMARY KEY, name TEXT NOT NULL);"
                           "INSERT INTO known (name) SELECT name FROM pupil ORDER BY rowid;";
static const char TO_4[] = "CREATE TABLE letter (pupil INTEGER REFERENCES known, letter TEXT NOT NULL);"
                           "INSERT INTO letter SELECT known, substr(name, 1, 1) FROM known;";
static const char FAILS[] = "CREATE TABLE letter (pupil INTEGER, letter TEXT); INSERT INTO nowhere VALUES (1)";
static const char ORPHANS[] = "CREATE TABLE letter (pupil INTEGER REFERENCES known, letter TEXT NOT NULL);"
                              "INSERT INTO letter VALUES (999, 'x')";
static const struct migrate_text STEPS[] = {TEXT(TO_2), TEXT(TO_3), TEXT(TO_4)};
static const struct migrate_text FAILING[] = {TEXT(TO_2), TEXT(TO_3), TEXT(FAILS)};
static const struct migrate_text LEAVING_ORPHANS[] = {TEXT(TO_2), TEXT(TO_3), TEXT(ORPHANS)};
static const struct migrations GOOD = {TEXT(NEWEST), STEPS, 3}, OF_2 = {TEXT(NEWEST), STEPS, 1};
static const struct migrations BAD = {TEXT(NEWEST), FAILING, 3}, ORPHANED = {TEXT(NEWEST), LEAVING_ORPHANS, 3};

static char why[MIGRATE_WHY_BYTES];

static sqlite3 *open_as_the_store_does(void)
{
    sqlite3 *database = database_open(FILE_NAME, "memory");
    database_run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    return database;
}

static void make_version_1(void)
{
    memory_vfs_format();
    sqlite3 *database = open_as_the_store_does();
    database_run(database, "CREATE TABLE pupil (name TEXT NOT NULL);"
                           "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 400)"
                           "INSERT INTO pupil SELECT 'pupil ' || n FROM n; PRAGMA user_version = 1");
    sqlite3_close(database);
}

static bool migrated(const struct migrations *migrations)
{
    sqlite3 *database = open_as_the_store_does();
    bool good = migrate(database, migrations, why);
    CHECK(sqlite3_get_autocommit(database) != 0);
    CHECK(database_ask(database, "PRAGMA foreign_keys") == 1);
    sqlite3_close(database);
    return good;
}

static int64_t ask(const char *name, const char *question)
{
    sqlite3 *database = database_open(name, "memory");
    int64_t answer = database_ask(database, question);
    sqlite3_close(database);
    return answer;
}

static bool there(const char *name)
{
    return memory_find(name, false) != NULL;
}

static bool is_whole_4(void)
{
    return ask(FILE_NAME, "PRAGMA user_version") == 4 && ask(FILE_NAME, "SELECT count(*) FROM pupil") == 400 &&
           ask(FILE_NAME, "SELECT sum(letters) FROM pupil") == 400 * 6 + 9 + 90 * 2 + 301 * 3 &&
           ask(FILE_NAME, "SELECT count(*) FROM letter JOIN known ON known = pupil WHERE letter = 'p'") == 400;
}

static bool is_whole_1(const char *name)
{
    return ask(name, "PRAGMA user_version") == 1 && ask(name, "SELECT count(*) FROM sqlite_schema") == 1 &&
           ask(name, "SELECT count(*) FROM pupil WHERE name = 'pupil ' || rowid") == 400;
}

static void a_new_database_gets_the_newest_schema(void)
{
    memory_vfs_format();
    CHECK(migrated(&GOOD));
    CHECK(ask(FILE_NAME, "PRAGMA user_version") == 4 && migrate_newest(&GOOD) == 4);
    CHECK(ask(FILE_NAME, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 3);
    CHECK(!there(FILE_NAME ".before-v4"));
    CHECK(migrated(&GOOD)); /* once more: there is nothing to do */
    CHECK(!there(FILE_NAME ".before-v4"));
}

static void steps_are_taken_one_after_the_other(void)
{
    make_version_1();
    CHECK(migrated(&OF_2));
    CHECK(ask(FILE_NAME, "PRAGMA user_version") == 2 && ask(FILE_NAME, "SELECT count(letters) FROM pupil") == 400);
    CHECK(is_whole_1(FILE_NAME ".before-v2"));
    CHECK(migrated(&GOOD)); /* from the middle */
    CHECK(is_whole_4());
    CHECK(ask(FILE_NAME ".before-v4", "PRAGMA user_version") == 2);
    make_version_1();
    CHECK(migrated(&GOOD)); /* all at once */
    CHECK(is_whole_4() && is_whole_1(FILE_NAME ".before-v4"));
    CHECK(!there(FILE_NAME ".before-v4-journal") && !there(FILE_NAME ".before-v4-wal"));
}

static void a_step_that_fails_leaves_everything_as_it_was(void)
{
    make_version_1();
    for (int i = 0; i < 3; i++) {
        CHECK(!migrated(&BAD));
        CHECK(strstr(why, "the step to version 4: no such table: nowhere") != NULL);
        CHECK(is_whole_1(FILE_NAME) && is_whole_1(FILE_NAME ".before-v4"));
    }
    CHECK(!there(FILE_NAME ".before-v4-2")); /* tried again and again, one copy */
    CHECK(!migrated(&ORPHANED));
    CHECK(strstr(why, "1 rows refer to none") != NULL);
    CHECK(is_whole_1(FILE_NAME));
    CHECK(migrated(&GOOD) && is_whole_4());
}

static void a_version_that_is_not_known_is_refused(void)
{
    make_version_1();
    CHECK(migrated(&GOOD));
    CHECK(!migrated(&OF_2));
    CHECK(strstr(why, "its version is 4, this program knows 1 to 2") != NULL && strstr(why, ".before-v4") != NULL);
    CHECK(is_whole_4());
    sqlite3 *database = open_as_the_store_does();
    database_run(database, "PRAGMA user_version = -1");
    sqlite3_close(database);
    CHECK(!migrated(&GOOD) && strstr(why, "its version is -1") != NULL);
}

static void change_name(const char *name)
{
    sqlite3 *database = database_open(FILE_NAME, "memory");
    char *change = sqlite3_mprintf("UPDATE pupil SET name = %Q WHERE rowid = 1", name);
    database_run(database, change);
    sqlite3_free(change);
    sqlite3_close(database);
}

static void a_whole_copy_is_never_written_over(void)
{
    char name[64];
    make_version_1();
    for (int i = 1; i <= DBCOPIES_MAX; i++) {
        snprintf(name, sizeof name, "state %d", i);
        change_name(name);
        CHECK(!migrated(&BAD));
    }
    CHECK(ask(FILE_NAME ".before-v4", "SELECT name = 'state 1' FROM pupil") == 1);
    CHECK(ask(FILE_NAME ".before-v4-2", "SELECT name = 'state 2' FROM pupil") == 1);
    CHECK(ask(FILE_NAME ".before-v4-9", "SELECT name = 'state 9' FROM pupil") == 1);
    CHECK(!migrated(&BAD) && strstr(why, "no such table") != NULL); /* the ninth is of this very state */
    change_name("state 10");
    CHECK(!migrated(&GOOD) && strstr(why, "nine copies") != NULL && strstr(why, "move them away") != NULL);
    CHECK(!there(FILE_NAME ".before-v4-10") && ask(FILE_NAME, "PRAGMA user_version") == 1);
}

/* One byte of the copy, of its first page and of another one, and its end. */
static void a_copy_that_is_not_sound_is_made_anew(void)
{
    static const size_t AT[] = {0, 17, 105, 4096 + 3, 8192 + 1000};
    for (size_t i = 0; i <= sizeof AT / sizeof AT[0]; i++) {
        make_version_1();
        CHECK(!migrated(&BAD));
        struct memory_file *copy = memory_find(FILE_NAME ".before-v4", false);
        CHECK(copy->seen.length > 12288);
        if (i < sizeof AT / sizeof AT[0])
            copy->seen.bytes[AT[i]] ^= 0x55;
        else
            memory_resize(&copy->seen, 8192);
        CHECK(migrated(&GOOD) && is_whole_4());
        CHECK(is_whole_1(FILE_NAME ".before-v4") || is_whole_1(FILE_NAME ".before-v4-2"));
        CHECK(ask(FILE_NAME ".before-v4", "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") ==
              1);
    }
}

static void a_full_disk_says_what_to_do(void)
{
    make_version_1();
    memory_disk.failure = SQLITE_FULL;
    memory_disk.operations_left = 6;
    CHECK(!migrated(&GOOD));
    CHECK(strstr(why, "the disk is full") != NULL && strstr(why, "make room and start again") != NULL);
    CHECK(!there(FILE_NAME ".before-v4")); /* it does not keep the room that is missing */
    memory_disk.operations_left = MEMORY_FOREVER;
    CHECK(is_whole_1(FILE_NAME) && migrated(&GOOD) && is_whole_4());
}

/* While it is copied and stepped, another connection writes: then nothing was changed. */
static sqlite3 *other;

static void write_by_another(struct memory_file *file)
{
    if (strcmp(file->name, FILE_NAME ".before-v4") != 0 || other == NULL)
        return;
    memory_disk.before = NULL;
    database_run(other, "UPDATE pupil SET name = 'late' WHERE rowid = 7");
    sqlite3_close(other);
    other = NULL;
}

static void what_is_written_meanwhile_is_not_lost(void)
{
    make_version_1();
    sqlite3 *database = open_as_the_store_does();
    other = database_open(FILE_NAME, "memory");
    database_ask(other, "SELECT count(*) FROM pupil");
    memory_disk.before = write_by_another;
    CHECK(!migrate(database, &GOOD, why));
    memory_disk.before = NULL;
    CHECK(other == NULL && strstr(why, "locked") != NULL);
    CHECK(migrate(database, &GOOD, why));
    sqlite3_close(database);
    CHECK(ask(FILE_NAME, "SELECT count(*) FROM known WHERE name = 'late'") == 1);
    CHECK(ask(FILE_NAME ".before-v4", "SELECT count(*) FROM pupil WHERE name = 'late'") == 0);
    CHECK(ask(FILE_NAME ".before-v4-2", "SELECT count(*) FROM pupil WHERE name = 'late'") == 1);
}

int main(void)
{
    memory_vfs_register();
    log_open("migrate", LOG_WARN);
    TEST(a_new_database_gets_the_newest_schema);
    TEST(steps_are_taken_one_after_the_other);
    TEST(a_step_that_fails_leaves_everything_as_it_was);
    TEST(a_version_that_is_not_known_is_refused);
    TEST(a_whole_copy_is_never_written_over);
    TEST(a_copy_that_is_not_sound_is_made_anew);
    TEST(a_full_disk_says_what_to_do);
    TEST(what_is_written_meanwhile_is_not_lost);
    return test_done();
}
