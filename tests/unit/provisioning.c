/* Which terminals belong to the school: who may be added, what is believed of a revoked one, and what becomes of the lessons in
 * the rooms of both. */
#include "daemon/commands/provisioning.h"

#include "tests/control_rig.h"

/* What the control socket answers: true when it is "ok". */
static bool command(const char *text)
{
    control(text);
    CHECK(!daemon_failed(daemon_));
    return strstr(reply, "\"ok\":true") != NULL;
}

static bool refused(const char *text, const char *why)
{
    return !command(text) && strstr(reply, why) != NULL;
}

#define ADD(terminal, room, dry_run)                                                                                  \
    "{\"do\":\"terminal_add\",\"terminal\":\"" terminal "\"," room "\"certificate_to\":\"2029-09-01T00:00:00.000Z\"," \
    "\"dry_run\":" dry_run "}"
#define REVOKE(terminal) "{\"do\":\"terminal_revoke\",\"terminal\":\"" terminal "\",\"why\":\"lost\"}"
#define IN(room)         "\"room\":\"" room "\","
/* How many pupils of a room have that status in the second lesson. */
#define SECOND(room, status)                                                                   \
    "SELECT count(*) FROM pupil_day WHERE class = 'class-" room "' AND length(outcomes) >= 26" \
    " AND substr(hex(outcomes), 51, 2) = '" status "'"

static void who_may_be_added(void)
{
    static const struct {
        const char *command, *why;
    } CASES[] = {
        {ADD("t-3", IN("room-9"), "false"), "no lesson is in room room-9"},
        {ADD("t-3", "", "false"), "not listed"},
        {ADD("t-3", IN(""), "false"), "1 to 63 bytes"},
        {ADD("t-3", IN("room-1\\nroom-2"), "false"), "on one line"},
        {ADD("t-1", IN("room-2"), "false"), "hangs in room room-1, not room-2"},
        {ADD("T 3", IN("room-1"), "false"), "a terminal's id"},
        {ADD("daemon", IN("room-1"), "false"), "neither daemon nor cards"},
        {ADD("cards", IN("room-1"), "false"), "neither daemon nor cards"},
        {"{\"do\":\"terminal_add\",\"terminal\":\"t-3\",\"dry_run\":false}", "needs terminal, certificate_to"},
        {"{\"do\":\"terminal_add\",\"terminal\":\"t-3\",\"certificate_to\":\"soon\",\"dry_run\":false}",
         "needs terminal"},
        {"{\"do\":\"terminal_revoke\",\"terminal\":\"t-1\"}", "a reason"},
        {"{\"do\":\"terminal_revoke\",\"terminal\":\"t-1\",\"why\":\"\"}", "a reason"},
        {"{\"do\":\"terminal_revoke\",\"terminal\":\"T\",\"why\":\"lost\"}", "needs terminal"},
    };
    begin();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(refused(CASES[i].command, CASES[i].why));
    CHECK(command(ADD("t-3", IN("room-1"), "true"))); /* a dry run */
    CHECK(ask("SELECT count(*) FROM certificate") == 0 && ask("SELECT count(*) FROM terminal") == 2);
    CHECK(command(ADD("t-1", IN("room-1"), "false")) && strstr(reply, "\"is_new\":false") != NULL);
    CHECK(command(ADD("t-2", "", "false")) && strstr(reply, "\"room\":\"room-2\"") != NULL); /* as listed */
    CHECK(command(ADD("t-3", IN("room-1"), "false")) && strstr(reply, "\"is_new\":true") != NULL);
    CHECK(command(ADD("t-3", "", "false")) && strstr(reply, "\"is_new\":false") != NULL); /* a renewal */
    CHECK(ask("SELECT sum(is_new) FROM certificate") == 1 && ask("SELECT count(*) FROM terminal") == 3);
    stop();
}

static void any_room_will_do_while_there_are_no_lessons(void)
{
    begin();
    stop();
    run_sql("DELETE FROM lesson_version");
    start();
    CHECK(command(ADD("t-3", IN("room-9"), "false")));
    stop();
}

/* The first `count` pupils of a room come to its first lesson. */
static void some_come(int room, int count)
{
    wait_until(7, 59);
    for (int i = 0; i < count; i++)
        event(room, EVENT_TAP, 2 * i + room - 1, 7, 58);
}

#define SOME 3 /* of ten: more than a silent lesson has */

/* In room 2 only the new terminal is left, and it has said nothing yet. */
static void until_its_first_word_a_new_terminal_has_recorded_nothing(void)
{
    begin();
    stop();
    run_sql("DELETE FROM terminal WHERE terminal_id = 't-2'");
    start();
    CHECK(command(ADD("t-2", IN("room-2"), "false")));
    both_ready();
    some_come(1, FACTS_PUPILS / 2);
    wait_until(8, 11);
    CHECK(ask(UNKNOWN) == FACTS_PUPILS / 2 && ask(UNREPORTED) == 0);
    event(2, EVENT_BOOT, 0, 8, 12);
    wait_until(8, 30); /* of the second lesson it could have told, though not of its beginning */
    CHECK(ask(UNKNOWN) == FACTS_PUPILS / 2 && ask(SECOND("2", "05")) == FACTS_PUPILS / 2);
    today++;
    some_come(2, SOME);
    wait_until(8, 56); /* the day is decided */
    CHECK(ask(SECOND("2", "04")) == FACTS_PUPILS / 2 - SOME);
    today++;
    set_time(0, 0);
    both_ready();
    turn();
    stop();
    run_sql("DELETE FROM event"); /* as retention does in time */
    set_time(7, 0);
    start();
    both_ready();
    some_come(2, SOME);
    wait_until(8, 30);
    CHECK(ask(SECOND("2", "04")) == 2 * (FACTS_PUPILS / 2 - SOME));
    stop();
}

/* Its clock says that it started on the day before: it cannot have, there. */
static void a_new_terminal_with_a_wrong_clock(void)
{
    begin();
    stop();
    run_sql("DELETE FROM terminal WHERE terminal_id = 't-2'");
    start();
    some_come(1, FACTS_PUPILS / 2);
    wait_until(8, 20);
    CHECK(command(ADD("t-2", IN("room-2"), "false")));
    event(2, EVENT_BOOT, 0, -10, 0);
    both_ready();
    wait_until(8, 30);
    CHECK(ask(UNKNOWN) == FACTS_PUPILS / 2 && ask(SECOND("2", "05")) == FACTS_PUPILS / 2);
    stop();
}

static void nothing_of_a_revoked_terminal_is_believed(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 14); /* later than anybody is late for the first lesson */
    CHECK(ask(UNREPORTED) == 2);
    int64_t events = ask("SELECT count(*) FROM event");
    CHECK(command(REVOKE("t-1")) && strstr(reply, "\"revoked_before\":false") != NULL);
    size_t told = sent.count;
    event(1, EVENT_TAP, 0, 8, 11);
    state(1, PHASE_ALERT, 2, 5, 1000);
    turn();
    for (size_t i = told; i < sent.count; i++)
        CHECK(strstr(sent.message[i].topic, "/t-1/receipt") == NULL);
    CHECK(ask("SELECT count(*) FROM event") == events);
    CHECK(ask("SELECT count(*) FROM terminal_state WHERE terminal_id = 't-1' AND phase = 'alert'") == 0);
    CHECK(ask(UNREPORTED) == 2); /* what it said before counts */
    second_lesson();
    wait_until(8, 30);
    CHECK(ask("SELECT count(*) FROM event WHERE terminal_id = 't-2'") == FACTS_PUPILS);
    CHECK(ask(SECOND("1", "05")) == 2 && ask(SECOND("1", "04")) == 0); /* the others stayed on from the first */
    CHECK(ask(SECOND("2", "00")) == FACTS_PUPILS / 2);
    stop();
    start(); /* it is still known after a new start */
    sequences[0] =
        (uint64_t)ask("SELECT upto FROM receipt WHERE terminal_id = 't-1'"); /* it goes on where it was heard */
    event(1, EVENT_TAP, 0, 8, 31);
    event(2, EVENT_TAP, FACTS_PUPILS / 2, 8, 31);
    state(1, PHASE_ALERT, 2, 5, 1000);
    turn();
    CHECK(ask("SELECT count(*) FROM event WHERE terminal_id = 't-1'") == FACTS_PUPILS / 2 - 2);
    CHECK(ask("SELECT count(*) FROM event WHERE terminal_id = 't-2'") == FACTS_PUPILS + 1);
    CHECK(ask("SELECT count(*) FROM terminal_state WHERE terminal_id = 't-1' AND phase = 'alert'") == 0);
    stop();
}

static void a_revoked_name_does_not_come_back(void)
{
    begin();
    CHECK(command(REVOKE("t-1")));
    CHECK(command("{\"do\":\"terminal_revoke\",\"terminal\":\"t-1\",\"why\":\"again\"}") &&
          strstr(reply, "\"revoked_before\":true") != NULL);
    CHECK(ask("SELECT count(*) FROM certificate WHERE revoked_why = 'lost'") == 1); /* the first reason stays */
    CHECK(refused(ADD("t-1", "", "false"), "was revoked"));
    CHECK(command(ADD("t-11", IN("room-1"), "false"))); /* its successor */
    stop();
}

/* A revoked terminal is waited for no more: its successor's word is enough for guardians to be told. */
static void nobody_waits_for_a_revoked_terminal(void)
{
    begin();
    CHECK(command(ADD("t-3", IN("room-1"), "false")));
    event(3, EVENT_BOOT, 0, 7, 1);
    CHECK(command(REVOKE("t-1")));
    state(2, PHASE_READY, 1, 0, 0);
    state(3, PHASE_READY, 1, 0, 0);
    wait_until(7, 59);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        if (pupil != 0)
            event(pupil % 2 ? 2 : 3, EVENT_TAP, pupil, 7, 58);
    wait_until(8, 12);
    CHECK(ask(UNREPORTED) == 1 && ask(OPEN_TASKS) == 1);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("provisioning", LOG_WARN);
    TEST(who_may_be_added);
    TEST(any_room_will_do_while_there_are_no_lessons);
    TEST(until_its_first_word_a_new_terminal_has_recorded_nothing);
    TEST(a_new_terminal_with_a_wrong_clock);
    TEST(nothing_of_a_revoked_terminal_is_believed);
    TEST(a_revoked_name_does_not_come_back);
    TEST(nobody_waits_for_a_revoked_terminal);
    return test_done();
}
