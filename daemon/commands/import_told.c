/* Bounds what the answer holds: names beyond the limit are counted, not listed. */
#include "daemon/commands/import_told.h"

#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"

void import_told_init(struct import_told *told)
{
    *told = (struct import_told){.changes = json_array(), .unmet = json_array()};
}

/* Is it a word for a change? All other words are for things that do not meet. */
static bool is_change(const char *what)
{
    static const char *const CHANGES[] = {
        "moved",   "came_back", "began",     "lengthened",      "left",      "ends", "corrected",
        "renamed", "details",   "protected", "stays_protected", "cancelled", "held", "ended"};
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++)
        if (strcmp(CHANGES[i], what) == 0)
            return true;
    return false;
}

static bool has_text(const json_t *entry, const char *key, const char *text)
{
    const char *own = json_string_value(json_object_get(entry, key));
    return own != NULL && strcmp(own, text) == 0;
}

/* The entry of the same kind, mostly the latest one; a new one when there is none. */
static json_t *entry_of(json_t *list, const char *file, const char *what, const char *to, int32_t day)
{
    char date[CIVIL_DATE_BYTES] = "";
    if (day != CIVIL_DAY_NONE)
        civil_write_date(day, date);
    for (size_t i = json_array_size(list); i > 0; i--) {
        json_t *entry = json_array_get(list, i - 1);
        if (has_text(entry, "what", what) && has_text(entry, "file", file) && has_text(entry, "to", to) &&
            has_text(entry, "date", date))
            return entry;
    }
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:i, s:[]}", "what", what, "file", file, "to", to, "date", date,
                              "count", 0, "names");
    json_array_append_new(list, entry);
    return entry;
}

static void count_name(json_t *entry, struct text name, bool kept)
{
    json_object_set_new(entry, "count", json_integer(json_integer_value(json_object_get(entry, "count")) + 1));
    if (kept)
        json_array_append_new(json_object_get(entry, "names"), json_stringn(name.bytes, name.length));
}

void import_told_add(void *context, enum schoolfile which, const char *what, struct text name, const char *to,
                     int32_t day)
{
    struct import_told *told = context;
    bool change = is_change(what);
    json_t *entry = entry_of(change ? told->changes : told->unmet, schoolfiles_name(which), what, to, day);
    if (entry == NULL)
        return; /* no memory: the answer tells so */
    bool kept = change ? told->names++ < IMPORT_TOLD_NAMES_MAX
                       : json_array_size(json_object_get(entry, "names")) < IMPORT_TOLD_FIRST;
    count_name(entry, name, kept);
}

void import_told_file(struct import_told *told, const char *file, const char *what, const char *to)
{
    json_t *entry = entry_of(told->unmet, file, what, to, CIVIL_DAY_NONE);
    if (entry != NULL)
        count_name(entry, text_of(file), true);
}
