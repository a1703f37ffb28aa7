/* The checksum of Modbus RTU: CRC-16, reflected polynomial 0xa001, initial value 0xffff; sent low byte first.
 * Source: "MODBUS over serial line, specification and implementation guide V1.02", 6.2.2. */
#ifndef FIRMWARE_CORE_CRC16_H
#define FIRMWARE_CORE_CRC16_H

#include <stddef.h>
#include <stdint.h>

uint16_t crc16_of(const uint8_t *bytes, size_t length);

#endif
