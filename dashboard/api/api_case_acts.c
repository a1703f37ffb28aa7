/* What is written into a case, one function for each act: it reads its words from the body, and what is no choice is refused.
 * Choices come first; the short texts say what is done, never why a child is ill. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "dashboard/api/api_acting.h"
#include "dashboard/api/api_case_together.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

#define HEALTH (1U << ROLE_EHT | 1U << ROLE_REKTOR)
#define HEAD   (1U << ROLE_REKTOR)
#define MENTOR (1U << ROLE_MENTOR)

static int32_t due_of_step(const struct acting *acting, enum step_kind kind)
{
    switch (kind) {
    case STEP_CONTACT:
        return acting_due(acting, CLOCK_FIRST_CONTACT);
    case STEP_MAPPING:
        return acting_due(acting, CLOCK_MAPPING);
    case STEP_INQUIRY:
        return acting_due(acting, CLOCK_INQUIRY);
    default:
        return acting->of->file.one.next_day;
    }
}

/* One of those before `end`: a plan (SIP) begins and ends by acts of its own (api_case_together.c). */
static bool read_kind(const struct acting *acting, enum step_kind end, enum step_kind *out)
{
    int kind = choice_of(api_text(acting->call, "kind"), STEP_WORDS, (int)end);
    *out = kind >= 0 ? (enum step_kind)kind : STEP_CLOSED;
    return kind >= 0;
}

static bool has_room(const struct acting *acting)
{
    return acting->of->file.facts.step_count < CASE_STEPS_MAX;
}

static const char *begin_step(const struct acting *acting)
{
    enum step_kind kind;
    int32_t due;
    const struct case_facts *facts = &acting->of->file.facts;
    const char *owner = acting_owner(acting);
    if (!read_kind(acting, STEP_SIP, &kind) || owner == NULL ||
        !acting_ahead(acting, "due_on", due_of_step(acting, kind), &due))
        return ACTING_BAD;
    const char *why = step_obstacle(facts->steps, facts->step_count, kind);
    if (why != NULL || !has_room(acting))
        return why != NULL ? why : ACTING_FULL;
    struct casebook_value values[] = {acting_text(STEP_WORDS[kind]), acting_text(owner), acting_number(due)};
    return acting_write(acting, ENTRY_STEP_BEGIN, values, COUNT(values), ACTING_BUSY);
}

static const char *end_step(const struct acting *acting)
{
    enum step_kind kind;
    if (!read_kind(acting, STEP_SIP, &kind))
        return ACTING_BAD;
    struct casebook_value values[] = {acting_text(STEP_WORDS[kind])};
    return acting_write(acting, ENTRY_STEP_DONE, values, COUNT(values), "no_step");
}

/* The open one of that kind, or one that never began. */
static const char *leave_step_out(const struct acting *acting)
{
    enum step_kind kind;
    const char *reason = acting_choice(acting, "reason", SKIP_WORDS, SKIP_REASONS);
    if (!read_kind(acting, STEP_CLOSED, &kind) || reason == NULL)
        return ACTING_BAD;
    if (kind == STEP_SIP && sip_is_under_way(&acting->of->file.sip))
        return "sip_order";
    struct casebook_value values[] = {acting_text(STEP_WORDS[kind]), acting_text(reason)};
    const char *why = acting_write(acting, ENTRY_STEP_LEFT_OUT, values, COUNT(values), "no_step");
    if (why == NULL || strcmp(why, "no_step") != 0)
        return why;
    return has_room(acting) ? acting_write(acting, ENTRY_STEP_AT_ONCE, values, COUNT(values), ACTING_BUSY)
                            : ACTING_FULL;
}

/* A talk ends the open contact, or is the first one. */
static const char *end_contact(const struct acting *acting)
{
    const struct case_facts *facts = &acting->of->file.facts;
    struct casebook_value values[] = {acting_text(STEP_WORDS[STEP_CONTACT]), {.is_null = true}};
    bool was_done = false;
    for (size_t i = 0; i < facts->step_count; i++)
        was_done |= facts->steps[i].kind == STEP_CONTACT && facts->steps[i].done_day != CIVIL_DAY_NONE &&
                    !facts->steps[i].is_skipped;
    const char *why = acting_write(acting, ENTRY_STEP_DONE, values, 1, "no_step");
    if (why == NULL || strcmp(why, "no_step") != 0)
        return why;
    if (was_done)
        return NULL;
    return has_room(acting) ? acting_write(acting, ENTRY_STEP_AT_ONCE, values, COUNT(values), ACTING_BUSY)
                            : ACTING_FULL;
}

static const char *log_contact(const struct acting *acting)
{
    static const char *const PARTIES[] = {"pupil", "guardian", "god_man", "other"};
    static const char *const WAYS[] = {"phone", "meeting", "message", "home_visit"};
    static const char *const OUTCOMES[] = {"talked", "not_reached", "wants_time", "declined"};
    static const char *const CAUSES[] = {"not_known", "known"};
    const char *party = acting_choice(acting, "party", PARTIES, COUNT(PARTIES)),
               *way = acting_choice(acting, "way", WAYS, COUNT(WAYS));
    const char *outcome = acting_choice(acting, "outcome", OUTCOMES, COUNT(OUTCOMES));
    const char *cause = acting_choice(acting, "cause", CAUSES, COUNT(CAUSES));
    if (party == NULL || way == NULL || outcome == NULL || cause == NULL)
        return ACTING_BAD;
    struct casebook_value values[] = {acting_text(party), acting_text(way), acting_text(outcome), acting_text(cause)};
    const char *why = acting_write(acting, ENTRY_CONTACT, values, COUNT(values), ACTING_BUSY);
    return why != NULL || strcmp(outcome, "talked") != 0 ? why : end_contact(acting);
}

static const char *agree_measure(const struct acting *acting)
{
    int32_t due;
    const char *kind = acting_choice(acting, "kind", AGREED_WORDS, AGREED_KINDS),
               *note = api_text(acting->call, "note");
    const char *owner = acting->call->user.role == ROLE_MENTOR ? acting->call->user.user : acting_owner(acting);
    if (kind == NULL || owner == NULL || !acting_is_short(note) ||
        !acting_ahead(acting, "due_on", acting_due(acting, CLOCK_MEASURE_EVALUATED), &due))
        return ACTING_BAD;
    if (acting->of->file.facts.measure_count == CASE_MEASURES_MAX)
        return ACTING_FULL;
    struct casebook_value values[] = {acting_text(kind), acting_text(note), acting_text(owner), acting_number(due)};
    return acting_write(acting, ENTRY_MEASURE, values, COUNT(values), ACTING_BUSY);
}

/* A mentor evaluates the mentor's own alone. */
static const char *evaluate_measure(const struct acting *acting)
{
    static const char *const RESULTS[] = {"better", "same", "worse", "stopped"};
    const char *result = acting_choice(acting, "result", RESULTS, COUNT(RESULTS));
    if (result == NULL)
        return ACTING_BAD;
    struct casebook_value values[] = {
        acting_number(acting_row(acting, "measure")), acting_text(result),
        acting_text(acting->call->user.role == ROLE_MENTOR ? acting->call->user.user : "")};
    return acting_write(acting, ENTRY_MEASURE_EVALUATED, values, COUNT(values), "no_row");
}

/* The choices that a list names, as bits. False: it is no list, or has a word that is no choice, or one twice. */
static bool read_bits(const json_t *list, const char *const *words, size_t count, unsigned *bits)
{
    *bits = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        int word = choice_of(json_string_value(json_array_get(list, i)), words, (int)count);
        if (word < 0 || (*bits >> word & 1) != 0)
            return false;
        *bits |= 1U << word;
    }
    return json_is_array(list);
}

/* What the pupil wants help with; an empty list: was asked, and wants nothing now. */
static const char *hear_pupil(const struct acting *acting)
{
    static const char *const WANTS[] = {"mornings", "way_to_school", "subject", "teacher", "peers",
                                        "place",    "home",          "adult",   "other"};
    unsigned bits;
    const char *note = api_text(acting->call, "note");
    if (!read_bits(json_object_get(acting->call->body, "wants"), WANTS, COUNT(WANTS), &bits) || !acting_is_short(note))
        return ACTING_BAD;
    json_t *list = api_json_bits(bits, WANTS, COUNT(WANTS));
    char *wants = json_dumps(list, JSON_COMPACT);
    struct casebook_value values[] = {acting_text(wants), acting_text(note)};
    const char *why =
        wants == NULL ? ACTING_BUSY : acting_write(acting, ENTRY_VOICE, values, COUNT(values), ACTING_BUSY);
    json_decref(list);
    free(wants);
    return why;
}

static const char *name_actor(const struct acting *acting)
{
    static const char *const SECTORS[] = {"school", "social", "health"};
    const char *sector = acting_choice(acting, "sector", SECTORS, COUNT(SECTORS));
    const char *title = api_text(acting->call, "title"), *does = api_text(acting->call, "does");
    int32_t next;
    if (sector == NULL || !*title || strlen(title) > NAME_BYTES_MAX || !acting_is_short(does) ||
        !acting_ahead(acting, "next_on", acting->of->file.one.next_day, &next))
        return ACTING_BAD;
    struct casebook_value values[] = {acting_text(sector), acting_text(title), acting_text(does), acting_number(next)};
    return acting_write(acting, ENTRY_ACTOR, values, COUNT(values), ACTING_BUSY);
}

static const char *end_actor(const struct acting *acting)
{
    struct casebook_value values[] = {acting_number(acting_row(acting, "actor"))};
    return acting_write(acting, ENTRY_ACTOR_ENDED, values, COUNT(values), "no_row");
}

static const char *note_consent(const struct acting *acting)
{
    static const char *const PARTIES[] = {"guardian", "pupil"}, *const SCOPES[] = {"sip", "secrecy"};
    const char *party = acting_choice(acting, "party", PARTIES, COUNT(PARTIES));
    const char *scope = acting_choice(acting, "scope", SCOPES, COUNT(SCOPES));
    int32_t day;
    if (party == NULL || scope == NULL || !acting_past(acting, "on", &day))
        return ACTING_BAD;
    struct casebook_value values[] = {acting_text(party), acting_text(scope), acting_number(day)};
    return acting_write(acting, ENTRY_CONSENT, values, COUNT(values), ACTING_BUSY);
}

static const char *withdraw_consent(const struct acting *acting)
{
    struct casebook_value values[] = {acting_number(acting_row(acting, "consent"))};
    return acting_write(acting, ENTRY_CONSENT_WITHDRAWN, values, COUNT(values), "no_row");
}

static const char *write_fact(const struct acting *acting, const char *kind, const char *value, int32_t day)
{
    struct casebook_value values[] = {acting_text(kind), acting_text(value), acting_number(day)};
    return acting_write(acting, ENTRY_FACT, values, COUNT(values), ACTING_BUSY);
}

static const char *decide_inquiry(const struct acting *acting)
{
    static const char *const DECISIONS[] = {"inquiry", "no_inquiry"};
    static const char *const REASONS[] = {"known_cause", "has_been_done", "attendance_up", "other"};
    const char *decision = acting_choice(acting, "decision", DECISIONS, COUNT(DECISIONS));
    bool opens = decision == DECISIONS[0];
    const char *reason = opens ? "" : acting_choice(acting, "reason", REASONS, COUNT(REASONS));
    return decision == NULL || reason == NULL ? ACTING_BAD : write_fact(acting, decision, reason, acting->call->today);
}

static const char *see_case(const struct acting *acting)
{
    return write_fact(acting, "seen", "", acting->call->today);
}

static const char *name_deputy(const struct acting *acting)
{
    const char *owner = acting_owner(acting); /* who deputises is named like an owner; nobody: "" */
    return owner == NULL ? ACTING_BAD
                         : write_fact(acting, "deputy", api_text(acting->call, "owner"), acting->call->today);
}

static const char *tell_authority(const struct acting *acting)
{
    static const char *const KINDS[] = {"huvudman_told", "elsewhere", "elsewhere_told"};
    const char *kind = acting_choice(acting, "kind", KINDS, COUNT(KINDS));
    int32_t day;
    return kind == NULL || !acting_past(acting, "on", &day) ? ACTING_BAD : write_fact(acting, kind, "", day);
}

/* The head's decision that another school gets the record. It is given by hand: nothing is sent from here. */
static const char *decide_handover(const struct acting *acting)
{
    const char *school = api_text(acting->call, "school");
    if (!*school || strlen(school) > NAME_BYTES_MAX)
        return ACTING_BAD;
    if (api_case_is_protected(acting->of))
        return "protected";
    if (!api_audit(acting->call, "case_handover", acting->of->file.one.pupil))
        return ACTING_BUSY;
    return write_fact(acting, "handover", school, acting->call->today);
}

static const char *note_receipt(const struct acting *acting)
{
    int32_t day;
    if (!acting_past(acting, "on", &day))
        return ACTING_BAD;
    return acting->of->file.awaits_receipt ? write_fact(acting, "handover_received", "", day) : "no_row";
}

static const char *report_concern(const struct acting *acting)
{
    int32_t day;
    if (!acting_past(acting, "on", &day))
        return ACTING_BAD;
    if (acting->of->file.concerns >= CASE_CONCERNS_MAX)
        return ACTING_FULL;
    struct casebook_value values[] = {acting_number(day)};
    return acting_write(acting, ENTRY_CONCERN, values, COUNT(values), ACTING_BUSY);
}

static const char *answer_concern(const struct acting *acting)
{
    int32_t day;
    bool head = acting->call->user.role == ROLE_REKTOR;
    if (!acting_past(acting, "on", &day))
        return ACTING_BAD;
    struct casebook_value values[] = {acting_number(acting_row(acting, "concern")), acting_number(day),
                                      acting_text(head ? "" : acting->call->user.user)};
    return acting_write(acting, ENTRY_CONCERN_ANSWERED, values, COUNT(values), "no_row");
}

/* Who may do what (docs/api.md). The audit log calls each the same: who reads it shall not learn that a concern was reported. */
static const struct act {
    const char *word;
    unsigned roles;
    const char *(*function)(const struct acting *acting);
} ACTS[] = {
    {"step_begin", HEALTH, begin_step},
    {"step_done", HEALTH, end_step},
    {"step_left_out", HEALTH, leave_step_out},
    {"contact", HEALTH | MENTOR, log_contact},
    {"measure", HEALTH | MENTOR, agree_measure},
    {"measure_evaluated", HEALTH | MENTOR, evaluate_measure},
    {"voice", HEALTH, hear_pupil},
    {"actor", HEALTH, name_actor},
    {"actor_ended", HEALTH, end_actor},
    {"consent", HEALTH, note_consent},
    {"consent_withdrawn", HEALTH, withdraw_consent},
    {"deputy", HEALTH, name_deputy},
    {"told", HEALTH, tell_authority},
    {"inquiry", HEAD, decide_inquiry},
    {"seen", HEAD, see_case},
    {"handover", HEAD, decide_handover},
    {"handover_received", HEALTH, note_receipt},
    {"concern", HEALTH, report_concern},
    {"concern_answered", HEALTH, answer_concern},
    {"sip_needed", HEALTH, together_sip_needed},
    {"sip_requested", HEALTH, together_sip_requested},
    {"sip_called", HEALTH, together_sip_called},
    {"sip_held", HEALTH, together_sip_held},
    {"sip_followed_up", HEALTH, together_sip_followed_up},
    {"sip_ended", HEALTH, together_sip_ended},
    {"sip_member", HEALTH, together_sip_member},
    {"sip_member_left", HEALTH, together_sip_member_left},
    {"deviation", HEALTH, together_deviation},
};

static const struct act *find_act(const struct api_call *call)
{
    const char *word = api_text(call, "do");
    for (size_t i = 0; i < COUNT(ACTS); i++)
        if (strcmp(ACTS[i].word, word) == 0)
            return &ACTS[i];
    return NULL;
}

static const char *do_act(struct api_call *call, const struct api_case *of, const struct act *act)
{
    struct acting acting = {
        .call = call, .of = of, .stamp = {of->file.one.number, call->user.user, call->today, call->now_ms}};
    if (!of->file.is_open)
        return "no_case";
    if (of->file.rows >= CASE_ROWS_MAX)
        return ACTING_FULL;
    if (!casebook_begin(call->book))
        return ACTING_BUSY;
    const char *why = act->function(&acting);
    bool good = casebook_end(call->book, why == NULL && api_audit(call, "case_changed", of->file.one.pupil));
    return why == NULL && !good ? ACTING_BUSY : why;
}

enum http_verdict api_case_act(struct api_call *call)
{
    const struct act *act = find_act(call);
    if (act == NULL)
        return api_error(call, 400, ACTING_BAD);
    if (!(act->roles & 1U << call->user.role))
        return api_error(call, 403, "not_allowed");
    struct api_case *of = api_case_load_named(call);
    if (of == NULL)
        return api_error(call, 404, "not_found");
    const char *why = do_act(call, of, act);
    api_case_free(of);
    if (why == NULL)
        return api_json(call, 200, json_pack("{s:s}", "done", act->word));
    return api_error(call, why == ACTING_BAD ? 400 : why == ACTING_BUSY ? 503 : 409, why);
}
