/* A card reader that is a USB keyboard: it types the number and Enter. The device is held for ourselves (EVIOCGRAB), so that no
 * number is typed anywhere else. Such a reader has no lamp that we could light: it beeps when it reads, which promises
 * nothing. */
#ifndef FIRMWARE_TERMINAL_WEDGE_H
#define FIRMWARE_TERMINAL_WEDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/token.h"

#define WEDGE_CHARS_MAX 32   /* of one line */
#define WEDGE_PAUSE_MS  1000 /* a line that pauses for so long is given up */

/* What it types. */
enum wedge_form {
    WEDGE_HEX,      /* 6 to 20 digits, the bytes in order */
    WEDGE_DECIMAL,  /* up to 4294967295: four bytes */
    WEDGE_FACILITY, /* "123,45678": a facility code and 16 bits; counts as four bytes, 00 in front */
    WEDGE_FORMS
};
extern const char *const WEDGE_FORM_WORDS[WEDGE_FORMS];

struct wedge {
    const char *device; /* borrowed */
    enum wedge_form form;
    int fd; /* -1: not open */
    char line[WEDGE_CHARS_MAX + 1];
    size_t length; /* WEDGE_CHARS_MAX + 1: too long, dropped at Enter */
    int64_t typed_mono_ms;
};

/* The number that a line stands for, in canonical bytes; returns how many, 0 = it is no number of this form. */
size_t wedge_number(enum wedge_form form, const char *line, uint8_t card[CARD_BYTES_MAX]);
/* Takes what has been typed, up to the next card; opens the device when it is not open. False: it is not there, or cannot be
 * held. `card_bytes` 0: no card. Never blocks. */
bool wedge_read(struct wedge *wedge, int64_t mono_ms, uint8_t card[CARD_BYTES_MAX], size_t *card_bytes);
void wedge_close(struct wedge *wedge);

#endif
