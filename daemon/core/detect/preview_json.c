/* Rates and groups as the API shows them; groups of fewer than PREVIEW_LEAST pupils have no figures. */
#include "daemon/core/detect/preview_json.h"

#include <assert.h>
#include "common/civil.h"
#include "common/json_put.h"

/* Rates are rounded to a tenth. */

static json_t *tenths(uint64_t part, uint64_t of)
{
    uint64_t rounded = of == 0 ? 0 : (10 * part + of / 2) / of;
    return json_real((double)rounded / 10);
}

static json_t *per_week(uint32_t count, uint32_t weeks)
{
    return tenths(count, weeks);
}

static json_t *per_1000_week(uint32_t count, uint32_t pupil_weeks)
{
    return tenths(UINT64_C(1000) * count, pupil_weeks);
}

static uint32_t flags_of(const struct preview_count *count)
{
    uint32_t flags = 0;
    for (size_t i = 0; i < PREVIEW_SEVERITIES; i++)
        flags += count->flags[i];
    return flags;
}

/* A group below PREVIEW_LEAST pupils has its name and `too_few` only. */
static void tell_group(json_t *groups, json_t *named, const struct preview_count *count, int severity)
{
    if (count->pupils >= PREVIEW_LEAST) {
        json_t *figures = json_pack("{s:i, s:i, s:i, s:i, s:i, s:o}", "pupils", (int)count->pupils, "over",
                                    (int)count->over, "flagged", (int)count->flagged, "flags", (int)flags_of(count),
                                    "items", (int)count->items[severity - 1], "items_per_1000_week",
                                    per_1000_week(count->items[severity - 1], count->pupil_weeks));
        json_object_update(named, figures);
        json_decref(figures);
    } else {
        json_object_set_new(named, "too_few", json_true());
    }
    json_array_append_new(groups, named);
}

/* Shorter names first, so that "7" comes before "10". */
static bool year_before(struct text a, struct text b)
{
    return a.length != b.length ? a.length < b.length : text_compare(a, b) < 0;
}

static json_t *tell_years(const struct preview *preview, const struct preview_school *school, int severity)
{
    json_t *groups = json_array();
    uint32_t order[PREVIEW_YEARS_MAX], count = school->years->count;
    for (uint32_t year = 0; year < count; year++) {
        uint32_t place = year;
        for (; place > 0 && year_before(names_text(school->years, year), names_text(school->years, order[place - 1]));
             place--)
            order[place] = order[place - 1];
        order[place] = year;
    }
    for (uint32_t i = 0; i < count; i++)
        if (preview->years[order[i]].pupils > 0)
            tell_group(groups, json_pack("{s:s}", "year", names_text(school->years, order[i]).bytes),
                       &preview->years[order[i]], severity);
    return groups;
}

static json_t *tell_sizes(const struct preview *preview, int severity)
{
    json_t *groups = json_array();
    for (uint32_t size = 0; size < PREVIEW_SIZES; size++) {
        if (preview->sizes[size].pupils == 0)
            continue;
        json_t *named = json_pack("{s:i}", "from", size == 0 ? 1 : (int)PREVIEW_SIZE_ENDS[size - 1]);
        if (size + 1 < PREVIEW_SIZES)
            json_object_set_new(named, "to", json_integer(PREVIEW_SIZE_ENDS[size] - 1));
        tell_group(groups, named, &preview->sizes[size], severity);
    }
    return groups;
}

static json_t *tell_severities(const struct preview_count *all, uint32_t weeks)
{
    json_t *severities = json_array();
    for (int i = 0; i < PREVIEW_SEVERITIES; i++)
        json_array_append_new(
            severities, json_pack("{s:i, s:i, s:o, s:o, s:i, s:o, s:o}", "severity", i + 1, "flags", (int)all->flags[i],
                                  "flags_per_week", per_week(all->flags[i], weeks), "flags_per_1000_week",
                                  per_1000_week(all->flags[i], all->pupil_weeks), "items_or_worse", (int)all->items[i],
                                  "items_per_week", per_week(all->items[i], weeks), "items_per_1000_week",
                                  per_1000_week(all->items[i], all->pupil_weeks)));
    return severities;
}

static json_t *tell_rules(const struct preview *preview, const struct rules *rules, uint32_t weeks)
{
    json_t *told = json_array();
    for (int32_t i = 0; i < rules->count; i++)
        json_array_append_new(told, json_pack("{s:s, s:i, s:i, s:o, s:i}", "rule", rules->rule[i].id, "severity",
                                              rules->rule[i].severity, "flags", (int)preview->rules[i].flags,
                                              "flags_per_week", per_week(preview->rules[i].flags, weeks), "pupils",
                                              (int)preview->rules[i].pupils));
    return told;
}

json_t *preview_school_json(const struct preview_school *school)
{
    char from[CIVIL_DATE_BYTES] = "", to[CIVIL_DATE_BYTES] = "";
    if (school->first_day <= school->last_day) {
        civil_write_date(school->first_day, from);
        civil_write_date(school->last_day, to);
    }
    return json_pack("{s:i, s:i, s:s, s:s}", "pupils", (int)school->pupil_count, "weeks", (int)preview_weeks(school),
                     "from", from, "to", to);
}

/* `load` compares the new items of the chosen severity with the capacity, per 1,000 pupils and week, in integers. */
json_t *preview_json(const struct preview *preview, const struct preview_school *school, const struct rules *rules,
                     struct preview_limit limit)
{
    assert(limit.severity >= 1 && limit.severity <= PREVIEW_SEVERITIES);
    const struct preview_count *all = &preview->all;
    uint32_t weeks = preview_weeks(school), items = all->items[limit.severity - 1];
    bool within = UINT64_C(1000) * items <= (uint64_t)limit.capacity * all->pupil_weeks;
    json_t *load = json_object(), *told = json_object();
    json_put(&load, "severity", json_integer(limit.severity));
    json_put(&load, "capacity", json_integer(limit.capacity));
    json_put(&load, "items_per_1000_week", per_1000_week(items, all->pupil_weeks));
    json_put(&load, "within", json_boolean(within));
    json_put(&told, "over", json_integer(all->over));
    json_put(&told, "flagged", json_integer(all->flagged));
    json_put(&told, "flags", json_integer(flags_of(all)));
    json_put(&told, "load", load);
    json_put(&told, "severities", tell_severities(all, weeks));
    json_put(&told, "years", tell_years(preview, school, limit.severity));
    json_put(&told, "class_sizes", tell_sizes(preview, limit.severity));
    json_put(&told, "rules", tell_rules(preview, rules, weeks));
    return told;
}
