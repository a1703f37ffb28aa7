/* Could anybody be recorded? Which terminals hang where on the date, and when none of a room's, or of the entrances, could
 * record (docs/rollcall.md, *Nobody can know*). Pure. */
#ifndef DAEMON_CORE_ROLLCALL_COVER_H
#define DAEMON_CORE_ROLLCALL_COVER_H

#include "daemon/core/rollcall.h"

#define ROLLCALL_OUTAGE_TOLERATED_MS 120000 /* above this total an arrival may have been missed */
#define ROLLCALL_OUTAGE_AFTER_MIN    15     /* outages matter up to so long after a lesson's start */

struct rollcall_span {
    int64_t from_ms, to_ms;
};

struct rollcall_cover {
    const struct school_place *places[SCHOOL_TERMINALS_MAX]; /* on the date; NULL: not listed */
    uint16_t entrances[SCHOOL_TERMINALS_MAX];
    uint16_t room_terminals[SCHOOL_TERMINALS_MAX]; /* by room: room r has [room_first[r], room_first[r + 1]) of them */
    uint32_t room_first[SCHOOL_ROOM_INDICES + 1];
    uint32_t outage_first[SCHOOL_TERMINALS_MAX + 1]; /* the same of the facts' outages, by terminal */
    size_t entrance_count, entrances_out_count;
    struct rollcall_span entrances_out[SCHOOLDAY_OUTAGES_MAX + 1]; /* when no entrance could record */
    struct rollcall_span scratch[2][SCHOOLDAY_OUTAGES_MAX + 1];
};

void rollcall_cover_day(struct rollcall_cover *cover, const struct school *school, const struct schoolday *facts);
/* Of the lesson's room alone: KNOWN, NO_COVER or OUTAGE. */
enum rollcall_doubt rollcall_cover_lesson(struct rollcall_cover *cover, const struct schoolday *facts,
                                          const struct schoolday_lesson *lesson,
                                          const struct rollcall_settings *settings);
/* Whether some entrance could record in all of that time but the tolerated outage. */
bool rollcall_cover_entrance(const struct rollcall_cover *cover, int64_t from_ms, int64_t to_ms);

#endif
