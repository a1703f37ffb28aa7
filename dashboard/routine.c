/* From the settings to the list. */
#include "dashboard/routine.h"

#include <stddef.h>
#include <string.h>
#include "common/settings.h"

static const struct setting_row ROWS[] = {
    {"id", SETTING_TEXT, true, SETTING_ID, 0, offsetof(struct routine_contact, id), ID_BYTES},
    {"name", SETTING_TEXT, true, 0, 0, offsetof(struct routine_contact, name), ROUTINE_TEXT_BYTES_MAX + 1},
    {"phone", SETTING_TEXT, false, 0, 0, offsetof(struct routine_contact, phone), ROUTINE_TEXT_BYTES_MAX + 1},
};

static const struct routine UNWRITTEN = {.count = 2, .contacts = {{.id = "boende"}, {.id = "socialtjanst"}}};

const struct routine_contact *routine_find(const struct routine *routine, const char *id)
{
    for (int i = 0; i < routine->count; i++)
        if (strcmp(routine->contacts[i].id, id) == 0)
            return &routine->contacts[i];
    return NULL;
}

static bool read_contact(const struct settings *settings, const struct setting *row, struct routine *out,
                         struct problems *problems)
{
    struct routine_contact read = {0};
    if (!setting_is_group(row)) {
        settings_problem(settings, row, problems, "routine: each contact is a group { id = …; name = …; phone = …; }");
        return false;
    }
    if (!settings_read(settings, row, ROWS, sizeof ROWS / sizeof *ROWS, &read, problems))
        return false;
    if (routine_find(out, read.id) != NULL) {
        settings_problem(settings, row, problems, "routine: the id %s stands twice", read.id);
        return false;
    }
    out->contacts[out->count++] = read;
    return true;
}

bool routine_read(const struct settings *settings, const struct setting *list, struct routine *out,
                  struct problems *problems)
{
    *out = list == NULL ? UNWRITTEN : (struct routine){.is_own = true};
    if (list == NULL)
        return true;
    int count = setting_is_list(list) ? setting_count(list) : 0;
    if (count < 1 || count > ROUTINE_CONTACTS_MAX) {
        settings_problem(settings, list, problems, "routine must be a list of 1 to %d contacts", ROUTINE_CONTACTS_MAX);
        return false;
    }
    bool good = true;
    for (int i = 0; i < count; i++)
        good &= read_contact(settings, setting_element(list, i), out, problems);
    return good;
}
