/* CRC-32 of IEEE 802.3 (reflected, polynomial 0x04c11db7), the one of zip and PNG. Begin with 0; feed pieces in
 * order. */
#ifndef FIRMWARE_CORE_CRC32_H
#define FIRMWARE_CORE_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_add(uint32_t crc, const void *bytes, size_t length);

#endif
