/* A commercial Modbus card reader, described by its registers (a file in config/readers), and the exchange with one.
 *
 * Such a reader holds one card and does not remember answers. A card is there while a register, a coil or the number
 * itself is not 0, or when a counter has changed. Reading it is a tap; the answer's sound and the release are written only
 * when the tap has been answered, which is after its event was journalled. A release that failed is written again, and the
 * card is not a second tap.
 *
 * A card taps again only when it has been away for PROFILE_GONE_MS: a reader that is released reads a card that lies there
 * anew, and of two cards that lie there together it may tell one and the other by turns. Pure; times are monotonic. */
#ifndef FIRMWARE_CORE_PROFILE_H
#define FIRMWARE_CORE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"
#include "common/token.h"

#define PROFILE_REGISTERS_MAX 32 /* of one reading */
#define PROFILE_VALUES_MAX    4  /* of one writing */
#define PROFILE_WRITES_MAX    2
#define PROFILE_NOWHERE       (-1)
#define PROFILE_GONE_MS       1000
#define PROFILE_RELEASE_MS    500 /* from one release to the next while the same card lies there */
#define PROFILE_CARDS         4   /* that are remembered as lying there */

enum profile_space { PROFILE_INPUT, PROFILE_HOLDING, PROFILE_COIL, PROFILE_DISCRETE, PROFILE_SPACES };

struct profile_write {
    enum profile_space space; /* PROFILE_HOLDING or PROFILE_COIL */
    uint16_t first, count, values[PROFILE_VALUES_MAX];
};

struct profile_writes {
    size_t count;
    struct profile_write list[PROFILE_WRITES_MAX];
};

/* Cards of 3, 4, 5, 7, 8 and 10 bytes. One of 3 (a facility code and a number of 16 bits) counts as 4, a zero in front. */
enum profile_size {
    PROFILE_CARD_3,
    PROFILE_CARD_4,
    PROFILE_CARD_5,
    PROFILE_CARD_7,
    PROFILE_CARD_8,
    PROFILE_CARD_10,
    PROFILE_SIZES
};

/* `count` 0: no commercial reader. Places are registers of the reading, or bytes of it: 2r is the high half of
 * register r, 2r + 1 the low half. A place that may be PROFILE_NOWHERE: the reader has no such register. */
struct profile {
    enum profile_space space; /* PROFILE_INPUT or PROFILE_HOLDING */
    uint16_t first, count;
    bool flagged; /* a coil or a discrete input tells that a card is there; only then the registers are read */
    enum profile_space flag_space;
    uint16_t flag;
    bool confirmed;  /* a number counts when two readings in a row show it: the reader may be asked while it writes */
    int new_at;      /* register that is 0 without a card; PROFILE_NOWHERE: the number itself is */
    int sequence_at; /* register that changes with each card */
    int length_at; /* register with the number's length; PROFILE_NOWHERE: it is guessed from the zeros after the number */
    int bits_at;   /* the same, with its length in bits */
    bool known[PROFILE_SIZES];
    uint8_t places[PROFILE_SIZES][CARD_BYTES_MAX]; /* of the number's bytes, in the order in which they are printed */
    struct profile_writes shown[FEEDBACKS], release;
};

/* What is wrong with it, static text; NULL: nothing. */
const char *profile_problem(const struct profile *profile);
/* The number in a reading: its length, or 0 when there is no card (or one of a size that the profile does not know). */
size_t profile_card(const struct profile *profile, const uint16_t *values, uint8_t card[CARD_BYTES_MAX]);

struct profile_card {
    uint8_t number[CARD_BYTES_MAX];
    size_t bytes; /* 0 = none */
};

struct profile_reader {
    struct profile_card card;   /* of the latest tap */
    struct profile_card before; /* in the reading before this one */
    struct {
        struct profile_card card;
        int64_t seen_mono_ms;
    } lying[PROFILE_CARDS];
    enum feedback answer;
    bool answered; /* the writes from `next_write` on are due: first the answer's, then the release's */
    size_t next_write;
    bool released;
    int64_t released_mono_ms; /* the latest release that arrived */
    bool flag;                /* the registers are to be read */
    bool counts;              /* the sequence is known */
    uint16_t sequence;
};

/* Whether the flag is to be read now, and not the registers. */
bool profile_wants_flag(const struct profile *profile, const struct profile_reader *reader);
void profile_take_flag(struct profile_reader *reader, bool flag);
/* Takes a reading. True: a tap, in reader->card. */
bool profile_take(const struct profile *profile, struct profile_reader *reader, const uint16_t *values,
                  int64_t mono_ms);
void profile_answer(struct profile_reader *reader, enum feedback feedback);
/* What is to be written now, or NULL. */
const struct profile_write *profile_due(const struct profile *profile, const struct profile_reader *reader);
/* How the latest profile_due went. */
void profile_wrote(const struct profile *profile, struct profile_reader *reader, bool done, int64_t mono_ms);

#endif
