#include "tests/simulation/world.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "daemon/commands/control.h"

static const char *lesson_state(void)
{
    return chance(3) == 0 ? "cancelled" : "held";
}

static void write_time(char out[CIVIL_UTC_BYTES], int64_t utc_ms)
{
    civil_write_utc(utc_ms, out);
}

/* Lesson number `number` is the facts': days in order, a lesson's two groups one after the other. */
static int lesson_number(int32_t day, int lesson, int group)
{
    return (day - sim.first_day) * FACTS_LESSONS * 2 + lesson * 2 + group;
}

struct paper {
    const char *file;
    char text[512];
    struct correction says;
};

static void write_mark(struct paper *paper, int32_t day, int pupil)
{
    static const enum status MARKED[] = {STATUS_PRESENT, STATUS_LATE, STATUS_REPORTED, STATUS_LEAVE, STATUS_UNREPORTED};
    char now[CIVIL_UTC_BYTES];
    enum status status = MARKED[chance(5)];
    int lesson = lesson_number(day, (int)chance(FACTS_LESSONS), 1 + pupil % 2);
    write_time(now, sim.now_ms);
    paper->file = "marks.csv";
    paper->says =
        (struct correction){.pupil = pupil, .day = day, .lesson = lesson, .recorded_ms = sim.now_ms, .status = status};
    snprintf(paper->text, sizeof paper->text,
             "lesson_id,pupil_id,status,absent_minutes,recorded_at\nlesson-%d,pupil-%02d,%s,%d,%s\n", lesson, pupil,
             STATUS_WORDS[status],
             status == STATUS_PRESENT ? 0
             : status == STATUS_LATE  ? 5
                                      : 10,
             now);
}

static void write_absence(struct paper *paper, int32_t day, int pupil)
{
    char from[CIVIL_UTC_BYTES], to[CIVIL_UTC_BYTES];
    bool leave = chance(3) == 0;
    write_time(from, civil_to_utc_ms(day, 0));
    write_time(to, civil_to_utc_ms(day + 1, 0));
    paper->file = "absences.csv";
    paper->says = (struct correction){.pupil = pupil, .day = day, .status = leave ? STATUS_LEAVE : STATUS_REPORTED};
    snprintf(paper->text, sizeof paper->text, "pupil_id,from,to,type\npupil-%02d,%s,%s,%s\n", pupil, from, to,
             leave ? "leave" : "reported");
}

static void write_timetable(struct paper *paper, int32_t day)
{
    char date[CIVIL_DATE_BYTES];
    int lesson = (int)chance(FACTS_LESSONS), group = 1 + (int)chance(2),
        start = FACTS_START_MINUTE + lesson * FACTS_APART_MIN;
    civil_write_date(day, date);
    paper->file = "lessons.csv";
    paper->says = (struct correction){.pupil = -1, .day = day, .lesson = lesson_number(day, lesson, group)};
    snprintf(paper->text, sizeof paper->text,
             "lesson_id,group_id,subject,room,date,start,end,state\n"
             "lesson-%d,class-%d,subject-%d,room-%d,%s,%02d:%02d,%02d:%02d,%s\n",
             paper->says.lesson, group, start % 2, group, date, start / 60, start % 60, (start + FACTS_LENGTH_MIN) / 60,
             (start + FACTS_LENGTH_MIN) % 60, lesson_state());
}

/* True when the daemon says that it is done. */
static bool hand_in(const struct paper *paper, bool commit)
{
    static char reply[LOCAL_REPLY_BYTES];
    char text[256];
    snprintf(text, sizeof text, "{\"do\":\"import\",\"commit\":%s,\"files\":[\"%s\"]}", commit ? "true" : "false",
             paper->file);
    int fd = memfd_create("paper", 0);
    bool written = fd >= 0 && write(fd, paper->text, strlen(paper->text)) == (ssize_t)strlen(paper->text);
    assert(written && lseek(fd, 0, SEEK_SET) == 0);
    (void)written;
    struct local_request request = {.text = text, .length = strlen(text), .files = {fd}, .file_count = 1};
    sim.daemon_works = true;
    size_t length = control_answer(sim.daemon, &request, reply, sizeof reply);
    sim.daemon_works = false;
    close(fd);
    trace(reply, length);
    return !daemon_failed(sim.daemon) && length > 0 && memmem(reply, length, "\"ok\":true", 9) != NULL;
}

static int64_t facts_known(void)
{
    return host_ask("SELECT (SELECT count(*) FROM mark) + 1000 * (SELECT count(*) FROM absence)"
                    " + 1000000 * (SELECT count(*) FROM lesson_version)");
}

static void check_dry_run(const struct paper *paper)
{
    int64_t before = facts_known();
    hand_in(paper, false);
    sim.dry_runs_that_changed += !daemon_failed(sim.daemon) && facts_known() != before;
    struct paper nonsense = {.file = "marks.csv"};
    snprintf(nonsense.text, sizeof nonsense.text,
             "lesson_id,pupil_id,status,absent_minutes,recorded_at\n"
             "lesson-1,pupil-00,present,0,2026-08-17T08:00:00Z\n"
             "lesson-1,nobody,present,0,2026-08-17T08:00:00Z\n");
    sim.dry_runs_that_changed += hand_in(&nonsense, true);
    sim.dry_runs_that_changed += !daemon_failed(sim.daemon) && facts_known() != before;
}

/* A correction of today or of a day of the last week, in the middle of everything else. */
void office_work(int32_t today)
{
    struct paper paper;
    if (!sim.daemon_up || daemon_failed(sim.daemon) || sim.office_every == 0 || chance(sim.office_every) != 0)
        return;
    int32_t day = today - (int32_t)chance(6);
    if (day < sim.first_day || sim.correction_count == CORRECTIONS_MAX)
        return;
    int pupil = (int)chance(FACTS_PUPILS);
    switch (chance(5)) {
    case 0:
        write_timetable(&paper, day);
        break;
    case 1:
    case 2:
        write_absence(&paper, day, pupil);
        break;
    default:
        write_mark(&paper, day, pupil);
        break;
    }
    if (chance(4) == 0)
        check_dry_run(&paper);
    if (mishap(4)) {
        memory_disk.failure = SQLITE_FULL;
        memory_disk.operations_left = chance(20);
    }
    bool done = hand_in(&paper, true);
    memory_disk.operations_left = MEMORY_FOREVER;
    sim.counts.imports += done;
    /* What the daemon did not live to confirm may be there or not: counted as a correction of the day all the same. */
    paper.says.recorded_ms = done ? paper.says.recorded_ms : 0;
    sim.corrections[sim.correction_count++] = paper.says;
}

void office_confirm(void)
{
    static const char CONFIRM[] = "{\"do\":\"decisions_confirm\",\"author\":\"office\"}";
    static char reply[LOCAL_REPLY_BYTES];
    int32_t first, last;
    if (!sim.daemon_up || daemon_failed(sim.daemon) || daemon_decisions_wait(sim.daemon, &first, &last) == 0)
        return;
    struct local_request request = {.text = CONFIRM, .length = strlen(CONFIRM)};
    sim.daemon_works = true;
    control_answer(sim.daemon, &request, reply, sizeof reply);
    sim.daemon_works = false;
    sim.counts.asked++;
}
