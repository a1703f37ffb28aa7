/* A ring of the latest taps, searched whole: 64 comparisons are less than what a better structure would cost. */
#include "firmware/core/debounce.h"

static int64_t distance_ms(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

bool debounce_again(const struct debounce *debounce, uint64_t token, uint8_t reader, int64_t at_ms,
                    uint32_t debounce_ms, uint32_t repeat_ms)
{
    for (size_t i = 0; i < DEBOUNCE_CARDS; i++) {
        const struct debounce_tap *tap = &debounce->taps[i];
        if (tap->token != token || !token)
            continue;
        int64_t apart_ms = distance_ms(at_ms, tap->at_ms);
        if (apart_ms < repeat_ms || (apart_ms < debounce_ms && tap->reader == reader))
            return true;
    }
    return false;
}

void debounce_remember(struct debounce *debounce, uint64_t token, uint8_t reader, int64_t at_ms)
{
    debounce->taps[debounce->next] = (struct debounce_tap){.token = token, .at_ms = at_ms, .reader = reader};
    debounce->next = (debounce->next + 1) % DEBOUNCE_CARDS;
}
