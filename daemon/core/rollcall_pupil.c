/* Taps are assigned in order of time; each decision of docs/rollcall.md then applies only to seats that none before
 * it has decided. */
#include "daemon/core/rollcall_pupil.h"
#include "common/civil.h"
#include "common/fault.h"

static const struct schoolday_lesson *lesson_of(const struct rollcall_pupil *pupil, const struct seat *seat)
{
    return &pupil->facts->lessons[seat->lesson_index];
}

int64_t rollcall_pupil_first_start(const struct rollcall_pupil *pupil)
{
    for (size_t i = 0; i < pupil->seat_count; i++)
        if (pupil->seats[i].expected)
            return lesson_of(pupil, &pupil->seats[i])->start_ms;
    return INT64_MAX;
}

/* The last of a lesson's marks is the latest: they are sorted by lesson, time, row. Those of a status that a teacher cannot
 * give are passed over. */
static void find_mark(const struct rollcall_pupil *pupil, struct seat *seat)
{
    const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
    seat->mark = STATUSES;
    for (size_t i = 0; i < pupil->mark_count; i++) {
        const struct schoolday_mark *mark = &pupil->marks[i];
        if (mark->lesson != lesson->lesson || mark->status == STATUS_CANCELLED || mark->status == STATUS_EXEMPT ||
            (FAULT(superseded_mark_counts) && seat->mark != STATUSES))
            continue;
        bool no_minutes = mark->status == STATUS_PRESENT || mark->status == STATUS_UNKNOWN;
        seat->mark = mark->status;
        /* The lesson may have become shorter since the mark was made. */
        seat->mark_minutes = no_minutes                               ? 0
                             : mark->absent_minutes < lesson->minutes ? mark->absent_minutes
                                                                      : lesson->minutes;
    }
}

/* Finds the lesson that this one goes on from: of the expected lessons in the same room (and, by the setting,
 * group) that ended before it starts, the latest; none if the break is too long. */
static void find_goes_on_from(const struct rollcall_pupil *pupil, struct seat *seat)
{
    const struct schoolday_lesson *lesson = lesson_of(pupil, seat), *last = NULL;
    bool any_group = pupil->settings->carry_over_match == CARRY_OVER_MATCH_ROOM;
    seat->goes_on_from = SEAT_NONE;
    for (size_t i = 0; i < pupil->seat_count && lesson->room != SCHOOL_NO_ROOM; i++) {
        const struct schoolday_lesson *other = lesson_of(pupil, &pupil->seats[i]);
        if (!pupil->seats[i].expected || other->room != lesson->room || other->end_ms > lesson->start_ms ||
            (!any_group && other->group != lesson->group) || (last != NULL && other->end_ms <= last->end_ms))
            continue;
        last = other;
        seat->goes_on_from = (uint32_t)i;
    }
    if (last != NULL &&
        lesson->start_ms - last->end_ms > (int64_t)pupil->settings->carry_over_min * CIVIL_MS_PER_MINUTE &&
        !FAULT(goes_on_after_any_break))
        seat->goes_on_from = SEAT_NONE;
}

/* Lessons that overlap by more than half of the shorter one: a pupil can be at only one of them. */
static bool parallel(const struct schoolday_lesson *a, const struct schoolday_lesson *b)
{
    int64_t from_ms = a->start_ms > b->start_ms ? a->start_ms : b->start_ms;
    int64_t to_ms = a->end_ms < b->end_ms ? a->end_ms : b->end_ms;
    int64_t a_ms = a->end_ms - a->start_ms, b_ms = b->end_ms - b->start_ms;
    int64_t shorter_ms = a_ms < b_ms ? a_ms : b_ms;
    return FAULT(overlap_of_a_minute) ? to_ms > from_ms : 2 * (to_ms - from_ms) > shorter_ms;
}

/* Whether the pupil's absences of one type together cover at least half of [from, to). Those of one type are sorted
 * by start. */
static bool half_covered(const struct rollcall_pupil *pupil, bool leave, int64_t from_ms, int64_t to_ms)
{
    int64_t total_ms = 0, reached_ms = from_ms;
    for (size_t i = 0; i < pupil->absence_count; i++) {
        const struct schoolday_absence *absence = &pupil->absences[i];
        int64_t start_ms = absence->from_ms > reached_ms ? absence->from_ms : reached_ms;
        int64_t end_ms = absence->to_ms < to_ms ? absence->to_ms : to_ms;
        if ((absence->leave != leave && !FAULT(absence_types_added)) || start_ms >= end_ms)
            continue;
        total_ms += end_ms - start_ms;
        reached_ms = end_ms;
    }
    return FAULT(covered_by_a_minute) ? total_ms > 0 : 2 * total_ms >= to_ms - from_ms;
}

static bool arrived_before(const struct seat *seat, int64_t before_ms)
{
    return seat->arrived && seat->arrival_ms < before_ms;
}

static bool at_a_parallel_lesson(const struct rollcall_pupil *pupil, const struct seat *seat, int64_t before_ms)
{
    const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
    for (size_t i = 0; i < pupil->seat_count; i++) {
        const struct seat *other = &pupil->seats[i];
        if (other != seat && other->expected && other->ended &&
            (arrived_before(other, before_ms) || seat_marked_there(other)) && parallel(lesson, lesson_of(pupil, other)))
            return true;
    }
    return false;
}

static bool was_there_at_end(const struct rollcall_pupil *pupil, const struct seat *seat, int64_t before_ms);

/* Whether the pupil is present because the lesson goes on from one at whose end the pupil was there, judged by the
 * marks and by the taps before an instant. Recursive over was_there_at_end; each step goes to an earlier lesson. */
static bool carried_over(const struct rollcall_pupil *pupil, const struct seat *seat, int64_t before_ms)
{
    if (seat->goes_on_from == SEAT_NONE || !was_there_at_end(pupil, &pupil->seats[seat->goes_on_from], before_ms))
        return false;
    const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
    return arrived_before(seat, before_ms) || (!half_covered(pupil, true, lesson->start_ms, lesson->end_ms) &&
                                               !half_covered(pupil, false, lesson->start_ms, lesson->end_ms) &&
                                               !at_a_parallel_lesson(pupil, seat, before_ms));
}

/* A mark takes precedence over taps: with less than the whole lesson missed the pupil was there, as after coming
 * late. */
static bool was_there_at_end(const struct rollcall_pupil *pupil, const struct seat *seat, int64_t before_ms)
{
    if (seat->mark != STATUSES)
        return seat_marked_there(seat) ||
               (seat->mark != STATUS_UNKNOWN && seat->mark_minutes < lesson_of(pupil, seat)->minutes);
    if (FAULT(label_not_arrival) && seat->arrived &&
        2 * seat->arrival_ms > lesson_of(pupil, seat)->start_ms + lesson_of(pupil, seat)->end_ms)
        return false;
    return arrived_before(seat, before_ms) || carried_over(pupil, seat, before_ms);
}

/* Whether the tap is made on leaving a lesson that has just ended, and so is not an arrival at the next. */
static bool is_leaving(const struct rollcall_pupil *pupil, const struct rollcall_tap *tap)
{
    int64_t early_ms = (int64_t)pupil->settings->early_min * CIVIL_MS_PER_MINUTE;
    for (size_t i = 0; i < pupil->seat_count && tap->room != SCHOOL_NO_ROOM; i++) {
        const struct seat *seat = &pupil->seats[i];
        const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
        if (seat->expected && lesson->room == tap->room && lesson->end_ms <= tap->at_ms &&
            tap->at_ms < lesson->end_ms + early_ms && was_there_at_end(pupil, seat, tap->at_ms))
            return true;
    }
    return false;
}

/* How long before its start a tap may come: longer for the first lesson of a day. */
static int64_t early_ms(const struct rollcall_pupil *pupil, const struct schoolday_lesson *lesson,
                        int64_t first_start_ms)
{
    bool first = lesson->start_ms == first_start_ms;
    return (int64_t)(first ? pupil->settings->first_early_min : pupil->settings->early_min) * CIVIL_MS_PER_MINUTE;
}

bool rollcall_pupil_expected_around(const struct rollcall_pupil *pupil, int64_t at_ms)
{
    int64_t first_start_ms = rollcall_pupil_first_start(pupil);
    int64_t after_ms = (int64_t)pupil->settings->early_min * CIVIL_MS_PER_MINUTE;
    for (size_t i = 0; i < pupil->seat_count; i++) {
        const struct schoolday_lesson *lesson = lesson_of(pupil, &pupil->seats[i]);
        if (pupil->seats[i].expected && at_ms >= lesson->start_ms - early_ms(pupil, lesson, first_start_ms) &&
            at_ms < lesson->end_ms + after_ms)
            return true;
    }
    return false;
}

/* The first seat of each kind that a tap can go to, and whether anything is going on. */
struct candidates {
    struct seat *here_now, *here_soon, *away_now, *away_soon;
    bool any_now;
};

/* Here: in the room of the tap. Soon: not begun, but within the time allowed before it. */
static struct candidates candidates_for(const struct rollcall_pupil *pupil, const struct rollcall_tap *tap)
{
    struct candidates found = {0};
    int64_t first_start_ms = rollcall_pupil_first_start(pupil);
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
        if (!seat->expected || tap->at_ms < lesson->start_ms - early_ms(pupil, lesson, first_start_ms) ||
            tap->at_ms >= lesson->end_ms)
            continue;
        bool now = lesson->start_ms <= tap->at_ms, here = tap->room != SCHOOL_NO_ROOM && lesson->room == tap->room;
        found.any_now = found.any_now || now;
        struct seat **place =
            here ? (now ? &found.here_now : &found.here_soon) : (now ? &found.away_now : &found.away_soon);
        if (!seat->arrived && *place == NULL)
            *place = seat;
    }
    return found;
}

/* A lesson in the room of the tap first, one going on before one to come; elsewhere only if the settings allow it. */
static struct seat *seat_for_tap(const struct rollcall_pupil *pupil, const struct rollcall_tap *tap)
{
    struct candidates found = candidates_for(pupil, tap);
    if (found.here_now != NULL || found.here_soon != NULL)
        return found.here_now != NULL ? found.here_now : found.here_soon;
    bool elsewhere = found.away_now != NULL || (found.away_soon != NULL && !found.any_now);
    if (!elsewhere || pupil->settings->room_match == ROOM_MATCH_ROOM ||
        (is_leaving(pupil, tap) && !FAULT(leaving_is_arriving)))
        return NULL;
    return found.away_now != NULL ? found.away_now : found.away_soon;
}

/* An entrance tap counts as the first arrival, or as a return from an absence that began after the last arrival. */
static bool entrance_counts(const struct rollcall_pupil *pupil, int64_t last_arrival_ms, int64_t at_ms)
{
    if (last_arrival_ms == INT64_MIN || FAULT(entrance_at_any_time))
        return true;
    for (size_t i = 0; i < pupil->absence_count; i++)
        if (pupil->absences[i].from_ms > last_arrival_ms && pupil->absences[i].from_ms <= at_ms)
            return true;
    return false;
}

/* Repeats at a terminal within repeat_s of a tap that counted are ignored; a tap without a seat starts no such
 * time. */
static void take_taps(struct rollcall_pupil *pupil)
{
    int64_t repeat_ms = (int64_t)pupil->settings->repeat_s * 1000, last_arrival_ms = INT64_MIN;
    for (size_t i = 0; i < pupil->tap_count; i++)
        pupil->taken_ms[pupil->taps[i].terminal] = INT64_MIN;
    for (size_t i = 0; i < pupil->tap_count; i++) {
        const struct rollcall_tap *tap = &pupil->taps[i];
        int64_t *taken_ms = &pupil->taken_ms[tap->terminal];
        if (*taken_ms != INT64_MIN && tap->at_ms - *taken_ms < repeat_ms)
            continue;
        if (tap->entrance && !entrance_counts(pupil, last_arrival_ms, tap->at_ms))
            continue;
        struct seat *seat = seat_for_tap(pupil, tap);
        if (seat == NULL)
            continue;
        seat->arrived = true;
        seat->arrival_ms = *taken_ms = last_arrival_ms = tap->at_ms;
    }
}

void rollcall_pupil_arrive(struct rollcall_pupil *pupil)
{
    for (size_t i = 0; i < pupil->seat_count; i++) {
        find_mark(pupil, &pupil->seats[i]);
        find_goes_on_from(pupil, &pupil->seats[i]);
    }
    take_taps(pupil);
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        if (!seat->expected || !seat->ended)
            continue;
        if (seat->mark != STATUSES)
            seat_decide(seat, (enum status)seat->mark, seat->mark_minutes, ROLLCALL_BY_MARK);
        else if (carried_over(pupil, seat, INT64_MAX))
            seat_decide(seat, STATUS_PRESENT, 0, ROLLCALL_BY_CARRY_OVER);
    }
}

/* Late arrival: within the grace present; otherwise an absence that covers half of the time missed, then unreported
 * or late. */
static void decide_by_arrival(const struct rollcall_pupil *pupil, struct seat *seat, int64_t begins_ms)
{
    const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
    int64_t missed_ms = seat->arrival_ms > begins_ms ? seat->arrival_ms - begins_ms : 0;
    int missed_min = (int)(missed_ms / CIVIL_MS_PER_MINUTE);
    enum status status;
    if (missed_min <= pupil->settings->grace_min)
        status = STATUS_PRESENT;
    else if (half_covered(pupil, true, begins_ms, seat->arrival_ms))
        status = STATUS_LEAVE;
    else if (half_covered(pupil, false, begins_ms, seat->arrival_ms))
        status = STATUS_REPORTED;
    else if (missed_min > pupil->settings->late_max_min || 2 * missed_min > lesson->minutes)
        status = STATUS_UNREPORTED;
    else
        status = STATUS_LATE;
    seat_decide(seat, status, status == STATUS_PRESENT ? 0 : missed_min, ROLLCALL_BY_ARRIVAL);
}

static bool stands_parallel(const struct rollcall_pupil *pupil, const struct seat *seat)
{
    for (size_t i = 0; i < pupil->seat_count; i++) {
        const struct seat *other = &pupil->seats[i];
        if (other != seat && other->expected && other->decided && other->by != ROLLCALL_BY_PARALLEL &&
            parallel(lesson_of(pupil, seat), lesson_of(pupil, other)))
            return true;
    }
    return false;
}

/* Of parallel undecided lessons one stays open, the others become exempt. Lessons that could not record anybody are
 * kept first, because there the pupil becomes unknown and not absent. A kept one counts as decided during the pass. */
static void decide_parallel(struct rollcall_pupil *pupil)
{
    for (int covered = 0; covered <= 1; covered++)
        for (size_t i = 0; i < pupil->seat_count; i++) {
            struct seat *seat = &pupil->seats[i];
            if (!seat->expected || !seat->ended || seat->decided || seat->uncovered != (covered == 0))
                continue;
            seat_decide(seat, STATUS_EXEMPT, 0,
                        stands_parallel(pupil, seat) ? ROLLCALL_BY_PARALLEL : ROLLCALL_BY_NOTHING);
        }
    for (size_t i = 0; i < pupil->seat_count; i++)
        if (pupil->seats[i].by == ROLLCALL_BY_NOTHING)
            pupil->seats[i].decided = false;
}

static void decide_by_absence(const struct rollcall_pupil *pupil, struct seat *seat)
{
    const struct schoolday_lesson *lesson = lesson_of(pupil, seat);
    if (half_covered(pupil, true, lesson->start_ms, lesson->end_ms))
        seat_decide(seat, STATUS_LEAVE, lesson->minutes, ROLLCALL_BY_ABSENCE);
    else if (half_covered(pupil, false, lesson->start_ms, lesson->end_ms))
        seat_decide(seat, STATUS_REPORTED, lesson->minutes, ROLLCALL_BY_ABSENCE);
}

void rollcall_pupil_decide(struct rollcall_pupil *pupil, const int64_t *begins_ms)
{
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        if (seat->expected && seat->ended && !seat->decided && seat->arrived)
            decide_by_arrival(pupil, seat, begins_ms[seat->lesson_index]);
    }
    decide_parallel(pupil);
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        if (seat->expected && seat->ended && !seat->decided)
            decide_by_absence(pupil, seat);
    }
}
