/* Acts of working together, for the table of acts (api_case_acts.c); docs/api.md says what each takes. */
#ifndef DASHBOARD_API_CASE_TOGETHER_H
#define DASHBOARD_API_CASE_TOGETHER_H

#include "dashboard/api/api_acting.h"

const char *together_sip_needed(const struct acting *acting);
const char *together_sip_requested(const struct acting *acting);
const char *together_sip_called(const struct acting *acting);
const char *together_sip_held(const struct acting *acting);
const char *together_sip_followed_up(const struct acting *acting);
const char *together_sip_ended(const struct acting *acting);
const char *together_sip_member(const struct acting *acting);
const char *together_sip_member_left(const struct acting *acting);
const char *together_deviation(const struct acting *acting);

#endif
