/* The emulated bus against an independent master: libmodbus. */
#include "tests/emulator.h"

#include <errno.h>
#include <modbus/modbus.h>
#include <time.h>
#include "common/clock.h"
#include "firmware/core/head.h"
#include "tests/test.h"

#define RESPONSE_TIMEOUT_US 500000
#define LAMPS               21
#define POLLS_MOST          20
#define POLLED              (INPUT_BOOT_NONCE - INPUT_CARD_SEQUENCE + 1) /* registers */

static const char *test_program;

static modbus_t *open_bus(const struct emulator *emulator, const char *name, int baud)
{
    char path[64];

    snprintf(path, sizeof path, "%s/bus-%s", emulator->directory, name);
    modbus_t *master = modbus_new_rtu(path, baud, 'N', 8, 1);
    modbus_set_response_timeout(master, 0, RESPONSE_TIMEOUT_US);
    if (modbus_connect(master) != 0) {
        modbus_free(master);
        return NULL;
    }
    modbus_flush(master);
    return master;
}

static void close_bus(modbus_t *master)
{
    modbus_close(master);
    modbus_free(master);
}

static bool poll_head(modbus_t *master, int address, uint16_t values[POLLED])
{
    modbus_set_slave(master, address);
    if (modbus_read_input_registers(master, INPUT_CARD_SEQUENCE, POLLED, values) == POLLED)
        return true;
    modbus_flush(master);
    return false;
}

/* As a master does whose frame was torn by a pause, on a machine with other work. */
static bool polled(modbus_t *master, int address, uint16_t values[POLLED])
{
    for (int tries = 0; tries < POLLS_MOST; tries++)
        if (poll_head(master, address, values))
            return true;
    return false;
}

static bool answer(modbus_t *master, enum pattern pattern, uint16_t sequence)
{
    uint16_t values[2] = {(uint16_t)pattern, sequence};

    return modbus_write_registers(master, HOLDING_PATTERN, 2, values) == 2;
}

static void a_tap_is_seen_answered_and_shown(void)
{
    static const char *const buses[] = {"r101=1,2", NULL};
    static const uint16_t card[5] = {0x0004, 0xa1b2, 0xc3d4, 0xe500, 0};
    struct emulator emulator;
    uint16_t values[POLLED], id[INPUT_CARD_SEQUENCE];
    char fact[256] = "";

    CHECK(emulator_start(&emulator, test_program, buses));
    modbus_t *master = open_bus(&emulator, "r101", 19200);
    CHECK(master != NULL);
    modbus_set_slave(master, 1);
    CHECK(modbus_read_input_registers(master, INPUT_MAGIC, 3, id) == 3);
    CHECK(id[INPUT_MAGIC] == REGISTERS_MAGIC && id[INPUT_MAP_VERSION] == REGISTERS_VERSION);
    CHECK(emulator_fact(&emulator, "back r101 1", NULL));
    CHECK(polled(master, 2, values) && values[0] == 0 && values[INPUT_BOOT_NONCE - INPUT_CARD_SEQUENCE] != 0);
    CHECK(emulator_command(&emulator, "tap r101 2 0004A1B2C3D4E5"));
    CHECK(emulator_fact(&emulator, "tapped r101 2 0004a1b2c3d4e5", NULL));
    CHECK(polled(master, 1, values) && values[0] == 0);
    CHECK(polled(master, 2, values) && values[0] != 0 && values[INPUT_CARD_BYTES - INPUT_CARD_SEQUENCE] == 7);
    CHECK(memcmp(values + INPUT_CARD - INPUT_CARD_SEQUENCE, card, sizeof card) == 0);
    CHECK(answer(master, PATTERN_LATE, values[0]) && emulator_fact(&emulator, " lamp ", fact));
    CHECK(strstr(fact, "lamp r101 2 late 0004a1b2c3d4e5 ") != NULL);
    CHECK(polled(master, 2, values) && values[0] == 0);
    close_bus(master);
    CHECK(emulator_stop(&emulator));
}

static void a_mute_reader_times_out_alone(void)
{
    static const char *const buses[] = {"r101=1,2", NULL};
    struct emulator emulator;
    uint16_t values[POLLED];

    CHECK(emulator_start(&emulator, test_program, buses));
    modbus_t *master = open_bus(&emulator, "r101", 19200);
    CHECK(emulator_command(&emulator, "mute r101 1") && emulator_command(&emulator, "x"));
    CHECK(emulator_fact(&emulator, "error no such bus: x", NULL));
    for (int i = 0; i < 5; i++)
        CHECK(!poll_head(master, 1, values) && polled(master, 2, values));
    CHECK(emulator_command(&emulator, "unmute r101 1") && emulator_command(&emulator, "y"));
    CHECK(emulator_fact(&emulator, "error no such bus: y", NULL) && polled(master, 1, values));
    close_bus(master);
    CHECK(emulator_stop(&emulator));
}

static void a_pulled_adapter_fails_and_comes_back_with_its_taps(void)
{
    static const char *const buses[] = {"r101=1", NULL};
    struct emulator emulator;
    struct clock real = clock_system();
    uint16_t values[POLLED];

    CHECK(emulator_start(&emulator, test_program, buses));
    modbus_t *master = open_bus(&emulator, "r101", 19200);
    CHECK(polled(master, 1, values));
    CHECK(emulator_command(&emulator, "tap r101 1 01020304") && emulator_command(&emulator, "unplug r101"));
    CHECK(emulator_fact(&emulator, "again r101 1 01020304", NULL));
    int64_t again_ms = clock_mono_ms(&real); /* the tap is older by HEAD_RETRY_MS at the least */
    CHECK(!poll_head(master, 1, values) && errno != ETIMEDOUT);
    close_bus(master);
    CHECK(open_bus(&emulator, "r101", 19200) == NULL);
    CHECK(emulator_fact(&emulator, "out r101 1", NULL) && emulator_command(&emulator, "plug r101"));
    for (master = NULL; master == NULL;)
        master = open_bus(&emulator, "r101", 19200);
    int64_t since_again_ms = clock_mono_ms(&real) - again_ms;
    CHECK(polled(master, 1, values) && values[0] != 0);
    CHECK(values[INPUT_AGE_MS - INPUT_CARD_SEQUENCE] >= since_again_ms + HEAD_RETRY_MS - 1);
    CHECK(emulator_command(&emulator, "restart r101 1") && emulator_fact(&emulator, "lost r101 1 01020304", NULL));
    uint16_t nonce = values[INPUT_BOOT_NONCE - INPUT_CARD_SEQUENCE];
    CHECK(polled(master, 1, values) && values[0] == 0 && values[INPUT_BOOT_NONCE - INPUT_CARD_SEQUENCE] != nonce);
    close_bus(master);
    CHECK(emulator_stop(&emulator));
}

static void bad_commands_are_told(void)
{
    static const char *const buses[] = {"r101=1", NULL};
    static const char *const bad[] = {"tap r101 1 0102030",  "tap r101 1 zz020304",
                                      "tap r101 9 01020304", "tap r102 1 01020304",
                                      "dance r101 1",        "unplug",
                                      "tamper r101 1 maybe", "tap r101 1 0102030405060708090a0b"};
    struct emulator emulator;

    CHECK(emulator_start(&emulator, test_program, buses));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(emulator_command(&emulator, bad[i]) && emulator_fact(&emulator, bad[i], NULL));
    for (int i = 0; i < HEAD_TAPS_MAX + 1; i++)
        CHECK(emulator_command(&emulator, "tap r101 1 01020304"));
    CHECK(emulator_fact(&emulator, "dropped r101 1 01020304", NULL));
    CHECK(emulator_stop(&emulator));
}

static int by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* One master at full speed, a tap now at one head and now at another: the median from tap to lamp. (The slowest says more
 * of what else the machine does.) */
static int median_lamp_ms(const char *bus, int baud, int readers)
{
    const char *const buses[] = {bus, NULL};
    struct emulator emulator;
    uint16_t values[POLLED];
    int latencies_ms[LAMPS];
    char command[64], fact[256];

    CHECK(emulator_start(&emulator, test_program, buses));
    modbus_t *master = open_bus(&emulator, "b", baud);
    for (int tap = 0; tap < LAMPS; tap++) {
        snprintf(command, sizeof command, "tap b %d %08x", 1 + tap % readers, (unsigned)tap);
        CHECK(emulator_command(&emulator, command));
        for (int reader = 1, answered = 0; !answered; reader = reader % readers + 1)
            if (poll_head(master, reader, values) && values[0] != 0)
                answered = answer(master, PATTERN_OK, values[0]);
        CHECK(emulator_fact(&emulator, " lamp ", fact));
        latencies_ms[tap] = (int)strtol(strrchr(fact, ' '), NULL, 10);
    }
    close_bus(master);
    CHECK(emulator_stop(&emulator));
    qsort(latencies_ms, LAMPS, sizeof latencies_ms[0], by_size);
    return latencies_ms[LAMPS / 2];
}

/* At 19,200 baud the reply to a poll and the request with the answer alone are 40 bytes, 20 ms; unpaced, the lamp
 * would be faster. How much longer it may take is simulate's to say, in virtual time, and `make bench-bus`'s. */
static void the_line_takes_its_time(void)
{
    int three_ms = median_lamp_ms("b=1,2,3", 19200, 3);
    int eight_ms = median_lamp_ms("b@115200=1,2,3,4,5,6,7,8", 115200, 8);

    printf("# median lamp: %d ms with 3 readers at 19200, %d ms with 8 at 115200\n", three_ms, eight_ms);
    CHECK(three_ms >= 20 && eight_ms >= 5);
}

int main(int argc, char **argv)
{
    (void)argc;
    test_program = argv[0];
    TEST(a_tap_is_seen_answered_and_shown);
    TEST(a_mute_reader_times_out_alone);
    TEST(a_pulled_adapter_fails_and_comes_back_with_its_taps);
    TEST(bad_commands_are_told);
    TEST(the_line_takes_its_time);
    return test_done();
}
