/* Half a byte at a time, with a table of 32 bytes: the head's flash is small and its frames are short. */
#include "firmware/core/crc16.h"

static const uint16_t NIBBLE[16] = {
    0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
    0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
};

uint16_t crc16_of(const uint8_t *bytes, size_t length)
{
    uint32_t crc = 0xffff;

    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ NIBBLE[crc & 15];
        crc = crc >> 4 ^ NIBBLE[crc & 15];
    }
    return (uint16_t)crc;
}
