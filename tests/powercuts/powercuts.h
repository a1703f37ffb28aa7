/* The daemon's real store and ingest on a disk that loses power, or fails, at every operation of a simulated school week.
 *
 *   cuts.c      power cuts: what is on the medium then must be one of two committed states, with all that was receipted
 *   failures.c  I/O errors, a full disk and refused memory: the daemon gives up, restarts, and nothing is lost
 *   main.c      shares the points among the cores
 */
#ifndef TESTS_POWERCUTS_POWERCUTS_H
#define TESTS_POWERCUTS_POWERCUTS_H

#include <stdint.h>

/* Which points are this process's: those whose number leaves `share` when divided by `shares`. */
struct share {
    uint32_t share, shares;
    uint64_t seed;
};

#define WARM_DAYS 12 /* lived before the first point, so that flags come and go */

/* How the disk and SQLite are set; all but the first are controls, which must go wrong. */
enum setting { SETTING_OURS, SETTING_NORMAL, SETTING_OFF, SETTING_LYING_SYNC };

struct cuts {
    int64_t points, lost, damaged, between; /* between: neither the state before the commit nor the one after it */
};
struct cuts cuts_make(struct share share, enum setting setting, int days);

enum failure { FAILURE_IO_ONCE, FAILURE_IO_FOR_GOOD, FAILURE_FULL_FOR_GOOD, FAILURE_MEMORY };
#define FAILURE_KINDS 4

struct failures {
    int64_t points, violations, died;
};
void failures_prepare(void); /* before SQLite is used */
struct failures failures_make(struct share share, enum failure kind);

#endif
