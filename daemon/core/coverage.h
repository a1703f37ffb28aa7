/* When could a terminal record? Known by positive evidence alone (docs/rollcall.md): from its signs of life to the spans
 * in which it counts as out, because nothing tells that it was not. Pure; the caller provides all memory.
 *
 * A life is a stretch of signs of one boot. Every sign says that all which the terminal recorded before it is here: an
 * event, because a journal is told in its order; a state, because nothing waited to be sent. So the terminal did not miss
 * anything within a life, nor between two lives of one boot. Between two boots it missed what the later one's boot event
 * says; before the first life and after the latest one, everything. What a terminal claims is held against what was heard. */
#ifndef DAEMON_CORE_COVERAGE_H
#define DAEMON_CORE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A terminal speaks at least every 60 s (docs/wire.md): so long after its latest sign it is not silent yet. */
#define COVERAGE_QUIET_MS 120000
/* How far back taps of a terminal are accepted without a person's decision. Older ones wait, so their absence
 * proves nothing. */
#define COVERAGE_WORD_MS (INT64_C(14) * 86400000)
#define COVERAGE_UNTOLD  INT64_MIN

/* UTC in Unix milliseconds; INT64_MIN, INT64_MAX = open. */
struct coverage_span {
    int64_t from_ms, to_ms;
};

struct coverage_life {
    int64_t from_ms, to_ms;
    uint64_t birth; /* of states: the boot's, as they say; 0 = of events */
    int64_t
        before_ms; /* of events, when the life begins with the boot's own: when the terminal was last alive before */
    bool able;     /* of states, at most COVERAGE_QUIET_MS apart: it said that all its readers record */
};

/* Sorts the lives by their beginning. */
void coverage_sort(struct coverage_life *lives, size_t count);

/* When nothing tells that the terminal could record, in order, as known at now_ms: at most 2 * count + 1 spans. `lives`
 * are sorted. The latest span is open, when there is one after the latest life. */
size_t coverage_silences(const struct coverage_life *lives, size_t count, int64_t now_ms, struct coverage_span *out);

/* What is left of a claimed outage of a reader when the terminal was heard saying that all of them record; of one of the
 * terminal as a whole (no power) when it was heard at all, or before and after in one boot. At most count + 1 spans. */
size_t coverage_of_reader(const struct coverage_life *lives, size_t count, struct coverage_span claim,
                          struct coverage_span *out);
size_t coverage_of_whole(const struct coverage_life *lives, size_t count, struct coverage_span claim,
                         struct coverage_span *out);

#endif
