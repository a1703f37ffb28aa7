/* The casebook's part for the list from last year: what was decided of whom, by whom and when. Decisions are only ever added; of
 * a pupil and school year the latest counts. Writes stand between casebook_begin and _end, with their audit row. */
#ifndef DASHBOARD_CASEBOOK_LAST_YEAR_H
#define DASHBOARD_CASEBOOK_LAST_YEAR_H

#include "common/ids.h"
#include "dashboard/casebook/casebook.h"
#include "dashboard/last_year.h"

struct casebook_decision {
    int64_t decision; /* its number */
    enum last_year_kind kind;
    char reason[ID_BYTES], user[USER_BYTES], user_name[CASEBOOK_NAME_BYTES];
    int64_t at_ms;
};

/* The latest of the school year that begins on that day. */
enum casebook_found casebook_last_year_of(struct casebook *book, const char *pupil, int32_t begins_day,
                                          struct casebook_decision *out);
/* By `user`, on the date `day`; of `decision` kind, reason, user and at_ms are taken. */
bool casebook_last_year_add(struct casebook *book, const char *pupil, int32_t begins_day, int32_t day,
                            const struct casebook_decision *decision);

#endif
