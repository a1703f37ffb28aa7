/* A card that is given out at a reader: who is to have the next one that is shown there. One at a time, for a card must
 * never become the wrong pupil's. Forgotten at a restart, and asked for again. */
#ifndef DAEMON_ENROLMENT_H
#define DAEMON_ENROLMENT_H

#include "common/event.h"
#include "common/ids.h"
#include "daemon/core/school/school.h"
#include "daemon/store/store.h"

enum enrolment_state { ENROLMENT_NONE, ENROLMENT_WAITING, ENROLMENT_DONE, ENROLMENT_OVER };

struct enrolment {
    enum enrolment_state state;
    char terminal[ID_BYTES], pupil_id[NAME_BYTES];
    uint8_t reader; /* 0: any of the terminal's */
    bool replaces;  /* the pupil's other cards end */
    int64_t asked_ms, until_ms;
};

/* An enrol event has just been stored in the open transaction: gives its card to the pupil from today on, in the same
 * transaction, when it was meant by the enrolment and the card is nobody's. True when it did: the school in memory must
 * follow. `rate`: civil milliseconds for each of the terminal's. */
bool enrolment_take_card(struct enrolment *enrolment, struct store *store, const char *terminal,
                         const struct event *event, int32_t rate, int64_t now_ms);

#endif
