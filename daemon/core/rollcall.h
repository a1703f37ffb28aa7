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

struct rollcall_settings {
    int32_t early_min, grace_min, late_max_min, carry_over_min, repeat_s;
    enum room_match room_match;
    int32_t lesson_close_s; /* after its end */
    int32_t day_close_min;  /* after the end of the day's last lesson */
};
extern const struct rollcall_settings ROLLCALL_DEFAULTS;

/* Which sentence of the rules gave the status. */
enum rollcall_by {
    ROLLCALL_BY_CANCELLED,
    ROLLCALL_BY_EXEMPTION,
    ROLLCALL_BY_MARK,
    ROLLCALL_BY_ARRIVAL,
    ROLLCALL_BY_ABSENCE,
    ROLLCALL_BY_CARRY_OVER,
    ROLLCALL_BY_ELSEWHERE,
    ROLLCALL_BY_UNKNOWN,
    ROLLCALL_BY_NOTHING /* unreported */
};

struct rollcall_row {
    struct outcome outcome; /* outcome.lesson is the store's number; subject an index of the school */
    uint16_t pupil;         /* index of the school */
    uint16_t lesson_index;  /* in the facts' lessons */
    uint8_t by;             /* enum rollcall_by */
};

/* Why nobody can know; ROLLCALL_KNOWN for a lesson that is fine, not held or not closed. */
enum rollcall_doubt {
    ROLLCALL_KNOWN,
    ROLLCALL_NO_TERMINAL,
    ROLLCALL_OUTAGE,
    ROLLCALL_SILENT,      /* a terminal that recorded next to nobody, though the pupils were at school */
    ROLLCALL_SILENT_MAYBE /* the same before the day's close: it can still turn out so */
};

enum rollcall_stray_why {
    ROLLCALL_STRAY_NO_OWNER,
    ROLLCALL_STRAY_EXPIRED, /* a card that is nobody's on this date, but was or will be */
    ROLLCALL_STRAY_TWO_OWNERS,
    ROLLCALL_STRAY_TERMINAL /* not listed */
};
struct rollcall_stray {
    uint32_t source; /* of the tap */
    enum rollcall_stray_why why;
};

struct rollcall {
    const struct rollcall_row *rows; /* by pupil index, start, lesson id; only of lessons that have closed */
    size_t row_count;
    const uint8_t *doubts;               /* enum rollcall_doubt of each of the facts' lessons */
    const struct rollcall_stray *strays; /* taps that count nowhere, for staff */
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
