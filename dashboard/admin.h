/* Commands from `narvaro user` over the admin socket: JSON in, JSON out (docs/api.md, "The admin socket").
 * Who may connect is decided by the kernel's word on the peer's uid (common/local.h): this program's own user
 * and root. */
#ifndef DASHBOARD_ADMIN_H
#define DASHBOARD_ADMIN_H

#include <stddef.h>
#include "common/clock.h"
#include "common/local.h"

struct casebook;
struct password_pool;
struct retention;

struct admin {
    struct casebook *book;
    struct password_pool *passwords;
    struct retention *retention;
    struct clock civil;
};

/* A local_answer; `admin` is a struct admin. */
size_t admin_answer(void *admin, struct local_request *request, char *reply, size_t capacity);

#endif
