/* Group days and signals are replaced a whole date at a time. */
#include "daemon/store/store_signals.h"

#include "daemon/store/store_sql.h"

static void run_with_day(struct store *store, enum statement which, int32_t day)
{
    struct query query = store_query(store, which);
    query_integer(&query, day);
    query_run(&query);
}

static void give_group(struct query *query, const struct group_day *group_day)
{
    query_text(query, group_day->kind);
    query_text(query, group_day->name);
    query_integer(query, group_day->day);
    query_integer(query, group_day->counts.pupils);
    query_integer(query, group_day->counts.expected_minutes);
    query_integer(query, group_day->counts.absent_minutes);
}

bool store_next_group_day(struct query *rows, struct group_day *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct group_day){.kind = query_column_text(rows, 0),
                              .name = query_column_text(rows, 1),
                              .day = (int32_t)query_column(rows, 2),
                              .counts = {.pupils = (int32_t)query_column(rows, 3),
                                         .expected_minutes = query_column(rows, 4),
                                         .absent_minutes = query_column(rows, 5)}};
    return true;
}

void store_group_days_clear(struct store *store, int32_t day)
{
    run_with_day(store, SQL_GROUP_DAYS_CLEAR, day);
}

void store_group_day_add(struct store *store, const struct group_day *group_day)
{
    struct query query = store_query(store, SQL_GROUP_DAY_ADD);
    give_group(&query, group_day);
    query_run(&query);
}

struct query store_group_days(struct store *store, int32_t from, int32_t to)
{
    struct query query = store_query(store, SQL_GROUP_DAYS);
    query_integer(&query, from);
    query_integer(&query, to);
    return query;
}

void store_signals_clear(struct store *store, int32_t day)
{
    run_with_day(store, SQL_SIGNALS_CLEAR, day);
}

void store_signal_add(struct store *store, const struct group_day *group_day, int32_t usual_ppm)
{
    struct query query = store_query(store, SQL_SIGNAL_ADD);
    give_group(&query, group_day);
    query_integer(&query, usual_ppm);
    query_run(&query);
}

struct query store_signals(struct store *store, int32_t day)
{
    struct query query = store_query(store, SQL_SIGNALS);
    query_integer(&query, day);
    return query;
}

bool store_next_signal(struct query *rows, struct group_day *out, int32_t *usual_ppm)
{
    if (!store_next_group_day(rows, out))
        return false;
    *usual_ppm = (int32_t)query_column(rows, 6);
    return true;
}
