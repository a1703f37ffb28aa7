/* narvaro terminal: the school's authority, and which terminals have its word. Run on the school's machine by root, who alone
 * may read the authority's key. */
#include "daemon/cli/terminal.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"

#define PORT 8883

enum {
    KEY_ROOM = 256,
    KEY_CSR,
    KEY_REASON,
    KEY_OUT,
    KEY_AUTHORITY,
    KEY_BROKER,
    KEY_TOKEN_KEY,
    KEY_UPDATE_KEY,
    KEY_HOST,
    KEY_PORT,
    KEY_DAYS,
    KEY_DRY
};

static const struct action {
    const char *word;
    int (*run)(const struct terminal_words *words);
    bool needs_terminal, needs_room_and_csr, needs_reason, needs_host;
} ACTIONS[] = {
    {"ca", terminal_ca, false, false, false, true},       {"add", terminal_add, true, true, false, false},
    {"renew", terminal_renew, true, false, false, false}, {"revoke", terminal_revoke, true, false, true, false},
    {"list", terminal_list, false, false, false, false},
};

struct command_line {
    struct terminal_words words;
    const char *word;
    const struct action *action;
};

static void take_host(struct terminal_words *words, const char *word, struct argp_state *state)
{
    if (words->host_count == AUTHORITY_HOSTS_MAX)
        argp_error(state, "at most %d hosts", AUTHORITY_HOSTS_MAX);
    words->hosts[words->host_count++] = word;
}

static void require_words(const struct command_line *line, struct argp_state *state)
{
    const struct terminal_words *words = &line->words;
    const struct action *action = line->action;
    if (action == NULL)
        argp_error(state, "say what to do: ca, add, renew, revoke or list");
    else if (action->needs_terminal != (words->terminal != NULL))
        argp_error(state, action->needs_terminal ? "say which terminal" : "too many words: %s", words->terminal);
    else if (action->needs_room_and_csr && (words->room == NULL || words->csr == NULL))
        argp_error(state, "--room and --csr are needed; narvaro-terminal --enrol makes the request");
    else if (action->needs_reason && (words->reason == NULL || words->reason[0] == '\0'))
        argp_error(state, "--reason is needed");
    else if (action->needs_host && words->host_count == 0)
        argp_error(state, "--host is needed: the name or address by which terminals reach the broker");
}

static void take_word(struct command_line *line, const char *word, struct argp_state *state)
{
    if (line->word != NULL && line->words.terminal != NULL)
        argp_error(state, "too many words: %s", word);
    if (line->word != NULL) {
        line->words.terminal = word;
        return;
    }
    line->word = word;
    for (size_t i = 0; i < sizeof ACTIONS / sizeof *ACTIONS; i++)
        if (strcmp(word, ACTIONS[i].word) == 0)
            line->action = &ACTIONS[i];
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct command_line *line = state->input;
    struct terminal_words *words = &line->words;
    switch (key) {
    case 's':
        words->socket_path = word;
        return 0;
    case KEY_ROOM:
        words->room = word;
        return 0;
    case KEY_CSR:
        words->csr = word;
        return 0;
    case KEY_REASON:
        words->reason = word;
        return 0;
    case KEY_OUT:
        words->out = word;
        return 0;
    case KEY_AUTHORITY:
        words->authority = word;
        return 0;
    case KEY_BROKER:
        words->broker = word;
        return 0;
    case KEY_TOKEN_KEY:
        words->token_key = word;
        return 0;
    case KEY_UPDATE_KEY:
        words->update_key = word;
        return 0;
    case KEY_HOST:
        take_host(words, word, state);
        return 0;
    case KEY_PORT:
        words->port = command_number(state, "port", word, 1, 65535);
        return 0;
    case KEY_DAYS:
        words->days = command_number(state, "days", word, 1, AUTHORITY_DAYS_MAX);
        return 0;
    case KEY_DRY:
        words->dry_run = true;
        return 0;
    case ARGP_KEY_ARG:
        take_word(line, word, state);
        return 0;
    case ARGP_KEY_END:
        require_words(line, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int command_terminal(int argc, char **argv)
{
    static const struct argp_option OPTIONS[] = {
        {.name = "room", .key = KEY_ROOM, .arg = "ROOM", .doc = "add: where it hangs, as the school's data calls it"},
        {.name = "csr",
         .key = KEY_CSR,
         .arg = "FILE",
         .doc = "add, renew: its request, as narvaro-terminal --enrol printed it; - reads standard input"},
        {.name = "out", .key = KEY_OUT, .arg = "FILE", .doc = "add, renew: where the answer goes (ID.bundle)"},
        {.name = "dry-run", .key = KEY_DRY, .doc = "add, renew: check everything, change nothing"},
        {.name = "days", .key = KEY_DAYS, .arg = "DAYS", .doc = "add, renew: how long the certificate holds (1096)"},
        {.name = "reason", .key = KEY_REASON, .arg = "TEXT", .doc = "revoke: why, for whoever asks later"},
        {.name = "host",
         .key = KEY_HOST,
         .arg = "HOST",
         .doc = "ca: a name or address by which terminals reach the broker; may be given several times, the first is "
                "told to them"},
        {.name = "port", .key = KEY_PORT, .arg = "PORT", .doc = "add, renew: the broker's port (8883)"},
        {.name = "authority",
         .key = KEY_AUTHORITY,
         .arg = "DIR",
         .doc = "The authority's folder (" AUTHORITY_FOLDER ")"},
        {.name = "broker", .key = KEY_BROKER, .arg = "DIR", .doc = "The broker's folder (" AUTHORITY_BROKER ")"},
        {.name = "token-key",
         .key = KEY_TOKEN_KEY,
         .arg = "FILE",
         .doc = "The school's token key (/etc/narvaro/token.key)"},
        {.name = "update-key",
         .key = KEY_UPDATE_KEY,
         .arg = "FILE",
         .doc = "Who may sign programs for terminals, told to them if it is there (/etc/narvaro/update.pub)"},
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The daemon's control socket (" ASK_CONTROL_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {
        .options = OPTIONS,
        .parser = parse,
        .args_doc = "ca --host HOST\nadd ID --room ROOM --csr FILE\nrenew ID\nrevoke ID --reason TEXT\nlist",
        .doc = "Says which terminals belong to the school. `ca' makes the school's own authority and the broker's "
               "certificate; "
               "`add' answers a new terminal's request with a bundle, for narvaro-terminal --install; `renew' gives a "
               "certificate "
               "that ends later, or with --csr one for a new key; `revoke' shuts a terminal out at once and for good.",
    };
    struct command_line line = {.words = {.authority = AUTHORITY_FOLDER,
                                          .broker = AUTHORITY_BROKER,
                                          .socket_path = ASK_CONTROL_SOCKET,
                                          .token_key = "/etc/narvaro/token.key",
                                          .update_key = "/etc/narvaro/update.pub",
                                          .port = PORT,
                                          .days = AUTHORITY_DAYS}};
    argp_parse(&ARGP, argc, argv, 0, NULL, &line);
    return line.action->run(&line.words);
}
