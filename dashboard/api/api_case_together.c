/* Acts of working together: the common plan (samordnad individuell plan, SIP) from need to follow-up and who takes part, and what failed
 * between school and others. */
#include "dashboard/api/api_case_together.h"

#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "dashboard/casebook/casebook_together.h"
#include "dashboard/together.h"

static const char *const SECTORS[] = {"school", "social", "health"};

/* One stage, with what is told of it; `value` NULL: no choice was made. */
static const char *enter_stage(const struct acting *acting, enum sip_stage stage, const char *value, int32_t planned)
{
    const struct sip *sip = &acting->of->file.sip;
    bool first = stage == SIP_NEEDED;
    if (value == NULL || (!first && sip->day != CIVIL_DAY_NONE && acting->stamp.day < sip->day))
        return ACTING_BAD;
    const char *why = sip_obstacle(sip, stage, sip_is_consented(sip, api_case_is_of_age(acting->call, acting->of)));
    if (why != NULL)
        return why;
    struct casebook_value values[] = {
        acting_text(SIP_WORDS[stage]), acting_text(value), {.integer = planned, .is_null = planned == CIVIL_DAY_NONE}};
    return acting_write(acting, ENTRY_SIP, values, COUNT(values), ACTING_BUSY);
}

/* The act as of the date that the body names. False: it is no such date. */
static bool dated(const struct acting *acting, struct acting *out)
{
    *out = *acting;
    return acting_past(acting, "on", &out->stamp.day);
}

const char *together_sip_needed(const struct acting *acting)
{
    return enter_stage(acting, SIP_NEEDED, "", CIVIL_DAY_NONE);
}

/* By its step the clock runs from here to the meeting. */
const char *together_sip_requested(const struct acting *acting)
{
    struct acting on;
    const char *of = acting_choice(acting, "of", SECTORS, COUNT(SECTORS));
    if (of == NULL || !dated(acting, &on))
        return ACTING_BAD;
    const char *why = sip_calling_obstacle(of == SECTORS[0], acting->of->school_may_call_sip);
    if (why != NULL)
        return why;
    if (acting->of->file.facts.step_count >= CASE_STEPS_MAX)
        return ACTING_FULL;
    why = enter_stage(&on, SIP_REQUESTED, of, CIVIL_DAY_NONE);
    struct casebook_value step[] = {acting_text(STEP_WORDS[STEP_SIP]), acting_text(acting->call->user.user),
                                    acting_number(acting_due(&on, CLOCK_SIP))};
    return why != NULL ? why : acting_write(&on, ENTRY_STEP_BEGIN, step, COUNT(step), ACTING_BUSY);
}

const char *together_sip_called(const struct acting *acting)
{
    const char *by = acting_choice(acting, "called_by", SECTORS, COUNT(SECTORS));
    int32_t meeting;
    if (by == NULL || !acting_ahead(acting, "meeting_on", CIVIL_DAY_NONE, &meeting) || meeting == CIVIL_DAY_NONE)
        return ACTING_BAD;
    const char *why = sip_calling_obstacle(by == SECTORS[0], acting->of->school_may_call_sip);
    return why != NULL ? why : enter_stage(acting, SIP_CALLED, by, meeting);
}

const char *together_sip_held(const struct acting *acting)
{
    struct acting on;
    int32_t next;
    if (!dated(acting, &on) || !acting_ahead(acting, "follow_up_on", acting->of->file.one.next_day, &next))
        return ACTING_BAD;
    const char *why = enter_stage(&on, SIP_HELD, "", next);
    struct casebook_value step[] = {acting_text(STEP_WORDS[STEP_SIP])};
    return why != NULL ? why : acting_write(&on, ENTRY_STEP_DONE, step, COUNT(step), "no_step");
}

const char *together_sip_followed_up(const struct acting *acting)
{
    struct acting on;
    int32_t next;
    if (!dated(acting, &on) || !acting_ahead(acting, "follow_up_on", acting->of->file.one.next_day, &next))
        return ACTING_BAD;
    return enter_stage(&on, SIP_FOLLOWED_UP, "", next);
}

/* The meeting that was asked for and not held is a step left out: then its clock stops. */
const char *together_sip_ended(const struct acting *acting)
{
    static const struct {
        const char *word;
        enum skip_reason skip;
    } REASONS[] = {{"goals_reached", SKIP_ALREADY_DONE},
                   {"not_needed", SKIP_NOT_NEEDED},
                   {"declined", SKIP_GUARDIAN_DECLINED},
                   {"other_actor_leads", SKIP_OTHER_ACTOR},
                   {"other", SKIP_OTHER}};
    for (size_t i = 0; i < COUNT(REASONS); i++) {
        if (strcmp(REASONS[i].word, api_text(acting->call, "reason")) != 0)
            continue;
        const char *why = enter_stage(acting, SIP_ENDED, REASONS[i].word, CIVIL_DAY_NONE);
        struct casebook_value step[] = {acting_text(STEP_WORDS[STEP_SIP]), acting_text(SKIP_WORDS[REASONS[i].skip])};
        return why != NULL ? why : acting_write(acting, ENTRY_STEP_LEFT_OUT, step, COUNT(step), NULL);
    }
    return ACTING_BAD;
}

/* Pupil and guardian need no title: who they are, the case says. */
const char *together_sip_member(const struct acting *acting)
{
    static const char *const MEMBERS[] = {"pupil", "guardian", "school", "social", "health", "other"};
    const char *sector = acting_choice(acting, "sector", MEMBERS, COUNT(MEMBERS));
    static const char *const PARTS[] = {"takes_part", "coordinates"};
    const char *title = api_text(acting->call, "title"), *part = acting_choice(acting, "part", PARTS, COUNT(PARTS));
    bool needs_title = sector != NULL && sector != MEMBERS[0] && sector != MEMBERS[1];
    if (sector == NULL || part == NULL || (needs_title && !*title) || strlen(title) > NAME_BYTES_MAX)
        return ACTING_BAD;
    struct casebook_value values[] = {acting_text(sector), acting_text(title), acting_number(part == PARTS[1])};
    return acting_write(acting, ENTRY_SIP_MEMBER, values, COUNT(values), ACTING_BUSY);
}

const char *together_sip_member_left(const struct acting *acting)
{
    struct casebook_value values[] = {acting_number(acting_row(acting, "member"))};
    return acting_write(acting, ENTRY_SIP_MEMBER_LEFT, values, COUNT(values), "no_row");
}

/* A pupil with protected identity is in no summary. */
const char *together_deviation(const struct acting *acting)
{
    const char *promise = acting_choice(acting, "promise", TOGETHER_PROMISE_WORDS, TOGETHER_PROMISES);
    const char *sector = acting_choice(acting, "sector", SECTORS, COUNT(SECTORS));
    int32_t since;
    if (promise == NULL || sector == NULL || !acting_past(acting, "since", &since))
        return ACTING_BAD;
    struct casebook_value values[] = {acting_text(promise), acting_text(sector), acting_number(since)};
    const char *why = acting_write(acting, ENTRY_DEVIATION, values, COUNT(values), ACTING_BUSY);
    if (why != NULL || json_is_true(json_object_get(acting->of->pupil, "protected")))
        return why;
    const struct casebook_stamp *stamp = &acting->stamp;
    return casebook_count_stuck(acting->call->book, stamp->number, promise, together_term(stamp->day),
                                together_weeks(since, stamp->day))
               ? NULL
               : ACTING_BUSY;
}
