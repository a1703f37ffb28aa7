/* Offsets in the header are those of "The SQLite Database File Format", 1.3 and 4.1. */
#include "common/dbfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/fault.h"
#include "common/log.h"

#define HEADER_BYTES       100
#define HEADER_WRITE_MODE  18 /* 1: rollback, 2: WAL */
#define HEADER_IDENTITY    68
#define WAL_HEADER_BYTES   32
#define IDENTITY_MOST_BITS 0x7fffffffu /* the pragma's value is signed */
#define SIDE_FORMAT        "%08" PRIx32 " %08" PRIx32 " %s\n"
#define SIDE_BYTES         23
#define SAID_BYTES         256
#define UNKNOWN_CHANGES    (-1)

/* What lies at the path, as it is on disk. */
struct found {
    bool there; /* and not empty */
    bool wal_mode;
    uint32_t identity; /* 0: none */
    bool wal, journal; /* one with pages lies beside it */
};

static void read_header(const uint8_t header[HEADER_BYTES], struct found *found)
{
    found->wal_mode = header[HEADER_WRITE_MODE] == 2;
    found->identity = 0;
    for (size_t i = 0; i < sizeof found->identity; i++)
        found->identity = found->identity << 8 | header[HEADER_IDENTITY + i];
}

static bool is_known(const struct dbfile *file, uint32_t identity)
{
    return identity == file->on_disk || identity == file->next;
}

/* Must be a file of ours, or not be there; others lose their rights to it, as after a copy by somebody with another umask.
 * *bytes is its size. */
static bool is_ours(const char *path, const char *ending, off_t *bytes, char *why)
{
    char name[PATH_MAX + 16];
    struct stat status = {0};
    snprintf(name, sizeof name, "%s%s", path, ending);
    bool seen = lstat(name, &status) == 0;
    *bytes = status.st_size;
    if (!seen && errno == ENOENT)
        return true;
    const struct passwd *user = getpwuid(geteuid());
    bool open_to_all = (status.st_mode & 0007) != 0;
    if (seen && !S_ISREG(status.st_mode)) {
        snprintf(why, DBFILE_WHY_BYTES, "%s is not a file: the settings must name the database itself", name);
        return false;
    }
    if (!seen || access(name, R_OK | W_OK) != 0 || (open_to_all && chmod(name, status.st_mode & 07770) != 0)) {
        snprintf(why, DBFILE_WHY_BYTES, "%s: %s; it must be ours: chown it to %s, and chmod u=rw,o= it", name,
                 strerror(errno), user != NULL ? user->pw_name : "who runs this program");
        return false;
    }
    if (open_to_all)
        log_warn("a file was open to all, and is not any more file=\"%s\"", name);
    return true;
}

static bool read_file(const char *path, struct found *found, char *why)
{
    uint8_t header[HEADER_BYTES] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, header, sizeof header);
    if (length < 0)
        snprintf(why, DBFILE_WHY_BYTES, "cannot read %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    read_header(header, found);
    return length >= 0;
}

static bool look(const char *path, struct found *found, char *why)
{
    off_t file, wal, shm, journal;
    *found = (struct found){0};
    if (!is_ours(path, "", &file, why) || !is_ours(path, "-wal", &wal, why) || !is_ours(path, "-shm", &shm, why) ||
        !is_ours(path, "-journal", &journal, why))
        return false;
    found->there = file > 0;
    found->wal = wal > WAL_HEADER_BYTES;
    found->journal = journal > 0;
    return !found->there || read_file(path, found, why);
}

static bool sync_at(const char *path, int flags)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

/* A new NAME.id without its entry in the folder would be gone after a power cut, while the database knows its identity. */
static bool open_side(struct dbfile *file, const char *name, off_t bytes)
{
    struct stat status;
    char folder[PATH_MAX];
    file->side = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file->side < 0 || fstat(file->side, &status) != 0)
        return false;
    file->side_inode = status.st_ino;
    snprintf(folder, sizeof folder, "%s", file->path);
    return bytes > 0 || sync_at(dirname(folder), O_DIRECTORY);
}

/* Opens NAME.id and takes the lock. */
static bool lock(struct dbfile *file, const char *name, char *why)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    off_t bytes;
    if (!is_ours(file->path, ".id", &bytes, why))
        return false;
    if (!open_side(file, name, bytes)) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot open %s: %s", name, strerror(errno));
        return false;
    }
    if (FAULT(database_not_locked) || fcntl(file->side, F_SETLK, &whole) == 0)
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

static void print_side(const struct dbfile *file, char text[SIDE_BYTES + 1])
{
    snprintf(text, SIDE_BYTES + 1, SIDE_FORMAT, file->on_disk, file->next, file->clean ? "left" : "used");
}

static bool write_side(const struct dbfile *file)
{
    char text[SIDE_BYTES + 1];
    print_side(file, text);
    return pwrite(file->side, text, SIDE_BYTES, 0) == SIDE_BYTES && ftruncate(file->side, SIDE_BYTES) == 0 &&
           fdatasync(file->side) == 0;
}

pid_t dbfile_holder(const char *path)
{
    char name[PATH_MAX + 8];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    snprintf(name, sizeof name, "%s.id", path);
    int side = open(name, O_RDONLY | O_CLOEXEC);
    bool held = side >= 0 && fcntl(side, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (side >= 0)
        close(side);
    return held ? whole.l_pid : 0;
}

/* Asked when the lock is held: a restore leaves its mark before it asks who holds it. */
static bool is_put_back(const char *path, char *why)
{
    char name[PATH_MAX + 16];
    snprintf(name, sizeof name, "%s" DBFILE_RESTORING, path);
    if (access(name, F_OK) != 0)
        return true;
    snprintf(why, DBFILE_WHY_BYTES, "a restore was cut off before its end; finish it: narvaro restore --resume %s",
             name);
    return false;
}

/* An empty NAME.id is one that nobody wrote to yet. */
static bool read_side(struct dbfile *file, const char *name, bool take, char *why)
{
    char text[SIDE_BYTES + 2] = "", again[SIDE_BYTES + 1] = "";
    ssize_t length = pread(file->side, text, SIDE_BYTES + 1, 0);
    char *end = text;
    file->on_disk = (uint32_t)strtoul(text, &end, 16);
    file->next = (uint32_t)strtoul(end, &end, 16);
    file->clean = strcmp(end, " left\n") == 0;
    print_side(file, again);
    if (length == 0 || (strcmp(text, again) == 0 && file->next != 0))
        return true;
    file->on_disk = file->next = 0;
    file->clean = false;
    if (!take)
        snprintf(why, DBFILE_WHY_BYTES,
                 "%s does not hold a database's identity: if the database is the right one, run this program once with "
                 "--new",
                 name);
    return take;
}

static bool is_expected(const struct dbfile *file, const struct found *found, bool take, char *why)
{
    const char *path = file->path;
    bool first = file->next == 0, same = is_known(file, found->identity) || FAULT(foreign_database_taken);
    if (found->wal && !FAULT(foreign_wal_replayed) && (!found->there || !found->wal_mode || !same || file->clean))
        snprintf(why, DBFILE_WHY_BYTES,
                 "%s-wal belongs to another file than the one beside it, and would destroy that: put the right file "
                 "back, or move that and the one that ends in -shm away",
                 path);
    else if (found->journal && !first)
        snprintf(why, DBFILE_WHY_BYTES,
                 "%s-journal belongs to another file than the one beside it, and would destroy that: move it away",
                 path);
    else if (!first && !found->there && !take)
        snprintf(
            why, DBFILE_WHY_BYTES,
            "there was a database at %s and now there is none: put it back, or run this program once with --new to "
            "begin an empty one",
            path);
    else if (!same && !take)
        snprintf(why, DBFILE_WHY_BYTES,
                 "%s is not the database that was there before, or an older copy of it: put that one back, or run this "
                 "program once with --new to use this one",
                 path);
    else
        return true;
    return false;
}

/* Whether SQLite answers `right`; what it said is in `said`. */
static bool answers(sqlite3 *connection, const char *question, const char *right, char said[SAID_BYTES])
{
    sqlite3_stmt *statement = NULL;
    const char *answer = NULL;
    if (sqlite3_prepare_v2(connection, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        answer = (const char *)sqlite3_column_text(statement, 0);
    snprintf(said, SAID_BYTES, "%s", answer != NULL ? answer : sqlite3_errmsg(connection));
    bool good = answer != NULL && strcmp(answer, right) == 0;
    sqlite3_finalize(statement);
    return good;
}

/* Through a connection that cannot write, because what is refused stays as it is. */
static bool is_sound(const char *path, const char *table, char *why)
{
    char said[SAID_BYTES] = "", question[128];
    sqlite3 *connection = NULL;
    snprintf(question, sizeof question, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'",
             table);
    bool opened = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK;
    bool sound = opened && answers(connection, "PRAGMA integrity_check(1)", "ok", said);
    bool right = sound && answers(connection, question, "1", said);
    if (!sound)
        snprintf(why, DBFILE_WHY_BYTES, "%s is damaged, put another copy there: %s", path,
                 opened ? said : sqlite3_errmsg(connection));
    else if (!right)
        snprintf(why, DBFILE_WHY_BYTES, "%s is a database of another kind: it has no table %s", path, table);
    sqlite3_close(connection);
    return right;
}

/* From now on a -wal may be its own. */
static bool begin_use(struct dbfile *file, const struct found *found, char *why)
{
    bool was_clean = file->clean;
    file->clean = false;
    if (was_clean && !write_side(file)) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot write %s.id: %s", file->path, strerror(errno));
        return false;
    }
    if (!is_known(file, found->identity))
        file->next = 0;
    file->on_disk = found->identity;
    return true;
}

bool dbfile_claim(struct dbfile *file, const char *path, const char *table, bool take, char why[DBFILE_WHY_BYTES])
{
    char name[PATH_MAX + 8];
    struct found found;
    *file = (struct dbfile){.side = -1};
    if ((size_t)snprintf(file->path, sizeof file->path, "%s", path) >= sizeof file->path) {
        snprintf(why, DBFILE_WHY_BYTES, "the path of the database is too long");
        return false;
    }
    snprintf(name, sizeof name, "%s.id", path);
    if (lock(file, name, why) && is_put_back(path, why) && read_side(file, name, take, why) &&
        look(path, &found, why) && is_expected(file, &found, take, why)) {
        bool unseen = found.there && (take || file->next == 0) && !FAULT(damage_taken);
        if ((!unseen || is_sound(path, table, why)) && begin_use(file, &found, why))
            return true;
    }
    if (file->side >= 0)
        close(file->side);
    return false;
}

/* Through SQLite's own descriptor, for the header's sake alone. */
static bool read_open_file(sqlite3 *connection, struct found *found)
{
    uint8_t header[HEADER_BYTES] = {0};
    sqlite3_file *handle = NULL;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &handle) != SQLITE_OK ||
        handle->pMethods == NULL || handle->pMethods->xRead(handle, header, sizeof header, 0) != SQLITE_OK)
        return false;
    read_header(header, found);
    return true;
}

static bool is_still_ours(const struct dbfile *file)
{
    struct found found;
    return read_open_file(file->connection, &found) && found.wal_mode && is_known(file, found.identity);
}

static int commit_identity(sqlite3 *connection, uint32_t identity)
{
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA application_id = %" PRIu32, identity);
    return sqlite3_exec(connection, pragma, NULL, NULL, NULL);
}

/* What the file has now may be either of the two, when the checkpoint before was not finished. */
static int change_identity(struct dbfile *file, sqlite3 *connection)
{
    struct found found;
    uint32_t next = 0;
    if (!read_open_file(connection, &found))
        return SQLITE_IOERR;
    while (next == 0 || is_known(file, next)) {
        sqlite3_randomness((int)sizeof next, &next);
        next &= IDENTITY_MOST_BITS;
    }
    int result = commit_identity(connection, next);
    if (result != SQLITE_OK)
        return result;
    file->on_disk = found.identity;
    file->next = next;
    file->changes = sqlite3_total_changes64(connection);
    return write_side(file) ? SQLITE_OK : SQLITE_IOERR;
}

/* Again after one that a reader kept from its end, the same identity will do as long as nothing was written. */
static int checkpoint(struct dbfile *file, sqlite3 *connection, int mode)
{
    struct found found;
    int frames = -1, written = -1, result = SQLITE_OK;
    if (file->changes != sqlite3_total_changes64(connection) && !FAULT(identity_kept))
        result = change_identity(file, connection);
    if (result == SQLITE_OK)
        result = sqlite3_wal_checkpoint_v2(connection, NULL, mode, &frames, &written);
    bool whole = frames >= 0 && written == frames && file->on_disk != file->next;
    if (!whole || !read_open_file(connection, &found) || found.identity != file->next)
        return result;
    file->on_disk = file->next;
    return write_side(file) ? result : SQLITE_IOERR;
}

int dbfile_checkpoint(struct dbfile *file, struct sqlite3 *connection, int mode)
{
    if (file == NULL || file->connection == NULL)
        return sqlite3_wal_checkpoint_v2(connection, NULL, mode, NULL, NULL);
    return sqlite3_get_autocommit(connection) != 0 && is_still_ours(file) ? checkpoint(file, connection, mode)
                                                                          : SQLITE_BUSY;
}

/* SQLite does not sync what it cuts the -wal to: pages that came back after a power cut would count as those of another. */
void dbfile_leave(struct dbfile *file, struct sqlite3 *connection)
{
    char wal[PATH_MAX + 8];
    int result = dbfile_checkpoint(file, connection, SQLITE_CHECKPOINT_TRUNCATE);
    if (file == NULL || file->connection == NULL || result != SQLITE_OK)
        return;
    snprintf(wal, sizeof wal, "%s-wal", file->path);
    if (!sync_at(wal, 0))
        return;
    file->clean = true;
    write_side(file); /* in vain it stays as it is: a -wal may be its own */
}

bool dbfile_keep(struct dbfile *file, struct sqlite3 *connection, char why[DBFILE_WHY_BYTES])
{
    struct stat status;
    file->changes = UNKNOWN_CHANGES;
    int result = file->next != 0 ? SQLITE_OK : checkpoint(file, connection, SQLITE_CHECKPOINT_PASSIVE);
    if (result != SQLITE_OK && result != SQLITE_BUSY) {
        snprintf(why, DBFILE_WHY_BYTES, "cannot give it an identity: %s", sqlite3_errstr(result));
        return false;
    }
    if (stat(file->path, &status) != 0) {
        snprintf(why, DBFILE_WHY_BYTES, "it is not at %s any more: %s", file->path, strerror(errno));
        return false;
    }
    file->device = status.st_dev;
    file->inode = status.st_ino;
    file->connection = connection;
    return true;
}

bool dbfile_is_there(struct dbfile *file, int64_t mono_ms)
{
    char name[PATH_MAX + 8];
    struct stat status, side;
    if (mono_ms - file->looked_mono_ms < DBFILE_LOOK_MS || FAULT(lost_database_unnoticed))
        return true;
    file->looked_mono_ms = mono_ms;
    snprintf(name, sizeof name, "%s.id", file->path);
    return stat(file->path, &status) == 0 && status.st_dev == file->device && status.st_ino == file->inode &&
           stat(name, &side) == 0 && side.st_ino == file->side_inode && is_still_ours(file);
}
