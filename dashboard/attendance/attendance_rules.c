#include "dashboard/attendance/attendance_rules.h"

#include "dashboard/attendance/attendance_sql.h"

static bool read_rules(sqlite3_stmt *statement, const void *row, void *into)
{
    struct attendance_rules rules = {
        .version = sqlite3_column_int64(statement, 0),
        .text = attendance_text(statement, 1),
        .author = attendance_text(statement, 2),
        .why = attendance_text(statement, 3),
        .from_day = sqlite3_column_int(statement, 4),
        .recorded_ms = sqlite3_column_int64(statement, 5),
        .approver = attendance_text(statement, 6),
    };
    return ((const union attendance_row *)row)->rules(into, &rules);
}

bool attendance_rules(struct attendance *attendance, attendance_rules_row *row, void *into)
{
    sqlite3_bind_int(attendance->statements[ATTENDANCE_SQL_RULES], 1, ATTENDANCE_RULES_MAX);
    return attendance_each(attendance, ATTENDANCE_SQL_RULES, read_rules, (union attendance_row){.rules = row}, into);
}
