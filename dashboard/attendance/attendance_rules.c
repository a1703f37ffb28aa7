/* The cursors over versions of the rules and over acts. */
#include "dashboard/attendance/attendance_rules.h"

#include "dashboard/attendance/attendance_sql.h"

struct query attendance_rules(struct attendance *attendance)
{
    return attendance_query(attendance, ATTENDANCE_SQL_RULES);
}

bool attendance_next_rules(struct query *rows, struct attendance_rules *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_rules){
        .version = query_column(rows, 0),
        .text = query_column_text(rows, 1),
        .author = query_column_text(rows, 2),
        .why = query_column_text(rows, 3),
        .from_day = (int32_t)query_column(rows, 4),
        .recorded_ms = query_column(rows, 5),
        .approver = query_column_text(rows, 6),
    };
    return true;
}

struct query attendance_acts(struct attendance *attendance, int64_t after_act, int64_t after_ms)
{
    struct query query = attendance_query(attendance, ATTENDANCE_SQL_ACTS);
    query_integer(&query, after_act);
    query_integer(&query, after_ms);
    return query;
}

bool attendance_next_act(struct query *rows, struct attendance_act *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct attendance_act){
        .act = query_column(rows, 0),
        .at_ms = query_column(rows, 1),
        .action = query_column_text(rows, 2),
        .object = query_column_text(rows, 3),
    };
    return true;
}
