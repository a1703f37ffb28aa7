/* Where each terminal hangs, and what is known of its certificate. */
#include "daemon/store/store_terminals.h"

#include "daemon/store/store_sql.h"

struct query store_terminals_seen(struct store *store, int32_t day)
{
    struct query query = store_query(store, SQL_TERMINALS_SEEN);
    query_integer(&query, day);
    return query;
}

bool store_next_terminal(struct query *rows, struct store_terminal *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct store_terminal){.terminal = query_column_text(rows, 0),
                                   .room = query_column_text(rows, 1),
                                   .phase = query_column_text(rows, 2),
                                   .queued = query_column(rows, 3),
                                   .received_ms = query_column(rows, 4),
                                   .certificate_to_ms = query_column(rows, 5),
                                   .revoked_ms = query_column(rows, 6),
                                   .revoked_why = query_column_text(rows, 7)};
    return true;
}

bool store_terminal_room(struct store *store, const char *terminal, int32_t day, char room[NAME_BYTES])
{
    struct query query = store_query(store, SQL_TERMINAL_ROOM);
    query_text(&query, terminal);
    query_integer(&query, day);
    bool listed = query_row(&query);
    if (listed)
        query_column_copy(&query, 0, room, NAME_BYTES);
    query_end(&query);
    return listed;
}

void store_terminal_insert(struct store *store, const char *terminal, const char *room, int32_t day, int64_t now_ms)
{
    struct query query = store_query(store, SQL_IMPORT_TERMINAL_INSERT);
    query_text(&query, terminal);
    query_text(&query, room);
    query_text(&query, "room");
    query_integer(&query, day);
    query_null(&query);
    query_integer(&query, now_ms);
    query_run(&query);
}

bool store_room_known(struct store *store, const char *room)
{
    struct query query = store_query(store, SQL_ROOM_KNOWN);
    query_text(&query, room);
    bool known = query_row(&query) && query_column(&query, 0) != 0;
    query_end(&query);
    return known;
}

void store_certificate_put(struct store *store, const char *terminal, int64_t to_ms, bool is_new)
{
    struct query query = store_query(store, SQL_CERTIFICATE_PUT);
    query_text(&query, terminal);
    query_integer(&query, to_ms);
    query_integer(&query, is_new);
    query_run(&query);
}

void store_certificate_first(struct store *store, const char *terminal, int64_t started_ms)
{
    struct query query = store_query(store, SQL_CERTIFICATE_FIRST);
    query_text(&query, terminal);
    query_integer(&query, started_ms);
    query_run(&query);
}

void store_certificate_revoke(struct store *store, const char *terminal, int64_t now_ms, const char *why)
{
    struct query query = store_query(store, SQL_CERTIFICATE_REVOKE);
    query_text(&query, terminal);
    query_integer(&query, now_ms);
    query_text(&query, why);
    query_run(&query);
}

bool store_terminal_revoked(struct store *store, const char *terminal)
{
    struct query query = store_query(store, SQL_CERTIFICATE_REVOKED);
    if (terminal != NULL)
        query_text(&query, terminal);
    else
        query_null(&query);
    bool revoked = query_row(&query);
    query_end(&query);
    return revoked;
}
