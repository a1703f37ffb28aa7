/* One pupil's date: which lesson each tap belongs to, and the statuses that follow from this pupil's facts, in two steps
 * (docs/rollcall.md): rollcall_pupil_arrive takes the taps and decides by marks and by carry-over (1, 2); between the two
 * rollcall.c looks at each lesson as a whole; rollcall_pupil_decide does arrivals, parallel lessons and absences (3, 4).
 * Pure. */
#ifndef DAEMON_CORE_ROLLCALL_PUPIL_H
#define DAEMON_CORE_ROLLCALL_PUPIL_H

#include "daemon/core/rollcall.h"

#define SEAT_NONE UINT32_MAX

/* A pupil and a lesson of a group of theirs. */
struct seat {
    int64_t arrival_ms;
    uint32_t goes_on_from; /* of the pupil's seats; SEAT_NONE */
    uint16_t pupil, lesson_index, absent_minutes, mark_minutes;
    uint8_t status, by, doubt;
    uint8_t mark;  /* enum status of the teacher's mark that counts, STATUSES: none */
    bool expected; /* neither cancelled nor exempt by name */
    bool ended;    /* else it has no row and counts in no condition */
    bool arrived;
    bool decided;
    bool uncovered; /* nobody could be recorded there: set between the two steps */
};

/* A pupil's tap at a terminal that is listed on the date. */
struct rollcall_tap {
    int64_t at_ms;
    uint16_t terminal, room;
    bool entrance;
};

/* Everything of one pupil, in the orders that schoolday_seal gives. The seats are changed. */
struct rollcall_pupil {
    const struct schoolday *facts;
    const struct rollcall_settings *settings;
    struct seat *seats;              /* by start, lesson id */
    const struct rollcall_tap *taps; /* by time, terminal id */
    int64_t *taken_ms;               /* by terminal, working memory: the last tap there that a lesson took */
    const struct schoolday_absence *absences;
    const struct schoolday_mark *marks;
    size_t seat_count, tap_count, absence_count, mark_count;
};

void rollcall_pupil_arrive(struct rollcall_pupil *pupil);
/* `begins_ms`: of each of the facts' lessons, when it began (later than its start when the whole class came late). */
void rollcall_pupil_decide(struct rollcall_pupil *pupil, const int64_t *begins_ms);

/* Is the pupil expected at a lesson at that time, or so shortly before or after that a tap could be about it? */
bool rollcall_pupil_expected_around(const struct rollcall_pupil *pupil, int64_t at_ms);

/* The start of the first lesson that the pupil is expected at; INT64_MAX: of none. */
int64_t rollcall_pupil_first_start(const struct rollcall_pupil *pupil);

static inline bool seat_marked_there(const struct seat *seat)
{
    return seat->mark == STATUS_PRESENT || seat->mark == STATUS_LATE;
}
static inline void seat_decide(struct seat *seat, enum status status, int absent_minutes, enum rollcall_by by)
{
    seat->status = (uint8_t)status;
    seat->absent_minutes = (uint16_t)absent_minutes;
    seat->by = (uint8_t)by;
    seat->decided = true;
}

#endif
