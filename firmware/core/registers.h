/* The protocol between a reader head and its Modbus master: register numbers, status bits, modes and patterns.
 *
 * Input registers are read with function 4, holding registers with 3, written with 6 or 16. A head that is up is
 * polled with function 17, whose reply is short when there is nothing new. The head keeps each tap until the master
 * answers it, so taps are delivered at least once; the master drops a (boot nonce, card sequence) that it has seen.
 * A boot begins its sequence at its nonce, so that an answer to a tap of an earlier boot matches none of this one. */
#ifndef FIRMWARE_CORE_REGISTERS_H
#define FIRMWARE_CORE_REGISTERS_H

#include <assert.h>
#include "common/event.h"

#define REGISTERS_MAGIC   0x4e56 /* "NV" */
#define REGISTERS_VERSION 2      /* of this map */

/* The firmware version from which on heads know PATTERN_UNFIT_CARD. An earlier one refuses the write that holds it, the
 * acknowledgement too, and would report the tap for ever: it is commanded PATTERN_UNKNOWN_CARD. */
#define REGISTERS_UNFIT_FROM 0x0002

enum input_register {
    INPUT_MAGIC,
    INPUT_MAP_VERSION,
    INPUT_FIRMWARE_VERSION, /* major × 256 + minor */
    INPUT_CARD_SEQUENCE,    /* of the oldest tap without an answer; 0 = there is none, and 4 … 10 are 0 too */
    INPUT_CARD_BYTES,       /* length of the card's number: 4 … 10 */
    INPUT_CARD,             /* five registers, first byte in the high half of the first, zeros after the number */
    INPUT_AGE_MS = 10,      /* since that tap; stops at 65535 */
    INPUT_PENDING,          /* taps without an answer */
    INPUT_STATUS,           /* STATUS_ bits */
    INPUT_BOOT_NONCE,       /* another number after each start of the head; never 0 */
    INPUT_LOST_TAPS,        /* dropped since start because 8 were waiting; stops at 65535 */
    INPUT_CRC_ERRORS,       /* frames that were none since start; stops at 65535 */
    INPUT_REGISTERS
};

/* The report: everything that changes while a head is up. Words with the high byte first. Without a tap it ends before
 * REPORT_CARD_SEQUENCE; with one, the card's bytes are what is left. */
enum report_byte {
    REPORT_STATUS,     /* STATUS_ bits */
    REPORT_RUNS,       /* always 0xff: "running", as function 17 defines it */
    REPORT_BOOT_NONCE, /* and the others as their registers */
    REPORT_CARD_SEQUENCE = 4,
    REPORT_AGE_MS = 6,
    REPORT_CARD = 8,
    REPORT_BYTES_MAX = 18
};

enum holding_register {
    HOLDING_PATTERN,      /* enum pattern up to PATTERN_COMMANDS - 1: shown at once, once */
    HOLDING_ACKNOWLEDGED, /* the card sequence that the pattern answers; written together with it by function 16 */
    HOLDING_MODE,         /* enum head_mode */
    HOLDING_REGISTERS
};

enum status_bit {
    STATUS_TAMPER = 1 << 0,     /* the case is open */
    STATUS_RFID_FAULT = 1 << 1, /* the card module does not answer */
    STATUS_OVERFLOW = 1 << 2    /* a tap was dropped since the queue was last empty */
};

/* The head goes back to MODE_NORMAL by itself when the master falls silent. */
enum head_mode { MODE_NORMAL, MODE_ENROL, MODE_IDENTIFY, HEAD_MODES };

/* What the lamp and the buzzer do. The first eleven are the master's to command and have the numbers of enum feedback
 * (common/event.h); the others are the head's own. */
enum pattern {
    PATTERN_NONE,
    PATTERN_OK,
    PATTERN_LATE,
    PATTERN_OTHER_ROOM,
    PATTERN_UNKNOWN_CARD,
    PATTERN_AGAIN,
    PATTERN_RECORDED,
    PATTERN_FULL,
    PATTERN_FAULT,
    PATTERN_ENROLMENT,
    PATTERN_UNFIT_CARD, /* known to heads from REGISTERS_UNFIT_FROM on */
    PATTERN_COMMANDS,
    PATTERN_SEEN = PATTERN_COMMANDS, /* neutral: a card was seen, nothing is promised */
    PATTERN_RETRY,                   /* nobody answered in time, or the queue is full: please tap again */
    PATTERN_OUT_OF_SERVICE,          /* no master: what is tapped now may never be recorded */
    PATTERN_ENROL_WAIT,              /* MODE_ENROL: the next card is enrolled */
    PATTERN_IDENTIFY,                /* MODE_IDENTIFY: "here I am" */
    PATTERNS
};

static_assert((int)PATTERN_COMMANDS == (int)FEEDBACKS && (int)PATTERN_UNFIT_CARD == (int)FEEDBACK_UNFIT_CARD,
              "a pattern has the number of its feedback");
static_assert(INPUT_CARD + 5 == INPUT_AGE_MS, "five registers hold ten bytes");

#endif
