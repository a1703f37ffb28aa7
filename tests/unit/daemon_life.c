/* Nobody is absent without positive evidence: what the daemon makes of terminals that are silent, start anew, were never
 * there, or say what cannot be. The school is that of school_facts.h. */
#include "daemon/daemon.h"

#include "tests/daemon_rig.h"

#define DECIDED "SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL"

static void link(enum daemon_input_kind kind)
{
    daemon_step(daemon_, &(struct daemon_input){.kind = kind});
}

/* The first boot of a terminal has number 1; it says when it was last alive. */
static void boot_event(int terminal, uint32_t boot, int64_t alive_ms, int hour, int minute)
{
    char bytes[1024], name[ID_BYTES];
    uint64_t sequence = ++sequences[terminal - 1];
    struct event told = {.generation = 7,
                         .sequence = sequence,
                         .last_sequence = sequence,
                         .oldest = 1,
                         .kind = EVENT_BOOT,
                         .clock = CLOCK_SYNCED,
                         .boot = boot,
                         .at_ms = civil_to_utc_ms(today, (hour * 60 + minute) * 60000),
                         .from_ms = alive_ms,
                         .age_ms = -1};
    int length = wire_encode_events(&told, 1, bytes, sizeof bytes);
    assert(length > 0);
    snprintf(name, sizeof name, "t-%d", terminal);
    hear(name, "event", bytes, (size_t)length, false);
}

static int64_t at(int hour, int minute)
{
    return civil_to_utc_ms(today, (hour * 60 + minute) * 60000);
}

static void who_was_never_heard_accuses_nobody(void)
{
    begin();
    today += 2; /* the timetable began two dates ago, the terminals hang since this morning */
    set_time(6, 0);
    turn();
    both_ready();
    wait_until(7, 0);
    CHECK(ask(DECIDED) == 2);
    CHECK(ask(UNREPORTED) == 0 && ask(UNKNOWN) == 2 * FACTS_PUPILS);
    CHECK(ask("SELECT count(*) FROM flag") == 0);
    first_lesson();
    wait_until(8, 12);
    CHECK(ask(UNREPORTED) == 2 && ask(OPEN_TASKS) == 2);
    stop();
}

static void a_broker_that_is_down_decides_no_day(void)
{
    begin();
    both_ready();
    first_lesson();
    link(DAEMON_LINK_DOWN);
    memset(terminals, 0, sizeof terminals);
    wait_until(9, 30);
    CHECK(ask(DECIDED) == 0 && ask(UNREPORTED) == 0 && ask(OPEN_TASKS) == 0);
    today += 2;
    set_time(7, 0);
    turn();
    CHECK(ask(DECIDED) == 0);
    link(DAEMON_LINK_UP);
    both_ready(); /* in the boot of before: what they recorded meanwhile is here */
    turn();
    CHECK(ask(DECIDED) == 2 && ask(UNREPORTED) == 2);
    stop();
}

static void silence_is_unknown_until_the_terminal_speaks(void)
{
    begin();
    both_ready();
    first_lesson();
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    CHECK(ask(UNKNOWN) == 2 && ask(UNREPORTED) == 0 && ask(OPEN_TASKS) == 0);
    state(1, PHASE_READY, 2, 0, 0); /* born again, and its boot event is not here: its queue says so */
    turn();
    CHECK(ask(UNKNOWN) == 2 && ask(OPEN_TASKS) == 0);
    stop();
}

static void the_boot_event_says_what_was_in_between(void)
{
    begin();
    both_ready();
    first_lesson();
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    boot_event(1, 2, at(8, 10), 8, 11); /* the power was gone for a minute */
    state(1, PHASE_READY, 2, 0, 0);
    turn();
    CHECK(ask(UNKNOWN) == 0 && ask(UNREPORTED) == 2 && ask(OPEN_TASKS) == 2);
    boot_event(1, 3, at(8, 12), 8, 12);
    turn();
    CHECK(ask(UNREPORTED) == 2);
    stop();
}

static void a_boot_that_does_not_know_when_it_was_alive(void)
{
    begin();
    both_ready();
    first_lesson();
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    boot_event(1, 2, 0, 8, 11);
    state(1, PHASE_READY, 2, 0, 0);
    turn();
    CHECK(ask(UNKNOWN) == 2 && ask(UNREPORTED) == 0);
    stop();
}

static void what_waits_in_the_queue_is_no_evidence(void)
{
    begin();
    both_ready();
    first_lesson();
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    state(1, PHASE_READY, 1, 2, 14 * 60000); /* since 7:58 */
    turn();
    CHECK(ask(UNKNOWN) == 2 && ask(UNREPORTED) == 0);
    event(1, EVENT_TAP, 0, 7, 58);
    event(1, EVENT_TAP, 2, 7, 58);
    state(1, PHASE_READY, 1, 0, 0);
    turn();
    CHECK(ask(UNKNOWN) == 0 && ask(UNREPORTED) == 0);
    stop();
}

static void an_outage_cannot_cover_what_was_heard(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 14);
    CHECK(ask(UNREPORTED) == 2);
    boot_event(1, 2, at(7, 40), 8, 14); /* it was heard each half minute */
    event(1, EVENT_OUT, 0, 7, 50);      /* and said that its readers record */
    turn();
    CHECK(ask(UNREPORTED) == 2 && ask(UNKNOWN) == 0);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("daemon_life", LOG_WARN);
    TEST(who_was_never_heard_accuses_nobody);
    TEST(a_broker_that_is_down_decides_no_day);
    TEST(silence_is_unknown_until_the_terminal_speaks);
    TEST(the_boot_event_says_what_was_in_between);
    TEST(a_boot_that_does_not_know_when_it_was_alive);
    TEST(what_waits_in_the_queue_is_no_evidence);
    TEST(an_outage_cannot_cover_what_was_heard);
    return test_done();
}
