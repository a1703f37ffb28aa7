/* attendance.csv: one row for each pupil and scheduled lesson (docs/detection.md), in any order, read from memory.
 *
 * Rows of several files are gathered, put in order once, and then fed to a detector day by day. All files together are one
 * school: the same pupil_id is the same pupil, the same class name the same class. Memory is the reader's. */
#ifndef DAEMON_CORE_ATTENDANCE_CSV_H
#define DAEMON_CORE_ATTENDANCE_CSV_H

#include "common/problems.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/school/names.h"

#define ATTENDANCE_FILES_MAX 1000

struct attendance_csv_row {
    uint32_t pupil, class;
    int32_t day;
    uint32_t line;
    uint16_t start_minute, minutes, absent_minutes;
    uint16_t subject; /* of subjects; after attendance_csv_sort its rank among them */
    uint8_t status;
    uint16_t file; /* of files */
};

struct attendance_csv {
    struct names pupils, classes, subjects;
    uint16_t *subject_order; /* by rank, once sorted */
    struct attendance_csv_row *rows;
    size_t row_count, row_capacity;
    const char *files[ATTENDANCE_FILES_MAX]; /* the caller's */
    uint16_t file_count;
};

/* False with errno set: no memory. */
bool attendance_csv_open(struct attendance_csv *attendance);
void attendance_csv_close(struct attendance_csv *attendance);

/* Reads a file's bytes (which are changed where quotes are doubled) and adds its rows. Every wrong row is a problem of
 * `file`, which must live as long as the reader, with its line; false when there was one, or are too many files. */
bool attendance_csv_read(struct attendance_csv *attendance, const char *file, char *bytes, size_t length,
                         struct problems *problems);

/* Puts the rows in order: pupil, day, and as a day's lessons go; numbers the subjects in the order of their names. Rows that are
 * alike in every column become one. To be called once, after the last read. False: no memory. */
bool attendance_csv_sort(struct attendance_csv *attendance);

/* The subject that a sorted row's number stands for; the empty text when there is none. */
struct text attendance_csv_subject(const struct attendance_csv *attendance, uint16_t rank);

/* Adds a problem for each pupil-day with too many rows, and for each row that contradicts another: both count, for the same pupil,
 * date, start and subject, and they differ. False when there is one. Sorted rows. */
bool attendance_csv_check(const struct attendance_csv *attendance, struct problems *problems);
/* Gives every day to `take`, as detect_set_day has it, by pupil and date; ends when it says false, and says so. Sorted rows. */
typedef bool attendance_csv_take(void *context, uint32_t pupil, uint32_t class, int32_t day,
                                 const struct outcome *outcomes, size_t count);
bool attendance_csv_days(const struct attendance_csv *attendance, attendance_csv_take *take, void *context);
/* Sets every day. False: no memory. */
bool attendance_csv_feed(const struct attendance_csv *attendance, struct detect *detect);

#endif
