/* Rows of a case as its page shows them, and as its clocks count them; writes by one statement for each kind of entry. */
#include "dashboard/casebook/casebook_support.h"

#include <assert.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "common/log.h"
#include "dashboard/casebook/casebook_sql.h"

const char *const CASE_PART_WORDS[CASE_PARTS] = {
    [CASE_PART_STEPS] = "steps",
    [CASE_PART_FACTS] = "facts",
    [CASE_PART_CONTACTS] = "contacts",
    [CASE_PART_MEASURES] = "measures",
    [CASE_PART_VOICES] = "voices",
    [CASE_PART_ACTORS] = "actors",
    [CASE_PART_CONSENTS] = "consents",
    [CASE_PART_CONCERNS] = "concerns",
    [CASE_PART_SIPS] = "sips",
    [CASE_PART_SIP_MEMBERS] = "sip_members",
    [CASE_PART_DEVIATIONS] = "deviations",
};

static const enum casebook_statement STATEMENTS[CASE_ENTRIES] = {
    [ENTRY_STEP_BEGIN] = CASEBOOK_SQL_STEP_BEGIN,
    [ENTRY_STEP_DONE] = CASEBOOK_SQL_STEP_DONE,
    [ENTRY_STEP_LEFT_OUT] = CASEBOOK_SQL_STEP_LEFT_OUT,
    [ENTRY_STEP_AT_ONCE] = CASEBOOK_SQL_STEP_AT_ONCE,
    [ENTRY_FACT] = CASEBOOK_SQL_FACT,
    [ENTRY_CONTACT] = CASEBOOK_SQL_CONTACT,
    [ENTRY_MEASURE] = CASEBOOK_SQL_MEASURE,
    [ENTRY_MEASURE_EVALUATED] = CASEBOOK_SQL_MEASURE_EVALUATED,
    [ENTRY_VOICE] = CASEBOOK_SQL_VOICE,
    [ENTRY_ACTOR] = CASEBOOK_SQL_ACTOR,
    [ENTRY_ACTOR_ENDED] = CASEBOOK_SQL_ACTOR_ENDED,
    [ENTRY_CONSENT] = CASEBOOK_SQL_CONSENT,
    [ENTRY_CONSENT_WITHDRAWN] = CASEBOOK_SQL_CONSENT_WITHDRAWN,
    [ENTRY_CONCERN] = CASEBOOK_SQL_CONCERN,
    [ENTRY_CONCERN_ANSWERED] = CASEBOOK_SQL_CONCERN_ANSWERED,
    [ENTRY_SIP] = CASEBOOK_SQL_SIP,
    [ENTRY_SIP_MEMBER] = CASEBOOK_SQL_SIP_MEMBER,
    [ENTRY_SIP_MEMBER_LEFT] = CASEBOOK_SQL_SIP_MEMBER_LEFT,
    [ENTRY_DEVIATION] = CASEBOOK_SQL_DEVIATION,
};

static struct query query_of_case(struct casebook *book, enum casebook_statement which, int64_t number)
{
    struct query query = casebook_query(book, which);
    query_integer(&query, number);
    return query;
}

/* The days on which it was confirmed at a level, and since when the next date is what it is. */
static void read_levels(struct casebook *book, int64_t number, struct casebook_file *out)
{
    struct query query = query_of_case(book, CASEBOOK_SQL_FILE_LEVELS, number);
    static_assert(CASE_SUPPORT_LEVEL == 2 && CASE_GRAVE_LEVEL == 3, "the statement names them");
    if (query_row(&query)) {
        out->level = (int)query_column(&query, 0);
        out->facts.support_day = query_column_day(&query, 1);
        out->facts.grave_day = query_column_day(&query, 2);
        out->facts.next_set_day = query_column_null(&query, 3) ? out->one.opened_day : (int32_t)query_column(&query, 3);
        out->facts.cause_known = query_column(&query, 4) != 0;
        out->rows = (int)query_column(&query, 5);
    }
    query_end(&query);
}

static bool read_kind(const struct query *row, enum step_kind *out)
{
    int kind = choice_of(query_column_text(row, 0), STEP_WORDS, STEP_KINDS);
    *out = kind >= 0 ? (enum step_kind)kind : STEP_CLOSED;
    return kind >= 0;
}

static void read_steps(struct casebook *book, int64_t number, struct casebook_file *out)
{
    struct query rows = query_of_case(book, CASEBOOK_SQL_FILE_STEPS, number);
    while (query_row(&rows)) {
        struct step *step = &out->steps[out->facts.step_count];
        if (out->facts.step_count == CASE_STEPS_MAX || !read_kind(&rows, &step->kind)) {
            log_warn("step of a case left out case=%lld limit=%d", (long long)number, CASE_STEPS_MAX);
            continue;
        }
        step->began_day = (int32_t)query_column(&rows, 1);
        step->done_day = query_column_day(&rows, 2);
        step->is_skipped = query_column(&rows, 3) != 0;
        out->facts.step_count++;
    }
    out->facts.steps = out->steps;
}

static void read_measures(struct casebook *book, int64_t number, struct casebook_file *out)
{
    struct query rows = query_of_case(book, CASEBOOK_SQL_FILE_MEASURES, number);
    while (query_row(&rows)) {
        size_t i = out->facts.measure_count;
        if (i == CASE_MEASURES_MAX) {
            log_warn("measure of a case left out case=%lld limit=%d", (long long)number, CASE_MEASURES_MAX);
            continue;
        }
        out->measures[i] = (struct case_measure){(int32_t)query_column(&rows, 1), query_column_day(&rows, 2)};
        out->measure_numbers[i] = query_column(&rows, 0);
        int kind = choice_of(query_column_text(&rows, 3), AGREED_WORDS, AGREED_KINDS);
        out->measure_kinds[i] = kind >= 0 ? (enum agreed_kind)kind : AGREED_OTHER;
        out->facts.measure_count++;
    }
    out->facts.measures = out->measures;
}

/* The latest of a kind comes last. */
static void read_facts(struct casebook *book, int64_t number, struct casebook_file *out)
{
    struct case_facts *facts = &out->facts;
    struct query rows = query_of_case(book, CASEBOOK_SQL_FILE_FACTS, number);
    while (query_row(&rows)) {
        const char *kind = query_column_text(&rows, 0);
        int32_t day = (int32_t)query_column(&rows, 2);
        if (strcmp(kind, "inquiry") == 0 || strcmp(kind, "no_inquiry") == 0) {
            facts->decided_day = day;
            facts->decided_inquiry = strcmp(kind, "inquiry") == 0;
        } else if (strcmp(kind, "huvudman_told") == 0) {
            facts->huvudman_told_day = day;
        } else if (strcmp(kind, "elsewhere") == 0) {
            facts->elsewhere_day = day;
        } else if (strcmp(kind, "elsewhere_told") == 0) {
            facts->elsewhere_told_day = day;
        } else if (strcmp(kind, "seen") == 0) {
            facts->seen_day = day;
        } else if (strcmp(kind, "handover") == 0 || strcmp(kind, "handover_received") == 0) {
            out->awaits_receipt = strcmp(kind, "handover") == 0;
        } else if (strcmp(kind, "deputy") == 0) {
            query_column_copy(&rows, 1, out->deputy, sizeof out->deputy);
        }
    }
}

static void read_concern(struct casebook *book, int64_t number, const char *author, struct casebook_file *out)
{
    struct query query = query_of_case(book, CASEBOOK_SQL_FILE_CONCERN, number);
    query_text(&query, author);
    if (query_row(&query)) {
        out->facts.concern_day = query_column_day(&query, 0);
        out->facts.concern_answered_day = query_column_day(&query, 1);
        query_column_copy(&query, 2, out->concern_by, sizeof out->concern_by);
        out->concerns = (int)query_column(&query, 3);
    }
    query_end(&query);
}

static void read_sip(struct casebook *book, int64_t number, struct casebook_file *out)
{
    struct query query = query_of_case(book, CASEBOOK_SQL_FILE_SIP, number);
    if (query_row(&query)) {
        int stage = choice_of(query_column_text(&query, 0), SIP_WORDS, SIP_STAGES);
        if (stage < 0)
            log_warn("stage of a plan is none case=%lld", (long long)number);
        out->sip = (struct sip){.stage = stage < 0 ? SIP_NONE : (enum sip_stage)stage,
                                .day = query_column_day(&query, 1),
                                .guardian_consents = query_column(&query, 2) != 0,
                                .pupil_consents = query_column(&query, 3) != 0};
    }
    query_end(&query);
}

static void read_ending(struct casebook *book, int64_t number, struct casebook_ending *out)
{
    struct query query = query_of_case(book, CASEBOOK_SQL_FILE_END, number);
    out->day = CIVIL_DAY_NONE;
    if (query_row(&query)) {
        query_column_copy(&query, 0, out->outcome, sizeof out->outcome);
        query_column_copy(&query, 1, out->user, sizeof out->user);
        query_column_copy(&query, 2, out->user_name, sizeof out->user_name);
        out->day = (int32_t)query_column(&query, 3);
    }
    query_end(&query);
}

enum casebook_found casebook_file(struct casebook *book, int64_t number, const char *author, struct casebook_file *out)
{
    struct query query = query_of_case(book, CASEBOOK_SQL_CASE_BY_NUMBER, number);
    memset(out, 0, sizeof *out);
    bool there = casebook_next_case(&query, &out->one);
    out->is_open = there && query_column(&query, 9) != 0;
    enum casebook_found found = casebook_answered(&query, there);
    if (found != CASEBOOK_FOUND)
        return found;
    out->facts = (struct case_facts){.opened_day = out->one.opened_day,
                                     .next_day = out->one.next_day,
                                     .decided_day = CIVIL_DAY_NONE,
                                     .huvudman_told_day = CIVIL_DAY_NONE,
                                     .elsewhere_day = CIVIL_DAY_NONE,
                                     .elsewhere_told_day = CIVIL_DAY_NONE,
                                     .seen_day = CIVIL_DAY_NONE,
                                     .concern_day = CIVIL_DAY_NONE,
                                     .concern_answered_day = CIVIL_DAY_NONE};
    read_levels(book, number, out);
    read_steps(book, number, out);
    read_measures(book, number, out);
    read_facts(book, number, out);
    read_concern(book, number, author, out);
    read_sip(book, number, out);
    read_ending(book, number, &out->ending);
    return casebook_good(book) ? CASEBOOK_FOUND : CASEBOOK_FAILED;
}

struct query casebook_case_rows(struct casebook *book, int64_t number)
{
    return query_of_case(book, CASEBOOK_SQL_CASE_ROWS, number);
}

bool casebook_next_case_row(struct query *rows, struct casebook_case_row *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_case_row){.part = (enum casebook_case_part)query_column(rows, 0),
                                      .kind = query_column_text(rows, 1),
                                      .user = query_column_text(rows, 2),
                                      .owner = query_column_text(rows, 3),
                                      .json = query_column_text(rows, 4)};
    return true;
}

enum casebook_found casebook_enter(struct casebook *book, enum case_entry entry, const struct casebook_stamp *stamp,
                                   const struct casebook_value *values, size_t count)
{
    struct query query = query_of_case(book, STATEMENTS[entry], stamp->number);
    query_text(&query, stamp->user);
    query_integer(&query, stamp->day);
    query_integer(&query, stamp->at_ms);
    for (size_t i = 0; i < count; i++) {
        if (values[i].text != NULL)
            query_text(&query, values[i].text);
        else if (values[i].is_null)
            query_null(&query);
        else
            query_integer(&query, values[i].integer);
    }
    if (!casebook_write(&query))
        return CASEBOOK_FAILED;
    return database_changed_rows(&book->database) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}
