/* narvaro terminal add, renew: from a terminal's request to the bundle that it installs. Everything is checked, with the
 * daemon too, before anything is written; what fails later is taken back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "common/bundle.h"
#include "common/civil.h"
#include "common/filebytes.h"
#include "common/keyfile.h"
#include "common/newfile.h"
#include "daemon/cli/ask.h"
#include "daemon/cli/authority_issue.h"
#include "daemon/cli/command.h"
#include "daemon/cli/services.h"
#include "daemon/cli/terminal.h"
#include "common/token.h"

struct adding {
    const struct terminal_words *words;
    struct authority authority;
    struct issue issue;
    json_t *told;     /* the daemon's answer */
    char *update_key; /* NULL: this school has none */
    char token_key[2 * TOKEN_KEY_BYTES + 2], out[PATH_MAX], why[AUTHORITY_WHY_BYTES];
};

static bool refuse(struct adding *adding, const char *what)
{
    snprintf(adding->why, sizeof adding->why, "%s: %s", adding->words->terminal, what);
    return false;
}

static bool read_token_key(struct adding *adding)
{
    static struct problems problems;
    uint8_t key[TOKEN_KEY_BYTES];
    if (!keyfile_read(adding->words->token_key, key, sizeof key, &problems)) {
        snprintf(adding->why, sizeof adding->why, "%s", problems.lines[0]);
        return false;
    }
    for (size_t i = 0; i < sizeof key; i++)
        snprintf(adding->token_key + 2 * i, 4, "%02x\n", key[i]);
    explicit_bzero(key, sizeof key);
    return true;
}

static bool read_update_key(struct adding *adding)
{
    adding->update_key = filebytes_text(adding->words->update_key, BUNDLE_BYTES_MAX);
    if (adding->update_key != NULL || errno == ENOENT)
        return true;
    snprintf(adding->why, sizeof adding->why, "%s: %s", adding->words->update_key, strerror(errno));
    return false;
}

static bool may_have_first(struct adding *adding)
{
    const struct issued *latest = authority_latest(&adding->authority, adding->words->terminal);
    if (latest == NULL)
        return true;
    return refuse(adding, latest->revoked_ms != 0
                              ? "it was revoked, and a revoked name does not come back: give the terminal another one"
                              : "it has a certificate already; for a later end, a new key, or when the database was "
                                "lost: narvaro terminal renew");
}

static bool may_have_next(struct adding *adding)
{
    const struct issued *latest = authority_latest(&adding->authority, adding->words->terminal);
    if (latest == NULL)
        return refuse(adding, "it never had a certificate: narvaro terminal add");
    return latest->revoked_ms == 0 ||
           refuse(adding, "it was revoked, and a revoked name does not come back: give the terminal another one");
}

static bool tell_daemon(struct adding *adding, bool dry_run)
{
    char to[CIVIL_UTC_BYTES];
    civil_write_utc(adding->issue.to_ms, to);
    json_t *request = json_pack("{s:s, s:s, s:s, s:b}", "do", "terminal_add", "terminal", adding->words->terminal,
                                "certificate_to", to, "dry_run", dry_run);
    if (adding->words->room != NULL && request != NULL)
        json_object_set_new(request, "room", json_string(adding->words->room));
    json_decref(adding->told);
    adding->told = ask(adding->words->socket_path, request, NULL, 0);
    adding->why[0] = '\0'; /* ask has said it */
    return adding->told != NULL;
}

static const char *told_text(const struct adding *adding, const char *key)
{
    return json_string_value(json_object_get(adding->told, key));
}

static char *make_bundle(const struct adding *adding)
{
    const struct issued *broker = authority_server(&adding->authority, ISSUED_BROKER);
    char *sealed = authority_seal(&adding->issue, adding->token_key), *own = authority_text(&adding->authority);
    struct bundle bundle = {.school = told_text(adding, "school"),
                            .terminal = adding->words->terminal,
                            .room = told_text(adding, "room"),
                            .host = broker->name,
                            .port = adding->words->port,
                            .certificate = adding->issue.certificate,
                            .authority = own,
                            .token_key = sealed,
                            .update_key = adding->update_key};
    char *text = sealed == NULL || own == NULL ? NULL : bundle_write(&bundle);
    free(sealed);
    free(own);
    return text;
}

static bool write_bundle(struct adding *adding)
{
    char *text = make_bundle(adding);
    bool good = text != NULL && newfile_create(adding->out, text, strlen(text), 0644);
    if (!good)
        snprintf(adding->why, sizeof adding->why, "%s: %s", adding->out,
                 text == NULL      ? "out of memory"
                 : errno == EEXIST ? "is there already; move it away first"
                                   : strerror(errno));
    free(text);
    return good;
}

/* Register, bundle, daemon; the terminal's other key, if it had one, ends last. */
static bool carry_out(struct adding *adding)
{
    if (!authority_keep(&adding->authority, &adding->issue, adding->why))
        return false;
    if (!write_bundle(adding)) {
        authority_forget(&adding->authority, &adding->issue);
        return false;
    }
    if (tell_daemon(adding, false))
        return true;
    unlink(adding->out);
    authority_forget(&adding->authority, &adding->issue);
    return false;
}

static bool end_older_key(struct adding *adding)
{
    const struct terminal_words *words = adding->words;
    if (words->csr == NULL || adding->issue.same_key || authority_latest(&adding->authority, words->terminal) == NULL)
        return true;
    if (authority_revoke(&adding->authority, words->terminal, adding->issue.serial, adding->why) &&
        authority_publish(&adding->authority, words->broker, adding->why)) {
        printf("Its older key no longer opens the broker, which starts anew.\n");
        return services_ask("narvaro terminal", "restart", SERVICES_BROKER, ", until then open sessions go on");
    }
    return false;
}

static bool prepare(struct adding *adding, bool (*may)(struct adding *))
{
    const struct terminal_words *words = adding->words;
    const char *out = words->out;
    int length = out != NULL ? snprintf(adding->out, sizeof adding->out, "%s", out)
                             : snprintf(adding->out, sizeof adding->out, "%s.bundle", words->terminal);
    if (length >= PATH_MAX)
        return refuse(adding, "--out is too long");
    if (!authority_open(&adding->authority, words->authority, adding->why) || !may(adding) || !read_token_key(adding) ||
        !read_update_key(adding))
        return false;
    if (authority_server(&adding->authority, ISSUED_BROKER) == NULL)
        return refuse(adding, "the broker has no certificate yet: narvaro terminal ca --host HOST");
    return authority_issue(&adding->authority, words->terminal, words->csr, words->days, &adding->issue, adding->why) &&
           tell_daemon(adding, true);
}

static void print_done(const struct adding *adding)
{
    char ends[CIVIL_UTC_BYTES];
    civil_write_utc(adding->issue.to_ms, ends);
    printf("Terminal %s, room %s: its certificate holds until %.10s.\n", adding->words->terminal,
           told_text(adding, "room"), ends);
    if (adding->words->dry_run)
        printf("A dry run: nothing was changed.\n");
    else
        printf("Carry %s to the terminal (it holds no secret in the clear), and there: sudo narvaro-terminal --install "
               "%s\n",
               adding->out, adding->out);
}

static int work(const struct terminal_words *words, bool (*may)(struct adding *))
{
    static struct adding adding;
    adding = (struct adding){.words = words, .authority = {.lock = -1}};
    bool good = prepare(&adding, may) && (words->dry_run || carry_out(&adding));
    if (good)
        print_done(&adding);
    if (good && !words->dry_run)
        good = end_older_key(&adding);
    if (!good && adding.why[0] != '\0')
        command_failed("narvaro terminal", adding.why);
    explicit_bzero(adding.token_key, sizeof adding.token_key);
    json_decref(adding.told);
    free(adding.update_key);
    issue_free(&adding.issue);
    authority_close(&adding.authority);
    return good ? command_printed() : COMMAND_FAILED;
}

int terminal_add(const struct terminal_words *words)
{
    return work(words, may_have_first);
}

int terminal_renew(const struct terminal_words *words)
{
    return work(words, may_have_next);
}
