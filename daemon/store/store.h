/* The attendance database: the only writer. This file opens it, holds the one transaction and the prepared statements;
 * what is read and written is in store_*.h, by idea. Nothing outside daemon/store*.c knows SQLite.
 *
 * Failures are sticky: the first statement that fails is remembered, everything after it in the same transaction does
 * nothing (readers find no row), and store_commit says false. The caller then logs store_error and exits: what is
 * durable is the previous commit, and the terminals send the rest again. Nobody goes on with a store that failed.
 *
 * One writer, one thread. The VFS is named from outside, so that the simulation can own the disk. */
#ifndef DAEMON_STORE_H
#define DAEMON_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_WHY_BYTES            256
#define STORE_CACHE_KIB            2048 /* of pages; the daemon's memory is bounded */
#define STORE_CACHE_LARGE_KIB      65536 /* while a transaction rewrites a school year: its pupil-days, each written once */
#define STORE_CHECKPOINT_PAGES     1000 /* of WAL: worth a checkpoint when there is nothing else to do */
#define STORE_CHECKPOINT_PAGES_MAX 4000 /* … and now, busy or not: the WAL stays bounded */

struct dbfile;
struct store;

/* Opens or creates `path` (":memory:" is not durable), checks it, makes the schema or brings it to the newest version
 * (common/migrate.h), prepares every statement. `vfs` NULL for the system's. NULL with one sentence in `why`. */
struct store *store_open(const char *path, const char *vfs, char why[STORE_WHY_BYTES]);
/* dbfile_keep (common/dbfile.h) for the database that is open. */
bool store_keep(struct store *store, struct dbfile *file, char *why);
void store_close(struct store *store); /* leaves an empty WAL behind, unless a reader or the disk forbids it */

void store_begin(struct store *store); /* nothing when a transaction is open */
/* One that may rewrite a school year: until it ends more pages stay in memory, for a smaller cache would write and read each
 * of them again for every date. */
void store_begin_large(struct store *store);
bool store_commit(struct store *store);   /* true when there was none; false: log, exit */
void store_rollback(struct store *store); /* gives the transaction up; store_failed keeps its word */
bool store_in_transaction(const struct store *store);
bool store_failed(const struct store *store);
const char *store_error(const struct store *store); /* "" when nothing failed */

/* Reads all of it. False: `why` says what is wrong. */
bool store_is_sound(struct store *store, char why[STORE_WHY_BYTES]);

/* Moves the WAL into the database when it has grown: never inside a commit, called after the receipts are sent.
 * `idle`: nothing waits, so a small WAL is worth it too. */
void store_checkpoint(struct store *store, bool idle);
/* Something was erased: the WAL holds it still, so the coming checkpoints empty the WAL, until one did. The first one after
 * opening does it anyway, for a program that ended before. */
void store_erased(struct store *store);

#endif
