/* The rules are few because people work in many orders. */
#include "daemon/core/support/steps.h"

#include "common/civil.h"

const char *const STEP_WORDS[STEP_KINDS] = {
    [STEP_CONTACT] = "contact",   [STEP_MAPPING] = "mapping",
    [STEP_INQUIRY] = "inquiry",   [STEP_SUPPORT_INQUIRY] = "support_inquiry",
    [STEP_MEASURES] = "measures", [STEP_FOLLOW_UP] = "follow_up",
    [STEP_SIP] = "sip",           [STEP_CLOSED] = "closed",
};

const char *const SKIP_WORDS[SKIP_REASONS] = {
    [SKIP_NOT_NEEDED] = "not_needed",
    [SKIP_ALREADY_DONE] = "already_done",
    [SKIP_GUARDIAN_DECLINED] = "guardian_declined",
    [SKIP_OTHER_ACTOR] = "other_actor_leads",
    [SKIP_OTHER] = "other",
};

const char *const AGREED_WORDS[AGREED_KINDS] = {
    [AGREED_SCHOOL_DAY] = "school_day",
    [AGREED_TEACHING] = "teaching",
    [AGREED_ADULT] = "adult",
    [AGREED_WAY_TO_SCHOOL] = "way_to_school",
    [AGREED_PEERS] = "peers",
    [AGREED_PLACE] = "place",
    [AGREED_CATCH_UP] = "catch_up",
    [AGREED_HOME] = "home",
    [AGREED_OTHER_ACTOR] = "other_actor",
    [AGREED_OTHER] = "other",
};

const char *step_obstacle(const struct step *steps, size_t count, enum step_kind kind)
{
    bool is_open = false, had_contact = false;
    if (kind == STEP_CLOSED)
        return "bad_request";
    for (size_t i = 0; i < count; i++) {
        is_open |= steps[i].kind == kind && steps[i].done_day == CIVIL_DAY_NONE;
        had_contact |= steps[i].kind == STEP_CONTACT && steps[i].done_day != CIVIL_DAY_NONE;
    }
    if (is_open)
        return "step_open";
    return kind == STEP_MEASURES && !had_contact ? "needs_contact" : NULL;
}
