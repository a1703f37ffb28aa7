/* An open-addressing hash table with linear probing over texts that lie one after the other in one buffer. */
#include "daemon/core/school/names.h"

#include <assert.h>
#include <stdlib.h>

static uint32_t hash(struct text text)
{
    uint32_t value = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < text.length; i++)
        value = (value ^ (unsigned char)text.bytes[i]) * 16777619u;
    return value ^ (value >> 15);
}

/* Twice as many slots as names, so that probing stays short and always ends at a free slot. */
bool names_open(struct names *names, uint32_t capacity, uint32_t bytes)
{
    assert(capacity > 0 && capacity < UINT32_MAX / 4);
    uint32_t slots = 4;
    while (slots < 2 * capacity)
        slots *= 2;
    *names = (struct names){.capacity = capacity, .bytes_capacity = bytes, .slot_mask = slots - 1};
    names->slots = calloc(slots, sizeof *names->slots);
    names->starts = calloc((size_t)capacity + 1, sizeof *names->starts);
    names->bytes = malloc(bytes);
    if (names->slots != NULL && names->starts != NULL && names->bytes != NULL)
        return true;
    names_close(names);
    return false;
}

void names_close(struct names *names)
{
    free(names->slots);
    free(names->starts);
    free(names->bytes);
    *names = (struct names){0};
}

void names_clear(struct names *names)
{
    memset(names->slots, 0, ((size_t)names->slot_mask + 1) * sizeof *names->slots);
    names->count = 0;
    names->bytes_used = 0;
}

/* The slot that holds the text, or the free one where it belongs. There is always a free one: half stay empty. */
static uint32_t slot_of(const struct names *names, struct text text)
{
    uint32_t slot = hash(text) & names->slot_mask;
    while (names->slots[slot] != 0 && !text_equal(names_text(names, names->slots[slot] - 1), text))
        slot = (slot + 1) & names->slot_mask;
    return slot;
}

uint32_t names_find(const struct names *names, struct text text)
{
    uint32_t found = names->slots[slot_of(names, text)];
    return found == 0 ? NAMES_NONE : found - 1;
}

/* Texts end with a NUL, so that one may be printed as a string; starts[count] is the end of the last. */
uint32_t names_add(struct names *names, struct text text)
{
    uint32_t slot = slot_of(names, text);
    if (names->slots[slot] != 0)
        return names->slots[slot] - 1;
    if (names->count == names->capacity || text.length >= names->bytes_capacity - names->bytes_used)
        return NAMES_NONE;
    uint32_t index = names->count++;
    char *to = names->bytes + names->bytes_used;
    if (text.length > 0)
        memcpy(to, text.bytes, text.length);
    to[text.length] = '\0';
    names->starts[index] = names->bytes_used;
    names->bytes_used += (uint32_t)text.length + 1;
    names->starts[names->count] = names->bytes_used;
    names->slots[slot] = index + 1;
    return index;
}

struct text names_text(const struct names *names, uint32_t index)
{
    assert(index < names->count);
    uint32_t start = names->starts[index];
    return (struct text){names->bytes + start, names->starts[index + 1] - start - 1};
}
