/* Events as JSON: a single object, or a list of up to 32. A field that its kind does not use is left out. */
#include "common/wire.h"
#include "common/civil.h"

#include "common/wire_json.h"

#define MONO_MS_MAX    (INT64_C(100) * 365 * CIVIL_MS_PER_DAY)
#define INSTANT_MS_MAX INT64_C(7258118400000) /* the year 2200, where civil.h ends */

static json_t *event_json(const struct event *event)
{
    json_t *json =
        json_pack("{s:i, s:o, s:I, s:s, s:I, s:I, s:I, s:I, s:s}", "v", 1, "gen", wire_hex_text(event->generation),
                  "seq", (json_int_t)event->sequence, "kind", WIRE_EVENT_KINDS[event->kind], "boot",
                  (json_int_t)event->boot, "mono_ms", (json_int_t)event->mono_ms, "oldest", (json_int_t)event->oldest,
                  "at_ms", (json_int_t)event->at_ms, "clock", WIRE_CLOCKS[event->clock]);
    if (event->age_ms >= 0)
        wire_set(&json, "age_ms", json_integer(event->age_ms));
    if (event->last_sequence != event->sequence)
        wire_set(&json, "last", json_integer((json_int_t)event->last_sequence));
    if (event->from_ms)
        wire_set(&json, "from_ms", json_integer(event->from_ms));
    if (event->token)
        wire_set(&json, "token", wire_hex_text(event->token));
    if (event->reader)
        wire_set(&json, "reader", json_integer(event->reader));
    if (event->feedback)
        wire_set(&json, "feedback", json_string(WIRE_FEEDBACKS[event->feedback]));
    return json;
}

int wire_encode_events(const struct event *events, size_t count, char *out, size_t capacity)
{
    if (count == 1)
        return wire_write(event_json(events), out, capacity);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        wire_append(&list, event_json(&events[i]));
    return wire_write(list, out, capacity);
}

/* The fields that only some kinds have. */
static void read_optional(struct wire_reader *reader, struct event *out)
{
    const json_t *json = reader->object;
    out->age_ms = wire_integer_or(reader, "age_ms", -1, 0, MONO_MS_MAX, "age_ms must be 0 or more");
    out->last_sequence = (uint64_t)wire_integer_or(reader, "last", (int64_t)out->sequence, (int64_t)out->sequence,
                                                   INT64_MAX, "last must be seq or more");
    out->from_ms = wire_integer_or(reader, "from_ms", 0, 0, INSTANT_MS_MAX, "from_ms is out of range");
    out->reader = (uint8_t)wire_integer_or(reader, "reader", 0, 0, 247, "reader must be 0 to 247");
    out->token = json_object_get(json, "token") != NULL ? wire_hex(reader, "token", "token must be 16 hex digits") : 0;
    out->feedback = FEEDBACK_NONE;
    if (json_object_get(json, "feedback") != NULL)
        out->feedback = (enum feedback)wire_word(reader, "feedback", WIRE_FEEDBACKS, FEEDBACKS, "unknown feedback");
}

static void read_event(struct wire_reader *reader, struct event *out)
{
    wire_integer(reader, "v", 1, 1, "v must be 1");
    out->generation = wire_hex(reader, "gen", "gen must be 16 hex digits");
    out->sequence = (uint64_t)wire_integer(reader, "seq", 1, INT64_MAX, "seq must be 1 or more");
    out->kind = (enum event_kind)wire_word(reader, "kind", WIRE_EVENT_KINDS, EVENT_KINDS, "unknown kind");
    out->boot = (uint32_t)wire_integer(reader, "boot", 0, UINT32_MAX, "boot must be 0 or more");
    out->mono_ms = wire_integer(reader, "mono_ms", 0, MONO_MS_MAX, "mono_ms is out of range");
    out->oldest = (uint64_t)wire_integer(reader, "oldest", 1, INT64_MAX, "oldest must be 1 or more");
    out->clock = (enum clock_quality)wire_word(reader, "clock", WIRE_CLOCKS, CLOCK_QUALITIES, "unknown clock");
    out->at_ms = wire_integer(reader, "at_ms", 0, INSTANT_MS_MAX, "at_ms is out of range");
    read_optional(reader, out);
    if (reader->why != NULL)
        return;
    /* What no single field can show. */
    if (out->kind == EVENT_TAP && !out->token)
        reader->why = "a tap needs a token";
    else if (out->last_sequence != out->sequence && out->kind != EVENT_LOST)
        reader->why = "only a lost event has a last";
    else if (out->oldest > out->sequence)
        reader->why = "oldest must not be above seq";
}

int wire_decode_events(const char *bytes, size_t length, struct event *out, size_t capacity, const char **why)
{
    json_t *json = wire_parse(bytes, length, WIRE_MESSAGE_BYTES_MAX, why);
    if (json == NULL)
        return WIRE_MALFORMED;
    bool single = json_is_object(json);
    size_t count = single ? 1 : json_array_size(json);
    struct wire_reader reader = {0};
    if (count == 0 || count > capacity || count > WIRE_EVENTS_MAX)
        reader.why = "one event or a list of 1 to 32 is wanted";
    for (size_t i = 0; i < count && reader.why == NULL; i++) {
        reader.object = single ? json : json_array_get(json, i);
        read_event(&reader, &out[i]);
    }
    json_decref(json);
    *why = reader.why;
    return reader.why != NULL ? WIRE_MALFORMED : (int)count;
}
