/* The world of the simulation, in virtual time and on one thread: a broker that loses, doubles, delays and forgets; two
 * terminal engines on flash whose power goes; the daemon core with real SQLite on a disk that fails and tears; clocks
 * that jump a day; an office that corrects and imports. One random number generator drives it all, so that a seed decides
 * everything.
 *
 *   broker.c      messages between the others
 *   terminals.c   pupils' taps, the terminals' power, network and clocks
 *   lines.c       readers as heads on emulated lines, for runs that have them
 *   host.c        the daemon, its disk, its crashes
 *   office.c      marks, absences, timetable changes through the control commands
 *   term.c        how a day goes
 *   day.c         a whole day, with the lines
 *   evidence.c    a broker that is away, a timetable of before, a terminal that lies
 *   lamp.c        how long a pupil waits for the lamp
 *   invariants.c  what must hold, read from the database by SQL of its own
 *   main.c        which days are run
 */
#ifndef TESTS_SIMULATION_WORLD_H
#define TESTS_SIMULATION_WORLD_H

#include "daemon/daemon.h"
#include "firmware/core/head.h"
#include "firmware/core/poller.h"
#include "tests/memory_vfs.h"
#include "tests/school_facts.h"
#include "tests/terminal_rig.h"

#define TERMINALS        2
#define LETTERS_MAX      512
#define RETAINED_MAX     256
#define TAPS_MAX         16384
#define CORRECTIONS_MAX  1024
#define DAYS_MAX         366
#define KEPT_TABLES      4
#define JOURNALS_MAX     128
#define STEP_MS          1000
#define LATEST_LETTER_MS 20000
#define PLACES           20    /* messages of the client library that may wait for their acknowledgement */
#define OWED_MOST_MS     30000 /* a receipt that is due while the daemon is connected */
#define DAY_MS           86400000
#define DAY_STEPS        3300 /* from 07:40 to 08:35: lessons, their close, the day's close */
#define QUIET_STEPS      400

struct letter {
    bool used, retained;
    int to; /* 0 … TERMINALS - 1, or TERMINALS for the daemon */
    int64_t due_ms;
    size_t length;
    char topic[WIRE_TOPIC_BYTES];
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

struct retained {
    char topic[WIRE_TOPIC_BYTES];
    size_t length;
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

/* What a pupil did and saw. */
struct made_tap {
    int terminal, pupil;
    uint64_t generation, sequence, token;
    int64_t at_ms;
    bool
        shown; /* the lamp said it is kept; otherwise the power went while it was written, and it may be there or not */
    bool well_timed; /* the terminal's clock was right and said so */
};

/* A teacher's mark or an absence that the daemon said it took; pupil -1: the lesson is cancelled. */
struct correction {
    int pupil;
    int32_t day;
    int lesson; /* number as facts_write gives it; 0: the whole day */
    int64_t recorded_ms;
    enum status status;
};

/* The furthest receipt that a journal was sent. */
struct receipted {
    char terminal[ID_BYTES];
    uint64_t generation, upto;
};

/* A card that a head keeps until it is answered. */
struct held {
    int pupil;
    int64_t at_ms;
};

struct line {
    struct poller poller;
    uint32_t boot;  /* of the terminal whose poller this is */
    int64_t now_us; /* the true time */
    uint32_t baud;
    bool plugged, open; /* the adapter; the terminal's device */
    size_t head_count;
    struct head heads[POLLER_READERS_MAX];               /* addresses from 1 on */
    struct held held[POLLER_READERS_MAX][HEAD_TAPS_MAX]; /* in the order of the head's own queue */
};

struct simulation {
    uint64_t seed, random, trace;
    int64_t now_ms; /* the true time, UTC; also monotonic for the daemon */
    int32_t first_day, days;
    bool faults;
    bool on_lines;         /* readers are heads on lines; the clocks go wrong by day.c's plan alone */
    uint32_t office_every; /* steps between two pieces of the office's work, on average; 0: it is closed */

    struct rig rigs[TERMINALS];
    bool net_up[TERMINALS];
    int64_t net_back_ms[TERMINALS];
    int64_t clock_wrong_ms[TERMINALS]; /* what the machine's clock is ahead of the truth */
    struct terminal_message will[TERMINALS];
    uint64_t generations;

    struct config config;
    struct rig_clock daemon_clock;
    int64_t daemon_clock_wrong_ms;
    struct daemon *daemon;
    bool daemon_up;
    bool daemon_works; /* its code runs now, not ours */
    int64_t daemon_back_ms, link_back_ms;
    int64_t acknowledged_from_ms; /* until then the broker drops every acknowledgement to the daemon */
    uint64_t acknowledged;
    size_t outstanding;
    int64_t owed_since_ms,
        owed_most_ms;  /* the daemon took an event on this connection and has sent no receipt since; 0: it has */
    sqlite3 *observer; /* another connection: sees only what is committed */
    const char *database;

    struct letter letters[LETTERS_MAX];
    struct retained retained[RETAINED_MAX];
    struct made_tap taps[TAPS_MAX];
    size_t tap_count;
    struct correction corrections[CORRECTIONS_MAX];
    size_t correction_count;
    bool misdated[DAYS_MAX]; /* from first_day: some clock was wrong on it or on a day beside it */

    struct line lines[TERMINALS];
    struct lamps {
        int taps, dropped, tap_again, too_late, unfounded; /* unfounded: said "recorded" and nothing was */
        int of[FEEDBACKS];
        size_t shown;
        int32_t waited_ms[TAPS_MAX];
    } lamps;
    int misfortunes[3]; /* by the kinds of day.c */

    struct counts {
        int crashes, broker_losses, clock_jumps, new_journals, imports, disk_failures, acknowledgements_lost,
            reconnects, asked;
    } counts;
    struct receipted receipted[JOURNALS_MAX];
    size_t receipted_count;
    int beyond_durable; /* receipts for more than was durable when they were sent */
    struct kept {
        int64_t known;
        uint64_t digest;
    } kept[KEPT_TABLES]; /* as seen at the last look */
    int vanished;        /* committed facts or flags that were there and are not */
    int dry_runs_that_changed;
    int of_time_to_come; /* times that something stood which had not ended by the daemon's clock */
    size_t wal_bytes_most;
};
extern struct simulation sim;

uint32_t chance(uint32_t sides);
bool mishap(uint32_t sides); /* while there are faults, one time in so many */
void trace(const void *bytes, size_t length);
void trace_number(int64_t number);
void note_misdated(void); /* some clock is wrong now */

void broker_publish(const char *topic, const char *bytes, size_t length, bool retained);
void broker_give_retained(int who);
void broker_deliver_all(void (*deliver)(const struct letter *letter));
void broker_forget(void); /* its power went: retained messages and what was on its way are gone */

void terminal_power_on(int who, uint64_t generation);
void terminal_tap(int who, int pupil);
/* Gives the engine a tap and notes it. FEEDBACK_NONE: the power went, and the terminal has started anew. */
enum feedback terminal_take_tap(int who, int pupil, int64_t at_ms, const struct terminal_input *tap);
bool terminal_says_recorded(enum feedback feedback);
void terminal_restart(int who);
void terminal_synchronise(int who); /* the time service has come: the clock is right, and says so */
void terminal_run(int who);
void terminal_hear(const struct letter *letter);
void terminal_disconnect(int who, int64_t for_ms);
void terminal_set_clock(int who, int64_t wrong_ms);

void lines_open(int who, size_t head_count, uint32_t baud);
void lines_hold(int who, int pupil); /* a card is held to one of the heads */
void lines_run(int who);             /* until now */

void host_start(void);
void host_stop(void);
void host_hear(const struct letter *letter);
void host_run(bool anything);
int64_t host_ask(const char *question); /* first column of the first row, by the observer; -1: none */

void office_work(int32_t today);
/* Somebody looks whether dates wait to be decided, and says that they may while the daemon's clock is right. */
void office_confirm(void);

void term_open(uint64_t seed, int32_t first_day, int days);
void term_day(int32_t day, void (*step)(void)); /* `step` is term_step, or does it among other things */
void term_drain(void);                          /* all is well again, until nothing waits any more */
void term_step(void);
int64_t term_arrival_ms(int pupil, int32_t day, int start_minute); /* INT64_MAX: does not come */
/* So many taps at `heads` readers of one terminal, at random and `apart_ms` apart on average, all well: sorted into lamps. */
void lamp_measure(size_t heads, uint32_t baud, int taps, uint32_t apart_ms);
void day_live(uint64_t seed, int32_t day); /* term_open to just before term_drain */

/* Each runs its days and checks on the way; false when somebody was accused without evidence, after saying of what. */
bool evidence_weekend(uint64_t seed, int32_t monday);
bool evidence_old_timetable(uint64_t seed, int32_t monday);
bool evidence_liar(uint64_t seed, int32_t monday);

struct findings {
    int taps_not_once, from_nowhere, beyond_durable, waiting, vanished, absent_who_tapped, present_who_never_came,
        corrections_ignored, days_missing, dry_runs_that_changed, damaged, wal_too_big, owed_too_long, of_time_to_come;
    bool flags_not_from_facts, outages_not_from_facts;
    int64_t stored, flags;
};
/* Lessons that pupils are said to have missed who showed their card at them, as it stands now. */
int invariants_accused(void);
uint64_t invariants_outcomes(int32_t through_day); /* a digest */
void invariants_ended(void); /* each minute: by the daemon's clock all that is derived has ended */
void invariants_watch(void); /* at each day's end: nothing that was committed may vanish */
struct findings invariants_check(void);
int findings_count(const struct findings *findings);
void findings_tell(const struct findings *findings);

#endif
