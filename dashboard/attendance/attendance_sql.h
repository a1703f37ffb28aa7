/* Inside the attendance reader only (dashboard/attendance*.c): its statements by name, and the steps of using one. */
#ifndef DASHBOARD_ATTENDANCE_SQL_H
#define DASHBOARD_ATTENDANCE_SQL_H

#include <sqlite3.h>
#include <sys/stat.h>
#include "dashboard/attendance/attendance.h"
#include "dashboard/attendance/attendance_lessons.h"
#include "dashboard/attendance/attendance_rules.h"

#define SUBJECT_BYTES 64

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
    ATTENDANCE_SQL_PUPIL,
    ATTENDANCE_SQL_OPEN_FLAGS,
    ATTENDANCE_SQL_PUPIL_FLAGS,
    ATTENDANCE_SQL_TASKS,
    ATTENDANCE_SQL_SIGNALS,
    ATTENDANCE_SQL_GROUPS,
    ATTENDANCE_SQL_RECENT,
    ATTENDANCE_SQL_TERMINALS,
    ATTENDANCE_SQL_DAYS,
    ATTENDANCE_SQL_LATEST_DAYS,
    ATTENDANCE_SQL_TIMELINE,
    ATTENDANCE_SQL_SCHOOL_DAYS,
    ATTENDANCE_SQL_GUARDIANS,
    ATTENDANCE_SQL_TEACHES,
    ATTENDANCE_SQL_LESSONS_OF,
    ATTENDANCE_SQL_LESSON,
    ATTENDANCE_SQL_LESSON_PUPILS,
    ATTENDANCE_SQL_PUPIL_LESSONS,
    ATTENDANCE_SQL_PUPIL_MARKS,
    ATTENDANCE_SQL_ABSENCES,
    ATTENDANCE_SQL_ABSENCE_PUPIL,
    ATTENDANCE_SQL_RULES,
    ATTENDANCE_STATEMENTS
};

extern const char *const ATTENDANCE_SQL[ATTENDANCE_STATEMENTS];

struct attendance {
    char *path;
    sqlite3 *db; /* NULL: there is nothing to read */
    sqlite3_stmt *statements[ATTENDANCE_STATEMENTS];
    ino_t inode;
    bool reading, said_absent;
    int64_t version, flags_mark, terminals_mark;
    int64_t openings; /* the version begins anew with each */
    struct attendance_changes changes;
    size_t subject_count;
    char subjects[ATTENDANCE_SUBJECTS_MAX][SUBJECT_BYTES];
};

/* Function pointers travel inside one of these, because they may not travel as void pointers. */
union attendance_row {
    attendance_pupil_row *pupil;
    attendance_flag_row *flag;
    attendance_task_row *task;
    attendance_signal_row *signal;
    attendance_group_row *group;
    attendance_terminal_row *terminal;
    attendance_day_row *day;
    attendance_recent_row *recent;
    attendance_moment_row *moment;
    attendance_guardian_row *guardian;
    attendance_lesson_row *lesson;
    attendance_seat_row *seat;
    attendance_mark_row *mark;
    attendance_absence_row *absence;
    attendance_rules_row *rules;
};

/* Reads one row and hands it on; false: stop. */
typedef bool attendance_reader(sqlite3_stmt *statement, const void *row, void *into);

/* Every row of a statement whose parameters are bound. */
bool attendance_each(struct attendance *attendance, enum attendance_statement which, attendance_reader *reader,
                     union attendance_row row, void *into);
/* One step of such a statement; true when there is a row. The caller resets it. */
bool attendance_first_row(struct attendance *attendance, enum attendance_statement which, bool *good);
/* Logs why; always false. */
bool attendance_failed(struct attendance *attendance, enum attendance_statement which);
const char *attendance_text(sqlite3_stmt *statement, int column); /* NULL when it is */
int32_t attendance_day_or_none(sqlite3_stmt *statement, int column);
/* The first six columns. */
struct attendance_pupil attendance_pupil_at(sqlite3_stmt *statement);

#endif
