/* What acts ask of the body of their call, and how they write. */
#include "dashboard/api/api_acting.h"

#include <string.h>
#include "common/choice.h"
#include "common/civil.h"

const char ACTING_BAD[] = "bad_request", ACTING_FULL[] = "case_full", ACTING_BUSY[] = "busy";

struct casebook_value acting_text(const char *text)
{
    return (struct casebook_value){.text = text};
}

struct casebook_value acting_number(int64_t number)
{
    return (struct casebook_value){.integer = number};
}

const char *acting_write(const struct acting *acting, enum case_entry entry, const struct casebook_value *values,
                         size_t count, const char *when_absent)
{
    switch (casebook_enter(acting->call->book, entry, &acting->stamp, values, count)) {
    case CASEBOOK_FOUND:
        return NULL;
    case CASEBOOK_ABSENT:
        return when_absent;
    case CASEBOOK_FAILED:
        return ACTING_BUSY;
    }
    return ACTING_BUSY;
}

const char *acting_choice(const struct acting *acting, const char *key, const char *const *words, size_t count)
{
    int chosen = choice_of(api_text(acting->call, key), words, (int)count);
    return chosen >= 0 ? words[chosen] : NULL;
}

bool acting_is_short(const char *text)
{
    return strlen(text) <= CASE_NOTE_BYTES_MAX;
}

const char *acting_owner(const struct acting *acting)
{
    struct casebook_user owner;
    const char *user = api_text(acting->call, "owner");
    if (!*user)
        return acting->call->user.user;
    bool can = casebook_user(acting->call->book, user, &owner) == CASEBOOK_FOUND && !owner.disabled &&
               access_allows(owner.role, PERMISSION_CASE, NULL);
    return can ? user : NULL;
}

bool acting_ahead(const struct acting *acting, const char *key, int32_t otherwise, int32_t *out)
{
    int32_t today = acting->call->today;
    *out = otherwise;
    if (json_object_get(acting->call->body, key) == NULL)
        return true;
    return api_date(acting->call, key, out) && *out >= today && *out <= today + CASE_NEXT_DAYS;
}

bool acting_past(const struct acting *acting, const char *key, int32_t *out)
{
    *out = acting->call->today;
    if (json_object_get(acting->call->body, key) == NULL)
        return true;
    return api_date(acting->call, key, out) && *out <= acting->call->today &&
           *out >= acting->of->file.one.opened_day - CASE_NEXT_DAYS;
}

int64_t acting_row(const struct acting *acting, const char *key)
{
    return json_integer_value(json_object_get(acting->call->body, key));
}

int32_t acting_due(const struct acting *acting, enum clock_kind clock)
{
    const struct api_case *of = acting->of;
    int32_t began = acting->stamp.day, due = CIVIL_DAY_NONE;
    const struct clock_row *row = clock_row(acting->call->clocks, clock, &of->duties, began);
    if (row != NULL)
        due = clock_due(row, &of->calendar, began).day;
    return due != CIVIL_DAY_NONE ? due : of->file.one.next_day;
}
