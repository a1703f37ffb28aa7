/* The daemon's settings: config/narvarod.cfg says what each is for. Plain values, read once at start. */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include "common/event.h"
#include "common/local.h"
#include "common/problems.h"
#include "common/wire.h"
#include "daemon/core/groupsignal.h"
#include "daemon/core/retention.h"
#include "daemon/core/rollcall.h"
#include "common/token.h"

#define CONFIG_HOST_BYTES    256
#define CONFIG_PLAN_DAYS_MAX 14

struct config_broker {
    char host[CONFIG_HOST_BYTES]; /* or the path of a Unix socket, with port 0 */
    int port, protocol, keepalive_s;
    char ca_file[PATH_MAX], certificate_file[PATH_MAX], key_file[PATH_MAX]; /* "" = no TLS */
};

struct config {
    char school[ID_BYTES];
    char database[PATH_MAX], control_socket[PATH_MAX], rules[PATH_MAX], token_key_file[PATH_MAX];
    char control_users[LOCAL_UIDS_MAX][ID_BYTES];
    int control_user_count;
    int plan_days; /* of plans at the terminals, today included */
    struct config_broker broker;
    int debounce_s, repeat_s;
    bool late_sounds_like_ok;
    struct rollcall_settings rollcall;
    struct groupsignal_settings group_signal;
    struct retention_settings retention;
    uint8_t token_key[TOKEN_KEY_BYTES];
};

/* False after adding everything that is wrong to `problems`. Reads the token key as well. */
bool config_read(const char *path, struct config *config, struct problems *problems);
/* What the settings, read before, ask of this machine: users, and the database's folder. Adds what it does not have. */
void config_check_machine(const char *path, struct problems *problems);

#endif
