/* Commercial Modbus readers on an emulated bus, written from their manuals and not from the product's profiles. */
#ifndef TESTS_BUS_FOREIGN_H
#define TESTS_BUS_FOREIGN_H

#include "firmware/core/rtu.h"
#include "common/token.h"

enum foreign_model {
    FOREIGN_NONE,
    FOREIGN_INVEO,
    FOREIGN_VRD,
    FOREIGN_SWAPPED,
    FOREIGN_MB10, /* Inveo RFID-MB-10, 125 kHz: five bytes, a flag in a coil */
    FOREIGN_QDE,  /* DUALi QDE-950-4: input registers, with a length */
    FOREIGN_QM,   /* QUIO QM-950-4-HF-2.0: input registers, kept for a while */
    FOREIGN_MODELS
};

extern const char *const FOREIGN_NAMES[FOREIGN_MODELS]; /* "" for FOREIGN_NONE */

/* What the master has just done to it. */
enum foreign_fact { FOREIGN_NOTHING, FOREIGN_ACCEPT, FOREIGN_REJECT, FOREIGN_BEEP, FOREIGN_RELEASED, FOREIGN_FACTS };

struct foreign {
    enum foreign_model model;
    uint16_t registers[20];
    bool flag;                                /* the coil that says that a card was read */
    uint8_t card[CARD_BYTES_MAX], card_bytes; /* held to it last */
    uint32_t tapped_ms;
    bool unread; /* the master has not asked since */
    uint32_t read_ms;
    enum foreign_fact fact;
};

void foreign_init(struct foreign *foreign, enum foreign_model model, struct rtu *rtu, uint8_t address, uint32_t baud);
/* False: it keeps the card before this one, or cannot read cards of this size. */
bool foreign_tap(struct foreign *foreign, const uint8_t *card, size_t bytes, uint32_t now_ms);
/* Lets time pass and answers the master; returns the length of the reply. */
size_t foreign_step(struct foreign *foreign, struct rtu *rtu, uint32_t now_ms, uint8_t reply[RTU_FRAME_BYTES_MAX]);

#endif
