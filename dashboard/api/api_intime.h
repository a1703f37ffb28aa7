/* Support in time, counted from the casebook and the attendance database. */
#ifndef DASHBOARD_API_INTIME_H
#define DASHBOARD_API_INTIME_H

#include "dashboard/api/api_call.h"
#include "dashboard/figures.h"

/* Counts all cases but those of pupils with protected identity into each of the periods, whose spans are set. False: the call has
 * failed. Between api_begin_reading and _end. */
bool api_intime_count(struct api_call *call, struct figures *periods, size_t count);

/* Measures of classes and years that began, with before and after. Of a term (NULL: all): what may be told of those whose days after
 * ended in it, of classes alone. Between api_begin_reading and _end. */
json_t *api_intime_groups(struct api_call *call, const struct intime_span *told_of);

#endif
