/* The roll call, sentence by sentence: small schools written as text, one case each, and what time does to them. The
 * sentences are those of docs/rollcall.md; tests/rollcall.test.mjs compares whole schools. */
#include "daemon/core/rollcall.h"

#include <stdlib.h>
#include <time.h>
#include "tests/test.h"

static struct school *school;
static struct schoolday *facts;
static struct rollcall *rollcall;

/* A date of one pupil, "a", in group 7A: lessons L1, L2 … on 2 November 2026 (winter time: UTC is an hour less). */
struct day_case {
    const char *name;
    const char *lessons;  /* "START-END room" … by ';', group 7A unless "group/room" */
    const char *taps;     /* "terminal HH:MM:SS" local … by ';' */
    const char *absences; /* "type HH:MM-HH:MM" … by ';' */
    const char *marks;    /* "LESSON status minutes" … by ';' */
    const char *expected; /* "status minutes" of each lesson, by ';' */
};

#define DAY civil_day(2026, 11, 2)

static int64_t at_ms(int hour, int minute, int second)
{
    return civil_to_utc_ms(DAY, ((hour * 60 + minute) * 60 + second) * 1000);
}

static void reset(const char *const *pupils, size_t count)
{
    school_clear(school);
    for (size_t i = 0; i < count; i++) {
        struct text id = text_of(pupils[i]);
        CHECK(school_add_pupil(school, id, text_of("7A"), CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
        CHECK(school_add_member(school, text_of("7A"), id, CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
        CHECK(school_add_member(school, text_of("choice"), id, CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
        CHECK(school_add_card(school, i + 1, id, CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
    }
    school_add_terminal(school, text_of("t-a"), text_of("A"));
    school_add_terminal(school, text_of("t-a2"), text_of("A"));
    school_add_terminal(school, text_of("t-b"), text_of("B"));
    school_seal(school);
    schoolday_begin(facts, DAY);
}

static void add_lessons(char *text)
{
    uint32_t number = 1;
    for (char *rest, *one = strtok_r(text, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest), number++) {
        int h1, m1, h2, m2;
        char where[32], id[8], *slash;
        CHECK(sscanf(one, " %d:%d-%d:%d %31s", &h1, &m1, &h2, &m2, where) == 5);
        slash = strchr(where, '/');
        if (slash != NULL)
            *slash = '\0';
        snprintf(id, sizeof id, "L%u", number);
        CHECK(schoolday_add_lesson(facts, school, number, text_of(id), text_of(slash == NULL ? "7A" : where),
                                   text_of("no"), text_of(slash == NULL ? where : slash + 1), h1 * 60 + m1,
                                   h2 * 60 + m2, false) == NULL);
    }
}

static void add_taps(char *text)
{
    for (char *rest, *one = strtok_r(text, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest)) {
        int h, m, s;
        char terminal[32];
        CHECK(sscanf(one, " %31s %d:%d:%d", terminal, &h, &m, &s) == 4);
        CHECK(schoolday_add_tap(facts, school, text_of(terminal), 1, at_ms(h, m, s), 0) == NULL);
    }
}

static void add_absences(char *text)
{
    for (char *rest, *one = strtok_r(text, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest)) {
        int h1, m1, h2, m2;
        char type[16];
        CHECK(sscanf(one, " %15s %d:%d-%d:%d", type, &h1, &m1, &h2, &m2) == 5);
        CHECK(schoolday_add_absence(facts, school, text_of("a"), at_ms(h1, m1, 0), at_ms(h2, m2, 0),
                                    strcmp(type, "leave") == 0) == NULL);
    }
}

static void add_marks(char *text)
{
    for (char *rest, *one = strtok_r(text, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest)) {
        unsigned lesson;
        int minutes;
        long recorded = 0;
        char word[16];
        enum status status;
        CHECK(sscanf(one, " L%u %15s %d %ld", &lesson, word, &minutes, &recorded) >= 3);
        CHECK(status_read(word, strlen(word), &status));
        CHECK(schoolday_add_mark(facts, school, lesson, text_of("a"), status, minutes, recorded) == NULL);
    }
}

static void give(void (*add)(char *text), const char *text)
{
    char *copy = strdup(text == NULL ? "" : text);
    add(copy);
    free(copy);
}

static void told(char *out, size_t bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < rollcall->row_count; i++)
        used +=
            (size_t)snprintf(out + used, bytes - used, "%s%s %d", i == 0 ? "" : "; ",
                             STATUS_WORDS[rollcall->rows[i].outcome.status], rollcall->rows[i].outcome.absent_minutes);
}

static const struct day_case CASES[] = {
    {"in time", "08:10-09:00 A", "t-a 08:10:00", NULL, NULL, "present 0"},
    {"from early_min before the start", "08:10-09:00 A", "t-a 07:55:00", NULL, NULL, "present 0"},
    {"not a second before that", "08:10-09:00 A", "t-a 07:54:59", NULL, NULL, "unreported 50"},
    {"not at the end", "08:10-09:00 A", "t-a 09:00:00", NULL, NULL, "unreported 50"},
    {"within grace, minutes rounded down", "08:10-09:00 A", "t-a 08:15:59", NULL, NULL, "present 0"},
    {"late", "08:10-09:00 A", "t-a 08:16:00", NULL, NULL, "late 6"},
    {"half of the lesson is still late", "08:10-09:00 A", "t-a 08:35:59", NULL, NULL, "late 25"},
    {"more than half is an absence in part", "08:10-09:00 A", "t-a 08:36:00", NULL, NULL, "unreported 26"},
    {"late_max_min is still late", "08:00-09:20 A", "t-a 08:30:59", NULL, NULL, "late 30"},
    {"more than late_max_min", "08:00-09:20 A", "t-a 08:31:00", NULL, NULL, "unreported 31"},
    {"reported up to the arrival, but for the grace", "08:10-09:00 A", "t-a 08:40:00", "reported 08:00-08:35", NULL,
     "reported 30"},
    {"reported too short for that", "08:10-09:00 A", "t-a 08:41:00", "reported 08:00-08:35", NULL, "unreported 31"},
    {"leave before reported", "08:10-09:00 A", "t-a 08:30:00", "reported 08:00-10:00; leave 08:00-10:00", NULL,
     "leave 20"},
    {"half of the lesson reported", "08:10-09:00 A", NULL, "reported 08:35-12:00", NULL, "reported 50"},
    {"less than half reported", "08:10-09:00 A", NULL, "reported 08:36-12:00", NULL, "unreported 50"},
    {"absences of one type are united", "08:10-09:00 A", NULL,
     "reported 08:00-08:20; reported 08:15-08:25; reported 08:50-09:00", NULL, "reported 50"},
    {"the two types are never added", "08:10-09:00 A", NULL, "reported 08:10-08:30; leave 08:30-08:50", NULL,
     "unreported 50"},
    {"a mark comes first", "08:10-09:00 A", "t-a 08:10:00", "leave 08:00-10:00", "L1 unreported 50", "unreported 50"},
    {"the latest mark", "08:10-09:00 A", NULL, NULL, "L1 late 9 2; L1 late 8 1", "late 9"},
    {"of equal ones the later row", "08:10-09:00 A", NULL, NULL, "L1 late 9 2; L1 late 8 2", "late 8"},
    {"present and unknown have no minutes", "08:10-09:00 A; 09:10-10:00 A", NULL, NULL, "L1 present 9; L2 unknown 9",
     "present 0; unknown 0"},
    {"carried over in the same room", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", NULL, NULL,
     "present 0; present 0"},
    {"carried on and on", "08:10-09:00 A; 09:10-10:00 A; 10:10-11:00 A", "t-a 08:10:00", NULL, NULL,
     "present 0; present 0; present 0"},
    {"not over a longer break", "08:10-09:00 A; 09:11-10:00 A", "t-a 08:10:00", NULL, NULL, "present 0; unreported 49"},
    {"not to another room", "08:10-09:00 A; 09:10-10:00 B", "t-a 08:10:00", NULL, NULL, "present 0; unreported 50"},
    {"not to another group", "08:10-09:00 A; 09:10-10:00 choice/A", "t-a 08:10:00", NULL, NULL,
     "present 0; unreported 50"},
    {"carried over from a mark", "08:10-09:00 A; 09:10-10:00 A", NULL, NULL, "L1 late 7", "late 7; present 0"},
    {"not when a mark says absent", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", NULL, "L1 unreported 50",
     "unreported 50; unreported 50"},
    {"reported goes before carried over", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", "reported 09:10-10:00", NULL,
     "present 0; reported 50"},
    {"a tap in the room goes to what is on there", "08:10-09:00 A; 08:20-09:00 choice/B", "t-b 08:22:00", NULL, NULL,
     "exempt 0; present 0"},
    {"room goes before time", "08:10-09:00 A; 09:05-10:00 choice/B", "t-b 08:55:00", NULL, NULL,
     "unreported 50; present 0"},
    {"elsewhere in school, the lesson that is on", "08:10-09:00 A", "t-b 08:12:00", NULL, NULL, "present 0"},
    {"what is to come waits while something is on", "08:10-09:00 A; 09:05-10:00 A", "t-a 08:10:00; t-b 08:55:00", NULL,
     NULL, "present 0; present 0"},
    {"nothing to come from another room while something is on", "08:10-09:00 A; 09:05-10:00 choice/A",
     "t-a 08:10:00; t-b 08:55:00", NULL, NULL, "present 0; unreported 55"},
    {"a repeat is the same tap", "08:10-09:00 A; 09:00-10:00 choice/A", "t-a 08:59:30; t-a 09:00:29", NULL, NULL,
     "unreported 49; unreported 60"},
    {"after repeat_s it is another", "08:10-09:00 A; 09:00-10:00 choice/A", "t-a 08:59:30; t-a 09:00:30", NULL, NULL,
     "unreported 49; present 0"},
    {"repeats are measured from the last that counted", "08:10-09:00 A; 09:00-10:00 choice/A",
     "t-a 08:59:00; t-a 08:59:50; t-a 09:00:20", NULL, NULL, "unreported 49; present 0"},
    {"a repeat at another terminal counts", "08:10-09:00 A; 09:00-10:00 choice/A", "t-a 08:59:30; t-a2 09:00:00", NULL,
     NULL, "unreported 49; present 0"},
    {"taps in any order", "08:10-09:00 A", "t-a 08:40:00; t-a 08:11:00", NULL, NULL, "present 0"},
    {"elsewhere at the same time", "08:10-09:00 A; 08:30-09:20 choice/B", "t-a 08:10:00", NULL, NULL,
     "present 0; exempt 0"},
    {"arrived there though a mark overrules", "08:10-09:00 A; 08:30-09:20 choice/B", "t-a 08:10:00", NULL,
     "L1 unreported 50", "unreported 50; exempt 0"},
    {"of several without a trace the first stands", "08:10-09:00 A; 08:30-09:20 choice/B; 09:10-10:00 A", NULL, NULL,
     NULL, "unreported 50; exempt 0; unreported 50"},
    {"a lesson with a status of its own is not before it", "08:10-09:00 A; 08:30-09:30 choice/B", NULL,
     "reported 08:00-08:45", NULL, "reported 50; unreported 60"},
    {"a room without a terminal", "08:10-09:00 forest", NULL, NULL, NULL, "unknown 0"},
    {"… where somebody came all the same", "08:10-09:00 forest", "t-b 08:10:00", NULL, NULL, "present 0"},
};

static void every_sentence_holds(void)
{
    static const char *const PUPILS[] = {"a"};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char got[256];
        reset(PUPILS, 1);
        give(add_lessons, CASES[i].lessons);
        give(add_taps, CASES[i].taps);
        give(add_absences, CASES[i].absences);
        give(add_marks, CASES[i].marks);
        schoolday_seal(facts, school);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        told(got, sizeof got);
        if (strcmp(got, CASES[i].expected) != 0)
            printf("# case \"%s\": %s, not %s\n", CASES[i].name, got, CASES[i].expected);
        CHECK(strcmp(got, CASES[i].expected) == 0);
    }
}

static void room_match_room_takes_no_tap_from_elsewhere(void)
{
    static const char *const PUPILS[] = {"a"};
    struct rollcall_settings settings = ROLLCALL_DEFAULTS;
    settings.room_match = ROOM_MATCH_ROOM;
    char got[256];
    reset(PUPILS, 1);
    give(add_lessons, "08:10-09:00 A; 10:00-11:00 B");
    give(add_taps, "t-b 08:10:00; t-b 09:50:00");
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &settings, ROLLCALL_ALL_CLOSED));
    told(got, sizeof got);
    CHECK(strcmp(got, "unreported 50; present 0") == 0);
}

static void outages_make_unknown(void)
{
    static const struct {
        const char *terminal;
        int from_s, to_s; /* from the start of the lesson */
        bool other_too;
        enum rollcall_doubt doubt;
    } OUTAGES[] = {
        {"t-b", 0, 120, false, ROLLCALL_KNOWN},           {"t-b", 0, 121, false, ROLLCALL_OUTAGE},
        {"t-b", -900, -479, false, ROLLCALL_OUTAGE},      {"t-b", -900, -480, false, ROLLCALL_KNOWN},
        {"t-b", 900 - 121, 3600, false, ROLLCALL_OUTAGE}, {"t-b", 900 - 120, 3600, false, ROLLCALL_KNOWN},
        {"t-a", 0, 600, false, ROLLCALL_KNOWN},           {"t-a", 0, 600, true, ROLLCALL_OUTAGE},
    };
    static const char *const PUPILS[] = {"a"};
    for (size_t i = 0; i < sizeof OUTAGES / sizeof *OUTAGES; i++) {
        int64_t start_ms = at_ms(8, 10, 0);
        reset(PUPILS, 1);
        give(add_lessons, OUTAGES[i].terminal[2] == 'a' ? "08:10-09:00 A" : "08:10-09:00 B");
        schoolday_add_outage(facts, school, text_of(OUTAGES[i].terminal), start_ms + OUTAGES[i].from_s * 1000,
                             start_ms + OUTAGES[i].to_s * 1000);
        if (OUTAGES[i].other_too)
            schoolday_add_outage(facts, school, text_of("t-a2"), INT64_MIN, INT64_MAX);
        schoolday_seal(facts, school);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        CHECK(rollcall->doubts[0] == OUTAGES[i].doubt);
        CHECK((rollcall->rows[0].outcome.status == STATUS_UNKNOWN) == (OUTAGES[i].doubt != ROLLCALL_KNOWN));
    }
}

/* Ten pupils, a silent lesson in A 08:10–09:00, one in B 10:00–11:00 at which `present` of them arrive. */
static void ten_pupils(int present_there, int present_here, int64_t now_ms)
{
    static const char *const PUPILS[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    reset(PUPILS, 10);
    give(add_lessons, "08:10-09:00 A; 10:00-11:00 B");
    for (int i = 0; i < 10; i++) {
        if (i < present_here)
            schoolday_add_tap(facts, school, text_of("t-a"), (uint64_t)i + 1, at_ms(8, 10, 0), 0);
        if (i < present_there && at_ms(9, 58, 0) <= now_ms)
            schoolday_add_tap(facts, school, text_of("t-b"), (uint64_t)i + 1, at_ms(9, 58, 0), 0);
    }
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, now_ms));
}

static void silent_terminal_is_doubted(void)
{
    ten_pupils(7, 2, ROLLCALL_ALL_CLOSED);
    CHECK(rollcall->doubts[0] == ROLLCALL_SILENT && rollcall->doubts[1] == ROLLCALL_KNOWN);
    ten_pupils(6, 2, ROLLCALL_ALL_CLOSED);
    CHECK(rollcall->doubts[0] == ROLLCALL_KNOWN);
    ten_pupils(7, 3, ROLLCALL_ALL_CLOSED);
    CHECK(rollcall->doubts[0] == ROLLCALL_KNOWN);
}

static void silence_counts_as_met_while_it_can_still_be(void)
{
    ten_pupils(0, 2, at_ms(9, 1, 0));
    CHECK(rollcall->row_count == 10 && rollcall->doubts[0] == ROLLCALL_SILENT_MAYBE);
    CHECK(rollcall->rows[9].outcome.status == STATUS_UNKNOWN);
    ten_pupils(0, 2, at_ms(11, 1, 0)); /* the last chance has gone, though the day is open */
    CHECK(rollcall->row_count == 20 && rollcall->doubts[0] == ROLLCALL_KNOWN && !rollcall->day_closed);
    ten_pupils(7, 2, at_ms(10, 30, 0));
    CHECK(rollcall->doubts[0] == ROLLCALL_SILENT);
}

static void lessons_and_day_close_in_their_time(void)
{
    ten_pupils(0, 0, at_ms(9, 0, 59));
    CHECK(rollcall->row_count == 0 && rollcall->next_ms == at_ms(9, 1, 0));
    ten_pupils(0, 0, at_ms(9, 1, 0));
    CHECK(rollcall->row_count == 10 && rollcall->lessons_closed == 1 && rollcall->next_ms == at_ms(11, 1, 0));
    ten_pupils(0, 0, at_ms(11, 1, 0));
    CHECK(rollcall->row_count == 20 && rollcall->next_ms == at_ms(11, 30, 0) && !rollcall->day_closed);
    ten_pupils(0, 0, at_ms(11, 30, 0));
    CHECK(rollcall->day_closed && rollcall->next_ms == INT64_MAX && rollcall->day_closes_ms == at_ms(11, 30, 0));
}

static void stray_taps_are_told_and_count_nowhere(void)
{
    static const char *const PUPILS[] = {"a", "b"};
    static const enum rollcall_stray_why WHYS[] = {ROLLCALL_STRAY_TWO_OWNERS, ROLLCALL_STRAY_NO_OWNER,
                                                   ROLLCALL_STRAY_EXPIRED, ROLLCALL_STRAY_TERMINAL};
    reset(PUPILS, 2);
    school->sealed = false;
    school_add_card(school, 1, text_of("b"), DAY, DAY);
    school_add_card(school, 77, text_of("b"), DAY + 1, CIVIL_DAY_NONE);
    school_seal(school);
    give(add_lessons, "08:10-09:00 A");
    schoolday_add_tap(facts, school, text_of("t-a"), 1, at_ms(8, 10, 0), 0);
    schoolday_add_tap(facts, school, text_of("t-a"), 99, at_ms(8, 10, 1), 1);
    schoolday_add_tap(facts, school, text_of("t-a"), 77, at_ms(8, 10, 2), 2);
    schoolday_add_tap(facts, school, text_of("t-gone"), 2, at_ms(8, 10, 3), 3);
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
    CHECK(rollcall->stray_count == 4);
    for (size_t i = 0; i < 4 && i < rollcall->stray_count; i++)
        CHECK(rollcall->strays[i].source == i && rollcall->strays[i].why == WHYS[i]);
    CHECK(rollcall->rows[0].outcome.status == STATUS_UNREPORTED &&
          rollcall->rows[1].outcome.status == STATUS_UNREPORTED);
}

/* 2,000 pupils with 6 lessons must cost a few milliseconds, for the daemon does it at every change of a date. */
static void whole_school_is_quick(void)
{
    enum { PUPILS = 2000, CLASS = 25, LESSONS = 6, ROUNDS = 20 };
    school_clear(school);
    char id[16], group[16];
    for (int i = 0; i < PUPILS; i++) {
        snprintf(id, sizeof id, "p%04d", i);
        snprintf(group, sizeof group, "c%d", i / CLASS);
        school_add_pupil(school, text_of(id), text_of(group), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
        school_add_member(school, text_of(group), text_of(id), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
        school_add_card(school, (uint64_t)i * 0x9E3779B97F4A7C15u, text_of(id), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
    }
    for (int i = 0; i < PUPILS / CLASS; i++) {
        snprintf(id, sizeof id, "t%d", i);
        school_add_terminal(school, text_of(id), text_of(id));
    }
    school_seal(school);
    schoolday_begin(facts, DAY);
    for (int i = 0; i < PUPILS / CLASS * LESSONS; i++) {
        char room[16];
        snprintf(id, sizeof id, "L%d", i);
        snprintf(group, sizeof group, "c%d", i / LESSONS);
        snprintf(room, sizeof room, "t%d", i / LESSONS);
        int start = 480 + i % LESSONS * 60;
        schoolday_add_lesson(facts, school, (uint32_t)i + 1, text_of(id), text_of(group), text_of("no"), text_of(room),
                             start, start + 50, false);
    }
    for (int i = 0; i < PUPILS * LESSONS; i++) {
        snprintf(id, sizeof id, "t%d", i / LESSONS / CLASS);
        schoolday_add_tap(facts, school, text_of(id), (uint64_t)(i / LESSONS) * 0x9E3779B97F4A7C15u,
                          at_ms(8, 0, 0) + i % LESSONS * 3600000 + i % 600 * 1000, 0);
    }
    schoolday_seal(facts, school);
    struct timespec before, after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    for (int i = 0; i < ROUNDS; i++)
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    long us = ((after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000) / ROUNDS;
    printf("# %zu rows in %ld us\n", rollcall->row_count, us);
    CHECK(rollcall->row_count == PUPILS * LESSONS);
    CHECK(us < 100000); /* a slow machine under a sanitiser; the figure to look at is printed above */
}

int main(void)
{
    school = school_open();
    facts = schoolday_open();
    rollcall = rollcall_open();
    TEST(every_sentence_holds);
    TEST(room_match_room_takes_no_tap_from_elsewhere);
    TEST(outages_make_unknown);
    TEST(silent_terminal_is_doubted);
    TEST(silence_counts_as_met_while_it_can_still_be);
    TEST(lessons_and_day_close_in_their_time);
    TEST(stray_taps_are_told_and_count_nowhere);
    TEST(whole_school_is_quick);
    rollcall_close(rollcall);
    schoolday_close(facts);
    school_close(school);
    return test_done();
}
