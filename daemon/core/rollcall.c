/* One date in passes over the whole school: seats (pupil and lesson) and taps are sorted by pupil, each pupil's
 * taps are assigned, each lesson is looked at as a whole, then what is still undecided becomes absent or unknown. */
#include "daemon/core/rollcall.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"
#include "common/fault.h"
#include "daemon/core/rollcall_cover.h"
#include "daemon/core/rollcall_pupil.h"

/* The class began late: of at least this many arrivals the first came after the grace period. */
#define BEGUN_LATE_ARRIVALS 4
/* A silent lesson: nobody of at least so many pupils was there, or at most this percentage of at least so many. */
#define SILENT_PUPILS_NOBODY  3
#define SILENT_PUPILS_SHARE   5
#define SILENT_LESSON_PERCENT 20
/* A silent school: at most this percentage of at least so many pupils was seen. */
#define SILENT_SCHOOL_PUPILS  4
#define SILENT_SCHOOL_PERCENT 5

const struct rollcall_settings ROLLCALL_DEFAULTS = {
    .early_min = 20,
    .first_early_min = 45,
    .grace_min = 5,
    .late_max_min = 30,
    .carry_over_min = 10,
    .repeat_s = 60,
    .room_match = ROOM_MATCH_SCHOOL,
    .carry_over_match = CARRY_OVER_MATCH_GROUP,
    .lesson_close_s = 60,
    .day_close_min = 30,
};

/* Counts over the pupils of one lesson. */
struct tally {
    int64_t first_arrival_ms;
    uint32_t expected, arrived, carried, marked_present;
    uint32_t asked, there; /* pupils who had to be seen at this lesson; those of them who were */
};

struct rollcall_work {
    struct seat unsorted[ROLLCALL_ROWS_MAX], seats[ROLLCALL_ROWS_MAX];
    struct rollcall_row rows[ROLLCALL_ROWS_MAX];
    struct rollcall_tap taps[SCHOOLDAY_TAPS_MAX];
    struct rollcall_stray strays[SCHOOLDAY_TAPS_MAX];
    uint32_t doubtful[SCHOOLDAY_TAPS_MAX]; /* places of taps whose card was two pupils' */
    uint16_t owners[SCHOOLDAY_TAPS_MAX];   /* of each of the facts' taps; SCHOOL_NONE: counts nowhere */
    uint32_t first_seat[SCHOOL_PUPILS_MAX + 1], first_tap[SCHOOL_PUPILS_MAX + 1];
    uint32_t first_absence[SCHOOL_PUPILS_MAX + 1], first_mark[SCHOOL_PUPILS_MAX + 1];
    int64_t taken_ms[SCHOOL_TERMINALS_MAX];
    struct tally tallies[SCHOOLDAY_LESSONS_MAX];
    int64_t begins_ms[SCHOOLDAY_LESSONS_MAX];
    uint8_t room_doubts[SCHOOLDAY_LESSONS_MAX], doubts[SCHOOLDAY_LESSONS_MAX];
    struct rollcall_cover cover;
    size_t seat_count, pupil_count, doubtful_count;
};

/* Inputs and state of one roll call, passed from step to step. */
struct taking {
    struct rollcall_work *work;
    const struct school *school;
    const struct schoolday *facts;
    const struct rollcall_settings *settings;
    int64_t now_ms;
    bool school_is_silent;
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
        int64_t day_ms = lesson->end_ms + (int64_t)settings->day_close_min * CIVIL_MS_PER_MINUTE;
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

static bool add_seat(const struct taking *taking, uint16_t lesson_index, uint16_t pupil)
{
    struct rollcall_work *work = taking->work;
    if (work->seat_count == ROLLCALL_ROWS_MAX)
        return false;
    const struct schoolday_lesson *lesson = &taking->facts->lessons[lesson_index];
    struct seat *seat = &work->unsorted[work->seat_count++];
    *seat = (struct seat){.pupil = pupil,
                          .lesson_index = lesson_index,
                          .mark = STATUSES,
                          .ended = lesson_closes_ms(lesson, taking->settings) <= taking->now_ms};
    if (lesson->cancelled)
        seat_decide(seat, STATUS_CANCELLED, 0, ROLLCALL_BY_CANCELLED);
    else if (school_pupil_exempt(taking->school, pupil, lesson->group, taking->facts->day))
        seat_decide(seat, STATUS_EXEMPT, 0, ROLLCALL_BY_EXEMPTION);
    else
        seat->expected = true;
    return true;
}

/* One seat for each pupil of each lesson's group on the date, however many member rows say so. */
static bool find_seats(const struct taking *taking)
{
    const struct school *school = taking->school;
    int32_t day = taking->facts->day;
    taking->work->seat_count = 0;
    for (size_t i = 0; i < taking->facts->lesson_count; i++) {
        uint16_t group = taking->facts->lessons[i].group;
        uint16_t last_pupil = SCHOOL_NONE; /* rows of one pupil are neighbours */
        for (uint32_t m = school->group_members[group]; m < school->group_members[group + 1]; m++) {
            const struct school_membership *member = &school->members[m];
            if (member->pupil == last_pupil || !school_day_within(day, member->from_day, member->to_day) ||
                school_period(school, member->pupil, day) == NULL)
                continue;
            if (!add_seat(taking, (uint16_t)i, member->pupil))
                return false;
            last_pupil = member->pupil;
        }
    }
    return true;
}

/* Counting sort: turns the counts at [pupil + 1] into the place where each pupil's part begins. */
static void add_up(uint32_t *first, size_t pupil_count)
{
    for (size_t pupil = 0; pupil < pupil_count; pupil++)
        first[pupil + 1] += first[pupil];
}

static void clear_first(uint32_t *first, size_t pupil_count)
{
    memset(first, 0, (pupil_count + 1) * sizeof *first);
}

/* A stable counting sort by pupil. Placing advances each beginning to its end, which is the next pupil's beginning:
 * hence the shift by one afterwards. */
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

static void note_stray(struct rollcall *rollcall, uint32_t tap, enum rollcall_stray_why why)
{
    rollcall->work->strays[rollcall->stray_count++] = (struct rollcall_stray){tap, why};
}

/* Whose tap it is; SCHOOL_NONE for one that counts nowhere. */
static uint16_t tap_owner(struct rollcall *rollcall, const struct taking *taking, uint32_t place)
{
    static const enum rollcall_stray_why WHY[] = {[SCHOOL_HOLDER_UNKNOWN] = ROLLCALL_STRAY_UNKNOWN_CARD,
                                                  [SCHOOL_HOLDER_NOT_NOW] = ROLLCALL_STRAY_NOT_NOW,
                                                  [SCHOOL_HOLDER_LEFT] = ROLLCALL_STRAY_LEFT,
                                                  [SCHOOL_HOLDER_TWO] = ROLLCALL_STRAY_TWO};
    const struct schoolday_tap *tap = &taking->facts->taps[place];
    uint16_t pupil = SCHOOL_NONE;
    enum school_holder holder = school_card_holder(taking->school, tap->token, tap->at_ms, &pupil);
    if (holder == SCHOOL_HOLDER_TWO) /* wherever it was: one of them may have been there */
        taking->work->doubtful[taking->work->doubtful_count++] = place;
    if (tap->terminal == SCHOOL_NONE || taking->work->cover.places[tap->terminal] == NULL)
        note_stray(rollcall, place, ROLLCALL_STRAY_TERMINAL);
    else if (holder != SCHOOL_HOLDER_ONE)
        note_stray(rollcall, place, WHY[holder]);
    else
        return pupil;
    return SCHOOL_NONE;
}

/* As sort_seats; taps that count nowhere become strays. */
static void sort_taps(struct rollcall *rollcall, const struct taking *taking)
{
    struct rollcall_work *work = taking->work;
    uint32_t *first = work->first_tap;
    rollcall->stray_count = work->doubtful_count = 0;
    clear_first(first, work->pupil_count);
    for (uint32_t i = 0; i < taking->facts->tap_count; i++) {
        work->owners[i] = tap_owner(rollcall, taking, i);
        if (work->owners[i] != SCHOOL_NONE)
            first[work->owners[i] + 1]++;
    }
    add_up(first, work->pupil_count);
    for (size_t i = 0; i < taking->facts->tap_count; i++) {
        const struct schoolday_tap *tap = &taking->facts->taps[i];
        if (work->owners[i] == SCHOOL_NONE)
            continue;
        const struct school_place *place = work->cover.places[tap->terminal];
        work->taps[first[work->owners[i]]++] =
            (struct rollcall_tap){tap->at_ms, tap->terminal, place->room, place->entrance};
    }
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

static struct rollcall_pupil pupil_at(const struct taking *taking, size_t i)
{
    struct rollcall_work *work = taking->work;
    return (struct rollcall_pupil){
        .facts = taking->facts,
        .settings = taking->settings,
        .seats = work->seats + work->first_seat[i],
        .seat_count = work->first_seat[i + 1] - work->first_seat[i],
        .taps = work->taps + work->first_tap[i],
        .tap_count = work->first_tap[i + 1] - work->first_tap[i],
        .taken_ms = work->taken_ms,
        .absences = taking->facts->absences + work->first_absence[i],
        .absence_count = work->first_absence[i + 1] - work->first_absence[i],
        .marks = taking->facts->marks + work->first_mark[i],
        .mark_count = work->first_mark[i + 1] - work->first_mark[i],
    };
}

/* Taps of the evening, or of a date on which the holder has no lesson. Whoever comes in or goes out passes an entrance. */
static void note_taps_without_lesson(struct rollcall *rollcall, const struct taking *taking)
{
    const struct rollcall_work *work = taking->work;
    for (uint32_t i = 0; i < taking->facts->tap_count; i++) {
        const struct schoolday_tap *tap = &taking->facts->taps[i];
        if (work->owners[i] == SCHOOL_NONE || work->cover.places[tap->terminal]->entrance)
            continue;
        struct rollcall_pupil pupil = pupil_at(taking, work->owners[i]);
        if (!rollcall_pupil_expected_around(&pupil, tap->at_ms))
            note_stray(rollcall, i, ROLLCALL_STRAY_NO_LESSON);
    }
}

static bool counts(const struct seat *seat)
{
    return seat->expected && seat->ended;
}

/* Tallies each lesson once the taps are assigned, and moves the beginning of a lesson that began late for all. */
static void look_at_lessons(const struct taking *taking)
{
    struct rollcall_work *work = taking->work;
    for (size_t i = 0; i < taking->facts->lesson_count; i++) {
        const struct schoolday_lesson *lesson = &taking->facts->lessons[i];
        work->tallies[i] = (struct tally){.first_arrival_ms = INT64_MAX};
        work->begins_ms[i] = lesson->start_ms;
        work->room_doubts[i] = (uint8_t)rollcall_cover_lesson(&work->cover, taking->facts, lesson, taking->settings);
    }
    for (size_t i = 0; i < work->seat_count; i++) {
        const struct seat *seat = &work->seats[i];
        struct tally *tally = &work->tallies[seat->lesson_index];
        if (!counts(seat))
            continue;
        tally->expected++;
        tally->arrived += seat->arrived;
        tally->carried += seat->decided && seat->by == ROLLCALL_BY_CARRY_OVER;
        tally->marked_present += seat->mark == STATUS_PRESENT;
        if (seat->arrived && seat->arrival_ms < tally->first_arrival_ms)
            tally->first_arrival_ms = seat->arrival_ms;
    }
    for (size_t i = 0; i < taking->facts->lesson_count; i++) {
        const struct tally *tally = &work->tallies[i];
        int64_t grace_end_ms = work->begins_ms[i] + (taking->settings->grace_min + 1) * (int64_t)CIVIL_MS_PER_MINUTE;
        if (tally->arrived >= BEGUN_LATE_ARRIVALS && tally->carried == 0 && tally->marked_present == 0 &&
            tally->first_arrival_ms >= grace_end_ms && !FAULT(begun_late_by_timetable))
            work->begins_ms[i] = tally->first_arrival_ms;
    }
}

/* Whether the pupil could have been recorded at the lesson. A room without a terminal is covered by a working
 * entrance: a pupil who passed none was not at school. */
static enum rollcall_doubt doubt_of_cover(const struct taking *taking, const struct rollcall_pupil *pupil,
                                          const struct seat *seat)
{
    enum rollcall_doubt doubt = (enum rollcall_doubt)taking->work->room_doubts[seat->lesson_index];
    const struct schoolday_lesson *lesson = &taking->facts->lessons[seat->lesson_index];
    bool tapped = pupil->tap_count > 0 && pupil->taps[0].at_ms < lesson->end_ms && !FAULT(entrance_covers_who_came);
    if (doubt != ROLLCALL_NO_COVER || taking->settings->room_match == ROOM_MATCH_ROOM || tapped)
        return doubt;
    int64_t from_ms =
        rollcall_pupil_first_start(pupil) - (int64_t)taking->settings->first_early_min * CIVIL_MS_PER_MINUTE;
    int64_t to_ms = lesson->start_ms + ROLLCALL_OUTAGE_AFTER_MIN * (int64_t)CIVIL_MS_PER_MINUTE;
    return rollcall_cover_entrance(&taking->work->cover, from_ms, to_ms) ? ROLLCALL_KNOWN : doubt;
}

static void decide_pupils(const struct taking *taking)
{
    for (size_t i = 0; i < taking->work->pupil_count; i++) {
        struct rollcall_pupil pupil = pupil_at(taking, i);
        for (size_t k = 0; k < pupil.seat_count; k++)
            pupil.seats[k].uncovered =
                counts(&pupil.seats[k]) && doubt_of_cover(taking, &pupil, &pupil.seats[k]) != ROLLCALL_KNOWN;
        rollcall_pupil_decide(&pupil, taking->work->begins_ms);
    }
}

/* Counts, for each lesson, the pupils who had to be seen and those who were; for the school, those seen anywhere. */
static void look_for_silence(struct taking *taking)
{
    struct rollcall_work *work = taking->work;
    uint32_t pupils = 0, seen = 0;
    for (size_t i = 0; i < work->pupil_count; i++) {
        bool expected = false, at_school = false;
        for (uint32_t k = work->first_seat[i]; k < work->first_seat[i + 1]; k++) {
            const struct seat *seat = &work->seats[k];
            if (!counts(seat))
                continue;
            struct tally *tally = &work->tallies[seat->lesson_index];
            bool by_4 = seat->decided && (seat->by == ROLLCALL_BY_PARALLEL || seat->by == ROLLCALL_BY_ABSENCE);
            bool asked = !by_4 && seat->mark != STATUS_UNREPORTED;
            bool carried = seat->decided && seat->by == ROLLCALL_BY_CARRY_OVER;
            expected = true;
            at_school = at_school || seat->arrived || seat_marked_there(seat);
            tally->asked += asked;
            tally->there += asked && (seat->arrived || carried || seat_marked_there(seat));
        }
        pupils += expected;
        seen += at_school;
    }
    taking->school_is_silent = pupils >= SILENT_SCHOOL_PUPILS && 100 * seen <= SILENT_SCHOOL_PERCENT * pupils;
}

static bool is_silent(const struct tally *tally)
{
    if (FAULT(silence_counted))
        return false;
    return (tally->there == 0 && tally->asked >= SILENT_PUPILS_NOBODY) ||
           (100 * tally->there <= SILENT_LESSON_PERCENT * tally->asked && tally->asked >= SILENT_PUPILS_SHARE);
}

/* Whether there is a tap around the lesson with a card that this pupil and another one held at that time. */
static bool card_is_doubtful(const struct taking *taking, uint16_t pupil, const struct schoolday_lesson *lesson)
{
    int64_t from_ms = lesson->start_ms - (int64_t)taking->settings->first_early_min * CIVIL_MS_PER_MINUTE;
    for (size_t i = 0; i < taking->work->doubtful_count; i++) {
        const struct schoolday_tap *tap = &taking->facts->taps[taking->work->doubtful[i]];
        if (tap->at_ms < from_ms || tap->at_ms >= lesson->end_ms)
            continue;
        size_t row = 0, end = school_card_rows(taking->school, tap->token, &row);
        for (; row < end; row++) {
            const struct school_card *card = &taking->school->cards[row];
            if (card->pupil == pupil && school_card_held(taking->school, card, tap->at_ms))
                return true;
        }
    }
    return false;
}

/* The first reason for which an unseen pupil cannot count as absent; ROLLCALL_KNOWN: there is none. */
static enum rollcall_doubt doubt_of(const struct taking *taking, const struct rollcall_pupil *pupil,
                                    const struct seat *seat)
{
    const struct tally *tally = &taking->work->tallies[seat->lesson_index];
    if (seat->uncovered)
        return doubt_of_cover(taking, pupil, seat);
    if (is_silent(tally))
        return ROLLCALL_SILENT_LESSON;
    if (taking->school_is_silent && !FAULT(silent_school_counted))
        return ROLLCALL_SILENT_SCHOOL;
    if (seat->goes_on_from != SEAT_NONE && pupil->seats[seat->goes_on_from].doubt != ROLLCALL_KNOWN &&
        2 * tally->arrived < tally->expected && !FAULT(after_unknown_counted))
        return ROLLCALL_AFTER_UNKNOWN;
    if (card_is_doubtful(taking, seat->pupil, &taking->facts->lessons[seat->lesson_index]) &&
        !FAULT(doubtful_card_counted))
        return ROLLCALL_DOUBTFUL_CARD;
    return ROLLCALL_KNOWN;
}

/* Whether the pupil has other lessons on the date, and all of them are unknown. */
static bool silent_day(const struct rollcall_pupil *pupil, const struct seat *seat)
{
    bool any = false;
    for (size_t i = 0; i < pupil->seat_count; i++) {
        const struct seat *other = &pupil->seats[i];
        bool left_out = other == seat || !counts(other) ||
                        (other->decided && (other->status == STATUS_EXEMPT || other->status == STATUS_LEAVE ||
                                            other->status == STATUS_REPORTED));
        if (left_out)
            continue;
        if (other->doubt == ROLLCALL_KNOWN)
            return false;
        any = true;
    }
    return any;
}

/* Decides the open lessons in order of time, because a lesson may take its doubt from the one it goes on from. */
static void doubt_pupil(const struct taking *taking, const struct rollcall_pupil *pupil)
{
    struct seat *last_open = NULL;
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        if (!counts(seat) || seat->decided)
            continue;
        seat->doubt = (uint8_t)doubt_of(taking, pupil, seat);
        if (seat->doubt == ROLLCALL_KNOWN)
            last_open = seat;
    }
    /* At most one lesson can qualify: all others must be unknown. */
    if (last_open != NULL && silent_day(pupil, last_open) && !FAULT(silent_day_counted))
        last_open->doubt = ROLLCALL_SILENT_DAY;
    for (size_t i = 0; i < pupil->seat_count; i++) {
        struct seat *seat = &pupil->seats[i];
        if (!counts(seat) || seat->decided)
            continue;
        uint8_t *lesson_doubt = &taking->work->doubts[seat->lesson_index];
        if (seat->doubt != ROLLCALL_KNOWN && (*lesson_doubt == ROLLCALL_KNOWN || seat->doubt < *lesson_doubt))
            *lesson_doubt = seat->doubt;
        if (seat->doubt != ROLLCALL_KNOWN && !FAULT(unknown_counted_as_absent))
            seat_decide(seat, STATUS_UNKNOWN, 0, ROLLCALL_BY_UNKNOWN);
        else
            seat_decide(seat, STATUS_UNREPORTED, taking->facts->lessons[seat->lesson_index].minutes,
                        ROLLCALL_BY_NOTHING);
    }
}

/* Only lessons that have closed have a row. The doubt is kept only where it made the status unknown. */
static void write_rows(struct rollcall *rollcall, const struct schoolday *facts)
{
    struct rollcall_work *work = rollcall->work;
    rollcall->row_count = 0;
    for (size_t i = 0; i < work->seat_count; i++) {
        const struct seat *seat = &work->seats[i];
        const struct schoolday_lesson *lesson = &facts->lessons[seat->lesson_index];
        if (!seat->ended)
            continue;
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
            .doubt = seat->by == ROLLCALL_BY_UNKNOWN ? seat->doubt : (uint8_t)ROLLCALL_KNOWN,
        };
    }
}

/* The order is fixed: arrivals need all seats, the lessons as a whole need all arrivals, doubts need all decisions. */
bool rollcall_day(struct rollcall *rollcall, const struct school *school, const struct schoolday *facts,
                  const struct rollcall_settings *settings, int64_t now_ms)
{
    assert(school->sealed && facts->sealed);
    struct rollcall_work *work = rollcall->work;
    struct taking taking = {work, school, facts, settings, now_ms, false};
    work->pupil_count = school->pupil_ids.count;
    if (!find_seats(&taking))
        return false;
    place_in_time(rollcall, facts, settings, now_ms);
    sort_seats(work);
    rollcall_cover_day(&work->cover, school, facts);
    sort_taps(rollcall, &taking);
    index_facts(work, facts);
    for (size_t i = 0; i < work->pupil_count; i++) {
        struct rollcall_pupil pupil = pupil_at(&taking, i);
        rollcall_pupil_arrive(&pupil);
    }
    note_taps_without_lesson(rollcall, &taking);
    look_at_lessons(&taking);
    decide_pupils(&taking);
    look_for_silence(&taking);
    memset(work->doubts, 0, facts->lesson_count * sizeof *work->doubts);
    for (size_t i = 0; i < work->pupil_count; i++) {
        struct rollcall_pupil pupil = pupil_at(&taking, i);
        doubt_pupil(&taking, &pupil);
    }
    write_rows(rollcall, facts);
    rollcall->rows = work->rows;
    rollcall->doubts = work->doubts;
    rollcall->strays = work->strays;
    return true;
}
