/* The store's part for what has versions: the rules, and what is retained at the broker; for acts; and the counts of `status`. */
#ifndef DAEMON_STORE_VERSIONS_H
#define DAEMON_STORE_VERSIONS_H

#include "common/query.h"
#include "common/wire.h"
#include "daemon/store/store.h"

/* The version of the rules that is in force on the date `since`, and all that apply from a later one, in the order in which
 * they apply. */
struct stored_rules {
    uint32_t version;
    const char *text; /* libconfig, until the next */
    int32_t from_day;
};
struct query store_rules(struct store *store, int32_t since);
bool store_next_rules(struct query *rows, struct stored_rules *out);

/* Every version there is, the one that applies last first. Texts until the next. */
struct rules_record {
    struct stored_rules rules;
    const char *author, *approver, *why;
    int64_t recorded_ms;
};
struct query store_rules_all(struct store *store);
bool store_next_rules_record(struct query *rows, struct rules_record *out);

uint32_t store_rules_add(struct store *store, const char *text, const char *author, const char *approver,
                         const char *why, int32_t from_day, int64_t now_ms);

/* What somebody did who keeps no log, in the words of the dashboard's. */
void store_act_add(struct store *store, const char *action, const char *object, int64_t now_ms);

/* The version under which `digest` is published at `topic`: the one it has, or the next. *changed says which. */
uint32_t store_publication_version(struct store *store, const char *topic, uint64_t digest, bool *changed);
void store_publication_delete(struct store *store, const char *topic);
/* The topic at `index` in their order. False when there are no more. */
bool store_publication_topic(struct store *store, size_t index, char out[WIRE_TOPIC_BYTES]);

/* What everybody who reads the database should know (`school`, `demo`), and what is kept from one command to the next. A value
 * that is read is the caller's; NULL: there is none, or no memory. */
char *store_setting(struct store *store, const char *name);
void store_setting_put(struct store *store, const char *name, const char *value);

struct store_status {
    int64_t last_event_ms, events_stored, lessons_closed, flags_raised, flags_open, tasks_open, pupils;
    bool any_decided;
    int32_t decided_through;
};
/* Pupils are those at the school on `today`. */
void store_status(struct store *store, int32_t today, struct store_status *out);

#endif
