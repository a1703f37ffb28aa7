/* The casebook's part for working together that belongs to no case: what the head has decided for the whole school. */
#ifndef DASHBOARD_CASEBOOK_TOGETHER_H
#define DASHBOARD_CASEBOOK_TOGETHER_H

#include "dashboard/casebook/casebook.h"

/* Whether the school itself may call to the meeting of a common plan. No until the head has said yes. */
enum casebook_found casebook_school_may_call_sip(struct casebook *book, bool *out);
/* Stands between casebook_begin and _end, with the audit row that tells of it. */
bool casebook_school_may_call_sip_set(struct casebook *book, bool may, const char *user, int32_t day, int64_t now_ms);

#endif
