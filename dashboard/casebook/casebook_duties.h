/* The casebook's part for a gymnasium's duties: what was decided or sent of a pupil on one of its lists. Rows are added, the latest of a
 * pupil, list and date counts, and none is written over; to take one back is a row, too. */
#ifndef DASHBOARD_CASEBOOK_DUTIES_H
#define DASHBOARD_CASEBOOK_DUTIES_H

#include "dashboard/casebook/casebook.h"

#define DUTY_CONTACT_BYTES_MAX 120

struct casebook_duty {
    const char *list, *decision, *reason, *contact; /* reason, contact: "" = none */
    int32_t about_day, day;                         /* which row of the list; when it was sent or decided */
    int first_day, minutes;                         /* of a grant, as it stood then */
    const char *user;
    int64_t at_ms;
};

/* What counts of that row; its texts are valid until query_end of `rows`. */
struct query casebook_duty_of(struct casebook *book, const char *pupil, const char *list, int32_t about_day);
bool casebook_next_duty(struct query *rows, struct casebook_duty *out);
bool casebook_duty_add(struct casebook *book, const char *pupil, const struct casebook_duty *duty);

#endif
