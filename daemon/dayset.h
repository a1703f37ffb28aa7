/* A set of dates around today: those whose roll call must be run again. Bounded by one bit a date; a date further than
 * DAYSET_PAST before or DAYSET_FUTURE after the base is left out, and add says so. */
#ifndef DAEMON_DAYSET_H
#define DAEMON_DAYSET_H

#include <stdbool.h>
#include <stdint.h>

#define DAYSET_PAST   800 /* two school years */
#define DAYSET_FUTURE 223
#define DAYSET_DAYS   (DAYSET_PAST + DAYSET_FUTURE + 1)

struct dayset {
    int32_t first; /* the date of bit 0 */
    uint64_t bits[DAYSET_DAYS / 64];
};

void dayset_init(struct dayset *set, int32_t today);
bool dayset_add(struct dayset *set, int32_t day);
void dayset_add_range(struct dayset *set, int32_t from, int32_t to); /* both included; what fits */
bool dayset_has(const struct dayset *set, int32_t day);
bool dayset_empty(const struct dayset *set);
/* Takes the earliest date out. False when empty. */
bool dayset_take(struct dayset *set, int32_t *day);

#endif
