/* The registers of the STM32F100 that a reader head uses, and no others. Source: ST RM0041, "STM32F100xx reference
 * manual"; SysTick and NVIC: ARM DDI 0403, "ARMv7-M architecture reference manual". */
#ifndef FIRMWARE_READER_STM32F100_H
#define FIRMWARE_READER_STM32F100_H

#include <stdint.h>

#define RAM_START ((uintptr_t)0x20000000)
#define RAM_BYTES 8192

struct rcc_registers {
    volatile uint32_t cr, cfgr, cir, apb2rstr, apb1rstr, ahbenr, apb2enr, apb1enr;
};
enum {
    RCC_CR_HSION = 1 << 0,
    RCC_CR_HSEON = 1 << 16,
    RCC_CR_HSERDY = 1 << 17,
    RCC_CR_PLLON = 1 << 24,
    RCC_CR_PLLRDY = 1 << 25,
    RCC_CFGR_SW_PLL = 2 << 0,
    RCC_CFGR_SWS = 3 << 2,
    RCC_CFGR_SWS_PLL = 2 << 2,
    RCC_CFGR_PLLSRC_HSE = 1 << 16, /* otherwise half of the internal 8 MHz */
    RCC_CFGR_PLLMUL_3 = 1 << 18,
    RCC_CFGR_PLLMUL_6 = 4 << 18,
    RCC_APB2_GPIOA = 1 << 2,
    RCC_APB2_GPIOB = 1 << 3,
    RCC_APB2_GPIOC = 1 << 4,
    RCC_APB2_USART1 = 1 << 14,
    RCC_APB1_USART2 = 1 << 17,
    RCC_APB1_USART3 = 1 << 18
};

struct gpio_registers {
    volatile uint32_t crl, crh, idr, odr, bsrr, brr;
};

struct usart_registers {
    volatile uint32_t sr, dr, brr, cr1, cr2, cr3;
};
enum {
    USART_SR_PE = 1 << 0,
    USART_SR_FE = 1 << 1,
    USART_SR_NE = 1 << 2,
    USART_SR_RXNE = 1 << 5,
    USART_SR_TC = 1 << 6,
    USART_SR_TXE = 1 << 7,
    USART_CR1_RE = 1 << 2,
    USART_CR1_TE = 1 << 3,
    USART_CR1_RXNEIE = 1 << 5,
    USART_CR1_PCE = 1 << 10, /* even parity … */
    USART_CR1_M = 1 << 12,   /* … as a ninth bit */
    USART_CR1_UE = 1 << 13,
    USART_CR2_STOP_2 = 2 << 12 /* two stop bits */
};
enum { USART1_IRQ = 37, USART2_IRQ = 38, USART3_IRQ = 39, IRQ_COUNT };

struct iwdg_registers {
    volatile uint32_t kr, pr, rlr, sr;
};
enum { IWDG_START = 0xcccc, IWDG_UNLOCK = 0x5555, IWDG_FEED = 0xaaaa, IWDG_PR_32 = 3 };

struct systick_registers {
    volatile uint32_t ctrl, load, val, calib;
};
enum { SYSTICK_ENABLE = 1 << 0, SYSTICK_INTERRUPT = 1 << 1, SYSTICK_CORE_CLOCK = 1 << 2 };

#define RCC       ((struct rcc_registers *)(uintptr_t)0x40021000)
#define GPIOA     ((struct gpio_registers *)(uintptr_t)0x40010800)
#define GPIOB     ((struct gpio_registers *)(uintptr_t)0x40010c00)
#define GPIOC     ((struct gpio_registers *)(uintptr_t)0x40011000)
#define USART1    ((struct usart_registers *)(uintptr_t)0x40013800)
#define USART2    ((struct usart_registers *)(uintptr_t)0x40004400)
#define USART3    ((struct usart_registers *)(uintptr_t)0x40004800)
#define IWDG      ((struct iwdg_registers *)(uintptr_t)0x40003000)
#define SYSTICK   ((struct systick_registers *)(uintptr_t)0xe000e010)
#define NVIC_ISER ((volatile uint32_t *)(uintptr_t)0xe000e100)

#endif
