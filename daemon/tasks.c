/* A guardian's task is written only when no tap that could disprove the absence can still be on its way. */
#include "daemon/tasks.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "common/fault.h"
#include "daemon/store/store_flags.h"
#include "daemon/store/store_sameday.h"

#define TASK_LESSONS_BYTES (OUTCOME_LESSONS_MAX * (96 + 6 * NAME_BYTES)) /* a subject's name, escaped */

struct sync {
    struct store *store;
    const struct school *school;
    const struct schoolday *facts;
    const struct rollcall *rollcall;
    int64_t now_ms;
    bool waits;
    char lessons[TASK_LESSONS_BYTES];
    int64_t complete_until_ms[SCHOOL_ROOM_INDICES]; /* by room: taps before this have come */
    int64_t entrances_until_ms;                     /* the earliest of all entrances */
};

static void ask_terminals(struct sync *sync, struct terminals *terminals)
{
    const struct school *school = sync->school;
    sync->entrances_until_ms = INT64_MAX;
    for (size_t room = 0; room < SCHOOL_ROOM_INDICES; room++)
        sync->complete_until_ms[room] = INT64_MAX;
    for (uint16_t i = 0; i < school->terminal_ids.count; i++) {
        const struct school_place *place = school_place(school, i, sync->facts->day);
        if (place == NULL)
            continue;
        int64_t until_ms = terminals_complete_until(terminals, names_text(&school->terminal_ids, i).bytes);
        int64_t *place_ms = place->entrance ? &sync->entrances_until_ms : &sync->complete_until_ms[place->room];
        if (until_ms < *place_ms)
            *place_ms = until_ms;
    }
}

static const struct schoolday_lesson *lesson_of(const struct sync *sync, const struct rollcall_row *row)
{
    return &sync->facts->lessons[row->lesson_index];
}

/* False: no memory. */
static bool add_lesson(const struct sync *sync, json_t *lessons, const struct rollcall_row *row)
{
    const struct schoolday_lesson *lesson = lesson_of(sync, row);
    char start[sizeof "00:00"];
    snprintf(start, sizeof start, "%02u:%02u", row->outcome.start_minute / 60 % 24u, row->outcome.start_minute % 60u);
    json_t *told = json_pack("{s:s, s:s, s:i, s:i}", "start", start, "subject",
                             names_text(&sync->school->subjects, lesson->subject).bytes, "minutes",
                             (int)row->outcome.minutes, "absent_minutes", (int)row->outcome.absent_minutes);
    return json_array_append_new(lessons, told) == 0;
}

/* One pupil's result. */
struct absence_today {
    json_t *lessons; /* unreported, with every tap received that could disprove it */
    bool waits; /* unreported, but a tap may be on its way, or memory ran out: no task is better than a wrong one */
    bool reported;
};

static struct absence_today look(struct sync *sync, const struct rollcall_row *rows, size_t count)
{
    struct absence_today today = {.lessons = json_array()};
    for (size_t i = 0; i < count; i++) {
        enum status status = (enum status)rows[i].outcome.status;
        today.reported |= status == STATUS_REPORTED || status == STATUS_LEAVE;
        if (status != STATUS_UNREPORTED && !(FAULT(notice_for_unknown) && status == STATUS_UNKNOWN))
            continue;
        const struct schoolday_lesson *lesson = lesson_of(sync, &rows[i]);
        bool surely =
            (lesson->end_ms <= sync->complete_until_ms[lesson->room] && lesson->end_ms <= sync->entrances_until_ms) ||
            FAULT(notice_while_taps_wait);
        if (!surely || !add_lesson(sync, today.lessons, &rows[i]))
            today.waits = true;
    }
    return today;
}

/* False: no memory. Not by json_dumps, which leaves out a key for which its text cannot grow, and says nothing. */
static bool write_lessons(struct sync *sync, const json_t *lessons)
{
    size_t length = json_dumpb(lessons, sync->lessons, sizeof sync->lessons - 1, JSON_COMPACT);
    assert(length < sizeof sync->lessons);
    sync->lessons[length] = '\0';
    return length > 0;
}

/* Writes the task as its lessons are, or ends it when it is not wanted. */
static void sync_task(struct sync *sync, const struct task_of *task, bool wanted, const struct absence_today *today)
{
    uint64_t digest = 0;
    enum task_state state = store_task(sync->store, task, &digest);
    if (wanted) {
        if (state != TASK_OPEN || digest != store_digest(sync->lessons, strlen(sync->lessons)))
            store_task_put(sync->store, task, sync->lessons, sync->now_ms);
    } else if (state == TASK_OPEN && !today->waits) {
        store_task_close(sync->store, task, sync->now_ms, today->reported ? "reported" : "corrected");
    }
}

/* Has the last lesson of the pupil's day closed, and was all of the day missed? */
static bool missed_whole_day(const struct sync *sync, const char *pupil_id, const struct rollcall_row *rows,
                             size_t count)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    int32_t ended = 0;
    if (count > OUTCOME_LESSONS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = rows[i].outcome;
        int32_t end = outcomes[i].start_minute + outcomes[i].minutes;
        ended = end > ended ? end : ended;
    }
    return sameday_of(outcomes, count) == SAMEDAY_MISSED &&
           ended >= store_last_minute(sync->store, pupil_id, sync->facts->day);
}

/* The first whole day without a word from a child with a god man, or placed: no day before it told the same. */
static bool asks_for_routine(const struct sync *sync, const char *pupil_id, const struct rollcall_row *rows,
                             size_t count)
{
    int32_t day = sync->facts->day;
    struct sameday_pupil pupil = store_sameday_pupil(sync->store, pupil_id, day);
    return sameday_is_meant(&pupil, day) && missed_whole_day(sync, pupil_id, rows, count) &&
           store_sameday_before(sync->store, pupil_id, day) != SAMEDAY_MISSED;
}

static void sync_pupil(struct sync *sync, const struct rollcall_row *rows, size_t count)
{
    const char *pupil_id = names_text(&sync->school->pupil_ids, rows[0].pupil).bytes;
    struct absence_today today = look(sync, rows, count);
    bool written = write_lessons(sync, today.lessons), missed = written && json_array_size(today.lessons) > 0;
    today.waits |= !written;
    sync_task(sync, &(struct task_of){TASK_GUARDIAN, pupil_id, sync->facts->day}, missed, &today);
    bool routine = missed && !today.waits && asks_for_routine(sync, pupil_id, rows, count);
    sync_task(sync, &(struct task_of){TASK_ROUTINE, pupil_id, sync->facts->day}, routine, &today);
    sync->waits |= today.waits;
    json_decref(today.lessons);
}

bool tasks_sync(struct store *store, struct terminals *terminals, const struct school *school,
                const struct schoolday *facts, const struct rollcall *rollcall, int64_t now_ms)
{
    struct sync sync = {.store = store, .school = school, .facts = facts, .rollcall = rollcall, .now_ms = now_ms};
    ask_terminals(&sync, terminals);
    for (size_t first = 0, next; first < rollcall->row_count; first = next) {
        for (next = first + 1; next < rollcall->row_count && rollcall->rows[next].pupil == rollcall->rows[first].pupil;)
            next++;
        sync_pupil(&sync, &rollcall->rows[first], next - first);
    }
    return sync.waits;
}
