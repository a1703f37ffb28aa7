/* From one school year to the next as the whole daemon lives it: somebody leaves in June, the year ends on 1 August, a class goes
 * on under another name, the other leaves, and its cards, which nobody ended, are given out again. The school is that of
 * school_facts.h; the database is read with SQL of the test's own. */
#include "daemon/daemon.h"

#include <stdarg.h>
#include "tests/daemon_rig.h"

#define CLASS_1 10 /* pupils; their numbers are even */
#define FLAGS   "SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL"
#define OPEN    FLAGS " AND cleared_day IS NULL"
#define JUNE    "SELECT count(*) FROM pupil_day WHERE class IN ('class-1', 'class-2') AND day < 21000"

static void facts(const char *text, ...)
{
    va_list values;
    va_start(values, text);
    char *sql = sqlite3_vmprintf(text, values);
    va_end(values);
    run_sql(sql);
    sqlite3_free(sql);
}

/* The facts are other ones from now on, as after an import. */
static void change(const char *why)
{
    store_begin(daemon_store(daemon_));
    CHECK(daemon_school_changed(daemon_, why) == NULL);
    turn();
}

static void go_to(int32_t day, int hour, int minute)
{
    today = day;
    set_time(hour, minute);
    turn();
    turn();
}

/* Pupils 0 and 2 miss the first lesson of each of three dates; nobody is away later. */
static void live_three_days(void)
{
    for (int i = 0; i < 3; i++, today++) {
        set_time(7, 30);
        both_ready();
        first_lesson();
        second_lesson();
        wait_until(9, 10);
    }
    today--;
}

static size_t cards_sent(void)
{
    static struct wire_cards cards;
    const char *why, *bytes;
    sent.count = 0;
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_LINK_UP});
    for (int i = 0; i < 5; i++)
        turn();
    bytes = last_sent("narvaro/1/skolan/cards");
    return bytes != NULL && wire_decode_cards(bytes, strlen(bytes), &cards, &why) >= 0 ? cards.count : 0;
}

static void begin_june(void)
{
    begin_school_on(civil_day(2027, 6, 9), RULES, 3);
    facts("UPDATE pupil SET to_day = %d WHERE pupil_id = 'pupil-02'", civil_day(2027, 6, 11));
    change("test");
    live_three_days();
}

static void who_leaves_is_in_no_list_the_day_after(void)
{
    begin_june();
    CHECK(ask(OPEN) == 2 && ask(OPEN_TASKS) == 6 && cards_sent() == FACTS_PUPILS);
    go_to(civil_day(2027, 6, 11), 23, 58);
    CHECK(ask(OPEN) == 2 && ask(OPEN_TASKS) == 6);
    go_to(civil_day(2027, 6, 12), 0, 1);
    CHECK(ask(OPEN) == 1 && ask(OPEN " AND pupil_id = 'pupil-00'") == 1);
    CHECK(ask("SELECT cleared_day FROM flag WHERE pupil_id = 'pupil-02'") == civil_day(2027, 6, 11));
    CHECK(ask("SELECT why = 'left' FROM flag_change WHERE change = 'cleared'") == 1);
    CHECK(ask(OPEN_TASKS) == 3 && ask("SELECT count(*) FROM task WHERE closed_why = 'left'") == 3);
    CHECK(cards_sent() == FACTS_PUPILS - 1);
    stop();
}

/* It was a mistake after all: what was known then can be told still. */
static void who_had_not_left_is_back_in_the_lists(void)
{
    begin_june();
    go_to(civil_day(2027, 6, 12), 0, 1);
    facts("UPDATE pupil SET to_day = NULL WHERE pupil_id = 'pupil-02'");
    change("the pupil is here");
    CHECK(ask(OPEN) == 2 && ask(FLAGS) == 2);
    CHECK(ask("SELECT why = 'the pupil is here' FROM flag_change WHERE change = 'reopened'") == 1);
    CHECK(cards_sent() == FACTS_PUPILS);
    stop();
}

static void the_first_of_august_ends_the_flags_of_the_year(void)
{
    begin_june();
    go_to(civil_day(2027, 7, 31), 23, 58);
    CHECK(ask(OPEN) == 1);
    go_to(civil_day(2027, 8, 1), 0, 1);
    CHECK(ask(OPEN) == 0 && ask(FLAGS) == 2);
    CHECK(ask("SELECT cleared_day FROM flag WHERE pupil_id = 'pupil-00'") == civil_day(2027, 6, 11));
    CHECK(ask("SELECT count(*) FROM flag_change WHERE why = 'school year ended' AND change = 'cleared'") == 1);
    stop();
}

static void a_daemon_that_was_off_on_that_day_ends_them_at_its_start(void)
{
    begin_june();
    stop();
    today = civil_day(2027, 8, 20);
    set_time(7, 0);
    start();
    turn();
    CHECK(ask(OPEN) == 0 && ask(FLAGS) == 2);
    stop();
}

/* Class 1 goes on as 8A; class 2 leaves, and ten new pupils have its name and its cards. */
static void begin_autumn(int32_t first)
{
    facts("UPDATE pupil SET to_day = %d WHERE class = 'class-1' AND to_day IS NULL;"
          "INSERT INTO pupil (pupil_id, given_name, family_name, class, year, protected, from_day, known_from_ms)"
          " SELECT pupil_id, 'A', 'B', '8A', '8', 0, %d, 1 FROM pupil WHERE class = 'class-1' AND to_day = %d;",
          first - 1, first, first - 1);
    facts("UPDATE pupil SET to_day = %d WHERE class = 'class-2';"
          "INSERT INTO pupil (pupil_id, given_name, family_name, class, year, protected, from_day, known_from_ms)"
          " SELECT 'new' || substr(pupil_id, 6), 'C', 'D', 'class-2', '7', 0, %d, 1 FROM pupil"
          " WHERE class = 'class-2';"
          "INSERT INTO member SELECT 'class-2', 'new' || substr(pupil_id, 6), %d, NULL, 1, NULL FROM pupil"
          " WHERE class = 'class-2' AND to_day IS NOT NULL;"
          "INSERT INTO card SELECT token, 'new' || substr(pupil_id, 6), NULL, NULL, 1, NULL FROM card WHERE pupil_id IN"
          " (SELECT pupil_id FROM pupil WHERE class = 'class-2' AND to_day IS NOT NULL)",
          civil_day(2027, 6, 30), first, first);
    sqlite3 *database;
    sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory");
    for (int i = 0; i < 2 * FACTS_LESSONS; i++)
        facts_lesson(database, 1000 + i, first, 1 + i % 2, FACTS_START_MINUTE + i / 2 * FACTS_APART_MIN);
    sqlite3_close(database);
    change("a new school year");
}

static void a_new_school_year_begins(void)
{
    int32_t first = civil_day(2027, 8, 16);
    begin_june();
    CHECK(ask(JUNE) == 3 * FACTS_PUPILS);
    int64_t june_flags = ask("SELECT sum(flag * raised_day) FROM flag");
    go_to(civil_day(2027, 8, 2), 8, 0);
    begin_autumn(first);
    go_to(first, 7, 30);
    CHECK(cards_sent() == FACTS_PUPILS - 1); /* one of class 1 left in June */
    both_ready();
    first_lesson(); /* pupil 0 stays away; 2 is gone; the others' cards are held to the readers */
    second_lesson();
    wait_until(9, 10);
    CHECK(ask("SELECT count(*) FROM pupil_day WHERE day > 21000") == FACTS_PUPILS - 1);
    CHECK(ask("SELECT count(*) FROM pupil_day WHERE class = '8A'") == CLASS_1 - 1);
    CHECK(ask("SELECT count(*) FROM pupil_day WHERE class = 'class-2' AND pupil_id LIKE 'new-%'") == CLASS_1);
    CHECK(ask(ROWS("00") " AND pupil_id LIKE 'new-%'") == CLASS_1);
    CHECK(ask(OPEN_TASKS " AND day > 21000") == 1 && ask(OPEN_TASKS " AND day > 21000 AND pupil_id = 'pupil-00'") == 1);
    CHECK(ask(OPEN) == 1 && ask("SELECT raised_day FROM flag WHERE cleared_day IS NULL") == first);
    CHECK(ask("SELECT count(*) FROM group_day WHERE name = '8A' AND day > 21000 AND pupils = 9") == 1);
    /* June is taken anew, and is what it was. */
    int64_t june_groups =
        ask("SELECT sum(pupils * expected_minutes + absent_minutes) FROM group_day WHERE day < 21000");
    store_begin(daemon_store(daemon_));
    daemon_touch(daemon_, civil_day(2027, 6, 1), civil_day(2027, 6, 30), "test");
    turn();
    CHECK(ask(JUNE) == 3 * FACTS_PUPILS && ask("SELECT count(*) FROM pupil_day WHERE day < 21000") == 3 * FACTS_PUPILS);
    CHECK(ask("SELECT sum(pupils * expected_minutes + absent_minutes) FROM group_day WHERE day < 21000") ==
          june_groups);
    CHECK(ask("SELECT sum(flag * raised_day) FROM flag WHERE raised_day < 21000") == june_flags);
    CHECK(ask("SELECT count(*) FROM group_day WHERE day < 21000 AND name IN ('8A', '8')") == 0);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("turn_of_year", LOG_WARN);
    TEST(who_leaves_is_in_no_list_the_day_after);
    TEST(who_had_not_left_is_back_in_the_lists);
    TEST(the_first_of_august_ends_the_flags_of_the_year);
    TEST(a_daemon_that_was_off_on_that_day_ends_them_at_its_start);
    TEST(a_new_school_year_begins);
    return test_done();
}
