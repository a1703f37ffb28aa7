/* The names kept are a setting of the database: the object "names", one import's over that of another. */
#include "daemon/commands/import_names.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/core/school/columnsmeant.h"
#include "daemon/store/store_versions.h"

#define SETTING "columns"

static json_t *kept(struct store *store)
{
    char *text = store_setting(store, SETTING);
    json_t *names = text == NULL ? NULL : json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    return json_is_object(names) ? names : NULL;
}

static void set(struct columnnames *names, const json_t *chosen, struct problems *problems)
{
    const char *file, *column;
    json_t *columns, *called;
    json_object_foreach((json_t *)chosen, file, columns) {
        enum schoolfile which = schoolfiles_called(file);
        if (which == SCHOOLFILES || !json_is_object(columns))
            problems_add(problems, "request", 0, "names: \"%.*s\" is no file of ours, or has no columns", NAME_BYTES,
                         file);
        json_object_foreach(columns, column, called) {
            const char *text = json_string_value(called);
            if (which != SCHOOLFILES && (text == NULL || !columnnames_set(names, which, column, text)))
                problems_add(problems, file, 0, "%s: no column of ours, or its name has more than %d bytes", column,
                             NAME_BYTES - 1);
        }
    }
}

static void read_table(struct columnnames *names, const json_t *columns, struct problems *problems)
{
    const char *name = "columns.cfg", *text = NULL;
    if (json_unpack((json_t *)columns, "{s:s, s:s}", "name", &name, "text", &text) != 0 ||
        strlen(text) > COLUMNNAMES_BYTES_MAX)
        problems_add(problems, name, 0, "more than %d bytes", COLUMNNAMES_BYTES_MAX);
    else
        columnnames_read(names, name, text, problems);
}

void import_names_read(struct columnnames *names, struct store *store, const json_t *request, struct problems *problems)
{
    json_t *before = kept(store);
    const json_t *columns = json_object_get(request, "columns");
    *names = (struct columnnames){0};
    set(names, before, problems);
    json_decref(before);
    if (columns != NULL)
        read_table(names, columns, problems);
    set(names, json_object_get(request, "names"), problems);
}

bool import_names_keep(struct store *store, const json_t *request)
{
    const json_t *chosen = json_object_get(request, "names");
    if (json_object_size(chosen) == 0)
        return true;
    json_t *names = kept(store);
    names = names != NULL ? names : json_object();
    char *text = json_object_update_recursive(names, (json_t *)chosen) == 0 ? json_dumps(names, JSON_COMPACT) : NULL;
    if (text != NULL)
        store_setting_put(store, SETTING, text);
    json_decref(names);
    bool done = text != NULL;
    free(text);
    return done;
}

static json_t *text_json(struct text text)
{
    return json_stringn(text.length == 0 ? "" : text.bytes, text.length);
}

/* The header's name of a column, or one that may be it. */
static json_t *column_told(const struct schoolfiles *files, enum schoolfile which, size_t column, const char *name)
{
    struct text is = text_of(""), meant = text_of("");
    for (size_t i = 0; i < files->files[which].header_count; i++) {
        struct text header = files->files[which].header[i];
        if (files->files[which].columns[i] == column)
            is = header;
        else if (files->files[which].columns[i] == SCHOOLFILES_COLUMNS_MAX && meant.length == 0 &&
                 header.length < NAME_BYTES && columnsmeant(header, name))
            meant = header;
    }
    return json_pack("{s:s, s:b, s:o, s:o}", "column", name, "required", (int)schoolfiles_requires(which, column), "is",
                     text_json(is), "meant", text_json(is.length == 0 ? meant : text_of("")));
}

/* Does the header have a name that is not ours? */
static bool is_told(const struct schoolfiles *files, enum schoolfile which)
{
    const char *names[SCHOOLFILES_COLUMNS_MAX];
    schoolfiles_columns(which, names);
    for (size_t i = 0; i < files->files[which].header_count; i++) {
        uint8_t column = files->files[which].columns[i];
        if (files->files[which].header[i].length > 0 &&
            (column == SCHOOLFILES_COLUMNS_MAX || !text_equal(files->files[which].header[i], text_of(names[column]))))
            return true;
    }
    return false;
}

static json_t *file_told(const struct schoolfiles *files, enum schoolfile which)
{
    const char *names[SCHOOLFILES_COLUMNS_MAX];
    json_t *header = json_array(), *columns = json_array();
    for (size_t i = 0; i < files->files[which].header_count; i++)
        if (files->files[which].header[i].length > 0 && files->files[which].header[i].length < NAME_BYTES)
            json_array_append_new(header, text_json(files->files[which].header[i]));
    size_t count = schoolfiles_columns(which, names);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(columns, column_told(files, which, i, names[i]));
    return json_pack("{s:s, s:o, s:o}", "file", schoolfiles_name(which), "header", header, "columns", columns);
}

json_t *import_names_told(const struct schoolfiles *files)
{
    json_t *told = json_array();
    for (enum schoolfile which = SCHOOLFILE_PUPILS; which < SCHOOLFILES; which++)
        if (is_told(files, which))
            json_array_append_new(told, file_told(files, which));
    return told;
}
