/* A published message gets a new version only when its digest differs from the stored one, so that terminals need
 * not rewrite what they have. */
#include "daemon/store/store_versions.h"

#include "daemon/store/store_sql.h"

struct query store_rules(struct store *store, int32_t since)
{
    struct query query = store_query(store, SQL_RULES);
    query_integer(&query, since);
    return query;
}

bool store_next_rules(struct query *rows, struct stored_rules *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct stored_rules){.version = (uint32_t)query_column(rows, 0),
                                 .text = query_column_text(rows, 1),
                                 .from_day = (int32_t)query_column(rows, 2)};
    return true;
}

struct query store_rules_all(struct store *store)
{
    return store_query(store, SQL_RULES_ALL);
}

bool store_next_rules_record(struct query *rows, struct rules_record *out)
{
    if (!store_next_rules(rows, &out->rules))
        return false;
    out->author = query_column_text(rows, 3);
    out->approver = query_column_text(rows, 4);
    out->why = query_column_text(rows, 5);
    out->recorded_ms = query_column(rows, 6);
    return true;
}

uint32_t store_rules_add(struct store *store, const char *text, const char *author, const char *approver,
                         const char *why, int32_t from_day, int64_t now_ms)
{
    struct query query = store_query(store, SQL_RULES_ADD);
    query_text(&query, text);
    query_text(&query, author);
    query_text(&query, why);
    query_integer(&query, from_day);
    query_integer(&query, now_ms);
    query_text(&query, approver);
    query_run(&query);
    return (uint32_t)store_last_rowid(store);
}

void store_act_add(struct store *store, const char *action, const char *object, int64_t now_ms)
{
    struct query query = store_query(store, SQL_ACT_ADD);
    query_text(&query, action);
    query_integer(&query, now_ms);
    query_text(&query, object);
    query_run(&query);
}

/* A changed text gets the next version; an unchanged one keeps its own, after a restart as well. */
uint32_t store_publication_version(struct store *store, const char *topic, uint64_t digest, bool *changed)
{
    uint32_t version = 0;
    struct query get = store_query(store, SQL_PUBLICATION_GET);
    query_text(&get, topic);
    bool same = false;
    if (query_row(&get)) {
        version = (uint32_t)query_column(&get, 0);
        same = (uint64_t)query_column(&get, 1) == digest;
    }
    query_end(&get);
    *changed = !same;
    if (same)
        return version;
    struct query put = store_query(store, SQL_PUBLICATION_PUT);
    query_text(&put, topic);
    query_integer(&put, version + 1);
    query_integer(&put, (int64_t)digest);
    query_run(&put);
    return version + 1;
}

void store_publication_delete(struct store *store, const char *topic)
{
    struct query query = store_query(store, SQL_PUBLICATION_DELETE);
    query_text(&query, topic);
    query_run(&query);
}

bool store_publication_topic(struct store *store, size_t index, char out[WIRE_TOPIC_BYTES])
{
    struct query query = store_query(store, SQL_PUBLICATIONS);
    query_integer(&query, 1);
    query_integer(&query, (int64_t)index);
    bool found = query_row(&query);
    if (found)
        query_column_copy(&query, 0, out, WIRE_TOPIC_BYTES);
    query_end(&query);
    return found;
}

char *store_setting(struct store *store, const char *name)
{
    char *value = NULL;
    struct query query = store_query(store, SQL_SETTING_GET);
    query_text(&query, name);
    if (query_row(&query))
        value = strdup(query_column_text(&query, 0));
    query_end(&query);
    return value;
}

void store_setting_put(struct store *store, const char *name, const char *value)
{
    struct query query = store_query(store, SQL_SETTING_PUT);
    query_text(&query, name);
    query_text(&query, value);
    query_run(&query);
}

void store_status(struct store *store, int32_t today, struct store_status *out)
{
    *out = (struct store_status){0};
    struct query query = store_query(store, SQL_STATUS);
    query_integer(&query, today);
    if (!query_row(&query))
        return;
    out->last_event_ms = query_column(&query, 0);
    out->events_stored = query_column(&query, 1);
    out->any_decided = !query_column_null(&query, 2);
    out->decided_through = (int32_t)query_column(&query, 2);
    out->lessons_closed = query_column(&query, 3);
    out->flags_raised = query_column(&query, 4);
    out->flags_open = query_column(&query, 5);
    out->tasks_open = query_column(&query, 6);
    out->pupils = query_column(&query, 7);
    query_end(&query);
}
