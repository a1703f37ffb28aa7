/* The table FORMATS describes each file: its columns, the function that reads a row, the size of a row. */
#include "daemon/core/school/schoolfiles.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/school/columnnames.h"
#include "daemon/core/school/columnsmeant.h"
#include "daemon/core/school/nfc.h"
#include "daemon/core/school/schoolfields.h"

#define GUARDIAN_ORDER_MAX 99

static const char *const END_REASONS[] = {"moved", "emigrated", "deceased"};
const char *const SCHOOL_FORM_WORDS[SCHOOL_FORMS] = {"FKLASS", "GR", "GRS", "SP", "SAM", "GY", "GYS"};
static const char *const RELATIONS[] = {"vardnadshavare", "god_man", "annan", "behorig"};

/* A pupil's id is a part of the pages' addresses, where "/" ends it and the two names of folders vanish. */
static bool fits_address(struct text id)
{
    return memchr(id.bytes, '/', id.length) == NULL && !text_equal(id, text_of(".")) && !text_equal(id, text_of(".."));
}

static void read_pupil(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct pupil_row *row = out;
    row->pupil_id = field_id(fields);
    if (!fits_address(row->pupil_id))
        field_refuse(fields, "a pupil's id holds no / and is not . or ..; - may stand for it, in every file");
    row->given_name = field_name(fields);
    row->family_name = field_name(fields);
    row->class_name = field_label(fields);
    row->year = field_label(fields);
    row->says_unprotected = field_told(fields);
    row->is_protected = field_yes(fields);
    row->says_unprotected = row->says_unprotected && !row->is_protected;
    field_days(fields, &row->from_day, &row->to_day);
    row->end_reason = field_choice(fields, END_REASONS, sizeof END_REASONS / sizeof *END_REASONS);
    if (row->end_reason.length > 0 && row->to_day == CIVIL_DAY_NONE)
        field_refuse(fields, "tells why the period ended, so to must not be empty");
    row->birth_day = field_birth_date(fields);
    row->school_form = field_choice(fields, SCHOOL_FORM_WORDS, SCHOOL_FORMS);
    row->home_municipality = field_municipality(fields);
    row->programme = field_label(fields);
    row->placed = field_maybe(fields);
}

static void read_member(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct member_row *row = out;
    row->group_id = field_id(fields);
    row->pupil_id = field_id(fields);
    field_days(fields, &row->from_day, &row->to_day);
}

static void read_exemption(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct member_row *row = out;
    row->pupil_id = field_id(fields);
    row->group_id = field_id(fields);
    field_days(fields, &row->from_day, &row->to_day);
}

static void read_lesson(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    static const char *const STATES[] = {"held", "cancelled"};
    (void)files;
    struct lesson_row *row = out;
    row->lesson_id = field_id(fields);
    row->group_id = field_id(fields);
    row->subject = field_label(fields);
    row->room = field_label(fields);
    row->day = field_date(fields);
    row->start_minute = field_minute(fields);
    row->end_minute = field_minute(fields);
    if (!fields->bad && row->end_minute <= row->start_minute)
        field_refuse(fields, "the lesson ends before it has begun");
    row->state_told = field_told(fields);
    row->cancelled = field_word(fields, STATES, 2, true) == 1;
}

static void read_terminal(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    static const char *const PLACES[] = {"room", "entrance"};
    (void)files;
    struct terminal_row *row = out;
    row->terminal_id = field_terminal(fields);
    row->room = field_label(fields);
    row->place_told = field_told(fields);
    row->entrance = field_word(fields, PLACES, 2, true) == 1;
    field_days(fields, &row->from_day, &row->to_day);
}

static void read_card(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    struct card_row *row = out;
    row->token = field_held_token(fields, files->token_key);
    row->pupil_id = field_id(fields);
    field_days_or_span(fields, &row->from_ms, &row->to_ms);
}

static void read_absence(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    static const char *const TYPES[] = {"reported", "leave"};
    (void)files;
    struct absence_row *row = out;
    row->pupil_id = field_id(fields);
    field_span(fields, &row->from_ms, &row->to_ms);
    if (!fields->bad && row->to_ms == INT64_MAX)
        field_refuse(fields, "must not be empty: an absence without an end outlives the pupil's return");
    row->leave = field_word(fields, TYPES, 2, false) == 1;
}

static void read_tap(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    struct tap_row *row = out;
    row->terminal_id = field_terminal(fields);
    row->token = field_token(fields, files->token_key);
    row->at_ms = field_utc(fields);
}

static void read_outage(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct outage_row *row = out;
    row->terminal_id = field_terminal(fields);
    field_span(fields, &row->from_ms, &row->to_ms);
}

static void read_mark(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct mark_row *row = out;
    row->lesson_id = field_id(fields);
    row->pupil_id = field_id(fields);
    row->status = (enum status)field_word(fields, STATUS_WORDS, STATUSES, false);
    if (row->status == STATUS_CANCELLED || row->status == STATUS_EXEMPT)
        field_refuse(fields, "should be one of present late reported leave unreported unknown; cancelled lessons and "
                             "exemptions are facts of their own");
    row->absent_minutes = field_count(fields, CIVIL_MINUTES_PER_DAY);
}

const char *const CALENDAR_WORDS[CALENDAR_KINDS] = {"lasar", "lov", "studiedag", "helgdag", "lovskola"};

static void read_calendar(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct calendar_row *row = out;
    field_days(fields, &row->from_day, &row->to_day);
    row->kind = (enum calendar_kind)field_word(fields, CALENDAR_WORDS, CALENDAR_KINDS, false);
}

static void read_staff(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct staff_row *row = out;
    row->staff_id = field_id(fields);
    row->name = field_name(fields);
    row->role = field_label(fields);
    row->email = field_name(fields);
}

static void read_teacher(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct teacher_row *row = out;
    row->group_id = field_id(fields);
    row->staff_id = field_id(fields);
    field_days(fields, &row->from_day, &row->to_day);
}

static void read_guardian(struct schoolfields *fields, const struct schoolfiles *files, void *out)
{
    (void)files;
    struct guardian_row *row = out;
    row->pupil_id = field_id(fields);
    row->name = field_name(fields);
    row->phone = field_name(fields);
    row->email = field_name(fields);
    row->order = field_count(fields, GUARDIAN_ORDER_MAX);
    row->relation = field_choice(fields, RELATIONS, sizeof RELATIONS / sizeof *RELATIONS);
    row->language = field_label(fields);
    row->interpreter = field_maybe(fields);
    row->notify = field_maybe(fields);
}

#define COLUMNS_MAX (SCHOOLFILES_COLUMNS_MAX - 1)
#define NEED(name)       \
    {                    \
        name, true, NULL \
    }
#define MAY(name)         \
    {                     \
        name, false, NULL \
    }
#define FROM_TO MAY("from"), MAY("to")

/* Columns in the order in which the functions above take them; recorded_at is taken after them. */
static const struct format {
    const char *name;
    struct csv_column columns[COLUMNS_MAX];
    void (*read)(struct schoolfields *fields, const struct schoolfiles *files, void *out);
    size_t row_bytes;
} FORMATS[SCHOOLFILES] = {
    [SCHOOLFILE_PUPILS] = {"pupils.csv",
                           {NEED("pupil_id"), MAY("given_name"), MAY("family_name"), MAY("class"), MAY("year"),
                            MAY("protected"), FROM_TO, MAY("end_reason"), MAY("birth_date"), MAY("school_form"),
                            MAY("home_municipality"), MAY("programme"), MAY("placed")},
                           read_pupil,
                           sizeof(struct pupil_row)},
    [SCHOOLFILE_MEMBERS] = {"members.csv",
                            {NEED("group_id"), NEED("pupil_id"), FROM_TO},
                            read_member,
                            sizeof(struct member_row)},
    [SCHOOLFILE_LESSONS] = {"lessons.csv",
                            {NEED("lesson_id"), NEED("group_id"), MAY("subject"), MAY("room"), NEED("date"),
                             NEED("start"), NEED("end"), MAY("state")},
                            read_lesson,
                            sizeof(struct lesson_row)},
    [SCHOOLFILE_EXEMPTIONS] = {"exemptions.csv",
                               {NEED("pupil_id"), NEED("group_id"), FROM_TO},
                               read_exemption,
                               sizeof(struct member_row)},
    [SCHOOLFILE_TERMINALS] = {"terminals.csv",
                              {NEED("terminal_id"), MAY("room"), MAY("place"), FROM_TO},
                              read_terminal,
                              sizeof(struct terminal_row)},
    [SCHOOLFILE_CARDS] = {"cards.csv", {NEED("card"), NEED("pupil_id"), FROM_TO}, read_card, sizeof(struct card_row)},
    [SCHOOLFILE_ABSENCES] = {"absences.csv",
                             {NEED("pupil_id"), FROM_TO, NEED("type")},
                             read_absence,
                             sizeof(struct absence_row)},
    [SCHOOLFILE_TAPS] = {"taps.csv", {NEED("terminal_id"), NEED("card"), NEED("at")}, read_tap, sizeof(struct tap_row)},
    [SCHOOLFILE_OUTAGES] = {"outages.csv", {NEED("terminal_id"), FROM_TO}, read_outage, sizeof(struct outage_row)},
    [SCHOOLFILE_MARKS] = {"marks.csv",
                          {NEED("lesson_id"), NEED("pupil_id"), NEED("status"), NEED("absent_minutes")},
                          read_mark,
                          sizeof(struct mark_row)},
    [SCHOOLFILE_CALENDAR] = {"calendar.csv", {FROM_TO, NEED("kind")}, read_calendar, sizeof(struct calendar_row)},
    [SCHOOLFILE_STAFF] = {"staff.csv",
                          {NEED("staff_id"), MAY("name"), NEED("role"), NEED("email")},
                          read_staff,
                          sizeof(struct staff_row)},
    [SCHOOLFILE_TEACHERS] = {"teachers.csv",
                             {NEED("group_id"), NEED("staff_id"), FROM_TO},
                             read_teacher,
                             sizeof(struct teacher_row)},
    [SCHOOLFILE_GUARDIANS] = {"guardians.csv",
                              {NEED("pupil_id"), MAY("name"), NEED("phone"), NEED("email"), NEED("order"),
                               MAY("relation"), MAY("language"), MAY("interpreter"), MAY("notify")},
                              read_guardian,
                              sizeof(struct guardian_row)},
};

const char *schoolfiles_name(enum schoolfile which)
{
    return FORMATS[which].name;
}

enum schoolfile schoolfiles_called(const char *name)
{
    enum schoolfile which = SCHOOLFILE_PUPILS;
    while (which < SCHOOLFILES && strcmp(FORMATS[which].name, name) != 0)
        which++;
    return which;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Levenshtein distance, ignoring case, with one row of the matrix. */
static size_t distance(const char *from, const char *to)
{
    size_t row[32], length = strlen(to);
    if (length >= sizeof row / sizeof *row)
        return SIZE_MAX;
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 0; from[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 1; k <= length; k++) {
            size_t change = diagonal + (lower(from[i]) != lower(to[k - 1]));
            diagonal = row[k];
            size_t shorter = (row[k] < row[k - 1] ? row[k] : row[k - 1]) + 1;
            row[k] = change < shorter ? change : shorter;
        }
    }
    return row[length];
}

enum schoolfile schoolfiles_meant(const char *name)
{
    enum schoolfile best = SCHOOLFILES;
    size_t least = 3;
    for (enum schoolfile which = SCHOOLFILE_PUPILS; which < SCHOOLFILES; which++) {
        size_t off = distance(name, FORMATS[which].name);
        if (off < least) {
            least = off;
            best = which;
        }
    }
    return best;
}

size_t schoolfiles_columns(enum schoolfile which, const char *names[SCHOOLFILES_COLUMNS_MAX])
{
    size_t count = 0;
    for (; count < COLUMNS_MAX && FORMATS[which].columns[count].name != NULL; count++)
        names[count] = FORMATS[which].columns[count].name;
    names[count++] = "recorded_at";
    return count;
}

bool schoolfiles_requires(enum schoolfile which, size_t column)
{
    return column < COLUMNS_MAX && FORMATS[which].columns[column].required;
}

const void *schoolfiles_row(const struct schoolfiles *files, enum schoolfile which, size_t place)
{
    assert(place < files->files[which].count);
    return (const char *)files->files[which].rows + place * FORMATS[which].row_bytes;
}

void schoolfiles_init(struct schoolfiles *files, const uint8_t token_key[TOKEN_KEY_BYTES], struct problems *problems,
                      struct problems *refusals)
{
    *files = (struct schoolfiles){.problems = problems, .refusals = refusals};
    memcpy(files->token_key, token_key, TOKEN_KEY_BYTES);
}

void schoolfiles_free(struct schoolfiles *files)
{
    for (size_t i = 0; i < SCHOOLFILES; i++) {
        free(files->files[i].rows);
        free(files->files[i].left_out);
        if (files->files[i].made != NULL)
            explicit_bzero(files->files[i].made, files->files[i].made_length);
        free(files->files[i].made);
    }
    explicit_bzero(files, sizeof *files);
}

/* An upper bound: one row per line feed and a last one without. */
static size_t rows_at_most(const char *bytes, size_t length)
{
    size_t rows = 1;
    for (const char *at = bytes, *end = bytes + length; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        rows++;
    return rows < SCHOOLFILES_ROWS_MAX ? rows : SCHOOLFILES_ROWS_MAX;
}

/* A row that is left out still defines its id, so that references to it are not reported as well. */
static void leave_out(struct schoolfiles *files, enum schoolfile which, struct text id)
{
    size_t count = files->files[which].left_out_count;
    files->files[which].incomplete = true;
    if (id.length == 0 || id.length > NAME_BYTES_MAX || count >= PROBLEMS_KEPT) { /* more are not told either */
        files->files[which].ids_unread = true;
        return;
    }
    if (files->files[which].left_out == NULL)
        files->files[which].left_out = malloc(PROBLEMS_KEPT * sizeof(struct text));
    if (files->files[which].left_out == NULL)
        files->files[which].ids_unread = true;
    else
        files->files[which].left_out[files->files[which].left_out_count++] = id;
}

/* The row is written before it is known to be good and counted only then. `recorded` is the place of recorded_at,
 * which every format has last. */
static void read_rows(struct schoolfiles *files, enum schoolfile which, struct csv *csv, size_t recorded,
                      size_t capacity)
{
    const struct format *format = &FORMATS[which];
    for (enum csv_result result; (result = csv_next(csv)) != CSV_END;) {
        if (result == CSV_BAD) {
            files->files[which].incomplete = files->files[which].ids_unread = true;
            continue;
        }
        if (files->files[which].count == capacity) {
            problems_add(files->problems, format->name, csv->line, "more than %d rows; split the file",
                         SCHOOLFILES_ROWS_MAX);
            return;
        }
        char *row = (char *)files->files[which].rows + files->files[which].count * format->row_bytes;
        struct schoolfields fields = {.csv = csv, .refusals = files->refusals};
        format->read(&fields, files, row);
        assert(fields.column == recorded);
        struct schoolrow *origin = (struct schoolrow *)(void *)row;
        *origin = (struct schoolrow){.recorded_ms = field_recorded(&fields), .line = csv->line};
        if (which == SCHOOLFILE_MARKS && origin->recorded_ms == SCHOOLFILES_NOT_RECORDED)
            field_refuse(&fields, "must say when; of several marks the latest counts");
        files->files[which].count += !fields.bad;
        if (fields.bad)
            leave_out(files, which, csv->fields[0]);
    }
}

static void note_header(struct schoolfiles *files, enum schoolfile which, const struct csv *csv)
{
    files->files[which].header_count = csv->header_count;
    for (size_t i = 0; i < csv->header_count; i++) {
        files->files[which].header[i] = csv->header[i];
        files->files[which].columns[i] = csv_unread(csv, i) ? SCHOOLFILES_COLUMNS_MAX : csv->targets[i];
    }
}

/* A required column that is not there, and one of the header that may be it. */
static void tell_meant(const struct schoolfiles *files, enum schoolfile which, const struct csv *csv)
{
    for (size_t column = 0; column < COLUMNS_MAX && FORMATS[which].columns[column].name != NULL; column++) {
        const char *name = FORMATS[which].columns[column].name;
        const struct text *meant = NULL;
        bool there = !FORMATS[which].columns[column].required;
        for (size_t i = 0; i < csv->header_count; i++) {
            there = there || csv->targets[i] == column;
            if (meant == NULL && csv_unread(csv, i) && columnsmeant(csv->header[i], name))
                meant = &csv->header[i];
        }
        if (!there && meant != NULL)
            problems_add(files->problems, FORMATS[which].name, csv->line,
                         "%s: did you mean \"%.*s\"? A table of names says so once", name, (int)meant->length,
                         meant->bytes);
    }
}

/* Text that NFC changes is a copy that lives as long as the rows, which point into it. False: no memory. */
bool schoolfiles_read(struct schoolfiles *files, enum schoolfile which, char *bytes, size_t length)
{
    const struct format *format = &FORMATS[which];
    struct csv_column columns[COLUMNS_MAX + 1];
    size_t count = 0;
    for (; count < COLUMNS_MAX && format->columns[count].name != NULL; count++)
        columns[count] = format->columns[count];
    columns[count] = (struct csv_column){"recorded_at", false, NULL};
    for (size_t i = 0; i <= count && files->called != NULL; i++)
        columns[i].called = columnnames_of(files->called, which, i);
    assert(!files->files[which].given);
    files->files[which].given = true;
    char **made = &files->files[which].made;
    if (!nfc_text((struct text){bytes, length}, made, &files->files[which].made_length))
        return false;
    bytes = *made == NULL ? bytes : *made;
    length = *made == NULL ? length : files->files[which].made_length;
    struct csv csv;
    files->files[which].incomplete = !csv_open(&csv, format->name, bytes, length, columns, count + 1, files->problems);
    files->files[which].ids_unread = files->files[which].incomplete;
    note_header(files, which, &csv);
    if (files->files[which].incomplete) {
        tell_meant(files, which, &csv);
        return true;
    }
    size_t capacity = rows_at_most(bytes, length);
    files->files[which].rows = malloc(capacity * format->row_bytes);
    if (files->files[which].rows == NULL)
        return false;
    read_rows(files, which, &csv, count, capacity);
    return true;
}
