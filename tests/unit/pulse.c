/* Does work get through? What comes back from the broker counts, by a clock that the test moves; and how many lines the log
 * gets about whoever sends nonsense. */
#include "daemon/pulse.h"

#include "common/log.h"
#include "daemon/complaints.h"
#include "tests/test.h"

#define TURN_MS 500

static struct pulse pulse;
static int64_t mono_ms;

static void connect(void)
{
    pulse = (struct pulse){0};
    mono_ms = 1000000;
    pulse_turn(&pulse, 0, 0, mono_ms);
    pulse_connected(&pulse, mono_ms);
}

static void state_is_sent(int64_t at_ms)
{
    CHECK(pulse_is_due(&pulse, mono_ms));
    pulse_sent(&pulse, at_ms, mono_ms);
    CHECK(!pulse_is_due(&pulse, mono_ms));
}

static size_t outstanding;

/* So much time goes by, with turns. */
static enum pulse_verdict after(int64_t ms)
{
    for (int64_t step_ms; ms > 0; ms -= step_ms) {
        step_ms = ms < TURN_MS ? ms : TURN_MS;
        mono_ms += step_ms;
        pulse_turn(&pulse, 0, outstanding, mono_ms);
    }
    return pulse_verdict(&pulse);
}

static void who_is_heard_lives(void)
{
    connect();
    for (int64_t at_ms = 1; at_ms < 50; at_ms++) {
        state_is_sent(at_ms);
        CHECK(after(PULSE_EVERY_MS) == PULSE_WELL);
        CHECK(pulse_heard(&pulse, at_ms, mono_ms) == (at_ms == 1));
    }
}

static void who_is_silent_connects_anew(void)
{
    connect();
    state_is_sent(1);
    CHECK(pulse_heard(&pulse, 1, mono_ms));
    CHECK(after(PULSE_SILENT_MS - 1) == PULSE_WELL);
    CHECK(after(1) == PULSE_RECONNECT);
    pulse_disconnected(&pulse);
    CHECK(after(PULSE_MUTE_MS) == PULSE_WELL); /* nobody is there to be heard by */
}

/* Three connections of which nothing came, with pauses that do not count. */
static void who_stays_mute_ends(void)
{
    connect();
    for (int i = 0; i < 3; i++) {
        CHECK(after(PULSE_SILENT_MS) == PULSE_RECONNECT);
        pulse_disconnected(&pulse);
        CHECK(after(PULSE_MUTE_MS) == PULSE_WELL);
        pulse_connected(&pulse, mono_ms);
    }
    CHECK(after(PULSE_MUTE_MS - 3 * PULSE_SILENT_MS - 1) != PULSE_MUTE);
    CHECK(after(1) == PULSE_MUTE);
}

static void one_word_that_comes_back_begins_anew(void)
{
    connect();
    CHECK(after(PULSE_MUTE_MS - 1) == PULSE_RECONNECT);
    state_is_sent(5);
    CHECK(pulse_heard(&pulse, 5, mono_ms));
    CHECK(after(PULSE_SILENT_MS - 1) == PULSE_WELL);
}

/* An older process's word, or one of the connection before: it proves nothing about this connection. */
static void a_word_of_another_connection_is_not_ours(void)
{
    connect();
    CHECK(!pulse_heard(&pulse, 5, mono_ms));
    state_is_sent(5);
    CHECK(!pulse_heard(&pulse, 4, mono_ms) && !pulse_heard(&pulse, 6, mono_ms) && !pulse.heard);
    pulse_connected(&pulse, ++mono_ms);
    CHECK(!pulse_heard(&pulse, 5, mono_ms) && !pulse.heard);
}

/* From the first word on a connection on; and of silence, from the last word before it. */
static void since_when_is_told(void)
{
    connect();
    CHECK(pulse.since_ms == 0);
    pulse_sent(&pulse, 1000, mono_ms);
    pulse_sent(&pulse, 2000, mono_ms);
    pulse_heard(&pulse, 1000, mono_ms);
    pulse_heard(&pulse, 2000, mono_ms);
    CHECK(pulse.heard && pulse.since_ms == 1000);
    pulse_disconnected(&pulse);
    CHECK(!pulse.heard && pulse.since_ms == 2000);
    pulse_connected(&pulse, ++mono_ms);
    pulse_disconnected(&pulse);
    pulse_connected(&pulse, ++mono_ms);
    CHECK(!pulse.heard && pulse.since_ms == 2000);
    pulse_sent(&pulse, 5000, mono_ms);
    pulse_heard(&pulse, 5000, mono_ms);
    CHECK(pulse.heard && pulse.since_ms == 5000);
}

/* The broker dropped acknowledgements: our own state still comes back, but plans do not go out any more. */
static void an_acknowledgement_that_never_comes_is_noticed(void)
{
    connect();
    state_is_sent(1);
    CHECK(pulse_heard(&pulse, 1, mono_ms));
    outstanding = 3;
    for (int i = 0; i < 2; i++) {
        CHECK(after(PULSE_EVERY_MS) == PULSE_WELL);
        CHECK(!pulse_heard(&pulse, 1, mono_ms));
    }
    CHECK(after(PULSE_EVERY_MS) == PULSE_RECONNECT);
    pulse_heard(&pulse, 1, mono_ms);
    CHECK(pulse_verdict(&pulse) == PULSE_RECONNECT);
    pulse_turn(&pulse, 1, 2, mono_ms); /* slow is not dead */
    CHECK(pulse_verdict(&pulse) == PULSE_WELL);
    outstanding = 0;
}

/* An import that takes ten minutes, and a machine that slept over night. */
static void time_without_turns_does_not_count(void)
{
    connect();
    state_is_sent(1);
    CHECK(pulse_heard(&pulse, 1, mono_ms));
    outstanding = 1;
    CHECK(after(PULSE_EVERY_MS) == PULSE_WELL);
    mono_ms += 36000000;
    pulse_turn(&pulse, 0, outstanding, mono_ms);
    CHECK(pulse_verdict(&pulse) == PULSE_WELL && after(PULSE_EVERY_MS) == PULSE_WELL);
    CHECK(after(PULSE_EVERY_MS) == PULSE_RECONNECT);
    outstanding = 0;
}

static struct complaints complaints;

static unsigned lines_about(const char *source, unsigned messages)
{
    unsigned written = 0;
    for (unsigned i = 0; i < messages; i++)
        written += complaints_may(&complaints, source);
    return written;
}

static void lines_of_the_log_are_bounded_by_source(void)
{
    complaints_tell(&complaints, 1000);
    CHECK(lines_about("t-1", 1000) == COMPLAINTS_EACH_MAX);
    CHECK(lines_about("t-2", 2) == 2);
    complaints_tell(&complaints, 1000 + COMPLAINTS_EVERY_MS - 1);
    CHECK(lines_about("t-1", 1) == 0 && complaints.of[0].lines == 1001);
    complaints_tell(&complaints, 1000 + COMPLAINTS_EVERY_MS); /* says 996 */
    CHECK(complaints.count == 0 && lines_about("t-1", 1) == 1);
}

static void sources_beyond_the_table_share_one_place(void)
{
    char source[ID_BYTES];
    complaints = (struct complaints){0};
    unsigned written = 0;
    for (int i = 0; i < COMPLAINTS_SOURCES_MAX + 100; i++) {
        snprintf(source, sizeof source, "t-%d", i);
        written += lines_about(source, 1);
    }
    CHECK(written == COMPLAINTS_SOURCES_MAX + COMPLAINTS_EACH_MAX);
    CHECK(complaints.of[COMPLAINTS_SOURCES_MAX].lines == 100);
    complaints_tell(&complaints, COMPLAINTS_EVERY_MS);
    CHECK(complaints.count == 0);
}

int main(void)
{
    log_open("pulse", LOG_WARN);
    TEST(who_is_heard_lives);
    TEST(who_is_silent_connects_anew);
    TEST(who_stays_mute_ends);
    TEST(one_word_that_comes_back_begins_anew);
    TEST(a_word_of_another_connection_is_not_ours);
    TEST(since_when_is_told);
    TEST(an_acknowledgement_that_never_comes_is_noticed);
    TEST(time_without_turns_does_not_count);
    TEST(lines_of_the_log_are_bounded_by_source);
    TEST(sources_beyond_the_table_share_one_place);
    return test_done();
}
