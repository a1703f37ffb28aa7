/* The retained messages: a school's cards, one room's plan of a day, a terminal's config. The tokens of a plan's
 * lessons lie in one array, one lesson's after the other's, so that a full hall costs no more than many small
 * lessons. */
#include "common/wire.h"

#include <string.h>
#include "common/civil.h"
#include "common/wire_json.h"

int wire_encode_cards(const struct wire_cards *cards, char *out, size_t capacity)
{
    return wire_write(json_pack("{s:i, s:I, s:o}", "v", 1, "version", (json_int_t)cards->version, "tokens",
                                wire_hex_array(cards->tokens, cards->count)),
                      out, capacity);
}

int wire_decode_cards(const char *bytes, size_t length, struct wire_cards *out, const char **why)
{
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_RETAINED_BYTES_MAX, why))
        return WIRE_MALFORMED;
    out->version = (uint32_t)wire_integer(&reader, "version", 0, UINT32_MAX, "version must be 0 or more");
    out->count = wire_hex_list(&reader, "tokens", out->tokens, WIRE_TOKENS_MAX, "tokens: rising, at most 6144");
    return wire_verdict(&reader, why);
}

int wire_encode_plan(const struct wire_plan *plan, char *out, size_t capacity)
{
    char date[CIVIL_DATE_BYTES];
    json_t *periods = json_array();
    for (size_t i = 0; i < plan->period_count; i++) {
        const struct wire_period *period = &plan->periods[i];
        wire_append(&periods, json_pack("{s:I, s:I, s:I, s:o}", "start_ms", (json_int_t)period->start_ms, "late_ms",
                                        (json_int_t)period->late_ms, "end_ms", (json_int_t)period->end_ms, "tokens",
                                        wire_hex_array(plan->tokens + period->first_token, period->token_count)));
    }
    civil_write_date(plan->day, date);
    return wire_write(json_pack("{s:i, s:I, s:s, s:o}", "v", 1, "version", (json_int_t)plan->version, "date", date,
                                "periods", periods),
                      out, capacity);
}

/* Appends the lesson's tokens to the plan's. */
static void read_period(struct wire_reader *reader, json_t *json, struct wire_plan *plan, struct wire_period *out)
{
    struct wire_reader fields = {.object = json};
    out->start_ms = wire_integer(&fields, "start_ms", 0, INT64_MAX, "start_ms must be 0 or more");
    out->late_ms = wire_integer(&fields, "late_ms", out->start_ms, INT64_MAX, "late_ms must not be before start_ms");
    out->end_ms = wire_integer(&fields, "end_ms", out->start_ms, INT64_MAX, "end_ms must not be before start_ms");
    out->first_token = plan->token_count;
    out->token_count =
        wire_hex_list(&fields, "tokens", plan->tokens + plan->token_count, WIRE_PLAN_TOKENS_MAX - plan->token_count,
                      "a period's tokens: rising, and all periods' at most 6144");
    plan->token_count += out->token_count;
    if (fields.why != NULL)
        reader->why = fields.why;
}

int wire_decode_plan(const char *bytes, size_t length, struct wire_plan *out, const char **why)
{
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_RETAINED_BYTES_MAX, why))
        return WIRE_MALFORMED;
    out->version = (uint32_t)wire_integer(&reader, "version", 0, UINT32_MAX, "version must be 0 or more");
    const char *date = json_string_value(json_object_get(reader.object, "date"));
    if (date == NULL || !civil_read_date(date, strlen(date), &out->day))
        reader.why = "date must be like 2026-09-01";
    const json_t *periods = json_object_get(reader.object, "periods");
    out->period_count = json_array_size(periods);
    out->token_count = 0;
    if (!json_is_array(periods) || out->period_count > WIRE_PERIODS_MAX) {
        reader.why = "periods must be a list of at most 24";
        out->period_count = 0;
    }
    for (size_t i = 0; i < out->period_count && reader.why == NULL; i++)
        read_period(&reader, json_array_get(periods, i), out, &out->periods[i]);
    return wire_verdict(&reader, why);
}

int wire_encode_config(const struct wire_config *config, char *out, size_t capacity)
{
    return wire_write(json_pack("{s:i, s:I, s:I, s:I, s:b}", "v", 1, "version", (json_int_t)config->version,
                                "debounce_ms", (json_int_t)config->debounce_ms, "repeat_ms",
                                (json_int_t)config->repeat_ms, "late_sounds_like_ok", (int)config->late_sounds_like_ok),
                      out, capacity);
}

int wire_decode_config(const char *bytes, size_t length, struct wire_config *out, const char **why)
{
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_MESSAGE_BYTES_MAX, why))
        return WIRE_MALFORMED;
    out->version = (uint32_t)wire_integer(&reader, "version", 0, UINT32_MAX, "version must be 0 or more");
    out->debounce_ms = (uint32_t)wire_integer(&reader, "debounce_ms", 0, 3600000, "debounce_ms: 0 to 3600000");
    out->repeat_ms = (uint32_t)wire_integer(&reader, "repeat_ms", 0, 3600000, "repeat_ms: 0 to 3600000");
    out->late_sounds_like_ok = wire_boolean(&reader, "late_sounds_like_ok", "late_sounds_like_ok: true or false");
    return wire_verdict(&reader, why);
}
