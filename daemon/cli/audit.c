/* narvaro audit: the end of the dashboard's audit log, to be kept where the dashboard cannot write, and whether the log still
 * is what was written. The dashboard walks along it step by step, so that nobody waits; the kept heads are compared here. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

#define LINE_BYTES 256
#define AT_BYTES   32
#define MAC_BYTES  65 /* hexadecimal, with its end */
#define DIGITS     "0123456789"

struct audit_words {
    const char *socket_path, *action, *heads;
};

/* A row as `narvaro audit head` tells it. */
struct head {
    char at[AT_BYTES], mac[MAC_BYTES];
    int64_t sequence;
};

struct walk {
    const char *socket_path;
    int64_t first; /* the first row that there is; 0: not known yet */
    struct head last;
    int compared; /* kept heads that the log agrees with */
};

static void check(void *into, const struct argp_state *state)
{
    const struct audit_words *words = into;
    bool is_head = words->action != NULL && strcmp(words->action, "head") == 0;
    if (!is_head && (words->action == NULL || strcmp(words->action, "verify") != 0))
        argp_error(state, "say what to do: head or verify");
    if (is_head && words->heads != NULL)
        argp_error(state, "--heads belongs to verify");
}

static void print_head(const struct head *head)
{
    printf("%s %" PRId64 " %s\n", head->at, head->sequence, head->mac);
}

static void read_head(const json_t *answer, struct head *head)
{
    head->sequence = json_integer_value(json_object_get(answer, "sequence"));
    snprintf(head->at, sizeof head->at, "%s", ask_text(answer, "at"));
    snprintf(head->mac, sizeof head->mac, "%s", ask_text(answer, "mac"));
}

/* Is the log broken, or the whole file damaged? Each is told by its own sentence. */
static bool is_bad(const json_t *answer)
{
    const char *broken = json_string_value(json_object_get(answer, "broken"));
    const char *damaged = json_string_value(json_object_get(answer, "damaged"));
    if (broken != NULL)
        fprintf(stderr, "narvaro audit: the log was tampered with, or the wrong file was put back: %s\n", broken);
    if (damaged != NULL)
        fprintf(stderr, "narvaro audit: %s\n", damaged);
    return broken != NULL || damaged != NULL;
}

/* As far as row `to`, or the log's end. */
static int walk_to(struct walk *walk, int64_t to)
{
    for (bool more = true; more;) {
        json_t *answer =
            ask(walk->socket_path,
                json_pack("{s:s, s:I, s:I, s:s, s:I}", "do", "audit_walk", "first", (json_int_t)walk->first, "sequence",
                          (json_int_t)walk->last.sequence, "mac", walk->last.mac, "to", (json_int_t)to),
                NULL, 0);
        if (answer == NULL)
            return COMMAND_FAILED;
        if (is_bad(answer)) {
            json_decref(answer);
            return COMMAND_ATTENTION;
        }
        read_head(answer, &walk->last);
        walk->first = json_integer_value(json_object_get(answer, "first"));
        more = json_is_true(json_object_get(answer, "more"));
        json_decref(answer);
    }
    return COMMAND_OK;
}

/* The log must hold the kept row still, unless retention has erased it. */
static int compare(struct walk *walk, const struct head *kept)
{
    int status = walk_to(walk, kept->sequence);
    if (status != COMMAND_OK || kept->sequence < walk->first)
        return status;
    walk->compared++;
    if (walk->last.sequence == kept->sequence && strcmp(walk->last.mac, kept->mac) == 0)
        return COMMAND_OK;
    if (walk->last.sequence < kept->sequence)
        fprintf(stderr,
                "narvaro audit: the log ends with row %" PRId64 ", and on %s it ended with row %" PRId64
                ": its end was cut off, or an older file was put back\n",
                walk->last.sequence, kept->at, kept->sequence);
    else
        fprintf(stderr,
                "narvaro audit: row %" PRId64
                " is another than on %s, when the log ended with it: an older file was put back, "
                "or another one, and the log has gone on since\n",
                kept->sequence, kept->at);
    return COMMAND_ATTENTION;
}

static bool read_kept(const char *line, struct head *kept)
{
    size_t at = strcspn(line, " ");
    if (at == 0 || at >= sizeof kept->at || strspn(line + at, " ") != 1 || strspn(line + at + 1, DIGITS) == 0)
        return false;
    char *end;
    snprintf(kept->at, sizeof kept->at, "%.*s", (int)at, line);
    kept->sequence = strtoll(line + at + 1, &end, 10);
    if (*end != ' ' || strspn(end + 1, DIGITS "abcdef") != MAC_BYTES - 1)
        return false;
    snprintf(kept->mac, sizeof kept->mac, "%s", end + 1);
    return strcmp(end + MAC_BYTES, "\n") == 0;
}

/* Every line of the file, in its order: a head can only be higher than those before it. */
static int compare_all(struct walk *walk, FILE *file, const char *path)
{
    char line[LINE_BYTES];
    struct head kept = {0};
    int status = COMMAND_OK;
    for (int number = 1; status == COMMAND_OK && fgets(line, sizeof line, file) != NULL; number++) {
        int64_t before = kept.sequence;
        if (!read_kept(line, &kept)) {
            fprintf(stderr, "%s:%d: not a line of `narvaro audit head`: the time, the row's number and its MAC\n", path,
                    number);
            status = COMMAND_FAILED;
        } else if (kept.sequence < before) {
            fprintf(stderr,
                    "narvaro audit: %s:%d tells row %" PRId64 " after row %" PRId64 ": an older file was put back\n",
                    path, number, kept.sequence, before);
            status = COMMAND_ATTENTION;
        } else
            status = compare(walk, &kept);
    }
    if (ferror(file)) {
        perror(path);
        return COMMAND_FAILED;
    }
    return status;
}

static int compare_file(struct walk *walk, const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return COMMAND_FAILED;
    }
    int status = compare_all(walk, file, path);
    fclose(file);
    return status;
}

/* The head goes to standard output, to be kept; what is said of it, to standard error. */
static int verify(const struct audit_words *words)
{
    struct walk walk = {.socket_path = words->socket_path};
    memset(walk.last.mac, '0', MAC_BYTES - 1);
    int status = words->heads != NULL ? compare_file(&walk, words->heads) : COMMAND_OK;
    if (status == COMMAND_OK)
        status = walk_to(&walk, INT64_MAX);
    if (status != COMMAND_OK)
        return status;
    fprintf(stderr, "narvaro audit: the log is whole, rows %" PRId64 " to %" PRId64 "; ", walk.first,
            walk.last.sequence);
    if (words->heads != NULL)
        fprintf(stderr, "it agrees with %d kept heads\n", walk.compared);
    else
        fprintf(stderr, "whether its end was cut off before the dashboard started, only kept heads tell (--heads)\n");
    print_head(&walk.last);
    return command_printed();
}

static int head(const struct audit_words *words)
{
    struct head last;
    json_t *answer = ask(words->socket_path, json_pack("{s:s}", "do", "audit_head"), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    read_head(answer, &last);
    json_decref(answer);
    print_head(&last);
    return command_printed();
}

int command_audit(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct audit_words, action)},
        {OPTION_TEXT, "heads", 0, "FILE",
         "Of verify: lines that it or `head` printed earlier; the log must still agree",
         .offset = offsetof(struct audit_words, heads)},
        OPTION_ADMIN_SOCKET("socket", 's', offsetof(struct audit_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "head\nverify",
        .doc =
            "`head` prints when, the number and the MAC of the audit log's last row. `verify` goes through the log, "
            "row "
            "by row: a row that was changed or is missing, an end that was cut off or an older file that was put back "
            "is told with its number, or that the file is damaged, and the status is 3. A whole log's head goes to "
            "standard output; kept elsewhere, "
            "day by day, the heads tell later what the log alone cannot.",
    };
    struct audit_words words = {.socket_path = ASK_ADMIN_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    return strcmp(words.action, "head") == 0 ? head(&words) : verify(&words);
}
