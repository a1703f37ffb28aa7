/* From struct rules to JSON, and from JSON to the text of a rules file, which the daemon's own reader then checks. */
#include "daemon/core/detect/rules_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEVERE     3
#define DEPTH_MAX  6
#define WORD_CHARS "abcdefghijklmnopqrstuvwxyz0123456789_-"

static json_t *number(const struct condition *condition)
{
    if (measure_is_tail(condition->measure))
        return json_real(condition->threshold_tail);
    if (condition->threshold_hundredths % 100 == 0)
        return json_integer(condition->threshold_hundredths / 100);
    return json_real(condition->threshold_hundredths / 100.0);
}

static void set_days(json_t *object, const char *key, int32_t days)
{
    if (days > 0)
        json_object_set_new(object, key, json_integer(days));
}

static json_t *condition_json(const struct condition *condition)
{
    json_t *object = json_pack("{s:s}", "measure", MEASURE_FORMS[condition->measure].word);
    set_days(object, "days", condition->days);
    set_days(object, "offset", condition->offset);
    set_days(object, "min_days", condition->min_days);
    set_days(object, "baseline_days", condition->baseline_days);
    set_days(object, "baseline_min_days", condition->baseline_min_days);
    json_object_set_new(object, COMPARISON_WORDS[condition->comparison], number(condition));
    return object;
}

json_t *rules_json(const struct rules *rules)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->rule[i];
        json_t *when = json_array(), *clear = condition_json(&rule->clear);
        for (int32_t j = 0; j < rule->condition_count; j++)
            json_array_append_new(when, condition_json(&rule->when[j]));
        set_days(clear, "for_days", rule->for_days);
        json_array_append_new(array, json_pack("{s:s, s:i, s:o, s:o}", "id", rule->id, "severity", rule->severity,
                                               "when", when, "clear", clear));
    }
    return array;
}

static bool is_word(const char *text)
{
    return *text && strspn(text, WORD_CHARS) == strlen(text);
}

static bool write_value(FILE *out, const json_t *value, int depth);

static bool write_group(FILE *out, const json_t *object, int depth)
{
    const char *key;
    json_t *value;
    fputs("{ ", out);
    json_object_foreach((json_t *)object, key, value) {
        if (!is_word(key))
            return false;
        fprintf(out, "%s = ", key);
        if (!write_value(out, value, depth))
            return false;
        fputs("; ", out);
    }
    fputs("}", out);
    return true;
}

static bool write_list(FILE *out, const json_t *array, int depth)
{
    fputs("(", out);
    for (size_t i = 0; i < json_array_size(array); i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", out);
        if (!write_value(out, json_array_get(array, i), depth))
            return false;
    }
    fputs(" )", out);
    return true;
}

/* Writes only what a rules file can contain, words and numbers: anything else is refused, so nothing needs escaping. */
static bool write_value(FILE *out, const json_t *value, int depth)
{
    if (depth == DEPTH_MAX)
        return false;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_group(out, value, depth + 1);
    case JSON_ARRAY:
        return write_list(out, value, depth + 1);
    case JSON_STRING:
        return is_word(json_string_value(value)) && fprintf(out, "\"%s\"", json_string_value(value)) > 0;
    case JSON_INTEGER:
        return llabs(json_integer_value(value)) <= 1000000000 &&
               fprintf(out, "%lld", (long long)json_integer_value(value)) > 0;
    case JSON_REAL:
        return isfinite(json_real_value(value)) && fprintf(out, "%.12g", json_real_value(value)) > 0;
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return false;
    }
    return false;
}

char *rules_json_text(const json_t *array)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = json_is_array(array) ? open_memstream(&text, &bytes) : NULL;
    if (out == NULL)
        return NULL;
    fputs("rules = ", out);
    bool good = write_list(out, array, 0);
    fputs(";\n", out);
    if (fclose(out) == 0 && good)
        return text;
    free(text);
    return NULL;
}

static const struct rule *find(const struct rules *rules, const char *id)
{
    for (int32_t i = 0; i < rules->count; i++)
        if (strcmp(rules->rule[i].id, id) == 0)
            return &rules->rule[i];
    return NULL;
}

/* Is a severe rule of `a` missing in `b`, or other there? */
static bool differs(const struct rules *a, const struct rules *b)
{
    for (int32_t i = 0; i < a->count; i++) {
        const struct rule *rule = &a->rule[i], *other = find(b, rule->id);
        if (rule->severity >= SEVERE && (other == NULL || !rule_equal(rule, other)))
            return true;
    }
    return false;
}

bool rules_json_is_severe(const struct rules *before, const struct rules *after)
{
    return differs(before, after) || differs(after, before);
}
