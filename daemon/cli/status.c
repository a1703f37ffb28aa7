/* narvaro status: what the daemon says of itself, one line each. */
#include <stdbool.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

static long long number_at(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

static void print_signals(const json_t *signals)
{
    const json_t *signal;
    size_t i;
    json_array_foreach(signals, i, signal) {
        long long expected = number_at(signal, "expected_minutes");
        printf("signal=%s %s was absent %lld %% of its time on %s, usually %lld %% (%lld pupils)\n",
               ask_text(signal, "kind"), ask_text(signal, "name"),
               expected == 0 ? 0 : 100 * number_at(signal, "absent_minutes") / expected, ask_text(signal, "date"),
               number_at(signal, "usual_permille") / 10, number_at(signal, "pupils"));
    }
}

static void print_unknown_lessons(const json_t *lessons)
{
    const json_t *lesson;
    size_t i;
    json_array_foreach(lessons, i, lesson) {
        printf("unknown_lesson=%s %s %s %s in %s: %s\n", ask_text(lesson, "start"), ask_text(lesson, "lesson"),
               ask_text(lesson, "group"), ask_text(lesson, "subject"), ask_text(lesson, "room"),
               ask_text(lesson, "why"));
    }
}

static void print_terminals(const json_t *terminals)
{
    const json_t *terminal;
    size_t i;
    json_array_foreach(terminals, i, terminal) {
        const char *phase = ask_text(terminal, "phase"), *seen = ask_text(terminal, "last_seen");
        printf("terminal=%s in %s: %s, %lld queued, last heard of %s\n", ask_text(terminal, "terminal"),
               ask_text(terminal, "room"), *phase ? phase : "unseen", number_at(terminal, "queued"),
               *seen ? seen : "never");
    }
}

int command_status(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        OPTION_CONTROL_SOCKET(0),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .doc =
            "Says how the daemon is doing: classes and years that stood out on the last decided day, today's "
            "lessons of "
            "which nobody can know and why, the terminals, then counts. Ends with status 3 when link_up is false: "
            "what the daemon says to the broker does not come back, so no terminal is heard; and when dates_waiting is "
            "not 0: a person is to look at them (narvaro decisions). And when the check of every night (checked) found "
            "that the database is damaged or that flags are not what follows from the stored days (flags_differing).",
    };
    const char *socket_path = ASK_CONTROL_SOCKET;
    options_read(argc, argv, &OPTIONS, &socket_path);

    json_t *answer = ask(socket_path, json_pack("{s:s}", "do", "status"), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    const char *key;
    json_t *value;
    json_object_del(answer, "ok");
    print_signals(json_object_get(answer, "signals"));
    print_unknown_lessons(json_object_get(answer, "unknown_lessons"));
    print_terminals(json_object_get(answer, "terminals"));
    json_object_del(answer, "signals");
    json_object_del(answer, "unknown_lessons");
    json_object_del(answer, "terminals");
    json_object_foreach(answer, key, value) {
        printf("%s=", key);
        if (json_is_string(value))
            printf("%s", json_string_value(value));
        else
            json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
        printf("\n");
    }
    bool well = json_is_true(json_object_get(answer, "link_up")) && number_at(answer, "dates_waiting") == 0 &&
                number_at(answer, "flags_differing") == 0 && json_is_true(json_object_get(answer, "database_sound"));
    json_decref(answer);
    return well ? command_printed() : COMMAND_ATTENTION;
}
