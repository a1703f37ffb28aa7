#include "daemon/core/rollcall.h"

#include <assert.h>
#include <stdlib.h>
#include "common/fault.h"
#include "daemon/core/rollcall_pupil.h"

#define MS_PER_MINUTE 60000

/* A terminal that was out for longer than this in all, between so long before and after the start, hides who came. */
#define OUTAGE_TOLERATED_MS 120000
#define OUTAGE_BEFORE_MS    (10 * MS_PER_MINUTE)
#define OUTAGE_AFTER_MS     (15 * MS_PER_MINUTE)
/* A silent terminal: of at least so many pupils at most 20 % were seen here, and at least 70 % elsewhere that day. */
#define SILENT_PUPILS_MIN    8
#define SILENT_HERE_PERCENT  20
#define SILENT_THERE_PERCENT 70

const struct rollcall_settings ROLLCALL_DEFAULTS = {
    .early_min = 15,
    .grace_min = 5,
    .late_max_min = 30,
    .carry_over_min = 10,
    .repeat_s = 60,
    .room_match = ROOM_MATCH_SCHOOL,
    .lesson_close_s = 60,
    .day_close_min = 30,
};

/* Pupils expected at a lesson of whom neither mark, absence nor another lesson tells. */
struct tally {
    uint32_t asked, seen_here, seen_there, seen_there_or_can_be;
};

struct rollcall_work {
    struct seat unsorted[ROLLCALL_ROWS_MAX], seats[ROLLCALL_ROWS_MAX];
    struct rollcall_row rows[ROLLCALL_ROWS_MAX];
    struct schoolday_tap taps[SCHOOLDAY_TAPS_MAX], counted[SCHOOLDAY_TAPS_MAX];
    struct rollcall_stray strays[SCHOOLDAY_TAPS_MAX];
    uint16_t owners[SCHOOLDAY_TAPS_MAX]; /* of each of the facts' taps; SCHOOL_NONE: counts nowhere */
    uint32_t first_seat[SCHOOL_PUPILS_MAX + 1], first_tap[SCHOOL_PUPILS_MAX + 1];
    uint32_t first_absence[SCHOOL_PUPILS_MAX + 1], first_mark[SCHOOL_PUPILS_MAX + 1];
    struct tally tallies[SCHOOLDAY_LESSONS_MAX];
    uint8_t doubts[SCHOOLDAY_LESSONS_MAX];
    size_t seat_count, pupil_count;
};

struct rollcall *rollcall_open(void)
{
    struct rollcall *rollcall = calloc(1, sizeof *rollcall);
    if (rollcall == NULL)
        return NULL;
    rollcall->work = calloc(1, sizeof *rollcall->work);
    if (rollcall->work != NULL)
        return rollcall;
    free(rollcall);
    return NULL;
}

void rollcall_close(struct rollcall *rollcall)
{
    if (rollcall != NULL)
        free(rollcall->work);
    free(rollcall);
}

static int64_t lesson_closes_ms(const struct schoolday_lesson *lesson, const struct rollcall_settings *settings)
{
    return lesson->end_ms + (int64_t)settings->lesson_close_s * 1000;
}

/* When lessons and day close, and when the next of these comes. */
static void place_in_time(struct rollcall *rollcall, const struct schoolday *facts,
                          const struct rollcall_settings *settings, int64_t now_ms)
{
    rollcall->day_closes_ms = facts->lesson_count == 0 ? INT64_MAX : INT64_MIN;
    rollcall->next_ms = INT64_MAX;
    rollcall->lessons_closed = 0;
    for (size_t i = 0; i < facts->lesson_count; i++) {
        const struct schoolday_lesson *lesson = &facts->lessons[i];
        int64_t closes_ms = lesson_closes_ms(lesson, settings);
        int64_t day_ms = lesson->end_ms + (int64_t)settings->day_close_min * MS_PER_MINUTE;
        day_ms = day_ms > closes_ms ? day_ms : closes_ms;
        rollcall->day_closes_ms = day_ms > rollcall->day_closes_ms ? day_ms : rollcall->day_closes_ms;
        rollcall->lessons_closed += closes_ms <= now_ms;
        if (closes_ms > now_ms && closes_ms < rollcall->next_ms)
            rollcall->next_ms = closes_ms;
    }
    rollcall->day_closed = rollcall->day_closes_ms <= now_ms;
    if (!rollcall->day_closed && rollcall->day_closes_ms < rollcall->next_ms)
        rollcall->next_ms = rollcall->day_closes_ms;
}

static bool add_seat(struct rollcall_work *work, const struct school *school, const struct schoolday *facts,
                     uint16_t lesson_index, uint16_t pupil)
{
    if (work->seat_count == ROLLCALL_ROWS_MAX)
        return false;
    const struct schoolday_lesson *lesson = &facts->lessons[lesson_index];
    struct seat *seat = &work->unsorted[work->seat_count++];
    *seat = (struct seat){.pupil = pupil, .lesson_index = lesson_index};
    if (lesson->cancelled)
        seat_decide(seat, STATUS_CANCELLED, 0, ROLLCALL_BY_CANCELLED);
    else if (school_pupil_exempt(school, pupil, lesson->group, facts->day))
        seat_decide(seat, STATUS_EXEMPT, 0, ROLLCALL_BY_EXEMPTION);
    else
        seat->expected = true;
    return true;
}

/* One seat for each pupil of each lesson's group on the date, however many member rows say so. */
static bool find_seats(struct rollcall_work *work, const struct school *school, const struct schoolday *facts)
{
    work->seat_count = 0;
    for (size_t i = 0; i < facts->lesson_count; i++) {
        uint16_t group = facts->lessons[i].group;
        uint16_t last_pupil = SCHOOL_NONE; /* rows of one pupil are neighbours */
        for (uint32_t m = school->group_members[group]; m < school->group_members[group + 1]; m++) {
            const struct school_membership *member = &school->members[m];
            if (member->pupil == last_pupil || !school_day_within(facts->day, member->from_day, member->to_day) ||
                !school_pupil_enrolled(school, member->pupil, facts->day))
                continue;
            if (!add_seat(work, school, facts, (uint16_t)i, member->pupil))
                return false;
            last_pupil = member->pupil;
        }
    }
    return true;
}

/* Turns counts, kept at [pupil + 1], into where each pupil's part begins. */
static void add_up(uint32_t *first, size_t pupil_count)
{
    for (size_t pupil = 0; pupil < pupil_count; pupil++)
        first[pupil + 1] += first[pupil];
}

static void clear_first(uint32_t *first, size_t pupil_count)
{
    memset(first, 0, (pupil_count + 1) * sizeof *first);
}

/* Puts items behind one another by pupil, each pupil's in the order they had. */
static void sort_seats(struct rollcall_work *work)
{
    uint32_t *first = work->first_seat;
    clear_first(first, work->pupil_count);
    for (size_t i = 0; i < work->seat_count; i++)
        first[work->unsorted[i].pupil + 1]++;
    add_up(first, work->pupil_count);
    for (size_t i = 0; i < work->seat_count; i++)
        work->seats[first[work->unsorted[i].pupil]++] = work->unsorted[i];
    memmove(first + 1, first, work->pupil_count * sizeof *first);
    first[0] = 0;
}

static void note_stray(struct rollcall *rollcall, uint32_t source, enum rollcall_stray_why why)
{
    rollcall->work->strays[rollcall->stray_count++] = (struct rollcall_stray){source, why};
}

static uint16_t tap_owner(struct rollcall *rollcall, const struct school *school, const struct schoolday_tap *tap,
                          int32_t day)
{
    uint16_t pupil = SCHOOL_NONE;
    if (tap->terminal == SCHOOL_NONE) {
        note_stray(rollcall, tap->source, ROLLCALL_STRAY_TERMINAL);
        return SCHOOL_NONE;
    }
    switch (school_card_owner(school, tap->token, day, &pupil)) {
    case SCHOOL_OWNER_ONE:
        return pupil;
    case SCHOOL_OWNER_NONE:
        note_stray(rollcall, tap->source, ROLLCALL_STRAY_NO_OWNER);
        break;
    case SCHOOL_OWNER_EXPIRED:
        note_stray(rollcall, tap->source, ROLLCALL_STRAY_EXPIRED);
        break;
    case SCHOOL_OWNER_TWO:
        note_stray(rollcall, tap->source, ROLLCALL_STRAY_TWO_OWNERS);
        break;
    }
    return SCHOOL_NONE;
}

static void sort_taps(struct rollcall *rollcall, const struct school *school, const struct schoolday *facts)
{
    struct rollcall_work *work = rollcall->work;
    uint32_t *first = work->first_tap;
    rollcall->stray_count = 0;
    clear_first(first, work->pupil_count);
    for (size_t i = 0; i < facts->tap_count; i++) {
        work->owners[i] = tap_owner(rollcall, school, &facts->taps[i], facts->day);
        if (work->owners[i] != SCHOOL_NONE)
            first[work->owners[i] + 1]++;
    }
    add_up(first, work->pupil_count);
    for (size_t i = 0; i < facts->tap_count; i++)
        if (work->owners[i] != SCHOOL_NONE)
            work->taps[first[work->owners[i]]++] = facts->taps[i];
    memmove(first + 1, first, work->pupil_count * sizeof *first);
    first[0] = 0;
}

/* Absences and marks are sorted by pupil already. */
static void index_facts(struct rollcall_work *work, const struct schoolday *facts)
{
    clear_first(work->first_absence, work->pupil_count);
    clear_first(work->first_mark, work->pupil_count);
    for (size_t i = 0; i < facts->absence_count; i++)
        work->first_absence[facts->absences[i].pupil + 1]++;
    for (size_t i = 0; i < facts->mark_count; i++)
        work->first_mark[facts->marks[i].pupil + 1]++;
    add_up(work->first_absence, work->pupil_count);
    add_up(work->first_mark, work->pupil_count);
}

static void decide_pupils(struct rollcall_work *work, const struct school *school, const struct schoolday *facts,
                          const struct rollcall_settings *settings)
{
    for (size_t i = 0; i < work->pupil_count; i++) {
        struct pupil_facts pupil = {
            .seats = work->seats + work->first_seat[i],
            .seat_count = work->first_seat[i + 1] - work->first_seat[i],
            .taps = work->taps + work->first_tap[i],
            .tap_count = work->first_tap[i + 1] - work->first_tap[i],
            .absences = facts->absences + work->first_absence[i],
            .absence_count = work->first_absence[i + 1] - work->first_absence[i],
            .marks = facts->marks + work->first_mark[i],
            .mark_count = work->first_mark[i + 1] - work->first_mark[i],
        };
        if (pupil.seat_count > 0)
            rollcall_pupil(&pupil, school, facts, settings, work->counted);
    }
}

static bool terminal_was_out(const struct schoolday *facts, uint16_t terminal, int64_t start_ms)
{
    int64_t total_ms = 0, reached_ms = start_ms - OUTAGE_BEFORE_MS, until_ms = start_ms + OUTAGE_AFTER_MS;
    for (size_t i = 0; i < facts->outage_count; i++) {
        const struct schoolday_outage *outage = &facts->outages[i];
        int64_t from_ms = outage->from_ms > reached_ms ? outage->from_ms : reached_ms;
        int64_t to_ms = outage->to_ms < until_ms ? outage->to_ms : until_ms;
        if (outage->terminal != terminal || from_ms >= to_ms)
            continue;
        total_ms += to_ms - from_ms;
        reached_ms = to_ms;
    }
    return total_ms > OUTAGE_TOLERATED_MS;
}

static enum rollcall_doubt doubt_of_room(const struct school *school, const struct schoolday *facts,
                                         const struct schoolday_lesson *lesson)
{
    if (!school_room_has_terminal(school, lesson->room))
        return ROLLCALL_NO_TERMINAL;
    for (uint32_t i = school->room_first[lesson->room]; i < school->room_first[lesson->room + 1]; i++)
        if (!terminal_was_out(facts, school->room_terminals[i], lesson->start_ms))
            return ROLLCALL_KNOWN;
    return ROLLCALL_OUTAGE;
}

/* Counts one pupil's seats into their lessons' tallies. A lesson that has not closed may still be attended. */
static void tally_pupil(struct rollcall_work *work, const struct schoolday *facts, const struct seat *seats,
                        size_t count, const struct rollcall_settings *settings, int64_t now_ms)
{
    uint32_t attended = 0, can_attend = 0;
    for (size_t i = 0; i < count; i++) {
        bool open = seats[i].expected && lesson_closes_ms(&facts->lessons[seats[i].lesson_index], settings) > now_ms;
        attended += seat_attended(&seats[i]);
        can_attend += open || seat_attended(&seats[i]);
    }
    for (size_t i = 0; i < count; i++) {
        const struct seat *seat = &seats[i];
        bool seen = seat->decided && (seat->by == ROLLCALL_BY_ARRIVAL || seat->by == ROLLCALL_BY_CARRY_OVER);
        if (seat->decided && !seen)
            continue;
        bool open = lesson_closes_ms(&facts->lessons[seat->lesson_index], settings) > now_ms;
        struct tally *tally = &work->tallies[seat->lesson_index];
        tally->asked++;
        tally->seen_here += seen;
        tally->seen_there += attended > seat_attended(seat);
        tally->seen_there_or_can_be += can_attend > (uint32_t)(open || seat_attended(seat));
    }
}

static enum rollcall_doubt doubt_of_silence(const struct tally *tally)
{
    if (tally->asked < SILENT_PUPILS_MIN || 100 * tally->seen_here > SILENT_HERE_PERCENT * tally->asked)
        return ROLLCALL_KNOWN;
    if (100 * tally->seen_there >= SILENT_THERE_PERCENT * tally->asked)
        return ROLLCALL_SILENT;
    return 100 * tally->seen_there_or_can_be >= SILENT_THERE_PERCENT * tally->asked ? ROLLCALL_SILENT_MAYBE
                                                                                    : ROLLCALL_KNOWN;
}

static void find_doubts(struct rollcall_work *work, const struct school *school, const struct schoolday *facts,
                        const struct rollcall_settings *settings, int64_t now_ms)
{
    memset(work->tallies, 0, facts->lesson_count * sizeof *work->tallies);
    for (size_t i = 0; i < work->pupil_count; i++)
        tally_pupil(work, facts, work->seats + work->first_seat[i], work->first_seat[i + 1] - work->first_seat[i],
                    settings, now_ms);
    for (size_t i = 0; i < facts->lesson_count; i++) {
        const struct schoolday_lesson *lesson = &facts->lessons[i];
        enum rollcall_doubt doubt = ROLLCALL_KNOWN;
        if (!lesson->cancelled && lesson_closes_ms(lesson, settings) <= now_ms) {
            doubt = doubt_of_room(school, facts, lesson);
            doubt = doubt == ROLLCALL_KNOWN ? doubt_of_silence(&work->tallies[i]) : doubt;
        }
        work->doubts[i] = (uint8_t)doubt;
    }
}

static void write_rows(struct rollcall *rollcall, const struct schoolday *facts,
                       const struct rollcall_settings *settings, int64_t now_ms)
{
    struct rollcall_work *work = rollcall->work;
    rollcall->row_count = 0;
    for (size_t i = 0; i < work->seat_count; i++) {
        struct seat *seat = &work->seats[i];
        const struct schoolday_lesson *lesson = &facts->lessons[seat->lesson_index];
        if (lesson_closes_ms(lesson, settings) > now_ms)
            continue;
        bool unknown = work->doubts[seat->lesson_index] != ROLLCALL_KNOWN && !FAULT(unknown_counted_as_absent);
        if (!seat->decided && unknown)
            seat_decide(seat, STATUS_UNKNOWN, 0, ROLLCALL_BY_UNKNOWN);
        else if (!seat->decided)
            seat_decide(seat, STATUS_UNREPORTED, lesson->minutes, ROLLCALL_BY_NOTHING);
        work->rows[rollcall->row_count++] = (struct rollcall_row){
            .outcome = {.lesson = lesson->lesson,
                        .start_minute = lesson->start_minute,
                        .minutes = lesson->minutes,
                        .absent_minutes = seat->absent_minutes,
                        .subject = lesson->subject,
                        .status = seat->status},
            .pupil = seat->pupil,
            .lesson_index = seat->lesson_index,
            .by = seat->by,
        };
    }
}

bool rollcall_day(struct rollcall *rollcall, const struct school *school, const struct schoolday *facts,
                  const struct rollcall_settings *settings, int64_t now_ms)
{
    assert(school->sealed && facts->sealed);
    struct rollcall_work *work = rollcall->work;
    work->pupil_count = school->pupil_ids.count;
    if (!find_seats(work, school, facts))
        return false;
    place_in_time(rollcall, facts, settings, now_ms);
    sort_seats(work);
    sort_taps(rollcall, school, facts);
    index_facts(work, facts);
    decide_pupils(work, school, facts, settings);
    find_doubts(work, school, facts, settings, now_ms);
    write_rows(rollcall, facts, settings, now_ms);
    rollcall->rows = work->rows;
    rollcall->doubts = work->doubts;
    rollcall->strays = work->strays;
    return true;
}
