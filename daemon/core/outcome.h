/* A lesson outcome: what the roll call says of one pupil at one lesson, and how a pupil's day of them is packed for
 * the database. This is the value that crosses from roll call to detection and to the pages.
 *
 * The words and their meaning are those of docs/detection.md; minutes are whole. Plain values. */
#ifndef DAEMON_CORE_OUTCOME_H
#define DAEMON_CORE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum status {
    STATUS_PRESENT,
    STATUS_LATE,
    STATUS_REPORTED,
    STATUS_LEAVE,
    STATUS_UNREPORTED,
    STATUS_UNKNOWN,
    STATUS_CANCELLED,
    STATUS_EXEMPT,
    STATUSES
};

extern const char *const STATUS_WORDS[STATUSES];
bool status_read(const char *text, size_t length, enum status *out);

#define OUTCOME_LESSONS_MAX  40   /* rows of one pupil on one date; a school day has 5–8 */
#define OUTCOME_MINUTES_MAX  1440 /* of a lesson */
#define OUTCOME_PACKED_BYTES 13
#define OUTCOME_DAY_BYTES    (OUTCOME_LESSONS_MAX * OUTCOME_PACKED_BYTES)

struct outcome {
    uint32_t lesson;       /* the store's lesson number; 0 when it came from a file */
    uint16_t start_minute; /* of the local day */
    uint16_t minutes;      /* the lesson's length */
    uint16_t absent_minutes;
    uint16_t subject; /* interned: index in the owner's list of subjects */
    uint8_t status;   /* enum status */
};

/* Little-endian, OUTCOME_PACKED_BYTES each, in the order given. Returns bytes written. */
size_t outcome_pack(const struct outcome *outcomes, size_t count, uint8_t out[OUTCOME_DAY_BYTES]);
/* Returns the count, or -1 when the bytes are no such day (length, status, minutes over
 * OUTCOME_MINUTES_MAX, absent minutes over the lesson's). */
int outcome_unpack(const uint8_t *bytes, size_t length, struct outcome out[OUTCOME_LESSONS_MAX]);

/* Minutes of lessons, by what they count as (docs/detection.md). */
struct outcome_minutes {
    int64_t counted;            /* of lessons that are known, leave left out */
    int64_t absent, unreported; /* missed in those; unreported is a part of absent */
    int64_t leave, on_leave;    /* of lessons with leave; missed in them */
    int64_t unknown;
};

void outcome_add(struct outcome_minutes *minutes, const struct outcome *outcomes, size_t count);

/* What a date is to a pupil, in the words of docs/detection.md: the one definition for sentences, calendar and paper; the
 * measures of rules count the same days. */
enum day_kind {
    DAY_NONE,     /* no lesson that counts */
    DAY_UNKNOWN,  /* lessons, and nobody can know of any */
    DAY_LEAVE,    /* all known time was leave: no absence */
    DAY_ABSENT,   /* every known minute was missed, leave aside */
    DAY_PARTIAL,  /* no absent day, and at least one lesson missed: a late arrival misses none */
    DAY_ATTENDED, /* what remains; late arrivals and leave of a part are here, too */
    DAY_KINDS
};
extern const char *const DAY_WORDS[DAY_KINDS];

enum day_kind outcome_day(const struct outcome *outcomes, size_t count);

#endif
