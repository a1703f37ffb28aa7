/* A daemon that runs for years without a restart: what retention took does not come back from its memory, held pupils keep
 * theirs, and what cannot be understood changes nothing. */
#include <stdlib.h>
#include "daemon/core/retention.h"
#include "tests/control_rig.h"

static json_t *command(const char *text)
{
    control(text);
    CHECK(!daemon_failed(daemon_));
    return json_loads(reply, 0, NULL);
}

static bool succeeds(const char *text)
{
    json_t *answer = command(text);
    bool ok = json_is_true(json_object_get(answer, "ok"));
    json_decref(answer);
    return ok;
}

static int64_t erased(const char *text, const char *kind)
{
    json_t *answer = command(text);
    int64_t rows = json_integer_value(json_object_get(json_object_get(answer, "erased"), kind));
    CHECK(json_is_false(json_object_get(answer, "more")));
    json_decref(answer);
    return rows;
}

/* A school day on which pupils 0 and 2 are flagged; then it is three years later, and nobody has restarted anything. */
static void a_day_long_ago(void)
{
    begin();
    config.retention = (struct retention_settings)RETENTION_DEFAULTS;
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(8, 56);
    CHECK(ask("SELECT count(*) FROM flag") == 2);
    today = civil_day(2029, 9, 3);
    set_time(2, 0);
    turn();
}

/* A day with a lesson comes, to which a third of the class comes, and closes: then all pupils are decided. */
static void another_day(void)
{
    sqlite3 *database;
    today++;
    sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_lesson(database, 1000 + today, today, 1, FACTS_START_MINUTE);
    sqlite3_close(database);
    CHECK(daemon_school_changed(daemon_, "a lesson more") == NULL);
    set_time(7, 59);
    for (int pupil = 4; pupil <= 8; pupil += 2)
        event(1, EVENT_TAP, pupil, 7, 58);
    wait_until(8, 56);
    CHECK(ask("SELECT decided_ms IS NOT NULL FROM school_day ORDER BY day DESC LIMIT 1") == 1);
}

#define OLD_FLAGS "SELECT count(*) FROM flag WHERE raised_day < 21000" /* before summer 2027 */
#define OLD_DAYS  "SELECT count(*) FROM pupil_day WHERE day < 21000"

static void what_went_does_not_come_back(void)
{
    a_day_long_ago();
    CHECK(erased("{\"do\":\"retention\",\"held\":[],\"commit\":true,\"sure\":true}", "flags") == 2);
    CHECK(ask("SELECT count(*) FROM flag") == 0 && ask("SELECT count(*) FROM flag_change") == 0);
    CHECK(ask("SELECT count(*) FROM pupil_day") == 0 && ask("SELECT count(*) FROM event WHERE kind = 'tap'") == 0);
    another_day();
    CHECK(ask("SELECT count(*) FROM flag") > 0);
    CHECK(ask(OLD_FLAGS) == 0 && ask(OLD_DAYS) == 0);
    stop();
    start();
    turn();
    CHECK(ask(OLD_FLAGS) == 0 && ask(OLD_DAYS) == 0);
    CHECK(daemon_is_frozen(daemon_, civil_day(2028, 7, 31)) && !daemon_is_frozen(daemon_, civil_day(2028, 8, 1)));
    stop();
}

static void held_pupils_keep_what_is_theirs(void)
{
    a_day_long_ago();
    CHECK(erased("{\"do\":\"retention\",\"held\":[\"pupil-02\"],\"commit\":true,\"sure\":true}", "flags") == 1);
    CHECK(ask("SELECT count(*) FROM flag WHERE pupil_id = 'pupil-02'") == 1);
    CHECK(ask("SELECT count(*) FROM pupil_day") == 1 && ask("SELECT count(*) FROM event WHERE kind = 'tap'") == 1);
    another_day();
    CHECK(ask(OLD_FLAGS " AND withdrawn_ms IS NULL") == 1);
    CHECK(erased("{\"do\":\"retention\",\"held\":[],\"commit\":true,\"sure\":true}", "outcomes") == 1);
    stop();
}

/* Three years after the last tap the clock is likelier wrong than the school empty, and so it is when taps come under it. */
static void a_clock_that_jumped_erases_nothing(void)
{
    static const char COMMIT[] = "{\"do\":\"retention\",\"held\":[],\"commit\":true}";
    a_day_long_ago();
    CHECK(!succeeds(COMMIT) && strstr(reply, "latest taps are of 2026-") != NULL);
    CHECK(ask("SELECT count(*) FROM flag") == 2 && ask("SELECT count(*) FROM pupil_day") == FACTS_PUPILS);
    another_day();
    CHECK(!succeeds(COMMIT));
    CHECK(!daemon_is_frozen(daemon_, INT32_MIN));
    int32_t last_tap = (int32_t)ask("SELECT min(settled_day) FROM event WHERE kind = 'tap'");
    today = last_tap + RETENTION_SILENCE_DAYS + 1;
    set_time(2, 0);
    turn();
    CHECK(!succeeds(COMMIT));
    today = last_tap + RETENTION_SILENCE_DAYS;
    set_time(2, 0);
    turn();
    CHECK(succeeds(COMMIT));
    CHECK(ask("SELECT count(*) FROM flag") >= 2);
    stop();
}

/* Ten acts, one each day; the dashboard's log has the first eight of them, by number and by time. */
static void acts_go_when_the_log_has_long_had_them(void)
{
    static const char ACTS[] = "SELECT count(*) FROM act", FIRST[] = "SELECT min(act) FROM act";
    char text[256];
    begin();
    config.retention = (struct retention_settings)RETENTION_DEFAULTS;
    int64_t begun_ms = hands.now_ms, day_ms = 86400000;
    for (int64_t i = 0; i < 10; i++) {
        snprintf(text, sizeof text, "INSERT INTO act (at_ms, action, object) VALUES (%lld, 'import', '[]')",
                 (long long)(begun_ms + i * day_ms));
        run_sql(text);
    }
    today += RETENTION_ACT_DAYS_MAX + 3;
    set_time(2, 0);
    turn();
    CHECK(succeeds("{\"do\":\"retention\",\"held\":[],\"commit\":true,\"sure\":true}") && ask(ACTS) == 10);
    snprintf(text, sizeof text,
             "{\"do\":\"retention\",\"held\":[],\"commit\":true,\"sure\":true,\"acts_taken\":8,\"acts_taken_ms\":%lld}",
             (long long)(begun_ms + 7 * day_ms));
    CHECK(succeeds(text) && ask(ACTS) == 7 && ask(FIRST) == 4); /* those of three days are older than thirty */
    today += 30;
    set_time(2, 0);
    turn();
    CHECK(succeeds(text) && ask(ACTS) == 2 && ask(FIRST) == 9); /* the log has the others not */
    snprintf(
        text, sizeof text,
        "{\"do\":\"retention\",\"held\":[],\"commit\":true,\"sure\":true,\"acts_taken\":10,\"acts_taken_ms\":%lld}",
        (long long)(begun_ms + 8 * day_ms));
    CHECK(succeeds(text) && ask(ACTS) == 1 && ask(FIRST) == 10);
    snprintf(
        text, sizeof text,
        "{\"do\":\"retention\",\"held\":[],\"commit\":true,\"sure\":true,\"acts_taken\":10,\"acts_taken_ms\":%lld}",
        (long long)(begun_ms + 9 * day_ms));
    CHECK(succeeds(text) && ask(ACTS) == 1); /* the last one stays: the next is not taken for one that the log has */
    stop();
}

static void what_is_not_understood_changes_nothing(void)
{
    static const char *const WRONG[] = {
        "{\"do\":\"retention\"}",
        "{\"do\":\"retention\",\"held\":\"pupil-02\",\"commit\":true}",
        "{\"do\":\"retention\",\"held\":[2],\"commit\":true}",
        "{\"do\":\"erase\",\"pupil\":\"pupil-02\"}",
        "{\"do\":\"erase\",\"pupil\":\"nobody\",\"author\":\"a\",\"why\":\"w\"}",
        "{\"do\":\"erase\",\"pupil\":\"pupil-02\",\"author\":\"\",\"why\":\"w\"}",
        "{\"do\":\"extract\",\"pupil\":\"pupil-02\",\"part\":\"everything\",\"offset\":0}",
        "{\"do\":\"extract\",\"pupil\":\"pupil-02\",\"part\":\"days\",\"offset\":-1}",
        "{\"do\":\"extract\",\"part\":\"days\"}",
    };
    a_day_long_ago();
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        CHECK(!succeeds(WRONG[i]));
    CHECK(ask("SELECT count(*) FROM flag") == 2 && ask("SELECT count(*) FROM pupil_day") == FACTS_PUPILS);
    stop();
}

static void too_many_held_are_refused(void)
{
    a_day_long_ago();
    json_t *held = json_array();
    for (int i = 0; i <= 2000; i++)
        json_array_append_new(held, json_string("p"));
    json_t *request = json_pack("{s:s, s:o, s:b, s:b}", "do", "retention", "held", held, "commit", 1, "sure", 1);
    char *text = json_dumps(request, JSON_COMPACT);
    CHECK(!succeeds(text));
    CHECK(ask("SELECT count(*) FROM flag") == 2);
    free(text);
    json_decref(request);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("retention", LOG_WARN);
    TEST(what_went_does_not_come_back);
    TEST(held_pupils_keep_what_is_theirs);
    TEST(a_clock_that_jumped_erases_nothing);
    TEST(acts_go_when_the_log_has_long_had_them);
    TEST(what_is_not_understood_changes_nothing);
    TEST(too_many_held_are_refused);
    return test_done();
}
