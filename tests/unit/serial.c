/* The head's serial lines on the host, with registers that are plain memory and a driver pin that is watched. */
#include "firmware/reader/stm32f100.h"

#include <string.h>
#include "tests/test.h"

static struct usart_registers usarts[3];
static volatile uint32_t nvic[8];
static bool drives;

#undef USART1
#undef USART2
#undef USART3
#undef NVIC_ISER
#define USART1    (&usarts[0])
#define USART2    (&usarts[1])
#define USART3    (&usarts[2])
#define NVIC_ISER nvic
#include "firmware/reader/serial.c"

void board_drive_bus(bool drive)
{
    drives = drive;
}

static void set_up(bool even_parity)
{
    memset(usarts, 0, sizeof usarts);
    memset(lines, 0, sizeof lines);
    stuck = drives = false;
    serial_open(SERIAL_BUS, 24000000, 19200, even_parity);
}

static void the_driver_has_the_line_until_the_last_stop_bit(void)
{
    set_up(true);
    usarts[0].sr = USART_SR_TXE;
    CHECK(serial_send(SERIAL_BUS, (const uint8_t[]){1, 2, 3}, 3, 1000) && drives);
    for (uint8_t byte = 1; byte <= 3; byte++) {
        CHECK(serial_step(1001) && drives);
        CHECK(usarts[0].dr == byte);
    }
    CHECK(serial_step(1002) && drives); /* on its way */
    usarts[0].sr = USART_SR_TXE | USART_SR_TC;
    CHECK(!serial_step(1003) && !drives && !serial_stuck());
}

/* A peripheral that an electrostatic discharge has switched off: neither flag ever comes. */
static void a_line_that_stops_sending_frees_the_bus_and_asks_for_a_reset(void)
{
    for (int sent = 0; sent <= 2; sent++) {
        set_up(true);
        uint32_t begun_ms = UINT32_MAX - 10; /* the count wraps */
        CHECK(serial_send(SERIAL_BUS, (const uint8_t[]){1, 2}, 2, begun_ms));
        usarts[0].sr = USART_SR_TXE;
        for (int i = 0; i < sent; i++)
            serial_step(begun_ms);
        usarts[0].sr = 0;
        for (uint32_t ms = 0; ms < SERIAL_SEND_MS; ms++)
            CHECK(serial_step(begun_ms + ms) && drives && !serial_stuck());
        CHECK(!serial_step(begun_ms + SERIAL_SEND_MS) && !drives && serial_stuck());
        usarts[0].sr = USART_SR_RXNE;
        usarts[0].dr = 7;
        serial_bus_interrupt();
        uint8_t byte;
        CHECK(serial_take(SERIAL_BUS, &byte) && byte == 7); /* it is not deaf */
        CHECK(serial_stuck());
    }
}

static void parity_and_stop_bits_make_eleven(void)
{
    set_up(true);
    CHECK(usarts[0].cr1 & USART_CR1_PCE && usarts[0].cr1 & USART_CR1_M && usarts[0].cr2 == 0);
    set_up(false);
    CHECK(!(usarts[0].cr1 & (USART_CR1_PCE | USART_CR1_M)) && usarts[0].cr2 == 0x2000);
    serial_open(SERIAL_MODULE, 24000000, 115200, false);
    CHECK(usarts[1].cr2 == 0 && !(usarts[1].cr1 & USART_CR1_PCE)); /* 8N1 for the module */
}

int main(void)
{
    TEST(the_driver_has_the_line_until_the_last_stop_bit);
    TEST(a_line_that_stops_sending_frees_the_bus_and_asks_for_a_reset);
    TEST(parity_and_stop_bits_make_eleven);
    return test_done();
}
