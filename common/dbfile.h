/* The file of a database, before and beside SQLite: that one program writes it, and that it is the one that was here before.
 *
 * A database carries an identity, a random number in its header (PRAGMA application_id), and NAME.id beside it holds the same.
 * Each checkpoint gives a new one. So the identity says not only which database a file is, but also which state of it the pages
 * in the -wal follow: SQLite would replay them onto any file of that name. One look at both, before SQLite opens the file,
 * tells a missing, an empty, a foreign and an older file from the one that was closed or killed. A person says that another one
 * is meant (`take`); it is then looked through as a whole.
 *
 * How a checkpoint changes the identity, so that a crash anywhere leaves a file that NAME.id knows: the new one is committed,
 * which puts it into the -wal; NAME.id gets it beside the one on disk; the checkpoint writes it to the file; and once the
 * whole -wal is there, NAME.id holds it alone. After a clean stop it also says that no -wal is left.
 *
 * Not noticed is a file that is written over between a checkpoint's look at it and its end.
 *
 * NAME.id is locked while the program runs (fcntl(2): the kernel knows the holder and frees the lock at its end, however it
 * ends). For the writer only, one thread. Nobody may open or close the file by other means while SQLite has it open: that
 * would free SQLite's locks. */
#ifndef COMMON_DBFILE_H
#define COMMON_DBFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define DBFILE_WHY_BYTES   (2 * PATH_MAX + 256)
#define DBFILE_LOOK_MS     2000 /* between two looks at a file that is open */
#define DBFILE_GONE_STATUS 74   /* EX_IOERR of sysexits.h: the file was taken away while it was open */

/* While NAME.restoring lies beside a database, a restore was cut off between two files: nobody may open it before that is
 * finished (narvaro restore --resume). */
#define DBFILE_RESTORING ".restoring"

/* What --help says of --new, by which a person says `take`. */
#define DBFILE_NEW_PURPOSE \
    "Use what is at the database's path from now on, although there is none or another one than before; then end"

struct sqlite3;

/* Zeroed, the file of a database that nobody claimed. */
struct dbfile {
    char path[PATH_MAX];
    int side;               /* NAME.id, open and locked until the process ends */
    uint32_t on_disk, next; /* what NAME.id holds: the file has one or the other; 0: none yet */
    dev_t device;
    ino_t inode, side_inode;
    int64_t looked_mono_ms;
    bool clean;                 /* NAME.id says that the -wal was left empty */
    int64_t changes;            /* of rows, when `next` was given */
    struct sqlite3 *connection; /* the owner's; NULL: not kept yet */
};

/* Before SQLite opens `path`: takes the lock and looks at what is there. `table` is one that only databases of this kind have.
 * `take`: a missing, empty or other file is meant to be the database from now on. False: it must not be opened, it is as it
 * was, and *why says why and what to do. */
bool dbfile_claim(struct dbfile *file, const char *path, const char *table, bool take, char why[DBFILE_WHY_BYTES]);
/* Once it is open and has its schema: gives it an identity if it has none that NAME.id knows. */
bool dbfile_keep(struct dbfile *file, struct sqlite3 *connection, char why[DBFILE_WHY_BYTES]);
/* sqlite3_wal_checkpoint_v2, with a new identity if the file was kept. SQLITE_BUSY: not now, also within a transaction, and when
 * the file on disk is not ours any more, which dbfile_is_there then says. */
int dbfile_checkpoint(struct dbfile *file, struct sqlite3 *connection, int mode);
/* Before the connection is closed: leaves an empty -wal behind, unless a reader or the disk forbids it. */
void dbfile_leave(struct dbfile *file, struct sqlite3 *connection);
/* False: the file that was opened, or NAME.id, is not at its path any more or has been written over. Between two looks it says
 * true. */
bool dbfile_is_there(struct dbfile *file, int64_t mono_ms);
/* For who is about to put another file there: the process that has the database at `path` open, 0 when none has. With
 * NAME.restoring in place before it is asked, none will. */
pid_t dbfile_holder(const char *path);

#endif
