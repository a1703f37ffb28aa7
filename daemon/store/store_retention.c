/* Counting and erasing share the conditions in store_sql.c, so that a run erases exactly what was announced. */
#include "daemon/store/store_retention.h"

#include <stdio.h>
#include "common/civil.h"
#include "common/event.h"
#include "daemon/store/store_sql.h"

/* Tables in the order in which they are erased: what hangs on another first. Erasing follows counting by one. A table that
 * is not told is a part of another row: a lesson's number, a flag's history. */
static const struct part {
    enum retention_kind kind;
    enum statement due;
    bool untold;
} PARTS[] = {
    {RETENTION_TAPS, SQL_DUE_TAPS, false},
    {RETENTION_TAPS, SQL_DUE_HELD_TAPS, true},
    {RETENTION_TAPS, SQL_DUE_IMPORTED_TAPS, false},
    {RETENTION_OUTCOMES, SQL_DUE_PUPIL_DAYS, false},
    {RETENTION_ABSENCES, SQL_DUE_ABSENCES, false},
    {RETENTION_MARKS, SQL_DUE_MARKS, false},
    {RETENTION_REGISTER, SQL_DUE_LESSON_VERSIONS, false},
    {RETENTION_REGISTER, SQL_DUE_LESSONS, true},
    {RETENTION_REGISTER, SQL_DUE_MEMBERS, false},
    {RETENTION_REGISTER, SQL_DUE_EXEMPTIONS, false},
    {RETENTION_REGISTER, SQL_DUE_TEACHERS, false},
    {RETENTION_REGISTER, SQL_DUE_CARDS, false},
    {RETENTION_REGISTER, SQL_DUE_PUPIL_VERSIONS, false},
    {RETENTION_REGISTER, SQL_DUE_PUPIL_PERIODS, false},
    {RETENTION_REGISTER, SQL_DUE_GUARDIAN_VERSIONS, false},
    {RETENTION_REGISTER, SQL_DUE_LESSON_DOUBTS, true},
    {RETENTION_REGISTER, SQL_DUE_GROUP_DAYS, false},
    {RETENTION_REGISTER, SQL_DUE_GROUP_SIGNALS, false},
    {RETENTION_FLAGS, SQL_DUE_FLAG_CHANGES, true},
    {RETENTION_FLAGS, SQL_DUE_FLAGS, false},
    {RETENTION_TASKS, SQL_DUE_TASKS, false},
    {RETENTION_GUARDIANS, SQL_DUE_GUARDIANS, false},
    {RETENTION_PUPILS, SQL_DUE_PUPILS, false},
};
#define PART_COUNT (sizeof PARTS / sizeof *PARTS)

/* Taps before cards, and the pupil last. */
static const enum statement OF_PUPIL[] = {
    SQL_PUPIL_ERASE_TAPS,       SQL_PUPIL_ERASE_ENROLMENTS, SQL_PUPIL_ERASE_IMPORTED_TAPS, SQL_PUPIL_ERASE_CARDS,
    SQL_PUPIL_ERASE_DAYS,       SQL_PUPIL_ERASE_ABSENCES,   SQL_PUPIL_ERASE_MARKS,         SQL_PUPIL_ERASE_MEMBERS,
    SQL_PUPIL_ERASE_EXEMPTIONS, SQL_PUPIL_ERASE_GUARDIANS,  SQL_PUPIL_ERASE_FLAG_CHANGES,  SQL_PUPIL_ERASE_FLAGS,
    SQL_PUPIL_ERASE_TASKS,      SQL_PUPIL_ERASE_PUPIL,
};

/* Gives a statement as many of the four as it asks for. */
static struct query due_query(struct store *store, enum statement which, int32_t before, const char *held, int most)
{
    struct query query = store_query(store, which);
    int wanted = query_parameter_count(&query);
    if (wanted >= 1)
        query_integer(&query, before);
    if (wanted >= 2)
        query_integer(&query, civil_to_utc_ms(before, 0));
    if (wanted >= 3)
        query_text(&query, held);
    if (wanted >= 4)
        query_integer(&query, most);
    return query;
}

int64_t store_retention_due(struct store *store, enum retention_kind kind, int32_t before, const char *held)
{
    int64_t rows = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (PARTS[i].kind != kind || PARTS[i].untold)
            continue;
        struct query query = due_query(store, PARTS[i].due, before, held, 0);
        if (query_row(&query))
            rows += query_column(&query, 0);
        query_end(&query);
    }
    return rows;
}

void store_pupil_erase(struct store *store, const char *pupil_id)
{
    for (size_t i = 0; i < sizeof OF_PUPIL / sizeof *OF_PUPIL; i++) {
        struct query query = store_query(store, OF_PUPIL[i]);
        query_text(&query, pupil_id);
        query_run(&query);
    }
    store_erased(store);
}

/* False: there may be more. */
static bool erase_pupils(struct store *store, int32_t before, const char *held, int64_t *pupils)
{
    char ids[STORE_ERASE_PUPILS][NAME_BYTES];
    size_t count = 0;
    struct query query = store_query(store, SQL_PUPILS_LEFT);
    query_integer(&query, before);
    query_text(&query, held);
    query_integer(&query, STORE_ERASE_PUPILS);
    while (query_row(&query))
        query_column_copy(&query, 0, ids[count++], NAME_BYTES);
    for (size_t i = 0; i < count; i++)
        store_pupil_erase(store, ids[i]);
    *pupils += (int64_t)count;
    return count < STORE_ERASE_PUPILS;
}

/* Parts that hang on another are erased first, so a run that is cut short leaves nothing without its owner. */
bool store_retention_erase(struct store *store, enum retention_kind kind, int32_t before, const char *held, int *rows,
                           int64_t *of_kind)
{
    if (kind == RETENTION_PUPILS)
        return *rows > 0 && erase_pupils(store, before, held, of_kind);
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (PARTS[i].kind != kind)
            continue;
        if (*rows == 0)
            return false;
        struct query query = due_query(store, PARTS[i].due + 1, before, held, *rows);
        query_run(&query);
        int64_t erased = store_changed_rows(store);
        if (erased > 0)
            store_erased(store);
        *rows -= (int)erased;
        if (!PARTS[i].untold)
            *of_kind += erased;
        if (*rows == 0)
            return false;
    }
    return true;
}

int64_t store_acts_erase(struct store *store, int64_t act, int64_t at_ms, int32_t before)
{
    struct query query = store_query(store, SQL_ACTS_ERASE);
    query_integer(&query, act);
    query_integer(&query, at_ms);
    query_integer(&query, civil_to_utc_ms(before, 0));
    query_integer(&query, STORE_ERASE_ROWS);
    query_run(&query);
    int64_t erased = store_changed_rows(store);
    if (erased > 0)
        store_erased(store);
    return erased;
}

bool store_latest_tap(struct store *store, int32_t before, int32_t *day)
{
    struct query query = store_query(store, SQL_LATEST_TAP);
    query_integer(&query, before);
    bool found = query_row(&query) && !query_column_null(&query, 0);
    if (found)
        *day = (int32_t)query_column(&query, 0);
    query_end(&query);
    return found;
}

int32_t store_frozen_before(struct store *store)
{
    int32_t before = INT32_MIN;
    struct query query = store_query(store, SQL_FROZEN_GET);
    if (query_row(&query))
        before = (int32_t)query_column(&query, 0);
    query_end(&query);
    return before;
}

void store_freeze(struct store *store, int32_t before)
{
    char text[sizeof "-2147483648"];
    snprintf(text, sizeof text, "%d", (int)before);
    struct query query = store_query(store, SQL_FROZEN_PUT);
    query_text(&query, text);
    query_run(&query);
}
