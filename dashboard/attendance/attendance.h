/* The attendance database, read only: what the daemon has written, as the dashboard shows it.
 *
 * It may not exist yet, may belong to an older program, may be replaced: then attendance_begin says no and
 * tries again at the next call. Reads stand between attendance_begin and attendance_end, which hold one short
 * read transaction, so that an answer is of one moment and the writer's log can be truncated soon. What could not be
 * read is as if it were not there, and attendance_end says so.
 *
 * What gives rows gives a cursor: its next function fills one in, until it says false. Texts in a row are valid until
 * then. A loop that is left early calls query_end. One thread. Only views of
 * daemon/store/schema.sql are selected from, and pupil_day, whose outcomes are unpacked here. */
#ifndef DASHBOARD_ATTENDANCE_H
#define DASHBOARD_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/ids.h"
#include "common/query.h"
#include "daemon/core/outcome.h"

#define ATTENDANCE_MENTORS_BYTES 256
#define ATTENDANCE_TIMELINE_MAX  200
#define ATTENDANCE_SUBJECTS_MAX  4096 /* ever seen; of more, the rest are nameless, and the log says so */

struct attendance_status {
    int64_t events_stored, last_event_ms; /* 0 = no event yet */
    int32_t decided_day;                  /* CIVIL_DAY_NONE = none yet */
    int64_t lessons_closed, flags_raised, flags_open, tasks_open, pupils;
};

struct attendance_pupil {
    const char *pupil, *given_name, *family_name, *class, *year;
    bool is_protected;
    bool at_school; /* in a period today; in a list everybody is */
};

struct attendance_flag {
    int64_t flag;
    struct attendance_pupil pupil;
    const char *rule, *evidence; /* evidence: a JSON array, as text */
    int severity, rules_version;
    int32_t raised_day, cleared_day; /* CIVIL_DAY_NONE = open */
    int64_t withdrawn_ms;            /* 0 = not withdrawn */
};

struct attendance_task {
    int64_t task, created_ms;
    struct attendance_pupil pupil;
    int32_t day;
    const char *lessons; /* a JSON array, as text */
    bool is_routine;     /* those around the child are to be contacted; else a guardian */
};

/* A class over some dates. */
struct attendance_group {
    const char *class;
    int64_t expected_minutes, absent_minutes; /* leave left out */
};

/* A decided day of a class or a year with lesson time, and the same of the others of its kind that have pupils enough. */
struct attendance_group_day {
    int32_t day;
    int pupils;
    int64_t expected_minutes, absent_minutes, others_expected, others_absent;
};

/* A class or a year that was absent far more than usual. */
struct attendance_signal {
    const char *kind, *name; /* "class" or "year" */
    int pupils;
    int64_t expected_minutes, absent_minutes;
    int usual_ppm; /* of its time, millionths */
};

struct attendance_terminal {
    const char *terminal, *room, *phase, *firmware, *clock; /* from phase on NULL = never heard of */
    int64_t received_ms, queued, oldest_unsent_ms;
    int readers_up, readers;
    int64_t certificate_to_ms, revoked_ms; /* 0: it has none of ours; it is not */
    const char *trouble;                   /* why readers are down: "2 checksum, 5 exception-2"; NULL: never heard of */
    int64_t distrusted_ms;                 /* nothing of it counts from then on; 0: all does */
};

struct attendance_day {
    int32_t day;
    int count;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
};

struct attendance_guardian {
    int guardian; /* whom to try first: 1 */
    const char *name, *phone;
    const char *relation, *language; /* as in guardians.csv, "" = not told */
    bool interpreter, notify;        /* notify: is to be told of absence */
};

/* What of a pupil decides about duties and about who can support it, as of the latest period that has begun, else the first to
 * come. */
struct attendance_person {
    int32_t birth_day;                                           /* CIVIL_DAY_NONE: not told */
    char school_form[NAME_BYTES], home_municipality[NAME_BYTES]; /* "" likewise */
    bool god_man;                                                /* it has one */
};

/* A pupil of a gymnasium (GY, GYS), in the latest period; dates INT32_MIN and INT32_MAX: open. */
struct attendance_student {
    struct attendance_pupil pupil;
    int32_t birth_day, first_day, last_day; /* birth: CIVIL_DAY_NONE = not told; first: of all periods */
    const char *home_municipality, *end_reason;
};

/* A row of the school's calendar; dates CIVIL_DAY_NONE are open. */
struct attendance_span {
    const char *kind;
    int32_t from_day, to_day;
};

enum attendance_moment_kind { MOMENT_CHECK_IN, MOMENT_ABSENCE, MOMENT_MARK };

struct attendance_moment {
    enum attendance_moment_kind kind;
    int64_t at_ms; /* tapped; reported; recorded */
    const char *terminal, *room, *feedback;
    const char *type; /* of an absence */
    int64_t from_ms, to_ms;
    const char *status, *subject;
    int start_minute;
};

/* Change counters: they only ever rise while the program runs. */
struct attendance_changes {
    uint32_t status, flags, terminals;
};

struct attendance;

/* `path` need not exist. NULL: no memory. */
struct attendance *attendance_open(const char *path);
void attendance_close(struct attendance *attendance);
/* Cheap; to be called some times a second. True when a counter has risen. Not between begin and end. */
bool attendance_poll(struct attendance *attendance);
struct attendance_changes attendance_changes(const struct attendance *attendance);

/* Another number whenever something may have changed; between begin and end. */
int64_t attendance_version(struct attendance *attendance);

/* What is read is told as of `today`: who is at the school, in which class, where a terminal hangs. False: there is nothing to
 * read now. */
bool attendance_begin(struct attendance *attendance, int32_t today);
/* False: something since attendance_begin could not be read; why has been logged. */
bool attendance_end(struct attendance *attendance);

void attendance_setting(struct attendance *attendance, const char *name, char *out, size_t out_bytes); /* "" unset */
struct attendance_status attendance_status(struct attendance *attendance);
int32_t attendance_decided_day(struct attendance *attendance); /* CIVIL_DAY_NONE = none yet */
bool attendance_is_mentor(struct attendance *attendance, const char *staff, const char *class, int32_t today);
/* The names of a class's mentors, "" when none is known; cut when there are more than fit. */
void attendance_mentors(struct attendance *attendance, const char *class, int32_t today,
                        char out[ATTENDANCE_MENTORS_BYTES]);
const char *attendance_subject(const struct attendance *attendance, uint16_t subject); /* "" when not known */
/* The first dates with lessons after `after`, as far as the timetable knows them: how many, at most `most`. */
size_t attendance_school_days(struct attendance *attendance, int32_t after, int32_t *days, size_t most);

struct query attendance_pupils(struct attendance *attendance); /* at the school, by class, name */
bool attendance_next_pupil(struct query *rows, struct attendance_pupil *out);
/* One, at the school or not: with the class of the latest period that has begun, else of the first to come. */
struct query attendance_pupil(struct attendance *attendance, const char *pupil);
bool attendance_next_known_pupil(struct query *rows, struct attendance_pupil *out);
/* The last date at the school, INT32_MAX when no end is known; CIVIL_DAY_NONE: there is no such pupil. */
int32_t attendance_last_day(struct attendance *attendance, const char *pupil);
/* False: there is no such pupil. */
bool attendance_person(struct attendance *attendance, const char *pupil, struct attendance_person *out);
struct query attendance_students(struct attendance *attendance); /* who have left too; by class, name */
bool attendance_next_student(struct query *rows, struct attendance_student *out);
struct query attendance_calendar(struct attendance *attendance); /* the latest to end first */
bool attendance_next_span(struct query *rows, struct attendance_span *out);
/* Whose data are protected, at the school or not. */
struct query attendance_protected(struct attendance *attendance);
bool attendance_next_id(struct query *rows, const char **pupil);

/* Open ones of pupils at the school together by pupil, who has waited longest first; a pupil's own of all times, newest first. */
struct query attendance_open_flags(struct attendance *attendance);
struct query attendance_pupil_flags(struct attendance *attendance, const char *pupil);
bool attendance_next_flag(struct query *rows, struct attendance_flag *out);
/* Pupils with a flag of that severity or more, raised from `from` on and before `before`, not withdrawn: for attendance_next_id. */
struct query attendance_grave(struct attendance *attendance, int severity, int32_t from, int32_t before);

struct query attendance_tasks(struct attendance *attendance); /* of pupils at the school, oldest first */
bool attendance_next_task(struct query *rows, struct attendance_task *out);

struct query attendance_signals(struct attendance *attendance, int32_t day);
bool attendance_next_signal(struct query *rows, struct attendance_signal *out);

/* Classes as they then were. `from` and `to` included. */
struct query attendance_groups(struct attendance *attendance, int32_t from, int32_t to);
bool attendance_next_group(struct query *rows, struct attendance_group *out);
/* One of them, and of how many pupils it was on the day of its fewest. False: no day of it is decided. */
bool attendance_class(struct attendance *attendance, const char *class, int32_t from, int32_t to,
                      struct attendance_group *out, int *fewest);

/* `to` included; the newest first when `backwards`. `pupils`: so many at least in each of the others. */
struct query attendance_group_days(struct attendance *attendance, const char *kind, const char *name, int32_t from,
                                   int32_t to, bool backwards, int pupils);
bool attendance_next_group_day(struct query *rows, struct attendance_group_day *out);

/* Days on which pupils were of a class, NULL of any, one pupil's and class's after the other, with that class and year. */
struct query attendance_recent(struct attendance *attendance, const char *class, int32_t from, int32_t to);
bool attendance_next_recent(struct query *rows, struct attendance_pupil *pupil, struct attendance_day *day);

struct query attendance_terminals(struct attendance *attendance);
bool attendance_next_terminal(struct query *rows, struct attendance_terminal *out);

/* From `from` on by date; those from `from` on and before `before`, newest first. A day whose outcomes cannot be read is left out and logged. */
struct query attendance_days(struct attendance *attendance, const char *pupil, int32_t from);
struct query attendance_days_between(struct attendance *attendance, const char *pupil, int32_t from, int32_t before);
bool attendance_next_day(struct query *rows, struct attendance_day *out);
/* The same of attendance_days_between, with the class that the pupil had. */
bool attendance_next_day_of_class(struct query *rows, struct attendance_day *out, const char **class);

/* Newest first, at most ATTENDANCE_TIMELINE_MAX and one that tells that there are more; check-ins from the date `from` on. */
struct query attendance_timeline(struct attendance *attendance, const char *pupil, int32_t from);
bool attendance_next_moment(struct query *rows, struct attendance_moment *out);

/* In the order to try. */
struct query attendance_guardians(struct attendance *attendance, const char *pupil);
bool attendance_next_guardian(struct query *rows, struct attendance_guardian *out);

#endif
