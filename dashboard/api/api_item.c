/* One pupil's item: flags are added, then the casebook's answers and case decide where it stands. */
#include "dashboard/api/api_item.h"

#include <stdio.h>
#include "common/log.h"

void api_item_clear(struct api_item *item)
{
    item->flag_count = 0;
    item->has_case = false;
}

void api_item_add(struct api_item *item, const struct attendance_flag *flag)
{
    if (item->flag_count == TRIAGE_FLAGS_MAX) {
        log_warn("open flag left out flag=%lld limit=%d", (long long)flag->flag, TRIAGE_FLAGS_MAX);
        return;
    }
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
