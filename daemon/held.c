/* Only taps that count and came later than a minute after they were made can be held. */
#include "daemon/held.h"

#include "common/fault.h"
#include "daemon/core/coverage.h"
#include "daemon/store/store_held.h"

#define MOMENT_MS 60000 /* a tap received within this is current, so its date cannot have been decided */

void held_consider(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence, uint64_t token,
                   const struct settlement *settlement, int64_t now_ms)
{
    if (settlement->settled_ms == SETTLED_NONE || now_ms - settlement->settled_ms < MOMENT_MS ||
        FAULT(late_tap_without_person))
        return;
    if (now_ms - settlement->settled_ms > COVERAGE_WORD_MS)
        store_held_put(store, terminal, generation, sequence, "late", now_ms);
    else if (!FAULT(unexpected_tap_decides) &&
             store_tap_unexpected(store, terminal, token, settlement->settled_ms, settlement->settled_day))
        store_held_put(store, terminal, generation, sequence, "unexpected", now_ms);
}
