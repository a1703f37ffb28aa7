#include "dashboard/attendance.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "common/civil.h"
#include "common/log.h"

#define SUBJECT_BYTES 64
#define FLAG_COLUMNS                                                                                         \
    "p.pupil_id, p.given_name, p.family_name, p.class, p.year, p.protected, f.flag, f.rule, f.evidence, "    \
    "f.severity, f.rules_version, f.raised_day, f.cleared_day, coalesce(f.withdrawn_ms, 0)"

enum statement {
    BEGIN,
    COMMIT,
    VERSION,
    CHANGES,
    SETTING,
    SUBJECTS,
    STATUS,
    DECIDED,
    MENTOR,
    PUPILS,
    PUPIL,
    OPEN_FLAGS,
    PUPIL_FLAGS,
    TASKS,
    TERMINALS,
    DAYS,
    LATEST_DAYS,
    TIMELINE,
    SCHOOL_DAYS,
    GUARDIANS,
    STATEMENTS
};

static const char *const SQL[STATEMENTS] = {
    [BEGIN] = "BEGIN",
    [COMMIT] = "COMMIT",
    [VERSION] = "PRAGMA data_version",
    [CHANGES] = "SELECT flags, terminals FROM change_mark",
    [SETTING] = "SELECT value FROM setting_shown WHERE name = ?1",
    [SUBJECTS] = "SELECT subject, name FROM subject_shown",
    [STATUS] = "SELECT events_stored, last_event_ms, decided_day, lessons_closed, flags_raised, flags_open, "
               "tasks_open,"
               " pupils FROM status_shown",
    [DECIDED] = "SELECT max(day) FROM day_decided",
    [MENTOR] = "SELECT 1 FROM class_mentor WHERE staff_id = ?1 AND class = ?2"
               " AND coalesce(from_day, ?3) <= ?3 AND coalesce(to_day, ?3) >= ?3",
    [PUPILS] = "SELECT pupil_id, given_name, family_name, class, year, protected FROM pupil_known"
               " ORDER BY class, family_name, given_name, pupil_id",
    [PUPIL] = "SELECT pupil_id, given_name, family_name, class, year, protected FROM pupil_known WHERE "
              "pupil_id = ?1",
    [OPEN_FLAGS] =
        "SELECT " FLAG_COLUMNS " FROM flag_shown f JOIN pupil_known p ON p.pupil_id = f.pupil_id"
        " WHERE f.cleared_day IS NULL AND f.withdrawn_ms IS NULL"
        " ORDER BY min(f.raised_day) OVER (PARTITION BY f.pupil_id), f.pupil_id, f.raised_day, f.flag",
    [PUPIL_FLAGS] = "SELECT " FLAG_COLUMNS " FROM flag_shown f JOIN pupil_known p ON p.pupil_id = f.pupil_id"
                    " WHERE f.pupil_id = ?1 ORDER BY f.raised_day DESC, f.flag DESC",
    [TASKS] =
        "SELECT p.pupil_id, p.given_name, p.family_name, p.class, p.year, p.protected, t.task, t.created_ms,"
        " t.day, t.lessons FROM task_open t JOIN pupil_known p ON p.pupil_id = t.pupil_id"
        " ORDER BY t.created_ms, t.task",
    [TERMINALS] =
        "SELECT terminal_id, room, phase, firmware, clock, received_ms, queued, oldest_unsent_ms, readers_up,"
        " readers_configured FROM terminal_seen ORDER BY terminal_id",
    [DAYS] = "SELECT day, outcomes FROM pupil_day WHERE pupil_id = ?1 AND day >= ?2 ORDER BY day",
    [LATEST_DAYS] = "SELECT day, outcomes FROM pupil_day WHERE pupil_id = ?1 ORDER BY day DESC LIMIT ?2",
    [TIMELINE] =
        "SELECT 0 AS kind, at_ms, terminal_id, room, feedback, NULL, NULL, NULL, NULL, NULL, NULL"
        " FROM check_in WHERE pupil_id = ?1 AND at_ms IS NOT NULL"
        " UNION ALL SELECT 1, known_from_ms, NULL, NULL, NULL, type, from_ms, to_ms, NULL, NULL, NULL"
        " FROM absence_known WHERE pupil_id = ?1"
        " UNION ALL SELECT 2, recorded_ms, NULL, NULL, NULL, NULL, NULL, NULL, status, subject, start_minute"
        " FROM mark_shown WHERE pupil_id = ?1 ORDER BY at_ms DESC, kind LIMIT ?2",
    [SCHOOL_DAYS] = "SELECT DISTINCT day FROM lesson_known WHERE day > ?1 ORDER BY day LIMIT ?2",
    [GUARDIANS] = "SELECT priority, name, phone FROM guardian_known WHERE pupil_id = ?1 ORDER BY priority, name",
};

struct attendance {
    char *path;
    sqlite3 *db; /* NULL: there is nothing to read */
    sqlite3_stmt *statements[STATEMENTS];
    ino_t inode;
    bool reading, said_absent;
    int64_t version, flags_mark, terminals_mark;
    struct attendance_changes changes;
    size_t subject_count;
    char subjects[ATTENDANCE_SUBJECTS_MAX][SUBJECT_BYTES];
};

static void leave(struct attendance *attendance)
{
    for (int i = 0; i < STATEMENTS; i++) {
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
    bool good =
        sqlite3_open_v2(attendance->path, &attendance->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK &&
        sqlite3_exec(attendance->db,
                     "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                     "PRAGMA busy_timeout = 250; PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY",
                     NULL, NULL, NULL) == SQLITE_OK;
    for (int i = 0; good && i < STATEMENTS; i++)
        good = sqlite3_prepare_v3(attendance->db, SQL[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &attendance->statements[i], NULL) == SQLITE_OK;
    if (good) {
        log_info("attendance opened path=\"%s\"", attendance->path);
        attendance->version = -1;
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

static bool failed(struct attendance *attendance, enum statement which)
{
    log_warn("attendance statement=%d failed why=\"%s\"", which, sqlite3_errmsg(attendance->db));
    return false;
}

/* One step of a statement whose parameters are bound; true when there is a row. */
static bool first_row(struct attendance *attendance, enum statement which, bool *good)
{
    int code = sqlite3_step(attendance->statements[which]);
    *good = code == SQLITE_ROW || code == SQLITE_DONE || failed(attendance, which);
    return code == SQLITE_ROW;
}

static bool run(struct attendance *attendance, enum statement which)
{
    bool good;
    first_row(attendance, which, &good);
    sqlite3_reset(attendance->statements[which]);
    return good;
}

static void read_subjects(struct attendance *attendance)
{
    sqlite3_stmt *statement = attendance->statements[SUBJECTS];
    attendance->subject_count = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int64_t subject = sqlite3_column_int64(statement, 0);
        if (subject < 0 || subject >= ATTENDANCE_SUBJECTS_MAX)
            continue;
        for (; attendance->subject_count <= (size_t)subject; attendance->subject_count++)
            attendance->subjects[attendance->subject_count][0] = '\0';
        snprintf(attendance->subjects[subject], SUBJECT_BYTES, "%s",
                 (const char *)sqlite3_column_text(statement, 1));
    }
    sqlite3_reset(statement);
}

static bool has_changed(struct attendance *attendance)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[VERSION];
    int64_t version = first_row(attendance, VERSION, &good) ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_reset(statement);
    bool changed = good && version != attendance->version;
    attendance->version = version;
    return changed;
}

static void count_changes(struct attendance *attendance)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[CHANGES];
    if (first_row(attendance, CHANGES, &good)) {
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
    attendance->reading = attendance->db && run(attendance, BEGIN);
    return attendance->reading;
}

void attendance_end(struct attendance *attendance)
{
    assert(attendance->reading);
    attendance->reading = false;
    run(attendance, COMMIT);
}

static const char *text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static int32_t day_or_none(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? CIVIL_DAY_NONE
                                                                 : sqlite3_column_int(statement, column);
}

bool attendance_setting(struct attendance *attendance, const char *name, char *out, size_t out_bytes)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[SETTING];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    bool there = first_row(attendance, SETTING, &good);
    snprintf(out, out_bytes, "%s", there ? text(statement, 0) : "");
    sqlite3_reset(statement);
    return good;
}

bool attendance_status(struct attendance *attendance, struct attendance_status *out)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[STATUS];
    if (first_row(attendance, STATUS, &good))
        *out = (struct attendance_status){
            .events_stored = sqlite3_column_int64(statement, 0),
            .last_event_ms = sqlite3_column_int64(statement, 1),
            .decided_day = day_or_none(statement, 2),
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
    sqlite3_stmt *statement = attendance->statements[DECIDED];
    if (first_row(attendance, DECIDED, &good))
        *out = day_or_none(statement, 0);
    sqlite3_reset(statement);
    return good;
}

bool attendance_is_mentor(struct attendance *attendance, const char *staff, const char *class, int32_t today)
{
    bool good;
    sqlite3_stmt *statement = attendance->statements[MENTOR];
    sqlite3_bind_text(statement, 1, staff, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, class, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, today);
    bool is_mentor = first_row(attendance, MENTOR, &good);
    sqlite3_reset(statement);
    return is_mentor;
}

const char *attendance_subject(const struct attendance *attendance, uint16_t subject)
{
    return subject < attendance->subject_count ? attendance->subjects[subject] : "";
}

/* Reads one row and hands it on; false: stop. */
typedef bool row_reader(sqlite3_stmt *statement, const void *row, void *into);

/* Function pointers travel inside one of these, because they may not travel as void pointers. */
union row {
    attendance_pupil_row *pupil;
    attendance_flag_row *flag;
    attendance_task_row *task;
    attendance_terminal_row *terminal;
    attendance_day_row *day;
    attendance_moment_row *moment;
    attendance_guardian_row *guardian;
};

static bool each(struct attendance *attendance, enum statement which, row_reader *reader, union row row,
                 void *into)
{
    assert(attendance->reading);
    sqlite3_stmt *statement = attendance->statements[which];
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && reader(statement, &row, into))
        ;
    bool good = code == SQLITE_ROW || code == SQLITE_DONE || failed(attendance, which);
    sqlite3_reset(statement);
    return good;
}

static struct attendance_pupil pupil_at(sqlite3_stmt *statement)
{
    return (struct attendance_pupil){
        .pupil = text(statement, 0),
        .given_name = text(statement, 1),
        .family_name = text(statement, 2),
        .class = text(statement, 3),
        .year = text(statement, 4),
        .is_protected = sqlite3_column_int(statement, 5) != 0,
    };
}

static bool read_pupil(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_pupil pupil = pupil_at(statement);
    return ((const union row *)row)->pupil(into, &pupil);
}

static bool read_flag(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_flag flag = {
        .pupil = pupil_at(statement),
        .flag = sqlite3_column_int64(statement, 6),
        .rule = text(statement, 7),
        .evidence = text(statement, 8),
        .severity = sqlite3_column_int(statement, 9),
        .rules_version = sqlite3_column_int(statement, 10),
        .raised_day = sqlite3_column_int(statement, 11),
        .cleared_day = day_or_none(statement, 12),
        .withdrawn_ms = sqlite3_column_int64(statement, 13),
    };
    return ((const union row *)row)->flag(into, &flag);
}

static bool read_task(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_task task = {
        .pupil = pupil_at(statement),
        .task = sqlite3_column_int64(statement, 6),
        .created_ms = sqlite3_column_int64(statement, 7),
        .day = sqlite3_column_int(statement, 8),
        .lessons = text(statement, 9),
    };
    return ((const union row *)row)->task(into, &task);
}

static bool read_terminal(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_terminal terminal = {
        .terminal = text(statement, 0),
        .room = text(statement, 1),
        .phase = text(statement, 2),
        .firmware = text(statement, 3),
        .clock = text(statement, 4),
        .received_ms = sqlite3_column_int64(statement, 5),
        .queued = sqlite3_column_int64(statement, 6),
        .oldest_unsent_ms = sqlite3_column_int64(statement, 7),
        .readers_up = sqlite3_column_int(statement, 8),
        .readers = sqlite3_column_int(statement, 9),
    };
    return ((const union row *)row)->terminal(into, &terminal);
}

static bool read_day(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_day day = {.day = sqlite3_column_int(statement, 0)};
    const void *bytes = sqlite3_column_blob(statement, 1);
    day.count = bytes ? outcome_unpack(bytes, (size_t)sqlite3_column_bytes(statement, 1), day.outcomes) : 0;
    if (day.count < 0) {
        log_warn("attendance outcomes unreadable day=%d", day.day);
        return true;
    }
    return ((const union row *)row)->day(into, &day);
}

static bool read_moment(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_moment moment = {
        .kind = (enum attendance_moment_kind)sqlite3_column_int(statement, 0),
        .at_ms = sqlite3_column_int64(statement, 1),
        .terminal = text(statement, 2),
        .room = text(statement, 3),
        .feedback = text(statement, 4),
        .type = text(statement, 5),
        .from_ms = sqlite3_column_int64(statement, 6),
        .to_ms = sqlite3_column_int64(statement, 7),
        .status = text(statement, 8),
        .subject = text(statement, 9),
        .start_minute = sqlite3_column_int(statement, 10),
    };
    return ((const union row *)row)->moment(into, &moment);
}

static bool read_guardian(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_guardian guardian = {
        .guardian = sqlite3_column_int(statement, 0), .name = text(statement, 1), .phone = text(statement, 2)};
    return ((const union row *)row)->guardian(into, &guardian);
}

static void bind_pupil(struct attendance *attendance, enum statement which, const char *pupil)
{
    sqlite3_bind_text(attendance->statements[which], 1, pupil, -1, SQLITE_STATIC);
}

bool attendance_pupils(struct attendance *attendance, attendance_pupil_row *row, void *into)
{
    return each(attendance, PUPILS, read_pupil, (union row){.pupil = row}, into);
}

bool attendance_pupil(struct attendance *attendance, const char *pupil, attendance_pupil_row *row, void *into)
{
    bind_pupil(attendance, PUPIL, pupil);
    return each(attendance, PUPIL, read_pupil, (union row){.pupil = row}, into);
}

bool attendance_open_flags(struct attendance *attendance, attendance_flag_row *row, void *into)
{
    return each(attendance, OPEN_FLAGS, read_flag, (union row){.flag = row}, into);
}

bool attendance_pupil_flags(struct attendance *attendance, const char *pupil, attendance_flag_row *row,
                            void *into)
{
    bind_pupil(attendance, PUPIL_FLAGS, pupil);
    return each(attendance, PUPIL_FLAGS, read_flag, (union row){.flag = row}, into);
}

bool attendance_tasks(struct attendance *attendance, attendance_task_row *row, void *into)
{
    return each(attendance, TASKS, read_task, (union row){.task = row}, into);
}

bool attendance_terminals(struct attendance *attendance, attendance_terminal_row *row, void *into)
{
    return each(attendance, TERMINALS, read_terminal, (union row){.terminal = row}, into);
}

bool attendance_days(struct attendance *attendance, const char *pupil, int32_t from, attendance_day_row *row,
                     void *into)
{
    bind_pupil(attendance, DAYS, pupil);
    sqlite3_bind_int(attendance->statements[DAYS], 2, from);
    return each(attendance, DAYS, read_day, (union row){.day = row}, into);
}

bool attendance_latest_days(struct attendance *attendance, const char *pupil, int most,
                            attendance_day_row *row, void *into)
{
    bind_pupil(attendance, LATEST_DAYS, pupil);
    sqlite3_bind_int(attendance->statements[LATEST_DAYS], 2, most);
    return each(attendance, LATEST_DAYS, read_day, (union row){.day = row}, into);
}

bool attendance_timeline(struct attendance *attendance, const char *pupil, attendance_moment_row *row,
                         void *into)
{
    bind_pupil(attendance, TIMELINE, pupil);
    sqlite3_bind_int(attendance->statements[TIMELINE], 2, ATTENDANCE_TIMELINE_MAX);
    return each(attendance, TIMELINE, read_moment, (union row){.moment = row}, into);
}

bool attendance_guardians(struct attendance *attendance, const char *pupil, attendance_guardian_row *row,
                          void *into)
{
    bind_pupil(attendance, GUARDIANS, pupil);
    return each(attendance, GUARDIANS, read_guardian, (union row){.guardian = row}, into);
}

bool attendance_school_days(struct attendance *attendance, int32_t after, int32_t *days, size_t most,
                            size_t *count)
{
    sqlite3_stmt *statement = attendance->statements[SCHOOL_DAYS];
    sqlite3_bind_int(statement, 1, after);
    sqlite3_bind_int64(statement, 2, (int64_t)most);
    bool good = true;
    for (*count = 0; *count < most && first_row(attendance, SCHOOL_DAYS, &good); ++*count)
        days[*count] = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    return good;
}
