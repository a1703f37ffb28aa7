/* Inside the casebook only (dashboard/casebook*.c): its statements by name, and the steps of using one. */
#ifndef DASHBOARD_CASEBOOK_SQL_H
#define DASHBOARD_CASEBOOK_SQL_H

#include <sqlite3.h>
#include "dashboard/casebook/casebook.h"

enum casebook_statement {
    CASEBOOK_SQL_BEGIN,
    CASEBOOK_SQL_COMMIT,
    CASEBOOK_SQL_ROLLBACK,
    CASEBOOK_SQL_USER_FIND,
    CASEBOOK_SQL_USER_ADD,
    CASEBOOK_SQL_USER_LANGUAGE,
    CASEBOOK_SQL_NAMED_ADD,
    CASEBOOK_SQL_NAMED_FIND,
    CASEBOOK_SQL_NAMED_PUPILS,
    CASEBOOK_SQL_SESSION_ADD,
    CASEBOOK_SQL_SESSION_SWEEP,
    CASEBOOK_SQL_SESSION_FIND,
    CASEBOOK_SQL_SESSION_SEEN,
    CASEBOOK_SQL_SESSION_END,
    CASEBOOK_SQL_AUDIT_LAST,
    CASEBOOK_SQL_AUDIT_ADD,
    CASEBOOK_SQL_ANSWERS,
    CASEBOOK_SQL_ANSWER_HISTORY,
    CASEBOOK_SQL_ANSWER_ADD,
    CASEBOOK_SQL_ANSWER_RULE_ADD,
    CASEBOOK_SQL_ANSWER_LATEST,
    CASEBOOK_SQL_ANSWER_UNDO,
    CASEBOOK_SQL_CASE_OF,
    CASEBOOK_SQL_CASES,
    CASEBOOK_SQL_CASE_ADD,
    CASEBOOK_SQL_CASE_SET,
    CASEBOOK_SQL_CASE_STATUS,
    CASEBOOK_SQL_CASE_END_ADD,
    CASEBOOK_SQL_CASE_END_UNDO,
    CASEBOOK_SQL_DUE,
    CASEBOOK_SQL_OWNERS,
    CASEBOOK_SQL_TASK_ANSWER,
    CASEBOOK_SQL_TASK_ANSWER_ADD,
    CASEBOOK_SQL_TASK_ANSWER_UNDO,
    CASEBOOK_SQL_USERS,
    CASEBOOK_SQL_USER_PASSWORD,
    CASEBOOK_SQL_USER_DISABLE,
    CASEBOOK_SQL_USER_ENABLE,
    CASEBOOK_SQL_SESSIONS_END,
    CASEBOOK_SQL_TOTP_FIND,
    CASEBOOK_SQL_TOTP_OFFER,
    CASEBOOK_SQL_TOTP_CONFIRM,
    CASEBOOK_SQL_TOTP_USED,
    CASEBOOK_SQL_TOTP_REMOVE,
    CASEBOOK_SQL_LOG,
    CASEBOOK_SQL_REVIEW_DRAWN,
    CASEBOOK_SQL_REVIEW_DRAW,
    CASEBOOK_SQL_REVIEW,
    CASEBOOK_SQL_REVIEW_JUDGE,
    CASEBOOK_SQL_EXTRACT_ANSWERS,
    CASEBOOK_SQL_EXTRACT_CASES,
    CASEBOOK_SQL_EXTRACT_TOLD,
    CASEBOOK_SQL_EXTRACT_NAMED,
    CASEBOOK_SQL_EXTRACT_LOOKS,
    CASEBOOK_SQL_PUPIL_ERASE_ANSWER_RULES,
    CASEBOOK_SQL_PUPIL_ERASE_ANSWERS,
    CASEBOOK_SQL_PUPIL_ERASE_CASE_ENDS,
    CASEBOOK_SQL_PUPIL_ERASE_CASES,
    CASEBOOK_SQL_PUPIL_ERASE_TOLD,
    CASEBOOK_SQL_NAMED_FORGET,
    CASEBOOK_SQL_HELD,
    CASEBOOK_SQL_DUE_ANSWERS,
    CASEBOOK_SQL_DUE_TOLD,
    CASEBOOK_SQL_DUE_CASES,
    CASEBOOK_SQL_DUE_LOG,
    CASEBOOK_SQL_ERASE_ANSWER_RULES,
    CASEBOOK_SQL_ERASE_ANSWERS,
    CASEBOOK_SQL_ERASE_TOLD,
    CASEBOOK_SQL_ERASE_CASE_ANSWER_RULES,
    CASEBOOK_SQL_ERASE_CASE_ANSWERS,
    CASEBOOK_SQL_ERASE_CASE_ENDS,
    CASEBOOK_SQL_ERASE_CASES,
    CASEBOOK_SQL_LOG_CUT,
    CASEBOOK_SQL_ERASE_REVIEWS,
    CASEBOOK_SQL_ERASE_LOG,
    CASEBOOK_SQL_RUN_ADD,
    CASEBOOK_SQL_RUNS,
    CASEBOOK_SQL_RUN_SIGN,
    CASEBOOK_STATEMENTS
};

extern const char *const CASEBOOK_SQL[CASEBOOK_STATEMENTS];

struct casebook {
    sqlite3 *db;
    sqlite3_stmt *statements[CASEBOOK_STATEMENTS];
    uint8_t audit_key[SECRET_KEY_BYTES];
    struct casebook_head head, head_before; /* before: as casebook_begin found it */
    bool is_gathering, lost_gathered;
    uint32_t changes;
};

/* The statement with its first texts (second NULL: one) or hash given; texts are borrowed until it is done. */
sqlite3_stmt *casebook_with_text(struct casebook *book, enum casebook_statement which, const char *first,
                                 const char *second);
sqlite3_stmt *casebook_with_hash(struct casebook *book, enum casebook_statement which,
                                 const uint8_t hash[SECRET_HASH_BYTES]);
/* For statements that give no rows. */
bool casebook_done(struct casebook *book, enum casebook_statement which);
/* The next row's presence; the caller resets the statement after reading it. */
enum casebook_found casebook_step(struct casebook *book, sqlite3_stmt *statement);
/* A row of the users; false: its role is none. */
bool casebook_read_user(sqlite3_stmt *statement, struct casebook_user *out);
/* Rows of two texts, for statements whose parameters are given. */
bool casebook_each_text(struct casebook *book, enum casebook_statement which,
                        bool (*row)(void *into, const char *text, const char *more), void *into);
void casebook_copy(sqlite3_stmt *statement, int column, char *out, size_t out_bytes);

#endif
