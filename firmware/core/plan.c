/* Answers a tap from the lists that the daemon sent. Its lesson is chosen as the roll call does it
 * (docs/rollcall.md), but from this room's plan alone: the answer is a courtesy to the pupil, and nothing is stored
 * of it but the feedback. */
#include "firmware/core/plan.h"

#include <string.h>
#include "common/civil.h"

void plan_open(struct plan *plan)
{
    plan->cards_known = false;
    for (size_t i = 0; i < PLAN_DAYS; i++)
        plan->days[i].known = false;
}

/* The place of `token` in `tokens`, which are in ascending order; -1 when it is not there. */
static int find(const uint64_t *tokens, size_t count, uint64_t token)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tokens[middle] < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && tokens[low] == token ? (int)low : -1;
}

const char *plan_read_cards(struct plan *plan, const char *bytes, size_t length)
{
    const char *why = NULL;
    if (length == 0)
        plan->cards_known = false;
    else if (wire_decode_cards(bytes, length, &plan->incoming_cards, &why) == 0) {
        memcpy(&plan->cards, &plan->incoming_cards,
               offsetof(struct wire_cards, tokens) + plan->incoming_cards.count * sizeof plan->cards.tokens[0]);
        plan->cards_known = true;
    }
    return why;
}

/* The day's own place, else a free one, else the oldest day's. */
static struct plan_day *place(struct plan *plan, int32_t day)
{
    struct plan_day *best = &plan->days[0];
    for (size_t i = 0; i < PLAN_DAYS; i++) {
        struct plan_day *slot = &plan->days[i];
        if (slot->known && slot->lessons.day == day)
            return slot;
        if (best->known && (!slot->known || slot->lessons.day < best->lessons.day))
            best = slot;
    }
    return best;
}

const char *plan_read_day(struct plan *plan, int32_t day, const char *bytes, size_t length)
{
    const char *why = NULL;
    struct plan_day *slot = place(plan, day);
    if (length == 0) {
        if (slot->known && slot->lessons.day == day)
            slot->known = false;
        return NULL;
    }
    if (wire_decode_plan(bytes, length, &plan->incoming, &why) != 0)
        return why;
    if (plan->incoming.day != day)
        return "the plan's date is not its topic's";
    if (slot->known && slot->lessons.day > day)
        return "a plan older than those in use";
    if (slot->known && slot->lessons.day == day && slot->lessons.version == plan->incoming.version)
        return NULL; /* received again after a reconnection: what is known of arrivals stays */
    slot->known = true;
    memcpy(&slot->lessons, &plan->incoming,
           offsetof(struct wire_plan, tokens) + plan->incoming.token_count * sizeof plan->incoming.tokens[0]);
    memset(slot->arrived, 0, sizeof slot->arrived);
    return NULL;
}

bool plan_card_known(const struct plan *plan, uint64_t token)
{
    return plan->cards_known && find(plan->cards.tokens, plan->cards.count, token) >= 0;
}

static const struct wire_period *period_of(const struct plan_day *day, size_t index)
{
    return &day->lessons.periods[index];
}

/* The place among all of the plan's tokens where `token` is expected at that lesson; or -1. */
static int find_expected(const struct plan_day *day, const struct wire_period *period, uint64_t token)
{
    int at = find(day->lessons.tokens + period->first_token, period->token_count, token);
    return at < 0 ? -1 : (int)period->first_token + at;
}

static bool arrived(const struct plan_day *day, int token)
{
    return day->arrived[token / 8] & (1u << (token % 8));
}

/* A lesson that a tap may belong to. */
struct candidate {
    size_t period;
    int token; /* among the plan's */
};

/* The first lesson, by start, in which the card is expected and has not arrived: one that is going on, or one that
 * is about to begin. Callers ask for the former first: rules 1 and 2 of the roll call (docs/rollcall.md). */
static bool choose(const struct plan_day *day, uint64_t token, int64_t at_ms, bool going_on, struct candidate *out)
{
    for (size_t i = 0; i < day->lessons.period_count; i++) {
        const struct wire_period *period = period_of(day, i);
        if (going_on ? at_ms < period->start_ms || at_ms >= period->end_ms
                     : at_ms >= period->start_ms || at_ms < period->start_ms - PLAN_EARLY_MS)
            continue;
        *out = (struct candidate){.period = i, .token = find_expected(day, period, token)};
        if (out->token >= 0 && !arrived(day, out->token))
            return true;
    }
    return false;
}

/* No lesson expects this card, or none any more: it has arrived already, belongs to another room, or there is no
 * lesson. */
static enum feedback judge_rest(const struct plan_day *day, uint64_t token, int64_t at_ms)
{
    enum feedback verdict = FEEDBACK_RECORDED;
    for (size_t i = 0; i < day->lessons.period_count; i++) {
        const struct wire_period *period = period_of(day, i);
        if (at_ms < period->start_ms - PLAN_EARLY_MS || at_ms >= period->end_ms)
            continue;
        if (find_expected(day, period, token) >= 0)
            return FEEDBACK_OK;
        verdict = FEEDBACK_OTHER_ROOM;
    }
    return verdict;
}

static int day_index(const struct plan *plan, int64_t at_ms)
{
    int32_t today = civil_from_utc_ms(at_ms).day;
    for (int i = 0; i < PLAN_DAYS; i++)
        if (plan->days[i].known && plan->days[i].lessons.day == today)
            return i;
    return -1;
}

enum feedback plan_judge(const struct plan *plan, uint64_t token, int64_t at_ms)
{
    if (!plan->cards_known)
        return FEEDBACK_RECORDED;
    if (!plan_card_known(plan, token))
        return FEEDBACK_UNKNOWN_CARD;
    int index = at_ms ? day_index(plan, at_ms) : -1;
    if (index < 0)
        return FEEDBACK_RECORDED;
    const struct plan_day *day = &plan->days[index];
    struct candidate found;
    if (choose(day, token, at_ms, true, &found))
        return at_ms >= period_of(day, found.period)->late_ms ? FEEDBACK_LATE : FEEDBACK_OK;
    return choose(day, token, at_ms, false, &found) ? FEEDBACK_OK : judge_rest(day, token, at_ms);
}

void plan_arrive(struct plan *plan, uint64_t token, int64_t at_ms)
{
    int index = at_ms ? day_index(plan, at_ms) : -1;
    struct candidate found;
    if (index < 0)
        return;
    struct plan_day *day = &plan->days[index];
    if (choose(day, token, at_ms, true, &found) || choose(day, token, at_ms, false, &found))
        day->arrived[found.token / 8] |= (uint8_t)(1u << (found.token % 8));
}
