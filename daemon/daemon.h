/* The daemon without its edges: what comes in is a step, what goes out is a call. One thread; clock, store (with its
 * VFS) and network come from outside, so that the simulation drives the same code as the program.
 *
 * A turn of the loop: messages are ingested into one open transaction, DAEMON_TURN ends it: the roll is taken where it
 * is due, everything commits at once, and only then receipts and publications go out. Nothing is ever acknowledged
 * before its commit. When the store fails, `failed` is set, nothing more is sent, and the caller ends the process. */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include "common/clock.h"
#include "daemon/config.h"
#include "daemon/ingest.h"
#include "daemon/enrolment.h"
#include "daemon/publish.h"
#include "daemon/roll.h"
#include "daemon/store/store.h"
#include "daemon/terminals.h"

#define DAEMON_STATE_EVERY_MS 60000 /* our own state is repeated, real time */
#define DAEMON_WAKE_MS        1000  /* the longest sleep */
#define DAEMON_BUSY_MESSAGES  32    /* in one turn: more are waiting */
#define DAEMON_WHY_BYTES      64

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
};

/* Publishes; false when it was not taken, which nobody needs to know: what matters is repeated. */
typedef bool daemon_send(void *context, const char *topic, const char *bytes, size_t length, bool retained);

struct daemon {
    const struct config *config;
    const struct clock *clock;
    struct store *store;
    daemon_send *send;
    void *context;
    struct ingest ingest;
    struct terminals terminals;
    struct roll roll;
    struct publish publish;
    struct enrolment enrolment;
    char why[DAEMON_WHY_BYTES]; /* dates were touched, for flags that no longer follow */
    int32_t today;
    int64_t civil_offset_ms; /* civil time without the time that has gone by: another when somebody sets the clock */
    int64_t state_mono_ms;   /* when our state was last published */
    bool link_up;
    bool failed; /* the store did, or memory ran out: log, exit, be restarted */
    uint64_t malformed;
    unsigned messages; /* since the last commit */
    struct event events[WIRE_EVENTS_MAX];
};

/* `first_rules` is the text of the first version, used when the store has none. NULL, or why not. All but store, config,
 * clock and context is the daemon's. */
const char *daemon_open(struct daemon *daemon, const struct config *config, const struct clock *clock,
                        struct store *store, const char *first_rules, daemon_send *send, void *context);
void daemon_close(struct daemon *daemon);
void daemon_step(struct daemon *daemon, const struct daemon_input *input);
/* In how many milliseconds of real time the next DAEMON_TURN has something to do, at most DAEMON_WAKE_MS. */
int daemon_wake_ms(const struct daemon *daemon);
/* Topic filters to subscribe to. */
#define DAEMON_FILTERS 2
void daemon_filters(const struct daemon *daemon, char out[DAEMON_FILTERS][WIRE_TOPIC_BYTES]);
/* Our own state, as message and as will. Returns its length; 0: no memory. */
size_t daemon_state(const struct daemon *daemon, bool ready, char topic[WIRE_TOPIC_BYTES], char *bytes,
                    size_t capacity);

/* For commands: the school's facts or the rules changed inside the open transaction. */
const char *daemon_school_changed(struct daemon *daemon, const char *why);
const char *daemon_rules_changed(struct daemon *daemon);
/* Takes the roll where it is due, commits, sends. False when the daemon has failed. */
bool daemon_commit(struct daemon *daemon);

#endif
