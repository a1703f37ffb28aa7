/* What an administrator has a terminal do, as commands of the control socket.
 *
 *   {"do": "terminal_order", "terminal", "order": "identify" | "reboot" | "resend", "reader"?}
 *   {"do": "card_enrol", "terminal", "reader"?, "pupil", "replace"?}     → "until": UTC
 *   {"do": "card_enrolled"}                 → "state": "none" | "waiting" | "done" | "over", "pupil"
 *
 * An enrolment (daemon/enrolment.h) asks the reader (0 = any of the terminal's) to wait a minute for a card that nobody
 * has; with "replace", the pupil's other cards end on the day the new one is given. */
#ifndef DAEMON_ORDERS_H
#define DAEMON_ORDERS_H

#include <jansson.h>

#define ORDER_LASTS_MS \
    60000 /* a terminal that hears of it later does not obey; the terminal's own patience for a card */

struct daemon;

/* NULL: refused, nothing was sent, and *why says why in one sentence. */
json_t *order_answer(struct daemon *daemon, const json_t *request, const char **why);
json_t *order_enrol(struct daemon *daemon, const json_t *request, const char **why);
json_t *order_enrolled(struct daemon *daemon, const json_t *request, const char **why);

#endif
