#include "dashboard/api/api_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"

#define ENTRIES_MAX 4096 /* as many as a school can have pupils */

#define WELL_DAYS     5 /* a school week of the pupil's own days */
#define COVERAGE_DAYS 20

/* An item as it goes into a list. */
struct entry {
    struct triage_verdict verdict;
    json_t *json;
    char pupil[CASEBOOK_PUPIL_BYTES];
};

/* One item per pupil; its flags come one after the other, then those come that are due without a flag. */
struct inbox {
    struct api_call *call;
    json_t *today;
    json_t *signals; /* of the last decided date */
    int32_t decided_day;
    json_t *shown; /* pupil ids, for the audit log */
    struct entry entries[ENTRIES_MAX];
    size_t count;
    json_t *json, *flags; /* being filled; NULL: the pupil may not be seen */
    char pupil[CASEBOOK_PUPIL_BYTES];
    bool in_signal, all_new; /* the pupil's class or year stands out; every flag was raised on that date */
    struct api_item item;
};

struct recent {
    int days, present, well_days;
    int64_t known_minutes, minutes;
};

static bool add_recent(void *into, const struct attendance_day *day)
{
    struct recent *recent = into;
    int64_t known = 0, unknown = 0;
    bool attended = false;
    for (int i = 0; i < day->count; i++) {
        const struct outcome *outcome = &day->outcomes[i];
        attended |= outcome->status == STATUS_PRESENT || outcome->status == STATUS_LATE;
        if (outcome->status == STATUS_UNKNOWN)
            unknown += outcome->minutes;
        else if (outcome->status != STATUS_CANCELLED && outcome->status != STATUS_EXEMPT)
            known += outcome->minutes;
    }
    recent->known_minutes += known;
    recent->minutes += known + unknown;
    if (known > 0 && recent->well_days < WELL_DAYS) {
        recent->well_days++;
        recent->present += attended;
    }
    return true;
}

static void set_verdict(struct inbox *inbox, const struct recent *recent)
{
    static const char *const DUE_WORDS[] = {
        [TRIAGE_DUE_NOT] = NULL, [TRIAGE_DUE_SNOOZE] = "snooze", [TRIAGE_DUE_CASE] = "case"};
    const struct api_item *item = &inbox->item;
    const struct triage_verdict *verdict = &item->verdict;
    json_t *case_of = item->has_case ? api_json_case(&item->one, NULL) : json_null();
    json_t *more = json_pack(
        "{s:o, s:i, s:i, s:{s:i, s:i}, s:i, s:s?, s:o, s:o}", "since", civil_json_date(verdict->since_day),
        "waiting_days", inbox->call->today - verdict->since_day, "severity", verdict->severity, "doing_well",
        "days_present", recent->present, "of_days", recent->well_days, "coverage_percent",
        recent->minutes ? (int)(100 * recent->known_minutes / recent->minutes) : 100, "due", DUE_WORDS[verdict->due],
        "due_on", civil_json_date(verdict->place == TRIAGE_DUE ? verdict->since_day : CIVIL_DAY_NONE), "case", case_of);
    json_object_update(inbox->json, more);
    json_decref(more);
    bool paused = inbox->in_signal && inbox->all_new && verdict->place == TRIAGE_QUIET;
    json_object_set_new(inbox->json, "paused", json_boolean(paused));
}

/* What is away is not shown, and not looked up further. */
static bool finish_item(struct inbox *inbox)
{
    if (!inbox->json)
        return true;
    struct recent recent = {0};
    bool good = api_item_decide(&inbox->item, inbox->call, inbox->pupil);
    if (good && inbox->item.verdict.place != TRIAGE_AWAY && inbox->count < ENTRIES_MAX) {
        good = attendance_latest_days(inbox->call->web->attendance, inbox->pupil, COVERAGE_DAYS, add_recent, &recent);
        set_verdict(inbox, &recent);
        struct entry *entry = &inbox->entries[inbox->count++];
        *entry = (struct entry){.verdict = inbox->item.verdict, .json = json_incref(inbox->json)};
        snprintf(entry->pupil, sizeof entry->pupil, "%s", inbox->pupil);
    }
    json_decref(inbox->json);
    inbox->json = inbox->flags = NULL;
    return good;
}

static bool names(const json_t *signal, const char *kind, const char *name)
{
    return strcmp(json_string_value(json_object_get(signal, "kind")), kind) == 0 && name &&
           strcmp(json_string_value(json_object_get(signal, "name")), name) == 0;
}

static bool stands_out(const struct inbox *inbox, const struct attendance_pupil *pupil)
{
    const json_t *signal;
    size_t i;
    bool found = false;
    json_array_foreach(inbox->signals, i, signal) {
        found |= names(signal, "class", pupil->class) || names(signal, "year", pupil->year);
    }
    return found;
}

static void begin_item(struct inbox *inbox, const struct attendance_pupil *pupil)
{
    inbox->in_signal = stands_out(inbox, pupil);
    inbox->all_new = true;
    snprintf(inbox->pupil, sizeof inbox->pupil, "%s", pupil->pupil);
    api_item_clear(&inbox->item);
    if (!api_may(inbox->call, PERMISSION_FLAGS, pupil))
        return;
    inbox->flags = json_array();
    inbox->json = api_json_pupil(pupil);
    json_object_set_new(inbox->json, "flags", inbox->flags);
    json_object_set_new(inbox->json, "mentor", api_json_mentors(inbox->call, pupil->class));
}

static bool add_flag(void *into, const struct attendance_flag *flag)
{
    struct inbox *inbox = into;
    if (strcmp(inbox->pupil, flag->pupil.pupil) != 0) {
        if (!finish_item(inbox))
            return false;
        begin_item(inbox, &flag->pupil);
    }
    if (!inbox->json)
        return true;
    inbox->all_new &= flag->raised_day == inbox->decided_day;
    api_item_add(&inbox->item, flag);
    return json_array_append_new(inbox->flags, api_json_flag(flag)) == 0;
}

static bool add_pupil_without_flags(void *into, const struct attendance_pupil *pupil)
{
    begin_item(into, pupil);
    return finish_item(into);
}

/* Its flags may all be cleared by now: somebody is to look all the same. */
static bool add_due_pupil(struct inbox *inbox, const char *pupil)
{
    for (size_t i = 0; i < inbox->count; i++)
        if (strcmp(inbox->entries[i].pupil, pupil) == 0)
            return true;
    return attendance_pupil(inbox->call->web->attendance, pupil, add_pupil_without_flags, inbox);
}

static bool add_due(struct inbox *inbox)
{
    struct casebook *book = inbox->call->web->book;
    const char *pupil;
    bool good = true;
    struct query rows = casebook_due(book, inbox->call->today);
    while (casebook_next_text(&rows, &pupil))
        good &= add_due_pupil(inbox, pupil);
    return casebook_good(book) && good;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = triage_compare(&a->verdict, &b->verdict);
    return order ? order : strcmp(a->pupil, b->pupil);
}

static void share_out(struct inbox *inbox, json_t *list, json_t *quiet)
{
    qsort(inbox->entries, inbox->count, sizeof *inbox->entries, compare_entries);
    for (size_t i = 0; i < inbox->count; i++) {
        const struct entry *entry = &inbox->entries[i];
        json_array_append(entry->verdict.place == TRIAGE_QUIET ? quiet : list, entry->json);
    }
    for (int is_quiet = 0; is_quiet < 2; is_quiet++)
        for (size_t i = 0; i < inbox->count; i++)
            if ((inbox->entries[i].verdict.place == TRIAGE_QUIET) == is_quiet)
                json_array_append_new(inbox->shown, json_string(inbox->entries[i].pupil));
}

static bool add_guardian(void *into, const struct attendance_guardian *guardian)
{
    return json_array_append_new(into, json_pack("{s:i, s:s, s:s}", "guardian", guardian->guardian, "name",
                                                 guardian->name, "phone", guardian->phone)) == 0;
}

static bool add_task(void *into, const struct attendance_task *task)
{
    struct inbox *inbox = into;
    struct casebook_task_answer answer;
    if (!api_may(inbox->call, PERMISSION_TASKS, &task->pupil))
        return true;
    enum casebook_found found = casebook_task_answer(inbox->call->web->book, task->task, &answer);
    json_t *item = api_json_pupil(&task->pupil), *guardians = json_array();
    bool good = found != CASEBOOK_FAILED &&
                attendance_guardians(inbox->call->web->attendance, task->pupil.pupil, add_guardian, guardians);
    json_t *more = json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "task", (json_int_t)task->task, "date",
                             civil_json_date(task->day), "created_at", civil_json_utc(task->created_ms), "lessons",
                             api_json_stored(task->lessons), "guardians", guardians, "done",
                             found == CASEBOOK_FOUND ? api_json_task_answer(&answer) : json_null());
    good = good && more && json_object_update(item, more) == 0;
    json_decref(more);
    return json_array_append_new(inbox->today, item) == 0 && good &&
           json_array_append_new(inbox->shown, json_string(task->pupil.pupil)) == 0;
}

static bool add_signal(void *into, const struct attendance_signal *signal)
{
    struct inbox *inbox = into;
    return json_array_append_new(inbox->signals, api_json_signal(signal, inbox->decided_day)) == 0;
}

static bool fill(struct inbox *inbox, json_t *list, json_t *quiet)
{
    struct attendance *attendance = inbox->call->web->attendance;
    bool good = attendance_decided_day(attendance, &inbox->decided_day) &&
                (!access_allows(inbox->call->user.role, PERMISSION_FLAGS, NULL) ||
                 attendance_signals(attendance, inbox->decided_day, add_signal, inbox)) &&
                attendance_open_flags(attendance, add_flag, inbox) && finish_item(inbox) &&
                (!access_allows(inbox->call->user.role, PERMISSION_FLAGS, NULL) || add_due(inbox));
    share_out(inbox, list, quiet);
    return good && attendance_tasks(attendance, add_task, inbox);
}

static void empty(struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->count; i++)
        json_decref(inbox->entries[i].json);
    json_decref(inbox->json);
    json_decref(inbox->shown);
    free(inbox);
}

enum http_verdict api_inbox(struct api_call *call)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);
    if (!inbox || !attendance_begin(call->web->attendance)) {
        free(inbox);
        return api_error(call, 503, "busy");
    }
    json_t *list = json_array(), *quiet = json_array();
    inbox->call = call;
    inbox->today = json_array();
    inbox->signals = json_array();
    inbox->shown = json_array();
    bool good = fill(inbox, list, quiet);
    attendance_end(call->web->attendance);
    good = good && api_audit_pupils(call, "list_flags", inbox->shown);
    json_t *answer = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "date", civil_json_date(call->today),
                               "decided_through", civil_json_date(inbox->decided_day), "inbox", list, "quiet", quiet,
                               "today", inbox->today, "signals", inbox->signals);
    empty(inbox);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}
