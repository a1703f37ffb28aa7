/* One question, put in different ways: does this reader answer? The poller makes it and judges the answer, so that the probe
 * sees what the terminal would see. */
#include "firmware/terminal/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "common/log.h"
#include "firmware/core/master.h"
#include "firmware/terminal/bus.h"

#define ADDRESS_MOST   247
#define TRIES          2   /* one question may be hit by noise */
#define ANSWER_WAIT_MS 100 /* beside the time that the frames take */
#define FRAMES_BYTES   80  /* of a question and its answer */

/* The way the maker's manuals have it is more often one of the first. */
static const int BAUDS[] = {19200, 9600, 115200, 38400, 57600, 4800, 2400, 1200};
static const char PARITIES[] = {'E', 'N', 'O'};

struct probe {
    const struct options *options;
    const struct probe_line *line;
    FILE *out;
};

/* How one reader answered. */
struct finding {
    bool serves;
    struct cause cause;
    uint16_t program; /* of a head: its version */
    bool open;        /* its case */
};

/* What the poller must know of one reader. */
struct asked {
    uint8_t address;
    const struct profile *profile;
    bool keyboard;
};

static bool ask_once(const struct probe_line *line, struct asked asked, struct finding *out)
{
    struct poller poller;
    poller_open(&poller, &asked.address, 1, 0);
    if (asked.profile != NULL)
        poller_profile(&poller, asked.address, asked.profile);
    if (asked.keyboard)
        poller_keyboard(&poller, asked.address);
    struct poller_job job = poller_next(&poller, 0);
    bool answered = line->ask(line->context, &job);
    poller_done(&poller, &job, answered ? job.values : NULL, 0);
    const struct poller_reader *reader = &poller.readers[0];
    *out = (struct finding){
        .serves = reader->up, .cause = reader->cause, .program = reader->firmware_version, .open = reader->tamper};
    return reader->up;
}

static struct finding ask(const struct probe_line *line, struct asked asked)
{
    struct finding finding;
    for (int i = 0; i < TRIES && !ask_once(line, asked, &finding); i++)
        ;
    return finding;
}

static const struct profile *profile_of(const struct probe *probe, size_t index)
{
    const struct profile *profile = &probe->options->profiles[index];
    return profile->count > 0 ? profile : NULL;
}

/* Whether what was heard can only come from a device that we understand. */
static bool understood(const struct finding *finding)
{
    switch (finding->cause.trouble) {
    case TROUBLE_EXCEPTION:
    case TROUBLE_OTHER_ID:
    case TROUBLE_NO_HEAD:
    case TROUBLE_MODULE:
    case TROUBLE_STRANGE:
        return true;
    default:
        return finding->serves;
    }
}

/* Somewhere in what was heard, an intact frame of a length that requests and answers have. */
static bool holds_frame(const uint8_t *bytes, size_t count)
{
    struct master_hearing hearing = {.heard_bytes = 0};
    const uint8_t nobody[2] = {0, 0};
    for (size_t length = 4; length <= count && length <= sizeof hearing.heard; length++)
        for (size_t at = 0; at + length <= count; at++) {
            master_listen(&hearing, nobody, sizeof nobody);
            memcpy(hearing.heard, bytes + at, length);
            hearing.heard_bytes = length;
            if (master_cause(&hearing).trouble == TROUBLE_OTHER_ID)
                return true;
        }
    return false;
}

/* Who speaks unasked. */
static bool listen(const struct probe *probe)
{
    uint8_t bytes[64];
    size_t count = probe->line->listen(probe->line->context, PROBE_LISTEN_MS, bytes, sizeof bytes);
    if (count == 0)
        fprintf(probe->out, "listening: silent, as a line is that nobody asks\n");
    else if (holds_frame(bytes, count))
        fprintf(probe->out,
                "listening: somebody speaks: another master, or a terminal, is on this line. One must go.\n");
    else
        fprintf(probe->out,
                "listening: %zu bytes that are no frames: noise (bias resistors, earth, termination), or a master "
                "at another bit rate\n",
                count);
    return count == 0;
}

static void tell_served(const struct probe *probe, uint8_t address, const struct profile *profile,
                        const struct finding *finding)
{
    if (profile != NULL)
        fprintf(probe->out, "reader %d: answers as its profile says\n", address);
    else
        fprintf(probe->out, "reader %d: a reader head, program %d.%d%s\n", address, finding->program >> 8,
                finding->program & 0xff, finding->open ? ", its case is open" : "");
}

/* Tries every other way of speaking. True when one was found, in `*baud` and `*parity`. */
static bool find_way(const struct probe *probe, struct asked asked, int *baud, char *parity)
{
    const struct probe_line *line = probe->line;
    for (size_t i = 0; i < sizeof BAUDS / sizeof BAUDS[0]; i++)
        for (size_t k = 0; k < sizeof PARITIES; k++) {
            *baud = BAUDS[i];
            *parity = PARITIES[k];
            if (!line->open(line->context, *baud, *parity))
                continue;
            struct finding finding = ask(line, asked);
            if (understood(&finding))
                return true;
        }
    return false;
}

static bool is_set(const struct probe *probe, int address)
{
    const struct terminal_settings *terminal = &probe->options->terminal;
    return memchr(terminal->readers, address, terminal->reader_count) != NULL;
}

/* Devices that no setting names. Any answer counts, a refusal too. */
static void look_for_others(const struct probe *probe)
{
    for (int address = 1; address <= ADDRESS_MOST; address++) {
        struct finding finding;
        if (is_set(probe, address))
            continue;
        ask_once(probe->line, (struct asked){.address = (uint8_t)address}, &finding);
        if (understood(&finding))
            fprintf(probe->out, "address %d: %s answers there, and no reader is set to it\n", address,
                    finding.serves || finding.cause.trouble == TROUBLE_MODULE ? "a reader head" : "a device");
    }
}

static void tell_trouble(const struct probe *probe, uint8_t address, const struct finding *finding)
{
    char word[CAUSE_WORD_BYTES];
    fprintf(probe->out, "reader %d: %s (%s)\n", address, cause_word(finding->cause, word), cause_hint(finding->cause));
}

static bool open_as_set(const struct probe *probe)
{
    return probe->line->open(probe->line->context, probe->options->bus.baud, probe->options->bus.parity[0]);
}

/* Says of one reader what is to be said. True: it answers as it is set. */
static bool examine(const struct probe *probe, size_t index, bool *mute)
{
    uint8_t address = probe->options->terminal.readers[index];
    const struct profile *profile = profile_of(probe, index);
    const struct bus_peer *peer = &probe->options->peers[index];
    struct asked asked = {address, profile, peer->keyboard[0] != '\0'};
    struct finding finding = ask(probe->line, asked);
    int baud;
    char parity;
    if (finding.serves && asked.keyboard) {
        fprintf(probe->out, "reader %d: a keyboard, held for the terminal\n", address);
        return true;
    }
    if (finding.serves) {
        tell_served(probe, address, profile, &finding);
        return true;
    }
    tell_trouble(probe, address, &finding);
    if (peer->host[0])
        fprintf(probe->out, "reader %d: asked at %s, port %d\n", address, peer->host, peer->port);
    if (understood(&finding) || peer->host[0] || asked.keyboard)
        return false;
    if (find_way(probe, asked, &baud, &parity))
        fprintf(probe->out, "reader %d: it answers at %d baud, parity %c. All devices of a line must have the same.\n",
                address, baud, parity);
    else
        *mute = true;
    open_as_set(probe);
    return false;
}

bool probe_run(const struct options *options, const struct probe_line *line, FILE *out)
{
    struct probe probe = {.options = options, .line = line, .out = out};
    bool well = true, mute = false;
    if (!open_as_set(&probe)) {
        fprintf(out, "%s: cannot be opened: %s\n", options->bus.device, strerror(errno));
        return false;
    }
    fprintf(out, "%s: %d baud, parity %c\n", options->bus.device, options->bus.baud, options->bus.parity[0]);
    well = listen(&probe);
    for (size_t i = 0; i < options->terminal.reader_count; i++)
        well = examine(&probe, i, &mute) && well;
    if (mute)
        look_for_others(&probe);
    fprintf(out, well ? "all is well\n" : "not all is well\n");
    return well;
}

/* The real line. */
struct device {
    const struct options *options;
    struct bus_peer peers[TERMINAL_READERS_MAX];
    size_t peer_count;
    struct bus *bus;
};

static bool device_open(void *context, int baud, char parity)
{
    struct device *device = context;
    if (device->bus != NULL)
        bus_close(device->bus);
    struct bus_settings settings = {.device = device->options->bus.device,
                                    .baud = baud,
                                    .parity = parity,
                                    .response_timeout_ms = ANSWER_WAIT_MS + FRAMES_BYTES * 11 * 1000 / baud,
                                    .byte_timeout_ms = device->options->bus.byte_timeout_ms,
                                    .peers = device->peers,
                                    .peer_count = device->peer_count};
    device->bus = bus_open(&settings);
    return device->bus != NULL;
}

static size_t device_listen(void *context, int ms, uint8_t *bytes, size_t capacity)
{
    const struct device *device = context;
    return bus_listen(device->bus, ms, bytes, capacity);
}

static bool device_ask(void *context, struct poller_job *job)
{
    const struct device *device = context;
    return device->bus != NULL && bus_do(device->bus, job) == BUS_OK;
}

/* The terminal holds its journal by a lock as long as it runs. */
static bool terminal_runs(const char *journal)
{
    int fd = open(journal, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return held;
}

bool probe_device(const struct options *options, FILE *out)
{
    struct device device = {.options = options};
    device.peer_count = options_peers(options, device.peers);
    struct probe_line line = {.open = device_open, .listen = device_listen, .ask = device_ask, .context = &device};
    if (terminal_runs(options->journal_path))
        log_fatal("the terminal itself is on the line: stop it first (systemctl stop narvaro-terminal)");
    bool well = probe_run(options, &line, out);
    if (device.bus != NULL)
        bus_close(device.bus);
    return well;
}
