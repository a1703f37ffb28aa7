/* A school comes in: the files handed over with an import request are read, checked against themselves and what is known,
 * and applied to the store, all or nothing. A dry run does the same and is rolled back by the caller, so what it tells is
 * what a commit would do.
 *
 *   request  {"do":"import", "commit":true, "files":["pupils.csv", …]}    names in the order of the descriptors, and any of
 *            "as_of":"2026-11-03"                       from when changes without a date are so; otherwise today
 *            "correct":true                             what differs was never true
 *            "any_date":true                            dates far from today are no errors
 *            "logged":true                              whoever asks writes it into the audit log (acts.h)
 *            "replace":["lessons"], "from":…, "to":…    lessons, members, absences: the file has all of these dates
 *            "columns":{"name":…, "text":…}             what the school calls its columns (columnnames.h)
 *            "names":{…}                                the same, chosen beside the files (import_names.h)
 *            "other_files":["Lessons.csv", …]           that lie beside them
 *            "progress":true                            {"progress":"taking the roll of 2026-09-01"} come before the answer
 *   answer   {"ok":true, "committed":true, "files":[{"file":"pupils.csv","rows":n,"new":n,"changed":n,"unchanged":n,
 *            "not_in_file":n}, …], "changes":[…], "unmet":[…], "headers":[…]}
 *            (import_told.h, import_names.h)
 *        or  {"ok":false, "errors":["pupils.csv:3: from: …", …], "headers":[…]} */
#ifndef DAEMON_IMPORT_H
#define DAEMON_IMPORT_H

#include <jansson.h>
#include "daemon/dayset.h"
#include "daemon/store/store.h"
#include "common/token.h"

/* Inside a transaction that the caller opens, and commits when `*commit` is set, else rolls back. Then dates whose roll
 * call must be run again have been added to `touched`. The answer is the caller's; NULL when there is no memory. A store
 * that failed meanwhile says so itself (store_failed). */
json_t *import_run(struct store *store, const json_t *request, const int *fds, size_t fd_count,
                   const uint8_t token_key[TOKEN_KEY_BYTES], int64_t now_ms, struct dayset *touched, bool *commit);

#endif
