/* Inside the store only (daemon/store*.c): every statement that the daemon runs, by name, and the four steps of using
 * one: take, give its parameters in order, run or read rows, done. The texts are in store_sql.c.
 *
 *   struct query query = store_query(store, SQL_GAP_INSERT);
 *   query_text(&query, terminal);
 *   query_integer(&query, first);
 *   query_run(&query);
 *
 *   while (query_row(&query)) … sqlite3_column_*(query.statement, 0) …   reset when it returns false
 *
 * A loop that is left early calls query_end. */
#ifndef DAEMON_STORE_SQL_H
#define DAEMON_STORE_SQL_H

#include <sqlite3.h>
#include "daemon/store/store.h"

enum statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_SETTING_PUT,

    SQL_EVENT_INSERT,
    SQL_EVENT_SETTLE,
    SQL_EVENTS_UNDATED,
    SQL_EVENTS_MISDATED,
    SQL_SETTLED_BEFORE,
    SQL_BOOT_CLOCK,
    SQL_RECEIPT_GET,
    SQL_RECEIPT_PUT,
    SQL_RECEIPTS,
    SQL_REFUSALS,
    SQL_GAP_INSERT,
    SQL_GAP_OPEN,
    SQL_CARD_STATE,
    SQL_CARDS_SHORTEN,
    SQL_CARDS_END,
    SQL_TERMINAL_KNOWN,
    SQL_OUTAGE_INSERT,
    SQL_OUTAGE_OPEN_SINCE,
    SQL_OUTAGE_CLOSE,
    SQL_OUTAGES_RECORDED,
    SQL_OUTAGE_CLEAR,
    SQL_OUTAGE_EVENTS,
    SQL_GAPS_AROUND,
    SQL_TERMINAL_STATE_GET,
    SQL_TERMINAL_STATE_PUT,

    SQL_KNOWN_PUPILS,
    SQL_KNOWN_MEMBERS,
    SQL_KNOWN_EXEMPTIONS,
    SQL_KNOWN_TERMINALS,
    SQL_KNOWN_CARDS,
    SQL_DAY_LESSONS,
    SQL_DAY_TAPS,
    SQL_DAY_ABSENCES,
    SQL_DAY_MARKS,
    SQL_DAY_OUTAGES,
    SQL_NEXT_SCHOOL_DAY,
    SQL_SCHOOL_SPAN,

    SQL_PUPIL_DAY_GET,
    SQL_PUPIL_DAY_PUT,
    SQL_PUPIL_DAY_DELETE,
    SQL_PUPILS_OF_DAY,
    SQL_PUPIL_YEARS,
    SQL_PUPIL_DAYS_SINCE,
    SQL_DECIDED_DAYS,
    SQL_SCHOOL_DAY_GET,
    SQL_SCHOOL_DAY_PUT,
    SQL_DECIDED_THROUGH,
    SQL_UNDECIDED,
    SQL_SUBJECT_GET,
    SQL_SUBJECT_ADD,
    SQL_SUBJECT_NAME,
    SQL_FLAGS_OF,
    SQL_FLAGS_KNOWN,
    SQL_FLAG_INSERT,
    SQL_FLAG_UPDATE,
    SQL_FLAG_WITHDRAW,
    SQL_FLAG_CHANGE,
    SQL_GROUP_DAYS_CLEAR,
    SQL_GROUP_DAY_ADD,
    SQL_GROUP_DAYS,
    SQL_SIGNALS_CLEAR,
    SQL_SIGNAL_ADD,
    SQL_SIGNALS,
    SQL_TASK_GET,
    SQL_TASK_PUT,
    SQL_TASK_CLOSE,
    SQL_TASKS_OF_DAY,
    SQL_RULES,
    SQL_RULES_ADD,
    SQL_PUBLICATION_GET,
    SQL_PUBLICATION_PUT,
    SQL_PUBLICATION_DELETE,
    SQL_PUBLICATIONS,
    SQL_STATUS,
    SQL_TERMINALS_SEEN,
    SQL_TERMINAL_ROOM,
    SQL_ROOM_KNOWN,
    SQL_CERTIFICATE_PUT,
    SQL_CERTIFICATE_FIRST,
    SQL_CERTIFICATE_REVOKE,
    SQL_CERTIFICATE_REVOKED,

    SQL_PUPIL_KNOWN,
    SQL_LESSON_FIND,
    SQL_LESSON_EXPECTS,
    SQL_ABSENCE_ADD,
    SQL_ABSENCE_FIND,
    SQL_ABSENCE_END,
    SQL_ABSENCES_OVER,
    SQL_MARK_ADD,
    SQL_MARKS_LATEST,

    SQL_FROZEN_GET,
    SQL_FROZEN_PUT,
    SQL_LATEST_TAP,
    SQL_PUPILS_LEFT,
/* Retention: how many rows are due, and erasing some of them (STORE_DUE in store_sql.c). */
#define DUE(part) SQL_DUE_##part, SQL_ERASE_##part
    DUE(TAPS),
    DUE(IMPORTED_TAPS),
    DUE(PUPIL_DAYS),
    DUE(ABSENCES),
    DUE(MARKS),
    DUE(LESSON_VERSIONS),
    DUE(LESSONS),
    DUE(MEMBERS),
    DUE(EXEMPTIONS),
    DUE(TEACHERS),
    DUE(CARDS),
    DUE(PUPIL_VERSIONS),
    DUE(GUARDIAN_VERSIONS),
    DUE(GROUP_DAYS),
    DUE(GROUP_SIGNALS),
    DUE(FLAG_CHANGES),
    DUE(FLAGS),
    DUE(TASKS),
    DUE(GUARDIANS),
    DUE(PUPILS),
#undef DUE
    SQL_PUPIL_ERASE_TAPS,
    SQL_PUPIL_ERASE_ENROLMENTS,
    SQL_PUPIL_ERASE_IMPORTED_TAPS,
    SQL_PUPIL_ERASE_CARDS,
    SQL_PUPIL_ERASE_DAYS,
    SQL_PUPIL_ERASE_ABSENCES,
    SQL_PUPIL_ERASE_MARKS,
    SQL_PUPIL_ERASE_MEMBERS,
    SQL_PUPIL_ERASE_EXEMPTIONS,
    SQL_PUPIL_ERASE_GUARDIANS,
    SQL_PUPIL_ERASE_FLAG_CHANGES,
    SQL_PUPIL_ERASE_FLAGS,
    SQL_PUPIL_ERASE_TASKS,
    SQL_PUPIL_ERASE_PUPIL,

    /* Everything about one pupil: a row is one JSON object (EXTRACT_DAYS: date, class, packed outcomes). */
    SQL_EXTRACT_REGISTER,
    SQL_EXTRACT_GUARDIANS,
    SQL_EXTRACT_GROUPS,
    SQL_EXTRACT_EXEMPTIONS,
    SQL_EXTRACT_CARDS,
    SQL_EXTRACT_ABSENCES,
    SQL_EXTRACT_MARKS,
    SQL_EXTRACT_CHECK_INS,
    SQL_EXTRACT_FLAGS,
    SQL_EXTRACT_FLAG_CHANGES,
    SQL_EXTRACT_TASKS,
    SQL_EXTRACT_DAYS,

    /* Import: what is known, this very row, a new row, the end of an old version. */
    SQL_IMPORT_PUPIL_KNOWN,
    SQL_IMPORT_PUPIL_FIND,
    SQL_IMPORT_PUPIL_INSERT,
    SQL_IMPORT_PUPIL_END,
    SQL_IMPORT_MEMBER_KNOWN,
    SQL_IMPORT_MEMBER_FIND,
    SQL_IMPORT_MEMBER_INSERT,
    SQL_IMPORT_LESSON_KNOWN,
    SQL_IMPORT_LESSON_FIND,
    SQL_IMPORT_LESSON_INSERT,
    SQL_IMPORT_LESSON_END,
    SQL_IMPORT_EXEMPTION_KNOWN,
    SQL_IMPORT_EXEMPTION_FIND,
    SQL_IMPORT_EXEMPTION_INSERT,
    SQL_IMPORT_TERMINAL_KNOWN,
    SQL_IMPORT_TERMINAL_FIND,
    SQL_IMPORT_TERMINAL_INSERT,
    SQL_IMPORT_TERMINAL_END,
    SQL_IMPORT_CARD_KNOWN,
    SQL_IMPORT_CARD_FIND,
    SQL_IMPORT_CARD_INSERT,
    SQL_IMPORT_ABSENCE_KNOWN,
    SQL_IMPORT_ABSENCE_FIND,
    SQL_IMPORT_ABSENCE_INSERT,
    SQL_IMPORT_OUTAGE_KNOWN,
    SQL_IMPORT_OUTAGE_FIND,
    SQL_IMPORT_OUTAGE_INSERT,
    SQL_IMPORT_MARK_KNOWN,
    SQL_IMPORT_MARK_FIND,
    SQL_IMPORT_MARK_INSERT,
    SQL_IMPORT_STAFF_KNOWN,
    SQL_IMPORT_STAFF_FIND,
    SQL_IMPORT_STAFF_INSERT,
    SQL_IMPORT_TEACHER_KNOWN,
    SQL_IMPORT_TEACHER_FIND,
    SQL_IMPORT_TEACHER_INSERT,
    SQL_IMPORT_GUARDIAN_KNOWN,
    SQL_IMPORT_GUARDIAN_FIND,
    SQL_IMPORT_GUARDIAN_INSERT,
    SQL_IMPORT_LESSON_NUMBER,
    SQL_IMPORT_LESSON_DAY,
    SQL_IMPORT_TAP,
    SQL_IMPORT_PUPIL_IDS,
    SQL_IMPORT_LESSON_IDS,
    SQL_IMPORT_TERMINAL_IDS,
    SQL_IMPORT_STAFF_IDS,
    SQL_IMPORT_GROUP_LESSONS,

    STATEMENTS
};

extern const char *const STORE_SQL[STATEMENTS];

struct query {
    struct store *store;
    sqlite3_stmt *statement;
    int parameters; /* given so far */
};

struct query store_query(struct store *store, enum statement which);
void query_integer(struct query *query, int64_t value);
void query_text(struct query *query, const char *text);                      /* borrowed until the query ends */
void query_characters(struct query *query, const char *text, size_t length); /* the same, not NUL-terminated */
void query_blob(struct query *query, const void *bytes, size_t length);
void query_null(struct query *query);
bool query_row(struct query *query); /* false: no more, or failed */
void query_run(struct query *query); /* expects no row */
void query_end(struct query *query);
int64_t query_column(const struct query *query, int column); /* 0 when NULL */
bool query_column_null(const struct query *query, int column);
/* Copies a text column, cut at bytes - 1. */
void query_column_text(const struct query *query, int column, char *out, size_t bytes);
int64_t store_last_rowid(const struct store *store);
int64_t store_changed_rows(const struct store *store); /* by the latest statement */

#endif
