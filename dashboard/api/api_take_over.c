/* Ta över: the open cases of an owner, whole, and the head's decision by which somebody else owns them all. */
#include <stdio.h>
#include <string.h>
#include "dashboard/api/api_case.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

/* The numbers of the owner's open cases, the next date first. */
static json_t *open_numbers(struct api_call *call)
{
    struct casebook_case one;
    json_t *numbers = json_array();
    struct query rows = casebook_cases(call->book);
    while (casebook_next_case(&rows, &one))
        if (strcmp(one.owner, call->part) == 0)
            api_append(call, numbers, json_integer(one.number));
    call->failed |= !casebook_good(call->book);
    return numbers;
}

enum http_verdict api_owner(struct api_call *call)
{
    json_t *numbers = open_numbers(call), *cases = json_array(), *shown = json_array(), *number;
    size_t i;
    json_array_foreach(numbers, i, number) {
        struct api_case *of = api_case_load(call, json_integer_value(number));
        if (of == NULL)
            continue;
        api_append(call, cases, api_case_json(call, of));
        api_append(call, shown, json_string(of->file.one.pupil));
        api_case_free(of);
    }
    json_decref(numbers);
    api_audit_pupils(call, "list_cases", shown);
    return api_json(call, 200,
                    json_pack("{s:s, s:o, s:o}", "user", call->part, "cases", cases, "owners", api_json_owners(call)));
}

static bool is_among(const json_t *numbers, int64_t number)
{
    for (size_t i = 0; i < json_array_size(numbers); i++)
        if (json_integer_value(json_array_get(numbers, i)) == number)
            return true;
    return false;
}

/* Who takes over the case of a pupil with protected identity is named for that pupil: else nobody who owns it could see it. */
static bool name_owner(struct api_call *call, const struct api_case *of, const char *owner)
{
    const char *pupil = of->file.one.pupil;
    char object[USER_BYTES + NAME_BYTES];
    if (!api_case_is_protected(of) || casebook_user_is_named(call->book, owner, pupil))
        return true;
    snprintf(object, sizeof object, "%s %s", owner, pupil);
    return casebook_name_user(call->book, owner, pupil) && api_audit(call, "user_named", object);
}

/* A row of the case says who decided it, so that its history is whole. */
static bool hand(struct api_call *call, const struct api_case *of, const char *owner)
{
    const struct casebook_case *one = &of->file.one;
    struct casebook_stamp stamp = {one->number, call->user.user, call->today, call->now_ms};
    struct casebook_value values[] = {{.text = "owner"}, {.text = owner}, {.integer = call->today}};
    return casebook_enter(call->book, ENTRY_FACT, &stamp, values, sizeof values / sizeof *values) == CASEBOOK_FOUND &&
           casebook_case_set(call->book, one->number, owner, one->next_day) && name_owner(call, of, owner) &&
           api_audit(call, "case_handed_over", one->pupil);
}

/* NULL: all were handed; else why none is. Those whom the caller may not see stay where they are. */
static const char *hand_all(struct api_call *call, const json_t *numbers, const char *owner)
{
    const json_t *seen = json_object_get(call->body, "cases");
    size_t handed = 0;
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        int64_t number = json_integer_value(json_array_get(numbers, i));
        struct api_case *of = api_case_load(call, number);
        bool sees = of != NULL, was_seen = is_among(seen, number), has_room = !sees || of->file.rows < CASE_ROWS_MAX;
        bool good = !sees || !was_seen || !has_room || hand(call, of, owner);
        api_case_free(of);
        if (call->failed || !good)
            return "busy";
        if (sees && !was_seen)
            return "changed_cases";
        if (!has_room)
            return "case_full";
        handed += sees;
    }
    return handed == json_array_size(seen) ? NULL : "changed_cases";
}

enum http_verdict api_take_over(struct api_call *call)
{
    const char *owner = api_text(call, "owner");
    if (call->user.role != ROLE_REKTOR)
        return api_error(call, 403, "not_allowed");
    if (!api_can_own(call, owner) || strcmp(owner, call->part) == 0 ||
        json_array_size(json_object_get(call->body, "cases")) == 0)
        return api_error(call, 400, "bad_request");
    json_t *numbers = open_numbers(call);
    const char *why = call->failed || !casebook_begin(call->book) ? "busy" : NULL;
    if (why == NULL) {
        why = hand_all(call, numbers, owner);
        if (!casebook_end(call->book, why == NULL) && why == NULL)
            why = "busy";
    }
    json_decref(numbers);
    if (why != NULL)
        return api_error(call, strcmp(why, "busy") == 0 ? 503 : 409, why);
    return api_json(call, 200, json_pack("{s:i}", "taken", (int)json_array_size(json_object_get(call->body, "cases"))));
}
