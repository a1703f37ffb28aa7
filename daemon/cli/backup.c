/* narvaro backup: makes a backup (backup_make.c), its pair of keys, and looks at one that was made. */
#include "daemon/cli/backup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/newfile.h"
#include "daemon/cli/backup_file.h"
#include "daemon/cli/backup_work.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

#define HEX_BYTES (2 * SEALED_KEY_BYTES + 2) /* with the line's end and the text's */

static int failed(const char *why)
{
    fprintf(stderr, "narvaro: %s\n", why);
    return COMMAND_FAILED;
}

static bool write_key(const char *folder, const char *name, const uint8_t key[SEALED_KEY_BYTES], mode_t mode)
{
    char path[PATH_MAX], hex[HEX_BYTES];
    for (size_t i = 0; i < SEALED_KEY_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", key[i]);
    strcat(hex, "\n");
    bool good =
        snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MAX && newfile_create(path, hex, strlen(hex), mode);
    if (!good)
        fprintf(stderr, "narvaro: %s/%s: %s\n", folder, name, strerror(errno));
    sealed_wipe(hex, sizeof hex);
    return good;
}

/* The public half first: a private one alone would look like a pair that was used. */
static int make_keys(const struct backup_words *words)
{
    struct sealed_keys keys;
    if (mkdir(words->out, 0700) != 0 && errno != EEXIST)
        return failed(strerror(errno));
    sealed_make_keys(&keys);
    bool good = write_key(words->out, BACKUP_PUBLIC_KEY, keys.public_key, 0644) &&
                write_key(words->out, "backup.key", keys.private_key, 0600);
    sealed_wipe(&keys, sizeof keys);
    if (!good)
        return COMMAND_FAILED;
    printf("%s/backup.pub seals backups: copy it to " BACKUP_SETTINGS_FOLDER "/backup.pub.\n"
           "%s/backup.key opens them. Take it away from this machine now, onto two media in two safes, and remove it "
           "here:\n"
           "whoever has it and a backup can read all of it, and without it no backup can be opened by anybody.\n",
           words->out, words->out);
    return command_printed();
}

/* Reads the file twice, as a restore does: for the manifest, then for all that is in it. */
static bool open_into(const struct backup_words *words, const struct sealed_opener *opener, const char *folder,
                      char why[BACKUP_WHY_BYTES])
{
    static struct backup_places unpacked;
    static const char *const ALL[] = {NULL};
    struct backup_manifest manifest = {0};
    backup_places_in(folder, &unpacked);
    json_t *json = backup_file_manifest(words->file, opener, why);
    bool good = json != NULL && backup_manifest_read(&manifest, json, why) &&
                backup_file_unpack(words->file, opener, folder, ALL, why) &&
                backup_manifest_holds(&manifest, &unpacked, why);
    if (good)
        backup_manifest_print(&manifest);
    backup_manifest_free(&manifest);
    return good;
}

static int look_at(const struct backup_words *words)
{
    static char why[BACKUP_WHY_BYTES];
    struct sealed_opener opener = {0};
    struct backup_work work = {.lock = -1};
    bool check = words->out == NULL;
    umask(0077);
    bool good = words->key == NULL || sealed_read_key(words->key, opener.key, why);
    if (good && check)
        good = backup_work_begin(&work, words->work, why);
    else if (good && mkdir(words->out, 0700) != 0) {
        snprintf(why, sizeof why, "%s: %s", words->out, strerror(errno));
        good = false;
    }
    good = good && open_into(words, words->key != NULL ? &opener : NULL, check ? work.folder : words->out, why);
    sealed_wipe(&opener, sizeof opener);
    backup_work_end(&work);
    if (!good)
        return failed(why);
    printf(check ? "whole\n" : "whole, and unpacked into %s\n", words->out);
    return command_printed();
}

static void check(void *into, const struct argp_state *state)
{
    const struct backup_words *words = into;
    const char *action = words->action;
    bool is_key = action != NULL && strcmp(action, "key") == 0,
         is_check = action != NULL && strcmp(action, "check") == 0,
         is_open = action != NULL && strcmp(action, "open") == 0;
    if (action != NULL && !is_key && !is_check && !is_open)
        argp_error(state, "nothing to make a backup, or: key, check FILE, open FILE");
    else if ((is_check || is_open) && words->file == NULL)
        argp_error(state, "say which FILE");
    else if (!is_check && !is_open && words->file != NULL)
        argp_error(state, "too many words: %s", words->file);
    else if ((is_key || is_open) != (words->out != NULL))
        argp_error(state, "--out FOLDER is needed by `key' and `open', and by no other");
}

int command_backup(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct backup_words, action)},
        {OPTION_WORD, .offset = offsetof(struct backup_words, file)},
        {OPTION_TEXT, "to", 0, "FOLDER", "Where backups go (" BACKUP_FOLDER ")",
         .offset = offsetof(struct backup_words, to)},
        {OPTION_TEXT, "to-key", 0, "FILE",
         "The public key that they are sealed to (" BACKUP_PUBLIC_KEY " of the settings, if it is there)",
         .offset = offsetof(struct backup_words, to_key)},
        {OPTION_NUMBER, "keep", 0, "N", "How many stay in the folder; the oldest are thrown away (14)",
         .offset = offsetof(struct backup_words, keep), .least = 1, .most = BACKUP_KEEP_MAX},
        {OPTION_TEXT, "key", 0, "FILE", "check, open: the private key", .offset = offsetof(struct backup_words, key)},
        {OPTION_TEXT, "out", 0, "FOLDER", "key: where the pair of keys goes; open: the new folder to unpack into",
         .offset = offsetof(struct backup_words, out)},
        {OPTION_TEXT, "settings", 0, "FOLDER", "The folder of the settings (" BACKUP_SETTINGS_FOLDER ")",
         .offset = offsetof(struct backup_words, settings)},
        {OPTION_TEXT, "work", 0, "FOLDER",
         "Where copies lie in clear meanwhile, so on this machine's own disk (" BACKUP_FOLDER ")",
         .offset = offsetof(struct backup_words, work)},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "\nkey --out FOLDER\ncheck FILE [--key FILE]\nopen FILE [--key FILE] --out FOLDER",
        .doc =
            "Puts both databases, the audit log's key and all of the settings' folder, keys and authority too, into "
            "one "
            "file, while the programs work; reads that file again and looks through what is in it before it counts as "
            "made. It is sealed to a public key whose private half is kept elsewhere; one that is not sealed is "
            "refused "
            "while a pupil has protected identity. `key' makes the pair of keys. `check' tells what a backup holds and "
            "whether it is whole; `open' unpacks one, to be looked at. To put one back: narvaro restore.",
    };
    struct backup_words words = {
        .to = BACKUP_FOLDER, .settings = BACKUP_SETTINGS_FOLDER, .work = BACKUP_FOLDER, .keep = BACKUP_KEEP};
    options_read(argc, argv, &OPTIONS, &words);
    if (!sealed_start())
        return failed("libsodium cannot be used");
    if (words.action == NULL)
        return backup_make(&words);
    return strcmp(words.action, "key") == 0 ? make_keys(&words) : look_at(&words);
}
