/* Numbers are kept as settings: they are few, and nobody but the daemon reads them. */
#include "daemon/store/store_ended.h"

#include <inttypes.h>
#include <stdio.h>
#include "common/civil.h"
#include "daemon/store/store_sql.h"
#include "daemon/store/store_versions.h"

static int64_t number(struct store *store, const char *name, int64_t otherwise)
{
    struct query query = store_query(store, SQL_SETTING_GET);
    query_text(&query, name);
    int64_t value = query_row(&query) ? query_column(&query, 0) : otherwise;
    query_end(&query);
    return value;
}

static void number_put(struct store *store, const char *name, int64_t value)
{
    char text[sizeof "-9223372036854775808"];
    snprintf(text, sizeof text, "%" PRId64, value);
    store_setting_put(store, name, text);
}

/* One number of the answer; `otherwise` when it is none. */
static int64_t answer_of(struct query *query, int64_t otherwise)
{
    bool any = query_row(query) && !query_column_null(query, 0);
    int64_t value = any ? query_column(query, 0) : otherwise;
    query_end(query);
    return value;
}

int64_t store_derived_ms(struct store *store)
{
    struct query closed = store_query(store, SQL_CLOSED_LATEST); /* of a database from before the number was kept */
    return number(store, "derived_ms", answer_of(&closed, INT64_MIN));
}

void store_derived_put(struct store *store, int64_t now_ms)
{
    number_put(store, "derived_ms", now_ms);
}

bool store_is_beyond(struct store *store, int32_t today, int64_t now_ms)
{
    struct query query = store_query(store, SQL_BEYOND);
    query_integer(&query, today);
    query_integer(&query, now_ms);
    return answer_of(&query, 0) != 0;
}

int32_t store_beyond_from(struct store *store, int32_t today, int64_t now_ms)
{
    struct query query = store_query(store, SQL_BEYOND_TODAY);
    query_integer(&query, today);
    query_integer(&query, now_ms);
    return answer_of(&query, 0) != 0 ? today : today + 1;
}

int64_t store_tapped_beyond(struct store *store, int32_t today)
{
    struct query query = store_query(store, SQL_TAPPED_BEYOND);
    query_integer(&query, today);
    return answer_of(&query, 0);
}

int32_t store_clock_checked(struct store *store)
{
    return (int32_t)number(store, "clock_checked", INT32_MIN);
}

void store_clock_checked_put(struct store *store, int32_t today)
{
    number_put(store, "clock_checked", today);
}

void store_take_back(struct store *store, int32_t from_day, const char *why, int64_t now_ms)
{
    static const enum statement DELETES[] = {SQL_PUPIL_DAYS_FROM_DELETE, SQL_SCHOOL_DAYS_FROM_DELETE,
                                             SQL_DOUBTS_FROM_DELETE, SQL_GROUP_DAYS_FROM_DELETE,
                                             SQL_SIGNALS_FROM_DELETE};
    static const enum statement ENDS[] = {SQL_FLAGS_FROM_CHANGE, SQL_FLAGS_FROM_WITHDRAW, SQL_TASKS_FROM_CLOSE};
    for (size_t i = 0; i < sizeof DELETES / sizeof *DELETES; i++) {
        struct query query = store_query(store, DELETES[i]);
        query_integer(&query, from_day);
        query_run(&query);
    }
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        struct query query = store_query(store, ENDS[i]);
        query_integer(&query, from_day);
        query_text(&query, why);
        query_integer(&query, now_ms);
        query_run(&query);
    }
    struct query held = store_query(store, SQL_HELD_FROM_DELETE);
    query_integer(&held, now_ms);
    query_run(&held);
}

struct stored_asking store_asking(struct store *store)
{
    return (struct stored_asking){.confirmed = (int32_t)number(store, "decisions_confirmed", INT32_MIN),
                                  .asked = (int32_t)number(store, "decisions_asked", INT32_MIN),
                                  .asked_ms = number(store, "decisions_asked_ms", 0)};
}

void store_asking_put(struct store *store, const struct stored_asking *asking)
{
    number_put(store, "decisions_confirmed", asking->confirmed);
    number_put(store, "decisions_asked", asking->asked);
    number_put(store, "decisions_asked_ms", asking->asked_ms);
}

int64_t store_last_sign_ms(struct store *store, int64_t now_ms)
{
    struct query query = store_query(store, SQL_LAST_SIGN);
    query_integer(&query, now_ms);
    query_integer(&query, civil_from_utc_ms(now_ms).day);
    return answer_of(&query, INT64_MIN);
}

struct stored_check store_check(struct store *store)
{
    return (struct stored_check){.day = (int32_t)number(store, "check_day", CIVIL_DAY_NONE),
                                 .differing = (int)number(store, "check_differing", 0),
                                 .sound = number(store, "check_sound", 1) != 0};
}

void store_check_put(struct store *store, const struct stored_check *check)
{
    number_put(store, "check_day", check->day);
    number_put(store, "check_differing", check->differing);
    number_put(store, "check_sound", check->sound);
}
