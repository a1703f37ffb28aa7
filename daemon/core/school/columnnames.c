/* Builds the rows for common/settings from the columns that schoolfiles.c knows, so that a new column needs no
 * change here. */
#include "daemon/core/school/columnnames.h"

#include "common/settings.h"

#define GROUP_BYTES 32

static bool read_file(struct columnnames *names, enum schoolfile which, const struct settings *settings,
                      const struct setting *group, struct problems *problems)
{
    const char *columns[SCHOOLFILES_COLUMNS_MAX];
    struct setting_row rows[SCHOOLFILES_COLUMNS_MAX];
    size_t count = schoolfiles_columns(which, columns);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct setting_row){
            .key = columns[i], .kind = SETTING_TEXT, .offset = i * NAME_BYTES, .bytes = NAME_BYTES};
    if (setting_is_group(group))
        return settings_read(settings, group, rows, count, names->called[which], problems);
    settings_problem(settings, group, problems, "%s must be a group {…}", schoolfiles_name(which));
    return false;
}

bool columnnames_set(struct columnnames *names, enum schoolfile which, const char *column, const char *called)
{
    const char *columns[SCHOOLFILES_COLUMNS_MAX];
    size_t count = schoolfiles_columns(which, columns), i = 0;
    while (i < count && strcmp(columns[i], column) != 0)
        i++;
    if (i == count || strlen(called) >= NAME_BYTES)
        return false;
    strcpy(names->called[which][i], called);
    return true;
}

/* The groups are named as the files without ".csv". All groups are read even after an error, to report all at once. */
bool columnnames_read(struct columnnames *names, const char *file, const char *text, struct problems *problems)
{
    char groups[SCHOOLFILES][GROUP_BYTES];
    struct setting_row rows[SCHOOLFILES];
    struct settings *settings = settings_open_text(file, text, problems);
    if (settings == NULL)
        return false;
    for (int i = 0; i < SCHOOLFILES; i++) { /* a file without its ".csv" */
        const char *name = schoolfiles_name((enum schoolfile)i);
        snprintf(groups[i], GROUP_BYTES, "%.*s", (int)strcspn(name, "."), name);
        rows[i] = (struct setting_row){.key = groups[i], .kind = SETTING_NESTED};
    }
    const struct setting *root = settings_root(settings);
    bool good = settings_read(settings, root, rows, SCHOOLFILES, names, problems);
    for (int i = 0; i < SCHOOLFILES; i++) {
        const struct setting *group = setting_member(root, groups[i]);
        if (group != NULL)
            good = read_file(names, (enum schoolfile)i, settings, group, problems) && good;
    }
    settings_close(settings);
    return good;
}
