/* The allow-list, the room's plans and the config as the broker last gave them, one file each, so that a terminal that
 * starts without a network still answers its pupils. Tokens only, no names.
 *
 * A file is replaced whole or not at all, and only when its content changes. What cannot be read is as if it were not
 * there: the broker gives it again. */
#ifndef FIRMWARE_TERMINAL_CACHE_H
#define FIRMWARE_TERMINAL_CACHE_H

#include <stdbool.h>
#include <stddef.h>

/* Keeps the newest message of a topic; no bytes = forget it. False with errno set. */
bool cache_keep(const char *folder, const char *topic, const char *bytes, size_t length);

/* Calls `give` with each kept message. `buffer` of `capacity` bytes is the caller's; larger files are skipped. False
 * when the folder cannot be read. */
typedef void cache_visit(void *context, const char *topic, const char *bytes, size_t length);
bool cache_recall(const char *folder, char *buffer, size_t capacity, cache_visit *visit, void *context);

#endif
