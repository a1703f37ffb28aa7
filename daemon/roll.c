/* Schedules roll calls by the closing times of lessons, and writes what one says: pupil-days, doubts, and through
 * them flags, signals and tasks. */
#include "daemon/roll.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"
#include "common/log.h"
#include "daemon/store/store_life.h"
#include "daemon/store/store_retention.h"
#include "daemon/store/store_school.h"
#include "daemon/tasks.h"

/* The date to look at next: one that has begun and is not decided, else the next with a lesson. */
static void schedule(struct roll *roll, int32_t from_day)
{
    roll->next_ms = INT64_MAX;
    if (store_next_lesson_day(roll->store, from_day, &roll->current_day))
        roll->next_ms = civil_to_utc_ms(roll->current_day, 0);
}

static void touch_undecided(struct roll *roll, struct dayset *touched, int32_t today)
{
    int32_t day;
    struct query rows = store_undecided(roll->store, today - DAYSET_PAST, today);
    while (store_next_day(&rows, &day))
        dayset_add(touched, day);
}

const char *roll_reload_school(struct roll *roll, struct dayset *touched, int64_t now_ms)
{
    int32_t today = civil_from_utc_ms(now_ms).day;
    memset(roll->subject_numbers, 0, sizeof roll->subject_numbers);
    const char *why = store_school_load(roll->store, roll->school);
    roll->flags_due = roll->leavers_due = true;
    schedule(roll, today + 1);
    touch_undecided(roll, touched, today);
    return why;
}

void roll_new_day(struct roll *roll, struct dayset *touched, int32_t today)
{
    roll->flags_due = roll->leavers_due = true;
    schedule(roll, today);
    touch_undecided(roll, touched, today);
}

/* Everything of the dates that have not ended, and of today if it was derived later than now. The flags are then decided by
 * the days that are left, all of them: what a clock past 1 August had ended stands again. A clock without a battery begins
 * years ago: by it everything would be taken back, and of what is older than its facts nothing could be taken anew. A person's word
 * that it is right holds for the date on which it was given: no other clock can borrow it. */
const char *roll_clock_back(struct roll *roll, struct dayset *touched, int64_t now_ms)
{
    int32_t today = civil_from_utc_ms(now_ms).day;
    if (store_clock_checked(roll->store) != today && store_tapped_beyond(roll->store, today) > DECIDING_DATES_MAX)
        return "our clock is behind: pupils have checked in on more than " LIMIT_TEXT(
            DECIDING_DATES_MAX) " later dates that are decided; set it, or when it is right run narvarod once with "
                                "--today";
    int32_t from_day = store_beyond_from(roll->store, today, now_ms);
    /* Mostly a time service took a second back: then the flags, which know dates alone, stand as they are. */
    bool goes_over = civil_from_utc_ms(roll->derived_ms).day != today || store_is_beyond(roll->store, today, now_ms);
    log_warn("our clock went back: what lies later is taken back by_s=%lld",
             (long long)((roll->derived_ms - now_ms) / 1000));
    store_take_back(roll->store, from_day, "our clock was ahead", now_ms);
    store_life_cut(roll->store, now_ms);
    store_derived_put(roll->store, now_ms);
    roll->derived_ms = now_ms;
    deciding_clock_back(&roll->deciding, today, now_ms);
    dayset_add(touched, today);
    roll_new_day(roll, touched, today);
    roll->day_was_decided = true;
    return roll->flagging.detect == NULL || !goes_over ? NULL : flagging_reload(&roll->flagging, today);
}

void roll_confirm(struct roll *roll, struct dayset *touched, int32_t today)
{
    deciding_confirm(&roll->deciding);
    touch_undecided(roll, touched, today);
}

const char *roll_open(struct roll *roll, struct store *store, struct terminals *terminals,
                      const struct rollcall_settings *settings, const struct groupsignal_settings *group_signal,
                      struct dayset *touched, int64_t now_ms)
{
    memset(roll, 0, sizeof *roll);
    roll->store = store;
    roll->terminals = terminals;
    roll->settings = settings;
    roll->school = school_open();
    roll->facts = schoolday_open();
    roll->rollcall = rollcall_open();
    signals_init(&roll->signals, store, group_signal);
    if (roll->school == NULL || roll->facts == NULL || roll->rollcall == NULL)
        return "out of memory";
    roll->frozen_before = store_frozen_before(store);
    roll->derived_ms = store_derived_ms(store);
    deciding_open(&roll->deciding, store);
    roll->checked = store_check(store);
    const char *why = now_ms < roll->derived_ms && !FAULT(future_kept) ? roll_clock_back(roll, touched, now_ms) : NULL;
    if (why == NULL && store_is_beyond(store, civil_from_utc_ms(now_ms).day, now_ms))
        why = "something is derived for time that has not ended by our clock";
    if (why == NULL)
        why = flagging_open(&roll->flagging, store, civil_from_utc_ms(now_ms).day);
    return why != NULL ? why : roll_reload_school(roll, touched, now_ms);
}

void roll_link_up(struct roll *roll, struct dayset *touched, int32_t today)
{
    roll->link_up = true;
    touch_undecided(roll, touched, today);
}

void roll_link_down(struct roll *roll)
{
    roll->link_up = false;
}

void roll_close(struct roll *roll)
{
    flagging_close(&roll->flagging);
    if (roll->rollcall != NULL)
        rollcall_close(roll->rollcall);
    if (roll->facts != NULL)
        schoolday_close(roll->facts);
    if (roll->school != NULL)
        school_close(roll->school);
}

const char *roll_reload_flags(struct roll *roll, int64_t now_ms)
{
    roll->flags_due = roll->day_was_decided = true;
    return flagging_reload(&roll->flagging, civil_from_utc_ms(now_ms).day);
}

const char *roll_freeze(struct roll *roll, int32_t before_day, int32_t today)
{
    roll->frozen_before = before_day;
    store_freeze(roll->store, before_day);
    return flagging_since(&roll->flagging) == flagging_begins(today) ? NULL : flagging_reload(&roll->flagging, today);
}

static uint16_t subject_number(struct roll *roll, uint16_t index)
{
    uint16_t *number = &roll->subject_numbers[index];
    if (*number == 0)
        *number = store_subject(roll->store, names_text(&roll->school->subjects, index).bytes);
    return *number;
}

/* The order of docs/detection.md: start, the subject's name, minutes, the status's word. */
static int compare_outcomes(const struct school *school, const struct outcome *a, const struct outcome *b)
{
    if (a->start_minute != b->start_minute)
        return a->start_minute < b->start_minute ? -1 : 1;
    int order = text_compare(names_text(&school->subjects, a->subject), names_text(&school->subjects, b->subject));
    if (order != 0)
        return order;
    if (a->minutes != b->minutes)
        return a->minutes < b->minutes ? -1 : 1;
    return strcmp(STATUS_WORDS[a->status], STATUS_WORDS[b->status]);
}

/* Returns how many; more than OUTCOME_LESSONS_MAX rows of a pupil and date, which an import does not let in, are cut. */
static size_t order_outcomes(struct roll *roll, const struct rollcall_row *rows, size_t count,
                             struct outcome out[OUTCOME_LESSONS_MAX])
{
    if (count > OUTCOME_LESSONS_MAX) {
        log_warn("lessons of a pupil and date left out count=%zu limit=%d", count, OUTCOME_LESSONS_MAX);
        count = OUTCOME_LESSONS_MAX;
    }
    for (size_t i = 0; i < count; i++) {
        size_t place = i;
        for (; place > 0 && compare_outcomes(roll->school, &rows[i].outcome, &out[place - 1]) < 0; place--)
            out[place] = out[place - 1];
        out[place] = rows[i].outcome;
    }
    for (size_t i = 0; i < count; i++)
        out[i].subject = subject_number(roll, out[i].subject);
    return count;
}

/* The state of one roll call while its pupil-days are written. */
struct taking {
    struct roll *roll;
    int32_t day;
    bool was_decided, decides;
    bool changed; /* some pupil-day differs from the stored one */
    bool no_memory;
};

static void give_to_flags(struct taking *taking, const struct pupil_day *pupil_day)
{
    taking->no_memory |= !flagging_set_day(&taking->roll->flagging, pupil_day);
    taking->roll->flags_due = taking->roll->flags_given = true;
}

static void take_pupil(struct taking *taking, const struct rollcall_row *rows, size_t count)
{
    struct roll *roll = taking->roll;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    struct pupil_day pupil_day = {
        .pupil_id = names_text(&roll->school->pupil_ids, rows[0].pupil).bytes,
        .class_name = school_class(roll->school, rows[0].pupil, taking->day).bytes,
        .day = taking->day,
        .outcomes = outcomes,
        .count = order_outcomes(roll, rows, count, outcomes),
    };
    bool changed = store_pupil_day_put(roll->store, &pupil_day);
    taking->changed |= changed;
    if (taking->decides && ((changed && !FAULT(correction_not_propagated)) || !taking->was_decided))
        give_to_flags(taking, &pupil_day);
}

static bool has_rows(const struct roll *roll, uint32_t pupil)
{
    size_t low = 0, high = roll->rollcall->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (roll->rollcall->rows[middle].pupil < pupil)
            low = middle + 1;
        else
            high = middle;
    }
    return low < roll->rollcall->row_count && roll->rollcall->rows[low].pupil == pupil;
}

static void note_gone(struct taking *taking, const char *pupil_id)
{
    struct roll *roll = taking->roll;
    uint32_t pupil = names_find(&roll->school->pupil_ids, text_of(pupil_id));
    if (pupil != NAMES_NONE && has_rows(roll, pupil))
        return;
    uint32_t number = names_add(&roll->flagging.pupils, text_of(pupil_id));
    if (number == NAMES_NONE)
        taking->no_memory = true;
    else
        roll->gone[roll->gone_count++] = number;
}

/* Pupils who had a day stored and now have no lesson on it. True: there may be more of them than were noted at a time. */
static bool remove_gone(struct taking *taking)
{
    struct roll *roll = taking->roll;
    roll->gone_count = 0;
    const char *pupil_id;
    struct query rows = store_pupils_of_day(roll->store, taking->day);
    while (roll->gone_count < SCHOOL_PUPILS_MAX && store_next_pupil(&rows, &pupil_id))
        note_gone(taking, pupil_id);
    query_end(&rows);
    for (size_t i = 0; i < roll->gone_count; i++) {
        struct pupil_day none = {
            .pupil_id = names_text(&roll->flagging.pupils, roll->gone[i]).bytes, .class_name = "", .day = taking->day};
        store_pupil_day_delete(roll->store, none.pupil_id, none.day);
        taking->changed = true;
        if (taking->was_decided)
            give_to_flags(taking, &none);
    }
    return roll->gone_count == SCHOOL_PUPILS_MAX;
}

static void note_school_day(struct taking *taking, const struct school_day *before, int64_t now_ms)
{
    struct roll *roll = taking->roll;
    struct school_day after = *before;
    after.day = taking->day;
    after.lessons_closed = (int32_t)roll->rollcall->lessons_closed;
    after.decided = taking->decides;
    if (taking->decides && !taking->was_decided)
        after.decided_ms = now_ms;
    if (after.lessons_closed == before->lessons_closed && after.decided == before->decided)
        return;
    after.closed_ms = now_ms;
    store_school_day_put(roll->store, &after);
    if (!roll->rehearses)
        log_info("roll taken day=%d lessons_closed=%d decided=%d", (int)after.day, (int)after.lessons_closed,
                 after.decided);
}

static void take_rows(struct taking *taking)
{
    const struct rollcall *rollcall = taking->roll->rollcall;
    for (size_t first = 0, next; first < rollcall->row_count; first = next) {
        for (next = first + 1; next < rollcall->row_count && rollcall->rows[next].pupil == rollcall->rows[first].pupil;)
            next++;
        take_pupil(taking, &rollcall->rows[first], next - first);
    }
}

/* The words of column lesson_doubt, indexed by the enum. */
static const char *const DOUBT_WORDS[] = {[ROLLCALL_KNOWN] = "",
                                          [ROLLCALL_NO_COVER] = "no_cover",
                                          [ROLLCALL_OUTAGE] = "outage",
                                          [ROLLCALL_SILENT_LESSON] = "silent_lesson",
                                          [ROLLCALL_SILENT_SCHOOL] = "silent_school",
                                          [ROLLCALL_AFTER_UNKNOWN] = "after_unknown",
                                          [ROLLCALL_DOUBTFUL_CARD] = "doubtful_card",
                                          [ROLLCALL_SILENT_DAY] = "silent_day"};

static void note_doubts(struct roll *roll, int32_t day)
{
    store_doubts_clear(roll->store, day);
    for (size_t i = 0; i < roll->facts->lesson_count; i++)
        if (roll->rollcall->doubts[i] != ROLLCALL_KNOWN)
            store_doubt_put(roll->store, roll->facts->lessons[i].lesson, day, DOUBT_WORDS[roll->rollcall->doubts[i]]);
}

void roll_command(struct roll *roll, const struct dayset *about, int64_t now_ms)
{
    roll->commanded = about;
    roll->commands_waiting = about != NULL && deciding_may_commanded(&roll->deciding, about, roll->frozen_before,
                                                                     civil_from_utc_ms(now_ms).day);
}

/* For the first time. A person's command waits for no broker: what was not heard until then is unknown, and nobody's fault. Nor does
 * the question whether a person must look, or a command that comes before the broker would go past it. */
static bool may_decide(struct roll *roll, int32_t day, int64_t now_ms)
{
    if (roll->commanded != NULL && dayset_has(roll->commanded, day) &&
        (roll->commands_waiting || deciding_may(&roll->deciding, day)))
        return true;
    if (!roll->considered)
        deciding_consider(&roll->deciding, roll->frozen_before, civil_from_utc_ms(now_ms).day, now_ms);
    roll->considered = true;
    return (roll->link_up || FAULT(decided_without_broker)) && deciding_may(&roll->deciding, day);
}

/* False only when memory ran out: a date whose facts exceed a limit is logged and passed over. */
static bool take_day(struct roll *roll, int32_t day, int64_t now_ms)
{
    struct school_day before = {0};
    const char *why = store_schoolday_load(roll->store, roll->school, roll->facts, day, now_ms);
    if (why != NULL || !rollcall_day(roll->rollcall, roll->school, roll->facts, roll->settings, now_ms)) {
        log_warn("roll not taken day=%d reason=\"%s\"", (int)day, why != NULL ? why : "too many rows");
        return true;
    }
    struct taking taking = {.roll = roll, .day = day};
    taking.was_decided = store_school_day(roll->store, day, &before) && before.decided;
    taking.decides = roll->rollcall->day_closed && (taking.was_decided || may_decide(roll, day, now_ms));
    take_rows(&taking);
    while (remove_gone(&taking))
        continue;
    note_doubts(roll, day);
    note_school_day(&taking, &before, now_ms);
    if (taking.decides && (taking.changed || !taking.was_decided))
        signals_day(&roll->signals, roll->school, roll->rollcall, day);
    if (taking.decides && !taking.was_decided) {
        roll->day_was_decided = roll->flags_given = true;
        flagging_decided(&roll->flagging, day);
    }
    if (roll->rollcall->next_ms < roll->next_ms) {
        roll->current_day = day;
        roll->next_ms = roll->rollcall->next_ms;
    }
    return !taking.no_memory;
}

bool roll_due(const struct roll *roll, const struct dayset *touched, int64_t now_ms)
{
    return now_ms >= roll->next_ms || roll->flags_due || !dayset_empty(touched);
}

/* Dates first, then signals and flags once for all of them: a flag depends on many dates. */
bool roll_take(struct roll *roll, struct dayset *touched, const char *why, int64_t now_ms)
{
    int32_t today = civil_from_utc_ms(now_ms).day, day;
    bool ok = true;
    roll->considered = roll->rehearses;
    if (now_ms >= roll->next_ms) {
        dayset_add(touched, roll->current_day);
        schedule(roll, today + 1);
    }
    while (ok && dayset_take(touched, &day)) {
        if (day > today || day < roll->frozen_before)
            continue;
        if (roll->watch != NULL)
            roll->watch(roll->watcher, day);
        ok = take_day(roll, day, now_ms);
        if (ok && day == today)
            roll->tasks_wait =
                tasks_sync(roll->store, roll->terminals, roll->school, roll->facts, roll->rollcall, now_ms);
    }
    if (FAULT(state_outside_transaction) && roll->flags_due && store_commit(roll->store))
        store_begin(roll->store);
    if (ok)
        signals_decide(&roll->signals);
    if (ok && roll->flags_due)
        ok = flagging_sync(&roll->flagging, roll->school, roll->day_was_decided, why, now_ms);
    if (roll->leavers_due)
        store_tasks_end_left(roll->store, today, now_ms);
    roll->flags_due = roll->day_was_decided = roll->leavers_due = false;
    if (now_ms > roll->derived_ms) {
        roll->derived_ms = now_ms;
        store_derived_put(roll->store, now_ms);
    }
    if (ok && store_is_beyond(roll->store, today, now_ms)) {
        log_warn("something would be derived for time that has not ended");
        ok = false;
    }
    return ok;
}

void roll_check_self(struct roll *roll, int64_t now_ms)
{
    if (!selfcheck_due(&roll->checked, &roll->flagging, now_ms))
        return;
    store_begin(roll->store);
    selfcheck_run(&roll->checked, &roll->flagging, roll->school, now_ms);
}

/* Into roll->facts and roll->rollcall, without consequences. */
static bool look_at(struct roll *roll, int32_t day, int64_t now_ms)
{
    return store_schoolday_load(roll->store, roll->school, roll->facts, day, now_ms) == NULL &&
           rollcall_day(roll->rollcall, roll->school, roll->facts, roll->settings, now_ms);
}

void roll_strays(struct roll *roll, int32_t day, int64_t now_ms, roll_stray_visit *visit, void *context)
{
    if (!look_at(roll, day, now_ms))
        return;
    for (size_t i = 0; i < roll->rollcall->stray_count; i++)
        visit(context, &roll->facts->taps[roll->rollcall->strays[i].tap], roll->rollcall->strays[i].why);
}

void roll_doubts(struct roll *roll, int32_t day, int64_t now_ms, roll_doubt_visit *visit, void *context)
{
    if (!look_at(roll, day, now_ms))
        return;
    for (size_t i = 0; i < roll->facts->lesson_count; i++)
        if (roll->rollcall->doubts[i] != ROLLCALL_KNOWN)
            visit(context, roll->school, &roll->facts->lessons[i], (enum rollcall_doubt)roll->rollcall->doubts[i]);
}
