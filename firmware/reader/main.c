/* The reader head's program: one loop that moves bytes between the module, the bus and the core, and shows what the
 * core says. All decisions are the core's (head.h, pn532.h, rtu.h). */
#include <assert.h>
#include <string.h>
#include "firmware/core/contact.h"
#include "firmware/core/crc16.h"
#include "firmware/core/head.h"
#include "firmware/core/pn532.h"
#include "firmware/reader/board.h"
#include "firmware/reader/serial.h"
#include "firmware/reader/start.h"

#define FIRMWARE_VERSION 0x0003 /* major × 256 + minor */
#define LOG_BAUD         115200
#define LOG_LINE_BYTES   32

static_assert(RTU_FRAME_BYTES_MAX <= SERIAL_SEND_BYTES_MAX && PN532_COMMAND_BYTES_MAX <= SERIAL_SEND_BYTES_MAX &&
                  LOG_LINE_BYTES <= SERIAL_SEND_BYTES_MAX,
              "whatever is sent, is sent whole");

static struct head head;
static struct pn532 module;
static struct contact lid;
static bool begun; /* the head is initialised: it has its boot nonce */
static uint16_t logged_nonce;
static enum pattern logged_pattern;
static bool logged_faulty;

/* Sends "milliseconds word number" to the log pin, for a technician and for tests; built from its end, which needs
 * no length of the numbers. False, and nothing is sent, while the line before is on its way. A card's number is
 * never logged. */
static bool log_line(const char *word, uint32_t number, uint32_t now_ms)
{
    uint8_t line[LOG_LINE_BYTES];
    size_t at = sizeof line;

    line[--at] = '\n';
    do
        line[--at] = (uint8_t)('0' + number % 10);
    while ((number /= 10) > 0);
    line[--at] = ' ';
    for (size_t i = strlen(word); i > 0; i--)
        line[--at] = (uint8_t)word[i - 1];
    line[--at] = ' ';
    do
        line[--at] = (uint8_t)('0' + now_ms % 10);
    while ((now_ms /= 10) > 0);
    return serial_send(SERIAL_LOG, line + at, sizeof line - at, board_ms());
}

/* The chip has no random number generator. The nonce is made of what the RAM held at the start, which is random
 * after a power cut and different after a reset, and of the cycle in which the first byte arrives, which depends on
 * another device's clock. */
static void start_head(uint32_t now_ms)
{
    uint32_t cycles = board_cycles();
    uint8_t chance[6];

    memcpy(chance, &cycles, sizeof cycles);
    chance[4] = (uint8_t)start_seed();
    chance[5] = (uint8_t)(start_seed() >> 8);
    uint16_t nonce = crc16_of(chance, sizeof chance);
    head_init(&head, board_address(), board_baud(), FIRMWARE_VERSION, nonce ? nonce : 1, now_ms);
    begun = true;
}

/* The first byte on any line starts the head: see start_head. */
static bool receive(enum serial_line which, uint8_t *byte, uint32_t now_ms)
{
    bool taken = serial_take(which, byte);

    if (taken && !begun)
        start_head(now_ms);
    return taken;
}

static void serve_module(uint32_t now_ms)
{
    uint8_t byte, command[PN532_COMMAND_BYTES_MAX];

    while (receive(SERIAL_MODULE, &byte, now_ms))
        if (pn532_receive(&module, byte, now_ms))
            head_tap(&head, module.card, module.card_bytes, now_ms);
    size_t length = pn532_command(&module, now_ms, command);
    board_hold_module(pn532_held(&module, now_ms));
    if (length > 0)
        serial_send(SERIAL_MODULE, command, length,
                    now_ms); /* a command that is not sent is repeated, as after any silence */
    head.rfid_fault = module.faulty;
}

static void serve_bus(uint32_t now_ms)
{
    uint8_t byte, reply[RTU_FRAME_BYTES_MAX];

    while (receive(SERIAL_BUS, &byte, now_ms))
        rtu_receive(&head.rtu, &byte, 1, now_ms);
    if (!begun)
        return;
    size_t length = rtu_reply(&head.rtu, now_ms, reply);
    if (length > 0)
        serial_send(SERIAL_BUS, reply, length, now_ms); /* when a reply is not sent the master repeats its request */
}

static void log_changes(uint32_t now_ms)
{
    enum pattern pattern = head_pattern(&head, now_ms);

    if (head.boot_nonce != logged_nonce && log_line("boot", head.boot_nonce, now_ms))
        logged_nonce = head.boot_nonce;
    if (pattern != logged_pattern && log_line("pattern", pattern, now_ms))
        logged_pattern = pattern;
    if (module.faulty != logged_faulty && log_line("module", !module.faulty, now_ms))
        logged_faulty = module.faulty;
}

static void turn(uint32_t now_ms)
{
    serve_module(now_ms);
    serve_bus(now_ms);
    if (begun)
        head_step(&head, now_ms);
    head.tamper = contact_open(&lid, board_case_open(), now_ms);
    board_show(head_output(&head, now_ms));
    log_changes(now_ms);
}

int main(void)
{
    board_open();
    serial_open(SERIAL_BUS, BOARD_CLOCK_HZ, board_baud(), board_even_parity());
    serial_open(SERIAL_MODULE, BOARD_CLOCK_HZ, PN532_BAUD, false);
    serial_open(SERIAL_LOG, BOARD_CLOCK_HZ, LOG_BAUD, false);
    pn532_init(&module, board_ms());
    for (;;) {
        turn(board_ms());
        if (!serial_stuck())
            board_feed_watchdog();
        if (!serial_step(board_ms()))
            board_sleep();
    }
}
