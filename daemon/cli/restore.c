/* narvaro restore: everything is unpacked and looked through beside what is there, before any of that is touched. Then the programs
 * are stopped, names are changed by a list that survives us (restore_plan.h), and the programs are started. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "common/dbfile.h"
#include "daemon/cli/backup_file.h"
#include "daemon/cli/backup_work.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/restore_plan.h"
#include "daemon/cli/restore_services.h"
#include "daemon/cli/restore_stage.h"

#define HEADS "/var/log/narvaro-audit-heads"

struct restore_words {
    const char *file, *key, *resume, *settings, *work;
    bool dry_run, older;
};

static int failed(const char *why)
{
    fprintf(stderr, "narvaro: nothing was restored, all is as it was: %s\n", why);
    return COMMAND_FAILED;
}

/* What came after the backup would be gone: a person must say that this is meant. */
static bool is_meant(const struct restore_words *words, const struct restore_stage *stage, char *why)
{
    for (int which = 0; which < BACKUP_DATABASES; which++) {
        char here[CIVIL_UTC_BYTES], there[CIVIL_UTC_BYTES];
        int64_t latest_ms = 0, backup_ms = backup_manifest_latest_ms(stage->manifest, (enum backup_database)which);
        const char *path = stage->places.path[which];
        if (words->older || access(path, F_OK) != 0 ||
            !backup_database_latest((enum backup_database)which, path, &latest_ms) || latest_ms <= backup_ms)
            continue;
        civil_write_utc(latest_ms, here);
        civil_write_utc(backup_ms, there);
        snprintf(why, BACKUP_WHY_BYTES,
                 "the backup is older than what is there: %s goes on to %s, the backup's ends at %s. If what came "
                 "after that is "
                 "to go, say --older",
                 path, here, there);
        return false;
    }
    return true;
}

static bool is_closed(const struct restore_stage *stage, char *why)
{
    for (int which = 0; which < BACKUP_DATABASES; which++) {
        const char *path = stage->places.path[which];
        char list[PATH_MAX + 16];
        pid_t holder = dbfile_holder(path);
        snprintf(list, sizeof list, "%s" DBFILE_RESTORING, path);
        if (holder != 0)
            snprintf(why, BACKUP_WHY_BYTES, "process %ld has %s open: stop it first", (long)holder, path);
        else if (access(list, F_OK) == 0)
            snprintf(why, BACKUP_WHY_BYTES, "another restore was cut off; finish it first: narvaro restore --resume %s",
                     list);
        else
            continue;
        return false;
    }
    return true;
}

/* What is left to a person. */
static void print_rest(bool started)
{
    if (!started)
        printf(
            "Start narvaro-broker anew, then narvarod and narvaro-web; terminals send again what they still hold.\n");
    printf(
        "What was done after the backup is not in it: terminals that were added or revoked since, passwords, cards.\n");
    if (access(HEADS, F_OK) == 0)
        printf("The log's heads in " HEADS " go on after the backup: move that file away, with a note of who restored "
               "what and when.\n");
}

static int start_again(bool services)
{
    if (services && !restore_services_start()) {
        fprintf(stderr, "narvaro: restored, but not everything started: journalctl -u narvarod -u narvaro-web -u "
                        "narvaro-broker says why\n");
        return COMMAND_FAILED;
    }
    print_rest(services);
    return command_printed();
}

static int carry_out(const json_t *plan, bool services, bool resumed)
{
    static char why[BACKUP_WHY_BYTES];
    if (services && !restore_services_stop())
        return failed("the services cannot be stopped");
    enum restored restored = restore_plan_do(plan, why);
    if (restored == RESTORE_NOTHING && !resumed) {
        restore_plan_drop(plan);
        if (services)
            restore_services_start();
        return failed(why);
    }
    if (restored != RESTORED) {
        fprintf(
            stderr,
            "narvaro: the restore is not finished: %s\nMend that, then: narvaro restore --resume %s" DBFILE_RESTORING
            "\n",
            why, json_string_value(json_array_get(json_object_get(plan, "databases"), 0)));
        return COMMAND_FAILED;
    }
    printf("restored\n");
    return start_again(services);
}

static int put_in_place(const struct restore_stage *stage, bool services)
{
    static char why[BACKUP_WHY_BYTES];
    json_t *plan = restore_stage_plan(stage, why);
    if (plan == NULL) {
        restore_stage_remove(stage);
        return failed(why);
    }
    printf("what was there is kept as %s, beside each\n", stage->stamp);
    fflush(stdout);
    int status = carry_out(plan, services, false);
    json_decref(plan);
    return status;
}

static void name_stamp(struct restore_stage *stage)
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(stage->stamp, sizeof stage->stamp, "replaced-%Y%m%dT%H%M%S", &utc);
}

static int restore(const struct restore_words *words, struct restore_stage *stage)
{
    static char why[BACKUP_WHY_BYTES];
    static struct backup_manifest manifest;
    bool services = restore_services_are_ours(words->settings) && !words->dry_run;
    json_t *json = backup_file_manifest(words->file, stage->opener, why);
    stage->file = words->file;
    stage->manifest = &manifest;
    name_stamp(stage);
    bool good = json != NULL && backup_manifest_read(&manifest, json, why) &&
                restore_stage_places(stage, words->settings, why) && (services || is_closed(stage, why)) &&
                is_meant(words, stage, why) && restore_stage_prepare(stage, why);
    if (good)
        backup_manifest_print(&manifest);
    int status = COMMAND_FAILED;
    if (good && words->dry_run) {
        restore_stage_remove(stage);
        printf("whole, and would be put in place; nothing was changed\n");
        status = command_printed();
    } else
        status = good ? put_in_place(stage, services) : failed(why);
    backup_manifest_free(&manifest);
    return status;
}

static int resume(const struct restore_words *words)
{
    static char why[BACKUP_WHY_BYTES];
    json_t *plan = restore_plan_read(words->resume, why);
    if (plan == NULL)
        return failed(why);
    int status = carry_out(plan, restore_services_are_ours(words->settings), true);
    json_decref(plan);
    return status;
}

static int run(const struct restore_words *words)
{
    static char why[BACKUP_WHY_BYTES];
    static struct restore_stage stage;
    struct sealed_opener opener = {0};
    struct backup_work work;
    umask(0077);
    if (!backup_work_begin(&work, words->work, why))
        return failed(why);
    int status = COMMAND_FAILED;
    if (words->resume != NULL)
        status = resume(words);
    else if (words->key != NULL && !sealed_read_key(words->key, opener.key, why))
        status = failed(why);
    else {
        stage.opener = words->key != NULL ? &opener : NULL;
        status = restore(words, &stage);
    }
    sealed_wipe(&opener, sizeof opener);
    backup_work_end(&work);
    return status;
}

static void check(void *into, const struct argp_state *state)
{
    const struct restore_words *words = into;
    if ((words->file == NULL) == (words->resume == NULL))
        argp_error(state, "say which FILE, or --resume FILE");
}

int command_restore(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct restore_words, file)},
        {OPTION_TEXT, "key", 0, "FILE", "The private key, of a sealed backup",
         .offset = offsetof(struct restore_words, key)},
        {OPTION_FLAG, "dry-run", 0, NULL, "Unpack and check everything, change nothing",
         .offset = offsetof(struct restore_words, dry_run)},
        {OPTION_FLAG, "older", 0, NULL, "What came after the backup is to go",
         .offset = offsetof(struct restore_words, older)},
        {OPTION_TEXT, "resume", 0, "FILE",
         "Finish a restore that was cut off: the file that a program or this command named",
         .offset = offsetof(struct restore_words, resume)},
        {OPTION_TEXT, "settings", 0, "FOLDER", "The folder of the settings (" BACKUP_SETTINGS_FOLDER ")",
         .offset = offsetof(struct restore_words, settings)},
        {OPTION_TEXT, "work", 0, "FOLDER", "Where backups and restores take turns (" BACKUP_FOLDER ")",
         .offset = offsetof(struct restore_words, work)},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "FILE [--key FILE]\n--resume FILE",
        .doc = "Puts a backup back: both databases, the audit log's key and the settings' folder. All of it is "
               "unpacked and looked "
               "through beside what is there first; then the programs are stopped, what is there is moved aside, the "
               "backup is "
               "put in its place, and the programs are started. Whatever is wrong with the backup, or does not fit "
               "this machine, "
               "is refused before anything is touched.",
    };
    struct restore_words words = {.settings = BACKUP_SETTINGS_FOLDER, .work = BACKUP_FOLDER};
    options_read(argc, argv, &OPTIONS, &words);
    if (!sealed_start())
        return failed("libsodium cannot be used");
    return run(&words);
}
