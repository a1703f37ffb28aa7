/* The rows of narvaro-web.cfg, and the checks that no single row can make. */
#include "dashboard/web_settings.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "common/filebytes.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "daemon/core/support/routesfile.h"

#define TEXT(key, required)                                                     \
    {                                                                           \
#key, SETTING_TEXT, required, 0, 0, offsetof(struct web_settings, key), \
            sizeof((struct web_settings *)NULL)->key                            \
    }

static const struct setting_row ROWS[] = {
    TEXT(listen, true),
    {"over_tls", SETTING_BOOLEAN, true, 0, 0, offsetof(struct web_settings, over_tls), sizeof(bool)},
    TEXT(attendance, true),
    TEXT(state, true),
    TEXT(admin_socket, true),
    TEXT(control_socket, true),
    {"items_a_week", SETTING_INTEGER, false, 1, WEB_ITEMS_A_WEEK_MAX, offsetof(struct web_settings, items_a_week),
     sizeof(int)},
    TEXT(support, false),
    TEXT(municipality, false),
    TEXT(clocks, false),
    {"routine", SETTING_NESTED, false, 0, 0, 0, 0},
    {"retention", SETTING_NESTED, false, 0, 0, 0, 0},
};

#define INTEGER(key, least, most)                                                                     \
    {                                                                                                 \
#key, SETTING_INTEGER, false, least, most, offsetof(struct retention_rules, key), sizeof(int) \
    }
static const struct setting_row RETENTION_ROWS[] = {
    INTEGER(hour, 0, 23),
    INTEGER(answers_years, 2, 10),
    INTEGER(cases_years, 1, 50),
    INTEGER(log_years, 1, 50),
};

/* A group that is not there keeps the defaults. */
static bool read_retention(const struct settings *settings, struct retention_rules *out, struct problems *problems)
{
    const struct setting *group = setting_member(settings_root(settings), "retention");
    return group == NULL || settings_read(settings, group, RETENTION_ROWS,
                                          sizeof RETENTION_ROWS / sizeof *RETENTION_ROWS, out, problems);
}

extern const char _binary_config_clocks_cfg_start[], _binary_config_clocks_cfg_end[];

/* The table of clocks: of the file that is named, else the one of the release. */
static bool read_clocks(struct web_settings *read, struct problems *problems)
{
    const char *start = _binary_config_clocks_cfg_start;
    bool named = read->clocks[0] != '\0';
    char *text = named ? filebytes_text_or_say(read->clocks, CLOCKS_BYTES_MAX, problems)
                       : strndup(start, (size_t)(_binary_config_clocks_cfg_end - start));
    if (text == NULL && !named)
        problems_add(problems, "clocks.cfg", 0, "out of memory");
    bool good = text != NULL && clocks_read(named ? read->clocks : "clocks.cfg", text, &read->clock_table, problems);
    free(text);
    return good;
}

static bool check_municipality(const struct settings *settings, const char *code, struct problems *problems)
{
    if (code[0] == '\0' || strspn(code, "0123456789") == WEB_MUNICIPALITY_BYTES - 1)
        return true;
    settings_problem(settings, setting_member(settings_root(settings), "municipality"), problems,
                     "municipality must be a code of four digits, like \"0180\"");
    return false;
}

static const char LOOPBACK[] = "127.0.0.1:";

static bool is_port(const char *text)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    return isdigit((unsigned char)*text) && *end == '\0' && port <= UINT16_MAX;
}

/* Without TLS before us a session would cross the network in the clear; on loopback there is no network. */
static bool check(const struct settings *settings, const struct web_settings *read, struct problems *problems)
{
    bool loopback = strncmp(read->listen, LOOPBACK, sizeof LOOPBACK - 1) == 0;
    if (loopback && !is_port(read->listen + sizeof LOOPBACK - 1)) {
        settings_problem(settings, setting_member(settings_root(settings), "listen"), problems,
                         "listen: the port after 127.0.0.1: must be 0 to 65535; 0 takes a free one");
        return false;
    }
    if (loopback || read->listen[0] == '/') {
        if (loopback || read->over_tls)
            return true;
        settings_problem(settings, setting_member(settings_root(settings), "over_tls"), problems,
                         "over_tls must be true unless listen is 127.0.0.1:PORT");
        return false;
    }
    settings_problem(settings, setting_member(settings_root(settings), "listen"), problems,
                     "listen must be 127.0.0.1:PORT, or the absolute path of a socket");
    return false;
}

bool web_settings_read(const char *path, struct web_settings *out, struct problems *problems)
{
    *out = (struct web_settings){.retention = RETENTION_RULES_DEFAULTS};
    struct settings *settings = settings_open_file(path, problems);
    if (settings == NULL)
        return false;
    bool good = settings_read(settings, settings_root(settings), ROWS, sizeof ROWS / sizeof *ROWS, out, problems) &&
                read_retention(settings, &out->retention, problems) && check(settings, out, problems) &&
                check_municipality(settings, out->municipality, problems) && read_clocks(out, problems) &&
                routine_read(settings, setting_member(settings_root(settings), "routine"), &out->routine, problems);
    settings_close(settings);
    return good;
}

bool web_settings_support(const struct web_settings *settings, struct support *out, struct problems *problems)
{
    out->place_count = out->route_count = out->programme_count = 0;
    if (settings->support[0] == '\0')
        return true;
    char *text = filebytes_text_or_say(settings->support, SUPPORTFILE_BYTES_MAX, problems);
    bool good = text != NULL && supportfile_read(settings->support, text, out, problems);
    free(text);
    return good;
}
