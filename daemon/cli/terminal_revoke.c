/* narvaro terminal revoke: three measures, the quickest first. The daemon ignores the terminal, the revocation list
 * refuses its key, and restarting the broker ends its open session. The list is written even when the daemon cannot
 * be reached, and the command may be repeated. */
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/services.h"
#include "daemon/cli/terminal.h"

static bool tell_daemon(const struct terminal_words *words)
{
    json_t *answer =
        ask(words->socket_path,
            json_pack("{s:s, s:s, s:s}", "do", "terminal_revoke", "terminal", words->terminal, "why", words->reason),
            NULL, 0);
    if (answer == NULL)
        return false;
    printf("The daemon believes nothing more of %s%s.\n", words->terminal,
           json_is_true(json_object_get(answer, "revoked_before")) ? " (nor did it before)" : "");
    json_decref(answer);
    return true;
}

static bool put_on_list(struct authority *authority, const struct terminal_words *words, char why[AUTHORITY_WHY_BYTES])
{
    if (!authority_revoke(authority, words->terminal, NULL, why) || !authority_publish(authority, words->broker, why)) {
        command_failed("narvaro terminal", why);
        return false;
    }
    printf("Its certificates are on the list.\n");
    return true;
}

/* The broker is restarted only with the new list; the command succeeds when all three measures did. */
int terminal_revoke(const struct terminal_words *words)
{
    char why[AUTHORITY_WHY_BYTES];
    struct authority authority;
    if (!authority_open(&authority, words->authority, why))
        return command_failed("narvaro terminal", why);
    bool known = authority_latest(&authority, words->terminal) != NULL;
    if (!known) {
        authority_close(&authority);
        snprintf(why, sizeof why, "%s never had a certificate of this authority; see narvaro terminal list",
                 words->terminal);
        return command_failed("narvaro terminal", why);
    }
    bool told = tell_daemon(words), listed = put_on_list(&authority, words, why);
    authority_close(&authority);
    bool cut =
        listed && services_ask("narvaro terminal", "restart", SERVICES_BROKER, ", until then open sessions go on");
    if (cut)
        printf("The broker started anew: its session has ended. The other terminals come back by themselves and lose "
               "nothing.\n");
    if (!told || !cut)
        fprintf(stderr,
                "narvaro terminal: not all of it was done; repeat the command when the reason above is mended\n");
    return told && cut ? command_printed() : COMMAND_FAILED;
}
