/* Day by day: a calendar has some dozens of rows, and a clock some dozens of days. */
#include "daemon/core/support/schooldays.h"

#include "common/civil.h"
#include "daemon/core/support/holidays.h"

bool schooldays_add(struct schooldays *calendar, enum calendar_kind kind, int32_t from_day, int32_t to_day)
{
    if (calendar->count == SCHOOLDAYS_SPANS_MAX)
        return false;
    calendar->spans[calendar->count++] = (struct schooldays_span){kind, from_day, to_day};
    return true;
}

static bool span_has(const struct schooldays_span *span, int32_t day)
{
    return span->from_day <= day && (span->to_day == CIVIL_DAY_NONE || day <= span->to_day);
}

static bool is_in(const struct schooldays *calendar, enum calendar_kind kind, int32_t day)
{
    for (size_t i = 0; i < calendar->count; i++)
        if (calendar->spans[i].kind == kind && span_has(&calendar->spans[i], day))
            return true;
    return false;
}

/* The last day of a school year is 31 July: 365 days after its first there is always the next one, whose first day this finds. */
static int32_t school_year_last(int32_t begins)
{
    return civil_school_year(begins + 366) - 1;
}

bool schooldays_known(const struct schooldays *calendar, int32_t day)
{
    int32_t begins = civil_school_year(day), last = school_year_last(begins);
    for (size_t i = 0; i < calendar->count; i++) {
        const struct schooldays_span *span = &calendar->spans[i];
        if (span->kind == CALENDAR_LASAR && span->from_day <= last &&
            (span->to_day == CIVIL_DAY_NONE || span->to_day >= begins))
            return true;
    }
    return false;
}

bool schooldays_is(const struct schooldays *calendar, int32_t day)
{
    return holiday_is_working_day(day) && !is_in(calendar, CALENDAR_LOV, day) &&
           !is_in(calendar, CALENDAR_STUDIEDAG, day) && !is_in(calendar, CALENDAR_HELGDAG, day) &&
           (is_in(calendar, CALENDAR_LASAR, day) || !schooldays_known(calendar, day));
}

int32_t schooldays_end(const struct schooldays *calendar)
{
    int32_t end = CIVIL_DAY_NONE;
    for (size_t i = 0; i < calendar->count; i++) {
        if (calendar->spans[i].kind != CALENDAR_LASAR)
            continue;
        if (calendar->spans[i].to_day == CIVIL_DAY_NONE)
            return CIVIL_DAY_NONE;
        end = calendar->spans[i].to_day > end ? calendar->spans[i].to_day : end;
    }
    return end;
}

static bool counts(const struct schooldays *calendar, enum day_unit unit, int32_t day)
{
    return unit == DAY_UNIT_WORKING ? holiday_is_working_day(day) : schooldays_is(calendar, day);
}

struct schooldays_due schooldays_after(const struct schooldays *calendar, enum day_unit unit, int32_t began, int n)
{
    struct schooldays_due due = {.day = began};
    for (int ahead = 1; n > 0; ahead++) {
        if (ahead > SCHOOLDAYS_AHEAD_MAX)
            return (struct schooldays_due){.day = CIVIL_DAY_NONE, .without_calendar = due.without_calendar};
        due.day = began + ahead;
        due.without_calendar |= unit == DAY_UNIT_SCHOOL && !schooldays_known(calendar, due.day);
        n -= counts(calendar, unit, due.day);
    }
    return due;
}

int schooldays_between(const struct schooldays *calendar, enum day_unit unit, int32_t after, int32_t until)
{
    int found = 0;
    for (int32_t day = after + 1; day <= until; day++)
        found += counts(calendar, unit, day);
    return found;
}
