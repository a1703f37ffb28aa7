/* Public holidays of Sweden and working days, computed. Pure.
 *
 * Source: lag (1989:253) om allmänna helgdagar, as it stands since 2005 (the national day for Whit Monday); Easter by the Gregorian
 * rule. Sundays are in that law too and are left to the weekday. Eves (Christmas, New Year, Midsummer) are no public holidays, so
 * that a date counted here is never later than one that leaves them out as lag (1930:173) does. Days are common/civil.h's. */
#ifndef DAEMON_CORE_SUPPORT_HOLIDAYS_H
#define DAEMON_CORE_SUPPORT_HOLIDAYS_H

#include <stdbool.h>
#include <stdint.h>

int32_t holiday_easter(int year); /* Easter Sunday */
bool holiday_is(int32_t day);
/* Vardag: Monday to Friday and no public holiday, in July too. */
bool holiday_is_working_day(int32_t day);

#endif
