/* The plain CSV form of a school (docs/school-files.md): each file becomes rows of typed values, and everything that is
 * wrong in any of them is told in one run, with file, line and column.
 *
 * Two kinds of wrong: what cannot be read is a problem, its row is left out; what can be read but must not be believed (an
 * end before its beginning, an absence without an end) is a refusal, its row is there. Whoever applies the rows looks at
 * the problems first, an import at the refusals too; a roll of the files passes over what is refused.
 *
 * Pure: bytes in, rows out. Texts point into the bytes given, which must outlive the rows, or into text in Unicode NFC that
 * was made of them. Card numbers become tokens while they are read. */
#ifndef DAEMON_CORE_SCHOOLFILES_H
#define DAEMON_CORE_SCHOOLFILES_H

#include "common/problems.h"
#include "common/ids.h"
#include "daemon/core/school/csv.h"
#include "daemon/core/outcome.h"
#include "daemon/core/text.h"
#include "common/token.h"

#define SCHOOLFILES_ROWS_MAX       4000000             /* in one file */
#define SCHOOLFILES_BYTES_MAX      (256 * 1024 * 1024) /* of one file */
#define SCHOOLFILES_NAME_BYTES_MAX 200
#define SCHOOLFILES_NOT_RECORDED   INT64_MIN
#define SCHOOLFILES_COLUMNS_MAX    15   /* that a file may have; recorded_at is one */
#define SCHOOLFILES_NOT_TOLD       (-1) /* a count, or a yes or no, whose field is empty */

enum schoolfile {
    SCHOOLFILE_PUPILS,
    SCHOOLFILE_MEMBERS,
    SCHOOLFILE_LESSONS,
    SCHOOLFILE_EXEMPTIONS,
    SCHOOLFILE_TERMINALS,
    SCHOOLFILE_CARDS,
    SCHOOLFILE_ABSENCES,
    SCHOOLFILE_TAPS,
    SCHOOLFILE_OUTAGES,
    SCHOOLFILE_MARKS,
    SCHOOLFILE_CALENDAR,
    SCHOOLFILE_STAFF,
    SCHOOLFILE_TEACHERS,
    SCHOOLFILE_GUARDIANS,
    SCHOOLFILES
};

/* The beginning of every row. */
struct schoolrow {
    int64_t recorded_ms; /* UTC; SCHOOLFILES_NOT_RECORDED when the file does not say */
    int line;
};
/* Skolform: förskoleklass, grundskola, anpassad grundskola, specialskola, sameskola, gymnasieskola, anpassad gymnasieskola. */
enum school_form { FORM_FKLASS, FORM_GR, FORM_GRS, FORM_SP, FORM_SAM, FORM_GY, FORM_GYS, SCHOOL_FORMS };
extern const char *const SCHOOL_FORM_WORDS[SCHOOL_FORMS];

/* Dates are days of civil.h, both included, CIVIL_DAY_NONE = open; instants UTC in Unix milliseconds, the end excluded,
 * INT64_MIN and INT64_MAX = open. */
struct pupil_row { /* a period at the school */
    struct schoolrow row;
    struct text pupil_id, given_name, family_name, class_name, year;
    int32_t from_day, to_day;
    bool is_protected, says_unprotected; /* neither: the field is empty */
    struct text end_reason;              /* a word of docs/school-files.md, or empty, like the next two */
    struct text school_form, home_municipality, programme;
    int32_t birth_day; /* CIVIL_DAY_NONE: not told */
    int8_t placed;     /* 0, 1 or SCHOOLFILES_NOT_TOLD */
};
struct member_row { /* also an exemption */
    struct schoolrow row;
    struct text group_id, pupil_id;
    int32_t from_day, to_day;
};
struct lesson_row {
    struct schoolrow row;
    struct text lesson_id, group_id, subject, room;
    int32_t day, start_minute, end_minute;
    bool cancelled, state_told; /* empty means held, where nothing is known */
};
struct terminal_row { /* a place */
    struct schoolrow row;
    struct text terminal_id, room;
    int32_t from_day, to_day;
    bool entrance, place_told; /* empty means room, where nothing is known */
};
struct card_row {
    struct schoolrow row;
    struct text pupil_id;
    uint64_t token;
    int64_t from_ms, to_ms;
};
struct absence_row {
    struct schoolrow row;
    struct text pupil_id;
    int64_t from_ms, to_ms;
    bool leave;
};
struct tap_row {
    struct schoolrow row;
    struct text terminal_id;
    uint64_t token;
    int64_t at_ms;
};
struct outage_row {
    struct schoolrow row;
    struct text terminal_id;
    int64_t from_ms, to_ms;
};
struct mark_row {
    struct schoolrow row;
    struct text lesson_id, pupil_id;
    enum status status;
    int32_t absent_minutes; /* or SCHOOLFILES_NOT_TOLD */
};
enum calendar_kind {
    CALENDAR_LASAR,
    CALENDAR_LOV,
    CALENDAR_STUDIEDAG,
    CALENDAR_HELGDAG,
    CALENDAR_LOVSKOLA,
    CALENDAR_KINDS
};
extern const char *const CALENDAR_WORDS[CALENDAR_KINDS];
struct calendar_row {
    struct schoolrow row;
    int32_t from_day, to_day;
    enum calendar_kind kind;
};
struct staff_row {
    struct schoolrow row;
    struct text staff_id, name, role, email;
};
struct teacher_row {
    struct schoolrow row;
    struct text group_id, staff_id;
    int32_t from_day, to_day;
};
struct guardian_row {
    struct schoolrow row;
    struct text pupil_id, name, phone, email;
    int32_t order;
    struct text relation, language; /* empty: not told */
    int8_t interpreter, notify;     /* 0, 1 or SCHOOLFILES_NOT_TOLD */
};

struct columnnames; /* columnnames.h */

struct schoolfiles {
    struct {
        void *rows; /* of the struct that belongs to the file, in the file's order */
        size_t count;
        bool given;
        bool incomplete;       /* rows were left out, see the problems */
        bool ids_unread;       /* … of which not even the id is known */
        struct text *left_out; /* the ids of the others: the first column */
        size_t left_out_count;
        char *made; /* the file in NFC, when it was not */
        size_t made_length;
        struct text header[CSV_COLUMNS_MAX]; /* the columns' names as they stand … */
        uint8_t
            columns[CSV_COLUMNS_MAX]; /* … and which of schoolfiles_columns each is; SCHOOLFILES_COLUMNS_MAX: none */
        size_t header_count;
    } files[SCHOOLFILES];
    struct problems *problems, *refusals;
    const struct columnnames *called; /* what the school calls its columns; NULL: as docs/school-files.md does */
    uint8_t token_key[TOKEN_KEY_BYTES];
};

/* Problems and refusals may be the same. */
void schoolfiles_init(struct schoolfiles *files, const uint8_t token_key[TOKEN_KEY_BYTES], struct problems *problems,
                      struct problems *refusals);
void schoolfiles_free(struct schoolfiles *files);

const char *schoolfiles_name(enum schoolfile which); /* "pupils.csv" … */
/* SCHOOLFILES when no file of a school is called that. */
enum schoolfile schoolfiles_called(const char *name);
/* The file that a misspelt name may mean: different case, or at most two letters off. SCHOOLFILES: none. */
enum schoolfile schoolfiles_meant(const char *name);
/* The columns that the file may have; returns how many. */
size_t schoolfiles_columns(enum schoolfile which, const char *names[SCHOOLFILES_COLUMNS_MAX]);
bool schoolfiles_requires(enum schoolfile which, size_t column); /* by its place there */
/* The struct that belongs to the file, by its place in the file. */
const void *schoolfiles_row(const struct schoolfiles *files, enum schoolfile which, size_t place);
/* Reads one file, at most once. False when there is no memory; what is wrong with the file is added to the problems. */
bool schoolfiles_read(struct schoolfiles *files, enum schoolfile which, char *bytes, size_t length);

#endif
