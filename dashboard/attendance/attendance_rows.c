#include "dashboard/attendance/attendance_sql.h"

#include <assert.h>
#include "common/civil.h"
#include "common/log.h"

bool attendance_each(struct attendance *attendance, enum attendance_statement which, attendance_reader *reader,
                     union attendance_row row, void *into)
{
    assert(attendance->reading);
    sqlite3_stmt *statement = attendance->statements[which];
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && reader(statement, &row, into))
        ;
    bool good = code == SQLITE_ROW || code == SQLITE_DONE || attendance_failed(attendance, which);
    sqlite3_reset(statement);
    return good;
}

struct attendance_pupil attendance_pupil_at(sqlite3_stmt *statement)
{
    return (struct attendance_pupil){
        .pupil = attendance_text(statement, 0),
        .given_name = attendance_text(statement, 1),
        .family_name = attendance_text(statement, 2),
        .class = attendance_text(statement, 3),
        .year = attendance_text(statement, 4),
        .is_protected = sqlite3_column_int(statement, 5) != 0,
    };
}

static bool read_pupil(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_pupil pupil = attendance_pupil_at(statement);
    return ((const union attendance_row *)row)->pupil(into, &pupil);
}

static bool read_flag(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_flag flag = {
        .pupil = attendance_pupil_at(statement),
        .flag = sqlite3_column_int64(statement, 6),
        .rule = attendance_text(statement, 7),
        .evidence = attendance_text(statement, 8),
        .severity = sqlite3_column_int(statement, 9),
        .rules_version = sqlite3_column_int(statement, 10),
        .raised_day = sqlite3_column_int(statement, 11),
        .cleared_day = attendance_day_or_none(statement, 12),
        .withdrawn_ms = sqlite3_column_int64(statement, 13),
    };
    return ((const union attendance_row *)row)->flag(into, &flag);
}

static bool read_task(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_task task = {
        .pupil = attendance_pupil_at(statement),
        .task = sqlite3_column_int64(statement, 6),
        .created_ms = sqlite3_column_int64(statement, 7),
        .day = sqlite3_column_int(statement, 8),
        .lessons = attendance_text(statement, 9),
    };
    return ((const union attendance_row *)row)->task(into, &task);
}

static bool read_signal(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_signal signal = {
        .kind = attendance_text(statement, 0),
        .name = attendance_text(statement, 1),
        .pupils = sqlite3_column_int(statement, 2),
        .expected_minutes = sqlite3_column_int64(statement, 3),
        .absent_minutes = sqlite3_column_int64(statement, 4),
        .usual_ppm = sqlite3_column_int(statement, 5),
    };
    return ((const union attendance_row *)row)->signal(into, &signal);
}

static bool read_terminal(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_terminal terminal = {
        .terminal = attendance_text(statement, 0),
        .room = attendance_text(statement, 1),
        .phase = attendance_text(statement, 2),
        .firmware = attendance_text(statement, 3),
        .clock = attendance_text(statement, 4),
        .received_ms = sqlite3_column_int64(statement, 5),
        .queued = sqlite3_column_int64(statement, 6),
        .oldest_unsent_ms = sqlite3_column_int64(statement, 7),
        .readers_up = sqlite3_column_int(statement, 8),
        .readers = sqlite3_column_int(statement, 9),
        .certificate_to_ms = sqlite3_column_int64(statement, 10),
        .revoked_ms = sqlite3_column_int64(statement, 11),
    };
    return ((const union attendance_row *)row)->terminal(into, &terminal);
}

/* A date and its packed outcomes, from `column` on. False: they cannot be read. */
static bool day_at(sqlite3_stmt *statement, int column, struct attendance_day *day)
{
    const void *bytes = sqlite3_column_blob(statement, column + 1);
    day->day = sqlite3_column_int(statement, column);
    day->count = bytes ? outcome_unpack(bytes, (size_t)sqlite3_column_bytes(statement, column + 1), day->outcomes) : 0;
    if (day->count < 0)
        log_warn("attendance outcomes unreadable day=%d", day->day);
    return day->count >= 0;
}

static bool read_day(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_day day;
    return !day_at(statement, 0, &day) || ((const union attendance_row *)row)->day(into, &day);
}

static bool read_moment(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_moment moment = {
        .kind = (enum attendance_moment_kind)sqlite3_column_int(statement, 0),
        .at_ms = sqlite3_column_int64(statement, 1),
        .terminal = attendance_text(statement, 2),
        .room = attendance_text(statement, 3),
        .feedback = attendance_text(statement, 4),
        .type = attendance_text(statement, 5),
        .from_ms = sqlite3_column_int64(statement, 6),
        .to_ms = sqlite3_column_int64(statement, 7),
        .status = attendance_text(statement, 8),
        .subject = attendance_text(statement, 9),
        .start_minute = sqlite3_column_int(statement, 10),
    };
    return ((const union attendance_row *)row)->moment(into, &moment);
}

static bool read_guardian(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_guardian guardian = {.guardian = sqlite3_column_int(statement, 0),
                                           .name = attendance_text(statement, 1),
                                           .phone = attendance_text(statement, 2)};
    return ((const union attendance_row *)row)->guardian(into, &guardian);
}

static void bind_pupil(struct attendance *attendance, enum attendance_statement which, const char *pupil)
{
    sqlite3_bind_text(attendance->statements[which], 1, pupil, -1, SQLITE_STATIC);
}

bool attendance_pupils(struct attendance *attendance, attendance_pupil_row *row, void *into)
{
    return attendance_each(attendance, ATTENDANCE_SQL_PUPILS, read_pupil, (union attendance_row){.pupil = row}, into);
}

bool attendance_pupil(struct attendance *attendance, const char *pupil, attendance_pupil_row *row, void *into)
{
    bind_pupil(attendance, ATTENDANCE_SQL_PUPIL, pupil);
    return attendance_each(attendance, ATTENDANCE_SQL_PUPIL, read_pupil, (union attendance_row){.pupil = row}, into);
}

bool attendance_open_flags(struct attendance *attendance, attendance_flag_row *row, void *into)
{
    return attendance_each(attendance, ATTENDANCE_SQL_OPEN_FLAGS, read_flag, (union attendance_row){.flag = row}, into);
}

bool attendance_pupil_flags(struct attendance *attendance, const char *pupil, attendance_flag_row *row, void *into)
{
    bind_pupil(attendance, ATTENDANCE_SQL_PUPIL_FLAGS, pupil);
    return attendance_each(attendance, ATTENDANCE_SQL_PUPIL_FLAGS, read_flag, (union attendance_row){.flag = row},
                           into);
}

bool attendance_tasks(struct attendance *attendance, attendance_task_row *row, void *into)
{
    return attendance_each(attendance, ATTENDANCE_SQL_TASKS, read_task, (union attendance_row){.task = row}, into);
}

bool attendance_signals(struct attendance *attendance, int32_t day, attendance_signal_row *row, void *into)
{
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_SIGNALS], 1, day);
    return attendance_each(attendance, ATTENDANCE_SQL_SIGNALS, read_signal, (union attendance_row){.signal = row},
                           into);
}

static bool read_group(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_group group = {.class = attendance_text(statement, 0),
                                     .expected_minutes = sqlite3_column_int64(statement, 1),
                                     .absent_minutes = sqlite3_column_int64(statement, 2)};
    return ((const union attendance_row *)row)->group(into, &group);
}

bool attendance_groups(struct attendance *attendance, int32_t from, int32_t to, attendance_group_row *row, void *into)
{
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_GROUPS], 1, from);
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_GROUPS], 2, to);
    return attendance_each(attendance, ATTENDANCE_SQL_GROUPS, read_group, (union attendance_row){.group = row}, into);
}

static bool read_recent(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_pupil pupil = attendance_pupil_at(statement);
    struct attendance_day day;
    return !day_at(statement, 6, &day) || ((const union attendance_row *)row)->recent(into, &pupil, &day);
}

bool attendance_recent(struct attendance *attendance, const char *class, int32_t from, int32_t to,
                       attendance_recent_row *row, void *into)
{
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_RECENT];
    sqlite3_bind_text(statement, 1, class, -1, SQLITE_STATIC); /* NULL binds NULL */
    sqlite3_bind_int(statement, 2, from);
    sqlite3_bind_int(statement, 3, to);
    return attendance_each(attendance, ATTENDANCE_SQL_RECENT, read_recent, (union attendance_row){.recent = row}, into);
}

bool attendance_terminals(struct attendance *attendance, attendance_terminal_row *row, void *into)
{
    return attendance_each(attendance, ATTENDANCE_SQL_TERMINALS, read_terminal, (union attendance_row){.terminal = row},
                           into);
}

bool attendance_days(struct attendance *attendance, const char *pupil, int32_t from, attendance_day_row *row,
                     void *into)
{
    bind_pupil(attendance, ATTENDANCE_SQL_DAYS, pupil);
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_DAYS], 2, from);
    return attendance_each(attendance, ATTENDANCE_SQL_DAYS, read_day, (union attendance_row){.day = row}, into);
}

bool attendance_latest_days(struct attendance *attendance, const char *pupil, int most, attendance_day_row *row,
                            void *into)
{
    bind_pupil(attendance, ATTENDANCE_SQL_LATEST_DAYS, pupil);
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_LATEST_DAYS], 2, most);
    return attendance_each(attendance, ATTENDANCE_SQL_LATEST_DAYS, read_day, (union attendance_row){.day = row}, into);
}

bool attendance_timeline(struct attendance *attendance, const char *pupil, int32_t from, attendance_moment_row *row,
                         void *into)
{
    bind_pupil(attendance, ATTENDANCE_SQL_TIMELINE, pupil);
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_TIMELINE], 2, ATTENDANCE_TIMELINE_MAX);
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_TIMELINE], 3, from);
    return attendance_each(attendance, ATTENDANCE_SQL_TIMELINE, read_moment, (union attendance_row){.moment = row},
                           into);
}

bool attendance_guardians(struct attendance *attendance, const char *pupil, attendance_guardian_row *row, void *into)
{
    bind_pupil(attendance, ATTENDANCE_SQL_GUARDIANS, pupil);
    return attendance_each(attendance, ATTENDANCE_SQL_GUARDIANS, read_guardian, (union attendance_row){.guardian = row},
                           into);
}

bool attendance_school_days(struct attendance *attendance, int32_t after, int32_t *days, size_t most, size_t *count)
{
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_SCHOOL_DAYS];
    sqlite3_bind_int(statement, 1, after);
    sqlite3_bind_int64(statement, 2, (int64_t)most);
    bool good = true;
    for (*count = 0; *count < most && attendance_first_row(attendance, ATTENDANCE_SQL_SCHOOL_DAYS, &good); ++*count)
        days[*count] = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    return good;
}
