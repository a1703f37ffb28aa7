/* narvaro rules: which versions of the rules there are, what they say, what differs, and a new one with who decided and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/rules_diff.h"
#include "daemon/cli/rulesfile.h"

struct rules_words {
    const char *socket_path, *action, *first, *second, *why, *author, *from;
};

static int apply(const struct rules_words *words)
{
    char *text = rulesfile_text_wanted(words->first);
    if (text == NULL)
        return COMMAND_FAILED;
    json_t *request = json_pack("{s:s, s:s, s:s, s:s}", "do", "rules_apply", "text", text, "author",
                                words->author == NULL ? command_own_name() : words->author, "why", words->why);
    if (request != NULL && words->from != NULL)
        json_object_set_new(request, "from", json_string(words->from));
    free(text);
    json_t *answer = ask(words->socket_path, request, NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf("version %lld of the rules applies\n", (long long)json_integer_value(json_object_get(answer, "version")));
    json_decref(answer);
    return COMMAND_OK;
}

static void print_version(const json_t *version)
{
    const char *approver = ask_text(version, "approver"), *from = ask_text(version, "from");
    bool first = strcmp(from, "1970-01-01") == 0; /* day 0, of the version that the daemon began with */
    printf("%4lld  from %-10s  %-8s  recorded %.16sZ by %s%s%s: %s\n",
           (long long)json_integer_value(json_object_get(version, "version")), first ? "the start" : from,
           json_is_true(json_object_get(version, "in_force")) ? "in force" : "", ask_text(version, "recorded_at"),
           ask_text(version, "author"), *approver != '\0' ? ", approved by " : "", approver, ask_text(version, "why"));
}

static int list(const struct rules_words *words)
{
    json_t *answer = ask(words->socket_path, json_pack("{s:s}", "do", "rules"), NULL, 0);
    const json_t *versions = json_object_get(answer, "versions"), *version;
    size_t i;
    if (answer == NULL)
        return COMMAND_FAILED;
    json_array_foreach(versions, i, version) {
        print_version(version);
    }
    json_decref(answer);
    return command_printed();
}

static bool is_version(const char *word)
{
    return word != NULL && *word != '\0' && word[strspn(word, "0123456789")] == '\0' && strlen(word) < 10;
}

/* The version of that number; the one in force when `word` is NULL. To be released; NULL after saying why not. */
static json_t *ask_version(const struct rules_words *words, const char *word)
{
    json_t *request = json_pack("{s:s}", "do", "rules_text");
    if (word != NULL)
        json_object_set_new(request, "version", json_integer(strtol(word, NULL, 10)));
    return ask(words->socket_path, request, NULL, 0);
}

static int show(const struct rules_words *words)
{
    json_t *answer = ask_version(words, words->first);
    if (answer == NULL)
        return COMMAND_FAILED;
    fputs(ask_text(answer, "text"), stdout);
    json_decref(answer);
    return command_printed();
}

/* A version, a file, or with NULL what is in force. */
static bool read_side(const struct rules_words *words, const char *word, struct rules *rules)
{
    static struct problems problems;
    if (word != NULL && !is_version(word)) {
        rulesfile_read(word, rules, &problems);
    } else {
        json_t *answer = ask_version(words, word);
        if (answer == NULL)
            return false;
        rules_read_text(word != NULL ? word : "in force", ask_text(answer, "text"), rules, &problems);
        json_decref(answer);
    }
    problems_print(&problems, stderr);
    return problems.count == 0;
}

static int diff(const struct rules_words *words)
{
    static struct rules old, new;
    bool against = words->second != NULL;
    if (!read_side(words, against ? words->first : NULL, &old) ||
        !read_side(words, against ? words->second : words->first, &new))
        return COMMAND_FAILED;
    rules_diff_print(&old, &new, stdout);
    return command_printed();
}

static const struct action {
    const char *word;
    int least, most; /* words after it */
    int (*run)(const struct rules_words *words);
} ACTIONS[] = {{"list", 0, 0, list}, {"show", 0, 1, show}, {"diff", 1, 2, diff}, {"apply", 1, 1, apply}};

static const struct action *action_of(const struct rules_words *words)
{
    for (size_t i = 0; words->action != NULL && i < sizeof ACTIONS / sizeof *ACTIONS; i++)
        if (strcmp(ACTIONS[i].word, words->action) == 0)
            return &ACTIONS[i];
    return NULL;
}

static void check(void *into, const struct argp_state *state)
{
    const struct rules_words *words = into;
    const struct action *action = action_of(words);
    int given = (words->first != NULL) + (words->second != NULL);
    if (action == NULL) {
        argp_error(state, "say what to do: list, show, diff or apply");
    } else if (given < action->least || given > action->most) {
        argp_error(state, "%s takes %s", action->word,
                   action->run == diff   ? "a file or version, or two"
                   : action->run == show ? "a version, or nothing for the one in force"
                   : action->run == list ? "no further word"
                                         : "FILE");
    } else if (action->run == show && words->first != NULL && !is_version(words->first)) {
        argp_error(state, "a version is a number: narvaro rules list shows them");
    } else if (action->run == apply && (words->why == NULL || words->why[0] == '\0')) {
        argp_error(state, "--why is needed: whoever reads it later must understand");
    }
}

int command_rules(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct rules_words, action)},
        {OPTION_WORD, .offset = offsetof(struct rules_words, first)},
        {OPTION_WORD, .offset = offsetof(struct rules_words, second)},
        {OPTION_TEXT, "why", 0, "TEXT", "apply: the reason, kept with the version",
         .offset = offsetof(struct rules_words, why)},
        {OPTION_TEXT, "author", 0, "NAME", "apply: who decided (you)", .offset = offsetof(struct rules_words, author)},
        {OPTION_TEXT, "from", 0, "DATE", "apply: the first date it applies to (today)",
         .offset = offsetof(struct rules_words, from)},
        OPTION_CONTROL_SOCKET(offsetof(struct rules_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "list\nshow [VERSION]\ndiff FILE|VERSION\ndiff OLD NEW\napply FILE",
        .doc =
            "The versions of the rules that the daemon has: list names them with who decided and why, show prints the "
            "file of one (of the one in force), diff tells rule by rule what differs from what is in force, or "
            "between two, each a version's number or a file. apply gives the daemon a new version; the old one is "
            "kept, and its flags end where rules change.",
    };
    struct rules_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    const struct action *action = action_of(&words);
    return action != NULL ? action->run(&words) : COMMAND_USAGE;
}
