/* What a school calls the columns of its files, for an import: what the daemon has kept, over it the table that comes with the
 * request ("columns", columnnames.h), over that what a person chose beside the files:
 *
 *   "names":   {"pupils.csv":{"pupil_id":"elev_id", "class":""}, …}   "" takes a name away
 *
 * A commit keeps what was chosen. And what the headers of the files have, for an answer, of files in which it is not all as in
 * docs/school-files.md:
 *
 *   "headers": [{"file":"pupils.csv", "header":["elev_id", "klass"],
 *                "columns":[{"column":"pupil_id", "required":true, "is":"elev_id" or "", "meant":"elev_id" or ""}, …]}, …] */
#ifndef DAEMON_IMPORT_NAMES_H
#define DAEMON_IMPORT_NAMES_H

#include <jansson.h>
#include "daemon/core/school/columnnames.h"
#include "daemon/store/store.h"

/* Adds what is wrong with the request to the problems. */
void import_names_read(struct columnnames *names, struct store *store, const json_t *request,
                       struct problems *problems);
/* In the open transaction. False: no memory. */
bool import_names_keep(struct store *store, const json_t *request);
/* The list above; the caller's. */
json_t *import_names_told(const struct schoolfiles *files);

#endif
