/* Orders go to the terminal at once and are not stored: one that is lost is given again by whoever gave it. */
#include "daemon/commands/orders.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "daemon/daemon.h"
#include "daemon/enrolment.h"
#include "daemon/store/store_corrections.h"

#define READER_MOST 247 /* of Modbus */

static const char *word_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

/* The terminal and the reader that are meant. */
static bool read_place(struct daemon *daemon, const json_t *request, const char **terminal, uint8_t *reader,
                       const char **why)
{
    json_int_t number = json_integer_value(json_object_get(request, "reader"));
    *terminal = word_of(request, "terminal");
    *reader = (uint8_t)number;
    *why = !store_terminal_known(daemon_store(daemon), *terminal) ? "there is no such terminal"
           : number < 0 || number > READER_MOST                   ? "reader must be 1 to 247, or 0 for all"
           : !daemon_link_up(daemon) ? "the broker cannot be reached: try again in a minute"
                                     : NULL;
    return *why == NULL;
}

static bool send(struct daemon *daemon, const char *terminal, enum command_kind kind, uint8_t reader)
{
    char bytes[256];
    struct wire_command command = {
        .expires_ms = daemon_later_ms(daemon, ORDER_LASTS_MS), .kind = kind, .reader = reader};
    snprintf(command.id, sizeof command.id, "order-%lld", (long long)daemon_now_ms(daemon));
    int length = wire_encode_command(&command, bytes, sizeof bytes);
    return length > 0 && daemon_tell(daemon, terminal, "command", bytes, (size_t)length, true);
}

json_t *order_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    static const struct {
        const char *word;
        enum command_kind kind;
    } ORDERS[] = {{"identify", COMMAND_IDENTIFY}, {"reboot", COMMAND_REBOOT}, {"resend", COMMAND_RESEND}};
    const char *terminal, *word = word_of(request, "order");
    uint8_t reader;
    if (!read_place(daemon, request, &terminal, &reader, why))
        return NULL;
    *why = "order must be identify, reboot or resend";
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++)
        if (strcmp(ORDERS[i].word, word) == 0) {
            *why = "the order could not be sent";
            if (!send(daemon, terminal, ORDERS[i].kind, reader))
                return NULL;
            log_info("terminal ordered terminal=%s order=%s", terminal, word);
            return json_pack("{s:b}", "ok", 1);
        }
    return NULL;
}

json_t *order_enrol(struct daemon *daemon, const json_t *request, const char **why)
{
    struct enrolment *enrolment = daemon_enrolment(daemon), wanted = {.state = ENROLMENT_WAITING};
    const char *terminal, *pupil = word_of(request, "pupil");
    if (!read_place(daemon, request, &terminal, &wanted.reader, why))
        return NULL;
    wanted.asked_ms = daemon_now_ms(daemon);
    wanted.until_ms = daemon_later_ms(daemon, ORDER_LASTS_MS);
    wanted.replaces = json_is_true(json_object_get(request, "replace"));
    if (enrolment->state == ENROLMENT_WAITING && wanted.asked_ms < enrolment->until_ms)
        *why = "another card is just being given out: try again in a minute";
    else if (daemon_school(daemon)->card_count == SCHOOL_CARDS_MAX)
        *why = "the school has as many cards as there may be: end some that nobody uses";
    else if (!store_pupil_known(daemon_store(daemon), pupil) || strlen(pupil) >= sizeof wanted.pupil_id)
        *why = "there is no such pupil";
    else if (!school_attended(daemon_school(daemon), pupil, daemon_today(daemon)))
        *why = "the pupil is not at the school today: give the card out when its period has begun";
    else if (!send(daemon, terminal, COMMAND_ENROL, wanted.reader))
        *why = "the order could not be sent";
    if (*why != NULL)
        return NULL;
    snprintf(wanted.terminal, sizeof wanted.terminal, "%s", terminal);
    strcpy(wanted.pupil_id, pupil);
    *enrolment = wanted;
    return json_pack("{s:b, s:o}", "ok", 1, "until", civil_json_utc(wanted.until_ms));
}

json_t *order_enrolled(struct daemon *daemon, const json_t *request, const char **why)
{
    static const char *const STATES[] = {[ENROLMENT_NONE] = "none",
                                         [ENROLMENT_WAITING] = "waiting",
                                         [ENROLMENT_DONE] = "done",
                                         [ENROLMENT_OVER] = "over"};
    struct enrolment *enrolment = daemon_enrolment(daemon);
    (void)request;
    (void)why;
    if (enrolment->state == ENROLMENT_WAITING && daemon_now_ms(daemon) >= enrolment->until_ms)
        enrolment->state = ENROLMENT_OVER;
    return json_pack("{s:b, s:s, s:s}", "ok", 1, "state", STATES[enrolment->state], "pupil", enrolment->pupil_id);
}
