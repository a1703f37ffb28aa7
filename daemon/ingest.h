/* From events to facts: the next expected sequence of each (terminal, journal generation) is stored, repeats cost
 * nothing, what comes too early is left to the terminal's patience (docs/wire.md). Receipts say how far the committed
 * prefix reaches, and are made only after the commit.
 *
 * Works inside the store's open transaction; a failing store is noticed at commit. Never acts: what must be recomputed
 * is put into `touched`. */
#ifndef DAEMON_INGEST_H
#define DAEMON_INGEST_H

#include "common/wire.h"
#include "daemon/complaints.h"
#include "daemon/life.h"
#include "daemon/store/store.h"
#include "daemon/store/store_events.h"

#define INGEST_JOURNALS_MAX  256 /* in memory; the one that was silent longest makes room, the store knows them all */
#define INGEST_EACH_MAX      16  /* of one terminal, that wait for their receipts */
#define INGEST_RECEIPTS_PAST 256 /* a repeat hears again of at most so many sequences' refusals */
#define INGEST_ANNOUNCED     64  /* receipts announced in one turn */
#define INGEST_WAITING_MAX   8   /* events without a receipt that a journal puts up with while we are busy … */
#define INGEST_TURNS_MAX     4   /* … and for so many turns: its window must not run empty */
#define INGEST_SEQUENCE_MAX  (UINT64_C(1) << 62) /* the store's integers are signed */

/* What is known of one journal. */
struct ingest_journal {
    char terminal[ID_BYTES];
    uint64_t generation;
    uint64_t upto;      /* every sequence up to this is stored, or recorded as a gap */
    uint64_t announced; /* the last receipt told of refusals up to this */
    uint64_t heard;     /* counts up: which was silent longest */
    int turns;          /* that the receipt has been put off */
    bool used, after_gap, receipt_due;
    bool refused_some; /* after `announced`, perhaps */
    bool unsaved;      /* the store's receipt is behind, by so many events, the latest of them received then: */
    uint64_t events;
    struct life life; /* of its latest boot */
    bool distrusted;  /* its terminal is distrusted: no event is a sign of life */
    int64_t received_ms;
};

struct ingest_counts {
    uint64_t stored, repeated, early, gaps, malformed, refused;
};

struct ingest {
    struct store *store;
    int32_t rate;          /* civil milliseconds for each monotonic one (clock.h) */
    int64_t rolled_ms;     /* the roll has been taken up to here: a tap before it is late news */
    struct dayset touched; /* dates whose roll call must run again */
    bool receipts_due, unsaved;
    bool announcing; /* the receipts of all journals, as far as the last one announced */
    struct stored_receipt announced;
    struct complaints *complaints;
    bool has_enrolled; /* `enrolled` is the first enrol event stored since somebody looked */
    struct event enrolled;
    uint64_t heard;
    struct ingest_counts counts;
    struct ingest_journal journals[INGEST_JOURNALS_MAX];
};

void ingest_init(struct ingest *ingest, struct store *store, struct complaints *complaints, int32_t rate,
                 int32_t today);

/* Stores what of these is new, in the order given. `now_ms`: UTC of reception. */
void ingest_events(struct ingest *ingest, const char *terminal, const struct event *events, size_t count,
                   int64_t now_ms);

/* Our own clock was set: events whose time was not believed may count now. In the open transaction. */
void ingest_clock_set(struct ingest *ingest, int64_t now_ms);

/* The terminal is trusted again, or no longer: what follows from its events is derived again. */
void ingest_retell(struct ingest *ingest, const char *terminal);

/* Before the commit: how far the journals have come, once each instead of at every event. */
void ingest_save(struct ingest *ingest);

/* After the commit: the receipts that are due, one call each. While `busy` (more is waiting) they are fewer, for each costs
 * the broker as much as an event: receipts_due stays, for the next turn. */
typedef void ingest_send_receipt(void *context, const char *terminal, const struct wire_receipt *receipt);
void ingest_receipts(struct ingest *ingest, bool busy, ingest_send_receipt *send, void *context);
/* Says of every journal in the store how far it has come, INGEST_ANNOUNCED of them at each ingest_announce: at start, and
 * when the connection is new. */
void ingest_announce_all(struct ingest *ingest);
/* After a commit. */
void ingest_announce(struct ingest *ingest, ingest_send_receipt *send, void *context);

#endif
