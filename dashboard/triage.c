/* The decision in three steps: an open case or a snooze has its date; otherwise each flag is new unless an answer to
 * its rule still mutes it; the item waits since the oldest flag that is not muted. */
#include "dashboard/triage.h"

#include <string.h>
#include "common/civil.h"

const char *const TRIAGE_WORDS[TRIAGE_KINDS] = {
    [TRIAGE_CONFIRM] = "confirm", [TRIAGE_SNOOZE] = "snooze", [TRIAGE_DISMISS] = "dismiss", [TRIAGE_CLOSE] = "close"};

static const char *const REASONS[TRIAGE_KINDS][TRIAGE_REASONS] = {
    [TRIAGE_CONFIRM] = {""},
    [TRIAGE_SNOOZE] = {"contact_made", "known_cause", "waiting_for_data", "support_in_place", "other"},
    [TRIAGE_DISMISS] = {"wrong_data", "known_cause", "already_handled", "not_of_concern", "other"},
    [TRIAGE_CLOSE] = {"attendance_up", "other_support", "moved", "handed_over", "other"},
};

bool triage_is_reason(enum triage_kind kind, const char *word)
{
    for (size_t i = 0; i < TRIAGE_REASONS && REASONS[kind][i] != NULL; i++)
        if (strcmp(REASONS[kind][i], word) == 0)
            return true;
    return false;
}

const char *triage_reason(enum triage_kind kind, size_t place)
{
    return place < TRIAGE_REASONS ? REASONS[kind][place] : NULL;
}

static int highest(const struct triage_flag *flags, size_t count)
{
    int severity = 0;
    for (size_t i = 0; i < count; i++)
        if (flags[i].severity > severity)
            severity = flags[i].severity;
    return severity;
}

/* Does an answer still mute this rule, at this severity? If not, *since_day is when it began to wait: when it was
 * raised, or when the last mute ended. */
static bool is_muted(const struct triage_flag *flag, int severity, const struct triage_answer *answers, size_t count,
                     int32_t today, int32_t *since_day)
{
    *since_day = flag->raised_day;
    for (size_t i = 0; i < count; i++) {
        if (answers[i].kind == TRIAGE_CONFIRM || strcmp(answers[i].rule, flag->rule) != 0)
            continue;
        if (answers[i].until_day > today && answers[i].severity >= severity)
            return true;
        if (answers[i].until_day <= today && answers[i].until_day > *since_day)
            *since_day = answers[i].until_day;
    }
    return false;
}

/* The place that follows from the flags that no answer mutes; the oldest of them says since when. */
static struct triage_verdict waiting(const struct triage_flag *flags, size_t flag_count,
                                     const struct triage_answer *answers, size_t answer_count, int32_t today)
{
    struct triage_verdict verdict = {.place = TRIAGE_AWAY, .severity = highest(flags, flag_count)};
    for (size_t i = 0; i < flag_count; i++) {
        int32_t since_day;
        if (is_muted(&flags[i], verdict.severity, answers, answer_count, today, &since_day))
            continue;
        if (verdict.place == TRIAGE_AWAY || since_day < verdict.since_day)
            verdict.since_day = since_day;
        verdict.place = verdict.severity >= 2 ? TRIAGE_NEW : TRIAGE_QUIET;
    }
    return verdict;
}

static struct triage_verdict due(enum triage_due why, int severity, int32_t day, int32_t today)
{
    if (day > today)
        return (struct triage_verdict){.place = TRIAGE_AWAY, .severity = severity};
    return (struct triage_verdict){.place = TRIAGE_DUE, .due = why, .severity = severity, .since_day = day};
}

struct triage_verdict triage_decide(const struct triage_flag *flags, size_t flag_count,
                                    const struct triage_answer *answers, size_t answer_count, struct triage_case one,
                                    int32_t today)
{
    int severity = highest(flags, flag_count);
    bool has_risen = answer_count > 0 && severity > answers[0].severity;
    if (one.open) {
        if (!has_risen || one.next_day <= today)
            return due(TRIAGE_DUE_CASE, severity, one.next_day, today);
    } else if (answer_count > 0 && answers[0].kind == TRIAGE_SNOOZE) {
        if (!has_risen || answers[0].until_day <= today)
            return due(TRIAGE_DUE_SNOOZE, severity, answers[0].until_day, today);
    }
    return waiting(flags, flag_count, answers, answer_count, today);
}

bool triage_too_many(size_t waiting, int items_a_week)
{
    return items_a_week > 0 && waiting > (size_t)items_a_week;
}

static int part_of(const struct triage_rank *rank)
{
    return rank->verdict.place == TRIAGE_DUE ? 0 : rank->joins_last_year ? 2 : 1;
}

int triage_compare(const struct triage_rank *a, const struct triage_rank *b)
{
    int32_t a_since = a->verdict.since_day, b_since = b->verdict.since_day;
    if (part_of(a) != part_of(b))
        return part_of(a) - part_of(b);
    if (a->lost_minutes != b->lost_minutes)
        return a->lost_minutes > b->lost_minutes ? -1 : 1;
    return (a_since > b_since) - (a_since < b_since);
}

int32_t triage_mute_end(int32_t today, const int32_t *school_days, size_t count)
{
    int32_t day = today;
    for (size_t left = TRIAGE_MUTE_DAYS, i = 0; left > 0; left--, i++) {
        if (i < count) {
            day = school_days[i];
            continue;
        }
        do
            day++;
        while (civil_weekday(day) >= 5);
    }
    return day + 1;
}
