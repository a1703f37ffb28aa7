/* The same-day routine around unaccompanied and placed children: every kind of day against its definition in words, and the daemon
 * over several days. The school is that of school_facts.h: two lessons a date, the last one closed at 08:26. */
#include "daemon/core/support/sameday.h"

#include "tests/daemon_rig.h"

#define ROUTINES   "SELECT count(*) FROM task WHERE kind = 'routine'"
#define OPEN_ONES  ROUTINES " AND closed_ms IS NULL"
#define TOLD       "SELECT count(*) FROM task WHERE kind = 'guardian'"
#define LESSON_MIN 40

/* The three ways in which a lesson can be, besides its status: all of it missed, a part, none. */
static const uint16_t MISSED[] = {LESSON_MIN, LESSON_MIN / 2, 0};

/* By docs/support.md: some lesson was missed whole without a word, and none tells that the pupil was there or that somebody knew. */
static bool is_missed_in_words(const struct outcome *outcomes, size_t count)
{
    int whole = 0, other = 0;
    for (size_t i = 0; i < count; i++) {
        const char *word = STATUS_WORDS[outcomes[i].status];
        bool silent = strcmp(word, "unknown") == 0 || strcmp(word, "cancelled") == 0 || strcmp(word, "exempt") == 0;
        bool is_whole = strcmp(word, "unreported") == 0 && outcomes[i].absent_minutes == LESSON_MIN;
        whole += is_whole;
        other += !silent && !is_whole;
    }
    return whole > 0 && other == 0;
}

static void every_day_of_three_lessons(void)
{
    const int ways = STATUSES * 3;
    int missed = 0, nothing = 0;
    for (int day = 0; day < ways * ways * ways; day++) {
        struct outcome outcomes[3] = {0};
        bool silent = true;
        for (int i = 0, rest = day; i < 3; i++, rest /= ways) {
            outcomes[i] = (struct outcome){.minutes = LESSON_MIN,
                                           .status = (uint8_t)(rest % STATUSES),
                                           .absent_minutes = MISSED[rest % ways / STATUSES]};
            silent &= strchr("uce", STATUS_WORDS[outcomes[i].status][0]) != NULL &&
                      strcmp(STATUS_WORDS[outcomes[i].status], "unreported") != 0;
        }
        enum sameday told = sameday_of(outcomes, 3);
        CHECK((told == SAMEDAY_MISSED) == is_missed_in_words(outcomes, 3));
        CHECK((told == SAMEDAY_NOTHING) == silent);
        missed += told == SAMEDAY_MISSED;
        nothing += told == SAMEDAY_NOTHING;
    }
    CHECK(sameday_of(NULL, 0) == SAMEDAY_NOTHING);
    CHECK(missed > 100 && nothing > 100);
}

static void whom_it_is_meant_for(void)
{
    struct sameday_pupil god_man = {.has_god_man = true, .birth_day = civil_day(2008, 2, 29)};
    CHECK(sameday_is_meant(&god_man, civil_day(2026, 2, 27)));
    CHECK(!sameday_is_meant(&god_man, civil_day(2026, 2, 28))); /* 18 in a year without a 29th */
    god_man.birth_day = civil_day(2010, 3, 1);
    CHECK(sameday_is_meant(&god_man, civil_day(2028, 2, 29)) && !sameday_is_meant(&god_man, civil_day(2028, 3, 1)));
    god_man.birth_day = CIVIL_DAY_NONE;
    CHECK(sameday_is_meant(&god_man, civil_day(2040, 1, 1)));
    struct sameday_pupil placed = {.is_placed = true, .birth_day = civil_day(2000, 1, 1)};
    CHECK(sameday_is_meant(&placed, civil_day(2026, 1, 1)));
    CHECK(!sameday_is_meant(&(struct sameday_pupil){.birth_day = CIVIL_DAY_NONE}, civil_day(2026, 1, 1)));
}

/* pupil-00 is placed, pupil-01 and pupil-04 have a god man, pupil-02 has a guardian. */
static void begin_with(const char *more)
{
    begin_school(RULES, 6);
    run_sql("UPDATE pupil SET placed = 1 WHERE pupil_id = 'pupil-00';"
            "INSERT INTO guardian (pupil_id, name, phone, email, priority, known_from_ms, relation) VALUES"
            " ('pupil-01', 'G', '1', '', 1, 0, 'god_man'), ('pupil-04', 'G', '1', '', 1, 0, 'god_man'),"
            " ('pupil-02', 'V', '2', '', 1, 0, 'vardnadshavare')");
    run_sql(more);
    both_ready();
}

static void next_date(void)
{
    today++;
    set_time(7, 0);
    both_ready();
    turn();
}

/* Everybody comes to both lessons but for those whose bit is set: in `first` and `second` the lessons that they miss. */
static void lessons(unsigned first, unsigned second)
{
    wait_until(7, 59);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        if ((first >> pupil & 1) == 0)
            event(1 + pupil % 2, EVENT_TAP, pupil, 7, 58);
    wait_until(8, 14);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        if ((second >> pupil & 1) == 0)
            event(1 + pupil % 2, EVENT_TAP, pupil, 8, 14);
}

static void the_first_whole_day_asks_the_same_day(void)
{
    begin_with("");
    lessons(1U << 0 | 1U << 1 | 1U << 2 | 1U << 4, 1U << 0 | 1U << 1 | 1U << 2);
    CHECK(ask(TOLD) == 4 && ask(ROUTINES) == 0); /* the day is not over */
    wait_until(8, 25);
    CHECK(ask(ROUTINES) == 0);
    wait_until(8, 26);
    CHECK(ask(OPEN_ONES) == 2 && ask(OPEN_ONES " AND pupil_id IN ('pupil-00', 'pupil-01')") == 2);
    CHECK(ask("SELECT json_array_length(lessons) FROM task WHERE kind = 'routine' AND pupil_id = 'pupil-00'") == 2);
    CHECK(ask(TOLD) == 4); /* pupil-02 too, whose guardian is told */
    stop();
}

static void a_tap_that_comes_late_takes_it_back(void)
{
    begin_with("");
    lessons(1U << 0, 1U << 0);
    wait_until(8, 26);
    CHECK(ask(OPEN_ONES) == 1);
    event(1, EVENT_TAP, 0, 8, 14);
    turn();
    CHECK(ask(OPEN_ONES) == 0 && ask(ROUTINES " AND closed_why = 'corrected'") == 1);
    stop();
}

static void none_while_a_tap_may_be_on_its_way(void)
{
    begin_with("");
    lessons(1U << 0, 1U << 0);
    state(1, PHASE_READY, 1, 3, 900000);
    wait_until(8, 26);
    CHECK(ask(ROUTINES) == 0);
    state(1, PHASE_READY, 1, 0, 0);
    turn();
    CHECK(ask(OPEN_ONES) == 1);
    stop();
}

/* Missed, missed, there, missed: asked for on the first and the fourth. */
static void asked_once_until_there_has_been_a_word(void)
{
    static const struct {
        unsigned missed;
        int64_t asked;
    } DAYS[] = {{1U << 0, 1}, {1U << 0, 1}, {0, 1}, {1U << 0, 2}, {1U << 0, 2}};
    begin_with("");
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        if (i > 0)
            next_date();
        lessons(DAYS[i].missed, DAYS[i].missed);
        wait_until(9, 0);
        CHECK(ask(ROUTINES) == DAYS[i].asked);
    }
    CHECK(ask(OPEN_ONES) == 2); /* a day's end ends none: a person does */
    stop();
}

static void a_god_man_until_midnight_before_the_birthday(void)
{
    char text[128];
    for (int days = 1; days >= 0; days--) { /* 18 tomorrow; today */
        snprintf(text, sizeof text, "UPDATE pupil SET birth_day = %d WHERE pupil_id = 'pupil-01'",
                 (int)civil_day(2008, 9, 1) + days);
        begin_with(text);
        lessons(1U << 1, 1U << 1);
        wait_until(8, 26);
        CHECK(ask(OPEN_ONES) == days && ask(TOLD) == 1);
        stop();
    }
}

/* Lovskola makes no school day, but whoever stays away from it is told of the same day; a lov without lessons asks nothing. */
static void lovskola_has_the_same_day_duty(void)
{
    begin_with("INSERT INTO calendar VALUES (20698, 20703, 'lov', 0, NULL), (20698, 20698, 'lovskola', 0, NULL);"
               "UPDATE lesson_version SET state = 'cancelled' WHERE day > 20698");
    CHECK(today == 20697); /* 1 September 2026: the day before the lov */
    lessons(1U << 2, 1U << 2);
    wait_until(8, 26);
    CHECK(ask(TOLD) == 1 && ask(ROUTINES) == 0);
    next_date(); /* lovskola */
    lessons(1U << 0 | 1U << 2, 1U << 0 | 1U << 2);
    wait_until(8, 26);
    CHECK(ask(TOLD " AND day = 20698") == 2 && ask(ROUTINES " AND day = 20698") == 1);
    next_date(); /* lov without lovskola */
    wait_until(9, 0);
    CHECK(ask(TOLD " AND day > 20698") == 0 && ask(ROUTINES " AND day > 20698") == 0);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("sameday", LOG_WARN);
    TEST(every_day_of_three_lessons);
    TEST(whom_it_is_meant_for);
    TEST(the_first_whole_day_asks_the_same_day);
    TEST(a_tap_that_comes_late_takes_it_back);
    TEST(none_while_a_tap_may_be_on_its_way);
    TEST(asked_once_until_there_has_been_a_word);
    TEST(a_god_man_until_midnight_before_the_birthday);
    TEST(lovskola_has_the_same_day_duty);
    return test_done();
}
