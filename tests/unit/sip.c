/* The stages of a common plan against a table written by hand: every stage after every other, with and without consent. */
#include "daemon/core/support/sip.h"

#include <string.h>
#include "tests/test.h"

/* Row: where it stands; column: what is to come. y: may; c: may with consent; -: not in this order. */
static const char ORDER[SIP_STAGES][SIP_STAGES + 1] = {
    /*             none needed requested called held followed_up ended */
    [SIP_NONE] = "-y-----", [SIP_NEEDED] = "--c---y",      [SIP_REQUESTED] = "---c--y", [SIP_CALLED] = "---cc-y",
    [SIP_HELD] = "-----yy", [SIP_FOLLOWED_UP] = "-----yy", [SIP_ENDED] = "-y-----",
};

static const char *expected(char cell, bool consents)
{
    return cell == '-' ? "sip_order" : cell == 'c' && !consents ? "needs_consent" : "";
}

static void stages_come_in_their_order(void)
{
    for (int from = 0; from < SIP_STAGES; from++)
        for (int next = 1; next < SIP_STAGES; next++)
            for (int consents = 0; consents < 2; consents++) {
                struct sip sip = {.stage = (enum sip_stage)from};
                const char *why = sip_obstacle(&sip, (enum sip_stage)next, consents != 0);
                CHECK(strcmp(why != NULL ? why : "", expected(ORDER[from][next], consents != 0)) == 0);
            }
}

static void nothing_begins_without_a_word(void)
{
    struct sip sip = {.stage = SIP_NEEDED};
    CHECK(sip_obstacle(&sip, SIP_NONE, true) != NULL);
    for (int i = 0; i < SIP_STAGES; i++)
        for (int j = 0; j < i; j++)
            CHECK(strcmp(SIP_WORDS[i], SIP_WORDS[j]) != 0);
}

static void one_is_under_way_from_need_to_end(void)
{
    static const bool UNDER_WAY[SIP_STAGES] = {false, true, true, true, true, true, false};
    for (int i = 0; i < SIP_STAGES; i++)
        CHECK(sip_is_under_way(&(struct sip){.stage = (enum sip_stage)i}) == UNDER_WAY[i]);
}

static void the_guardian_consents_for_a_minor_and_the_pupil_of_age_alone(void)
{
    struct sip guardian = {.guardian_consents = true}, pupil = {.pupil_consents = true};
    CHECK(sip_is_consented(&guardian, false) && !sip_is_consented(&guardian, true));
    CHECK(!sip_is_consented(&pupil, false) && sip_is_consented(&pupil, true));
}

static void the_school_calls_when_the_head_has_said_so(void)
{
    CHECK(strcmp(sip_calling_obstacle(true, false), "school_may_not_call") == 0);
    CHECK(sip_calling_obstacle(true, true) == NULL && sip_calling_obstacle(false, false) == NULL);
}

int main(void)
{
    TEST(stages_come_in_their_order);
    TEST(nothing_begins_without_a_word);
    TEST(one_is_under_way_from_need_to_end);
    TEST(the_guardian_consents_for_a_minor_and_the_pupil_of_age_alone);
    TEST(the_school_calls_when_the_head_has_said_so);
    return test_done();
}
