/* Answers, cases and answered tasks: written in the caller's transaction, read by cursors. */
#include "dashboard/casebook/casebook_cases.h"

#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "dashboard/casebook/casebook_sql.h"

static bool kind_read(const struct query *query, int column, enum triage_kind *out)
{
    int kind = choice_of(query_column_text(query, column), TRIAGE_WORDS, TRIAGE_KINDS);
    if (kind >= 0)
        *out = (enum triage_kind)kind;
    return kind >= 0;
}

bool casebook_answers(struct casebook *book, const char *pupil, struct casebook_answers *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_ANSWERS);
    query_text(&query, pupil);
    query_integer(&query, TRIAGE_ANSWERS_MAX);
    out->count = 0;
    while (query_row(&query)) {
        struct triage_answer *answer = &out->answers[out->count];
        if (!kind_read(&query, 0, &answer->kind))
            continue;
        query_column_copy(&query, 1, out->rules[out->count], ID_BYTES);
        answer->rule = out->rules[out->count++];
        answer->severity = (int)query_column(&query, 2);
        answer->until_day = (int32_t)query_column(&query, 3);
    }
    return casebook_good(book);
}

struct query casebook_history(struct casebook *book, const char *pupil)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_ANSWER_HISTORY);
    query_text(&query, pupil);
    return query;
}

bool casebook_next_given(struct query *rows, struct casebook_given *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_given){.kind = query_column_text(rows, 0),
                                   .reason = query_column_text(rows, 1),
                                   .user = query_column_text(rows, 2),
                                   .at_ms = query_column(rows, 3),
                                   .until_day = (int32_t)query_column(rows, 4),
                                   .undone = query_column(rows, 5) != 0};
    return true;
}

bool casebook_next_case(struct query *rows, struct casebook_case *out)
{
    if (!query_row(rows))
        return false;
    out->number = query_column(rows, 0);
    out->year = (int)query_column(rows, 1);
    out->serial = (int)query_column(rows, 2);
    query_column_copy(rows, 3, out->pupil, sizeof out->pupil);
    query_column_copy(rows, 4, out->owner, sizeof out->owner);
    query_column_copy(rows, 5, out->owner_name, sizeof out->owner_name);
    query_column_copy(rows, 6, out->opened_by, sizeof out->opened_by);
    out->next_day = (int32_t)query_column(rows, 7);
    out->opened_day = (int32_t)query_column(rows, 8);
    return true;
}

enum casebook_found casebook_case_of(struct casebook *book, const char *pupil, struct casebook_case *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_OF);
    query_text(&query, pupil);
    return casebook_answered(&query, casebook_next_case(&query, out));
}

struct query casebook_cases(struct casebook *book)
{
    return casebook_query(book, CASEBOOK_SQL_CASES);
}

struct query casebook_due(struct casebook *book, int32_t today)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_DUE);
    query_integer(&query, today);
    return query;
}

struct query casebook_named_pupils(struct casebook *book)
{
    return casebook_query(book, CASEBOOK_SQL_NAMED_PUPILS);
}

bool casebook_next_text(struct query *rows, const char **out)
{
    if (!query_row(rows))
        return false;
    *out = query_column_text(rows, 0);
    return true;
}

struct query casebook_owners(struct casebook *book)
{
    return casebook_query(book, CASEBOOK_SQL_OWNERS);
}

bool casebook_next_owner(struct query *rows, struct casebook_owner *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_owner){.user = query_column_text(rows, 0), .name = query_column_text(rows, 1)};
    return true;
}

bool casebook_case_set(struct casebook *book, int64_t number, const char *owner, int32_t next_day)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_SET);
    query_text(&query, owner);
    query_integer(&query, next_day);
    query_integer(&query, number);
    return casebook_write(&query);
}

static bool add_case(struct casebook *book, const struct casebook_answer *answer)
{
    int year, month, day_of_month;
    civil_date(answer->day, &year, &month, &day_of_month);
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_ADD);
    query_text(&query, answer->pupil);
    query_text(&query, answer->owner);
    query_text(&query, answer->user);
    query_integer(&query, answer->next_day);
    query_integer(&query, answer->at_ms);
    query_integer(&query, answer->day);
    query_integer(&query, year);
    return casebook_write(&query);
}

static void give_or_null(struct query *query, bool there, int64_t value)
{
    if (there)
        query_integer(query, value);
    else
        query_null(query);
}

/* `before`: the case that was open already, else NULL. */
static bool add_answer(struct casebook *book, const struct casebook_answer *answer, int64_t case_number,
                       const struct casebook_case *before)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_ANSWER_ADD);
    query_text(&query, answer->pupil);
    query_text(&query, answer->user);
    query_text(&query, TRIAGE_WORDS[answer->kind]);
    query_text(&query, answer->reason);
    query_integer(&query, answer->severity);
    query_integer(&query, answer->day);
    query_integer(&query, answer->until_day);
    query_integer(&query, answer->at_ms);
    give_or_null(&query, case_number != 0, case_number);
    query_text(&query, before != NULL ? before->owner : NULL);
    give_or_null(&query, before != NULL, before != NULL ? before->next_day : 0);
    return casebook_write(&query);
}

static bool add_rules(struct casebook *book, const struct casebook_answer *answer)
{
    int64_t number = database_last_rowid(&book->database);
    for (size_t i = 0; i < answer->flag_count; i++) {
        struct query query = casebook_query(book, CASEBOOK_SQL_ANSWER_RULE_ADD);
        query_text(&query, answer->flags[i].rule);
        query_integer(&query, number);
        if (!casebook_write(&query))
            return false;
    }
    return true;
}

static bool set_status(struct casebook *book, int64_t number, const char *status)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_STATUS);
    query_text(&query, status);
    query_integer(&query, number);
    return casebook_write(&query);
}

static bool end_case(struct casebook *book, const struct casebook_answer *answer, int64_t number)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_END_ADD);
    query_text(&query, answer->reason);
    query_text(&query, answer->user);
    query_integer(&query, number);
    query_integer(&query, answer->day);
    query_integer(&query, answer->at_ms);
    return casebook_write(&query) && set_status(book, number, "closed");
}

bool casebook_answer_add(struct casebook *book, const struct casebook_answer *answer)
{
    struct casebook_case before = {0};
    bool confirms = answer->kind == TRIAGE_CONFIRM, closes = answer->kind == TRIAGE_CLOSE;
    if (!confirms && !closes)
        return add_answer(book, answer, 0, NULL) && add_rules(book, answer);
    enum casebook_found found = casebook_case_of(book, answer->pupil, &before);
    if (found == CASEBOOK_FAILED || (closes && found == CASEBOOK_ABSENT))
        return false;
    if (found == CASEBOOK_ABSENT)
        return add_case(book, answer) && add_answer(book, answer, database_last_rowid(&book->database), NULL) &&
               add_rules(book, answer);
    return (closes ? end_case(book, answer, before.number)
                   : casebook_case_set(book, before.number, answer->owner, answer->next_day)) &&
           add_answer(book, answer, before.number, &before) && add_rules(book, answer);
}

/* What undoing needs of the latest answer. */
struct latest {
    char user[USER_BYTES], owner_before[USER_BYTES];
    enum triage_kind kind;
    int64_t answer, case_number;
    int32_t day, next_day_before;
};

static enum casebook_found find_latest(struct casebook *book, const char *pupil, struct latest *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_ANSWER_LATEST);
    query_text(&query, pupil);
    bool there = query_row(&query), readable = true;
    if (there) {
        query_column_copy(&query, 0, out->user, sizeof out->user);
        out->answer = query_column(&query, 1);
        readable = kind_read(&query, 2, &out->kind);
        out->day = (int32_t)query_column(&query, 3);
        out->case_number = query_column(&query, 4);
        query_column_copy(&query, 5, out->owner_before, sizeof out->owner_before);
        out->next_day_before = (int32_t)query_column(&query, 6);
    }
    enum casebook_found found = casebook_answered(&query, there);
    return readable ? found : CASEBOOK_FAILED;
}

static bool undo_end(struct casebook *book, int64_t case_number, int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_END_UNDO);
    query_integer(&query, case_number);
    query_integer(&query, now_ms);
    return casebook_write(&query) && set_status(book, case_number, "open");
}

static bool undo_case(struct casebook *book, const struct latest *latest, int64_t now_ms)
{
    if (!latest->case_number)
        return true;
    if (latest->kind == TRIAGE_CLOSE)
        return undo_end(book, latest->case_number, now_ms);
    return latest->owner_before[0]
               ? casebook_case_set(book, latest->case_number, latest->owner_before, latest->next_day_before)
               : set_status(book, latest->case_number, "undone");
}

enum casebook_found casebook_answer_undo(struct casebook *book, const char *pupil, const char *user, int32_t day,
                                         int64_t now_ms, enum triage_kind *undone)
{
    struct latest latest = {0};
    enum casebook_found found = find_latest(book, pupil, &latest);
    if (found != CASEBOOK_FOUND)
        return found;
    if (latest.day != day || strcmp(latest.user, user) != 0)
        return CASEBOOK_ABSENT;
    *undone = latest.kind;
    struct query query = casebook_query(book, CASEBOOK_SQL_ANSWER_UNDO);
    query_integer(&query, latest.answer);
    query_integer(&query, now_ms);
    return casebook_write(&query) && undo_case(book, &latest, now_ms) ? CASEBOOK_FOUND : CASEBOOK_FAILED;
}

enum casebook_found casebook_task_answer(struct casebook *book, int64_t task, const char *contact,
                                         struct casebook_task_answer *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_TASK_ANSWER);
    query_integer(&query, task);
    query_text(&query, contact);
    bool there = query_row(&query);
    if (there) {
        snprintf(out->contact, sizeof out->contact, "%s", contact);
        query_column_copy(&query, 0, out->user, sizeof out->user);
        out->at_ms = query_column(&query, 1);
        out->guardian = (int)query_column(&query, 2);
        out->lessons = (int)query_column(&query, 3);
        query_column_copy(&query, 4, out->pupil, sizeof out->pupil);
        out->recorded_ms = query_column(&query, 5);
    }
    return casebook_answered(&query, there);
}

bool casebook_task_answer_add(struct casebook *book, int64_t task, const struct casebook_task_answer *answer)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_TASK_ANSWER_ADD);
    query_text(&query, answer->pupil);
    query_text(&query, answer->user);
    query_integer(&query, task);
    query_integer(&query, answer->at_ms);
    give_or_null(&query, answer->guardian != 0, answer->guardian);
    query_integer(&query, answer->lessons);
    query_integer(&query, answer->recorded_ms);
    query_text(&query, answer->contact);
    return casebook_write(&query);
}

bool casebook_task_answer_undo(struct casebook *book, int64_t task, const struct casebook_task_answer *answer,
                               int64_t from_ms, int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_TASK_ANSWER_UNDO);
    query_integer(&query, task);
    query_text(&query, answer->contact);
    query_text(&query, answer->user);
    query_integer(&query, from_ms);
    query_integer(&query, now_ms);
    return casebook_write(&query);
}
