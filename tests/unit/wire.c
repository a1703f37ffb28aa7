/* The wire: what is encoded decodes to the same, and what comes from elsewhere is taken or refused with a reason. */
#include "common/wire.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "tests/test.h"

static char message[WIRE_RETAINED_BYTES_MAX];
static const char *why;

static struct event an_event(int i)
{
    struct event event = {.generation = 0xfedcba9876543210u,
                          .sequence = (uint64_t)(100 + i),
                          .last_sequence = (uint64_t)(100 + i),
                          .oldest = (uint64_t)(1 + i),
                          .kind = (enum event_kind)(i % EVENT_KINDS),
                          .clock = (enum clock_quality)(i % CLOCK_QUALITIES),
                          .feedback = (enum feedback)(i % FEEDBACKS),
                          .reader = (uint8_t)(i % 9),
                          .boot = (uint32_t)i,
                          .mono_ms = 1000 + i,
                          .at_ms = 1790000000000 + i,
                          .age_ms = i % 3 - 1};
    if (event.kind == EVENT_TAP)
        event.token = 0x0123456789abcdefu + (uint64_t)i;
    if (event.kind == EVENT_IN)
        event.from_ms = 1790000000000 - i;
    if (event.kind == EVENT_LOST)
        event.last_sequence += 5;
    return event;
}

static bool same(const struct event *a, const struct event *b)
{
    return a->generation == b->generation && a->sequence == b->sequence && a->last_sequence == b->last_sequence &&
           a->oldest == b->oldest && a->kind == b->kind && a->clock == b->clock && a->feedback == b->feedback &&
           a->reader == b->reader && a->boot == b->boot && a->mono_ms == b->mono_ms && a->at_ms == b->at_ms &&
           a->from_ms == b->from_ms && a->age_ms == b->age_ms && a->token == b->token;
}

static void events_return(void)
{
    for (int i = 0; i < 1000; i++) {
        struct event batch[WIRE_EVENTS_MAX], back[WIRE_EVENTS_MAX];
        int count = 1 + i % 20;
        for (int k = 0; k < count; k++)
            batch[k] = an_event(i + k);
        int length = wire_encode_events(batch, (size_t)count, message, WIRE_MESSAGE_BYTES_MAX);
        CHECK(length > 0);
        CHECK(wire_decode_events(message, (size_t)length, back, WIRE_EVENTS_MAX, &why) == count);
        for (int k = 0; k < count; k++)
            CHECK(same(&batch[k], &back[k]));
    }
}

static void sixteen_of_the_longest_events_fit_a_message(void)
{
    struct event batch[16];
    for (int k = 0; k < 16; k++)
        batch[k] = (struct event){.generation = 1,
                                  .sequence = INT64_MAX,
                                  .last_sequence = INT64_MAX,
                                  .oldest = INT64_MAX,
                                  .kind = EVENT_TAP,
                                  .clock = CLOCK_SYNCED,
                                  .feedback = FEEDBACK_UNKNOWN_CARD,
                                  .reader = 247,
                                  .boot = UINT32_MAX,
                                  .mono_ms = 3000000000000,
                                  .at_ms = 7000000000000,
                                  .age_ms = 3000000000000,
                                  .token = 1};
    CHECK(wire_encode_events(batch, 16, message, WIRE_MESSAGE_BYTES_MAX) > 0);
}

static void foreign_text_is_read(void)
{
    struct event event;
    static const char TEXT[] = "{\"v\":1, \"gen\":\"00000000000000ff\", \"seq\":7, \"kind\":\"tap\", \"boot\":3,"
                               " \"mono_ms\":5, \"oldest\":2, \"at_ms\":1790000000123, \"clock\":\"rtc\","
                               " \"token\":\"0123456789abcdef\", \"reader\":4, \"feedback\":\"late\","
                               " \"of the future\":[1,2]}";
    CHECK(wire_decode_events(TEXT, strlen(TEXT), &event, 1, &why) == 1);
    CHECK(event.generation == 255 && event.sequence == 7 && event.oldest == 2 && event.token == 0x0123456789abcdefu);
    CHECK(event.at_ms == 1790000000123 && event.clock == CLOCK_RTC && event.feedback == FEEDBACK_LATE);
    CHECK(event.age_ms == -1);
}

static void malformed_events_are_refused(void)
{
    static const char HEAD[] =
        "{\"v\":1,\"gen\":\"00000000000000ff\",\"boot\":3,\"mono_ms\":5,\"at_ms\":0,\"clock\":\"unset\",\"oldest\":1,";
    static const struct {
        const char *rest, *why;
    } CASES[] = {
        {"\"kind\":\"tap\",\"token\":\"0123456789abcdef\"}", "seq must be 1 or more"},
        {"\"seq\":0,\"kind\":\"tap\",\"token\":\"0123456789abcdef\"}", "seq must be 1 or more"},
        {"\"seq\":1,\"kind\":\"tap\"}", "a tap needs a token"},
        {"\"seq\":1,\"kind\":\"tap\",\"token\":\"0123456789ABCDEF\"}", "token must be 16 hex digits"},
        {"\"seq\":1,\"kind\":\"wave\"}", "unknown kind"},
        {"\"seq\":1,\"kind\":\"boot\",\"last\":2}", "only a lost event has a last"},
        {"\"seq\":1,\"seq\":2,\"kind\":\"boot\"}", "not JSON"},
        {"\"seq\":1.5,\"kind\":\"boot\"}", "seq must be 1 or more"},
    };
    struct event event;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        snprintf(message, sizeof message, "%s%s", HEAD, CASES[i].rest);
        CHECK(wire_decode_events(message, strlen(message), &event, 1, &why) == WIRE_MALFORMED);
        CHECK(strcmp(why, CASES[i].why) == 0);
    }
    static const char *const OTHERS[] = {"", "[]", "null", "7", "{}", "[1]", "{\"v\":2}", "\xff\xfe"};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        CHECK(wire_decode_events(OTHERS[i], strlen(OTHERS[i]), &event, 1, &why) == WIRE_MALFORMED && why != NULL);
    memset(message, ' ', WIRE_MESSAGE_BYTES_MAX + 1);
    CHECK(wire_decode_events(message, WIRE_MESSAGE_BYTES_MAX + 1, &event, 1, &why) == WIRE_MALFORMED);
    CHECK(strcmp(why, "larger than a message may be") == 0);
}

static void receipts_return(void)
{
    struct wire_receipt receipt = {.generation = 9, .upto = 1234567890123, .refused_count = WIRE_REFUSALS_MAX}, back;
    for (size_t i = 0; i < WIRE_REFUSALS_MAX; i++)
        receipt.refused[i] = (struct wire_refusal){.sequence = 1234567890000 + i, .why = REFUSAL_BAD_TIME};
    int length = wire_encode_receipt(&receipt, message, WIRE_MESSAGE_BYTES_MAX);
    CHECK(length > 0 && wire_decode_receipt(message, (size_t)length, &back, &why) == 0);
    CHECK(back.generation == 9 && back.upto == receipt.upto && back.refused_count == WIRE_REFUSALS_MAX);
    CHECK(back.refused[31].sequence == 1234567890031 && back.refused[31].why == REFUSAL_BAD_TIME);
}

static void states_return(void)
{
    struct wire_state state = {.phase = PHASE_ALERT,
                               .birth = 12,
                               .firmware = "0.1.0",
                               .at_ms = 17,
                               .clock = CLOCK_RTC,
                               .queued = 41,
                               .oldest_unsent_ms = 90000,
                               .free_records = 8000,
                               .config_version = 2,
                               .readers_up = 1,
                               .readers_configured = 2,
                               .trouble = "2 checksum, 5 exception-2"};
    struct wire_state back = {0};
    int length = wire_encode_state(&state, message, WIRE_MESSAGE_BYTES_MAX);
    CHECK(length > 0 && wire_decode_state(message, (size_t)length, &back, &why) == 0);
    CHECK(back.phase == PHASE_ALERT && back.birth == 12 && strcmp(back.firmware, "0.1.0") == 0);
    CHECK(back.queued == 41 && back.oldest_unsent_ms == 90000 && back.free_records == 8000);
    CHECK(back.readers_up == 1 && back.readers_configured == 2 && back.config_version == 2);
    CHECK(strcmp(back.trouble, state.trouble) == 0);
    char *field = strstr(message, ", \"trouble\"");
    field = field != NULL ? field : strstr(message, ",\"trouble\"");
    CHECK(field != NULL);
    strcpy(field, "}"); /* an older terminal's */
    CHECK(wire_decode_state(message, strlen(message), &back, &why) == 0 && back.trouble[0] == '\0');
    strcpy(field, ",\"trouble\":\"<b>\"}");
    CHECK(wire_decode_state(message, strlen(message), &back, &why) != 0 && strstr(why, "trouble") != NULL);
}

static void the_fullest_lists_fit(void)
{
    static struct wire_cards cards, cards_back;
    static struct wire_plan plan, plan_back;
    cards.count = WIRE_TOKENS_MAX;
    for (size_t i = 0; i < WIRE_TOKENS_MAX; i++)
        cards.tokens[i] = UINT64_MAX - WIRE_TOKENS_MAX + i;
    int length = wire_encode_cards(&cards, message, sizeof message);
    CHECK(length > 0 && wire_decode_cards(message, (size_t)length, &cards_back, &why) == 0);
    CHECK(memcmp(&cards, &cards_back, sizeof cards) == 0);

    plan = (struct wire_plan){.version = 7, .day = 20000, .period_count = WIRE_PERIODS_MAX};
    for (size_t i = 0; i < WIRE_PERIODS_MAX; i++) {
        struct wire_period *period = &plan.periods[i];
        *period = (struct wire_period){.start_ms = 1790000000000, .late_ms = 1790000000001, .end_ms = 1790000000002};
        period->first_token = plan.token_count;
        period->token_count = WIRE_PLAN_TOKENS_MAX / WIRE_PERIODS_MAX;
        for (size_t k = 0; k < period->token_count; k++)
            plan.tokens[plan.token_count++] = UINT64_MAX - WIRE_PLAN_TOKENS_MAX + k;
    }
    CHECK(plan.token_count == WIRE_PLAN_TOKENS_MAX);
    length = wire_encode_plan(&plan, message, sizeof message);
    CHECK(length > 0 && wire_decode_plan(message, (size_t)length, &plan_back, &why) == 0);
    CHECK(memcmp(&plan, &plan_back, sizeof plan) == 0);
    CHECK(wire_encode_plan(&plan, message, 100) == WIRE_TOO_LONG);
}

/* White space behind a list is part of its message. */
static void a_byte_too_many_of_a_list_is_malformed(void)
{
    static char padded[WIRE_RETAINED_BYTES_MAX + 1];
    static struct wire_cards cards;
    int length = wire_encode_cards(&cards, padded, sizeof padded);
    CHECK(length > 0);
    memset(padded + length, ' ', sizeof padded - (size_t)length);
    CHECK(wire_decode_cards(padded, WIRE_RETAINED_BYTES_MAX, &cards, &why) == 0);
    CHECK(wire_decode_cards(padded, WIRE_RETAINED_BYTES_MAX + 1, &cards, &why) == WIRE_MALFORMED);
}

static void one_event_too_many_is_malformed(void)
{
    struct event batch[WIRE_EVENTS_MAX + 1], back[WIRE_EVENTS_MAX + 1];
    for (int i = 0; i <= WIRE_EVENTS_MAX; i++)
        batch[i] = (struct event){.generation = 1,
                                  .sequence = (uint64_t)i + 1,
                                  .last_sequence = (uint64_t)i + 1,
                                  .oldest = 1,
                                  .kind = EVENT_BOOT,
                                  .age_ms = -1};
    int length = wire_encode_events(batch, WIRE_EVENTS_MAX, message, sizeof message);
    CHECK(length > 0 && length <= WIRE_MESSAGE_BYTES_MAX);
    CHECK(wire_decode_events(message, (size_t)length, back, WIRE_EVENTS_MAX + 1, &why) == WIRE_EVENTS_MAX);
    length = wire_encode_events(batch, WIRE_EVENTS_MAX + 1, message, sizeof message);
    CHECK(length > 0 && length <= WIRE_MESSAGE_BYTES_MAX);
    CHECK(wire_decode_events(message, (size_t)length, back, WIRE_EVENTS_MAX + 1, &why) == WIRE_MALFORMED);
}

/* One more than a list may hold: nothing of it is believed. */
static void what_is_more_than_full_is_malformed(void)
{
    static struct wire_plan plan;
    static struct wire_cards cards;
    static char tokens[(WIRE_TOKENS_MAX + 1) * WIRE_TOKEN_BYTES + 1], periods[(WIRE_PERIODS_MAX + 1) * 64];
    static_assert(WIRE_TOKENS_MAX == WIRE_PLAN_TOKENS_MAX, "one list serves for both");
    size_t used = 0;
    for (int i = 1; i <= WIRE_TOKENS_MAX + 1; i++)
        used += (size_t)snprintf(tokens + used, sizeof tokens - used, "%s\"%016x\"", i == 1 ? "" : ",", i);
    int length = snprintf(message, sizeof message, "{\"v\":1,\"version\":1,\"tokens\":[%s]}", tokens);
    CHECK(wire_decode_cards(message, (size_t)length, &cards, &why) == WIRE_MALFORMED &&
          strstr(why, "at most 6144") != NULL);
    length = snprintf(message, sizeof message,
                      "{\"v\":1,\"version\":1,\"date\":\"2026-09-01\",\"periods\":[{\"start_ms\":1,\"late_ms\":1,"
                      "\"end_ms\":1,\"tokens\":[\"0000000000000001\"]},{\"start_ms\":1,\"late_ms\":1,\"end_ms\":1,"
                      "\"tokens\":[%.*s]}]}",
                      WIRE_PLAN_TOKENS_MAX * WIRE_TOKEN_BYTES - 1, tokens);
    CHECK(wire_decode_plan(message, (size_t)length, &plan, &why) == WIRE_MALFORMED &&
          strstr(why, "at most 6144") != NULL);
    used = 0;
    for (int i = 0; i <= WIRE_PERIODS_MAX; i++)
        used += (size_t)snprintf(periods + used, sizeof periods - used,
                                 "%s{\"start_ms\":1,\"late_ms\":1,\"end_ms\":1,\"tokens\":[]}", i == 0 ? "" : ",");
    length =
        snprintf(message, sizeof message, "{\"v\":1,\"version\":1,\"date\":\"2026-09-01\",\"periods\":[%s]}", periods);
    CHECK(wire_decode_plan(message, (size_t)length, &plan, &why) == WIRE_MALFORMED &&
          strstr(why, "at most 24") != NULL);
}

static void small_messages_return(void)
{
    struct wire_config config = {.version = 3, .debounce_ms = 3000, .repeat_ms = 60000, .late_sounds_like_ok = true};
    struct wire_command command = {.id = "c-1", .expires_ms = 99, .kind = COMMAND_ENROL, .reader = 2};
    struct wire_daemon_state state = {.ready = true, .at_ms = 5};
    struct wire_config config_back;
    struct wire_command command_back;
    struct wire_daemon_state state_back;
    int length = wire_encode_config(&config, message, sizeof message);
    CHECK(wire_decode_config(message, (size_t)length, &config_back, &why) == 0 && config_back.late_sounds_like_ok);
    CHECK(config_back.debounce_ms == 3000 && config_back.repeat_ms == 60000 && config_back.version == 3);
    length = wire_encode_command(&command, message, sizeof message);
    CHECK(wire_decode_command(message, (size_t)length, &command_back, &why) == 0);
    CHECK(command_back.kind == COMMAND_ENROL && strcmp(command_back.id, "c-1") == 0 && command_back.reader == 2);
    length = wire_encode_daemon_state(&state, message, sizeof message);
    CHECK(wire_decode_daemon_state(message, (size_t)length, &state_back, &why) == 0 && state_back.ready);
}

static int until_refused;

static void *refuse_one(size_t bytes)
{
    return until_refused-- == 0 ? NULL : malloc(bytes);
}

static int encode_events(char *out)
{
    struct event batch[12];
    for (int i = 0; i < 12; i++)
        batch[i] = an_event(i);
    return wire_encode_events(batch, 12, out, sizeof message);
}

static int encode_refusals(char *out)
{
    struct wire_receipt receipt = {.generation = 1, .upto = 9, .refused_count = 12};
    for (size_t i = 0; i < 12; i++)
        receipt.refused[i] = (struct wire_refusal){.sequence = i + 1, .why = REFUSAL_UNKNOWN_CARD};
    return wire_encode_receipt(&receipt, out, sizeof message);
}

static int encode_plan(char *out)
{
    static struct wire_plan plan = {.version = 1, .day = 20000, .period_count = 12, .tokens = {1, 2}};
    for (size_t i = 0; i < 12; i++)
        plan.periods[i] = (struct wire_period){.end_ms = 1, .token_count = 2};
    return wire_encode_plan(&plan, out, sizeof message);
}

/* Each piece of memory refused in turn: the message is whole, or there is none. */
static void nothing_is_left_out_when_memory_is_refused(void)
{
    static int (*const ENCODE[])(char *) = {encode_events, encode_refusals, encode_plan};
    static char whole[WIRE_RETAINED_BYTES_MAX];
    for (size_t i = 0; i < sizeof ENCODE / sizeof *ENCODE; i++) {
        int length = ENCODE[i](whole), got = WIRE_TOO_LONG;
        for (int point = 0; got == WIRE_TOO_LONG; point++) {
            json_set_alloc_funcs(refuse_one, free);
            until_refused = point;
            got = ENCODE[i](message);
            json_set_alloc_funcs(malloc, free);
            CHECK(got == WIRE_TOO_LONG || point > 50);
        }
        CHECK(got == length && memcmp(message, whole, (size_t)length) == 0 && until_refused >= 0);
    }
}

static void topics(void)
{
    char topic[WIRE_TOPIC_BYTES], terminal[ID_BYTES];
    const char *leaf;
    wire_topic(topic, "berga", "t-01", "event");
    CHECK(strcmp(topic, "narvaro/1/berga/t-01/event") == 0);
    CHECK(wire_topic_split(topic, "berga", terminal, &leaf));
    CHECK(strcmp(terminal, "t-01") == 0 && strcmp(leaf, "event") == 0);
    static const char *const OTHERS[] = {
        "narvaro/1/berga/cards",   "narvaro/1/bergan/t-01/event",
        "narvaro/2/berga/t/event", "",
        "narvaro/1/berga/T/event", "narvaro/1/berga//event",
        "narvaro/1/berga/t-01/",   "narvaro/1/berga/123456789012345678901234567890123/e"};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        CHECK(!wire_topic_split(OTHERS[i], "berga", terminal, &leaf));
    CHECK(wire_id_valid("a") && !wire_id_valid("") && !wire_id_valid("a.b") && !wire_id_valid("Å"));
}

int main(void)
{
    TEST(events_return);
    TEST(sixteen_of_the_longest_events_fit_a_message);
    TEST(foreign_text_is_read);
    TEST(malformed_events_are_refused);
    TEST(receipts_return);
    TEST(states_return);
    TEST(the_fullest_lists_fit);
    TEST(what_is_more_than_full_is_malformed);
    TEST(a_byte_too_many_of_a_list_is_malformed);
    TEST(one_event_too_many_is_malformed);
    TEST(small_messages_return);
    TEST(nothing_is_left_out_when_memory_is_refused);
    TEST(topics);
    return test_done();
}
