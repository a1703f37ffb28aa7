/* Who signs in, and how often that may be tried. */
#ifndef DASHBOARD_API_ACCOUNT_H
#define DASHBOARD_API_ACCOUNT_H

#include "dashboard/api/api_call.h"

/* Is a one-time code demanded of the caller's role, and missing? Never where the data are synthetic. */
bool api_needs_totp(struct api_call *call);
bool api_is_demo(struct api_call *call);
/* Counts one try of a password or code, for the caller or for `user`; false: too many. */
bool api_try(struct api_call *call, const char *user);
/* One that succeeded, or was turned away before it was tried. */
void api_try_given_back(struct api_call *call, const char *user);

#endif
