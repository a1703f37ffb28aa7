/* The words of `narvaro terminal`, and what it can do: ca and broker in terminal_ca.c, add and renew in terminal_add.c, revoke
 * in terminal_revoke.c, distrust in terminal_distrust.c, list in terminal_list.c. Each answers with the command's exit status, after saying what went wrong. */
#ifndef DAEMON_CLI_TERMINAL_H
#define DAEMON_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include "daemon/cli/authority.h"

struct terminal_words {
    const char *terminal, *room, *csr, *reason, *out;
    const char *authority, *broker, *config, *socket_path, *token_key, *update_key;
    const char *hosts[AUTHORITY_HOSTS_MAX];
    size_t host_count;
    int port, days;
    const char *since, *author;
    bool dry_run, undo;
};

int terminal_ca(const struct terminal_words *words);
int terminal_add(const struct terminal_words *words);
int terminal_renew(const struct terminal_words *words);
int terminal_revoke(const struct terminal_words *words);
int terminal_distrust(const struct terminal_words *words);
int terminal_list(const struct terminal_words *words);

#endif
