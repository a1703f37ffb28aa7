/* Any line on the daemon's control socket, and any message from a broker, to a daemon with a database. The first byte says
 * which; each FRESH_EVERY inputs it begins again with an empty school. Nothing that comes in makes it fail. */
#include "daemon/daemon.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/commands/control.h"

#define FRESH_EVERY 500
#define RULES                                                                                                          \
    "rules = ( { id = \"gone\"; severity = 2; when = ( { measure = \"unreported_lessons\"; days = 5; at_least = 1; } " \
    ");"                                                                                                               \
    " clear = { measure = \"unreported_lessons\"; days = 5; below = 1; for_days = 1; }; } );"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static struct config config = {.school = "skolan", .plan_days = 2, .repeat_s = 60};
static struct daemon *narvarod;
static int64_t now_ms;

static void require(bool condition)
{
    if (!condition)
        abort();
}

static int64_t time_ms(const struct clock *clock)
{
    (void)clock;
    return now_ms;
}

static bool send(void *context, const char *topic, const char *bytes, size_t length, bool retained, bool assured)
{
    (void)context, (void)topic, (void)retained, (void)assured;
    json_t *message = length ? json_loadb(bytes, length, 0, NULL) : NULL;
    require(length == 0 || message != NULL);
    json_decref(message);
    return true;
}

static void begin_again(void)
{
    static const struct clock CLOCK = {.utc_ms = time_ms, .mono_ms = time_ms, .rate = 1};
    char why[STORE_WHY_BYTES];
    const char *failure;
    struct store *old = narvarod != NULL ? daemon_store(narvarod) : NULL;
    if (old != NULL) {
        daemon_close(narvarod);
        store_close(old);
    }
    log_open("fuzz", LOG_WARN);
    config.rollcall = ROLLCALL_DEFAULTS;
    config.retention = (struct retention_settings)RETENTION_DEFAULTS;
    now_ms = civil_to_utc_ms(civil_day(2026, 9, 1), 9 * 3600 * 1000);
    narvarod = daemon_open(&config, &CLOCK, store_open(":memory:", NULL, why), RULES, send, NULL, &failure);
    require(narvarod != NULL);
    daemon_step(narvarod, &(struct daemon_input){.kind = DAEMON_LINK_UP});
}

static void command(const char *text, size_t length)
{
    static char reply[LOCAL_REPLY_BYTES];
    struct local_request request = {.text = text, .length = length};
    size_t told = control_answer(narvarod, &request, reply, sizeof reply);
    json_t *answer = json_loadb(reply, told, 0, NULL);
    require(json_is_boolean(json_object_get(answer, "ok")));
    json_decref(answer);
}

static void hear(const char *leaf, const char *bytes, size_t length)
{
    char topic[WIRE_TOPIC_BYTES];
    wire_topic(topic, "skolan", "t-1", leaf);
    daemon_step(narvarod,
                &(struct daemon_input){.kind = DAEMON_MESSAGE, .topic = topic, .bytes = bytes, .length = length});
    daemon_step(narvarod, &(struct daemon_input){.kind = DAEMON_TURN, .idle = true});
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static unsigned runs;
    if (length == 0 || length > WIRE_MESSAGE_BYTES_MAX || memmem(input, length, "@include", 8) != NULL)
        return 0;
    if (runs++ % FRESH_EVERY == 0)
        begin_again();
    now_ms += 1000;
    char *text = malloc(length);
    memcpy(text, input + 1, length - 1);
    text[length - 1] = '\0';
    switch (input[0] % 3) {
    case 0:
        if (memchr(text, '\0', length - 1) == NULL)
            command(text, length - 1);
        break;
    case 1:
        hear("event", text, length - 1);
        break;
    case 2:
        hear("state", text, length - 1);
        break;
    }
    require(!daemon_failed(narvarod));
    free(text);
    return 0;
}
