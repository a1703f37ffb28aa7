#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/log.h"
#include "common/wire.h"
#include "tests/bus/bus.h"

#define BUSES_MAX    64
#define LINE_MAX_IN  128
#define ADDRESS_MAX  247
#define BAUD_DEFAULT 19200

static const char ABOUT[] =
    "Emulates RS-485 buses with reader heads on them. Each BUS is NAME[@BAUD]=ADDRESS[,ADDRESS...], at most "
    "8 heads; "
    "the master opens DIR/bus-NAME, 8N1. A \"+\" in the list of addresses is a guest: another program may be a reader "
    "there, by "
    "DIR/guest-NAME. ADDRESS:MODEL is a commercial reader: inveo, vrd, swapped, mb10, qde or qm.\v"
    "Commands on standard input, one a line (its end quits):\n"
    "  tap BUS READER CARDHEX     a card of 4 to 10 bytes is held to a head\n"
    "  line BUS clean|echo|stray  the adapter hears itself; noise comes before each answer\n"
    "  unplug BUS, plug BUS       the adapter is pulled out, and put back\n"
    "  mute BUS READER, unmute BUS READER   a head's wire is cut, and mended\n"
    "  restart BUS READER         a head loses power: its queue is gone\n"
    "  tamper BUS READER on|off   a head's case is opened, and closed\n"
    "  quit\n"
    "\n"
    "Facts on standard output, after CLOCK_BOOTTIME in milliseconds:\n"
    "  ready                      every bus can be opened\n"
    "  tapped BUS READER CARDHEX  the head keeps the tap until it is answered\n"
    "  dropped BUS READER CARDHEX 8 taps were waiting\n"
    "  lamp BUS READER PATTERN CARDHEX LATENCY_MS    the master's answer to a tap was shown\n"
    "  silent BUS READER PATTERN CARDHEX LATENCY_MS  it came too late to be shown\n"
    "  released BUS READER CARDHEX  a commercial reader may read the next card\n"
    "  again BUS READER CARDHEX   no answer yet: please tap again\n"
    "  lost BUS READER CARDHEX    was waiting at a restart\n"
    "  out BUS READER, back BUS READER      no master for two seconds; served again\n"
    "  mode BUS READER normal|enrol|identify\n"
    "  error TEXT                 a command that cannot be obeyed\n";

static const struct argp_option OPTIONS[] = {
    {"directory", 'd', "DIR", 0, "where the symlinks go (required)", 0},
    {"baud", 'b', "BAUD", 0, "of the buses that name none; 19200 by default", 0},
    {0},
};

struct emulator {
    const char *directory;
    uint32_t baud;
    size_t bus_count;
    struct bus buses[BUSES_MAX];
    char input[LINE_MAX_IN];
    size_t input_length;
    bool over;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static bool read_baud(const char *text, uint32_t *baud)
{
    static const uint32_t known[] = {1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (*end == '\0' && value == known[i]) {
            *baud = known[i];
            return true;
        }
    return false;
}

static bool read_address(const char *text, unsigned *address)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    *address = (unsigned)value;
    return *text != '\0' && *end == '\0' && value >= 1 && value <= ADDRESS_MAX;
}

static bool read_model(const char *text, enum foreign_model *model)
{
    for (enum foreign_model known = FOREIGN_NONE; known < FOREIGN_MODELS; known++)
        if (strcmp(text != NULL ? text : "", FOREIGN_NAMES[known]) == 0) {
            *model = known;
            return true;
        }
    return false;
}

/* "1,2,3:inveo,+": at least one, each once. */
static bool add_readers(struct bus *bus, char *list)
{
    unsigned address;

    for (char *save, *word = strtok_r(list, ",", &save); word != NULL; word = strtok_r(NULL, ",", &save)) {
        if (strcmp(word, "+") == 0) {
            bus->guest.path[0] = '+'; /* it gets its path when it is plugged in */
            continue;
        }
        char *model = strchr(word, ':');
        if (model != NULL)
            *model++ = '\0';
        if (!read_model(model, &bus->readers[bus->reader_count % BUS_READERS_MAX].foreign.model) ||
            !read_address(word, &address) || bus_reader(bus, address) != NULL || bus->reader_count == BUS_READERS_MAX)
            return false;
        bus_power_up(bus, &bus->readers[bus->reader_count++], (uint8_t)address, bus_now_us());
    }
    return bus->reader_count > 0 || bus->guest.path[0];
}

static struct bus *find_bus(struct emulator *emulator, const char *name)
{
    for (size_t i = 0; i < emulator->bus_count; i++)
        if (strcmp(emulator->buses[i].name, name) == 0)
            return &emulator->buses[i];
    return NULL;
}

/* NAME[@BAUD]=ADDRESS[,ADDRESS...]; takes the text apart. */
static bool add_bus(struct emulator *emulator, char *text)
{
    char *readers = strchr(text, '='), *baud;

    if (readers == NULL || emulator->bus_count == BUSES_MAX)
        return false;
    *readers++ = '\0';
    if ((baud = strchr(text, '@')) != NULL)
        *baud++ = '\0';
    if (!wire_id_valid(text) || find_bus(emulator, text) != NULL)
        return false;
    struct bus *bus = &emulator->buses[emulator->bus_count];
    bus->line = bus->guest = (struct line){.baud = emulator->baud, .fd = -1, .keeper = -1};
    bus->guest.heard.at_us = LINE_NEVER;
    snprintf(bus->name, sizeof bus->name, "%s", text);
    if ((baud != NULL && !read_baud(baud, &bus->line.baud)) || !add_readers(bus, readers))
        return false;
    emulator->bus_count++;
    return true;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct emulator *emulator = state->input;

    switch (key) {
    case 'd':
        emulator->directory = argument;
        return 0;
    case 'b':
        if (!read_baud(argument, &emulator->baud))
            argp_error(state, "--baud: %s is no baud rate from 1200 to 115200", argument);
        return 0;
    case ARGP_KEY_ARG:
        if (!add_bus(emulator, argument))
            argp_error(state, "%s: not NAME[@BAUD]=ADDRESS[,ADDRESS...], or named twice, or too many", argument);
        return 0;
    case ARGP_KEY_END:
        if (emulator->directory == NULL || emulator->bus_count == 0)
            argp_error(state, "--directory and at least one BUS are needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool read_card(const char *text, uint8_t card[CARD_BYTES_MAX], size_t *bytes)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    size_t length = strlen(text);

    if (length % 2 != 0 || length < 2 * CARD_BYTES_MIN || length > 2 * CARD_BYTES_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char *digit = strchr(digits, text[i]);
        if (digit == NULL)
            return false;
        card[i / 2] = (uint8_t)(card[i / 2] << 4 | ((digit - digits) & 15));
    }
    *bytes = length / 2;
    return true;
}

/* Returns what is wrong, or NULL. */
static const char *obey_for_reader(struct bus *bus, struct reader *reader, const char *word, const char *last,
                                   int64_t now_us)
{
    uint8_t card[CARD_BYTES_MAX] = {0};
    size_t bytes;

    if (strcmp(word, "tap") == 0) {
        if (!read_card(last, card, &bytes))
            return "a card has 8 to 20 hex digits";
        bus_tap(bus, reader, card, bytes, now_us);
    } else if (strcmp(word, "mute") == 0 || strcmp(word, "unmute") == 0) {
        reader->muted = word[0] == 'm';
    } else if (strcmp(word, "restart") == 0) {
        bus_restart(bus, reader, now_us);
    } else if (strcmp(word, "tamper") == 0 && (strcmp(last, "on") == 0 || strcmp(last, "off") == 0)) {
        reader->head.tamper = strcmp(last, "on") == 0;
    } else {
        return "no such command";
    }
    return NULL;
}

static const char *obey_for_bus(struct bus *bus, const char *word)
{
    if (strcmp(word, "unplug") == 0) {
        line_unplug(&bus->line);
        return NULL;
    }
    if (strcmp(word, "plug") != 0)
        return "no such command";
    return bus->line.fd >= 0 || line_plug(&bus->line) ? NULL : strerror(errno);
}

static const char *obey_for_line(struct line *line, const char *kind)
{
    bool echo = strcmp(kind, "echo") == 0, stray = strcmp(kind, "stray") == 0;
    if (!echo && !stray && strcmp(kind, "clean") != 0)
        return "a line is clean, or has echo or stray";
    line->echoes = echo;
    line->strays = stray;
    return NULL;
}

static void obey(struct emulator *emulator, char *line, int64_t now_us)
{
    char word[16] = "", name[ID_BYTES] = "", address_text[8] = "", last[32] = "";
    unsigned address;
    const char *wrong;

    int words = sscanf(line, "%15s %32s %7s %31s", word, name, address_text, last);
    if (words <= 0)
        return;
    if (words == 1 && strcmp(word, "quit") == 0) {
        emulator->over = true;
        return;
    }
    struct bus *bus = find_bus(emulator, name);
    struct reader *reader = bus != NULL && read_address(address_text, &address) ? bus_reader(bus, address) : NULL;
    if (bus == NULL)
        wrong = "no such bus";
    else if (words == 2)
        wrong = obey_for_bus(bus, word);
    else if (words == 3 && strcmp(word, "line") == 0)
        wrong = obey_for_line(&bus->line, address_text);
    else
        wrong = reader != NULL ? obey_for_reader(bus, reader, word, last, now_us) : "no such reader";
    if (wrong != NULL)
        bus_tell(now_us, "error %s: %s", wrong, line);
}

static void read_commands(struct emulator *emulator, int64_t now_us)
{
    char *input = emulator->input, *end;
    ssize_t count = read(STDIN_FILENO, input + emulator->input_length, LINE_MAX_IN - 1 - emulator->input_length);

    if (count <= 0) {
        emulator->over = count == 0 || (errno != EINTR && errno != EAGAIN);
        return;
    }
    emulator->input_length += (size_t)count;
    input[emulator->input_length] = '\0';
    while ((end = strchr(input, '\n')) != NULL) {
        *end = '\0';
        obey(emulator, input, now_us);
        emulator->input_length -= (size_t)(end + 1 - input);
        memmove(input, end + 1, emulator->input_length + 1);
    }
    if (emulator->input_length == LINE_MAX_IN - 1) {
        bus_tell(now_us, "error a line is too long");
        emulator->input_length = 0;
    }
}

static void plug_first(const struct emulator *emulator, const struct bus *bus, const char *prefix, struct line *line)
{
    int length = snprintf(line->path, sizeof line->path, "%s/%s-%s", emulator->directory, prefix, bus->name);
    if (length >= (int)sizeof line->path || !line_plug(line))
        log_fatal("cannot offer bus=%s path=%s: %s", bus->name, line->path, strerror(errno));
}

static void plug_all(struct emulator *emulator)
{
    for (size_t i = 0; i < emulator->bus_count; i++) {
        struct bus *bus = &emulator->buses[i];
        plug_first(emulator, bus, "bus", &bus->line);
        bus->guest.baud = bus->line.baud;
        if (bus->guest.path[0])
            plug_first(emulator, bus, "guest", &bus->guest);
    }
}

/* Sleeps until something can be read or `until_us`. */
static void wait_for(struct emulator *emulator, struct pollfd *fds, int64_t until_us)
{
    int64_t left_us = until_us - bus_now_us();
    struct timespec timeout = {left_us / 1000000, left_us % 1000000 * 1000};

    fds[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    for (size_t i = 0; i < emulator->bus_count; i++) {
        fds[1 + 2 * i] = (struct pollfd){.fd = emulator->buses[i].line.fd, .events = POLLIN};
        fds[2 + 2 * i] = (struct pollfd){.fd = emulator->buses[i].guest.fd, .events = POLLIN};
    }
    if (left_us < 0)
        timeout = (struct timespec){0};
    if (ppoll(fds, 1 + 2 * emulator->bus_count, &timeout, NULL) < 0)
        for (size_t i = 0; i <= 2 * emulator->bus_count; i++)
            fds[i].revents = 0;
}

/* `fd` may have been closed, or another one opened in its place, since it was waited for. */
static bool readable(const struct pollfd *waited, int fd)
{
    return fd >= 0 && waited->fd == fd && waited->revents & POLLIN;
}

static void run(struct emulator *emulator)
{
    struct pollfd fds[1 + 2 * BUSES_MAX] = {0};

    while (!emulator->over && !interrupted && !ferror(stdout)) {
        int64_t now_us = bus_now_us(), next_us = LINE_NEVER;
        if (fds[0].revents != 0)
            read_commands(emulator, now_us);
        for (size_t i = 0; i < emulator->bus_count; i++) {
            struct bus *bus = &emulator->buses[i];
            int64_t due_us = bus_step(bus, readable(&fds[1 + 2 * i], bus->line.fd),
                                      readable(&fds[2 + 2 * i], bus->guest.fd), now_us);
            next_us = due_us < next_us ? due_us : next_us;
        }
        wait_for(emulator, fds, next_us);
    }
}

int main(int argc, char **argv)
{
    static struct emulator emulator = {.baud = BAUD_DEFAULT};
    static const struct argp argp = {.options = OPTIONS, .parser = parse, .args_doc = "BUS...", .doc = ABOUT};

    log_open("bus-emulator", LOG_INFO);
    argp_parse(&argp, argc, argv, 0, NULL, &emulator);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    plug_all(&emulator);
    bus_tell(bus_now_us(), "ready");
    run(&emulator);
    for (size_t i = 0; i < emulator.bus_count; i++) {
        line_unplug(&emulator.buses[i].line);
        line_unplug(&emulator.buses[i].guest);
    }
    return 0;
}
