/* Tries in fixed windows, by account and by address. */
#include "dashboard/shell/login_limit.h"

#include <arpa/inet.h>
#include <string.h>
#include "common/fault.h"

#define IPV6_BYTES     16
#define NETWORK_BYTES  8
#define MAPPED_AT_BYTE 12 /* of ::ffff:192.0.2.1, where the IPv4 address begins */

/* An address of which only the part that counts is not zero. IPv4 has the mapped form, whichever way it came. */
static void read_address(const char *text, uint8_t out[IPV6_BYTES])
{
    static const uint8_t MAPPED[MAPPED_AT_BYTE] = {[10] = 0xFF, [11] = 0xFF};
    memset(out, 0, IPV6_BYTES);
    if (text == NULL)
        return;
    if (inet_pton(AF_INET, text, out + MAPPED_AT_BYTE) == 1)
        memcpy(out, MAPPED, sizeof MAPPED);
    else if (inet_pton(AF_INET6, text, out) == 1 && memcmp(out, MAPPED, sizeof MAPPED) != 0)
        memset(out + NETWORK_BYTES, 0, IPV6_BYTES - NETWORK_BYTES);
}

static struct login_tries *of_account(struct login_limit *limit, const char *user)
{
    return &limit->accounts[secret_place(limit->key, user, strlen(user)) % LOGIN_PLACES];
}

static struct login_tries *of_address(struct login_limit *limit, const char *text)
{
    uint8_t address[IPV6_BYTES];
    read_address(text, address);
    return &limit->addresses[secret_place(limit->key, address, sizeof address) % LOGIN_PLACES];
}

static bool is_used_up(struct login_tries *tries, int most, int64_t mono_ms)
{
    if (tries->count == 0 || mono_ms - tries->since_mono_ms >= LOGIN_WINDOW_MS)
        *tries = (struct login_tries){.since_mono_ms = mono_ms};
    return tries->count >= most;
}

bool login_limit_take(struct login_limit *limit, const char *user, const char *address, int64_t mono_ms)
{
    struct login_tries *account = of_account(limit, user), *from = of_address(limit, address);
    if (is_used_up(from, LOGIN_ADDRESS_TRIES_MAX, mono_ms) || is_used_up(account, LOGIN_ACCOUNT_TRIES_MAX, mono_ms))
        return false;
    from->count++;
    account->count++;
    return true;
}

static void give_back(struct login_tries *tries)
{
    tries->count -= FAULT(success_forgives_all) ? tries->count : tries->count > 0;
}

void login_limit_give_back(struct login_limit *limit, const char *user, const char *address)
{
    give_back(of_account(limit, user));
    give_back(of_address(limit, address));
}
