#include "dashboard/casebook/casebook_retention.h"

#include <stdio.h>
#include "common/civil.h"
#include "dashboard/casebook/casebook_sql.h"

const char *const CASEBOOK_KIND_WORDS[CASEBOOK_KINDS] = {
    [CASEBOOK_ANSWERS] = "answers", [CASEBOOK_TOLD] = "told", [CASEBOOK_CASES] = "cases", [CASEBOOK_LOG] = "log"};

/* Each kind: how many are due, and what is erased in which order; the last is the kind itself. */
#define STEPS_MAX 4
static const struct {
    enum casebook_statement due;
    size_t step_count;
    enum casebook_statement steps[STEPS_MAX];
} KINDS[CASEBOOK_KINDS] = {
    [CASEBOOK_ANSWERS] = {CASEBOOK_SQL_DUE_ANSWERS, 2, {CASEBOOK_SQL_ERASE_ANSWER_RULES, CASEBOOK_SQL_ERASE_ANSWERS}},
    [CASEBOOK_TOLD] = {CASEBOOK_SQL_DUE_TOLD, 1, {CASEBOOK_SQL_ERASE_TOLD}},
    [CASEBOOK_CASES] = {CASEBOOK_SQL_DUE_CASES,
                        4,
                        {CASEBOOK_SQL_ERASE_CASE_ANSWER_RULES, CASEBOOK_SQL_ERASE_CASE_ANSWERS,
                         CASEBOOK_SQL_ERASE_CASE_ENDS, CASEBOOK_SQL_ERASE_CASES}},
    [CASEBOOK_LOG] = {CASEBOOK_SQL_DUE_LOG, 2, {CASEBOOK_SQL_ERASE_REVIEWS, CASEBOOK_SQL_ERASE_LOG}},
};

bool casebook_held(struct casebook *book, casebook_text_row *row, void *into)
{
    return casebook_each_text(book, CASEBOOK_SQL_HELD, row, into);
}

/* The date, and for statements that ask for it the instant. */
static sqlite3_stmt *with_date(struct casebook *book, enum casebook_statement which, int32_t before)
{
    sqlite3_stmt *statement = book->statements[which];
    sqlite3_bind_int(statement, 1, before);
    if (sqlite3_bind_parameter_count(statement) > 1)
        sqlite3_bind_int64(statement, 2, civil_to_utc_ms(before, 0));
    return statement;
}

bool casebook_kind_due(struct casebook *book, enum casebook_kind kind, int32_t before, int64_t *count)
{
    sqlite3_stmt *statement = with_date(book, KINDS[kind].due, before);
    enum casebook_found found = casebook_step(book, statement);
    *count = found == CASEBOOK_FOUND ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return found == CASEBOOK_FOUND;
}

/* "sequence mac" of the last row that goes; "" when none does. */
static bool find_cut(struct casebook *book, int32_t before, char *cut, size_t bytes)
{
    sqlite3_stmt *statement = with_date(book, CASEBOOK_SQL_LOG_CUT, before);
    enum casebook_found found = casebook_step(book, statement);
    cut[0] = '\0';
    if (found == CASEBOOK_FOUND) {
        int used = snprintf(cut, bytes, "%lld ", (long long)sqlite3_column_int64(statement, 0));
        const uint8_t *mac = sqlite3_column_blob(statement, 1);
        for (int i = 0; i < sqlite3_column_bytes(statement, 1); i++)
            used += snprintf(cut + used, bytes - (size_t)used, "%02x", mac[i]);
    }
    sqlite3_reset(statement);
    return found != CASEBOOK_FAILED;
}

bool casebook_kind_erase(struct casebook *book, enum casebook_kind kind, int32_t before, int64_t now_ms, int64_t *count)
{
    char cut[2 * SECRET_MAC_BYTES + 32] = "";
    if (kind == CASEBOOK_LOG && !find_cut(book, before, cut, sizeof cut))
        return false;
    for (size_t i = 0; i < KINDS[kind].step_count; i++) {
        with_date(book, KINDS[kind].steps[i], before);
        if (!casebook_done(book, KINDS[kind].steps[i]))
            return false;
        *count = sqlite3_changes64(book->db);
    }
    return !*cut || casebook_audit(book, now_ms, "", "audit_cut", cut);
}

bool casebook_empty_log(struct casebook *book)
{
    return sqlite3_wal_checkpoint_v2(book->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK;
}

bool casebook_pupil_erase(struct casebook *book, const char *pupil)
{
    for (int which = CASEBOOK_SQL_PUPIL_ERASE_ANSWER_RULES; which <= CASEBOOK_SQL_PUPIL_ERASE_TOLD; which++) {
        casebook_with_text(book, (enum casebook_statement)which, pupil, NULL);
        if (!casebook_done(book, (enum casebook_statement)which))
            return false;
    }
    return true;
}

bool casebook_named_forget(struct casebook *book, const char *pupil)
{
    casebook_with_text(book, CASEBOOK_SQL_NAMED_FORGET, pupil, NULL);
    return casebook_done(book, CASEBOOK_SQL_NAMED_FORGET);
}

bool casebook_run_add(struct casebook *book, const struct casebook_run *run)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_RUN_ADD, run->began_by, run->erased);
    sqlite3_bind_int64(statement, 3, run->began_ms);
    sqlite3_bind_int64(statement, 4, run->ended_ms);
    sqlite3_bind_int(statement, 5, run->complete);
    return casebook_done(book, CASEBOOK_SQL_RUN_ADD);
}

bool casebook_runs(struct casebook *book, int most, casebook_run_row *row, void *into)
{
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_RUNS];
    sqlite3_bind_int(statement, 1, most);
    enum casebook_found found;
    bool wanted = true;
    while (wanted && (found = casebook_step(book, statement)) == CASEBOOK_FOUND) {
        struct casebook_run run = {
            .run = sqlite3_column_int64(statement, 0),
            .began_ms = sqlite3_column_int64(statement, 1),
            .ended_ms = sqlite3_column_int64(statement, 2),
            .began_by = (const char *)sqlite3_column_text(statement, 3),
            .erased = (const char *)sqlite3_column_text(statement, 4),
            .complete = sqlite3_column_int(statement, 5) != 0,
            .signed_by = (const char *)sqlite3_column_text(statement, 6),
            .signed_ms = sqlite3_column_int64(statement, 7),
        };
        wanted = row(into, &run);
    }
    sqlite3_reset(statement);
    return !wanted || found == CASEBOOK_ABSENT;
}

enum casebook_found casebook_run_sign(struct casebook *book, int64_t run, const char *user, int64_t now_ms)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_RUN_SIGN, user, NULL);
    sqlite3_bind_int64(statement, 2, now_ms);
    sqlite3_bind_int64(statement, 3, run);
    if (!casebook_done(book, CASEBOOK_SQL_RUN_SIGN))
        return CASEBOOK_FAILED;
    return sqlite3_changes(book->db) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}
