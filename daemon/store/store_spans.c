/* The key alone does not name a row here: one key may have several spans, so each new row is compared with all of
 * them. */
#include "daemon/store/store_spans.h"

/* From and to of a row, in dates or instants; an open end is the smallest or largest value. */
struct span {
    int64_t from, to;
};

static bool in_instants(enum schoolfile which)
{
    return which == SCHOOLFILE_CARDS || which == SCHOOLFILE_ABSENCES;
}

static struct span of_days(int32_t from_day, int32_t to_day)
{
    return (struct span){from_day == CIVIL_DAY_NONE ? INT64_MIN : from_day,
                         to_day == CIVIL_DAY_NONE ? INT64_MAX : to_day};
}

/* A row whose span may be set. */
union spanned {
    struct schoolrow row;
    struct member_row member; /* and exemption */
    struct teacher_row teacher;
    struct card_row card;
    struct absence_row absence;
};

static struct span span_of(enum schoolfile which, const union spanned *row)
{
    if (which == SCHOOLFILE_CARDS)
        return (struct span){row->card.from_ms, row->card.to_ms};
    if (which == SCHOOLFILE_ABSENCES)
        return (struct span){row->absence.from_ms, row->absence.to_ms};
    return which == SCHOOLFILE_TEACHERS ? of_days(row->teacher.from_day, row->teacher.to_day)
                                        : of_days(row->member.from_day, row->member.to_day);
}

static void set_span(enum schoolfile which, union spanned *row, struct span span)
{
    int32_t from_day = span.from == INT64_MIN ? CIVIL_DAY_NONE : (int32_t)span.from;
    int32_t to_day = span.to == INT64_MAX ? CIVIL_DAY_NONE : (int32_t)span.to;
    if (which == SCHOOLFILE_CARDS)
        row->card.from_ms = span.from, row->card.to_ms = span.to;
    else if (which == SCHOOLFILE_ABSENCES)
        row->absence.from_ms = span.from, row->absence.to_ms = span.to;
    else if (which == SCHOOLFILE_TEACHERS)
        row->teacher.from_day = from_day, row->teacher.to_day = to_day;
    else
        row->member.from_day = from_day, row->member.to_day = to_day;
}

static union spanned copy_row(enum schoolfile which, const void *row)
{
    union spanned copy = {0};
    if (which == SCHOOLFILE_CARDS)
        copy.card = *(const struct card_row *)row;
    else if (which == SCHOOLFILE_ABSENCES)
        copy.absence = *(const struct absence_row *)row;
    else if (which == SCHOOLFILE_TEACHERS)
        copy.teacher = *(const struct teacher_row *)row;
    else
        copy.member = *(const struct member_row *)row;
    return copy;
}

static void give_key(struct query *query, enum schoolfile which, const union spanned *row)
{
    if (which == SCHOOLFILE_CARDS) {
        query_integer(query, (int64_t)row->card.token);
        keeping_text(query, row->card.pupil_id);
    } else if (which == SCHOOLFILE_ABSENCES) {
        keeping_text(query, row->absence.pupil_id);
        query_text(query, row->absence.leave ? "leave" : "reported");
    } else if (which == SCHOOLFILE_TEACHERS) {
        keeping_text(query, row->teacher.group_id);
        keeping_text(query, row->teacher.staff_id);
    } else {
        keeping_text(query, row->member.group_id);
        keeping_text(query, row->member.pupil_id);
    }
}

/* What is to be done with a row that is not known as it stands. */
struct resolved {
    int64_t known, ends; /* rows: this one says the same; this one ends otherwise. 0: none */
    struct span span, was;
    bool impossible; /* it would end before it begins */
};

static bool covers(struct span span, int64_t at, bool instants)
{
    return span.from <= at && (instants ? at < span.to : at <= span.to);
}

/* Compares with one known span of the same key. True: this span decides the result. */
static bool compare(const struct file_work *work, struct span told, struct span known, int64_t rowid, int64_t today,
                    struct resolved *out)
{
    bool from_told = told.from != INT64_MIN, to_told = told.to != INT64_MAX, instants = in_instants(work->which);
    bool past = to_told && told.to < today, before = rowid <= work->last_rowid;
    bool same_end = to_told && known.to == told.to;
    bool meant = from_told
                     ? known.from == told.from
                     : same_end || covers(known, past ? told.to : today, instants) || (!past && known.from > today);
    if (!meant || (!before && (from_told || !(known.from == today && known.to == told.to))))
        return false;
    if (!to_told || same_end) {
        out->known = rowid;
        return true;
    }
    if (work->keeping->end == STATEMENTS || keeping_is_met(work, rowid))
        return false;
    out->ends = rowid;
    out->was = known;
    out->span = (struct span){known.from, told.to};
    return true;
}

/* In a school's first import, a beginning that is not told is open. */
static struct resolved resolve(const struct file_work *work, const union spanned *row)
{
    const struct store_import *import = work->import;
    int64_t today = in_instants(work->which) ? civil_to_utc_ms(import->as_of, 0) : import->as_of;
    struct span told = span_of(work->which, row);
    struct resolved out = {.span = told};
    if (import->first)
        return out;
    struct query query = store_query(import->store, work->keeping->spans);
    give_key(&query, work->which, row);
    bool decided = false;
    while (!decided && query_row(&query)) {
        struct span known = {query_column(&query, 1), query_column(&query, 2)};
        decided = compare(work, told, known, query_column(&query, 0), today, &out);
    }
    query_end(&query);
    if (!decided && told.from == INT64_MIN) {
        out.span.from = today;
        out.impossible = told.to < today;
    }
    return out;
}

/* Only where it ends has changed. */
static void touch_ends(struct file_work *work, struct span was, struct span is)
{
    int64_t first = was.to < is.to ? was.to : is.to, last = was.to < is.to ? is.to : was.to;
    if (work->which == SCHOOLFILE_TEACHERS)
        return;
    if (in_instants(work->which))
        keeping_touch_instants(work->import, first, last);
    else
        keeping_touch_days(work->import, (int32_t)first + 1, last == INT64_MAX ? CIVIL_DAY_NONE : (int32_t)last);
}

/* True: something has changed, `*known`: something was known. */
bool store_spans_put(struct file_work *work, const void *of, bool *known)
{
    union spanned row = copy_row(work->which, of);
    struct resolved resolved = resolve(work, &row);
    *known = resolved.known != 0 || resolved.ends != 0;
    if (resolved.known != 0) {
        keeping_meet(work, resolved.known);
        return false;
    }
    if (resolved.impossible) {
        char date[CIVIL_DATE_BYTES];
        civil_write_date(work->import->as_of, date);
        problems_add(work->import->problems, schoolfiles_name(work->which), row.row.line,
                     "from: must not be empty: the row ends before %s, from which on it would be so", date);
        return false;
    }
    set_span(work->which, &row, resolved.span);
    if (resolved.ends != 0) {
        keeping_meet(work, resolved.ends);
        keeping_end(work, resolved.ends, &row.row);
        touch_ends(work, resolved.was, resolved.span);
    } else {
        work->keeping->touch(work->import, &row);
    }
    keeping_insert(work, &row.row);
    return true;
}
