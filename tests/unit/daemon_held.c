/* What is not taken at its word: taps that wait for a person, and terminals that are distrusted. The school is that of
 * school_facts.h: pupils with even numbers belong to room 1, the others to room 2. */
#include "daemon/daemon.h"

#include "tests/control_rig.h"

#define HELD     "SELECT count(*) FROM held_tap WHERE decision IS NULL"
#define LATE     "SELECT count(*) FROM held_tap WHERE why = 'late'"
#define STORED   "SELECT count(*) FROM event WHERE kind = 'tap'"
#define ACCEPT   "{\"do\":\"held_decide\",\"terminal\":\"t-1\",\"accept\":true,\"author\":\"Bo\"}"
#define REFUSE   "{\"do\":\"held_decide\",\"terminal\":\"t-1\",\"accept\":false,\"author\":\"Bo\"}"
#define DISTRUST "{\"do\":\"terminal_distrust\",\"terminal\":\"t-1\",\"author\":\"Bo\",\"why\":\"opened\",\"since\":\""
#define TRUST    "{\"do\":\"terminal_trust\",\"terminal\":\"t-1\",\"author\":\"Bo\"}"

static bool command(const char *text)
{
    control(text);
    turn();
    return strncmp(reply, "{\"ok\":true", 10) == 0;
}

/* A tap of the date `back` before today that comes now. */
static void tap_of_past(int terminal, int pupil, int back, int hour, int minute)
{
    today -= back;
    event(terminal, EVENT_TAP, pupil, hour, minute);
    today += back;
    turn();
}

/* Pupils 0 and 2 are away from the first lesson; the day is decided, and `days` later it is seven o'clock. */
static void live_a_day(int days)
{
    begin();
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(8, 56);
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 1 && ask(UNREPORTED) == 2);
    today += days;
    set_time(7, 0);
    both_ready();
    turn();
}

static void what_comes_a_fortnight_late_waits(void)
{
    live_a_day(15);
    tap_of_past(1, 0, 15, 7, 58);
    CHECK(ask(HELD) == 1 && ask(LATE) == 1);
    CHECK(ask(UNREPORTED) == 2);
    CHECK(ask(STORED) == 2 * FACTS_PUPILS - 2 + 1); /* what the lamp promised */
    CHECK(command("{\"do\":\"held\"}") && strstr(reply, "\"why\":\"late\",\"taps\":1") != NULL);
    CHECK(command(ACCEPT));
    CHECK(ask(HELD) == 0 && ask(UNREPORTED) == 1);
    CHECK(ask("SELECT count(*) FROM held_tap WHERE decision = 'accepted' AND author = 'Bo'") == 1);
    CHECK(!command(ACCEPT));
    stop();
}

static void what_is_refused_counts_nowhere(void)
{
    live_a_day(15);
    tap_of_past(1, 0, 15, 7, 58);
    CHECK(command(REFUSE) && ask(HELD) == 0 && ask(UNREPORTED) == 2);
    stop();
    start();
    both_ready();
    turn();
    CHECK(ask(UNREPORTED) == 2);
    stop();
}

static void what_is_less_late_counts(void)
{
    live_a_day(13);
    tap_of_past(1, 0, 13, 7, 58);
    CHECK(ask(HELD) == 0 && ask(UNREPORTED) == 1);
    stop();
}

static void a_tap_where_nobody_expected_the_pupil_waits(void)
{
    live_a_day(1);
    tap_of_past(2, 0, 1, 7, 58);
    CHECK(ask("SELECT count(*) FROM held_tap WHERE why = 'unexpected' AND terminal_id = 't-2'") == 1);
    CHECK(ask(UNREPORTED) == 2);
    tap_of_past(1, 2, 1, 7, 58); /* in its own room */
    CHECK(ask(HELD) == 1 && ask(UNREPORTED) == 1);
    stop();
}

static void an_entrance_expects_everybody(void)
{
    live_a_day(1);
    stop();
    sqlite3 *database;
    sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_run(database,
              "INSERT INTO terminal (terminal_id, room, place, known_from_ms) VALUES ('t-3', '', 'entrance', 0)");
    sqlite3_close(database);
    start();
    both_ready();
    tap_of_past(3, 0, 1, 7, 50);
    CHECK(ask(HELD) == 0 && ask(UNREPORTED) == 1);
    stop();
}

static void before_the_day_is_decided_any_room_will_do(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 12);
    event(2, EVENT_TAP, 0, 7, 59);
    turn();
    CHECK(ask(HELD) == 0 && ask(UNREPORTED) == 1);
    stop();
}

static void a_distrusted_terminal_is_out(void)
{
    live_a_day(1);
    CHECK(!command(DISTRUST "2030-01-01T00:00:00Z\"}")); /* which is not past */
    CHECK(command(DISTRUST "2026-09-01T05:00:00Z\"}"));
    CHECK(ask(UNREPORTED) == 0 && ask(UNKNOWN) == FACTS_PUPILS / 2);
    CHECK(ask("SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL") == 0);
    CHECK(!command(DISTRUST "2026-09-01T05:00:00Z\"}"));
    CHECK(command(TRUST) && !command(TRUST));
    CHECK(ask(UNREPORTED) == 2 && ask(UNKNOWN) == 0);
    CHECK(ask("SELECT count(*) FROM distrust WHERE author = 'Bo' AND ended_by = 'Bo' AND known_to_ms IS NOT NULL") ==
          1);
    stop();
}

static int rolls;

static void count_roll(void *context, int32_t day)
{
    rolls += day >= *(const int32_t *)context && day <= today;
}

static void how_many_dates_are_taken_anew_is_told_before(void)
{
    live_a_day(2);
    int32_t since = today - 2;
    CHECK(command(DISTRUST "2026-09-01T10:00:00Z\",\"dry_run\":true}") && strstr(reply, "\"dates\":3") != NULL);
    CHECK(ask("SELECT count(*) FROM distrust") == 0);
    daemon_watch_roll(daemon_, count_roll, &since);
    CHECK(command(DISTRUST "2026-09-01T10:00:00Z\"}") && strstr(reply, "\"dates\":3") != NULL && rolls == 3);
    CHECK(!command(DISTRUST "2026-09-01T10:00:00Z\",\"dry_run\":true}")); /* already */
    CHECK(ask("SELECT count(*) FROM terminal_seen WHERE terminal_id = 't-1' AND distrusted_ms IS NOT NULL") == 1);
    stop();
}

static void what_a_distrusted_terminal_says_of_before_does_not_count(void)
{
    live_a_day(1);
    CHECK(command(DISTRUST "2026-09-01T10:00:00Z\"}")); /* after the lessons */
    CHECK(ask(UNREPORTED) == 2);
    tap_of_past(1, 0, 1, 7, 58);
    CHECK(ask(UNREPORTED) == 2 && ask(STORED) == 2 * FACTS_PUPILS - 2 + 1);
    stop();
}

static void the_lesson_says_why_it_is_unknown(void)
{
    begin();
    both_ready();
    first_lesson();
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    CHECK(ask("SELECT count(*) FROM lesson_doubt WHERE doubt = 'outage'") == 1);
    state(1, PHASE_READY, 1, 0, 0);
    turn();
    CHECK(ask("SELECT count(*) FROM lesson_doubt") == 0);
    wait_until(8, 30);
    CHECK(ask("SELECT count(*) FROM lesson_doubt") == 0); /* the second goes on from the first */
    today++;
    wait_until(8, 30);
    CHECK(ask("SELECT count(*) FROM lesson_doubt WHERE doubt = 'silent_lesson'") == 4);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("daemon_held", LOG_WARN);
    TEST(what_comes_a_fortnight_late_waits);
    TEST(what_is_refused_counts_nowhere);
    TEST(what_is_less_late_counts);
    TEST(a_tap_where_nobody_expected_the_pupil_waits);
    TEST(an_entrance_expects_everybody);
    TEST(before_the_day_is_decided_any_room_will_do);
    TEST(a_distrusted_terminal_is_out);
    TEST(how_many_dates_are_taken_anew_is_told_before);
    TEST(what_a_distrusted_terminal_says_of_before_does_not_count);
    TEST(the_lesson_says_why_it_is_unknown);
    return test_done();
}
