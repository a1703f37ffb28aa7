/* The casebook's part for what is done in a case (docs/support.md): steps, contacts, measures, the pupil's own words, who does what,
 * consents, the head's decisions, reports of concern. Writes stand between casebook_begin and _end, with the audit row that tells of
 * them; nothing that a colleague wrote is written over. */
#ifndef DASHBOARD_CASEBOOK_SUPPORT_H
#define DASHBOARD_CASEBOOK_SUPPORT_H

#include "daemon/core/support/caseclocks.h"
#include "daemon/core/support/sip.h"
#include "dashboard/casebook/casebook_cases.h"

#define CASE_STEPS_MAX 100 /* of one case */
#define CASE_ROWS_MAX \
    500 /* of one case, all that its page lists; reports of concern, of which others know nothing, beside them: */
#define CASE_CONCERNS_MAX 50

/* How a case ended; day CIVIL_DAY_NONE: it has not. */
struct casebook_ending {
    char outcome[ID_BYTES], user[USER_BYTES], user_name[CASEBOOK_NAME_BYTES];
    int32_t day;
};

/* A case as its clocks see it. Large: not on a deep stack. */
struct casebook_file {
    struct casebook_case one;
    bool is_open, awaits_receipt; /* of the school to which the head gave it */
    struct casebook_ending ending;
    int level, rows; /* the highest that was confirmed; what its page lists but concerns */
    int concerns;    /* that whoever asks may see */
    char deputy[USER_BYTES], concern_by[USER_BYTES]; /* "" = none */
    struct sip sip;
    struct case_facts facts; /* points into the next two */
    struct step steps[CASE_STEPS_MAX];
    struct case_measure measures[CASE_MEASURES_MAX];
    int64_t measure_numbers[CASE_MEASURES_MAX];
    enum agreed_kind measure_kinds[CASE_MEASURES_MAX];
};

/* Opened ones and closed ones; one whose opening was undone is none. What is beyond the limits is left out, and the log says so.
 * Reports of concern are those of `author`; "": of everybody. */
enum casebook_found casebook_file(struct casebook *book, int64_t number, const char *author, struct casebook_file *out);

enum casebook_case_part {
    CASE_PART_STEPS,
    CASE_PART_FACTS,
    CASE_PART_CONTACTS,
    CASE_PART_MEASURES,
    CASE_PART_VOICES,
    CASE_PART_ACTORS,
    CASE_PART_CONSENTS,
    CASE_PART_CONCERNS,
    CASE_PART_SIPS,
    CASE_PART_SIP_MEMBERS,
    CASE_PART_DEVIATIONS,
    CASE_PARTS
};
extern const char *const CASE_PART_WORDS[CASE_PARTS];

/* A row of a case; texts are valid until the next. */
struct casebook_case_row {
    enum casebook_case_part part;
    const char *kind, *user, *owner; /* of a step, fact or measure; who wrote it; whose it is to do, "" of the others */
    const char *json;
};
struct query casebook_case_rows(struct casebook *book, int64_t number); /* part by part, the oldest first */
bool casebook_next_case_row(struct query *rows, struct casebook_case_row *out);

/* What is written into a case, and with which values, in this order. */
enum case_entry {
    ENTRY_STEP_BEGIN,        /* kind, owner, due day */
    ENTRY_STEP_DONE,         /* kind: the open one */
    ENTRY_STEP_LEFT_OUT,     /* kind, reason: the open one */
    ENTRY_STEP_AT_ONCE,      /* kind, reason or NULL: begun and done, or left out, in one */
    ENTRY_FACT,              /* kind, value, day */
    ENTRY_CONTACT,           /* party, way, outcome, cause */
    ENTRY_MEASURE,           /* kind, note, owner, due day */
    ENTRY_MEASURE_EVALUATED, /* number, result, owner whose it must be or "" */
    ENTRY_VOICE,             /* wants (JSON), note */
    ENTRY_ACTOR,             /* sector, title, does, next day */
    ENTRY_ACTOR_ENDED,       /* number */
    ENTRY_CONSENT,           /* party, scope, day */
    ENTRY_CONSENT_WITHDRAWN, /* number */
    ENTRY_CONCERN,           /* day */
    ENTRY_CONCERN_ANSWERED,  /* number, day, author whose it must be or "" */
    ENTRY_SIP,               /* stage, value, planned day or NULL */
    ENTRY_SIP_MEMBER,        /* sector, title, whether coordinating */
    ENTRY_SIP_MEMBER_LEFT,   /* number */
    ENTRY_DEVIATION,         /* promise, sector, since when */
    CASE_ENTRIES
};

struct casebook_stamp {
    int64_t number; /* the case */
    const char *user;
    int32_t day;
    int64_t at_ms;
};

struct casebook_value {
    const char *text; /* NULL: see is_null, else the integer */
    int64_t integer;
    bool is_null;
};

/* ABSENT: there was nothing of that kind to end. */
enum casebook_found casebook_enter(struct casebook *book, enum case_entry entry, const struct casebook_stamp *stamp,
                                   const struct casebook_value *values, size_t count);

#endif
