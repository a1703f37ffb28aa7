/* A common plan (samordnad individuell plan, SIP; SoL 2025:400, HSL 16:4) from need to follow-up: its stages, and what each asks
 * for. Pure; docs/support.md.
 *
 * Stages come in their order. A meeting may be called anew, and followed up more than once; what is under way may end at any stage, with
 * a reason. From the request to the meeting the consent must stand. The school asks for a plan and takes part; whether it may also call
 * to the meeting is the head's setting. */
#ifndef DAEMON_CORE_SUPPORT_SIP_H
#define DAEMON_CORE_SUPPORT_SIP_H

#include <stdbool.h>
#include <stdint.h>

enum sip_stage {
    SIP_NONE, /* none is under way */
    SIP_NEEDED,
    SIP_REQUESTED,
    SIP_CALLED,
    SIP_HELD,
    SIP_FOLLOWED_UP,
    SIP_ENDED,
    SIP_STAGES
};
extern const char *const SIP_WORDS[SIP_STAGES]; /* SIP_NONE: "" */

struct sip {
    enum sip_stage stage; /* the latest; SIP_ENDED and SIP_NONE: none is under way */
    int32_t day;          /* of that; CIVIL_DAY_NONE: none was ever needed */
    bool guardian_consents, pupil_consents;
};

bool sip_is_under_way(const struct sip *sip);
/* Who decides about a plan: the guardian of a minor, then the pupil. */
bool sip_is_consented(const struct sip *sip, bool is_of_age);
/* NULL: that stage may come now; else the word for what is in the way: "sip_order", "needs_consent", "school_may_not_call". */
const char *sip_obstacle(const struct sip *sip, enum sip_stage next, bool is_consented);
/* The same of who calls, or is to call, to the meeting. */
const char *sip_calling_obstacle(bool by_school, bool school_may_call);

#endif
