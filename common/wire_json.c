/* The first thing that is wrong is kept: later fields may be wrong only because of it. */
#include "common/wire_json.h"

#include <stdio.h>
#include <string.h>
#include "common/choice.h"
#include "common/wire.h"

json_t *wire_parse(const char *bytes, size_t length, size_t most, const char **why)
{
    if (length > most) {
        *why = "larger than a message may be";
        return NULL;
    }
    json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL)
        *why = "not JSON";
    return json;
}

int wire_write(json_t *json, char *out, size_t capacity)
{
    if (json == NULL)
        return WIRE_TOO_LONG;
    size_t length = json_dumpb(json, out, capacity, JSON_COMPACT);
    json_decref(json);
    return length == 0 || length > capacity ? WIRE_TOO_LONG : (int)length;
}

bool wire_begin(struct wire_reader *reader, const char *bytes, size_t length, size_t most, const char **why)
{
    *reader = (struct wire_reader){.object = wire_parse(bytes, length, most, why)};
    if (reader->object == NULL)
        return false;
    wire_integer(reader, "v", 1, 1, "v must be 1");
    return true;
}

int wire_verdict(const struct wire_reader *reader, const char **why)
{
    json_decref(reader->object);
    *why = reader->why;
    return reader->why != NULL ? WIRE_MALFORMED : 0;
}

static int64_t refuse(struct wire_reader *reader, const char *why)
{
    if (reader->why == NULL)
        reader->why = why;
    return 0;
}

int64_t wire_integer(struct wire_reader *reader, const char *key, int64_t minimum, int64_t maximum, const char *why)
{
    const json_t *field = json_object_get(reader->object, key);
    if (!json_is_integer(field))
        return refuse(reader, why);
    int64_t value = json_integer_value(field);
    return value < minimum || value > maximum ? refuse(reader, why) : value;
}

int64_t wire_integer_or(struct wire_reader *reader, const char *key, int64_t absent, int64_t minimum, int64_t maximum,
                        const char *why)
{
    return json_object_get(reader->object, key) != NULL ? wire_integer(reader, key, minimum, maximum, why) : absent;
}

bool wire_boolean(struct wire_reader *reader, const char *key, const char *why)
{
    const json_t *field = json_object_get(reader->object, key);
    if (!json_is_boolean(field))
        refuse(reader, why);
    return json_is_true(field);
}

int wire_word(struct wire_reader *reader, const char *key, const char *const *words, int count, const char *why)
{
    int word = choice_of(json_string_value(json_object_get(reader->object, key)), words, count);
    return word >= 0 ? word : (int)refuse(reader, why);
}

static bool hex_read(const json_t *text, uint64_t *out)
{
    const char *digits = json_string_value(text);
    if (digits == NULL || json_string_length(text) != 16)
        return false;
    uint64_t value = 0;
    for (int i = 0; i < 16; i++) {
        char c = digits[i];
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        else
            return false;
    }
    *out = value;
    return true;
}

uint64_t wire_hex(struct wire_reader *reader, const char *key, const char *why)
{
    uint64_t value = 0;
    if (!hex_read(json_object_get(reader->object, key), &value))
        refuse(reader, why);
    return value;
}

json_t *wire_hex_text(uint64_t value)
{
    char digits[17];
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)value);
    return json_string(digits);
}

size_t wire_hex_list(struct wire_reader *reader, const char *key, uint64_t *out, size_t most, const char *why)
{
    const json_t *list = json_object_get(reader->object, key);
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > most)
        return (size_t)refuse(reader, why);
    for (size_t i = 0; i < count; i++)
        if (!hex_read(json_array_get(list, i), &out[i]) || (i > 0 && out[i] <= out[i - 1]))
            return (size_t)refuse(reader, why);
    return count;
}

json_t *wire_hex_array(const uint64_t *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        wire_append(&list, wire_hex_text(values[i]));
    return list;
}

void wire_append(json_t **list, json_t *value)
{
    if (json_array_append_new(*list, value) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

void wire_set(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}
