/* Keys of an American layout, which is what these readers type by default; digits and the letters of hex are enough. */
#include "firmware/terminal/wedge.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const WEDGE_FORM_WORDS[WEDGE_FORMS] = {"hex", "decimal", "facility"};

static const char KEYS[] = {
    [KEY_0] = '0',   [KEY_1] = '1',   [KEY_2] = '2',     [KEY_3] = '3',   [KEY_4] = '4',   [KEY_5] = '5',
    [KEY_6] = '6',   [KEY_7] = '7',   [KEY_8] = '8',     [KEY_9] = '9',   [KEY_A] = 'A',   [KEY_B] = 'B',
    [KEY_C] = 'C',   [KEY_D] = 'D',   [KEY_E] = 'E',     [KEY_F] = 'F',   [KEY_KP0] = '0', [KEY_KP1] = '1',
    [KEY_KP2] = '2', [KEY_KP3] = '3', [KEY_KP4] = '4',   [KEY_KP5] = '5', [KEY_KP6] = '6', [KEY_KP7] = '7',
    [KEY_KP8] = '8', [KEY_KP9] = '9', [KEY_COMMA] = ',',
};

static size_t put(uint64_t number, size_t bytes, uint8_t *card)
{
    for (size_t i = 0; i < bytes; i++)
        card[i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
    return bytes;
}

static size_t hex_number(const char *line, uint8_t card[CARD_BYTES_MAX])
{
    size_t digits = strlen(line), bytes = digits / 2, pad = bytes == 3 ? 1 : 0;
    if (digits % 2 != 0 || strspn(line, "0123456789ABCDEF") != digits || bytes + pad < CARD_BYTES_MIN ||
        bytes > CARD_BYTES_MAX)
        return 0;
    card[0] = 0;
    for (size_t i = 0; i < bytes; i++) {
        char pair[3] = {line[2 * i], line[2 * i + 1], '\0'};
        card[i + pad] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return bytes + pad;
}

/* At most ten digits, so that it cannot overflow. -1: it is no number. */
static int64_t decimal(const char *text, size_t digits)
{
    int64_t number = 0;
    if (digits == 0 || digits > 10 || strspn(text, "0123456789") < digits)
        return -1;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

size_t wedge_number(enum wedge_form form, const char *line, uint8_t card[CARD_BYTES_MAX])
{
    if (form == WEDGE_HEX)
        return hex_number(line, card);
    const char *comma = strchr(line, ',');
    if (form == WEDGE_DECIMAL) {
        int64_t number = decimal(line, strlen(line));
        return number < 0 || number > UINT32_MAX ? 0 : put((uint64_t)number, 4, card);
    }
    int64_t facility = comma != NULL ? decimal(line, (size_t)(comma - line)) : -1;
    int64_t number = comma != NULL ? decimal(comma + 1, strlen(comma + 1)) : -1;
    if (facility < 0 || facility > UINT8_MAX || number < 0 || number > UINT16_MAX)
        return 0;
    return put((uint64_t)(facility << 16 | number), 4, card);
}

/* A test's FIFO cannot be held, and need not be. Of EVIOCGRAB's argument the kernel asks only whether it is 0. */
static bool open_device(struct wedge *wedge)
{
    static const int hold = 1;
    struct stat about;
    wedge->fd = open(wedge->device, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (wedge->fd < 0)
        return false;
    wedge->length = 0;
    if (fstat(wedge->fd, &about) == 0 && (S_ISFIFO(about.st_mode) || ioctl(wedge->fd, EVIOCGRAB, &hold) == 0))
        return true;
    wedge_close(wedge);
    return false;
}

void wedge_close(struct wedge *wedge)
{
    if (wedge->fd >= 0)
        close(wedge->fd);
    wedge->fd = -1;
}

/* True at Enter: the line is complete. */
static bool type(struct wedge *wedge, const struct input_event *event, int64_t mono_ms)
{
    if (event->type != EV_KEY || event->value != 1) /* pressed, not released or repeated */
        return false;
    if (mono_ms - wedge->typed_mono_ms >= WEDGE_PAUSE_MS)
        wedge->length = 0;
    wedge->typed_mono_ms = mono_ms;
    if (event->code == KEY_ENTER || event->code == KEY_KPENTER)
        return true;
    char typed = event->code < sizeof KEYS ? KEYS[event->code] : '\0';
    if (typed != '\0' && wedge->length < WEDGE_CHARS_MAX)
        wedge->line[wedge->length++] = typed;
    else if (typed != '\0')
        wedge->length = WEDGE_CHARS_MAX + 1;
    return false;
}

bool wedge_read(struct wedge *wedge, int64_t mono_ms, uint8_t card[CARD_BYTES_MAX], size_t *card_bytes)
{
    struct input_event event;
    *card_bytes = 0;
    if (wedge->fd < 0 && !open_device(wedge))
        return false;
    for (;;) {
        ssize_t count = read(wedge->fd, &event, sizeof event);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (count != sizeof event) {
            wedge_close(wedge);
            return false;
        }
        if (!type(wedge, &event, mono_ms))
            continue;
        size_t length = wedge->length;
        wedge->length = 0;
        if (length == 0 || length > WEDGE_CHARS_MAX)
            continue;
        wedge->line[length] = '\0';
        *card_bytes = wedge_number(wedge->form, wedge->line, card);
        memset(wedge->line, 0, sizeof wedge->line);
        return true;
    }
}
