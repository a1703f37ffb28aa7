/* Why a reader did not serve when it was asked last: what whoever installs it needs to know. */
#ifndef FIRMWARE_CORE_TROUBLE_H
#define FIRMWARE_CORE_TROUBLE_H

#include <stdint.h>

enum trouble {
    TROUBLE_NONE,
    TROUBLE_SILENCE, /* nothing came back */
    TROUBLE_CHECKSUM, /* something came back that is no frame: another rate or parity, noise, wires the wrong way round */
    TROUBLE_EXCEPTION, /* it refused: Modbus exception, whose number stands beside this */
    TROUBLE_ECHO,      /* nothing but what we had sent ourselves */
    TROUBLE_OTHER_ID,  /* a device with another address answered */
    TROUBLE_STRANGE,   /* an intact frame that is no answer to the request */
    TROUBLE_NO_HEAD,   /* it answers, and is no reader head, or one with another register map */
    TROUBLE_MODULE,    /* the head answers, its card module does not */
    TROUBLE_LINE,      /* the line's own device is gone */
    TROUBLE_UNSTEADY,  /* it answers again, but not for long enough */
    TROUBLES
};

struct cause {
    enum trouble trouble;
    uint8_t exception; /* with TROUBLE_EXCEPTION: 1 to 255 */
};

#define CAUSE_WORD_BYTES 16

/* One word for logs and messages: "no-answer", "exception-2" … ; "" for TROUBLE_NONE. Returns `out`. */
const char *cause_word(struct cause cause, char out[CAUSE_WORD_BYTES]);
/* A number of a reader, 0 to 255, as text. Returns `out`. */
const char *trouble_digits(uint8_t number, char out[4]);
/* What it most likely means, static text; NULL for TROUBLE_NONE. */
const char *cause_hint(struct cause cause);

#endif
