/* narvaro-terminal-update: installs a signed program into the terminal's slots, and decides at each start which one
 * runs. It is not in a slot itself, so that no update can break what undoes updates. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "common/log.h"
#include "firmware/terminal/slots.h"

#define FOLDER  "/var/lib/narvaro-program"
#define FACTORY NARVARO_PREFIX "/bin/narvaro-terminal"
#define MARKS   "/var/lib/narvaro-terminal/cache"
#define KEY     "/etc/narvaro/update.pub"

struct arguments {
    const char *folder, *factory, *marks, *key, *install;
    bool choose, older;
};

static const struct argp_option OPTIONS[] = {
    {"install", 'i', "FILE", 0, "Check the signed program in FILE and put it on trial from the next start on", 0},
    {"older", 'o', NULL, 0, "With --install: also when it is older than what runs", 0},
    {"choose", 'c', NULL, 0, "Before each start of the terminal: count a start of the trial, end it, or go back", 0},
    {"folder", 'f', "DIR", 0, "The slots (" FOLDER ")", 1},
    {"factory", 'p', "FILE", 0, "The program that came with the system (" FACTORY ")", 1},
    {"marks", 'm', "DIR", 0, "Where the program confirms that it works: its cache_folder (" MARKS ")", 1},
    {"key", 'k', "FILE", 0, "The public key that updates are signed with, PEM (" KEY ")", 1},
    {0}};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'i':
        arguments->install = value;
        return 0;
    case 'o':
        arguments->older = true;
        return 0;
    case 'c':
        arguments->choose = true;
        return 0;
    case 'f':
        arguments->folder = value;
        return 0;
    case 'p':
        arguments->factory = value;
        return 0;
    case 'm':
        arguments->marks = value;
        return 0;
    case 'k':
        arguments->key = value;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument '%s': everything is given by options", value);
        return 0;
    case ARGP_KEY_END:
        if ((arguments->install != NULL && arguments->choose) || (arguments->older && arguments->install == NULL))
            argp_error(state, "either --install FILE [--older], or --choose, or neither");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The whole file, to be freed by the caller; ends the program when it cannot be read. O_NONBLOCK: a FIFO is refused,
 * not waited for. */
static char *read_file(const char *path, size_t *length)
{
    char *bytes = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || !filebytes_read(fd, PACKAGE_BYTES_MAX, &bytes, length))
        log_fatal("cannot be read file=%s reason=%s", path,
                  errno == EFBIG ? "larger than a program may be" : strerror(errno));
    close(fd);
    return bytes;
}

/* The version that runs now: `current`, or the factory program while no slot was ever used. */
static struct package look_at_current(const struct arguments *arguments)
{
    char path[PATH_MAX], why[PACKAGE_WHY_BYTES];
    struct package running;
    size_t length;
    snprintf(path, sizeof path, "%s/current", arguments->folder);
    char *bytes = read_file(access(path, F_OK) == 0 ? path : arguments->factory, &length);
    if (!package_look(bytes, length, &running, why)) {
        if (!arguments->older)
            log_fatal("the running version is not known, --older installs nevertheless reason=%s", why);
        running = (struct package){0};
    }
    free(bytes);
    return running;
}

/* The architecture, and no older version unless --older was given: a signed but outdated program is how an attacker
 * would bring back a mended fault. */
static void require_fitting(const struct arguments *arguments, const struct package *package)
{
    char offered[PACKAGE_VERSION_BYTES], runs[PACKAGE_VERSION_BYTES];
    if (strcmp(package->architecture, package_architecture_here()) != 0)
        log_fatal("not installed: the program is for another machine architecture=%s here=%s", package->architecture,
                  package_architecture_here());
    struct package running = look_at_current(arguments);
    package_version_text(package, offered);
    package_version_text(&running, runs);
    if (package_compare(package, &running) < 0 && !arguments->older)
        log_fatal("not installed: older than what runs, --older installs nevertheless version=%s runs=%s", offered,
                  runs);
}

/* Everything is checked before anything is written: the signature first, since nothing else in the file can be
 * trusted. */
static int install(const struct arguments *arguments, struct slots *slots)
{
    struct package package;
    char why[PACKAGE_WHY_BYTES], version[PACKAGE_VERSION_BYTES], nonce[SLOTS_NONCE_BYTES];
    uint64_t number;
    size_t length;
    char *bytes = read_file(arguments->install, &length);
    if (!package_check(bytes, length, arguments->key, &package, why))
        log_fatal("not installed: %s file=%s", why, arguments->install);
    require_fitting(arguments, &package);
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        log_fatal("no random number for a trial reason=%s", strerror(errno));
    snprintf(nonce, sizeof nonce, "%016" PRIx64, number);
    package_version_text(&package, version);
    if (!slots_install(slots, arguments->factory, arguments->marks, bytes, length, version, nonce))
        log_fatal("not installed folder=%s reason=%s", arguments->folder,
                  errno == EBUSY || errno == EWOULDBLOCK
                      ? "another update is under way or on trial: restart the terminal, let it pass"
                      : strerror(errno));
    free(bytes);
    log_info("installed, to be tried at the next start of the terminal version=%s", version);
    return 0;
}

/* Its status is 1 only when the folder could not be written; the unit starts the terminal in any case. */
static int choose(const struct arguments *arguments, struct slots *slots)
{
    struct slots_trial trial;
    switch (slots_choose(slots, arguments->factory, arguments->marks, &trial)) {
    case SLOTS_KEPT:
        return 0;
    case SLOTS_TRIED:
        log_info("update on trial version=%s starts_left=%d", trial.version, trial.starts_left);
        return 0;
    case SLOTS_CONFIRMED:
        log_info("update stays version=%s", trial.version);
        return 0;
    case SLOTS_WENT_BACK:
        log_warn("update given up, the program before it runs again version=%s starts=%d", trial.version, SLOTS_STARTS);
        return 0;
    case SLOTS_DROPPED:
        log_warn("update was cut short and is dropped: install it again version=%s", trial.version);
        return 0;
    case SLOTS_FAILED:
        break;
    }
    log_warn("nothing could be decided folder=%s reason=%s", arguments->folder, strerror(errno));
    return 1;
}

static int show(const struct arguments *arguments, const struct slots *slots)
{
    char slot[PATH_MAX], version[PACKAGE_VERSION_BYTES], failed[PACKAGE_VERSION_BYTES];
    struct slots_trial trial;
    struct package running = look_at_current(arguments);
    package_version_text(&running, version);
    slots_text(slots, "current", slot, sizeof slot);
    slots_text(slots, "failed", failed, sizeof failed);
    printf("version %s from %s\n", version, slot[0] ? slot : arguments->factory);
    if (!slots_trial(slots, &trial))
        log_fatal("cannot be read folder=%s reason=%s", arguments->folder, strerror(errno));
    if (trial.nonce[0])
        printf("version %s is on trial%s, %d starts left\n", trial.version,
               slots_confirmed(arguments->marks, trial.nonce) ? " and has passed" : "", trial.starts_left);
    if (failed[0])
        printf("version %s was given up\n", failed);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct argp ARGP = {.options = OPTIONS,
                                     .parser = parse_option,
                                     .doc = "Updates the terminal's program, and goes back when the new one does not "
                                            "work. Without options: shows which version runs."};
    argp_program_version = "narvaro-terminal-update " NARVARO_VERSION;
    struct arguments arguments = {.folder = FOLDER, .factory = FACTORY, .marks = MARKS, .key = KEY};
    struct slots slots;
    argp_parse(&ARGP, argc, argv, 0, NULL, &arguments);
    log_open("narvaro-terminal-update", LOG_INFO);
    umask(0022); /* the terminal's user must be able to read and run what is here */
    if (mkdir(arguments.folder, 0755) == 0)
        log_info("new folder of programs folder=%s", arguments.folder);
    if (!slots_open(&slots, arguments.folder))
        log_fatal("folder of programs cannot be opened folder=%s reason=%s", arguments.folder, strerror(errno));
    int status = arguments.install != NULL ? install(&arguments, &slots)
                 : arguments.choose        ? choose(&arguments, &slots)
                                           : show(&arguments, &slots);
    slots_close(&slots);
    return status;
}
