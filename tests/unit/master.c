/* The master's frames against bytes that were worked out elsewhere, by the specification; and lines that add, lose and change
 * bytes. */
#include "firmware/core/master.h"

#include <string.h>
#include "tests/test.h"

static struct master_hearing hearing;

/* Text like "03 11 c1 4c" as bytes; returns how many. */
static size_t bytes_of(const char *hex, uint8_t *out)
{
    size_t count = 0;
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += strspn(hex + 2, " ") + 2) {
        out[count++] = (uint8_t)byte;
        if (hex[2] == '\0')
            break;
    }
    return count;
}

static void hear(const char *hex)
{
    hearing.heard_bytes += bytes_of(hex, hearing.heard + hearing.heard_bytes);
}

static void ask(const struct poller_job *job)
{
    uint8_t request[MASTER_REQUEST_BYTES_MAX];
    master_listen(&hearing, request, master_request(job, request));
}

static const struct exchange {
    struct poller_job job;
    const char *request, *answer;
} EXCHANGES[] = {
    {{.kind = POLLER_REPORT, .reader = 3}, "03 11 c1 4c", "03 11 04 00 ff 02 bc ea 60"},
    {{.kind = POLLER_READ_INPUT, .reader = 3, .first = 10, .count = 2},
     "03 04 00 0a 00 02 50 2b",
     "03 04 04 ab cd 01 02 e9 ce"},
    {{.kind = POLLER_READ_HOLDING, .reader = 3, .first = 100, .count = 1},
     "03 03 00 64 00 01 c4 37",
     "03 03 02 be ef f1 a8"},
    {{.kind = POLLER_READ_COIL, .reader = 3, .first = 1004, .count = 3},
     "03 01 03 ec 00 03 bc 58",
     "03 01 01 05 90 33"},
    {{.kind = POLLER_READ_DISCRETE, .reader = 3, .first = 10, .count = 9},
     "03 02 00 0a 00 09 99 ec",
     "03 02 02 ff 01 40 48"},
    {{.kind = POLLER_WRITE_COIL, .reader = 3, .first = 1014, .count = 1, .values = {1}},
     "03 05 03 f6 ff 00 6d ae",
     "03 05 03 f6 ff 00 6d ae"},
    {{.kind = POLLER_WRITE_COIL, .reader = 3, .first = 1014, .count = 1, .values = {0}},
     "03 05 03 f6 00 00 2c 5e",
     "03 05 03 f6 00 00 2c 5e"},
    {{.kind = POLLER_WRITE_HOLDING, .reader = 3, .first = 0, .count = 2, .values = {1, 701}},
     "03 10 00 00 00 02 04 00 01 02 bd 68 c6",
     "03 10 00 00 00 02 40 2a"},
};
#define EXCHANGE_COUNT (sizeof EXCHANGES / sizeof EXCHANGES[0])
#define READ_INPUT     (&EXCHANGES[1].job)

static void requests_are_as_the_specification_has_them(void)
{
    for (size_t i = 0; i < EXCHANGE_COUNT; i++) {
        uint8_t expected[64];
        ask(&EXCHANGES[i].job);
        CHECK(hearing.request_bytes == bytes_of(EXCHANGES[i].request, expected));
        CHECK(memcmp(hearing.request, expected, hearing.request_bytes) == 0);
    }
}

static void values_come_out_of_answers(void)
{
    struct poller_job job = *READ_INPUT;
    ask(&job);
    hear("03 04 04 ab cd 01 02 e9 ce");
    CHECK(master_take(&job, master_answer(&hearing)).trouble == TROUBLE_NONE);
    CHECK(job.values[0] == 0xabcd && job.values[1] == 0x0102);
    job = EXCHANGES[3].job;
    ask(&job);
    hear(EXCHANGES[3].answer);
    CHECK(master_take(&job, master_answer(&hearing)).trouble == TROUBLE_NONE);
    CHECK(job.values[0] == 1 && job.values[1] == 0 && job.values[2] == 1);
    job = EXCHANGES[4].job;
    ask(&job);
    hear(EXCHANGES[4].answer);
    CHECK(master_take(&job, master_answer(&hearing)).trouble == TROUBLE_NONE);
    CHECK(job.values[0] == 1 && job.values[7] == 1 && job.values[8] == 1);
    job = EXCHANGES[0].job;
    ask(&job);
    hear(EXCHANGES[0].answer);
    CHECK(master_take(&job, master_answer(&hearing)).trouble == TROUBLE_NONE);
    CHECK(job.report_bytes == 4 && memcmp(job.report, "\x00\xff\x02\xbc", 4) == 0);
}

/* Byte by byte: it is there with its last one, not earlier. Behind stray bytes, and behind our own request. */
static void an_answer_is_found_wherever_it_lies(void)
{
    static const char *const BEFORE[] = {"", "ff", "00 ff 03", "03 04", "03 84", "55 aa 55 aa 55 aa 55 aa"};
    for (size_t i = 0; i < EXCHANGE_COUNT; i++)
        for (size_t k = 0; k < sizeof BEFORE / sizeof BEFORE[0]; k++)
            for (int echoed = 0; echoed <= 1; echoed++) {
                uint8_t answer[64];
                size_t bytes = bytes_of(EXCHANGES[i].answer, answer);
                hearing.echoes = echoed;
                ask(&EXCHANGES[i].job);
                if (echoed)
                    hear(EXCHANGES[i].request);
                hear(BEFORE[k]);
                for (size_t sent = 0; sent < bytes; sent++) {
                    CHECK(master_answer(&hearing) == NULL);
                    hearing.heard[hearing.heard_bytes++] = answer[sent];
                }
                const uint8_t *found = master_answer(&hearing);
                CHECK(found != NULL && memcmp(found, answer, bytes - 2) == 0 && master_heard_enough(&hearing));
                CHECK(hearing.echoes == echoed);
            }
}

static void what_is_wrong_is_told(void)
{
    static const struct wrong {
        const char *heard;
        enum trouble trouble;
    } WRONGS[] = {
        {"", TROUBLE_SILENCE},
        {"03 04 00 0a 00 02 50 2b", TROUBLE_ECHO},
        {"03 04 04 ab cd 01 02 e9 cf", TROUBLE_CHECKSUM},
        {"03 04 04 ab", TROUBLE_CHECKSUM},
        {"00", TROUBLE_CHECKSUM},
        {"03 04 00 0a 00 02 50 2b 03 04 04 ab cd", TROUBLE_CHECKSUM},
        {"04 04 04 ab cd 01 02 9f 0e", TROUBLE_OTHER_ID},
        {"ff 04 04 04 ab cd 01 02 9f 0e", TROUBLE_OTHER_ID},
        {"03 03 04 ab cd 01 02 e8 79", TROUBLE_STRANGE},
        {"03 04 02 ab cd 7e 55", TROUBLE_STRANGE},
    };
    for (size_t i = 0; i < sizeof WRONGS / sizeof WRONGS[0]; i++) {
        hearing.echoes = false;
        ask(READ_INPUT);
        hear(WRONGS[i].heard);
        CHECK(master_answer(&hearing) == NULL && master_cause(&hearing).trouble == WRONGS[i].trouble);
    }
    struct poller_job job = *READ_INPUT;
    ask(&job);
    hear("03 84 02 63 01");
    struct cause cause = master_take(&job, master_answer(&hearing));
    CHECK(cause.trouble == TROUBLE_EXCEPTION && cause.exception == 2);
    char word[CAUSE_WORD_BYTES];
    CHECK(strcmp(cause_word(cause, word), "exception-2") == 0 && strstr(cause_hint(cause), "no such register") != NULL);
    cause.exception = 255;
    CHECK(strcmp(cause_word(cause, word), "exception-255") == 0 && cause_hint(cause) != NULL);
    for (enum trouble trouble = TROUBLE_NONE + 1; trouble < TROUBLES; trouble++)
        CHECK(cause_word((struct cause){trouble, 7}, word)[0] != '\0' &&
              cause_hint((struct cause){trouble, 7}) != NULL);
}

/* Once an adapter is known to echo, the writing of a coil is not believed to itself. */
static void an_echo_is_no_answer_to_the_writing_of_a_coil(void)
{
    hearing.echoes = false;
    ask(READ_INPUT);
    hear("03 04 00 0a 00 02 50 2b");
    CHECK(master_answer(&hearing) == NULL && hearing.echoes);
    ask(&EXCHANGES[5].job);
    hear(EXCHANGES[5].request);
    CHECK(master_answer(&hearing) == NULL && master_cause(&hearing).trouble == TROUBLE_ECHO);
    hear(EXCHANGES[5].answer);
    CHECK(master_answer(&hearing) != NULL);
    ask(READ_INPUT);
    hear("03 04 04 ab cd 01 02 e9 ce"); /* another adapter now */
    CHECK(master_answer(&hearing) != NULL && !hearing.echoes);
}

/* No bit of an answer can change without being noticed. */
static void a_changed_bit_is_no_answer(void)
{
    for (size_t i = 0; i < EXCHANGE_COUNT; i++) {
        hearing.echoes = false;
        ask(&EXCHANGES[i].job);
        hear(EXCHANGES[i].answer);
        for (size_t bit = 0; bit < 8 * hearing.heard_bytes; bit++) {
            hearing.heard[bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(master_answer(&hearing) == NULL && master_cause(&hearing).trouble != TROUBLE_NONE);
            hearing.heard[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        CHECK(master_answer(&hearing) != NULL);
    }
}

/* More than fits is never written; no noise reads beyond what was heard (for the sanitizers). */
static void noise_is_safe(void)
{
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        ask(&EXCHANGES[round % (int)EXCHANGE_COUNT].job);
        hearing.heard_bytes = (size_t)round % (MASTER_HEARD_BYTES_MAX + 1);
        for (size_t i = 0; i < hearing.heard_bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            hearing.heard[i] = seed >> 30 == 0 ? hearing.request[seed >> 16 & 1] : (uint8_t)(seed >> 24);
        }
        const uint8_t *answer = master_answer(&hearing);
        CHECK(answer == NULL || (answer >= hearing.heard && answer < hearing.heard + hearing.heard_bytes));
        CHECK(master_cause(&hearing).trouble < TROUBLES);
    }
}

int main(void)
{
    TEST(requests_are_as_the_specification_has_them);
    TEST(values_come_out_of_answers);
    TEST(an_answer_is_found_wherever_it_lies);
    TEST(what_is_wrong_is_told);
    TEST(an_echo_is_no_answer_to_the_writing_of_a_coil);
    TEST(a_changed_bit_is_no_answer);
    TEST(noise_is_safe);
    return test_done();
}
