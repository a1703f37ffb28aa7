/* Who may do what: the roles, and the one function that decides. Pure. What is not named here is refused. */
#ifndef DASHBOARD_ACCESS_H
#define DASHBOARD_ACCESS_H

#include <stdbool.h>

enum role { ROLE_EHT, ROLE_REKTOR, ROLE_MENTOR, ROLE_TEACHER, ROLE_IT, ROLE_DPO, ROLES };

extern const char *const ROLE_WORDS[ROLES];
bool access_role_read(const char *text, enum role *out);

enum permission {
    PERMISSION_SIGNED_IN,      /* one's own account, and counts of the whole school */
    PERMISSION_FLAGS,          /* see that a pupil has a flag, and why */
    PERMISSION_TASKS,          /* see which guardians are to be told today */
    PERMISSION_PUPILS,         /* find a pupil, and see its attendance */
    PERMISSION_TERMINALS,      /* see how the terminals and the daemon are */
    PERMISSION_TRIAGE,         /* answer flags, see cases */
    PERMISSION_CASE,           /* see and work in a case; a mentor the contact and own measures alone */
    PERMISSION_CORRECT,        /* report absences, correct a pupil's lessons */
    PERMISSION_LESSONS,        /* take the roll of a lesson */
    PERMISSION_GROUPS,         /* counts of classes and years */
    PERMISSION_RULES,          /* read the rules and who changed them */
    PERMISSION_RULES_TRY,      /* see what other rules would do: counts */
    PERMISSION_RULES_APPLY,    /* change them */
    PERMISSION_AUDIT,          /* read the audit log, as far as the role goes */
    PERMISSION_REVIEW,         /* read the month's review of it */
    PERMISSION_REVIEW_SIGN,    /* draw and judge it */
    PERMISSION_IMPORT,         /* bring files of the school */
    PERMISSION_RETENTION,      /* see what is erased when, and the receipts: counts */
    PERMISSION_RETENTION_SIGN, /* sign a receipt */
    PERMISSION_STRAYS,         /* see which cards count nowhere; names as by PERMISSION_PUPILS */
    PERMISSION_CARDS,          /* give such a card out to a pupil */
    PERMISSION_TRUST,          /* decide whether what a terminal says counts, and whether dates that wait are decided */
    PERMISSION_SUPPORT,        /* see ways to support and programmes; for a pupil PERMISSION_PUPILS */
    PERMISSION_INTIME,         /* support in time: whole numbers of the school, measures of classes, reviews of cases */
    PERMISSION_PUBLISHED,      /* the same as it was published: no figure under five */
    PERMISSION_PUBLISH,        /* publish a term */
    PERMISSIONS
};

extern const char *const PERMISSION_WORDS[PERMISSIONS];

/* One pupil as far as it matters here. */
struct access_pupil {
    bool is_protected;  /* skyddade personuppgifter */
    bool user_is_named; /* the user is one of those named for this pupil */
    bool own_class;     /* the user is mentor of its class */
    bool own_lesson;    /* it is about a lesson of a group that the user teaches */
};

/* Everybody's rows, of pupils too; other roles with PERMISSION_AUDIT see their own, or (IT) the technical ones. */
bool access_sees_all_log(enum role role);

/* `pupil` NULL asks whether the role may at all, for anything of that kind. */
bool access_allows(enum role role, enum permission permission, const struct access_pupil *pupil);

#endif
