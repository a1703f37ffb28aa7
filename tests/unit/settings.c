/* A settings file's mistakes are all told at once, each with its line and what would be right. */
#include "common/settings.h"
#include "common/settings_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
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

/* What a person most likely did is told, with the line on which it was done. */
static void what_breaks_the_form_is_guessed(void)
{
    static const struct {
        const char *text, *line;
    } WRONG[] = {
        {"id = \"a\";\nshare = 12,5;\nport = 1;\n", "a.cfg:2: a decimal has a point, not a comma: 12.5"},
        {"id = \"a\";\nlist = ( { share = 12,5; } );\n", "a.cfg:2: a decimal has a point, not a comma: 12.5"},
        {"share = 15 %;\n", "a.cfg:1: a number stands without a percent sign: 15"},
        {"port = 1;\n\nshare = 15%;\n", "a.cfg:3: a number stands without a percent sign: 15"},
        {"\xEF\xBB\xBFport = 1;\n",
         "a.cfg:1: the file begins with a byte order mark (BOM): save it as UTF-8 without one"},
        {"\xFF\xFEp", "a.cfg:1: the file is UTF-16: save it as UTF-8"},
        {"port = 1;\nname = localhost;\n", "a.cfg:2: a text must be in straight quotes, like \"this\""},
        {"port = 1;\nname = /var/lib/a.db;\n", "a.cfg:2: a text must be in straight quotes, like \"this\""},
        {"port = 1;\nname = \xE2\x80\x9Dx\xE2\x80\x9D;\n", "a.cfg:2: a text must be in straight quotes, like \"this\""},
        {"loud = yes;\n", "a.cfg:1: a text must be in straight quotes, like \"this\""},
        {"port = 1;\nname = \"x;\nid = \"a\";\nloud = true;\n", "a.cfg:2: a quote is missing on this line"},
        {"port = 1;\nname = \"x;\n", "a.cfg:2: a quote is missing on this line"},
        {"list = (\n { a = 1; },\n);\n", "a.cfg:3: no comma may stand before what closes"},
        {"list = (\n { a = 1; }\n { a = 2; } );\n", "a.cfg:3: a comma is missing between } and {"},
        {"list = (\n { a = 1; },\n { a = 2;\n { a = 3; } );\nport = 1;\n",
         "a.cfg:3: what this line opens is not closed, or by another bracket"},
        {"port = 1;\nlist = {\n a = 1;\nid = \"a\";\n",
         "a.cfg:2: what this line opens is not closed, or by another bracket"},
        {"port = 1;\n};\n", "a.cfg:2: this line closes what was not opened"},
        {"port = 1; // it's 15 %\n/* \" ( */ prot 2;\n", "a.cfg:2: syntax error"},
        {"port = /* 1; \n}", "a.cfg:2: syntax error"},
        {"port = 1;\nport = 2;\n", "a.cfg:2: duplicate setting name"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        struct sample sample = {0};
        CHECK(!read_sample(WRONG[i].text, &sample));
        CHECK(problems.count == 1);
        bool told = strcmp(problems.lines[0], WRONG[i].line) == 0;
        CHECK(told);
        if (!told)
            printf("# told \"%s\"\n# not  \"%s\"\n", problems.lines[0], WRONG[i].line);
    }
}

static void the_file_with_the_mistake_is_named(void)
{
    char path[] = "/tmp/narvaro-settings-XXXXXX", included[sizeof path + 4], text[64];
    int fd = mkstemp(path);
    snprintf(included, sizeof included, "%s.inc", path);
    snprintf(text, sizeof text, "port = 1;\n@include \"%s\"\n", included);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
    FILE *file = fopen(included, "w");
    CHECK(file != NULL && fputs("\n\nshare = 1,5;\n", file) >= 0 && fclose(file) == 0);
    problems.count = 0;
    CHECK(settings_open_file(path, &problems) == NULL && problems.count == 1);
    snprintf(text, sizeof text, "%s:3: a decimal has a point", included);
    CHECK(strncmp(problems.lines[0], text, strlen(text)) == 0);
    unlink(path);
    unlink(included);
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
    TEST(what_breaks_the_form_is_guessed);
    TEST(the_file_with_the_mistake_is_named);
    TEST(too_many_problems_are_counted);
    TEST(the_demonstration_clock_runs_at_its_rate);
    return test_done();
}
