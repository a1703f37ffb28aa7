/* The attendance database's part for attendance work: lessons, who is expected at them, marks, absences. As
 * dashboard/attendance/attendance.h: between attendance_begin and _end. */
#ifndef DASHBOARD_ATTENDANCE_LESSONS_H
#define DASHBOARD_ATTENDANCE_LESSONS_H

#include "dashboard/attendance/attendance.h"
#include "common/civil.h"

#define ATTENDANCE_EARLY_MS     (15 * CIVIL_MS_PER_MINUTE) /* a check-in may come so long before its lesson */
#define ATTENDANCE_ABSENCES_MAX 100

struct attendance_lesson {
    int64_t lesson;
    const char *subject, *group, *room;
    const char *doubt; /* why nobody can know of all its pupils (docs/api.md); NULL: it is known, or has not closed */
    int32_t day;
    int start_minute, end_minute;
};

struct attendance_mark {
    const char *status, *author, *source; /* status NULL: no mark; source "": a roll, a correction, an import */
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

bool attendance_teaches(struct attendance *attendance, const char *staff, int64_t lesson);
/* Is the pupil one of those who are expected at the lesson? */
bool attendance_expects(struct attendance *attendance, const char *pupil, int64_t lesson);

/* By start; cancelled ones are left out everywhere here. */
struct query attendance_lessons_of(struct attendance *attendance, const char *staff, int32_t day);
struct query attendance_pupil_lessons(struct attendance *attendance, const char *pupil, int32_t day);
bool attendance_next_lesson(struct query *rows, struct attendance_lesson *out);

/* By name. */
struct query attendance_seats(struct attendance *attendance, const struct attendance_lesson *lesson);
bool attendance_next_seat(struct query *rows, struct attendance_seat *out);

/* Was a card of the pupil held to a reader about that lesson? */
bool attendance_checked_in(struct attendance *attendance, const char *pupil, const struct attendance_lesson *lesson);

/* Newest first. */
struct query attendance_marks(struct attendance *attendance, const char *pupil, int64_t lesson);
bool attendance_next_mark(struct query *rows, struct attendance_mark *out);

/* Known ones that end after `after_ms`, newest first, at most ATTENDANCE_ABSENCES_MAX and one that tells that there are
 * more. */
struct query attendance_absences(struct attendance *attendance, const char *pupil, int64_t after_ms);
bool attendance_next_absence(struct query *rows, struct attendance_absence *out);
/* Whose it is, for attendance_next_pupil. */
struct query attendance_absence_pupil(struct attendance *attendance, int64_t absence);

#endif
