/* Rows are read as they come, sorted once by pupil, day and lesson, and duplicates dropped; a day is then a run of
 * neighbouring rows. Each field remembers its previous text, because neighbouring rows of real files repeat. */
#include "daemon/core/school/attendance_csv.h"

#include <stdlib.h>
#include "common/civil.h"
#include "common/fault.h"
#include "daemon/core/school/csv.h"
#include "daemon/core/school/nfc.h"

enum {
    SUBJECTS_MAX = UINT16_MAX,
    NAME_AVERAGE_BYTES = 48, /* room for each pupil, class and subject on the average */
    ROWS_STEP = 1 << 16
};

enum field { PUPIL, CLASS, DATE, START, MINUTES, SUBJECT, STATUS, ABSENT_MINUTES, FIELDS };
static const struct csv_column COLUMNS_READ[FIELDS] = {
    [PUPIL] = {"pupil_id", true, NULL},  [CLASS] = {"class", true, NULL},
    [DATE] = {"date", true, NULL},       [START] = {"start", true, NULL},
    [MINUTES] = {"minutes", true, NULL}, [SUBJECT] = {"subject", true, NULL},
    [STATUS] = {"status", true, NULL},   [ABSENT_MINUTES] = {"absent_minutes", true, NULL},
};

/* The latest text of a field and its meaning: most rows repeat the field of the row before. */
struct seen {
    struct text text;
    uint32_t meaning;
};

bool attendance_csv_open(struct attendance_csv *attendance)
{
    *attendance = (struct attendance_csv){.row_count = 0};
    if (names_open(&attendance->pupils, DETECT_PUPILS_MAX, DETECT_PUPILS_MAX * NAME_AVERAGE_BYTES) &&
        names_open(&attendance->classes, DETECT_CLASSES_MAX, DETECT_CLASSES_MAX * NAME_AVERAGE_BYTES) &&
        names_open(&attendance->subjects, SUBJECTS_MAX, SUBJECTS_MAX * NAME_AVERAGE_BYTES))
        return true;
    attendance_csv_close(attendance);
    return false;
}

void attendance_csv_close(struct attendance_csv *attendance)
{
    names_close(&attendance->pupils);
    names_close(&attendance->classes);
    names_close(&attendance->subjects);
    free(attendance->subject_order);
    free(attendance->rows);
}

static uint32_t name_of(struct names *names, struct seen *seen, struct text text)
{
    if (seen->text.bytes == NULL || !text_equal(seen->text, text))
        *seen = (struct seen){text, names_add(names, text)};
    return seen->meaning;
}

static bool read_count(struct text text, int32_t most, uint16_t *out)
{
    int32_t value = 0;
    if (text.length == 0 || text.length > 4)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
        value = value * 10 + (text.bytes[i] - '0');
    }
    *out = (uint16_t)value;
    return value <= most;
}

static bool misses_minutes(enum status status)
{
    return status == STATUS_LATE || status == STATUS_REPORTED || status == STATUS_LEAVE || status == STATUS_UNREPORTED;
}

/* Fills what stands in the row itself; a problem for each wrong field. */
static bool read_fields(const struct csv *csv, struct seen *date, struct attendance_csv_row *row)
{
    const struct text *fields = csv->fields;
    int before = csv->problems->count;
    enum status status = STATUSES;
    int32_t start = 0, day = 0;
    if (fields[PUPIL].length == 0)
        csv_problem(csv, PUPIL, "is empty");
    if (date->text.bytes != NULL && text_equal(date->text, fields[DATE]))
        day = (int32_t)date->meaning;
    else if (!civil_read_date(fields[DATE].bytes, fields[DATE].length, &day))
        csv_problem(csv, DATE, "must be a date as 2026-09-01");
    *date = (struct seen){fields[DATE], (uint32_t)day};
    if (!civil_read_minutes(fields[START].bytes, fields[START].length, &start))
        csv_problem(csv, START, "must be a time of day as 08:10");
    if (!read_count(fields[MINUTES], OUTCOME_MINUTES_MAX, &row->minutes) || row->minutes == 0)
        csv_problem(csv, MINUTES, "must be between 1 and %d minutes", OUTCOME_MINUTES_MAX);
    if (!status_read(fields[STATUS].bytes, fields[STATUS].length, &status))
        csv_problem(csv, STATUS, "must be present, late, reported, leave, unreported, unknown, cancelled or exempt");
    int32_t most = misses_minutes(status) ? row->minutes : 0;
    if (!read_count(fields[ABSENT_MINUTES], status == STATUSES ? OUTCOME_MINUTES_MAX : most, &row->absent_minutes))
        csv_problem(csv, ABSENT_MINUTES, "must be between 0 and %d minutes for this lesson and status", (int)most);
    row->day = day;
    row->start_minute = (uint16_t)start;
    row->status = (uint8_t)status;
    if (csv->problems->count == before)
        return true;
    date->text.bytes = NULL;
    return false;
}

static struct attendance_csv_row *next_row(struct attendance_csv *attendance)
{
    if (attendance->row_count == attendance->row_capacity) {
        size_t capacity = attendance->row_capacity * 2 + ROWS_STEP;
        struct attendance_csv_row *rows = realloc(attendance->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return NULL;
        attendance->rows = rows;
        attendance->row_capacity = capacity;
    }
    return &attendance->rows[attendance->row_count];
}

/* Names are numbered only once the rest of the row is valid, so that a rejected row adds none. */
static bool name_row(struct attendance_csv *attendance, const struct csv *csv, struct seen seen[FIELDS],
                     struct attendance_csv_row *row)
{
    uint32_t subject = name_of(&attendance->subjects, &seen[SUBJECT], csv->fields[SUBJECT]);
    row->pupil = name_of(&attendance->pupils, &seen[PUPIL], csv->fields[PUPIL]);
    row->class = name_of(&attendance->classes, &seen[CLASS], csv->fields[CLASS]);
    row->subject = (uint16_t)subject;
    if (row->pupil == NAMES_NONE)
        csv_problem(csv, PUPIL, "more than %d pupils", DETECT_PUPILS_MAX);
    else if (row->class == NAMES_NONE)
        csv_problem(csv, CLASS, "more than %d classes", DETECT_CLASSES_MAX);
    else if (subject == NAMES_NONE)
        csv_problem(csv, SUBJECT, "more than %d subjects", SUBJECTS_MAX);
    else
        return true;
    return false;
}

/* `seen` points into `bytes` and so lives no longer than this file. A wrong row is overwritten by the next. */
static bool read_text(struct attendance_csv *attendance, const char *file, char *bytes, size_t length,
                      struct problems *problems)
{
    int before = problems->count;
    struct csv csv;
    struct seen seen[FIELDS] = {{{NULL, 0}, 0}};
    if (!csv_open(&csv, file, bytes, length, COLUMNS_READ, FIELDS, problems))
        return false;
    for (enum csv_result result; (result = csv_next(&csv)) != CSV_END;) {
        if (result == CSV_BAD)
            continue;
        struct attendance_csv_row *row = next_row(attendance);
        if (row == NULL) {
            problems_add(problems, file, csv.line, "out of memory");
            return false;
        }
        row->line = (uint32_t)csv.line;
        row->file = (uint16_t)(attendance->file_count - 1);
        if (read_fields(&csv, &seen[DATE], row) && name_row(attendance, &csv, seen, row))
            attendance->row_count++;
    }
    return problems->count == before;
}

bool attendance_csv_read(struct attendance_csv *attendance, const char *file, char *bytes, size_t length,
                         struct problems *problems)
{
    char *made;
    size_t made_length;
    if (attendance->file_count == ATTENDANCE_FILES_MAX) {
        problems_add(problems, file, 0, "is one file too many: at most %d are possible", ATTENDANCE_FILES_MAX);
        return false;
    }
    attendance->files[attendance->file_count++] = file;
    if (!nfc_text((struct text){bytes, length}, &made, &made_length)) {
        problems_add(problems, file, 0, "out of memory");
        return false;
    }
    bool good = read_text(attendance, file, made == NULL ? bytes : made, made == NULL ? length : made_length, problems);
    free(made);
    return good;
}

/* Order: pupil and day, then as the lessons of a day go: start, subject, minutes, status, both words bytewise. */

static const uint8_t STATUS_RANKS[STATUSES] = {
    [STATUS_CANCELLED] = 0, [STATUS_EXEMPT] = 1,   [STATUS_LATE] = 2,    [STATUS_LEAVE] = 3,
    [STATUS_PRESENT] = 4,   [STATUS_REPORTED] = 5, [STATUS_UNKNOWN] = 6, [STATUS_UNREPORTED] = 7,
};

static int compare_subjects(const void *a, const void *b, void *subjects)
{
    return text_compare(names_text(subjects, *(const uint16_t *)a), names_text(subjects, *(const uint16_t *)b));
}

/* Renumbers the rows' subjects so that their numbers are in the order of their names. */
static bool rank_subjects(struct attendance_csv *attendance)
{
    uint32_t count = attendance->subjects.count;
    uint16_t *order = malloc((count + 1) * sizeof *order), *ranks = malloc((count + 1) * sizeof *ranks);
    bool room = order != NULL && ranks != NULL;
    if (room) {
        for (uint32_t i = 0; i < count; i++)
            order[i] = (uint16_t)i;
        qsort_r(order, count, sizeof *order, compare_subjects, &attendance->subjects);
        for (uint32_t i = 0; i < count; i++)
            ranks[order[i]] = (uint16_t)i;
        for (size_t i = 0; i < attendance->row_count; i++)
            attendance->rows[i].subject = ranks[attendance->rows[i].subject];
    }
    free(ranks);
    attendance->subject_order = order;
    return room;
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_lessons(const struct attendance_csv_row *a, const struct attendance_csv_row *b)
{
    int order = COMPARE(a->pupil, b->pupil);
    order = order != 0 ? order : COMPARE(a->day, b->day);
    order = order != 0 ? order : COMPARE(a->start_minute, b->start_minute);
    return order != 0 ? order : COMPARE(a->subject, b->subject);
}

/* 0: equal in every column. */
static int compare_columns(const struct attendance_csv_row *a, const struct attendance_csv_row *b)
{
    int order = compare_lessons(a, b);
    order = order != 0 ? order : COMPARE(a->minutes, b->minutes);
    order = order != 0 ? order : COMPARE(STATUS_RANKS[a->status], STATUS_RANKS[b->status]);
    order = order != 0 ? order : COMPARE(a->absent_minutes, b->absent_minutes);
    return order != 0 ? order : COMPARE(a->class, b->class);
}

static int compare_rows(const void *left, const void *right)
{
    const struct attendance_csv_row *a = left, *b = right;
    int order = compare_columns(a, b);
    order = order != 0 ? order : COMPARE(a->file, b->file);
    return order != 0 ? order : COMPARE(a->line, b->line);
}

/* Keeps the first of equal rows. */
static void drop_alike(struct attendance_csv *attendance)
{
    struct attendance_csv_row *rows = attendance->rows;
    size_t kept = 0;
    for (size_t i = 0; i < attendance->row_count; i++)
        if (kept == 0 || compare_columns(&rows[kept - 1], &rows[i]) != 0)
            rows[kept++] = rows[i];
    attendance->row_count = kept;
}

bool attendance_csv_sort(struct attendance_csv *attendance)
{
    if (!rank_subjects(attendance))
        return false;
    for (size_t i = 1; i < attendance->row_count; i++)
        if (compare_rows(&attendance->rows[i - 1], &attendance->rows[i]) > 0) {
            qsort(attendance->rows, attendance->row_count, sizeof *attendance->rows, compare_rows);
            break;
        }
    drop_alike(attendance);
    return true;
}

struct text attendance_csv_subject(const struct attendance_csv *attendance, uint16_t rank)
{
    if (rank >= attendance->subjects.count)
        return text_of("");
    return names_text(&attendance->subjects, attendance->subject_order[rank]);
}

/* The rows from `from` on that are one pupil's day; returns the row after them. At most OUTCOME_LESSONS_MAX outcomes are
 * filled: a longer day was a problem of attendance_csv_check. */
static size_t read_day(const struct attendance_csv *attendance, size_t from,
                       struct outcome outcomes[OUTCOME_LESSONS_MAX])
{
    const struct attendance_csv_row *first = &attendance->rows[from];
    size_t end = from;
    for (; end < attendance->row_count; end++) {
        const struct attendance_csv_row *row = &attendance->rows[end];
        if (row->pupil != first->pupil || row->day != first->day)
            break;
        if (end - from < OUTCOME_LESSONS_MAX)
            outcomes[end - from] = (struct outcome){.start_minute = row->start_minute,
                                                    .minutes = row->minutes,
                                                    .absent_minutes = row->absent_minutes,
                                                    .subject = row->subject,
                                                    .status = row->status};
    }
    return end;
}

static bool counts(const struct attendance_csv_row *row)
{
    return row->status != STATUS_CANCELLED && row->status != STATUS_EXEMPT;
}

/* Each row of a lesson that counts and is not the first of them, which comes first in the files where two are told apart. */
static void check_contradictions(const struct attendance_csv *attendance, struct problems *problems)
{
    const struct attendance_csv_row *first = NULL;
    for (size_t i = 0; i < attendance->row_count; i++) {
        const struct attendance_csv_row *row = &attendance->rows[i], *other = first;
        if (!counts(row))
            continue;
        if (first == NULL || compare_lessons(first, row) != 0 || FAULT(contradiction_taken)) {
            first = row;
            continue;
        }
        if (COMPARE(row->file, other->file) < 0 || (row->file == other->file && row->line < other->line)) {
            other = row;
            row = first;
        }
        problems_add(problems, attendance->files[row->file], (int)row->line,
                     "contradicts %s:%d, which has the same pupil, date, start and subject: take one of them away",
                     attendance->files[other->file], (int)other->line);
    }
}

/* Of a class in all years together: no more than detection takes in one. */
static bool check_classes(const struct attendance_csv *attendance, struct problems *problems)
{
    uint32_t *pupils = calloc(attendance->classes.count + 1U, sizeof *pupils);
    uint32_t *latest = calloc(attendance->classes.count + 1U, sizeof *latest); /* pupil + 1 */
    for (size_t i = 0; pupils != NULL && latest != NULL && i < attendance->row_count; i++) {
        const struct attendance_csv_row *row = &attendance->rows[i];
        bool another = latest[row->class] != row->pupil + 1;
        latest[row->class] = row->pupil + 1;
        pupils[row->class] += another;
        if (another && pupils[row->class] == DETECT_CLASS_PUPILS_MAX + 1U)
            problems_add(problems, attendance->files[row->file], (int)row->line, "class: %s has more than %d pupils",
                         names_text(&attendance->classes, row->class).bytes, DETECT_CLASS_PUPILS_MAX);
    }
    bool room = pupils != NULL && latest != NULL;
    free(pupils);
    free(latest);
    return room;
}

bool attendance_csv_check(const struct attendance_csv *attendance, struct problems *problems)
{
    int before = problems->count;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    for (size_t from = 0, end; from < attendance->row_count; from = end) {
        end = read_day(attendance, from, outcomes);
        if (end - from <= OUTCOME_LESSONS_MAX)
            continue;
        char date[CIVIL_DATE_BYTES];
        civil_write_date(attendance->rows[from].day, date);
        problems_add(problems, "attendance", 0, "pupil %s has %zu rows on %s; at most %d are possible",
                     names_text(&attendance->pupils, attendance->rows[from].pupil).bytes, end - from, date,
                     OUTCOME_LESSONS_MAX);
    }
    check_contradictions(attendance, problems);
    if (!check_classes(attendance, problems))
        problems_add(problems, "attendance", 0, "out of memory");
    return problems->count == before;
}

/* The row that says a day's class: the last one that counts, if any does. */
static const struct attendance_csv_row *class_row(const struct attendance_csv *attendance, size_t from, size_t end)
{
    size_t last = end - 1;
    while (last > from && !counts(&attendance->rows[last]))
        last--;
    return &attendance->rows[last];
}

bool attendance_csv_days(const struct attendance_csv *attendance, attendance_csv_take *take, void *context)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    for (size_t from = 0, end; from < attendance->row_count; from = end) {
        end = read_day(attendance, from, outcomes);
        const struct attendance_csv_row *row = class_row(attendance, from, end);
        if (!take(context, row->pupil, row->class, row->day, outcomes, end - from))
            return false;
    }
    return true;
}

static bool set_day(void *detect, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                    size_t count)
{
    return detect_set_day(detect, pupil, class, day, outcomes, count);
}

bool attendance_csv_feed(const struct attendance_csv *attendance, struct detect *detect)
{
    return attendance_csv_days(attendance, set_day, detect);
}
