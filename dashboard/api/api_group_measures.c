/* Measures of a class or a year: which programme, since when, whose, and how absence was before and after beside the other groups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/core/support/routes.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_intime.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_intime.h"
#include "dashboard/few.h"

#define WINDOW_DAYS_MAX 120 /* in which 20 and 25 days with lessons are looked for: over a summer, too */
#define BEGIN_DAYS_MAX  366

static const char *const KINDS[] = {"class", "year"};
enum { KIND_COUNT = 2 };

/* The group's own days and the others' on the same dates. */
struct beside {
    struct worked_effect own, others;
    int pupils; /* the fewest it had on any of the days */
};

static void fewest(struct beside *beside, int pupils)
{
    if (beside->own.before_days + beside->own.after_days == 0 || pupils < beside->pupils)
        beside->pupils = pupils;
}

static struct beside beside_of(struct api_call *call, const char *kind, const char *name, int32_t began)
{
    struct beside beside = {0};
    struct attendance_group_day day;
    struct query before =
        attendance_group_days(call->attendance, kind, name, began - WINDOW_DAYS_MAX, began - 1, true, FEW);
    while (beside.own.before_days < WORKED_DAYS && attendance_next_group_day(&before, &day)) {
        fewest(&beside, day.pupils);
        worked_before(&beside.own, day.expected_minutes, day.absent_minutes);
        worked_before(&beside.others, day.others_expected, day.others_absent);
    }
    query_end(&before);
    struct query after =
        attendance_group_days(call->attendance, kind, name, began + 1, began + WINDOW_DAYS_MAX, false, FEW);
    while (beside.own.after_days < WORKED_LEFT_OUT_DAYS + WORKED_DAYS && attendance_next_group_day(&after, &day)) {
        fewest(&beside, day.pupils);
        worked_after(&beside.own, day.day, day.expected_minutes, day.absent_minutes);
        worked_after(&beside.others, day.day, day.others_expected, day.others_absent);
    }
    query_end(&after);
    return beside;
}

/* null: the days are not whole, or the group is too small. */
static json_t *effect_json(const struct worked_effect *effect, bool is_told, bool few)
{
    if (!is_told || !worked_is_whole(effect))
        return json_null();
    int before = worked_before_permille(effect), after = worked_after_permille(effect);
    return json_pack("{s:i, s:i}", "before_permille", few ? (before + 5) / 10 * 10 : before, "after_permille",
                     few ? (after + 5) / 10 * 10 : after);
}

/* NULL: the catalogue has no such programme, or has it no more. */
static const struct support_card *programme_of(const struct api_call *call, const char *id)
{
    for (int i = 0; i < call->support->programme_count; i++)
        if (strcmp(call->support->programmes[i].card.id, id) == 0)
            return &call->support->programmes[i].card;
    return NULL;
}

static json_t *measure_json(const struct api_call *call, const struct casebook_group_measure *measure,
                            const struct beside *beside, bool few)
{
    const struct support_card *programme = programme_of(call, measure->programme);
    bool is_told = beside->pupils >= FEW;
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:o, s:o}", "measure", (json_int_t)measure->measure,
                     "programme", measure->programme, "programme_name",
                     programme != NULL ? programme->name : measure->programme, "kind", measure->kind, "name",
                     measure->name, "owner", measure->owner, "from", civil_json_date(measure->from_day), "to",
                     civil_json_date(measure->to_day), "too_few", (int)!is_told, "group",
                     effect_json(&beside->own, is_told, few), "others", effect_json(&beside->others, is_told, few));
}

/* Years are the sums of their classes, so that beside a class they could tell of the other ones: they are for the school alone. */
static bool may_tell(const struct casebook_group_measure *measure, const struct beside *beside,
                     const struct intime_span *term)
{
    return strcmp(measure->kind, KINDS[0]) == 0 && beside->pupils >= FEW && worked_is_whole(&beside->own) &&
           intime_has(term, beside->own.whole_day);
}

json_t *api_intime_groups(struct api_call *call, const struct intime_span *told_of)
{
    struct casebook_group_measure measure;
    json_t *list = json_array();
    struct query rows = casebook_group_measures(call->book);
    while (casebook_next_group_measure(&rows, &measure)) {
        struct beside beside = beside_of(call, measure.kind, measure.name, measure.from_day);
        if (told_of == NULL || may_tell(&measure, &beside, told_of))
            api_append(call, list, measure_json(call, &measure, &beside, told_of != NULL));
    }
    call->failed |= !casebook_good(call->book);
    return list;
}

/* What a measure of a class can be: programmes that are valid, groups of today's pupils, owners. */
static void list_choices(struct api_call *call, json_t *answer)
{
    struct attendance_pupil pupil;
    json_t *programmes = json_array(), *classes = json_object(), *years = json_object();
    for (int i = 0; i < call->support->programme_count; i++) {
        const struct support_card *card = &call->support->programmes[i].card;
        if (support_is_valid(card, call->today))
            api_append(call, programmes, json_pack("{s:s, s:s}", "id", card->id, "name", card->name));
    }
    struct query rows = attendance_pupils(call->attendance);
    while (attendance_next_pupil(&rows, &pupil)) {
        json_object_set_new(classes, pupil.class, json_true());
        if (*pupil.year)
            json_object_set_new(years, pupil.year, json_true());
    }
    api_set(call, answer, "programmes", programmes);
    api_set(call, answer, "classes", classes);
    api_set(call, answer, "years", years);
    api_set(call, answer, "owners", api_json_owners(call));
}

enum http_verdict api_group_measures(struct api_call *call)
{
    json_t *answer = json_object();
    if (!api_begin_reading(call)) {
        json_decref(answer);
        return api_error(call, 503, "busy");
    }
    api_set(call, answer, "measures", api_intime_groups(call, NULL));
    list_choices(call, answer);
    api_end_reading(call);
    return api_json(call, 200, answer);
}

static bool is_programme(const struct api_call *call, const char *id)
{
    const struct support_card *programme = programme_of(call, id);
    return programme != NULL && support_is_valid(programme, call->today);
}

static bool is_group(struct api_call *call, const char *kind, const char *name)
{
    struct attendance_pupil pupil;
    bool found = false;
    if (!api_begin_reading(call))
        return false;
    struct query rows = attendance_pupils(call->attendance);
    while (!found && attendance_next_pupil(&rows, &pupil))
        found = *name && strcmp(strcmp(kind, KINDS[0]) == 0 ? pupil.class : pupil.year, name) == 0;
    query_end(&rows);
    api_end_reading(call);
    return found;
}

static bool read_measure(struct api_call *call, struct casebook_group_measure *out)
{
    *out = (struct casebook_group_measure){.programme = api_text(call, "programme"),
                                           .kind = api_text(call, "kind"),
                                           .name = api_text(call, "name"),
                                           .owner = api_text(call, "owner"),
                                           .to_day = CIVIL_DAY_NONE};
    bool has_end = json_is_string(json_object_get(call->body, "to"));
    return choice_of(out->kind, KINDS, KIND_COUNT) >= 0 && is_programme(call, out->programme) &&
           api_can_own(call, out->owner) && api_date(call, "from", &out->from_day) &&
           out->from_day >= call->today - BEGIN_DAYS_MAX && out->from_day <= call->today + BEGIN_DAYS_MAX &&
           (!has_end || (api_date(call, "to", &out->to_day) && out->to_day >= out->from_day)) &&
           is_group(call, out->kind, out->name);
}

enum http_verdict api_group_measure_begin(struct api_call *call)
{
    struct casebook_group_measure measure;
    char object[2 * NAME_BYTES + ID_BYTES];
    if (!read_measure(call, &measure))
        return api_error(call, 400, "bad_request");
    snprintf(object, sizeof object, "%s %s", measure.programme, measure.name);
    if (!casebook_begin(call->book) ||
        !casebook_end(call->book, api_audit(call, "group_measure", object) &&
                                      casebook_group_measure_add(call->book, &measure, call->user.user, call->now_ms)))
        return api_error(call, 503, "busy");
    return api_group_measures(call);
}

enum http_verdict api_group_measure_end(struct api_call *call)
{
    char *end;
    int32_t day = call->today;
    int64_t number = strtoll(call->part, &end, 10);
    if (*end || (json_object_get(call->body, "to") != NULL && !api_date(call, "to", &day)))
        return api_error(call, 400, "bad_request");
    if (!casebook_begin(call->book))
        return api_error(call, 503, "busy");
    enum casebook_found found = casebook_group_measure_end(call->book, number, day);
    bool good = casebook_end(call->book, found == CASEBOOK_FOUND && api_audit(call, "group_measure_ended", call->part));
    if (found == CASEBOOK_ABSENT)
        return api_error(call, 404, "not_found");
    return good ? api_group_measures(call) : api_error(call, 503, "busy");
}
