/* Who is on the list from last year, for its page and for the inbox, whose new items join it. */
#ifndef DASHBOARD_API_LAST_YEAR_H
#define DASHBOARD_API_LAST_YEAR_H

#include "daemon/core/school/school.h"
#include "dashboard/api/api_call.h"

struct last_year_pupil {
    char pupil[NAME_BYTES];
    bool decided, not_needed; /* not_needed: as was decided last */
};

/* Those whom the caller may see. More than fit are left out, and the log says so: a school has no more pupils. Large: on the heap. */
struct last_year_list {
    size_t count;
    struct last_year_pupil pupils[SCHOOL_PUPILS_MAX];
};

/* Between api_begin_reading and _end. */
void api_last_year_collect(struct api_call *call, struct last_year_list *list);
/* Does a new item of the pupil join the list today? Not of whom it was decided not to be needed: then it is news. */
bool api_last_year_joins(const struct api_call *call, const struct last_year_list *list, const char *pupil);

#endif
