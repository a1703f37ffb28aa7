/* One pupil's date: which lesson each tap belongs to, and the statuses that follow from this pupil's facts alone (sentences
 * 1 to 5 of docs/rollcall.md; 6 and 7 look at the whole lesson and are in rollcall.c). Pure. */
#ifndef DAEMON_CORE_ROLLCALL_PUPIL_H
#define DAEMON_CORE_ROLLCALL_PUPIL_H

#include "daemon/core/rollcall.h"

/* A pupil and a lesson of a group of theirs. */
struct seat {
    int64_t arrival_ms;
    uint16_t pupil, lesson_index, absent_minutes;
    uint8_t status, by;
    bool expected; /* neither cancelled nor exempt by name */
    bool arrived;
    bool decided;
};

/* Everything of one pupil, in the orders that schoolday_seal gives. The seats are changed. */
struct pupil_facts {
    struct seat *seats;
    const struct schoolday_tap *taps; /* this pupil's, by time, at listed terminals */
    const struct schoolday_absence *absences;
    const struct schoolday_mark *marks;
    size_t seat_count, tap_count, absence_count, mark_count;
};

/* `counted` has room for tap_count taps. */
void rollcall_pupil(const struct pupil_facts *pupil, const struct school *school, const struct schoolday *facts,
                    const struct rollcall_settings *settings, struct schoolday_tap *counted);

static inline bool seat_attended(const struct seat *seat)
{
    return seat->decided && (seat->status == STATUS_PRESENT || seat->status == STATUS_LATE);
}
static inline void seat_decide(struct seat *seat, enum status status, int absent_minutes, enum rollcall_by by)
{
    seat->status = (uint8_t)status;
    seat->absent_minutes = (uint16_t)absent_minutes;
    seat->by = (uint8_t)by;
    seat->decided = true;
}

#endif
