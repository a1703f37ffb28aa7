/* Rules as data: conditions on measures that raise a flag, and one measure that clears it (docs/detection.md).
 *
 * A struct rules is a plain value without pointers: copy it, compare it, keep one per version. Nothing in the code
 * knows a rule by name. Thresholds are integers, hundredths of a percent or of one, so that every comparison is exact;
 * only those of tails, which are probabilities, are doubles. */
#ifndef DAEMON_CORE_RULES_H
#define DAEMON_CORE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"
#include "common/problems.h"
#include "daemon/core/detect/measures.h"

#define RULES_MAX           400
#define RULES_BYTES_MAX     (1024 * 1024) /* of their text */
#define RULE_CONDITIONS_MAX 8
#define RULE_DAYS_MAX       200 /* of every window, minimum and for_days */
#define RULE_OFFSET_MAX \
    366 /* own days; a school year has no more, so every larger offset leaves the same empty window */

enum comparison { COMPARISON_AT_LEAST, COMPARISON_AT_MOST, COMPARISON_BELOW, COMPARISON_ABOVE, COMPARISONS };

extern const char *const COMPARISON_WORDS[COMPARISONS]; /* "at_least" … */

struct condition {
    enum measure measure;
    enum comparison comparison;
    int32_t days, offset;                     /* own days; 0 where the measure takes no window */
    int32_t min_days;                         /* own days that a share needs in its window */
    int32_t baseline_days, baseline_min_days; /* absence_rise */
    int32_t threshold_hundredths;             /* of a percent (shares, rise) or of one (counts) */
    double threshold_tail;                    /* of a tail, as written; 0 elsewhere */
};

struct rule {
    char id[ID_BYTES];
    int32_t severity; /* 1–4 */
    int32_t condition_count;
    struct condition when[RULE_CONDITIONS_MAX]; /* all must hold */
    struct condition clear;                     /* COMPARISON_BELOW or _ABOVE */
    int32_t for_days;                           /* own days that clear must hold */
};

struct rules {
    int32_t count;
    struct rule rule[RULES_MAX]; /* ids are unique */
};

/* Reads libconfig and reports everything that is wrong at once; `rules` is changed only when it returns true. `name` stands
 * for the file in what is reported. */
bool rules_read_text(const char *name, const char *text, struct rules *rules, struct problems *problems);
/* The same for rules that are to be in force. It refuses also what can be followed but is hardly meant: percent below one, and a
 * clear that holds where the flag is raised. What was in force once is read by rules_read_text, whatever it says. */
bool rules_read_wanted(const char *name, const char *text, struct rules *rules, struct problems *problems);

/* The threshold as it is written in a rules file. */
double condition_threshold(const struct condition *condition);
/* The same threshold, whatever else differs. */
bool condition_same_threshold(const struct condition *a, const struct condition *b);

bool rule_equal(const struct rule *a, const struct rule *b);
/* NULL when there is none. */
const struct rule *rules_called(const struct rules *rules, const char *id);
/* The same rules, in any order. */
bool rules_equal(const struct rules *a, const struct rules *b);
/* It has one condition, and clears on what that is not. */
bool rule_clears_otherwise(const struct rule *rule);

#endif
