/* Set-ups as electricians leave them, and what --probe says of each. The line and its devices are this test's own. */
#include "firmware/terminal/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tests/test.h"

enum kind { HEAD, HEAD_WITHOUT_MODULE, PROFILED, REFUSES, STRANGER };

static const struct profile PROFILE = {.space = PROFILE_HOLDING,
                                       .count = 2,
                                       .new_at = PROFILE_NOWHERE,
                                       .length_at = PROFILE_NOWHERE,
                                       .sequence_at = PROFILE_NOWHERE,
                                       .bits_at = PROFILE_NOWHERE,
                                       .known = {[PROFILE_CARD_4] = true},
                                       .places = {[PROFILE_CARD_4] = {0, 1, 2, 3}}};

static struct world {
    bool no_device, echoes, noise;
    const uint8_t *spoken; /* by somebody else, unasked */
    size_t spoken_bytes;
    int baud;
    char parity;
    struct {
        uint8_t address;
        enum kind kind;
        int baud;
        char parity;
    } devices[4];
    int asked;
} world;
static struct options options;
static char *said;
static size_t said_bytes;

static bool open_line(void *context, int baud, char parity)
{
    (void)context;
    world.baud = baud;
    world.parity = parity;
    errno = ENOENT;
    return !world.no_device;
}

static size_t listen_line(void *context, int ms, uint8_t *bytes, size_t capacity)
{
    (void)context, (void)ms;
    CHECK(world.spoken_bytes <= capacity);
    if (world.spoken_bytes > 0)
        memcpy(bytes, world.spoken, world.spoken_bytes);
    return world.spoken_bytes;
}

static bool answers(enum kind kind, struct poller_job *job)
{
    bool reads_input = job->kind == POLLER_READ_INPUT;
    if (kind == REFUSES || (kind == PROFILED && reads_input) || (kind != PROFILED && !reads_input)) {
        job->cause = (struct cause){TROUBLE_EXCEPTION, kind == REFUSES ? 2 : 1};
        return false;
    }
    memset(job->values, 0, sizeof job->values);
    if (kind == PROFILED || kind == STRANGER)
        return true;
    job->values[INPUT_MAGIC] = REGISTERS_MAGIC;
    job->values[INPUT_MAP_VERSION] = REGISTERS_VERSION;
    job->values[INPUT_FIRMWARE_VERSION] = 2;
    job->values[INPUT_STATUS] = kind == HEAD_WITHOUT_MODULE ? STATUS_RFID_FAULT : 0;
    return true;
}

static bool ask_line(void *context, struct poller_job *job)
{
    (void)context;
    world.asked++;
    CHECK(job->kind == POLLER_READ_INPUT || job->kind == POLLER_READ_HOLDING); /* nothing is written */
    job->cause.trouble = world.noise ? TROUBLE_CHECKSUM : world.echoes ? TROUBLE_ECHO : TROUBLE_SILENCE;
    for (size_t i = 0; i < 4 && !world.noise; i++)
        if (world.devices[i].address == job->reader && world.devices[i].baud == world.baud &&
            world.devices[i].parity == world.parity)
            return answers(world.devices[i].kind, job);
    return false;
}

/* Readers 1 (a head) and, with a profile, 2: as the settings have them. */
static bool probed(struct world as, bool with_profile)
{
    struct probe_line line = {.open = open_line, .listen = listen_line, .ask = ask_line};
    world = as;
    options = (struct options){.bus = {.device = "/dev/ttyUSB0", .baud = 19200, .parity = "E"}};
    options.terminal.readers[0] = 1;
    options.terminal.readers[1] = 2;
    options.terminal.reader_count = with_profile ? 2 : 1;
    options.profiles[1] = PROFILE;
    free(said);
    FILE *out = open_memstream(&said, &said_bytes);
    bool well = probe_run(&options, &line, out);
    fclose(out);
    return well;
}

static bool says(const char *words)
{
    if (strstr(said, words) == NULL)
        printf("# \"%s\" is not in:\n# %s\n", words, said);
    return strstr(said, words) != NULL;
}

static void a_line_as_it_should_be(void)
{
    CHECK(probed((struct world){.devices = {{1, HEAD, 19200, 'E'}, {2, PROFILED, 19200, 'E'}}}, true));
    CHECK(says("listening: silent") && says("reader 1: a reader head, program 0.2\n") &&
          says("reader 2: answers as its profile says") && says("all is well") && world.asked == 2);
}

static void another_bit_rate(void)
{
    CHECK(!probed((struct world){.devices = {{1, HEAD, 115200, 'E'}}}, false));
    CHECK(says("reader 1: no-answer") && says("reader 1: it answers at 115200 baud, parity E"));
}

static void another_parity(void)
{
    CHECK(!probed((struct world){.devices = {{1, HEAD, 19200, 'E'}, {2, PROFILED, 19200, 'N'}}}, true));
    CHECK(says("reader 1: a reader head") && says("reader 2: it answers at 19200 baud, parity N. All devices"));
}

static void another_address(void)
{
    CHECK(!probed((struct world){.devices = {{5, HEAD, 19200, 'E'}, {77, REFUSES, 19200, 'E'}}}, false));
    CHECK(says("reader 1: no-answer") && says("address 5: a reader head answers there, and no reader is set to it") &&
          says("address 77: a device answers there"));
}

static void a_profile_of_another_reader(void)
{
    CHECK(!probed((struct world){.devices = {{1, HEAD, 19200, 'E'}, {2, REFUSES, 19200, 'E'}}}, true));
    CHECK(says("reader 2: exception-2 (it has no such register") && world.asked == 1 + 2);
}

static void nothing_at_all(void)
{
    CHECK(!probed((struct world){0}, false));
    CHECK(says("reader 1: no-answer (no power, a wire off, A and B the wrong way round"));
    CHECK(strstr(said, "answers there") == NULL && strstr(said, "it answers at") == NULL);
}

static void an_adapter_that_hears_itself_and_nobody(void)
{
    CHECK(!probed((struct world){.echoes = true}, false));
    CHECK(says("reader 1: echo (the adapter hears itself, and nobody else answers"));
}

static void two_devices_with_one_address_or_noise(void)
{
    CHECK(!probed((struct world){.noise = true, .devices = {{1, HEAD, 19200, 'E'}}}, false));
    CHECK(says("reader 1: checksum (another bit rate or parity, two devices with one address, or noise"));
}

static void another_master(void)
{
    static const uint8_t request[] = {0x03, 0x11, 0xc1, 0x4c, 0x03, 0x04, 0x04, 0xab, 0xcd, 0x01, 0x02, 0xe9, 0xce};
    CHECK(!probed((struct world){.spoken = request, .spoken_bytes = sizeof request, .devices = {{1, HEAD, 19200, 'E'}}},
                  false));
    CHECK(says("listening: somebody speaks: another master") && says("reader 1: a reader head"));
}

static void noise_while_nobody_is_asked(void)
{
    static const uint8_t noise[] = {0, 0xff, 0, 0, 0xff};
    CHECK(!probed((struct world){.spoken = noise, .spoken_bytes = sizeof noise, .devices = {{1, HEAD, 19200, 'E'}}},
                  false));
    CHECK(says("listening: 5 bytes that are no frames: noise"));
}

static void a_reader_without_its_profile(void)
{
    CHECK(!probed((struct world){.devices = {{1, STRANGER, 19200, 'E'}}}, false));
    CHECK(says("reader 1: no-head (it is no reader head of ours"));
    CHECK(!probed((struct world){.devices = {{1, PROFILED, 19200, 'E'}}}, false));
    CHECK(says("reader 1: exception-1 (it does not know this function"));
}

static void a_head_without_its_card_module(void)
{
    CHECK(!probed((struct world){.devices = {{1, HEAD_WITHOUT_MODULE, 19200, 'E'}}}, false));
    CHECK(says("reader 1: module (the head works, its card module does not"));
}

static void no_adapter(void)
{
    CHECK(!probed((struct world){.no_device = true}, false));
    CHECK(says("/dev/ttyUSB0: cannot be opened: No such file or directory") && world.asked == 0);
}

int main(void)
{
    TEST(a_line_as_it_should_be);
    TEST(another_bit_rate);
    TEST(another_parity);
    TEST(another_address);
    TEST(a_profile_of_another_reader);
    TEST(nothing_at_all);
    TEST(an_adapter_that_hears_itself_and_nobody);
    TEST(two_devices_with_one_address_or_noise);
    TEST(another_master);
    TEST(noise_while_nobody_is_asked);
    TEST(a_reader_without_its_profile);
    TEST(a_head_without_its_card_module);
    TEST(no_adapter);
    free(said);
    return test_done();
}
