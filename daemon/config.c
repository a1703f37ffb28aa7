/* Reads narvarod.cfg through the table of settings below: each row names a key, its range and where the value goes.
 * All problems are collected before the caller is told. */
#include "daemon/config.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "common/keyfile.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "daemon/core/rollcall_settings.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TEXT(key, needed, least, type, member)                                                   \
    {                                                                                            \
        key, SETTING_TEXT, needed, least, 0, offsetof(type, member), sizeof(((type *)0)->member) \
    }
#define INTEGER(key, least, most, type, member)                                       \
    {                                                                                 \
        key, SETTING_INTEGER, false, least, most, offsetof(type, member), sizeof(int) \
    }

static const struct setting_row ROOT_ROWS[] = {
    TEXT("school", true, SETTING_ID, struct config, school),
    TEXT("database", true, 0, struct config, database),
    TEXT("control_socket", true, 0, struct config, control_socket),
    TEXT("rules", true, 0, struct config, rules),
    TEXT("token_key_file", true, 0, struct config, token_key_file),
    INTEGER("plan_days", 2, CONFIG_PLAN_DAYS_MAX, struct config, plan_days),
    {"control_users", SETTING_NESTED, false, 0, 0, 0, 0},
    {"broker", SETTING_NESTED, true, 0, 0, 0, 0},
    {"terminals", SETTING_NESTED, false, 0, 0, 0, 0},
    {"rollcall", SETTING_NESTED, false, 0, 0, 0, 0},
    {"group_signal", SETTING_NESTED, false, 0, 0, 0, 0},
    {"retention", SETTING_NESTED, false, 0, 0, 0, 0},
};
static const struct setting_row BROKER_ROWS[] = {
    TEXT("host", true, 0, struct config_broker, host),
    INTEGER("port", 0, 65535, struct config_broker, port),
    INTEGER("protocol", 4, 5, struct config_broker, protocol),
    INTEGER("keepalive_s", 5, 600, struct config_broker, keepalive_s),
    TEXT("ca_file", false, 0, struct config_broker, ca_file),
    TEXT("certificate_file", false, 0, struct config_broker, certificate_file),
    TEXT("key_file", false, 0, struct config_broker, key_file),
};
static const struct setting_row TERMINAL_ROWS[] = {
    INTEGER("debounce_s", 0, 60, struct config, debounce_s),
    INTEGER("repeat_s", 0, 3600, struct config, repeat_s),
    {"late_sounds_like_ok", SETTING_BOOLEAN, false, 0, 0, offsetof(struct config, late_sounds_like_ok), sizeof(bool)},
};
static const struct setting_row GROUP_SIGNAL_ROWS[] = {
    INTEGER("factor_percent", 100, 1000, struct config, group_signal.factor_percent),
    INTEGER("least_percent", 1, 100, struct config, group_signal.least_percent),
    INTEGER("weeks", 1, GROUPSIGNAL_WEEKS_MAX, struct config, group_signal.weeks),
    INTEGER("days_least", 1, 100, struct config, group_signal.days_least),
};

#define YEARS(key) INTEGER(#key, RETENTION_YEARS_LEAST, RETENTION_YEARS_MOST, struct config, retention.key)
static const struct setting_row RETENTION_ROWS[] = {
    YEARS(taps_years),
    YEARS(outcomes_years),
    YEARS(flags_years),
    YEARS(left_years),
    INTEGER("guardian_days", 0, 3650, struct config, retention.guardian_days),
};

static void read_control_users(const struct settings *settings, struct config *config, struct problems *problems)
{
    const struct setting *list = setting_member(settings_root(settings), "control_users");
    for (int i = 0; i < setting_count(list); i++) {
        const struct setting *user = setting_element(list, i);
        const char *name = setting_text(user);
        if (i >= LOCAL_UIDS_MAX || name == NULL || strlen(name) > ID_CHARS_MAX) {
            settings_problem(settings, user, problems, "control_users must be at most %d user names of %d characters",
                             LOCAL_UIDS_MAX, ID_CHARS_MAX);
            return;
        }
        snprintf(config->control_users[config->control_user_count++], ID_BYTES, "%s", name);
    }
}

/* Outcomes that were erased before their taps would be computed from them again. */
static void check_retention(const struct settings *settings, const struct config *config, struct problems *problems)
{
    if (config->retention.taps_years > config->retention.outcomes_years)
        settings_problem(settings, setting_member(settings_root(settings), "retention"), problems,
                         "taps_years must not be more than outcomes_years");
}

static void check_broker(const struct settings *settings, const struct config_broker *broker, struct problems *problems)
{
    const struct setting *group = setting_member(settings_root(settings), "broker");
    int files = (broker->ca_file[0] != '\0') + (broker->certificate_file[0] != '\0') + (broker->key_file[0] != '\0');
    if (files != 0 && files != 3)
        settings_problem(settings, group, problems,
                         "broker.ca_file, certificate_file and key_file must be given all three, or none");
    if ((broker->host[0] == '/') != (broker->port == 0))
        settings_problem(settings, group, problems,
                         "broker.port must be 1 to 65535 for a host name, and 0 when host is the path of a socket");
}

static void set_defaults(struct config *config)
{
    *config = (struct config){
        .plan_days = CONFIG_PLAN_DAYS_MAX,
        .broker = {.port = 1883, .protocol = 5, .keepalive_s = 20},
        .debounce_s = 3,
        .repeat_s = 60,
        .group_signal = GROUPSIGNAL_DEFAULTS,
        .retention = RETENTION_DEFAULTS,
    };
}

/* The key file is read only when all else is right, for its path may be one of the mistakes. */
bool config_read(const char *path, struct config *config, struct problems *problems)
{
    int before = problems->count;
    set_defaults(config);
    struct settings *settings = settings_open_file(path, problems);
    if (settings == NULL)
        return false;
    const struct setting *root = settings_root(settings);
    settings_read(settings, root, ROOT_ROWS, ROWS(ROOT_ROWS), config, problems);
    const struct {
        const char *key;
        const struct setting_row *rows;
        size_t row_count;
        void *into;
    } groups[] = {
        {"broker", BROKER_ROWS, ROWS(BROKER_ROWS), &config->broker},
        {"terminals", TERMINAL_ROWS, ROWS(TERMINAL_ROWS), config},
        {"group_signal", GROUP_SIGNAL_ROWS, ROWS(GROUP_SIGNAL_ROWS), config},
        {"retention", RETENTION_ROWS, ROWS(RETENTION_ROWS), config},
    };
    for (size_t i = 0; i < ROWS(groups); i++) {
        const struct setting *group = setting_member(root, groups[i].key);
        if (group != NULL)
            settings_read(settings, group, groups[i].rows, groups[i].row_count, groups[i].into, problems);
    }
    read_control_users(settings, config, problems);
    rollcall_settings_read(settings, &config->rollcall, problems);
    check_retention(settings, config, problems);
    if (setting_member(root, "broker") != NULL)
        check_broker(settings, &config->broker, problems);
    settings_close(settings);
    if (problems->count == before && keyfile_is_private(config->token_key_file, problems))
        keyfile_read(config->token_key_file, config->token_key, TOKEN_KEY_BYTES, problems);
    return problems->count == before;
}

#define MADE_AT_START "/var/lib/narvaro" /* the StateDirectory of narvarod.service */

static void check_user(const struct settings *settings, const struct setting *user, struct problems *problems)
{
    const char *name = setting_text(user);
    if (name != NULL && getpwnam(name) == NULL)
        settings_problem(settings, user, problems, "control_users: this machine has no user %s", name);
}

static void check_folder(const struct settings *settings, const char *key, struct problems *problems)
{
    struct stat folder;
    char path[PATH_MAX];
    const struct setting *at = setting_member(settings_root(settings), key);
    snprintf(path, sizeof path, "%s", setting_text(at));
    char *slash = strrchr(path, '/');
    if (path[0] != '/') {
        settings_problem(settings, at, problems, "%s must be an absolute path", key);
        return;
    }
    slash[slash == path] = '\0';
    if (strcmp(path, MADE_AT_START) == 0)
        return;
    if (stat(path, &folder) != 0 || !S_ISDIR(folder.st_mode))
        settings_problem(settings, at, problems, "%s: there is no folder %s", key, path);
}

void config_check_machine(const char *path, struct problems *problems)
{
    struct settings *settings = settings_open_file(path, problems);
    if (settings == NULL)
        return;
    const struct setting *users = setting_member(settings_root(settings), "control_users");
    for (int i = 0; i < setting_count(users); i++)
        check_user(settings, setting_element(users, i), problems);
    check_folder(settings, "database", problems);
    settings_close(settings);
}
