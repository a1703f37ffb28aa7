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

static struct query page(struct store *store, enum extract_part part, const char *pupil_id, int64_t offset, int most)
{
    struct query query = store_query(store, STATEMENT[part]);
    query_text(&query, pupil_id);
    query_integer(&query, most);
    query_integer(&query, offset);
    return query;
}

size_t store_extract(struct store *store, enum extract_part part, const char *pupil_id, int64_t offset, int most,
                     store_extract_visit *visit, void *context)
{
    size_t count = 0;
    struct query query = page(store, part, pupil_id, offset, most);
    for (; query_row(&query); count++)
        visit(context, query_column_text(&query, 0));
    return count;
}

size_t store_extract_days(struct store *store, const char *pupil_id, int64_t offset, int most,
                          store_pupil_day_visit *visit, void *context)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    size_t rows = 0;
    struct query query = page(store, EXTRACT_DAYS, pupil_id, offset, most);
    for (; query_row(&query); rows++) {
        size_t length;
        const void *packed = query_column_bytes(&query, 2, &length);
        int count = outcome_unpack(packed, length, outcomes);
        struct pupil_day pupil_day = {.pupil_id = pupil_id,
                                      .class_name = query_column_text(&query, 1),
                                      .day = (int32_t)query_column(&query, 0),
                                      .outcomes = outcomes,
                                      .count = count < 0 ? 0 : (size_t)count};
        if (!visit(context, &pupil_day))
            break;
    }
    query_end(&query);
    return rows;
}
