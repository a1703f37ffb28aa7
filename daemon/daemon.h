/* The daemon without its edges: what comes in is a step, what goes out is a call. One thread; clock, store (with its
 * VFS) and network come from outside, so that the simulation drives the same code as the program.
 *
 * A turn of the loop: messages are ingested into one open transaction, DAEMON_TURN ends it: the roll is taken where it
 * is due, everything commits at once, and only then receipts and publications go out. Nothing is ever acknowledged
 * before its commit. When the store fails the daemon has failed: nothing more is sent, and the caller ends the process. */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include "common/clock.h"
#include "daemon/config.h"
#include "daemon/enrolment.h"
#include "daemon/publish.h"
#include "daemon/pulse.h"
#include "daemon/roll.h"
#include "daemon/store/store.h"
#include "daemon/store/store_flags.h"

#define DAEMON_WAKE_MS         1000 /* the longest sleep */
#define DAEMON_BUSY_MESSAGES   32   /* in one turn: more are waiting */
#define DAEMON_TURN_EVENTS     1024 /* in one turn: a receipt waits for no more than these and a commit */
#define DAEMON_OUTSTANDING_MAX 64   /* messages that the broker has not acknowledged: no further plans meanwhile */

enum daemon_input_kind {
    DAEMON_MESSAGE, /* topic, bytes, length, retained */
    DAEMON_LINK_UP, /* connected and subscribed */
    DAEMON_LINK_DOWN,
    DAEMON_TURN /* all that had arrived has been given; idle: nothing had */
};

struct daemon_input {
    enum daemon_input_kind kind;
    const char *topic, *bytes; /* borrowed for the call */
    size_t length;
    bool retained, idle;
    uint64_t
        acknowledged; /* DAEMON_TURN: how many assured messages the broker has acknowledged, and how many it owes */
    size_t outstanding;
};

/* Publishes. `assured`: the broker must acknowledge it, and gets it again until it does (QoS 1). Receipts and our own
 * state are not: they are repeated, and an acknowledgement that the broker drops must cost nothing. False: not taken. The
 * caller need not react, because whatever matters is sent again later. */
typedef bool daemon_send(void *context, const char *topic, const char *bytes, size_t length, bool retained,
                         bool assured);

/* Opaque: only daemon.c sees its parts, other files ask through these functions. */
struct daemon;

/* `first_rules` is the text of the first version, used when the store has none. All but store, config, clock and context
 * is the daemon's; they must outlive it. NULL, and *why says why. */
struct daemon *daemon_open(const struct config *config, const struct clock *clock, struct store *store,
                           const char *first_rules, daemon_send *send, void *context, const char **why);
void daemon_close(struct daemon *daemon); /* or NULL */
void daemon_step(struct daemon *daemon, const struct daemon_input *input);
/* The store failed, or memory ran out: the caller logs, exits and is restarted. */
bool daemon_failed(const struct daemon *daemon);
/* Does work get through? PULSE_MUTE: the caller ends the process; PULSE_RECONNECT: it makes the connection anew. */
enum pulse_verdict daemon_pulse(const struct daemon *daemon);
/* Enough for one turn has been given: DAEMON_TURN must follow. */
bool daemon_turn_is_full(const struct daemon *daemon);
/* In how many milliseconds of real time the next DAEMON_TURN has something to do, at most DAEMON_WAKE_MS. */
int daemon_wake_ms(const struct daemon *daemon);
/* Topic filters to subscribe to. */
#define DAEMON_FILTERS 2
void daemon_filters(const struct daemon *daemon, char out[DAEMON_FILTERS][WIRE_TOPIC_BYTES]);
/* Our own state at that time (UTC), as message and as will. Returns its length; 0: no memory. */
size_t daemon_state(const struct daemon *daemon, bool ready, int64_t at_ms, char topic[WIRE_TOPIC_BYTES], char *bytes,
                    size_t capacity);

/* For tests: when the roll is taken next by itself (UTC; INT64_MAX: no lesson is known), whether the next turn takes one,
 * and how many messages were not understood since the start. */
int64_t daemon_next_roll_ms(const struct daemon *daemon);
bool daemon_roll_is_due(const struct daemon *daemon);
uint64_t daemon_malformed(const struct daemon *daemon);

/* For commands, which come between two turns and belong to a transaction of their own. First, what they ask: */
struct store *daemon_store(const struct daemon *daemon);
const struct config *daemon_config(const struct daemon *daemon);
const struct school *daemon_school(const struct daemon *daemon); /* sealed; until its facts change */
struct flagging *daemon_flagging(struct daemon *daemon);         /* for asking its detector */
struct enrolment *daemon_enrolment(struct daemon *daemon);       /* the card that is being given out */
bool daemon_link_up(const struct daemon *daemon);
/* And what we say on this connection comes back: since when (UTC), or when it came back last; 0: never. */
bool daemon_is_heard(const struct daemon *daemon, int64_t *since_ms);
int32_t daemon_today(const struct daemon *daemon);
/* UTC: now, and after so many milliseconds of real time. */
int64_t daemon_now_ms(const struct daemon *daemon);
int64_t daemon_later_ms(const struct daemon *daemon, int64_t real_ms);
bool daemon_is_frozen(const struct daemon *daemon, int32_t day); /* no roll is taken of that date any more */
/* What was left out of the latest messages to the terminals for want of room. */
struct publish_left_out daemon_left_out(const struct daemon *daemon);
/* Visits today's lessons whose attendance cannot be known, by what has been received so far. */
void daemon_doubts(struct daemon *daemon, roll_doubt_visit *visit, void *context);
/* Visits the taps of a date that count nowhere. */
void daemon_strays(struct daemon *daemon, int32_t day, roll_stray_visit *visit, void *context);

/* Then, what follows from what they have put into the open transaction. `why`: a word or two, for flags that no longer
 * follow. NULL, or why it cannot be done: then what is in memory is no longer what is stored, and daemon_fail follows. */

/* The facts of these dates, both included: their roll is taken anew. Dates outside of a dayset are left as they are. */
void daemon_touch(struct daemon *daemon, int32_t from_day, int32_t to_day, const char *why);
/* A terminal is trusted again, or no longer: what follows from its events is derived again, and every date from this
 * one on is due. */
void daemon_trust_changed(struct daemon *daemon, const char *terminal, int32_t from_day, const char *why);
/* Pupils, cards, terminals or lessons have changed: the school is read again. */
const char *daemon_school_changed(struct daemon *daemon, const char *why);
/* The effects of facts that were put into the open transaction. */
struct daemon_consequences {
    int dates; /* up to today, with lessons, whose roll was taken anew */
    struct store_consequences flags;
};
/* `watch` is called before each date whose roll is taken, until the next call; NULL: nobody watches. */
void daemon_watch_roll(struct daemon *daemon, void (*watch)(void *context, int32_t day), void *context);
/* All that follows from the facts of these dates, in the open transaction and at once: rolls, flags, tasks. */
const char *daemon_follow(struct daemon *daemon, const struct dayset *touched, const char *why,
                          struct daemon_consequences *out);
/* The same without logging, for a dry run: daemon_take_back must follow, which rolls back the transaction and
 * everything in memory that came of it. */
const char *daemon_rehearse(struct daemon *daemon, const struct dayset *touched, const char *why,
                            struct daemon_consequences *out);
const char *daemon_take_back(struct daemon *daemon);
/* Dates that wait for a person before they are decided (deciding.h), the first and the last with lessons, and how many; and
 * that person has looked. */
int daemon_decisions_wait(const struct daemon *daemon, int32_t *first, int32_t *last);
void daemon_confirm_decisions(struct daemon *daemon);
/* The rules, or days that are gone: all flags are decided anew. */
const char *daemon_decide_anew(struct daemon *daemon, const char *why);
/* No roll is taken of dates before this one, and what is in memory of school years gone by is forgotten: it must not be
 * written again. */
const char *daemon_freeze(struct daemon *daemon, int32_t before_day);
/* Nothing is committed or sent any more, and the caller of daemon_step ends the process. `what` failed, for the log. */
void daemon_fail(struct daemon *daemon, const char *what, const char *why);
/* Takes the roll where it is due, commits, sends. False when the daemon has failed: then nothing was. */
bool daemon_commit(struct daemon *daemon);
/* Sends a message to a terminal, at once: false when it was not taken. `assured`: the broker acknowledges it. */
bool daemon_tell(struct daemon *daemon, const char *terminal, const char *leaf, const char *bytes, size_t length,
                 bool assured);

#endif
