/* A stored row that reaches outside of the file's time keeps the parts outside as rows of their own. */
#include "daemon/store/store_replace.h"

#include <stdlib.h>
#include "common/civil.h"

/* A known row that the file does not have. For lessons `from` is the date. */
struct missing {
    int64_t rowid, from, to;
};

static const struct replacing {
    enum statement listed, end, piece;
} REPLACINGS[SCHOOLFILES] = {
    [SCHOOLFILE_LESSONS] = {SQL_IMPORT_LESSON_LISTED, SQL_IMPORT_LESSON_END, SQL_IMPORT_LESSON_CANCEL},
    [SCHOOLFILE_MEMBERS] = {SQL_IMPORT_MEMBER_LISTED, SQL_IMPORT_MEMBER_END, SQL_IMPORT_MEMBER_PIECE},
    [SCHOOLFILE_ABSENCES] = {SQL_IMPORT_ABSENCE_LISTED, SQL_IMPORT_ABSENCE_END, SQL_IMPORT_ABSENCE_PIECE},
};

/* A time in the file's own unit (dates or instants), last value included. */
struct time_of {
    int64_t first, last;
};

static struct time_of owned_time(const struct file_work *work)
{
    const struct store_import *import = work->import;
    if (work->which == SCHOOLFILE_ABSENCES)
        return (struct time_of){civil_to_utc_ms(import->replace_from, 0),
                                civil_to_utc_ms(import->replace_to + 1, 0) - 1};
    return (struct time_of){import->replace_from, import->replace_to};
}

/* The time that the file tells of: of lessons from its first on, of absences from its first to its last, of members from
 * today on. */
static struct time_of told_time(const struct file_work *work, const struct schoolfiles *files)
{
    struct time_of time = {INT64_MAX, INT64_MIN};
    if (work->which == SCHOOLFILE_MEMBERS)
        return (struct time_of){work->import->as_of, INT32_MAX};
    for (size_t i = 0; i < files->files[work->which].count; i++) {
        const void *row = schoolfiles_row(files, work->which, i);
        int64_t first, last;
        if (work->which == SCHOOLFILE_LESSONS) {
            first = ((const struct lesson_row *)row)->day;
            last = INT32_MAX;
        } else {
            first = ((const struct absence_row *)row)->from_ms;
            last = ((const struct absence_row *)row)->to_ms - 1;
        }
        time.first = first < time.first ? first : time.first;
        time.last = last > time.last ? last : time.last;
    }
    return time;
}

static void give_end(struct query *query, int64_t value, int64_t open)
{
    if (value == open)
        query_null(query);
    else
        query_integer(query, value);
}

static void add_piece(struct file_work *work, const struct missing *missing, int64_t from, int64_t to)
{
    struct query query = store_query(work->import->store, REPLACINGS[work->which].piece);
    query_integer(&query, missing->rowid);
    give_end(&query, from, INT64_MIN);
    give_end(&query, to, INT64_MAX);
    query_integer(&query, work->import->now_ms);
    query_run(&query);
}

/* Keeps the parts of a row outside of the time as rows of their own. */
static void keep_outside(struct file_work *work, const struct missing *missing, struct time_of time)
{
    bool instants = work->which == SCHOOLFILE_ABSENCES; /* their end is not included */
    if (missing->from < time.first)
        add_piece(work, missing, missing->from, instants ? time.first : time.first - 1);
    if (missing->to > time.last + instants)
        add_piece(work, missing, time.last + 1, missing->to);
}

/* A lesson is cancelled whole; other rows end only inside of the file's time. */
static void end_one(struct file_work *work, const struct missing *missing, struct time_of time)
{
    struct query query = store_query(work->import->store, REPLACINGS[work->which].end);
    query_integer(&query, work->import->now_ms);
    query_integer(&query, missing->rowid);
    query_run(&query);
    if (work->which == SCHOOLFILE_LESSONS) {
        struct query cancel = store_query(work->import->store, SQL_IMPORT_LESSON_CANCEL);
        query_integer(&cancel, missing->rowid);
        query_integer(&cancel, work->import->now_ms);
        query_run(&cancel);
        dayset_add(work->import->touched, (int32_t)missing->from);
        return;
    }
    keep_outside(work, missing, time);
    int64_t first = missing->from > time.first ? missing->from : time.first;
    int64_t last = missing->to < time.last ? missing->to : time.last;
    if (work->which == SCHOOLFILE_ABSENCES)
        keeping_touch_instants(work->import, first, last);
    else
        keeping_touch_days(work->import, (int32_t)first, (int32_t)last);
}

/* Tells each by name, and returns them: NULL when there is no memory. */
static struct missing *list(struct file_work *work, struct time_of time, const char *what, size_t *count)
{
    size_t room = 0;
    struct missing *all = malloc(sizeof *all); /* never none: NULL says that there is no memory */
    if (all == NULL)
        return NULL;
    struct query query = store_query(work->import->store, REPLACINGS[work->which].listed);
    query_integer(&query, time.first);
    query_integer(&query, time.last);
    while (query_row(&query)) {
        int64_t rowid = query_column(&query, 0);
        if (rowid > work->last_rowid || keeping_is_met(work, rowid))
            continue;
        if (*count >= room) {
            struct missing *more = realloc(all, (room = 2 * room + 64) * sizeof *all);
            if (more == NULL) {
                free(all);
                all = NULL;
                break;
            }
            all = more;
        }
        all[(*count)++] = (struct missing){rowid, query_column(&query, 1), query_column(&query, 2)};
        work->import->tell(work->import->context, work->which, what, store_text_column(&query, 3), "", CIVIL_DAY_NONE);
    }
    query_end(&query);
    return all;
}

bool store_replace(struct file_work *work, const struct schoolfiles *files)
{
    bool replaces = work->import->replaces[work->which];
    if (REPLACINGS[work->which].piece == 0 || !files->files[work->which].given)
        return true;
    struct time_of time = replaces ? owned_time(work) : told_time(work, files);
    size_t count = 0;
    struct missing *all = list(work, time,
                               !replaces                           ? "missing"
                               : work->which == SCHOOLFILE_LESSONS ? "cancelled"
                                                                   : "ended",
                               &count);
    for (size_t i = 0; all != NULL && replaces && i < count; i++)
        end_one(work, &all[i], time);
    free(all);
    return all != NULL;
}
