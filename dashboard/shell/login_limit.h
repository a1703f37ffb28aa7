/* How often signing in may be tried: LOGIN_ACCOUNT_TRIES_MAX for one name, whether there is such a user or not, and
 * LOGIN_ADDRESS_TRIES_MAX from one address, each in LOGIN_WINDOW_MS. There is no limit of all, which strangers could use
 * up for everybody. The time is given. */
#ifndef DASHBOARD_LOGIN_LIMIT_H
#define DASHBOARD_LOGIN_LIMIT_H

#include <stdbool.h>
#include <stdint.h>
#include "dashboard/shell/secret.h"

#define LOGIN_ACCOUNT_TRIES_MAX 5
#define LOGIN_ADDRESS_TRIES_MAX 60 /* a school may have one address for all its staff */
#define LOGIN_WINDOW_MS         300000
/* Two that share a place share its tries. Which they are nobody can choose, and all places cannot be used up: a
 * try is a password's hash, of which a window has time for some thousands. */
#define LOGIN_PLACES 4096

struct login_tries {
    int64_t since_mono_ms;
    int count;
};

struct login_limit {
    uint8_t key[SECRET_ID_BYTES]; /* random: decides the places */
    struct login_tries accounts[LOGIN_PLACES], addresses[LOGIN_PLACES];
};

/* Counts one try; false when there were too many already. `address` as text: an IPv4 address counts by itself, of an
 * IPv6 address the first 64 bits, the network of one household or school. Whatever is none, and NULL, is one address. */
bool login_limit_take(struct login_limit *limit, const char *user, const char *address, int64_t mono_ms);
/* A try that succeeded, or was none, does not count. Those before it do: who has the password could otherwise have the
 * tries at the one-time code given back by a try without one. */
void login_limit_give_back(struct login_limit *limit, const char *user, const char *address);

#endif
