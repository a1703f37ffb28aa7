/* Compares the detector's flags with the stored ones, pupil by pupil, and writes only the differences; a flag that
 * no longer follows from the data is withdrawn, not deleted. */
#include "daemon/flagging.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/core/detect/evidence_json.h"
#include "daemon/core/school/school.h"
#include "common/fault.h"
#include "daemon/store/store_versions.h"

static_assert(STORE_DATES_MAX > 2 * 366, "a start reads two school years");
static_assert(FLAGGING_PUPILS_MAX >= 2 * SCHOOL_PUPILS_MAX, "as many pupils as two schools have, one a school year");

/* Returns NULL, or why the versions cannot be added. */
static const char *add_rules(struct flagging *flagging, struct detect *detect)
{
    struct stored_rules stored;
    const char *why = NULL;
    struct query rows = store_rules(flagging->store, flagging->since);
    while (why == NULL && store_next_rules(&rows, &stored)) {
        struct problems problems = {0};
        if (!rules_read_text("rules_version", stored.text, flagging->rules, &problems))
            why = "a stored version of the rules cannot be read";
        else if (!detect_add_rules(detect, flagging->rules, stored.version, stored.from_day))
            why = "the rules have changed too often in this school year and the last, or out of memory";
    }
    query_end(&rows);
    return why;
}

static const char *fill_days(struct flagging *flagging)
{
    struct decided_days days;
    struct pupil_day day;
    const char *why = NULL;
    store_decided_since(flagging->store, flagging->since, &days);
    while (why == NULL && store_next_decided(&days, &day))
        if (!flagging_set_day(flagging, &day))
            why = "out of memory";
    query_end(&days.rows);
    return days.unreadable > 0 ? "a stored pupil-day cannot be read" : why;
}

static const char *fill(struct flagging *flagging, int32_t today)
{
    flagging->detect = detect_open();
    if (flagging->detect == NULL)
        return "out of memory";
    names_clear(&flagging->pupils);
    names_clear(&flagging->classes);
    flagging->since = flagging_begins(today);
    flagging->year_began = INT32_MIN;
    if (!store_decided_through(flagging->store, &flagging->decided_through))
        flagging->decided_through = INT32_MIN;
    const char *why = fill_days(flagging);
    if (why == NULL)
        why = add_rules(flagging, flagging->detect); /* last: days are set faster without rules to follow them */
    if (why != NULL)
        return why;
    /* The stored flags are those of the stored days: nothing has changed yet. */
    for (uint32_t pupil; detect_next_changed(flagging->detect, &pupil);)
        ;
    return NULL;
}

const char *flagging_open(struct flagging *flagging, struct store *store, int32_t today)
{
    *flagging = (struct flagging){.store = store};
    flagging->rules = malloc(sizeof *flagging->rules);
    if (flagging->rules == NULL ||
        !names_open(&flagging->pupils, FLAGGING_PUPILS_MAX, FLAGGING_PUPILS_MAX * NAME_BYTES) ||
        !names_open(&flagging->classes, FLAGGING_PUPILS_MAX, FLAGGING_PUPILS_MAX * NAME_BYTES))
        return "out of memory";
    return fill(flagging, today);
}

void flagging_close(struct flagging *flagging)
{
    if (flagging->detect != NULL)
        detect_close(flagging->detect);
    names_close(&flagging->pupils);
    names_close(&flagging->classes);
    free(flagging->stored.flags);
    free(flagging->rules);
}

const char *flagging_reload(struct flagging *flagging, int32_t today)
{
    detect_close(flagging->detect);
    flagging->detect = NULL;
    return fill(flagging, today);
}

const char *flagging_try_rules(struct flagging *flagging)
{
    struct detect *detect = detect_open();
    if (detect == NULL)
        return "out of memory";
    const char *why = add_rules(flagging, detect);
    detect_close(detect);
    return why;
}

/* The days of one pupil usually follow each other, so the previous name is compared before names are searched. */
static uint32_t number_of(struct names *names, uint32_t *latest, const char *name)
{
    if (*latest >= names->count || strcmp(names_text(names, *latest).bytes, name) != 0)
        *latest = names_add(names, text_of(name));
    return *latest;
}

bool flagging_set_day(struct flagging *flagging, const struct pupil_day *pupil_day)
{
    if (pupil_day->day < flagging->since)
        return true;
    uint32_t pupil = number_of(&flagging->pupils, &flagging->latest_pupil, pupil_day->pupil_id);
    uint32_t class = number_of(&flagging->classes, &flagging->latest_class, pupil_day->class_name);
    return pupil != NAMES_NONE && class != NAMES_NONE &&
           detect_set_day(flagging->detect, pupil, class, pupil_day->day, pupil_day->outcomes, pupil_day->count);
}

void flagging_decided(struct flagging *flagging, int32_t day)
{
    if (day > flagging->decided_through)
        flagging->decided_through = day;
}

const char *flagging_subject(void *context, uint16_t subject, char name[NAME_BYTES])
{
    struct flagging *flagging = context;
    store_subject_name(flagging->store, subject, name);
    return name;
}

/* Writes the JSON array `evidence` of docs/api.md. False: no memory. Not by json_dumps, which leaves out a key for which its
 * text cannot grow, and says nothing. */
static bool write_evidence(struct flagging *flagging, uint32_t pupil, const struct flag *flag)
{
    json_t *array = json_array();
    bool whole = true;
    for (int32_t i = 0; i < flag->rule->condition_count && whole; i++)
        whole = json_array_append_new(array, evidence_json(flagging->detect, pupil, flag->raised_day,
                                                           &flag->rule->when[i], flagging_subject, flagging)) == 0;
    size_t length = whole ? json_dumpb(array, flagging->evidence, sizeof flagging->evidence - 1, JSON_COMPACT) : 0;
    json_decref(array);
    assert(length < sizeof flagging->evidence);
    flagging->evidence[length] = '\0';
    return length > 0;
}

static const char *end_word(enum flag_end end)
{
    switch (end) {
    case FLAG_OPEN:
        return "open";
    case FLAG_CLEARED:
        return "rule clears";
    case FLAG_YEAR_ENDED:
        return "school year ended";
    case FLAG_RULE_ENDED:
        return "rule changed";
    case FLAG_LEFT:
        return "left";
    }
    return "";
}

/* One pupil's comparison of the detector's flags with the stored ones. */
struct comparison_of {
    struct flagging *flagging;
    uint32_t pupil;
    const char *pupil_id, *why;
    int64_t now_ms;
    bool late;
};

/* The order of store_flags_of. */
static int compare_with_stored(const struct flag *flag, const struct stored_flag *stored)
{
    int order = strcmp(flag->rule->id, stored->rule);
    if (order != 0)
        return order;
    if (flag->version != stored->rules_version)
        return flag->version < stored->rules_version ? -1 : 1;
    return (flag->raised_day > stored->raised_day) - (flag->raised_day < stored->raised_day);
}

/* The stored flag of the same rule, version and date, the first where some of them are withdrawn; or NULL. */
static struct stored_flag *find_stored(const struct stored_flags *stored, const struct flag *flag)
{
    size_t low = 0, high = stored->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_with_stored(flag, &stored->flags[middle]) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < stored->count && compare_with_stored(flag, &stored->flags[low]) == 0;
    return found ? &stored->flags[low] : NULL;
}

/* A flag of the past may be raised and cleared at once; its history gets both changes. */
static bool raise_flag(struct comparison_of *comparison, const struct flag *flag)
{
    struct store *store = comparison->flagging->store;
    if (!write_evidence(comparison->flagging, comparison->pupil, flag))
        return false;
    struct new_flag raised = {
        .pupil_id = comparison->pupil_id,
        .rule = flag->rule->id,
        .evidence = comparison->flagging->evidence,
        .severity = flag->rule->severity,
        .rules_version = flag->version,
        .raised_day = flag->raised_day,
        .cleared_day = flag->ended_day,
        .decided_ms = comparison->now_ms,
    };
    int64_t number = store_flag_insert(store, &raised);
    store_flag_change(store, number, "raised", flag->raised_day, "", comparison->now_ms);
    if (flag->ended_day != 0)
        store_flag_change(store, number, "cleared", flag->ended_day, end_word(flag->end), comparison->now_ms);
    return true;
}

static bool update_flag(struct comparison_of *comparison, const struct flag *flag, const struct stored_flag *stored)
{
    struct store *store = comparison->flagging->store;
    bool moved = stored->withdrawn || stored->cleared_day != flag->ended_day;
    if (!moved && !comparison->late)
        return true;
    if (!write_evidence(comparison->flagging, comparison->pupil, flag))
        return false;
    const char *evidence = comparison->flagging->evidence;
    if (moved || store_digest(evidence, strlen(evidence)) != stored->evidence_digest)
        store_flag_update(store, stored->flag, flag->ended_day, evidence);
    if (stored->withdrawn || (moved && flag->ended_day == 0))
        store_flag_change(store, stored->flag, "reopened", 0, comparison->why, comparison->now_ms);
    if (moved && flag->ended_day != 0)
        store_flag_change(store, stored->flag, "cleared", flag->ended_day, end_word(flag->end), comparison->now_ms);
    return true;
}

static void withdraw_rest(struct comparison_of *comparison, const struct stored_flags *all)
{
    struct store *store = comparison->flagging->store;
    for (size_t i = 0; i < all->count; i++) {
        const struct stored_flag *stored = &all->flags[i];
        if (stored->withdrawn || stored->follows || FAULT(withdrawn_flag_kept))
            continue;
        store_flag_withdraw(store, stored->flag, comparison->now_ms, comparison->why);
        store_flag_change(store, stored->flag, "withdrawn", 0, comparison->why, comparison->now_ms);
    }
}

static bool sync_pupil(struct flagging *flagging, uint32_t pupil, bool late, const char *why, int64_t now_ms)
{
    const struct flag *flags;
    size_t count;
    struct stored_flags *all = &flagging->stored;
    struct comparison_of comparison = {
        .flagging = flagging, .pupil = pupil, .why = why, .now_ms = now_ms, .late = late};
    comparison.pupil_id = names_text(&flagging->pupils, pupil).bytes;
    if (!store_flags_of(flagging->store, comparison.pupil_id, flagging->since, all) ||
        !detect_flags(flagging->detect, pupil, flagging->decided_through, &flags, &count))
        return false;
    /* The detector's answer is valid until it is asked for evidence. */
    struct flag *copy = count == 0 ? NULL : malloc(count * sizeof *copy);
    if (count > 0 && copy == NULL)
        return false;
    if (count > 0)
        memcpy(copy, flags, count * sizeof *copy);
    bool done = true;
    for (size_t i = 0; i < count && done; i++) {
        struct stored_flag *stored = find_stored(all, &copy[i]);
        if (stored != NULL)
            stored->follows = true;
        done = stored == NULL ? raise_flag(&comparison, &copy[i]) : update_flag(&comparison, &copy[i], stored);
    }
    free(copy);
    if (done)
        withdraw_rest(&comparison, all);
    return done;
}

static int compare_leaves(const void *left, const void *right)
{
    const struct detect_leave *a = left, *b = right;
    return a->pupil != b->pupil ? (a->pupil > b->pupil) - (a->pupil < b->pupil) : (a->day > b->day) - (a->day < b->day);
}

/* The last dates of a pupil's periods up to now that no other period continues. Returns how many. */
static size_t find_leaves(const struct school *school, uint16_t pupil, uint32_t number, int32_t today,
                          struct detect_leave *out)
{
    size_t count = 0;
    for (uint16_t i = school->first_period[pupil]; i != SCHOOL_NONE; i = school->periods[i].next) {
        int32_t last = school->periods[i].to_day;
        if (last != CIVIL_DAY_NONE && last < today && school_period(school, pupil, last + 1) == NULL)
            out[count++] = (struct detect_leave){number, last};
    }
    return count;
}

static bool tell_leaves(struct flagging *flagging, const struct school *school, int32_t today)
{
    size_t count = 0;
    struct detect_leave *leaves = malloc((school->period_count + 1) * sizeof *leaves);
    if (leaves == NULL)
        return false;
    for (uint16_t pupil = 0; pupil < school->pupil_ids.count; pupil++) {
        uint32_t number = names_find(&flagging->pupils, names_text(&school->pupil_ids, pupil));
        if (number != NAMES_NONE)
            count += find_leaves(school, pupil, number, today, leaves + count);
    }
    qsort(leaves, count, sizeof *leaves, compare_leaves);
    bool told = detect_set_leaves(flagging->detect, leaves, count);
    free(leaves);
    return told;
}

/* True when the stored flags do not follow from it: some of an earlier school year are open, or a clock that was wrong had
 * begun a later one. */
static bool begin_year(struct flagging *flagging, int32_t today)
{
    int32_t first_day = civil_school_year(today), before = flagging->year_began;
    if (before == first_day)
        return false;
    flagging->year_began = first_day;
    detect_year_began(flagging->detect, first_day);
    return first_day < before || store_flags_open_before(flagging->store, first_day);
}

bool flagging_sync(struct flagging *flagging, const struct school *school, bool everyone, const char *why,
                   int64_t now_ms)
{
    uint32_t pupil;
    int32_t today = civil_from_utc_ms(now_ms).day;
    if (flagging->decided_through == INT32_MIN)
        return true;
    bool done = tell_leaves(flagging, school, today);
    everyone = begin_year(flagging, today) || everyone;
    while (done && detect_next_changed(flagging->detect, &pupil))
        done = sync_pupil(flagging, pupil, true, why, now_ms);
    if (everyone)
        for (pupil = 0; pupil < flagging->pupils.count && done; pupil++)
            done = sync_pupil(flagging, pupil, false, why, now_ms);
    return done;
}

/* False: no memory. */
static bool compare_pupil(struct flagging *fresh, uint32_t pupil, bool *differs)
{
    const struct flag *flags;
    size_t count;
    struct stored_flags *all = &fresh->stored;
    if (!store_flags_of(fresh->store, names_text(&fresh->pupils, pupil).bytes, fresh->since, all) ||
        !detect_flags(fresh->detect, pupil, fresh->decided_through, &flags, &count))
        return false;
    *differs = false;
    for (size_t i = 0; i < count; i++) {
        struct stored_flag *stored = find_stored(all, &flags[i]);
        *differs |= stored == NULL || stored->withdrawn || stored->cleared_day != flags[i].ended_day;
        if (stored != NULL)
            stored->follows = true;
    }
    for (size_t i = 0; i < all->count; i++)
        *differs |= !all->flags[i].withdrawn && !all->flags[i].follows;
    return true;
}

int flagging_differing(const struct flagging *flagging, const struct school *school, int32_t today)
{
    struct flagging *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        return -1;
    bool done = flagging_open(fresh, flagging->store, today) == NULL && tell_leaves(fresh, school, today);
    int differing = 0;
    if (done)
        detect_year_began(fresh->detect, civil_school_year(today));
    for (uint32_t pupil = 0; done && pupil < fresh->pupils.count; pupil++) {
        bool differs = false;
        done = compare_pupil(fresh, pupil, &differs);
        differing += differs;
    }
    flagging_close(fresh);
    free(fresh);
    return done ? differing : -1;
}
