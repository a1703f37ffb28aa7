/* What is derived must be of time that has ended, by the daemon's clock: how far anything was derived, what of it lies later
 * than now, and its taking back. Which first decisions wait for a person, and what the latest check of it found. Runs inside the open transaction. */
#ifndef DAEMON_STORE_ENDED_H
#define DAEMON_STORE_ENDED_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/store/store.h"

/* The latest instant (UTC) up to which a roll was taken; INT64_MIN: none was. */
int64_t store_derived_ms(struct store *store);
void store_derived_put(struct store *store, int64_t now_ms);

/* Is there an outcome, a decision, a doubt, a group's day or signal, an open task or a standing flag of a date after
 * `today`, or anything of today that was derived later than now? */
bool store_is_beyond(struct store *store, int32_t today, int64_t now_ms);
/* The first date of which something must be taken back: today, when its roll was taken later than now, or tomorrow. */
int32_t store_beyond_from(struct store *store, int32_t today, int64_t now_ms);
/* How many decided dates after `today` have taps of terminals, which go by clocks of their own. */
int64_t store_tapped_beyond(struct store *store, int32_t today);
/* The date by the clock when a person has looked at it and says that it is right; INT32_MIN: nobody has. */
int32_t store_clock_checked(struct store *store);
void store_clock_checked_put(struct store *store, int32_t today);
/* Takes back all that was derived of these dates: flags are withdrawn and tasks closed for the reason `why`, the rest is
 * deleted, for it is worked out again. Taps that were put off because they came too late by a clock that was ahead are not
 * put off any more. */
void store_take_back(struct store *store, int32_t from_day, const char *why, int64_t now_ms);

/* First decisions of dates after `confirmed` and up to `asked` wait for a person, since `asked_ms`. INT32_MIN: none. */
struct stored_asking {
    int32_t confirmed, asked;
    int64_t asked_ms;
};
struct stored_asking store_asking(struct store *store);
void store_asking_put(struct store *store, const struct stored_asking *asking);
/* When any terminal that has a place today was last heard of until now (UTC); INT64_MIN: never, or there is none: a school
 * that has given its terminals up is not asked about their silence. */
int64_t store_last_sign_ms(struct store *store, int64_t now_ms);

/* The latest check of the night (selfcheck.h). */
struct stored_check {
    int32_t day;   /* CIVIL_DAY_NONE: none yet */
    int differing; /* pupils whose flags were not what follows */
    bool sound;    /* the file */
};
struct stored_check store_check(struct store *store);
void store_check_put(struct store *store, const struct stored_check *check);

#endif
