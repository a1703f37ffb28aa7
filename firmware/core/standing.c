/* Two thresholds on how long the present run of serving, or of not serving, has lasted. */
#include "firmware/core/standing.h"

#include "common/fault.h"

static void go_out(struct standing *standing)
{
    standing->word = STANDING_OUT;
    bool stayed = !standing->returned || standing->since_mono_ms - standing->returned_mono_ms >= STANDING_UNSTEADY_MS;
    standing->short_stays = stayed ? 0 : standing->short_stays + 1;
}

static int64_t lasts_ms(const struct standing *standing)
{
    if (FAULT(every_flicker_told))
        return 0;
    if (!standing->serves)
        return STANDING_SILENT_MS;
    if (standing->word == STANDING_UNKNOWN)
        return 0;
    return standing->short_stays >= STANDING_SHORT_STAYS ? STANDING_UNSTEADY_MS : STANDING_STEADY_MS;
}

bool standing_note(struct standing *standing, bool serves, int64_t since_mono_ms, int64_t mono_ms)
{
    if (!standing->heard || serves != standing->serves)
        standing->since_mono_ms = since_mono_ms;
    standing->heard = true;
    standing->serves = serves;
    if (standing->word == (serves ? STANDING_IN : STANDING_OUT) ||
        mono_ms - standing->since_mono_ms < lasts_ms(standing))
        return false;
    if (!serves) {
        go_out(standing);
        return true;
    }
    standing->returned = standing->word == STANDING_OUT;
    standing->returned_mono_ms = mono_ms;
    standing->word = STANDING_IN;
    return true;
}

bool standing_lose(struct standing *standing, int64_t mono_ms)
{
    if (!standing->heard || standing->serves)
        standing->since_mono_ms = mono_ms;
    standing->heard = true;
    standing->serves = false;
    if (standing->word == STANDING_OUT)
        return false;
    go_out(standing);
    return true;
}
