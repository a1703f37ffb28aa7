/* One statement for each part; only pupil-days need unpacking here, the rest is JSON made by SQLite. */
#include "daemon/store/store_extract.h"

#include "daemon/store/store_sql.h"

const char *const EXTRACT_WORDS[EXTRACT_PARTS] = {
    [EXTRACT_REGISTER] = "register", [EXTRACT_GUARDIANS] = "guardians",
    [EXTRACT_GROUPS] = "groups",     [EXTRACT_EXEMPTIONS] = "exemptions",
    [EXTRACT_CARDS] = "cards",       [EXTRACT_ABSENCES] = "absences",
    [EXTRACT_MARKS] = "marks",       [EXTRACT_CHECK_INS] = "check_ins",
    [EXTRACT_FLAGS] = "flags",       [EXTRACT_FLAG_CHANGES] = "flag_changes",
    [EXTRACT_TASKS] = "tasks",       [EXTRACT_DAYS] = "days",
};

static const enum statement STATEMENT[EXTRACT_PARTS] = {
    [EXTRACT_REGISTER] = SQL_EXTRACT_REGISTER, [EXTRACT_GUARDIANS] = SQL_EXTRACT_GUARDIANS,
    [EXTRACT_GROUPS] = SQL_EXTRACT_GROUPS,     [EXTRACT_EXEMPTIONS] = SQL_EXTRACT_EXEMPTIONS,
    [EXTRACT_CARDS] = SQL_EXTRACT_CARDS,       [EXTRACT_ABSENCES] = SQL_EXTRACT_ABSENCES,
    [EXTRACT_MARKS] = SQL_EXTRACT_MARKS,       [EXTRACT_CHECK_INS] = SQL_EXTRACT_CHECK_INS,
    [EXTRACT_FLAGS] = SQL_EXTRACT_FLAGS,       [EXTRACT_FLAG_CHANGES] = SQL_EXTRACT_FLAG_CHANGES,
    [EXTRACT_TASKS] = SQL_EXTRACT_TASKS,       [EXTRACT_DAYS] = SQL_EXTRACT_DAYS,
};

struct query store_extract(struct store *store, enum extract_part part, const char *pupil_id, int64_t offset, int most)
{
    struct query query = store_query(store, STATEMENT[part]);
    query_text(&query, pupil_id);
    query_integer(&query, most);
    query_integer(&query, offset);
    return query;
}

bool store_next_extract(struct query *rows, const char **json)
{
    if (!query_row(rows))
        return false;
    *json = query_column_text(rows, 0);
    return true;
}

bool store_next_extract_day(struct query *rows, struct outcome outcomes[OUTCOME_LESSONS_MAX], struct pupil_day *out)
{
    size_t length;
    if (!query_row(rows))
        return false;
    const void *packed = query_column_bytes(rows, 2, &length);
    int count = outcome_unpack(packed, length, outcomes);
    *out = (struct pupil_day){.class_name = query_column_text(rows, 1),
                              .day = (int32_t)query_column(rows, 0),
                              .outcomes = outcomes,
                              .count = count < 0 ? 0 : (size_t)count};
    return true;
}
