/* Sums a decided date by class and year, and compares each group with its own past through core/groupsignal.h. */
#include "daemon/signals.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "common/log.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_signals.h"

void signals_init(struct signals *signals, struct store *store, const struct groupsignal_settings *settings)
{
    signals->store = store;
    signals->settings = settings;
    signals->due_from = INT32_MAX;
    signals->due_to = INT32_MIN;
}

static void count_pupil(struct signals *signals, const struct school *school, int32_t day,
                        const struct rollcall_row *rows, size_t count)
{
    const struct school_period *period = school_period(school, rows[0].pupil, day);
    for (size_t i = 0; i < count; i += OUTCOME_LESSONS_MAX) {
        struct outcome outcomes[OUTCOME_LESSONS_MAX];
        size_t taken = count - i < OUTCOME_LESSONS_MAX ? count - i : OUTCOME_LESSONS_MAX;
        for (size_t k = 0; k < taken; k++)
            outcomes[k] = rows[i + k].outcome;
        groupsignal_add(&signals->classes[period->class_index], outcomes, taken);
        groupsignal_add(&signals->years[period->year_index], outcomes, taken);
    }
}

static void count_all(struct signals *signals, const struct school *school, const struct rollcall *rollcall,
                      int32_t day)
{
    memset(signals->classes, 0, sizeof signals->classes);
    memset(signals->years, 0, sizeof signals->years);
    for (size_t first = 0, next; first < rollcall->row_count; first = next) {
        for (next = first + 1; next < rollcall->row_count && rollcall->rows[next].pupil == rollcall->rows[first].pupil;)
            next++;
        count_pupil(signals, school, day, &rollcall->rows[first], next - first);
    }
}

static void store_counts(struct signals *signals, const char *kind, const struct names *names,
                         const struct groupsignal_day *counts, int32_t day)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (counts[i].expected_minutes > 0 && names_text(names, i).length > 0)
            store_group_day_add(signals->store, &(struct group_day){kind, names_text(names, i).bytes, day, counts[i]});
}

/* One date being decided; rows come sorted by group and date, so the date itself is each group's last. */
struct deciding {
    struct signals *signals;
    int32_t day;
    char kind[8], name[NAME_BYTES];
    size_t before_count;
    struct groupsignal_day before[GROUPSIGNAL_DAYS_MAX];
    int found;
};

static void take_group_day(struct deciding *deciding, const struct group_day *group_day)
{
    int32_t usual_ppm;
    if (strcmp(deciding->kind, group_day->kind) != 0 || strcmp(deciding->name, group_day->name) != 0) {
        snprintf(deciding->kind, sizeof deciding->kind, "%s", group_day->kind);
        snprintf(deciding->name, sizeof deciding->name, "%s", group_day->name);
        deciding->before_count = 0;
    }
    if (group_day->day < deciding->day) {
        assert(deciding->before_count < GROUPSIGNAL_DAYS_MAX);
        deciding->before[deciding->before_count++] = group_day->counts;
    } else if (groupsignal_holds(deciding->signals->settings, &group_day->counts, deciding->before,
                                 deciding->before_count, &usual_ppm)) {
        store_signal_add(deciding->signals->store, group_day, usual_ppm);
        deciding->found++;
    }
}

static int decide(struct signals *signals, int32_t day)
{
    struct deciding deciding = {.signals = signals, .day = day};
    struct group_day group_day;
    store_signals_clear(signals->store, day);
    struct query rows = store_group_days(signals->store, day - 7 * signals->settings->weeks, day);
    while (store_next_group_day(&rows, &group_day))
        take_group_day(&deciding, &group_day);
    return deciding.found;
}

void signals_day(struct signals *signals, const struct school *school, const struct rollcall *rollcall, int32_t day)
{
    count_all(signals, school, rollcall, day);
    store_group_days_clear(signals->store, day);
    store_counts(signals, "class", &school->classes, signals->classes, day);
    store_counts(signals, "year", &school->years, signals->years, day);
    int32_t last = day + 7 * signals->settings->weeks;
    signals->due_from = day < signals->due_from ? day : signals->due_from;
    signals->due_to = last > signals->due_to ? last : signals->due_to;
}

void signals_decide(struct signals *signals)
{
    int found = 0;
    int32_t last;
    if (signals->due_from > signals->due_to || !store_decided_through(signals->store, &last))
        return;
    last = last < signals->due_to ? last : signals->due_to;
    for (int32_t day = signals->due_from; day <= last; day++)
        found += decide(signals, day);
    if (found > 0)
        log_info("group signals from=%d to=%d groups=%d", (int)signals->due_from, (int)last, found);
    signals->due_from = INT32_MAX;
    signals->due_to = INT32_MIN;
}
