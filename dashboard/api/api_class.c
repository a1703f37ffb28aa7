/* A pupil beside the class: everybody's share of absence in the latest weeks, without names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/core/school/school.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/groups.h"

#define RECENT_DAYS 28

/* The class of a pupil: everyone's share of absence, without names. */
struct classmates {
    char class[NAME_BYTES];
    int percents[SCHOOL_PUPILS_MAX], own_percent; /* own -1: no lesson that counts */
    size_t count;
};

/* The pupil whose days are being read: rows come sorted by pupil. */
struct mate {
    char pupil[NAME_BYTES];
    bool counts; /* the caller may see that pupil, too */
    struct outcome_minutes minutes;
};

static void end_mate(struct classmates *classmates, const struct mate *mate, const char *own)
{
    const struct outcome_minutes *minutes = &mate->minutes;
    if (!mate->counts || minutes->counted == 0 || classmates->count == SCHOOL_PUPILS_MAX)
        return;
    int percent = (int)((100 * minutes->absent + minutes->counted / 2) / minutes->counted);
    classmates->percents[classmates->count++] = percent;
    if (strcmp(mate->pupil, own) == 0)
        classmates->own_percent = percent;
}

static int compare(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

static void count_class(struct api_call *call, struct classmates *classmates, int32_t to)
{
    struct attendance_pupil pupil;
    struct attendance_day day;
    struct mate mate = {0};
    struct query rows = attendance_recent(call->attendance, classmates->class, to - RECENT_DAYS + 1, to);
    while (attendance_next_recent(&rows, &pupil, &day)) {
        if (strcmp(mate.pupil, pupil.pupil) != 0) {
            end_mate(classmates, &mate, call->part);
            mate = (struct mate){.counts = api_may(call, PERMISSION_PUPILS, &pupil)};
            snprintf(mate.pupil, sizeof mate.pupil, "%s", pupil.pupil);
        }
        outcome_add(&mate.minutes, day.outcomes, (size_t)day.count);
    }
    end_mate(classmates, &mate, call->part);
    qsort(classmates->percents, classmates->count, sizeof *classmates->percents, compare);
}

/* False: the caller may not see the pupil. */
static bool find_class(struct api_call *call, struct classmates *classmates)
{
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(call->attendance, call->part);
    bool may = attendance_next_known_pupil(&rows, &pupil) && api_may(call, PERMISSION_PUPILS, &pupil);
    if (may)
        snprintf(classmates->class, sizeof classmates->class, "%s", pupil.class);
    query_end(&rows);
    return may;
}

static json_t *answer(const struct classmates *classmates, int32_t to)
{
    json_t *percents = json_array();
    bool told = classmates->count >= GROUPS_PUPILS_MIN && classmates->own_percent >= 0;
    for (size_t i = 0; told && i < classmates->count; i++)
        json_array_append_new(percents, json_integer(classmates->percents[i]));
    return json_pack("{s:s, s:o, s:i, s:o, s:o}", "class", classmates->class, "decided_through", civil_json_date(to),
                     "recent_days", RECENT_DAYS, "own_percent",
                     told ? json_integer(classmates->own_percent) : json_null(), "percents", percents);
}

enum http_verdict api_class(struct api_call *call)
{
    struct classmates classmates = {.own_percent = -1};
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    bool may = find_class(call, &classmates);
    int32_t to = attendance_decided_day(call->attendance);
    if (may && to != CIVIL_DAY_NONE)
        count_class(call, &classmates, to);
    api_end_reading(call);
    if (!may)
        return api_no_pupil(call, call->part);
    api_audit(call, "view_class", call->part);
    return api_json(call, 200, answer(&classmates, to));
}
