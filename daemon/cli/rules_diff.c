/* A rule is told as the sentence that it is; of a changed one only the sentences that differ. */
#include "daemon/cli/rules_diff.h"

#include <string.h>

#define SENTENCE_BYTES 2048 /* RULE_CONDITIONS_MAX conditions of less than 200 bytes */

static int write_condition(const struct condition *condition, char *out, size_t bytes)
{
    static const char *const WORDS[COMPARISONS] = {"at least", "at most", "below", "above"};
    enum measure measure = condition->measure;
    int used = snprintf(out, bytes, "%s is %s %g%s", MEASURE_FORMS[measure].word, WORDS[condition->comparison],
                        condition_threshold(condition), measure_is_share(measure) ? " %" : "");
    if (condition->days > 0)
        used += snprintf(out + used, bytes - (size_t)used, " over %d own days", condition->days);
    if (condition->offset > 0)
        used += snprintf(out + used, bytes - (size_t)used, " that ended %d own days ago", condition->offset);
    if (condition->min_days > 0)
        used += snprintf(out + used, bytes - (size_t)used, ", if at least %d are there", condition->min_days);
    if (condition->baseline_days > 0)
        used += snprintf(out + used, bytes - (size_t)used, ", against the %d before, if at least %d are there",
                         condition->baseline_days, condition->baseline_min_days);
    return used;
}

static void write_when(const struct rule *rule, char out[SENTENCE_BYTES])
{
    int used = snprintf(out, SENTENCE_BYTES, "raised when ");
    for (int32_t i = 0; i < rule->condition_count; i++) {
        if (i > 0)
            used += snprintf(out + used, SENTENCE_BYTES - (size_t)used, "; and ");
        used += write_condition(&rule->when[i], out + used, SENTENCE_BYTES - (size_t)used);
    }
}

static void write_clear(const struct rule *rule, char out[SENTENCE_BYTES])
{
    int used = snprintf(out, SENTENCE_BYTES, "cleared when ");
    used += write_condition(&rule->clear, out + used, SENTENCE_BYTES - (size_t)used);
    snprintf(out + used, SENTENCE_BYTES - (size_t)used, ", %d own days in a row", rule->for_days);
}

static void write_severity(const struct rule *rule, char out[SENTENCE_BYTES])
{
    snprintf(out, SENTENCE_BYTES, "severity %d", rule->severity);
}

/* `old` NULL: the rule is new. */
static void print_rule(const struct rule *old, const struct rule *new, FILE *out)
{
    static void (*const SENTENCES[])(const struct rule *, char[SENTENCE_BYTES]) = {write_severity, write_when,
                                                                                   write_clear};
    char now[SENTENCE_BYTES], before[SENTENCE_BYTES];
    fprintf(out, "%s: %s\n", new->id, old == NULL ? "new" : "changed");
    for (size_t i = 0; i < sizeof SENTENCES / sizeof *SENTENCES; i++) {
        SENTENCES[i](new, now);
        if (old != NULL)
            SENTENCES[i](old, before);
        if (old == NULL || strcmp(now, before) != 0)
            fprintf(out, "  %s\n", now);
        if (old != NULL && strcmp(now, before) != 0)
            fprintf(out, "  was: %s\n", before);
    }
}

void rules_diff_print(const struct rules *old, const struct rules *new, FILE *out)
{
    for (int32_t i = 0; i < new->count; i++) {
        const struct rule *before = rules_called(old, new->rule[i].id);
        if (before == NULL || !rule_equal(before, &new->rule[i]))
            print_rule(before, &new->rule[i], out);
    }
    for (int32_t i = 0; i < old->count; i++)
        if (rules_called(new, old->rule[i].id) == NULL)
            fprintf(out, "%s: gone\n", old->rule[i].id);
    if (rules_equal(old, new))
        fputs("no rule differs\n", out);
}
