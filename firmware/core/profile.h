/* A commercial Modbus card reader, described by its registers (a file in config/readers), and the exchange with one.
 *
 * Such a reader holds one card and does not remember answers. A card is there while a register (or the number
 * itself) is not 0. Reading it is a tap; the answer's sound and the release are written only when the tap has been
 * answered, which is after its event was journalled. A release that failed is written again, and the card is not a
 * second tap. In a profile without a release the card must leave the field before it counts again. Pure. */
#ifndef FIRMWARE_CORE_PROFILE_H
#define FIRMWARE_CORE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"
#include "common/token.h"

#define PROFILE_REGISTERS_MAX 16 /* of one reading */
#define PROFILE_VALUES_MAX    4  /* of one writing */
#define PROFILE_WRITES_MAX    2
#define PROFILE_NOWHERE       (-1)

enum profile_space { PROFILE_INPUT, PROFILE_HOLDING, PROFILE_COIL, PROFILE_SPACES };

struct profile_write {
    enum profile_space space; /* PROFILE_HOLDING or PROFILE_COIL */
    uint16_t first, count, values[PROFILE_VALUES_MAX];
};

struct profile_writes {
    size_t count;
    struct profile_write list[PROFILE_WRITES_MAX];
};

/* Cards of 4, 7 and 10 bytes. */
enum profile_size { PROFILE_CARD_4, PROFILE_CARD_7, PROFILE_CARD_10, PROFILE_SIZES };

/* `count` 0: no commercial reader. Places are registers of the reading, or bytes of it: 2r is the high half of
 * register r, 2r + 1 the low half. */
struct profile {
    enum profile_space space; /* PROFILE_INPUT or PROFILE_HOLDING */
    uint16_t first, count;
    int new_at;    /* register that is 0 without a card; PROFILE_NOWHERE: the number itself is */
    int length_at; /* register with the number's length; PROFILE_NOWHERE: it is guessed from the zeros after the number */
    bool known[PROFILE_SIZES];
    uint8_t places[PROFILE_SIZES][CARD_BYTES_MAX]; /* of the number's bytes, in the order in which they are printed */
    struct profile_writes shown[FEEDBACKS], release;
};

/* What is wrong with it, static text; NULL: nothing. */
const char *profile_problem(const struct profile *profile);
/* The number in a reading: its length, or 0 when there is no card (or one of a size that the profile does not know). */
size_t profile_card(const struct profile *profile, const uint16_t *values, uint8_t card[CARD_BYTES_MAX]);

struct profile_reader {
    uint8_t card[CARD_BYTES_MAX];
    size_t card_bytes; /* of the card that was read and is not yet released; 0 = none */
    enum feedback answer;
    bool answered; /* the writes from `next_write` on are due: first the answer's, then the release's */
    size_t next_write;
};

/* Takes a reading. True: a tap, in reader->card. */
bool profile_take(const struct profile *profile, struct profile_reader *reader, const uint16_t *values);
void profile_answer(struct profile_reader *reader, enum feedback feedback);
/* What is to be written now, or NULL. */
const struct profile_write *profile_due(const struct profile *profile, const struct profile_reader *reader);
/* How the latest profile_due went. */
void profile_wrote(const struct profile *profile, struct profile_reader *reader, bool done);

#endif
