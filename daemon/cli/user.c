/* narvaro user: who has access to the dashboard. A password is asked for without echo, or read from standard
 * input; never from the command line, where everybody on the machine could see it. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

#define PASSWORD_BYTES 256

/* The actions on users: the command that each becomes, and the words that it needs. */
static const struct action {
    const char *word, *command, *told;
    bool needs_user, is_new, needs_password;
} ACTIONS[] = {
    {"add", "user_add", "added", true, true, true},
    {"list", "user_list", NULL, false, false, false},
    {"disable", "user_disable", "may not sign in any more", true, false, false},
    {"enable", "user_enable", "may sign in again", true, false, false},
    {"reset", "user_reset", "has a new password", true, false, true},
    {"totp-reset", "user_totp_reset", "signs in without a one-time code until a new one is set up", true, false, false},
};

struct user_words {
    const struct action *what;
    const char *socket_path, *action, *user, *name, *role;
    bool password_from_stdin;
    json_t *named_for; /* array of pupil ids */
};

static void name_pupil(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct user_words *words = into;
    if (json_array_append_new(words->named_for, json_string(word)) != 0)
        argp_error(state, "--%s must be UTF-8 text", row->name);
}

static void check(void *into, const struct argp_state *state)
{
    struct user_words *words = into;
    for (size_t i = 0; words->action != NULL && i < sizeof ACTIONS / sizeof *ACTIONS; i++)
        if (strcmp(words->action, ACTIONS[i].word) == 0)
            words->what = &ACTIONS[i];
    if (words->what == NULL)
        argp_error(state, "say what to do: add, list, disable, enable, reset or totp-reset");
    else if (words->what->is_new && (words->user == NULL || words->name == NULL || words->role == NULL))
        argp_error(state, "USER, --name and --role are needed");
    else if (words->what->needs_user != (words->user != NULL))
        argp_error(state, words->what->needs_user ? "USER is needed" : "too many words");
}

/* One line without its line feed. False at the end of input, or when it is too long. */
static bool read_line(char out[PASSWORD_BYTES])
{
    if (fgets(out, PASSWORD_BYTES, stdin) == NULL)
        return false;
    size_t length = strcspn(out, "\n");
    bool whole = out[length] == '\n' || feof(stdin);
    out[length] = '\0';
    return whole;
}

static bool prompt(const char *words, char out[PASSWORD_BYTES])
{
    struct termios as_found, quiet;
    bool is_terminal = tcgetattr(STDIN_FILENO, &as_found) == 0;
    fprintf(stderr, "%s: ", words);
    if (is_terminal) {
        quiet = as_found;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool got = read_line(out);
    if (is_terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_found);
    fprintf(stderr, "\n");
    return got;
}

static bool get_password(bool from_stdin, char out[PASSWORD_BYTES])
{
    if (from_stdin) {
        if (read_line(out))
            return true;
        fprintf(stderr, "narvaro user: no password on standard input, or longer than %d bytes\n", PASSWORD_BYTES - 2);
        return false;
    }
    char again[PASSWORD_BYTES];
    bool same = prompt("Password", out) && prompt("Once more", again) && strcmp(out, again) == 0;
    explicit_bzero(again, sizeof again);
    if (!same)
        fprintf(stderr, "narvaro user: the two are not the same; nothing was changed\n");
    return same;
}

static json_t *make_request(struct user_words *words, const char *password)
{
    const char *command = words->what->command;
    if (words->what->is_new)
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "do", command, "user", words->user, "name", words->name,
                         "role", words->role, "password", password, "named_for", words->named_for);
    json_decref(words->named_for);
    if (words->what->needs_password)
        return json_pack("{s:s, s:s, s:s}", "do", command, "user", words->user, "password", password);
    return words->user != NULL ? json_pack("{s:s, s:s}", "do", command, "user", words->user)
                               : json_pack("{s:s}", "do", command);
}

static void print_users(const json_t *users)
{
    size_t i;
    json_t *user;
    json_array_foreach(users, i, user) {
        printf("%-20s %-8s %-4s %-8s %s\n", json_string_value(json_object_get(user, "user")),
               json_string_value(json_object_get(user, "role")),
               json_is_true(json_object_get(user, "totp")) ? "code" : "-",
               json_is_true(json_object_get(user, "disabled")) ? "disabled" : "-",
               json_string_value(json_object_get(user, "name")));
    }
}

int command_user(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct user_words, action)},
        {OPTION_WORD, .offset = offsetof(struct user_words, user)},
        {OPTION_TEXT, "name", 0, "NAME", "The person's name, as colleagues know it",
         .offset = offsetof(struct user_words, name)},
        {OPTION_TEXT, "role", 0, "ROLE", "eht, rektor, mentor, teacher, it or dpo; decides what may be seen",
         .offset = offsetof(struct user_words, role)},
        {OPTION_TAKEN, "named-for", 0, "PUPIL",
         "A pupil with protected identity whom this user may see; may be given several times", .take = name_pupil},
        {OPTION_FLAG, "password-stdin", 0, NULL, "Take the password from the first line of standard input",
         .offset = offsetof(struct user_words, password_from_stdin)},
        OPTION_ADMIN_SOCKET("socket", 's', offsetof(struct user_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "add|disable|enable|reset|totp-reset USER\nlist",
        .doc = "Says who may use the dashboard: adds a user, gives a new password, takes a one-time code away.",
    };
    struct user_words words = {.socket_path = ASK_ADMIN_SOCKET, .named_for = json_array()};
    options_read(argc, argv, &OPTIONS, &words);

    char password[PASSWORD_BYTES] = "";
    if (words.what->needs_password && !get_password(words.password_from_stdin, password)) {
        explicit_bzero(password, sizeof password);
        return COMMAND_FAILED;
    }
    json_t *request = make_request(&words, password);
    explicit_bzero(password, sizeof password);
    if (request == NULL) {
        fprintf(stderr, "narvaro user: the words must be UTF-8 text\n");
        return COMMAND_FAILED;
    }
    json_t *answer = ask(words.socket_path, request, NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    if (words.what->told != NULL)
        printf("user %s %s\n", words.user, words.what->told);
    else
        print_users(json_object_get(answer, "users"));
    json_decref(answer);
    return COMMAND_OK;
}
