/* The rules file: what is read, and that each mistake is told, once, with its line and what would be right. */
#include "daemon/core/detect/rules.h"
#include <string.h>
#include "tests/rules_file.h"
#include "tests/test.h"

static struct rules rules;
static struct problems problems;

static bool read_text(const char *text)
{
    memset(&problems, 0, sizeof problems);
    return rules_read_text("rules.cfg", text, &rules, &problems);
}

static bool told(int index, const char *line)
{
    bool same = index < problems.count && strcmp(problems.lines[index], line) == 0;
    if (!same)
        printf("# told \"%s\"\n# not  \"%s\"\n", index < problems.count ? problems.lines[index] : "", line);
    return same;
}

#define CLEAR      "clear = { measure = \"spells\"; days = 9; below = 1; for_days = 1; }; "
#define RULE(when) "rules = ( { id = \"a\"; severity = 1; when = ( { " when " } ); " CLEAR "} );"

static void the_default_rules_are_read(void)
{
    memset(&problems, 0, sizeof problems);
    CHECK(read_rules_file("config/rules.cfg", &rules, &problems));
    CHECK(rules.count == 13 && problems.count == 0);
    const struct rule *severe = NULL;
    for (int i = 0; i < rules.count; i++)
        if (strcmp(rules.rule[i].id, "severe-50") == 0)
            severe = &rules.rule[i];
    CHECK(severe != NULL && severe->severity == 4 && severe->condition_count == 1 && severe->for_days == 5);
    CHECK(severe->when[0].measure == MEASURE_ABSENCE_SHARE && severe->when[0].comparison == COMPARISON_AT_LEAST);
    CHECK(severe->when[0].days == 30 && severe->when[0].min_days == 30 && severe->when[0].threshold_hundredths == 5000);
    CHECK(severe->clear.comparison == COMPARISON_BELOW && severe->clear.min_days == 10);
}

/* Doubles cannot hold most decimals; the nearest hundredth is what was written. */
static void two_decimals_are_exact(void)
{
    for (int hundredths = 0; hundredths <= 10000; hundredths++) {
        char text[400];
        snprintf(text, sizeof text, RULE("measure = \"absence_share\"; days = 5; at_least = %d.%02d;"),
                 hundredths / 100, hundredths % 100);
        bool exact = read_text(text) && rules.rule[0].when[0].threshold_hundredths == hundredths;
        CHECK(exact);
        if (!exact)
            break;
    }
    CHECK(!read_text(RULE("measure = \"absence_share\"; days = 5; at_least = 8.295;")));
    CHECK(problems.count == 1 && told(0, "rules.cfg:1: at_least must have at most two decimals"));
}

static void defaults_are_filled_in(void)
{
    CHECK(read_text(RULE("measure = \"absence_rise\"; days = 5; baseline_days = 40; at_least = -1.5;")));
    const struct condition *rise = &rules.rule[0].when[0];
    CHECK(rise->min_days == 5 && rise->baseline_min_days == 30 && rise->offset == 0);
    CHECK(rise->threshold_hundredths == -150);
    CHECK(read_text(RULE("measure = \"weekday_tail\"; days = 40; at_most = 0.005;")));
    CHECK(rules.rule[0].when[0].threshold_tail > 0.00499 && rules.rule[0].when[0].threshold_tail < 0.00501);
}

static void each_mistake_is_told_once(void)
{
    static const struct mistake {
        const char *text, *line;
    } MISTAKES[] = {
        {RULE("measure = \"spell\"; days = 5; at_least = 1;"),
         "rules.cfg:1: measure \"spell\" is unknown; docs/detection.md lists them"},
        {RULE("days = 5; at_least = 1;"), "rules.cfg:1: measure is missing"},
        {RULE("measure = \"spells\"; days = 0; at_least = 1;"),
         "rules.cfg:1: days must be a whole number between 1 and 200"},
        {RULE("measure = \"spells\"; days = 201; at_least = 1;"),
         "rules.cfg:1: days must be a whole number between 1 and 200"},
        {RULE("measure = \"spells\"; at_least = 1;"), "rules.cfg:1: days is missing"},
        {RULE("measure = \"absent_run\"; days = 5; at_least = 1;"), "rules.cfg:1: unknown key days"},
        {RULE("measure = \"spells\"; days = 5; offset = -1; at_least = 1;"),
         "rules.cfg:1: offset must be a whole number between 0 and 100000"},
        {RULE("measure = \"spells\"; days = 5; min_days = 2; at_least = 1;"), "rules.cfg:1: unknown key min_days"},
        {RULE("measure = \"absence_share\"; days = 5; min_days = 6; at_least = 1;"),
         "rules.cfg:1: min_days must be between 1 and 5, the value of days"},
        {RULE("measure = \"absence_rise\"; days = 5; at_least = 1;"), "rules.cfg:1: baseline_days is missing"},
        {RULE("measure = \"absence_share\"; days = 5; at_least = 100.01;"),
         "rules.cfg:1: at_least must be a number between 0 and 100"},
        {RULE("measure = \"weekday_tail\"; days = 40; at_most = 5;"),
         "rules.cfg:1: at_most must be a number between 0 and 1"},
        {RULE("measure = \"spells\"; days = 5; at_least = 1.5;"),
         "rules.cfg:1: at_least must be a whole number: spells counts"},
        {RULE("measure = \"spells\"; days = 5;"),
         "rules.cfg:1: a condition must have at_least or at_most, one of the two"},
        {RULE("measure = \"spells\"; days = 5; at_least = 1; at_most = 2;"),
         "rules.cfg:1: a condition must have at_least or at_most, one of the two"},
        {RULE("measure = \"spells\"; days = 5; at_least = \"1\";"),
         "rules.cfg:1: at_least must be a number between 0 and 8000"},
        {"rules = ( { id = \"a\"; severity = 1; when = ( ); " CLEAR "} );",
         "rules.cfg:1: when must be a list ({…}, …) of 1 to 8 conditions"},
        {"rules = ( { id = \"a\"; severity = 1; when = 3; " CLEAR "} );",
         "rules.cfg:1: when must be a group {…}, list (…) or array […]"},
        {"rules = ( { id = \"a\"; severity = 1; when = ( 3 ); " CLEAR "} );",
         "rules.cfg:1: a condition must be a group {…}"},
        {"rules = ( );", "rules.cfg:1: rules must be a list ({…}, …) of 1 to 400 rules"},
        {"rules = 1;", "rules.cfg:1: rules must be a group {…}, list (…) or array […]"},
        {"rules = ( 1 );", "rules.cfg:1: a rule must be a group {…}"},
        {"", "rules.cfg: rules is missing"},
    };
    for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
        CHECK(!read_text(MISTAKES[i].text));
        CHECK(problems.count == 1);
        if (problems.count != 1)
            problems_print(&problems, stdout);
        CHECK(told(0, MISTAKES[i].line));
    }
}

#define SHARE(when, clear)                                                                                       \
    "rules = (\n{ id = \"a\"; severity = 1; when = (\n{ measure = \"absence_share\"; days = 20; " when " } );\n" \
    "clear = { measure = \"absence_share\"; days = 20; " clear " for_days = 5; }; } );"

/* They can be followed, and what was in force stays readable, but nobody means them. */
static void what_nobody_means_is_not_wanted(void)
{
    static const struct mistake {
        const char *text, *line;
    } MISTAKES[] = {
        {SHARE("at_least = 0.15;", "below = 10;"),
         "rules.cfg:3: at_least is in percent, and 0.15 is less than one: write 15 if that is meant"},
        {SHARE("at_least = 15;", "below = 0.1;"),
         "rules.cfg:4: below is in percent, and 0.1 is less than one: write 10 if that is meant"},
        {SHARE("at_least = 15;", "below = 15.01;"),
         "rules.cfg:4: below must not be more than 15, where the flag is raised"},
        {SHARE("at_most = 15;", "above = 14.99;"),
         "rules.cfg:4: above must not be less than 15, where the flag is raised"},
        {SHARE("at_least = 15;", "above = 20;"),
         "rules.cfg:4: clear must have below, for when has at_least of the same measure"},
        {SHARE("at_most = 15;", "below = 10;"),
         "rules.cfg:4: clear must have above, for when has at_most of the same measure"},
        {RULE("measure = \"spells\"; days = 9; at_least = 0;"),
         "rules.cfg:1: below must not be more than 0, where the flag is raised"},
        {"rules = ( { id = \"a\"; severity = 1; when = ( { measure = \"weekday_tail\"; days = 40; at_most = 0.05; } "
         ");\n"
         "clear = { measure = \"weekday_tail\"; days = 40; above = 0.005; for_days = 5; }; } );",
         "rules.cfg:2: above must not be less than 0.05, where the flag is raised"},
    };
    for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
        CHECK(read_text(MISTAKES[i].text));
        memset(&problems, 0, sizeof problems);
        CHECK(!rules_read_wanted("rules.cfg", MISTAKES[i].text, &rules, &problems));
        CHECK(problems.count == 1);
        CHECK(told(0, MISTAKES[i].line));
    }
    static const char *const FINE[] = {
        SHARE("at_least = 15;", "below = 15;"),
        SHARE("at_most = 15;", "above = 15;"),
        SHARE("at_least = 1;", "below = 1;"),
        SHARE("at_least = 10; }, { measure = \"absence_share\"; days = 20; at_most = 20;", "below = 10;"),
        SHARE("at_least = 10; }, { measure = \"absence_share\"; days = 20; at_most = 20;", "above = 20;"),
        RULE("measure = \"spells\"; days = 10; at_least = 0;"), /* another window is another quantity */
        RULE("measure = \"weekday_tail\"; days = 40; at_most = 0.05;"),
    };
    for (size_t i = 0; i < sizeof FINE / sizeof *FINE; i++) {
        memset(&problems, 0, sizeof problems);
        CHECK(rules_read_wanted("rules.cfg", FINE[i], &rules, &problems));
        problems_print(&problems, stdout);
    }
}

static void ten_mistakes_are_ten_lines_and_the_old_rules_stay(void)
{
    CHECK(read_text(RULE("measure = \"spells\"; days = 5; at_least = 7;")));
    CHECK(!read_text("rules = (\n"
                     " { id = \"A b\"; severity = 5;\n"
                     "   when = ( { measure = \"absence\"; days = 20; at_least = 5; } );\n"
                     "   clear = { measure = \"spells\"; days = 9; below = 1; }; },\n"
                     " { id = \"b\"; severity = 1; colour = \"red\";\n"
                     "   when = ( { measure = \"spells\"; days = 0; at_least = 1; },\n"
                     "            { measure = \"absence_share\"; days = 20; at_least = 10.125; },\n"
                     "            { measure = \"late_arrivals\"; days = 20; below = 3; } ); },\n"
                     " { id = \"b\"; severity = 1;\n"
                     "   when = ( { measure = \"spells\"; days = 5; at_least = 1; } ); " CLEAR "}\n"
                     ");"));
    static const char *const LINES[] = {
        "rules.cfg:2: id must be 1 to 32 of a-z, 0-9 and -, in quotes",
        "rules.cfg:2: severity must be a whole number between 1 and 4",
        "rules.cfg:3: measure \"absence\" is unknown; docs/detection.md lists them",
        "rules.cfg:4: for_days is missing",
        "rules.cfg:5: unknown key colour",
        "rules.cfg:5: clear is missing",
        "rules.cfg:6: days must be a whole number between 1 and 200",
        "rules.cfg:7: at_least must have at most two decimals",
        "rules.cfg:8: unknown key below",
        "rules.cfg:8: a condition must have at_least or at_most, one of the two",
        "rules.cfg:9: id \"b\" is taken by the rule on line 5",
    };
    CHECK(problems.count == sizeof LINES / sizeof *LINES);
    for (int i = 0; i < (int)(sizeof LINES / sizeof *LINES); i++)
        CHECK(told(i, LINES[i]));
    CHECK(rules.count == 1 && rules.rule[0].when[0].threshold_hundredths == 700);
}

int main(void)
{
    TEST(the_default_rules_are_read);
    TEST(two_decimals_are_exact);
    TEST(defaults_are_filled_in);
    TEST(each_mistake_is_told_once);
    TEST(what_nobody_means_is_not_wanted);
    TEST(ten_mistakes_are_ten_lines_and_the_old_rules_stay);
    return test_done();
}
