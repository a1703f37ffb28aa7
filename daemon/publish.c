/* One step for each turn, so that a large school does not delay events: cards and settings, the plans of one date after
 * the other, then the removal of retained topics that are no longer needed. */
#include "daemon/publish.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/log.h"
#include "daemon/store/store_flags.h"
#include "daemon/store/store_school.h"
#include "daemon/store/store_versions.h"

#define TAKEN_AWAY_MAX 64 /* topics deleted in one step */

static_assert(WIRE_TOKENS_MAX >= SCHOOL_PUPILS_MAX, "a card of each pupil fits the terminals' list");
static_assert(WIRE_PLAN_TOKENS_MAX >= SCHOOL_PUPILS_MAX, "the whole school fits one lesson of a plan");

void publish_init(struct publish *publish, const struct config *config, struct store *store, struct school *school,
                  struct schoolday *facts, publish_out *out, void *context)
{
    memset(publish, 0, sizeof *publish);
    publish->config = config;
    publish->store = store;
    publish->school = school;
    publish->facts = facts;
    publish->out = out;
    publish->context = context;
    publish->step = PUBLISH_DONE;
}

void publish_begin(struct publish *publish, int32_t today)
{
    publish->step = 0;
    publish->today = today;
    publish->topic_index = 0;
    publish->counted = (struct publish_left_out){0};
}

/* Does this step publish a date's plans? The first and the last one do not. */
static bool is_date_step(const struct publish *publish)
{
    return publish->step >= 1 && publish->step <= publish->config->plan_days;
}

/* Is this card in the list already, from another period of validity? Cards come sorted by token. */
static bool is_latest(const uint64_t *tokens, size_t count, uint64_t token)
{
    return count > 0 && tokens[count - 1] == token;
}

/* At some time of the date. */
static bool valid_on(const struct school_card *card, int32_t day)
{
    return card->from_ms < school_to_ms(day) && card->to_ms > school_from_ms(day);
}

/* Returns how many cards are left out, which terminals will not know. */
static uint32_t make_cards(struct publish *publish, uint32_t version)
{
    const struct school *school = publish->school;
    struct wire_cards *cards = &publish->cards;
    uint32_t left_out = 0;
    cards->version = version;
    cards->count = 0;
    for (size_t i = 0; i < school->card_count; i++) {
        const struct school_card *card = &school->cards[i];
        if (is_latest(cards->tokens, cards->count, card->token) || !valid_on(card, publish->today) ||
            school_period(school, card->pupil, publish->today) == NULL)
            continue;
        if (cards->count < WIRE_TOKENS_MAX)
            cards->tokens[cards->count++] = card->token;
        else
            left_out++;
    }
    return left_out;
}

static void make_config(const struct publish *publish, uint32_t version, struct wire_config *config)
{
    *config = (struct wire_config){
        .version = version,
        .debounce_ms = (uint32_t)publish->config->debounce_s * 1000,
        .repeat_ms = (uint32_t)publish->config->repeat_s * 1000,
        .late_sounds_like_ok = publish->config->late_sounds_like_ok,
    };
}

static void mark_expected(struct publish *publish, uint16_t group, int32_t day)
{
    const struct school *school = publish->school;
    memset(publish->expected, 0, sizeof publish->expected);
    for (uint32_t i = school->group_members[group]; i < school->group_members[group + 1]; i++) {
        const struct school_membership *member = &school->members[i];
        if (school_day_within(day, member->from_day, member->to_day) &&
            school_period(school, member->pupil, day) != NULL &&
            !school_pupil_exempt(school, member->pupil, group, day))
            publish->expected[member->pupil / 64] |= UINT64_C(1) << member->pupil % 64;
    }
}

/* The cards of those expected, after the plan's tokens so far. False: there is no room for all of them. */
static bool make_tokens(struct publish *publish, struct wire_period *period)
{
    const struct school *school = publish->school;
    struct wire_plan *plan = &publish->plan;
    uint64_t *tokens = plan->tokens + plan->token_count;
    period->first_token = plan->token_count;
    period->token_count = 0;
    for (size_t i = 0; i < school->card_count; i++) {
        const struct school_card *card = &school->cards[i];
        if (is_latest(tokens, period->token_count, card->token) ||
            (publish->expected[card->pupil / 64] >> card->pupil % 64 & 1) == 0 || !valid_on(card, publish->facts->day))
            continue;
        if (plan->token_count + period->token_count == WIRE_PLAN_TOKENS_MAX)
            return false;
        tokens[period->token_count++] = card->token;
    }
    return true;
}

static bool make_period(struct publish *publish, const struct schoolday_lesson *lesson, struct wire_period *period)
{
    period->start_ms = lesson->start_ms;
    period->late_ms = lesson->start_ms + (publish->config->rollcall.grace_min + 1) * (int64_t)CIVIL_MS_PER_MINUTE;
    period->end_ms = lesson->end_ms;
    mark_expected(publish, lesson->group, publish->facts->day);
    return make_tokens(publish, period);
}

/* Returns how many lessons are left out. A lesson is left out whole: a terminal records taps for a lesson that it
 * does not know, but would send pupils who are missing from a known lesson to another room. */
static uint32_t make_plan(struct publish *publish, uint32_t terminal, uint32_t version)
{
    struct wire_plan *plan = &publish->plan;
    const struct school_place *place = school_place(publish->school, (uint16_t)terminal, publish->facts->day);
    uint16_t room = place == NULL ? SCHOOL_NO_ROOM : place->room;
    uint32_t left_out = 0;
    plan->version = version;
    plan->day = publish->facts->day;
    plan->period_count = plan->token_count = 0;
    for (size_t i = 0; i < publish->facts->lesson_count; i++) {
        const struct schoolday_lesson *lesson = &publish->facts->lessons[i];
        if (room == SCHOOL_NO_ROOM || lesson->room != room || lesson->cancelled)
            continue;
        struct wire_period *period = &plan->periods[plan->period_count];
        if (plan->period_count == WIRE_PERIODS_MAX || !make_period(publish, lesson, period)) {
            left_out++;
            continue;
        }
        plan->period_count++;
        plan->token_count += period->token_count;
    }
    return left_out;
}

static uint32_t version_of(struct publish *publish, const char *topic, int length)
{
    bool changed;
    if (length < 0)
        return 0;
    return store_publication_version(publish->store, topic, store_digest(publish->bytes, (size_t)length), &changed);
}

static void out(struct publish *publish, const char *topic, int length)
{
    if (length < 0)
        log_warn("does not fit a message topic=%s", topic);
    else
        publish->out(publish->context, topic, publish->bytes, (size_t)length, true);
}

static int encode_cards(struct publish *publish, uint32_t version)
{
    publish->counted.cards = make_cards(publish, version);
    return wire_encode_cards(&publish->cards, publish->bytes, sizeof publish->bytes);
}

static int encode_config(struct publish *publish, uint32_t version)
{
    struct wire_config config;
    make_config(publish, version, &config);
    return wire_encode_config(&config, publish->bytes, sizeof publish->bytes);
}

static int encode_plan(struct publish *publish, uint32_t terminal, uint32_t version)
{
    publish->plan_left_out = make_plan(publish, terminal, version);
    return wire_encode_plan(&publish->plan, publish->bytes, sizeof publish->bytes);
}

static void plan_topic(const struct publish *publish, uint32_t terminal, char topic[WIRE_TOPIC_BYTES])
{
    char leaf[sizeof "plan/" + CIVIL_DATE_BYTES] = "plan/";
    civil_write_date(publish->facts->day, leaf + strlen(leaf));
    wire_topic(topic, publish->config->school, names_text(&publish->school->terminal_ids, terminal).bytes, leaf);
}

static void prepare_general(struct publish *publish)
{
    publish->cards_version = version_of(publish, "cards", encode_cards(publish, 0));
    if (publish->counted.cards > 0)
        log_warn("cards left out of the terminals' list count=%u limit=%d", (unsigned)publish->counted.cards,
                 WIRE_TOKENS_MAX);
    publish->config_version = version_of(publish, "config", encode_config(publish, 0));
}

static void prepare_date(struct publish *publish)
{
    char topic[WIRE_TOPIC_BYTES];
    const char *why = store_schoolday_load(publish->store, publish->school, publish->facts,
                                           publish->today + publish->step - 1, INT64_MAX);
    if (why != NULL)
        log_warn("plan is not complete day=%d reason=\"%s\"", (int)publish->facts->day, why);
    for (uint32_t i = 0; i < publish->school->terminal_ids.count; i++) {
        plan_topic(publish, i, topic);
        publish->plan_versions[i] = version_of(publish, topic, encode_plan(publish, i, 0));
        publish->counted.lessons += publish->plan_left_out;
        if (publish->plan_left_out > 0)
            log_warn("lessons left out topic=%s count=%u limits=%d,%d", topic, (unsigned)publish->plan_left_out,
                     WIRE_PERIODS_MAX, WIRE_PLAN_TOKENS_MAX);
    }
}

/* Is it the plan of a past date, or of a terminal that no longer exists? */
static bool is_past(const struct publish *publish, const char *topic)
{
    char terminal[ID_BYTES];
    const char *leaf;
    int32_t day;
    if (!wire_topic_split(topic, publish->config->school, terminal, &leaf) || strncmp(leaf, "plan/", 5) != 0 ||
        !civil_read_date(leaf + 5, strlen(leaf + 5), &day))
        return false;
    return day < publish->today || names_find(&publish->school->terminal_ids, text_of(terminal)) == NAMES_NONE;
}

/* Sent before the commit, unlike everything else: deleting the retained message is right even if the commit fails. */
static bool take_away(struct publish *publish)
{
    char topic[WIRE_TOPIC_BYTES];
    for (int i = 0; i < TAKEN_AWAY_MAX; i++) {
        if (!store_publication_topic(publish->store, publish->topic_index, topic))
            return true;
        if (!is_past(publish, topic)) {
            publish->topic_index++;
            continue;
        }
        publish->out(publish->context, topic, "", 0, true);
        store_publication_delete(publish->store, topic);
    }
    return false;
}

void publish_prepare(struct publish *publish)
{
    if (publish->step == 0)
        prepare_general(publish);
    else if (is_date_step(publish))
        prepare_date(publish);
    else if (publish->step != PUBLISH_DONE && take_away(publish)) {
        publish->step = PUBLISH_DONE;
        publish->left_out = publish->counted;
    }
}

static void send_general(struct publish *publish)
{
    char topic[WIRE_TOPIC_BYTES];
    wire_topic(topic, publish->config->school, NULL, "cards");
    out(publish, topic, encode_cards(publish, publish->cards_version));
    for (uint32_t i = 0; i < publish->school->terminal_ids.count; i++) {
        wire_topic(topic, publish->config->school, names_text(&publish->school->terminal_ids, i).bytes, "config");
        out(publish, topic, encode_config(publish, publish->config_version));
    }
}

static void send_date(struct publish *publish)
{
    char topic[WIRE_TOPIC_BYTES];
    for (uint32_t i = 0; i < publish->school->terminal_ids.count; i++) {
        plan_topic(publish, i, topic);
        out(publish, topic, encode_plan(publish, i, publish->plan_versions[i]));
    }
}

void publish_send(struct publish *publish)
{
    if (publish->step == 0)
        send_general(publish);
    else if (is_date_step(publish))
        send_date(publish);
    else
        return;
    publish->step++;
}
