#include "dashboard/api/api_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/groups.h"

#define RECENT_DAYS 28
#define PUPILS_MAX  128 /* of one class; more are left out */

/* The class of a pupil: everyone's share of absence, without names. */
struct classmates {
    struct api_call *call;
    bool may;
    char class[GROUPS_NAME_BYTES];
    char pupil[CASEBOOK_PUPIL_BYTES]; /* whose days come */
    bool counts;                      /* the caller may see that pupil, too */
    struct outcome_minutes minutes;
    int percents[PUPILS_MAX], own_percent; /* own -1: no lesson that counts */
    size_t count;
};

static bool note_pupil(void *into, const struct attendance_pupil *pupil)
{
    struct classmates *classmates = into;
    classmates->may = api_may(classmates->call, PERMISSION_PUPILS, pupil);
    snprintf(classmates->class, sizeof classmates->class, "%s", pupil->class);
    return false;
}

static void end_pupil(struct classmates *classmates)
{
    const struct outcome_minutes *minutes = &classmates->minutes;
    if (!classmates->counts || minutes->counted == 0 || classmates->count == PUPILS_MAX)
        return;
    int percent = (int)((100 * minutes->absent + minutes->counted / 2) / minutes->counted);
    classmates->percents[classmates->count++] = percent;
    if (strcmp(classmates->pupil, classmates->call->part) == 0)
        classmates->own_percent = percent;
}

static bool add_day(void *into, const struct attendance_pupil *pupil, const struct attendance_day *day)
{
    struct classmates *classmates = into;
    if (strcmp(classmates->pupil, pupil->pupil) != 0) {
        end_pupil(classmates);
        snprintf(classmates->pupil, sizeof classmates->pupil, "%s", pupil->pupil);
        classmates->counts = api_may(classmates->call, PERMISSION_PUPILS, pupil);
        classmates->minutes = (struct outcome_minutes){0};
    }
    outcome_add(&classmates->minutes, day->outcomes, (size_t)day->count);
    return true;
}

static int compare(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

static bool load(struct classmates *classmates, int32_t *to)
{
    struct attendance *attendance = classmates->call->web->attendance;
    if (!attendance_pupil(attendance, classmates->call->part, note_pupil, classmates) ||
        !attendance_decided_day(attendance, to))
        return false;
    if (!classmates->may || *to == CIVIL_DAY_NONE)
        return true;
    bool good = attendance_recent(attendance, classmates->class, *to - RECENT_DAYS + 1, *to, add_day, classmates);
    end_pupil(classmates);
    qsort(classmates->percents, classmates->count, sizeof *classmates->percents, compare);
    return good;
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
    int32_t to;
    struct classmates classmates = {.call = call, .own_percent = -1};
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    bool good = load(&classmates, &to);
    attendance_end(call->web->attendance);
    if (!good || !api_audit(call, classmates.may ? "view_class" : "view_pupil_refused", call->part))
        return api_error(call, 503, "busy");
    return classmates.may ? api_json(call, 200, answer(&classmates, to)) : api_error(call, 404, "not_found");
}
