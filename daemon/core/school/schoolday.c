/* Arrays with bounds, sorted when sealed into the orders that the roll call relies on (schoolday.h). */
#include "daemon/core/school/schoolday.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"

struct schoolday *schoolday_open(void)
{
    struct schoolday *facts = calloc(1, sizeof *facts);
    if (facts == NULL)
        return NULL;
    facts->lessons = calloc(SCHOOLDAY_LESSONS_MAX, sizeof *facts->lessons);
    facts->taps = calloc(SCHOOLDAY_TAPS_MAX, sizeof *facts->taps);
    facts->absences = calloc(SCHOOLDAY_ABSENCES_MAX, sizeof *facts->absences);
    facts->marks = calloc(SCHOOLDAY_MARKS_MAX, sizeof *facts->marks);
    facts->outages = calloc(SCHOOLDAY_OUTAGES_MAX, sizeof *facts->outages);
    facts->ids = malloc(SCHOOLDAY_ID_BYTES);
    if (facts->lessons != NULL && facts->taps != NULL && facts->absences != NULL && facts->marks != NULL &&
        facts->outages != NULL && facts->ids != NULL)
        return facts;
    schoolday_close(facts);
    return NULL;
}

void schoolday_close(struct schoolday *facts)
{
    if (facts == NULL)
        return;
    free(facts->lessons);
    free(facts->taps);
    free(facts->absences);
    free(facts->marks);
    free(facts->outages);
    free(facts->ids);
    free(facts);
}

void schoolday_begin(struct schoolday *facts, int32_t day)
{
    facts->day = day;
    facts->lesson_count = facts->tap_count = facts->absence_count = facts->mark_count = facts->outage_count = 0;
    facts->id_bytes = 0;
    facts->sealed = false;
}

static uint16_t index_of(const struct names *names, struct text text)
{
    uint32_t index = names_find(names, text);
    return index == NAMES_NONE ? SCHOOL_NONE : (uint16_t)index;
}

/* Names are added to the school last, when nothing of the lesson itself can be wrong any more. */
const char *schoolday_add_lesson(struct schoolday *facts, struct school *school, uint32_t lesson, struct text lesson_id,
                                 struct text group_id, struct text subject, struct text room, int32_t start_minute,
                                 int32_t end_minute, bool cancelled)
{
    assert(!facts->sealed);
    int64_t start_ms = civil_to_utc_ms(facts->day, start_minute * CIVIL_MS_PER_MINUTE);
    int64_t end_ms = civil_to_utc_ms(facts->day, end_minute * CIVIL_MS_PER_MINUTE);
    if (start_ms >= end_ms)
        return "the lesson ends before it starts";
    if (facts->lesson_count == SCHOOLDAY_LESSONS_MAX || SCHOOLDAY_ID_BYTES - facts->id_bytes < lesson_id.length)
        return "more than " LIMIT_TEXT(SCHOOLDAY_LESSONS_MAX) " lessons on one date";
    if (group_id.length >= NAME_BYTES || subject.length >= NAME_BYTES || room.length >= NAME_BYTES)
        return "longer than " LIMIT_TEXT(NAME_BYTES_MAX) " bytes";
    uint32_t group = names_add(&school->groups, group_id);
    uint32_t subject_index = names_add(&school->subjects, subject);
    uint32_t room_index = names_add(&school->rooms, room);
    if (group == NAMES_NONE || subject_index == NAMES_NONE || room_index == NAMES_NONE)
        return "more than " LIMIT_TEXT(SCHOOL_GROUPS_MAX) " groups, " LIMIT_TEXT(
            SCHOOL_SUBJECTS_MAX) " subjects or " LIMIT_TEXT(SCHOOL_ROOMS_MAX) " rooms";
    char *id = facts->ids + facts->id_bytes;
    if (lesson_id.length > 0)
        memcpy(id, lesson_id.bytes, lesson_id.length);
    facts->id_bytes += lesson_id.length;
    facts->lessons[facts->lesson_count++] = (struct schoolday_lesson){
        .start_ms = start_ms,
        .end_ms = end_ms,
        .id = {id, lesson_id.length},
        .lesson = lesson,
        .group = (uint16_t)group,
        .room = (uint16_t)room_index,
        .subject = (uint16_t)subject_index,
        .start_minute = (uint16_t)start_minute,
        /* Elapsed time, not the difference of local times: they differ on the two clock-change days. */
        .minutes = (uint16_t)((end_ms - start_ms) / CIVIL_MS_PER_MINUTE),
        .cancelled = cancelled,
    };
    return NULL;
}

const char *schoolday_add_tap(struct schoolday *facts, const struct school *school, struct text terminal_id,
                              uint64_t token, int64_t at_ms)
{
    assert(!facts->sealed && civil_from_utc_ms(at_ms).day == facts->day);
    if (facts->tap_count == SCHOOLDAY_TAPS_MAX)
        return "more than " LIMIT_TEXT(SCHOOLDAY_TAPS_MAX) " taps on one date";
    facts->taps[facts->tap_count++] =
        (struct schoolday_tap){at_ms, token, index_of(&school->terminal_ids, terminal_id)};
    return NULL;
}

/* Whether [from, to) can matter to a lesson of the date; a day and a half of margin covers every clock and window. */
static bool touches_date(const struct schoolday *facts, int64_t from_ms, int64_t to_ms)
{
    int64_t noon_ms = (int64_t)facts->day * CIVIL_MS_PER_DAY + CIVIL_MS_PER_DAY / 2;
    return from_ms < noon_ms + CIVIL_MS_PER_DAY && to_ms > noon_ms - CIVIL_MS_PER_DAY;
}

const char *schoolday_add_absence(struct schoolday *facts, const struct school *school, struct text pupil_id,
                                  int64_t from_ms, int64_t to_ms, bool leave)
{
    assert(!facts->sealed);
    uint16_t pupil = index_of(&school->pupil_ids, pupil_id);
    if (pupil == SCHOOL_NONE)
        return "no such pupil";
    if (to_ms == INT64_MAX || !touches_date(facts, from_ms, to_ms))
        return NULL;
    if (facts->absence_count == SCHOOLDAY_ABSENCES_MAX)
        return "more than " LIMIT_TEXT(SCHOOLDAY_ABSENCES_MAX) " absences on one date";
    facts->absences[facts->absence_count++] = (struct schoolday_absence){from_ms, to_ms, pupil, leave};
    return NULL;
}

const char *schoolday_add_mark(struct schoolday *facts, const struct school *school, uint32_t lesson,
                               struct text pupil_id, enum status status, int32_t absent_minutes, int64_t recorded_ms)
{
    assert(!facts->sealed && absent_minutes >= 0);
    uint16_t pupil = index_of(&school->pupil_ids, pupil_id);
    if (pupil == SCHOOL_NONE)
        return "no such pupil";
    if (facts->mark_count == SCHOOLDAY_MARKS_MAX)
        return "more than " LIMIT_TEXT(SCHOOLDAY_MARKS_MAX) " marks on one date";
    facts->marks[facts->mark_count] = (struct schoolday_mark){
        recorded_ms, lesson, (uint32_t)facts->mark_count, pupil, (uint16_t)absent_minutes, (uint8_t)status};
    facts->mark_count++;
    return NULL;
}

const char *schoolday_add_outage(struct schoolday *facts, const struct school *school, struct text terminal_id,
                                 int64_t from_ms, int64_t to_ms)
{
    assert(!facts->sealed);
    uint16_t terminal = index_of(&school->terminal_ids, terminal_id);
    if (terminal == SCHOOL_NONE)
        return "no such terminal";
    if (!touches_date(facts, from_ms, to_ms))
        return NULL;
    if (facts->outage_count == SCHOOLDAY_OUTAGES_MAX)
        return "more than " LIMIT_TEXT(SCHOOLDAY_OUTAGES_MAX) " outages on one date";
    facts->outages[facts->outage_count++] = (struct schoolday_outage){from_ms, to_ms, terminal};
    return NULL;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int by_start_and_id(const void *left, const void *right)
{
    const struct schoolday_lesson *a = left, *b = right;
    return a->start_ms != b->start_ms ? ORDER(a->start_ms, b->start_ms) : text_compare(a->id, b->id);
}

/* By the id and not the index of the terminal, which depends on the order of adding: the order must be
 * reproducible. */
static int by_time_and_terminal(const void *left, const void *right, void *context)
{
    const struct schoolday_tap *a = left, *b = right;
    const struct school *school = context;
    if (a->at_ms != b->at_ms || a->terminal == b->terminal)
        return ORDER(a->at_ms, b->at_ms);
    if (a->terminal == SCHOOL_NONE || b->terminal == SCHOOL_NONE)
        return ORDER(a->terminal, b->terminal);
    return text_compare(names_text(&school->terminal_ids, a->terminal), names_text(&school->terminal_ids, b->terminal));
}

static int by_pupil_type_and_start(const void *left, const void *right)
{
    const struct schoolday_absence *a = left, *b = right;
    if (a->pupil != b->pupil)
        return ORDER(a->pupil, b->pupil);
    return a->leave != b->leave ? ORDER(a->leave, b->leave) : ORDER(a->from_ms, b->from_ms);
}

static int by_pupil_lesson_and_record(const void *left, const void *right)
{
    const struct schoolday_mark *a = left, *b = right;
    if (a->pupil != b->pupil)
        return ORDER(a->pupil, b->pupil);
    if (a->lesson != b->lesson)
        return ORDER(a->lesson, b->lesson);
    return a->recorded_ms != b->recorded_ms ? ORDER(a->recorded_ms, b->recorded_ms) : ORDER(a->order, b->order);
}

static int by_terminal_and_start(const void *left, const void *right)
{
    const struct schoolday_outage *a = left, *b = right;
    return a->terminal != b->terminal ? ORDER(a->terminal, b->terminal) : ORDER(a->from_ms, b->from_ms);
}

void schoolday_seal(struct schoolday *facts, const struct school *school)
{
    qsort(facts->lessons, facts->lesson_count, sizeof *facts->lessons, by_start_and_id);
    qsort_r(facts->taps, facts->tap_count, sizeof *facts->taps, by_time_and_terminal, (void *)school);
    qsort(facts->absences, facts->absence_count, sizeof *facts->absences, by_pupil_type_and_start);
    qsort(facts->marks, facts->mark_count, sizeof *facts->marks, by_pupil_lesson_and_record);
    qsort(facts->outages, facts->outage_count, sizeof *facts->outages, by_terminal_and_start);
    facts->sealed = true;
}
