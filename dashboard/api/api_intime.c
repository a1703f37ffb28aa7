/* Support in time as an answer: whole numbers for those who may open every pupil behind them, and terms as they were published. */
#include "dashboard/api/api_intime.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_intime.h"
#include "dashboard/triage.h"

#define TERMS_SHOWN     4
#define PERIOD_DAYS_MAX 1100 /* three school years: what is kept of the days */
#define PERIODS         (TERMS_SHOWN + 1)

/* null for what is not told. */
static json_t *number(int told)
{
    return told > 0 ? json_integer(told) : json_null();
}

/* Of the page 0 is a figure, too. */
static json_t *figure(int count, bool few)
{
    return few ? number(count) : json_integer(count);
}

static json_t *summary_json(const char *lag, const struct intime_summary *summary, bool few)
{
    bool told = summary->count > 0;
    return json_pack("{s:s, s:o, s:o, s:o}", "lag", lag, "n", figure((int)summary->count, few), "median",
                     told ? json_real(summary->median_halves / 2.0) : json_null(), "ninety",
                     told ? json_integer(summary->ninety) : json_null());
}

static json_t *group_json(const struct worked_group *group)
{
    if (group->count == 0)
        return json_null();
    return json_pack("{s:i, s:i, s:i}", "n", group->count, "before_permille", group->before_permille, "after_permille",
                     group->after_permille);
}

static void put_worked(struct api_call *call, json_t *answer, const struct figures *figures)
{
    json_t *list = json_array();
    for (int kind = 0; kind < AGREED_KINDS; kind++)
        if (figures->worked[kind].with.count > 0)
            api_append(call, list,
                       json_pack("{s:s, s:o, s:o}", "measure", AGREED_WORDS[kind], "with",
                                 group_json(&figures->worked[kind].with), "without",
                                 group_json(&figures->worked[kind].without)));
    api_set(call, answer, "worked", list);
}

static void put_clocks(struct api_call *call, json_t *answer, const struct figures *figures, bool few)
{
    json_t *list = json_array();
    for (int kind = 0; kind < CLOCK_KINDS; kind++)
        if (figures->clocks[kind].due > 0)
            api_append(call, list,
                       json_pack("{s:s, s:i, s:o}", "clock", CLOCK_WORDS[kind], "due", figures->clocks[kind].due,
                                 "missed", figure(figures->clocks[kind].missed, few)));
    api_set(call, answer, "clocks", list);
}

static void put_outcomes(struct api_call *call, json_t *answer, const struct figures *figures, bool few)
{
    const char *word;
    json_t *list = json_array();
    for (size_t i = 0; i < TRIAGE_REASONS && (word = triage_reason(TRIAGE_CLOSE, i)) != NULL; i++)
        api_append(call, list, json_pack("{s:s, s:o}", "outcome", word, "n", figure(figures->outcomes[i], few)));
    api_set(call, answer, "outcomes", list);
}

static void put_row(struct api_call *call, json_t *list, int level, int kind, int duration, size_t outcome,
                    const struct figures_row *row)
{
    bool has_contact = row->contact.count > 0;
    api_append(call, list,
               json_pack("{s:i, s:s?, s:s, s:s, s:i, s:o}", "level", level + 1, "measure",
                         kind < AGREED_KINDS ? AGREED_WORDS[kind] : NULL, "duration", INTIME_DURATION_WORDS[duration],
                         "outcome", triage_reason(TRIAGE_CLOSE, outcome), "n", row->cases, "contact_median",
                         has_contact ? json_real(row->contact.median_halves / 2.0) : json_null()));
}

/* Only rows that hold cases, and of what few may not see those that are told. */
static void put_rows(struct api_call *call, json_t *answer, const struct figures *figures)
{
    json_t *list = json_array();
    for (int level = 0; level < FIGURES_LEVELS; level++)
        for (int kind = 0; kind < FIGURES_MEASURES; kind++)
            for (int duration = 0; duration < INTIME_DURATIONS; duration++)
                for (size_t outcome = 0; outcome < TRIAGE_REASONS; outcome++) {
                    const struct figures_row *row = &figures->rows[figures_row(level, kind, duration, (int)outcome)];
                    if (row->cases > 0 && triage_reason(TRIAGE_CLOSE, outcome) != NULL)
                        put_row(call, list, level, kind, duration, outcome, row);
                }
    api_set(call, answer, "rows", list);
}

/* `few`: as figures_tell_few has left them. */
static json_t *figures_json(struct api_call *call, const struct figures *figures, bool few)
{
    json_t *lags = json_array();
    for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++)
        api_append(call, lags, summary_json(INTIME_LAG_WORDS[lag], &figures->lags[lag], few));
    json_t *answer = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "from", civil_json_date(figures->span.from_day),
                               "to", civil_json_date(figures->span.to_day), "lags", lags, "first_measures",
                               figure(figures->first_measures, few), "early", figure(figures->early, few), "open",
                               figure(figures->open, few), "asked", figure(figures->asked, few));
    put_outcomes(call, answer, figures, few);
    put_clocks(call, answer, figures, few);
    put_worked(call, answer, figures);
    put_rows(call, answer, figures);
    return answer;
}

static json_t *published_json(struct api_call *call)
{
    const char *row;
    json_t *list = json_array();
    struct query rows = casebook_published(call->book);
    while (casebook_next_text(&rows, &row))
        api_append(call, list, json_loads(row, 0, NULL));
    call->failed |= !casebook_good(call->book);
    return list;
}

static struct intime_span term_before(struct intime_span term)
{
    return intime_term(term.from_day - 1);
}

/* The latest terms, today's first. */
static void set_terms(int32_t today, struct figures *periods)
{
    periods[0].span = intime_term(today);
    for (int i = 1; i < TERMS_SHOWN; i++)
        periods[i].span = term_before(periods[i - 1].span);
}

/* The period that is asked for, today's term when none is. False: it is none. */
static bool read_period(const struct api_call *call, struct intime_span *out)
{
    const char *from = http_query(call->request, "from"), *to = http_query(call->request, "to");
    *out = intime_term(call->today);
    if (from == NULL && to == NULL)
        return true;
    return from != NULL && to != NULL && civil_read_date(from, strlen(from), &out->from_day) &&
           civil_read_date(to, strlen(to), &out->to_day) && out->from_day <= out->to_day &&
           out->to_day - out->from_day <= PERIOD_DAYS_MAX;
}

static void free_periods(struct figures *periods, size_t count)
{
    for (size_t i = 0; periods != NULL && i < count; i++)
        figures_free(&periods[i]);
    free(periods);
}

static json_t *periods_json(struct api_call *call, const struct figures *periods)
{
    json_t *terms = json_array();
    for (int i = 0; i < TERMS_SHOWN; i++)
        api_append(call, terms, figures_json(call, &periods[i], false));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "date", civil_json_date(call->today), "terms", terms, "period",
                     figures_json(call, &periods[TERMS_SHOWN], false), "groups", api_intime_groups(call, NULL),
                     "published", published_json(call));
}

enum http_verdict api_intime(struct api_call *call)
{
    struct intime_span asked;
    json_t *answer = NULL;
    if (!read_period(call, &asked))
        return api_error(call, 400, "bad_request");
    struct figures *periods = calloc(PERIODS, sizeof *periods);
    if (periods != NULL && api_begin_reading(call)) {
        set_terms(call->today, periods);
        periods[TERMS_SHOWN].span = asked;
        if (api_intime_count(call, periods, PERIODS))
            answer = periods_json(call, periods);
        api_end_reading(call);
    }
    free_periods(periods, PERIODS);
    return api_json(call, 200, answer);
}

enum http_verdict api_published(struct api_call *call)
{
    return api_json(call, 200, json_pack("{s:o}", "published", published_json(call)));
}

/* One of the terms that the page shows, and it is over: nothing of it changes any more. */
static bool read_term(struct api_call *call, struct intime_span *out)
{
    int32_t from;
    struct intime_span shown = intime_term(call->today);
    if (!api_date(call, "from", &from))
        return false;
    for (int i = 1; i < TERMS_SHOWN; i++) {
        shown = term_before(shown);
        if (shown.from_day == from) {
            *out = shown;
            return true;
        }
    }
    return false;
}

/* What is told of a term, as text; NULL: the call has failed. */
static char *told_text(struct api_call *call, struct figures *figures)
{
    char *text = NULL;
    if (!api_begin_reading(call))
        return NULL;
    if (api_intime_count(call, figures, 1)) {
        figures_tell_few(figures);
        json_t *told = figures_json(call, figures, true);
        api_set(call, told, "groups", api_intime_groups(call, &figures->span));
        text = call->failed ? NULL : json_dumps(told, JSON_COMPACT);
        json_decref(told);
    }
    api_end_reading(call);
    return text;
}

static enum casebook_found publish(struct api_call *call, int32_t from, const char *text)
{
    char day[CIVIL_DATE_BYTES];
    civil_write_date(from, day);
    if (!casebook_begin(call->book))
        return CASEBOOK_FAILED;
    enum casebook_found found = casebook_publish(call->book, from, text, call->user.user, call->now_ms);
    bool good = casebook_end(call->book, found == CASEBOOK_FOUND && api_audit(call, "term_published", day));
    return found == CASEBOOK_FOUND && !good ? CASEBOOK_FAILED : found;
}

enum http_verdict api_publish(struct api_call *call)
{
    struct intime_span term;
    if (!read_term(call, &term))
        return api_error(call, 400, "bad_request");
    struct figures *figures = calloc(1, sizeof *figures);
    if (figures != NULL)
        figures->span = term;
    char *text = figures != NULL ? told_text(call, figures) : NULL;
    enum casebook_found found = text != NULL ? publish(call, term.from_day, text) : CASEBOOK_FAILED;
    free_periods(figures, 1);
    free(text);
    if (found == CASEBOOK_FAILED)
        return api_error(call, 503, "busy");
    return found == CASEBOOK_ABSENT ? api_error(call, 409, "published_already") : api_published(call);
}
