/* Does work get through? The daemon's own state goes out every PULSE_EVERY_MS and comes back through the broker, and what
 * the broker must acknowledge is acknowledged: that is the proof, not that a connection stands or that a loop turns. Above
 * its limit a broker drops any packet to a client that reads too slowly, acknowledgements too, and leaves the connection as
 * it is.
 *
 * Pure: told of what happens, by a monotonic clock, it says what to do. Time in which there was no turn, a long import or a
 * machine that slept, says nothing and does not count. */
#ifndef DAEMON_PULSE_H
#define DAEMON_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PULSE_EVERY_MS  10000  /* real time between two of our states: two may be lost before anybody doubts */
#define PULSE_SILENT_MS 30000  /* nothing came back, or nothing was acknowledged, for so long: connect anew */
#define PULSE_MUTE_MS   120000 /* connected and never heard for so long, over any number of connections: end */

enum pulse_verdict {
    PULSE_WELL, /* or there is no connection, which proves nothing about us */
    PULSE_RECONNECT,
    PULSE_MUTE
};

/* Starts as all zero. */
struct pulse {
    bool connected, heard;           /* heard: on this connection */
    int64_t first_at_ms, last_at_ms; /* the states sent on this connection, by the time (UTC) in them */
    int64_t since_ms,
        latest_ms; /* since when (UTC) `heard` is what it is, and the latest state that came back; 0: never */
    int64_t sent_mono_ms, heard_mono_ms; /* heard: or connected, whichever is later */
    int64_t unheard_ms;                  /* connected without being heard, before this connection */
    uint64_t acknowledged;               /* messages, as last told */
    int64_t turn_mono_ms;
    int64_t acknowledged_mono_ms; /* that number has risen, or nothing was outstanding */
};

void pulse_connected(struct pulse *pulse, int64_t mono_ms);
void pulse_disconnected(struct pulse *pulse);
/* Is it time for our next state? */
bool pulse_is_due(const struct pulse *pulse, int64_t mono_ms);
/* A state with this time in it was sent. */
void pulse_sent(struct pulse *pulse, int64_t at_ms, int64_t mono_ms);
/* A state of ours came, live and not retained. One that was not sent on this connection says nothing. True: the first
 * that was. */
bool pulse_heard(struct pulse *pulse, int64_t at_ms, int64_t mono_ms);
/* Once a turn, after what has come: how many messages the broker has acknowledged since the start, and how many it owes. */
void pulse_turn(struct pulse *pulse, uint64_t acknowledged, size_t outstanding, int64_t mono_ms);
/* As it was at the latest turn. */
enum pulse_verdict pulse_verdict(const struct pulse *pulse);

#endif
