/* One past each limit of what waits in the dashboard, and of the answers that keep a rule quiet. The limits are those of
 * docs/limits.md. */
#include <sqlite3.h>
#include <string.h>
#include "common/local.h"
#include "dashboard/casebook/casebook_cases.h"
#include "dashboard/errand.h"
#include "dashboard/shell/password.h"
#include "dashboard/shell/secret.h"
#include "tests/casebook_rig.h"

/* One that is done is there until it is released. */
static void an_errand_too_many_is_turned_away(void)
{
    struct errands *errands = errand_open("/tmp/narvaro-limits-nobody");
    struct errand *sent[ERRANDS_MAX];
    CHECK(errands != NULL);
    for (int i = 0; i < ERRANDS_MAX; i++)
        CHECK((sent[i] = errand_send(errands, strdup("{}"), NULL, 0, &sent[i])) != NULL);
    CHECK(errand_send(errands, strdup("{}"), NULL, 0, errands) == NULL);
    while (errand_next_done(errands) == NULL)
        usleep(1000);
    for (int i = 0; i < ERRANDS_MAX; i++)
        errand_release(errands, sent[i]);
    struct errand *next = NULL;
    while ((next = errand_send(errands, strdup("{}"), NULL, 0, errands)) == NULL)
        usleep(1000);
    errand_release(errands, next);
    errand_close(errands);
}

static void a_password_too_many_is_turned_away(void)
{
    struct password_pool *pool = password_open();
    struct password_job *jobs[PASSWORD_JOBS_MAX];
    CHECK(pool != NULL);
    for (int i = 0; i < PASSWORD_JOBS_MAX; i++)
        CHECK((jobs[i] = password_check(pool, NULL, "korp-ekorre-vante-17", &jobs[i])) != NULL);
    CHECK(password_check(pool, NULL, "korp-ekorre-vante-17", pool) == NULL);
    CHECK(password_make(pool, "korp-ekorre-vante-17", pool) == NULL);
    for (int i = 0; i < PASSWORD_JOBS_MAX; i++)
        password_release(pool, jobs[i]);
    password_close(pool);
}

static void fill_casebook(const char *path)
{
    char text[1024];
    sqlite3 *database;
    CHECK(sqlite3_open(path, &database) == SQLITE_OK);
    snprintf(text, sizeof text,
             "BEGIN;"
             "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i <= %d)"
             " INSERT INTO answer (answer, pupil_id, user, kind, reason, severity, day, until_day, at_ms)"
             " SELECT i, 'p', 'eva', 'dismiss', 'known', 1, i, i, i FROM n;"
             "INSERT INTO answer_rule SELECT answer, 'r' || answer FROM answer; COMMIT",
             TRIAGE_ANSWERS_MAX);
    char *error = NULL;
    CHECK(sqlite3_exec(database, text, NULL, NULL, &error) == SQLITE_OK);
    if (error != NULL)
        printf("# %s\n", error);
    sqlite3_close(database);
}

/* The oldest answer's rule is told again. */
static void the_oldest_answer_keeps_nothing_quiet(void)
{
    static struct casebook_answers answers;
    make_book();
    fill_casebook(path_of("casebook.db"));
    CHECK(casebook_answers(book, "p", &answers) && answers.count == TRIAGE_ANSWERS_MAX);
    bool newest = false, oldest = false;
    for (size_t i = 0; i < answers.count; i++) {
        newest |= strcmp(answers.answers[i].rule, "r801") == 0;
        oldest |= strcmp(answers.answers[i].rule, "r1") == 0;
    }
    CHECK(newest && !oldest);
    size_t told = 0;
    struct casebook_given given;
    struct query rows = casebook_history(book, "p");
    while (casebook_next_given(&rows, &given))
        told++;
    CHECK(told == TRIAGE_ANSWERS_MAX + 1); /* what people did is told whole */
    remove_book();
}

int main(void)
{
    if (!secret_start())
        return 1;
    TEST(an_errand_too_many_is_turned_away);
    TEST(a_password_too_many_is_turned_away);
    TEST(the_oldest_answer_keeps_nothing_quiet);
    return test_done();
}
