/* The store's part for the same-day routine around unaccompanied and placed children (daemon/core/support/sameday.h). Reads only;
 * failures are the store's. */
#ifndef DAEMON_STORE_SAMEDAY_H
#define DAEMON_STORE_SAMEDAY_H

#include "daemon/core/support/sameday.h"
#include "daemon/store/store.h"

/* The pupil in the period of that date. */
struct sameday_pupil store_sameday_pupil(struct store *store, const char *pupil_id, int32_t day);
/* What the latest date before `day` tells that tells anything, SAMEDAY_BACK_DAYS back at most. */
enum sameday store_sameday_before(struct store *store, const char *pupil_id, int32_t day);
/* The minute at which the pupil's last lesson of the date ends; 0: there is none. */
int32_t store_last_minute(struct store *store, const char *pupil_id, int32_t day);

#endif
