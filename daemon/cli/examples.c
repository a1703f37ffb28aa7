/* The files are in the program, so that a command needs no folder of examples and cannot meet those of another version. */
#include "daemon/cli/examples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMBEDDED(name)                                                          \
    extern const char name##_begin[] __asm__("_binary_config_" #name "_start"); \
    extern const char name##_end[] __asm__("_binary_config_" #name "_end")
EMBEDDED(narvarod_cfg);
EMBEDDED(narvaro_web_cfg);
EMBEDDED(rules_cfg);
EMBEDDED(mosquitto_conf);
EMBEDDED(mosquitto_acl);
EMBEDDED(nginx_conf);

static const struct {
    const char *begin, *end;
} TEXTS[] = {
    [EXAMPLE_DAEMON] = {narvarod_cfg_begin, narvarod_cfg_end},
    [EXAMPLE_WEB] = {narvaro_web_cfg_begin, narvaro_web_cfg_end},
    [EXAMPLE_RULES] = {rules_cfg_begin, rules_cfg_end},
    [EXAMPLE_BROKER] = {mosquitto_conf_begin, mosquitto_conf_end},
    [EXAMPLE_LIST] = {mosquitto_acl_begin, mosquitto_acl_end},
    [EXAMPLE_FRONT] = {nginx_conf_begin, nginx_conf_end},
};

char *example_text(enum example which, const char *word, const char *instead)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    const char *at = TEXTS[which].begin, *end = TEXTS[which].end, *named;
    while (word != NULL && (named = memmem(at, (size_t)(end - at), word, strlen(word))) != NULL) {
        fwrite(at, 1, (size_t)(named - at), out);
        fputs(instead, out);
        at = named + strlen(word);
    }
    fwrite(at, 1, (size_t)(end - at), out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
