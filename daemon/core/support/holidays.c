/* Fixed dates, dates that follow Easter, and the two Saturdays that follow the calendar. */
#include "daemon/core/support/holidays.h"

#include <stddef.h>
#include "common/civil.h"

enum { SATURDAY = 5, JUNE = 6, OCTOBER = 10, NOVEMBER = 11 };

/* "Anonymous Gregorian algorithm" (Nature, 20 April 1876; J. Meeus, Astronomical Algorithms, chapter 8). */
int32_t holiday_easter(int year)
{
    int golden = year % 19, century = year / 100, of_century = year % 100;
    int epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    int weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    int correction = (golden + 11 * epact + 22 * weekday) / 451;
    int from_march = epact + weekday - 7 * correction + 114;
    return civil_day(year, from_march / 31, from_march % 31 + 1);
}

/* Good Friday, Easter Day and Monday, Ascension Day, Whit Sunday. */
static bool follows_easter(int32_t day, int year)
{
    static const int AFTER[] = {-2, 0, 1, 39, 49};
    int32_t easter = holiday_easter(year);
    for (size_t i = 0; i < sizeof AFTER / sizeof *AFTER; i++)
        if (day == easter + AFTER[i])
            return true;
    return false;
}

/* New Year, Epiphany, 1 May, the national day, Christmas and the day after. */
static bool is_fixed(int month, int day_of_month)
{
    static const struct {
        int month, day;
    } FIXED[] = {{1, 1}, {1, 6}, {5, 1}, {6, 6}, {12, 25}, {12, 26}};
    for (size_t i = 0; i < sizeof FIXED / sizeof *FIXED; i++)
        if (month == FIXED[i].month && day_of_month == FIXED[i].day)
            return true;
    return false;
}

/* Midsummer Day is the Saturday of 20 to 26 June, All Saints' Day that of 31 October to 6 November. */
static bool is_saturday_of_its_week(int32_t day, int month, int day_of_month)
{
    return civil_weekday(day) == SATURDAY &&
           ((month == JUNE && day_of_month >= 20 && day_of_month <= 26) || (month == OCTOBER && day_of_month == 31) ||
            (month == NOVEMBER && day_of_month <= 6));
}

bool holiday_is(int32_t day)
{
    int year, month, day_of_month;
    civil_date(day, &year, &month, &day_of_month);
    return is_fixed(month, day_of_month) || is_saturday_of_its_week(day, month, day_of_month) ||
           follows_easter(day, year);
}

bool holiday_is_working_day(int32_t day)
{
    return civil_weekday(day) < SATURDAY && !holiday_is(day);
}
