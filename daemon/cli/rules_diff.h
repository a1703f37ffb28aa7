/* What differs between two sets of rules, rule by rule, in the words of rules files. */
#ifndef DAEMON_CLI_RULES_DIFF_H
#define DAEMON_CLI_RULES_DIFF_H

#include <stdio.h>
#include "daemon/core/detect/rules.h"

void rules_diff_print(const struct rules *old, const struct rules *new, FILE *out);

#endif
