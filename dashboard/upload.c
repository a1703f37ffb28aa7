/* Fixed slots, one for each user who is bringing files; a slot owns the descriptors of its files. */
#include "dashboard/upload.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void drop(struct upload *upload)
{
    for (int i = 0; upload->user[0] && i < SCHOOLFILES; i++)
        if (upload->files[i] >= 0)
            close(upload->files[i]);
    upload->user[0] = '\0';
}

static struct upload *take_slot(struct uploads *uploads, const char *user, int64_t mono_ms)
{
    struct upload *slot = upload_find(uploads, user, mono_ms);
    for (int i = 0; slot == NULL && i < UPLOADS_MAX; i++)
        if (!uploads->slots[i].user[0]) {
            slot = &uploads->slots[i];
            *slot = (struct upload){0};
            memset(slot->files, -1, sizeof slot->files);
            strcpy(slot->user, user);
        }
    return slot;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static void empty(struct upload *upload, enum schoolfile which)
{
    if (upload->files[which] >= 0)
        close(upload->files[which]);
    upload->files[which] = -1;
    upload->bytes[which] = 0;
}

enum upload_result upload_append(struct uploads *uploads, const char *user, enum schoolfile which, bool first,
                                 const char *bytes, size_t length, int64_t mono_ms)
{
    struct upload *upload = take_slot(uploads, user, mono_ms);
    if (upload == NULL)
        return UPLOAD_BUSY;
    upload->used_mono_ms = mono_ms;
    if (first)
        empty(upload, which);
    size_t total = length;
    for (int i = 0; i < SCHOOLFILES; i++)
        total += upload->bytes[i];
    if (total > UPLOAD_BYTES_MAX)
        return UPLOAD_TOO_LARGE;
    if (upload->files[which] < 0)
        upload->files[which] = memfd_create(schoolfiles_name(which), MFD_CLOEXEC);
    if (upload->files[which] < 0 || !write_all(upload->files[which], bytes, length)) {
        empty(upload, which);
        return UPLOAD_BUSY;
    }
    upload->bytes[which] += length;
    return UPLOAD_DONE;
}

struct upload *upload_find(struct uploads *uploads, const char *user, int64_t mono_ms)
{
    struct upload *found = NULL;
    for (int i = 0; i < UPLOADS_MAX; i++) {
        struct upload *upload = &uploads->slots[i];
        if (mono_ms - upload->used_mono_ms > UPLOAD_IDLE_MS)
            drop(upload);
        if (strcmp(upload->user, user) == 0)
            found = upload;
    }
    return found;
}

void upload_drop(struct uploads *uploads, const char *user)
{
    for (int i = 0; i < UPLOADS_MAX; i++)
        if (strcmp(uploads->slots[i].user, user) == 0)
            drop(&uploads->slots[i]);
}

void upload_drop_all(struct uploads *uploads)
{
    for (int i = 0; i < UPLOADS_MAX; i++)
        drop(&uploads->slots[i]);
}
