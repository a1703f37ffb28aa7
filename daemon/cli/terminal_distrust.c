/* narvaro terminal distrust: a terminal that was tampered with, or whose clock was wrong, is not taken at its word from a time
 * on. Nothing is deleted, and it goes on answering pupils. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/terminal.h"

/* A date is its first moment. False: neither a date nor a time. */
static bool read_since(const char *word, char utc[CIVIL_UTC_BYTES])
{
    int32_t day;
    int64_t at_ms;
    bool is_date = civil_read_date(word, strlen(word), &day);
    if (!is_date && !civil_read_utc(word, strlen(word), &at_ms))
        return false;
    civil_write_utc(is_date ? civil_to_utc_ms(day, 0) : at_ms, utc);
    return true;
}

int terminal_distrust(const struct terminal_words *words)
{
    char since[CIVIL_UTC_BYTES] = "";
    const char *author = words->author == NULL ? command_own_name() : words->author;
    if (!words->undo && !read_since(words->since, since))
        return command_failed("narvaro terminal",
                              "--since must be a date as 2026-10-01, or UTC as 2026-10-01T14:30:00Z");
    json_t *request = words->undo ? json_pack("{s:s, s:s, s:s}", "do", "terminal_trust", "terminal", words->terminal,
                                              "author", author)
                                  : json_pack("{s:s, s:s, s:s, s:s, s:s}", "do", "terminal_distrust", "terminal",
                                              words->terminal, "since", since, "author", author, "why", words->reason);
    json_t *answer = ask(words->socket_path, request, NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf(words->undo ? "What %s said since %s counts again.\n" : "Nothing that %s says counts from %s on.\n",
           words->terminal, ask_text(answer, "since"));
    json_decref(answer);
    return command_printed();
}
