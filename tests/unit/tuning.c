/* Tuning asked of the daemon: a little at each question, one at a time, given up when nobody asks any more. What it answers in the end
 * is tests/tune.test.mjs's. */
#include <stdlib.h>
#include "daemon/commands/tuning.h"
#include "daemon/core/detect/tune.h"
#include "tests/control_rig.h"

enum { PUPILS = 300 };

static json_t *tune(int capacity)
{
    char text[100];
    snprintf(text, sizeof text, "{\"do\":\"tune\",\"capacity\":%d,\"severity\":2}", capacity);
    control(text);
    CHECK(!daemon_failed(daemon_));
    return json_loads(reply, 0, NULL);
}

static bool goes_on(int capacity)
{
    json_t *answer = tune(capacity);
    bool ok = json_is_true(json_object_get(answer, "ok")), more = json_object_get(answer, "progress") != NULL;
    json_decref(answer);
    return ok && more;
}

static bool is_refused(int capacity, const char *why)
{
    json_t *answer = tune(capacity);
    bool refused = json_is_false(json_object_get(answer, "ok")) && strstr(reply, why) != NULL;
    json_decref(answer);
    return refused;
}

/* Pupils with one day each, in the school year before this one. */
static void begin_with_last_year(void)
{
    char text[1024];
    begin();
    int day = civil_school_year(today) - 200;
    snprintf(text, sizeof text,
             "INSERT INTO school_day VALUES (%d, 1, 1, 1);"
             "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO pupil_day SELECT printf('old-%%04d', i), %d, '7A', x'01000000e0013c000000010000' FROM n;",
             day, PUPILS, day);
    run_sql(text);
}

static void it_takes_several_questions(void)
{
    begin_with_last_year();
    int questions = 0;
    for (; goes_on(3) && questions < 1000; questions++)
        continue;
    CHECK(questions >= 2 && questions < 1000);
    CHECK(strstr(reply, "\"pupil_years\":300") != NULL && strstr(reply, "\"too_few\":true") != NULL);
    CHECK(strstr(reply, "old-") == NULL && strstr(reply, "7A") == NULL);
    stop();
}

static void one_is_under_way_at_a_time(void)
{
    begin_with_last_year();
    CHECK(goes_on(3));
    CHECK(is_refused(4, "another trial is under way"));
    CHECK(goes_on(3));
    hands.now_ms += TUNING_PATIENCE_MS - 1;
    CHECK(is_refused(4, "another trial is under way"));
    hands.now_ms += 1;
    CHECK(goes_on(4));
    CHECK(is_refused(TUNE_CAPACITY_MAX + 1, "capacity between 1 and 1000"));
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("tuning", LOG_WARN);
    TEST(it_takes_several_questions);
    TEST(one_is_under_way_at_a_time);
    return test_done();
}
