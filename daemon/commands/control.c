/* Reads the request, finds who answers it, and keeps its transaction apart from that of the events. */
#include "daemon/commands/control.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/json_put.h"
#include "common/log.h"
#include "daemon/commands/acts.h"
#include "daemon/commands/corrections.h"
#include "daemon/commands/decisions.h"
#include "daemon/commands/extract.h"
#include "daemon/commands/importing.h"
#include "daemon/commands/orders.h"
#include "daemon/commands/previewing.h"
#include "daemon/commands/protecting.h"
#include "daemon/commands/provisioning.h"
#include "daemon/commands/questions.h"
#include "daemon/commands/refusal.h"
#include "daemon/commands/retention.h"
#include "daemon/commands/rulesets.h"
#include "daemon/commands/strays.h"
#include "daemon/commands/trust.h"
#include "daemon/commands/tuning.h"
#include "daemon/daemon.h"
#include "daemon/dayset.h"
#include "daemon/store/store_ended.h"
#include "daemon/store/store_signals.h"
#include "daemon/store/store_terminals.h"
#include "daemon/store/store_versions.h"

static json_t *list_terminals(struct store *store, int32_t today)
{
    struct store_terminal terminal;
    json_t *list = json_array();
    struct query rows = store_terminals_seen(store, today);
    while (store_next_terminal(&rows, &terminal))
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:s}", "terminal", terminal.terminal,
                                        "room", terminal.room, "phase", terminal.phase, "queued",
                                        (json_int_t)terminal.queued, "last_seen", civil_json_utc(terminal.received_ms),
                                        "certificate_to", civil_json_utc(terminal.certificate_to_ms), "revoked",
                                        civil_json_utc(terminal.revoked_ms), "revoked_why", terminal.revoked_why));
    return list;
}

static json_t *list_signals(struct store *store, int32_t day)
{
    struct group_day group;
    int32_t usual_ppm;
    json_t *list = json_array();
    struct query rows = store_signals(store, day);
    while (store_next_signal(&rows, &group, &usual_ppm))
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:o, s:i, s:I, s:I, s:i}", "kind", group.kind, "name", group.name,
                                        "date", civil_json_date(group.day), "pupils", group.counts.pupils,
                                        "expected_minutes", (json_int_t)group.counts.expected_minutes, "absent_minutes",
                                        (json_int_t)group.counts.absent_minutes, "usual_permille", usual_ppm / 1000));
    return list;
}

static void add_doubt(void *context, const struct school *school, const struct schoolday_lesson *lesson,
                      enum rollcall_doubt doubt)
{
    static const char *const WHY[] = {[ROLLCALL_KNOWN] = "",
                                      [ROLLCALL_NO_COVER] = "the room has no terminal",
                                      [ROLLCALL_OUTAGE] = "the room's terminals could not record",
                                      [ROLLCALL_SILENT_LESSON] = "next to nobody was recorded",
                                      [ROLLCALL_SILENT_SCHOOL] = "next to nobody was recorded at the school",
                                      [ROLLCALL_AFTER_UNKNOWN] = "it goes on from one that is unknown",
                                      [ROLLCALL_DOUBTFUL_CARD] = "a card was two pupils'",
                                      [ROLLCALL_SILENT_DAY] = "the rest of the pupils' day is unknown"};
    char start[sizeof "00:00"];
    snprintf(start, sizeof start, "%02u:%02u", lesson->start_minute / 60 % 24u, lesson->start_minute % 60u);
    json_array_append_new(context,
                          json_pack("{s:s%, s:s, s:s, s:s, s:s, s:s}", "lesson", lesson->id.bytes, lesson->id.length,
                                    "start", start, "group", names_text(&school->groups, lesson->group).bytes,
                                    "subject", names_text(&school->subjects, lesson->subject).bytes, "room",
                                    names_text(&school->rooms, lesson->room).bytes, "why", WHY[doubt]));
}

static json_t *answer_status(struct daemon *daemon)
{
    struct store_status status;
    struct publish_left_out left_out = daemon_left_out(daemon);
    struct store *store = daemon_store(daemon);
    store_status(store, daemon_today(daemon), &status);
    json_t *terminals = list_terminals(store, daemon_today(daemon)), *unknown = json_array();
    json_t *signals = status.any_decided ? list_signals(store, status.decided_through) : json_array();
    daemon_doubts(daemon, add_doubt, unknown);
    int32_t decided = status.any_decided ? status.decided_through : CIVIL_DAY_NONE;
    json_t *answer = json_object();
    json_put(&answer, "ok", json_true());
    json_put(&answer, "now", civil_json_utc(daemon_now_ms(daemon)));
    json_put(&answer, "last_event_at", civil_json_utc(status.last_event_ms));
    json_put(&answer, "decided_through", civil_json_date(decided));
    json_put(&answer, "events_stored", json_integer((json_int_t)status.events_stored));
    json_put(&answer, "lessons_closed", json_integer((json_int_t)status.lessons_closed));
    json_put(&answer, "flags_raised", json_integer((json_int_t)status.flags_raised));
    json_put(&answer, "flags_open", json_integer((json_int_t)status.flags_open));
    json_put(&answer, "tasks_open", json_integer((json_int_t)status.tasks_open));
    json_put(&answer, "pupils", json_integer((json_int_t)status.pupils));
    int32_t first = CIVIL_DAY_NONE, last = CIVIL_DAY_NONE;
    json_put(&answer, "dates_waiting", json_integer(daemon_decisions_wait(daemon, &first, &last)));
    json_put(&answer, "dates_first", civil_json_date(first));
    json_put(&answer, "dates_last", civil_json_date(last));
    struct stored_check check = store_check(store);
    json_put(&answer, "checked", civil_json_date(check.day));
    json_put(&answer, "flags_differing", json_integer(check.differing));
    json_put(&answer, "database_sound", json_boolean(check.sound));
    int64_t since_ms;
    json_put(&answer, "link_up", json_boolean(daemon_is_heard(daemon, &since_ms)));
    json_put(&answer, "link_since", civil_json_utc(since_ms));
    json_put(&answer, "cards_left_out", json_integer((json_int_t)left_out.cards));
    json_put(&answer, "lessons_left_out", json_integer((json_int_t)left_out.lessons));
    json_put(&answer, "terminals", terminals);
    json_put(&answer, "signals", signals);
    json_put(&answer, "unknown_lessons", unknown);
    return answer;
}

/* The new version is tried inside the transaction; once flags are being decided anew, a failure ends the daemon. */
static json_t *answer_rules_apply(struct daemon *daemon, const json_t *request)
{
    const char *text, *author, *why, *from = NULL, *approver = "";
    int32_t from_day = daemon_today(daemon);
    if (json_unpack((json_t *)request, "{s:s, s:s, s:s, s?s, s?s}", "text", &text, "author", &author, "why", &why,
                    "from", &from, "approver", &approver) != 0)
        return refusal_saying("rules_apply needs text, author and why");
    if (author[0] == '\0' || why[0] == '\0')
        return refusal_saying("rules_apply: say who (author) and why");
    if (from != NULL && !civil_read_date(from, strlen(from), &from_day))
        return refusal_saying("rules_apply: from must be a date, YYYY-MM-DD");
    struct problems *problems = calloc(1, sizeof *problems);
    struct rules *rules = malloc(sizeof *rules);
    json_t *answer = NULL;
    if (problems == NULL || rules == NULL)
        answer = refusal_saying("out of memory");
    else if (!rules_read_wanted("rules", text, rules, problems))
        answer = refusal_listing(problems);
    free(problems);
    free(rules);
    if (answer != NULL)
        return answer;
    store_begin(daemon_store(daemon));
    uint32_t version =
        store_rules_add(daemon_store(daemon), text, author, approver, why, from_day, daemon_now_ms(daemon));
    const char *failure = flagging_try_rules(daemon_flagging(daemon));
    if (failure != NULL) {
        store_rollback(daemon_store(daemon));
        return refusal_saying(failure);
    }
    acts_keep(daemon, request, "rules_applied", author);
    failure = daemon_decide_anew(daemon, "rules changed");
    if (failure != NULL) {
        daemon_fail(daemon, "rules not applied", failure);
        return refusal_saying(failure);
    }
    log_info("rules applied version=%u", (unsigned)version);
    return json_pack("{s:b, s:i}", "ok", 1, "version", (int)version);
}

typedef json_t *question(struct daemon *daemon, const json_t *request, const char **why);

static json_t *answer_question(question *ask, struct daemon *daemon, const json_t *object)
{
    const char *why = "the question is not understood";
    json_t *result = ask(daemon, object, &why);
    return result != NULL ? result : refusal_saying(why);
}

static json_t *answer(struct daemon *daemon, struct local_request *request, const json_t *object)
{
    static const struct {
        const char *what;
        question *ask;
    } QUESTIONS[] = {{"explain", question_explain},
                     {"flags", question_flags},
                     {"preview", previewing_answer},
                     {"terminal_order", order_answer},
                     {"card_enrol", order_enrol},
                     {"card_enrolled", order_enrolled},
                     {"retention", retention_answer},
                     {"erase", retention_erase_pupil},
                     {"extract", extract_answer},
                     {"protect", protecting_answer},
                     {"strays", strays_answer},
                     {"card_give", strays_give},
                     {"tune", tuning_answer},
                     {"rules", rulesets_answer},
                     {"rules_text", rulesets_text},
                     {"decisions", decisions_answer},
                     {"decisions_confirm", decisions_confirm}};
    const char *what = json_string_value(json_object_get(object, "do"));
    if (what == NULL)
        return refusal_saying("the request must be a JSON object with \"do\"");
    if (strcmp(what, "status") == 0)
        return answer_status(daemon);
    if (strcmp(what, "import") == 0)
        return importing_answer(daemon, request, object);
    if (strcmp(what, "rules_apply") == 0)
        return answer_rules_apply(daemon, object);
    if (correction_is(what))
        return answer_question(correction_answer, daemon, object);
    if (trust_is(what))
        return answer_question(trust_answer, daemon, object);
    if (provisioning_is(what))
        return answer_question(provisioning_answer, daemon, object);
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++)
        if (strcmp(what, QUESTIONS[i].what) == 0)
            return answer_question(QUESTIONS[i].ask, daemon, object);
    return refusal_saying("nothing can be done by that name");
}

static size_t write_reply(const json_t *object, char *reply, size_t capacity)
{
    size_t length = json_dumpb(object, reply, capacity, JSON_COMPACT);
    if (length > 0 && length <= capacity)
        return length;
    const char *too_long = "{\"ok\":false,\"errors\":[\"the answer is too long\"]}";
    length = strlen(too_long);
    memcpy(reply, too_long, length);
    return length;
}

size_t control_answer(struct daemon *daemon, struct local_request *request, char *reply, size_t capacity)
{
    json_error_t error;
    tuning_tidy(daemon);
    if (daemon_failed(daemon) || !daemon_commit(daemon)) /* the events before do not depend on the command */
        return 0;
    json_t *object = json_loadb(request->text, request->length, JSON_REJECT_DUPLICATES, &error);
    json_t *result = answer(daemon, request, object);
    json_decref(object);
    if (!daemon_commit(daemon)) {
        json_decref(result);
        result = refusal_saying("the database failed; nothing was changed");
    }
    size_t length = write_reply(result, reply, capacity);
    json_decref(result);
    return length;
}
