/* Whom a task asks to contact, and by whom and when it was done or taken back. Nothing is contacted by itself. */
#include "dashboard/api/api_tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/core/support/sameday.h"
#include "dashboard/api/api_case.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_together.h"
#include "dashboard/routine.h"

#define GUARDIAN_MAX 99

static json_t *answer_json(const struct casebook_task_answer *answer)
{
    return json_pack("{s:s, s:o, s:o, s:i}", "by", answer->user, "at", civil_json_utc(answer->at_ms), "guardian",
                     answer->guardian ? json_integer(answer->guardian) : json_null(), "lessons", answer->lessons);
}

/* What was said of one contact, "" of a guardian or the pupil; null when nothing was. */
static json_t *told_json(struct api_call *call, int64_t task, const char *contact)
{
    struct casebook_task_answer answer;
    enum casebook_found found = casebook_task_answer(call->book, task, contact, &answer);
    call->failed |= found == CASEBOOK_FAILED;
    return found == CASEBOOK_FOUND ? answer_json(&answer) : json_null();
}

static json_t *list_guardians(struct api_call *call, const char *pupil)
{
    struct attendance_guardian guardian;
    json_t *list = json_array();
    struct query rows = attendance_guardians(call->attendance, pupil);
    while (attendance_next_guardian(&rows, &guardian))
        if (guardian.notify)
            api_append(call, list,
                       json_pack("{s:i, s:s, s:s, s:s, s:s, s:b}", "guardian", guardian.guardian, "name", guardian.name,
                                 "phone", guardian.phone, "relation", guardian.relation, "language", guardian.language,
                                 "interpreter", (int)guardian.interpreter));
    return list;
}

/* The god men of the register, whom one tick is for. */
static json_t *god_man_json(struct api_call *call, const char *pupil)
{
    struct attendance_guardian guardian;
    json_t *people = json_array();
    struct query rows = attendance_guardians(call->attendance, pupil);
    while (attendance_next_guardian(&rows, &guardian))
        if (strcmp(guardian.relation, ROUTINE_GOD_MAN) == 0)
            api_append(call, people, json_pack("{s:s, s:s}", "name", guardian.name, "phone", guardian.phone));
    return json_pack("{s:s, s:o}", "contact", ROUTINE_GOD_MAN, "people", people);
}

static json_t *contact_json(const struct routine_contact *contact)
{
    return json_pack("{s:s, s:[{s:s, s:s}]}", "contact", contact->id, "people", "name", contact->name, "phone",
                     contact->phone);
}

/* Of the whole list, each with what was said of it; and whether all of it was done: then the latest. */
static void set_contacts(struct api_call *call, json_t *item, const struct attendance_task *task, bool has_god_man)
{
    const struct routine *routine = call->routine;
    json_t *list = json_array(), *one, *done = NULL;
    size_t i;
    if (has_god_man)
        api_append(call, list, god_man_json(call, task->pupil.pupil));
    for (int n = 0; n < routine->count; n++)
        api_append(call, list, contact_json(&routine->contacts[n]));
    bool all = true;
    json_array_foreach(list, i, one) {
        json_t *told = told_json(call, task->task, json_string_value(json_object_get(one, "contact")));
        api_set(call, one, "told", told);
        all &= !json_is_null(told);
        done = told;
    }
    api_set(call, item, "done", all && done != NULL ? json_incref(done) : json_null());
    api_set(call, item, "contacts", list);
    api_set(call, item, "own_list", json_boolean(routine->is_own));
}

/* The latest at which a guardian is to be told of the first lesson; null when no such clock runs for the pupil. */
static json_t *told_by(struct api_call *call, const struct attendance_person *person,
                       const struct attendance_task *task)
{
    struct clock_pupil duties = api_case_duties(call, person);
    const struct clock_row *row = clock_row(call->clocks, CLOCK_GUARDIAN_TOLD, &duties, task->day);
    return row == NULL ? json_null() : civil_json_utc(clock_told_by_ms(row, task->day, task->created_ms));
}

/* While the pupil's family is in a crisis nobody is called by routine: whom to speak with first; null else. */
static json_t *speak_first_with(struct api_call *call, const char *pupil)
{
    struct casebook_crisis crisis;
    enum casebook_found found = casebook_crisis(call->book, pupil, &crisis);
    call->failed |= found == CASEBOOK_FAILED;
    return found == CASEBOOK_FOUND ? json_string(crisis.contact_name) : json_null();
}

json_t *api_json_task(struct api_call *call, const struct attendance_task *task)
{
    struct attendance_person person = {.birth_day = CIVIL_DAY_NONE};
    json_t *item = api_json_pupil(&task->pupil);
    bool is_known = attendance_person(call->attendance, task->pupil.pupil, &person);
    bool is_adult = civil_is_of_age(person.birth_day, SAMEDAY_AGE, call->today);
    api_set(call, item, "kind", json_string(task->is_routine ? "routine" : "guardian"));
    api_set(call, item, "task", json_integer(task->task));
    api_set(call, item, "date", civil_json_date(task->day));
    api_set(call, item, "created_at", civil_json_utc(task->created_ms));
    api_set(call, item, "told_by", is_known && !task->is_routine ? told_by(call, &person, task) : json_null());
    api_set(call, item, "lessons", api_json_stored(task->lessons));
    api_set(call, item, "contact_with", json_string(is_adult ? "pupil" : "guardian"));
    json_t *first = speak_first_with(call, task->pupil.pupil);
    bool tells_guardians = !task->is_routine && !is_adult && json_is_null(first);
    api_set(call, item, "speak_first_with", first);
    api_set(call, item, "guardians", tells_guardians ? list_guardians(call, task->pupil.pupil) : json_array());
    if (task->is_routine)
        set_contacts(call, item, task, person.god_man && !is_adult);
    else
        api_set(call, item, "done", told_json(call, task->task, ""));
    return item;
}

/* An open task of a pupil whom the caller may see. */
struct task {
    int64_t task;
    char pupil[NAME_BYTES];
    int32_t day;
    int lessons;
    bool is_routine;
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
        out->is_routine = task.is_routine;
        json_decref(lessons);
    }
    query_end(&rows);
    api_end_reading(call);
    return may;
}

/* Of the body, whom of the routine's list it is about; "" of a guardian. */
static bool read_contact(const struct api_call *call, char out[ID_BYTES])
{
    const char *contact = api_text(call, "contact");
    snprintf(out, ID_BYTES, "%s", contact);
    return *contact == '\0' || strcmp(contact, ROUTINE_GOD_MAN) == 0 || routine_find(call->routine, contact) != NULL;
}

/* `at`, an instant; or `time`, local of today, as a person writes it; now when neither is there. Not in the future. */
static bool read_when(const struct api_call *call, int64_t *at_ms)
{
    const json_t *at = json_object_get(call->body, "at"), *time = json_object_get(call->body, "time");
    int32_t minutes = 0;
    bool good = true;
    *at_ms = call->now_ms;
    if (time != NULL) {
        good = at == NULL && json_is_string(time) &&
               civil_read_minutes(json_string_value(time), json_string_length(time), &minutes);
        *at_ms = civil_to_utc_ms(call->today, minutes * CIVIL_MS_PER_MINUTE);
    } else if (at != NULL) {
        good = json_is_string(at) && civil_read_utc(json_string_value(at), json_string_length(at), at_ms);
    }
    return good && *at_ms <= call->now_ms;
}

/* Reads when and which guardian or contact was told; each may be left out, but for a routine the contact. */
static bool read_answer(const struct api_call *call, struct casebook_task_answer *answer)
{
    const json_t *guardian = json_object_get(call->body, "guardian");
    *answer = (struct casebook_task_answer){.recorded_ms = call->now_ms};
    strcpy(answer->user, call->user.user);
    if (guardian != NULL && !json_is_null(guardian)) {
        json_int_t number = json_integer_value(guardian);
        if (number < 1 || number > GUARDIAN_MAX)
            return false;
        answer->guardian = (int)number;
    }
    return read_contact(call, answer->contact) && read_when(call, &answer->at_ms);
}

static bool audit_answer(struct api_call *call, int64_t task, const struct casebook_task_answer *answer, bool undone)
{
    char object[NAME_BYTES + ID_BYTES + 32];
    bool of_routine = answer->contact[0] != '\0';
    snprintf(object, sizeof object, "%s %lld%s%s", answer->pupil, (long long)task, of_routine ? " " : "",
             answer->contact);
    if (of_routine)
        return api_audit(call, undone ? "routine_told_undone" : "routine_told", object);
    return api_audit(call, undone ? "guardian_told_undone" : "guardian_told", object);
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
    if (civil_from_utc_ms(answer.at_ms).day < task.day || task.is_routine != (answer.contact[0] != '\0'))
        return api_error(call, 400, "bad_request");
    answer.lessons = task.lessons;
    strcpy(answer.pupil, task.pupil);
    if (!casebook_begin(call->book) ||
        !casebook_end(call->book, audit_answer(call, task.task, &answer, false) &&
                                      casebook_task_answer_add(call->book, task.task, &answer)))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:o}", "done", answer_json(&answer)));
}

/* Only the caller's own answer of today is taken back, though the task may be closed by now. */
enum http_verdict api_task_undo(struct api_call *call)
{
    char *end, contact[ID_BYTES];
    struct casebook_task_answer answer = {0};
    int64_t task = strtoll(call->part, &end, 10);
    if (!read_contact(call, contact))
        return api_error(call, 400, "bad_request");
    enum casebook_found found = *end ? CASEBOOK_ABSENT : casebook_task_answer(call->book, task, contact, &answer);
    if (found == CASEBOOK_FAILED)
        return api_error(call, 503, "busy");
    if (found == CASEBOOK_ABSENT || !api_lets(call, PERMISSION_TASKS, answer.pupil))
        return api_error(call, 404, "not_found");
    if (strcmp(answer.user, call->user.user) != 0 || civil_from_utc_ms(answer.recorded_ms).day != call->today)
        return api_error(call, 409, "nothing_to_undo");
    if (!casebook_begin(call->book) ||
        !casebook_end(call->book, audit_answer(call, task, &answer, true) &&
                                      casebook_task_answer_undo(call->book, task, &answer,
                                                                civil_to_utc_ms(call->today, 0), call->now_ms)))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "undone", "told"));
}
