/* Inside the attendance reader only (dashboard/attendance): its statements by name; how one is used is in common/query.h. */
#ifndef DASHBOARD_ATTENDANCE_SQL_H
#define DASHBOARD_ATTENDANCE_SQL_H

#include <sys/types.h>
#include "common/ids.h"
#include "common/query.h"
#include "dashboard/attendance/attendance.h"

enum attendance_statement {
    ATTENDANCE_SQL_BEGIN,
    ATTENDANCE_SQL_COMMIT,
    ATTENDANCE_SQL_VERSION,
    ATTENDANCE_SQL_CHANGES,
    ATTENDANCE_SQL_SETTING,
    ATTENDANCE_SQL_SUBJECTS,
    ATTENDANCE_SQL_STATUS,
    ATTENDANCE_SQL_DECIDED,
    ATTENDANCE_SQL_MENTOR,
    ATTENDANCE_SQL_MENTORS,
    ATTENDANCE_SQL_PUPILS,
    ATTENDANCE_SQL_PROTECTED,
    ATTENDANCE_SQL_PUPIL,
    ATTENDANCE_SQL_PERSON,
    ATTENDANCE_SQL_STUDENTS,
    ATTENDANCE_SQL_CALENDAR,
    ATTENDANCE_SQL_LAST_DAY,
    ATTENDANCE_SQL_OPEN_FLAGS,
    ATTENDANCE_SQL_PUPIL_FLAGS,
    ATTENDANCE_SQL_GRAVE,
    ATTENDANCE_SQL_TASKS,
    ATTENDANCE_SQL_SIGNALS,
    ATTENDANCE_SQL_GROUPS,
    ATTENDANCE_SQL_GROUP_DAYS,
    ATTENDANCE_SQL_GROUP,
    ATTENDANCE_SQL_RECENT,
    ATTENDANCE_SQL_TERMINALS,
    ATTENDANCE_SQL_DAYS,
    ATTENDANCE_SQL_DAYS_BETWEEN,
    ATTENDANCE_SQL_TIMELINE,
    ATTENDANCE_SQL_SCHOOL_DAYS,
    ATTENDANCE_SQL_GUARDIANS,
    ATTENDANCE_SQL_TEACHES,
    ATTENDANCE_SQL_EXPECTED,
    ATTENDANCE_SQL_LESSONS_OF,
    ATTENDANCE_SQL_LESSON_PUPILS,
    ATTENDANCE_SQL_PUPIL_LESSONS,
    ATTENDANCE_SQL_PUPIL_MARKS,
    ATTENDANCE_SQL_CHECKED_IN,
    ATTENDANCE_SQL_ABSENCES,
    ATTENDANCE_SQL_ABSENCE_PUPIL,
    ATTENDANCE_SQL_RULES,
    ATTENDANCE_SQL_ACTS,
    ATTENDANCE_STATEMENTS
};

extern const char *const ATTENDANCE_SQL[ATTENDANCE_STATEMENTS];

struct attendance {
    char *path;
    struct database database; /* closed: there is nothing to read */
    struct sqlite3_stmt *statements[ATTENDANCE_STATEMENTS];
    ino_t inode;
    bool reading, said_absent;
    int32_t today; /* while reading */
    int64_t version, flags_mark, terminals_mark;
    int64_t openings; /* the version begins anew with each */
    struct attendance_changes changes;
    size_t subject_count;
    char subjects[ATTENDANCE_SUBJECTS_MAX][NAME_BYTES];
};

/* Between attendance_begin and _end. */
struct query attendance_query(struct attendance *attendance, enum attendance_statement which);
/* The same, and its first parameter. */
struct query attendance_query_of(struct attendance *attendance, enum attendance_statement which, const char *text);
/* The same with today as the only parameter. */
struct query attendance_query_today(struct attendance *attendance, enum attendance_statement which);
/* The first six columns, of a pupil at the school. */
struct attendance_pupil attendance_pupil_at(const struct query *row);

#endif
