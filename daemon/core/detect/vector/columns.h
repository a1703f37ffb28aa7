/* A pupil's school year at once: the same trail as trail_walk day by day, rule by rule over columns, many days in one
 * instruction. This is what makes a recomputation cheap; trail_walk is its twin, one day at a time.
 *
 * The columns are prefix sums over the year's own days, so that a window is a difference. Sums are 32 bits wide here: a
 * year of more minutes than fit is left to the twin. Used by detect.c only. */
#ifndef DAEMON_CORE_COLUMNS_H
#define DAEMON_CORE_COLUMNS_H

#include "daemon/core/detect/trail.h"

struct columns; /* working memory, of one thread */

struct columns *columns_open(void); /* NULL: no memory */
void columns_close(struct columns *columns);
void columns_use_plain(struct columns *columns); /* as on a machine without AVX2 */

/* Brings a cleared trail to where `days` own days are behind it. False: no memory. */
bool columns_walk(struct columns *columns, struct trail *trail, const struct plan *plan, const struct history *history,
                  const struct pupil_year *year, uint32_t days, struct subject_work *subjects);

#endif
