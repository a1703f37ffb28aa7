/* The rules file of the settings. It counts only while the database has no rules: an edit of it that nobody applied is told. */
#ifndef DAEMON_FIRSTRULES_H
#define DAEMON_FIRSTRULES_H

#include <stdint.h>
#include "common/problems.h"

struct config;
struct store;

/* The file's text, checked, to be freed; NULL after adding what is wrong. */
char *firstrules_read(const char *path, struct problems *problems);

/* At start: warns when the file's `text` is not in force in `store` on `today`. */
void firstrules_compare(const struct config *config, const char *text, struct store *store, int32_t today);

/* While a daemon runs: asks it by the control socket of `config`, and says on standard error when `text` is not in force.
 * Silent when no daemon answers. */
void firstrules_ask(const struct config *config, const char *text);

#endif
