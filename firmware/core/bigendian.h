/* Words of 16 bits as Modbus sends them: the high byte first. */
#ifndef FIRMWARE_CORE_BIGENDIAN_H
#define FIRMWARE_CORE_BIGENDIAN_H

#include <stdint.h>

static inline uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Returns the place behind it. */
static inline uint8_t *put_word(uint8_t *out, uint16_t word)
{
    out[0] = (uint8_t)(word >> 8);
    out[1] = (uint8_t)word;
    return out + 2;
}

#endif
