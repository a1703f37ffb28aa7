/* The texts are civil.h's; this adds what stands for "none". */
#include "common/civil_json.h"

#include "common/civil.h"

json_t *civil_json_date(int32_t day)
{
    char text[CIVIL_DATE_BYTES];
    if (day == CIVIL_DAY_NONE)
        return json_null();
    civil_write_date(day, text);
    return json_string(text);
}

json_t *civil_json_utc(int64_t utc_ms)
{
    char text[CIVIL_UTC_BYTES];
    if (utc_ms == 0)
        return json_null();
    civil_write_utc(utc_ms, text);
    return json_string(text);
}
