/* Counts of classes, years and the school. The school is counted once for each version of the two databases and kept;
 * what a caller may see of it is chosen when it is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_cases.h"
#include "dashboard/groups.h"

#define RECENT_DAYS       28
#define FLAG_SEVERITY_MIN 2 /* first signs are no flag to answer */

/* The school as it was counted last, and of what. The same for every caller. */
struct counted {
    int64_t version; /* of the attendance database; 0: not counted */
    uint32_t cases;  /* of the casebook */
    int32_t today, decided_day;
    int64_t before_expected, before_absent; /* the school's, last school year to the same date */
    struct groups groups;
};

/* A school being counted, then told. */
struct counting {
    struct api_call *call;
    struct counted *counted;
    struct groups *groups;
    bool sees_all; /* not only own classes */
};

/* The pupil and class whose days are being read: rows come sorted by pupil. */
struct counted_pupil {
    char pupil[NAME_BYTES], class[NAME_BYTES], year[NAME_BYTES];
    struct outcome_minutes minutes;
};

static void end_pupil(struct groups *groups, const struct counted_pupil *pupil)
{
    if (pupil->pupil[0])
        groups_pupil(groups, pupil->class, pupil->year, &pupil->minutes);
}

static void count_days(struct counting *counting, int32_t to)
{
    struct attendance_pupil pupil;
    struct attendance_day day;
    struct counted_pupil of = {0};
    struct query rows = attendance_recent(counting->call->attendance, NULL, to - RECENT_DAYS + 1, to);
    while (attendance_next_recent(&rows, &pupil, &day)) {
        if (strcmp(of.pupil, pupil.pupil) != 0 || strcmp(of.class, pupil.class) != 0) {
            end_pupil(counting->groups, &of);
            snprintf(of.pupil, sizeof of.pupil, "%s", pupil.pupil);
            snprintf(of.class, sizeof of.class, "%s", pupil.class);
            snprintf(of.year, sizeof of.year, "%s", pupil.year);
            of.minutes = (struct outcome_minutes){0};
        }
        outcome_add(&of.minutes, day.outcomes, (size_t)day.count);
    }
    end_pupil(counting->groups, &of);
}

static void count_year(struct counting *counting, int32_t from, int32_t to)
{
    struct attendance_group of;
    struct query rows = attendance_groups(counting->call->attendance, from, to);
    while (attendance_next_group(&rows, &of)) {
        struct group *group = groups_class(counting->groups, of.class);
        if (group != NULL) {
            group->year_expected = of.expected_minutes;
            group->year_absent = of.absent_minutes;
        }
    }
}

/* Of last school year only the whole school is told, so that no class can be found by subtraction. */
static void count_year_before(struct counting *counting, int32_t from, int32_t to)
{
    struct attendance_group of;
    struct query rows = attendance_groups(counting->call->attendance, from, to);
    while (attendance_next_group(&rows, &of)) {
        counting->counted->before_expected += of.expected_minutes;
        counting->counted->before_absent += of.absent_minutes;
    }
}

static void count_number(struct counting *counting, const char *class, enum groups_number number)
{
    struct group *group = groups_class(counting->groups, class);
    if (group != NULL)
        group->numbers[number]++;
}

/* Rows come sorted by pupil: a pupil counts once, at the first flag. */
static void count_flagged(struct counting *counting)
{
    struct attendance_flag flag;
    char pupil[NAME_BYTES] = "";
    struct query rows = attendance_open_flags(counting->call->attendance);
    while (attendance_next_flag(&rows, &flag)) {
        if (flag.severity < FLAG_SEVERITY_MIN || strcmp(pupil, flag.pupil.pupil) == 0)
            continue;
        snprintf(pupil, sizeof pupil, "%s", flag.pupil.pupil);
        count_number(counting, flag.pupil.class, GROUPS_FLAGGED);
    }
}

static void count_cases(struct counting *counting)
{
    struct api_call *call = counting->call;
    struct casebook_case one;
    struct attendance_pupil pupil;
    struct query rows = casebook_cases(call->book);
    while (casebook_next_case(&rows, &one)) {
        struct query pupils = attendance_pupil(call->attendance, one.pupil);
        if (attendance_next_known_pupil(&pupils, &pupil) && pupil.at_school)
            count_number(counting, pupil.class, GROUPS_CASES);
        query_end(&pupils);
    }
    call->failed |= !casebook_good(call->book);
}

static bool may_see(const struct counting *counting, const char *class)
{
    struct api_call *call = counting->call;
    struct access_pupil one = {.own_class =
                                   !counting->sees_all &&
                                   attendance_is_mentor(call->attendance, call->user.user, class, call->today)};
    return access_allows(call->user.role, PERMISSION_GROUPS, &one);
}

static bool may_tell_signal(const struct counting *counting, const struct attendance_signal *signal)
{
    if (strcmp(signal->kind, "class") != 0)
        return counting->sees_all && groups_is_whole(counting->groups, signal->name);
    const struct group *class = groups_class(counting->groups, signal->name);
    return class != NULL && class->is_told && may_see(counting, signal->name);
}

static json_t *signals_json(const struct counting *counting)
{
    struct api_call *call = counting->call;
    struct attendance_signal signal;
    int32_t day = counting->counted->decided_day;
    json_t *list = json_array();
    struct query rows = attendance_signals(call->attendance, day);
    while (attendance_next_signal(&rows, &signal))
        if (may_tell_signal(counting, &signal))
            api_append(call, list, api_json_signal(&signal, day));
    return list;
}

static int compare_groups(const void *left, const void *right)
{
    return strcmp(((const struct group *)left)->name, ((const struct group *)right)->name);
}

static void count(struct counting *counting)
{
    int32_t from = civil_school_year(counting->call->today), before = civil_school_year(from - 1);
    int32_t to = attendance_decided_day(counting->call->attendance);
    counting->counted->decided_day = to;
    if (to == CIVIL_DAY_NONE)
        return;
    count_days(counting, to);
    count_year(counting, from, to);
    count_year_before(counting, before, before + (to - from));
    count_flagged(counting);
    count_cases(counting);
    qsort(counting->groups->classes, counting->groups->class_count, sizeof *counting->groups->classes, compare_groups);
    groups_settle(counting->groups);
}

/* Counting a school takes some milliseconds, so it is done only when a database has changed. */
static void count_when_changed(struct counting *counting)
{
    struct api_call *call = counting->call;
    struct counted *counted = counting->counted;
    int64_t version = attendance_version(call->attendance);
    uint32_t cases = casebook_changes(call->book);
    if (counted->version == version && counted->cases == cases && counted->today == call->today)
        return;
    memset(counted, 0, sizeof *counted);
    count(counting);
    counted->version = version;
    counted->cases = cases;
    counted->today = call->today;
}

static json_t *number_json(const struct group *group, enum groups_number number)
{
    return group->number_is_told[number] ? json_integer(group->numbers[number]) : json_null();
}

/* NULL `kind`: the school, beside the year before. Who sees only own classes learns of no flag and no case. */
static json_t *group_json(const struct counting *counting, const struct group *group, const char *kind)
{
    const struct outcome_minutes *recent = &group->recent;
    json_t *json = json_pack("{s:s?, s:s}", "kind", kind, "name", group->name);
    if (kind != NULL && strcmp(kind, "class") == 0)
        json_object_set_new(json, "year",
                            group->year < 0 ? json_null() : json_string(counting->groups->years[group->year].name));
    if (!group->is_told) {
        json_object_set_new(json, "too_few", json_true());
        return json;
    }
    json_t *figures = json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I}", "pupils", group->pupils, "expected_minutes",
                                (json_int_t)group->year_expected, "absent_minutes", (json_int_t)group->year_absent,
                                "recent_expected_minutes", (json_int_t)recent->counted, "recent_absent_minutes",
                                (json_int_t)recent->absent, "recent_unreported_minutes", (json_int_t)recent->unreported,
                                "recent_unknown_minutes", (json_int_t)recent->unknown);
    json_object_update(json, figures);
    json_decref(figures);
    if (counting->sees_all) {
        json_object_set_new(json, "flagged", number_json(group, GROUPS_FLAGGED));
        json_object_set_new(json, "cases", number_json(group, GROUPS_CASES));
    }
    return json;
}

/* Classes, then years, each by name. A class refers to its year by index, so a copy of the years is sorted. */
static json_t *list_json(const struct counting *counting)
{
    const struct groups *groups = counting->groups;
    struct group years[GROUPS_YEARS_MAX];
    json_t *list = json_array();
    for (size_t i = 0; i < groups->class_count; i++)
        if (may_see(counting, groups->classes[i].name))
            json_array_append_new(list, group_json(counting, &groups->classes[i], "class"));
    memcpy(years, groups->years, sizeof years);
    qsort(years, groups->year_count, sizeof *years, compare_groups);
    for (size_t i = 0; counting->sees_all && i < groups->year_count; i++)
        json_array_append_new(list, group_json(counting, &years[i], "year"));
    return list;
}

static json_t *spread_json(const struct groups *groups)
{
    struct groups_band bands[GROUPS_BANDS];
    size_t count = groups_spread(groups, bands);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:i, s:o, s:i}", "from_percent", bands[i].from_percent, "to_percent",
                                              bands[i].to_percent ? json_integer(bands[i].to_percent) : json_null(),
                                              "pupils", bands[i].pupils));
    return list;
}

static json_t *school_json(const struct counting *counting)
{
    const struct group *school = &counting->groups->school;
    if (!counting->sees_all || !school->is_told)
        return json_null();
    json_t *json = group_json(counting, school, NULL);
    json_object_del(json, "kind");
    json_object_del(json, "name");
    json_object_set_new(json, "before_expected_minutes", json_integer(counting->counted->before_expected));
    json_object_set_new(json, "before_absent_minutes", json_integer(counting->counted->before_absent));
    json_object_set_new(json, "spread", spread_json(counting->groups));
    return json;
}

static json_t *answer(const struct counting *counting)
{
    return json_pack("{s:o, s:o, s:i, s:o, s:o, s:o}", "from",
                     civil_json_date(civil_school_year(counting->call->today)), "decided_through",
                     civil_json_date(counting->counted->decided_day), "recent_days", RECENT_DAYS, "school",
                     school_json(counting), "groups", list_json(counting), "signals", signals_json(counting));
}

enum http_verdict api_groups(struct api_call *call)
{
    struct counted *counted = *call->counted != NULL ? *call->counted : calloc(1, sizeof *counted);
    *call->counted = counted;
    if (counted == NULL || !api_begin_reading(call))
        return api_error(call, 503, "busy");
    struct counting counting = {
        .call = call,
        .counted = counted,
        .groups = &counted->groups,
        .sees_all = access_allows(call->user.role, PERMISSION_GROUPS, &(struct access_pupil){0}),
    };
    count_when_changed(&counting);
    json_t *told = answer(&counting);
    api_end_reading(call);
    if (call->failed) /* what was counted may be less than the school */
        counted->version = 0;
    return api_json(call, 200, told);
}
