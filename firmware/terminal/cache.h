/* The cards, the room's plans and the config as the broker last sent them, one file each, so that a terminal that
 * starts without a network still answers its pupils. Tokens only, no names.
 *
 * A file is replaced whole or not at all, and only when its content changes. A file that cannot be read is skipped:
 * the broker sends its message again. */
#ifndef FIRMWARE_TERMINAL_CACHE_H
#define FIRMWARE_TERMINAL_CACHE_H

#include <stdbool.h>
#include <stddef.h>

/* Keeps the newest message of a topic; without bytes it removes it. False with errno set. */
bool cache_keep(const char *folder, const char *topic, const char *bytes, size_t length);

/* Calls `give` with each kept message. `buffer` of `capacity` bytes is the caller's; larger files are skipped. False
 * when the folder cannot be read. */
typedef void cache_visit(void *context, const char *topic, const char *bytes, size_t length);
bool cache_recall(const char *folder, char *buffer, size_t capacity, cache_visit *visit, void *context);

#endif
