/* Matches an enrol event with the order that waits for it, by terminal, reader and time. */
#include "daemon/enrolment.h"

#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/store/store_corrections.h"
#include "daemon/store/store_events.h"

/* Was the card shown after the order was given, by the terminal's monotonic clock? An event that waited in a journal
 * is older. */
static bool is_meant(const struct enrolment *enrolment, const char *terminal, const struct event *event, int32_t rate,
                     int64_t now_ms)
{
    return enrolment->state == ENROLMENT_WAITING && strcmp(enrolment->terminal, terminal) == 0 &&
           (enrolment->reader == 0 || enrolment->reader == event->reader) && now_ms < enrolment->until_ms &&
           event->age_ms >= 0 && now_ms - event->age_ms * rate >= enrolment->asked_ms;
}

bool enrolment_take_card(struct enrolment *enrolment, struct store *store, const char *terminal,
                         const struct event *event, int32_t rate, int64_t now_ms)
{
    int32_t today = civil_from_utc_ms(now_ms).day;
    if (!is_meant(enrolment, terminal, event, rate, now_ms) ||
        store_card_refusal(store, event->token, now_ms) ==
            REFUSAL_NONE) /* a valid card: its terminal has not received it yet */
        return false;
    if (enrolment->replaces)
        store_cards_end(store, enrolment->pupil_id, now_ms);
    store_card_give(store, event->token, enrolment->pupil_id, today, now_ms);
    enrolment->state = ENROLMENT_DONE;
    log_info("card given out terminal=%s reader=%u", terminal, event->reader);
    return true;
}
