/* The check of every night, in the whole daemon of daemon_rig.h: what stands is held against what follows, and the file is read
 * whole. What is wrong is put there with SQL of the test's own. */
#include "tests/control_rig.h"

#define DAY_MS 86400000

static json_t *status(void)
{
    control("{\"do\":\"status\"}");
    return json_loads(reply, 0, NULL);
}

static bool told(const char *checked, int differing, bool sound)
{
    json_t *answer = status();
    const char *day = json_string_value(json_object_get(answer, "checked"));
    bool same = (checked == NULL ? day == NULL : day != NULL && strcmp(day, checked) == 0) &&
                json_integer_value(json_object_get(answer, "flags_differing")) == differing &&
                json_is_true(json_object_get(answer, "database_sound")) == sound;
    json_decref(answer);
    return same;
}

/* Of the date after the school's: no lessons, so nothing is decided that day and nothing mended. */
static const char *night(int after)
{
    static char date[CIVIL_DATE_BYTES];
    civil_write_date(today + after, date);
    return date;
}

static void next_night(void)
{
    hands.now_ms += DAY_MS;
    both_ready();
    turn();
}

/* Two pupils missed the first lesson and have a flag each; it is three in the night after the next day. */
static void a_day_and_a_night(void)
{
    begin_school(RULES, 1);
    CHECK(told(NULL, 0, true));
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(23, 0);
    CHECK(ask("SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL") == 2 && told(night(0), 0, true));
    hands.now_ms = civil_to_utc_ms(today + 1, SELFCHECK_MINUTE * 60000 - 1);
    turn();
    CHECK(told(night(0), 0, true));
    hands.now_ms++;
    turn();
    CHECK(told(night(1), 0, true));
}

static void a_flag_that_is_not_what_follows_is_told(void)
{
    static const char *const HANDS[][2] = {
        {"UPDATE flag SET withdrawn_ms = 1 WHERE flag = 1", "UPDATE flag SET withdrawn_ms = NULL WHERE flag = 1"},
        {"UPDATE flag SET cleared_day = raised_day WHERE flag = 1",
         "UPDATE flag SET cleared_day = NULL WHERE flag = 1"},
        {"UPDATE flag SET raised_day = raised_day - 1 WHERE flag = 2",
         "UPDATE flag SET raised_day = raised_day + 1 WHERE flag = 2"},
    };
    a_day_and_a_night();
    for (int i = 0; i < 3; i++) {
        run_sql(HANDS[i][0]);
        next_night();
        CHECK(told(night(2 + 2 * i), 1, true));
        stop(); /* a restart forgets nothing */
        run_sql(HANDS[i][1]);
        start();
        CHECK(told(night(2 + 2 * i), 1, true));
        next_night();
        CHECK(told(night(3 + 2 * i), 0, true));
    }
    stop();
}

/* A row that an index has not: the check at start does not look for that. */
static void a_damaged_file_is_told(void)
{
    a_day_and_a_night();
    stop();
    run_sql("PRAGMA writable_schema = ON;"
            "UPDATE sqlite_schema SET sql = replace(sql, 'WHERE withdrawn_ms IS NULL', 'WHERE withdrawn_ms = 7')"
            " WHERE name = 'flag_by_day'");
    start();
    next_night();
    CHECK(told(night(2), 0, false));
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("selfcheck", LOG_WARN);
    TEST(a_flag_that_is_not_what_follows_is_told);
    TEST(a_damaged_file_is_told);
    return test_done();
}
