/* Files of a school on their way to the daemon: kept in memory (memfd) while a user brings them piece by piece, one import
 * for a user at a time. Bounded in users, bytes and idle time; gone with the program. */
#ifndef DASHBOARD_UPLOAD_H
#define DASHBOARD_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/ids.h"
#include "daemon/core/school/schoolfiles.h"
#include "dashboard/casebook/casebook.h"

#define UPLOADS_MAX      2
#define UPLOAD_BYTES_MAX (32u * 1024 * 1024) /* of one user's files together */
#define UPLOAD_IDLE_MS   (15 * 60 * 1000)

struct upload {
    char user[USER_BYTES]; /* "" = free */
    int64_t used_mono_ms;
    size_t bytes[SCHOOLFILES];
    int files[SCHOOLFILES]; /* of those with bytes > 0; else -1 */
};

struct uploads {
    struct upload slots[UPLOADS_MAX];
};

enum upload_result { UPLOAD_DONE, UPLOAD_TOO_LARGE, UPLOAD_BUSY };

/* Appends to the user's file, after emptying it when `first`. BUSY: others are at it, or there is no memory. */
enum upload_result upload_append(struct uploads *uploads, const char *user, enum schoolfile which, bool first,
                                 const char *bytes, size_t length, int64_t mono_ms);
/* The user's files, NULL when there are none. */
struct upload *upload_find(struct uploads *uploads, const char *user, int64_t mono_ms);
void upload_drop(struct uploads *uploads, const char *user);
void upload_drop_all(struct uploads *uploads);

#endif
