#include "dashboard/shell/login_limit.h"
#include "tests/test.h"

static struct login_limit limit;

static int taken(int tries, uint8_t account, int64_t mono_ms)
{
    int count = 0;
    for (int i = 0; i < tries; i++)
        count += login_limit_take(&limit, account, mono_ms);
    return count;
}

static void an_account_has_its_tries_per_window(void)
{
    limit = (struct login_limit){0};
    CHECK(taken(20, 7, 1000) == LOGIN_ACCOUNT_TRIES);
    CHECK(taken(20, 8, 1000) == LOGIN_ACCOUNT_TRIES);
    CHECK(taken(1, 7, 1000 + LOGIN_WINDOW_MS - 1) == 0);
    CHECK(taken(20, 7, 1000 + LOGIN_WINDOW_MS) == LOGIN_ACCOUNT_TRIES);
}

static void refused_tries_do_not_lengthen_the_window(void)
{
    limit = (struct login_limit){0};
    for (int64_t mono_ms = 0; mono_ms < LOGIN_WINDOW_MS; mono_ms += 1000)
        taken(1, 7, mono_ms);
    CHECK(taken(1, 7, LOGIN_WINDOW_MS) == 1);
}

static void all_accounts_share_one_limit(void)
{
    int count = 0;
    limit = (struct login_limit){0};
    login_limit_give_back(&limit, 7); /* a try of a window that is over: there is nothing to give back */
    for (int account = 0; account < LOGIN_ACCOUNTS; account++)
        count += taken(1, (uint8_t)account, 1000);
    CHECK(count == LOGIN_ALL_TRIES);
    CHECK(taken(1, 9, 1000 + LOGIN_WINDOW_MS) == 1);
}

static void a_try_that_succeeds_does_not_count(void)
{
    limit = (struct login_limit){0};
    for (int i = 0; i < 10 * LOGIN_ALL_TRIES; i++) {
        CHECK(taken(1, 7, 1000) == 1);
        login_limit_give_back(&limit, 7);
    }
    CHECK(limit.all.count == 0);
}

static void a_try_that_succeeds_gives_back_no_other(void)
{
    limit = (struct login_limit){0};
    for (int wrong = 1; wrong < LOGIN_ACCOUNT_TRIES; wrong++) {
        CHECK(taken(2, 7, 1000) == 2);
        login_limit_give_back(&limit, 7);
    }
    CHECK(taken(20, 7, 1000) == 1);
}

int main(void)
{
    TEST(an_account_has_its_tries_per_window);
    TEST(refused_tries_do_not_lengthen_the_window);
    TEST(all_accounts_share_one_limit);
    TEST(a_try_that_succeeds_does_not_count);
    TEST(a_try_that_succeeds_gives_back_no_other);
    return test_done();
}
