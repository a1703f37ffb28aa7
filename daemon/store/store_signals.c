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

static struct group_day group_of(const struct query *query)
{
    return (struct group_day){.kind = query_column_text(query, 0),
                              .name = query_column_text(query, 1),
                              .day = (int32_t)query_column(query, 2),
                              .counts = {.pupils = (int32_t)query_column(query, 3),
                                         .expected_minutes = query_column(query, 4),
                                         .absent_minutes = query_column(query, 5)}};
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

void store_group_days(struct store *store, int32_t from, int32_t to, store_group_day_visit *visit, void *context)
{
    struct query query = store_query(store, SQL_GROUP_DAYS);
    query_integer(&query, from);
    query_integer(&query, to);
    while (query_row(&query)) {
        struct group_day group_day = group_of(&query);
        visit(context, &group_day);
    }
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

void store_signals(struct store *store, int32_t day, store_signal_visit *visit, void *context)
{
    struct query query = store_query(store, SQL_SIGNALS);
    query_integer(&query, day);
    while (query_row(&query)) {
        struct group_day group_day = group_of(&query);
        visit(context, &group_day, (int32_t)query_column(&query, 6));
    }
}
