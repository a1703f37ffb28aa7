/* narvaro terminal: the school's authority, and the terminals that it has certified. Run by root on the school's
 * machine, since only root may read the authority's key. */
#include "daemon/cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

#define PORT 8883

static const struct action {
    const char *word;
    int (*run)(const struct terminal_words *words);
    bool needs_terminal, needs_room_and_csr, needs_reason, needs_host;
} ACTIONS[] = {
    {"ca", terminal_ca, false, false, false, true},       {"add", terminal_add, true, true, false, false},
    {"renew", terminal_renew, true, false, false, false}, {"revoke", terminal_revoke, true, false, true, false},
    {"list", terminal_list, false, false, false, false},  {"distrust", terminal_distrust, true, false, false, false},
};

struct command_line {
    struct terminal_words words;
    const char *word;
    const struct action *action;
};

static void take_host(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct terminal_words *words = &((struct command_line *)into)->words;
    (void)row;
    if (words->host_count == AUTHORITY_HOSTS_MAX)
        argp_error(state, "at most %d hosts", AUTHORITY_HOSTS_MAX);
    words->hosts[words->host_count++] = word;
}

/* argp_error ends the program, so the first mistake is the one that is told. */
static void check(void *into, const struct argp_state *state)
{
    struct command_line *line = into;
    const struct terminal_words *words = &line->words;
    for (size_t i = 0; line->word != NULL && i < sizeof ACTIONS / sizeof *ACTIONS; i++)
        if (strcmp(line->word, ACTIONS[i].word) == 0)
            line->action = &ACTIONS[i];
    const struct action *action = line->action;
    if (action == NULL)
        argp_error(state, "say what to do: ca, add, renew, revoke, distrust or list");
    else if (action->needs_terminal != (words->terminal != NULL))
        argp_error(state, action->needs_terminal ? "say which terminal" : "too many words: %s", words->terminal);
    else if (action->needs_room_and_csr && (words->room == NULL || words->csr == NULL))
        argp_error(state, "--room and --csr are needed; narvaro-terminal --enrol makes the request");
    else if (action->needs_reason && (words->reason == NULL || words->reason[0] == '\0'))
        argp_error(state, "--reason is needed");
    else if (action->run == terminal_distrust && words->undo == (words->since != NULL))
        argp_error(state, "distrust needs either --since or --undo");
    else if (action->run == terminal_distrust && !words->undo && (words->reason == NULL || words->reason[0] == '\0'))
        argp_error(state, "--reason is needed");
    else if (action->needs_host && words->host_count == 0)
        argp_error(state, "--host is needed: the name or address by which terminals reach the broker");
}

int command_terminal(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct command_line, word)},
        {OPTION_WORD, .offset = offsetof(struct command_line, words.terminal)},
        {OPTION_TEXT, "room", 0, "ROOM",
         "add: where it hangs, as the school's data calls it; renew: too, when the database was lost",
         .offset = offsetof(struct command_line, words.room)},
        {OPTION_TEXT, "csr", 0, "FILE",
         "add, renew: its request, as narvaro-terminal --enrol printed it; - reads standard input",
         .offset = offsetof(struct command_line, words.csr)},
        {OPTION_TEXT, "out", 0, "FILE", "add, renew: where the answer goes (ID.bundle)",
         .offset = offsetof(struct command_line, words.out)},
        {OPTION_FLAG, "dry-run", 0, NULL, "add, renew: check everything, change nothing",
         .offset = offsetof(struct command_line, words.dry_run)},
        {OPTION_NUMBER, "days", 0, "DAYS", "add, renew: how long the certificate holds (1096)",
         .offset = offsetof(struct command_line, words.days), .least = 1, .most = AUTHORITY_DAYS_MAX},
        {OPTION_TEXT, "since", 0, "TIME",
         "distrust: from this date or time on its word does not count (2026-10-01, 2026-10-01T14:30:00Z)",
         .offset = offsetof(struct command_line, words.since)},
        {OPTION_FLAG, "undo", 0, NULL, "distrust: its word counts again",
         .offset = offsetof(struct command_line, words.undo)},
        {OPTION_TEXT, "author", 0, "NAME", "distrust: who decided (you)",
         .offset = offsetof(struct command_line, words.author)},
        {OPTION_TEXT, "reason", 0, "TEXT", "revoke, distrust: why, for whoever asks later",
         .offset = offsetof(struct command_line, words.reason)},
        {OPTION_TAKEN, "host", 0, "HOST",
         "ca: a name or address by which terminals reach the broker; may be given several times, the first is told to "
         "them",
         .take = take_host},
        {OPTION_NUMBER, "port", 0, "PORT", "add, renew: the broker's port (8883)",
         .offset = offsetof(struct command_line, words.port), .least = 1, .most = 65535},
        {OPTION_TEXT, "authority", 0, "DIR", "The authority's folder (" AUTHORITY_FOLDER ")",
         .offset = offsetof(struct command_line, words.authority)},
        {OPTION_TEXT, "broker", 0, "DIR", "The broker's folder (" AUTHORITY_BROKER ")",
         .offset = offsetof(struct command_line, words.broker)},
        {OPTION_TEXT, "config", 'c', "FILE",
         "ca: the settings of narvarod, which say the school's id (/etc/narvaro/narvarod.cfg)",
         .offset = offsetof(struct command_line, words.config)},
        {OPTION_TEXT, "token-key", 0, "FILE", "The school's token key (/etc/narvaro/token.key)",
         .offset = offsetof(struct command_line, words.token_key)},
        {OPTION_TEXT, "update-key", 0, "FILE",
         "Who may sign programs for terminals, told to them if it is there (/etc/narvaro/update.pub)",
         .offset = offsetof(struct command_line, words.update_key)},
        OPTION_CONTROL_SOCKET(offsetof(struct command_line, words.socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "ca --host HOST\nadd ID --room ROOM --csr FILE\nrenew ID\nrevoke ID --reason TEXT\ndistrust ID "
                    "--since TIME --reason TEXT\ndistrust ID --undo\nlist",
        .doc = "Says which terminals belong to the school. `ca' makes the school's own authority, the broker's "
               "certificate and its access list for the school's id; "
               "`add' answers a new terminal's request with a bundle, for narvaro-terminal --install; `renew' gives a "
               "certificate "
               "that ends later, or with --csr one for a new key; `revoke' shuts a terminal out at once and for good; "
               "`distrust' "
               "takes its word back from a time on, what has come already too, until --undo.",
    };
    struct command_line line = {.words = {.authority = AUTHORITY_FOLDER,
                                          .broker = AUTHORITY_BROKER,
                                          .config = "/etc/narvaro/narvarod.cfg",
                                          .socket_path = ASK_CONTROL_SOCKET,
                                          .token_key = "/etc/narvaro/token.key",
                                          .update_key = "/etc/narvaro/update.pub",
                                          .port = PORT,
                                          .days = AUTHORITY_DAYS}};
    options_read(argc, argv, &OPTIONS, &line);
    return line.action->run(&line.words);
}
