/* The send window: which sequences are sent next. Go-back-N over the journal's sequences, oldest first: at most
 * OUTBOX_BATCHES messages of OUTBOX_BATCH_EVENTS events wait for a receipt; after OUTBOX_PATIENCE_MS without
 * progress, or on a new connection, everything without a receipt goes out again. Nothing goes out while the daemon
 * is away. Pure. */
#ifndef FIRMWARE_CORE_OUTBOX_H
#define FIRMWARE_CORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTBOX_BATCHES      4
#define OUTBOX_BATCH_EVENTS 16
#define OUTBOX_PATIENCE_MS  30000

struct outbox {
    bool net_up, daemon_ready;
    uint64_t confirmed;            /* receipts cover up to here, as far as the daemon is known to know */
    uint64_t sent;                 /* returned by outbox_next up to here */
    uint64_t ends[OUTBOX_BATCHES]; /* last sequence of each batch in flight, ascending */
    size_t batches;
    int64_t progress_mono_ms; /* the last receipt that helped, or the first batch after a standstill */
};

void outbox_open(struct outbox *outbox, uint64_t acknowledged);
void outbox_net(struct outbox *outbox, bool up);
void outbox_daemon(struct outbox *outbox, bool ready);
/* A receipt of our generation. One that is lower than before means that the daemon has lost events (a restored
 * backup): they are sent again. `oldest` is the lowest sequence that the journal still holds. */
void outbox_receipt(struct outbox *outbox, uint64_t upto, uint64_t oldest, int64_t mono_ms);
/* Everything that the journal still holds is sent again. */
void outbox_rewind(struct outbox *outbox, uint64_t oldest);
/* The first sequence of the next batch, or 0 when nothing may go out now. `last` is the journal's newest. */
uint64_t outbox_next(struct outbox *outbox, uint64_t last, int64_t mono_ms);
void outbox_sent(struct outbox *outbox, uint64_t last_of_batch, int64_t mono_ms);
/* After how long outbox_next may answer otherwise although nothing has happened; INT64_MAX = never. */
int64_t outbox_wait_ms(const struct outbox *outbox, int64_t mono_ms);

#endif
