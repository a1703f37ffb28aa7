/* Reads the group with common/settings; the settings that are words are translated here. */
#include "daemon/core/rollcall_settings.h"

#include <stddef.h>
#include <string.h>

struct told {
    struct rollcall_settings settings;
    char room_match[8];       /* "school" or "room" */
    char carry_over_match[8]; /* "group" or "room" */
};

#define INTEGER(key, most)                                                                          \
    {                                                                                               \
#key, SETTING_INTEGER, false, 0, most, offsetof(struct told, settings.key), sizeof(int32_t) \
    }
#define MATCH(key)                                                                                   \
    {                                                                                                \
#key, SETTING_TEXT, false, 0, 0, offsetof(struct told, key), sizeof(((struct told *)0)->key) \
    }

static const struct setting_row ROWS[] = {
    INTEGER(early_min, 120),       INTEGER(first_early_min, 180), INTEGER(grace_min, 60),
    INTEGER(late_max_min, 120),    INTEGER(carry_over_min, 60),   INTEGER(repeat_s, 3600),
    INTEGER(lesson_close_s, 3600), INTEGER(day_close_min, 600),   MATCH(room_match),
    MATCH(carry_over_match),
};

/* Whether the value is the second of the two words allowed; any other word is a problem. */
static bool is_other(const struct settings *settings, const struct setting *group, const char *name, const char *value,
                     const char *usual, const char *other, struct problems *problems)
{
    if (strcmp(value, other) != 0 && strcmp(value, usual) != 0)
        settings_problem(settings, group, problems, "%s must be \"%s\" or \"%s\"", name, usual, other);
    return strcmp(value, other) == 0;
}

void rollcall_settings_read(const struct settings *settings, struct rollcall_settings *out, struct problems *problems)
{
    struct told told = {.settings = ROLLCALL_DEFAULTS, .room_match = "school", .carry_over_match = "group"};
    const struct setting *group = setting_member(settings_root(settings), "rollcall");
    if (group != NULL)
        settings_read(settings, group, ROWS, sizeof ROWS / sizeof *ROWS, &told, problems);
    if (is_other(settings, group, "room_match", told.room_match, "school", "room", problems))
        told.settings.room_match = ROOM_MATCH_ROOM;
    if (is_other(settings, group, "carry_over_match", told.carry_over_match, "group", "room", problems))
        told.settings.carry_over_match = CARRY_OVER_MATCH_ROOM;
    if (told.settings.grace_min > told.settings.late_max_min)
        settings_problem(settings, group, problems,
                         "grace_min must not be more than late_max_min: nobody would ever be late");
    *out = told.settings;
}
