#include "dashboard/attendance/attendance.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/core/text.h"
#include "dashboard/attendance/attendance_sql.h"

static void leave(struct attendance *attendance)
{
    for (int i = 0; i < ATTENDANCE_STATEMENTS; i++) {
        sqlite3_finalize(attendance->statements[i]);
        attendance->statements[i] = NULL;
    }
    sqlite3_close(attendance->db);
    attendance->db = NULL;
}

static bool enter(struct attendance *attendance)
{
    struct stat file;
    if (stat(attendance->path, &file) != 0)
        return false;
    attendance->inode = file.st_ino;
    bool good = sqlite3_open_v2(attendance->path, &attendance->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ==
                    SQLITE_OK &&
                sqlite3_exec(attendance->db,
                             "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                             "PRAGMA busy_timeout = 250; PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY",
                             NULL, NULL, NULL) == SQLITE_OK;
    for (int i = 0; good && i < ATTENDANCE_STATEMENTS; i++)
        good = sqlite3_prepare_v3(attendance->db, ATTENDANCE_SQL[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &attendance->statements[i], NULL) == SQLITE_OK;
    if (good) {
        log_info("attendance opened path=\"%s\"", attendance->path);
        attendance->version = -1;
        attendance->openings++;
        attendance->said_absent = false;
        return true;
    }
    if (!attendance->said_absent)
        log_info("attendance cannot be read yet path=\"%s\" why=\"%s\"", attendance->path,
                 sqlite3_errmsg(attendance->db));
    attendance->said_absent = true;
    leave(attendance);
    return false;
}

/* The file may have been put in place of another (a restored backup): then what is open is the old one. */
static bool is_same_file(const struct attendance *attendance)
{
    struct stat file;
    return stat(attendance->path, &file) == 0 && file.st_ino == attendance->inode;
}

struct attendance *attendance_open(const char *path)
{
    struct attendance *attendance = calloc(1, sizeof *attendance);
    if (attendance && !(attendance->path = strdup(path))) {
        free(attendance);
        return NULL;
    }
    return attendance;
}

void attendance_close(struct attendance *attendance)
{
    leave(attendance);
    free(attendance->path);
    free(attendance);
}

bool attendance_failed(struct attendance *attendance, enum attendance_statement which)
{
    log_warn("attendance statement=%d failed why=\"%s\"", which, sqlite3_errmsg(attendance->db));
    return false;
}

/* One step of a statement whose parameters are bound; true when there is a row. */
bool attendance_first_row(struct attendance *attendance, enum attendance_statement which, bool *good)
{
    int code = sqlite3_step(attendance->statements[which]);
    *good = code == SQLITE_ROW || code == SQLITE_DONE || attendance_failed(attendance, which);
    return code == SQLITE_ROW;
}

static bool run(struct attendance *attendance, enum attendance_statement which)
{
    bool good;
    attendance_first_row(attendance, which, &good);
    sqlite3_reset(attendance->statements[which]);
    return good;
}

static void read_subjects(struct attendance *attendance)
{
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_SUBJECTS];
    attendance->subject_count = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int64_t subject = sqlite3_column_int64(statement, 0);
        if (subject < 0 || subject >= ATTENDANCE_SUBJECTS_MAX)
            continue;
        for (; attendance->subject_count <= (size_t)subject; attendance->subject_count++)
            attendance->subjects[attendance->subject_count][0] = '\0';
        snprintf(attendance->subjects[subject], SUBJECT_BYTES, "%s", (const char *)sqlite3_column_text(statement, 1));
    }
    sqlite3_reset(statement);
}

static bool read_version(struct attendance *attendance, int64_t *version)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_VERSION];
    *version =
        attendance_first_row(attendance, ATTENDANCE_SQL_VERSION, &good) ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_reset(statement);
    return good;
}

static bool has_changed(struct attendance *attendance)
{
    int64_t version;
    bool changed = read_version(attendance, &version) && version != attendance->version;
    attendance->version = version;
    return changed;
}

int64_t attendance_version(struct attendance *attendance)
{
    int64_t version;
    assert(attendance->reading);
    read_version(attendance, &version);
    return attendance->openings << 32 | version;
}

static void count_changes(struct attendance *attendance)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_CHANGES];
    if (attendance_first_row(attendance, ATTENDANCE_SQL_CHANGES, &good)) {
        int64_t flags = sqlite3_column_int64(statement, 0), terminals = sqlite3_column_int64(statement, 1);
        attendance->changes.flags += flags != attendance->flags_mark;
        attendance->changes.terminals += terminals != attendance->terminals_mark;
        attendance->flags_mark = flags;
        attendance->terminals_mark = terminals;
    }
    sqlite3_reset(statement);
    attendance->changes.status++;
}

bool attendance_poll(struct attendance *attendance)
{
    assert(!attendance->reading);
    if (attendance->db && !is_same_file(attendance))
        leave(attendance);
    if ((!attendance->db && !enter(attendance)) || !has_changed(attendance))
        return false;
    read_subjects(attendance);
    count_changes(attendance);
    return true;
}

struct attendance_changes attendance_changes(const struct attendance *attendance)
{
    return attendance->changes;
}

bool attendance_begin(struct attendance *attendance)
{
    assert(!attendance->reading);
    if (!attendance->db)
        attendance_poll(attendance);
    attendance->reading = attendance->db && run(attendance, ATTENDANCE_SQL_BEGIN);
    return attendance->reading;
}

void attendance_end(struct attendance *attendance)
{
    assert(attendance->reading);
    attendance->reading = false;
    run(attendance, ATTENDANCE_SQL_COMMIT);
}

const char *attendance_text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

int32_t attendance_day_or_none(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? CIVIL_DAY_NONE
                                                                 : sqlite3_column_int(statement, column);
}

bool attendance_setting(struct attendance *attendance, const char *name, char *out, size_t out_bytes)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_SETTING];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    bool there = attendance_first_row(attendance, ATTENDANCE_SQL_SETTING, &good);
    snprintf(out, out_bytes, "%s", there ? attendance_text(statement, 0) : "");
    sqlite3_reset(statement);
    return good;
}

bool attendance_status(struct attendance *attendance, struct attendance_status *out)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_STATUS];
    if (attendance_first_row(attendance, ATTENDANCE_SQL_STATUS, &good))
        *out = (struct attendance_status){
            .events_stored = sqlite3_column_int64(statement, 0),
            .last_event_ms = sqlite3_column_int64(statement, 1),
            .decided_day = attendance_day_or_none(statement, 2),
            .lessons_closed = sqlite3_column_int64(statement, 3),
            .flags_raised = sqlite3_column_int64(statement, 4),
            .flags_open = sqlite3_column_int64(statement, 5),
            .tasks_open = sqlite3_column_int64(statement, 6),
            .pupils = sqlite3_column_int64(statement, 7),
        };
    sqlite3_reset(statement);
    return good;
}

bool attendance_decided_day(struct attendance *attendance, int32_t *out)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_DECIDED];
    if (attendance_first_row(attendance, ATTENDANCE_SQL_DECIDED, &good))
        *out = attendance_day_or_none(statement, 0);
    sqlite3_reset(statement);
    return good;
}

bool attendance_is_mentor(struct attendance *attendance, const char *staff, const char *class, int32_t today)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_MENTOR];
    sqlite3_bind_text(statement, 1, staff, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, class, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, today);
    bool is_mentor = attendance_first_row(attendance, ATTENDANCE_SQL_MENTOR, &good);
    sqlite3_reset(statement);
    return is_mentor;
}

bool attendance_mentors(struct attendance *attendance, const char *class, int32_t today,
                        char out[ATTENDANCE_MENTORS_BYTES])
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[ATTENDANCE_SQL_MENTORS];
    sqlite3_bind_text(statement, 1, class, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, today);
    attendance_first_row(attendance, ATTENDANCE_SQL_MENTORS, &good);
    const char *names = good ? attendance_text(statement, 0) : NULL;
    struct text fits = text_cut(text_of(names ? names : ""), ATTENDANCE_MENTORS_BYTES - 1);
    snprintf(out, ATTENDANCE_MENTORS_BYTES, "%.*s", (int)fits.length, fits.bytes);
    sqlite3_reset(statement);
    return good;
}

const char *attendance_subject(const struct attendance *attendance, uint16_t subject)
{
    return subject < attendance->subject_count ? attendance->subjects[subject] : "";
}
