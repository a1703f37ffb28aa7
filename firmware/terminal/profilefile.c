/* Reads a profile by the tables below. The form is checked here; what it means for a reader (a place outside of what
 * is read, a write without values) by profile_problem of the core. */
#include "firmware/terminal/profilefile.h"

#include <string.h>
#include "common/choice.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "common/wire.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define NESTED(name)                        \
    {                                       \
        .key = name, .kind = SETTING_NESTED \
    }

struct numbers {
    char space[9];
    int first, count, new_at, sequence_at, length_at, bits_at;
    bool confirm;
};

static const char *const SPACES[PROFILE_SPACES] = {"input", "holding", "coil", "discrete"};
static const char *const CARDS[PROFILE_SIZES] = {"card_3", "card_4", "card_5", "card_7", "card_8", "card_10"};
static const int CARD_SIZES[PROFILE_SIZES] = {3, 4, 5, 7, 8, 10};

#define WHOLE(name, least, field)                                                      \
    {                                                                                  \
        .key = name, .kind = SETTING_INTEGER, .minimum = least, .maximum = UINT16_MAX, \
        .offset = offsetof(struct numbers, field)                                      \
    }
static const struct setting_row ROOT[] = {
    {.key = "read", .kind = SETTING_NESTED, .required = true},
    NESTED("flag"),
    {.key = "confirm", .kind = SETTING_BOOLEAN, .offset = offsetof(struct numbers, confirm)},
    WHOLE("new_at", 0, new_at),
    WHOLE("sequence_at", 0, sequence_at),
    WHOLE("length_at", 0, length_at),
    WHOLE("bits_at", 0, bits_at),
    NESTED("card_3"),
    NESTED("card_4"),
    NESTED("card_5"),
    NESTED("card_7"),
    NESTED("card_8"),
    NESTED("card_10"),
    NESTED("shown"),
    NESTED("release"),
};
/* Which registers or coils. */
#define PLACE                                                                                                        \
    {.key = "space", .kind = SETTING_TEXT, .required = true, .offset = offsetof(struct numbers, space), .bytes = 9}, \
    {                                                                                                                \
        .key = "first", .kind = SETTING_INTEGER, .required = true, .maximum = UINT16_MAX,                            \
        .offset = offsetof(struct numbers, first)                                                                    \
    }
static const struct setting_row READ[] = {
    PLACE,
    {.key = "count",
     .kind = SETTING_INTEGER,
     .required = true,
     .minimum = 1,
     .maximum = PROFILE_REGISTERS_MAX,
     .offset = offsetof(struct numbers, count)},
};
static const struct setting_row FLAG[] = {
    PLACE,
};
static const struct setting_row WRITE[] = {
    PLACE,
    {.key = "values", .kind = SETTING_NESTED, .required = true},
};

struct file {
    const struct settings *settings;
    struct problems *problems;
};

static enum profile_space read_space(const struct file *file, const struct setting *at, const char *name)
{
    int space = choice_of(name, SPACES, PROFILE_SPACES);
    if (space >= 0)
        return (enum profile_space)space;
    settings_problem(file->settings, at, file->problems,
                     "space must be \"input\", \"holding\", \"coil\" or \"discrete\"");
    return PROFILE_INPUT;
}

/* An array of whole numbers 0 to `most`, `least_count` to `most_count` of them. Returns how many; 0 after a problem. */
static int read_array(const struct file *file, const struct setting *list, int least_count, int most_count, int most,
                      int *out)
{
    int count = setting_is_list(list) ? setting_count(list) : 0;
    bool right = count >= least_count && count <= most_count;
    for (int i = 0; right && i < count; i++)
        right = setting_integer(setting_element(list, i), &out[i]) && out[i] >= 0 && out[i] <= most;
    if (right)
        return count;
    settings_problem(file->settings, list, file->problems, "must be %d to %d numbers in [ ], each 0 to %d", least_count,
                     most_count, most);
    return 0;
}

static void read_write(const struct file *file, const struct setting *group, struct profile_writes *writes)
{
    struct numbers numbers = {0};
    int values[PROFILE_VALUES_MAX];
    if (!setting_is_group(group)) {
        settings_problem(file->settings, group, file->problems, "must be a group with space, first and values");
        return;
    }
    if (!settings_read(file->settings, group, WRITE, COUNT(WRITE), &numbers, file->problems))
        return;
    int count = read_array(file, setting_member(group, "values"), 1, PROFILE_VALUES_MAX, UINT16_MAX, values);
    struct profile_write *write = &writes->list[writes->count++];
    *write = (struct profile_write){
        .space = read_space(file, group, numbers.space), .first = (uint16_t)numbers.first, .count = (uint16_t)count};
    for (int i = 0; i < count; i++)
        write->values[i] = (uint16_t)values[i];
}

static void read_writes(const struct file *file, const struct setting *list, struct profile_writes *writes)
{
    *writes = (struct profile_writes){0};
    if (!setting_is_list(list) || setting_count(list) > PROFILE_WRITES_MAX) {
        settings_problem(file->settings, list, file->problems, "must be a list ( … ) of at most %d writes",
                         PROFILE_WRITES_MAX);
        return;
    }
    for (int i = 0; i < setting_count(list); i++)
        read_write(file, setting_element(list, i), writes);
}

/* The keys are "otherwise" and the wire's words for feedbacks; a feedback without its own key gets what "otherwise"
 * has. */
static void read_shown(const struct file *file, const struct setting *group, struct profile *profile)
{
    struct setting_row rows[FEEDBACKS];
    size_t count = 0;
    rows[count++] = (struct setting_row)NESTED("otherwise");
    for (enum feedback feedback = FEEDBACK_NONE + 1; feedback < FEEDBACKS; feedback++)
        rows[count++] = (struct setting_row)NESTED(WIRE_FEEDBACKS[feedback]);
    if (!settings_read(file->settings, group, rows, count, profile, file->problems))
        return;
    const struct setting *otherwise = setting_member(group, "otherwise");
    for (enum feedback feedback = FEEDBACK_NONE + 1; feedback < FEEDBACKS; feedback++) {
        const struct setting *own = setting_member(group, WIRE_FEEDBACKS[feedback]);
        if (own != NULL || otherwise != NULL)
            read_writes(file, own != NULL ? own : otherwise, &profile->shown[feedback]);
    }
}

static void read_places(const struct file *file, const struct setting *root, struct profile *profile)
{
    for (enum profile_size size = 0; size < PROFILE_SIZES; size++) {
        const struct setting *list = setting_member(root, CARDS[size]);
        int places[CARD_BYTES_MAX], bytes = CARD_SIZES[size];
        if (list == NULL || read_array(file, list, bytes, bytes, 2 * PROFILE_REGISTERS_MAX - 1, places) == 0)
            continue;
        profile->known[size] = true;
        for (int i = 0; i < bytes; i++)
            profile->places[size][i] = (uint8_t)places[i];
    }
}

static void read_flag(const struct file *file, const struct setting *group, struct profile *profile)
{
    struct numbers numbers = {0};
    if (!settings_read(file->settings, group, FLAG, COUNT(FLAG), &numbers, file->problems))
        return;
    profile->flagged = true;
    profile->flag_space = read_space(file, group, numbers.space);
    profile->flag = (uint16_t)numbers.first;
}

static void read_profile(const struct file *file, const struct setting *root, struct profile *profile)
{
    struct numbers numbers = {.new_at = PROFILE_NOWHERE,
                              .sequence_at = PROFILE_NOWHERE,
                              .length_at = PROFILE_NOWHERE,
                              .bits_at = PROFILE_NOWHERE};
    const struct setting *read = setting_member(root, "read"), *shown = setting_member(root, "shown");
    const struct setting *release = setting_member(root, "release"), *flag = setting_member(root, "flag");
    settings_read(file->settings, root, ROOT, COUNT(ROOT), &numbers, file->problems);
    if (read != NULL && settings_read(file->settings, read, READ, COUNT(READ), &numbers, file->problems))
        profile->space = read_space(file, read, numbers.space);
    profile->first = (uint16_t)numbers.first;
    profile->count = (uint16_t)numbers.count;
    profile->new_at = numbers.new_at;
    profile->sequence_at = numbers.sequence_at;
    profile->length_at = numbers.length_at;
    profile->bits_at = numbers.bits_at;
    profile->confirmed = numbers.confirm;
    if (flag != NULL)
        read_flag(file, flag, profile);
    read_places(file, root, profile);
    if (shown != NULL)
        read_shown(file, shown, profile);
    if (release != NULL)
        read_writes(file, release, &profile->release);
}

bool profilefile_read(struct profile *profile, const char *path, struct problems *problems)
{
    int before = problems->count;
    *profile = (struct profile){0};
    struct settings *settings = settings_open_file(path, problems);
    if (settings == NULL)
        return false;
    const struct setting *root = settings_root(settings);
    struct file file = {.settings = settings, .problems = problems};
    read_profile(&file, root, profile);
    const char *problem = problems->count == before ? profile_problem(profile) : NULL;
    if (problem != NULL)
        settings_problem(settings, root, problems, "%s", problem);
    settings_close(settings);
    return problems->count == before;
}
