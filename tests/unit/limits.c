/* One past each limit of a school, of a school day and of the rules: it is refused with its number, and what was there before
 * stands. The limits are those of docs/limits.md. */
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/rules.h"
#include "daemon/core/rollcall.h"
#include "daemon/core/school/schoolday.h"
#include "tests/test.h"

static struct school *school;
static struct schoolday *facts;
static char name[NAME_BYTES];

static struct text numbered(const char *kind, uint32_t number)
{
    snprintf(name, sizeof name, "%s%u", kind, (unsigned)number);
    return text_of(name);
}

#define DAY 20000

static int64_t noon_ms(void)
{
    return civil_to_utc_ms(DAY, 12 * CIVIL_MS_PER_HOUR);
}

#define TEXT(literal) text_of(literal)
#define ALWAYS        CIVIL_DAY_NONE, CIVIL_DAY_NONE

static const char *a_pupil(uint32_t i)
{
    return school_add_period(school, numbered("p", i), TEXT("8B"), TEXT("8"), ALWAYS);
}
static const char *a_period(uint32_t i)
{
    return school_add_period(school, numbered("p", i % 64), TEXT("8B"), TEXT("8"), (int32_t)i, (int32_t)i);
}
static const char *a_place(uint32_t i)
{
    return school_add_place(school, numbered("t", i % 64), TEXT("A1"), false, (int32_t)i, (int32_t)i);
}
static const char *a_year(uint32_t i)
{
    char year[NAME_BYTES];
    snprintf(year, sizeof year, "%u", (unsigned)i);
    return school_add_period(school, numbered("p", i), TEXT("8A"), text_of(year), ALWAYS);
}
static const char *a_class(uint32_t i)
{
    char class[NAME_BYTES];
    snprintf(class, sizeof class, "class-%u", (unsigned)i);
    return school_add_period(school, numbered("p", i), text_of(class), TEXT("8"), ALWAYS);
}
static const char *a_member(uint32_t i)
{
    return school_add_member(school, numbered("g", i % 8), TEXT("p0"), (int32_t)i, (int32_t)i);
}
static const char *a_group(uint32_t i)
{
    return school_add_member(school, numbered("g", i), TEXT("p0"), ALWAYS);
}
static const char *an_exemption(uint32_t i)
{
    return school_add_exemption(school, TEXT("p0"), TEXT("g"), (int32_t)i, (int32_t)i);
}
static const char *a_terminal(uint32_t i)
{
    return school_add_place(school, numbered("t", i), TEXT("A1"), false, ALWAYS);
}
static const char *a_card(uint32_t i)
{
    return school_add_card(school, i + 1, TEXT("p0"), 0, INT64_MAX);
}
static const char *lesson_in(const char *group, const char *subject, const char *room, uint32_t i)
{
    return schoolday_add_lesson(facts, school, i, TEXT("l"), text_of(group), text_of(subject), text_of(room), 480, 540,
                                false);
}
static const char *a_lesson(uint32_t i)
{
    return lesson_in("g", "s", "A1", i);
}
static const char *a_subject(uint32_t i)
{
    numbered("s", i);
    return lesson_in("g", name, "A1", i);
}
static const char *a_room(uint32_t i)
{
    numbered("r", i);
    return lesson_in("g", "s", name, i);
}
static const char *a_tap(uint32_t i)
{
    return schoolday_add_tap(facts, school, TEXT("t"), 1, noon_ms() + i);
}
static const char *an_absence(uint32_t i)
{
    return schoolday_add_absence(facts, school, TEXT("p0"), noon_ms() + i, noon_ms() + i + 1, false);
}
static const char *a_mark(uint32_t i)
{
    return schoolday_add_mark(facts, school, 0, TEXT("p0"), STATUS_PRESENT, 0, i);
}
static const char *an_outage(uint32_t i)
{
    return schoolday_add_outage(facts, school, TEXT("t"), noon_ms() + i, noon_ms() + i + 1);
}

static void one_past_each_limit_of_a_school(void)
{
    static const struct {
        const char *(*add)(uint32_t number);
        uint32_t most;
        const char *why;
        bool day; /* of a sealed school's day */
    } LIMITS[] = {
        {a_pupil, SCHOOL_PUPILS_MAX, "more than 4096 pupils", false},
        {a_period, SCHOOL_PERIODS_MAX, "more than 16384 periods at the school", false},
        {a_place, SCHOOL_PLACES_MAX, "more than 4096 places of terminals", false},
        {a_year, SCHOOL_YEARS_MAX, "more than 64 years", false},
        {a_class, SCHOOL_CLASSES_MAX, "more than 512 classes", false},
        {a_member, SCHOOL_MEMBERS_MAX, "more than 131072 member rows", false},
        {a_group, SCHOOL_GROUPS_MAX, "more than 8192 groups", false},
        {an_exemption, SCHOOL_EXEMPTIONS_MAX, "more than 16384 exemptions", false},
        {a_terminal, SCHOOL_TERMINALS_MAX, "more than 1024 terminals", false},
        {a_card, SCHOOL_CARDS_MAX, "more than 16384 card rows", false},
        {a_lesson, SCHOOLDAY_LESSONS_MAX, "more than 8192 lessons on one date", true},
        {a_subject, SCHOOL_SUBJECTS_MAX, "more than 8192 groups, 2048 subjects or 2047 rooms", true},
        {a_room, SCHOOL_ROOM_INDICES, "more than 8192 groups, 2048 subjects or 2047 rooms", true},
        {a_tap, SCHOOLDAY_TAPS_MAX, "more than 131072 taps on one date", true},
        {an_absence, SCHOOLDAY_ABSENCES_MAX, "more than 16384 absences on one date", true},
        {a_mark, SCHOOLDAY_MARKS_MAX, "more than 65536 marks on one date", true},
        {an_outage, SCHOOLDAY_OUTAGES_MAX, "more than 4096 outages on one date", true},
    };
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
        school_clear(school);
        bool needs_pupil = LIMITS[i].add != a_pupil && LIMITS[i].add != a_class && LIMITS[i].add != a_period &&
                           LIMITS[i].add != a_year;
        CHECK(!needs_pupil || school_add_period(school, TEXT("p0"), TEXT("8B"), TEXT("8"), ALWAYS) == NULL);
        if (LIMITS[i].day) {
            CHECK(school_add_place(school, TEXT("t"), TEXT("A0"), false, ALWAYS) == NULL);
            school_seal(school);
            schoolday_begin(facts, DAY);
        }
        uint32_t added = 0;
        const char *why = NULL;
        while (added <= LIMITS[i].most && (why = LIMITS[i].add(added)) == NULL)
            added++;
        /* the terminal's room is one of the rooms, and so is the one that is none */
        CHECK(added == LIMITS[i].most - (LIMITS[i].add == a_room ? 2 : 0));
        bool told = why != NULL && strcmp(why, LIMITS[i].why) == 0;
        if (!told)
            printf("# expected \"%s\", told \"%s\"\n", LIMITS[i].why, why == NULL ? "" : why);
        CHECK(told);
    }
}

/* All pupils of a full school are in one group, whose lessons go on until their rows are too many. */
static void one_past_the_rows_of_a_roll(void)
{
    struct rollcall *rollcall = rollcall_open();
    CHECK(rollcall != NULL && ROLLCALL_ROWS_MAX % SCHOOL_PUPILS_MAX == 0);
    school_clear(school);
    for (uint32_t i = 0; i < SCHOOL_PUPILS_MAX; i++)
        CHECK(a_pupil(i) == NULL && school_add_member(school, TEXT("g"), text_of(name), ALWAYS) == NULL);
    school_seal(school);
    for (uint32_t more = 0; more < 2; more++) {
        schoolday_begin(facts, DAY);
        for (uint32_t lesson = 0; lesson < ROLLCALL_ROWS_MAX / SCHOOL_PUPILS_MAX + more; lesson++)
            CHECK(a_lesson(lesson) == NULL);
        schoolday_seal(facts, school);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, noon_ms()) == (more == 0));
        CHECK(more > 0 || rollcall->row_count == ROLLCALL_ROWS_MAX);
    }
    rollcall_close(rollcall);
}

static void a_name_too_long_is_refused(void)
{
    char long_name[NAME_BYTES + 1];
    memset(long_name, 'x', NAME_BYTES);
    long_name[NAME_BYTES] = '\0';
    school_clear(school);
    CHECK(school_add_period(school, text_of(long_name + 1), TEXT("8B"), TEXT("8"), ALWAYS) == NULL);
    CHECK(strcmp(school_add_period(school, text_of(long_name), TEXT("8B"), TEXT("8"), ALWAYS),
                 "longer than 63 bytes") == 0);
    CHECK(strcmp(school_add_place(school, TEXT("t"), text_of(long_name), false, ALWAYS), "longer than 63 bytes") == 0);
}

/* `count` rules, each of `conditions` over `days` own days. */
static bool read_rules(int count, int conditions, int days, struct problems *problems)
{
    static char text[(RULES_MAX + 1) * 1024];
    static struct rules rules;
    size_t used = (size_t)snprintf(text, sizeof text, "rules = (");
    for (int i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s{ id = \"r%d\"; severity = 1; when = (",
                                 i == 0 ? "" : ",", i);
        for (int k = 0; k < conditions; k++)
            used += (size_t)snprintf(text + used, sizeof text - used,
                                     "%s{ measure = \"spells\"; days = %d; at_least = 1; }", k == 0 ? "" : ",", days);
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "); clear = { measure = \"spells\"; days = %d; below = 1; for_days = 1; }; }", days);
    }
    snprintf(text + used, sizeof text - used, ");");
    *problems = (struct problems){0};
    return rules_read_text("rules", text, &rules, problems);
}

static void one_past_each_limit_of_the_rules(void)
{
    static const struct {
        int count, conditions, days;
        const char *why; /* NULL: they are read */
    } CASES[] = {
        {RULES_MAX, 1, RULE_DAYS_MAX, NULL},
        {RULES_MAX + 1, 1, 1, "1 to 400"},
        {1, RULE_CONDITIONS_MAX, 1, NULL},
        {1, RULE_CONDITIONS_MAX + 1, 1, "1 to 8 conditions"},
        {1, 1, RULE_DAYS_MAX + 1, "between 1 and 200"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        static struct problems problems;
        bool good = read_rules(CASES[i].count, CASES[i].conditions, CASES[i].days, &problems);
        CHECK(good == (CASES[i].why == NULL));
        bool told = good || (problems.count > 0 && strstr(problems.lines[0], CASES[i].why) != NULL);
        if (!told)
            printf("# %s\n", problems.lines[0]);
        CHECK(told);
    }
}

int main(void)
{
    school = school_open();
    facts = schoolday_open();
    TEST(one_past_each_limit_of_a_school);
    TEST(one_past_the_rows_of_a_roll);
    TEST(a_name_too_long_is_refused);
    TEST(one_past_each_limit_of_the_rules);
    schoolday_close(facts);
    school_close(school);
    return test_done();
}
