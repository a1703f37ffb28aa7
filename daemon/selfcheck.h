/* Once a night: is the database sound, and do the flags that stand follow from the stored days? Both should always be so; a disk
 * that lies, a hand in the file or a mistake of ours is told the next morning and not by a pupil whom nobody saw. All flags of
 * the school years that are looked at are worked out anew, by a detector of its own: a tenth of a second (docs/benchmarks.md).
 *
 * What was found is kept in the database: `narvaro status` and the dashboard tell it until a later check finds nothing. */
#ifndef DAEMON_SELFCHECK_H
#define DAEMON_SELFCHECK_H

#include "daemon/flagging.h"
#include "daemon/store/store_ended.h"

#define SELFCHECK_MINUTE 180 /* from 03:00 on, civil time: nobody taps, and the day before has been decided */

/* Not before a day has been decided. */
bool selfcheck_due(const struct stored_check *latest, const struct flagging *flagging, int64_t now_ms);
/* In the open transaction, when no roll is due. Without memory what the one before found stands. */
void selfcheck_run(struct stored_check *latest, const struct flagging *flagging, const struct school *school,
                   int64_t now_ms);

#endif
