/* What is known of a pupil and of the dates before one. */
#include "daemon/store/store_sameday.h"

#include "common/civil.h"
#include "daemon/store/store_sql.h"

static struct query query_of(struct store *store, enum statement which, const char *pupil_id, int32_t day)
{
    struct query query = store_query(store, which);
    query_text(&query, pupil_id);
    query_integer(&query, day);
    return query;
}

struct sameday_pupil store_sameday_pupil(struct store *store, const char *pupil_id, int32_t day)
{
    struct sameday_pupil pupil = {.birth_day = CIVIL_DAY_NONE};
    struct query query = query_of(store, SQL_SAMEDAY_PUPIL, pupil_id, day);
    if (query_row(&query)) {
        pupil.is_placed = query_column(&query, 0) != 0;
        pupil.has_god_man = query_column(&query, 1) != 0;
        pupil.birth_day = query_column_day(&query, 2);
    }
    query_end(&query);
    return pupil;
}

enum sameday store_sameday_before(struct store *store, const char *pupil_id, int32_t day)
{
    enum sameday before = SAMEDAY_NOTHING;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    struct query days = query_of(store, SQL_PUPIL_DAYS_BACK, pupil_id, day - SAMEDAY_BACK_DAYS);
    query_integer(&days, day - 1);
    while (before == SAMEDAY_NOTHING && query_row(&days)) {
        size_t length;
        const uint8_t *packed = query_column_bytes(&days, 1, &length);
        int count = outcome_unpack(packed, length, outcomes);
        before = count > 0 ? sameday_of(outcomes, (size_t)count) : SAMEDAY_NOTHING;
    }
    query_end(&days);
    return before;
}

int32_t store_last_minute(struct store *store, const char *pupil_id, int32_t day)
{
    struct query query = query_of(store, SQL_LAST_MINUTE, pupil_id, day);
    int32_t minute = query_row(&query) ? (int32_t)query_column(&query, 0) : 0;
    query_end(&query);
    return minute;
}
