/* Own days are counted backwards from a date, and not beyond the beginning of its school year. */
#include "dashboard/own_days.h"

#include "common/civil.h"
#include "dashboard/attendance/attendance.h"

bool own_days_add(struct own_days *days, int32_t day, const struct outcome *outcomes, size_t count)
{
    struct outcome_minutes minutes = {0};
    if (days->count == OWN_DAYS_WINDOW)
        return false;
    outcome_add(&minutes, outcomes, count);
    if (minutes.counted + minutes.leave == 0)
        return true;
    if (days->count++ == 0)
        days->to_day = day;
    days->from_day = day;
    days->lost_minutes += minutes.absent + minutes.on_leave;
    return days->count < OWN_DAYS_WINDOW;
}

struct own_days own_days_before(struct attendance *attendance, const char *pupil, int32_t before)
{
    struct own_days days = {0};
    struct attendance_day day;
    struct query rows = attendance_days_between(attendance, pupil, civil_school_year(before - 1), before);
    while (attendance_next_day(&rows, &day))
        if (!own_days_add(&days, day.day, day.outcomes, (size_t)day.count))
            break;
    query_end(&rows);
    return days;
}
