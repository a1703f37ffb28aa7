/* Cursors over pupils, flags, tasks, days, terminals and the timeline. A day's packed outcomes are unpacked here. */
#include "dashboard/attendance/attendance_sql.h"

#include "common/civil.h"
#include "common/log.h"

struct attendance_pupil attendance_pupil_at(const struct query *row)
{
    return (struct attendance_pupil){
        .pupil = query_column_text(row, 0),
        .given_name = query_column_text(row, 1),
        .family_name = query_column_text(row, 2),
        .class = query_column_text(row, 3),
        .year = query_column_text(row, 4),
        .is_protected = query_column(row, 5) != 0,
        .at_school = true,
    };
}

struct query attendance_pupils(struct attendance *attendance)
{
    return attendance_query_today(attendance, ATTENDANCE_SQL_PUPILS);
}

struct query attendance_pupil(struct attendance *attendance, const char *pupil)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_PUPIL, pupil);
    query_integer(&query, attendance->today);
    return query;
}

bool attendance_next_known_pupil(struct query *rows, struct attendance_pupil *out)
{
    if (!attendance_next_pupil(rows, out))
        return false;
    out->at_school = query_column(rows, 6) != 0;
    return true;
}

int32_t attendance_last_day(struct attendance *attendance, const char *pupil)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_LAST_DAY, pupil);
    int32_t day = query_row(&query) ? query_column_day(&query, 0) : CIVIL_DAY_NONE;
    query_end(&query);
    return day;
}

bool attendance_person(struct attendance *attendance, const char *pupil, struct attendance_person *out)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_PERSON, pupil);
    query_integer(&query, attendance->today);
    bool there = query_row(&query);
    if (there) {
        out->birth_day = query_column_day(&query, 0);
        query_column_copy(&query, 1, out->school_form, sizeof out->school_form);
        query_column_copy(&query, 2, out->home_municipality, sizeof out->home_municipality);
        out->god_man = query_column(&query, 3) != 0;
    }
    query_end(&query);
    return there;
}

struct query attendance_calendar(struct attendance *attendance)
{
    return attendance_query(attendance, ATTENDANCE_SQL_CALENDAR);
}

bool attendance_next_span(struct query *rows, struct attendance_span *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_span){
        .kind = query_column_text(rows, 0), .from_day = query_column_day(rows, 1), .to_day = query_column_day(rows, 2)};
    return true;
}

struct query attendance_protected(struct attendance *attendance)
{
    return attendance_query(attendance, ATTENDANCE_SQL_PROTECTED);
}

bool attendance_next_id(struct query *rows, const char **pupil)
{
    if (!query_row(rows))
        return false;
    *pupil = query_column_text(rows, 0);
    return true;
}

bool attendance_next_pupil(struct query *rows, struct attendance_pupil *out)
{
    if (!query_row(rows))
        return false;
    *out = attendance_pupil_at(rows);
    return true;
}

struct query attendance_students(struct attendance *attendance)
{
    return attendance_query(attendance, ATTENDANCE_SQL_STUDENTS);
}

bool attendance_next_student(struct query *rows, struct attendance_student *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_student){
        .pupil = attendance_pupil_at(rows),
        .birth_day = query_column_day(rows, 6),
        .first_day = (int32_t)query_column(rows, 7),
        .last_day = (int32_t)query_column(rows, 8),
        .home_municipality = query_column_text(rows, 9),
        .end_reason = query_column_text(rows, 10),
    };
    return true;
}

struct query attendance_open_flags(struct attendance *attendance)
{
    return attendance_query_today(attendance, ATTENDANCE_SQL_OPEN_FLAGS);
}

struct query attendance_pupil_flags(struct attendance *attendance, const char *pupil)
{
    return attendance_query_of(attendance, ATTENDANCE_SQL_PUPIL_FLAGS, pupil);
}

bool attendance_next_flag(struct query *rows, struct attendance_flag *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_flag){
        .pupil = attendance_pupil_at(rows),
        .flag = query_column(rows, 6),
        .rule = query_column_text(rows, 7),
        .evidence = query_column_text(rows, 8),
        .severity = (int)query_column(rows, 9),
        .rules_version = (int)query_column(rows, 10),
        .raised_day = (int32_t)query_column(rows, 11),
        .cleared_day = query_column_day(rows, 12),
        .withdrawn_ms = query_column(rows, 13),
    };
    return true;
}

struct query attendance_grave(struct attendance *attendance, int severity, int32_t from, int32_t before)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_GRAVE);
    query_integer(&query, severity);
    query_integer(&query, from);
    query_integer(&query, before);
    return query;
}

struct query attendance_tasks(struct attendance *attendance)
{
    return attendance_query_today(attendance, ATTENDANCE_SQL_TASKS);
}

bool attendance_next_task(struct query *rows, struct attendance_task *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_task){
        .pupil = attendance_pupil_at(rows),
        .task = query_column(rows, 6),
        .created_ms = query_column(rows, 7),
        .day = (int32_t)query_column(rows, 8),
        .lessons = query_column_text(rows, 9),
        .is_routine = query_column(rows, 10) != 0,
    };
    return true;
}

struct query attendance_signals(struct attendance *attendance, int32_t day)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_SIGNALS);
    query_integer(&query, day);
    return query;
}

bool attendance_next_signal(struct query *rows, struct attendance_signal *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_signal){
        .kind = query_column_text(rows, 0),
        .name = query_column_text(rows, 1),
        .pupils = (int)query_column(rows, 2),
        .expected_minutes = query_column(rows, 3),
        .absent_minutes = query_column(rows, 4),
        .usual_ppm = (int)query_column(rows, 5),
    };
    return true;
}

struct query attendance_groups(struct attendance *attendance, int32_t from, int32_t to)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_GROUPS);
    query_integer(&query, from);
    query_integer(&query, to);
    return query;
}

bool attendance_next_group(struct query *rows, struct attendance_group *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_group){
        .class = query_column_text(rows, 0),
        .expected_minutes = query_column(rows, 1),
        .absent_minutes = query_column(rows, 2),
    };
    return true;
}

struct query attendance_group_days(struct attendance *attendance, const char *kind, const char *name, int32_t from,
                                   int32_t to, bool backwards, int pupils)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_GROUP_DAYS, kind);
    query_text(&query, name);
    query_integer(&query, from);
    query_integer(&query, to);
    query_integer(&query, backwards ? -1 : 1);
    query_integer(&query, pupils);
    return query;
}

bool attendance_next_group_day(struct query *rows, struct attendance_group_day *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_group_day){.day = (int32_t)query_column(rows, 0),
                                         .pupils = (int)query_column(rows, 1),
                                         .expected_minutes = query_column(rows, 2),
                                         .absent_minutes = query_column(rows, 3),
                                         .others_expected = query_column(rows, 4),
                                         .others_absent = query_column(rows, 5)};
    return true;
}

bool attendance_class(struct attendance *attendance, const char *class, int32_t from, int32_t to,
                      struct attendance_group *out, int *fewest)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_GROUP, class);
    query_integer(&query, from);
    query_integer(&query, to);
    bool found = query_row(&query) && query_column(&query, 2) > 0;
    if (found) {
        *out = (struct attendance_group){
            .class = class, .absent_minutes = query_column(&query, 0), .expected_minutes = query_column(&query, 1)};
        *fewest = (int)query_column(&query, 2);
    }
    query_end(&query);
    return found;
}

struct query attendance_terminals(struct attendance *attendance)
{
    return attendance_query_today(attendance, ATTENDANCE_SQL_TERMINALS);
}

bool attendance_next_terminal(struct query *rows, struct attendance_terminal *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_terminal){
        .terminal = query_column_text(rows, 0),
        .room = query_column_text(rows, 1),
        .phase = query_column_text(rows, 2),
        .firmware = query_column_text(rows, 3),
        .clock = query_column_text(rows, 4),
        .received_ms = query_column(rows, 5),
        .queued = query_column(rows, 6),
        .oldest_unsent_ms = query_column(rows, 7),
        .readers_up = (int)query_column(rows, 8),
        .readers = (int)query_column(rows, 9),
        .certificate_to_ms = query_column(rows, 10),
        .revoked_ms = query_column(rows, 11),
        .distrusted_ms = query_column(rows, 12),
        .trouble = query_column_text(rows, 13),
    };
    return true;
}

/* A date and its packed outcomes, from `column` on. False: they cannot be read. */
static bool read_day(const struct query *row, int column, struct attendance_day *day)
{
    size_t length;
    const void *bytes = query_column_bytes(row, column + 1, &length);
    day->day = (int32_t)query_column(row, column);
    day->count = bytes != NULL ? outcome_unpack(bytes, length, day->outcomes) : 0;
    if (day->count < 0)
        log_warn("attendance outcomes unreadable day=%d", day->day);
    return day->count >= 0;
}

struct query attendance_recent(struct attendance *attendance, const char *class, int32_t from, int32_t to)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_RECENT, class);
    query_integer(&query, from);
    query_integer(&query, to);
    return query;
}

bool attendance_next_recent(struct query *rows, struct attendance_pupil *pupil, struct attendance_day *day)
{
    while (query_row(rows))
        if (read_day(rows, 6, day)) {
            *pupil = attendance_pupil_at(rows);
            return true;
        }
    return false;
}

struct query attendance_days(struct attendance *attendance, const char *pupil, int32_t from)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_DAYS, pupil);
    query_integer(&query, from);
    return query;
}

struct query attendance_days_between(struct attendance *attendance, const char *pupil, int32_t from, int32_t before)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_DAYS_BETWEEN, pupil);
    query_integer(&query, from);
    query_integer(&query, before);
    return query;
}

bool attendance_next_day(struct query *rows, struct attendance_day *out)
{
    while (query_row(rows))
        if (read_day(rows, 0, out))
            return true;
    return false;
}

bool attendance_next_day_of_class(struct query *rows, struct attendance_day *out, const char **class)
{
    if (!attendance_next_day(rows, out))
        return false;
    *class = query_column_text(rows, 2);
    return true;
}

struct query attendance_timeline(struct attendance *attendance, const char *pupil, int32_t from)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_TIMELINE, pupil);
    query_integer(&query, ATTENDANCE_TIMELINE_MAX + 1);
    query_integer(&query, from);
    return query;
}

bool attendance_next_moment(struct query *rows, struct attendance_moment *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_moment){
        .kind = (enum attendance_moment_kind)query_column(rows, 0),
        .at_ms = query_column(rows, 1),
        .terminal = query_column_text(rows, 2),
        .room = query_column_text(rows, 3),
        .feedback = query_column_text(rows, 4),
        .type = query_column_text(rows, 5),
        .from_ms = query_column(rows, 6),
        .to_ms = query_column(rows, 7),
        .status = query_column_text(rows, 8),
        .subject = query_column_text(rows, 9),
        .start_minute = (int)query_column(rows, 10),
    };
    return true;
}

struct query attendance_guardians(struct attendance *attendance, const char *pupil)
{
    return attendance_query_of(attendance, ATTENDANCE_SQL_GUARDIANS, pupil);
}

bool attendance_next_guardian(struct query *rows, struct attendance_guardian *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_guardian){
        .guardian = (int)query_column(rows, 0),
        .name = query_column_text(rows, 1),
        .phone = query_column_text(rows, 2),
        .relation = query_column_text(rows, 3),
        .language = query_column_text(rows, 4),
        .interpreter = query_column(rows, 5) != 0,
        .notify = query_column(rows, 6) != 0,
    };
    return true;
}

size_t attendance_school_days(struct attendance *attendance, int32_t after, int32_t *days, size_t most)
{
    size_t count = 0;
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_SCHOOL_DAYS);
    query_integer(&query, after);
    query_integer(&query, (int64_t)most);
    while (query_row(&query))
        days[count++] = (int32_t)query_column(&query, 0);
    return count;
}
