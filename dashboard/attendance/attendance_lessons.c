#include "dashboard/attendance/attendance_lessons.h"

#include "common/civil.h"
#include "dashboard/attendance/attendance_sql.h"

#define MS_PER_MINUTE 60000

static sqlite3_stmt *with_text(struct attendance *attendance, enum attendance_statement which, const char *text)
{
    sqlite3_bind_text(attendance->statements[which], 1, text, -1, SQLITE_STATIC);
    return attendance->statements[which];
}

static bool read_lesson(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_lesson lesson = {
        .lesson = sqlite3_column_int64(statement, 0),
        .subject = attendance_text(statement, 1),
        .group = attendance_text(statement, 2),
        .room = attendance_text(statement, 3),
        .day = sqlite3_column_int(statement, 4),
        .start_minute = sqlite3_column_int(statement, 5),
        .end_minute = sqlite3_column_int(statement, 6),
    };
    return ((const union attendance_row *)row)->lesson(into, &lesson);
}

static struct attendance_mark mark_at(sqlite3_stmt *statement, int first)
{
    return (struct attendance_mark){.status = attendance_text(statement, first),
                                    .absent_minutes = sqlite3_column_int(statement, first + 1),
                                    .author = attendance_text(statement, first + 2),
                                    .at_ms = sqlite3_column_int64(statement, first + 3)};
}

static bool read_seat(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_seat seat = {.pupil = attendance_pupil_at(statement),
                                   .checked_in_ms = sqlite3_column_int64(statement, 6),
                                   .absence = attendance_text(statement, 7),
                                   .mark = mark_at(statement, 8)};
    return ((const union attendance_row *)row)->seat(into, &seat);
}

static bool read_mark(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_mark mark = mark_at(statement, 0);
    return ((const union attendance_row *)row)->mark(into, &mark);
}

static bool read_absence(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_absence absence = {
        .absence = sqlite3_column_int64(statement, 0),
        .type = attendance_text(statement, 1),
        .from_ms = sqlite3_column_int64(statement, 2),
        .to_ms = sqlite3_column_int64(statement, 3),
        .reported_ms = sqlite3_column_int64(statement, 4),
        .author = attendance_text(statement, 5),
    };
    return ((const union attendance_row *)row)->absence(into, &absence);
}

static bool read_pupil(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_pupil pupil = attendance_pupil_at(statement);
    return ((const union attendance_row *)row)->pupil(into, &pupil);
}

bool attendance_teaches(struct attendance *attendance, const char *staff, int64_t lesson)
{
    bool good;
    sqlite3_stmt *statement = with_text(attendance, ATTENDANCE_SQL_TEACHES, staff);
    sqlite3_bind_int64(statement, 2, lesson);
    bool teaches = attendance_first_row(attendance, ATTENDANCE_SQL_TEACHES, &good);
    sqlite3_reset(statement);
    return teaches;
}

bool attendance_lessons_of(struct attendance *attendance, const char *staff, int32_t day, attendance_lesson_row *row,
                           void *into)
{
    sqlite3_bind_int(with_text(attendance, ATTENDANCE_SQL_LESSONS_OF, staff), 2, day);
    return attendance_each(attendance, ATTENDANCE_SQL_LESSONS_OF, read_lesson, (union attendance_row){.lesson = row},
                           into);
}

bool attendance_lesson(struct attendance *attendance, int64_t lesson, attendance_lesson_row *row, void *into)
{
    sqlite3_bind_int64(attendance->statements[ATTENDANCE_SQL_LESSON], 1, lesson);
    return attendance_each(attendance, ATTENDANCE_SQL_LESSON, read_lesson, (union attendance_row){.lesson = row}, into);
}

bool attendance_seats(struct attendance *attendance, const struct attendance_lesson *lesson, attendance_seat_row *row,
                      void *into)
{
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_LESSON_PUPILS];
    int64_t start_ms = civil_to_utc_ms(lesson->day, lesson->start_minute * MS_PER_MINUTE);
    sqlite3_bind_int64(statement, 1, lesson->lesson);
    sqlite3_bind_int(statement, 2, lesson->day);
    sqlite3_bind_int64(statement, 3, start_ms - ATTENDANCE_EARLY_MS);
    sqlite3_bind_int64(statement, 4, start_ms);
    sqlite3_bind_int64(statement, 5, civil_to_utc_ms(lesson->day, lesson->end_minute * MS_PER_MINUTE));
    return attendance_each(attendance, ATTENDANCE_SQL_LESSON_PUPILS, read_seat, (union attendance_row){.seat = row},
                           into);
}

bool attendance_pupil_lessons(struct attendance *attendance, const char *pupil, int32_t day, attendance_lesson_row *row,
                              void *into)
{
    sqlite3_bind_int(with_text(attendance, ATTENDANCE_SQL_PUPIL_LESSONS, pupil), 2, day);
    return attendance_each(attendance, ATTENDANCE_SQL_PUPIL_LESSONS, read_lesson, (union attendance_row){.lesson = row},
                           into);
}

bool attendance_marks(struct attendance *attendance, const char *pupil, int64_t lesson, attendance_mark_row *row,
                      void *into)
{
    sqlite3_bind_int64(with_text(attendance, ATTENDANCE_SQL_PUPIL_MARKS, pupil), 2, lesson);
    return attendance_each(attendance, ATTENDANCE_SQL_PUPIL_MARKS, read_mark, (union attendance_row){.mark = row},
                           into);
}

bool attendance_absences(struct attendance *attendance, const char *pupil, int64_t after_ms,
                         attendance_absence_row *row, void *into)
{
    sqlite3_stmt *statement = with_text(attendance, ATTENDANCE_SQL_ABSENCES, pupil);
    sqlite3_bind_int64(statement, 2, after_ms);
    sqlite3_bind_int(statement, 3, ATTENDANCE_ABSENCES_MAX);
    return attendance_each(attendance, ATTENDANCE_SQL_ABSENCES, read_absence, (union attendance_row){.absence = row},
                           into);
}

bool attendance_absence_pupil(struct attendance *attendance, int64_t absence, attendance_pupil_row *row, void *into)
{
    sqlite3_bind_int64(attendance->statements[ATTENDANCE_SQL_ABSENCE_PUPIL], 1, absence);
    return attendance_each(attendance, ATTENDANCE_SQL_ABSENCE_PUPIL, read_pupil, (union attendance_row){.pupil = row},
                           into);
}
