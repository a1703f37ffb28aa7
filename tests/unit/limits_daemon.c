/* One past each limit of what the daemon is asked and of what it keeps. The limits are those of docs/limits.md. */
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/commands/questions.h"
#include "daemon/commands/retention.h"
#include "daemon/commands/trust.h"
#include "daemon/core/detect/preview_json.h"
#include "daemon/core/school/columnnames.h"
#include "daemon/inbox.h"
#include "daemon/store/store_life.h"
#include "daemon/store/store_versions.h"
#include "tests/control_rig.h"

/* Takes `asked` over. */
static json_t *answer_to(json_t *asked)
{
    control_json(asked);
    CHECK(!daemon_failed(daemon_));
    return json_loads(reply, 0, NULL);
}

static bool is_refused(json_t *asked, const char *why)
{
    json_t *answer = answer_to(asked);
    bool refused = json_is_false(json_object_get(answer, "ok")) && strstr(reply, why) != NULL;
    json_decref(answer);
    return refused;
}

static bool is_answered(json_t *asked)
{
    json_t *answer = answer_to(asked);
    bool ok = json_is_true(json_object_get(answer, "ok"));
    json_decref(answer);
    return ok;
}

static void change(const char *text)
{
    sqlite3 *database;
    CHECK(sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory") == SQLITE_OK);
    facts_run(database, text);
    sqlite3_close(database);
}

/* Page after page, each from the flag on that was the last. */
static void a_flag_more_is_on_the_next_page(void)
{
    char text[1024];
    begin();
    snprintf(text, sizeof text,
             "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO flag SELECT i, 'pupil-00', 'r', 1, 1, i, i + 1, '[]', 1, NULL, NULL FROM n;"
             "INSERT INTO flag_change SELECT flag, 'raised', raised_day, '', 1 FROM flag",
             QUESTION_FLAGS_MAX + 1);
    change(text);
    json_t *first = answer_to(json_pack("{s:s}", "do", "flags"));
    CHECK(json_array_size(json_object_get(first, "flags")) == QUESTION_FLAGS_MAX);
    CHECK(json_is_true(json_object_get(first, "more")));
    json_t *next = answer_to(json_pack("{s:s, s:i}", "do", "flags", "after", QUESTION_FLAGS_MAX));
    CHECK(json_array_size(json_object_get(next, "flags")) == 1);
    CHECK(json_is_false(json_object_get(next, "more")));
    json_decref(first);
    json_decref(next);
    stop();
}

static json_t *held(int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_string("pupil-00"));
    return json_pack("{s:s, s:o}", "do", "retention", "held", list);
}

static json_t *trial_for(int capacity)
{
    return json_pack("{s:s, s:s, s:i}", "do", "preview", "rules", RULES, "capacity", capacity);
}

static void more_than_a_command_may_say_is_refused(void)
{
    begin();
    CHECK(is_answered(held(RETENTION_HELD_MAX)));
    CHECK(is_refused(held(RETENTION_HELD_MAX + 1), "at most 2000 pupil ids"));
    CHECK(is_answered(trial_for(PREVIEW_CAPACITY_MAX)));
    CHECK(is_refused(trial_for(PREVIEW_CAPACITY_MAX + 1), "capacity between 1 and 1000"));
    stop();
}

static json_t *import_called(size_t bytes)
{
    char *text = malloc(bytes + 1);
    memset(text, ' ', bytes);
    text[bytes] = '\0';
    json_t *asked =
        json_pack("{s:s, s:[], s:{s:s, s:s}}", "do", "import", "files", "columns", "name", "columns.cfg", "text", text);
    free(text);
    return asked;
}

static void a_table_of_columns_that_is_too_long_is_refused(void)
{
    begin();
    CHECK(is_refused(import_called(COLUMNNAMES_BYTES_MAX), "at least one"));
    CHECK(strstr(reply, "16384") == NULL);
    CHECK(is_refused(import_called(COLUMNNAMES_BYTES_MAX + 1), "columns.cfg: more than 16384 bytes"));
    stop();
}

/* Gives a pupil `lessons` lessons of which nobody can know on the date, as the store packs them. */
static void make_unknown(int32_t day, int lessons)
{
    char text[4096];
    int length =
        snprintf(text, sizeof text, "INSERT OR REPLACE INTO pupil_day VALUES ('pupil-00', %d, '8B', x'", (int)day);
    for (int i = 0; i < lessons; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, "000000000a003c000000000005");
    snprintf(text + length, sizeof text - (size_t)length, "')");
    change(text);
}

static bool tells_all_unknown(bool more)
{
    json_t *answer = answer_to(json_pack("{s:s, s:s}", "do", "explain", "pupil", "pupil-00"));
    const json_t *unknown = json_object_get(answer, "unknown");
    bool right = json_array_size(json_object_get(unknown, "lessons")) == QUESTION_UNKNOWN_MAX &&
                 json_is_true(json_object_get(unknown, "more")) == more;
    json_decref(answer);
    return right;
}

static void unknown_lessons_that_are_not_told_are_said_to_be_more(void)
{
    const int dates = 20, each = QUESTION_UNKNOWN_MAX / dates;
    begin();
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(16, 0);
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 1);
    for (int i = 0; i < dates; i++)
        make_unknown(today - i, each);
    CHECK(tells_all_unknown(false));
    make_unknown(today - dates, 1);
    CHECK(tells_all_unknown(true));
    make_unknown(today - dates, 0);
    make_unknown(today - QUESTION_UNKNOWN_DAYS, 1); /* before the time that is told */
    CHECK(tells_all_unknown(false));
    stop();
}

/* So many taps that wait, each a copy of the only one with a number and a date of its own. */
static void hold_taps(int count)
{
    sqlite3 *database;
    CHECK(sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory") == SQLITE_OK);
    facts_run(database, "BEGIN; CREATE TEMP TABLE one AS SELECT * FROM event ORDER BY sequence DESC LIMIT 1");
    for (int i = 0; i < count; i++)
        facts_run(
            database,
            "UPDATE one SET sequence = sequence + 1, last_sequence = sequence + 1, settled_day = settled_day + 1;"
            "INSERT INTO event SELECT * FROM one;"
            "INSERT INTO held_tap SELECT terminal_id, generation, sequence, 'late', 1, NULL, NULL, NULL FROM one");
    facts_run(database, "COMMIT");
    sqlite3_close(database);
}

static bool tells_all_held(bool more)
{
    json_t *answer = answer_to(json_pack("{s:s}", "do", "held"));
    bool right = json_array_size(json_object_get(answer, "held")) == TRUST_HELD_MAX &&
                 json_is_true(json_object_get(answer, "more")) == more;
    json_decref(answer);
    return right;
}

static void held_taps_that_are_not_told_are_said_to_be_more(void)
{
    begin();
    both_ready();
    event(1, EVENT_TAP, 0, 7, 0);
    turn();
    CHECK(ask("SELECT count(*) FROM event") == 1);
    hold_taps(TRUST_HELD_MAX);
    CHECK(tells_all_held(false));
    hold_taps(1);
    CHECK(tells_all_held(true));
    stop();
}

/* Whoever gives the day ends the daemon then. */
static void a_pupil_more_than_two_schools_have_is_refused(void)
{
    begin();
    struct flagging *flagging = daemon_flagging(daemon_);
    struct pupil_day day = {.class_name = "8B", .day = today};
    char id[NAME_BYTES];
    for (uint32_t i = flagging->pupils.count; i < FLAGGING_PUPILS_MAX; i++) {
        snprintf(id, sizeof id, "p%u", (unsigned)i);
        day.pupil_id = id;
        if (!flagging_set_day(flagging, &day)) {
            CHECK(false && "refused before");
            break;
        }
    }
    day.pupil_id = "one more";
    CHECK(!flagging_set_day(flagging, &day));
    stop();
}

static size_t outages_known(struct school *school, struct schoolday *facts)
{
    int64_t from_ms = civil_to_utc_ms(today, 0), to_ms = civil_to_utc_ms(today + 1, 0);
    schoolday_begin(facts, today);
    CHECK(store_silences_load(daemon_store(daemon_), school, facts, from_ms, to_ms, to_ms + 1) == NULL);
    return facts->outage_count;
}

/* A whole date of signs, from before its first to after its last millisecond; then one more among them. */
static void a_terminal_heard_too_often_counts_as_silent(void)
{
    char text[512];
    struct school *school = school_open();
    struct schoolday *facts = schoolday_open();
    begin();
    CHECK(school_add_place(school, text_of("t-1"), text_of("room-1"), false, CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
    school_seal(school);
    int64_t from_ms = civil_to_utc_ms(today, 0) - 1000, apart_ms = CIVIL_MS_PER_DAY / (STORE_LIVES_MAX - 1);
    snprintf(text, sizeof text,
             "DELETE FROM life; WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO life SELECT 't-1', %lld + i * %lld, %lld + i * %lld + 2000, 1, 1 FROM n",
             STORE_LIVES_MAX - 1, (long long)from_ms, (long long)apart_ms, (long long)from_ms, (long long)apart_ms);
    change(text);
    CHECK(outages_known(school, facts) == 0);
    snprintf(text, sizeof text, "INSERT INTO life VALUES ('t-1', %lld, %lld, 1, 1)", (long long)from_ms + 5000,
             (long long)from_ms + 6000);
    change(text);
    CHECK(outages_known(school, facts) == 1);
    stop();
    schoolday_close(facts);
    school_close(school);
}

static void a_busy_store_keeps_its_log_bounded(void)
{
    enum { PAGE_BYTES = 4096, FRAME_BYTES = PAGE_BYTES + 24, PAGES_EACH = 500, COMMITS = 24 };
    static char text[PAGES_EACH * PAGE_BYTES];
    char folder[] = "/tmp/narvaro-limits-XXXXXX", path[64], log[80], shared[80], why[STORE_WHY_BYTES];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.db", folder);
    snprintf(log, sizeof log, "%s-wal", path);
    snprintf(shared, sizeof shared, "%s-shm", path);
    struct store *store = store_open(path, NULL, why);
    CHECK(store != NULL);
    memset(text, 'x', sizeof text - 1);
    struct stat status = {0};
    for (int i = 0; i < COMMITS; i++) {
        store_begin(store);
        store_rules_add(store, text, "a", "", "w", i, 1);
        CHECK(store_commit(store));
        store_checkpoint(store, false);
    }
    CHECK(stat(log, &status) == 0 && status.st_size > (off_t)STORE_CHECKPOINT_PAGES_MAX * PAGE_BYTES);
    CHECK(status.st_size < (off_t)(STORE_CHECKPOINT_PAGES_MAX + 2 * PAGES_EACH) * FRAME_BYTES);
    store_close(store);
    unlink(path);
    unlink(log);
    unlink(shared);
    CHECK(rmdir(folder) == 0);
}

/* Nobody listens on port 1 of this machine. */
static void a_broker_that_stays_away_is_tried_at_least_so_often(void)
{
    static const char FILTERS[1][WIRE_TOPIC_BYTES] = {"narvaro/1/s/+/event"};
    static const struct message LAST = {.topic = "narvaro/1/s/daemon/state"};
    struct config_broker broker = {.host = "127.0.0.1", .port = 1, .protocol = 4, .keepalive_s = 20};
    const char *why = NULL;
    struct inbox *inbox = inbox_open(&broker, "limits", &LAST, FILTERS, 1, &why);
    CHECK(inbox != NULL);
    int waits_ms = 0;
    int64_t mono_ms = 1;
    for (int tries = 0; tries < 12; tries++) {
        inbox_step(inbox, mono_ms);
        int next_ms = inbox_wake_ms(inbox, mono_ms);
        CHECK(next_ms >= waits_ms && next_ms <= INBOX_RETRY_MS_MAX);
        waits_ms = next_ms;
        mono_ms += waits_ms;
    }
    CHECK(waits_ms == INBOX_RETRY_MS_MAX);
    inbox_close(inbox, &LAST);
}

int main(void)
{
    memory_vfs_register();
    log_open("limits", LOG_WARN);
    TEST(a_flag_more_is_on_the_next_page);
    TEST(more_than_a_command_may_say_is_refused);
    TEST(a_table_of_columns_that_is_too_long_is_refused);
    TEST(unknown_lessons_that_are_not_told_are_said_to_be_more);
    TEST(held_taps_that_are_not_told_are_said_to_be_more);
    TEST(a_pupil_more_than_two_schools_have_is_refused);
    TEST(a_terminal_heard_too_often_counts_as_silent);
    TEST(a_busy_store_keeps_its_log_bounded);
    TEST(a_broker_that_stays_away_is_tried_at_least_so_often);
    return test_done();
}
