/* Both halves end the process through log_fatal when something is wrong: everything is checked before the first file
 * is written, and of key, authority and certificate the certificate, with which the terminal can connect, is written
 * last. */
#include "firmware/terminal/enrol.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "common/log.h"
#include "common/newfile.h"
#include "common/startup.h"
#include "common/wire.h"
#include "firmware/terminal/identity.h"
#include "firmware/terminal/options.h"

#define SETTINGS_BYTES 16384

static struct options options; /* too large for the stack */

static void join_path(char out[PATH_MAX], const char *folder, const char *name)
{
    if (snprintf(out, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        log_fatal("path too long folder=%s", folder);
}

static void use_folder(const char *folder)
{
    char whole[PATH_MAX];
    if (realpath(folder, whole) == NULL)
        log_fatal("no folder for the terminal's files (install -d -m 700 -o narvaro-terminal -g narvaro-terminal %s) "
                  "reason=%s",
                  folder, strerror(errno));
    if (strpbrk(whole, "\"\\\n") != NULL)
        log_fatal("the folder has a name that settings cannot hold folder=%s", whole);
    join_path(options.broker.ca_file, whole, "ca.crt");
    join_path(options.broker.certificate_file, whole, "terminal.crt");
    join_path(options.broker.key_file, whole, "terminal.key");
    join_path(options.token_key_path, whole, "token.key");
    join_path(options.journal_path, whole, "journal");
    join_path(options.cache_dir, whole, "cache");
}

/* Fills in where the files are: from the settings when they exist (true), else from the folder (false). */
static bool find_paths(const char *settings_path, const char *folder)
{
    static struct problems problems;
    if (access(settings_path, F_OK) != 0) {
        use_folder(folder != NULL ? folder : ENROL_FOLDER);
        return false;
    }
    options_read(&options, settings_path, &problems);
    startup_require(&problems);
    if (options.broker.key_file[0] == '\0')
        log_fatal("settings have no broker.ca_file, certificate_file and key_file, which say where to put them file=%s",
                  settings_path);
    return true;
}

void enrol_request(const char *settings_path, const char *folder, const char *terminal)
{
    char why[IDENTITY_WHY_BYTES];
    bool made, configured = find_paths(settings_path, folder);
    if (!configured && terminal == NULL)
        log_fatal("no settings yet: say --terminal ID, too, or copy the example and set terminal settings=%s",
                  settings_path);
    if (configured && terminal != NULL && strcmp(terminal, options.terminal.terminal) != 0)
        log_fatal("the settings say terminal = \"%s\" settings=%s", options.terminal.terminal, settings_path);
    const char *id = configured ? options.terminal.terminal : terminal;
    if (!wire_id_valid(id) || strcmp(id, "daemon") == 0)
        log_fatal("a terminal's id must be 1 to %d of a-z, 0-9 and -, and not \"daemon\"", ID_CHARS_MAX);
    if (!identity_make_key(options.broker.key_file, &made, why))
        log_fatal("%s", why);
    char *request = identity_request(options.broker.key_file, id, why);
    if (request == NULL)
        log_fatal("%s", why);
    if (fputs(request, stdout) < 0 || fflush(stdout) != 0)
        log_fatal("the request cannot be written reason=%s", strerror(errno));
    free(request);
    fprintf(stderr,
            "%s %s; it never leaves this machine.\n"
            "The request that was printed is not secret. Carry it to the school's machine as %s.csr, and there:\n"
            "  sudo narvaro terminal add %s --room ROOM --csr %s.csr      (the first time)\n"
            "  sudo narvaro terminal renew %s --csr %s.csr                (when its key was lost)\n"
            "Carry the answer, %s.bundle, back here, and then:\n"
            "  sudo narvaro-terminal --install %s.bundle\n",
            made ? "Made the key" : "Used the key", options.broker.key_file, id, id, id, id, id, id, id);
}

/* Whether the file holds this key already. Another key is refused, because it would make every card unknown:
 * somebody must decide that. The same key is not rewritten, so that owner and mode stay what an administrator made
 * them. */
static bool has_token_key(const char *token_key)
{
    char *known = filebytes_text(options.token_key_path, strlen(token_key) + 2);
    if (known == NULL && errno != ENOENT)
        log_fatal("cannot be read file=%s reason=%s", options.token_key_path, strerror(errno));
    if (known == NULL)
        return false;
    if (strncmp(known, token_key, strcspn(token_key, "\n")) != 0)
        log_fatal("the school's token key is another than this terminal's; if that is right, move the old one away and "
                  "repeat file=%s",
                  options.token_key_path);
    free(known);
    return true;
}

static void require_same_names(const struct bundle *bundle)
{
    if (strcmp(options.terminal.terminal, bundle->terminal) != 0 ||
        strcmp(options.terminal.school, bundle->school) != 0)
        log_fatal("the bundle is for terminal \"%s\" of school \"%s\", the settings say \"%s\" of \"%s\"",
                  bundle->terminal, bundle->school, options.terminal.terminal, options.terminal.school);
    if (strcmp(options.broker.host, bundle->host) != 0 || options.broker.port != bundle->port)
        log_warn("the settings name another broker than the bundle settings=%s:%d bundle=%s:%d", options.broker.host,
                 options.broker.port, bundle->host, bundle->port);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    if (!newfile_replace(path, text, strlen(text), mode))
        log_fatal("cannot be written file=%s reason=%s", path, strerror(errno));
}

static void write_settings(const char *path, const struct bundle *bundle)
{
    static char text[SETTINGS_BYTES];
    int length = snprintf(text, sizeof text,
                          "// Written by narvaro-terminal --install. The installed example explains these keys, and "
                          "those that are not here.\n"
                          "school = \"%s\";\nterminal = \"%s\";\n"
                          "token_key_file = \"%s\";\n"
                          "journal_file = \"%s\";\ncache_folder = \"%s\";\n\n"
                          "broker = {\n  host = \"%s\";\n  port = %d;\n  ca_file = \"%s\";\n  certificate_file = "
                          "\"%s\";\n  key_file = \"%s\";\n};\n\n"
                          "// The serial line with the readers: one of /dev/serial/by-id.\n"
                          "bus = { device = \"/dev/serial/by-id/usb-rs485\"; };\n\n"
                          "// Their addresses on it.\n"
                          "readers = ( { address = 1; } );\n",
                          bundle->school, bundle->terminal, options.token_key_path, options.journal_path,
                          options.cache_dir, bundle->host, bundle->port, options.broker.ca_file,
                          options.broker.certificate_file, options.broker.key_file);
    if (length < 0 || (size_t)length >= sizeof text)
        log_fatal("the settings would be too long file=%s", path);
    write_file(path, text, 0644);
}

/* Written beside the settings, where narvaro-terminal-update looks for it. An existing key is never replaced: who
 * may update the program is decided at the first installation. */
static void keep_update_key(const char *settings_path, const char *key)
{
    char path[PATH_MAX];
    const char *slash = strrchr(settings_path, '/');
    int folder_length = slash == NULL ? 1 : (int)(slash - settings_path);
    if (snprintf(path, sizeof path, "%.*s/update.pub", folder_length, slash == NULL ? "." : settings_path) >= PATH_MAX)
        log_fatal("path too long settings=%s", settings_path);
    char *known = filebytes_text(path, BUNDLE_BYTES_MAX);
    if (known == NULL)
        write_file(path, key, 0644);
    else if (strcmp(known, key) != 0)
        log_warn("the key of updates is another than the bundle's; it was left as it is file=%s", path);
    free(known);
}

static void read_bundle(const char *path, struct bundle *bundle)
{
    const char *why = NULL;
    char *text = filebytes_text(path, BUNDLE_BYTES_MAX);
    if (text == NULL)
        log_fatal("the bundle cannot be read file=%s reason=%s", path, strerror(errno));
    if (!bundle_read(text, bundle, &why))
        log_fatal("%s: %s", path, why);
    free(text);
}

void enrol_install(const char *settings_path, const char *folder, const char *bundle_path)
{
    char why[IDENTITY_WHY_BYTES], print[IDENTITY_PRINT_BYTES];
    struct bundle bundle;
    bool configured = find_paths(settings_path, folder);
    read_bundle(bundle_path, &bundle);
    if (configured)
        require_same_names(&bundle);
    char *token_key = identity_accept(options.broker.key_file, &bundle, print, why);
    if (token_key == NULL)
        log_fatal("%s", why);
    if (!has_token_key(token_key))
        write_file(options.token_key_path, token_key, 0600);
    explicit_bzero(token_key, strlen(token_key));
    free(token_key);
    write_file(options.broker.ca_file, bundle.authority, 0644);
    write_file(options.broker.certificate_file, bundle.certificate, 0644);
    if (!configured)
        write_settings(settings_path, &bundle);
    if (bundle.update_key != NULL)
        keep_update_key(settings_path, bundle.update_key);
    printf("Terminal %s of %s may now report from room %s, to %s:%d.\n"
           "The school's authority, to compare with `narvaro terminal list': %s\n%s",
           bundle.terminal, bundle.school, bundle.room, bundle.host, bundle.port, print,
           configured ? "If it is running, it uses the new certificate from its next connection on.\n" : "");
    if (!configured)
        printf("Check bus.device and readers in %s, then: sudo systemctl enable --now narvaro-terminal\n",
               settings_path);
    bundle_free(&bundle);
}
