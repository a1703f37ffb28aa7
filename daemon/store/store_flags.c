/* A flag's row is its present state, and flag_change its history; evidence is compared by a digest, so that the long
 * texts need not be read back. */
#include "daemon/store/store_flags.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/store/store_sql.h"

enum { FLAGS_STEP = 64 };

/* FNV-1a. Not cryptographic: it is compared only with digests of our own texts. */
uint64_t store_digest(const void *bytes, size_t length)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        digest = (digest ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    return digest;
}

static uint64_t column_digest(const struct query *query, int column)
{
    size_t length;
    const void *text = query_column_bytes(query, column, &length);
    return store_digest(text, length);
}

static void give_day_or_null(struct query *query, int32_t day)
{
    if (day == 0)
        query_null(query);
    else
        query_integer(query, day);
}

static bool flags_room(struct stored_flags *flags)
{
    if (flags->count < flags->capacity)
        return true;
    size_t capacity = 2 * flags->capacity + FLAGS_STEP;
    struct stored_flag *more = realloc(flags->flags, capacity * sizeof *more);
    if (more == NULL)
        return false;
    flags->flags = more;
    flags->capacity = capacity;
    return true;
}

bool store_flags_of(struct store *store, const char *pupil_id, int32_t since, struct stored_flags *out)
{
    bool room = true;
    struct query query = store_query(store, SQL_FLAGS_OF);
    query_text(&query, pupil_id);
    query_integer(&query, since);
    out->count = 0;
    while (query_row(&query) && (room = flags_room(out))) {
        struct stored_flag *flag = &out->flags[out->count++];
        *flag = (struct stored_flag){
            .flag = query_column(&query, 0),
            .rules_version = (uint32_t)query_column(&query, 2),
            .raised_day = (int32_t)query_column(&query, 3),
            .cleared_day = (int32_t)query_column(&query, 4),
            .withdrawn = query_column(&query, 5) != 0,
            .evidence_digest = column_digest(&query, 6),
        };
        query_column_copy(&query, 1, flag->rule, sizeof flag->rule);
    }
    query_end(&query);
    return room;
}

bool store_flags_open_before(struct store *store, int32_t day)
{
    struct query query = store_query(store, SQL_FLAGS_OPEN_BEFORE);
    query_integer(&query, day);
    bool any = query_row(&query);
    query_end(&query);
    return any;
}

struct query store_flags_known(struct store *store, const char *pupil_id, int64_t known_ms, int64_t after, size_t most)
{
    struct query query = store_query(store, SQL_FLAGS_KNOWN);
    query_integer(&query, known_ms);
    query_integer(&query, after);
    query_text(&query, pupil_id);
    query_integer(&query, (int64_t)most);
    return query;
}

bool store_next_known_flag(struct query *rows, struct known_flag *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct known_flag){
        .flag = query_column(rows, 0),
        .pupil_id = query_column_text(rows, 1),
        .rule = query_column_text(rows, 2),
        .severity = (int32_t)query_column(rows, 3),
        .rules_version = (uint32_t)query_column(rows, 4),
        .raised_day = (int32_t)query_column(rows, 5),
        .cleared_day = (int32_t)query_column(rows, 6),
    };
    return true;
}

int64_t store_flag_insert(struct store *store, const struct new_flag *flag)
{
    struct query query = store_query(store, SQL_FLAG_INSERT);
    query_text(&query, flag->pupil_id);
    query_text(&query, flag->rule);
    query_integer(&query, flag->severity);
    query_integer(&query, flag->rules_version);
    query_integer(&query, flag->raised_day);
    give_day_or_null(&query, flag->cleared_day);
    query_text(&query, flag->evidence);
    query_integer(&query, flag->decided_ms);
    query_run(&query);
    return store_last_rowid(store);
}

void store_flag_update(struct store *store, int64_t flag, int32_t cleared_day, const char *evidence)
{
    struct query query = store_query(store, SQL_FLAG_UPDATE);
    query_integer(&query, flag);
    give_day_or_null(&query, cleared_day);
    query_text(&query, evidence);
    query_run(&query);
}

void store_flag_withdraw(struct store *store, int64_t flag, int64_t now_ms, const char *why)
{
    struct query query = store_query(store, SQL_FLAG_WITHDRAW);
    query_integer(&query, flag);
    query_integer(&query, now_ms);
    query_text(&query, why);
    query_run(&query);
}

void store_flag_change(struct store *store, int64_t flag, const char *change, int32_t day, const char *why,
                       int64_t now_ms)
{
    struct query query = store_query(store, SQL_FLAG_CHANGE);
    query_integer(&query, flag);
    query_text(&query, change);
    give_day_or_null(&query, day);
    query_text(&query, why);
    query_integer(&query, now_ms);
    query_run(&query);
}

void store_tasks_end_left(struct store *store, int32_t today, int64_t now_ms)
{
    struct query query = store_query(store, SQL_TASKS_END_LEFT);
    query_integer(&query, today);
    query_integer(&query, now_ms);
    query_run(&query);
}

const char *const TASK_WORDS[TASK_KINDS] = {[TASK_GUARDIAN] = "guardian", [TASK_ROUTINE] = "routine"};

static struct query query_of_task(struct store *store, enum statement which, const struct task_of *task)
{
    struct query query = store_query(store, which);
    query_text(&query, TASK_WORDS[task->kind]);
    query_text(&query, task->pupil_id);
    query_integer(&query, task->day);
    return query;
}

enum task_state store_task(struct store *store, const struct task_of *task, uint64_t *lessons_digest)
{
    struct query query = query_of_task(store, SQL_TASK_GET, task);
    if (!query_row(&query))
        return TASK_NONE;
    *lessons_digest = column_digest(&query, 0);
    enum task_state state = query_column(&query, 1) != 0 ? TASK_CLOSED : TASK_OPEN;
    query_end(&query);
    return state;
}

void store_task_put(struct store *store, const struct task_of *task, const char *lessons, int64_t now_ms)
{
    struct query query = query_of_task(store, SQL_TASK_PUT, task);
    query_text(&query, lessons);
    query_integer(&query, now_ms);
    query_run(&query);
}

void store_task_close(struct store *store, const struct task_of *task, int64_t now_ms, const char *why)
{
    struct query query = query_of_task(store, SQL_TASK_CLOSE, task);
    query_integer(&query, now_ms);
    query_text(&query, why);
    query_run(&query);
}

static bool read_open_tasks(struct store *store, struct store_totals *out)
{
    size_t capacity = 0;
    bool good = true;
    struct query query = store_query(store, SQL_OPEN_TASKS);
    while (good && query_row(&query)) {
        if (out->open_count == capacity) {
            capacity = 2 * capacity + 64;
            int64_t *larger = realloc(out->open_tasks, capacity * sizeof *larger);
            good = larger != NULL;
            out->open_tasks = good ? larger : out->open_tasks;
        }
        if (good)
            out->open_tasks[out->open_count++] = query_column(&query, 0);
    }
    query_end(&query);
    return good;
}

bool store_totals(struct store *store, struct store_totals *out)
{
    *out = (struct store_totals){0};
    struct query query = store_query(store, SQL_FLAG_TOTALS);
    if (query_row(&query)) {
        out->raised = query_column(&query, 0);
        out->withdrawn = query_column(&query, 1);
        out->cleared = query_column(&query, 2);
        out->latest_change = query_column(&query, 3);
    }
    query_end(&query);
    return read_open_tasks(store, out);
}

void store_totals_free(struct store_totals *totals)
{
    free(totals->open_tasks);
    *totals = (struct store_totals){0};
}

/* Both lists are ascending. */
static int64_t count_only_in(const struct store_totals *these, const struct store_totals *those)
{
    int64_t only = 0;
    for (size_t i = 0, k = 0; i < these->open_count; i++) {
        while (k < those->open_count && those->open_tasks[k] < these->open_tasks[i])
            k++;
        only += k == those->open_count || those->open_tasks[k] != these->open_tasks[i];
    }
    return only;
}

struct store_consequences store_consequences_between(const struct store_totals *before,
                                                     const struct store_totals *after)
{
    return (struct store_consequences){.raised = after->raised - before->raised,
                                       .withdrawn = after->withdrawn - before->withdrawn,
                                       .cleared = after->cleared - before->cleared,
                                       .tasks = count_only_in(after, before),
                                       .tasks_closed = count_only_in(before, after),
                                       .latest_change = before->latest_change};
}

struct query store_flag_turns(struct store *store, int64_t after_change)
{
    struct query query = store_query(store, SQL_FLAG_TURNS);
    query_integer(&query, after_change);
    return query;
}

bool store_next_flag_turn(struct query *rows, struct store_flag_turn *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct store_flag_turn){query_column_text(rows, 0), query_column_text(rows, 1), query_column(rows, 2)};
    return true;
}
