/* The vector table and the way into main. The seed is taken before anything is written to RAM. */
#include "firmware/reader/start.h"

#include <string.h>
#include "firmware/core/crc16.h"
#include "firmware/reader/board.h"
#include "firmware/reader/serial.h"
#include "firmware/reader/stm32f100.h"

#define SYSTEM_VECTORS 16

extern uint32_t stack_top[], data_start[], data_end[], data_image[], bss_start[], bss_end[]; /* reader.ld */

int main(void);
_Noreturn void start_reset(void);

static uint16_t seed;

uint16_t start_seed(void)
{
    return seed;
}

/* With interrupts off nothing feeds the watchdog, which resets the chip within a second. Until then the bus is the others',
 * and the lamp promises nothing. */
_Noreturn void start_failed(int line)
{
    __asm__ volatile("cpsid i");
    board_drive_bus(false);
    board_show((struct pattern_output){0});
    serial_send_polled(SERIAL_LOG, line);
    for (;;)
        ;
}

static void unexpected(void)
{
    start_failed(0);
}

_Noreturn void start_reset(void)
{
    uint16_t chance = crc16_of((const uint8_t *)RAM_START, RAM_BYTES);

    memcpy(data_start, data_image, (uintptr_t)data_end - (uintptr_t)data_start);
    memset(bss_start, 0, (uintptr_t)bss_end - (uintptr_t)bss_start);
    seed = chance;
    main();
    start_failed(__LINE__);
}

typedef void (*vector)(void);

/* The first word is the initial stack pointer, the others are functions. */
static const union {
    void *stack;
    vector function;
} VECTORS[SYSTEM_VECTORS + IRQ_COUNT] __attribute__((section(".vectors"), used)) = {
    [0] = {.stack = stack_top},
    [1] = {.function = start_reset},
    [2 ... SYSTEM_VECTORS - 2] = {.function = unexpected},
    [SYSTEM_VECTORS - 1] = {.function = board_tick},
    [SYSTEM_VECTORS... SYSTEM_VECTORS + USART1_IRQ - 1] = {.function = unexpected},
    [SYSTEM_VECTORS + USART1_IRQ] = {.function = serial_bus_interrupt},
    [SYSTEM_VECTORS + USART2_IRQ] = {.function = serial_module_interrupt},
    [SYSTEM_VECTORS + USART3_IRQ] = {.function = unexpected},
};
