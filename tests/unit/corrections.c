/* What staff correct through the control socket, at its limits: each is refused with its number, or there is none. */
#include "daemon/commands/corrections.h"

#include "tests/control_rig.h"

enum { LESSONS = 1100, A_DATE = 3 }; /* of pupil 0 in a long absence, more than a school year has */

static bool tell(json_t *command)
{
    control_json(command);
    return strncmp(reply, "{\"ok\":true", 10) == 0;
}

static bool report(int32_t from_day, int32_t to_day)
{
    char from[CIVIL_UTC_BYTES], to[CIVIL_UTC_BYTES];
    civil_write_utc(civil_to_utc_ms(from_day, 0), from);
    civil_write_utc(civil_to_utc_ms(to_day, 0), to);
    return tell(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "do", "absence_report", "author", "kim", "pupil",
                          "pupil-00", "type", "reported", "from", from, "to", to));
}

#define LATEST(status)                                                                                   \
    "SELECT count(*) FROM mark m WHERE status = '" status "' AND NOT EXISTS (SELECT 1 FROM mark l WHERE" \
    " l.lesson = m.lesson AND l.rowid > m.rowid)"

static void a_long_absence_changes_every_mark(void)
{
    char text[512];
    begin();
    snprintf(text, sizeof text,
             "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)"
             " INSERT INTO lesson SELECT 1000 + i, 'long-' || i FROM n",
             LESSONS);
    run_sql(text);
    snprintf(text, sizeof text,
             "INSERT INTO lesson_version SELECT lesson, 'class-1', 'subject-0', 'room-1', %d + (lesson - 1000) / %d,"
             " 600 + 60 * (lesson %% %d), 640 + 60 * (lesson %% %d), 'held', 0, NULL FROM lesson WHERE lesson >= 1000",
             (int)today, A_DATE, A_DATE, A_DATE);
    run_sql(text);
    run_sql("INSERT INTO mark (lesson, pupil_id, status, absent_minutes, recorded_ms, known_from_ms, author)"
            " SELECT lesson, 'pupil-00', 'unreported', 40, 1, 1, 'kim' FROM lesson WHERE lesson >= 1000");
    CHECK(report(today, today + CORRECTION_DAYS_MAX - 1));
    CHECK(ask(LATEST("reported")) == LESSONS && ask(LATEST("unreported")) == 0);
    CHECK(tell(json_pack("{s:s, s:s, s:i}", "do", "absence_withdraw", "author", "kim", "absence", 1)));
    CHECK(ask(LATEST("unreported")) == LESSONS && ask(LATEST("reported")) == 0);
    stop();
}

static void an_absence_too_long_is_refused(void)
{
    begin();
    CHECK(report(today, today + CORRECTION_DAYS_MAX));
    CHECK(!report(today, today + CORRECTION_DAYS_MAX + 1) && strstr(reply, "at most 400 days") != NULL);
    CHECK(ask("SELECT count(*) FROM absence") == 1);
    stop();
}

static void too_many_marks_are_refused(void)
{
    json_t *marks = json_array();
    for (int i = 0; i <= CORRECTION_MARKS_MAX; i++)
        json_array_append_new(marks, json_pack("{s:s, s:s}", "pupil", "pupil-00", "status", "absent"));
    begin();
    CHECK(!tell(json_pack("{s:s, s:s, s:i, s:o}", "do", "marks", "author", "kim", "lesson", 1, "marks", marks)));
    CHECK(strstr(reply, "a list of 1 to 200") != NULL && ask("SELECT count(*) FROM mark") == 0);
    stop();
}

static void an_author_too_long_is_refused(void)
{
    static const char LONG[] = "12345678901234567890123456789012345678901234567890123456789012345"; /* 65 */
    begin();
    CHECK(!tell(json_pack("{s:s, s:s, s:i}", "do", "absence_withdraw", "author", LONG, "absence", 1)));
    CHECK(strstr(reply, "author, 1 to 64 bytes") != NULL);
    CHECK(!tell(json_pack("{s:s, s:s, s:i}", "do", "absence_withdraw", "author", LONG + 1, "absence", 1)));
    CHECK(strstr(reply, "no such absence") != NULL);
    stop();
}

#define FORGOTTEN(pupil, lessons) \
    json_pack("{s:s, s:s, s:s, s:o}", "do", "forgotten_card", "author", "kim", "pupil", pupil, "lessons", lessons)
#define NOT_FORGOTTEN json_pack("{s:s, s:s, s:s}", "do", "forgotten_card_undo", "author", "eva", "pupil", "pupil-00")

/* Lessons 1 and 2 are today's first of the two classes, 3 and 4 the second ones. */
static void a_forgotten_card_counts_until_it_is_taken_back(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 14);
    CHECK(ask(UNREPORTED) == 2);
    CHECK(!tell(FORGOTTEN("pupil-00", json_pack("[i]", 3))) && strstr(reply, "that have begun") != NULL);
    CHECK(!tell(FORGOTTEN("pupil-00", json_pack("[i, i]", 1, 2))) && strstr(reply, "not expected") != NULL);
    CHECK(!tell(FORGOTTEN("pupil-00", json_array())) && ask("SELECT count(*) FROM mark") == 0);
    CHECK(tell(FORGOTTEN("pupil-00", json_pack("[i]", 1))) && ask(UNREPORTED) == 1);
    CHECK(ask("SELECT count(*) FROM mark WHERE status = 'present' AND source = 'forgotten_card' AND author = 'kim'") ==
          1);
    CHECK(tell(NOT_FORGOTTEN) && ask(UNREPORTED) == 2);
    CHECK(ask("SELECT count(*) FROM mark WHERE ended_by = 'eva' AND known_to_ms = known_from_ms") == 1);
    CHECK(!tell(NOT_FORGOTTEN) && strstr(reply, "nothing of today") != NULL);
    stop();
}

static void a_roll_says_who_forgot_the_card(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 14);
    json_t *mark = json_pack("{s:s, s:s, s:s}", "pupil", "pupil-00", "status", "absent", "source", "forgotten_card");
    CHECK(!tell(json_pack("{s:s, s:s, s:i, s:[O]}", "do", "marks", "author", "kim", "lesson", 1, "marks", mark)));
    CHECK(strstr(reply, "source can only be forgotten_card") != NULL);
    json_object_set_new(mark, "status", json_string("present"));
    CHECK(tell(json_pack("{s:s, s:s, s:i, s:[o]}", "do", "marks", "author", "kim", "lesson", 1, "marks", mark)));
    CHECK(ask("SELECT count(*) FROM mark WHERE source = 'forgotten_card'") == 1 && ask(UNREPORTED) == 1);
    CHECK(tell(NOT_FORGOTTEN) && ask(UNREPORTED) == 2);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("corrections", LOG_WARN);
    TEST(a_long_absence_changes_every_mark);
    TEST(an_absence_too_long_is_refused);
    TEST(too_many_marks_are_refused);
    TEST(an_author_too_long_is_refused);
    TEST(a_forgotten_card_counts_until_it_is_taken_back);
    TEST(a_roll_says_who_forgot_the_card);
    return test_done();
}
