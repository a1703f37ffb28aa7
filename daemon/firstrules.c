/* Rules are compared, not texts: comments and their order mean nothing. What cannot be read is left to whoever needs it. */
#include "daemon/firstrules.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/filebytes.h"
#include "common/local.h"
#include "common/log.h"
#include "daemon/config.h"
#include "daemon/core/detect/rules.h"
#include "daemon/store/store_versions.h"

#define ASK_TIMEOUT_MS 5000

char *firstrules_read(const char *path, struct problems *problems)
{
    struct rules *rules = malloc(sizeof *rules);
    char *text = filebytes_text(path, RULES_BYTES_MAX);
    if (rules == NULL || text == NULL)
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
    bool good = rules != NULL && text != NULL && rules_read_wanted(path, text, rules, problems);
    free(rules);
    if (good)
        return text;
    free(text);
    return NULL;
}

/* Most often it is the same text, which need not be read. */
static bool same_rules(const char *text, const char *other)
{
    if (strcmp(text, other) == 0)
        return true;
    struct problems *problems = calloc(1, sizeof *problems);
    struct rules *rules = calloc(2, sizeof *rules);
    bool same = problems != NULL && rules != NULL && rules_read_text("rules", text, &rules[0], problems) &&
                rules_read_text("rules", other, &rules[1], problems) && rules_equal(&rules[0], &rules[1]);
    free(problems);
    free(rules);
    return same;
}

void firstrules_compare(const struct config *config, const char *text, struct store *store, int32_t today)
{
    struct rules_record record;
    uint32_t in_force = 0, like = 0; /* versions: the one that holds, and another that says what the file says */
    struct query rows = store_rules_all(store);
    while (store_next_rules_record(&rows, &record)) {
        bool holds = in_force == 0 && record.rules.from_day <= today, same = same_rules(text, record.rules.text);
        in_force = holds ? record.rules.version : in_force;
        like = same && like == 0 ? record.rules.version : like;
        if (holds && same)
            break;
    }
    query_end(&rows);
    if (like != 0 && like != in_force)
        log_info("the rules file is not in force, it says what another version says file=%s version=%u in_force=%u",
                 config->rules, (unsigned)like, (unsigned)in_force);
    else if (like == 0)
        log_warn(
            "the rules file is not in force: narvaro rules diff tells what differs, narvaro rules apply puts it in "
            "force file=%s in_force=%u",
            config->rules, (unsigned)in_force);
}

void firstrules_ask(const struct config *config, const char *text)
{
    char *reply = local_call(config->control_socket, "{\"do\":\"rules_text\"}", NULL, 0, ASK_TIMEOUT_MS);
    json_t *answer = reply != NULL ? json_loads(reply, 0, NULL) : NULL;
    const char *in_force = json_string_value(json_object_get(answer, "text"));
    if (in_force != NULL && !same_rules(text, in_force))
        fprintf(stderr,
                "%s: good, but not in force: version %lld is, from %s; narvaro rules diff %s tells what differs, "
                "narvaro rules apply puts it in force\n",
                config->rules, (long long)json_integer_value(json_object_get(answer, "version")),
                json_string_value(json_object_get(answer, "from")), config->rules);
    json_decref(answer);
    free(reply);
}
