/* The Modbus master's schedule: which reader to ask next, and what the answers mean. Pure; the port carries each job
 * out with libmodbus and reports the result.
 *
 * Answers to pupils go first, then each reader that is up is polled in turn; a head by function 17, whose reply is
 * four bytes when there is nothing new (at 19,200 baud 11 ms) and holds the tap when there is one (16 ms). A reader
 * that fails POLLER_FAILURES_MAX times in a row is probed instead, one probe at a time, so that an absent reader costs the
 * others one time-out in POLLER_PROBE_GAP_MS, and once a second when it counts as down (standing.h): what is told of a
 * reader is damped, what it is asked is not, and a tap is taken whenever it comes. A head repeats a tap until it is answered: the
 * same (boot nonce, card sequence) gets the same answer again and is not news. All times are real (monotonic). */
#ifndef FIRMWARE_CORE_POLLER_H
#define FIRMWARE_CORE_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"
#include "firmware/core/profile.h"
#include "firmware/core/registers.h"
#include "firmware/core/standing.h"
#include "firmware/core/trouble.h"
#include "common/token.h"

#define POLLER_READERS_MAX  8
#define POLLER_FAILURES_MAX 3
#define POLLER_PROBE_MS     1000
#define POLLER_PROBE_GAP_MS 125
#define POLLER_VALUES_MAX   32     /* registers or coils of one job */
#define POLLER_CAUSE_MS     10000  /* from one cause told of a reader that is down to the next at least */
#define POLLER_TAMPER_MS    600000 /* from one "case opened" of a reader to its next at least */

enum poller_job_kind {
    POLLER_WAIT,
    POLLER_REPORT,
    POLLER_READ_COIL,
    POLLER_READ_DISCRETE,
    POLLER_READ_INPUT,
    POLLER_READ_HOLDING,
    POLLER_READ_KEYS, /* of a keyboard: the card goes into `report`; 0 bytes: there is none */
    POLLER_WRITE_HOLDING,
    POLLER_WRITE_COIL
};

struct poller_job {
    enum poller_job_kind kind;
    uint8_t reader;        /* Modbus address */
    uint16_t first, count; /* registers or coils */
    uint16_t values[POLLER_VALUES_MAX];
    uint8_t report[REPORT_BYTES_MAX]; /* filled by the port: the reply to POLLER_REPORT, cut if it is longer */
    size_t report_bytes;              /* filled by the port: the reply's whole length */
    struct cause cause;               /* filled by the port when the job failed */
    int64_t wait_ms;
};

/* What has changed by a job's result. Several may be true. */
struct poller_news {
    bool up, down, tamper, tap;
    int64_t since_ms; /* up, down: for so long already */
    bool cause_told;  /* why it is down, with `down` or when that has changed; TROUBLE_UNSTEADY: it answers again */
    struct cause cause;
    uint16_t taps_lost; /* dropped by the head since it was last asked */
    uint8_t card[CARD_BYTES_MAX];
    size_t card_bytes;
    int64_t
        age_ms; /* -1: not known: longer ago than the head counts, or kept by a commercial reader that had been down */
};

struct poller_reader {
    uint8_t address;
    bool up;                        /* it serves, as far as its latest answers tell */
    struct standing standing;       /* what is told of it */
    struct cause cause, told_cause; /* why it does not serve; as told last, while it is down */
    int64_t cause_not_before_mono_ms;
    bool tamper, tamper_owed; /* the case is open; its latest opening is not told yet */
    int64_t tamper_not_before_mono_ms;
    unsigned failures;       /* in a row */
    int64_t failing_mono_ms; /* since when */
    int64_t due_mono_ms;
    uint16_t firmware_version, nonce, last_sequence, lost_taps;
    enum feedback answer;
    bool answer_due;
    enum head_mode mode_wanted, mode_written;
    bool keyboard;                 /* a reader that types */
    const struct profile *profile; /* a commercial reader; NULL: a head of ours */
    struct profile_reader commercial;
};

struct poller {
    struct poller_reader readers[POLLER_READERS_MAX];
    size_t reader_count;
    int64_t poll_ms;
    int64_t probe_not_before_mono_ms;
};

/* `poll_ms`: the least time from one poll of a reader to its next. */
void poller_open(struct poller *poller, const uint8_t *addresses, size_t count, int64_t poll_ms);
/* The reader at this address is a commercial one; `profile` is borrowed for good. */
void poller_profile(struct poller *poller, uint8_t address, const struct profile *profile);
/* The reader at this address is a keyboard. */
void poller_keyboard(struct poller *poller, uint8_t address);
struct poller_job poller_next(struct poller *poller, int64_t mono_ms);
/* `values`: the registers read, of a report anything; NULL when the job failed. The job is poller_next's latest. */
struct poller_news poller_done(struct poller *poller, const struct poller_job *job, const uint16_t *values,
                               int64_t mono_ms);
/* The answer to the tap that this reader has just reported. */
void poller_answer(struct poller *poller, uint8_t address, enum feedback feedback);
void poller_mode(struct poller *poller, uint8_t address, enum head_mode mode);
/* The whole bus is gone: marks reader number `index` as down. True when it was not down before. */
bool poller_lose(struct poller *poller, size_t index, int64_t mono_ms);

#endif
