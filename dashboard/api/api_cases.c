/* Open cases, and tasks to tell a guardian that are done or taken back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

#define GUARDIAN_MAX 99

/* Open cases of the pupils whom the caller may see; those of pupils who have left, with their last day, in a list of their own. */
static void list_cases(struct api_call *call, json_t *cases, json_t *left, json_t *shown)
{
    struct casebook_case one;
    struct attendance_pupil pupil;
    struct query rows = casebook_cases(call->book);
    while (casebook_next_case(&rows, &one)) {
        struct query pupils = attendance_pupil(call->attendance, one.pupil);
        if (attendance_next_known_pupil(&pupils, &pupil) && api_may(call, PERMISSION_TRIAGE, &pupil)) {
            json_t *of = api_json_pupil(&pupil);
            int32_t last_day = attendance_last_day(call->attendance, one.pupil);
            bool has_left = last_day < call->today;
            if (has_left)
                api_set(call, of, "left_on", civil_json_date(last_day));
            api_append(call, has_left ? left : cases, api_json_case(&one, of));
            api_append(call, shown, json_string(pupil.pupil));
            json_decref(of);
        }
        query_end(&pupils);
    }
}

enum http_verdict api_cases(struct api_call *call)
{
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *cases = json_array(), *left = json_array(), *shown = json_array();
    list_cases(call, cases, left, shown);
    json_t *owners = api_json_owners(call);
    api_end_reading(call);
    api_audit_pupils(call, "list_cases", shown);
    return api_json(call, 200, json_pack("{s:o, s:o, s:o}", "cases", cases, "left", left, "owners", owners));
}

/* An open task of a pupil whom the caller may see. */
struct task {
    int64_t task;
    char pupil[NAME_BYTES];
    int32_t day;
    int lessons;
};

static bool find_task(struct api_call *call, struct task *out)
{
    struct attendance_task task;
    bool may = false;
    if (!api_begin_reading(call))
        return false;
    struct query rows = attendance_tasks(call->attendance);
    while (!may && attendance_next_task(&rows, &task)) {
        if (task.task != out->task)
            continue;
        if (!api_may(call, PERMISSION_TASKS, &task.pupil))
            break;
        may = true;
        json_t *lessons = api_json_stored(task.lessons);
        snprintf(out->pupil, sizeof out->pupil, "%s", task.pupil.pupil);
        out->day = task.day;
        out->lessons = (int)json_array_size(lessons);
        json_decref(lessons);
    }
    query_end(&rows);
    api_end_reading(call);
    return may;
}

/* Reads when and which guardian was told; both may be left out. */
static bool read_answer(const struct api_call *call, struct casebook_task_answer *answer)
{
    const json_t *guardian = json_object_get(call->body, "guardian"), *at = json_object_get(call->body, "at");
    *answer = (struct casebook_task_answer){.at_ms = call->now_ms, .recorded_ms = call->now_ms};
    strcpy(answer->user, call->user.user);
    if (guardian != NULL && !json_is_null(guardian)) {
        json_int_t number = json_integer_value(guardian);
        if (number < 1 || number > GUARDIAN_MAX)
            return false;
        answer->guardian = (int)number;
    }
    return at == NULL ||
           (json_is_string(at) && civil_read_utc(json_string_value(at), json_string_length(at), &answer->at_ms) &&
            answer->at_ms <= call->now_ms);
}

/* The answer (NULL: it is taken back) and its audit row. */
static bool write_answer(struct api_call *call, const char *pupil, int64_t task,
                         const struct casebook_task_answer *answer)
{
    struct casebook *book = call->book;
    char object[NAME_BYTES + 32];
    snprintf(object, sizeof object, "%s %lld", pupil, (long long)task);
    return casebook_begin(book) &&
           casebook_end(book, api_audit(call, answer != NULL ? "guardian_told" : "guardian_told_undone", object) &&
                                  (answer != NULL
                                       ? casebook_task_answer_add(book, task, answer)
                                       : casebook_task_answer_undo(book, task, call->user.user,
                                                                   civil_to_utc_ms(call->today, 0), call->now_ms)));
}

enum http_verdict api_task_done(struct api_call *call)
{
    char *end;
    struct casebook_task_answer answer;
    struct task task = {.task = strtoll(call->part, &end, 10)};
    if (*end || !read_answer(call, &answer))
        return api_error(call, 400, "bad_request");
    if (!find_task(call, &task))
        return api_error(call, 404, "not_found");
    if (civil_from_utc_ms(answer.at_ms).day < task.day)
        return api_error(call, 400, "bad_request");
    answer.lessons = task.lessons;
    strcpy(answer.pupil, task.pupil);
    if (!write_answer(call, task.pupil, task.task, &answer))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:o}", "done", api_json_task_answer(&answer)));
}

/* Only the caller's own answer of today is taken back, though the task may be closed by now. */
enum http_verdict api_task_undo(struct api_call *call)
{
    char *end;
    struct casebook_task_answer answer = {0};
    int64_t task = strtoll(call->part, &end, 10);
    enum casebook_found found = *end ? CASEBOOK_ABSENT : casebook_task_answer(call->book, task, &answer);
    if (found == CASEBOOK_FAILED)
        return api_error(call, 503, "busy");
    if (found == CASEBOOK_ABSENT || !api_lets(call, PERMISSION_TASKS, answer.pupil))
        return api_error(call, 404, "not_found");
    if (strcmp(answer.user, call->user.user) != 0 || civil_from_utc_ms(answer.recorded_ms).day != call->today)
        return api_error(call, 409, "nothing_to_undo");
    if (!write_answer(call, answer.pupil, task, NULL))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "undone", "told"));
}
