/* The calendar as arithmetic on day numbers, the two changes of the clock, and reading and writing ISO 8601.
 * Divisions round down, not towards zero as C's do, so that times before 1970 land on the right day. */
#include "common/civil.h"

#include <stdio.h>
#include "common/fault.h"

/* Days from the civil date and back: the Gregorian calendar counted from 1 March, so that the leap day is a year's last
 * day (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
int32_t civil_day(int year, int month, int day_of_month)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_date(int32_t day, int *year, int *month, int *day_of_month)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

int civil_weekday(int32_t day)
{
    int weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return weekday < 0 ? weekday + 7 : weekday;
}

int32_t civil_school_year(int32_t day)
{
    int year, month, day_of_month;
    civil_date(day, &year, &month, &day_of_month);
    return civil_day(month >= 8 ? year : year - 1, 8, 1);
}

int32_t civil_birthday(int32_t born, int age)
{
    int year, month, day_of_month;
    civil_date(born, &year, &month, &day_of_month);
    bool leap_day = month == 2 && day_of_month == 29;
    return leap_day ? civil_day(year + age, 3, 1) - 1 : civil_day(year + age, month, day_of_month);
}

int civil_age(int32_t born, int32_t day)
{
    int born_year, year, month, day_of_month;
    civil_date(born, &born_year, &month, &day_of_month);
    civil_date(day, &year, &month, &day_of_month);
    int age = year - born_year;
    return day < civil_birthday(born, age) ? age - 1 : age;
}

bool civil_is_of_age(int32_t born, int age, int32_t day)
{
    return born != CIVIL_DAY_NONE && civil_birthday(born, age) <= day;
}

static int32_t last_sunday(int year, int month)
{
    int32_t day = civil_day(year, month, 31); /* March and October have 31 days */
    return day - (civil_weekday(day) + 1) % 7;
}

/* Local time minus UTC. Both changes are at 01:00 UTC, and the year of the UTC day is the right one: neither is near
 * New Year. */
static int32_t offset_ms_at(int64_t utc_ms)
{
    int64_t day = utc_ms / CIVIL_MS_PER_DAY - (utc_ms % CIVIL_MS_PER_DAY < 0);
    int year, month, day_of_month;
    civil_date((int32_t)day, &year, &month, &day_of_month);
    int64_t begins_ms = (int64_t)last_sunday(year, 3) * CIVIL_MS_PER_DAY + CIVIL_MS_PER_HOUR;
    int64_t ends_ms = (int64_t)last_sunday(year, 10) * CIVIL_MS_PER_DAY + CIVIL_MS_PER_HOUR;
    return begins_ms <= utc_ms && utc_ms < ends_ms ? 2 * CIVIL_MS_PER_HOUR : CIVIL_MS_PER_HOUR;
}

struct civil civil_from_utc_ms(int64_t utc_ms)
{
    int64_t asked_ms = FAULT(wrong_day_at_clock_change) ? utc_ms - utc_ms % CIVIL_MS_PER_DAY : utc_ms;
    int64_t local_ms = utc_ms + offset_ms_at(asked_ms);
    int64_t day = local_ms / CIVIL_MS_PER_DAY - (local_ms % CIVIL_MS_PER_DAY < 0);
    return (struct civil){.day = (int32_t)day, .ms_of_day = (int32_t)(local_ms - day * CIVIL_MS_PER_DAY)};
}

/* Tries summer time first: in the hour that exists twice that is the earlier of the two. */
int64_t civil_to_utc_ms(int32_t day, int32_t ms_of_day)
{
    int64_t local_ms = (int64_t)day * CIVIL_MS_PER_DAY + ms_of_day;
    int64_t as_summer_ms = local_ms - 2 * CIVIL_MS_PER_HOUR;
    if (offset_ms_at(as_summer_ms) == 2 * CIVIL_MS_PER_HOUR)
        return as_summer_ms;
    /* Winter time. A time in the hour that is skipped in March is read as winter time too: 02:30 CET is 03:30 CEST. */
    return local_ms - CIVIL_MS_PER_HOUR;
}

/* The readers below advance *at past what they have read. This one wants exactly `digits` digits. */
static bool read_number(const char *text, size_t length, size_t *at, int digits, int *out)
{
    int value = 0;
    if (*at + (size_t)digits > length)
        return false;
    for (int i = 0; i < digits; i++) {
        char c = text[*at + (size_t)i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += (size_t)digits;
    *out = value;
    return true;
}

static bool read_character(const char *text, size_t length, size_t *at, char wanted)
{
    if (*at >= length || text[*at] != wanted)
        return false;
    (*at)++;
    return true;
}

static bool read_date_part(const char *text, size_t length, size_t *at, int32_t *day)
{
    int year, month, day_of_month;
    if (!read_number(text, length, at, 4, &year) || !read_character(text, length, at, '-') ||
        !read_number(text, length, at, 2, &month) || !read_character(text, length, at, '-') ||
        !read_number(text, length, at, 2, &day_of_month))
        return false;
    if (year < 1996 || year > 2199 || month < 1 || month > 12 || day_of_month < 1)
        return false;
    int y, m, d;
    *day = civil_day(year, month, day_of_month);
    civil_date(*day, &y, &m, &d);
    return d == day_of_month; /* 31 April would come back as 1 May */
}

/* "HH:MM", "HH:MM:SS" or "HH:MM:SS.mmm". */
static bool read_time_part(const char *text, size_t length, size_t *at, int32_t *ms_of_day)
{
    int hours, minutes, seconds = 0, milliseconds = 0;
    if (!read_number(text, length, at, 2, &hours) || !read_character(text, length, at, ':') ||
        !read_number(text, length, at, 2, &minutes))
        return false;
    if (read_character(text, length, at, ':')) {
        if (!read_number(text, length, at, 2, &seconds))
            return false;
        if (read_character(text, length, at, '.') && !read_number(text, length, at, 3, &milliseconds))
            return false;
    }
    if (hours > 23 || minutes > 59 || seconds > 59)
        return false;
    *ms_of_day = hours * CIVIL_MS_PER_HOUR + minutes * CIVIL_MS_PER_MINUTE + seconds * 1000 + milliseconds;
    return true;
}

bool civil_read_date(const char *text, size_t length, int32_t *day)
{
    size_t at = 0;
    return read_date_part(text, length, &at, day) && at == length;
}

bool civil_read_minutes(const char *text, size_t length, int32_t *minutes)
{
    size_t at = 0;
    int32_t ms_of_day;
    if (length != 5 || !read_time_part(text, length, &at, &ms_of_day))
        return false;
    *minutes = ms_of_day / CIVIL_MS_PER_MINUTE;
    return true;
}

static bool read_instant(const char *text, size_t length, int32_t *day, int32_t *ms_of_day, bool *is_utc)
{
    size_t at = 0;
    if (!read_date_part(text, length, &at, day) || !read_character(text, length, &at, 'T') ||
        !read_time_part(text, length, &at, ms_of_day))
        return false;
    *is_utc = read_character(text, length, &at, 'Z');
    return at == length;
}

bool civil_read_utc(const char *text, size_t length, int64_t *utc_ms)
{
    int32_t day, ms_of_day;
    bool is_utc;
    if (!read_instant(text, length, &day, &ms_of_day, &is_utc) || !is_utc)
        return false;
    *utc_ms = (int64_t)day * CIVIL_MS_PER_DAY + ms_of_day;
    return true;
}

bool civil_read_local(const char *text, size_t length, int64_t *utc_ms)
{
    int32_t day, ms_of_day;
    bool is_utc;
    if (!read_instant(text, length, &day, &ms_of_day, &is_utc))
        return false;
    *utc_ms = is_utc ? (int64_t)day * CIVIL_MS_PER_DAY + ms_of_day : civil_to_utc_ms(day, ms_of_day);
    return true;
}

void civil_write_date(int32_t day, char out[CIVIL_DATE_BYTES])
{
    int year, month, day_of_month;
    civil_date(day, &year, &month, &day_of_month);
    snprintf(out, CIVIL_DATE_BYTES, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day_of_month % 100);
}

void civil_write_utc(int64_t utc_ms, char out[CIVIL_UTC_BYTES])
{
    int64_t day = utc_ms / CIVIL_MS_PER_DAY - (utc_ms % CIVIL_MS_PER_DAY < 0);
    unsigned ms = (unsigned)(utc_ms - day * CIVIL_MS_PER_DAY);
    civil_write_date((int32_t)day, out);
    snprintf(out + CIVIL_DATE_BYTES - 1, CIVIL_UTC_BYTES - CIVIL_DATE_BYTES + 1, "T%02u:%02u:%02u.%03uZ",
             ms / CIVIL_MS_PER_HOUR % 24, ms / CIVIL_MS_PER_MINUTE % 60, ms / 1000 % 60, ms % 1000);
}
