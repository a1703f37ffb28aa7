/* A disk for SQLite in memory, for tests: it can lose power and it can fail.
 *
 * Each file has what reads see, what a sync made durable, and the writes between the two. memory_vfs_cut() is a power cut:
 * each of those writes is then there, not there, torn at a sector, or garbage, as the disk's random numbers say. With
 * operations_left set, the operation that finds it 0 fails with `failure`, and so do all
 * after it (the disk stays broken). One process, one connection that writes at a time: the only lock that is ever refused
 * is the exclusive one that a closing connection asks for while another is open. */
#ifndef TESTS_MEMORY_VFS_H
#define TESTS_MEMORY_VFS_H

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_FILES      24
#define MEMORY_NAME_BYTES 64
#define MEMORY_SECTOR     512
#define MEMORY_FOREVER    INT64_MAX

struct memory_image {
    uint8_t *bytes;
    size_t length, capacity;
};

/* What was done to a file: bytes written at an offset; or cut to a length, when `bytes` is NULL. */
struct memory_change {
    size_t offset, length;
    uint8_t *bytes;
};

struct memory_file {
    char name[MEMORY_NAME_BYTES]; /* "" = free */
    struct memory_image seen, durable;
    struct memory_change *changes; /* since the last sync */
    size_t change_count, change_capacity;
    void *shm[16];
    int shm_count;
    int open_count;
};

struct memory_handle {
    sqlite3_file base;
    struct memory_file *file;
    bool deleted_at_close;
};

/* Weak: one disk for a program, however many of its files include this. */
__attribute__((weak)) struct memory_disk {
    struct memory_file files[MEMORY_FILES];
    int64_t operations_left, operations; /* writes, truncations, syncs */
    int failure;                         /* SQLITE_IOERR_WRITE, SQLITE_FULL … */
    uint64_t random;
    bool sync_lies;
    void (*before)(struct memory_file *file); /* called before each operation, when set */
} memory_disk = {.operations_left = MEMORY_FOREVER};

static inline uint32_t memory_random(void)
{
    memory_disk.random = memory_disk.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(memory_disk.random >> 33);
}

static inline int memory_operation(struct memory_file *file)
{
    if (memory_disk.before != NULL)
        memory_disk.before(file);
    if (memory_disk.operations_left <= 0)
        return memory_disk.failure;
    if (memory_disk.operations_left != MEMORY_FOREVER)
        memory_disk.operations_left--;
    memory_disk.operations++;
    return SQLITE_OK;
}

/* Not malloc: a test may refuse that to the product, and the disk is not the product. */
static inline void *memory_grow(void *old, size_t bytes)
{
    void *grown = reallocarray(old, bytes, 1);
    assert(grown != NULL);
    return grown;
}

static inline void memory_resize(struct memory_image *image, size_t length)
{
    if (length > image->capacity) {
        image->capacity = length * 2;
        image->bytes = memory_grow(image->bytes, image->capacity);
    }
    if (length > image->length)
        memset(image->bytes + image->length, 0, length - image->length);
    image->length = length;
}

static inline struct memory_file *memory_find(const char *name, bool create)
{
    struct memory_file *free_file = NULL;
    for (int i = 0; i < MEMORY_FILES; i++) {
        if (strcmp(memory_disk.files[i].name, name) == 0)
            return &memory_disk.files[i];
        if (memory_disk.files[i].name[0] == '\0' && free_file == NULL)
            free_file = &memory_disk.files[i];
    }
    if (!create)
        return NULL;
    assert(free_file != NULL && strlen(name) < MEMORY_NAME_BYTES);
    strcpy(free_file->name, name);
    return free_file;
}

static inline void memory_forget_shm(struct memory_file *file)
{
    for (int i = 0; i < file->shm_count; i++)
        free(file->shm[i]);
    file->shm_count = 0;
}

static inline void memory_note(struct memory_file *file, size_t offset, const void *bytes, size_t length)
{
    if (file->change_count == file->change_capacity) {
        file->change_capacity = file->change_capacity * 2 + 16;
        file->changes = memory_grow(file->changes, file->change_capacity * sizeof *file->changes);
    }
    struct memory_change *change = &file->changes[file->change_count++];
    *change = (struct memory_change){.offset = offset, .length = length};
    if (bytes != NULL)
        change->bytes = memcpy(memory_grow(NULL, length), bytes, length);
}

static inline void memory_forget_changes(struct memory_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        free(file->changes[i].bytes);
    file->change_count = 0;
}

static inline void memory_apply(struct memory_image *image, const struct memory_change *change, size_t from, size_t to)
{
    if (change->bytes == NULL) {
        memory_resize(image, change->length);
    } else if (from < to) {
        if (change->offset + to > image->length)
            memory_resize(image, change->offset + to);
        memcpy(image->bytes + change->offset + from, change->bytes + from, to - from);
    }
}

/* Each sector of a write is there, is as it was, or holds garbage. */
static inline void memory_tear(struct memory_image *image, const struct memory_change *change)
{
    for (size_t from = 0; from < change->length; from += MEMORY_SECTOR) {
        size_t to = from + MEMORY_SECTOR < change->length ? from + MEMORY_SECTOR : change->length;
        uint32_t fate = memory_random() % 3;
        if (fate == 0)
            continue;
        memory_apply(image, change, from, to);
        for (size_t i = from; fate == 2 && i < to; i++)
            image->bytes[change->offset + i] = (uint8_t)memory_random();
    }
}

/* What the medium holds after a power cut now. */
static inline void memory_survive(const struct memory_file *file, struct memory_image *image)
{
    memory_resize(image, file->durable.length);
    if (file->durable.length > 0)
        memcpy(image->bytes, file->durable.bytes, file->durable.length);
    for (size_t i = 0; i < file->change_count; i++) {
        const struct memory_change *change = &file->changes[i];
        switch (memory_random() % 3) {
        case 0: /* never came to the medium */
            break;
        case 1:
            memory_apply(image, change, 0, change->length);
            break;
        case 2:
            if (change->bytes != NULL)
                memory_tear(image, change);
            break;
        }
    }
}

static inline void memory_erase(struct memory_file *file)
{
    memory_forget_shm(file);
    memory_forget_changes(file);
    free(file->changes);
    free(file->seen.bytes);
    free(file->durable.bytes);
    memset(file, 0, sizeof *file);
}

/* The power goes. Close every connection first. */
static inline void memory_vfs_cut(void)
{
    for (int i = 0; i < MEMORY_FILES; i++) {
        struct memory_file *file = &memory_disk.files[i];
        if (file->name[0] == '\0')
            continue;
        memory_forget_shm(file);
        memory_survive(file, &file->seen);
        memory_forget_changes(file);
        memory_resize(&file->durable, file->seen.length);
        if (file->seen.length > 0)
            memcpy(file->durable.bytes, file->seen.bytes, file->seen.length);
    }
    memory_disk.operations_left = MEMORY_FOREVER;
}

static inline void memory_vfs_format(void)
{
    for (int i = 0; i < MEMORY_FILES; i++)
        if (memory_disk.files[i].name[0] != '\0')
            memory_erase(&memory_disk.files[i]);
    memory_disk.operations_left = MEMORY_FOREVER;
    memory_disk.operations = 0;
    memory_disk.sync_lies = false;
}

static inline struct memory_file *memory_of(sqlite3_file *handle)
{
    return ((struct memory_handle *)handle)->file;
}

static inline int memory_close(sqlite3_file *handle)
{
    memory_of(handle)->open_count--;
    if (((struct memory_handle *)handle)->deleted_at_close)
        memory_erase(memory_of(handle));
    return SQLITE_OK;
}

static inline int memory_read(sqlite3_file *handle, void *out, int amount, sqlite3_int64 offset)
{
    struct memory_image *seen = &memory_of(handle)->seen;
    size_t from = (size_t)offset, there = from < seen->length ? seen->length - from : 0;
    size_t take = there < (size_t)amount ? there : (size_t)amount;
    if (take > 0)
        memcpy(out, seen->bytes + from, take);
    if (take == (size_t)amount)
        return SQLITE_OK;
    memset((uint8_t *)out + take, 0, (size_t)amount - take);
    return SQLITE_IOERR_SHORT_READ;
}

static inline int memory_write(sqlite3_file *handle, const void *bytes, int amount, sqlite3_int64 offset)
{
    struct memory_file *file = memory_of(handle);
    int result = memory_operation(file);
    if (result != SQLITE_OK)
        return result;
    memory_note(file, (size_t)offset, bytes, (size_t)amount);
    memory_apply(&file->seen, &file->changes[file->change_count - 1], 0, (size_t)amount);
    return SQLITE_OK;
}

static inline int memory_truncate(sqlite3_file *handle, sqlite3_int64 length)
{
    struct memory_file *file = memory_of(handle);
    int result = memory_operation(file);
    if (result != SQLITE_OK)
        return result;
    memory_note(file, 0, NULL, (size_t)length);
    memory_resize(&file->seen, (size_t)length);
    return SQLITE_OK;
}

static inline int memory_sync(sqlite3_file *handle, int flags)
{
    struct memory_file *file = memory_of(handle);
    int result = memory_operation(file);
    (void)flags;
    if (result != SQLITE_OK || memory_disk.sync_lies)
        return result;
    for (size_t i = 0; i < file->change_count; i++)
        memory_apply(&file->durable, &file->changes[i], 0, file->changes[i].length);
    memory_forget_changes(file);
    return SQLITE_OK;
}

static inline int memory_size(sqlite3_file *handle, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)memory_of(handle)->seen.length;
    return SQLITE_OK;
}

static inline int memory_lock(sqlite3_file *handle, int level)
{
    return level == SQLITE_LOCK_EXCLUSIVE && memory_of(handle)->open_count > 1 ? SQLITE_BUSY : SQLITE_OK;
}

static inline int memory_unlock(sqlite3_file *handle, int level)
{
    (void)handle;
    (void)level;
    return SQLITE_OK;
}

static inline int memory_is_reserved(sqlite3_file *handle, int *out)
{
    (void)handle;
    *out = 0;
    return SQLITE_OK;
}

static inline int memory_control(sqlite3_file *handle, int operation, void *argument)
{
    (void)handle;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static inline int memory_sector(sqlite3_file *handle)
{
    (void)handle;
    return MEMORY_SECTOR;
}

static inline int memory_characteristics(sqlite3_file *handle)
{
    (void)handle;
    return 0;
}

static inline int memory_shm_map(sqlite3_file *handle, int page, int bytes, int extend, void volatile **out)
{
    struct memory_file *file = memory_of(handle);
    (void)extend;
    assert(page < 16);
    while (file->shm_count <= page)
        file->shm[file->shm_count++] = memset(memory_grow(NULL, (size_t)bytes), 0, (size_t)bytes);
    *out = file->shm[page];
    return SQLITE_OK;
}

static inline int memory_shm_lock(sqlite3_file *handle, int offset, int count, int flags)
{
    (void)handle;
    (void)offset;
    (void)count;
    (void)flags;
    return SQLITE_OK;
}

static inline void memory_shm_barrier(sqlite3_file *handle)
{
    (void)handle;
}

static inline int memory_shm_unmap(sqlite3_file *handle, int delete_it)
{
    if (delete_it && memory_of(handle)->open_count == 1)
        memory_forget_shm(memory_of(handle));
    return SQLITE_OK;
}

static inline int memory_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *handle, int flags, int *flags_out)
{
    static const sqlite3_io_methods methods = {2,
                                               memory_close,
                                               memory_read,
                                               memory_write,
                                               memory_truncate,
                                               memory_sync,
                                               memory_size,
                                               memory_lock,
                                               memory_unlock,
                                               memory_is_reserved,
                                               memory_control,
                                               memory_sector,
                                               memory_characteristics,
                                               memory_shm_map,
                                               memory_shm_lock,
                                               memory_shm_barrier,
                                               memory_shm_unmap,
                                               NULL,
                                               NULL};
    static int temporary;
    char name_of_temporary[MEMORY_NAME_BYTES];
    (void)vfs;
    if (name == NULL)
        sqlite3_snprintf(sizeof name_of_temporary, name_of_temporary, "temporary-%d", temporary++);
    struct memory_file *file = memory_find(name == NULL ? name_of_temporary : name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (file == NULL)
        return SQLITE_CANTOPEN;
    struct memory_handle *memory = (struct memory_handle *)handle;
    memory->base.pMethods = &methods;
    memory->file = file;
    file->open_count++;
    memory->deleted_at_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (flags_out != NULL)
        *flags_out = flags;
    return SQLITE_OK;
}

static inline int memory_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    struct memory_file *file = memory_find(name, false);
    (void)vfs;
    (void)sync_directory;
    if (file == NULL)
        return SQLITE_IOERR_DELETE_NOENT;
    memory_erase(file);
    return SQLITE_OK;
}

static inline int memory_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    (void)flags;
    *out = memory_find(name, false) != NULL;
    return SQLITE_OK;
}

static inline int memory_full_name(sqlite3_vfs *vfs, const char *name, int bytes, char *out)
{
    (void)vfs;
    sqlite3_snprintf(bytes, out, "%s", name);
    return SQLITE_OK;
}

static inline int memory_randomness(sqlite3_vfs *vfs, int bytes, char *out)
{
    (void)vfs;
    for (int i = 0; i < bytes; i++)
        out[i] = (char)memory_random();
    return bytes;
}

static inline int memory_now(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = INT64_C(212000000000000);
    return SQLITE_OK;
}

/* Call once; then open with the VFS name "memory". */
static inline void memory_vfs_register(void)
{
    static sqlite3_vfs vfs = {.iVersion = 2,
                              .szOsFile = sizeof(struct memory_handle),
                              .mxPathname = MEMORY_NAME_BYTES - 1,
                              .zName = "memory",
                              .xOpen = memory_open,
                              .xDelete = memory_delete,
                              .xAccess = memory_access,
                              .xFullPathname = memory_full_name,
                              .xRandomness = memory_randomness,
                              .xCurrentTimeInt64 = memory_now};
    int result = sqlite3_vfs_register(&vfs, 0);
    assert(result == SQLITE_OK);
    (void)result;
}

#endif
