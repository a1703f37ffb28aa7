/* The detector with each piece of memory refused in turn: it says so, nothing is damaged, and asked again it gives the flags
 * of a detector that always got what it asked for. */
#include "daemon/core/detect/detect.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/problems.h"
#include "tests/refused_memory.h"
#include "tests/test.h"

enum { PUPILS = 30, DATES = 90, LESSONS = 3, FLAGS_MAX = 4000, CLASSES = 3 };

static const char RULES[] =
    "rules = ( { id = \"late\"; severity = 1; when = ( { measure = \"late_arrivals\"; days = 2; at_least = 1; } );"
    " clear = { measure = \"late_arrivals\"; days = 1; below = 1; for_days = 1; }; },"
    " { id = \"weekday\"; severity = 2; when = ( { measure = \"weekday_tail\"; days = 40; at_most = 0.05; } );"
    " clear = { measure = \"absence_share\"; days = 5; below = 10.00; for_days = 2; }; },"
    " { id = \"subject\"; severity = 2;"
    " when = ( { measure = \"subject_missed_share\"; days = 20; at_least = 20.00; } );"
    " clear = { measure = \"absence_share\"; days = 5; below = 10.00; for_days = 2; }; } );";
static const char OTHER_RULES[] =
    "rules = ( { id = \"late\"; severity = 1; when = ( { measure = \"late_arrivals\"; days = 3; at_least = 2; } );"
    " clear = { measure = \"late_arrivals\"; days = 1; below = 1; for_days = 1; }; },"
    " { id = \"away\"; severity = 3; when = ( { measure = \"absent_days\"; days = 10; at_least = 2; },"
    " { measure = \"absence_rise\"; days = 5; baseline_days = 20; at_least = 5.00; } );"
    " clear = { measure = \"absent_days\"; days = 5; below = 1; for_days = 1; }; } );";

static int until_refused = -1; /* -1: nothing is */
static bool was_refused;

static bool memory_refused(void)
{
    if (until_refused < 0 || until_refused-- > 0)
        return false;
    was_refused = true;
    return true;
}

static struct rules rules[2];
static int32_t first_day;

static void read_rules(void)
{
    static struct problems problems;
    CHECK(rules_read_text("rules", RULES, &rules[0], &problems));
    CHECK(rules_read_text("other", OTHER_RULES, &rules[1], &problems));
    first_day = civil_day(2026, 6, 1); /* into the next school year */
}

/* What a pupil's date holds: always the same, and of most kinds. */
static size_t lessons_of(uint32_t pupil, int32_t date, struct outcome out[LESSONS])
{
    uint32_t dice = (pupil * 7919U + (uint32_t)date * 104729U) % 97;
    size_t count = civil_weekday(first_day + date) > 4 ? 0 : 1 + dice % LESSONS;
    for (size_t i = 0; i < count; i++) {
        bool away = dice < 12 || (pupil % 5 == 0 && civil_weekday(first_day + date) == 0), late = dice > 70;
        enum status status = dice == 50 ? STATUS_CANCELLED
                             : away     ? STATUS_UNREPORTED
                             : late     ? STATUS_LATE
                                        : STATUS_PRESENT;
        out[i] = (struct outcome){.start_minute = (uint16_t)(480 + 70 * i),
                                  .minutes = (uint16_t)(40 + dice % 20),
                                  .subject = (uint16_t)(dice % 4 + (uint32_t)date / 20),
                                  .status = (uint8_t)status,
                                  .absent_minutes = (uint16_t)(dice == 50 ? 0
                                                               : away     ? 40 + dice % 20
                                                               : late     ? 9
                                                                          : 0)};
    }
    return count;
}

static struct flag told[2][FLAGS_MAX];
static size_t told_count[2];

static void note(int which, const struct flag *flags, size_t count)
{
    CHECK(told_count[which] + count <= FLAGS_MAX);
    for (size_t i = 0; i < count && told_count[which] < FLAGS_MAX; i++) {
        struct flag *flag = &told[which][told_count[which]++];
        *flag = flags[i];
        flag->rule = NULL; /* which is another detector's */
    }
}

static bool tell(struct detect *detect, int which, uint32_t pupil, int32_t through_day)
{
    const struct flag *flags;
    size_t count;
    if (!detect_flags(detect, pupil, through_day, &flags, &count) &&
        !(was_refused && detect_flags(detect, pupil, through_day, &flags, &count)))
        return false;
    note(which, flags, count);
    return true;
}

static bool set_days(struct detect *detect, int32_t from, int32_t end)
{
    struct outcome outcomes[LESSONS];
    for (int32_t date = from; date < end; date++)
        for (uint32_t pupil = 0; pupil < PUPILS; pupil++) {
            size_t count = lessons_of(pupil, date, outcomes);
            if (!detect_set_day(detect, pupil, (pupil + (date > 70)) % CLASSES, first_day + date, outcomes, count) &&
                !(was_refused &&
                  detect_set_day(detect, pupil, (pupil + (date > 70)) % CLASSES, first_day + date, outcomes, count)))
                return false;
        }
    return true;
}

static bool recompute(const struct detect *detect, int which)
{
    struct detect_work *work = detect_work_open(detect);
    if (work == NULL && was_refused)
        work = detect_work_open(detect);
    for (uint32_t pupil = 0; pupil < PUPILS && work != NULL; pupil++) {
        const struct flag *flags;
        size_t count;
        if (!detect_recompute(detect, work, pupil, first_day + DATES, &flags, &count) &&
            !(was_refused && detect_recompute(detect, work, pupil, first_day + DATES, &flags, &count))) {
            detect_work_close(work);
            return false;
        }
        note(which, flags, count);
    }
    detect_work_close(work);
    return work != NULL;
}

static bool show_evidence(struct detect *detect)
{
    struct evidence evidence;
    int32_t day = first_day + 80;
    return detect_evidence(detect, 0, day, &rules[0].rule[2].when[0], &evidence) ||
           (was_refused && detect_evidence(detect, 0, day, &rules[0].rule[2].when[0], &evidence));
}

/* False: refused where the detector must be closed. */
static bool live(struct detect *detect, int which)
{
    told_count[which] = 0;
    if (!set_days(detect, 0, 40) || !detect_add_rules(detect, &rules[0], 1, INT32_MIN) || !set_days(detect, 40, 75))
        return false;
    for (int32_t date = 41; date < 60; date++) /* a flag more on the last day asked for */
        if (!tell(detect, which, 1, first_day + date))
            return false;
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++)
        if (!tell(detect, which, pupil, first_day + 70))
            return false;
    if (!detect_add_rules(detect, &rules[1], 2, first_day + 72) || !set_days(detect, 75, DATES) ||
        !show_evidence(detect))
        return false;
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++)
        if (!tell(detect, which, pupil, first_day + 40) || !tell(detect, which, pupil, first_day + DATES))
            return false;
    return recompute(detect, which);
}

static void what_is_refused_is_only_late(void)
{
    read_rules();
    struct detect *whole = detect_open();
    CHECK(live(whole, 0) && told_count[0] > 500);
    detect_close(whole);
    int points = 0, finished = 0;
    for (was_refused = true; was_refused; points++) {
        was_refused = false;
        until_refused = points;
        struct detect *detect = detect_open();
        bool lived = detect != NULL && live(detect, 1);
        until_refused = -1;
        CHECK(lived || was_refused);
        finished += lived;
        if (lived)
            CHECK(told_count[1] == told_count[0] && memcmp(told[1], told[0], told_count[0] * sizeof told[0][0]) == 0);
        detect_close(detect);
    }
    printf("# %d pieces of memory, %d times the detector went on\n", points - 1, finished - 1);
    CHECK(points > 100 && finished > points / 2);
}

int main(void)
{
    TEST(what_is_refused_is_only_late);
    return test_done();
}
