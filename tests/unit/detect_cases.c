/* The sentences of docs/detection.md as cases: a rule, some school days as words (tests/detect_words.h), and the flags that
 * follow: "raised>cleared" as positions among the dates, from 0, a flag that is open without the second. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "tests/detect_words.h"

enum { DAYS_MAX = 120, FLAGS_BYTES = 256 };

static const struct sentence SENTENCES[] = {
    {"a day is absent when every known minute was missed", "absent_days; days = 5; at_least = 1;",
     "absent_days; days = 1; below = 1; for_days = 1;", "2026-09-01", "PP PR RR PP", "2>3"},
    {"leave aside, all known minutes missed is an absent day", "absent_days; days = 5; at_least = 1;",
     "absent_days; days = 1; below = 1; for_days = 1;", "2026-09-01", "VV VR PP", "1>2"},
    {"an unknown lesson is not attended and not absent", "absent_days; days = 5; at_least = 1;",
     "absent_days; days = 1; below = 1; for_days = 1;", "2026-09-01", "?P ?R PP", "1>2"},
    {"a date of unknown lessons only does not exist", "absent_days; days = 2; at_least = 2;",
     "absent_days; days = 1; below = 1; for_days = 1;", "2026-09-01", "RR ?? RR PP", "2>3"},
    {"a date of cancelled and exempt lessons does not exist", "absent_run; at_least = 2;",
     "absent_run; below = 1; for_days = 1;", "2026-09-01", "RR CX RR PP", "2>3"},
    {"late for all minutes is an absent day by its minutes, not by its lessons",
     "partial_days; days = 5; at_least = 1;", "partial_days; days = 1; below = 1; for_days = 1;", "2026-09-01",
     "LL LP RP PP", "2>3"},
    {"half a lesson missed makes a partial day, not an absent one", "partial_days; days = 1; at_least = 1;",
     "partial_days; days = 1; below = 1; for_days = 1;", "2026-09-01", "H RH RR", "0>2"},
    {"a day of leave only is an own day and pushes others out", "late_arrivals; days = 2; at_least = 1;",
     "late_arrivals; days = 2; below = 1; for_days = 1;", "2026-09-01", "L VV P", "0>2"},
    {"a run passes over own days without expected time", "absent_run; at_least = 2;",
     "absent_run; below = 1; for_days = 1;", "2026-09-01", "R V R P", "2>3"},
    {"a run ends at a day that is not absent", "absent_run; at_least = 2;", "absent_run; below = 1; for_days = 1;",
     "2026-09-01", "R P R R P", "3>4"},
    {"a run still stands on a day that it passes over", "absent_run; at_least = 1;",
     "absent_run; below = 1; for_days = 1;", "2026-09-01", "R V V P", "0>3"},

    {"an attended lesson ends a spell, also within a day", "spells; days = 5; at_least = 2;",
     "spells; days = 1; below = 1; for_days = 1;", "2026-09-01", "RPR PP", "0>1"},
    {"a night does not end a spell", "spells; days = 5; at_least = 2;", "spells; days = 1; below = 1; for_days = 1;",
     "2026-09-01", "PR RP RP PP", "2>3"},
    {"leave and unknown lessons neither end nor begin a spell", "spells; days = 9; at_least = 2;",
     "spells; days = 1; below = 1; for_days = 1;", "2026-09-01", "R V ?V R VP P R P", "6>7"},
    {"a late arrival ends a spell", "spells; days = 9; at_least = 2;", "spells; days = 1; below = 1; for_days = 1;",
     "2026-09-01", "R L R P", "2>3"},
    {"a spell belongs to the day on which it starts", "spells; days = 2; at_least = 1;",
     "spells; days = 2; below = 1; for_days = 1;", "2026-09-01", "R R R", "0>2"},
    {"a new school year begins a new spell", "spells; days = 1; at_least = 1;",
     "spells; days = 1; below = 1; for_days = 1;", "2026-07-31", "R R R", "0>0 1>2"},

    {"a window holds the latest own days", "late_arrivals; days = 2; at_least = 2;",
     "late_arrivals; days = 2; below = 1; for_days = 1;", "2026-09-01", "L P L L P P", "3>5"},
    {"an offset skips the latest own days", "late_arrivals; days = 1; offset = 2; at_least = 1;",
     "late_arrivals; days = 1; offset = 2; below = 1; for_days = 1;", "2026-09-01", "L P P P", "2>3"},
    {"an offset may be longer than any year", "late_arrivals; days = 200; offset = 50000; at_most = 0;",
     "late_arrivals; days = 200; offset = 50000; above = 0; for_days = 1;", "2026-09-01", "L L L", "0"},
    {"an empty window counts nothing", "late_arrivals; days = 3; offset = 5; at_most = 0;",
     "late_arrivals; days = 1; above = 0; for_days = 1;", "2026-09-01", "P P", "0"},
    {"unreported lessons", "unreported_lessons; days = 2; at_least = 3;",
     "unreported_lessons; days = 1; below = 1; for_days = 1;", "2026-09-01", "UU PP UU UP PP", "3>4"},
    {"unreported dates", "unreported_dates; days = 3; at_least = 2;",
     "unreported_dates; days = 1; below = 1; for_days = 1;", "2026-09-01", "UU PP UP PP", "2>3"},

    {"a share is undefined before min_days own days", "absence_share; days = 4; at_least = 10; min_days = 3;",
     "absence_share; days = 1; below = 10; for_days = 1;", "2026-09-01", "R R R P", "2>3"},
    {"min_days is the smaller of days and 10: days", "absence_share; days = 3; at_least = 10;",
     "absence_share; days = 1; below = 10; for_days = 1;", "2026-09-01", "R R R P", "2>3"},
    {"min_days is the smaller of days and 10: 10", "absence_share; days = 20; at_least = 1;",
     "absence_share; days = 1; below = 1; for_days = 1;", "2026-09-01", "R 8*P P P", "9>10"},
    {"a share is undefined under 80 % known time", "absence_share; days = 1; at_least = 20;",
     "absence_share; days = 1; below = 1; for_days = 1;", "2026-09-01", "R??PP RPPP? P", "1>2"},
    {"a share of nothing is undefined", "absence_share; days = 1; at_most = 0;",
     "absence_share; days = 1; above = 0; for_days = 1;", "2026-09-01", "V P R", "1>2"},
    {"leave counts in the total share alone", "total_absence_share; days = 1; at_least = 50;",
     "total_absence_share; days = 1; below = 50; for_days = 1;", "2026-09-01", "VP PP RP PP", "0>1 2>3"},
    {"minutes missed by late arrivals count as absence", "absence_share; days = 1; at_least = 8.33;",
     "absence_share; days = 1; below = 8.33; for_days = 1;", "2026-09-01", "LP PP", "0>1"},
    {"compared exactly, nothing rounded", "absence_share; days = 1; at_least = 8.34;",
     "absence_share; days = 1; below = 8.34; for_days = 1;", "2026-09-01", "LP LL", "1"},
    {"unreported share", "unreported_share; days = 1; at_least = 50;",
     "unreported_share; days = 1; below = 50; for_days = 1;", "2026-09-01", "RU RR", "0>1"},
    {"a rise compares with the days before",
     "absence_rise; days = 2; baseline_days = 2; baseline_min_days = 2; at_least = 50;",
     "absence_rise; days = 2; baseline_days = 2; baseline_min_days = 2; below = 0; for_days = 1;", "2026-09-01",
     "P P R R P P", "3>5"},
    {"a rise is undefined until the baseline has its days",
     "absence_rise; days = 1; baseline_days = 3; baseline_min_days = 3; at_least = 100;",
     "absence_rise; days = 1; baseline_days = 1; baseline_min_days = 1; below = 0; for_days = 1;", "2026-09-01",
     "P P R P P P R", "6"},
    {"an offset shifts both windows of a rise",
     "absence_rise; days = 1; offset = 1; baseline_days = 1; baseline_min_days = 1; at_least = 100;",
     "absence_rise; days = 1; baseline_days = 1; baseline_min_days = 1; above = 99; for_days = 1;", "2026-09-01",
     "P R P", "2"},

    {"the day of raising is not counted for clearing", "late_arrivals; days = 5; at_least = 1;",
     "late_arrivals; days = 1; below = 2; for_days = 1;", "2026-09-01", "L P", "0>1"},
    {"clear must hold for_days own days in a row", "late_arrivals; days = 1; at_least = 1;",
     "late_arrivals; days = 1; below = 1; for_days = 3;", "2026-09-01", "L P P L P P P P", "0>6"},
    {"an undefined clear leaves the count as it is", "absence_share; days = 1; at_least = 50;",
     "absence_share; days = 1; below = 50; for_days = 2;", "2026-09-01", "R P V P", "0>3"},
    {"raised again from the next own day", "late_arrivals; days = 5; at_least = 1;",
     "late_arrivals; days = 1; below = 1; for_days = 1;", "2026-09-01", "L P P", "0>1 2"},
    {"clear by above", "late_arrivals; days = 1; at_most = 0;", "late_arrivals; days = 1; above = 0; for_days = 2;",
     "2026-09-01", "P L L P", "0>2 3"},

    {"windows, runs and flags end with the school year", "absent_run; at_least = 2;",
     "absent_run; below = 1; for_days = 1;", "2026-07-29", "R R - R R", "1>1 4"},
    {"an open flag stays open while nothing of a later school year is known", "absent_run; at_least = 1;",
     "absent_run; below = 1; for_days = 1;", "2026-07-30", "R - - -", "0"},
    {"a row that does not count is something of a later school year", "absent_run; at_least = 1;",
     "absent_run; below = 1; for_days = 1;", "2026-07-30", "R - - CX", "0>0"},
    {"it is cleared on the last own day of the old year", "late_arrivals; days = 1; at_least = 1;",
     "late_arrivals; days = 1; below = 1; for_days = 5;", "2026-07-29", "L P - - P", "0>1"},
    {"a term's start counts from January anew", "term_start_absent_days; days = 3; at_least = 2;",
     "term_start_absent_days; days = 3; below = 1; for_days = 1;", "2026-12-30", "R R R P R P P", "1>5"},
    {"a term's start is over after its days", "term_start_absent_days; days = 2; at_least = 1;",
     "term_start_absent_days; days = 2; below = 1; for_days = 1;", "2026-09-01", "P R R", "1>2"},
    {"a tail without classmates is one of even chance: 3 of 10 are not rare, and not certain",
     "partial_tail; days = 10; at_most = 0.95;", "partial_tail; days = 10; above = 0.96; for_days = 1;", "2026-09-01",
     "3*RP 9*PP", "9>10"},
    {"two days with the sign are not looked at", "partial_tail; days = 10; at_most = 0.99;",
     "partial_tail; days = 10; above = 0.99; for_days = 1;", "2026-09-01", "2*RP 9*PP", ""},
    {"nine days are not looked at", "partial_tail; days = 9; at_most = 0.99;",
     "partial_tail; days = 9; above = 0.99; for_days = 1;", "2026-09-01", "9*RP 9*PP", ""},
    {"an absent day is not looked at for being partial", "partial_tail; days = 10; at_most = 0.95;",
     "partial_tail; days = 10; above = 0.96; for_days = 1;", "2026-09-01", "RR 3*RP 9*PP", "10>11"},
    {"a day on which two spells start is one", "spells_tail; days = 10; at_most = 0.95;",
     "spells_tail; days = 10; above = 0.96; for_days = 1;", "2026-09-01", "2*RPRP 9*PP", ""},
    {"a day on which a spell goes on is none", "spells_tail; days = 10; at_most = 0.95;",
     "spells_tail; days = 10; above = 0.96; for_days = 1;", "2026-09-01", "RP PR RP RP 8*PP", "9>10"},
    {"a day of leave only is not looked at for spells", "spells_tail; days = 10; at_most = 0.95;",
     "spells_tail; days = 10; above = 0.96; for_days = 1;", "2026-09-01", "VV 3*RP 9*PP", "10>11"},
    {"days with unreported lessons against the class", "unreported_tail; days = 10; at_most = 0.95;",
     "unreported_tail; days = 10; above = 0.96; for_days = 1;", "2026-09-01", "2*UU UP RR 8*PP", "9>10"},
    {"a spell that began last term is not this term's", "term_start_spells; days = 9; at_least = 1;",
     "term_start_spells; days = 1; below = 1; for_days = 1;", "2026-12-30", "P R R P R P", "1>2 4>5"},
};

static void tell_flags(struct detect *detect, int32_t from, char told[FLAGS_BYTES])
{
    const struct flag *flags;
    size_t count;
    int used = 0;
    told[0] = '\0';
    CHECK(detect_flags(detect, 0, from + DAYS_MAX, &flags, &count));
    for (size_t i = 0; i < count; i++) {
        used +=
            snprintf(told + used, (size_t)(FLAGS_BYTES - used), "%s%d", i == 0 ? "" : " ", flags[i].raised_day - from);
        if (flags[i].end != FLAG_OPEN)
            used += snprintf(told + used, (size_t)(FLAGS_BYTES - used), ">%d", flags[i].ended_day - from);
    }
}

static void every_sentence_holds(void)
{
    for (size_t i = 0; i < sizeof SENTENCES / sizeof *SENTENCES; i++) {
        const struct sentence *sentence = &SENTENCES[i];
        int32_t from;
        char told[FLAGS_BYTES];
        struct detect *detect = detect_open();
        CHECK(read_rule(sentence));
        CHECK(detect_add_rules(detect, &rules, 1, INT32_MIN));
        CHECK(civil_read_date(sentence->from, strlen(sentence->from), &from));
        set_words(detect, sentence->days, from);
        tell_flags(detect, from, told);
        bool holds = strcmp(told, sentence->flags) == 0;
        if (!holds)
            printf("# %s: flags are \"%s\", expected \"%s\"\n", sentence->what, told, sentence->flags);
        CHECK(holds);
        detect_close(detect);
    }
}

/* Evidence is what the condition saw on that day. */
static void evidence_tells_numbers_and_dates(void)
{
    struct sentence share = {"share",
                             "absence_share; days = 3; offset = 1; at_least = 25; min_days = 2;",
                             "absence_share; days = 1; below = 1; for_days = 1;",
                             "",
                             "",
                             ""};
    struct detect *detect = detect_open();
    struct evidence evidence;
    CHECK(read_rule(&share));
    int32_t from = civil_day(2026, 9, 1);
    set_words(detect, "PPP PPR - RRP ??? PPP", from);
    CHECK(detect_evidence(detect, 0, from + 5, &rules.rule[0].when[0], &evidence));
    CHECK(evidence.defined && evidence.holds);
    CHECK(evidence.numerator == 180 && evidence.denominator == 540);
    CHECK(evidence.own_days == 3 && evidence.from_day == from && evidence.to_day == from + 3);
    CHECK(
        detect_evidence(detect, 0, from + 2, &rules.rule[0].when[0], &evidence)); /* the latest own day is the second */
    CHECK(!evidence.defined && evidence.own_days == 1 && evidence.to_day == from);
    CHECK(!detect_evidence(detect, 0, from - 1, &rules.rule[0].when[0], &evidence));
    CHECK(!detect_evidence(detect, 7, from, &rules.rule[0].when[0], &evidence));
    struct condition long_ago = rules.rule[0].when[0];
    long_ago.offset = 20;
    CHECK(detect_evidence(detect, 0, from + 5, &long_ago, &evidence));
    CHECK(!evidence.defined && evidence.own_days == 0 && evidence.from_day == 0 && evidence.to_day == 0);
    int32_t own_day = 0;
    CHECK(detect_own_day(detect, 0, from + 4, &own_day) && own_day == from + 3);
    CHECK(detect_own_day(detect, 0, from + 2, &own_day) && own_day == from + 1);
    CHECK(!detect_own_day(detect, 0, from - 1, &own_day) && !detect_own_day(detect, 7, from, &own_day));
    detect_close(detect);
}

/* Where a whole class misses every Monday, that a pupil does is no news: the chance is 1, and never more by rounding. */
static void a_tail_is_a_probability(void)
{
    struct sentence tail = {"tail",
                            "weekday_tail; days = 60; at_most = 0.05;",
                            "weekday_tail; days = 60; above = 0.1; for_days = 1;",
                            "",
                            "",
                            ""};
    struct detect *detect = detect_open();
    struct evidence evidence;
    struct outcome present = {.minutes = 60},
                   absent = {.minutes = 60, .status = STATUS_UNREPORTED, .absent_minutes = 60};
    int32_t from = civil_day(2026, 8, 3); /* a Monday */
    CHECK(read_rule(&tail));
    for (uint32_t pupil = 0; pupil <= 40; pupil++)
        for (int32_t day = 0; day < 80; day++) {
            bool misses = day % 7 == 0 && (pupil > 0 || day / 7 < 3);
            CHECK(day % 7 > 4 || detect_set_day(detect, pupil, 0, from + day, misses ? &absent : &present, 1));
        }
    for (int32_t day = 64; day < 80; day += 7) {
        CHECK(detect_evidence(detect, 0, from + day, &rules.rule[0].when[0], &evidence));
        CHECK(evidence.defined && !evidence.holds && evidence.which == 0 && evidence.numerator == 3);
        CHECK(evidence.denominator == day / 7 + 1 && evidence.tail > 0.999 && evidence.tail <= 1);
    }
    detect_close(detect);
}

static void set_word(struct detect *detect, uint32_t pupil, uint32_t class, int32_t day, const char *word)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    CHECK(detect_set_day(detect, pupil, class, day, outcomes, read_lessons(word, strlen(word), outcomes)));
}

/* Whoever changes class is held against the one of the day that is asked for, over the whole window: against the others'
 * days in it, not its own. */
static void a_class_is_that_of_the_date(void)
{
    enum { MOVES = 10, DAYS = 20 };
    struct sentence tail = {"tail",
                            "partial_tail; days = 20; at_most = 0.5;",
                            "partial_tail; days = 20; above = 0.5; for_days = 1;",
                            "",
                            "",
                            ""};
    struct detect *detect = detect_open();
    struct evidence evidence;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&tail));
    for (int32_t day = 0; day < DAYS; day++) {
        set_word(detect, 0, day >= MOVES, from + day, day % MOVES < 3 ? "RP" : "PP");
        set_word(detect, 1, 0, from + day, day < 5 ? "RP" : day == 5 ? "RR" : "PP");
        set_word(detect, 2, 1, from + day, day < 2 ? "PR" : "PP");
    }
    CHECK(detect_evidence(detect, 0, from + MOVES - 1, &rules.rule[0].when[0], &evidence));
    CHECK(evidence.numerator == 3 && evidence.denominator == MOVES);
    CHECK(evidence.class_part == 5 && evidence.class_whole == MOVES - 1);
    CHECK(detect_evidence(detect, 0, from + DAYS - 1, &rules.rule[0].when[0], &evidence));
    CHECK(evidence.numerator == 6 && evidence.denominator == DAYS);
    CHECK(evidence.class_part == 2 && evidence.class_whole == DAYS);
    set_word(detect, 2, 0, from, "PR"); /* that day was in the other class after all */
    CHECK(detect_evidence(detect, 0, from + DAYS - 1, &rules.rule[0].when[0], &evidence));
    CHECK(evidence.class_part == 1 && evidence.class_whole == DAYS - 1);
    CHECK(detect_evidence(detect, 0, from + MOVES - 1, &rules.rule[0].when[0], &evidence));
    CHECK(evidence.class_part == 6 && evidence.class_whole == MOVES);
    detect_close(detect);
}

/* A row of anybody in a later year ends the open flags of the year before, and so does the clock; a row that was a mistake
 * opens them again. */
static void a_school_year_is_over_for_everybody(void)
{
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 9;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    uint32_t pupil;
    int32_t last = civil_day(2026, 6, 10), next = civil_day(2026, 8, 18);
    CHECK(read_rule(&late) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    set_word(detect, 0, 0, last - 1, "L");
    set_word(detect, 0, 0, last, "L");
    CHECK(detect_flags(detect, 0, next, &flags, &count) && count == 1 && flags[0].end == FLAG_OPEN);
    while (detect_next_changed(detect, &pupil))
        ;
    set_word(detect, 1, 0, next, "C");
    CHECK(detect_next_changed(detect, &pupil) && detect_next_changed(detect, &pupil) && pupil == 0);
    CHECK(detect_flags(detect, 0, next - 1, &flags, &count) && flags[0].end == FLAG_OPEN);
    CHECK(detect_flags(detect, 0, next, &flags, &count) && flags[0].end == FLAG_YEAR_ENDED);
    CHECK(flags[0].raised_day == last - 1 && flags[0].ended_day == last);
    CHECK(detect_set_day(detect, 1, 0, next, NULL, 0));
    CHECK(detect_next_changed(detect, &pupil) && detect_next_changed(detect, &pupil) && pupil == 0);
    CHECK(detect_flags(detect, 0, next, &flags, &count) && flags[0].end == FLAG_OPEN);

    detect_year_began(detect, civil_day(2025, 8, 1));
    CHECK(!detect_next_changed(detect, &pupil));
    CHECK(detect_flags(detect, 0, next, &flags, &count) && flags[0].end == FLAG_OPEN);
    detect_year_began(detect, civil_day(2026, 8, 1));
    CHECK(detect_next_changed(detect, &pupil) && pupil == 0);
    CHECK(detect_flags(detect, 0, last, &flags, &count) && flags[0].end == FLAG_YEAR_ENDED &&
          flags[0].ended_day == last);
    CHECK(detect_flags(detect, 0, last - 1, &flags, &count) && flags[0].end == FLAG_OPEN);
    detect_close(detect);
}

/* A flag is decided at a day's close: what comes after through_day is not looked at. */
static void days_after_the_decided_one_do_not_count(void)
{
    struct sentence run = {"run", "absent_run; at_least = 2;", "absent_run; below = 1; for_days = 1;", "", "", ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&run) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    set_words(detect, "R R P", from);
    CHECK(detect_flags(detect, 0, from, &flags, &count) && count == 0);
    CHECK(detect_flags(detect, 0, from + 1, &flags, &count) && count == 1 && flags[0].end == FLAG_OPEN);
    CHECK(detect_flags(detect, 0, from + 2, &flags, &count) && count == 1 && flags[0].ended_day == from + 2);
    CHECK(detect_flags(detect, 0, from + 1, &flags, &count) && count == 1 && flags[0].end == FLAG_OPEN);
    detect_close(detect);
}

/* A new version: equal rules keep their state, changed ones start afresh, flags of changed ones end that day. */
static void a_new_version_applies_from_its_date(void)
{
    struct sentence run = {
        "run", "late_arrivals; days = 5; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 3;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&run));
    rules.count = 2;
    rules.rule[1] = rules.rule[0];
    strcpy(rules.rule[1].id, "other");
    CHECK(detect_add_rules(detect, &rules, 1, INT32_MIN));
    rules.rule[1].for_days = 1;
    CHECK(detect_add_rules(detect, &rules, 2, from + 2));
    set_words(detect, "L P P P", from);
    CHECK(detect_flags(detect, 0, from + 1, &flags, &count) && count == 2);
    CHECK(detect_flags(detect, 0, from + 3, &flags, &count) && count == 3);
    for (size_t i = 0; i < count; i++) {
        bool unchanged = strcmp(flags[i].rule->id, "it") == 0;
        bool before = flags[i].raised_day == from;
        CHECK(flags[i].version == (before ? 1 : 2));
        if (unchanged)
            CHECK(before && flags[i].end == FLAG_CLEARED && flags[i].ended_day == from + 3);
        else if (before)
            CHECK(flags[i].end == FLAG_RULE_ENDED && flags[i].ended_day == from + 2);
        else
            CHECK(flags[i].raised_day == from + 2 && flags[i].end == FLAG_CLEARED && flags[i].ended_day == from + 3);
    }
    detect_close(detect);
}

static void check_told(struct detect *detect, int32_t from, const char *expected)
{
    char told[FLAGS_BYTES];
    tell_flags(detect, from, told);
    if (strcmp(told, expected) != 0)
        printf("# %s is told, not %s\n", told, expected);
    CHECK(strcmp(told, expected) == 0);
}

/* Late on one of the last three days raises; three days without clear. */
static void who_leaves_has_no_open_flags_and_starts_afresh(void)
{
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 3;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&late) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    set_words(detect, "P L P - - - P L P P P P", from);
    check_told(detect, from, "1>10");
    CHECK(detect_set_leaves(detect, &(struct detect_leave){0, from + 4}, 1)); /* gone since, two days after its last */
    check_told(detect, from, "1>2 7>10");
    CHECK(detect_flags(detect, 0, from + 2, &flags, &count) && count == 1 && flags[0].end == FLAG_OPEN);
    CHECK(detect_flags(detect, 0, from + 4, &flags, &count) && count == 1 && flags[0].end == FLAG_LEFT);
    for (int32_t day = from + 6; day < from + 12; day++)
        CHECK(detect_set_day(detect, 0, 0, day, NULL, 0));
    check_told(detect, from, "1>2");
    CHECK(detect_flags(detect, 0, from + 2, &flags, &count) && flags[0].end == FLAG_LEFT); /* all of its days */
    uint32_t pupil;
    while (detect_next_changed(detect, &pupil))
        ;
    CHECK(detect_set_leaves(detect, &(struct detect_leave){0, from + 4}, 1) && !detect_next_changed(detect, &pupil));
    CHECK(detect_set_leaves(detect, NULL, 0) && detect_next_changed(detect, &pupil) && pupil == 0);
    check_told(detect, from, "1");
    detect_close(detect);
}

static void a_school_year_that_is_over_has_no_open_flags(void)
{
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 3;", "", "",
        ""};
    struct detect *detect = detect_open();
    int32_t from = civil_day(2027, 6, 1);
    CHECK(read_rule(&late) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    set_words(detect, "P L P", from);
    detect_year_began(detect, civil_day(2026, 8, 1));
    check_told(detect, from, "1");
    detect_year_began(detect, civil_day(2027, 8, 1));
    check_told(detect, from, "1>2");
    detect_close(detect);
}

/* The latest days taken away, one after the other, without a question between. */
static void latest_days_may_go(void)
{
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 1;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&late) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    set_words(detect, "L P L P P", from);
    CHECK(detect_flags(detect, 0, from + 9, &flags, &count) && count == 2 && flags[1].end == FLAG_CLEARED);
    for (int32_t day = from + 4; day >= from; day--) {
        CHECK(detect_set_day(detect, 0, 0, day, NULL, 0));
        if (day == from + 2)
            CHECK(detect_flags(detect, 0, from + 9, &flags, &count) && count == 1 && flags[0].ended_day == from + 1);
    }
    CHECK(detect_flags(detect, 0, from + 9, &flags, &count) && count == 0);
    detect_close(detect);
}

/* Who was never heard of, and who is only numbered below somebody who was, has no flags and is no mistake. */
static void pupils_without_days_have_no_flags(void)
{
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 1;", "", "",
        ""};
    struct detect *detect = detect_open();
    struct outcome outcome = {.minutes = 60, .absent_minutes = 10, .status = STATUS_LATE};
    const struct flag *flags;
    size_t count;
    int32_t day = civil_day(2026, 9, 1);
    CHECK(read_rule(&late) && detect_add_rules(detect, &rules, 1, INT32_MIN));
    CHECK(detect_set_day(detect, 5, 0, day, &outcome, 1));
    struct detect_work *work = detect_work_open(detect);
    for (uint32_t pupil = 0; pupil < 100; pupil += 5) {
        CHECK(detect_flags(detect, pupil, day, &flags, &count) && count == (pupil == 5));
        CHECK(detect_recompute(detect, work, pupil, day, &flags, &count) && count == (pupil == 5));
    }
    detect_work_close(work);
    detect_close(detect);
}

int main(void)
{
    TEST(who_leaves_has_no_open_flags_and_starts_afresh);
    TEST(a_school_year_that_is_over_has_no_open_flags);
    TEST(latest_days_may_go);
    TEST(a_tail_is_a_probability);
    TEST(a_class_is_that_of_the_date);
    TEST(a_school_year_is_over_for_everybody);
    TEST(pupils_without_days_have_no_flags);
    TEST(every_sentence_holds);
    TEST(evidence_tells_numbers_and_dates);
    TEST(days_after_the_decided_one_do_not_count);
    TEST(a_new_version_applies_from_its_date);
    return test_done();
}
