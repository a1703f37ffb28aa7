/* Working together, counted over a term: which promises failed and how long was waited, and how meetings were rated. What may be told
 * of it is decided here. Pure.
 *
 * Only terms that are over are told, and they share no day, so that neither two periods nor two dates can be subtracted; counts of such a
 * term never change. A number is told as few_told has it. */
#ifndef DASHBOARD_TOGETHER_H
#define DASHBOARD_TOGETHER_H

#include <stdbool.h>
#include <stdint.h>

#define TOGETHER_WEEKS_MAX 104 /* longer waits count as that */
#define TOGETHER_GRADE_MAX 4   /* of a rating, from 1 on */
#define TOGETHER_TERMS_MAX 8   /* told at once, the latest */

enum { TOGETHER_PROMISES = 5, TOGETHER_PARTIES = 2, TOGETHER_QUESTIONS = 2 };
extern const char *const TOGETHER_PROMISE_WORDS[TOGETHER_PROMISES];   /* what failed in an avvikelse */
extern const char *const TOGETHER_PARTY_WORDS[TOGETHER_PARTIES];      /* who rates */
extern const char *const TOGETHER_QUESTION_WORDS[TOGETHER_QUESTIONS]; /* what is asked */

/* The first date of the term: 1 August or 1 January. */
int32_t together_term(int32_t day);
/* The first date of the term after the one that begins then. */
int32_t together_next_term(int32_t term_day);
int together_weeks(int32_t since_day, int32_t day);

/* How often each value was given, up to TOGETHER_WEEKS_MAX. Zeroed before. */
struct together_tally {
    int counts[TOGETHER_WEEKS_MAX + 1];
};
/* Values outside are taken as the nearest. */
void together_add(struct together_tally *tally, int value, int count);

struct together_told {
    int number;      /* few_told; 0: nothing is told, also none of the rest */
    int median;      /* the lower one of two */
    int mean_tenths; /* rounded to halves: with tenths, five to nine answers of 1.1 would be a single 2 */
};
struct together_told together_tell(const struct together_tally *tally);

#endif
