/* Reads libconfig's tree against tables of rows. Which message a value gets follows from its row alone, so that the
 * tables are the whole description of a file. */
#include "common/settings.h"

#include <assert.h>
#include <errno.h>
#include <libconfig.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "common/filebytes.h"
#include "common/settings_fault.h"
#include "common/settings_file.h"
#include "common/wire.h"

#define SETTINGS_BYTES_MAX \
    (1024 * 1024) /* of a file in which a mistake is looked for; in a longer one none is guessed */

struct settings {
    config_t config;
    char *name;
};

/* A struct setting is libconfig's config_setting_t under our own name, so that no header has to include libconfig's. */
static const config_setting_t *node(const struct setting *setting)
{
    return (const config_setting_t *)setting;
}

static struct settings *settings_new(const char *name)
{
    struct settings *settings = malloc(sizeof *settings);
    if (settings == NULL)
        return NULL;
    settings->name = strdup(name);
    if (settings->name == NULL) {
        free(settings);
        return NULL;
    }
    config_init(&settings->config);
    return settings;
}

/* `text` may be NULL: then nothing is guessed. Of an @included file it is that file's. */
static void say_what_is_wrong(const struct settings *settings, const char *file, const char *text,
                              struct problems *problems)
{
    const char *said = config_error_text(&settings->config), *likely = NULL;
    int line = config_error_line(&settings->config);
    if (text != NULL && strcmp(said, "syntax error") == 0)
        likely = settings_fault(text, &line);
    problems_add(problems, file, line, "%s", likely != NULL ? likely : said);
}

struct settings *settings_open_file(const char *path, struct problems *problems)
{
    struct settings *settings = settings_new(path);
    if (settings == NULL) {
        problems_add(problems, path, 0, "out of memory");
        return NULL;
    }
    errno = EISDIR; /* for the message: libconfig refuses a folder without setting errno */
    if (config_read_file(&settings->config, path) == CONFIG_TRUE)
        return settings;
    if (config_error_type(&settings->config) == CONFIG_ERR_FILE_IO) {
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
    } else {
        const char *file = config_error_file(&settings->config);
        char *text = filebytes_text(file != NULL ? file : path, SETTINGS_BYTES_MAX);
        say_what_is_wrong(settings, file != NULL ? file : path, text, problems);
        free(text);
    }
    settings_close(settings);
    return NULL;
}

struct settings *settings_open_text(const char *name, const char *text, struct problems *problems)
{
    struct settings *settings = settings_new(name);
    if (settings == NULL) {
        problems_add(problems, name, 0, "out of memory");
        return NULL;
    }
    /* A text may come from another user, who must not be able to read files with our rights. */
    if (strstr(text, "@include") != NULL) {
        problems_add(problems, name, 0, "@include is for files only: give the whole text");
        settings_close(settings);
        return NULL;
    }
    if (config_read_string(&settings->config, text) == CONFIG_TRUE)
        return settings;
    say_what_is_wrong(settings, name, text, problems);
    settings_close(settings);
    return NULL;
}

void settings_close(struct settings *settings)
{
    if (settings == NULL)
        return;
    config_destroy(&settings->config);
    free(settings->name);
    free(settings);
}

const struct setting *settings_root(const struct settings *settings)
{
    return (const struct setting *)config_root_setting(&settings->config);
}

void settings_problem(const struct settings *settings, const struct setting *at, struct problems *problems,
                      const char *format, ...)
{
    char message[PROBLEM_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    problems_add(problems, settings->name, setting_line(at), "%s", message);
}

static const struct setting_row *row_of(const struct setting_row *rows, size_t row_count, const char *key)
{
    for (size_t i = 0; i < row_count; i++)
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    return NULL;
}

static bool read_integer(const config_setting_t *setting, const struct setting_row *row, void *target)
{
    if (config_setting_type(setting) != CONFIG_TYPE_INT)
        return false;
    int value = config_setting_get_int(setting);
    if (value < row->minimum || value > row->maximum)
        return false;
    memcpy(target, &value, sizeof value);
    return true;
}

static bool read_number(const config_setting_t *setting, const struct setting_row *row, void *target)
{
    int type = config_setting_type(setting);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_FLOAT)
        return false;
    double value = type == CONFIG_TYPE_INT ? config_setting_get_int(setting) : config_setting_get_float(setting);
    if (!isfinite(value) || value < row->minimum || value > row->maximum)
        return false;
    memcpy(target, &value, sizeof value);
    return true;
}

static bool read_text(const config_setting_t *setting, const struct setting_row *row, void *target)
{
    const char *text = config_setting_get_string(setting);
    if (text == NULL || strlen(text) >= row->bytes || (row->minimum == SETTING_ID && !wire_id_valid(text)))
        return false;
    strcpy(target, text);
    return true;
}

static bool read_boolean(const config_setting_t *setting, void *target)
{
    if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
        return false;
    bool value = config_setting_get_bool(setting) != 0;
    memcpy(target, &value, sizeof value);
    return true;
}

/* False when the value is not what the row requires. `into` may be NULL where all rows are nested. */
static bool read_row(const config_setting_t *setting, const struct setting_row *row, void *into)
{
    if (row->kind == SETTING_NESTED)
        return config_setting_is_aggregate(setting);
    assert(into != NULL);
    void *target = (char *)into + row->offset;
    switch (row->kind) {
    case SETTING_INTEGER:
        return read_integer(setting, row, target);
    case SETTING_NUMBER:
        return read_number(setting, row, target);
    case SETTING_TEXT:
        return read_text(setting, row, target);
    case SETTING_BOOLEAN:
        return read_boolean(setting, target);
    case SETTING_NESTED:
        break;
    }
    return false;
}

/* The pages translate these sentences by their wording (dashboard/web/i18n/refusals_sv.js): change both. */
static void say_what_is_right(const struct settings *settings, const struct setting *at, const struct setting_row *row,
                              struct problems *problems)
{
    switch (row->kind) {
    case SETTING_INTEGER:
        settings_problem(settings, at, problems, "%s must be a whole number between %.0f and %.0f", row->key,
                         row->minimum, row->maximum);
        break;
    case SETTING_NUMBER:
        settings_problem(settings, at, problems, "%s must be a number between %g and %g", row->key, row->minimum,
                         row->maximum);
        break;
    case SETTING_TEXT:
        if (row->minimum == SETTING_ID)
            settings_problem(settings, at, problems, "%s must be 1 to %d of a-z, 0-9 and -, in quotes", row->key,
                             ID_CHARS_MAX);
        else
            settings_problem(settings, at, problems, "%s must be a text in quotes of at most %zu bytes", row->key,
                             row->bytes - 1);
        break;
    case SETTING_BOOLEAN:
        settings_problem(settings, at, problems, "%s must be true or false", row->key);
        break;
    case SETTING_NESTED:
        settings_problem(settings, at, problems, "%s must be a group {…}, list (…) or array […]", row->key);
        break;
    }
}

bool settings_read(const struct settings *settings, const struct setting *group, const struct setting_row *rows,
                   size_t row_count, void *into, struct problems *problems)
{
    int before = problems->count;
    for (int i = 0; i < config_setting_length(node(group)); i++) {
        const config_setting_t *child = config_setting_get_elem(node(group), (unsigned)i);
        const struct setting *at = (const struct setting *)child;
        const char *key = config_setting_name(child);
        const struct setting_row *row = key != NULL ? row_of(rows, row_count, key) : NULL;
        if (row == NULL)
            settings_problem(settings, at, problems, "unknown key %s", key != NULL ? key : "(none)");
        else if (!read_row(child, row, into))
            say_what_is_right(settings, at, row, problems);
    }
    for (size_t i = 0; i < row_count; i++)
        if (rows[i].required && config_setting_get_member(node(group), rows[i].key) == NULL)
            settings_problem(settings, group, problems, "%s is missing", rows[i].key);
    return problems->count == before;
}

const struct setting *setting_member(const struct setting *group, const char *key)
{
    return (const struct setting *)config_setting_get_member(node(group), key);
}

const struct setting *setting_element(const struct setting *list, int index)
{
    return index < 0 ? NULL : (const struct setting *)config_setting_get_elem(node(list), (unsigned)index);
}

int setting_count(const struct setting *list)
{
    return list != NULL ? config_setting_length(node(list)) : 0;
}

const char *setting_text(const struct setting *setting)
{
    return setting != NULL ? config_setting_get_string(node(setting)) : NULL;
}

bool setting_integer(const struct setting *setting, int *value)
{
    if (setting == NULL || config_setting_type(node(setting)) != CONFIG_TYPE_INT)
        return false;
    *value = config_setting_get_int(node(setting));
    return true;
}

bool setting_is_group(const struct setting *setting)
{
    return setting != NULL && config_setting_is_group(node(setting));
}

bool setting_is_list(const struct setting *setting)
{
    return setting != NULL && (config_setting_is_list(node(setting)) || config_setting_is_array(node(setting)));
}

int setting_line(const struct setting *setting)
{
    return (int)config_setting_source_line(node(setting));
}
