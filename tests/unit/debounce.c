#include "firmware/core/debounce.h"

#include "tests/test.h"

#define ARRAY(a) (sizeof(a) / sizeof(a)[0])

/* Card 7 was recorded at reader 1, second 100. */
static void same_tap_is_again_and_others_are_not(void)
{
    static const struct {
        const char *name;
        uint64_t token;
        uint8_t reader;
        int64_t at_s;
        uint32_t debounce_s, repeat_s;
        bool again;
    } CASES[] = {
        {"same reader, 2 s later", 7, 1, 102, 3, 60, true},
        {"same reader, 59 s later", 7, 1, 159, 3, 60, true},
        {"same reader, 60 s later", 7, 1, 160, 3, 60, false},
        {"another reader, 2 s later", 7, 2, 102, 3, 60, true},
        {"another reader, no repeat time", 7, 2, 102, 3, 0, false},
        {"same reader, no repeat time", 7, 1, 102, 3, 0, true},
        {"same reader, no repeat time, 3 s later", 7, 1, 103, 3, 0, false},
        {"another card, at once", 8, 1, 100, 3, 60, false},
        {"read late: a little before", 7, 2, 98, 3, 60, true},
        {"the clock was set back by an hour", 7, 1, 100 - 3600, 3, 60, false},
        {"nothing counts as the same", 7, 1, 100, 0, 0, false},
    };
    for (size_t i = 0; i < ARRAY(CASES); i++) {
        struct debounce debounce = {0};
        debounce_remember(&debounce, 7, 1, 100000);
        bool again = debounce_again(&debounce, CASES[i].token, CASES[i].reader, CASES[i].at_s * 1000,
                                    CASES[i].debounce_s * 1000, CASES[i].repeat_s * 1000);
        if (again != CASES[i].again)
            printf("# %s\n", CASES[i].name);
        CHECK(again == CASES[i].again);
    }
}

static void a_class_that_taps_at_once_is_remembered_whole(void)
{
    struct debounce debounce = {0};
    for (uint64_t token = 1; token <= DEBOUNCE_CARDS; token++)
        debounce_remember(&debounce, token, 1, 1000 * (int64_t)token);
    CHECK(debounce_again(&debounce, 1, 1, 60000, 3000, 60000));
    debounce_remember(&debounce, 99, 1, 60000);
    CHECK(!debounce_again(&debounce, 1, 1, 60000, 3000, 60000));
    CHECK(debounce_again(&debounce, 2, 1, 60000, 3000, 60000));
}

static void nobody_tapped_yet(void)
{
    struct debounce debounce = {0};
    CHECK(!debounce_again(&debounce, 5, 1, 0, 3000, 60000));
    CHECK(!debounce_again(&debounce, 0, 0, 0, 3000, 60000)); /* an empty place is nobody's card */
}

int main(void)
{
    TEST(same_tap_is_again_and_others_are_not);
    TEST(a_class_that_taps_at_once_is_remembered_whole);
    TEST(nobody_tapped_yet);
    return test_done();
}
