/* Names become small numbers: each text given gets the next index, the same text the same index. Looking up costs a
 * hash, comparing afterwards costs nothing.
 *
 * Memory is taken once, in names_open; what is not used costs address space only. Nothing is ever taken out but by
 * names_clear. */
#ifndef DAEMON_CORE_NAMES_H
#define DAEMON_CORE_NAMES_H

#include <stdint.h>
#include "daemon/core/text.h"

#define NAMES_NONE UINT32_MAX

struct names {
    uint32_t count, capacity;
    uint32_t bytes_used, bytes_capacity;
    uint32_t slot_mask;
    uint32_t *slots;  /* open addressing: index + 1, 0 = free */
    uint32_t *starts; /* capacity + 1: where each text begins in bytes; texts are NUL-terminated there */
    char *bytes;
};

/* Room for `capacity` texts of `bytes` in all, NULs counted. False with errno set when there is no memory. */
bool names_open(struct names *names, uint32_t capacity, uint32_t bytes);
void names_close(struct names *names);
void names_clear(struct names *names);

uint32_t names_find(const struct names *names, struct text text); /* NAMES_NONE when it is not there */
uint32_t names_add(struct names *names, struct text text);        /* NAMES_NONE when it is full */
/* Valid until names_clear or names_close; NUL-terminated. */
struct text names_text(const struct names *names, uint32_t index);

#endif
