/* Genomlysning: a period is looked through, five questions are answered, and what shall become better gets an owner and a date. The
 * next review begins with what the last one decided. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_intime.h"

#define DUE_DAYS_MAX 400

static json_t *reviews_json(struct api_call *call)
{
    const char *row;
    json_t *list = json_array();
    struct query rows = casebook_case_reviews(call->book);
    while (casebook_next_text(&rows, &row))
        api_append(call, list, json_loads(row, 0, NULL));
    call->failed |= !casebook_good(call->book);
    return list;
}

enum http_verdict api_case_reviews(struct api_call *call)
{
    return api_json(call, 200, json_pack("{s:o, s:o}", "reviews", reviews_json(call), "owners", api_json_owners(call)));
}

/* Published terms that lie within the review's period: what may leave the school of it. */
static json_t *terms_within(struct api_call *call, const char *from, const char *to)
{
    const char *row;
    json_t *list = json_array();
    struct query rows = casebook_published(call->book);
    while (casebook_next_text(&rows, &row)) {
        json_t *term = json_loads(row, 0, NULL), *figures = json_object_get(term, "figures");
        const char *begins = json_string_value(json_object_get(figures, "from"));
        const char *ends = json_string_value(json_object_get(figures, "to"));
        if (begins != NULL && ends != NULL && strcmp(begins, from) >= 0 && strcmp(ends, to) <= 0)
            api_append(call, list, json_incref(term));
        json_decref(term);
    }
    call->failed |= !casebook_good(call->book);
    return list;
}

/* One review as a file: answers, decisions, and published terms in place of whole numbers. */
enum http_verdict api_case_review(struct api_call *call)
{
    json_t *reviews = reviews_json(call), *answer = NULL, *review;
    char *end;
    int64_t number = strtoll(call->part, &end, 10);
    size_t i;
    json_array_foreach(reviews, i, review) {
        if (*end == '\0' && json_integer_value(json_object_get(review, "review")) == number)
            answer = json_pack("{s:O, s:o}", "review", review, "published",
                               terms_within(call, json_string_value(json_object_get(review, "from")),
                                            json_string_value(json_object_get(review, "to"))));
    }
    json_decref(reviews);
    if (answer == NULL)
        return api_error(call, 404, "not_found");
    api_audit(call, "review_exported", call->part);
    return api_json(call, 200, answer);
}

static bool is_answers(const json_t *answers)
{
    if (json_array_size(answers) != REVIEW_QUESTIONS)
        return false;
    for (size_t i = 0; i < REVIEW_QUESTIONS; i++) {
        const json_t *answer = json_array_get(answers, i);
        if (!json_is_string(answer) || json_string_length(answer) > REVIEW_TEXT_BYTES_MAX)
            return false;
    }
    return true;
}

static bool read_decision(struct api_call *call, const json_t *from, struct casebook_improvement *out)
{
    const char *due = json_string_value(json_object_get(from, "due_on"));
    out->what = json_string_value(json_object_get(from, "what"));
    out->owner = json_string_value(json_object_get(from, "owner"));
    return out->what != NULL && *out->what && strlen(out->what) <= REVIEW_TEXT_BYTES_MAX && out->owner != NULL &&
           api_can_own(call, out->owner) && due != NULL && civil_read_date(due, strlen(due), &out->due_day) &&
           out->due_day >= call->today && out->due_day <= call->today + DUE_DAYS_MAX;
}

static bool read_decisions(struct api_call *call, struct casebook_improvement out[REVIEW_DECISIONS_MAX], size_t *count)
{
    const json_t *list = json_object_get(call->body, "decisions");
    *count = json_array_size(list);
    if (!json_is_array(list) || *count > REVIEW_DECISIONS_MAX)
        return false;
    for (size_t i = 0; i < *count; i++)
        if (!read_decision(call, json_array_get(list, i), &out[i]))
            return false;
    return true;
}

enum http_verdict api_case_review_save(struct api_call *call)
{
    size_t count;
    struct casebook_improvement decided[REVIEW_DECISIONS_MAX];
    struct casebook_review review = {.day = call->today, .user = call->user.user, .at_ms = call->now_ms};
    const json_t *answers = json_object_get(call->body, "answers");
    if (!api_date(call, "from", &review.from_day) || !api_date(call, "to", &review.to_day) ||
        review.from_day > review.to_day || review.to_day > call->today || !is_answers(answers) ||
        !read_decisions(call, decided, &count))
        return api_error(call, 400, "bad_request");
    char *text = json_dumps(answers, JSON_COMPACT), object[2 * CIVIL_DATE_BYTES], from[CIVIL_DATE_BYTES],
         to[CIVIL_DATE_BYTES];
    civil_write_date(review.from_day, from);
    civil_write_date(review.to_day, to);
    snprintf(object, sizeof object, "%s %s", from, to);
    review.answers = text;
    bool good = text != NULL && casebook_begin(call->book) &&
                casebook_end(call->book, api_audit(call, "cases_reviewed", object) &&
                                             casebook_case_review_add(call->book, &review, decided, count));
    free(text);
    return good ? api_case_reviews(call) : api_error(call, 503, "busy");
}

enum http_verdict api_improvement_end(struct api_call *call)
{
    static const char *const STATES[] = {"done", "dropped"};
    char *end;
    int64_t number = strtoll(call->part, &end, 10);
    int state = choice_of(api_text(call, "state"), STATES, 2);
    if (*end || state < 0)
        return api_error(call, 400, "bad_request");
    if (!casebook_begin(call->book))
        return api_error(call, 503, "busy");
    enum casebook_found found =
        casebook_improvement_end(call->book, number, STATES[state], call->user.user, call->today, call->now_ms);
    bool good = casebook_end(call->book, found == CASEBOOK_FOUND && api_audit(call, "improvement_ended", call->part));
    if (found == CASEBOOK_ABSENT)
        return api_error(call, 404, "not_found");
    return good ? api_case_reviews(call) : api_error(call, 503, "busy");
}
