/* The words of the wire, the small messages and the topics. Events are in wire_events.c, cards, plans and config,
 * which the broker retains, in wire_plan.c; what they share in wire_json.h. A decoder reads every field, right or
 * wrong, and asks once at its end: an output is unspecified when the message is malformed. */
#include "common/wire.h"

#include <stdio.h>
#include <string.h>
#include "common/wire_json.h"

#define TOPIC_PREFIX "narvaro/1/"

const char *const WIRE_EVENT_KINDS[EVENT_KINDS] = {"tap", "enrol", "boot", "clock", "out", "in", "lost", "tamper"};
const char *const WIRE_CLOCKS[CLOCK_QUALITIES] = {"unset", "rtc", "synced"};
const char *const WIRE_FEEDBACKS[FEEDBACKS] = {"none",     "ok",   "late",  "other_room", "unknown_card", "again",
                                               "recorded", "full", "fault", "enrolment",  "unfit_card"};
const char *const WIRE_REFUSALS[REFUSALS] = {"none", "unknown_card", "revoked_card", "bad_time"};
const char *const WIRE_PHASES[TERMINAL_PHASES] = {"init", "ready", "alert", "disconnected", "lost"};
static const char *const COMMANDS[COMMAND_KINDS] = {"identify", "reboot", "enrol", "resend"};

int wire_encode_receipt(const struct wire_receipt *receipt, char *out, size_t capacity)
{
    json_t *refused = json_array();
    for (size_t i = 0; i < receipt->refused_count; i++)
        wire_append(&refused, json_pack("{s:I, s:s}", "seq", (json_int_t)receipt->refused[i].sequence, "why",
                                        WIRE_REFUSALS[receipt->refused[i].why]));
    json_t *json = json_pack("{s:i, s:o, s:I, s:o}", "v", 1, "gen", wire_hex_text(receipt->generation), "upto",
                             (json_int_t)receipt->upto, "refused", refused);
    return wire_write(json, out, capacity);
}

static void read_refusals(struct wire_reader *reader, struct wire_receipt *out)
{
    const json_t *list = json_object_get(reader->object, "refused");
    out->refused_count = 0;
    if (json_array_size(list) > WIRE_REFUSALS_MAX || (list != NULL && !json_is_array(list))) {
        reader->why = "refused must be a list of at most 32";
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct wire_reader item = {.object = json_array_get(list, i)};
        struct wire_refusal *refusal = &out->refused[out->refused_count++];
        refusal->sequence = (uint64_t)wire_integer(&item, "seq", 1, INT64_MAX, "refused: seq must be 1 or more");
        refusal->why = (enum refusal)wire_word(&item, "why", WIRE_REFUSALS, REFUSALS, "refused: unknown why");
        if (item.why != NULL)
            reader->why = item.why;
    }
}

int wire_decode_receipt(const char *bytes, size_t length, struct wire_receipt *out, const char **why)
{
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_MESSAGE_BYTES_MAX, why))
        return WIRE_MALFORMED;
    out->generation = wire_hex(&reader, "gen", "gen must be 16 hex digits");
    out->upto = (uint64_t)wire_integer(&reader, "upto", 0, INT64_MAX, "upto must be 0 or more");
    read_refusals(&reader, out);
    return wire_verdict(&reader, why);
}

int wire_encode_state(const struct wire_state *state, char *out, size_t capacity)
{
    json_t *json = json_pack("{s:i, s:s, s:I, s:s, s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "v", 1, "state",
                             WIRE_PHASES[state->phase], "birth", (json_int_t)state->birth, "firmware", state->firmware,
                             "at_ms", (json_int_t)state->at_ms, "clock", WIRE_CLOCKS[state->clock], "queued",
                             (json_int_t)state->queued, "oldest_unsent_ms", (json_int_t)state->oldest_unsent_ms,
                             "free_records", (json_int_t)state->free_records, "config_version",
                             (json_int_t)state->config_version, "readers_up", (json_int_t)state->readers_up,
                             "readers_configured", (json_int_t)state->readers_configured, "trouble", state->trouble);
    return wire_write(json, out, capacity);
}

static void read_firmware(struct wire_reader *reader, char out[ID_BYTES])
{
    const char *text = json_string_value(json_object_get(reader->object, "firmware"));
    if (text == NULL || strlen(text) >= ID_BYTES) {
        reader->why = "firmware must be a text of at most 32 bytes";
        return;
    }
    strcpy(out, text);
}

/* Not of the terminals that have no such field. */
static void read_trouble(struct wire_reader *reader, char out[WIRE_TROUBLE_BYTES])
{
    const json_t *field = json_object_get(reader->object, "trouble");
    const char *text = field == NULL ? "" : json_string_value(field);
    if (text == NULL || strlen(text) >= WIRE_TROUBLE_BYTES ||
        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-, ") != strlen(text)) {
        reader->why = "trouble must be a text like 2 checksum, 5 exception-2";
        return;
    }
    strcpy(out, text);
}

int wire_decode_state(const char *bytes, size_t length, struct wire_state *out, const char **why)
{
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_MESSAGE_BYTES_MAX, why))
        return WIRE_MALFORMED;
    out->phase = (enum terminal_phase)wire_word(&reader, "state", WIRE_PHASES, TERMINAL_PHASES, "unknown state");
    out->birth = (uint64_t)wire_integer(&reader, "birth", 0, INT64_MAX, "birth must be 0 or more");
    read_firmware(&reader, out->firmware);
    out->at_ms = wire_integer(&reader, "at_ms", 0, INT64_MAX, "at_ms must be 0 or more");
    out->clock = (enum clock_quality)wire_word(&reader, "clock", WIRE_CLOCKS, CLOCK_QUALITIES, "unknown clock");
    out->queued = (uint32_t)wire_integer(&reader, "queued", 0, UINT32_MAX, "queued must be 0 or more");
    out->oldest_unsent_ms =
        wire_integer(&reader, "oldest_unsent_ms", 0, INT64_MAX, "oldest_unsent_ms must be 0 or more");
    out->free_records = wire_integer(&reader, "free_records", 0, INT64_MAX, "free_records must be 0 or more");
    out->config_version = (uint32_t)wire_integer(&reader, "config_version", 0, UINT32_MAX, "config_version: 0 or more");
    out->readers_up = (uint32_t)wire_integer(&reader, "readers_up", 0, 255, "readers_up must be 0 to 255");
    out->readers_configured =
        (uint32_t)wire_integer(&reader, "readers_configured", 0, 255, "readers_configured must be 0 to 255");
    read_trouble(&reader, out->trouble);
    return wire_verdict(&reader, why);
}

int wire_encode_command(const struct wire_command *command, char *out, size_t capacity)
{
    return wire_write(json_pack("{s:i, s:s, s:I, s:s, s:i}", "v", 1, "id", command->id, "expires_ms",
                                (json_int_t)command->expires_ms, "do", COMMANDS[command->kind], "reader",
                                (int)command->reader),
                      out, capacity);
}

int wire_decode_command(const char *bytes, size_t length, struct wire_command *out, const char **why)
{
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_MESSAGE_BYTES_MAX, why))
        return WIRE_MALFORMED;
    const char *id = json_string_value(json_object_get(reader.object, "id"));
    if (id != NULL && wire_id_valid(id))
        strcpy(out->id, id);
    else
        reader.why = "id must be 1 to 32 of a-z, 0-9 and -";
    out->expires_ms = wire_integer(&reader, "expires_ms", 0, INT64_MAX, "expires_ms must be 0 or more");
    out->kind = (enum command_kind)wire_word(&reader, "do", COMMANDS, COMMAND_KINDS, "unknown command");
    out->reader = (uint8_t)wire_integer_or(&reader, "reader", 0, 0, 247, "reader must be 0 to 247");
    return wire_verdict(&reader, why);
}

int wire_encode_daemon_state(const struct wire_daemon_state *state, char *out, size_t capacity)
{
    return wire_write(json_pack("{s:i, s:s, s:I}", "v", 1, "state", state->ready ? "ready" : "lost", "at_ms",
                                (json_int_t)state->at_ms),
                      out, capacity);
}

int wire_decode_daemon_state(const char *bytes, size_t length, struct wire_daemon_state *out, const char **why)
{
    static const char *const WORDS[] = {"lost", "ready"};
    struct wire_reader reader;
    if (!wire_begin(&reader, bytes, length, WIRE_MESSAGE_BYTES_MAX, why))
        return WIRE_MALFORMED;
    out->ready = wire_word(&reader, "state", WORDS, 2, "state must be ready or lost") == 1;
    out->at_ms = wire_integer(&reader, "at_ms", 0, INT64_MAX, "at_ms must be 0 or more");
    return wire_verdict(&reader, why);
}

bool wire_id_valid(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length >= 1 && length <= ID_CHARS_MAX && id[length] == '\0';
}

void wire_topic(char out[WIRE_TOPIC_BYTES], const char *school, const char *terminal, const char *leaf)
{
    if (terminal != NULL)
        snprintf(out, WIRE_TOPIC_BYTES, TOPIC_PREFIX "%s/%s/%s", school, terminal, leaf);
    else
        snprintf(out, WIRE_TOPIC_BYTES, TOPIC_PREFIX "%s/%s", school, leaf);
}

bool wire_topic_split(const char *topic, const char *school, char terminal[ID_BYTES], const char **leaf)
{
    size_t prefix = strlen(TOPIC_PREFIX), school_length = strlen(school);
    if (strncmp(topic, TOPIC_PREFIX, prefix) != 0 || strncmp(topic + prefix, school, school_length) != 0 ||
        topic[prefix + school_length] != '/')
        return false;
    const char *name = topic + prefix + school_length + 1;
    const char *slash = strchr(name, '/');
    if (slash == NULL || slash - name > ID_CHARS_MAX)
        return false;
    memcpy(terminal, name, (size_t)(slash - name));
    terminal[slash - name] = '\0';
    *leaf = slash + 1;
    return wire_id_valid(terminal) && **leaf != '\0';
}
