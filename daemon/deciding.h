/* May a date be decided for the first time by itself? Not when nobody was heard of for long, nor when many dates are due at
 * once: both are rare, and both are what a clock looks like that is ahead, or a database from another time. Then a person is
 * asked (`narvaro decisions`). Dates that a person's command is about need no second one, but for more of those that wait than would
 * be decided by themselves: an import of a whole term, made every night, is nobody's look at a clock.
 *
 * Works inside the store's open transaction. */
#ifndef DAEMON_DECIDING_H
#define DAEMON_DECIDING_H

#include "daemon/dayset.h"
#include "daemon/store/store_ended.h"

#define DECIDING_DATES_MAX \
    5 /* a school week; a machine that was off for longer than one is looked at by somebody anyhow */
#define DECIDING_SILENT_MS \
    (INT64_C(4) * 86400000) /* since any terminal was heard of: a week-end and a holiday beside it */

struct deciding {
    struct store *store;
    struct stored_asking asking;
};

void deciding_open(struct deciding *deciding, struct store *store);
/* Something is about to be decided for the first time: is a person to be asked? `earliest`: dates before it are not decided
 * any more. */
void deciding_consider(struct deciding *deciding, int32_t earliest, int32_t today, int64_t now_ms);
bool deciding_may(const struct deciding *deciding, int32_t day);
/* May a command that is about these dates decide those of them that wait, too? All or none. */
bool deciding_may_commanded(const struct deciding *deciding, const struct dayset *about, int32_t earliest,
                            int32_t today);
/* The dates that wait, first and last with lessons, and their number; 0: none. */
int deciding_waiting(const struct deciding *deciding, int32_t earliest, int32_t today, int32_t *first, int32_t *last);
/* A person has looked: they may. */
void deciding_confirm(struct deciding *deciding);
/* The clock went back to now: what was asked later than that is void. */
void deciding_clock_back(struct deciding *deciding, int32_t today, int64_t now_ms);

#endif
