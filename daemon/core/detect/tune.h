/* Which thresholds a school's own closed years speak for: what the rules in force came to, and what others would have.
 *
 * Every variant of every rule (tune_ladder.h) is worked out once, by one detector, so that equal windows are summed once; choices of
 * variants are then counted from their flags. The choice is made on one half of the pupils and told of the other, and it is called
 * better only when that half says so (tune_gain.h): nobody tunes to noise.
 *
 *   open · a day of a pupil, … · begin · step until it is not TUNE_WORKING · result · close
 *
 * A step takes some milliseconds, so that whoever has other work can do it in between. Pure; all memory is the tuner's. */
#ifndef DAEMON_CORE_TUNE_H
#define DAEMON_CORE_TUNE_H

#include "daemon/core/detect/tune_gain.h"
#include "daemon/core/detect/tune_search.h"
#include "daemon/core/outcome.h"

#define TUNE_CAPACITY_MAX   1000 /* new items a week */
#define TUNE_CAPACITY_1000  10   /* … of 1,000 pupils, when nothing else is said (a published rule of thumb) */
#define TUNE_MISSED_PERCENT 10   /* of the spring term: a lot (Attendance Works; England: persistent) */
#define TUNE_SPRING_DAYS    20   /* own days in spring without which nothing is said of it */
#define TUNE_LEAST          10   /* school years of either kind in a half, without which nothing is chosen */

struct tune;

enum tune_state { TUNE_WORKING, TUNE_DONE, TUNE_NO_MEMORY };

/* Halves: the one that is chosen on, the one that is told of. */
enum { TUNE_CHOSEN_ON, TUNE_TOLD_OF };

struct tune_profile {
    uint16_t chosen[RULES_MAX]; /* for tune_rules */
    int load;                   /* the first one of TUNE_LOADS that it is best for */
    struct tune_figures figures;
    struct tune_gain gain; /* over the rules in force */
};

struct tune_result {
    uint32_t rows, half_rows[TUNE_HALVES]; /* school years of pupils, each counted by itself */
    uint32_t missed[TUNE_HALVES], attended[TUNE_HALVES];
    uint32_t years, weeks;       /* school years; weeks with lessons */
    int32_t first_day, last_day; /* of all lessons */
    int capacity, severity;      /* new items a week of the whole school, of this severity or worse */
    uint32_t variants, tried;
    bool too_few; /* pupils, to choose by: there are no profiles */
    struct tune_figures in_force;
    int profile_count; /* by rising load; none twice, nor the rules in force */
    struct tune_profile profiles[TUNE_LOADS];
    int best; /* the profile that is better than the rules in force and yields most; -1: none is */
};

/* `in_force` is copied; items are of `severity` or worse. NULL: no memory. */
struct tune *tune_open(const struct rules *in_force, int32_t severity);
void tune_close(struct tune *tune); /* or NULL */
/* What a day held for a pupil, as detect_set_day has it. Days come by pupil, in rising order of both. False: no memory, or too many
 * pupils in the class. */
bool tune_day(struct tune *tune, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
              size_t count);
/* All days have come. `capacity`: new items a week that the school can meet; 0: TUNE_CAPACITY_1000 for each 1,000 pupils. False: no
 * memory. */
bool tune_begin(struct tune *tune, int capacity);
enum tune_state tune_step(struct tune *tune);
/* How far it has come: school years of pupils, and candidates at most. */
struct tune_progress {
    uint32_t rows, of_rows, tried;
};
struct tune_progress tune_progress(const struct tune *tune);
/* After TUNE_DONE; the tuner's. */
const struct tune_result *tune_result(const struct tune *tune);
/* The rules in force, and those of a profile. */
const struct rules *tune_in_force(const struct tune *tune);
void tune_rules(const struct tune *tune, const struct tune_profile *profile, struct rules *out);

/* For a test that counts by itself: the half of a school year, by its place in the order in which they came. */
const struct tune_row *tune_row(const struct tune *tune, uint32_t row);

#endif
