/* A NOR flash for tests that can lose power in the middle of any byte.
 *
 * It keeps what reads see and what would survive, and between them the operations since the last sync. After a cut each
 * of those was applied, dropped, torn or turned to garbage, as a seed says. Garbage stays within the bytes that were
 * being written (a program can only clear bits, an erase can leave anything). */
#ifndef TESTS_NOR_H
#define TESTS_NOR_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "firmware/core/flash.h"

#define NOR_OPERATIONS_MAX 512 /* cached; the oldest then reaches the medium by itself */
#define NOR_PROGRAM_BYTES  32
#define NOR_SECTORS_MAX    8
#define NOR_FOREVER        UINT64_MAX

struct nor_operation {
    bool erase;
    uint32_t offset;
    size_t length; /* how far it got */
    uint8_t bytes[NOR_PROGRAM_BYTES];
};

struct nor {
    uint32_t sector_count;
    uint8_t seen[NOR_SECTORS_MAX * FLASH_SECTOR_BYTES];
    uint8_t durable[NOR_SECTORS_MAX * FLASH_SECTOR_BYTES];
    struct nor_operation operations[NOR_OPERATIONS_MAX];
    size_t operation_count;
    uint64_t steps_left; /* power fails when they are used up: a step per byte programmed, erasure begun, sync */
    uint64_t steps;      /* taken so far */
    bool dead;
    bool sync_lies;
    bool reads_fail;
    uint32_t broken_sector; /* counted from 1: it does not read until it is erased; 0 = none */
    uint64_t seed;
};

static inline uint32_t nor_random(struct nor *nor)
{
    nor->seed = nor->seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(nor->seed >> 33);
}

/* One step of power; false when it has run out. */
static inline bool nor_step(struct nor *nor)
{
    if (nor->steps_left == 0) {
        nor->dead = true;
        return false;
    }
    if (nor->steps_left != NOR_FOREVER)
        nor->steps_left--;
    nor->steps++;
    return true;
}

static inline void nor_apply(uint8_t *image, const struct nor_operation *op, size_t length)
{
    for (size_t i = 0; i < length; i++)
        image[op->offset + i] = op->erase ? 0xff : image[op->offset + i] & op->bytes[i];
}

static inline void nor_spoil(struct nor *nor, const struct nor_operation *op)
{
    for (size_t i = 0; i < op->length; i++) {
        uint8_t *byte = &nor->durable[op->offset + i];
        *byte = (uint8_t)(op->erase ? nor_random(nor) : *byte & nor_random(nor));
    }
}

static inline struct nor_operation *nor_begin(struct nor *nor, bool erase, uint32_t offset)
{
    if (nor->operation_count == NOR_OPERATIONS_MAX) {
        nor_apply(nor->durable, &nor->operations[0], nor->operations[0].length);
        memmove(nor->operations, nor->operations + 1, sizeof nor->operations - sizeof nor->operations[0]);
        nor->operation_count--;
    }
    struct nor_operation *op = &nor->operations[nor->operation_count++];
    *op = (struct nor_operation){.erase = erase, .offset = offset};
    return op;
}

static inline bool nor_read(void *device, uint32_t offset, void *bytes, size_t length)
{
    struct nor *nor = device;

    assert(offset + length <= nor->sector_count * FLASH_SECTOR_BYTES);
    memcpy(bytes, nor->seen + offset, length);
    return !nor->dead && !nor->reads_fail && offset / FLASH_SECTOR_BYTES + 1 != nor->broken_sector;
}

static inline bool nor_program(void *device, uint32_t offset, const void *bytes, size_t length)
{
    struct nor *nor = device;

    assert(offset + length <= nor->sector_count * FLASH_SECTOR_BYTES && length <= NOR_PROGRAM_BYTES);
    if (nor->dead)
        return false;
    struct nor_operation *op = nor_begin(nor, false, offset);
    memcpy(op->bytes, bytes, length);
    while (op->length < length && nor_step(nor))
        op->length++;
    nor_apply(nor->seen, op, op->length);
    return !nor->dead;
}

static inline bool nor_erase(void *device, uint32_t sector)
{
    struct nor *nor = device;

    assert(sector < nor->sector_count);
    if (nor->dead || !nor_step(nor))
        return false;
    if (sector + 1 == nor->broken_sector)
        nor->broken_sector = 0;
    struct nor_operation *op = nor_begin(nor, true, sector * FLASH_SECTOR_BYTES);
    op->length = FLASH_SECTOR_BYTES;
    nor_apply(nor->seen, op, op->length);
    return true;
}

static inline bool nor_sync(void *device)
{
    struct nor *nor = device;

    if (nor->dead || !nor_step(nor))
        return false;
    if (!nor->sync_lies) {
        for (size_t i = 0; i < nor->operation_count; i++)
            nor_apply(nor->durable, &nor->operations[i], nor->operations[i].length);
        nor->operation_count = 0;
    }
    return true;
}

/* After a cut: what the medium holds now, by `seed`. */
static inline void nor_power_up(struct nor *nor, uint64_t seed)
{
    nor->seed = seed * 2862933555777941757U + 3037000493U;
    for (size_t i = 0; i < nor->operation_count; i++) {
        const struct nor_operation *op = &nor->operations[i];
        switch (nor_random(nor) % 4) {
        case 0: /* dropped */
            break;
        case 1:
            nor_apply(nor->durable, op, op->length);
            break;
        case 2: /* torn */
            nor_apply(nor->durable, op, nor_random(nor) % (op->length + 1));
            break;
        case 3:
            nor_spoil(nor, op);
            break;
        }
    }
    nor->operation_count = 0;
    memcpy(nor->seen, nor->durable, sizeof nor->seen);
    nor->dead = false;
    nor->steps_left = NOR_FOREVER;
}

static inline struct flash nor_open(struct nor *nor, uint32_t sector_count)
{
    assert(sector_count <= NOR_SECTORS_MAX);
    *nor = (struct nor){.sector_count = sector_count, .steps_left = NOR_FOREVER};
    memset(nor->seen, 0xff, sizeof nor->seen);
    memset(nor->durable, 0xff, sizeof nor->durable);
    return (struct flash){nor_read, nor_program, nor_erase, nor_sync, nor, sector_count};
}

#endif
