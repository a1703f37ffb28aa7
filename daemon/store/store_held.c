/* A held tap is a row beside its event: it counts once that row says that somebody accepted it. */
#include "daemon/store/store_held.h"

#include "common/civil.h"
#include "daemon/store/store_sql.h"

static struct query of_terminal(struct store *store, enum statement which, const char *terminal)
{
    struct query query = store_query(store, which);
    query_text(&query, terminal);
    return query;
}

static void give_day(struct query *query, int32_t day)
{
    if (day == CIVIL_DAY_NONE)
        query_null(query);
    else
        query_integer(query, day);
}

bool store_tap_unexpected(struct store *store, const char *terminal, uint64_t token, int64_t at_ms, int32_t day)
{
    struct query query = of_terminal(store, SQL_TAP_UNEXPECTED, terminal);
    query_integer(&query, (int64_t)token);
    query_integer(&query, at_ms);
    query_integer(&query, day);
    bool unexpected = query_row(&query) && query_column(&query, 0) != 0;
    query_end(&query);
    return unexpected;
}

void store_held_put(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence, const char *why,
                    int64_t now_ms)
{
    struct query query = of_terminal(store, SQL_HELD_PUT, terminal);
    query_integer(&query, (int64_t)generation);
    query_integer(&query, (int64_t)sequence);
    query_text(&query, why);
    query_integer(&query, now_ms);
    query_run(&query);
}

struct query store_held(struct store *store, size_t most)
{
    struct query query = store_query(store, SQL_HELD_LIST);
    query_integer(&query, (int64_t)most);
    return query;
}

bool store_next_held(struct query *rows, struct held_taps *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct held_taps){.terminal = query_column_text(rows, 0),
                              .day = query_column_day(rows, 1),
                              .why = query_column_text(rows, 2),
                              .count = query_column(rows, 3),
                              .first_ms = query_column(rows, 4),
                              .last_ms = query_column(rows, 5),
                              .received_ms = query_column(rows, 6)};
    return true;
}

struct query store_held_days(struct store *store, const char *terminal, int32_t day)
{
    struct query query = of_terminal(store, SQL_HELD_DAYS, terminal);
    give_day(&query, day);
    return query;
}

bool store_next_held_day(struct query *rows, int32_t *out)
{
    if (!query_row(rows))
        return false;
    *out = query_column_day(rows, 0);
    return true;
}

int64_t store_held_decide(struct store *store, const char *terminal, int32_t day, bool accept, const char *author,
                          int64_t now_ms)
{
    struct query query = of_terminal(store, SQL_HELD_DECIDE, terminal);
    give_day(&query, day);
    query_text(&query, accept ? "accepted" : "refused");
    query_text(&query, author);
    query_integer(&query, now_ms);
    query_run(&query);
    return store_changed_rows(store);
}

bool store_distrusted(struct store *store, const char *terminal)
{
    struct query query = of_terminal(store, SQL_DISTRUSTED, terminal);
    bool distrusted = query_row(&query);
    query_end(&query);
    return distrusted;
}

void store_distrust_put(struct store *store, const char *terminal, int64_t since_ms, const char *author,
                        const char *why, int64_t now_ms)
{
    struct query query = of_terminal(store, SQL_DISTRUST_PUT, terminal);
    query_integer(&query, since_ms);
    query_text(&query, author);
    query_text(&query, why);
    query_integer(&query, now_ms);
    query_run(&query);
}

bool store_distrust_end(struct store *store, const char *terminal, const char *author, int64_t now_ms,
                        int64_t *since_ms)
{
    struct query known = of_terminal(store, SQL_DISTRUSTED, terminal);
    bool any = query_row(&known);
    *since_ms = any ? query_column(&known, 0) : now_ms;
    query_end(&known);
    struct query query = of_terminal(store, SQL_DISTRUST_END, terminal);
    query_text(&query, author);
    query_integer(&query, now_ms);
    query_run(&query);
    return any;
}

int64_t store_distrust_reaches(struct store *store, const char *terminal, int64_t since_ms)
{
    struct query query = of_terminal(store, SQL_DISTRUST_REACHES, terminal);
    query_integer(&query, since_ms);
    bool any = query_row(&query) && !query_column_null(&query, 0);
    int64_t earliest_ms = any ? query_column(&query, 0) : since_ms;
    query_end(&query);
    return earliest_ms < since_ms ? earliest_ms : since_ms;
}
