/* The steps of a case: their words, in which order they may be taken, and why one may be left out. Pure; docs/support.md.
 *
 * Any order is allowed, and steps repeat, but: of a kind one is open at a time; measures need a contact that was done, or that was
 * left out with a reason; closing is no step that begins, it ends the case. */
#ifndef DAEMON_CORE_SUPPORT_STEPS_H
#define DAEMON_CORE_SUPPORT_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum step_kind {
    STEP_CONTACT,
    STEP_MAPPING,
    STEP_INQUIRY,         /* skollagen 7:19 a, 15:16 */
    STEP_SUPPORT_INQUIRY, /* särskilt stöd, skollagen 3:7 */
    STEP_MEASURES,
    STEP_FOLLOW_UP,
    STEP_SIP,
    STEP_CLOSED,
    STEP_KINDS
};
extern const char *const STEP_WORDS[STEP_KINDS];

enum skip_reason {
    SKIP_NOT_NEEDED,
    SKIP_ALREADY_DONE,
    SKIP_GUARDIAN_DECLINED,
    SKIP_OTHER_ACTOR,
    SKIP_OTHER,
    SKIP_REASONS
};
extern const char *const SKIP_WORDS[SKIP_REASONS];

/* What a measure is about, as it is agreed. */
enum agreed_kind {
    AGREED_SCHOOL_DAY,
    AGREED_TEACHING,
    AGREED_ADULT,
    AGREED_WAY_TO_SCHOOL,
    AGREED_PEERS,
    AGREED_PLACE,
    AGREED_CATCH_UP,
    AGREED_HOME,
    AGREED_OTHER_ACTOR,
    AGREED_OTHER,
    AGREED_KINDS
};
extern const char *const AGREED_WORDS[AGREED_KINDS];

struct step {
    enum step_kind kind;
    int32_t began_day;
    int32_t done_day; /* or left out; CIVIL_DAY_NONE: open */
    bool is_skipped;
};

/* NULL: a step of that kind may begin now; else the word for what is in the way: "step_open", "needs_contact", "bad_request". */
const char *step_obstacle(const struct step *steps, size_t count, enum step_kind kind);

#endif
