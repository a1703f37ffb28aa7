#include "dashboard/api_call.h"

#include <string.h>

#define WELL_DAYS     5 /* a school week of the pupil's own days */
#define COVERAGE_DAYS 20

/* One item per pupil; its flags come one after the other. */
struct inbox {
    struct api_call *call;
    json_t *inbox, *quiet, *today;
    json_t *shown; /* pupil ids, for the audit log */
    json_t *item,
        *flags; /* being filled; borrowed after it is in its list; NULL: the pupil may not be seen */
    char pupil[CASEBOOK_PUPIL_BYTES];
    int severity;
    int32_t since;
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

static bool finish_item(struct inbox *inbox)
{
    if (!inbox->item)
        return true;
    struct recent recent = {0};
    if (!attendance_latest_days(inbox->call->web->attendance, inbox->pupil, COVERAGE_DAYS, add_recent,
                                &recent))
        return false;
    json_t *more =
        json_pack("{s:o, s:i, s:i, s:{s:i, s:i}, s:i}", "since", api_json_date(inbox->since), "waiting_days",
                  inbox->call->today - inbox->since, "severity", inbox->severity, "doing_well",
                  "days_present", recent.present, "of_days", recent.well_days, "coverage_percent",
                  recent.minutes ? (int)(100 * recent.known_minutes / recent.minutes) : 100);
    bool good = more && json_object_update(inbox->item, more) == 0;
    json_decref(more);
    good &= json_array_append_new(inbox->severity >= 2 ? inbox->inbox : inbox->quiet, inbox->item) == 0;
    good &= json_array_append_new(inbox->shown, json_string(inbox->pupil)) == 0;
    inbox->item = inbox->flags = NULL;
    return good;
}

static void begin_item(struct inbox *inbox, const struct attendance_flag *flag)
{
    strncpy(inbox->pupil, flag->pupil.pupil, sizeof inbox->pupil - 1);
    inbox->severity = 0;
    inbox->since = flag->raised_day;
    if (!api_may(inbox->call, PERMISSION_FLAGS, &flag->pupil))
        return;
    inbox->flags = json_array();
    inbox->item = api_json_pupil(&flag->pupil);
    json_object_set_new(inbox->item, "flags", inbox->flags);
}

static bool add_flag(void *into, const struct attendance_flag *flag)
{
    struct inbox *inbox = into;
    if (strcmp(inbox->pupil, flag->pupil.pupil) != 0) {
        if (!finish_item(inbox))
            return false;
        begin_item(inbox, flag);
    }
    if (!inbox->item)
        return true;
    if (flag->severity > inbox->severity)
        inbox->severity = flag->severity;
    return json_array_append_new(inbox->flags, api_json_flag(flag)) == 0;
}

static bool add_task(void *into, const struct attendance_task *task)
{
    struct inbox *inbox = into;
    if (!api_may(inbox->call, PERMISSION_TASKS, &task->pupil))
        return true;
    json_t *item = api_json_pupil(&task->pupil);
    json_t *more =
        json_pack("{s:I, s:o, s:o, s:o}", "task", (json_int_t)task->task, "date", api_json_date(task->day),
                  "created_at", api_json_utc(task->created_ms), "lessons", api_json_stored(task->lessons));
    bool good = more && json_object_update(item, more) == 0;
    json_decref(more);
    return json_array_append_new(inbox->today, item) == 0 && good &&
           json_array_append_new(inbox->shown, json_string(task->pupil.pupil)) == 0;
}

static bool fill(struct inbox *inbox, int32_t *decided_day)
{
    struct attendance *attendance = inbox->call->web->attendance;
    return attendance_decided_day(attendance, decided_day) &&
           attendance_open_flags(attendance, add_flag, inbox) && finish_item(inbox) &&
           attendance_tasks(attendance, add_task, inbox);
}

enum http_verdict api_inbox(struct api_call *call)
{
    int32_t decided_day = 0;
    struct inbox inbox = {.call = call};
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    inbox.inbox = json_array();
    inbox.quiet = json_array();
    inbox.today = json_array();
    inbox.shown = json_array();
    bool good = fill(&inbox, &decided_day);
    attendance_end(call->web->attendance);
    json_decref(inbox.item);
    good = good && api_audit_pupils(call, "list_flags", inbox.shown);
    json_decref(inbox.shown);
    json_t *answer = json_pack("{s:o, s:o, s:o, s:o}", "decided_through", api_json_date(decided_day), "inbox",
                               inbox.inbox, "quiet", inbox.quiet, "today", inbox.today);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}
