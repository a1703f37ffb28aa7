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
    bool gate;            /* the school has an entrance, t-g */
};

#define DAY civil_day(2026, 11, 2)

static int64_t at_ms(int hour, int minute, int second)
{
    return civil_to_utc_ms(DAY, ((hour * 60 + minute) * 60 + second) * 1000);
}

static const char *place(const char *terminal, const char *room, bool entrance)
{
    return school_add_place(school, text_of(terminal), text_of(room), entrance, CIVIL_DAY_NONE, CIVIL_DAY_NONE);
}

static void reset(const char *const *pupils, size_t count)
{
    school_clear(school);
    for (size_t i = 0; i < count; i++) {
        struct text id = text_of(pupils[i]);
        CHECK(school_add_period(school, id, text_of("7A"), text_of("7"), CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
        CHECK(school_add_member(school, text_of("7A"), id, CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
        CHECK(school_add_member(school, text_of("choice"), id, CIVIL_DAY_NONE, CIVIL_DAY_NONE) == NULL);
        CHECK(school_add_card(school, i + 1, id, INT64_MIN, INT64_MAX) == NULL);
    }
    CHECK(place("t-a", "A", false) == NULL && place("t-a2", "A", false) == NULL && place("t-b", "B", false) == NULL);
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
        CHECK(schoolday_add_tap(facts, school, text_of(terminal), 1, at_ms(h, m, s)) == NULL);
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
    {"in time", "08:10-09:00 A", "t-a 08:10:00", NULL, NULL, "present 0", false},
    {"the first from first_early_min on", "08:10-09:00 A", "t-a 07:25:00", NULL, NULL, "present 0", false},
    {"not a second before that", "08:10-09:00 A", "t-a 07:24:59", NULL, NULL, "unreported 50", false},
    {"a later one from early_min on", "08:10-09:00 A; 10:00-10:50 B", "t-b 09:40:00", NULL, NULL,
     "unreported 50; present 0", false},
    {"not a second before that, either", "08:10-09:00 A; 10:00-10:50 B", "t-b 09:39:59", NULL, NULL,
     "unreported 50; unreported 50", false},
    {"not at the end", "08:10-09:00 A", "t-a 09:00:00", NULL, NULL, "unreported 50", false},
    {"within grace, minutes rounded down", "08:10-09:00 A", "t-a 08:15:59", NULL, NULL, "present 0", false},
    {"late", "08:10-09:00 A", "t-a 08:16:00", NULL, NULL, "late 6", false},
    {"half of the lesson is still late", "08:10-09:00 A", "t-a 08:35:59", NULL, NULL, "late 25", false},
    {"more than half is an absence in part", "08:10-09:00 A", "t-a 08:36:00", NULL, NULL, "unreported 26", false},
    {"late_max_min is still late", "08:00-09:20 A", "t-a 08:30:59", NULL, NULL, "late 30", false},
    {"more than late_max_min", "08:00-09:20 A", "t-a 08:31:00", NULL, NULL, "unreported 31", false},
    {"half of what was missed is reported", "08:10-09:00 A", "t-a 08:40:00", "reported 08:00-08:25", NULL,
     "reported 30", false},
    {"less than half of it", "08:10-09:00 A", "t-a 08:40:00", "reported 08:00-08:24", NULL, "unreported 30", false},
    {"leave before reported", "08:10-09:00 A", "t-a 08:30:00", "reported 08:00-10:00; leave 08:00-10:00", NULL,
     "leave 20", false},
    {"half of the lesson reported", "08:10-09:00 A", NULL, "reported 08:35-12:00", NULL, "reported 50", false},
    {"less than half reported", "08:10-09:00 A", NULL, "reported 08:36-12:00", NULL, "unreported 50", false},
    {"absences of one type are united", "08:10-09:00 A", NULL,
     "reported 08:00-08:20; reported 08:15-08:25; reported 08:50-09:00", NULL, "reported 50", false},
    {"the two types are never added", "08:10-09:00 A", NULL, "reported 08:10-08:30; leave 08:30-08:50", NULL,
     "unreported 50", false},
    {"a mark comes first", "08:10-09:00 A", "t-a 08:10:00", "leave 08:00-10:00", "L1 unreported 50", "unreported 50",
     false},
    {"the latest mark", "08:10-09:00 A", NULL, NULL, "L1 late 9 2; L1 late 8 1", "late 9", false},
    {"of equal ones the later row", "08:10-09:00 A", NULL, NULL, "L1 late 9 2; L1 late 8 2", "late 8", false},
    {"present and unknown have no minutes", "08:10-09:00 A; 09:10-10:00 A", NULL, NULL, "L1 present 9; L2 unknown 9",
     "present 0; unknown 0", false},
    {"a mark that no teacher can give is none", "08:10-09:00 A", NULL, NULL, "L1 late 9 1; L1 exempt 0 2", "late 9",
     false},
    {"carried over in the same room", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", NULL, NULL,
     "present 0; present 0", false},
    {"carried on and on", "08:10-09:00 A; 09:10-10:00 A; 10:10-11:00 A", "t-a 08:10:00", NULL, NULL,
     "present 0; present 0; present 0", false},
    {"carried over a late tap, too", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00; t-a 09:30:00", NULL, NULL,
     "present 0; present 0", false},
    {"presence follows the arrival, not its label", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:40:00", NULL, NULL,
     "unreported 30; present 0", false},
    {"not over a longer break", "08:10-09:00 A; 09:11-10:00 A", "t-a 08:10:00", NULL, NULL, "present 0; unreported 49",
     false},
    {"over what another group had between", "08:10-09:00 A; 09:00-09:05 choice/B; 09:10-10:00 A", "t-a 08:10:00", NULL,
     NULL, "present 0; unreported 5; present 0", false},
    {"not to another room", "08:10-09:00 A; 09:10-10:00 B", "t-a 08:10:00", NULL, NULL, "present 0; unreported 50",
     false},
    {"not to another group", "08:10-09:00 A; 09:10-10:00 choice/A", "t-a 08:10:00", NULL, NULL,
     "present 0; unreported 50", false},
    {"carried over from a mark", "08:10-09:00 A; 09:10-10:00 A", NULL, NULL, "L1 late 7", "late 7; present 0", false},
    {"and from one that misses but a part", "08:10-09:00 A; 09:10-10:00 A", NULL, NULL, "L1 unreported 49",
     "unreported 49; present 0", false},
    {"not when a mark says absent", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", NULL, "L1 unreported 50",
     "unreported 50; unreported 50", false},
    {"nor when it says unknown", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", NULL, "L1 unknown 0",
     "unknown 0; unreported 50", false},
    {"reported goes before carried over", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00", "reported 09:10-09:35", NULL,
     "present 0; reported 50", false},
    {"unless the pupil came to this one, too", "08:10-09:00 A; 09:10-10:00 A", "t-a 08:10:00; t-a 09:10:00",
     "reported 09:10-09:35", NULL, "present 0; present 0", false},
    {"not carried over from where the pupil went", "08:10-09:00 A; 09:10-10:00 A; 09:20-10:00 choice/B",
     "t-a 08:10:00; t-b 09:20:00", NULL, NULL, "present 0; exempt 0; present 0", false},
    {"a tap in the room goes to what is on there", "08:10-09:00 A; 08:20-09:00 choice/B", "t-b 08:22:00", NULL, NULL,
     "exempt 0; present 0", false},
    {"room goes before time", "08:10-09:00 A; 09:05-10:00 choice/B", "t-b 08:55:00", NULL, NULL,
     "unreported 50; present 0", false},
    {"elsewhere in school, the lesson that is on", "08:10-09:00 A", "t-b 08:12:00", NULL, NULL, "present 0", false},
    {"what is to come waits while something is on", "08:10-09:00 A; 09:05-10:00 A", "t-a 08:10:00; t-b 08:55:00", NULL,
     NULL, "present 0; present 0", false},
    {"nothing to come from another room while something is on", "08:10-09:00 A; 09:05-10:00 choice/A",
     "t-a 08:10:00; t-b 08:55:00", NULL, NULL, "present 0; unreported 55", false},
    {"leaving is no arrival", "08:10-09:00 A; 09:10-10:00 B", "t-a 08:10:00; t-a 09:01:00", NULL, NULL,
     "present 0; unreported 50", false},
    {"who was not there does not leave", "08:10-09:00 A; 09:10-10:00 B", "t-a 09:01:00", NULL, NULL,
     "unreported 50; present 0", false},
    {"leaving for early_min after the end", "08:10-09:00 A; 09:30-10:20 B", "t-a 08:10:00; t-a 09:19:59", NULL, NULL,
     "present 0; unreported 50", false},
    {"and no longer", "08:10-09:00 A; 09:30-10:20 B", "t-a 08:10:00; t-a 09:20:00", NULL, NULL, "present 0; present 0",
     false},
    {"leaving what goes on from another", "08:10-09:00 A; 09:00-09:40 A; 09:50-10:20 B", "t-a 08:10:00; t-a 09:41:00",
     NULL, NULL, "present 0; present 0; unreported 30", false},
    {"a repeat is the same tap", "08:10-09:00 A; 09:00-10:00 choice/A", "t-a 08:59:30; t-a 09:00:29", NULL, NULL,
     "unreported 49; unreported 60", false},
    {"after repeat_s it is another", "08:10-09:00 A; 09:00-10:00 choice/A", "t-a 08:59:30; t-a 09:00:30", NULL, NULL,
     "unreported 49; present 0", false},
    {"repeats are measured from the last that a lesson took", "08:10-09:00 A; 09:00-10:00 choice/A",
     "t-a 08:59:00; t-a 08:59:50; t-a 09:00:20", NULL, NULL, "unreported 49; present 0", false},
    {"not from one that none took", "08:10-09:00 A", "t-a 07:24:30; t-a 07:25:10", NULL, NULL, "present 0", false},
    {"a repeat at another terminal counts", "08:10-09:00 A; 09:00-10:00 choice/A", "t-a 08:59:30; t-a2 09:00:00", NULL,
     NULL, "unreported 49; present 0", false},
    {"taps in any order", "08:10-09:00 A", "t-a 08:40:00; t-a 08:11:00", NULL, NULL, "present 0", false},
    {"a parallel lesson", "08:10-09:00 A; 08:30-09:20 choice/B", "t-a 08:10:00", NULL, NULL, "present 0; exempt 0",
     false},
    {"half of the shorter one is not parallel", "08:10-09:00 A; 08:40-09:20 choice/B", "t-a 08:10:00", NULL, NULL,
     "present 0; unreported 40", false},
    {"parallel to one that a mark decides", "08:10-09:00 A; 08:30-09:20 choice/B", "t-a 08:10:00", NULL,
     "L1 unreported 50", "unreported 50; exempt 0", false},
    {"of several without a trace the first stands", "08:10-09:00 A; 08:30-09:20 choice/B; 09:10-10:00 A", NULL, NULL,
     NULL, "unreported 50; exempt 0; unreported 50", false},
    {"the choice comes before the absence", "08:10-09:00 A; 08:30-09:30 choice/B", NULL, "reported 08:00-08:45", NULL,
     "reported 50; exempt 0", false},
    {"the one that nobody can know of is asked for", "08:10-09:00 A; 08:20-09:00 choice/forest", NULL, NULL, NULL,
     "exempt 0; unknown 0", false},
    {"a room without a terminal", "08:10-09:00 forest", NULL, NULL, NULL, "unknown 0", false},
    {"… where somebody came all the same", "08:10-09:00 forest", "t-b 08:10:00", NULL, NULL, "present 0", false},
    {"a day of which nobody knows the rest", "08:10-09:00 forest; 10:00-10:50 A", NULL, NULL, NULL,
     "unknown 0; unknown 0", false},
    {"not when one of the others is known", "08:10-09:00 forest; 10:00-10:50 A; 11:00-11:50 B", NULL, NULL, NULL,
     "unknown 0; unreported 50; unreported 50", false},
    {"leave counts as nothing else", "08:10-09:00 forest; 10:00-10:50 A; 11:00-11:50 B", NULL, "leave 11:00-12:00",
     NULL, "unknown 0; unknown 0; leave 50", false},
    {"in by the entrance", "08:10-09:00 A; 10:00-10:50 B", "t-g 07:40:00", NULL, NULL, "present 0; unreported 50",
     true},
    {"the entrance counts until the first arrival", "08:10-09:00 A; 09:10-10:00 B", "t-a 08:10:00; t-g 09:05:00", NULL,
     NULL, "present 0; unreported 50", true},
    {"and again after an absence", "08:10-09:00 A; 09:10-10:00 B", "t-a 08:10:00; t-g 09:15:00", "reported 08:30-09:10",
     NULL, "present 0; present 0", true},
    {"not after one that began before the arrival", "08:10-09:00 A; 09:10-10:00 B", "t-a 08:10:00; t-g 09:15:00",
     "reported 08:10-08:15", NULL, "present 0; unreported 50", true},
    {"whoever did not come in is not in the forest", "08:10-09:00 forest", NULL, NULL, NULL, "unreported 50", true},
    {"of whoever did nobody knows", "08:10-09:00 A; 10:00-10:50 forest", "t-g 07:40:00", NULL, NULL,
     "present 0; unknown 0", true},
};

static void every_sentence_holds(void)
{
    static const char *const PUPILS[] = {"a"};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char got[256];
        reset(PUPILS, 1);
        if (CASES[i].gate) {
            school->sealed = false;
            CHECK(place("t-g", "hall", true) == NULL);
            school_seal(school);
        }
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

static void carry_over_match_room_takes_any_group(void)
{
    static const char *const PUPILS[] = {"a"};
    struct rollcall_settings settings = ROLLCALL_DEFAULTS;
    settings.carry_over_match = CARRY_OVER_MATCH_ROOM;
    char got[256];
    reset(PUPILS, 1);
    give(add_lessons, "08:10-09:00 A; 09:10-10:00 choice/A");
    give(add_taps, "t-a 08:10:00");
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &settings, ROLLCALL_ALL_CLOSED));
    told(got, sizeof got);
    CHECK(strcmp(got, "present 0; present 0") == 0);
}

/* Room A has two terminals, of which one is enough; B has one. From early_min (20) before the start to 15 after it. */
static void outages_make_unknown(void)
{
    static const struct {
        const char *room;
        int from_s, to_s;             /* of t-b, or of t-a, from the start of the lesson */
        int other_from_s, other_to_s; /* of t-a2 */
        enum rollcall_doubt doubt;
    } OUTAGES[] = {
        {"B", 0, 120, 0, 0, ROLLCALL_KNOWN},        {"B", 0, 121, 0, 0, ROLLCALL_OUTAGE},
        {"B", -1300, -1079, 0, 0, ROLLCALL_OUTAGE}, {"B", -1300, -1080, 0, 0, ROLLCALL_KNOWN},
        {"B", 779, 3600, 0, 0, ROLLCALL_OUTAGE},    {"B", 780, 3600, 0, 0, ROLLCALL_KNOWN},
        {"A", 0, 600, 0, 0, ROLLCALL_KNOWN},        {"A", 0, 600, 0, 600, ROLLCALL_OUTAGE},
        {"A", 0, 600, 480, 900, ROLLCALL_KNOWN},    {"A", 0, 600, 479, 900, ROLLCALL_OUTAGE},
        {"A", -600, 0, 0, 900, ROLLCALL_KNOWN},
    };
    static const char *const PUPILS[] = {"a"};
    for (size_t i = 0; i < sizeof OUTAGES / sizeof *OUTAGES; i++) {
        int64_t start_ms = at_ms(8, 10, 0);
        bool two = OUTAGES[i].room[0] == 'A';
        reset(PUPILS, 1);
        give(add_lessons, two ? "08:10-09:00 A" : "08:10-09:00 B");
        schoolday_add_outage(facts, school, text_of(two ? "t-a" : "t-b"), start_ms + OUTAGES[i].from_s * 1000,
                             start_ms + OUTAGES[i].to_s * 1000);
        schoolday_add_outage(facts, school, text_of("t-a2"), start_ms + OUTAGES[i].other_from_s * 1000,
                             start_ms + OUTAGES[i].other_to_s * 1000);
        schoolday_seal(facts, school);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        CHECK(rollcall->doubts[0] == OUTAGES[i].doubt && rollcall->rows[0].doubt == OUTAGES[i].doubt);
        CHECK((rollcall->rows[0].outcome.status == STATUS_UNKNOWN) == (OUTAGES[i].doubt != ROLLCALL_KNOWN));
    }
}

static const char *const TWENTY[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
                                     "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"};

/* The first `count` pupils, of whom the first `there` arrive in A at the minute and second; taken at now_ms. */
static void class_arrives(int count, const char *lessons, int there, int minute, int64_t now_ms)
{
    reset(TWENTY, (size_t)count);
    give(add_lessons, lessons);
    for (int i = 0; i < there; i++)
        schoolday_add_tap(facts, school, text_of("t-a"), (uint64_t)i + 1, at_ms(8, minute, i));
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, now_ms));
}

static void silent_lesson_was_not_taken(void)
{
    static const struct {
        int pupils, there;
        enum rollcall_doubt doubt;
    } SILENT[] = {
        {2, 0, ROLLCALL_KNOWN},         {3, 0, ROLLCALL_SILENT_LESSON}, {4, 1, ROLLCALL_KNOWN},
        {5, 1, ROLLCALL_SILENT_LESSON}, {5, 2, ROLLCALL_KNOWN},         {10, 2, ROLLCALL_SILENT_LESSON},
        {10, 3, ROLLCALL_KNOWN},
    };
    for (size_t i = 0; i < sizeof SILENT / sizeof *SILENT; i++) {
        class_arrives(SILENT[i].pupils, "08:10-09:00 A", SILENT[i].there, 10, ROLLCALL_ALL_CLOSED);
        CHECK(rollcall->doubts[0] == SILENT[i].doubt);
        CHECK(rollcall->rows[SILENT[i].pupils - 1].doubt == SILENT[i].doubt);
        CHECK(SILENT[i].there == 0 || rollcall->rows[0].outcome.status == STATUS_PRESENT);
    }
}

/* Ten groups of two, each with a lesson of its own: none can be silent for itself. */
static void silent_school_was_shut(void)
{
    for (int there = 1; there <= 2; there++) {
        school_clear(school);
        CHECK(place("t-a", "A", false) == NULL);
        for (size_t i = 0; i < 20; i++) {
            char group[8];
            snprintf(group, sizeof group, "g%zu", i / 2);
            school_add_period(school, text_of(TWENTY[i]), text_of("7A"), text_of("7"), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
            school_add_member(school, text_of(group), text_of(TWENTY[i]), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
            school_add_card(school, i + 1, text_of(TWENTY[i]), INT64_MIN, INT64_MAX);
        }
        school_seal(school);
        schoolday_begin(facts, DAY);
        for (uint32_t i = 0; i < 10; i++) {
            char id[8];
            snprintf(id, sizeof id, "g%u", i);
            schoolday_add_lesson(facts, school, i + 1, text_of(id), text_of(id), text_of("no"), text_of("A"), 490, 540,
                                 false);
        }
        for (int i = 0; i < there; i++)
            schoolday_add_tap(facts, school, text_of("t-a"), (uint64_t)i + 1, at_ms(8, 10, 0));
        schoolday_seal(facts, school);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        CHECK(rollcall->row_count == 20 && rollcall->rows[0].outcome.status == STATUS_PRESENT);
        CHECK(rollcall->rows[19].doubt == (there == 1 ? ROLLCALL_SILENT_SCHOOL : ROLLCALL_KNOWN));
    }
}

static void class_that_comes_late_begins_late(void)
{
    static const struct {
        int there, minute;
        enum status status;
    } LATE[] = {{4, 22, STATUS_PRESENT}, {4, 16, STATUS_PRESENT}, {3, 22, STATUS_LATE}, {4, 15, STATUS_PRESENT}};
    for (size_t i = 0; i < sizeof LATE / sizeof *LATE; i++) {
        class_arrives(4, "08:10-09:00 A", LATE[i].there, LATE[i].minute, ROLLCALL_ALL_CLOSED);
        CHECK(rollcall->rows[0].outcome.status == LATE[i].status && rollcall->rows[2].outcome.status == LATE[i].status);
    }
    /* One of them came when the others had begun. */
    reset(TWENTY, 5);
    give(add_lessons, "08:10-09:00 A");
    for (int i = 0; i < 5; i++)
        schoolday_add_tap(facts, school, text_of("t-a"), (uint64_t)i + 1, at_ms(8, i < 4 ? 22 : 30, 0));
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
    CHECK(rollcall->rows[4].outcome.status == STATUS_LATE && rollcall->rows[4].outcome.absent_minutes == 8);
}

/* A lesson that goes on from one with an outage: who sat there does not tap again, unless half of the class does. */
static void after_the_unknown_comes_the_unknown(void)
{
    for (int there = 0; there <= 2; there++) {
        reset(TWENTY, 3);
        give(add_lessons, "08:10-09:00 B; 09:10-10:00 B");
        schoolday_add_outage(facts, school, text_of("t-b"), at_ms(8, 10, 0), at_ms(8, 20, 0));
        for (int i = 0; i < there; i++)
            schoolday_add_tap(facts, school, text_of("t-b"), (uint64_t)i + 1, at_ms(9, 10, 0));
        schoolday_seal(facts, school);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        CHECK(rollcall->rows[4].outcome.status == STATUS_UNKNOWN && rollcall->rows[4].doubt == ROLLCALL_OUTAGE);
        /* With two of three there, all else of the third's day is unknown, which is a reason of its own. */
        static const enum rollcall_doubt DOUBTS[] = {ROLLCALL_SILENT_LESSON, ROLLCALL_AFTER_UNKNOWN,
                                                     ROLLCALL_SILENT_DAY};
        CHECK(rollcall->rows[5].doubt == DOUBTS[there]);
    }
}

static void facts_count_from_their_dates(void)
{
    school_clear(school);
    school_add_period(school, text_of("a"), text_of("7A"), text_of("7"), CIVIL_DAY_NONE, DAY - 1);
    school_add_period(school, text_of("a"), text_of("7B"), text_of("7"), DAY, CIVIL_DAY_NONE);
    school_add_period(school, text_of("b"), text_of("9A"), text_of("7"), CIVIL_DAY_NONE, DAY - 1);
    school_add_member(school, text_of("7A"), text_of("a"), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
    school_add_member(school, text_of("7A"), text_of("b"), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
    school_add_card(school, 1, text_of("a"), at_ms(8, 0, 0), at_ms(9, 0, 0));
    school_add_card(school, 1, text_of("b"), INT64_MIN, INT64_MAX); /* who has left */
    school_add_place(school, text_of("t-a"), text_of("A"), false, CIVIL_DAY_NONE, DAY - 1);
    school_add_place(school, text_of("t-a"), text_of("B"), false, DAY, CIVIL_DAY_NONE);
    school_seal(school);
    schoolday_begin(facts, DAY);
    give(add_lessons, "08:10-08:50 A; 08:50-09:50 B");
    give(add_taps, "t-a 08:59:00; t-a 09:00:00");
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
    CHECK(rollcall->row_count == 2 && text_equal(school_class(school, 0, DAY), text_of("7B")));
    CHECK(rollcall->rows[0].doubt == ROLLCALL_NO_COVER);
    CHECK(rollcall->rows[1].outcome.status == STATUS_LATE && rollcall->rows[1].outcome.absent_minutes == 9);
    CHECK(rollcall->stray_count == 1 && rollcall->strays[0].why == ROLLCALL_STRAY_LEFT);
}

static void lessons_and_day_close_in_their_time(void)
{
    static const char TWO[] = "08:10-09:00 A; 10:00-11:00 B";
    class_arrives(10, TWO, 0, 0, at_ms(9, 0, 59));
    CHECK(rollcall->row_count == 0 && rollcall->next_ms == at_ms(9, 1, 0));
    class_arrives(10, TWO, 0, 0, at_ms(9, 1, 0));
    CHECK(rollcall->row_count == 10 && rollcall->lessons_closed == 1 && rollcall->next_ms == at_ms(11, 1, 0));
    class_arrives(10, TWO, 0, 0, at_ms(11, 1, 0));
    CHECK(rollcall->row_count == 20 && rollcall->next_ms == at_ms(11, 30, 0) && !rollcall->day_closed);
    class_arrives(10, TWO, 0, 0, at_ms(11, 30, 0));
    CHECK(rollcall->day_closed && rollcall->next_ms == INT64_MAX && rollcall->day_closes_ms == at_ms(11, 30, 0));
}

/* Twenty minutes to either side of a lesson, three quarters of an hour before the first one. */
static void taps_without_a_lesson_are_told(void)
{
    static const char *const PUPILS[] = {"a"};
    reset(PUPILS, 1);
    school->sealed = false;
    school_add_place(school, text_of("t-in"), text_of("Hall"), true, CIVIL_DAY_NONE, CIVIL_DAY_NONE);
    school_seal(school);
    give(add_lessons, "08:10-09:00 A; 10:00-11:00 A");
    give(add_taps, "t-a 07:24:59; t-a 07:25:00; t-a 09:19:59; t-a 09:20:00; t-a 09:39:59; t-a 09:40:00; t-a 11:20:00;"
                   " t-in 20:00:00");
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
    static const uint32_t TOLD[] = {0, 3, 4, 6};
    CHECK(rollcall->stray_count == 4);
    for (size_t i = 0; i < 4 && i < rollcall->stray_count; i++)
        CHECK(rollcall->strays[i].tap == TOLD[i] && rollcall->strays[i].why == ROLLCALL_STRAY_NO_LESSON);
    CHECK(rollcall->rows[0].by == ROLLCALL_BY_ARRIVAL && rollcall->rows[1].by == ROLLCALL_BY_ARRIVAL);
}

static void stray_taps_are_told_and_count_nowhere(void)
{
    static const char *const PUPILS[] = {"a", "b"};
    static const enum rollcall_stray_why WHYS[] = {ROLLCALL_STRAY_TWO, ROLLCALL_STRAY_UNKNOWN_CARD,
                                                   ROLLCALL_STRAY_NOT_NOW, ROLLCALL_STRAY_TERMINAL};
    reset(PUPILS, 2);
    school->sealed = false;
    school_add_card(school, 1, text_of("b"), school_from_ms(DAY), school_to_ms(DAY));
    school_add_card(school, 77, text_of("b"), school_from_ms(DAY + 1), INT64_MAX);
    school_seal(school);
    give(add_lessons, "08:10-09:00 A");
    schoolday_add_tap(facts, school, text_of("t-a"), 1, at_ms(8, 10, 0));
    schoolday_add_tap(facts, school, text_of("t-a"), 99, at_ms(8, 10, 1));
    schoolday_add_tap(facts, school, text_of("t-a"), 77, at_ms(8, 10, 2));
    schoolday_add_tap(facts, school, text_of("t-gone"), 2, at_ms(8, 10, 3));
    schoolday_seal(facts, school);
    CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
    CHECK(rollcall->stray_count == 4);
    for (size_t i = 0; i < 4 && i < rollcall->stray_count; i++)
        CHECK(rollcall->strays[i].tap == i && rollcall->strays[i].why == WHYS[i]);
    /* Either of the two may have been there. */
    CHECK(rollcall->rows[0].doubt == ROLLCALL_DOUBTFUL_CARD && rollcall->rows[1].doubt == ROLLCALL_DOUBTFUL_CARD);
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
        school_add_period(school, text_of(id), text_of(group), text_of("7"), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
        school_add_member(school, text_of(group), text_of(id), CIVIL_DAY_NONE, CIVIL_DAY_NONE);
        school_add_card(school, (uint64_t)i * 0x9E3779B97F4A7C15u, text_of(id), INT64_MIN, INT64_MAX);
    }
    for (int i = 0; i < PUPILS / CLASS; i++) {
        snprintf(id, sizeof id, "t%d", i);
        place(id, id, false);
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
                          at_ms(8, 0, 0) + i % LESSONS * 3600000 + i % 600 * 1000);
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
    TEST(carry_over_match_room_takes_any_group);
    TEST(outages_make_unknown);
    TEST(silent_lesson_was_not_taken);
    TEST(silent_school_was_shut);
    TEST(class_that_comes_late_begins_late);
    TEST(after_the_unknown_comes_the_unknown);
    TEST(facts_count_from_their_dates);
    TEST(lessons_and_day_close_in_their_time);
    TEST(taps_without_a_lesson_are_told);
    TEST(stray_taps_are_told_and_count_nowhere);
    TEST(whole_school_is_quick);
    rollcall_close(rollcall);
    schoolday_close(facts);
    school_close(school);
    return test_done();
}
