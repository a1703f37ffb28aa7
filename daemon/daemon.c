/* Joins ingest, roll call, flags and publishing into one step function. Everything of a turn shares one transaction,
 * and nothing that depends on it is sent before the commit. */
#include "daemon/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/fault.h"
#include "common/log.h"
#include "daemon/complaints.h"
#include "daemon/dating.h"
#include "daemon/ingest.h"
#include "daemon/life.h"
#include "daemon/publish.h"
#include "daemon/store/store_versions.h"
#include "daemon/terminals.h"

#define WHY_BYTES   64
#define LATE_EVENTS "late events" /* the reason for touched dates unless a command gives another */

struct daemon {
    const struct config *config;
    const struct clock *clock;
    struct store *store;
    daemon_send *send;
    void *context;
    struct ingest ingest;
    struct terminals terminals;
    struct roll roll;
    struct publish publish;
    struct enrolment enrolment;
    char why[WHY_BYTES]; /* why dates were touched; stored with flags that are withdrawn */
    int32_t today;
    int64_t civil_offset_ms; /* civil time minus monotonic time: changes when somebody sets the clock */
    struct pulse pulse;
    size_t outstanding; /* messages that the broker has not acknowledged */
    struct complaints complaints;
    bool failed; /* nothing is committed or sent any more */
    uint64_t malformed;
    unsigned messages, event_count; /* since the last commit */
    struct {
        struct dayset touched;
        int64_t rolled_ms;
    } before; /* saved by follow, restored by daemon_take_back */
    struct event events[WIRE_EVENTS_MAX];
};

struct store *daemon_store(const struct daemon *daemon)
{
    return daemon->store;
}

const struct config *daemon_config(const struct daemon *daemon)
{
    return daemon->config;
}

const struct school *daemon_school(const struct daemon *daemon)
{
    return daemon->roll.school;
}

struct flagging *daemon_flagging(struct daemon *daemon)
{
    return &daemon->roll.flagging;
}

struct enrolment *daemon_enrolment(struct daemon *daemon)
{
    return &daemon->enrolment;
}

struct publish_left_out daemon_left_out(const struct daemon *daemon)
{
    return daemon->publish.left_out;
}

bool daemon_link_up(const struct daemon *daemon)
{
    return daemon->pulse.connected;
}

bool daemon_is_heard(const struct daemon *daemon, int64_t *since_ms)
{
    *since_ms = daemon->pulse.since_ms;
    return daemon->pulse.heard;
}

enum pulse_verdict daemon_pulse(const struct daemon *daemon)
{
    return pulse_verdict(&daemon->pulse);
}

bool daemon_turn_is_full(const struct daemon *daemon)
{
    return daemon->event_count >= DAEMON_TURN_EVENTS;
}

bool daemon_failed(const struct daemon *daemon)
{
    return daemon->failed;
}

uint64_t daemon_malformed(const struct daemon *daemon)
{
    return daemon->malformed;
}

int32_t daemon_today(const struct daemon *daemon)
{
    return daemon->today;
}

int64_t daemon_now_ms(const struct daemon *daemon)
{
    return clock_utc_ms(daemon->clock);
}

int64_t daemon_later_ms(const struct daemon *daemon, int64_t real_ms)
{
    return daemon_now_ms(daemon) + real_ms * daemon->clock->rate;
}

bool daemon_is_frozen(const struct daemon *daemon, int32_t day)
{
    return day < daemon->roll.frozen_before;
}

int64_t daemon_next_roll_ms(const struct daemon *daemon)
{
    return daemon->roll.next_ms;
}

bool daemon_roll_is_due(const struct daemon *daemon)
{
    return roll_due(&daemon->roll, &daemon->ingest.touched, daemon_now_ms(daemon));
}

void daemon_doubts(struct daemon *daemon, roll_doubt_visit *visit, void *context)
{
    roll_doubts(&daemon->roll, daemon->today, daemon_now_ms(daemon), visit, context);
}

void daemon_strays(struct daemon *daemon, int32_t day, roll_stray_visit *visit, void *context)
{
    roll_strays(&daemon->roll, day, daemon_now_ms(daemon), visit, context);
}

void daemon_fail(struct daemon *daemon, const char *what, const char *why)
{
    if (!daemon->failed)
        log_warn("%s reason=\"%s\"", what, why);
    daemon->failed = true;
}

bool daemon_tell(struct daemon *daemon, const char *terminal, const char *leaf, const char *bytes, size_t length,
                 bool assured)
{
    char topic[WIRE_TOPIC_BYTES];
    wire_topic(topic, daemon->config->school, terminal, leaf);
    return daemon->send(daemon->context, topic, bytes, length, false, assured);
}

static void set_why(struct daemon *daemon, const char *why)
{
    snprintf(daemon->why, sizeof daemon->why, "%s", why);
}

static void publish_retained(void *context, const char *topic, const char *bytes, size_t length, bool retained)
{
    struct daemon *daemon = context;
    daemon->send(daemon->context, topic, bytes, length, retained, true);
}

/* The first version of the rules applies to everything before it, too. */
static void seed_rules(struct daemon *daemon, const char *first_rules)
{
    struct stored_rules stored;
    struct query rows = store_rules(daemon->store, daemon->today);
    bool any = store_next_rules(&rows, &stored);
    query_end(&rows);
    if (!any)
        store_rules_add(daemon->store, first_rules, "narvarod", "", "first version, from the settings", 0,
                        daemon_now_ms(daemon));
}

static int64_t civil_offset_ms(const struct daemon *daemon)
{
    return daemon_now_ms(daemon) - clock_mono_ms(daemon->clock) * daemon->clock->rate;
}

/* Returns NULL, or why the daemon cannot start. */
static const char *fill(struct daemon *daemon, const char *first_rules)
{
    struct store *store = daemon->store;
    const struct config *config = daemon->config;
    store_begin(store);
    seed_rules(daemon, first_rules);
    store_setting_put(store, "school", config->school);
    const char *why = roll_open(&daemon->roll, store, &daemon->terminals, &config->rollcall, &config->group_signal,
                                &daemon->ingest.touched, daemon_now_ms(daemon));
    if (why != NULL) {
        store_rollback(store);
        return why;
    }
    return store_commit(store) ? NULL : store_error(store);
}

/* `today` is set before the parts are filled: each of them keeps dates relative to it. */
struct daemon *daemon_open(const struct config *config, const struct clock *clock, struct store *store,
                           const char *first_rules, daemon_send *send, void *context, const char **why)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    *why = "out of memory";
    if (daemon == NULL)
        return NULL;
    daemon->config = config;
    daemon->clock = clock;
    daemon->store = store;
    daemon->send = send;
    daemon->context = context;
    daemon->today = civil_from_utc_ms(daemon_now_ms(daemon)).day;
    daemon->civil_offset_ms = civil_offset_ms(daemon);
    set_why(daemon, LATE_EVENTS);
    ingest_init(&daemon->ingest, store, &daemon->complaints, clock->rate, daemon->today);
    daemon->ingest.rolled_ms = daemon_now_ms(daemon);
    terminals_init(&daemon->terminals, store, clock->rate);
    *why = fill(daemon, first_rules);
    if (*why != NULL) {
        daemon_close(daemon);
        return NULL;
    }
    publish_init(&daemon->publish, config, store, daemon->roll.school, daemon->roll.facts, publish_retained, daemon);
    return daemon;
}

void daemon_close(struct daemon *daemon)
{
    if (daemon == NULL)
        return;
    roll_close(&daemon->roll);
    free(daemon);
}

/* A card that was given out at a reader must be added to the school in memory as well. */
static void take_card(struct daemon *daemon, const char *terminal)
{
    daemon->ingest.has_enrolled = false;
    if (!enrolment_take_card(&daemon->enrolment, daemon->store, terminal, &daemon->ingest.enrolled, daemon->clock->rate,
                             daemon_now_ms(daemon)))
        return;
    dayset_add(&daemon->ingest.touched, daemon->today);
    const char *why = daemon_school_changed(daemon, "a card was given out");
    if (why != NULL)
        daemon_fail(daemon, "giving a card out failed", why);
}

static void take_events(struct daemon *daemon, const char *terminal, const struct daemon_input *input)
{
    const char *why;
    int count = wire_decode_events(input->bytes, input->length, daemon->events, WIRE_EVENTS_MAX, &why);
    if (count < 0) {
        daemon->malformed++;
        if (complaints_may(&daemon->complaints, terminal))
            log_warn("event not understood terminal=%s bytes=%zu reason=\"%s\"", terminal, input->length,
                     count == WIRE_TOO_LONG ? "too long" : why);
        return;
    }
    daemon->event_count += (unsigned)count;
    store_begin(daemon->store);
    ingest_events(&daemon->ingest, terminal, daemon->events, (size_t)count, daemon_now_ms(daemon));
    if (daemon->ingest.has_enrolled)
        take_card(daemon, terminal);
}

static void take_state(struct daemon *daemon, const char *terminal, const struct daemon_input *input)
{
    const char *why;
    struct wire_state state;
    if (input->length == 0) /* an empty message: the retained state was deleted */
        return;
    if (wire_decode_state(input->bytes, input->length, &state, &why) < 0) {
        daemon->malformed++;
        if (complaints_may(&daemon->complaints, terminal))
            log_warn("state not understood terminal=%s bytes=%zu reason=\"%s\"", terminal, input->length, why);
        return;
    }
    store_begin(daemon->store);
    bool spoken = terminals_state(&daemon->terminals, terminal, &state, input->retained, daemon_now_ms(daemon)) &&
                  !input->retained && state.phase != PHASE_LOST;
    struct life_changes changes = {daemon->store, &daemon->ingest.touched, daemon->ingest.rolled_ms};
    if (spoken)
        life_heard(&changes, terminal, &state, daemon_now_ms(daemon), daemon->clock->rate);
    if (daemon->roll.tasks_wait)
        dayset_add(&daemon->ingest.touched, daemon->today);
}

/* From now on terminals can be heard, too. A retained state is older than the connection. */
static void hear_ourselves(struct daemon *daemon, const struct daemon_input *input)
{
    const char *why;
    struct wire_daemon_state state;
    if (!input->retained && wire_decode_daemon_state(input->bytes, input->length, &state, &why) == 0 && state.ready &&
        pulse_heard(&daemon->pulse, state.at_ms, clock_mono_ms(daemon->clock)))
        roll_link_up(&daemon->roll, &daemon->ingest.touched, daemon->today);
}

static void take_message(struct daemon *daemon, const struct daemon_input *input)
{
    char terminal[ID_BYTES];
    const char *leaf;
    if (!wire_topic_split(input->topic, daemon->config->school, terminal, &leaf))
        return;
    if (strcmp(terminal, "daemon") == 0)
        hear_ourselves(daemon, input);
    else if (terminals_revoked(&daemon->terminals, terminal))
        return;
    else if (strcmp(leaf, "event") == 0)
        take_events(daemon, terminal, input);
    else if (strcmp(leaf, "state") == 0)
        take_state(daemon, terminal, input);
}

size_t daemon_state(const struct daemon *daemon, bool ready, int64_t at_ms, char topic[WIRE_TOPIC_BYTES], char *bytes,
                    size_t capacity)
{
    struct wire_daemon_state state = {.ready = ready, .at_ms = at_ms};
    wire_topic(topic, daemon->config->school, NULL, "daemon/state");
    int length = wire_encode_daemon_state(&state, bytes, capacity);
    return length > 0 ? (size_t)length : 0;
}

static void send_state(struct daemon *daemon)
{
    char topic[WIRE_TOPIC_BYTES], bytes[256];
    int64_t at_ms = daemon_now_ms(daemon); /* once: the pulse knows it by this when it comes back */
    size_t length = daemon_state(daemon, true, at_ms, topic, bytes, sizeof bytes);
    if (length == 0)
        return;
    pulse_sent(&daemon->pulse, at_ms, clock_mono_ms(daemon->clock));
    daemon->send(daemon->context, topic, bytes, length, true, false);
}

static void send_receipt(void *context, const char *terminal, const struct wire_receipt *receipt)
{
    struct daemon *daemon = context;
    char bytes[WIRE_MESSAGE_BYTES_MAX];
    int length = wire_encode_receipt(receipt, bytes, sizeof bytes);
    if (length > 0) /* else no memory; the terminal will repeat the event and get its receipt then */
        daemon_tell(daemon, terminal, "receipt", bytes, (size_t)length, FAULT(receipt_assured));
}

static void link_up(struct daemon *daemon)
{
    pulse_connected(&daemon->pulse, clock_mono_ms(daemon->clock));
    terminals_forget_heard(&daemon->terminals);
    ingest_announce_all(&daemon->ingest);
    send_state(daemon);
    publish_begin(&daemon->publish, daemon->today);
}

static void take_roll(struct daemon *daemon)
{
    int64_t now = daemon_now_ms(daemon);
    if (now < daemon->roll.derived_ms && !FAULT(future_kept)) {
        store_begin(daemon->store);
        const char *why = roll_clock_back(&daemon->roll, &daemon->ingest.touched, now);
        daemon->ingest.rolled_ms = now;
        set_why(daemon, "our clock was ahead");
        if (why != NULL)
            daemon_fail(daemon, "taking back failed", why);
    }
    if (!daemon_roll_is_due(daemon))
        return;
    store_begin(daemon->store);
    if (now >= daemon->roll.next_ms)
        daemon->ingest.rolled_ms = now;
    if (!roll_take(&daemon->roll, &daemon->ingest.touched, daemon->why, now))
        daemon_fail(daemon, "roll call failed", "no memory, or a clock that is not what it was");
    set_why(daemon, LATE_EVENTS);
}

/* A machine without a battery for its clock knows the time only some seconds after its start. */
static void note_clock_set(struct daemon *daemon)
{
    int64_t offset_ms = civil_offset_ms(daemon), moved_ms = offset_ms - daemon->civil_offset_ms;
    if (moved_ms < DATING_FUTURE_MS && moved_ms > -DATING_FUTURE_MS)
        return;
    log_warn("our clock was set by_s=%lld", (long long)(moved_ms / 1000));
    daemon->civil_offset_ms = offset_ms;
    store_begin(daemon->store);
    life_clock_set(daemon->store, daemon_now_ms(daemon));
    ingest_clock_set(&daemon->ingest, daemon_now_ms(daemon));
}

static void note_new_day(struct daemon *daemon)
{
    int32_t today = civil_from_utc_ms(daemon_now_ms(daemon)).day;
    if (today == daemon->today)
        return;
    daemon->today = today;
    if (dayset_empty(&daemon->ingest.touched))
        dayset_init(&daemon->ingest.touched, today);
    roll_new_day(&daemon->roll, &daemon->ingest.touched, today);
    if (daemon->pulse.connected)
        publish_begin(&daemon->publish, today);
}

static bool may_publish(const struct daemon *daemon)
{
    return daemon->pulse.connected && daemon->publish.step != PUBLISH_DONE &&
           daemon->outstanding <= DAEMON_OUTSTANDING_MAX;
}

/* The order is the guarantee: facts and what follows from them are in one commit, and receipts go out after it. */
bool daemon_commit(struct daemon *daemon)
{
    bool busy = daemon->messages >= DAEMON_BUSY_MESSAGES;
    daemon->messages = daemon->event_count = 0;
    complaints_tell(&daemon->complaints, clock_mono_ms(daemon->clock));
    ingest_save(&daemon->ingest);
    note_clock_set(daemon);
    note_new_day(daemon);
    take_roll(daemon);
    roll_check_self(&daemon->roll, daemon_now_ms(daemon));
    bool publishes = may_publish(daemon);
    if (publishes) {
        store_begin(daemon->store);
        publish_prepare(&daemon->publish);
    }
    if (FAULT(acknowledge_before_commit) && daemon->pulse.connected)
        ingest_receipts(&daemon->ingest, busy, send_receipt, daemon);
    if (daemon->failed)
        store_rollback(daemon->store);
    else if (!store_commit(daemon->store) && !FAULT(commit_result_ignored))
        daemon_fail(daemon, "commit failed", store_error(daemon->store));
    if (daemon->failed)
        return false;
    if (daemon->pulse.connected) {
        ingest_receipts(&daemon->ingest, busy, send_receipt, daemon);
        ingest_announce(&daemon->ingest, send_receipt, daemon);
    }
    if (publishes)
        publish_send(&daemon->publish);
    if (pulse_is_due(&daemon->pulse, clock_mono_ms(daemon->clock)))
        send_state(daemon);
    return true;
}

void daemon_touch(struct daemon *daemon, int32_t from_day, int32_t to_day, const char *why)
{
    dayset_add_range(&daemon->ingest.touched, from_day, to_day);
    set_why(daemon, why);
}

void daemon_trust_changed(struct daemon *daemon, const char *terminal, int32_t from_day, const char *why)
{
    ingest_retell(&daemon->ingest, terminal);
    daemon_touch(daemon, from_day, daemon->today, why);
}

const char *daemon_school_changed(struct daemon *daemon, const char *why)
{
    set_why(daemon, why);
    terminals_reload(&daemon->terminals);
    if (daemon->pulse.connected)
        publish_begin(&daemon->publish, daemon->today);
    return roll_reload_school(&daemon->roll, &daemon->ingest.touched, daemon_now_ms(daemon));
}

void daemon_watch_roll(struct daemon *daemon, void (*watch)(void *context, int32_t day), void *context)
{
    daemon->roll.watch = watch;
    daemon->roll.watcher = context;
}

static const char *follow(struct daemon *daemon, const struct dayset *touched, const char *why, bool rehearses,
                          struct daemon_consequences *out)
{
    struct dayset days = *touched;
    *out = (struct daemon_consequences){0};
    daemon->before.touched = daemon->ingest.touched;
    daemon->before.rolled_ms = daemon->ingest.rolled_ms;
    for (int32_t day; dayset_take(&days, &day);) {
        dayset_add(&daemon->ingest.touched, day);
        out->dates +=
            day <= daemon->today && !daemon_is_frozen(daemon, day) && store_day_has_lessons(daemon->store, day);
    }
    const char *failure = daemon_school_changed(daemon, why);
    if (failure != NULL)
        return failure;
    daemon->roll.flags_given = false;
    daemon->roll.rehearses = rehearses;
    roll_command(&daemon->roll, touched, daemon_now_ms(daemon));
    take_roll(daemon);
    daemon->roll.rehearses = false;
    roll_command(&daemon->roll, NULL, daemon_now_ms(daemon));
    return daemon->failed ? "the roll call failed" : NULL;
}

/* Consequences are the difference of two looks inside the same transaction. */
static const char *follow_counting(struct daemon *daemon, const struct dayset *touched, const char *why, bool rehearses,
                                   struct daemon_consequences *out)
{
    struct store_totals before, after = {0};
    bool counted = store_totals(daemon->store, &before);
    const char *failure = follow(daemon, touched, why, rehearses, out);
    counted = counted && store_totals(daemon->store, &after);
    out->flags = store_consequences_between(&before, &after);
    store_totals_free(&before);
    store_totals_free(&after);
    return failure == NULL && !counted ? "out of memory" : failure;
}

const char *daemon_follow(struct daemon *daemon, const struct dayset *touched, const char *why,
                          struct daemon_consequences *out)
{
    return follow_counting(daemon, touched, why, false, out);
}

const char *daemon_rehearse(struct daemon *daemon, const struct dayset *touched, const char *why,
                            struct daemon_consequences *out)
{
    return follow_counting(daemon, touched, why, true, out);
}

const char *daemon_take_back(struct daemon *daemon)
{
    store_rollback(daemon->store);
    daemon->ingest.touched = daemon->before.touched;
    daemon->ingest.rolled_ms = daemon->before.rolled_ms;
    const char *failure = daemon->roll.flags_given ? flagging_reload(&daemon->roll.flagging, daemon->today) : NULL;
    return failure != NULL ? failure : daemon_school_changed(daemon, LATE_EVENTS);
}

int daemon_decisions_wait(const struct daemon *daemon, int32_t *first, int32_t *last)
{
    return deciding_waiting(&daemon->roll.deciding, daemon->roll.frozen_before, daemon->today, first, last);
}

void daemon_confirm_decisions(struct daemon *daemon)
{
    roll_confirm(&daemon->roll, &daemon->ingest.touched, daemon->today);
}

const char *daemon_decide_anew(struct daemon *daemon, const char *why)
{
    set_why(daemon, why);
    return roll_reload_flags(&daemon->roll, daemon_now_ms(daemon));
}

const char *daemon_freeze(struct daemon *daemon, int32_t before_day)
{
    return roll_freeze(&daemon->roll, before_day, daemon->today);
}

/* A failed daemon ignores its inputs: its memory may differ from what is stored. */
void daemon_step(struct daemon *daemon, const struct daemon_input *input)
{
    if (daemon->failed)
        return;
    switch (input->kind) {
    case DAEMON_MESSAGE:
        daemon->messages++;
        take_message(daemon, input);
        break;
    case DAEMON_LINK_UP:
        link_up(daemon);
        break;
    case DAEMON_LINK_DOWN:
        pulse_disconnected(&daemon->pulse);
        roll_link_down(&daemon->roll);
        terminals_forget_heard(&daemon->terminals);
        break;
    case DAEMON_TURN:
        daemon->outstanding = input->outstanding;
        pulse_turn(&daemon->pulse, input->acknowledged, input->outstanding, clock_mono_ms(daemon->clock));
        if (daemon_commit(daemon))
            store_checkpoint(daemon->store, input->idle);
        break;
    }
}

int daemon_wake_ms(const struct daemon *daemon)
{
    if (may_publish(daemon) || (daemon->pulse.connected && (daemon->ingest.receipts_due || daemon->ingest.announcing)))
        return 0;
    if (daemon->roll.next_ms == INT64_MAX)
        return DAEMON_WAKE_MS;
    int64_t wait_ms = (daemon->roll.next_ms - daemon_now_ms(daemon) + daemon->clock->rate - 1) / daemon->clock->rate;
    if (wait_ms < 0)
        return 0;
    return wait_ms < DAEMON_WAKE_MS ? (int)wait_ms : DAEMON_WAKE_MS;
}

void daemon_filters(const struct daemon *daemon, char out[DAEMON_FILTERS][WIRE_TOPIC_BYTES])
{
    wire_topic(out[0], daemon->config->school, "+", "event");
    wire_topic(out[1], daemon->config->school, "+", "state");
}
