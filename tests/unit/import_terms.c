/* How an import is meant: from when what differs holds, what was never true, and what an empty field leaves. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "common/civil.h"
#include "daemon/commands/import.h"
#include "daemon/core/school/schoolfiles.h"
#include "daemon/store/store_school.h"
#include "daemon/store/store_sql.h"
#include "tests/test.h"

#define NOW_MS 1793000000000 /* 2026-10-26 */
#define PUPILS "pupil_id,given_name,family_name,class,year,protected,from,to\n"

static const uint8_t KEY[TOKEN_KEY_BYTES] = {1, 2, 3};
static struct store *store;
static struct dayset touched;
static json_t *answer;

/* Imports one file as the daemon does. `terms`: more of the request, taken over. True when it was committed. */
static bool import_file(enum schoolfile which, const char *text, json_t *terms)
{
    const char *name = schoolfiles_name(which);
    int fd = memfd_create(name, 0);
    bool committed;
    json_t *request = json_pack("{s:s, s:b, s:[s]}", "do", "import", "commit", 1, "files", name);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    json_object_update(request, terms);
    dayset_init(&touched, civil_from_utc_ms(NOW_MS).day);
    json_decref(answer);
    store_begin(store);
    answer = import_run(store, request, &fd, 1, KEY, NOW_MS, &touched, &committed);
    if (committed)
        CHECK(store_commit(store));
    else
        store_rollback(store);
    CHECK(!store_failed(store));
    json_decref(request);
    json_decref(terms);
    close(fd);
    return committed;
}

static bool import_pupils(const char *text, json_t *terms)
{
    return import_file(SCHOOLFILE_PUPILS, text, terms);
}

/* The pupil's periods as "class from-to", an open end is left out, and a * behind one that is protected. */
static const char *periods_of(const char *pupil_id)
{
    static char told[512];
    size_t used = 0;
    struct query query = store_query(store, SQL_IMPORT_PUPIL_PERIODS);
    told[0] = '\0';
    query_text(&query, pupil_id);
    while (query_row(&query)) {
        char from[CIVIL_DATE_BYTES] = "", to[CIVIL_DATE_BYTES] = "";
        if (query_column(&query, 1) != INT32_MIN)
            civil_write_date((int32_t)query_column(&query, 1), from);
        if (query_column(&query, 2) != INT32_MAX)
            civil_write_date((int32_t)query_column(&query, 2), to);
        used += (size_t)snprintf(told + used, sizeof told - used, "%s%s %s/%s%s", used > 0 ? ", " : "",
                                 query_column_text(&query, 3), from, to, query_column(&query, 7) != 0 ? "*" : "");
    }
    return told;
}

static bool are(const char *pupil_id, const char *periods)
{
    const char *found = periods_of(pupil_id);
    if (strcmp(found, periods) != 0)
        printf("# %s is %s, not %s\n", pupil_id, found, periods);
    return strcmp(found, periods) == 0;
}

static void begin(void)
{
    char why[STORE_WHY_BYTES];
    store = store_open(":memory:", NULL, why);
    answer = NULL;
    CHECK(store != NULL);
    CHECK(import_pupils(PUPILS "a,Ada,Å,7A,7,0,,\nb,Bo,Ö,7A,7,1,,\n", json_object()));
    CHECK(are("a", "7A /") && are("b", "7A /*"));
}

static void end(void)
{
    json_decref(answer);
    store_close(store);
}

static void what_differs_holds_from_the_import_or_from_the_day_that_is_said(void)
{
    begin();
    CHECK(import_pupils(PUPILS "a,Ada,Å,7B,7,0,,\n", json_object()));
    CHECK(are("a", "7A /2026-10-25, 7B 2026-10-26/"));
    end();
    begin();
    CHECK(import_pupils(PUPILS "a,Ada,Å,7B,7,0,,\n", json_pack("{s:s}", "as_of", "2026-11-02")));
    CHECK(are("a", "7A /2026-11-01, 7B 2026-11-02/"));
    end();
    begin();
    CHECK(!import_pupils(PUPILS "a,Ada,Å,7B,7,0,,\n", json_pack("{s:s}", "as_of", "2 November")));
    CHECK(are("a", "7A /"));
    end();
}

static void what_was_never_true_is_corrected_throughout(void)
{
    begin();
    CHECK(import_pupils(PUPILS "a,Ada,Å,7B,7,0,,\n", json_pack("{s:b}", "correct", 1)));
    CHECK(are("a", "7B /"));
    end();
}

/* An empty field and a 0 leave it, with and without another change; what is told once is never less. */
static void protection_only_rises(void)
{
    static const char *const FIELDS[] = {"", "0"};
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        char text[256];
        begin();
        snprintf(text, sizeof text, PUPILS "b,Bo,Ö,7A,7,%s,,\n", FIELDS[i]);
        CHECK(import_pupils(text, json_object()) && are("b", "7A /*"));
        snprintf(text, sizeof text, PUPILS "b,Bo,Ö,7B,7,%s,,\n", FIELDS[i]);
        CHECK(import_pupils(text, json_pack("{s:s}", "as_of", "2026-11-02")));
        CHECK(are("b", "7A /2026-11-01*, 7B 2026-11-02/*"));
        snprintf(text, sizeof text, PUPILS "b,Bo,Ö,8B,8,%s,2026-11-02,\n", FIELDS[i]);
        CHECK(import_pupils(text, json_pack("{s:b}", "correct", 1)));
        CHECK(are("b", "7A /2026-11-01*, 8B 2026-11-02/*"));
        CHECK(import_pupils(PUPILS "a,Ada,Å,7A,7,1,,\n", json_object()) && are("a", "7A /*"));
        end();
    }
}

static bool is_called(const char *pupil_id, const char *given_name)
{
    char name[SCHOOLFILES_NAME_BYTES_MAX + 1] = "";
    struct query query = store_query(store, SQL_IMPORT_PUPIL_PERIODS);
    query_text(&query, pupil_id);
    while (query_row(&query)) /* the latest period's is the pupil's */
        query_column_copy(&query, 5, name, sizeof name);
    return strcmp(name, given_name) == 0;
}

/* The period that had them goes; the one that is the latest then is of the same pupil. */
static void protection_and_name_outlive_the_period_that_had_them(void)
{
    begin();
    CHECK(import_pupils(PUPILS "a,Ada,Å,7B,7,0,2026-10-12,\n", json_object()));
    CHECK(import_pupils("pupil_id,given_name,protected\na,Anna,1\n", json_object()));
    CHECK(are("a", "7A /2026-10-11, 7B 2026-10-12/*") && is_called("a", "Anna"));
    CHECK(import_pupils("pupil_id,to\na,2026-10-02\n", json_object()));
    CHECK(are("a", "7A /2026-10-02*") && is_called("a", "Anna"));
    end();
}

/* They are kept: what is not of their form would be kept, too. */
static void names_of_columns_are_by_file_and_column(void)
{
    static const char PUPIL[] = "elev,given_name\na,Ada\n";
    begin();
    CHECK(!import_pupils(PUPIL, json_pack("{s:{s:i}}", "names", "pupils.csv", 5)));
    CHECK(!import_pupils(PUPIL, json_pack("{s:{s:i}}", "names", "elever.csv", 5)));
    CHECK(!import_pupils(PUPIL, json_pack("{s:{s:{s:s}}}", "names", "elever.csv", "pupil_id", "elev")));
    CHECK(!import_pupils(PUPIL, json_pack("{s:{s:{s:s}}}", "names", "pupils.csv", "pupil", "elev")));
    CHECK(!import_pupils(PUPIL, json_object()));
    CHECK(import_pupils(PUPIL, json_pack("{s:{s:{s:s}}}", "names", "pupils.csv", "pupil_id", "elev")));
    CHECK(import_pupils(PUPIL, json_object()));
    end();
}

static void a_date_far_away_is_a_slip_unless_it_is_said_not_to_be(void)
{
    static const char LESSON[] =
        "lesson_id,group_id,subject,room,date,start,end,state\nL1,7A,no,101,2086-10-26,08:10,09:00,held\n";
    int32_t day;
    begin();
    CHECK(!import_file(SCHOOLFILE_LESSONS, LESSON, json_object()));
    CHECK(!store_next_lesson_day(store, 0, &day));
    CHECK(import_file(SCHOOLFILE_LESSONS, LESSON, json_pack("{s:b}", "any_date", 1)));
    CHECK(store_next_lesson_day(store, 0, &day) && day == civil_day(2086, 10, 26));
    end();
}

int main(void)
{
    TEST(what_differs_holds_from_the_import_or_from_the_day_that_is_said);
    TEST(what_was_never_true_is_corrected_throughout);
    TEST(protection_only_rises);
    TEST(protection_and_name_outlive_the_period_that_had_them);
    TEST(names_of_columns_are_by_file_and_column);
    TEST(a_date_far_away_is_a_slip_unless_it_is_said_not_to_be);
    return test_done();
}
