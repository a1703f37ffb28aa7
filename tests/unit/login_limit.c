#include <stdio.h>
#include "dashboard/shell/login_limit.h"
#include "tests/test.h"

#define SCHOOL   "192.0.2.7"
#define STRANGER "2001:db8:1:2::9"

static struct login_limit limit;

static void begin(void)
{
    limit = (struct login_limit){.key = "sixteen bytes k"};
}

static int taken(int tries, const char *user, const char *address, int64_t mono_ms)
{
    int count = 0;
    for (int i = 0; i < tries; i++)
        count += login_limit_take(&limit, user, address, mono_ms);
    return count;
}

/* Tries with a new name each. */
static int taken_by_many(int tries, const char *address, int64_t mono_ms)
{
    static int names;
    char name[32];
    int count = 0;
    for (int i = 0; i < tries; i++) {
        snprintf(name, sizeof name, "name-%d", names++);
        count += login_limit_take(&limit, name, address, mono_ms);
    }
    return count;
}

static void an_account_has_its_tries_per_window(void)
{
    begin();
    CHECK(taken(20, "kim", SCHOOL, 1000) == LOGIN_ACCOUNT_TRIES_MAX);
    CHECK(taken(20, "vera", SCHOOL, 1000) == LOGIN_ACCOUNT_TRIES_MAX);
    CHECK(taken(1, "kim", SCHOOL, 1000 + LOGIN_WINDOW_MS - 1) == 0);
    CHECK(taken(20, "kim", SCHOOL, 1000 + LOGIN_WINDOW_MS) == LOGIN_ACCOUNT_TRIES_MAX);
}

static void an_account_has_no_more_tries_from_many_addresses(void)
{
    begin();
    char address[32];
    int count = 0;
    for (int i = 0; i < 100; i++) {
        snprintf(address, sizeof address, "198.51.100.%d", i);
        count += taken(1, "kim", address, 1000);
    }
    CHECK(count == LOGIN_ACCOUNT_TRIES_MAX);
}

static void refused_tries_do_not_lengthen_the_window(void)
{
    begin();
    for (int64_t mono_ms = 0; mono_ms < LOGIN_WINDOW_MS; mono_ms += 1000)
        taken(1, "kim", SCHOOL, mono_ms);
    CHECK(taken(1, "kim", SCHOOL, LOGIN_WINDOW_MS) == 1);
}

/* With hundreds of names a few share a place, and then its tries: never more than the limit, and hardly fewer. */
static void a_stranger_uses_up_the_own_address_only(void)
{
    begin();
    login_limit_give_back(&limit, "kim", SCHOOL); /* a try of a window that is over: there is nothing to give back */
    CHECK(taken_by_many(1000, STRANGER, 1000) == LOGIN_ADDRESS_TRIES_MAX);
    CHECK(taken(1, "kim", STRANGER, 1000) == 0);
    CHECK(taken(1, "kim", SCHOOL, 1000) == 1);
    CHECK(taken_by_many(1, STRANGER, 1000 + LOGIN_WINDOW_MS) == 1);
}

static void strangers_do_not_use_up_everybody(void)
{
    begin();
    char address[32];
    for (int i = 0; i < 200; i++) { /* as many as a window has time to hash, and more */
        snprintf(address, sizeof address, "2001:db8:%x::1", i);
        taken_by_many(LOGIN_ADDRESS_TRIES_MAX, address, 1000);
    }
    int shut = 0;
    for (int i = 0; i < 100; i++) {
        char user[32];
        snprintf(user, sizeof user, "staff-%d", i);
        snprintf(address, sizeof address, "192.0.2.%d", i);
        shut += !taken(1, user, address, 1000);
    }
    CHECK(shut < 50);
}

static void which_addresses_are_one(void)
{
    static const struct {
        const char *a, *b;
        bool are_one;
    } PAIRS[] = {
        {"192.0.2.7", "192.0.2.8", false},
        {"192.0.2.7", "::ffff:192.0.2.7", true},
        {"::ffff:192.0.2.7", "::ffff:192.0.2.8", false},
        {"::ffff:192.0.2.7", "::1", false},
        {"2001:db8:1:2::9", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
        {"2001:db8:1:2::9", "2001:DB8:1:2::A", true},
        {"2001:db8:1:2::9", "2001:db8:1:3::9", false},
        {"192.0.2.7", NULL, false},
        {NULL, "", true},
        {"192.0.2.7, 192.0.2.9", "x", true},
    };
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        begin();
        CHECK(taken_by_many(LOGIN_ADDRESS_TRIES_MAX, PAIRS[i].a, 1000) == LOGIN_ADDRESS_TRIES_MAX);
        CHECK(taken_by_many(1, PAIRS[i].a, 1000) == 0);
        CHECK(taken_by_many(1, PAIRS[i].b, 1000) == !PAIRS[i].are_one);
    }
}

static void a_try_that_succeeds_does_not_count(void)
{
    begin();
    for (int i = 0; i < 10 * LOGIN_ADDRESS_TRIES_MAX; i++) {
        CHECK(taken(1, "kim", SCHOOL, 1000) == 1);
        login_limit_give_back(&limit, "kim", SCHOOL);
    }
    CHECK(taken_by_many(1000, SCHOOL, 1000) == LOGIN_ADDRESS_TRIES_MAX);
}

static void a_try_that_succeeds_gives_back_no_other(void)
{
    begin();
    for (int wrong = 1; wrong < LOGIN_ACCOUNT_TRIES_MAX; wrong++) {
        CHECK(taken(2, "kim", SCHOOL, 1000) == 2);
        login_limit_give_back(&limit, "kim", SCHOOL);
    }
    CHECK(taken(20, "kim", SCHOOL, 1000) == 1);
    CHECK(taken_by_many(1000, SCHOOL, 1000) == LOGIN_ADDRESS_TRIES_MAX - LOGIN_ACCOUNT_TRIES_MAX);
}

int main(void)
{
    TEST(an_account_has_its_tries_per_window);
    TEST(an_account_has_no_more_tries_from_many_addresses);
    TEST(refused_tries_do_not_lengthen_the_window);
    TEST(a_stranger_uses_up_the_own_address_only);
    TEST(strangers_do_not_use_up_everybody);
    TEST(which_addresses_are_one);
    TEST(a_try_that_succeeds_does_not_count);
    TEST(a_try_that_succeeds_gives_back_no_other);
    return test_done();
}
