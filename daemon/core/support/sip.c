/* Which stage may follow which, as a table. */
#include "daemon/core/support/sip.h"

#include <stddef.h>

const char *const SIP_WORDS[SIP_STAGES] = {
    [SIP_NONE] = "",     [SIP_NEEDED] = "needed",           [SIP_REQUESTED] = "requested", [SIP_CALLED] = "called",
    [SIP_HELD] = "held", [SIP_FOLLOWED_UP] = "followed_up", [SIP_ENDED] = "ended",
};

#define AFTER(stage) (1U << (stage))
static const struct {
    unsigned after; /* a bit for each stage that it may follow */
    bool needs_consent;
} STAGES[SIP_STAGES] = {
    [SIP_NEEDED] = {AFTER(SIP_NONE) | AFTER(SIP_ENDED), false},
    [SIP_REQUESTED] = {AFTER(SIP_NEEDED), true},
    [SIP_CALLED] = {AFTER(SIP_REQUESTED) | AFTER(SIP_CALLED), true},
    [SIP_HELD] = {AFTER(SIP_CALLED), true},
    [SIP_FOLLOWED_UP] = {AFTER(SIP_HELD) | AFTER(SIP_FOLLOWED_UP), false},
    [SIP_ENDED] = {AFTER(SIP_NEEDED) | AFTER(SIP_REQUESTED) | AFTER(SIP_CALLED) | AFTER(SIP_HELD) |
                       AFTER(SIP_FOLLOWED_UP),
                   false},
};

bool sip_is_under_way(const struct sip *sip)
{
    return sip->stage != SIP_NONE && sip->stage != SIP_ENDED;
}

bool sip_is_consented(const struct sip *sip, bool is_of_age)
{
    return is_of_age ? sip->pupil_consents : sip->guardian_consents;
}

const char *sip_obstacle(const struct sip *sip, enum sip_stage next, bool is_consented)
{
    if ((STAGES[next].after & AFTER(sip->stage)) == 0)
        return "sip_order";
    return STAGES[next].needs_consent && !is_consented ? "needs_consent" : NULL;
}

const char *sip_calling_obstacle(bool by_school, bool school_may_call)
{
    return by_school && !school_may_call ? "school_may_not_call" : NULL;
}
