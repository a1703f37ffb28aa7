/* When is a roll call due, and what follows from it: the second entrance to everything, time. A lesson closes, a day
 * closes, or a date's facts changed: then the date's roll is taken from the facts alone, what differs from the stored
 * pupil-days is written, decided days go to the flags, and today's absences become tasks. All of it inside the
 * transaction that brought the facts. */
#ifndef DAEMON_ROLL_H
#define DAEMON_ROLL_H

#include "daemon/core/rollcall.h"
#include "daemon/dayset.h"
#include "daemon/deciding.h"
#include "daemon/selfcheck.h"
#include "daemon/flagging.h"
#include "daemon/signals.h"
#include "daemon/terminals.h"

struct roll {
    struct store *store;
    struct terminals *terminals;
    const struct rollcall_settings *settings;
    struct school *school;
    struct schoolday *facts;
    struct rollcall *rollcall;
    struct flagging flagging;
    struct signals signals;
    struct deciding deciding;
    struct stored_check checked;
    bool considered;                /* in this taking, whether a person is to be asked before first decisions */
    const struct dayset *commanded; /* the dates that a person's command is about; NULL: none */
    bool commands_waiting;          /* of these also those that wait for a person */
    int64_t derived_ms;             /* nothing was derived later than this */
    int32_t current_day;            /* the date whose lessons close next */
    int64_t next_ms;                /* when (UTC); INT64_MAX = no lesson is known */
    bool tasks_wait;                /* something waits for a terminal to speak */
    bool day_was_decided;           /* since the last sync of the flags */
    bool flags_due;
    bool flags_given; /* the detector holds more than was stored when this was last set to false */
    void (*watch)(void *context, int32_t day); /* before each date whose roll is taken; or NULL */
    void *watcher;
    bool rehearses;        /* the transaction may be given back: nothing is logged */
    bool leavers_due;      /* another date, or other periods at the school */
    bool link_up;          /* without a broker nobody hears what was missed: no day is decided by itself */
    int32_t frozen_before; /* no roll is taken of earlier dates: their taps may be gone (core/retention.h) */
    uint16_t subject_numbers[SCHOOL_SUBJECTS_MAX]; /* the store's, by the school's index; 0 = not asked yet */
    uint16_t gone_count;
    uint32_t gone[SCHOOL_PUPILS_MAX]; /* pupils that a date no longer has */
};

/* Takes all memory, loads the school, rules and decided days, and puts every date that waits for its roll into
 * `touched`. NULL, or why not. */
const char *roll_open(struct roll *roll, struct store *store, struct terminals *terminals,
                      const struct rollcall_settings *settings, const struct groupsignal_settings *group_signal,
                      struct dayset *touched, int64_t now_ms);
void roll_close(struct roll *roll);
/* The school's facts changed. */
const char *roll_reload_school(struct roll *roll, struct dayset *touched, int64_t now_ms);
/* Another date, which need not be the one after the last: a clock that was wrong may have gone over some. */
void roll_new_day(struct roll *roll, struct dayset *touched, int32_t today);
/* The clock went back to now_ms: what was derived later is taken back, in the open transaction, and its dates are touched so
 * that it is taken anew. NULL, or why not. */
const char *roll_clock_back(struct roll *roll, struct dayset *touched, int64_t now_ms);
/* A person has looked at the first decisions that waited. */
void roll_confirm(struct roll *roll, struct dayset *touched, int32_t today);
/* What is taken from now on is of a person's command about these dates, borrowed; NULL: no more. */
void roll_command(struct roll *roll, const struct dayset *about, int64_t now_ms);
/* A new version of the rules, or days that are no longer there: all flags are decided anew. */
const char *roll_reload_flags(struct roll *roll, int64_t now_ms);

/* Terminals can be heard from now on, and the dates that closed meanwhile are decided from what comes; or no longer. */
void roll_link_up(struct roll *roll, struct dayset *touched, int32_t today);
void roll_link_down(struct roll *roll);

/* No roll is taken of dates before this one from now on, in the open transaction; flags of a school year that is not
 * looked at any more are forgotten. NULL, or why not. */
const char *roll_freeze(struct roll *roll, int32_t before_day, int32_t today);

/* Is there something to do at now_ms? */
bool roll_due(const struct roll *roll, const struct dayset *touched, int64_t now_ms);
/* Does it: empties `touched`. `why` it was touched, for flags that no longer follow. False: no memory, or something would
 * be derived for time that has not ended, which must not be committed. */
bool roll_take(struct roll *roll, struct dayset *touched, const char *why, int64_t now_ms);

/* Once a night, when no roll is due (selfcheck.h). */
void roll_check_self(struct roll *roll, int64_t now_ms);

/* The lessons of a date that nobody can know as things stand at now_ms, for IT: `doubt` is not ROLLCALL_KNOWN. */
typedef void roll_doubt_visit(void *context, const struct school *school, const struct schoolday_lesson *lesson,
                              enum rollcall_doubt doubt);
void roll_doubts(struct roll *roll, int32_t day, int64_t now_ms, roll_doubt_visit *visit, void *context);

/* The taps of a date that count nowhere, as things stand at now_ms. */
typedef void roll_stray_visit(void *context, const struct schoolday_tap *tap, enum rollcall_stray_why why);
void roll_strays(struct roll *roll, int32_t day, int64_t now_ms, roll_stray_visit *visit, void *context);

#endif
