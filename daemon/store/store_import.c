#include "daemon/store/store_import.h"

#include <assert.h>
#include <stdlib.h>
#include "daemon/store/store_school.h"
#include "daemon/store/store_sql.h"

static void give_text(struct query *query, struct text text)
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

static void give_instant(struct query *query, int64_t instant_ms, int64_t open_ms)
{
    if (instant_ms == open_ms)
        query_null(query);
    else
        query_integer(query, instant_ms);
}

static void give_pupil(struct query *query, const void *of)
{
    const struct pupil_row *row = of;
    give_text(query, row->pupil_id);
    give_text(query, row->given_name);
    give_text(query, row->family_name);
    give_text(query, row->class_name);
    give_text(query, row->year);
    query_integer(query, row->is_protected);
    give_day(query, row->from_day);
    give_day(query, row->to_day);
}

static void give_member(struct query *query, const void *of)
{
    const struct member_row *row = of;
    give_text(query, row->group_id);
    give_text(query, row->pupil_id);
    give_day(query, row->from_day);
    give_day(query, row->to_day);
}

static void give_lesson(struct query *query, const void *of)
{
    const struct lesson_row *row = of;
    give_text(query, row->lesson_id);
    give_text(query, row->group_id);
    give_text(query, row->subject);
    give_text(query, row->room);
    query_integer(query, row->day);
    query_integer(query, row->start_minute);
    query_integer(query, row->end_minute);
    query_text(query, row->cancelled ? "cancelled" : "held");
}

static void give_terminal(struct query *query, const void *of)
{
    const struct terminal_row *row = of;
    give_text(query, row->terminal_id);
    give_text(query, row->room);
    query_text(query, row->entrance ? "entrance" : "room");
    give_day(query, row->from_day);
    give_day(query, row->to_day);
}

static void give_card(struct query *query, const void *of)
{
    const struct card_row *row = of;
    query_integer(query, (int64_t)row->token);
    give_text(query, row->pupil_id);
    give_instant(query, row->from_ms, INT64_MIN);
    give_instant(query, row->to_ms, INT64_MAX);
}

static void give_absence(struct query *query, const void *of)
{
    const struct absence_row *row = of;
    give_text(query, row->pupil_id);
    query_text(query, row->leave ? "leave" : "reported");
    query_integer(query, row->from_ms);
    query_integer(query, row->to_ms);
}

static void give_outage(struct query *query, const void *of)
{
    const struct outage_row *row = of;
    give_text(query, row->terminal_id);
    query_integer(query, row->from_ms);
    query_integer(query, row->to_ms);
}

static void give_mark(struct query *query, const void *of)
{
    const struct mark_row *row = of;
    give_text(query, row->lesson_id);
    give_text(query, row->pupil_id);
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
    give_text(query, row->staff_id);
    give_text(query, row->name);
    give_text(query, row->role);
    give_text(query, row->email);
}

static void give_teacher(struct query *query, const void *of)
{
    const struct teacher_row *row = of;
    give_text(query, row->group_id);
    give_text(query, row->staff_id);
    give_day(query, row->from_day);
    give_day(query, row->to_day);
}

static void give_guardian(struct query *query, const void *of)
{
    const struct guardian_row *row = of;
    give_text(query, row->pupil_id);
    give_text(query, row->name);
    give_text(query, row->phone);
    give_text(query, row->email);
    query_integer(query, row->order);
}

/* Dates from … to, open ends as far as there are lessons. */
static void touch_days(struct store_import *import, int32_t from_day, int32_t to_day)
{
    int32_t first = from_day == CIVIL_DAY_NONE || from_day < import->first_day ? import->first_day : from_day;
    int32_t last = to_day == CIVIL_DAY_NONE || to_day > import->last_day ? import->last_day : to_day;
    if (first <= last)
        dayset_add_range(import->touched, first, last);
}

static void touch_instants(struct store_import *import, int64_t from_ms, int64_t to_ms)
{
    touch_days(import, from_ms == INT64_MIN ? CIVIL_DAY_NONE : civil_from_utc_ms(from_ms).day,
               to_ms == INT64_MAX ? CIVIL_DAY_NONE : civil_from_utc_ms(to_ms).day);
}

static void touch_everything(struct store_import *import, const void *of)
{
    (void)of;
    touch_days(import, CIVIL_DAY_NONE, CIVIL_DAY_NONE);
}

static void touch_nothing(struct store_import *import, const void *of)
{
    (void)import;
    (void)of;
}

static void touch_member(struct store_import *import, const void *of)
{
    const struct member_row *row = of;
    touch_days(import, row->from_day, row->to_day);
}

static void touch_card(struct store_import *import, const void *of)
{
    const struct card_row *row = of;
    touch_instants(import, row->from_ms, row->to_ms);
}

static void touch_lesson(struct store_import *import, const void *of)
{
    const struct lesson_row *row = of;
    dayset_add(import->touched, row->day);
}

static void touch_absence(struct store_import *import, const void *of)
{
    const struct absence_row *row = of;
    touch_instants(import, row->from_ms, row->to_ms);
}

static void touch_outage(struct store_import *import, const void *of)
{
    const struct outage_row *row = of;
    touch_instants(import, row->from_ms, row->to_ms);
}

static void touch_mark(struct store_import *import, const void *of)
{
    const struct mark_row *row = of;
    struct query query = store_query(import->store, SQL_IMPORT_LESSON_DAY);
    give_text(&query, row->lesson_id);
    if (query_row(&query))
        dayset_add(import->touched, (int32_t)query_column(&query, 0));
    query_end(&query);
}

/* How the rows of a file are kept. `end` STATEMENTS: the whole row is its key, so nothing ever replaces it. */
static const struct keeping {
    enum statement known, find, insert, end;
    void (*give)(struct query *query, const void *row);
    void (*touch)(struct store_import *import, const void *row);
} KEEPINGS[SCHOOLFILES] = {
    [SCHOOLFILE_PUPILS] = {SQL_IMPORT_PUPIL_KNOWN, SQL_IMPORT_PUPIL_FIND, SQL_IMPORT_PUPIL_INSERT, SQL_IMPORT_PUPIL_END,
                           give_pupil, touch_everything},
    [SCHOOLFILE_MEMBERS] = {SQL_IMPORT_MEMBER_KNOWN, SQL_IMPORT_MEMBER_FIND, SQL_IMPORT_MEMBER_INSERT, STATEMENTS,
                            give_member, touch_member},
    [SCHOOLFILE_LESSONS] = {SQL_IMPORT_LESSON_KNOWN, SQL_IMPORT_LESSON_FIND, SQL_IMPORT_LESSON_INSERT,
                            SQL_IMPORT_LESSON_END, give_lesson, touch_lesson},
    [SCHOOLFILE_EXEMPTIONS] = {SQL_IMPORT_EXEMPTION_KNOWN, SQL_IMPORT_EXEMPTION_FIND, SQL_IMPORT_EXEMPTION_INSERT,
                               STATEMENTS, give_member, touch_member},
    [SCHOOLFILE_TERMINALS] = {SQL_IMPORT_TERMINAL_KNOWN, SQL_IMPORT_TERMINAL_FIND, SQL_IMPORT_TERMINAL_INSERT,
                              SQL_IMPORT_TERMINAL_END, give_terminal, touch_everything},
    [SCHOOLFILE_CARDS] = {SQL_IMPORT_CARD_KNOWN, SQL_IMPORT_CARD_FIND, SQL_IMPORT_CARD_INSERT, STATEMENTS, give_card,
                          touch_card},
    [SCHOOLFILE_ABSENCES] = {SQL_IMPORT_ABSENCE_KNOWN, SQL_IMPORT_ABSENCE_FIND, SQL_IMPORT_ABSENCE_INSERT, STATEMENTS,
                             give_absence, touch_absence},
    [SCHOOLFILE_OUTAGES] = {SQL_IMPORT_OUTAGE_KNOWN, SQL_IMPORT_OUTAGE_FIND, SQL_IMPORT_OUTAGE_INSERT, STATEMENTS,
                            give_outage, touch_outage},
    [SCHOOLFILE_MARKS] = {SQL_IMPORT_MARK_KNOWN, SQL_IMPORT_MARK_FIND, SQL_IMPORT_MARK_INSERT, STATEMENTS, give_mark,
                          touch_mark},
    [SCHOOLFILE_CALENDAR] = {SQL_IMPORT_CALENDAR_KNOWN, SQL_IMPORT_CALENDAR_FIND, SQL_IMPORT_CALENDAR_INSERT,
                             STATEMENTS, give_calendar, touch_nothing},
    [SCHOOLFILE_STAFF] = {SQL_IMPORT_STAFF_KNOWN, SQL_IMPORT_STAFF_FIND, SQL_IMPORT_STAFF_INSERT, STATEMENTS,
                          give_staff, touch_nothing},
    [SCHOOLFILE_TEACHERS] = {SQL_IMPORT_TEACHER_KNOWN, SQL_IMPORT_TEACHER_FIND, SQL_IMPORT_TEACHER_INSERT, STATEMENTS,
                             give_teacher, touch_nothing},
    [SCHOOLFILE_GUARDIANS] = {SQL_IMPORT_GUARDIAN_KNOWN, SQL_IMPORT_GUARDIAN_FIND, SQL_IMPORT_GUARDIAN_INSERT,
                              STATEMENTS, give_guardian, touch_nothing},
};

/* What the store says of a row before it is added. */
struct found {
    int64_t rowid;
    int32_t day; /* of a lesson */
    bool known, same;
};

static struct found find(struct store_import *import, const struct keeping *keeping, const void *row)
{
    struct found found = {0};
    struct query query = store_query(import->store, keeping->find);
    keeping->give(&query, row);
    if (query_row(&query)) {
        found = (struct found){.rowid = query_column(&query, 0), .known = true, .same = query_column(&query, 1) != 0};
        if (keeping->find == SQL_IMPORT_LESSON_FIND)
            found.day = (int32_t)query_column(&query, 2);
    }
    query_end(&query);
    return found;
}

static void insert(struct store_import *import, const struct keeping *keeping, const struct schoolrow *row,
                   int64_t known_ms)
{
    if (keeping->insert == SQL_IMPORT_LESSON_INSERT) {
        struct query number = store_query(import->store, SQL_IMPORT_LESSON_NUMBER);
        give_text(&number, ((const struct lesson_row *)(const void *)row)->lesson_id);
        query_run(&number);
    }
    struct query query = store_query(import->store, keeping->insert);
    keeping->give(&query, row);
    if (keeping->insert != SQL_IMPORT_STAFF_INSERT) /* staff are not versioned */
        query_integer(&query, known_ms);
    query_run(&query);
}

static struct found import_row(struct store_import *import, const struct keeping *keeping, const struct schoolrow *row)
{
    struct found found = find(import, keeping, row);
    if (found.known && found.same)
        return found;
    int64_t known_ms = row->recorded_ms == SCHOOLFILES_NOT_RECORDED ? import->now_ms : row->recorded_ms;
    if (found.known && keeping->end != STATEMENTS) {
        struct query end = store_query(import->store, keeping->end);
        query_integer(&end, known_ms);
        query_integer(&end, found.rowid);
        query_run(&end);
    }
    insert(import, keeping, row, known_ms);
    if (found.known && keeping->find == SQL_IMPORT_LESSON_FIND)
        dayset_add(import->touched, found.day);
    keeping->touch(import, row);
    return found;
}

static int by_value(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static size_t distinct(int64_t *values, size_t count)
{
    size_t different = 0;
    if (count > 0)
        qsort(values, count, sizeof *values, by_value);
    for (size_t i = 0; i < count; i++)
        different += i == 0 || values[i] != values[i - 1];
    return different;
}

static bool import_rows(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                        struct store_import_counts *counts)
{
    const struct keeping *keeping = &KEEPINGS[which];
    int64_t *met = malloc((counts->rows + 1) * sizeof *met); /* rows that were known before */
    if (met == NULL)
        return false;
    struct query query = store_query(import->store, keeping->known);
    bool any = query_row(&query);
    size_t known = any ? (size_t)query_column(&query, 0) : 0, met_count = 0;
    int64_t last_rowid = any ? query_column(&query, 1) : 0;
    query_end(&query);
    for (size_t i = 0; i < counts->rows; i++) {
        struct found found = import_row(import, keeping, schoolfiles_row(files, which, i));
        counts->fresh += !found.known;
        counts->changed += found.known && !found.same;
        counts->unchanged += found.known && found.same;
        if (found.known && found.rowid <= last_rowid)
            met[met_count++] = which == SCHOOLFILE_STAFF ? (int64_t)i : found.rowid;
    }
    counts->not_in_file = known - distinct(met, met_count);
    free(met);
    return true;
}

struct tap_place {
    const struct tap_row *tap;
};

static int by_date_and_key(const void *left, const void *right)
{
    const struct tap_row *a = ((const struct tap_place *)left)->tap, *b = ((const struct tap_place *)right)->tap;
    if (a->at_ms / CIVIL_MS_PER_DAY != b->at_ms / CIVIL_MS_PER_DAY)
        return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
    int order = text_compare(a->terminal_id, b->terminal_id);
    return order != 0 ? order : (a->token > b->token) - (a->token < b->token);
}

/* In the order of the table's key, so that the pages at work stay in the cache. */
static bool import_taps(struct store_import *import, const struct schoolfiles *files,
                        struct store_import_counts *counts)
{
    struct tap_place *taps = malloc((counts->rows + 1) * sizeof *taps);
    if (taps == NULL)
        return false;
    for (size_t i = 0; i < counts->rows; i++)
        taps[i].tap = schoolfiles_row(files, SCHOOLFILE_TAPS, i);
    qsort(taps, counts->rows, sizeof *taps, by_date_and_key);
    for (size_t i = 0; i < counts->rows; i++) {
        const struct tap_row *tap = taps[i].tap;
        int32_t day = civil_from_utc_ms(tap->at_ms).day;
        struct query query = store_query(import->store, SQL_IMPORT_TAP);
        give_text(&query, tap->terminal_id);
        query_integer(&query, (int64_t)tap->token);
        query_integer(&query, tap->at_ms);
        query_integer(&query, day);
        query_integer(&query, tap->row.recorded_ms == SCHOOLFILES_NOT_RECORDED ? import->now_ms : tap->row.recorded_ms);
        query_run(&query);
        bool fresh = store_changed_rows(import->store) > 0;
        counts->fresh += fresh;
        counts->unchanged += !fresh;
        if (fresh)
            dayset_add(import->touched, day);
    }
    free(taps);
    return true;
}

bool store_import_file(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                       struct store_import_counts *counts)
{
    *counts = (struct store_import_counts){.rows = files->files[which].count};
    if (which == SCHOOLFILE_TAPS)
        return import_taps(import, files, counts);
    bool done = import_rows(import, files, which, counts);
    if (which == SCHOOLFILE_LESSONS && !store_lesson_span(import->store, &import->first_day, &import->last_day)) {
        import->first_day = 0;
        import->last_day = -1;
    }
    return done;
}

static const enum statement KNOWN_COUNTS[SCHOOLCHECK_KINDS] = {
    [SCHOOLCHECK_PUPIL] = SQL_IMPORT_PUPIL_KNOWN,
    [SCHOOLCHECK_LESSON] = SQL_IMPORT_LESSON_KNOWN,
    [SCHOOLCHECK_TERMINAL] = SQL_IMPORT_TERMINAL_KNOWN,
    [SCHOOLCHECK_STAFF] = SQL_IMPORT_STAFF_KNOWN,
};
static const enum statement KNOWN_IDS[SCHOOLCHECK_KINDS] = {
    [SCHOOLCHECK_PUPIL] = SQL_IMPORT_PUPIL_IDS,
    [SCHOOLCHECK_LESSON] = SQL_IMPORT_LESSON_IDS,
    [SCHOOLCHECK_TERMINAL] = SQL_IMPORT_TERMINAL_IDS,
    [SCHOOLCHECK_STAFF] = SQL_IMPORT_STAFF_IDS,
};

void store_import_counts_known(struct store *store, size_t counts[SCHOOLCHECK_KINDS])
{
    for (int kind = 0; kind < SCHOOLCHECK_KINDS; kind++) {
        struct query query = store_query(store, KNOWN_COUNTS[kind]);
        counts[kind] = query_row(&query) ? (size_t)query_column(&query, 0) : 0;
        query_end(&query);
    }
}

void store_import_know(struct store *store, struct schoolcheck *check)
{
    for (int kind = 0; kind < SCHOOLCHECK_KINDS; kind++) {
        struct query query = store_query(store, KNOWN_IDS[kind]);
        while (query_row(&query)) {
            if (kind == SCHOOLCHECK_LESSON)
                schoolcheck_know_lesson(check, store_text_column(&query, 0), (int32_t)query_column(&query, 1));
            else
                schoolcheck_know(check, (enum schoolcheck_kind)kind, store_text_column(&query, 0));
        }
        query_end(&query);
    }
}

size_t store_import_most_lessons(struct store *store, const struct school *school, int32_t *day)
{
    uint32_t lessons[SCHOOL_PUPILS_MAX] = {0};
    int32_t at = CIVIL_DAY_NONE;
    size_t most = 0;
    struct query query = store_query(store, SQL_IMPORT_GROUP_LESSONS);
    while (query_row(&query)) {
        if ((int32_t)query_column(&query, 0) != at)
            memset(lessons, 0, sizeof lessons);
        at = (int32_t)query_column(&query, 0);
        uint32_t group = names_find(&school->groups, store_text_column(&query, 1)), last_pupil = SCHOOL_NONE;
        if (group == NAMES_NONE)
            continue;
        for (uint32_t m = school->group_members[group]; m < school->group_members[group + 1]; m++) {
            const struct school_membership *member = &school->members[m];
            if (member->pupil == last_pupil || !school_day_within(at, member->from_day, member->to_day))
                continue;
            last_pupil = member->pupil;
            lessons[member->pupil] += (uint32_t)query_column(&query, 2);
            if (lessons[member->pupil] > most) {
                most = lessons[member->pupil];
                *day = at;
            }
        }
    }
    query_end(&query);
    return most;
}
