/* The tables of keys, their bounds and defaults, and the checks that concern more than one key. */
#include "firmware/terminal/options.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include "common/choice.h"
#include "common/keyfile.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "firmware/terminal/profilefile.h"

#define TEXT(name, field, needed)                                                                         \
    {                                                                                                     \
        .key = name, .kind = SETTING_TEXT, .required = needed, .offset = offsetof(struct options, field), \
        .bytes = sizeof(((struct options *)0)->field)                                                     \
    }
#define WHOLE(name, field, least, most)                                          \
    {                                                                            \
        .key = name, .kind = SETTING_INTEGER, .minimum = least, .maximum = most, \
        .offset = offsetof(struct options, field)                                \
    }
#define ID(name, field)                                                             \
    {                                                                               \
        .key = name, .kind = SETTING_TEXT, .required = true, .minimum = SETTING_ID, \
        .offset = offsetof(struct options, field), .bytes = ID_BYTES                \
    }
#define TRUTH(name, field)                                                              \
    {                                                                                   \
        .key = name, .kind = SETTING_BOOLEAN, .offset = offsetof(struct options, field) \
    }
#define GROUP(name)                                           \
    {                                                         \
        .key = name, .kind = SETTING_NESTED, .required = true \
    }
#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct setting_row ROOT[] = {
    ID("school", terminal.school),
    ID("terminal", terminal.terminal),
    TEXT("token_key_file", token_key_path, true),
    TEXT("journal_file", journal_path, true),
    WHOLE("journal_sectors", journal_sectors, JOURNAL_SECTORS_MIN, JOURNAL_SECTORS_MAX),
    TEXT("cache_folder", cache_dir, true),
    TEXT("watchdog_device", watchdog_device, false),
    TEXT("program_folder", program_dir, false),
    WHOLE("trial_s", trial_s, 1, 3600),
    WHOLE("debounce_s", debounce_s, 0, 60),
    WHOLE("repeat_s", repeat_s, 0, 3600),
    TRUTH("late_sounds_like_ok", terminal.late_sounds_like_ok),
    GROUP("broker"),
    GROUP("bus"),
    GROUP("readers"),
};
static const struct setting_row BROKER[] = {
    TEXT("host", broker.host, true),
    WHOLE("port", broker.port, 0, 65535),
    WHOLE("protocol", broker.protocol, 4, 5),
    WHOLE("keepalive_s", broker.keepalive_s, 5, 600),
    WHOLE("reconnect_most_s", broker.reconnect_most_s, 1, 3600),
    TEXT("ca_file", broker.ca_file, false),
    TEXT("certificate_file", broker.certificate_file, false),
    TEXT("key_file", broker.key_file, false),
};
static const struct setting_row BUS[] = {
    TEXT("device", bus.device, false),
    WHOLE("baud", bus.baud, 1200, 230400),
    TEXT("parity", bus.parity, false),
    WHOLE("response_timeout_ms", bus.response_timeout_ms, 10, 1000),
    WHOLE("byte_timeout_ms", bus.byte_timeout_ms, 0, 1000),
    WHOLE("poll_ms", bus.poll_ms, 0, 1000),
};
struct reader_options {
    int address;
    char profile[PATH_MAX];    /* empty: a head of ours */
    char host[BUS_HOST_BYTES]; /* empty: on the line */
    int port;
    char keyboard[PATH_MAX]; /* empty: it is none */
    char form[16];
};
static const struct setting_row READER[] = {
    {.key = "address",
     .kind = SETTING_INTEGER,
     .required = true,
     .minimum = 1,
     .maximum = 247,
     .offset = offsetof(struct reader_options, address)},
    {.key = "profile", .kind = SETTING_TEXT, .offset = offsetof(struct reader_options, profile), .bytes = PATH_MAX},
    {.key = "host", .kind = SETTING_TEXT, .offset = offsetof(struct reader_options, host), .bytes = BUS_HOST_BYTES},
    {.key = "port",
     .kind = SETTING_INTEGER,
     .minimum = 1,
     .maximum = 65535,
     .offset = offsetof(struct reader_options, port)},
    {.key = "keyboard", .kind = SETTING_TEXT, .offset = offsetof(struct reader_options, keyboard), .bytes = PATH_MAX},
    {.key = "form", .kind = SETTING_TEXT, .offset = offsetof(struct reader_options, form), .bytes = 16},
};
#define MODBUS_PORT 502

/* "" is refused too: there is no form that is right for most. */
static bool read_form(const char *word, enum wedge_form *form)
{
    int chosen = choice_of(word, WEDGE_FORM_WORDS, WEDGE_FORMS);
    *form = chosen >= 0 ? (enum wedge_form)chosen : WEDGE_FORMS;
    return chosen >= 0;
}

static const struct options DEFAULTS = {
    .journal_sectors = 64,
    .debounce_s = 3,
    .repeat_s = 60,
    .program_dir = "/var/lib/narvaro-program",
    .trial_s = 60,
    .broker = {.port = 8883, .protocol = 5, .keepalive_s = 20, .reconnect_most_s = 60},
    .bus = {.baud = 19200, .parity = "E", .response_timeout_ms = 60, .byte_timeout_ms = 20, .poll_ms = 20},
};

static bool listed(int value, const int *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == value)
            return true;
    return false;
}

/* Both files of the identity or none; without ca_file there would be no TLS to use them in. */
static void check_broker(const struct settings *settings, const struct setting *group, const struct options *options,
                         struct problems *problems)
{
    if (!options->broker.certificate_file[0] != !options->broker.key_file[0])
        settings_problem(settings, group, problems,
                         "broker.certificate_file and broker.key_file must be given together");
    if (options->broker.key_file[0] && !options->broker.ca_file[0])
        settings_problem(settings, group, problems, "broker.ca_file must be given with a certificate");
    if ((options->broker.host[0] == '/') != (options->broker.port == 0))
        settings_problem(settings, group, problems,
                         "broker.port must be 1 to 65535 for a host name, and 0 when host is the path of a socket");
}

/* libmodbus silently uses 9,600 for a rate that it does not know. */
static void check_bus(const struct settings *settings, const struct setting *group, const struct options *options,
                      struct problems *problems)
{
    static const int BAUDS[] = {1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400};
    if (!listed(options->bus.baud, BAUDS, COUNT(BAUDS)))
        settings_problem(settings, group, problems,
                         "bus.baud must be 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200 or 230400");
    if (strchr("NEO", options->bus.parity[0]) == NULL || !options->bus.parity[0])
        settings_problem(settings, group, problems, "bus.parity must be \"N\", \"E\" or \"O\"");
}

static bool is_address(const char *host)
{
    struct in_addr address;
    return inet_pton(AF_INET, host, &address) == 1;
}

/* One that has passed; adds it. */
static void add_reader(struct options *options, const struct reader_options *reader)
{
    struct terminal_settings *terminal = &options->terminal;
    struct bus_peer *peer = &options->peers[terminal->reader_count];
    peer->reader = (uint8_t)reader->address;
    peer->port = reader->port;
    strcpy(peer->host, reader->host);
    strcpy(peer->keyboard, reader->keyboard);
    read_form(reader->form, &peer->form);
    terminal->readers[terminal->reader_count++] = (uint8_t)reader->address;
}

/* A reader with a problem is left out, and the file is refused at the end because problems were added. */
static void read_readers(const struct settings *settings, const struct setting *list, struct options *options,
                         struct problems *problems)
{
    struct terminal_settings *terminal = &options->terminal;
    int count = setting_count(list);
    if (count < 1 || count > TERMINAL_READERS_MAX) {
        settings_problem(settings, list, problems, "readers must list 1 to %d readers", TERMINAL_READERS_MAX);
        return;
    }
    for (int i = 0; i < count; i++) {
        const struct setting *element = setting_element(list, i);
        struct reader_options reader = {.port = MODBUS_PORT};
        enum wedge_form form;
        if (!setting_is_group(element))
            settings_problem(settings, element, problems, "a reader must be a group like { address = 1; }");
        else if (!settings_read(settings, element, READER, COUNT(READER), &reader, problems))
            continue;
        else if (memchr(terminal->readers, reader.address, terminal->reader_count) != NULL)
            settings_problem(settings, element, problems, "reader address %d is there twice", reader.address);
        else if (reader.host[0] && (!is_address(reader.host) || !reader.profile[0]))
            settings_problem(settings, element, problems,
                             "a reader with a host needs an address like 192.0.2.7 there, and a profile");
        else if (reader.keyboard[0] && (reader.host[0] || reader.profile[0] || !read_form(reader.form, &form)))
            settings_problem(
                settings, element, problems,
                "a keyboard needs form = \"hex\", \"decimal\" or \"facility\", and no host and no profile");
        else if (!reader.host[0] && !reader.keyboard[0] && !options->bus.device[0])
            settings_problem(settings, element, problems, "reader %d has no host, so bus.device must be given",
                             reader.address);
        else if (!reader.profile[0] ||
                 profilefile_read(&options->profiles[terminal->reader_count], reader.profile, problems))
            add_reader(options, &reader);
    }
}

static void read_groups(const struct settings *settings, struct options *options, struct problems *problems)
{
    const struct setting *root = settings_root(settings);
    const struct setting *broker = setting_member(root, "broker"), *bus = setting_member(root, "bus");
    const struct setting *readers = setting_member(root, "readers");
    if (broker != NULL && settings_read(settings, broker, BROKER, COUNT(BROKER), options, problems))
        check_broker(settings, broker, options, problems);
    if (bus != NULL && settings_read(settings, bus, BUS, COUNT(BUS), options, problems))
        check_bus(settings, bus, options, problems);
    if (readers != NULL)
        read_readers(settings, readers, options, problems);
}

bool options_read(struct options *options, const char *path, struct problems *problems)
{
    int before = problems->count;
    *options = DEFAULTS;
    snprintf(options->terminal.firmware, ID_BYTES, "narvaro-terminal-%s", NARVARO_VERSION);
    struct settings *settings = settings_open_file(path, problems);
    if (settings == NULL)
        return false;
    const struct setting *root = settings_root(settings);
    settings_read(settings, root, ROOT, COUNT(ROOT), options, problems);
    read_groups(settings, options, problems);
    options->terminal.debounce_ms = (uint32_t)options->debounce_s * 1000;
    options->terminal.repeat_ms = (uint32_t)options->repeat_s * 1000;
    if (strcmp(options->terminal.terminal, "daemon") == 0)
        settings_problem(settings, setting_member(root, "terminal"), problems,
                         "terminal must not be \"daemon\": that name is taken on the wire");
    settings_close(settings);
    return problems->count == before;
}

bool options_load(struct options *options, const char *path, struct problems *problems)
{
    return options_read(options, path, problems) &&
           keyfile_read(options->token_key_path, options->terminal.token_key, TOKEN_KEY_BYTES, problems);
}

size_t options_peers(const struct options *options, struct bus_peer peers[TERMINAL_READERS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < options->terminal.reader_count; i++)
        if (options->peers[i].host[0] || options->peers[i].keyboard[0])
            peers[count++] = options->peers[i];
    return count;
}
