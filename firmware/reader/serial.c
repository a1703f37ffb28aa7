/* One ring a line, filled by its interrupt and emptied by the main loop. The indices are single bytes, written by
 * one side each, and wrap at the ring's 256 places by themselves: no lock is needed. */
#include "firmware/reader/serial.h"

#include <string.h>
#include "firmware/reader/board.h"
#include "firmware/reader/stm32f100.h"

#define POLLED_TURNS_MAX 100000 /* longer than a byte takes at 1,200 baud */

struct serial {
    volatile uint8_t put, taken; /* indices into the ring */
    uint8_t ring[256];
    bool sending, ignores_input;
    uint16_t sent, length;
    uint32_t begun_ms;
    uint8_t outgoing[SERIAL_SEND_BYTES_MAX];
};

static const struct {
    struct usart_registers *usart;
    uint8_t interrupt;
} HARDWARE[SERIAL_LINES] = {{USART1, USART1_IRQ}, {USART2, USART2_IRQ}, {USART3, USART3_IRQ}};
static struct serial lines[SERIAL_LINES];
static bool stuck;

void serial_open(enum serial_line which, uint32_t clock_hz, uint32_t baud, bool even_parity)
{
    struct usart_registers *usart = HARDWARE[which].usart;
    uint32_t receive = which == SERIAL_LOG ? 0 : USART_CR1_RE | USART_CR1_RXNEIE;

    usart->brr = (clock_hz + baud / 2) / baud;
    usart->cr2 = which == SERIAL_BUS && !even_parity ? USART_CR2_STOP_2 : 0;
    usart->cr1 = USART_CR1_UE | USART_CR1_TE | receive | (even_parity ? USART_CR1_PCE | USART_CR1_M : 0);
    if (receive)
        NVIC_ISER[HARDWARE[which].interrupt / 32] = 1u << HARDWARE[which].interrupt % 32;
}

/* Reading status and then data clears every flag. A full ring drops the newest byte: the frame is lost in any case. */
static void receive(enum serial_line which)
{
    struct serial *line = &lines[which];
    uint32_t status = HARDWARE[which].usart->sr;
    uint8_t byte = (uint8_t)HARDWARE[which].usart->dr;

    if (!(status & USART_SR_RXNE) || (status & (USART_SR_PE | USART_SR_FE | USART_SR_NE)) || line->ignores_input)
        return;
    if ((uint8_t)(line->put + 1) == line->taken)
        return;
    line->ring[line->put] = byte;
    line->put++;
}

void serial_bus_interrupt(void)
{
    receive(SERIAL_BUS);
}

void serial_module_interrupt(void)
{
    receive(SERIAL_MODULE);
}

bool serial_take(enum serial_line which, uint8_t *byte)
{
    struct serial *line = &lines[which];

    if (line->taken == line->put)
        return false;
    *byte = line->ring[line->taken];
    line->taken++;
    return true;
}

bool serial_send(enum serial_line which, const uint8_t *bytes, size_t count, uint32_t now_ms)
{
    struct serial *line = &lines[which];

    if (line->sending || count == 0 || count > SERIAL_SEND_BYTES_MAX)
        return false;
    memcpy(line->outgoing, bytes, count);
    line->length = (uint16_t)count;
    line->sent = 0;
    line->begun_ms = now_ms;
    line->sending = true;
    if (which == SERIAL_BUS) {
        line->ignores_input = true;
        board_drive_bus(true);
    }
    return true;
}

static void end(enum serial_line which, struct serial *line)
{
    line->sending = false;
    if (which != SERIAL_BUS)
        return;
    board_drive_bus(false);
    line->ignores_input = false;
}

/* TXE: room for the next byte. TC: the last stop bit has left, and only then may the bus be released. */
static bool step(enum serial_line which, uint32_t now_ms)
{
    struct serial *line = &lines[which];
    struct usart_registers *usart = HARDWARE[which].usart;
    uint32_t status = usart->sr;

    if (!line->sending)
        return false;
    if (line->sent < line->length && status & USART_SR_TXE)
        usart->dr = line->outgoing[line->sent++];
    else if (line->sent == line->length && status & USART_SR_TC)
        end(which, line);
    if (line->sending && now_ms - line->begun_ms >= SERIAL_SEND_MS) {
        end(which, line);
        stuck = true;
    }
    return line->sending;
}

bool serial_step(uint32_t now_ms)
{
    bool busy = false;

    for (enum serial_line which = SERIAL_BUS; which < SERIAL_LINES; which++)
        busy |= step(which, now_ms);
    return busy;
}

bool serial_stuck(void)
{
    return stuck;
}

/* Goes on after the bound: what cannot be sent is lost. */
static void send_byte_polled(struct usart_registers *usart, char byte)
{
    for (uint32_t turns = 0; turns < POLLED_TURNS_MAX && !(usart->sr & USART_SR_TXE); turns++)
        ;
    usart->dr = (uint8_t)byte;
}

void serial_send_polled(enum serial_line which, int number)
{
    send_byte_polled(HARDWARE[which].usart, '!');
    for (int unit = 1000; unit > 0; unit /= 10)
        send_byte_polled(HARDWARE[which].usart, (char)('0' + number / unit % 10));
    send_byte_polled(HARDWARE[which].usart, '\n');
}
