/* A pupil's school year at once: the same trail as trail_walk makes day by day, rule by rule over columns, many days in
 * one instruction.
 *
 * The detector works without this folder; it is for speed alone, where 1.5 million pupils are recomputed. trail_walk is
 * its twin, and says what is right: tests/unit/detect_twins.c holds them equal, tests/unit/detect_without_vector.c puts the
 * twin in its place. Nothing else of the folder is included from outside; used by detect.c only. */
#ifndef DAEMON_CORE_VECTOR_H
#define DAEMON_CORE_VECTOR_H

#include "daemon/core/detect/trail.h"

struct columns; /* working memory, of one thread */

struct columns *vector_open(void); /* NULL: no memory */
void vector_close(struct columns *columns);
void vector_use_plain(struct columns *columns); /* as on a machine without AVX2; for tests */

/* Brings a cleared trail to where `days` own days are behind it. False: no memory. */
bool vector_walk(struct columns *columns, struct trail *trail, const struct plan *plan, const struct history *history,
                 const struct pupil_year *year, uint32_t days, struct subject_work *subjects);

#endif
