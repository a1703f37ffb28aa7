/* Opening, reopening and noticing changes: the database may be missing, replaced or of an older program at any moment.
 * */
#include "dashboard/attendance/attendance.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/core/text.h"
#include "dashboard/attendance/attendance_sql.h"

static bool enter(struct attendance *attendance)
{
    struct stat file;
    struct database *database = &attendance->database;
    if (stat(attendance->path, &file) != 0)
        return false;
    attendance->inode = file.st_ino;
    *database = (struct database){0};
    if (sqlite3_open_v2(attendance->path, &database->connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        database_fail(database, "open");
    database_execute(database, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                               "PRAGMA busy_timeout = 250; PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY");
    database_prepare(database, ATTENDANCE_SQL, attendance->statements, ATTENDANCE_STATEMENTS);
    if (!database->failed) {
        log_info("attendance opened path=\"%s\"", attendance->path);
        attendance->version = -1;
        attendance->openings++;
        attendance->said_absent = false;
        return true;
    }
    if (!attendance->said_absent)
        log_info("attendance cannot be read yet path=\"%s\" why=\"%s\"", attendance->path, database->why);
    attendance->said_absent = true;
    database_close(database);
    return false;
}

/* Is the open file still the one at the path? A restored backup takes its place while the old one stays open. */
static bool is_same_file(const struct attendance *attendance)
{
    struct stat file;
    return stat(attendance->path, &file) == 0 && file.st_ino == attendance->inode;
}

struct attendance *attendance_open(const char *path)
{
    struct attendance *attendance = calloc(1, sizeof *attendance);
    if (attendance != NULL && (attendance->path = strdup(path)) == NULL) {
        free(attendance);
        return NULL;
    }
    return attendance;
}

void attendance_close(struct attendance *attendance)
{
    database_close(&attendance->database);
    free(attendance->path);
    free(attendance);
}

/* Logs a failure once, and forgives it so that the next reading is tried. */
static bool is_good(struct attendance *attendance)
{
    bool good = !attendance->database.failed;
    if (!good)
        log_warn("attendance failed why=\"%s\"", attendance->database.why);
    database_forgive(&attendance->database);
    return good;
}

static void read_subjects(struct attendance *attendance)
{
    struct query query = query_begin(&attendance->database, ATTENDANCE_SQL_SUBJECTS);
    attendance->subject_count = 0;
    while (query_row(&query)) {
        int64_t subject = query_column(&query, 0);
        if (subject == ATTENDANCE_SUBJECTS_MAX)
            log_warn("subjects are shown without a name from=%d", ATTENDANCE_SUBJECTS_MAX);
        if (subject < 0 || subject >= ATTENDANCE_SUBJECTS_MAX)
            continue;
        for (; attendance->subject_count <= (size_t)subject; attendance->subject_count++)
            attendance->subjects[attendance->subject_count][0] = '\0';
        query_column_copy(&query, 1, attendance->subjects[subject], NAME_BYTES);
    }
}

/* -1 when it cannot be read. */
static int64_t read_version(struct attendance *attendance)
{
    struct query query = query_begin(&attendance->database, ATTENDANCE_SQL_VERSION);
    int64_t version = query_row(&query) ? query_column(&query, 0) : -1;
    query_end(&query);
    return version;
}

static bool has_changed(struct attendance *attendance)
{
    int64_t before = attendance->version;
    attendance->version = read_version(attendance);
    return !attendance->database.failed && attendance->version != before;
}

int64_t attendance_version(struct attendance *attendance)
{
    assert(attendance->reading);
    return attendance->openings << 32 | read_version(attendance);
}

static void count_changes(struct attendance *attendance)
{
    struct query query = query_begin(&attendance->database, ATTENDANCE_SQL_CHANGES);
    if (query_row(&query)) {
        int64_t flags = query_column(&query, 0), terminals = query_column(&query, 1);
        attendance->changes.flags += flags != attendance->flags_mark;
        attendance->changes.terminals += terminals != attendance->terminals_mark;
        attendance->flags_mark = flags;
        attendance->terminals_mark = terminals;
    }
    query_end(&query);
    attendance->changes.status++;
}

static bool is_open(const struct attendance *attendance)
{
    return attendance->database.connection != NULL;
}

bool attendance_poll(struct attendance *attendance)
{
    assert(!attendance->reading);
    if (is_open(attendance) && !is_same_file(attendance))
        database_close(&attendance->database);
    if (!is_open(attendance) && !enter(attendance))
        return false;
    bool changed = has_changed(attendance);
    if (changed) {
        read_subjects(attendance);
        count_changes(attendance);
    }
    is_good(attendance);
    return changed;
}

struct attendance_changes attendance_changes(const struct attendance *attendance)
{
    return attendance->changes;
}

static void run(struct attendance *attendance, enum attendance_statement which)
{
    struct query query = query_begin(&attendance->database, which);
    query_run(&query);
}

bool attendance_begin(struct attendance *attendance, int32_t today)
{
    assert(!attendance->reading);
    if (!is_open(attendance))
        attendance_poll(attendance);
    if (!is_open(attendance))
        return false;
    run(attendance, ATTENDANCE_SQL_BEGIN);
    attendance->reading = is_good(attendance);
    attendance->today = today;
    return attendance->reading;
}

bool attendance_end(struct attendance *attendance)
{
    assert(attendance->reading);
    bool good = is_good(attendance);
    attendance->reading = false;
    run(attendance, ATTENDANCE_SQL_COMMIT);
    return is_good(attendance) && good;
}

struct query attendance_query(struct attendance *attendance, enum attendance_statement which)
{
    assert(attendance->reading);
    return query_begin(&attendance->database, which);
}

struct query attendance_query_of(struct attendance *attendance, enum attendance_statement which, const char *text)
{
    struct query query = attendance_query(attendance, which);
    query_text(&query, text);
    return query;
}

struct query attendance_query_today(struct attendance *attendance, enum attendance_statement which)
{
    struct query query = attendance_query(attendance, which);
    query_integer(&query, attendance->today);
    return query;
}

void attendance_setting(struct attendance *attendance, const char *name, char *out, size_t out_bytes)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_SETTING, name);
    out[0] = '\0';
    if (query_row(&query))
        query_column_copy(&query, 0, out, out_bytes);
    query_end(&query);
}

struct attendance_status attendance_status(struct attendance *attendance)
{
    struct attendance_status status = {.decided_day = CIVIL_DAY_NONE};
    struct query query = attendance_query_today(attendance, ATTENDANCE_SQL_STATUS);
    if (query_row(&query))
        status = (struct attendance_status){
            .events_stored = query_column(&query, 0),
            .last_event_ms = query_column(&query, 1),
            .decided_day = query_column_day(&query, 2),
            .lessons_closed = query_column(&query, 3),
            .flags_raised = query_column(&query, 4),
            .flags_open = query_column(&query, 5),
            .tasks_open = query_column(&query, 6),
            .pupils = query_column(&query, 7),
        };
    query_end(&query);
    return status;
}

int32_t attendance_decided_day(struct attendance *attendance)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_DECIDED);
    int32_t day = query_row(&query) ? query_column_day(&query, 0) : CIVIL_DAY_NONE;
    query_end(&query);
    return day;
}

bool attendance_is_mentor(struct attendance *attendance, const char *staff, const char *class, int32_t today)
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_MENTOR, staff);
    query_text(&query, class);
    query_integer(&query, today);
    bool is_mentor = query_row(&query);
    query_end(&query);
    return is_mentor;
}

void attendance_mentors(struct attendance *attendance, const char *class, int32_t today,
                        char out[ATTENDANCE_MENTORS_BYTES])
{
    struct query query = attendance_query_of(attendance, ATTENDANCE_SQL_MENTORS, class);
    query_integer(&query, today);
    const char *names = query_row(&query) ? query_column_text(&query, 0) : NULL;
    struct text fits = text_cut(text_of(names != NULL ? names : ""), ATTENDANCE_MENTORS_BYTES - 1);
    snprintf(out, ATTENDANCE_MENTORS_BYTES, "%.*s", (int)fits.length, fits.bytes);
    query_end(&query);
}

const char *attendance_subject(const struct attendance *attendance, uint16_t subject)
{
    return subject < attendance->subject_count ? attendance->subjects[subject] : "";
}
