#include "firmware/core/terminal.h"

#include "tests/terminal_rig.h"
#include "tests/test.h"

static struct rig rig;
static struct event events[WIRE_EVENTS_MAX];

/* A desk with both readers up; its journal holds the boot event. */
static void set_up(void)
{
    rig_open(&rig, 6);
    rig_reader(&rig, TERMINAL_READER_UP, 1);
    rig_reader(&rig, TERMINAL_READER_UP, 2);
}

static void restart(enum clock_quality quality)
{
    nor_power_up(&rig.nor, 1);
    CHECK(rig_start(&rig, quality));
}

static struct event newest(void)
{
    struct event event;
    const struct journal *journal = &rig.terminal.journal;
    CHECK(journal_get(journal, journal->next_sequence - 1, &event) == JOURNAL_OK);
    return event;
}

static void a_tap_is_journalled_before_it_is_answered(void)
{
    set_up();
    uint64_t before = rig.terminal.journal.next_sequence;
    CHECK(rig_tap(&rig, 2, 0x00ab12cd, 250) == FEEDBACK_RECORDED); /* no list, no plan */
    CHECK(rig.terminal.journal.next_sequence == before + 1);
    nor_power_up(&rig.nor, 7); /* only what was synced */
    struct event event = newest();
    CHECK(event.kind == EVENT_TAP && event.reader == 2 && event.feedback == FEEDBACK_RECORDED);
    CHECK(event.token == rig_token(&rig, 0x00ab12cd));
    CHECK(event.at_ms == rig.time.utc_ms - 250 && event.mono_ms == TIMEBASE_START_MONO_MS - 250 &&
          event.clock == CLOCK_SYNCED);
}

static void the_same_card_again_is_not_recorded(void)
{
    set_up();
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED);
    uint64_t next = rig.terminal.journal.next_sequence;
    rig_wait(&rig, 2000);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_AGAIN);
    CHECK(rig_tap(&rig, 2, 5, 0) == FEEDBACK_AGAIN);
    CHECK(rig.terminal.journal.next_sequence == next);
    CHECK(rig_tap(&rig, 1, 6, 0) == FEEDBACK_RECORDED); /* two cards within 3 s are two taps */
    rig_wait(&rig, 58000);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED);
}

/* 60 times faster: one real second is one civil minute, ages stay real. */
static void the_demonstration_counts_civil_time(void)
{
    set_up();
    rig.time.clock.rate = 60;
    rig_wait(&rig, 10000);
    CHECK(rig_tap(&rig, 1, 5, 2000) == FEEDBACK_RECORDED);
    CHECK(newest().at_ms == rig.time.utc_ms - 120000);
    CHECK(rig_tap(&rig, 1, 5, 1100) == FEEDBACK_AGAIN);    /* 54 civil seconds later */
    CHECK(rig_tap(&rig, 1, 5, 1000) == FEEDBACK_RECORDED); /* a civil minute later */
}

static void a_tap_given_again_after_our_restart_is_one_tap(void)
{
    set_up();
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED);
    rig_wait(&rig, 4000);
    restart(CLOCK_SYNCED);
    rig_reader(&rig, TERMINAL_READER_UP, 1);
    CHECK(rig_tap(&rig, 1, 5, 4000) == FEEDBACK_AGAIN);
}

/* The head had no master for more than a minute. */
static void a_tap_of_unknown_age_is_kept_without_a_time(void)
{
    set_up();
    CHECK(rig_tap(&rig, 1, 5, -1) == FEEDBACK_RECORDED);
    struct event event = newest();
    CHECK(event.clock == CLOCK_UNSET && event.at_ms == 0 && event.boot == 0);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED); /* a tap of now is another one */
    rig_connect(&rig);
    CHECK(rig_events(&rig, events) == 3 && events[1].age_ms == -1 && events[2].age_ms == 0);
}

static void late_sounds_like_ok_when_so_set(void)
{
    set_up();
    uint64_t token = rig_token(&rig, 5);
    struct wire_cards cards = {.count = 1, .tokens = {token}};
    struct wire_plan plan = {.day = civil_day(2026, 9, 1), .period_count = 1, .token_count = 1, .tokens = {token}};
    plan.periods[0] = (struct wire_period){.start_ms = rig.time.utc_ms - 600000,
                                           .late_ms = rig.time.utc_ms - 300000,
                                           .end_ms = rig.time.utc_ms + 3000000,
                                           .token_count = 1};
    static char bytes[WIRE_RETAINED_BYTES_MAX];
    bytes[wire_encode_cards(&cards, bytes, sizeof bytes - 1)] = '\0';
    CHECK(rig_hear(&rig, NULL, "cards", bytes, true).keep);
    bytes[wire_encode_plan(&plan, bytes, sizeof bytes - 1)] = '\0';
    struct terminal_answer answer = rig_hear(&rig, "t-1", "plan/2026-09-01", bytes, true);
    CHECK(answer.keep && answer.problem == NULL);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_LATE);
    CHECK(rig_tap(&rig, 1, 6, 0) == FEEDBACK_UNKNOWN_CARD);
    CHECK(newest().feedback == FEEDBACK_UNKNOWN_CARD);
    set_up(); /* another day, the milder setting */
    bytes[wire_encode_cards(&cards, bytes, sizeof bytes - 1)] = '\0';
    rig_hear(&rig, NULL, "cards", bytes, true);
    bytes[wire_encode_plan(&plan, bytes, sizeof bytes - 1)] = '\0';
    rig_hear(&rig, "t-1", "plan/2026-09-01", bytes, true);
    CHECK(rig_hear(&rig, "t-1", "config",
                   "{\"v\":1,\"version\":3,\"debounce_ms\":3000,\"repeat_ms\":60000,\"late_sounds_like_ok\":true}",
                   true)
              .keep);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_OK);
}

static void a_full_journal_refuses_visibly_and_says_so_later(void)
{
    set_up();
    uint32_t card = 1;
    while (journal_free(&rig.terminal.journal) > 0) {
        rig_wait(&rig, 1000);
        CHECK(rig_tap(&rig, 1, card++, 0) == FEEDBACK_RECORDED);
    }
    rig_wait(&rig, 1000);
    int64_t refused_ms = rig.time.utc_ms;
    CHECK(rig_tap(&rig, 1, card, 0) == FEEDBACK_FULL);
    rig_wait(&rig, 500);
    CHECK(rig_tap(&rig, 1, card, 0) == FEEDBACK_FULL); /* not "again": it was not kept */
    rig_connect(&rig);
    struct wire_state state;
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_ALERT && state.free_records == 0);
    rig_wait(&rig, 20000);
    rig_hear_receipt(&rig, rig.terminal.journal.generation, rig.terminal.journal.next_sequence - 1);
    struct event in = newest();
    CHECK(in.kind == EVENT_IN && in.reader == 1 && in.from_ms == refused_ms && in.at_ms == rig.time.utc_ms);
    CHECK(rig_tap(&rig, 1, card, 0) == FEEDBACK_RECORDED);
}

static void a_medium_that_fails_shows_the_fault(void)
{
    set_up();
    rig.nor.steps_left = 3;
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_FAULT);
    rig.nor.dead = false;
    rig.nor.steps_left = NOR_FOREVER;
    CHECK(rig_tap(&rig, 1, 6, 0) == FEEDBACK_FAULT); /* it is not trusted again before a restart */
    CHECK(rig.terminal.journal.failed);
}

static void readers_out_and_in_are_told(void)
{
    set_up();
    rig_reader(&rig, TERMINAL_READER_DOWN, 2);
    int64_t since_ms = rig.time.utc_ms;
    struct event out = newest();
    CHECK(out.kind == EVENT_OUT && out.reader == 2 && out.at_ms == since_ms);
    rig_wait(&rig, 90000);
    rig_reader(&rig, TERMINAL_READER_UP, 2);
    struct event in = newest();
    CHECK(in.kind == EVENT_IN && in.reader == 2 && in.from_ms == since_ms && in.at_ms == since_ms + 90000);
    rig_reader(&rig, TERMINAL_TAMPER, 1);
    CHECK(newest().kind == EVENT_TAMPER && newest().reader == 1);
}

static void a_restart_tells_since_when_nobody_recorded(void)
{
    set_up();
    rig_tap(&rig, 1, 5, 0);
    int64_t alive_ms = rig.time.utc_ms;
    rig_wait(&rig, 600000);
    restart(CLOCK_SYNCED);
    CHECK(newest().kind == EVENT_BOOT && newest().boot == 2 && newest().from_ms == alive_ms);
    rig_reader(&rig, TERMINAL_READER_UP, 1);
    CHECK(newest().kind == EVENT_IN && newest().reader == 1 && newest().from_ms == alive_ms);
    rig_reader(&rig, TERMINAL_READER_DOWN, 2);
    CHECK(newest().kind == EVENT_OUT && newest().reader == 2 && newest().at_ms == alive_ms);
}

/* The port knew us alive nine minutes after the last event: one minute is missing, not ten. */
static void a_short_restart_is_a_short_outage(void)
{
    set_up();
    rig_tap(&rig, 1, 5, 0);
    rig_wait(&rig, 600000);
    rig.settings.alive_utc_ms = rig.time.utc_ms - 60000;
    restart(CLOCK_SYNCED);
    CHECK(newest().kind == EVENT_BOOT && newest().from_ms == rig.time.utc_ms - 60000);
    rig_reader(&rig, TERMINAL_READER_UP, 1);
    CHECK(newest().kind == EVENT_IN && newest().from_ms == rig.time.utc_ms - 60000);
}

static void the_window_goes_back_until_a_receipt_comes(void)
{
    set_up();
    for (uint32_t card = 1; card < 80; card++)
        rig_tap(&rig, 1, card, 0);
    rig_connect(&rig);
    uint64_t expected = 1;
    for (int batch = 0; batch < OUTBOX_BATCHES; batch++) {
        CHECK(rig_events(&rig, events) == OUTBOX_BATCH_EVENTS);
        for (int i = 0; i < OUTBOX_BATCH_EVENTS; i++, expected++)
            CHECK(events[i].sequence == expected && events[i].oldest == 1);
    }
    CHECK(rig_events(&rig, events) == 0);
    rig_wait(&rig, OUTBOX_PATIENCE_MS);
    CHECK(rig_events(&rig, events) == OUTBOX_BATCH_EVENTS && events[0].sequence == 1);
    CHECK(events[0].age_ms == OUTBOX_PATIENCE_MS);        /* as of sending */
    CHECK(rig_hear_receipt(&rig, 1, 16).problem != NULL); /* another journal's */
    CHECK(journal_waiting(&rig.terminal.journal) == 80);
    CHECK(rig_hear_receipt(&rig, rig.terminal.journal.generation, 16).problem == NULL);
    CHECK(journal_waiting(&rig.terminal.journal) == 64);
    CHECK(rig_hear_receipt(&rig, rig.terminal.journal.generation, 81).problem != NULL); /* never recorded */
    CHECK(journal_waiting(&rig.terminal.journal) == 64);
}

static void a_daemon_that_is_away_is_not_flooded(void)
{
    set_up();
    rig_connect(&rig);
    CHECK(rig_events(&rig, events) == 1);
    rig_hear_daemon(&rig, false);
    for (uint32_t card = 1; card < 20; card++) {
        rig_tap(&rig, 1, card, 0);
        CHECK(rig_events(&rig, events) == 0);
    }
    rig_wait(&rig, 10 * OUTBOX_PATIENCE_MS);
    CHECK(rig_events(&rig, events) == 0);
    rig_hear_daemon(&rig, true);
    CHECK(rig_events(&rig, events) == 16 && events[0].sequence == 1);
}

static void what_cannot_be_read_back_is_told_as_lost(void)
{
    set_up();
    for (uint32_t card = 1; card <= 10; card++)
        rig_tap(&rig, 1, card, 0);
    /* Sequence s lies in slot s of the first event sector, the third of the flash. */
    memset(rig.nor.durable + 2 * FLASH_SECTOR_BYTES + 4 * 32, 0, 2 * 32);
    restart(CLOCK_SYNCED);
    rig_connect(&rig);
    int count = rig_events(&rig, events);
    CHECK(count == 11); /* 12 sequences, two of them in one loss */
    CHECK(events[3].kind == EVENT_LOST && events[3].sequence == 4 && events[3].last_sequence == 5);
    CHECK(events[4].kind == EVENT_TAP && events[4].sequence == 6);
    CHECK(events[4].age_ms == -1); /* of an earlier boot: not known */
}

static void a_device_that_does_not_read_loses_nothing(void)
{
    struct wire_state state;
    static struct terminal_message message;
    set_up();
    rig_tap(&rig, 1, 5, 0);
    rig_connect(&rig);
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_READY);
    rig.nor.reads_fail = true;
    CHECK(terminal_next(&rig.terminal, &message) == 1000); /* again in a second */
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_ALERT && state.queued == 2);
    rig.nor.reads_fail = false;
    CHECK(rig_events(&rig, events) == 2 && events[1].kind == EVENT_TAP);
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_READY);
}

static void a_sector_that_never_reads_again_is_told_as_lost(void)
{
    struct wire_state state;
    static struct terminal_message message;
    set_up();
    for (uint32_t card = 0; journal_oldest(&rig.terminal.journal) + 130 > rig.terminal.journal.next_sequence; card++)
        rig_tap(&rig, 1, 100 + card, 0);
    rig_connect(&rig);
    CHECK(rig_state(&rig, &state));
    rig.nor.broken_sector = 3; /* the first of events */
    for (int second = 0; second <= 60; second++, rig_wait(&rig, 1000))
        while (terminal_next(&rig.terminal, &message) == 0)
            CHECK(strstr(message.topic, "/event") ==
                  NULL); /* what lies behind is not sent as if nothing were missing */
    CHECK(rig_events(&rig, events) > 1 && events[0].kind == EVENT_LOST);
    CHECK(events[0].sequence == 1 && events[0].last_sequence == 127 && events[1].kind == EVENT_TAP);
    rig_wait(&rig, TERMINAL_STATE_EVERY_MS);
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_ALERT);
}

static void a_day_after_its_receipt_a_tap_is_gone(void)
{
    struct journal *journal = &rig.terminal.journal;
    struct terminal_input tick = {.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED};
    set_up();
    rig_tap(&rig, 1, 5, 0);
    rig_connect(&rig);
    rig_step(&rig, tick);
    rig_hear_receipt(&rig, journal->generation, journal->next_sequence - 1);
    rig_wait(&rig, TERMINAL_KEEP_MS - 1000);
    rig_step(&rig, tick);
    CHECK(journal_oldest(journal) == 1);
    rig_wait(&rig, TERMINAL_FORGET_MS);
    rig_step(&rig, tick);
    CHECK(journal_oldest(journal) == journal->next_sequence && journal_waiting(journal) == 0);
    uint32_t boot = rig.terminal.boot.boot;
    restart(CLOCK_SYNCED);
    CHECK(rig.terminal.boot.boot == boot + 1 && rig.terminal.boot.from_ms != 0); /* what only they knew is known */
    rig_tap(&rig, 1, 6, 0);
    rig_wait(&rig, TERMINAL_KEEP_MS + TERMINAL_FORGET_MS);
    rig_step(&rig, tick);
    CHECK(journal_waiting(journal) == 2 &&
          journal_oldest(journal) == journal->next_sequence - 2); /* not without receipt */
}

static void a_clock_set_back_swallows_no_tap(void)
{
    rig_open(&rig, 6);
    restart(CLOCK_RTC);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED);
    rig.time.utc_ms -= 3600000;
    rig_step(&rig, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED});
    rig_wait(&rig, 3600000);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_AGAIN);
}

static void a_clock_that_is_set_later_is_tied(void)
{
    rig_open(&rig, 6);
    restart(CLOCK_UNSET);
    rig_wait(&rig, 30000);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_RECORDED);
    CHECK(newest().clock == CLOCK_UNSET && newest().at_ms == 0 && newest().mono_ms == TIMEBASE_START_MONO_MS + 30000);
    rig_wait(&rig, 5000);
    rig_step(&rig, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED});
    CHECK(newest().kind == EVENT_CLOCK && newest().mono_ms == TIMEBASE_START_MONO_MS + 35000 &&
          newest().at_ms == rig.time.utc_ms);
    uint64_t next = rig.terminal.journal.next_sequence;
    rig_step(&rig, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED});
    CHECK(rig.terminal.journal.next_sequence == next);
}

static void the_state_is_repeated_and_follows_changes(void)
{
    struct wire_state state;
    set_up();
    rig_connect(&rig);
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_READY && state.readers_up == 2 && state.queued == 1);
    CHECK(rig_events(&rig, events) == 1 && !rig_state(&rig, &state));
    rig_wait(&rig, TERMINAL_STATE_EVERY_MS);
    CHECK(rig_state(&rig, &state) && state.oldest_unsent_ms == TERMINAL_STATE_EVERY_MS);
    rig_hear_receipt(&rig, rig.terminal.journal.generation, 1);
    CHECK(rig_state(&rig, &state) && state.queued == 0); /* at once */
    rig_reader(&rig, TERMINAL_READER_DOWN, 1);
    CHECK(rig_state(&rig, &state) && state.phase == PHASE_ALERT && state.readers_up == 1);
    struct terminal_message will, farewell;
    const char *why;
    terminal_will(&rig.terminal, &will);
    CHECK(will.retained && wire_decode_state(will.bytes, will.length, &state, &why) == 0 && state.phase == PHASE_LOST);
    uint64_t birth = state.birth;
    terminal_farewell(&rig.terminal, &farewell);
    CHECK(wire_decode_state(farewell.bytes, farewell.length, &state, &why) == 0 && state.phase == PHASE_DISCONNECTED);
    restart(CLOCK_UNSET); /* even without a clock */
    CHECK(rig.terminal.birth > birth);
}

static void commands_are_obeyed_once_and_in_time(void)
{
    char command[200];
    set_up();
    snprintf(command, sizeof command, "{\"v\":1,\"id\":\"c1\",\"expires_ms\":%lld,\"do\":\"enrol\",\"reader\":1}",
             (long long)rig.time.utc_ms + 1000);
    CHECK(rig_hear(&rig, "t-1", "command", command, true).problem != NULL); /* kept by the broker: too old to tell */
    CHECK(rig_hear(&rig, "t-1", "command", command, false).problem == NULL);
    CHECK(terminal_reader_mode(&rig.terminal, 1) == MODE_ENROL &&
          terminal_reader_mode(&rig.terminal, 2) == MODE_NORMAL);
    CHECK(rig_tap(&rig, 1, 5, 0) == FEEDBACK_ENROLMENT && newest().kind == EVENT_ENROL);
    CHECK(terminal_reader_mode(&rig.terminal, 1) == MODE_NORMAL);
    rig_hear(&rig, "t-1", "command", command, false);
    CHECK(terminal_reader_mode(&rig.terminal, 1) == MODE_NORMAL);
    rig_wait(&rig, 2000);
    command[13] = '9';
    CHECK(rig_hear(&rig, "t-1", "command", command, false).problem != NULL);
    snprintf(command, sizeof command, "{\"v\":1,\"id\":\"c2\",\"expires_ms\":%lld,\"do\":\"reboot\"}",
             (long long)rig.time.utc_ms + 1000);
    CHECK(!rig.terminal.restart_wanted);
    rig_hear(&rig, "t-1", "command", command, false);
    CHECK(rig.terminal.restart_wanted);
}

/* A phone, a part of a number, nothing: whatever the reader is to do, and of unknown age too. */
static void a_number_that_is_nobodys_card_makes_no_event(void)
{
    static const uint32_t UNFIT[] = {0x08123456, 0x8804a1b2, 0, 0xffffffff};
    char command[200];
    set_up();
    snprintf(command, sizeof command, "{\"v\":1,\"id\":\"c1\",\"expires_ms\":%lld,\"do\":\"enrol\",\"reader\":1}",
             (long long)rig.time.utc_ms + 1000);
    CHECK(rig_hear(&rig, "t-1", "command", command, false).problem == NULL);
    uint64_t next = rig.terminal.journal.next_sequence;
    for (size_t i = 0; i < sizeof UNFIT / sizeof UNFIT[0]; i++)
        for (uint8_t reader = 1; reader <= 2; reader++)
            for (int64_t age_ms = -1; age_ms <= 0; age_ms++) {
                struct terminal_answer answer = rig_step(&rig, rig_card(reader, UNFIT[i], age_ms));
                CHECK(answer.feedback == FEEDBACK_UNFIT_CARD && answer.problem != NULL);
            }
    CHECK(rig.terminal.journal.next_sequence == next);
    CHECK(terminal_reader_mode(&rig.terminal, 1) == MODE_ENROL); /* it goes on waiting for a card */
    struct terminal_answer answer = rig_step(&rig, rig_card(1, 0x09123456, 0));
    CHECK(answer.feedback == FEEDBACK_ENROLMENT && answer.problem == NULL && newest().kind == EVENT_ENROL);
}

static void what_is_not_for_us_is_ignored(void)
{
    static const char *const NOT_OURS[][2] = {
        {"t-2", "receipt"}, {"t-1", "event"}, {"t-1", "plan/tomorrow"}, {"daemon", "receipt"}, {"t-1", "receipt"}};
    set_up();
    for (size_t i = 0; i < sizeof NOT_OURS / sizeof NOT_OURS[0]; i++) {
        struct terminal_answer answer = rig_hear(&rig, NOT_OURS[i][0], NOT_OURS[i][1], "{\"v\":2}", false);
        CHECK(answer.problem != NULL && !answer.keep);
    }
    CHECK(rig_step(&rig, (struct terminal_input){.kind = TERMINAL_MESSAGE, .topic = "other/topic", .bytes = ""})
              .problem != NULL);
}

int main(void)
{
    TEST(a_tap_is_journalled_before_it_is_answered);
    TEST(the_same_card_again_is_not_recorded);
    TEST(the_demonstration_counts_civil_time);
    TEST(a_tap_given_again_after_our_restart_is_one_tap);
    TEST(a_tap_of_unknown_age_is_kept_without_a_time);
    TEST(late_sounds_like_ok_when_so_set);
    TEST(a_full_journal_refuses_visibly_and_says_so_later);
    TEST(a_medium_that_fails_shows_the_fault);
    TEST(readers_out_and_in_are_told);
    TEST(a_restart_tells_since_when_nobody_recorded);
    TEST(a_short_restart_is_a_short_outage);
    TEST(the_window_goes_back_until_a_receipt_comes);
    TEST(a_daemon_that_is_away_is_not_flooded);
    TEST(what_cannot_be_read_back_is_told_as_lost);
    TEST(a_device_that_does_not_read_loses_nothing);
    TEST(a_sector_that_never_reads_again_is_told_as_lost);
    TEST(a_day_after_its_receipt_a_tap_is_gone);
    TEST(a_clock_set_back_swallows_no_tap);
    TEST(a_clock_that_is_set_later_is_tied);
    TEST(the_state_is_repeated_and_follows_changes);
    TEST(commands_are_obeyed_once_and_in_time);
    TEST(a_number_that_is_nobodys_card_makes_no_event);
    TEST(what_is_not_for_us_is_ignored);
    return test_done();
}
