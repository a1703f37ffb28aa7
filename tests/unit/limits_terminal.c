/* One past each limit of a terminal's settings, profiles and files: it is refused with what would be right. The limits are
 * those of docs/limits.md. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/clock.h"
#include "daemon/cli/authority_sign.h"
#include "firmware/terminal/identity.h"
#include "firmware/terminal/options.h"
#include "firmware/terminal/profilefile.h"
#include "common/certificate.h"
#include "tests/test.h"

static char path[] = "/tmp/narvaro-limits-XXXXXX";
static struct problems problems;

static void write_text(const char *text, size_t spaces)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fprintf(file, "%s%*s", text, (int)spaces, "") >= 0 && fclose(file) == 0);
    problems = (struct problems){0};
}

static bool says(const char *words)
{
    for (int i = 0; i < problems.count; i++)
        if (strstr(problems.lines[i], words) != NULL)
            return true;
    printf("# expected \"%s\", told \"%s\"\n", words, problems.count > 0 ? problems.lines[0] : "");
    return false;
}

/* The only thing that is wrong. */
static bool options_tell(int readers, int sectors, const char *wrong)
{
    static struct options options;
    char text[2048];
    int used = snprintf(
        text, sizeof text,
        "school = \"s\"; terminal = \"t\"; token_key_file = \"/nowhere\"; journal_file = \"j\"; cache_folder = \"c\";"
        " journal_sectors = %d; broker = { host = \"localhost\"; }; bus = { device = \"/dev/null\"; };"
        " readers = (",
        sectors);
    for (int i = 1; i <= readers; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%s{ address = %d; }", i > 1 ? ", " : " ", i);
    snprintf(text + used, sizeof text - (size_t)used, " );");
    write_text(text, 0);
    return !options_load(&options, path, &problems) && problems.count == 1 && says(wrong);
}

static void one_past_each_limit_of_the_settings(void)
{
    /* all is read but the key, which is not there */
    CHECK(options_tell(TERMINAL_READERS_MAX, JOURNAL_SECTORS_MAX, "/nowhere"));
    CHECK(options_tell(TERMINAL_READERS_MAX + 1, JOURNAL_SECTORS_MAX, "readers must list 1 to 8 readers"));
    CHECK(options_tell(TERMINAL_READERS_MAX, JOURNAL_SECTORS_MAX + 1, "journal_sectors"));
}

static bool reads_profile(int registers, int values, int writes)
{
    static struct profile profile;
    char text[1024];
    int used = snprintf(text, sizeof text,
                        "read = { space = \"holding\"; first = 0; count = %d; }; card_4 = [ 0, 1, 2, 3 ]; release = (",
                        registers);
    for (int i = 0; i < writes; i++) {
        used += snprintf(text + used, sizeof text - (size_t)used, "%s{ space = \"holding\"; first = 0; values = [ 1",
                         i > 0 ? ", " : " ");
        for (int k = 1; k < values; k++)
            used += snprintf(text + used, sizeof text - (size_t)used, ", 1");
        used += snprintf(text + used, sizeof text - (size_t)used, " ]; }");
    }
    snprintf(text + used, sizeof text - (size_t)used, " );");
    write_text(text, 0);
    return profilefile_read(&profile, path, &problems);
}

static void one_past_each_limit_of_a_profile(void)
{
    CHECK(reads_profile(PROFILE_REGISTERS_MAX, PROFILE_VALUES_MAX, PROFILE_WRITES_MAX));
    CHECK(!reads_profile(PROFILE_REGISTERS_MAX + 1, 1, 1) && says("count"));
    CHECK(!reads_profile(1 + 1, PROFILE_VALUES_MAX + 1, 1) && says("must be 1 to 4 numbers"));
    CHECK(!reads_profile(1 + 1, 1, PROFILE_WRITES_MAX + 1) && says("at most 2 writes"));
}

/* White space behind a certificate is part of its file. */
static void a_certificate_in_too_long_a_file_is_none(void)
{
    struct authority_own own;
    CHECK(authority_sign_own(&own, 1));
    size_t length = strlen(own.certificate);
    write_text(own.certificate, CERTIFICATE_PEM_BYTES_MAX - length);
    CHECK(identity_since_utc_ms(path) != INT64_MIN);
    write_text(own.certificate, CERTIFICATE_PEM_BYTES_MAX - length + 1);
    CHECK(identity_since_utc_ms(path) == INT64_MIN);
    authority_sign_forget(&own);
}

static void a_clock_that_goes_too_fast_is_refused(void)
{
    struct clock clock;
    char text[64];
    for (int rate = CLOCK_RATE_MAX; rate <= CLOCK_RATE_MAX + 1; rate++) {
        snprintf(text, sizeof text, "2026-11-20T12:00:00Z,%d,1", rate);
        CHECK(clock_demo(text, &clock) == (rate == CLOCK_RATE_MAX));
    }
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    TEST(one_past_each_limit_of_the_settings);
    TEST(one_past_each_limit_of_a_profile);
    TEST(a_certificate_in_too_long_a_file_is_none);
    TEST(a_clock_that_goes_too_fast_is_refused);
    unlink(path);
    return test_done();
}
