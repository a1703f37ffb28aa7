/* Time counts against us only while there is a connection: a broker that is away is no reason to end. */
#include "daemon/pulse.h"

#include "common/fault.h"

static void forget_heard(struct pulse *pulse)
{
    if (pulse->heard)
        pulse->since_ms = pulse->latest_ms;
    pulse->heard = false;
}

void pulse_connected(struct pulse *pulse, int64_t mono_ms)
{
    pulse->connected = true;
    forget_heard(pulse);
    pulse->first_at_ms = INT64_MAX;
    pulse->last_at_ms = INT64_MIN;
    pulse->heard_mono_ms = pulse->acknowledged_mono_ms = mono_ms;
    pulse->sent_mono_ms = mono_ms - PULSE_EVERY_MS;
}

void pulse_disconnected(struct pulse *pulse)
{
    if (pulse->connected)
        pulse->unheard_ms +=
            pulse->turn_mono_ms > pulse->heard_mono_ms ? pulse->turn_mono_ms - pulse->heard_mono_ms : 0;
    pulse->connected = false;
    forget_heard(pulse);
}

bool pulse_is_due(const struct pulse *pulse, int64_t mono_ms)
{
    return pulse->connected && mono_ms - pulse->sent_mono_ms >= PULSE_EVERY_MS;
}

void pulse_sent(struct pulse *pulse, int64_t at_ms, int64_t mono_ms)
{
    pulse->first_at_ms = at_ms < pulse->first_at_ms ? at_ms : pulse->first_at_ms;
    pulse->last_at_ms = at_ms > pulse->last_at_ms ? at_ms : pulse->last_at_ms;
    pulse->sent_mono_ms = mono_ms;
}

bool pulse_heard(struct pulse *pulse, int64_t at_ms, int64_t mono_ms)
{
    if (!pulse->connected || at_ms < pulse->first_at_ms || at_ms > pulse->last_at_ms)
        return false;
    bool first = !pulse->heard;
    pulse->heard = true;
    pulse->latest_ms = at_ms;
    if (first)
        pulse->since_ms = at_ms;
    pulse->heard_mono_ms = mono_ms;
    pulse->unheard_ms = 0;
    return first;
}

static int64_t earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

void pulse_turn(struct pulse *pulse, uint64_t acknowledged, size_t outstanding, int64_t mono_ms)
{
    int64_t gap_ms = mono_ms - pulse->turn_mono_ms;
    if (gap_ms > PULSE_EVERY_MS) {
        pulse->heard_mono_ms = earlier(pulse->heard_mono_ms + gap_ms, mono_ms);
        pulse->acknowledged_mono_ms = earlier(pulse->acknowledged_mono_ms + gap_ms, mono_ms);
    }
    if (outstanding == 0 || acknowledged != pulse->acknowledged)
        pulse->acknowledged_mono_ms = mono_ms;
    pulse->acknowledged = acknowledged;
    pulse->turn_mono_ms = mono_ms;
}

enum pulse_verdict pulse_verdict(const struct pulse *pulse)
{
    int64_t silent_ms = pulse->turn_mono_ms - pulse->heard_mono_ms;
    if (!pulse->connected || FAULT(connection_is_life))
        return PULSE_WELL;
    if (pulse->unheard_ms + silent_ms >= PULSE_MUTE_MS)
        return PULSE_MUTE;
    if (silent_ms >= PULSE_SILENT_MS || pulse->turn_mono_ms - pulse->acknowledged_mono_ms >= PULSE_SILENT_MS)
        return PULSE_RECONNECT;
    return PULSE_WELL;
}
