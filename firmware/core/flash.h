/* The four operations that the journal needs of its storage: NOR flash, or a file that behaves like it.
 *
 * program only turns ones into zeros; erase sets a whole sector to ones; nothing is durable before sync returns true.
 * Each returns false when the device failed; after a failed sync nothing about unsynced bytes is known. */
#ifndef FIRMWARE_CORE_FLASH_H
#define FIRMWARE_CORE_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLASH_SECTOR_BYTES 4096

struct flash {
    bool (*read)(void *device, uint32_t offset, void *bytes, size_t length);
    bool (*program)(void *device, uint32_t offset, const void *bytes, size_t length);
    bool (*erase)(void *device, uint32_t sector);
    bool (*sync)(void *device);
    void *device;
    uint32_t sector_count;
};

#endif
