/* Where a pupil stands in the inbox, from its open flags and what people have answered. Pure; docs/api.md says the
 * rules in words. Days are those of common/civil.h. */
#ifndef DASHBOARD_TRIAGE_H
#define DASHBOARD_TRIAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/detect/rules.h"

#define TRIAGE_MUTE_DAYS   10 /* school days for which an answered rule stays quiet */
#define TRIAGE_SNOOZE_DAYS 180
#define TRIAGE_FLAGS_MAX   RULES_MAX /* open ones of one pupil: of a rule there is at most one */
#define TRIAGE_ANSWERS_MAX \
    (2 * TRIAGE_FLAGS_MAX) /* rules of answers to one pupil, the newest; older ones keep nothing quiet */

/* The first and the last open and close a case; the others are answers outside one. */
enum triage_kind { TRIAGE_CONFIRM, TRIAGE_SNOOZE, TRIAGE_DISMISS, TRIAGE_CLOSE, TRIAGE_KINDS };
extern const char *const TRIAGE_WORDS[TRIAGE_KINDS];
#define TRIAGE_REASONS 6 /* of a kind, at most */
/* Structured choices, so that nobody writes about a child's health here. */
bool triage_is_reason(enum triage_kind kind, const char *word);
const char *triage_reason(enum triage_kind kind, size_t place); /* NULL: there are no more */

struct triage_flag {
    const char *rule;
    int severity;
    int32_t raised_day;
};

/* One rule that one answer saw. Answers that were undone are not given. */
struct triage_answer {
    enum triage_kind kind;
    const char *rule;  /* "" when the item had no flag */
    int severity;      /* of the item, then */
    int32_t until_day; /* the first day on which it says nothing any more; of a confirmation without meaning */
};

struct triage_case {
    bool open;
    int32_t next_day;
};

enum triage_place { TRIAGE_AWAY, TRIAGE_QUIET, TRIAGE_NEW, TRIAGE_DUE };
enum triage_due { TRIAGE_DUE_NOT, TRIAGE_DUE_SNOOZE, TRIAGE_DUE_CASE };

struct triage_verdict {
    enum triage_place place;
    enum triage_due due;
    int severity;      /* the highest of the flags; 0 without */
    int32_t since_day; /* waiting since; of a due one its date */
};

/* `answers` newest first. */
struct triage_verdict triage_decide(const struct triage_flag *flags, size_t flag_count,
                                    const struct triage_answer *answers, size_t answer_count, struct triage_case one,
                                    int32_t today);

/* What decides where an item stands in the list. */
struct triage_rank {
    struct triage_verdict verdict;
    bool joins_last_year; /* stands with the list from last year (dashboard/last_year.h) */
    int64_t lost_minutes; /* school time lost (dashboard/own_days.h) of a new one when too many wait; else 0 */
};

/* Do more wait than the school can meet in a week? 0: it has not said how many. */
bool triage_too_many(size_t waiting, int items_a_week);

/* Due ones first, longest due first; then new ones, most school time lost first, then who has waited longest; then those that
 * join the list from last year. Below 0 when a comes first. */
int triage_compare(const struct triage_rank *a, const struct triage_rank *b);

/* The first day after TRIAGE_MUTE_DAYS school days after `today`. `school_days` are those known after today, in
 * order; further ahead, Monday to Friday count. */
int32_t triage_mute_end(int32_t today, const int32_t *school_days, size_t count);

#endif
