/* Dates and times as they stand in JSON. Both return a new reference. */
#ifndef COMMON_CIVIL_JSON_H
#define COMMON_CIVIL_JSON_H

#include <jansson.h>
#include <stdint.h>

/* "2026-09-01"; null for CIVIL_DAY_NONE. */
json_t *civil_json_date(int32_t day);
/* "2026-09-01T06:01:23.456Z"; null for 0, which stands for "no time" in our records. */
json_t *civil_json_utc(int64_t utc_ms);

#endif
