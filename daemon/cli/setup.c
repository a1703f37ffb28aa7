/* narvaro setup: makes this machine the school's. Everything that programs must agree on comes from two facts, the school's id
 * and the machine's names; what is right already is left alone, so it may be run again at any time. Each step looks at what
 * is there before it does anything, and with --dry-run only tells. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "common/civil.h"
#include "common/filebytes.h"
#include "common/newfile.h"
#include "common/wire.h"
#include "daemon/cli/brokerfiles.h"
#include "daemon/cli/command.h"
#include "daemon/cli/examples.h"
#include "daemon/cli/options.h"
#include "daemon/cli/services.h"
#include "daemon/cli/setup.h"

#define TOKEN_KEY_BYTES 16 /* docs/wire.md */

/* The accounts of the services: only root can give away what it makes, and only root has to. */
static bool find_accounts(struct setup *setup)
{
    const struct passwd *user = getpwnam(setup->user);
    const struct group *group = getgrnam(setup->group);
    if (geteuid() != 0 || (user != NULL && group != NULL)) {
        setup->key_owner = user == NULL ? (uid_t)-1 : user->pw_uid;
        setup->broker_group = group == NULL ? (gid_t)-1 : group->gr_gid;
        return true;
    }
    snprintf(setup->why, sizeof setup->why,
             "this machine has no %s: systemd-sysusers makes the accounts of the services",
             user == NULL ? setup->user : setup->group);
    return false;
}

static bool give_to(struct setup *setup, const char *path, uid_t owner, gid_t group)
{
    return geteuid() != 0 || setup->dry_run || chown(path, owner, group) == 0 || setup_refuse(setup, path);
}

static bool make_folder(struct setup *setup, const char *path, mode_t mode, gid_t group)
{
    if (access(path, F_OK) == 0)
        return true;
    setup_tell(setup, SETUP_MADE, path);
    if (setup->dry_run)
        return true;
    return ((mkdir(path, mode) == 0 && chmod(path, mode) == 0) || setup_refuse(setup, path)) &&
           give_to(setup, path, (uid_t)-1, group);
}

static bool make_folders(struct setup *setup)
{
    char broker[PATH_MAX];
    return make_folder(setup, setup->etc, 0755, (gid_t)-1) && setup_path(setup, "broker", broker) &&
           make_folder(setup, broker, 0750, setup->broker_group);
}

/* The school's own from then on: an update does not touch them. */
static bool give_examples(struct setup *setup)
{
    static const struct {
        const char *name;
        enum example example;
    } FILES[] = {{"narvarod.cfg", EXAMPLE_DAEMON},
                 {"narvaro-web.cfg", EXAMPLE_WEB},
                 {"rules.cfg", EXAMPLE_RULES},
                 {"broker/mosquitto.conf", EXAMPLE_BROKER}};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[PATH_MAX];
        if (!setup_path(setup, FILES[i].name, path))
            return false;
        if (access(path, F_OK) == 0)
            continue;
        char *text = example_text(FILES[i].example, EXAMPLE_SCHOOL, setup->school);
        bool good = text == NULL ? setup_refuse(setup, path) : setup_write(setup, path, text, 0644);
        free(text);
        if (!good)
            return false;
    }
    return true;
}

/* Exactly the id between its quotes, on the line where the settings have it; the rest is the school's own text. */
static bool change_id(struct setup *setup, const char *path)
{
    char quoted[ID_BYTES + 2], *text = filebytes_text(path, SETUP_FILE_BYTES_MAX);
    snprintf(quoted, sizeof quoted, "\"%s\"", setup->known_school);
    char *at = text;
    for (int line = 1; at != NULL && line < setup->school_line; line++)
        at = strchr(at, '\n') == NULL ? NULL : strchr(at, '\n') + 1;
    char *id = at == NULL ? NULL : strstr(at, quoted);
    char *end = at == NULL ? NULL : strchr(at, '\n'), *changed = NULL;
    if (id == NULL || (end != NULL && id > end))
        snprintf(setup->why, sizeof setup->why, "%s:%d: change the school's id here by hand", path, setup->school_line);
    else if (asprintf(&changed, "%.*s\"%s\"%s", (int)(id - text), text, setup->school, id + strlen(quoted)) < 0)
        changed = NULL;
    bool good = changed != NULL && setup_write(setup, path, changed, 0644);
    free(changed);
    free(text);
    setup->touched |= SETUP_DAEMON;
    return good;
}

static bool settle_school(struct setup *setup)
{
    char path[PATH_MAX];
    return setup->known_school[0] == '\0' || strcmp(setup->known_school, setup->school) == 0 ||
           (setup_path(setup, "narvarod.cfg", path) && change_id(setup, path));
}

static bool make_token_key(struct setup *setup)
{
    uint8_t bytes[TOKEN_KEY_BYTES];
    char path[PATH_MAX], text[2 * TOKEN_KEY_BYTES + 2];
    if (!setup_path(setup, "token.key", path))
        return false;
    if (access(path, F_OK) == 0)
        return true;
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return setup_refuse(setup, "getrandom");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    memcpy(text + 2 * sizeof bytes, "\n", 2);
    bool good = setup_write(setup, path, text, 0600) && give_to(setup, path, setup->key_owner, (gid_t)-1);
    explicit_bzero(text, sizeof text);
    explicit_bzero(bytes, sizeof bytes);
    return good;
}

/* What is there says which school this is, and for which names its certificate holds. */
static bool learn(struct setup *setup)
{
    char path[PATH_MAX];
    if (!setup_path(setup, "narvarod.cfg", path) ||
        (access(path, F_OK) == 0 && !brokerfiles_school(path, setup->known_school, &setup->school_line, setup->why)))
        return false;
    if (setup->school == NULL)
        setup->school = setup->known_school;
    if (!wire_id_valid(setup->school)) {
        snprintf(setup->why, sizeof setup->why, "%s: the school's id, [a-z0-9-], at most %d characters",
                 setup->school[0] == '\0' ? "--school is needed" : setup->school, ID_CHARS_MAX);
        return false;
    }
    return find_accounts(setup) && setup_learn_authority(setup);
}

/* What runs takes it up; what does not will when it starts. */
static bool take_up(const struct setup *setup)
{
    static const struct {
        unsigned concerns;
        const char *verb, *unit;
    } SERVICES[] = {{SETUP_BROKER, "try-restart", SERVICES_BROKER},
                    {SETUP_DAEMON, "try-restart", SERVICES_DAEMON},
                    {SETUP_WEB_FRONT, "try-reload-or-restart", SERVICES_FRONT}};
    bool good = true;
    for (size_t i = 0; i < sizeof SERVICES / sizeof *SERVICES; i++) {
        if (!(setup->touched & SERVICES[i].concerns))
            continue;
        if (!services_are_there())
            printf("%s must be started anew\n", SERVICES[i].unit);
        else
            good = services_ask("narvaro setup", SERVICES[i].verb, SERVICES[i].unit, "") && good;
    }
    return good;
}

static int go_wrong(struct setup *setup)
{
    setup_close(setup);
    return command_failed("narvaro setup", setup->why);
}

static int run(struct setup *setup)
{
    bool good = learn(setup) && make_folders(setup) && give_examples(setup) && settle_school(setup) &&
                make_token_key(setup) && setup_broker(setup) && setup_front_certificate(setup) &&
                setup_front_site(setup);
    if (!good)
        return go_wrong(setup);
    setup_close(setup);
    printf("The school is %s; terminals and browsers reach this machine as %s.\n", setup->school, setup->hosts[0]);
    if (!setup->dry_run && !take_up(setup))
        return COMMAND_FAILED;
    return command_printed();
}

static void take_host(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct setup *setup = into;
    (void)row;
    if (setup->host_count == AUTHORITY_HOSTS_MAX)
        argp_error(state, "at most %d hosts", AUTHORITY_HOSTS_MAX);
    setup->hosts[setup->host_count++] = word;
}

int command_setup(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_TEXT, "school", 0, "ID", "The school's id: [a-z0-9-], at most 32 (the one of before)",
         .offset = offsetof(struct setup, school)},
        {OPTION_TAKEN, "host", 0, "HOST",
         "A name or address by which terminals and browsers reach this machine; may be given several times, the first "
         "is told to terminals (those of before)",
         .take = take_host},
        {OPTION_FLAG, "dry-run", 'n', NULL, "Tell what would be done, and do nothing",
         .offset = offsetof(struct setup, dry_run)},
        {OPTION_TEXT, "etc", 0, "DIR", "The folder of settings and keys (" SETUP_ETC ")",
         .offset = offsetof(struct setup, etc)},
        {OPTION_TEXT, "front", 0, "FILE", "nginx's file for the dashboard (" SETUP_FRONT ")",
         .offset = offsetof(struct setup, front)},
        {OPTION_TEXT, "group", 0, "NAME", "Who may read the broker's folder (narvaro-broker)",
         .offset = offsetof(struct setup, group)},
        {OPTION_TEXT, "user", 0, "NAME", "Who runs narvarod, and owns the token key (narvaro)",
         .offset = offsetof(struct setup, user)},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .args_doc = "",
        .doc =
            "Makes this machine the school's: settings, the key of card tokens, the school's own authority, the "
            "broker's "
            "certificate and access list, and the dashboard's certificate and site, all from the school's id and this "
            "machine's names. It may be run again whenever one of them changes: it does only what differs, makes "
            "certificates anew that end within 90 days, and has the services take it up. "
            "The id stays as it is once a terminal belongs to the school.",
    };
    static struct setup setup;
    setup = (struct setup){.etc = SETUP_ETC,
                           .front = SETUP_FRONT,
                           .user = "narvaro",
                           .group = "narvaro-broker",
                           .authority = {.lock = -1}};
    options_read(argc, argv, &OPTIONS, &setup);
    return run(&setup);
}
