/* One binder for each kind of row, and the table that joins it with the statements of its school file. */
#include "daemon/store/store_keeping.h"

#include <stdlib.h>

void keeping_text(struct query *query, struct text text)
{
    query_characters(query, text.bytes, text.length);
}

static void give_day(struct query *query, int32_t day)
{
    if (day == CIVIL_DAY_NONE)
        query_null(query);
    else
        query_integer(query, day);
}

static void give_maybe(struct query *query, int8_t value)
{
    if (value == SCHOOLFILES_NOT_TOLD)
        query_null(query);
    else
        query_integer(query, value);
}

static void give_instant(struct query *query, int64_t instant_ms, int64_t open_ms)
{
    if (instant_ms == open_ms)
        query_null(query);
    else
        query_integer(query, instant_ms);
}

static void give_member(struct query *query, const void *of)
{
    const struct member_row *row = of;
    keeping_text(query, row->group_id);
    keeping_text(query, row->pupil_id);
    give_day(query, row->from_day);
    give_day(query, row->to_day);
}

static void give_lesson(struct query *query, const void *of)
{
    const struct lesson_row *row = of;
    keeping_text(query, row->lesson_id);
    keeping_text(query, row->group_id);
    keeping_text(query, row->subject);
    keeping_text(query, row->room);
    query_integer(query, row->day);
    query_integer(query, row->start_minute);
    query_integer(query, row->end_minute);
    query_text(query, !row->state_told ? "" : row->cancelled ? "cancelled" : "held");
}

static void give_card(struct query *query, const void *of)
{
    const struct card_row *row = of;
    query_integer(query, (int64_t)row->token);
    keeping_text(query, row->pupil_id);
    give_instant(query, row->from_ms, INT64_MIN);
    give_instant(query, row->to_ms, INT64_MAX);
}

static void give_absence(struct query *query, const void *of)
{
    const struct absence_row *row = of;
    keeping_text(query, row->pupil_id);
    query_text(query, row->leave ? "leave" : "reported");
    query_integer(query, row->from_ms);
    query_integer(query, row->to_ms);
}

static void give_outage(struct query *query, const void *of)
{
    const struct outage_row *row = of;
    keeping_text(query, row->terminal_id);
    query_integer(query, row->from_ms);
    query_integer(query, row->to_ms);
}

static void give_mark(struct query *query, const void *of)
{
    const struct mark_row *row = of;
    keeping_text(query, row->lesson_id);
    keeping_text(query, row->pupil_id);
    query_text(query, STATUS_WORDS[row->status]);
    query_integer(query, row->absent_minutes);
    query_integer(query, row->row.recorded_ms);
}

static void give_calendar(struct query *query, const void *of)
{
    const struct calendar_row *row = of;
    give_day(query, row->from_day);
    give_day(query, row->to_day);
    query_text(query, CALENDAR_WORDS[row->kind]);
}

static void give_staff(struct query *query, const void *of)
{
    const struct staff_row *row = of;
    keeping_text(query, row->staff_id);
    keeping_text(query, row->name);
    keeping_text(query, row->role);
    keeping_text(query, row->email);
}

static void give_teacher(struct query *query, const void *of)
{
    const struct teacher_row *row = of;
    keeping_text(query, row->group_id);
    keeping_text(query, row->staff_id);
    give_day(query, row->from_day);
    give_day(query, row->to_day);
}

static void give_guardian(struct query *query, const void *of)
{
    const struct guardian_row *row = of;
    keeping_text(query, row->pupil_id);
    keeping_text(query, row->name);
    keeping_text(query, row->phone);
    keeping_text(query, row->email);
    query_integer(query, row->order);
    keeping_text(query, row->relation);
    keeping_text(query, row->language);
    give_maybe(query, row->interpreter);
    give_maybe(query, row->notify);
}

void keeping_touch_days(struct store_import *import, int32_t from_day, int32_t to_day)
{
    int32_t first = from_day == CIVIL_DAY_NONE || from_day < import->first_day ? import->first_day : from_day;
    int32_t last = to_day == CIVIL_DAY_NONE || to_day > import->last_day ? import->last_day : to_day;
    if (first <= last)
        dayset_add_range(import->touched, first, last);
}

void keeping_touch_instants(struct store_import *import, int64_t from_ms, int64_t to_ms)
{
    keeping_touch_days(import, from_ms == INT64_MIN ? CIVIL_DAY_NONE : civil_from_utc_ms(from_ms).day,
                       to_ms == INT64_MAX ? CIVIL_DAY_NONE : civil_from_utc_ms(to_ms).day);
}

static void touch_nothing(struct store_import *import, const void *of)
{
    (void)import;
    (void)of;
}

static void touch_member(struct store_import *import, const void *of)
{
    const struct member_row *row = of;
    keeping_touch_days(import, row->from_day, row->to_day);
}

static void touch_card(struct store_import *import, const void *of)
{
    const struct card_row *row = of;
    keeping_touch_instants(import, row->from_ms, row->to_ms);
}

static void touch_lesson(struct store_import *import, const void *of)
{
    const struct lesson_row *row = of;
    dayset_add(import->touched, row->day);
}

static void touch_absence(struct store_import *import, const void *of)
{
    const struct absence_row *row = of;
    keeping_touch_instants(import, row->from_ms, row->to_ms);
}

static void touch_outage(struct store_import *import, const void *of)
{
    const struct outage_row *row = of;
    keeping_touch_instants(import, row->from_ms, row->to_ms);
}

static void touch_mark(struct store_import *import, const void *of)
{
    const struct mark_row *row = of;
    struct query query = store_query(import->store, SQL_IMPORT_LESSON_DAY);
    keeping_text(&query, row->lesson_id);
    if (query_row(&query))
        dayset_add(import->touched, (int32_t)query_column(&query, 0));
    query_end(&query);
}

const struct keeping KEEPINGS[SCHOOLFILES] = {
    [SCHOOLFILE_MEMBERS] = {SQL_IMPORT_MEMBER_KNOWN, SQL_IMPORT_MEMBER_FIND, SQL_IMPORT_MEMBER_INSERT,
                            SQL_IMPORT_MEMBER_END, SQL_IMPORT_MEMBER_SPANS, give_member, touch_member},
    [SCHOOLFILE_LESSONS] = {SQL_IMPORT_LESSON_KNOWN, SQL_IMPORT_LESSON_FIND, SQL_IMPORT_LESSON_INSERT,
                            SQL_IMPORT_LESSON_END, STATEMENTS, give_lesson, touch_lesson},
    [SCHOOLFILE_EXEMPTIONS] = {SQL_IMPORT_EXEMPTION_KNOWN, SQL_IMPORT_EXEMPTION_FIND, SQL_IMPORT_EXEMPTION_INSERT,
                               SQL_IMPORT_EXEMPTION_END, SQL_IMPORT_EXEMPTION_SPANS, give_member, touch_member},
    [SCHOOLFILE_CARDS] = {SQL_IMPORT_CARD_KNOWN, SQL_IMPORT_CARD_FIND, SQL_IMPORT_CARD_INSERT, SQL_IMPORT_CARD_END,
                          SQL_IMPORT_CARD_SPANS, give_card, touch_card},
    [SCHOOLFILE_ABSENCES] = {SQL_IMPORT_ABSENCE_KNOWN, SQL_IMPORT_ABSENCE_FIND, SQL_IMPORT_ABSENCE_INSERT, STATEMENTS,
                             SQL_IMPORT_ABSENCE_SPANS, give_absence, touch_absence},
    [SCHOOLFILE_OUTAGES] = {SQL_IMPORT_OUTAGE_KNOWN, SQL_IMPORT_OUTAGE_FIND, SQL_IMPORT_OUTAGE_INSERT, STATEMENTS,
                            STATEMENTS, give_outage, touch_outage},
    [SCHOOLFILE_MARKS] = {SQL_IMPORT_MARK_KNOWN, SQL_IMPORT_MARK_FIND, SQL_IMPORT_MARK_INSERT, STATEMENTS, STATEMENTS,
                          give_mark, touch_mark},
    [SCHOOLFILE_CALENDAR] = {SQL_IMPORT_CALENDAR_KNOWN, SQL_IMPORT_CALENDAR_FIND, SQL_IMPORT_CALENDAR_INSERT,
                             STATEMENTS, STATEMENTS, give_calendar, touch_nothing},
    [SCHOOLFILE_STAFF] = {SQL_IMPORT_STAFF_KNOWN, SQL_IMPORT_STAFF_FIND, SQL_IMPORT_STAFF_INSERT, STATEMENTS,
                          STATEMENTS, give_staff, touch_nothing},
    [SCHOOLFILE_TEACHERS] = {SQL_IMPORT_TEACHER_KNOWN, SQL_IMPORT_TEACHER_FIND, SQL_IMPORT_TEACHER_INSERT,
                             SQL_IMPORT_TEACHER_END, SQL_IMPORT_TEACHER_SPANS, give_teacher, touch_nothing},
    [SCHOOLFILE_GUARDIANS] = {SQL_IMPORT_GUARDIAN_KNOWN, SQL_IMPORT_GUARDIAN_FIND, SQL_IMPORT_GUARDIAN_INSERT,
                              SQL_IMPORT_GUARDIAN_END, STATEMENTS, give_guardian, touch_nothing},
};

int64_t keeping_known_ms(const struct store_import *import, const struct schoolrow *row)
{
    return row->recorded_ms == SCHOOLFILES_NOT_RECORDED ? import->now_ms : row->recorded_ms;
}

void keeping_insert(struct file_work *work, const struct schoolrow *row)
{
    const struct keeping *keeping = work->keeping;
    if (work->which == SCHOOLFILE_LESSONS) {
        struct query number = store_query(work->import->store, SQL_IMPORT_LESSON_NUMBER);
        keeping_text(&number, ((const struct lesson_row *)(const void *)row)->lesson_id);
        query_run(&number);
    }
    struct query query = store_query(work->import->store, keeping->insert);
    keeping->give(&query, row);
    if (work->which != SCHOOLFILE_STAFF) /* staff are not versioned */
        query_integer(&query, keeping_known_ms(work->import, row));
    query_run(&query);
}

void keeping_end(struct file_work *work, int64_t rowid, const struct schoolrow *row)
{
    struct query query = store_query(work->import->store, work->keeping->end);
    query_integer(&query, keeping_known_ms(work->import, row));
    query_integer(&query, rowid);
    query_run(&query);
}

void keeping_meet(struct file_work *work, int64_t rowid)
{
    if (rowid <= work->last_rowid)
        work->met[work->met_count++] = rowid;
}

static int by_value(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

void keeping_sort_met(struct file_work *work)
{
    size_t different = 0;
    if (work->met_count > 0)
        qsort(work->met, work->met_count, sizeof *work->met, by_value);
    for (size_t i = 0; i < work->met_count; i++)
        if (i == 0 || work->met[i] != work->met[i - 1])
            work->met[different++] = work->met[i];
    work->met_count = work->met_sorted = different;
}

bool keeping_is_met(const struct file_work *work, int64_t rowid)
{
    return work->met_sorted > 0 && bsearch(&rowid, work->met, work->met_sorted, sizeof *work->met, by_value) != NULL;
}
