/* A clock that is ahead, or goes back: nothing stays of time that has not ended, and what looks like such a clock asks for a
 * person first. The whole daemon, by daemon_rig.h; what is stored is read with SQL of the test's own. */
#include "tests/control_rig.h"

#define MINUTE_MS 60000
#define HOUR_MS   3600000
#define DAY       86400000

#define STANDING "SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL"
#define DECIDED  "SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL"

static int64_t of_dates_to_come(void)
{
    char text[512];
    int day = (int)civil_from_utc_ms(hands.now_ms).day;
    snprintf(text, sizeof text,
             "SELECT (SELECT count(*) FROM pupil_day WHERE day > %d) + (SELECT count(*) FROM school_day WHERE day > %d)"
             " + (SELECT count(*) FROM lesson_doubt WHERE day > %d) + (SELECT count(*) FROM group_day WHERE day > %d)"
             " + (SELECT count(*) FROM task WHERE day > %d AND closed_ms IS NULL)"
             " + (SELECT count(*) FROM flag WHERE raised_day > %d AND withdrawn_ms IS NULL)",
             day, day, day, day, day, day);
    return ask(text);
}

static void turns(int64_t ms)
{
    for (int64_t end_ms = hands.now_ms + ms; hands.now_ms < end_ms; hands.now_ms += 30000) {
        speak_again();
        turn();
    }
}

/* A school day as it should be, decided: two pupils of the first lesson missed it. */
static void a_day(void)
{
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(23, 0);
}

/* The daemon is started with a clock that is ahead for six seconds, and terminals speak to it. */
static void started_ahead(int64_t by_ms)
{
    stop();
    hands.now_ms += by_ms;
    start();
    both_ready();
    for (int i = 0; i < 6; i++, hands.now_ms += 1000)
        turn();
}

static void right_again(int64_t by_ms)
{
    stop();
    hands.now_ms -= by_ms;
    start();
    both_ready();
    turns(2 * MINUTE_MS);
}

static void a_clock_ahead_for_six_seconds_leaves_nothing(void)
{
    begin_school(RULES, 12);
    a_day();
    int64_t standing = ask(STANDING), outcomes = ask("SELECT count(*) FROM pupil_day");
    CHECK(standing == 2 && ask(DECIDED) == 1);
    started_ahead(DAY);
    CHECK(ask(DECIDED) == 2);
    right_again(DAY);
    CHECK(of_dates_to_come() == 0 && ask(DECIDED) == 1);
    CHECK(ask(STANDING) == standing && ask("SELECT count(*) FROM pupil_day") == outcomes);
    today++;
    a_day(); /* the real one is as if nothing had been */
    CHECK(ask(DECIDED) == 2 && ask("SELECT count(*) FROM pupil_day") == 2 * outcomes);
    stop();
}

/* At ten in the morning by a clock that says evening: the day is decided, and everybody missed the lesson to come. */
static void what_today_holds_too_early_is_taken_anew(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 5);
    hands.now_ms += 12 * HOUR_MS;
    turns(2 * MINUTE_MS);
    CHECK(ask(DECIDED) == 1 && ask("SELECT count(*) FROM school_day WHERE lessons_closed > 0") == 1);
    hands.now_ms -= 12 * HOUR_MS;
    turns(MINUTE_MS);
    CHECK(ask(DECIDED) == 0 && ask("SELECT count(*) FROM pupil_day") == 0 && ask(OPEN_TASKS) == 0);
    CHECK(ask("SELECT count(*) FROM school_day WHERE lessons_closed > 0") == 0 && ask(STANDING) == 0);
    second_lesson();
    wait_until(23, 0);
    CHECK(ask(DECIDED) == 1 && ask(STANDING) == 2);
    stop();
}

/* A second that a time service takes back changes nothing. */
static void a_small_step_back_changes_nothing(void)
{
    begin();
    a_day();
    int64_t rows = ask("SELECT count(*) FROM pupil_day"), flags = ask("SELECT count(*) FROM flag_change");
    hands.now_ms -= 1000;
    turn();
    stop();
    hands.now_ms -= 1000;
    start();
    turns(MINUTE_MS);
    CHECK(ask("SELECT count(*) FROM pupil_day") == rows && ask("SELECT count(*) FROM flag_change") == flags);
    CHECK(ask(DECIDED) == 1 && ask(STANDING) == 2);
    stop();
}

/* A school year ends on 1 August, and with it its flags: by a clock that says so for a moment they must not end for good. */
static void a_clock_past_august_ends_no_flag_for_good(void)
{
    begin_school(RULES, 12);
    a_day();
    CHECK(ask("SELECT count(*) FROM flag WHERE cleared_day IS NULL AND withdrawn_ms IS NULL") == 2);
    started_ahead(340 * (int64_t)DAY);
    CHECK(ask("SELECT count(*) FROM flag WHERE cleared_day IS NULL AND withdrawn_ms IS NULL") == 0);
    right_again(340 * (int64_t)DAY);
    CHECK(ask("SELECT count(*) FROM flag WHERE cleared_day IS NULL AND withdrawn_ms IS NULL") == 2);
    CHECK(of_dates_to_come() == 0);
    stop();
}

/* A machine without a battery for its clock begins years ago, or the clock is set so while the daemon runs: it ends, and what was
 * decided stands. */
static void a_clock_that_is_behind_takes_nothing_back(void)
{
    begin_school(RULES, DECIDING_DATES_MAX + 1);
    for (int i = 0; i <= DECIDING_DATES_MAX; i++, today++)
        a_day();
    int64_t rows = ask("SELECT count(*) FROM pupil_day"), changes = ask("SELECT count(*) FROM flag_change");
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX + 1);
    hands.now_ms -= 400 * (int64_t)DAY;
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_TURN});
    CHECK(daemon_failed(daemon_));
    stop();
    char why_open[STORE_WHY_BYTES];
    const char *why = NULL;
    struct store *store = store_open("day.db", "memory", why_open);
    CHECK(daemon_open(&config, &hands.clock, store, RULES, send, NULL, &why) == NULL);
    CHECK(why != NULL && strstr(why, "our clock is behind") != NULL);
    store_close(store);
    hands.now_ms += 400 * (int64_t)DAY;
    start();
    turns(MINUTE_MS);
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX + 1 && ask("SELECT count(*) FROM pupil_day") == rows);
    CHECK(ask("SELECT count(*) FROM flag_change") == changes);
    stop();
}

static void say_clock_is_right(void)
{
    char why[STORE_WHY_BYTES];
    struct store *store = store_open("day.db", "memory", why);
    store_begin(store);
    store_clock_checked_put(store, today);
    CHECK(store_commit(store));
    store_close(store);
}

/* It was ahead for more than a week, and pupils checked in all the while: a person's word lets it be taken back, on that date. */
static void a_clock_that_a_person_has_checked_is_believed(void)
{
    char why_open[STORE_WHY_BYTES];
    const char *why = NULL;
    begin_school(RULES, DECIDING_DATES_MAX + 2);
    int32_t first = today;
    for (int i = 0; i < DECIDING_DATES_MAX + 2; i++, today++)
        a_day();
    stop();
    today = first - 1;
    say_clock_is_right();
    today = first;
    set_time(7, 0);
    struct store *store = store_open("day.db", "memory", why_open);
    CHECK(daemon_open(&config, &hands.clock, store, RULES, send, NULL, &why) == NULL);
    CHECK(why != NULL && strstr(why, "--today") != NULL);
    store_close(store);
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX + 2);
    say_clock_is_right();
    start();
    turns(MINUTE_MS);
    CHECK(ask(DECIDED) == 0 && ask(STANDING) == 0 && of_dates_to_come() == 0);
    stop();
}

static int64_t told(const char *command, const char *key)
{
    control(command);
    json_t *answer = json_loads(reply, 0, NULL);
    int64_t value = json_is_true(json_object_get(answer, "ok")) ? json_integer_value(json_object_get(answer, key)) : -1;
    json_decref(answer);
    return value;
}

#define SHOW    "{\"do\":\"decisions\"}"
#define CONFIRM "{\"do\":\"decisions_confirm\",\"author\":\"kim\"}"

/* The daemon was away for more dates than it decides at once, and none of them is decided. Returns the first. */
static int32_t long_away(void)
{
    begin_school(RULES, DECIDING_DATES_MAX + 3);
    int32_t first = today;
    both_ready();
    turns(2 * MINUTE_MS);
    stop();
    today += DECIDING_DATES_MAX + 2;
    set_time(7, 0);
    start();
    both_ready();
    turns(5 * MINUTE_MS);
    CHECK(ask(DECIDED) == 0 && told(SHOW, "dates") == DECIDING_DATES_MAX + 2);
    return first;
}

/* Nobody accuses anybody of them before a person has looked. */
static void many_dates_at_once_wait_for_a_person(void)
{
    long_away();
    CHECK(told("{\"do\":\"status\"}", "dates_waiting") == DECIDING_DATES_MAX + 2);
    stop();
    start(); /* a restart forgets nothing */
    both_ready();
    turns(MINUTE_MS);
    CHECK(told("{\"do\":\"decisions_confirm\",\"author\":\"kim\",\"last\":\"2026-09-02\"}", "dates") == -1);
    CHECK(strstr(reply, "other dates wait by now") != NULL);
    CHECK(ask(DECIDED) == 0 && told(CONFIRM, "dates") == DECIDING_DATES_MAX + 2);
    turns(MINUTE_MS);
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX + 2 && told(SHOW, "dates") == 0 && told(CONFIRM, "dates") == -1);
    a_day(); /* and the next one is decided by itself */
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX + 3);
    stop();
}

/* As an import does that is about these dates. */
static void a_command_about(int32_t from_day, int32_t to_day)
{
    struct dayset about;
    struct daemon_consequences consequences;
    dayset_init(&about, today);
    dayset_add_range(&about, from_day, to_day);
    store_begin(daemon_store(daemon_));
    CHECK(daemon_follow(daemon_, &about, "import", &consequences) == NULL);
    turns(MINUTE_MS);
}

/* An import about one of the dates decides that one, and none of those that wait. */
static void a_command_decides_what_it_is_about_alone(void)
{
    int32_t first = long_away();
    a_command_about(first + 1, first + 1);
    CHECK(ask(DECIDED) == 1 && told(SHOW, "dates") == DECIDING_DATES_MAX + 1);
    stop();
}

/* Those of one import, which wait: as many as would not have, or none of them. */
static void a_command_about_a_whole_term_decides_none_that_waits(void)
{
    int32_t first = long_away();
    a_command_about(first, first + DECIDING_DATES_MAX);
    CHECK(ask(DECIDED) == 0 && told(SHOW, "dates") == DECIDING_DATES_MAX + 2);
    a_command_about(first, first + DECIDING_DATES_MAX - 1);
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX && told(SHOW, "dates") == 2);
    stop();
}

/* An import that is there before the broker is no way past the question. */
static void a_command_before_the_broker_decides_none_that_waits(void)
{
    begin_school(RULES, DECIDING_DATES_MAX + 3);
    int32_t first = today;
    both_ready();
    turns(2 * MINUTE_MS);
    stop();
    today += DECIDING_DATES_MAX + 2;
    set_time(7, 0);
    start();
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_LINK_DOWN});
    turn(); /* as before every command */
    a_command_about(first, today - 1);
    CHECK(ask(DECIDED) == 0 && told(SHOW, "dates") == DECIDING_DATES_MAX + 3); /* today, too: nobody was heard */
    stop();
}

/* What was never asked about is decided: a school that brings the days before it had terminals. */
static void a_command_decides_as_many_as_it_brings(void)
{
    begin_school_on(civil_day(2026, 9, 1), RULES, 2 * DECIDING_DATES_MAX);
    int32_t first = today;
    run_sql("UPDATE lesson_version SET day = day - 100");
    CHECK(daemon_school_changed(daemon_, "import") == NULL);
    a_command_about(first - 100, first);
    CHECK(ask(DECIDED) == 2 * DECIDING_DATES_MAX && told(SHOW, "dates") == 0);
    stop();
}

/* The broker is away: of two dates that have closed an import decides its own, accuses nobody of what was not heard, and the other
 * is decided when the broker is back. */
static void a_command_waits_for_no_broker(void)
{
    begin();
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_LINK_DOWN});
    int32_t first = today++;
    wait_until(23, 0);
    CHECK(ask(DECIDED) == 0);
    a_command_about(first, first);
    CHECK(ask(DECIDED) == 1 && ask(STANDING) == 0);
    CHECK(ask(UNREPORTED) == 0 && ask(UNKNOWN) == 2 * FACTS_PUPILS);
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_LINK_UP});
    turns(MINUTE_MS);
    CHECK(ask(DECIDED) == 2);
    stop();
}

static void as_many_as_a_week_has_do_not(void)
{
    begin_school(RULES, DECIDING_DATES_MAX + 1);
    both_ready();
    turns(2 * MINUTE_MS);
    today += DECIDING_DATES_MAX;
    stop();
    set_time(7, 0);
    start();
    run_sql("UPDATE terminal_state SET received_ms = received_ms + 4 * 86400000"); /* terminals were heard meanwhile */
    both_ready();
    turns(2 * MINUTE_MS);
    CHECK(ask(DECIDED) == DECIDING_DATES_MAX && told(SHOW, "dates") == 0);
    stop();
}

/* Twenty-four days ahead with lessons on two of them: the last sign of life is old, so nothing is decided; the right clock
 * forgets that anybody was asked. */
static void long_after_the_last_sign_of_life_a_person_is_asked(void)
{
    begin_school(RULES, 2);
    both_ready();
    turns(2 * MINUTE_MS);
    stop();
    hands.now_ms += 24 * (int64_t)DAY;
    start();
    turns(MINUTE_MS);
    both_ready(); /* later they speak, and that does not make it good */
    turns(5 * MINUTE_MS);
    CHECK(ask(DECIDED) == 0 && told(SHOW, "dates") == 2);
    right_again(24 * (int64_t)DAY);
    CHECK(told(SHOW, "dates") == 0 && of_dates_to_come() == 0);
    a_day();
    CHECK(ask(DECIDED) == 1 && ask(STANDING) == 2);
    stop();
}

/* Nobody is asked about the silence of terminals that hang nowhere any more. */
static void a_school_without_terminals_is_not_asked(void)
{
    begin_school(RULES, 2);
    both_ready();
    turns(2 * MINUTE_MS);
    stop();
    run_sql("UPDATE terminal SET to_day = (SELECT max(day) FROM lesson_version)");
    hands.now_ms += 24 * (int64_t)DAY;
    start();
    turns(MINUTE_MS);
    CHECK(told(SHOW, "dates") == 0);
    stop();
}

/* What a bug, or another hand, has put there: the daemon does not start on it, and commits nothing on top of it. */
static void what_lies_in_the_future_is_not_built_upon(void)
{
    char text[160];
    begin();
    a_day();
    stop();
    snprintf(text, sizeof text, "INSERT INTO pupil_day VALUES ('pupil-00', %d, '1A', x'00')", (int)today + 1);
    run_sql(text);
    char why_open[STORE_WHY_BYTES];
    const char *why = NULL;
    struct store *store = store_open("day.db", "memory", why_open);
    CHECK(daemon_open(&config, &hands.clock, store, RULES, send, NULL, &why) == NULL);
    CHECK(why != NULL && strstr(why, "has not ended") != NULL);
    store_close(store);
}

int main(void)
{
    memory_vfs_register();
    log_open("daemon_clock", LOG_WARN);
    TEST(a_clock_ahead_for_six_seconds_leaves_nothing);
    TEST(what_today_holds_too_early_is_taken_anew);
    TEST(a_small_step_back_changes_nothing);
    TEST(a_clock_past_august_ends_no_flag_for_good);
    TEST(a_clock_that_is_behind_takes_nothing_back);
    TEST(a_clock_that_a_person_has_checked_is_believed);
    TEST(many_dates_at_once_wait_for_a_person);
    TEST(a_command_decides_what_it_is_about_alone);
    TEST(a_command_about_a_whole_term_decides_none_that_waits);
    TEST(a_command_before_the_broker_decides_none_that_waits);
    TEST(a_command_decides_as_many_as_it_brings);
    TEST(a_command_waits_for_no_broker);
    TEST(as_many_as_a_week_has_do_not);
    TEST(long_after_the_last_sign_of_life_a_person_is_asked);
    TEST(a_school_without_terminals_is_not_asked);
    TEST(what_lies_in_the_future_is_not_built_upon);
    return test_done();
}
