#include "dashboard/api/api_item.h"

#include <stdio.h>
#include "common/civil_json.h"

void api_item_clear(struct api_item *item)
{
    item->flag_count = 0;
    item->has_case = false;
}

void api_item_add(struct api_item *item, const struct attendance_flag *flag)
{
    if (item->flag_count == TRIAGE_FLAGS_MAX)
        return;
    size_t i = item->flag_count++;
    snprintf(item->rules[i], sizeof item->rules[i], "%s", flag->rule);
    item->flags[i] =
        (struct triage_flag){.rule = item->rules[i], .severity = flag->severity, .raised_day = flag->raised_day};
    item->numbers[i] = flag->flag;
}

void api_item_decide(struct api_item *item, struct api_call *call, const char *pupil)
{
    enum casebook_found found = casebook_case_of(call->book, pupil, &item->one);
    call->failed |= found == CASEBOOK_FAILED || !casebook_answers(call->book, pupil, &item->answers);
    item->has_case = found == CASEBOOK_FOUND;
    struct triage_case one = {.open = item->has_case, .next_day = item->has_case ? item->one.next_day : 0};
    item->verdict =
        triage_decide(item->flags, item->flag_count, item->answers.answers, item->answers.count, one, call->today);
}

json_t *api_json_case(const struct casebook_case *one, const json_t *pupil)
{
    char number[24];
    snprintf(number, sizeof number, "%d-%03d", one->year, one->serial);
    json_t *json = json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "case", (json_int_t)one->number, "number",
                             number, "status", "open", "owner", one->owner, "owner_name", one->owner_name, "next_on",
                             civil_json_date(one->next_day), "opened_on", civil_json_date(one->opened_day), "opened_by",
                             one->opened_by);
    if (pupil)
        json_object_update(json, (json_t *)pupil);
    return json;
}

json_t *api_json_task_answer(const struct casebook_task_answer *answer)
{
    return json_pack("{s:s, s:o, s:o, s:i}", "by", answer->user, "at", civil_json_utc(answer->at_ms), "guardian",
                     answer->guardian ? json_integer(answer->guardian) : json_null(), "lessons", answer->lessons);
}
