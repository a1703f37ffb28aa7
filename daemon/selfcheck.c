#include "daemon/selfcheck.h"

#include "common/fault.h"
#include "common/log.h"

bool selfcheck_due(const struct stored_check *latest, const struct flagging *flagging, int64_t now_ms)
{
    struct civil now = civil_from_utc_ms(now_ms);
    return now.day != latest->day && now.ms_of_day >= SELFCHECK_MINUTE * 60000 &&
           flagging_decided_through(flagging) != INT32_MIN;
}

static void tell(const struct stored_check *check, const char *why)
{
    if (!check->sound)
        log_warn("the database is damaged: put a backup back reason=\"%s\"", why);
    if (check->differing > 0)
        log_warn("flags are not what follows from the stored days: please report it pupils=%d", check->differing);
}

void selfcheck_run(struct stored_check *latest, const struct flagging *flagging, const struct school *school,
                   int64_t now_ms)
{
    char why[STORE_WHY_BYTES];
    int32_t today = civil_from_utc_ms(now_ms).day;
    int differing = FAULT(difference_not_told) ? 0 : flagging_differing(flagging, school, today);
    if (differing < 0) {
        log_warn("flags could not be checked: out of memory");
        latest->day = today; /* tried again the next night */
        return;
    }
    bool sound = store_is_sound(flagging->store, why);
    if (store_failed(flagging->store)) /* nothing is committed, and the daemon ends */
        return;
    *latest = (struct stored_check){today, differing, sound};
    tell(latest, why);
    store_check_put(flagging->store, latest);
}
