/* What flickers is told once. */
#include "firmware/core/contact.h"

#include "tests/test.h"

static void one_opening_of_the_lid_is_one_event(void)
{
    struct contact contact = {0};
    CHECK(!contact_open(&contact, false, 0));
    for (uint32_t ms = 1; ms < 400; ms++) /* pressed, rattling */
        CHECK(!contact_open(&contact, ms / 20 % 2 == 0, ms));
    for (uint32_t ms = 400; ms < 500; ms++)
        CHECK(contact_open(&contact, true, ms) == (ms >= 400 + CONTACT_OPEN_MS));
    for (uint32_t ms = 500; ms < 2500; ms++)
        CHECK(contact_open(&contact, ms / 500 % 2 == 0, ms)); /* never a second closed */
    for (uint32_t ms = 2500; ms < 5000; ms++)
        CHECK(contact_open(&contact, false, ms) == (ms < 2500 + CONTACT_CLOSED_MS));
    contact = (struct contact){0};
    for (uint32_t passed_ms = 0; passed_ms < 200; passed_ms++) /* the count wraps */
        CHECK(contact_open(&contact, true, UINT32_MAX - 20 + passed_ms) == (passed_ms >= CONTACT_OPEN_MS));
}

int main(void)
{
    TEST(one_opening_of_the_lid_is_one_event);
    return test_done();
}
