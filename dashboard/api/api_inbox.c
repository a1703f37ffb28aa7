/* The review list: one item for each pupil with open flags or a date that has come, in the order in which they are to
 * be looked at; guardians to be told today; group signals. Everybody who is shown stands in the audit log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "daemon/core/school/school.h"
#include "dashboard/api/api_finding.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_item.h"
#include "dashboard/api/api_last_year.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/api/api_tasks.h"
#include "dashboard/last_year.h"

/* An item as it goes into a list. */
struct entry {
    struct triage_rank rank;
    json_t *json;
    char pupil[NAME_BYTES];
};

/* The list being made. Flags come sorted by pupil, so one item is filled at a time; then come pupils whose case or
 * snooze is due and who have no open flag. */
struct inbox {
    struct api_call *call;
    json_t *today;
    json_t *signals; /* of the last decided date */
    int32_t decided_day;
    json_t *shown; /* pupil ids, for the audit log */
    struct entry entries[SCHOOL_PUPILS_MAX];
    size_t count;
    json_t *json, *flags; /* being filled; NULL: the pupil may not be seen */
    char pupil[NAME_BYTES], class[NAME_BYTES];
    struct api_findings *findings;
    bool in_signal, all_new; /* the pupil's class or year stands out; every flag was raised on that date */
    struct api_item item;
    struct last_year_list last_year; /* until new items join it no more */
    size_t waiting;                  /* new items that join nothing */
};

static void set_finding(struct inbox *inbox)
{
    api_findings_read(inbox->findings, inbox->pupil, inbox->class);
    struct finding_recent recent = api_findings_recent(inbox->findings);
    api_set(inbox->call, inbox->json, "coverage_percent",
            json_integer(recent.minutes ? 100 * recent.known_minutes / recent.minutes : 100));
    api_set(inbox->call, inbox->json, "finding", api_findings_json(inbox->findings, inbox->flags));
}

static void set_verdict(struct inbox *inbox)
{
    static const char *const DUE_WORDS[] = {
        [TRIAGE_DUE_NOT] = NULL, [TRIAGE_DUE_SNOOZE] = "snooze", [TRIAGE_DUE_CASE] = "case"};
    const struct api_item *item = &inbox->item;
    const struct triage_verdict *verdict = &item->verdict;
    json_t *case_of = item->has_case ? api_json_case(&item->one, NULL) : json_null();
    json_t *more = json_pack(
        "{s:o, s:i, s:i, s:s?, s:o, s:o}", "since", civil_json_date(verdict->since_day), "waiting_days",
        inbox->call->today - verdict->since_day, "severity", verdict->severity, "due", DUE_WORDS[verdict->due],
        "due_on", civil_json_date(verdict->place == TRIAGE_DUE ? verdict->since_day : CIVIL_DAY_NONE), "case", case_of);
    json_object_update(inbox->json, more);
    json_decref(more);
    bool paused = inbox->in_signal && inbox->all_new && verdict->place == TRIAGE_QUIET;
    json_object_set_new(inbox->json, "paused", json_boolean(paused));
    json_object_set_new(inbox->json, "time_lost", json_null());
}

/* Ends the item being filled. One that is muted or snoozed is dropped before its recent days are read. */
static void finish_item(struct inbox *inbox)
{
    if (inbox->json == NULL)
        return;
    api_item_decide(&inbox->item, inbox->call, inbox->pupil);
    bool listed = inbox->item.verdict.place != TRIAGE_AWAY;
    if (listed && inbox->count == SCHOOL_PUPILS_MAX) {
        log_warn("a pupil is left out of the list limit=%d", SCHOOL_PUPILS_MAX);
    } else if (listed) {
        set_verdict(inbox);
        set_finding(inbox);
        struct entry *entry = &inbox->entries[inbox->count++];
        bool joins = inbox->item.verdict.place == TRIAGE_NEW &&
                     api_last_year_joins(inbox->call, &inbox->last_year, inbox->pupil);
        json_object_set_new(inbox->json, "joins_last_year", json_boolean(joins));
        *entry = (struct entry){.rank = {.verdict = inbox->item.verdict, .joins_last_year = joins},
                                .json = json_incref(inbox->json)};
        snprintf(entry->pupil, sizeof entry->pupil, "%s", inbox->pupil);
    }
    json_decref(inbox->json);
    inbox->json = inbox->flags = NULL;
}

static bool names(const json_t *signal, const char *kind, const char *name)
{
    return strcmp(json_string_value(json_object_get(signal, "kind")), kind) == 0 && name != NULL &&
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
    snprintf(inbox->class, sizeof inbox->class, "%s", pupil->class);
    api_item_clear(&inbox->item);
    if (!api_may(inbox->call, PERMISSION_FLAGS, pupil))
        return;
    inbox->flags = json_array();
    inbox->json = api_json_pupil(pupil);
    json_object_set_new(inbox->json, "flags", inbox->flags);
    json_object_set_new(inbox->json, "mentor", api_json_mentors(inbox->call, pupil->class));
}

static void add_flagged(struct inbox *inbox)
{
    struct api_call *call = inbox->call;
    struct attendance_flag flag;
    struct query rows = attendance_open_flags(call->attendance);
    while (attendance_next_flag(&rows, &flag)) {
        if (strcmp(inbox->pupil, flag.pupil.pupil) != 0) {
            finish_item(inbox);
            begin_item(inbox, &flag.pupil);
        }
        if (inbox->json == NULL)
            continue;
        inbox->all_new &= flag.raised_day == inbox->decided_day;
        api_item_add(&inbox->item, &flag);
        api_append(call, inbox->flags, api_json_flag(&flag));
    }
    finish_item(inbox);
}

static bool is_listed(const struct inbox *inbox, const char *pupil)
{
    for (size_t i = 0; i < inbox->count; i++)
        if (strcmp(inbox->entries[i].pupil, pupil) == 0)
            return true;
    return false;
}

/* Adds pupils whose case or snooze has its date, unless they have left: their flags may be cleared by now, and somebody
 * must look all the same. */
static void add_due(struct inbox *inbox)
{
    struct api_call *call = inbox->call;
    struct attendance_pupil pupil;
    const char *id;
    struct query due = casebook_due(call->book, call->today);
    while (casebook_next_text(&due, &id)) {
        if (is_listed(inbox, id))
            continue;
        struct query rows = attendance_pupil(call->attendance, id);
        if (attendance_next_known_pupil(&rows, &pupil) && pupil.at_school) {
            begin_item(inbox, &pupil);
            finish_item(inbox);
        }
        query_end(&rows);
    }
    call->failed |= !casebook_good(call->book);
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = triage_compare(&a->rank, &b->rank);
    return order ? order : strcmp(a->pupil, b->pupil);
}

static bool waits(const struct entry *entry)
{
    return entry->rank.verdict.place == TRIAGE_NEW && !entry->rank.joins_last_year;
}

/* How many new items wait. When the school cannot meet as many in a week, each tells the school time that its pupil has lost. */
static size_t count_waiting(struct inbox *inbox)
{
    struct api_call *call = inbox->call;
    size_t waiting = 0;
    for (size_t i = 0; i < inbox->count; i++)
        waiting += waits(&inbox->entries[i]);
    for (size_t i = 0; i < inbox->count && triage_too_many(waiting, call->items_a_week); i++) {
        struct entry *entry = &inbox->entries[i];
        if (!waits(entry))
            continue;
        struct own_days days = own_days_before(call->attendance, entry->pupil, inbox->decided_day + 1);
        entry->rank.lost_minutes = days.lost_minutes;
        json_object_set_new(entry->json, "time_lost",
                            json_pack("{s:I, s:i}", "minutes", (json_int_t)days.lost_minutes, "of_days", days.count));
    }
    return waiting;
}

/* What is null or false is left out: a list has many items. */
static void thin_out(json_t *object)
{
    for (void *next, *at = json_object_iter(object); at != NULL; at = next) {
        json_t *value = json_object_iter_value(at);
        next = json_object_iter_next(object, at);
        if (json_is_null(value) || json_is_false(value))
            json_object_del(object, json_object_iter_key(at));
    }
}

static void thin_out_item(json_t *item)
{
    json_t *flag;
    size_t i;
    json_array_foreach(json_object_get(item, "flags"), i, flag) {
        thin_out(flag);
    }
    thin_out(item);
}

/* Sorts the items into the two lists. Ids for the audit log come in the order in which the page shows them. */
static void share_out(struct inbox *inbox, json_t *list, json_t *quiet)
{
    qsort(inbox->entries, inbox->count, sizeof *inbox->entries, compare_entries);
    for (size_t i = 0; i < inbox->count; i++) {
        const struct entry *entry = &inbox->entries[i];
        thin_out_item(entry->json);
        json_array_append(entry->rank.verdict.place == TRIAGE_QUIET ? quiet : list, entry->json);
    }
    for (int is_quiet = 0; is_quiet < 2; is_quiet++)
        for (size_t i = 0; i < inbox->count; i++)
            if ((inbox->entries[i].rank.verdict.place == TRIAGE_QUIET) == is_quiet)
                json_array_append_new(inbox->shown, json_string(inbox->entries[i].pupil));
}

static void add_tasks(struct inbox *inbox)
{
    struct api_call *call = inbox->call;
    struct attendance_task task;
    struct query rows = attendance_tasks(call->attendance);
    while (attendance_next_task(&rows, &task)) {
        if (!api_may(call, PERMISSION_TASKS, &task.pupil))
            continue;
        api_append(call, inbox->today, api_json_task(call, &task));
        api_append(call, inbox->shown, json_string(task.pupil.pupil));
    }
}

static void add_signals(struct inbox *inbox)
{
    struct api_call *call = inbox->call;
    struct attendance_signal signal;
    struct query rows = attendance_signals(call->attendance, inbox->decided_day);
    while (attendance_next_signal(&rows, &signal))
        api_append(call, inbox->signals, api_json_signal(&signal, inbox->decided_day));
}

static void fill(struct inbox *inbox, json_t *list, json_t *quiet)
{
    struct api_call *call = inbox->call;
    bool sees_flags = access_allows(call->user.role, PERMISSION_FLAGS, NULL);
    if (access_allows(call->user.role, PERMISSION_TRIAGE, NULL) && call->today < last_year_joins_until(call->today))
        api_last_year_collect(call, &inbox->last_year);
    inbox->decided_day = attendance_decided_day(call->attendance);
    if (sees_flags)
        add_signals(inbox);
    add_flagged(inbox);
    if (sees_flags)
        add_due(inbox);
    inbox->waiting = count_waiting(inbox);
    share_out(inbox, list, quiet);
    add_tasks(inbox);
}

/* How many are on the list from last year, while new items join it; null when there is none. */
static json_t *last_year_json(const struct inbox *inbox)
{
    const struct last_year_list *list = &inbox->last_year;
    size_t undecided = 0;
    for (size_t i = 0; i < list->count; i++)
        undecided += !list->pupils[i].decided;
    return list->count == 0 ? json_null()
                            : json_pack("{s:i, s:i, s:o}", "pupils", (int)list->count, "undecided", (int)undecided,
                                        "joins_until", civil_json_date(last_year_joins_until(inbox->call->today)));
}

static void empty(struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->count; i++)
        json_decref(inbox->entries[i].json);
    json_decref(inbox->json);
    free(inbox);
}

enum http_verdict api_inbox(struct api_call *call)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);
    if (inbox == NULL || !api_begin_reading(call)) {
        free(inbox);
        return api_error(call, 503, "busy");
    }
    json_t *list = json_array(), *quiet = json_array();
    inbox->call = call;
    inbox->today = json_array();
    inbox->signals = json_array();
    inbox->shown = json_array();
    inbox->findings = api_findings_open(call);
    if (inbox->findings != NULL)
        fill(inbox, list, quiet);
    api_findings_close(inbox->findings);
    api_end_reading(call);
    api_audit_pupils(call, "list_flags", inbox->shown);
    json_t *answer = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "date", civil_json_date(call->today),
                               "decided_through", civil_json_date(inbox->decided_day), "inbox", list, "quiet", quiet,
                               "today", inbox->today, "signals", inbox->signals);
    json_object_set_new(answer, "waiting", json_integer((json_int_t)inbox->waiting));
    json_object_set_new(answer, "items_a_week", call->items_a_week ? json_integer(call->items_a_week) : json_null());
    json_object_set_new(answer, "last_year", last_year_json(inbox));
    empty(inbox);
    return api_json(call, 200, answer);
}
