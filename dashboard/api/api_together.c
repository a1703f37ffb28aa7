/* Working together, for the whole school: what the head decides, how meetings are rated, and what the local BUS group may be told. */
#include <string.h>
#include "common/choice.h"
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/casebook/casebook_together.h"
#include "dashboard/together.h"

/* A term being told: a tally for each row of its two tables. */
struct term {
    int32_t from_day;
    struct together_tally stuck[TOGETHER_PROMISES], ratings[TOGETHER_PARTIES][TOGETHER_QUESTIONS];
};

static void add_count(struct term *term, const struct casebook_term_count *count)
{
    int promise = choice_of(count->choice, TOGETHER_PROMISE_WORDS, TOGETHER_PROMISES);
    int party = choice_of(count->choice, TOGETHER_PARTY_WORDS, TOGETHER_PARTIES);
    int question = choice_of(count->measure, TOGETHER_QUESTION_WORDS, TOGETHER_QUESTIONS);
    if (strcmp(count->measure, "stuck") == 0 && promise >= 0)
        together_add(&term->stuck[promise], count->value, count->count);
    else if (party >= 0 && question >= 0)
        together_add(&term->ratings[party][question], count->value, count->count);
}

static json_t *number_or_null(bool is_told, int number)
{
    return is_told ? json_integer(number) : json_null();
}

static json_t *stuck_json(const char *word, struct together_told told)
{
    return json_pack("{s:s, s:o, s:o}", "promise", word, "cases", number_or_null(told.number > 0, told.number), "weeks",
                     number_or_null(told.number > 0, told.median));
}

static json_t *term_json(struct api_call *call, const struct term *term)
{
    json_t *stuck = json_array(), *ratings = json_array();
    for (int i = 0; i < TOGETHER_PROMISES; i++)
        api_append(call, stuck, stuck_json(TOGETHER_PROMISE_WORDS[i], together_tell(&term->stuck[i])));
    for (int i = 0; i < TOGETHER_PARTIES; i++) {
        json_t *rating = json_pack("{s:s}", "party", TOGETHER_PARTY_WORDS[i]);
        for (int j = 0; j < TOGETHER_QUESTIONS; j++) {
            struct together_told told = together_tell(&term->ratings[i][j]);
            api_set(call, rating, "answers", number_or_null(told.number > 0, told.number)); /* both are asked at once */
            api_set(call, rating, TOGETHER_QUESTION_WORDS[j], number_or_null(told.number > 0, told.mean_tenths));
        }
        api_append(call, ratings, rating);
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "from", civil_json_date(term->from_day), "to",
                     civil_json_date(together_next_term(term->from_day) - 1), "stuck", stuck, "ratings", ratings);
}

/* Those that are over and of which anything was counted, the latest first. */
static json_t *list_terms(struct api_call *call)
{
    struct casebook_term_count count;
    struct term term = {0};
    json_t *list = json_array();
    bool any = false;
    struct query rows = casebook_term_counts(call->book, together_term(call->today));
    while (casebook_next_term_count(&rows, &count)) {
        if (any && count.term_day != term.from_day) {
            api_append(call, list, term_json(call, &term));
            any = false;
            if (json_array_size(list) == TOGETHER_TERMS_MAX)
                break;
        }
        if (!any)
            term = (struct term){.from_day = count.term_day};
        any = true;
        add_count(&term, &count);
    }
    query_end(&rows);
    if (any)
        api_append(call, list, term_json(call, &term));
    call->failed |= !casebook_good(call->book);
    return list;
}

enum http_verdict api_together(struct api_call *call)
{
    bool may;
    call->failed |= casebook_school_may_call_sip(call->book, &may) == CASEBOOK_FAILED;
    return api_json(call, 200,
                    json_pack("{s:b, s:o, s:o}", "school_may_call_sip", (int)may, "date", civil_json_date(call->today),
                              "terms", list_terms(call)));
}

static int grade(const struct api_call *call, int question)
{
    json_int_t given = json_integer_value(json_object_get(call->body, TOGETHER_QUESTION_WORDS[question]));
    return given >= 1 && given <= TOGETHER_GRADE_MAX ? (int)given : 0;
}

/* Kept as a count of the term alone: of no pupil, no case, no date, and in no row of the log. */
enum http_verdict api_together_rate(struct api_call *call)
{
    int party = choice_of(api_text(call, "party"), TOGETHER_PARTY_WORDS, TOGETHER_PARTIES);
    bool good = party >= 0;
    for (int i = 0; i < TOGETHER_QUESTIONS; i++)
        good &= grade(call, i) > 0;
    if (!good)
        return api_error(call, 400, "bad_request");
    if (!casebook_begin(call->book))
        return api_error(call, 503, "busy");
    for (int i = 0; i < TOGETHER_QUESTIONS; i++)
        good &= casebook_count_rating(call->book, TOGETHER_QUESTION_WORDS[i], TOGETHER_PARTY_WORDS[party],
                                      together_term(call->today), grade(call, i));
    return casebook_end(call->book, good) ? api_json(call, 200, json_object()) : api_error(call, 503, "busy");
}

enum http_verdict api_together_decide(struct api_call *call)
{
    const json_t *may = json_object_get(call->body, "school_may_call_sip");
    if (call->user.role != ROLE_REKTOR)
        return api_error(call, 403, "not_allowed");
    if (!json_is_boolean(may))
        return api_error(call, 400, "bad_request");
    if (!casebook_begin(call->book))
        return api_error(call, 503, "busy");
    bool good =
        casebook_school_may_call_sip_set(call->book, json_is_true(may), call->user.user, call->today, call->now_ms) &&
        api_audit(call, "sip_setting", json_is_true(may) ? "yes" : "no");
    if (!casebook_end(call->book, good))
        return api_error(call, 503, "busy");
    return api_together(call);
}
