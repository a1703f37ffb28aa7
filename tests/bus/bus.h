/* One emulated bus: a line with reader heads on it, the product's own engine in each, or models of commercial readers. It tells what happens
 * on standard output, a line per fact; main.c explains them to the user. Times are microseconds of
 * CLOCK_BOOTTIME. */
#ifndef TESTS_BUS_BUS_H
#define TESTS_BUS_BUS_H

#include "common/event.h"
#include "firmware/core/head.h"
#include "tests/bus/foreign.h"
#include "tests/bus/line.h"

#define BUS_READERS_MAX 8

struct reader {
    struct head head;       /* of a commercial reader: only the slave in it */
    struct foreign foreign; /* model FOREIGN_NONE: a head of ours */
    bool muted;             /* its wire is cut */
    bool told_in_service;
    uint16_t told_mode;
};

struct bus {
    char name[ID_BYTES];
    struct line line;
    struct line guest; /* on the same wires: a reader that is another program; without a path there is none */
    size_t reader_count;
    struct reader readers[BUS_READERS_MAX];
};

int64_t bus_now_us(void);
/* One line of standard output, after the time. */
void bus_tell(int64_t now_us, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Starts the head anew: another boot nonce, an empty queue. */
void bus_power_up(const struct bus *bus, struct reader *reader, uint8_t address, int64_t now_us);
struct reader *bus_reader(struct bus *bus, unsigned address); /* NULL: no such one */
void bus_tap(const struct bus *bus, struct reader *reader, const uint8_t *card, size_t card_bytes, int64_t now_us);
void bus_restart(const struct bus *bus, struct reader *reader, int64_t now_us);
/* Does what is due; returns when the next thing is. Call it too when the master's or the guest's line can be read. */
int64_t bus_step(struct bus *bus, bool readable, bool guest_readable, int64_t now_us);

#endif
