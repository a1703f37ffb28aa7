#include "daemon/core/rollcall_pupil.h"

#define MS_PER_MINUTE 60000

static const struct schoolday_lesson *lesson_of(const struct schoolday *facts, const struct seat *seat)
{
    return &facts->lessons[seat->lesson_index];
}

/* Taps that count: not within repeat_s of the last counted one at the same terminal. Returns how many. */
static size_t drop_repeats(const struct pupil_facts *pupil, int64_t repeat_ms, struct schoolday_tap *counted)
{
    size_t count = 0;
    for (size_t i = 0; i < pupil->tap_count; i++) {
        const struct schoolday_tap *tap = &pupil->taps[i];
        bool repeated = false;
        for (size_t j = count; j > 0 && !repeated && tap->at_ms - counted[j - 1].at_ms < repeat_ms; j--)
            repeated = counted[j - 1].terminal == tap->terminal;
        if (!repeated)
            counted[count++] = *tap;
    }
    return count;
}

/* The lesson that takes the tap, or NULL. Seats are by start and lesson id, so the first of a kind is the right one. */
static struct seat *seat_for_tap(const struct pupil_facts *pupil, const struct schoolday *facts,
                                 const struct rollcall_settings *settings, int64_t at_ms, uint16_t room)
{
    struct seat *here_now = NULL, *here_soon = NULL, *away_now = NULL, *away_soon = NULL;
    bool any_now = false;
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        const struct schoolday_lesson *lesson = lesson_of(facts, seat);
        bool candidate = seat->expected && at_ms >= lesson->start_ms - (int64_t)settings->early_min * MS_PER_MINUTE &&
                         at_ms < lesson->end_ms;
        if (!candidate)
            continue;
        bool now = lesson->start_ms <= at_ms, here = lesson->room == room;
        any_now = any_now || now;
        if (seat->arrived)
            continue;
        struct seat **first = here ? (now ? &here_now : &here_soon) : (now ? &away_now : &away_soon);
        if (*first == NULL)
            *first = seat;
    }
    if (here_now != NULL || here_soon != NULL)
        return here_now != NULL ? here_now : here_soon;
    if (settings->room_match == ROOM_MATCH_ROOM)
        return NULL;
    return away_now != NULL ? away_now : any_now ? NULL : away_soon;
}

static void take_taps(const struct pupil_facts *pupil, const struct school *school, const struct schoolday *facts,
                      const struct rollcall_settings *settings, struct schoolday_tap *counted)
{
    size_t count = drop_repeats(pupil, (int64_t)settings->repeat_s * 1000, counted);
    for (size_t i = 0; i < count; i++) {
        uint16_t room = school->terminal_rooms[counted[i].terminal];
        struct seat *seat = seat_for_tap(pupil, facts, settings, counted[i].at_ms, room);
        if (seat == NULL)
            continue;
        seat->arrived = true;
        seat->arrival_ms = counted[i].at_ms;
    }
}

/* How much of [from, to) the pupil's absences of one type cover together. */
static int64_t covered_ms(const struct pupil_facts *pupil, bool leave, int64_t from_ms, int64_t to_ms)
{
    int64_t total_ms = 0, reached_ms = from_ms;
    for (size_t i = 0; i < pupil->absence_count; i++) {
        const struct schoolday_absence *absence = &pupil->absences[i];
        int64_t start_ms = absence->from_ms > reached_ms ? absence->from_ms : reached_ms;
        int64_t end_ms = absence->to_ms < to_ms ? absence->to_ms : to_ms;
        if (absence->leave != leave || start_ms >= end_ms)
            continue;
        total_ms += end_ms - start_ms;
        reached_ms = end_ms;
    }
    return total_ms;
}

static bool decide_by_mark(struct seat *seat, const struct pupil_facts *pupil, const struct schoolday_lesson *lesson)
{
    const struct schoolday_mark *latest = NULL;
    for (size_t i = 0; i < pupil->mark_count; i++)
        if (pupil->marks[i].lesson == lesson->lesson)
            latest = &pupil->marks[i];
    if (latest == NULL)
        return false;
    bool no_minutes = latest->status == STATUS_PRESENT || latest->status == STATUS_UNKNOWN;
    /* The lesson may have become shorter since the mark was made. */
    int minutes = latest->absent_minutes < lesson->minutes ? latest->absent_minutes : lesson->minutes;
    seat_decide(seat, (enum status)latest->status, no_minutes ? 0 : minutes, ROLLCALL_BY_MARK);
    return true;
}

static bool decide_by_arrival(struct seat *seat, const struct pupil_facts *pupil, const struct schoolday_lesson *lesson,
                              const struct rollcall_settings *settings)
{
    if (!seat->arrived)
        return false;
    int64_t missed_ms = seat->arrival_ms > lesson->start_ms ? seat->arrival_ms - lesson->start_ms : 0;
    int64_t grace_ms = (int64_t)settings->grace_min * MS_PER_MINUTE;
    int missed_min = (int)(missed_ms / MS_PER_MINUTE);
    enum status status;
    if (missed_min <= settings->grace_min)
        status = STATUS_PRESENT;
    else if (covered_ms(pupil, true, lesson->start_ms, seat->arrival_ms) >= missed_ms - grace_ms)
        status = STATUS_LEAVE;
    else if (covered_ms(pupil, false, lesson->start_ms, seat->arrival_ms) >= missed_ms - grace_ms)
        status = STATUS_REPORTED;
    else if (missed_min > settings->late_max_min || 2 * missed_min > lesson->minutes)
        status = STATUS_UNREPORTED;
    else
        status = STATUS_LATE;
    seat_decide(seat, status, status == STATUS_PRESENT ? 0 : missed_min, ROLLCALL_BY_ARRIVAL);
    return true;
}

static bool decide_by_absence(struct seat *seat, const struct pupil_facts *pupil, const struct schoolday_lesson *lesson)
{
    int64_t length_ms = lesson->end_ms - lesson->start_ms;
    if (2 * covered_ms(pupil, true, lesson->start_ms, lesson->end_ms) >= length_ms)
        seat_decide(seat, STATUS_LEAVE, lesson->minutes, ROLLCALL_BY_ABSENCE);
    else if (2 * covered_ms(pupil, false, lesson->start_ms, lesson->end_ms) >= length_ms)
        seat_decide(seat, STATUS_REPORTED, lesson->minutes, ROLLCALL_BY_ABSENCE);
    return seat->decided;
}

/* Of the expected lessons that had ended when this one began, the one that ended last; the first of equals. */
static const struct seat *previous_seat(const struct pupil_facts *pupil, const struct schoolday *facts,
                                        int64_t start_ms)
{
    const struct seat *previous = NULL;
    for (size_t i = 0; i < pupil->seat_count; i++) {
        const struct seat *seat = &pupil->seats[i];
        int64_t end_ms = lesson_of(facts, seat)->end_ms;
        if (seat->expected && end_ms <= start_ms && (previous == NULL || end_ms > lesson_of(facts, previous)->end_ms))
            previous = seat;
    }
    return previous;
}

static bool decide_by_carry_over(struct seat *seat, const struct pupil_facts *pupil, const struct schoolday *facts,
                                 const struct rollcall_settings *settings)
{
    const struct schoolday_lesson *lesson = lesson_of(facts, seat);
    const struct seat *previous = previous_seat(pupil, facts, lesson->start_ms);
    if (previous == NULL || !seat_attended(previous))
        return false;
    const struct schoolday_lesson *before = lesson_of(facts, previous);
    if (before->group != lesson->group || before->room != lesson->room ||
        lesson->start_ms - before->end_ms > (int64_t)settings->carry_over_min * MS_PER_MINUTE)
        return false;
    seat_decide(seat, STATUS_PRESENT, 0, ROLLCALL_BY_CARRY_OVER);
    return true;
}

static bool overlap(const struct schoolday *facts, const struct seat *a, const struct seat *b)
{
    const struct schoolday_lesson *first = lesson_of(facts, a), *second = lesson_of(facts, b);
    return first->start_ms < second->end_ms && second->start_ms < first->end_ms;
}

/* The pupil was at another lesson at the same time; of several with no trace, only the first is asked for. */
static void decide_elsewhere(const struct pupil_facts *pupil, const struct schoolday *facts)
{
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        for (size_t j = 0; j < pupil->seat_count && !seat->decided; j++) {
            const struct seat *other = &pupil->seats[j];
            if (other->expected && (seat_attended(other) || other->arrived) && overlap(facts, seat, other))
                seat_decide(seat, STATUS_EXEMPT, 0, ROLLCALL_BY_ELSEWHERE);
        }
    }
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        for (size_t j = 0; j < i && !seat->decided; j++)
            if (!pupil->seats[j].decided && overlap(facts, seat, &pupil->seats[j]))
                seat_decide(seat, STATUS_EXEMPT, 0, ROLLCALL_BY_ELSEWHERE);
    }
}

void rollcall_pupil(const struct pupil_facts *pupil, const struct school *school, const struct schoolday *facts,
                    const struct rollcall_settings *settings, struct schoolday_tap *counted)
{
    take_taps(pupil, school, facts, settings, counted);
    /* By start, so the lesson that a carry-over looks back at has been decided. */
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        const struct schoolday_lesson *lesson = lesson_of(facts, seat);
        if (seat->decided || decide_by_mark(seat, pupil, lesson) || decide_by_arrival(seat, pupil, lesson, settings) ||
            decide_by_absence(seat, pupil, lesson))
            continue;
        decide_by_carry_over(seat, pupil, facts, settings);
    }
    decide_elsewhere(pupil, facts);
}
