/* What an administrator has a terminal do, as commands of the control socket; and the card that is given out
 * that way.
 *
 *   {"do": "terminal_order", "terminal", "order": "identify" | "reboot" | "resend", "reader"?}
 *   {"do": "card_enrol", "terminal", "reader"?, "pupil", "replace"?}     → "until": UTC
 *   {"do": "card_enrolled"}                                              → "state": "none" | "waiting" |
 * "done" | "over", "pupil"
 *
 * An enrolment asks the reader (0 = any of the terminal's) to wait a minute for a card that nobody has. The
 * event that comes of it gives that card to the pupil from today on, in the event's own transaction; with
 * "replace", the pupil's other cards end today. One at a time: a card must never become the wrong pupil's. It
 * is forgotten at a restart, and asked for again. */
#ifndef DAEMON_ORDERS_H
#define DAEMON_ORDERS_H

#include <jansson.h>
#include "common/wire.h"
#include "daemon/core/school/school.h"
#include "daemon/store/store.h"

#define ORDER_LASTS_MS \
    60000 /* a terminal that hears of it later does not obey; the terminal's own patience for a card */

struct daemon;

enum enrolment_state { ENROLMENT_NONE, ENROLMENT_WAITING, ENROLMENT_DONE, ENROLMENT_OVER };

struct enrolment {
    enum enrolment_state state;
    char terminal[ID_BYTES], pupil_id[SCHOOL_TEXT_BYTES];
    uint8_t reader;
    bool replaces;
    int64_t asked_ms, until_ms;
};

/* NULL: refused, nothing was sent, and *why says why in one sentence. */
json_t *order_answer(struct daemon *daemon, const json_t *request, const char **why);
json_t *order_enrol(struct daemon *daemon, const json_t *request, const char **why);
json_t *order_enrolled(struct daemon *daemon, const json_t *request, const char **why);

/* An enrol event has just been stored in the open transaction: true when its card became the pupil's, and the
 * school in memory must follow. */
bool order_take_card(struct enrolment *enrolment, struct store *store, const char *terminal, const struct event *event,
                     int32_t rate, int64_t now_ms);

#endif
