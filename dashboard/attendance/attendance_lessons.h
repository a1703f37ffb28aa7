/* The attendance database's part for attendance work: lessons, who is expected at them, marks, absences. As
 * dashboard/attendance/attendance.h: between attendance_begin and _end, false when the database could not be read. */
#ifndef DASHBOARD_ATTENDANCE_LESSONS_H
#define DASHBOARD_ATTENDANCE_LESSONS_H

#include "dashboard/attendance/attendance.h"

#define ATTENDANCE_EARLY_MS     (15 * 60000) /* a check-in may come so long before its lesson */
#define ATTENDANCE_ABSENCES_MAX 100

struct attendance_lesson {
    int64_t lesson;
    const char *subject, *group, *room;
    int32_t day;
    int start_minute, end_minute;
};

struct attendance_mark {
    const char *status, *author; /* status NULL: no mark */
    int absent_minutes;
    int64_t at_ms;
};

/* A pupil who is expected at a lesson. */
struct attendance_seat {
    struct attendance_pupil pupil;
    int64_t checked_in_ms; /* 0 = not seen */
    const char *absence;   /* the type that covers half of it; NULL */
    struct attendance_mark mark;
};

struct attendance_absence {
    int64_t absence, from_ms, to_ms, reported_ms;
    const char *type, *author;
};

typedef bool attendance_lesson_row(void *into, const struct attendance_lesson *lesson);
typedef bool attendance_seat_row(void *into, const struct attendance_seat *seat);
typedef bool attendance_mark_row(void *into, const struct attendance_mark *mark);
typedef bool attendance_absence_row(void *into, const struct attendance_absence *absence);

/* Failure counts as no. */
bool attendance_teaches(struct attendance *attendance, const char *staff, int64_t lesson);
/* By start; cancelled ones are left out everywhere here. */
bool attendance_lessons_of(struct attendance *attendance, const char *staff, int32_t day, attendance_lesson_row *row,
                           void *into);
bool attendance_lesson(struct attendance *attendance, int64_t lesson, attendance_lesson_row *row, void *into);
/* By name. */
bool attendance_seats(struct attendance *attendance, const struct attendance_lesson *lesson, attendance_seat_row *row,
                      void *into);
bool attendance_pupil_lessons(struct attendance *attendance, const char *pupil, int32_t day, attendance_lesson_row *row,
                              void *into);
/* Newest first. */
bool attendance_marks(struct attendance *attendance, const char *pupil, int64_t lesson, attendance_mark_row *row,
                      void *into);
/* Known ones that end after `after_ms`, newest first. */
bool attendance_absences(struct attendance *attendance, const char *pupil, int64_t after_ms,
                         attendance_absence_row *row, void *into);
/* Whose it is. */
bool attendance_absence_pupil(struct attendance *attendance, int64_t absence, attendance_pupil_row *row, void *into);

#endif
