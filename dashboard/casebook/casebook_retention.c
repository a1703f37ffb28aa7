/* What is due of each kind, the deletes in the order that foreign keys ask for, and the receipts. */
#include "dashboard/casebook/casebook_retention.h"

#include <stdio.h>
#include "common/civil.h"
#include "dashboard/casebook/casebook_sql.h"

const char *const CASEBOOK_KIND_WORDS[CASEBOOK_KINDS] = {
    [CASEBOOK_ANSWERS] = "answers", [CASEBOOK_TOLD] = "told",   [CASEBOOK_LAST_YEAR] = "last_year",
    [CASEBOOK_DUTIES] = "duties",   [CASEBOOK_CASES] = "cases", [CASEBOOK_LOG] = "log"};

/* Each kind: how many are due, and what is erased in which order; the last is the kind itself. */
#define STEPS_MAX 4
static const struct {
    enum casebook_statement due;
    size_t step_count;
    enum casebook_statement steps[STEPS_MAX];
} KINDS[CASEBOOK_KINDS] = {
    [CASEBOOK_ANSWERS] = {CASEBOOK_SQL_DUE_ANSWERS,
                          3,
                          {CASEBOOK_SQL_ERASE_CRISES, CASEBOOK_SQL_ERASE_ANSWER_RULES, CASEBOOK_SQL_ERASE_ANSWERS}},
    [CASEBOOK_TOLD] = {CASEBOOK_SQL_DUE_TOLD, 1, {CASEBOOK_SQL_ERASE_TOLD}},
    [CASEBOOK_LAST_YEAR] = {CASEBOOK_SQL_DUE_LAST_YEAR, 1, {CASEBOOK_SQL_ERASE_LAST_YEAR}},
    [CASEBOOK_DUTIES] = {CASEBOOK_SQL_DUE_DUTIES, 1, {CASEBOOK_SQL_ERASE_DUTIES}},
    [CASEBOOK_CASES] = {CASEBOOK_SQL_DUE_CASES,
                        4,
                        {CASEBOOK_SQL_ERASE_CASE_ANSWER_RULES, CASEBOOK_SQL_ERASE_CASE_ANSWERS,
                         CASEBOOK_SQL_ERASE_CASE_ENDS, CASEBOOK_SQL_ERASE_CASES}},
    [CASEBOOK_LOG] = {CASEBOOK_SQL_DUE_LOG, 2, {CASEBOOK_SQL_ERASE_REVIEWS, CASEBOOK_SQL_ERASE_LOG}},
};

struct query casebook_held(struct casebook *book)
{
    return casebook_query(book, CASEBOOK_SQL_HELD);
}

/* Gives a statement the date, and the instant as well when it has a second parameter. */
static struct query with_date(struct casebook *book, enum casebook_statement which, int32_t before)
{
    struct query query = casebook_query(book, which);
    query_integer(&query, before);
    if (query_parameter_count(&query) > 1)
        query_integer(&query, civil_to_utc_ms(before, 0));
    return query;
}

bool casebook_kind_due(struct casebook *book, enum casebook_kind kind, int32_t before, int64_t *count)
{
    struct query query = with_date(book, KINDS[kind].due, before);
    bool there = query_row(&query);
    *count = there ? query_column(&query, 0) : 0;
    return casebook_answered(&query, there) == CASEBOOK_FOUND;
}

/* "sequence mac" of the last row that goes; "" when none does. */
static bool find_cut(struct casebook *book, int32_t before, char *cut, size_t bytes)
{
    struct query query = with_date(book, CASEBOOK_SQL_LOG_CUT, before);
    bool there = query_row(&query);
    char hex[SECRET_MAC_HEX_BYTES];
    cut[0] = '\0';
    if (there) {
        size_t length;
        const uint8_t *mac = query_column_bytes(&query, 1, &length);
        if (length == SECRET_MAC_BYTES) {
            secret_mac_hex(mac, hex);
            snprintf(cut, bytes, "%lld %s", (long long)query_column(&query, 0), hex);
        }
    }
    return casebook_answered(&query, there) != CASEBOOK_FAILED && (!there || cut[0] != '\0');
}

bool casebook_kind_erase(struct casebook *book, enum casebook_kind kind, int32_t before, int64_t now_ms, int64_t *count)
{
    char cut[SECRET_MAC_HEX_BYTES + 32] = "";
    if (kind == CASEBOOK_LOG && !find_cut(book, before, cut, sizeof cut))
        return false;
    for (size_t i = 0; i < KINDS[kind].step_count; i++) {
        struct query query = with_date(book, KINDS[kind].steps[i], before);
        if (!casebook_write(&query))
            return false;
        *count = database_changed_rows(&book->database);
    }
    return !*cut || casebook_audit(book, now_ms, "", "audit_cut", cut);
}

bool casebook_pupil_erase(struct casebook *book, const char *pupil)
{
    for (int which = CASEBOOK_SQL_PUPIL_ERASE_ANSWER_RULES; which <= CASEBOOK_SQL_PUPIL_ERASE_TOLD; which++) {
        struct query query = casebook_query(book, (enum casebook_statement)which);
        query_text(&query, pupil);
        if (!casebook_write(&query))
            return false;
    }
    return true;
}

bool casebook_named_forget(struct casebook *book, const char *pupil)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_NAMED_FORGET);
    query_text(&query, pupil);
    return casebook_write(&query);
}

bool casebook_run_add(struct casebook *book, const struct casebook_run *run)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_RUN_ADD);
    query_text(&query, run->began_by);
    query_text(&query, run->erased);
    query_integer(&query, run->began_ms);
    query_integer(&query, run->ended_ms);
    query_integer(&query, run->complete);
    return casebook_write(&query);
}

struct query casebook_runs(struct casebook *book, int most)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_RUNS);
    query_integer(&query, most);
    return query;
}

bool casebook_next_run(struct query *rows, struct casebook_run *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_run){
        .run = query_column(rows, 0),
        .began_ms = query_column(rows, 1),
        .ended_ms = query_column(rows, 2),
        .began_by = query_column_text(rows, 3),
        .erased = query_column_text(rows, 4),
        .complete = query_column(rows, 5) != 0,
        .signed_by = query_column_text(rows, 6),
        .signed_ms = query_column(rows, 7),
    };
    return true;
}

enum casebook_found casebook_run_sign(struct casebook *book, int64_t run, const char *user, int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_RUN_SIGN);
    query_text(&query, user);
    query_integer(&query, now_ms);
    query_integer(&query, run);
    if (!casebook_write(&query))
        return CASEBOOK_FAILED;
    return database_changed_rows(&book->database) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}
