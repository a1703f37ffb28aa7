/* A settings file's mistakes are all told at once, each with its line and what would be right. */
#include "common/settings.h"
#include "common/settings_file.h"

#include <string.h>
#include "common/clock.h"
#include "tests/test.h"

struct sample {
    int port;
    double share;
    bool loud;
    char name[16], id[33];
};

static const struct setting_row ROWS[] = {
    {"port", SETTING_INTEGER, true, 1, 65535, offsetof(struct sample, port), 0},
    {"share", SETTING_NUMBER, false, 0, 100, offsetof(struct sample, share), 0},
    {"loud", SETTING_BOOLEAN, false, 0, 0, offsetof(struct sample, loud), 0},
    {"name", SETTING_TEXT, false, 0, 0, offsetof(struct sample, name), sizeof(((struct sample *)0)->name)},
    {"id", SETTING_TEXT, true, SETTING_ID, 0, offsetof(struct sample, id), sizeof(((struct sample *)0)->id)},
    {"list", SETTING_NESTED, false, 0, 0, 0, 0},
};

static struct problems problems;

static bool read_sample(const char *text, struct sample *out)
{
    problems.count = 0;
    struct settings *settings = settings_open_text("a.cfg", text, &problems);
    if (settings == NULL)
        return false;
    bool good = settings_read(settings, settings_root(settings), ROWS, sizeof ROWS / sizeof *ROWS, out, &problems);
    settings_close(settings);
    return good;
}

static void good_settings_are_read(void)
{
    struct sample sample = {.loud = true};
    CHECK(read_sample("port = 8883; share = 8; name = \"Å\"; id = \"t-01\"; list = ( { a = 1; } );", &sample));
    CHECK(sample.port == 8883 && sample.share == 8.0 && sample.loud && strcmp(sample.name, "Å") == 0);
    CHECK(problems.count == 0);
}

static void every_mistake_is_told(void)
{
    struct sample sample = {0};
    CHECK(!read_sample("port = 0;\nshare = \"x\";\nloud = 1;\nname = \"0123456789abcdef\";\nid = \"T\";\nlist = 1;\n"
                       "prot = 2;\n",
                       &sample));
    static const char *const WANTED[] = {
        "a.cfg:1: port must be a whole number between 1 and 65535",
        "a.cfg:2: share must be a number between 0 and 100",
        "a.cfg:3: loud must be true or false",
        "a.cfg:4: name must be a text in quotes of at most 15 bytes",
        "a.cfg:5: id must be 1 to 32 of a-z, 0-9 and -, in quotes",
        "a.cfg:6: list must be a group {…}, list (…) or array […]",
        "a.cfg:7: unknown key prot",
    };
    CHECK(problems.count == 7);
    for (int i = 0; i < 7; i++)
        CHECK(strcmp(problems.lines[i], WANTED[i]) == 0);
    CHECK(!read_sample("share = 1.5;", &sample) && problems.count == 2); /* port and id are missing */
    CHECK(!read_sample("port = 99999999999;\nid = \"a\";", &sample) && problems.count == 1);
}

static void what_is_no_settings_file_is_told(void)
{
    struct sample sample = {0};
    CHECK(!read_sample("port = = 1;", &sample) && problems.count == 1);
    CHECK(!read_sample("port = 1;\n@include \"/etc/hostname\"\n", &sample));
    CHECK(problems.count == 1 && strstr(problems.lines[0], "@include is for files only") != NULL);
    problems.count = 0;
    CHECK(settings_open_file("/nowhere/x.cfg", &problems) == NULL);
    CHECK(strcmp(problems.lines[0], "/nowhere/x.cfg: cannot be read: No such file or directory") == 0);
}

static void too_many_problems_are_counted(void)
{
    problems.count = 0;
    for (int i = 0; i < PROBLEMS_KEPT + 7; i++)
        problems_add(&problems, "f", i, "wrong");
    CHECK(problems.count == PROBLEMS_KEPT + 7);
}

static void the_demonstration_clock_runs_at_its_rate(void)
{
    struct clock clock;
    CHECK(clock_demo("2026-11-20T12:00:00Z,180,5", &clock) && clock.rate == 180 && clock.start_mono_ms == 5);
    int64_t mono_ms = clock_mono_ms(&clock), civil_ms = clock_utc_ms(&clock) - clock.start_utc_ms;
    CHECK(civil_ms >= (mono_ms - 5) * 180 && civil_ms <= (mono_ms + 1000 - 5) * 180);
    static const char *const WRONG[] = {"",
                                        "2026-11-20T12:00:00Z",
                                        "2026-11-20T12:00:00Z,0,5",
                                        "2026-11-20T12:00:00Z,1001,5",
                                        "2026-11-20T12:00:00Z,10,",
                                        "2026-11-20T12:00:00,10,5",
                                        "2026-11-20T12:00:00Z,10,5x",
                                        "2026-11-20T12:00:00Z,-1,5",
                                        "2026-11-20T12:00:00Z,99999999999999999999,5"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        CHECK(!clock_demo(WRONG[i], &clock));
}

int main(void)
{
    TEST(good_settings_are_read);
    TEST(every_mistake_is_told);
    TEST(what_is_no_settings_file_is_told);
    TEST(too_many_problems_are_counted);
    TEST(the_demonstration_clock_runs_at_its_rate);
    return test_done();
}
