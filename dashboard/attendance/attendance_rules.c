/* The cursor over versions of the rules. */
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
