/* Offsets in the header are those of "The SQLite Database File Format", 1.3 and 4.1. */
#include "common/dbfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_BYTES       100
#define HEADER_WRITE_MODE  18 /* 1: rollback, 2: WAL */
#define HEADER_IDENTITY    68
#define WAL_HEADER_BYTES   32
#define IDENTITY_CHARS     8
#define IDENTITY_MOST_BITS 0x7fffffffu /* the pragma's value is signed */

/* What lies at the path, as it is on disk. */
struct found {
    bool there; /* and not empty */
    bool rollback_mode;
    uint32_t identity; /* 0: none */
    bool wal;          /* a -wal with pages lies beside it */
};

/* An existing file must be ours to write; a copy put back by root is not. */
static bool is_writable(const char *path, const char *ending, char *why)
{
    char name[PATH_MAX + 8];
    snprintf(name, sizeof name, "%s%s", path, ending);
    if (access(name, R_OK | W_OK) == 0 || errno == ENOENT)
        return true;
    int error = errno;
    const struct passwd *user = getpwuid(geteuid());
    snprintf(why, DBFILE_WHY_BYTES, "%s: %s; it must be ours: chown %s %s", name, strerror(error),
             user != NULL ? user->pw_name : "USER", name);
    return false;
}

static bool read_header(const char *path, struct found *found, char *why)
{
    uint8_t header[HEADER_BYTES] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return true;
    ssize_t length = fd < 0 ? -1 : read(fd, header, sizeof header);
    if (length < 0)
        snprintf(why, DBFILE_WHY_BYTES, "cannot read %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    found->there = length > 0;
    found->rollback_mode = header[HEADER_WRITE_MODE] == 1;
    for (size_t i = 0; i < sizeof found->identity; i++)
        found->identity = found->identity << 8 | header[HEADER_IDENTITY + i];
    return length >= 0;
}

static bool look(const char *path, struct found *found, char *why)
{
    char wal[PATH_MAX + 8];
    struct stat status;
    *found = (struct found){0};
    snprintf(wal, sizeof wal, "%s-wal", path);
    found->wal = stat(wal, &status) == 0 && status.st_size > WAL_HEADER_BYTES;
    return is_writable(path, "", why) && is_writable(path, "-wal", why) && is_writable(path, "-shm", why) &&
           read_header(path, found, why);
}

/* Opens NAME.id and takes the lock. */
static bool lock(struct dbfile *file, const char *name, char *why)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    file->side = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->side < 0) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot open %s: %s", name, strerror(errno));
        return false;
    }
    if (fcntl(file->side, F_SETLK, &whole) == 0)
        return true;
    int error = errno;
    if (fcntl(file->side, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK)
        snprintf(why, DBFILE_WHY_BYTES,
                 "process %ld has %s open already (it holds the lock on %s): stop that one first", (long)whole.l_pid,
                 file->path, name);
    else
        snprintf(why, DBFILE_WHY_BYTES, "cannot lock %s: %s", name, strerror(error));
    return false;
}

/* An empty NAME.id is one that nobody wrote to yet. */
static bool read_known(struct dbfile *file, const char *name, bool take, char *why)
{
    char text[IDENTITY_CHARS + 2] = "", *end = text;
    ssize_t length = pread(file->side, text, IDENTITY_CHARS + 1, 0);
    file->known = length > 0 ? (uint32_t)strtoul(text, &end, 16) : 0;
    if (length == 0 || take || (end - text == IDENTITY_CHARS && *end == '\n' && file->known != 0))
        return true;
    snprintf(
        why, DBFILE_WHY_BYTES,
        "%s does not hold a database's identity: if the database is the right one, run this program once with --new",
        name);
    return false;
}

static bool is_expected(const struct dbfile *file, const struct found *found, bool take, char *why)
{
    const char *path = file->path;
    bool same = file->known == 0 || found->identity == file->known;
    if (found->wal && (!found->there || found->rollback_mode || !same))
        snprintf(
            why, DBFILE_WHY_BYTES,
            "%s-wal belongs to another database than the file beside it, and would destroy that: put the right file "
            "back, or move that and the one that ends in -shm away",
            path);
    else if (file->known != 0 && !found->there && !take)
        snprintf(
            why, DBFILE_WHY_BYTES,
            "there was a database at %s and now there is none: put it back, or run this program once with --new to "
            "begin an empty one",
            path);
    else if (!same && !take)
        snprintf(why, DBFILE_WHY_BYTES,
                 "%s is not the database that was there before: put that one or a copy of it back, or run this program "
                 "once with --new to use this one",
                 path);
    else
        return true;
    return false;
}

bool dbfile_claim(struct dbfile *file, const char *path, bool take, char why[DBFILE_WHY_BYTES])
{
    char name[PATH_MAX + 8];
    struct found found;
    *file = (struct dbfile){.side = -1};
    if ((size_t)snprintf(file->path, sizeof file->path, "%s", path) >= sizeof file->path) {
        snprintf(why, DBFILE_WHY_BYTES, "the path of the database is too long");
        return false;
    }
    snprintf(name, sizeof name, "%s.id", path);
    if (lock(file, name, why) && read_known(file, name, take, why) && look(path, &found, why) &&
        is_expected(file, &found, take, why))
        return true;
    if (file->side >= 0)
        close(file->side);
    return false;
}

/* 0 when it has none or it cannot be read. */
static uint32_t ask_identity(sqlite3 *connection)
{
    sqlite3_stmt *statement = NULL;
    uint32_t identity = 0;
    if (sqlite3_prepare_v2(connection, "PRAGMA application_id", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        identity = (uint32_t)sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return identity;
}

static bool give_identity(sqlite3 *connection, uint32_t *identity)
{
    char pragma[64];
    while (*identity == 0) {
        sqlite3_randomness((int)sizeof *identity, identity);
        *identity &= IDENTITY_MOST_BITS;
    }
    snprintf(pragma, sizeof pragma, "PRAGMA application_id = %" PRIu32, *identity);
    return sqlite3_exec(connection, pragma, NULL, NULL, NULL) == SQLITE_OK;
}

static bool write_known(const struct dbfile *file, uint32_t identity)
{
    char text[IDENTITY_CHARS + 2];
    int length = snprintf(text, sizeof text, "%0*" PRIx32 "\n", IDENTITY_CHARS, identity);
    return pwrite(file->side, text, (size_t)length, 0) == length && ftruncate(file->side, length) == 0 &&
           fsync(file->side) == 0;
}

bool dbfile_keep(struct dbfile *file, struct sqlite3 *connection, char why[DBFILE_WHY_BYTES])
{
    struct stat status;
    uint32_t identity = ask_identity(connection);
    if (identity == 0 && !give_identity(connection, &identity)) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot write its identity: %s", sqlite3_errmsg(connection));
        return false;
    }
    if (identity != file->known &&
        sqlite3_wal_checkpoint_v2(connection, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot write its identity into the file: %s", sqlite3_errmsg(connection));
        return false;
    }
    if ((identity != file->known && !write_known(file, identity)) || stat(file->path, &status) != 0) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot note its identity beside it: %s", strerror(errno));
        return false;
    }
    file->known = identity;
    file->device = status.st_dev;
    file->inode = status.st_ino;
    return true;
}

bool dbfile_is_there(struct dbfile *file, int64_t mono_ms)
{
    struct stat status;
    if (mono_ms - file->looked_mono_ms < DBFILE_LOOK_MS)
        return true;
    file->looked_mono_ms = mono_ms;
    return stat(file->path, &status) == 0 && status.st_dev == file->device && status.st_ino == file->inode;
}
