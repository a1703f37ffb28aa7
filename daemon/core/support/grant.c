/* Sums of one month. */
#include "daemon/core/support/grant.h"

#include "common/civil.h"

void grant_add(struct grant *grant, int32_t day, const struct outcome *outcomes, size_t count)
{
    int minutes = 0;
    for (size_t i = 0; i < count; i++)
        if (outcomes[i].status == STATUS_UNREPORTED || outcomes[i].status == STATUS_LATE)
            minutes += outcomes[i].absent_minutes;
    if (minutes == 0)
        return;
    if (grant->first_day == CIVIL_DAY_NONE || day < grant->first_day)
        grant->first_day = day;
    grant->minutes += minutes;
    grant->dates++;
}

bool grant_is_listed(const struct grant *grant)
{
    return grant->minutes >= GRANT_MINUTES && grant->dates >= GRANT_DATES;
}

enum grant_when grant_when(const struct grant *grant, int32_t today)
{
    int32_t gone = today - grant->first_day;
    return gone < GRANT_LEAST_DAYS ? GRANT_TOO_EARLY : gone < GRANT_USUAL_DAYS ? GRANT_WITH_REASON : GRANT_USUAL;
}
