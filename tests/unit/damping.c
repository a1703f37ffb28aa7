/* What flickers does not fill the journal: the contact behind the lid, a bad line, a wire that comes and goes. The journal is
 * the smallest, the broker is away, and whoever holds a card to the reader is recorded. */
#include "firmware/core/contact.h"

#include "firmware/core/head.h"
#include "firmware/core/poller.h"
#include "tests/terminal_rig.h"
#include "tests/test.h"

#define HOUR_MS   3600000
#define MOMENT_MS 40 /* one request with its answer, or its time-out */

static struct rig rig;
static struct poller poller;
static struct head head;
static struct contact lid;
static uint32_t seed;

static struct hour {
    int held, recorded, refused;
} hour;

static uint32_t chance(uint32_t sides)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % sides;
}

static void set_up(void)
{
    static const uint8_t ADDRESSES[] = {1};
    seed = 7;
    hour = (struct hour){0};
    lid = (struct contact){0};
    rig_open(&rig, JOURNAL_SECTORS_MIN);
    poller_open(&poller, ADDRESSES, 1, 20);
    head_init(&head, 1, 19200, REGISTERS_UNFIT_FROM, 700, 0);
}

static bool ask_head(struct poller_job *job, uint32_t now_ms)
{
    if (job->kind == POLLER_REPORT)
        job->report_bytes = head.rtu.registers.report(&head, job->report, now_ms);
    else if (job->kind == POLLER_READ_INPUT)
        return head.rtu.registers.read(&head, RTU_INPUT, job->first, job->count, job->values, now_ms) ==
               RTU_NO_EXCEPTION;
    else
        return head.rtu.registers.write(&head, job->first, job->count, job->values, now_ms) == RTU_NO_EXCEPTION;
    return true;
}

static void hear(const struct poller_news *news)
{
    if (news->tamper)
        rig_reader(&rig, TERMINAL_TAMPER, 1);
    if (news->up || news->down)
        rig_step(&rig, (struct terminal_input){.kind = news->up ? TERMINAL_READER_UP : TERMINAL_READER_DOWN,
                                               .reader = 1,
                                               .age_ms = news->since_ms});
    if (!news->tap)
        return;
    struct terminal_input tap = {
        .kind = TERMINAL_TAP, .reader = 1, .card_bytes = news->card_bytes, .age_ms = news->age_ms};
    memcpy(tap.card, news->card, news->card_bytes);
    enum feedback feedback = rig_step(&rig, tap).feedback;
    hour.recorded += feedback == FEEDBACK_RECORDED;
    hour.refused += feedback == FEEDBACK_FULL || feedback == FEEDBACK_FAULT;
    poller_answer(&poller, 1, feedback);
}

/* One request, of which so many of a hundred are lost, and as many answers of the rest that all together are. */
static void ask(uint32_t lost_of_hundred, bool contact)
{
    int64_t now_ms = rig.time.mono_ms;
    head.tamper = contact_open(&lid, contact, (uint32_t)now_ms);
    head_step(&head, (uint32_t)now_ms);
    struct poller_job job = poller_next(&poller, now_ms);
    if (job.kind == POLLER_WAIT)
        return;
    bool lost = chance(100) < lost_of_hundred, heard = !lost || chance(2) == 0;
    bool answered = heard && ask_head(&job, (uint32_t)now_ms) && !lost;
    struct poller_news news = poller_done(&poller, &job, answered ? job.values : NULL, now_ms);
    hear(&news);
}

/* Another card every half minute. */
static void hold_cards(void)
{
    if (rig.time.mono_ms / 30000 <= hour.held)
        return;
    uint8_t card[4] = {1, 2, (uint8_t)(++hour.held >> 8), (uint8_t)hour.held};
    CHECK(head_tap(&head, card, sizeof card, (uint32_t)rig.time.mono_ms));
}

/* How many events there are that are no taps. */
static int others(void)
{
    const struct journal *journal = &rig.terminal.journal;
    int count = 0;
    for (uint64_t sequence = 1; sequence < journal->next_sequence; sequence++) {
        struct event event;
        CHECK(journal_get(journal, sequence, &event) == JOURNAL_OK);
        count += event.kind != EVENT_TAP;
    }
    return count;
}

static bool all_were_recorded(void)
{
    for (int i = 0; i < 500; i++, rig_wait(&rig, MOMENT_MS)) /* the last one's answer */
        ask(0, false);
    if (hour.recorded != hour.held || hour.refused > 0)
        printf("# %d held, %d recorded, %d refused\n", hour.held, hour.recorded, hour.refused);
    return hour.held >= HOUR_MS / 30000 - 1 && hour.recorded == hour.held && hour.refused == 0;
}

static void a_chattering_contact_and_a_line_that_loses_most_cost_few_events(void)
{
    set_up();
    for (int64_t end_ms = rig.time.mono_ms + HOUR_MS; rig.time.mono_ms < end_ms; rig_wait(&rig, MOMENT_MS)) {
        hold_cards();
        ask(60, chance(2) == 0);
    }
    CHECK(all_were_recorded());
    int events = others();
    printf("# %d taps, %d other events\n", hour.recorded, events);
    CHECK(events <= 20);
}

/* The worst for what is damped: as long in as it takes to be told, and as long out. */
static void a_wire_that_comes_and_goes_is_one_outage(void)
{
    for (int64_t period_ms = 2000; period_ms <= 64000; period_ms *= 2) {
        set_up();
        for (int64_t end_ms = rig.time.mono_ms + HOUR_MS; rig.time.mono_ms < end_ms; rig_wait(&rig, MOMENT_MS))
            ask(rig.time.mono_ms / period_ms % 2 ? 100 : 0, rig.time.mono_ms / period_ms % 2);
        CHECK(others() <= 20);
    }
}

static void one_opening_of_the_lid_is_one_event(void)
{
    struct contact contact = {0};
    CHECK(!contact_open(&contact, false, 0));
    for (uint32_t ms = 1; ms < 400; ms++) /* pressed, rattling */
        CHECK(!contact_open(&contact, ms / 20 % 2 == 0, ms));
    for (uint32_t ms = 400; ms < 500; ms++)
        CHECK(contact_open(&contact, true, ms) == (ms >= 400 + CONTACT_OPEN_MS));
    for (uint32_t ms = 500; ms < 2500; ms++)
        CHECK(contact_open(&contact, ms / 500 % 2 == 0, ms)); /* never a second closed */
    for (uint32_t ms = 2500; ms < 5000; ms++)
        CHECK(contact_open(&contact, false, ms) == (ms < 2500 + CONTACT_CLOSED_MS));
    contact = (struct contact){0};
    for (uint32_t passed_ms = 0; passed_ms < 200; passed_ms++) /* the count wraps */
        CHECK(contact_open(&contact, true, UINT32_MAX - 20 + passed_ms) == (passed_ms >= CONTACT_OPEN_MS));
}

/* Of the second half of the room only taps use anything, and what waited comes when there is room. */
static void what_is_no_tap_leaves_room_for_taps(void)
{
    struct journal *journal = &rig.terminal.journal;
    set_up();
    for (int i = 0; i < 2 * JOURNAL_SECTOR_RECORDS; i++, rig_wait(&rig, 1000)) {
        rig_reader(&rig, TERMINAL_READER_DOWN, 1);
        rig_reader(&rig, TERMINAL_TAMPER, 2);
        rig_reader(&rig, TERMINAL_READER_UP, 1);
    }
    CHECK(journal_free(journal) >= journal_room(journal) / 2 - 1);
    uint32_t card = 1;
    for (uint32_t room = journal_free(journal); room > 0; room--)
        CHECK(rig_tap(&rig, 1, card++, 0) == FEEDBACK_RECORDED);
    CHECK(rig_tap(&rig, 1, card, 0) == FEEDBACK_FULL);
    uint64_t last = journal->next_sequence - 1;
    rig_hear_receipt(&rig, journal->generation, last);
    struct event event;
    CHECK(journal->next_sequence == last + 3); /* the tampering and the outage, once each */
    CHECK(journal_get(journal, last + 1, &event) == JOURNAL_OK && event.kind == EVENT_IN && event.reader == 1);
    CHECK(journal_get(journal, last + 2, &event) == JOURNAL_OK && event.kind == EVENT_TAMPER && event.reader == 2);
}

static void an_outage_bears_the_time_when_it_began_and_when_it_ended(void)
{
    set_up();
    rig_reader(&rig, TERMINAL_READER_UP, 1);
    rig_wait(&rig, 60000);
    rig_step(&rig, (struct terminal_input){.kind = TERMINAL_READER_DOWN, .reader = 1, .age_ms = 5000});
    int64_t out_ms = rig.time.utc_ms - 5000;
    rig_wait(&rig, 700000);
    rig_step(&rig, (struct terminal_input){.kind = TERMINAL_READER_UP, .reader = 1, .age_ms = 600000});
    const struct journal *journal = &rig.terminal.journal;
    struct event event;
    CHECK(journal_get(journal, journal->next_sequence - 2, &event) == JOURNAL_OK && event.kind == EVENT_OUT);
    CHECK(event.at_ms == out_ms);
    CHECK(journal_get(journal, journal->next_sequence - 1, &event) == JOURNAL_OK && event.kind == EVENT_IN);
    CHECK(event.from_ms == out_ms && event.at_ms == rig.time.utc_ms - 600000);
}

int main(void)
{
    TEST(a_chattering_contact_and_a_line_that_loses_most_cost_few_events);
    TEST(a_wire_that_comes_and_goes_is_one_outage);
    TEST(one_opening_of_the_lid_is_one_event);
    TEST(what_is_no_tap_leaves_room_for_taps);
    TEST(an_outage_bears_the_time_when_it_began_and_when_it_ended);
    return test_done();
}
