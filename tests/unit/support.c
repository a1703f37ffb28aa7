/* Ways to support: what the file may say, and who is offered what. Choosing is also compared with another program's:
 *
 *   support FILE   answers questions, a line each: cause, birth date, date, place, situations ("-": none); by the routes' ids
 *
 * (tests/support.test.mjs asks, and chooses by itself.) */
#include "common/choice.h"
#include "daemon/core/support/routesfile.h"

#include <stdlib.h>
#include <string.h>
#include "common/filebytes.h"
#include "tests/test.h"

static struct support support;
static struct problems problems;

static bool read_text(const char *text)
{
    memset(&problems, 0, sizeof problems);
    return supportfile_read("support.cfg", text, &support, &problems);
}

static bool told(int index, const char *line)
{
    bool same = index < problems.count && strcmp(problems.lines[index], line) == 0;
    if (!same)
        printf("# told \"%s\"\n# not  \"%s\"\n", index < problems.count ? problems.lines[index] : "", line);
    return same;
}

#define PLACES "places = ( { code = \"01\"; name = \"L\"; }, { code = \"0180\"; name = \"S\"; } ); "
#define WORDS  " = { sv = \"a\"; easy = \"b\"; en = \"c\"; }; "
#define ROUTE(id, more)                                                                                    \
    "{ id = \"" id "\"; name = \"N\"; text" WORDS "contact" WORDS "languages = [\"sv\"]; source = \"s\"; " \
    "reviewed_on = \"2026-01-01\"; reviewed_by = \"r\"; valid_from = \"2026-01-01\"; referral = [\"self\"]; " more "}"
#define USUAL           "causes = [\"psykisk\"]; level = \"bas\"; age_from = 6; age_to = 17; place = \"01\"; "
#define FILE_OF(routes) PLACES "routes = ( " routes " ); programmes = ( );"
#define REFUSED(more, why) \
    (!read_text(FILE_OF(ROUTE("a", more))) && problems.count == 1 && told(0, "support.cfg:1: " why))

/* Ids joined by a space. */
static const char *offered(enum support_cause cause, int32_t born, int32_t on, const char *place, unsigned situations)
{
    static char ids[SUPPORT_ROUTES_MAX * ID_BYTES];
    const struct support_route *chosen[SUPPORT_ROUTES_MAX];
    struct support_question question = {cause, born, on, place, situations};
    size_t count = support_choose(&support, &question, chosen);
    ids[0] = '\0';
    for (size_t i = 0; i < count; i++)
        strcat(strcat(ids, i > 0 ? " " : ""), chosen[i]->card.id);
    return ids;
}

static bool is_offered(const char *ids, int32_t born, int32_t on)
{
    const char *are = offered(SUPPORT_PSYKISK, born, on, "0180", 0);
    if (strcmp(ids, are) != 0)
        printf("# offered \"%s\", not \"%s\"\n", are, ids);
    return strcmp(ids, are) == 0;
}

static void the_table_that_comes_with_it_is_read(void)
{
    char *text = filebytes_text("config/support.cfg", SUPPORTFILE_BYTES_MAX);
    CHECK(text != NULL && read_text(text));
    problems_print(&problems, stdout);
    CHECK(support.route_count >= 25 && support.programme_count == 9 && support.place_count == 27);
    free(text);
}

static void what_is_wrong_is_told_with_its_line_and_key(void)
{
    CHECK(read_text(FILE_OF(ROUTE("a", USUAL))));
    CHECK(REFUSED("causes = [\"psykisk\"]; level = \"best\"; age_from = 6; age_to = 17; place = \"01\"; ",
                  "level must be bas, utökad or specialist"));
    CHECK(REFUSED("causes = [\"psyk\"]; level = \"bas\"; age_from = 6; age_to = 17; place = \"01\"; ",
                  "causes must be psykisk, medicinsk, social or pedagogisk"));
    CHECK(REFUSED("causes = ( ); level = \"bas\"; age_from = 6; age_to = 17; place = \"01\"; ",
                  "causes must be psykisk, medicinsk, social or pedagogisk"));
    CHECK(REFUSED("causes = [\"social\"]; level = \"bas\"; age_from = 7; age_to = 6; place = \"01\"; ",
                  "age_to must not be below age_from"));
    CHECK(REFUSED("causes = [\"social\"]; level = \"bas\"; age_from = 6; age_to = 121; place = \"01\"; ",
                  "age_to must be a whole number between 0 and 120"));
    CHECK(REFUSED("causes = [\"social\"]; level = \"bas\"; age_from = 6; age_to = 17; place = \"0199\"; ",
                  "place must be \"SE\" or the code of one of places"));
    CHECK(REFUSED(USUAL "must_begin_before_age = 6; ",
                  "must_begin_before_age must be above age_from: nobody could begin"));
    CHECK(REFUSED(USUAL "valid_to = \"2025-12-31\"; ", "valid_to must not be before valid_from"));
    CHECK(REFUSED(USUAL "valid_to = \"31/12\"; ", "valid_to must be a date like \"2026-08-01\""));
    CHECK(REFUSED(USUAL "valid_to = \"\"; ", "valid_to must be a date like \"2026-08-01\""));
    CHECK(REFUSED(USUAL "only = \"all\"; ", "only must be god_man or left_school"));
    CHECK(REFUSED(USUAL "phone = \"08\"; ", "unknown key phone"));
    CHECK(!read_text(FILE_OF(ROUTE("a", USUAL) ",\n" ROUTE("a", USUAL))) &&
          told(0, "support.cfg:2: id is given twice"));
    CHECK(!read_text("routes = ( ); programmes = ( );") && told(0, "support.cfg: places is missing"));
    CHECK(!read_text("places = ( { code = \"0180\"; name = \"S\"; },\n{ code = \"180\"; name = \"S\"; },\n"
                     "{ code = \"0180\"; name = \"S\"; } ); routes = ( ); programmes = ( 1 );") &&
          told(0, "support.cfg:2: code must be two digits of a county or four of a municipality") &&
          told(1, "support.cfg:3: code is given twice") && told(2, "support.cfg:3: programmes must hold groups {…}"));
}

#define TEXTS(sv)                                                                                                   \
    "{ id = \"a\"; name = \"N\"; text = { sv = \"" sv "\"; easy = \"b\"; en = \"\"; }; contact" WORDS               \
    "languages = [\"svenska!\"]; source = \"s\"; reviewed_on = \"2026-01-01\"; reviewed_by = \"r\"; valid_from = "  \
    "\"2026-01-01\"; level = \"grupp\"; age_from = 6; age_to = 17; provider = \"p\"; target" WORDS "evidence" WORDS \
    "}"

static void every_text_is_there_in_three_tongues(void)
{
    CHECK(!read_text("places = ( ); routes = ( ); programmes = ( " TEXTS("a") " );") && problems.count == 2);
    CHECK(told(0, "support.cfg:1: en of text must not be empty"));
    CHECK(told(1, "support.cfg:1: languages must be codes like \"sv\" and \"en\", or \"tolk\""));
}

/* Lists and texts at their bounds, and one past. */
static bool fits(const char *key, int count, const char *row)
{
    size_t bytes = (size_t)count * (strlen(row) + 40) + 200, length;
    char *text = malloc(bytes);
    if (text == NULL)
        return false;
    length = (size_t)snprintf(text, bytes, "places = ( %s", strcmp(key, "places") == 0 ? "" : "); ");
    if (strcmp(key, "places") != 0)
        length += (size_t)snprintf(text + length, bytes - length, "%s = ( ", key);
    for (int i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, bytes - length, row, i == 0 ? "" : ", ", i + 1000);
    snprintf(text + length, bytes - length, "); %s %s", strcmp(key, "routes") == 0 ? "" : "routes = ( );",
             strcmp(key, "programmes") == 0 ? "" : "programmes = ( );");
    bool fit = read_text(text);
    free(text);
    return fit;
}

#define CARD                                                                                              \
    "%s{ id = \"r%d\"; name = \"N\"; text" WORDS "contact" WORDS "languages = [\"sv\"]; source = \"s\"; " \
    "reviewed_on = \"2026-01-01\"; reviewed_by = \"r\"; valid_from = \"2026-01-01\"; age_from = 6; age_to = 120; "
#define ROUTE_ROW     CARD "causes = [\"social\"]; referral = [\"self\"]; place = \"SE\"; level = \"bas\"; }"
#define PROGRAMME_ROW CARD "level = \"grupp\"; provider = \"p\"; target" WORDS "evidence" WORDS "}"
#define PLACE_ROW     "%s{ code = \"%d\"; name = \"S\"; }"

static void lists_have_bounds(void)
{
    CHECK(fits("places", SUPPORT_PLACES_MAX, PLACE_ROW) && support.place_count == SUPPORT_PLACES_MAX);
    CHECK(!fits("places", SUPPORT_PLACES_MAX + 1, PLACE_ROW) &&
          told(0, "support.cfg:1: places must be a list (…) of at most 320"));
    CHECK(fits("routes", SUPPORT_ROUTES_MAX, ROUTE_ROW) && support.route_count == SUPPORT_ROUTES_MAX);
    CHECK(strlen(offered(SUPPORT_SOCIAL, civil_day(2010, 1, 1), civil_day(2026, 1, 1), "", 0)) ==
          SUPPORT_ROUTES_MAX * strlen("r1000 ") - 1);
    CHECK(!fits("routes", SUPPORT_ROUTES_MAX + 1, ROUTE_ROW) &&
          told(0, "support.cfg:1: routes must be a list (…) of at most 200"));
    CHECK(fits("programmes", SUPPORT_PROGRAMMES_MAX, PROGRAMME_ROW) &&
          support.programme_count == SUPPORT_PROGRAMMES_MAX);
    CHECK(!fits("programmes", SUPPORT_PROGRAMMES_MAX + 1, PROGRAMME_ROW) &&
          told(0, "support.cfg:1: programmes must be a list (…) of at most 100"));
}

static void texts_have_bounds(void)
{
    char text[SUPPORT_TEXT_BYTES_MAX + 2], file[2000];
    for (int past = 0; past < 2; past++) {
        memset(text, 'x', sizeof text);
        text[SUPPORT_TEXT_BYTES_MAX + past] = '\0';
        snprintf(
            file, sizeof file,
            FILE_OF("{ id = \"a\"; name = \"%.*s\"; text = { sv = \"%s\"; easy = \"b\"; en = \"c\"; }; contact" WORDS
                    "languages = [\"sv\"%s]; source = \"%.*s\"; reviewed_on = \"2026-01-01\"; reviewed_by = \"r\"; "
                    "valid_from = \"2026-01-01\"; referral = [\"self\"]; " USUAL "}"),
            SUPPORT_NAME_BYTES_MAX, text, text, past == 0 ? "" : ",\"a1\"", SUPPORT_SOURCE_BYTES_MAX, text);
        CHECK(read_text(file) == (past == 0));
    }
    CHECK(told(0, "support.cfg:1: sv must be a text in quotes of at most 400 bytes"));
    char many[SUPPORT_LANGUAGES_MAX * 5 + 1] = "";
    for (int i = 0; i < SUPPORT_LANGUAGES_MAX; i++)
        strcat(many, ",\"en\"");
    for (int past = 0; past < 2; past++) {
        snprintf(file, sizeof file,
                 FILE_OF("{ id = \"a\"; name = \"N\"; text" WORDS "contact" WORDS "languages = [%s]; "
                         "source = \"s\"; reviewed_on = \"2026-01-01\"; reviewed_by = \"r\"; "
                         "valid_from = \"2026-01-01\"; referral = [\"self\"]; " USUAL "}"),
                 past == 0 ? many + 1
                           : "\"sv\",\"en\",\"sv\",\"en\",\"sv\",\"en\",\"sv\",\"en\",\"sv\",\"en\",\"sv\",\"en\","
                             "\"sv\",\"en\",\"sv\",\"en\",\"sv\"");
        CHECK(read_text(file) == (past == 0));
    }
    CHECK(told(0, "support.cfg:1: languages must name 1 to 16"));
}

static void ages_change_at_midnight(void)
{
    int32_t born = civil_day(2020, 12, 1), six = civil_day(2026, 12, 1), eighteen = civil_day(2038, 12, 1);
    CHECK(read_text(FILE_OF(ROUTE("child", USUAL) ", " ROUTE(
        "small", "causes = [\"psykisk\"]; level = \"bas\"; age_from = 0; age_to = 6; place = \"01\"; "
                 "must_begin_before_age = 6; ") ", " ROUTE("adult", "causes = [\"psykisk\"]; level = \"bas\"; age_from "
                                                                    "= 18; age_to = 120; place = \"01\"; "))));
    CHECK(is_offered("small", born, civil_day(2026, 11, 1))); /* five years and eleven months */
    CHECK(is_offered("small", born, six - 1) && is_offered("child", born, six));
    CHECK(support_begin_by(&support.routes[1], born) == six - 1);
    CHECK(support_begin_by(&support.routes[0], born) == CIVIL_DAY_NONE);
    CHECK(is_offered("child", born, eighteen - 1) && is_offered("adult", born, eighteen));
    CHECK(is_offered("", born, born - 1));
}

static void a_route_is_offered_while_it_is_valid(void)
{
    int32_t born = civil_day(2016, 1, 1), last = civil_day(2026, 11, 29);
    CHECK(read_text(FILE_OF(ROUTE("old", USUAL "valid_to = \"2026-11-29\"; ") ", " ROUTE("open", USUAL))));
    CHECK(is_offered("old open", born, last) && is_offered("open", born, last + 1)); /* ended yesterday */
    CHECK(is_offered("old open", born, civil_day(2026, 1, 1)) && is_offered("", born, civil_day(2025, 12, 31)));
    CHECK(!support_is_stale(&support.routes[0].card, civil_day(2026, 12, 31)));
    CHECK(support_is_stale(&support.routes[0].card, civil_day(2027, 1, 1))); /* 365 days after the review */
}

static void nearer_and_simpler_stands_first(void)
{
    int32_t born = civil_day(2010, 1, 1), on = civil_day(2026, 6, 1);
#define AT(id, level, place)                                                                                           \
    ROUTE(id, "causes = [\"psykisk\", \"social\"]; age_from = 0; age_to = 20; level = \"" level "\"; place = \"" place \
              "\"; ")
    CHECK(read_text(
        FILE_OF(AT("bup", "specialist", "01") ", " AT("line", "bas", "SE") ", " AT("team", "utökad", "0180") ", " AT(
            "clinic", "bas",
            "01") ", " AT("youth", "bas",
                          "0180") ", " AT("second", "bas",
                                          "SE") ", " ROUTE("god-man",
                                                           "causes = [\"social\"]; age_from = 0; age_to = 17; level = "
                                                           "\"bas\"; place = \"SE\"; only = \"god_man\"; "))));
    CHECK(is_offered("youth clinic line second team bup", born, on));
    CHECK(strcmp(offered(SUPPORT_SOCIAL, born, on, "01", 0), "clinic line second bup") == 0);
    CHECK(strcmp(offered(SUPPORT_SOCIAL, born, on, "", 1U << SUPPORT_GOD_MAN), "line second god-man") == 0);
    CHECK(strcmp(offered(SUPPORT_SOCIAL, born, on, "1480", 1U << SUPPORT_LEFT_SCHOOL), "line second") == 0);
    CHECK(strcmp(offered(SUPPORT_MEDICINSK, born, on, "0180", 0), "") == 0);
}

/* The mode of the head's comment. */
static int answer(const char *path)
{
    char *text = filebytes_text(path, SUPPORTFILE_BYTES_MAX), line[200];
    bool good = text != NULL && read_text(text);
    free(text);
    problems_print(&problems, stderr);
    while (good && fgets(line, sizeof line, stdin) != NULL) {
        char cause[20], born[20], on[20], place[20], situations[40];
        int32_t born_day, on_day;
        unsigned bits = 0;
        if (sscanf(line, "%19s %19s %19s %19s %39s", cause, born, on, place, situations) != 5 ||
            !civil_read_date(born, strlen(born), &born_day) || !civil_read_date(on, strlen(on), &on_day))
            return EXIT_FAILURE;
        for (int i = 0; i < SUPPORT_SITUATIONS; i++)
            bits |= strstr(situations, SUPPORT_SITUATION_WORDS[i]) != NULL ? 1U << i : 0;
        puts(offered((enum support_cause)choice_of(cause, SUPPORT_CAUSE_WORDS, SUPPORT_CAUSES), born_day, on_day,
                     strcmp(place, "-") == 0 ? "" : place, bits));
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return answer(argv[1]);
    TEST(the_table_that_comes_with_it_is_read);
    TEST(what_is_wrong_is_told_with_its_line_and_key);
    TEST(every_text_is_there_in_three_tongues);
    TEST(lists_have_bounds);
    TEST(texts_have_bounds);
    TEST(ages_change_at_midnight);
    TEST(a_route_is_offered_while_it_is_valid);
    TEST(nearer_and_simpler_stands_first);
    return test_done();
}
