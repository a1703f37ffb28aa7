/* More flags of one pupil than anybody reckoned with: as many rules as there
 * may be for the days of a school year, and rules that change again and again
 * for days that are past. Each rule here is raised on every date with an
 * unreported lesson and cleared on the next date without, so what must stand is
 * known without a detector. */
#include "daemon/flagging.h"

#include "daemon/core/detect/trail.h"
#include "tests/control_rig.h"

#define SCHOOL_DAYS 178

static int32_t first_day;
static int absent_each; /* pupil 0 is away on the first of so many dates */

/* Rules that say the same and differ in their severity from the next version's.
 */
static const char *rules_text(int count, int version)
{
    static char text[RULES_MAX * 256];
    size_t used = (size_t)snprintf(text, sizeof text, "rules = (");
    for (int i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "%s{ id = \"r%d\"; severity = %d; when = ( { "
                                 "measure = \"unreported_lessons\"; days = 1;"
                                 " at_least = 1; } ); clear = { measure = "
                                 "\"unreported_lessons\"; days = 1; below = 1;"
                                 " for_days = 1; }; }",
                                 i == 0 ? "" : ",", i, 1 + version % 4);
    snprintf(text + used, sizeof text - used, ");");
    return text;
}

static void begin_with(const char *rules, int absent)
{
    begin_school(rules, SCHOOL_DAYS);
    both_ready();
    first_day = today;
    absent_each = absent;
}

static void all_but_absent(bool absent, int hour, int minute)
{
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        if (pupil != 0 || !absent)
            event(1 + pupil % 2, EVENT_TAP, pupil, hour, minute);
}

static void live_through(int days)
{
    for (int32_t end = today + days; today < end && !daemon_failed(daemon_); today++) {
        bool absent = (today - first_day) % absent_each == 0;
        set_time(7, 58);
        both_ready();
        all_but_absent(absent, 7, 58);
        set_time(8, 14);
        both_ready();
        all_but_absent(absent, 8, 14);
        for (int minute = 15; minute <= 90; minute += 5) {
            set_time(8, minute);
            both_ready();
            turn();
        }
    }
}

static bool apply_rules(const char *text)
{
    char date[CIVIL_DATE_BYTES];
    civil_write_date(first_day, date);
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "do", "rules_apply", "text", text, "author", "test", "why",
                               "trial", "from", date);
    control_json(object);
    return strncmp(reply, "{\"ok\":true", 10) == 0;
}

static void check_flags(int rules, int version)
{
    char question[256];
    int absent_days = (int)(today - first_day + absent_each - 1) / absent_each;
    CHECK(ask("SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL") == (int64_t)absent_days * rules);
    CHECK(ask("SELECT count(*) FROM (SELECT DISTINCT rule, raised_day FROM flag "
              "WHERE withdrawn_ms IS NULL)") == (int64_t)absent_days * rules);
    CHECK(ask("SELECT count(*) FROM flag WHERE pupil_id <> 'pupil-00'") == 0);
    snprintf(question, sizeof question,
             "SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND "
             "(rules_version <> %d OR (raised_day - %d) %% %d <> 0"
             " OR cleared_day IS NOT CASE WHEN raised_day + 1 < %d THEN "
             "raised_day + 1 END)",
             version, (int)first_day, absent_each, (int)today);
    CHECK(ask(question) == 0);
}

static void as_many_rules_as_there_may_be_for_a_year(void)
{
    begin_with(rules_text(RULES_MAX, 0), 12);
    live_through(SCHOOL_DAYS);
    check_flags(RULES_MAX, 1);
    CHECK(ask("SELECT count(*) FROM flag WHERE withdrawn_ms IS NOT NULL") == 0);
    int64_t changes = ask("SELECT count(*) FROM flag_change");
    stop();
    start();
    turn();
    CHECK(ask("SELECT count(*) FROM flag_change") == changes);
    stop();
}

static void rules_that_change_again_and_again(void)
{
    enum { COUNT = 20, VERSIONS = 24, DAYS_BEFORE = 24 };
    begin_with(rules_text(COUNT, 1), 6);
    live_through(DAYS_BEFORE);
    check_flags(COUNT, 1);
    for (int version = 2; version <= VERSIONS; version++) {
        CHECK(apply_rules(rules_text(COUNT, version)));
        turn();
        check_flags(COUNT, version);
    }
    CHECK(ask("SELECT count(*) FROM flag") == DAYS_BEFORE / absent_each * COUNT * VERSIONS);
    live_through(SCHOOL_DAYS - DAYS_BEFORE);
    check_flags(COUNT, VERSIONS);
    stop();
}

static void one_version_too_many_is_refused(void)
{
    begin_with(rules_text(1, 1), 1);
    live_through(1);
    for (int version = 2; version <= DETECT_VERSIONS_MAX; version++)
        CHECK(apply_rules(rules_text(1, version)));
    CHECK(!apply_rules(rules_text(1, 0)) &&
          strstr(reply, "changed too often in this school year and the last") != NULL);
    turn();
    CHECK(ask("SELECT count(*) FROM rules_version") == DETECT_VERSIONS_MAX);
    check_flags(1, DETECT_VERSIONS_MAX);
    stop();
    today += 2 * 366; /* two school years on, only the last of them counts */
    set_time(7, 0);
    start();
    CHECK(apply_rules(rules_text(1, 0)));
    turn();
    stop();
}

static void more_rules_in_all_versions_than_can_be_followed_are_refused(void)
{
    begin_with(rules_text(RULES_MAX, 1), 1);
    int version = 2;
    for (; version <= PLAN_LIVES_MAX / RULES_MAX; version++)
        CHECK(apply_rules(rules_text(RULES_MAX, version)));
    CHECK(!apply_rules(rules_text(RULES_MAX, version)) && strstr(reply, "changed too often") != NULL);
    turn();
    CHECK(ask("SELECT count(*) FROM rules_version") == PLAN_LIVES_MAX / RULES_MAX);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("flagging", LOG_WARN);
    TEST(as_many_rules_as_there_may_be_for_a_year);
    TEST(rules_that_change_again_and_again);
    TEST(one_version_too_many_is_refused);
    TEST(more_rules_in_all_versions_than_can_be_followed_are_refused);
    return test_done();
}
