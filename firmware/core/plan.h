/* The plan: what a terminal knows of its school, which is the tokens of all cards and its own room's lessons of
 * today and the next days. No name ever reaches it. A tap is answered from these alone; the daemon's roll call
 * decides later and independently. Pure. */
#ifndef FIRMWARE_CORE_PLAN_H
#define FIRMWARE_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/civil.h"
#include "common/event.h"
#include "common/wire.h"

#define PLAN_DAYS 15 /* today and two weeks */
#define PLAN_EARLY_MS \
    (15 * CIVIL_MS_PER_MINUTE) /* a tap this long before a lesson is for that lesson, as in the roll call */

struct plan_day {
    bool known;
    struct wire_plan lessons;
    uint8_t arrived[(WIRE_PLAN_TOKENS_MAX + 7) / 8]; /* one bit for each expected token */
};

struct plan {
    bool cards_known;
    struct wire_cards cards;
    struct plan_day days[PLAN_DAYS];
    struct wire_plan incoming; /* decoded here first, so that a broken message changes nothing */
    struct wire_cards incoming_cards;
};

void plan_open(struct plan *plan);
/* A message's bytes; none at all means that the retained message was removed. Returns NULL, or why it was ignored. */
const char *plan_read_cards(struct plan *plan, const char *bytes, size_t length);
/* `day` is the topic's. A new day replaces the oldest. */
const char *plan_read_day(struct plan *plan, int32_t day, const char *bytes, size_t length);

bool plan_card_known(const struct plan *plan, uint64_t token); /* false while there is no list */
/* What to show for a tap. `at_ms` 0 = no time. */
enum feedback plan_judge(const struct plan *plan, uint64_t token, int64_t at_ms);
/* The tap was recorded: a second one in the same lesson is not answered with "late". */
void plan_arrive(struct plan *plan, uint64_t token, int64_t at_ms);

#endif
