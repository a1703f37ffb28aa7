/* The bundle as JSON. Writer and reader go through one table of its text fields, so that they cannot differ in a
 * name. */
#include "common/bundle.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "common/wire.h"

#define VERSION 1

static const struct field {
    const char *key;
    size_t offset;
    bool may_lack;
} FIELDS[] = {
    {"school", offsetof(struct bundle, school), false},
    {"terminal", offsetof(struct bundle, terminal), false},
    {"room", offsetof(struct bundle, room), false},
    {"host", offsetof(struct bundle, host), false},
    {"certificate", offsetof(struct bundle, certificate), false},
    {"authority", offsetof(struct bundle, authority), false},
    {"token_key", offsetof(struct bundle, token_key), false},
    {"update_key", offsetof(struct bundle, update_key), true},
};
#define FIELD_COUNT (sizeof FIELDS / sizeof *FIELDS)

/* The member of `bundle` that a row stands for. */
static const char **text_of(struct bundle *bundle, const struct field *field)
{
    return (const char **)(void *)((char *)bundle + field->offset);
}

char *bundle_write(const struct bundle *bundle)
{
    json_t *object = json_pack("{s:i, s:i}", "narvaro_bundle", VERSION, "port", bundle->port);
    bool good = object != NULL;
    for (size_t i = 0; i < FIELD_COUNT && good; i++) {
        const char *text = *text_of((struct bundle *)bundle, &FIELDS[i]);
        good = text == NULL ? FIELDS[i].may_lack : json_object_set_new(object, FIELDS[i].key, json_string(text)) == 0;
    }
    char *text = good ? json_dumps(object, JSON_INDENT(2)) : NULL;
    json_decref(object);
    return text;
}

/* The texts are the document's: they live as long as bundle->whole. Returns what is wrong, or NULL. */
static const char *read_fields(const json_t *object, struct bundle *bundle)
{
    bundle->port = (int)json_integer_value(json_object_get(object, "port"));
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *text = json_string_value(json_object_get(object, FIELDS[i].key));
        if (text == NULL && FIELDS[i].may_lack)
            continue;
        if (text == NULL || text[0] == '\0')
            return "a field is missing or empty";
        *text_of(bundle, &FIELDS[i]) = text;
    }
    if (!wire_id_valid(bundle->school) || !wire_id_valid(bundle->terminal))
        return "school and terminal must be 1 to 32 of a-z, 0-9 and -";
    if (bundle->port < 1 || bundle->port > 65535)
        return "port must be between 1 and 65535";
    /* The host is written between quotes into the terminal's settings: nothing in it may end them. */
    return strpbrk(bundle->host, "\"\\\n") != NULL ? "host must hold no quote, backslash or line break" : NULL;
}

bool bundle_read(const char *text, struct bundle *bundle, const char **why)
{
    *bundle = (struct bundle){.whole = json_loads(text, JSON_REJECT_DUPLICATES, NULL)};
    if (json_integer_value(json_object_get(bundle->whole, "narvaro_bundle")) != VERSION)
        *why = "not an answer of `narvaro terminal add'";
    else
        *why = read_fields(bundle->whole, bundle);
    if (*why != NULL)
        bundle_free(bundle);
    return *why == NULL;
}

void bundle_free(struct bundle *bundle)
{
    json_decref(bundle->whole);
    *bundle = (struct bundle){0};
}
