/* What a pupil's day does to its classmates' flags: worked by hand on a class of four, pupils 0 to 3, in which pupil 3, who came last,
 * is watched; pupil 4 is alone in another class. Days are words (tests/detect_words.h). */
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "tests/detect_words.h"

enum { MATES = 3, WATCHED = 3, STRANGER = 4, PUPILS = 5, HERE = 0, ELSEWHERE = 1, DAYS = 16, THROUGH = 1000 };

static int32_t from;
static struct detect *detect;

static void set_word(uint32_t pupil, uint32_t class, int32_t day, const char *word)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    CHECK(detect_set_day(detect, pupil, class, from + day, outcomes, read_lessons(word, strlen(word), outcomes)));
}

/* Everybody attends, but the watched pupil misses a lesson on the first days. */
static void open_class(const char *measure, int32_t missed)
{
    char when[128], clear[128];
    snprintf(when, sizeof when, "%s; days = 20; at_most = 0.01;", measure);
    snprintf(clear, sizeof clear, "%s; days = 20; above = 0.01; for_days = 1;", measure);
    struct sentence sentence = {measure, when, clear, "", "", ""};
    from = civil_day(2026, 9, 1);
    detect = detect_open();
    CHECK(read_rule(&sentence) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++)
        for (int32_t day = 0; day < DAYS; day++)
            set_word(pupil, pupil == STRANGER ? ELSEWHERE : HERE, day,
                     pupil == WATCHED && day < missed ? "PRP" : "PPP");
}

/* The date of the pupil's first flag, counted from the first; -1: none. */
static int32_t first_flag(uint32_t pupil)
{
    const struct flag *flags;
    size_t count;
    CHECK(detect_flags(detect, pupil, from + THROUGH, &flags, &count));
    return count == 0 ? -1 : flags[0].raised_day - from;
}

/* Pupils as bits, and nobody is left. */
static uint32_t told(void)
{
    uint32_t pupils = 0, pupil;
    while (detect_next_changed(detect, &pupil))
        pupils |= 1U << pupil;
    return pupils;
}

static void check_watched(int32_t day, int64_t part, int64_t whole, int32_t class_part, int32_t class_whole)
{
    struct evidence evidence;
    CHECK(detect_evidence(detect, WATCHED, from + day, &rules.rule[0].when[0], &evidence));
    CHECK(evidence.numerator == part && evidence.denominator == whole);
    CHECK(evidence.class_part == class_part && evidence.class_whole == class_whole);
}

static const uint32_t THE_CLASS = (1U << (WATCHED + 1)) - 1;

/* 4 of 16 days where the rest has 0 of 48 is rare (p = 1/50: 0.0003); where it has 18 of 48 it is not (p = 19/50). */
static void a_day_is_told_to_everybody_of_the_class_and_nobody_else(void)
{
    open_class("partial_tail", 4);
    CHECK(first_flag(WATCHED) == 9);
    told();
    for (uint32_t mate = 0; mate < MATES; mate++)
        for (int32_t day = 0; day < 6; day++) {
            set_word(mate, HERE, day, "PRP");
            CHECK(told() == THE_CLASS);
        }
    CHECK(first_flag(WATCHED) == -1);
    for (uint32_t mate = 0; mate < MATES; mate++)
        for (int32_t day = 0; day < 6; day++)
            set_word(mate, HERE, day, "PPP");
    CHECK(first_flag(WATCHED) == 9);
    detect_close(detect);
}

/* A day that turns out to have been in another class is told to both: to the one that it left, whose rest has fewer such days
 * now, as well. */
static void a_pupil_who_moved_is_told_to_the_class_that_it_left(void)
{
    open_class("partial_tail", 4);
    for (uint32_t mate = 0; mate < MATES; mate++)
        for (int32_t day = 0; day < 6; day++)
            set_word(mate, HERE, day, "PRP");
    CHECK(first_flag(WATCHED) == -1);
    told();
    for (uint32_t mate = 0; mate < MATES; mate++)
        for (int32_t day = 0; day < 6; day++) {
            set_word(mate, ELSEWHERE, day, "PRP");
            CHECK(told() == (THE_CLASS | 1U << STRANGER));
        }
    CHECK(first_flag(WATCHED) == 9);
    check_watched(9, 4, 10, 0, MATES * 4);
    detect_close(detect);
}

/* A day that ends absent takes the spell that began on the next: of that day alone the class's counts change. */
static void a_spell_that_goes_on_is_taken_from_the_next_day(void)
{
    open_class("spells_tail", 4);
    set_word(0, HERE, 5, "PRP");
    set_word(0, HERE, 6, "RPP");
    check_watched(DAYS - 1, 4, DAYS, 2, MATES * DAYS);
    told();
    set_word(0, HERE, 5, "PRR");
    CHECK(told() == THE_CLASS);
    check_watched(DAYS - 1, 4, DAYS, 1, MATES * DAYS);
    detect_close(detect);
}

/* Reported or not: days with the sign are what they are on the pupil's own dates and the class's, first and last included. */
static void the_class_is_counted_on_the_dates_of_the_window(void)
{
    open_class("unreported_tail", 0);
    for (int32_t day = 2; day < 6; day++)
        set_word(WATCHED, HERE, day, "PUP");
    for (uint32_t mate = 0; mate < MATES; mate++) {
        set_word(mate, HERE, 0, "UPP");
        set_word(mate, HERE, DAYS - 1, "PPU");
        set_word(mate, HERE, DAYS - 2, "PPR");
    }
    check_watched(DAYS - 1, 4, DAYS, 2 * MATES, MATES * DAYS);
    check_watched(DAYS - 2, 4, DAYS - 1, MATES, MATES * (DAYS - 1));
    detect_close(detect);
}

/* Whole days away can hold no part-day, days of leave nothing unreported: the pupil's own and the class's are left out. */
static void days_that_cannot_have_the_sign_are_left_out(void)
{
    open_class("partial_tail", 4);
    set_word(WATCHED, HERE, DAYS - 1, "RRR");
    set_word(0, HERE, DAYS - 1, "RRR");
    set_word(1, HERE, DAYS - 1, "PPR");
    check_watched(DAYS - 1, 4, DAYS - 1, 1, MATES * DAYS - 1);
    detect_close(detect);

    open_class("unreported_tail", 0);
    for (int32_t day = 2; day < 6; day++)
        set_word(WATCHED, HERE, day, "PUP");
    set_word(WATCHED, HERE, DAYS - 1, "VVV");
    set_word(0, HERE, DAYS - 1, "VVV");
    set_word(1, HERE, DAYS - 1, "UUU");
    check_watched(DAYS - 1, 4, DAYS - 1, 1, MATES * DAYS - 1);
    detect_close(detect);
}

static void two_days_are_not_compared_and_three_are(void)
{
    open_class("partial_tail", 2);
    check_watched(DAYS - 1, 0, 1, -1, -1);
    set_word(WATCHED, HERE, 7, "PRP");
    check_watched(DAYS - 1, 3, DAYS, 0, MATES * DAYS);
    detect_close(detect);
}

/* Nobody to be held against: the chance is a half, and neither a class that never missed makes it nothing. */
static void alone_in_a_class_nothing_is_rare(void)
{
    open_class("partial_tail", 4);
    for (int32_t day = 0; day < 4; day++)
        set_word(STRANGER, ELSEWHERE, day, "PRP");
    CHECK(first_flag(STRANGER) == -1 && first_flag(WATCHED) == 9);
    detect_close(detect);
}

int main(void)
{
    TEST(a_day_is_told_to_everybody_of_the_class_and_nobody_else);
    TEST(a_pupil_who_moved_is_told_to_the_class_that_it_left);
    TEST(a_spell_that_goes_on_is_taken_from_the_next_day);
    TEST(the_class_is_counted_on_the_dates_of_the_window);
    TEST(days_that_cannot_have_the_sign_are_left_out);
    TEST(two_days_are_not_compared_and_three_are);
    TEST(alone_in_a_class_nothing_is_rare);
    return test_done();
}
