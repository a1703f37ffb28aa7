/* The registers of the chip behind board.h. Pins and clock are those of docs/firmware.md. */
#include "firmware/reader/board.h"

#include "firmware/reader/stm32f100.h"

#define TICK_CYCLES    (BOARD_CLOCK_HZ / 1000)
#define READY_TURNS    20000 /* about 10 ms at 8 MHz: a crystal starts within 2 ms, the PLL locks within 0.2 ms */
#define WATCHDOG_TICKS 1250  /* of 40 kHz / 32: one second; the internal oscillator may be 50 % off */

/* Pins, as docs/firmware.md has them. */
enum {
    PIN_BUS_DRIVE = 8, /* port A */
    PIN_BUS_RECEIVE = 10,
    PIN_TAMPER = 0, /* port B; a contact to ground that opens with the case */
    PIN_MODULE_RESET = 1,
    PIN_NO_PARITY = 11,
    PIN_SWITCHES = 12,
    PIN_BUZZER = 7, /* port C */
    PIN_RED = 8,
    PIN_GREEN = 9,
    SWITCH_ADDRESS = 7, /* three switches to ground: address - 1 */
    SWITCH_FAST = 8     /* closed: 115,200 baud; the switch for no parity is the next one below these four */
};

/* Four bits per pin: mode and configuration. */
enum { PIN_FLOATING = 0x4, PIN_PULLED = 0x8, PIN_OUTPUT = 0x2, PIN_USART = 0xa };
#define PIN(number, kind) ((uint32_t)(kind) << 4 * ((number) % 8))

static volatile uint32_t ticks;
static uint32_t switches;
static bool even_parity;

/* Waits, with a bound, until the bits in `mask` read `value`. */
static bool became(const volatile uint32_t *where, uint32_t mask, uint32_t value)
{
    for (uint32_t turns = 0; turns < READY_TURNS; turns++)
        if ((*where & mask) == value)
            return true;
    return false;
}

/* 24 MHz from the crystal, or from the internal oscillator (1 % off at room temperature) when the crystal does not
 * start. Without even the PLL we go on: a head at the wrong speed cannot be understood on the bus, and the terminal
 * reports it. */
static void start_clock(void)
{
    RCC->cr |= RCC_CR_HSEON;
    bool crystal = became(&RCC->cr, RCC_CR_HSERDY, RCC_CR_HSERDY);
    RCC->cfgr = crystal ? RCC_CFGR_PLLSRC_HSE | RCC_CFGR_PLLMUL_3 : RCC_CFGR_PLLMUL_6;
    RCC->cr |= RCC_CR_PLLON;
    became(&RCC->cr, RCC_CR_PLLRDY, RCC_CR_PLLRDY);
    RCC->cfgr |= RCC_CFGR_SW_PLL;
    became(&RCC->cfgr, RCC_CFGR_SWS, RCC_CFGR_SWS_PLL);
}

static void set_pin(volatile uint32_t *half, unsigned number, uint32_t kind)
{
    *half = (*half & ~PIN(number, 0xf)) | PIN(number, kind);
}

static void set_pins(void)
{
    RCC->apb2enr |= RCC_APB2_GPIOA | RCC_APB2_GPIOB | RCC_APB2_GPIOC | RCC_APB2_USART1;
    RCC->apb1enr |= RCC_APB1_USART2 | RCC_APB1_USART3;
    board_drive_bus(false);
    GPIOA->bsrr = 1u << PIN_BUS_RECEIVE | 1u << 3; /* pulled up: an undriven line is idle */
    set_pin(&GPIOA->crl, 2, PIN_USART);            /* module */
    set_pin(&GPIOA->crl, 3, PIN_PULLED);           /* quiet while the module's cable is off */
    set_pin(&GPIOA->crh, PIN_BUS_DRIVE, PIN_OUTPUT);
    set_pin(&GPIOA->crh, 9, PIN_USART); /* bus */
    set_pin(&GPIOA->crh, PIN_BUS_RECEIVE, PIN_PULLED);
    GPIOB->bsrr = 1u << PIN_TAMPER | 1u << PIN_MODULE_RESET | 1u << PIN_NO_PARITY | 0xfu << PIN_SWITCHES;
    set_pin(&GPIOB->crl, PIN_TAMPER, PIN_PULLED);
    set_pin(&GPIOB->crl, PIN_MODULE_RESET, PIN_OUTPUT);
    set_pin(&GPIOB->crh, PIN_NO_PARITY, PIN_PULLED);
    set_pin(&GPIOB->crh, 10, PIN_USART); /* log */
    for (unsigned pin = PIN_SWITCHES; pin < PIN_SWITCHES + 4; pin++)
        set_pin(&GPIOB->crh, pin, PIN_PULLED);
    set_pin(&GPIOC->crl, PIN_BUZZER, PIN_OUTPUT);
    set_pin(&GPIOC->crh, PIN_RED, PIN_OUTPUT);
    set_pin(&GPIOC->crh, PIN_GREEN, PIN_OUTPUT);
}

static void start_tick(void)
{
    SYSTICK->load = TICK_CYCLES - 1;
    SYSTICK->val = 0;
    SYSTICK->ctrl = SYSTICK_ENABLE | SYSTICK_INTERRUPT | SYSTICK_CORE_CLOCK;
}

static void start_watchdog(void)
{
    IWDG->kr = IWDG_START;
    IWDG->kr = IWDG_UNLOCK;
    IWDG->pr = IWDG_PR_32;
    IWDG->rlr = WATCHDOG_TICKS;
    board_feed_watchdog();
}

void board_open(void)
{
    start_watchdog();
    start_clock();
    set_pins();
    start_tick();
    while (board_ms() < 2) /* until the pull-ups have charged the lines; should the tick not run, the watchdog resets */
        board_sleep();
    switches = ~GPIOB->idr >> PIN_SWITCHES;
    even_parity = GPIOB->idr & 1u << PIN_NO_PARITY;
}

void board_tick(void)
{
    ticks++;
}

uint32_t board_ms(void)
{
    return ticks;
}

/* A tick between the two reads would make this wrong by a millisecond; it only serves as a source of chance. */
uint32_t board_cycles(void)
{
    return ticks * TICK_CYCLES + (TICK_CYCLES - 1 - SYSTICK->val);
}

void board_sleep(void)
{
    __asm__ volatile("wfi");
}

void board_feed_watchdog(void)
{
    IWDG->kr = IWDG_FEED;
}

uint8_t board_address(void)
{
    return (uint8_t)(1 + (switches & SWITCH_ADDRESS));
}

uint32_t board_baud(void)
{
    return switches & SWITCH_FAST ? 115200 : 19200;
}

bool board_even_parity(void)
{
    return even_parity;
}

bool board_case_open(void)
{
    return GPIOB->idr & 1u << PIN_TAMPER;
}

static uint32_t set_or_reset(bool on, unsigned pin)
{
    return on ? 1u << pin : 1u << (pin + 16);
}

void board_show(struct pattern_output output)
{
    GPIOC->bsrr = set_or_reset(output.green, PIN_GREEN) | set_or_reset(output.red, PIN_RED) |
                  set_or_reset(output.buzzer, PIN_BUZZER);
}

void board_drive_bus(bool drive)
{
    GPIOA->bsrr = set_or_reset(drive, PIN_BUS_DRIVE);
}

void board_hold_module(bool hold)
{
    GPIOB->bsrr = set_or_reset(!hold, PIN_MODULE_RESET);
}
