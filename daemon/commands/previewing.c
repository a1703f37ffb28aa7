/* Runs both sets of rules on the stored days in a detector of its own; the daemon's flags are not touched. */
#include "daemon/commands/previewing.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"
#include "daemon/commands/refusal.h"
#include "daemon/core/detect/preview_json.h"
#include "daemon/daemon.h"
#include "daemon/flagging.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_flags.h"
#include "daemon/store/store_versions.h"

static_assert(7 * (PREVIEW_WEEKS_MAX - 1) > STORE_DATES_MAX, "a trial has room for all dates that are decided");

enum { NEW, OLD, SIDES };

/* One question's memory. Pupils have their own numbers here, for those who left the school long ago are not asked. */
struct trial {
    struct daemon *daemon;
    struct detect *detect[SIDES];
    struct rules *rules[SIDES];
    struct preview *preview;
    struct names pupils, classes, years;
    struct preview_pupil *of_pupil;
    struct preview_school school;
    struct problems problems;
    int32_t since;
    bool failed; /* no memory */
};

/* NULL only without memory for the trial itself; `failed` says that a part of it is missing. */
static struct trial *trial_open(struct daemon *daemon)
{
    struct trial *trial = calloc(1, sizeof *trial);
    if (trial == NULL)
        return NULL;
    trial->daemon = daemon;
    trial->since = flagging_since(daemon_flagging(daemon));
    for (int side = 0; side < SIDES; side++) {
        trial->detect[side] = detect_open();
        trial->rules[side] = malloc(sizeof *trial->rules[side]);
        trial->failed |= trial->detect[side] == NULL || trial->rules[side] == NULL;
    }
    trial->preview = malloc(sizeof *trial->preview);
    trial->of_pupil = calloc(FLAGGING_PUPILS_MAX, sizeof *trial->of_pupil);
    trial->failed |= trial->preview == NULL || trial->of_pupil == NULL ||
                     !names_open(&trial->pupils, FLAGGING_PUPILS_MAX, FLAGGING_PUPILS_MAX * NAME_BYTES) ||
                     !names_open(&trial->classes, FLAGGING_PUPILS_MAX, FLAGGING_PUPILS_MAX * NAME_BYTES) ||
                     !names_open(&trial->years, PREVIEW_YEARS_MAX, PREVIEW_YEARS_MAX * NAME_BYTES);
    preview_school_init(&trial->school, trial->of_pupil, &trial->years);
    return trial;
}

static void trial_close(struct trial *trial)
{
    if (trial == NULL)
        return;
    for (int side = 0; side < SIDES; side++) {
        detect_close(trial->detect[side]);
        free(trial->rules[side]);
    }
    names_close(&trial->pupils);
    names_close(&trial->classes);
    names_close(&trial->years);
    free(trial->of_pupil);
    free(trial->preview);
    free(trial);
}

static void take_rules_in_force(struct trial *trial)
{
    struct stored_rules stored;
    int32_t today = daemon_today(trial->daemon);
    struct query rows = store_rules(daemon_store(trial->daemon), today);
    while (store_next_rules(&rows, &stored))
        if (stored.from_day <= today)
            rules_read_text("rules_version", stored.text, trial->rules[OLD], &trial->problems);
}

static void read_rules(struct trial *trial, const char *rules, const char *against)
{
    rules_read_text("rules", rules, trial->rules[NEW], &trial->problems);
    if (against != NULL)
        rules_read_text("against", against, trial->rules[OLD], &trial->problems);
    else
        take_rules_in_force(trial);
    for (int side = 0; side < SIDES && trial->problems.count == 0; side++)
        trial->failed |= !detect_add_rules(trial->detect[side], trial->rules[side], 1, INT32_MIN);
}

/* A pupil's class is that of the latest day; the days of a pupil come in their order. */
static void take_day(struct trial *trial, const struct pupil_day *day)
{
    uint32_t pupil = names_add(&trial->pupils, text_of(day->pupil_id));
    uint32_t class = names_add(&trial->classes, text_of(day->class_name));
    trial->failed |= pupil == NAMES_NONE || class == NAMES_NONE;
    if (trial->failed || day->count == 0)
        return;
    trial->of_pupil[pupil].class = class;
    preview_school_day(&trial->school, pupil, trial->since, day->day);
    for (int side = 0; side < SIDES; side++)
        trial->failed |= !detect_set_day(trial->detect[side], pupil, class, day->day, day->outcomes, day->count);
}

static uint32_t year_number(struct trial *trial, struct text year)
{
    uint32_t number = names_add(&trial->years, year);
    if (number == NAMES_NONE && trial->problems.count == 0)
        problems_add(&trial->problems, "school", 0, "more than %d years", PREVIEW_YEARS_MAX);
    return number;
}

static void take_years(struct trial *trial)
{
    const char *pupil_id, *year;
    struct query rows = store_pupil_years(daemon_store(trial->daemon));
    while (store_next_pupil_year(&rows, &pupil_id, &year)) {
        uint32_t pupil = names_find(&trial->pupils, text_of(pupil_id));
        if (pupil != NAMES_NONE)
            trial->of_pupil[pupil].year = year_number(trial, text_of(year));
    }
}

/* Pupils who are no longer known have the year that their class began with. */
static void take_school(struct trial *trial)
{
    struct decided_days days;
    struct pupil_day day;
    store_decided_since(daemon_store(trial->daemon), trial->since, &days);
    while (!trial->failed && store_next_decided(&days, &day))
        take_day(trial, &day);
    query_end(&days.rows);
    for (uint32_t pupil = 0; pupil < trial->pupils.count; pupil++)
        trial->of_pupil[pupil].year =
            year_number(trial, preview_year_of_class(names_text(&trial->classes, trial->of_pupil[pupil].class)));
    take_years(trial);
    trial->school.pupil_count = trial->pupils.count;
    trial->school.class_count = trial->classes.count;
}

static json_t *tell_side(struct trial *trial, int side, struct preview_limit limit)
{
    if (!preview_run(trial->preview, &trial->school, trial->detect[side], trial->rules[side])) {
        trial->failed = true;
        return NULL;
    }
    return preview_json(trial->preview, &trial->school, trial->rules[side], limit);
}

static json_t *tell(struct trial *trial, struct preview_limit limit)
{
    json_t *new_side = tell_side(trial, NEW, limit), *old_side = tell_side(trial, OLD, limit);
    return json_pack("{s:b, s:o, s:o, s:o}", "ok", 1, "school", preview_school_json(&trial->school), "new", new_side,
                     "old", old_side);
}

json_t *previewing_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *rules, *against = NULL;
    struct preview_limit limit = {PREVIEW_SEVERITY, PREVIEW_CAPACITY};
    if (json_unpack((json_t *)request, "{s:s, s?s, s?i, s?i}", "rules", &rules, "against", &against, "severity",
                    &limit.severity, "capacity", &limit.capacity) != 0 ||
        limit.severity < 1 || limit.severity > PREVIEW_SEVERITIES || limit.capacity < 1 ||
        limit.capacity > PREVIEW_CAPACITY_MAX) {
        *why = "preview needs rules (text); severity must be between 1 and 4, capacity between 1 and 1000";
        return NULL;
    }
    *why = "out of memory";
    json_t *answer = NULL;
    struct trial *trial = trial_open(daemon);
    if (trial != NULL && !trial->failed)
        read_rules(trial, rules, against);
    if (trial != NULL && !trial->failed && trial->problems.count == 0)
        take_school(trial);
    if (trial != NULL && trial->problems.count > 0)
        answer = refusal_listing(&trial->problems);
    else if (trial != NULL && !trial->failed)
        answer = tell(trial, limit);
    trial_close(trial);
    return answer;
}
