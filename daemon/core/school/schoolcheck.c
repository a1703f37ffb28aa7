/* First all ids that the files define are collected, then every reference is looked up; each failure is a refusal. */
#include "daemon/core/school/schoolcheck.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"

/* Which file defines the ids of a kind, and in which column. */
static const struct {
    enum schoolfile file;
    const char *column, *thing;
} KINDS[SCHOOLCHECK_KINDS] = {
    [SCHOOLCHECK_PUPIL] = {SCHOOLFILE_PUPILS, "pupil_id", "pupil"},
    [SCHOOLCHECK_LESSON] = {SCHOOLFILE_LESSONS, "lesson_id", "lesson"},
    [SCHOOLCHECK_TERMINAL] = {SCHOOLFILE_TERMINALS, "terminal_id", "terminal"},
    [SCHOOLCHECK_STAFF] = {SCHOOLFILE_STAFF, "staff_id", "member of staff"},
};

bool schoolcheck_open(struct schoolcheck *check, const struct schoolfiles *files,
                      const size_t known_counts[SCHOOLCHECK_KINDS])
{
    *check = (struct schoolcheck){0};
    for (int kind = 0; kind < SCHOOLCHECK_KINDS; kind++) {
        size_t capacity = known_counts[kind] + files->files[KINDS[kind].file].count +
                          files->files[KINDS[kind].file].left_out_count + 1;
        check->ids[kind].lines = calloc(capacity, sizeof *check->ids[kind].lines);
        if (check->ids[kind].lines == NULL ||
            !names_open(&check->ids[kind].names, (uint32_t)capacity, (uint32_t)capacity * (NAME_BYTES_MAX + 1))) {
            schoolcheck_close(check);
            return false;
        }
    }
    check->lesson_minutes = calloc(check->ids[SCHOOLCHECK_LESSON].names.capacity, sizeof *check->lesson_minutes);
    if (check->lesson_minutes != NULL)
        return true;
    schoolcheck_close(check);
    return false;
}

void schoolcheck_close(struct schoolcheck *check)
{
    for (int kind = 0; kind < SCHOOLCHECK_KINDS; kind++) {
        names_close(&check->ids[kind].names);
        free(check->ids[kind].lines);
    }
    free(check->lesson_minutes);
    *check = (struct schoolcheck){0};
}

void schoolcheck_know(struct schoolcheck *check, enum schoolcheck_kind kind, struct text id)
{
    uint32_t index = names_add(&check->ids[kind].names, id);
    assert(index != NAMES_NONE); /* room was made for all */
    (void)index;
}

void schoolcheck_know_lesson(struct schoolcheck *check, struct text id, int32_t minutes)
{
    uint32_t index = names_add(&check->ids[SCHOOLCHECK_LESSON].names, id);
    assert(index != NAMES_NONE);
    check->lesson_minutes[index] = (uint16_t)minutes;
}

static uint32_t define(struct schoolcheck *check, const struct schoolfiles *files, enum schoolcheck_kind kind,
                       struct text id, int line, bool once)
{
    uint32_t index = names_add(&check->ids[kind].names, id);
    assert(index != NAMES_NONE);
    if (once && check->ids[kind].lines[index] != 0)
        problems_add(files->refusals, schoolfiles_name(KINDS[kind].file), line,
                     "%s: \"%.*s\" is on line %d already; one row for each %s", KINDS[kind].column, (int)id.length,
                     id.bytes, check->ids[kind].lines[index], KINDS[kind].thing);
    else if (check->ids[kind].lines[index] == 0)
        check->ids[kind].lines[index] = line;
    return index;
}

/* A pupil's period or a terminal's place, to be compared with others of the same pupil or terminal. */
struct dated {
    uint32_t index;
    int32_t from_day, to_day; /* open ones at the ends of time */
    int line;
};

static struct dated dated(uint32_t index, int32_t from_day, int32_t to_day, int line)
{
    return (struct dated){index, from_day, to_day == CIVIL_DAY_NONE ? INT32_MAX : to_day, line};
}

static int by_index_and_start(const void *left, const void *right)
{
    const struct dated *a = left, *b = right;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return a->from_day != b->from_day ? (a->from_day < b->from_day ? -1 : 1) : a->line - b->line;
}

/* Sorted by start, each is compared with the one that reaches farthest so far, which finds every row that overlaps
 * an earlier one. */
static void refuse_overlaps(const struct schoolcheck *check, const struct schoolfiles *files,
                            enum schoolcheck_kind kind, struct dated *rows, size_t count)
{
    qsort(rows, count, sizeof *rows, by_index_and_start);
    for (size_t i = 1, longest = 0; i < count; i++) {
        if (rows[i].index == rows[longest].index && rows[i].from_day <= rows[longest].to_day) {
            const struct dated *first = rows[i].line < rows[longest].line ? &rows[i] : &rows[longest];
            const struct dated *second = first == &rows[i] ? &rows[longest] : &rows[i];
            struct text id = names_text(&check->ids[kind].names, rows[i].index);
            problems_add(files->refusals, schoolfiles_name(KINDS[kind].file), second->line,
                         "from: \"%.*s\" is on line %d too, for some of the same dates; periods must not overlap",
                         (int)id.length, id.bytes, first->line);
        }
        if (rows[i].index != rows[longest].index || rows[i].to_day > rows[longest].to_day)
            longest = i;
    }
}

static bool define_pupils(struct schoolcheck *check, const struct schoolfiles *files)
{
    const struct pupil_row *pupils = files->files[SCHOOLFILE_PUPILS].rows;
    size_t count = files->files[SCHOOLFILE_PUPILS].count;
    struct dated *rows = malloc((count + 1) * sizeof *rows);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t index = define(check, files, SCHOOLCHECK_PUPIL, pupils[i].pupil_id, pupils[i].row.line, false);
        rows[i] = dated(index, pupils[i].from_day, pupils[i].to_day, pupils[i].row.line);
    }
    refuse_overlaps(check, files, SCHOOLCHECK_PUPIL, rows, count);
    free(rows);
    return true;
}

static bool define_terminals(struct schoolcheck *check, const struct schoolfiles *files)
{
    const struct terminal_row *terminals = files->files[SCHOOLFILE_TERMINALS].rows;
    size_t count = files->files[SCHOOLFILE_TERMINALS].count;
    struct dated *rows = malloc((count + 1) * sizeof *rows);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t index =
            define(check, files, SCHOOLCHECK_TERMINAL, terminals[i].terminal_id, terminals[i].row.line, false);
        rows[i] = dated(index, terminals[i].from_day, terminals[i].to_day, terminals[i].row.line);
    }
    refuse_overlaps(check, files, SCHOOLCHECK_TERMINAL, rows, count);
    free(rows);
    return true;
}

static void define_once(struct schoolcheck *check, const struct schoolfiles *files)
{
    const struct staff_row *staff = files->files[SCHOOLFILE_STAFF].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_STAFF].count; i++)
        define(check, files, SCHOOLCHECK_STAFF, staff[i].staff_id, staff[i].row.line, true);
    const struct lesson_row *lessons = files->files[SCHOOLFILE_LESSONS].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_LESSONS].count; i++) {
        uint32_t index = define(check, files, SCHOOLCHECK_LESSON, lessons[i].lesson_id, lessons[i].row.line, true);
        check->lesson_minutes[index] = (uint16_t)(lessons[i].end_minute - lessons[i].start_minute);
    }
}

/* The index of an id that a row of `file` refers to; NAMES_NONE when it is unknown. Not a refusal when rows of the
 * defining file could not be read, as one of them may define it. */
static uint32_t refer(const struct schoolcheck *check, const struct schoolfiles *files, enum schoolfile file, int line,
                      enum schoolcheck_kind kind, struct text id)
{
    uint32_t index = names_find(&check->ids[kind].names, id);
    if (index == NAMES_NONE && !files->files[KINDS[kind].file].ids_unread)
        problems_add(files->refusals, schoolfiles_name(file), line, "%s: no %s is called \"%.*s\"; it should be in %s",
                     KINDS[kind].column, KINDS[kind].thing, (int)id.length, id.bytes,
                     schoolfiles_name(KINDS[kind].file));
    return index;
}

static void check_memberships(const struct schoolcheck *check, const struct schoolfiles *files, enum schoolfile file)
{
    const struct member_row *rows = files->files[file].rows;
    for (size_t i = 0; i < files->files[file].count; i++)
        refer(check, files, file, rows[i].row.line, SCHOOLCHECK_PUPIL, rows[i].pupil_id);
}

static void check_pupils_facts(const struct schoolcheck *check, const struct schoolfiles *files)
{
    check_memberships(check, files, SCHOOLFILE_MEMBERS);
    check_memberships(check, files, SCHOOLFILE_EXEMPTIONS);
    const struct card_row *cards = files->files[SCHOOLFILE_CARDS].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_CARDS].count; i++)
        refer(check, files, SCHOOLFILE_CARDS, cards[i].row.line, SCHOOLCHECK_PUPIL, cards[i].pupil_id);
    const struct absence_row *absences = files->files[SCHOOLFILE_ABSENCES].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_ABSENCES].count; i++)
        refer(check, files, SCHOOLFILE_ABSENCES, absences[i].row.line, SCHOOLCHECK_PUPIL, absences[i].pupil_id);
    const struct guardian_row *guardians = files->files[SCHOOLFILE_GUARDIANS].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_GUARDIANS].count; i++)
        refer(check, files, SCHOOLFILE_GUARDIANS, guardians[i].row.line, SCHOOLCHECK_PUPIL, guardians[i].pupil_id);
}

static void check_marks(const struct schoolcheck *check, const struct schoolfiles *files)
{
    const struct mark_row *marks = files->files[SCHOOLFILE_MARKS].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_MARKS].count; i++) {
        const struct mark_row *mark = &marks[i];
        refer(check, files, SCHOOLFILE_MARKS, mark->row.line, SCHOOLCHECK_PUPIL, mark->pupil_id);
        uint32_t lesson = refer(check, files, SCHOOLFILE_MARKS, mark->row.line, SCHOOLCHECK_LESSON, mark->lesson_id);
        if (lesson != NAMES_NONE && mark->absent_minutes > check->lesson_minutes[lesson])
            problems_add(files->refusals, schoolfiles_name(SCHOOLFILE_MARKS), mark->row.line,
                         "absent_minutes: %d is more than the lesson's %d", mark->absent_minutes,
                         check->lesson_minutes[lesson]);
    }
}

/* Rows of which only the id could be read still define it. */
static void define_left_out(struct schoolcheck *check, const struct schoolfiles *files)
{
    for (int kind = 0; kind < SCHOOLCHECK_KINDS; kind++) {
        enum schoolfile file = KINDS[kind].file;
        for (size_t i = 0; i < files->files[file].left_out_count; i++) {
            uint32_t index = names_add(&check->ids[kind].names, files->files[file].left_out[i]);
            if (kind == SCHOOLCHECK_LESSON && index != NAMES_NONE)
                check->lesson_minutes[index] = UINT16_MAX; /* not known */
        }
    }
}

/* All definitions come before the first reference, as files may refer to each other in any order. */
bool schoolcheck_run(struct schoolcheck *check, const struct schoolfiles *files)
{
    define_left_out(check, files);
    define_once(check, files);
    if (!define_pupils(check, files) || !define_terminals(check, files))
        return false;
    check_pupils_facts(check, files);
    check_marks(check, files);
    /* Taps are not checked: one at an unlisted terminal is shown to staff. An outage of one is a typing error. */
    const struct outage_row *outages = files->files[SCHOOLFILE_OUTAGES].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_OUTAGES].count; i++)
        refer(check, files, SCHOOLFILE_OUTAGES, outages[i].row.line, SCHOOLCHECK_TERMINAL, outages[i].terminal_id);
    const struct teacher_row *teachers = files->files[SCHOOLFILE_TEACHERS].rows;
    for (size_t i = 0; i < files->files[SCHOOLFILE_TEACHERS].count; i++)
        refer(check, files, SCHOOLFILE_TEACHERS, teachers[i].row.line, SCHOOLCHECK_STAFF, teachers[i].staff_id);
    return true;
}
