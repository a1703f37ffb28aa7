/* A commercial reader's profile from its file: config/readers/inveo-ind-m1.cfg says what each key means. */
#ifndef FIRMWARE_TERMINAL_PROFILEFILE_H
#define FIRMWARE_TERMINAL_PROFILEFILE_H

#include <stdbool.h>
#include "common/problems.h"
#include "firmware/core/profile.h"

/* False when it added a problem. */
bool profilefile_read(struct profile *profile, const char *path, struct problems *problems);

#endif
