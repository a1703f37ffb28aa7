/* A birthday is a date that is looked up, not a number of days. */
#include "daemon/core/support/age.h"

#include "common/civil.h"

static int days_in_month(int year, int month)
{
    int32_t next = month == 12 ? civil_day(year + 1, 1, 1) : civil_day(year, month + 1, 1);
    return next - civil_day(year, month, 1);
}

/* The day that many months after birth. */
static int32_t day_after_months(int32_t birth_day, int months)
{
    int year, month, day_of_month;
    civil_date(birth_day, &year, &month, &day_of_month);
    int since = year * 12 + month - 1 + months;
    int last = days_in_month(since / 12, since % 12 + 1);
    return civil_day(since / 12, since % 12 + 1, day_of_month < last ? day_of_month : last);
}

int age_months(int32_t birth_day, int32_t on)
{
    int year, month, day_of_month, birth_year, birth_month, birth_day_of_month;
    civil_date(on, &year, &month, &day_of_month);
    civil_date(birth_day, &birth_year, &birth_month, &birth_day_of_month);
    int months = (year - birth_year) * 12 + month - birth_month;
    return day_after_months(birth_day, months) <= on ? months : months - 1;
}

int32_t age_birthday(int32_t birth_day, int years)
{
    return day_after_months(birth_day, years * 12);
}

bool age_reached(int32_t birth_day, int years, int32_t on)
{
    return birth_day != CIVIL_DAY_NONE && age_birthday(birth_day, years) <= on;
}
