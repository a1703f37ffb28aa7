/* A file that serves the journal as flash (firmware/core/flash.h): preallocated, so that a full disk is noticed at
 * the start and not at a tap; pwrite and fdatasync. A failed sync is final: the kernel may have marked the pages
 * clean, and a second one would succeed without the bytes being on disk. Erasing writes 0xff. */
#ifndef FIRMWARE_TERMINAL_FLASHFILE_H
#define FIRMWARE_TERMINAL_FLASHFILE_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/core/flash.h"

struct flashfile {
    int fd;
    bool failed;
};

/* Opens or creates `path` and locks it against a second terminal. A file of another size is refused (EFBIG) unless
 * it is empty. False with errno set. `out` borrows `file`. */
bool flashfile_open(struct flashfile *file, const char *path, uint32_t sector_count, struct flash *out);
void flashfile_close(struct flashfile *file);

#endif
