/* How often a login may be tried: LOGIN_ACCOUNT_TRIES for one account and LOGIN_ALL_TRIES in all, each in
 * LOGIN_WINDOW_MS. Pure: the time is given. */
#ifndef DASHBOARD_LOGIN_LIMIT_H
#define DASHBOARD_LOGIN_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LOGIN_ACCOUNT_TRIES 5
#define LOGIN_ALL_TRIES     60
#define LOGIN_WINDOW_MS     300000
#define LOGIN_ACCOUNTS      256 /* two names may share a slot: then they share the tries */

struct login_tries {
    int64_t since_mono_ms;
    int count;
};

struct login_limit {
    struct login_tries all, accounts[LOGIN_ACCOUNTS];
};

/* Counts one try; false when there were too many already. `account` tells names apart (a byte of a hash). */
bool login_limit_take(struct login_limit *limit, uint8_t account, int64_t mono_ms);
/* A try that succeeded does not count. Those before it do: who has the password could otherwise have the tries at the
 * one-time code given back by a try without one. */
void login_limit_give_back(struct login_limit *limit, uint8_t account);

#endif
