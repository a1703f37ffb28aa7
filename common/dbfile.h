/* The file of a database, before and beside SQLite: that one program writes it, and that it is the one that was here before.
 *
 * A database carries an identity, a random number in its header (PRAGMA application_id, bytes 68 to 71), which VACUUM and
 * whole copies keep. The same number stands beside it in NAME.id, written only when the header on disk has it. So before
 * SQLite opens the file, and replays a -wal onto it, one look at both tells a missing, an empty and a foreign file. NAME.id
 * is locked while the program runs (fcntl(2): the kernel knows the holder and frees the lock at its end, however it ends).
 *
 * A -wal that holds pages is refused beside a file that cannot be its own: one of another identity, or one in rollback mode,
 * as `VACUUM INTO` writes copies, for ours are in WAL mode from their first page on. Not noticed: a page-by-page copy of
 * this very database, put beside the -wal that a kill or a power cut left. After a clean stop the -wal is empty.
 *
 * For the writer only, one thread. Nobody may open or close the file by other means while SQLite has it open: that would
 * free SQLite's locks. */
#ifndef COMMON_DBFILE_H
#define COMMON_DBFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define DBFILE_WHY_BYTES   (2 * PATH_MAX + 256)
#define DBFILE_LOOK_MS     2000 /* between two looks at a file that is open */
#define DBFILE_GONE_STATUS 74   /* EX_IOERR of sysexits.h: the file was taken away while it was open */

/* What --help says of --new, by which a person says `take`. */
#define DBFILE_NEW_PURPOSE \
    "Use what is at the database's path from now on, although there is none or another one than before; then end"

struct sqlite3;

struct dbfile {
    char path[PATH_MAX];
    int side;       /* NAME.id, open and locked until the process ends */
    uint32_t known; /* the identity that NAME.id holds, 0: none yet */
    dev_t device;
    ino_t inode;
    int64_t looked_mono_ms;
};

/* Before SQLite opens `path`: takes the lock and looks at what is there. `take`: a missing, empty or foreign file is meant
 * to be the database from now on. False: it must not be opened, and *why says why and what to do. */
bool dbfile_claim(struct dbfile *file, const char *path, bool take, char why[DBFILE_WHY_BYTES]);
/* Once it is open and has its schema: gives it an identity if it has none, and notes that beside it. */
bool dbfile_keep(struct dbfile *file, struct sqlite3 *connection, char why[DBFILE_WHY_BYTES]);
/* False: the file that was opened is not at its path any more. Between two looks it says true. */
bool dbfile_is_there(struct dbfile *file, int64_t mono_ms);

#endif
