/* Cursors over lessons, who is expected at them, marks and absences. */
#include "dashboard/attendance/attendance_lessons.h"

#include "common/civil.h"
#include "dashboard/attendance/attendance_sql.h"

/* Does the statement find the person at the lesson? */
static bool is_at(struct attendance *attendance, enum attendance_statement statement, const char *id, int64_t lesson)
{
    struct query query = attendance_query_of(attendance, statement, id);
    query_integer(&query, lesson);
    bool is = query_row(&query);
    query_end(&query);
    return is;
}

bool attendance_teaches(struct attendance *attendance, const char *staff, int64_t lesson)
{
    return is_at(attendance, ATTENDANCE_SQL_TEACHES, staff, lesson);
}

bool attendance_expects(struct attendance *attendance, const char *pupil, int64_t lesson)
{
    return is_at(attendance, ATTENDANCE_SQL_EXPECTED, pupil, lesson);
}

struct query attendance_lessons_of(struct attendance *attendance, const char *staff, int32_t day)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_LESSONS_OF, staff);
    query_integer(&query, day);
    return query;
}

struct query attendance_pupil_lessons(struct attendance *attendance, const char *pupil, int32_t day)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_PUPIL_LESSONS, pupil);
    query_integer(&query, day);
    return query;
}

bool attendance_next_lesson(struct query *rows, struct attendance_lesson *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_lesson){
        .lesson = query_column(rows, 0),
        .subject = query_column_text(rows, 1),
        .group = query_column_text(rows, 2),
        .room = query_column_text(rows, 3),
        .day = (int32_t)query_column(rows, 4),
        .start_minute = (int)query_column(rows, 5),
        .end_minute = (int)query_column(rows, 6),
        .doubt = query_column_text(rows, 7),
    };
    return true;
}

static struct attendance_mark mark_at(const struct query *row, int first)
{
    return (struct attendance_mark){.status = query_column_text(row, first),
                                    .absent_minutes = (int)query_column(row, first + 1),
                                    .author = query_column_text(row, first + 2),
                                    .at_ms = query_column(row, first + 3),
                                    .source = query_column_text(row, first + 4)};
}

struct query attendance_seats(struct attendance *attendance, const struct attendance_lesson *lesson)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_LESSON_PUPILS);
    int64_t start_ms = civil_to_utc_ms(lesson->day, lesson->start_minute * CIVIL_MS_PER_MINUTE);
    query_integer(&query, lesson->lesson);
    query_integer(&query, lesson->day);
    query_integer(&query, start_ms - ATTENDANCE_EARLY_MS);
    query_integer(&query, start_ms);
    query_integer(&query, civil_to_utc_ms(lesson->day, lesson->end_minute * CIVIL_MS_PER_MINUTE));
    return query;
}

bool attendance_next_seat(struct query *rows, struct attendance_seat *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_seat){
        .pupil = attendance_pupil_at(rows),
        .checked_in_ms = query_column(rows, 6),
        .absence = query_column_text(rows, 7),
        .mark = mark_at(rows, 8),
    };
    return true;
}

bool attendance_checked_in(struct attendance *attendance, const char *pupil, const struct attendance_lesson *lesson)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_CHECKED_IN, pupil);
    query_integer(&query, lesson->day);
    query_integer(&query,
                  civil_to_utc_ms(lesson->day, lesson->start_minute * CIVIL_MS_PER_MINUTE) - ATTENDANCE_EARLY_MS);
    query_integer(&query, civil_to_utc_ms(lesson->day, lesson->end_minute * CIVIL_MS_PER_MINUTE));
    bool found = query_row(&query);
    query_end(&query);
    return found;
}

struct query attendance_marks(struct attendance *attendance, const char *pupil, int64_t lesson)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_PUPIL_MARKS, pupil);
    query_integer(&query, lesson);
    return query;
}

bool attendance_next_mark(struct query *rows, struct attendance_mark *out)
{
    if (!query_row(rows))
        return false;
    *out = mark_at(rows, 0);
    return true;
}

struct query attendance_absences(struct attendance *attendance, const char *pupil, int64_t after_ms)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_ABSENCES, pupil);
    query_integer(&query, after_ms);
    query_integer(&query, ATTENDANCE_ABSENCES_MAX + 1);
    return query;
}

bool attendance_next_absence(struct query *rows, struct attendance_absence *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_absence){
        .absence = query_column(rows, 0),
        .type = query_column_text(rows, 1),
        .from_ms = query_column(rows, 2),
        .to_ms = query_column(rows, 3),
        .reported_ms = query_column(rows, 4),
        .author = query_column_text(rows, 5),
    };
    return true;
}

struct query attendance_absence_pupil(struct attendance *attendance, int64_t absence)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_ABSENCE_PUPIL);
    query_integer(&query, absence);
    query_integer(&query, attendance->today);
    return query;
}
