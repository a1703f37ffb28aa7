#include "dashboard/api/api_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"

#define GUARDIAN_MAX 99

struct listing {
    struct api_call *call;
    json_t *cases, *owners, *shown;
    const struct casebook_case *one;
};

static bool add_case(void *into, const struct attendance_pupil *pupil)
{
    struct listing *listing = into;
    if (!api_may(listing->call, PERMISSION_TRIAGE, pupil))
        return false;
    json_t *of = api_json_pupil(pupil);
    json_array_append_new(listing->cases, api_json_case(listing->one, of));
    json_array_append_new(listing->shown, json_string(pupil->pupil));
    json_decref(of);
    return false;
}

static bool fill(struct listing *listing)
{
    struct casebook *book = listing->call->web->book;
    struct casebook_case one;
    struct casebook_owner owner;
    bool good = true;
    listing->one = &one;
    struct query cases = casebook_cases(book);
    while (casebook_next_case(&cases, &one))
        good &= attendance_pupil(listing->call->web->attendance, one.pupil, add_case, listing);
    struct query owners = casebook_owners(book);
    while (casebook_next_owner(&owners, &owner))
        good &= json_array_append_new(listing->owners,
                                      json_pack("{s:s, s:s}", "user", owner.user, "name", owner.name)) == 0;
    return casebook_good(book) && good;
}

enum http_verdict api_cases(struct api_call *call)
{
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    struct listing listing = {.call = call, .cases = json_array(), .owners = json_array(), .shown = json_array()};
    bool good = fill(&listing);
    attendance_end(call->web->attendance);
    good = good && api_audit_pupils(call, "list_cases", listing.shown);
    json_decref(listing.shown);
    json_t *answer = json_pack("{s:o, s:o}", "cases", listing.cases, "owners", listing.owners);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}

struct done {
    struct api_call *call;
    int64_t task;
    bool may;
    char pupil[CASEBOOK_PUPIL_BYTES];
    int32_t day;
    int lessons;
};

static bool find_task(void *into, const struct attendance_task *task)
{
    struct done *done = into;
    if (task->task != done->task)
        return true;
    json_t *lessons = api_json_stored(task->lessons);
    done->may = api_may(done->call, PERMISSION_TASKS, &task->pupil);
    snprintf(done->pupil, sizeof done->pupil, "%s", task->pupil.pupil);
    done->day = task->day;
    done->lessons = (int)json_array_size(lessons);
    json_decref(lessons);
    return false;
}

/* When, and to whom: both may be left out. */
static bool read_answer(const struct api_call *call, struct casebook_task_answer *answer)
{
    const json_t *guardian = json_object_get(call->body, "guardian"), *at = json_object_get(call->body, "at");
    *answer = (struct casebook_task_answer){.at_ms = call->now_ms, .recorded_ms = call->now_ms};
    strcpy(answer->user, call->user.user);
    if (guardian && !json_is_null(guardian)) {
        json_int_t number = json_integer_value(guardian);
        if (number < 1 || number > GUARDIAN_MAX)
            return false;
        answer->guardian = (int)number;
    }
    return !at ||
           (json_is_string(at) && civil_read_utc(json_string_value(at), json_string_length(at), &answer->at_ms) &&
            answer->at_ms <= call->now_ms);
}

/* The answer (NULL: it is taken back) and its audit row. */
static bool write_answer(struct api_call *call, const char *pupil, int64_t task,
                         const struct casebook_task_answer *answer)
{
    struct casebook *book = call->web->book;
    char object[CASEBOOK_PUPIL_BYTES + 32];
    snprintf(object, sizeof object, "%s %lld", pupil, (long long)task);
    return casebook_begin(book) &&
           casebook_end(book, api_audit(call, answer ? "guardian_told" : "guardian_told_undone", object) &&
                                  (answer ? casebook_task_answer_add(book, task, answer)
                                          : casebook_task_answer_undo(book, task)));
}

enum http_verdict api_task_done(struct api_call *call)
{
    char *end;
    struct casebook_task_answer answer;
    struct done done = {.call = call, .task = strtoll(call->part, &end, 10)};
    if (*end || !read_answer(call, &answer))
        return api_error(call, 400, "bad_request");
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    bool good = attendance_tasks(call->web->attendance, find_task, &done);
    attendance_end(call->web->attendance);
    if (good && !done.may)
        return api_error(call, 404, "not_found");
    if (good && civil_from_utc_ms(answer.at_ms).day < done.day)
        return api_error(call, 400, "bad_request");
    answer.lessons = done.lessons;
    strcpy(answer.pupil, done.pupil);
    if (!good || !write_answer(call, done.pupil, done.task, &answer))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:o}", "done", api_json_task_answer(&answer)));
}

static bool note_may(void *into, const struct attendance_pupil *pupil)
{
    struct done *done = into;
    done->may = api_may(done->call, PERMISSION_TASKS, pupil);
    return false;
}

/* One's own, of today; the task may be closed by now. The audit log keeps both. */
enum http_verdict api_task_undo(struct api_call *call)
{
    char *end;
    struct casebook_task_answer answer = {0};
    struct done done = {.call = call, .task = strtoll(call->part, &end, 10)};
    enum casebook_found found = *end ? CASEBOOK_ABSENT : casebook_task_answer(call->web->book, done.task, &answer);
    if (found == CASEBOOK_ABSENT)
        return api_error(call, 404, "not_found");
    if (found == CASEBOOK_FAILED || !attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    bool good = attendance_pupil(call->web->attendance, answer.pupil, note_may, &done);
    attendance_end(call->web->attendance);
    if (good && !done.may)
        return api_error(call, 404, "not_found");
    if (good && (strcmp(answer.user, call->user.user) != 0 || civil_from_utc_ms(answer.recorded_ms).day != call->today))
        return api_error(call, 409, "nothing_to_undo");
    if (!good || !write_answer(call, answer.pupil, done.task, NULL))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "undone", "told"));
}
