#include "dashboard/casebook/casebook_cases.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "dashboard/casebook/casebook_sql.h"

static bool kind_read(const char *word, enum triage_kind *out)
{
    for (int i = 0; i < TRIAGE_KINDS; i++)
        if (strcmp(word, TRIAGE_WORDS[i]) == 0) {
            *out = (enum triage_kind)i;
            return true;
        }
    return false;
}

static const char *text(sqlite3_stmt *statement, int column)
{
    const char *found = (const char *)sqlite3_column_text(statement, column);
    return found ? found : "";
}

bool casebook_answers(struct casebook *book, const char *pupil, struct casebook_answers *out)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_ANSWERS, pupil, NULL);
    sqlite3_bind_int(statement, 2, TRIAGE_ANSWERS_MAX);
    enum casebook_found found;
    out->count = 0;
    while ((found = casebook_step(book, statement)) == CASEBOOK_FOUND) {
        struct triage_answer *answer = &out->answers[out->count];
        if (!kind_read(text(statement, 0), &answer->kind))
            continue;
        casebook_copy(statement, 1, out->rules[out->count], CASEBOOK_RULE_BYTES);
        answer->rule = out->rules[out->count++];
        answer->severity = sqlite3_column_int(statement, 2);
        answer->until_day = sqlite3_column_int(statement, 3);
    }
    sqlite3_reset(statement);
    return found == CASEBOOK_ABSENT;
}

bool casebook_history(struct casebook *book, const char *pupil, casebook_given_row *row, void *into)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_ANSWER_HISTORY, pupil, NULL);
    sqlite3_bind_int(statement, 2, TRIAGE_ANSWERS_MAX);
    enum casebook_found found;
    bool wanted = true;
    while (wanted && (found = casebook_step(book, statement)) == CASEBOOK_FOUND) {
        struct casebook_given given = {.kind = text(statement, 0),
                                       .reason = text(statement, 1),
                                       .user = text(statement, 2),
                                       .at_ms = sqlite3_column_int64(statement, 3),
                                       .until_day = sqlite3_column_int(statement, 4),
                                       .undone = sqlite3_column_int(statement, 5) != 0};
        wanted = row(into, &given);
    }
    sqlite3_reset(statement);
    return !wanted || found == CASEBOOK_ABSENT;
}

static void read_case(sqlite3_stmt *statement, struct casebook_case *out)
{
    out->number = sqlite3_column_int64(statement, 0);
    out->year = sqlite3_column_int(statement, 1);
    out->serial = sqlite3_column_int(statement, 2);
    casebook_copy(statement, 3, out->pupil, sizeof out->pupil);
    casebook_copy(statement, 4, out->owner, sizeof out->owner);
    casebook_copy(statement, 5, out->owner_name, sizeof out->owner_name);
    casebook_copy(statement, 6, out->opened_by, sizeof out->opened_by);
    out->next_day = sqlite3_column_int(statement, 7);
    out->opened_day = sqlite3_column_int(statement, 8);
}

enum casebook_found casebook_case_of(struct casebook *book, const char *pupil, struct casebook_case *out)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_CASE_OF, pupil, NULL);
    enum casebook_found found = casebook_step(book, statement);
    if (found == CASEBOOK_FOUND)
        read_case(statement, out);
    sqlite3_reset(statement);
    return found;
}

bool casebook_cases(struct casebook *book, casebook_case_row *row, void *into)
{
    struct casebook_case one;
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_CASES];
    enum casebook_found found;
    bool wanted = true;
    while (wanted && (found = casebook_step(book, statement)) == CASEBOOK_FOUND) {
        read_case(statement, &one);
        wanted = row(into, &one);
    }
    sqlite3_reset(statement);
    return !wanted || found == CASEBOOK_ABSENT;
}

bool casebook_due(struct casebook *book, int32_t today, casebook_text_row *row, void *into)
{
    sqlite3_bind_int(book->statements[CASEBOOK_SQL_DUE], 1, today);
    return casebook_each_text(book, CASEBOOK_SQL_DUE, row, into);
}

bool casebook_owners(struct casebook *book, casebook_text_row *row, void *into)
{
    return casebook_each_text(book, CASEBOOK_SQL_OWNERS, row, into);
}

bool casebook_named_pupils(struct casebook *book, casebook_text_row *row, void *into)
{
    return casebook_each_text(book, CASEBOOK_SQL_NAMED_PUPILS, row, into);
}

static bool set_case(struct casebook *book, int64_t number, const char *owner, int32_t next_day)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_CASE_SET, owner, NULL);
    sqlite3_bind_int(statement, 2, next_day);
    sqlite3_bind_int64(statement, 3, number);
    return casebook_done(book, CASEBOOK_SQL_CASE_SET);
}

static bool add_case(struct casebook *book, const struct casebook_answer *answer)
{
    int year, month, day_of_month;
    civil_date(answer->day, &year, &month, &day_of_month);
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_CASE_ADD, answer->pupil, answer->owner);
    sqlite3_bind_text(statement, 3, answer->user, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 4, answer->next_day);
    sqlite3_bind_int64(statement, 5, answer->at_ms);
    sqlite3_bind_int(statement, 6, answer->day);
    sqlite3_bind_int(statement, 7, year);
    return casebook_done(book, CASEBOOK_SQL_CASE_ADD);
}

/* `before`: the case that was open already, else NULL. */
static bool add_answer(struct casebook *book, const struct casebook_answer *answer, int64_t case_number,
                       const struct casebook_case *before)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_ANSWER_ADD, answer->pupil, answer->user);
    sqlite3_bind_text(statement, 3, TRIAGE_WORDS[answer->kind], -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, answer->reason, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 5, answer->severity);
    sqlite3_bind_int(statement, 6, answer->day);
    sqlite3_bind_int(statement, 7, answer->until_day);
    sqlite3_bind_int64(statement, 8, answer->at_ms);
    if (case_number)
        sqlite3_bind_int64(statement, 9, case_number);
    if (before) {
        sqlite3_bind_text(statement, 10, before->owner, -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 11, before->next_day);
    }
    return casebook_done(book, CASEBOOK_SQL_ANSWER_ADD);
}

static bool add_rules(struct casebook *book, const struct casebook_answer *answer)
{
    int64_t number = sqlite3_last_insert_rowid(book->db);
    for (size_t i = 0; i < answer->flag_count; i++) {
        sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_ANSWER_RULE_ADD, answer->flags[i].rule, NULL);
        sqlite3_bind_int64(statement, 2, number);
        if (!casebook_done(book, CASEBOOK_SQL_ANSWER_RULE_ADD))
            return false;
    }
    return true;
}

static bool set_status(struct casebook *book, int64_t number, const char *status)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_CASE_STATUS, status, NULL);
    sqlite3_bind_int64(statement, 2, number);
    return casebook_done(book, CASEBOOK_SQL_CASE_STATUS);
}

static bool end_case(struct casebook *book, const struct casebook_answer *answer, int64_t number)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_CASE_END_ADD, answer->reason, answer->user);
    sqlite3_bind_int64(statement, 3, number);
    sqlite3_bind_int(statement, 4, answer->day);
    sqlite3_bind_int64(statement, 5, answer->at_ms);
    return casebook_done(book, CASEBOOK_SQL_CASE_END_ADD) && set_status(book, number, "closed");
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
        return add_case(book, answer) && add_answer(book, answer, sqlite3_last_insert_rowid(book->db), NULL) &&
               add_rules(book, answer);
    return (closes ? end_case(book, answer, before.number)
                   : set_case(book, before.number, answer->owner, answer->next_day)) &&
           add_answer(book, answer, before.number, &before) && add_rules(book, answer);
}

/* The latest answer, as far as undoing it needs. */
struct latest {
    char user[CASEBOOK_USER_BYTES], owner_before[CASEBOOK_USER_BYTES];
    enum triage_kind kind;
    int64_t answer, case_number;
    int32_t day, next_day_before;
};

static enum casebook_found find_latest(struct casebook *book, const char *pupil, struct latest *out)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_ANSWER_LATEST, pupil, NULL);
    enum casebook_found found = casebook_step(book, statement);
    if (found == CASEBOOK_FOUND) {
        casebook_copy(statement, 0, out->user, sizeof out->user);
        out->answer = sqlite3_column_int64(statement, 1);
        if (!kind_read(text(statement, 2), &out->kind))
            found = CASEBOOK_FAILED;
        out->day = sqlite3_column_int(statement, 3);
        out->case_number = sqlite3_column_int64(statement, 4);
        snprintf(out->owner_before, sizeof out->owner_before, "%s", text(statement, 5));
        out->next_day_before = sqlite3_column_int(statement, 6);
    }
    sqlite3_reset(statement);
    return found;
}

static bool undo_case(struct casebook *book, const struct latest *latest)
{
    if (!latest->case_number)
        return true;
    if (latest->kind == TRIAGE_CLOSE) {
        sqlite3_bind_int64(book->statements[CASEBOOK_SQL_CASE_END_UNDO], 1, latest->case_number);
        return casebook_done(book, CASEBOOK_SQL_CASE_END_UNDO) && set_status(book, latest->case_number, "open");
    }
    return latest->owner_before[0] ? set_case(book, latest->case_number, latest->owner_before, latest->next_day_before)
                                   : set_status(book, latest->case_number, "undone");
}

enum casebook_found casebook_answer_undo(struct casebook *book, const char *pupil, const char *user, int32_t day,
                                         int64_t now_ms, enum triage_kind *undone)
{
    struct latest latest;
    enum casebook_found found = find_latest(book, pupil, &latest);
    if (found != CASEBOOK_FOUND)
        return found;
    if (latest.day != day || strcmp(latest.user, user) != 0)
        return CASEBOOK_ABSENT;
    *undone = latest.kind;
    sqlite3_bind_int64(book->statements[CASEBOOK_SQL_ANSWER_UNDO], 1, latest.answer);
    sqlite3_bind_int64(book->statements[CASEBOOK_SQL_ANSWER_UNDO], 2, now_ms);
    return casebook_done(book, CASEBOOK_SQL_ANSWER_UNDO) && undo_case(book, &latest) ? CASEBOOK_FOUND : CASEBOOK_FAILED;
}

enum casebook_found casebook_task_answer(struct casebook *book, int64_t task, struct casebook_task_answer *out)
{
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_TASK_ANSWER];
    sqlite3_bind_int64(statement, 1, task);
    enum casebook_found found = casebook_step(book, statement);
    if (found == CASEBOOK_FOUND) {
        casebook_copy(statement, 0, out->user, sizeof out->user);
        out->at_ms = sqlite3_column_int64(statement, 1);
        out->guardian = sqlite3_column_int(statement, 2);
        out->lessons = sqlite3_column_int(statement, 3);
        casebook_copy(statement, 4, out->pupil, sizeof out->pupil);
        out->recorded_ms = sqlite3_column_int64(statement, 5);
    }
    sqlite3_reset(statement);
    return found;
}

bool casebook_task_answer_add(struct casebook *book, int64_t task, const struct casebook_task_answer *answer)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_TASK_ANSWER_ADD, answer->pupil, answer->user);
    sqlite3_bind_int64(statement, 3, task);
    sqlite3_bind_int64(statement, 4, answer->at_ms);
    if (answer->guardian)
        sqlite3_bind_int(statement, 5, answer->guardian);
    sqlite3_bind_int(statement, 6, answer->lessons);
    sqlite3_bind_int64(statement, 7, answer->recorded_ms);
    return casebook_done(book, CASEBOOK_SQL_TASK_ANSWER_ADD);
}

bool casebook_task_answer_undo(struct casebook *book, int64_t task)
{
    sqlite3_bind_int64(book->statements[CASEBOOK_SQL_TASK_ANSWER_UNDO], 1, task);
    return casebook_done(book, CASEBOOK_SQL_TASK_ANSWER_UNDO);
}
