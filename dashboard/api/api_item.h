/* One pupil's place in the inbox: its open flags, what was answered, its case. Filled flag by flag, then decided. */
#ifndef DASHBOARD_API_ITEM_H
#define DASHBOARD_API_ITEM_H

#include "dashboard/api/api_call.h"
#include "common/ids.h"
#include "dashboard/casebook/casebook_cases.h"

struct api_item {
    size_t flag_count;
    struct triage_flag flags[TRIAGE_FLAGS_MAX];
    char rules[TRIAGE_FLAGS_MAX][ID_BYTES];
    int64_t numbers[TRIAGE_FLAGS_MAX]; /* the daemon's, of the flags */
    struct casebook_answers answers;
    bool has_case;
    struct casebook_case one;
    struct triage_verdict verdict;
};

void api_item_clear(struct api_item *item);
/* More than TRIAGE_FLAGS_MAX, which no daemon raises, are left out, and the log says so. */
void api_item_add(struct api_item *item, const struct attendance_flag *flag);
void api_item_decide(struct api_item *item, struct api_call *call, const char *pupil);

#endif
