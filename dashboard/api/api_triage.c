/* Answers to a pupil's flags: confirm, snooze, dismiss, close, undo. An answer is refused when the flags are not those
 * that the caller saw. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_case.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_item.h"
#include "dashboard/api/api_parts.h"

#define NEXT_DAYS_MAX 366

/* One answer being given: to which item, and what. */
struct answering {
    struct api_call *call;
    struct api_item item;
    bool may;
};

static void load(struct answering *answering)
{
    struct api_call *call = answering->call;
    struct attendance_flag flag;
    if (!api_begin_reading(call))
        return;
    answering->may = api_may_id(call, PERMISSION_TRIAGE, call->part);
    if (answering->may) {
        struct query rows = attendance_pupil_flags(call->attendance, call->part);
        while (attendance_next_flag(&rows, &flag))
            if (flag.cleared_day == CIVIL_DAY_NONE && flag.withdrawn_ms == 0)
                api_item_add(&answering->item, &flag);
        api_item_decide(&answering->item, call, call->part);
    }
    api_end_reading(call);
}

/* Were all flags that are open now seen when the answer was given? One that does not say which it saw counts as having
 * seen them. */
static bool saw_all(const struct answering *answering)
{
    const json_t *seen = json_object_get(answering->call->body, "flags");
    if (seen == NULL)
        return true;
    for (size_t i = 0; i < answering->item.flag_count; i++) {
        bool saw = false;
        for (size_t j = 0; j < json_array_size(seen); j++)
            saw |= json_integer_value(json_array_get(seen, j)) == answering->item.numbers[i];
        if (!saw)
            return false;
    }
    return true;
}

/* NULL: the item can be answered so; else the code of the error. */
static const char *obstacle(const struct answering *answering, enum triage_kind kind)
{
    bool of_case = answering->item.has_case && (kind == TRIAGE_CONFIRM || kind == TRIAGE_CLOSE);
    if (kind == TRIAGE_CLOSE && !of_case)
        return "no_case";
    if (answering->item.verdict.place == TRIAGE_AWAY && !of_case)
        return "not_open";
    if (!saw_all(answering))
        return "changed";
    return answering->item.has_case && !of_case ? "has_case" : NULL;
}

/* NULL: the case that is open may be closed by the caller, or the call has failed. */
static const char *closing_obstacle(const struct answering *answering)
{
    struct api_call *call = answering->call;
    struct api_case *of = api_case_load(call, answering->item.one.number);
    const char *why = of != NULL ? api_case_closing(call, of) : "no_case";
    api_case_free(of);
    return call->failed ? NULL : why;
}

static bool store(struct answering *answering, struct casebook_answer *answer)
{
    struct api_call *call = answering->call;
    answer->pupil = call->part;
    answer->user = call->user.user;
    answer->day = call->today;
    answer->at_ms = call->now_ms;
    answer->flags = answering->item.flags;
    answer->flag_count = answering->item.flag_count;
    answer->severity = answering->item.verdict.severity;
    const char *before = answering->item.one.owner;
    if (answer->owner != NULL && !*answer->owner) /* not said: as it is */
        answer->owner = answering->item.has_case && api_can_own(call, before) ? before : call->user.user;
    return casebook_begin(call->book) &&
           casebook_end(call->book, api_audit(call, TRIAGE_WORDS[answer->kind], call->part) &&
                                        casebook_answer_add(call->book, answer));
}

static enum http_verdict tell(struct api_call *call, const struct casebook_answer *answer)
{
    struct casebook_case one;
    if (answer->kind != TRIAGE_CONFIRM)
        return api_json(call, 200, json_pack("{s:o}", "until", civil_json_date(answer->until_day)));
    if (casebook_case_of(call->book, call->part, &one) != CASEBOOK_FOUND)
        return api_error(call, 503, "busy");
    json_t *pupil = json_pack("{s:s}", "pupil", call->part);
    json_t *json = json_pack("{s:o}", "case", api_json_case(&one, pupil));
    json_decref(pupil);
    return api_json(call, 200, json);
}

static enum http_verdict give(struct api_call *call, struct casebook_answer *answer)
{
    struct answering *answering = calloc(1, sizeof *answering);
    if (answering == NULL)
        return api_error(call, 503, "busy");
    answering->call = call;
    load(answering);
    bool may = answering->may;
    const char *why = may ? obstacle(answering, answer->kind) : NULL;
    if (may && why == NULL && answer->kind == TRIAGE_CLOSE)
        why = closing_obstacle(answering);
    call->failed |= may && why == NULL && !store(answering, answer);
    free(answering);
    if (!may)
        return api_no_pupil(call, call->part);
    return why != NULL || call->failed ? api_error(call, 409, why) : tell(call, answer);
}

enum http_verdict api_confirm(struct api_call *call)
{
    struct casebook_answer answer = {.kind = TRIAGE_CONFIRM, .reason = "", .owner = api_text(call, "owner")};
    if (!api_date(call, "next_on", &answer.next_day) || answer.next_day < call->today ||
        answer.next_day > call->today + NEXT_DAYS_MAX || (*answer.owner && !api_can_own(call, answer.owner)))
        return api_error(call, 400, "bad_request");
    return give(call, &answer);
}

enum http_verdict api_snooze(struct api_call *call)
{
    struct casebook_answer answer = {.kind = TRIAGE_SNOOZE, .reason = api_text(call, "reason")};
    if (!api_date(call, "until", &answer.until_day) || answer.until_day <= call->today ||
        answer.until_day > call->today + TRIAGE_SNOOZE_DAYS || !triage_is_reason(answer.kind, answer.reason))
        return api_error(call, 400, "bad_request");
    return give(call, &answer);
}

/* The rules that were seen are quiet for ten school days. */
static enum http_verdict give_and_mute(struct api_call *call, enum triage_kind kind)
{
    struct casebook_answer answer = {.kind = kind, .reason = api_text(call, "reason")};
    int32_t school_days[TRIAGE_MUTE_DAYS];
    if (!triage_is_reason(answer.kind, answer.reason))
        return api_error(call, 400, "bad_request");
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    size_t count = attendance_school_days(call->attendance, call->today, school_days, TRIAGE_MUTE_DAYS);
    api_end_reading(call);
    answer.until_day = triage_mute_end(call->today, school_days, count);
    return give(call, &answer);
}

enum http_verdict api_dismiss(struct api_call *call)
{
    return give_and_mute(call, TRIAGE_DISMISS);
}

enum http_verdict api_close(struct api_call *call)
{
    return give_and_mute(call, TRIAGE_CLOSE);
}

enum http_verdict api_undo(struct api_call *call)
{
    enum triage_kind undone;
    if (!api_lets(call, PERMISSION_TRIAGE, call->part))
        return api_no_pupil(call, call->part);
    if (!casebook_begin(call->book))
        return api_error(call, 503, "busy");
    enum casebook_found found =
        casebook_answer_undo(call->book, call->part, call->user.user, call->today, call->now_ms, &undone);
    bool good = found == CASEBOOK_FOUND && api_audit(call, "undo", call->part);
    if (!casebook_end(call->book, good))
        return found == CASEBOOK_ABSENT ? api_error(call, 409, "nothing_to_undo") : api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "undone", TRIAGE_WORDS[undone]));
}
