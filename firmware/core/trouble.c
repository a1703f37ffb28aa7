/* The table of words, and of what each most likely means. */
#include "firmware/core/trouble.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *word, *hint;
} TROUBLE_TEXTS[TROUBLES] = {
    [TROUBLE_NONE] = {"", NULL},
    [TROUBLE_SILENCE] = {"no-answer", "no power, a wire off, A and B the wrong way round, or another address"},
    [TROUBLE_CHECKSUM] = {"checksum", "another bit rate or parity, two devices with one address, or noise on the line"},
    [TROUBLE_EXCEPTION] = {"exception", "it refuses what its profile asks for"},
    [TROUBLE_ECHO] = {"echo", "the adapter hears itself, and nobody else answers"},
    [TROUBLE_OTHER_ID] = {"other-id", "a device with another address answers"},
    [TROUBLE_STRANGE] = {"strange", "an answer to something else: another master on the line, or another protocol"},
    [TROUBLE_NO_HEAD] = {"no-head",
                         "it is no reader head of ours, or one with another register map: give it a profile"},
    [TROUBLE_MODULE] = {"module", "the head works, its card module does not: look at the module's cable"},
    [TROUBLE_LINE] = {"line", "the adapter is gone"},
    [TROUBLE_UNSTEADY] = {"unsteady", "it answers again, but came and went: look for a loose wire"},
};

/* Modbus application protocol V1.1b3, chapter 7. */
static const char *exception_hint(uint8_t exception)
{
    switch (exception) {
    case 1:
        return "it does not know this function: wrong space in the profile";
    case 2:
        return "it has no such register: wrong address or count in the profile";
    case 3:
        return "it refuses the count or the value: look at the profile";
    case 4:
        return "it is broken by its own word";
    case 5:
    case 6:
        return "it is busy: ask it less often (poll_ms)";
    default:
        return TROUBLE_TEXTS[TROUBLE_EXCEPTION].hint;
    }
}

const char *trouble_digits(uint8_t number, char out[4])
{
    char *at = out;
    if (number >= 100)
        *at++ = (char)('0' + number / 100);
    if (number >= 10)
        *at++ = (char)('0' + number / 10 % 10);
    *at++ = (char)('0' + number % 10);
    *at = '\0';
    return out;
}

const char *cause_word(struct cause cause, char out[CAUSE_WORD_BYTES])
{
    const char *word = TROUBLE_TEXTS[cause.trouble].word;
    size_t length = strlen(word);
    memcpy(out, word, length + 1);
    if (cause.trouble == TROUBLE_EXCEPTION) {
        out[length] = '-';
        trouble_digits(cause.exception, out + length + 1);
    }
    return out;
}

const char *cause_hint(struct cause cause)
{
    return cause.trouble == TROUBLE_EXCEPTION ? exception_hint(cause.exception) : TROUBLE_TEXTS[cause.trouble].hint;
}
