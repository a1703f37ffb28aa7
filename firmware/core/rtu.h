/* A Modbus RTU slave: the bytes of a shared line go in, replies to requests for our address come out.
 *
 * Functions 3, 4, 6, 16 and 17, exceptions 1 to 3, broadcast writes (carried out, not answered). A frame ends by
 * silence. Any bytes are safe: what is too long, too short, has a wrong checksum or is for another address is
 * dropped, the other slaves' replies among it. The port must not pass in what it sends itself (an echo of function 6
 * is a valid request). Pure; time comes in as a free-running millisecond count that may wrap. Source: "MODBUS
 * application protocol V1.1b3" and "MODBUS over serial line V1.02". */
#ifndef FIRMWARE_CORE_RTU_H
#define FIRMWARE_CORE_RTU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTU_FRAME_BYTES_MAX 256
#define RTU_READ_MAX        125 /* registers in one request */
#define RTU_WRITE_MAX       123
#define RTU_REPORT_MAX      32 /* bytes of a report */

enum rtu_space { RTU_INPUT, RTU_HOLDING };

enum rtu_exception { RTU_NO_EXCEPTION, RTU_ILLEGAL_FUNCTION, RTU_ILLEGAL_ADDRESS, RTU_ILLEGAL_VALUE };

/* The device behind the slave. It carries out the whole range or nothing. */
struct rtu_registers {
    enum rtu_exception (*read)(void *device, enum rtu_space space, uint16_t first, uint16_t count, uint16_t *out,
                               uint32_t now_ms);
    enum rtu_exception (*write)(void *device, uint16_t first, uint16_t count, const uint16_t *values, uint32_t now_ms);
    /* Function 17, "report server id": returns how many bytes. NULL: there is none. */
    size_t (*report)(void *device, uint8_t out[RTU_REPORT_MAX], uint32_t now_ms);
    void *device;
};

struct rtu {
    struct rtu_registers registers;
    uint8_t address;     /* 1 … 247 */
    uint8_t silence_ms;  /* that ends a frame */
    uint16_t crc_errors; /* frames without a valid request; stops at 65535 */
    uint32_t last_byte_ms;
    size_t length; /* RTU_FRAME_BYTES_MAX + 1: too long, dropped at the next silence */
    uint8_t frame[RTU_FRAME_BYTES_MAX];
};

void rtu_init(struct rtu *rtu, uint8_t address, uint32_t baud, const struct rtu_registers *registers);
/* At a silence before these bytes an unfinished frame is dropped: poll rtu_reply at least each millisecond. */
void rtu_receive(struct rtu *rtu, const uint8_t *bytes, size_t count, uint32_t now_ms);
/* If a frame has ended, its request is carried out. Returns the length of the reply to send at once; 0 = none. */
size_t rtu_reply(struct rtu *rtu, uint32_t now_ms, uint8_t reply[RTU_FRAME_BYTES_MAX]);

#endif
