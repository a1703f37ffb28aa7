/* A guardian's task is written only when no tap that could disprove the absence can still be on its way. */
#include "daemon/tasks.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "common/fault.h"
#include "daemon/store/store_flags.h"

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

static void sync_pupil(struct sync *sync, const struct rollcall_row *rows, size_t count)
{
    const char *pupil_id = names_text(&sync->school->pupil_ids, rows[0].pupil).bytes;
    struct absence_today today = look(sync, rows, count);
    uint64_t digest = 0;
    enum task_state state = store_task(sync->store, pupil_id, sync->facts->day, &digest);
    if (!write_lessons(sync, today.lessons)) {
        today.waits = true;
    } else if (json_array_size(today.lessons) > 0) {
        if (state != TASK_OPEN || digest != store_digest(sync->lessons, strlen(sync->lessons)))
            store_task_put(sync->store, pupil_id, sync->facts->day, sync->lessons, sync->now_ms);
    } else if (state == TASK_OPEN && !today.waits) {
        store_task_close(sync->store, pupil_id, sync->facts->day, sync->now_ms,
                         today.reported ? "reported" : "corrected");
    }
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
