/* The table of roles and permissions, and the decision for one pupil. */
#include "dashboard/shell/access.h"

#include <stddef.h>
#include <string.h>
#include "common/choice.h"

const char *const ROLE_WORDS[ROLES] = {
    [ROLE_EHT] = "eht",         [ROLE_REKTOR] = "rektor", [ROLE_MENTOR] = "mentor",
    [ROLE_TEACHER] = "teacher", [ROLE_IT] = "it",         [ROLE_DPO] = "dpo",
};

const char *const PERMISSION_WORDS[PERMISSIONS] = {
    [PERMISSION_SIGNED_IN] = "status",
    [PERMISSION_FLAGS] = "flags",
    [PERMISSION_TASKS] = "tasks",
    [PERMISSION_PUPILS] = "pupils",
    [PERMISSION_TERMINALS] = "terminals",
    [PERMISSION_TRIAGE] = "triage",
    [PERMISSION_CASE] = "case",
    [PERMISSION_CORRECT] = "correct",
    [PERMISSION_LESSONS] = "lessons",
    [PERMISSION_GROUPS] = "groups",
    [PERMISSION_RULES] = "rules",
    [PERMISSION_RULES_TRY] = "rules_try",
    [PERMISSION_RULES_APPLY] = "rules_apply",
    [PERMISSION_AUDIT] = "audit",
    [PERMISSION_REVIEW] = "review",
    [PERMISSION_REVIEW_SIGN] = "review_sign",
    [PERMISSION_IMPORT] = "import",
    [PERMISSION_RETENTION] = "retention",
    [PERMISSION_RETENTION_SIGN] = "retention_sign",
    [PERMISSION_STRAYS] = "strays",
    [PERMISSION_CARDS] = "cards",
    [PERMISSION_TRUST] = "trust",
    [PERMISSION_SUPPORT] = "support",
    [PERMISSION_INTIME] = "intime",
    [PERMISSION_PUBLISHED] = "published",
    [PERMISSION_PUBLISH] = "publish",
};

enum reach { NONE, OWN_LESSONS, OWN_CLASS, SCHOOL }; /* NONE is 0: deny by default */

static const enum reach REACH[ROLES][PERMISSIONS] = {
    [ROLE_EHT] = {[PERMISSION_SIGNED_IN] = SCHOOL,
                  [PERMISSION_FLAGS] = SCHOOL,
                  [PERMISSION_TASKS] = SCHOOL,
                  [PERMISSION_PUPILS] = SCHOOL,
                  [PERMISSION_TRIAGE] = SCHOOL,
                  [PERMISSION_CASE] = SCHOOL,
                  [PERMISSION_CORRECT] = SCHOOL,
                  [PERMISSION_GROUPS] = SCHOOL,
                  [PERMISSION_RULES] = SCHOOL,
                  [PERMISSION_RULES_TRY] = SCHOOL,
                  [PERMISSION_AUDIT] = SCHOOL,
                  [PERMISSION_STRAYS] = SCHOOL,
                  [PERMISSION_CARDS] = SCHOOL,
                  [PERMISSION_SUPPORT] = SCHOOL,
                  [PERMISSION_INTIME] = SCHOOL,
                  [PERMISSION_PUBLISHED] = SCHOOL},
    [ROLE_REKTOR] =
        {[PERMISSION_SIGNED_IN] = SCHOOL, [PERMISSION_FLAGS] = SCHOOL,     [PERMISSION_TASKS] = SCHOOL,
         [PERMISSION_PUPILS] = SCHOOL,    [PERMISSION_TERMINALS] = SCHOOL, [PERMISSION_TRIAGE] = SCHOOL,
         [PERMISSION_CASE] = SCHOOL,      [PERMISSION_CORRECT] = SCHOOL,   [PERMISSION_GROUPS] = SCHOOL,
         [PERMISSION_RULES] = SCHOOL,     [PERMISSION_RULES_TRY] = SCHOOL, [PERMISSION_RULES_APPLY] = SCHOOL,
         [PERMISSION_AUDIT] = SCHOOL,     [PERMISSION_REVIEW] = SCHOOL,    [PERMISSION_RETENTION] = SCHOOL,
         [PERMISSION_STRAYS] = SCHOOL,    [PERMISSION_CARDS] = SCHOOL,     [PERMISSION_TRUST] = SCHOOL,
         [PERMISSION_SUPPORT] = SCHOOL,   [PERMISSION_INTIME] = SCHOOL,    [PERMISSION_PUBLISHED] = SCHOOL,
         [PERMISSION_PUBLISH] = SCHOOL},
    [ROLE_MENTOR] = {[PERMISSION_SIGNED_IN] = SCHOOL,
                     [PERMISSION_TASKS] = OWN_CLASS,
                     [PERMISSION_PUPILS] = OWN_CLASS,
                     [PERMISSION_CASE] = OWN_CLASS,
                     [PERMISSION_CORRECT] = OWN_CLASS,
                     [PERMISSION_GROUPS] = OWN_CLASS,
                     [PERMISSION_LESSONS] = OWN_LESSONS,
                     [PERMISSION_SUPPORT] = SCHOOL},
    [ROLE_TEACHER] = {[PERMISSION_SIGNED_IN] = SCHOOL, [PERMISSION_LESSONS] = OWN_LESSONS},
    [ROLE_IT] = {[PERMISSION_SIGNED_IN] = SCHOOL,
                 [PERMISSION_TERMINALS] = SCHOOL,
                 [PERMISSION_RULES] = SCHOOL,
                 [PERMISSION_RULES_TRY] = SCHOOL,
                 [PERMISSION_RULES_APPLY] = SCHOOL,
                 [PERMISSION_AUDIT] = SCHOOL,
                 [PERMISSION_IMPORT] = SCHOOL,
                 [PERMISSION_STRAYS] = SCHOOL,
                 [PERMISSION_TRUST] = SCHOOL,
                 [PERMISSION_SUPPORT] = SCHOOL},
    [ROLE_DPO] = {[PERMISSION_SIGNED_IN] = SCHOOL,
                  [PERMISSION_RULES] = SCHOOL,
                  [PERMISSION_AUDIT] = SCHOOL,
                  [PERMISSION_REVIEW] = SCHOOL,
                  [PERMISSION_REVIEW_SIGN] = SCHOOL,
                  [PERMISSION_RETENTION] = SCHOOL,
                  [PERMISSION_RETENTION_SIGN] = SCHOOL,
                  [PERMISSION_PUBLISHED] = SCHOOL},
};

bool access_role_read(const char *text, enum role *out)
{
    int role = choice_of(text, ROLE_WORDS, ROLES);
    if (role >= 0)
        *out = (enum role)role;
    return role >= 0;
}

bool access_sees_all_log(enum role role)
{
    return role == ROLE_REKTOR || role == ROLE_DPO;
}

bool access_allows(enum role role, enum permission permission, const struct access_pupil *pupil)
{
    enum reach reach = REACH[role][permission];
    if (pupil == NULL)
        return reach != NONE;
    if (pupil->is_protected && !pupil->user_is_named)
        return false;
    switch (reach) {
    case SCHOOL:
        return true;
    case OWN_CLASS:
        return pupil->own_class;
    case OWN_LESSONS:
        return pupil->own_lesson;
    case NONE:
        return false;
    }
    return false;
}
