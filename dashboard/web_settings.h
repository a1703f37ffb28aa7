/* The settings of narvaro-web; config/narvaro-web.cfg explains each. */
#ifndef DASHBOARD_WEB_SETTINGS_H
#define DASHBOARD_WEB_SETTINGS_H

#include <stdbool.h>
#include "common/problems.h"
#include "daemon/core/support/routes.h"
#include "daemon/core/support/clocks.h"
#include "dashboard/retention.h"
#include "dashboard/routine.h"

#define WEB_PATH_BYTES         256
#define WEB_MUNICIPALITY_BYTES 5
#define WEB_ITEMS_A_WEEK_MAX   1000

struct web_settings {
    char listen[WEB_PATH_BYTES];
    bool over_tls;
    char attendance[WEB_PATH_BYTES];
    char state[WEB_PATH_BYTES];
    char admin_socket[WEB_PATH_BYTES];
    char control_socket[WEB_PATH_BYTES];
    int items_a_week;                          /* 0 = not said */
    char support[WEB_PATH_BYTES];              /* "": the school has no table of ways to support */
    char municipality[WEB_MUNICIPALITY_BYTES]; /* the huvudman's code; "" = not said, or no municipality */
    char clocks[WEB_PATH_BYTES];               /* "" = the table that the program was built with */
    struct clocks clock_table;                 /* of that file */
    struct routine routine;                    /* whom to contact the same day */
    struct retention_rules retention;
};

/* False after adding what is wrong. */
bool web_settings_read(const char *path, struct web_settings *out, struct problems *problems);
/* Reads the table that they name, which is empty when they name none. */
bool web_settings_support(const struct web_settings *settings, struct support *out, struct problems *problems);

#endif
