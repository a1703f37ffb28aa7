/* The roll call: from the facts of a date to one outcome for each pupil and lesson (docs/rollcall.md). A pure function of
 * school, facts, settings and the time it is told; run again whenever something about the date changes.
 *
 * The whole school at once: 2,000 pupils with 6 lessons take milliseconds. `struct rollcall` owns its results and working
 * memory, all taken in rollcall_open; results are valid until the next rollcall_day. */
#ifndef DAEMON_CORE_ROLLCALL_H
#define DAEMON_CORE_ROLLCALL_H

#include "daemon/core/school/schoolday.h"

#define ROLLCALL_ROWS_MAX   131072
#define ROLLCALL_ALL_CLOSED INT64_MAX /* as now_ms: every lesson and the day have closed */

enum room_match { ROOM_MATCH_SCHOOL, ROOM_MATCH_ROOM };
enum carry_over_match { CARRY_OVER_MATCH_GROUP, CARRY_OVER_MATCH_ROOM };

struct rollcall_settings {
    int32_t early_min, first_early_min, grace_min, late_max_min, carry_over_min, repeat_s;
    enum room_match room_match;
    enum carry_over_match carry_over_match;
    int32_t lesson_close_s; /* after its end */
    int32_t day_close_min;  /* after the end of the day's last lesson */
};
extern const struct rollcall_settings ROLLCALL_DEFAULTS;

/* Which sentence of the rules gave the status. */
enum rollcall_by {
    ROLLCALL_BY_CANCELLED,
    ROLLCALL_BY_EXEMPTION,
    ROLLCALL_BY_MARK,
    ROLLCALL_BY_CARRY_OVER,
    ROLLCALL_BY_ARRIVAL,
    ROLLCALL_BY_PARALLEL,
    ROLLCALL_BY_ABSENCE,
    ROLLCALL_BY_UNKNOWN,
    ROLLCALL_BY_NOTHING /* unreported */
};

/* Why nobody can know, in the order in which it is asked. */
enum rollcall_doubt {
    ROLLCALL_KNOWN,
    ROLLCALL_NO_COVER,      /* the room has no terminal on the date, and no entrance covers the pupil */
    ROLLCALL_OUTAGE,        /* the room's terminals could not record */
    ROLLCALL_SILENT_LESSON, /* (next to) nobody was there */
    ROLLCALL_SILENT_SCHOOL, /* next to nobody was at school on the date */
    ROLLCALL_AFTER_UNKNOWN, /* it goes on from one that nobody can know */
    ROLLCALL_DOUBTFUL_CARD, /* the pupil's card was another's too */
    ROLLCALL_SILENT_DAY     /* nobody can know of all the pupil's other lessons of the date */
};

struct rollcall_row {
    struct outcome outcome; /* outcome.lesson is the store's number; subject an index of the school */
    uint16_t pupil;         /* index of the school */
    uint16_t lesson_index;  /* in the facts' lessons */
    uint8_t by;             /* enum rollcall_by */
    uint8_t doubt;          /* enum rollcall_doubt, of BY_UNKNOWN; else KNOWN */
};

enum rollcall_stray_why {
    ROLLCALL_STRAY_UNKNOWN_CARD,
    ROLLCALL_STRAY_NOT_NOW,  /* a card that was or will be somebody's */
    ROLLCALL_STRAY_LEFT,     /* a card of one who is in no period at the school */
    ROLLCALL_STRAY_TWO,      /* a card of two pupils at once */
    ROLLCALL_STRAY_TERMINAL, /* not listed on the date */
    ROLLCALL_STRAY_NO_LESSON /* in a room, at no time when a lesson of its holder could have taken it */
};
struct rollcall_stray {
    uint32_t tap; /* its place in the facts */
    enum rollcall_stray_why why;
};

struct rollcall {
    const struct rollcall_row *rows; /* by pupil index, start, lesson id; only of lessons that have closed */
    size_t row_count;
    const uint8_t *doubts;               /* of each of the facts' lessons: the first enum rollcall_doubt of its rows */
    const struct rollcall_stray *strays; /* taps that count nowhere, for staff, each once */
    size_t stray_count;
    size_t lessons_closed; /* held or cancelled */
    int64_t day_closes_ms; /* INT64_MAX when the date has no lesson */
    bool day_closed;
    int64_t next_ms; /* when time alone changes the answer next; INT64_MAX = never */
    struct rollcall_work *work;
};

/* NULL with errno set when there is no memory. */
struct rollcall *rollcall_open(void);
void rollcall_close(struct rollcall *rollcall);

/* Takes the roll of `facts` (sealed, as is `school`) as it stands at now_ms. False when the date has more than
 * ROLLCALL_ROWS_MAX rows; there is no result then. */
bool rollcall_day(struct rollcall *rollcall, const struct school *school, const struct schoolday *facts,
                  const struct rollcall_settings *settings, int64_t now_ms);

#endif
