/* One emulated RS-485 line: a pty that the master opens through a symlink, and bytes that take their time.
 *
 * What the master writes is heard when its last byte would have arrived at the line's baud rate; what a
 * reader sends reaches the master as late. One direction at a time, as on two wires. Times are microseconds.
 */
#ifndef TESTS_BUS_LINE_H
#define TESTS_BUS_LINE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES_MAX 1024
#define LINE_NEVER     INT64_MAX

/* Bytes on their way, all of them there at `at_us`. */
struct line_burst {
    uint8_t bytes[LINE_BYTES_MAX];
    size_t length;
    int64_t at_us; /* LINE_NEVER: nothing on its way */
};

struct line {
    char path[PATH_MAX]; /* of the symlink */
    uint32_t baud;
    int fd;              /* -1: unplugged */
    int keeper;          /* the other end held open, or the pty would hang up whenever no master has it open */
    bool echoes, strays; /* the master hears itself; a byte of noise before each answer */
    struct line_burst heard, sent;
};

/* False with errno set. */
bool line_plug(struct line *line);
void line_unplug(struct line *line);
/* Takes what the master has written; more than fits is noise and dropped. */
void line_listen(struct line *line, int64_t now_us);
void line_send(struct line *line, const uint8_t *bytes, size_t count, int64_t now_us);
/* Hands the burst over if it is there by now: true once each. Its bytes are valid until the next call here.
 */
bool line_heard(struct line *line, int64_t now_us);
bool line_sent(struct line *line, int64_t now_us);
/* Hands bytes over that were on their way elsewhere. */
bool line_write(const struct line *line, const uint8_t *bytes, size_t count);

#endif
