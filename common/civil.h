/* Civil time of a Swedish school: Europe/Stockholm, CET with EU summer time (directive 2000/84/EC: last Sunday of
 * March and of October, 01:00 UTC). Pure: no clock, no locale, no TZ variable; valid for 1996–2199.
 *
 * A day is a number: days since 1970-01-01. A civil instant is (day, ms_of_day). */
#ifndef COMMON_CIVIL_H
#define COMMON_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIVIL_DAY_NONE        INT32_MIN /* an open date: "from" or "to" not given */
#define CIVIL_MS_PER_MINUTE   60000
#define CIVIL_MS_PER_HOUR     3600000
#define CIVIL_MS_PER_DAY      86400000
#define CIVIL_S_PER_DAY       86400
#define CIVIL_MINUTES_PER_DAY 1440
#define CIVIL_DATE_BYTES      11 /* "2026-09-01" */
#define CIVIL_UTC_BYTES       25 /* "2026-09-01T06:01:23.456Z" */

struct civil {
    int32_t day;
    int32_t ms_of_day;
};

int32_t civil_day(int year, int month, int day_of_month);
void civil_date(int32_t day, int *year, int *month, int *day_of_month);
int civil_weekday(int32_t day);         /* 0 = Monday */
int32_t civil_school_year(int32_t day); /* the day its school year began: 1 August */
/* The day on which somebody born on `born` becomes `age`, from its first minute. Of 29 February in a year without one the last
 * of the month, as years are reckoned in Swedish law (lag 1930:173). */
int32_t civil_birthday(int32_t born, int age);
int civil_age(int32_t born, int32_t day);                 /* whole years; negative before the birth */
bool civil_is_of_age(int32_t born, int age, int32_t day); /* not where the birth date is not known, CIVIL_DAY_NONE */

struct civil civil_from_utc_ms(int64_t utc_ms);
/* A time that exists twice means the first; one that does not exist is moved forward by the hour that is missing. */
int64_t civil_to_utc_ms(int32_t day, int32_t ms_of_day);

/* Readers take the whole text or nothing: "2026-09-01"; "08:10" as minutes of the day; "2026-09-01T06:01:23.456Z"
 * (fraction optional) ; a local date-time "2026-09-01T08:10" (seconds optional), or one that ends in Z, as UTC. */
bool civil_read_date(const char *text, size_t length, int32_t *day);
bool civil_read_minutes(const char *text, size_t length, int32_t *minutes);
bool civil_read_utc(const char *text, size_t length, int64_t *utc_ms);
bool civil_read_local(const char *text, size_t length, int64_t *utc_ms);
void civil_write_date(int32_t day, char out[CIVIL_DATE_BYTES]);
void civil_write_utc(int64_t utc_ms, char out[CIVIL_UTC_BYTES]);

#endif
