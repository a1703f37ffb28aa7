/* Who may do what, against a table of the test's own, and the token without which nothing is written. The table: one letter
 * for each permission in the order of PERMISSIONS. S: for every pupil of the school; C: of the own class; L: of an own
 * lesson; '-': not at all. */
#include "dashboard/shell/access.h"

#include <stdio.h>
#include <string.h>
#include "dashboard/shell/secret.h"
#include "tests/test.h"

static const char *const WHO_MAY[ROLES] = {
    [ROLE_EHT] = "SSSS-SSS-SSS-S-----SS-SSS-",    [ROLE_REKTOR] = "SSSSSSSS-SSSSSS--S-SSSSSSS",
    [ROLE_MENTOR] = "S-CC--CCLC------------S---", [ROLE_TEACHER] = "S-------L-----------------",
    [ROLE_IT] = "S---S-----SSSS--S--S-SS---",     [ROLE_DPO] = "S---------S--SSS-SS-----S-",
};

static bool may(char reach, const struct access_pupil *pupil)
{
    if (pupil->is_protected && !pupil->user_is_named)
        return false;
    return reach == 'S' || (reach == 'C' && pupil->own_class) || (reach == 'L' && pupil->own_lesson);
}

static void every_role_may_what_the_table_says_and_no_more(void)
{
    for (int role = 0; role < ROLES; role++) {
        CHECK(strlen(WHO_MAY[role]) == PERMISSIONS);
        for (int permission = 0; permission < PERMISSIONS; permission++) {
            char reach = WHO_MAY[role][permission];
            CHECK(access_allows((enum role)role, (enum permission)permission, NULL) == (reach != '-'));
            for (unsigned bits = 0; bits < 16; bits++) {
                struct access_pupil pupil = {bits & 1, bits & 2, bits & 4, bits & 8};
                CHECK(access_allows((enum role)role, (enum permission)permission, &pupil) == may(reach, &pupil));
            }
        }
    }
}

static void only_known_words_are_roles(void)
{
    static const char *const WORDS[] = {"eht", "rektor", "mentor", "teacher", "it", "dpo"};
    enum role role;
    for (int i = 0; i < ROLES; i++)
        CHECK(access_role_read(WORDS[i], &role) && role == (enum role)i);
    CHECK(!access_role_read("", &role) && !access_role_read("EHT", &role) && !access_role_read("admin", &role));
}

static void the_whole_log_is_for_two(void)
{
    for (int role = 0; role < ROLES; role++)
        CHECK(access_sees_all_log((enum role)role) == (role == ROLE_REKTOR || role == ROLE_DPO));
}

/* Of a session of its own; what a page sends back is text from outside. */
static void a_token_is_compared_whole(void)
{
    uint8_t id[SECRET_ID_BYTES] = {7};
    char token[SECRET_ID_HEX_BYTES], given[SECRET_ID_HEX_BYTES + 1];
    secret_csrf(id, token);
    CHECK(strlen(token) == SECRET_ID_HEX_BYTES - 1 && secret_same(token, token));
    for (size_t length = 0; length < strlen(token); length++) {
        snprintf(given, sizeof given, "%.*s", (int)length, token);
        CHECK(!secret_same(given, token) && !secret_same(token, given) && !secret_same(token + length + 1, token));
        for (int bit = 0; bit < 8; bit++) {
            strcpy(given, token);
            given[length] = (char)(given[length] ^ 1 << bit);
            CHECK(!secret_same(given, token));
        }
    }
    snprintf(given, sizeof given, "%s0", token);
    CHECK(!secret_same(given, token));
    for (int at = 0; at < 8 * SECRET_ID_BYTES; at++) { /* another session has another */
        id[at / 8] ^= (uint8_t)(1 << at % 8);
        secret_csrf(id, given);
        CHECK(!secret_same(given, token));
        id[at / 8] ^= (uint8_t)(1 << at % 8);
    }
}

int main(void)
{
    if (!secret_start())
        return 1;
    TEST(every_role_may_what_the_table_says_and_no_more);
    TEST(only_known_words_are_roles);
    TEST(the_whole_log_is_for_two);
    TEST(a_token_is_compared_whole);
    return test_done();
}
