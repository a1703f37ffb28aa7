/* The parts of `narvaro backup`, for its own files. */
#ifndef DAEMON_CLI_BACKUP_H
#define DAEMON_CLI_BACKUP_H

#include "daemon/cli/backup_manifest.h"
#include "daemon/cli/sealed.h"

#define BACKUP_KEEP          14
#define BACKUP_KEEP_MAX      366
#define BACKUP_PUBLIC_KEY    "backup.pub"
#define BACKUP_SEALED_ENDING ".sealed"
#define BACKUP_PLAIN_ENDING  ".tar.gz"

struct backup_words {
    const char *action, *file, *to, *to_key, *key, *out, *settings, *work;
    int keep;
};

/* The action without a word: makes a backup, looks at what was written, throws the oldest away. Returns the exit status. */
int backup_make(const struct backup_words *words);
#endif
