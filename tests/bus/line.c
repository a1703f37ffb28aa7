#include "tests/bus/line.h"

#include <fcntl.h>
#include <pty.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define BITS_PER_BYTE 10 /* 8N1: a pty loses the parity bit, and its second open fails when one is asked for */

static bool publish(const struct line *line)
{
    char name[PATH_MAX];

    if (ttyname_r(line->keeper, name, sizeof name) != 0)
        return false;
    unlink(line->path);
    return symlink(name, line->path) == 0;
}

bool line_plug(struct line *line)
{
    struct termios raw;

    line->heard.at_us = line->sent.at_us = LINE_NEVER;
    line->heard.length = line->sent.length = 0;
    if (openpty(&line->fd, &line->keeper, NULL, NULL, NULL) != 0) {
        line->fd = line->keeper = -1;
        return false;
    }
    if (tcgetattr(line->keeper, &raw) != 0)
        goto fail;
    cfmakeraw(&raw);
    if (tcsetattr(line->keeper, TCSANOW, &raw) != 0 || fcntl(line->fd, F_SETFL, O_NONBLOCK) != 0 || !publish(line))
        goto fail;
    return true;
fail:
    line_unplug(line);
    return false;
}

void line_unplug(struct line *line)
{
    if (line->fd < 0)
        return;
    unlink(line->path);
    close(line->fd);
    close(line->keeper);
    line->fd = line->keeper = -1;
    line->heard.at_us = line->sent.at_us = LINE_NEVER;
}

static int64_t duration_us(const struct line *line, size_t count)
{
    return (int64_t)count * BITS_PER_BYTE * 1000000 / line->baud;
}

void line_listen(struct line *line, int64_t now_us)
{
    struct line_burst *burst = &line->heard;

    if (burst->at_us == LINE_NEVER) {
        burst->length = 0;
        burst->at_us = now_us;
    }
    ssize_t count = read(line->fd, burst->bytes + burst->length, sizeof burst->bytes - burst->length);
    if (count > 0) {
        burst->length += (size_t)count;
        burst->at_us += duration_us(line, (size_t)count);
    } else if (burst->length == 0) {
        burst->at_us = LINE_NEVER;
    }
}

void line_send(struct line *line, const uint8_t *bytes, size_t count, int64_t now_us)
{
    memcpy(line->sent.bytes, bytes, count);
    line->sent.length = count;
    line->sent.at_us = now_us + duration_us(line, count);
}

static bool arrived(struct line_burst *burst, int64_t now_us)
{
    if (now_us < burst->at_us)
        return false;
    burst->at_us = LINE_NEVER;
    return true;
}

/* Who does not read loses what does not fit its buffer, as with a UART. */
bool line_write(const struct line *line, const uint8_t *bytes, size_t count)
{
    return line->fd >= 0 && write(line->fd, bytes, count) >= 0;
}

bool line_heard(struct line *line, int64_t now_us)
{
    bool here = arrived(&line->heard, now_us);
    if (here && line->echoes)
        line_write(line, line->heard.bytes, line->heard.length);
    return here;
}

bool line_sent(struct line *line, int64_t now_us)
{
    if (!arrived(&line->sent, now_us))
        return false;
    if (line->strays)
        line_write(line, (const uint8_t[]){0xff}, 1);
    return line_write(line, line->sent.bytes, line->sent.length);
}
