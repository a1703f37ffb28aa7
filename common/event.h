/* One event: what a terminal saw; the unit that is journalled, published, stored and acknowledged by a receipt.
 *
 * An event never changes once the journal holds it. Its identity is (terminal, generation, sequence); the terminal
 * is not in it, because the topic names the sender (docs/wire.md). It holds a token and never a card number. Plain
 * values: nothing in it has to be freed. */
#ifndef COMMON_EVENT_H
#define COMMON_EVENT_H

#include <stdint.h>
#include "common/ids.h"

enum event_kind {
    EVENT_TAP,    /* a card was held to a reader */
    EVENT_ENROL,  /* the same in enrolment mode: no attendance */
    EVENT_BOOT,   /* the terminal started; from_ms is when it was last known alive (0 = not known) */
    EVENT_CLOCK,  /* ties (boot, mono_ms) to at_ms, so that earlier events of that boot can be dated */
    EVENT_OUT,    /* reader could not record from at_ms on */
    EVENT_IN,     /* reader records again at at_ms; it was out since from_ms */
    EVENT_LOST,   /* the journal could not read back sequence … last_sequence */
    EVENT_TAMPER, /* the case was opened */
    EVENT_KINDS
};

enum clock_quality { CLOCK_UNSET, CLOCK_RTC, CLOCK_SYNCED, CLOCK_QUALITIES };

enum feedback {
    FEEDBACK_NONE,
    FEEDBACK_OK,
    FEEDBACK_LATE,
    FEEDBACK_OTHER_ROOM,
    FEEDBACK_UNKNOWN_CARD,
    FEEDBACK_AGAIN,
    FEEDBACK_RECORDED, /* kept, but without a clock or a plan it cannot be judged */
    FEEDBACK_FULL,     /* not kept: the journal is full */
    FEEDBACK_FAULT,    /* not kept: the journal cannot write */
    FEEDBACK_ENROLMENT,
    FEEDBACK_UNFIT_CARD, /* not kept: a number that is nobody's card, token_unfit() */
    FEEDBACKS
};

struct event {
    uint64_t generation;    /* the journal's: random, new when a journal is created */
    uint64_t sequence;      /* 1, 2, 3 … in that generation */
    uint64_t last_sequence; /* EVENT_LOST: end of the range; otherwise equal to sequence */
    uint64_t oldest;        /* the lowest sequence that the journal still holds */
    enum event_kind kind;
    enum clock_quality clock; /* how far at_ms can be trusted */
    enum feedback feedback;   /* what the pupil was shown */
    uint8_t reader;           /* Modbus address; 0 when no reader is meant */
    uint32_t boot;            /* the terminal's boot count */
    int64_t mono_ms;          /* monotonic time since that boot */
    int64_t at_ms;            /* UTC in Unix milliseconds; 0 when clock is CLOCK_UNSET */
    int64_t from_ms;          /* UTC, see EVENT_BOOT and EVENT_IN; 0 = not known */
    int64_t age_ms;           /* from tap to sending when both were in this boot; -1 = not known */
    uint64_t token;           /* the card, see common/token.h; 0 when no card is meant */
};

#endif
