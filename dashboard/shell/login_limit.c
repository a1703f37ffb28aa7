/* Tries in fixed windows, by account and in all. */
#include "dashboard/shell/login_limit.h"

static bool is_used_up(struct login_tries *tries, int most, int64_t mono_ms)
{
    if (tries->count == 0 || mono_ms - tries->since_mono_ms >= LOGIN_WINDOW_MS)
        *tries = (struct login_tries){.since_mono_ms = mono_ms};
    return tries->count >= most;
}

bool login_limit_take(struct login_limit *limit, uint8_t account, int64_t mono_ms)
{
    struct login_tries *own = &limit->accounts[account];
    if (is_used_up(&limit->all, LOGIN_ALL_TRIES, mono_ms) || is_used_up(own, LOGIN_ACCOUNT_TRIES, mono_ms))
        return false;
    limit->all.count++;
    own->count++;
    return true;
}

void login_limit_give_back(struct login_limit *limit, uint8_t account)
{
    limit->all.count -= limit->all.count > 0;
    limit->accounts[account].count -= limit->accounts[account].count > 0;
}
