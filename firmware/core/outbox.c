/* Invariant: confirmed <= sent, and `ends` holds the last sequence of every batch between them, in ascending order. */
#include "firmware/core/outbox.h"

#include <assert.h>
#include <string.h>

void outbox_open(struct outbox *outbox, uint64_t acknowledged)
{
    *outbox = (struct outbox){.confirmed = acknowledged, .sent = acknowledged};
}

/* Go-back-N: everything that is not confirmed counts as not sent. */
static void go_back(struct outbox *outbox)
{
    outbox->sent = outbox->confirmed;
    outbox->batches = 0;
}

/* The daemon's state is a retained message: it arrives again on a new connection, and until then the daemon counts
 * as away. */
void outbox_net(struct outbox *outbox, bool up)
{
    outbox->net_up = up;
    outbox->daemon_ready = false;
    go_back(outbox);
}

void outbox_daemon(struct outbox *outbox, bool ready)
{
    if (ready && !outbox->daemon_ready)
        go_back(outbox);
    outbox->daemon_ready = ready;
}

void outbox_receipt(struct outbox *outbox, uint64_t upto, uint64_t oldest, int64_t mono_ms)
{
    assert(oldest >= 1);
    if (upto < outbox->confirmed) {
        outbox->confirmed = upto >= oldest ? upto : oldest - 1;
        go_back(outbox);
        return;
    }
    if (upto == outbox->confirmed)
        return;
    outbox->confirmed = upto;
    outbox->progress_mono_ms = mono_ms;
    if (outbox->sent < upto)
        outbox->sent = upto;
    size_t done = 0;
    while (done < outbox->batches && outbox->ends[done] <= upto)
        done++;
    outbox->batches -= done;
    memmove(outbox->ends, outbox->ends + done, outbox->batches * sizeof outbox->ends[0]);
}

void outbox_rewind(struct outbox *outbox, uint64_t oldest)
{
    assert(oldest >= 1);
    if (oldest - 1 < outbox->confirmed)
        outbox->confirmed = oldest - 1;
    go_back(outbox);
}

uint64_t outbox_next(struct outbox *outbox, uint64_t last, int64_t mono_ms)
{
    if (!outbox->net_up || !outbox->daemon_ready)
        return 0;
    if (outbox->batches && mono_ms - outbox->progress_mono_ms >= OUTBOX_PATIENCE_MS)
        go_back(outbox);
    return outbox->batches < OUTBOX_BATCHES && outbox->sent < last ? outbox->sent + 1 : 0;
}

void outbox_sent(struct outbox *outbox, uint64_t last_of_batch, int64_t mono_ms)
{
    assert(last_of_batch > outbox->sent && outbox->batches < OUTBOX_BATCHES);
    if (outbox->batches == 0)
        outbox->progress_mono_ms = mono_ms;
    outbox->ends[outbox->batches++] = last_of_batch;
    outbox->sent = last_of_batch;
}

int64_t outbox_wait_ms(const struct outbox *outbox, int64_t mono_ms)
{
    if (!outbox->net_up || !outbox->daemon_ready || !outbox->batches)
        return INT64_MAX;
    int64_t left_ms = OUTBOX_PATIENCE_MS - (mono_ms - outbox->progress_mono_ms);
    return left_ms > 0 ? left_ms : 0;
}
