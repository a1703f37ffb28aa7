/* From decided days to flags in the store: feeds the detector, and writes what changed between its flags and the stored
 * ones: raised, cleared, reopened, withdrawn with its reason. The detector's state is rebuilt from the store's
 * pupil-days at start; this and the last school year are looked at, older flags stay as they are. */
#ifndef DAEMON_FLAGGING_H
#define DAEMON_FLAGGING_H

#include "common/civil.h"
#include "common/ids.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/school/school.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_flags.h"

#define FLAGGING_EVIDENCE_BYTES (RULE_CONDITIONS_MAX * (512 + 6 * NAME_BYTES)) /* a subject's name, escaped */
#define FLAGGING_PUPILS_MAX     8192 /* pupils and classes of two school years, those who left counted */

struct flagging {
    struct store *store;
    struct detect *detect;
    struct names pupils, classes; /* the detector's numbers */
    uint32_t latest_pupil, latest_class;
    int32_t since;              /* the first date looked at */
    int32_t decided_through;    /* the last decided date; INT32_MIN = none */
    int32_t year_began;         /* the school year that the detector was told of; INT32_MIN = none */
    struct rules *rules;        /* working memory */
    struct stored_flags stored; /* likewise: the rows of the pupil that is compared */
    char evidence[FLAGGING_EVIDENCE_BYTES];
};

/* Reads rules and decided days. NULL, or why not: no memory, rules that cannot be read. */
const char *flagging_open(struct flagging *flagging, struct store *store, int32_t today);
void flagging_close(struct flagging *flagging);
/* Can the stored versions of the rules be followed, with one that was added in the open transaction? NULL, or why not: more than
 * DETECT_VERSIONS_MAX since the last school year began, or more than PLAN_LIVES_MAX rules in them. Changes nothing. */
const char *flagging_try_rules(struct flagging *flagging);
/* Forgets and reads again: after a new version of the rules. */
const char *flagging_reload(struct flagging *flagging, int32_t today);

/* The first date looked at: on `today`, and as it was when the days were read. */
static inline int32_t flagging_begins(int32_t today)
{
    return civil_school_year(civil_school_year(today) - 1);
}
static inline int32_t flagging_since(const struct flagging *flagging)
{
    return flagging->since;
}
/* The last decided date; INT32_MIN: there is none. */
static inline int32_t flagging_decided_through(const struct flagging *flagging)
{
    return flagging->decided_through;
}
/* Pupils whose stored flags are not those that follow from the stored days, by a detector of its own. Changes nothing. -1: no
 * memory. */
int flagging_differing(const struct flagging *flagging, const struct school *school, int32_t today);
/* For asking. The detector has its own number for a pupil; NAMES_NONE: no day of that pupil is decided. */
static inline struct detect *flagging_detect(const struct flagging *flagging)
{
    return flagging->detect;
}
static inline uint32_t flagging_pupil(const struct flagging *flagging, const char *pupil_id)
{
    return names_find(&flagging->pupils, text_of(pupil_id));
}

/* The name of a subject of the store, for evidence_json; the context is the flagging. */
const char *flagging_subject(void *context, uint16_t subject, char name[NAME_BYTES]);

/* What a decided date holds for a pupil, in place of what it held. False: no memory. */
bool flagging_set_day(struct flagging *flagging, const struct pupil_day *pupil_day);
/* A date has been decided. */
void flagging_decided(struct flagging *flagging, int32_t day);

/* Writes what changed, too by the date alone: a pupil who left by now has no open flags, and no school year before this one
 * has. `everyone`: a day was decided, so all are asked; otherwise those whose days changed, and their
 * evidence is worked out again. `why`: a word or two for flags that no longer follow. False: no memory. */
bool flagging_sync(struct flagging *flagging, const struct school *school, bool everyone, const char *why,
                   int64_t now_ms);

#endif
