#include "daemon/deciding.h"

#include "common/civil.h"
#include "common/fault.h"
#include "common/log.h"
#include "daemon/store/store_days.h"

void deciding_open(struct deciding *deciding, struct store *store)
{
    *deciding = (struct deciding){.store = store, .asking = store_asking(store)};
}

/* Undecided dates with lessons, from the later of `from` and the earliest that is looked at. `among`: of these alone, NULL: all. */
static int count(const struct deciding *deciding, int32_t from, int32_t through, const struct dayset *among,
                 int32_t *first, int32_t *last)
{
    int dates = 0;
    int32_t day;
    from = from < through - DAYSET_PAST ? through - DAYSET_PAST : from;
    if (from > through)
        return 0;
    struct query rows = store_undecided(deciding->store, from, through);
    while (store_next_day(&rows, &day)) {
        if (among != NULL && !dayset_has(among, day))
            continue;
        *first = dates == 0 ? day : *first;
        *last = day;
        dates++;
    }
    return dates;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

void deciding_consider(struct deciding *deciding, int32_t earliest, int32_t today, int64_t now_ms)
{
    struct stored_asking *asking = &deciding->asking;
    int32_t first = 0, last = 0, from = earliest;
    if (later(asking->asked, asking->confirmed) != INT32_MIN)
        from = later(from, later(asking->asked, asking->confirmed) + 1);
    int dates = count(deciding, from, today, NULL, &first, &last);
    int64_t sign_ms = store_last_sign_ms(deciding->store, now_ms);
    bool silent = sign_ms != INT64_MIN && now_ms - sign_ms > DECIDING_SILENT_MS;
    if (dates == 0 || (!silent && dates - (last == today) <= DECIDING_DATES_MAX) || FAULT(nobody_is_asked))
        return;
    asking->asked = silent ? today : today - 1;
    asking->asked_ms = now_ms;
    store_asking_put(deciding->store, asking);
    char date[CIVIL_DATE_BYTES];
    civil_write_date(first, date);
    log_warn("decisions wait for a person: is the clock right? see `narvaro decisions' from=%s dates=%d silent=%d",
             date, dates, silent);
}

bool deciding_may(const struct deciding *deciding, int32_t day)
{
    return day <= deciding->asking.confirmed || day > deciding->asking.asked;
}

static int waiting(const struct deciding *deciding, int32_t earliest, int32_t today, const struct dayset *among,
                   int32_t *first, int32_t *last)
{
    const struct stored_asking *asking = &deciding->asking;
    if (asking->asked == INT32_MIN || asking->asked <= asking->confirmed)
        return 0;
    int32_t from = asking->confirmed == INT32_MIN ? earliest : later(earliest, asking->confirmed + 1);
    return count(deciding, from, asking->asked < today ? asking->asked : today, among, first, last);
}

int deciding_waiting(const struct deciding *deciding, int32_t earliest, int32_t today, int32_t *first, int32_t *last)
{
    return waiting(deciding, earliest, today, NULL, first, last);
}

bool deciding_may_commanded(const struct deciding *deciding, const struct dayset *about, int32_t earliest,
                            int32_t today)
{
    int32_t first, last;
    return waiting(deciding, earliest, today, about, &first, &last) <= DECIDING_DATES_MAX;
}

void deciding_confirm(struct deciding *deciding)
{
    deciding->asking.confirmed = later(deciding->asking.confirmed, deciding->asking.asked);
    deciding->asking.asked = INT32_MIN;
    store_asking_put(deciding->store, &deciding->asking);
}

void deciding_clock_back(struct deciding *deciding, int32_t today, int64_t now_ms)
{
    struct stored_asking *asking = &deciding->asking;
    if (asking->asked_ms > now_ms)
        asking->asked = INT32_MIN;
    if (asking->confirmed >= today)
        asking->confirmed = today - 1;
    store_asking_put(deciding->store, asking);
}
