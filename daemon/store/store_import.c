/* Two passes over a file: rows that are stored exactly as they stand are marked first, then the rest is compared
 * with the stored rows that no row of the file claimed. */
#include "daemon/store/store_import.h"

#include <assert.h>
#include <stdlib.h>
#include "daemon/store/store_periods.h"
#include "daemon/store/store_replace.h"
#include "daemon/store/store_school.h"
#include "daemon/store/store_spans.h"
#include "daemon/store/store_sql.h"

/* What the store says of a row before it is added. */
struct found {
    int64_t rowid;
    int32_t day; /* of a lesson */
    bool known, same, cancelled;
    char subject[NAME_BYTES], room[NAME_BYTES];
};

static struct found find(struct file_work *work, const void *row, size_t place)
{
    struct found found = {0};
    struct query query = store_query(work->import->store, work->keeping->find);
    work->keeping->give(&query, row);
    if (query_row(&query)) {
        found.known = true;
        found.rowid =
            work->which == SCHOOLFILE_STAFF ? -1 - (int64_t)place : query_column(&query, 0); /* staff have none */
        found.same = query_column(&query, 1) != 0;
        if (work->which == SCHOOLFILE_LESSONS) {
            found.day = (int32_t)query_column(&query, 2);
            query_column_copy(&query, 3, found.subject, sizeof found.subject);
            query_column_copy(&query, 4, found.room, sizeof found.room);
            found.cancelled = query_column(&query, 5) != 0;
        }
    }
    query_end(&query);
    return found;
}

/* An empty field keeps the stored value. The old date is touched as well: the lesson may have moved. */
static void put_lesson(struct file_work *work, const struct lesson_row *row, const struct found *found)
{
    struct lesson_row merged = *row;
    merged.state_told = true;
    if (found->known && row->subject.length == 0)
        merged.subject = text_of(found->subject);
    if (found->known && row->room.length == 0)
        merged.room = text_of(found->room);
    if (found->known && !row->state_told)
        merged.cancelled = found->cancelled;
    if (found->known) {
        keeping_end(work, found->rowid, &row->row);
        dayset_add(work->import->touched, found->day);
        if (merged.cancelled != found->cancelled)
            work->import->tell(work->import->context, work->which, merged.cancelled ? "cancelled" : "held",
                               row->lesson_id, "", row->day);
    }
    keeping_insert(work, &merged.row);
    dayset_add(work->import->touched, row->day);
}

static void put_row(struct file_work *work, const struct schoolrow *row, const struct found *found)
{
    if (found->known && work->keeping->end != STATEMENTS)
        keeping_end(work, found->rowid, row);
    keeping_insert(work, row);
    work->keeping->touch(work->import, row);
}

/* Marks the rows that are stored exactly as they stand, so that the rest is compared only with stored rows that are
 * still free. */
static void meet_same(struct file_work *work, const struct schoolfiles *files, bool *same,
                      struct store_import_counts *counts)
{
    for (size_t i = 0; i < counts->rows; i++) {
        struct found found = find(work, schoolfiles_row(files, work->which, i), i);
        same[i] = found.known && found.same;
        counts->unchanged += same[i];
        if (same[i])
            keeping_meet(work, found.rowid);
    }
    keeping_sort_met(work);
}

static void put_rest(struct file_work *work, const struct schoolfiles *files, const bool *same,
                     struct store_import_counts *counts)
{
    for (size_t i = 0; i < counts->rows; i++) {
        const struct schoolrow *row = schoolfiles_row(files, work->which, i);
        if (same[i])
            continue;
        struct found found = find(work, row, i); /* asked again, because the file may have the lesson twice */
        bool known = found.known, changed = !found.known || !found.same;
        if (changed && work->keeping->spans != STATEMENTS)
            changed = store_spans_put(work, row, &known);
        else if (known)
            keeping_meet(work, found.rowid);
        if (changed && work->which == SCHOOLFILE_LESSONS)
            put_lesson(work, (const struct lesson_row *)(const void *)row, &found);
        else if (changed && work->keeping->spans == STATEMENTS)
            put_row(work, row, &found);
        counts->fresh += changed && !known;
        counts->changed += changed && known;
        counts->unchanged += !changed;
    }
    keeping_sort_met(work);
}

/* `met` has room for two stored rows for each row of the file. */
static bool import_rows(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                        struct store_import_counts *counts)
{
    struct file_work work = {.import = import, .which = which, .keeping = &KEEPINGS[which]};
    bool *same = calloc(counts->rows + 1, sizeof *same);
    work.met = malloc((2 * counts->rows + 1) * sizeof *work.met);
    struct query query = store_query(import->store, work.keeping->known);
    bool any = query_row(&query), done = same != NULL && work.met != NULL;
    size_t known = any ? (size_t)query_column(&query, 0) : 0;
    work.last_rowid = any ? query_column(&query, 1) : 0;
    query_end(&query);
    if (done) {
        meet_same(&work, files, same, counts);
        put_rest(&work, files, same, counts);
        counts->not_in_file = known - work.met_count;
        done = store_replace(&work, files);
    }
    free(same);
    free(work.met);
    return done;
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
        keeping_text(&query, tap->terminal_id);
        query_integer(&query, (int64_t)tap->token);
        query_integer(&query, tap->at_ms);
        query_integer(&query, day);
        query_integer(&query, keeping_known_ms(import, &tap->row));
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
    if (which == SCHOOLFILE_PUPILS || which == SCHOOLFILE_TERMINALS)
        return store_import_periods(import, files, which, counts);
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

bool store_import_is_first(struct store *store)
{
    struct query query = store_query(store, SQL_IMPORT_ANY_BEFORE);
    bool any = query_row(&query) && query_column(&query, 0) != 0;
    query_end(&query);
    return !any;
}

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

/* Rows come by date and group, members by group and pupil: a pupil who is in a group twice counts once. */
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
