/* Rows are sorted by id and first date, then each pupil or terminal is compared as a whole: a period ends because
 * another begins, which no single row says. */
#include "daemon/store/store_periods.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"
#include "common/fault.h"
#include "daemon/core/school/periods.h"
#include "daemon/store/store_sql.h"

/* A row in the form that both files share, and the pupil or terminal that it is about. */
struct row {
    struct text id;
    struct period_row period;
    const struct pupil_row *pupil; /* NULL: of a terminal */
};

/* What a period of a pupil has besides class and year, as it is stored. */
struct details {
    char end_reason[NAME_BYTES], school_form[NAME_BYTES], home_municipality[NAME_BYTES], programme[NAME_BYTES];
    int32_t birth_day;
    bool placed;
};

/* One pupil or terminal at work. */
struct work {
    struct store_import *import;
    enum schoolfile which;
    struct period_terms terms;
    struct periods before, after;
    struct details details[PERIODS_MAX]; /* of those before */
    char given_name[SCHOOLFILES_NAME_BYTES_MAX + 1], family_name[SCHOOLFILES_NAME_BYTES_MAX + 1];
    bool is_protected, protects;
    struct text new_given_name, new_family_name; /* empty: as known */
    int64_t known_ms, person_ms; /* when the latest row became known; the same of a changed name or protection, or 0 */
};

static int64_t known_ms(const struct store_import *import, const struct schoolrow *row)
{
    return row->recorded_ms == SCHOOLFILES_NOT_RECORDED ? import->now_ms : row->recorded_ms;
}

/* Brings both files into one form, so that one comparison serves pupils and terminals. */
static struct row row_at(const struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                         size_t place)
{
    struct row row = {.period.file = schoolfiles_name(which)};
    const void *of = schoolfiles_row(files, which, place);
    const struct schoolrow *origin = of;
    if (which == SCHOOLFILE_PUPILS) {
        row.pupil = of;
        row.id = row.pupil->pupil_id;
        row.period.from_day = row.pupil->from_day;
        row.period.to_day = row.pupil->to_day;
        row.period.label[0] = row.pupil->class_name;
        row.period.label[1] = row.pupil->year;
    } else {
        const struct terminal_row *terminal = of;
        row.id = terminal->terminal_id;
        row.period.from_day = terminal->from_day;
        row.period.to_day = terminal->to_day;
        row.period.label[0] = terminal->room;
        row.period.label[1] = terminal->entrance     ? text_of("entrance")
                              : terminal->place_told ? text_of("room")
                                                     : text_of("");
    }
    row.period.line = origin->line;
    row.period.known_ms = known_ms(import, origin);
    row.period.row = row.pupil;
    return row;
}

static int by_id_and_beginning(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = text_compare(a->id, b->id);
    if (order != 0)
        return order;
    if (a->period.from_day != b->period.from_day)
        return a->period.from_day < b->period.from_day ? -1 : 1;
    return a->period.line - b->period.line;
}

static void load_details(const struct query *query, struct details *details)
{
    query_column_copy(query, 8, details->end_reason, NAME_BYTES);
    details->birth_day = query_column_null(query, 9) ? CIVIL_DAY_NONE : (int32_t)query_column(query, 9);
    query_column_copy(query, 10, details->school_form, NAME_BYTES);
    query_column_copy(query, 11, details->home_municipality, NAME_BYTES);
    query_column_copy(query, 12, details->programme, NAME_BYTES);
    details->placed = query_column(query, 13) != 0;
}

static void load(struct work *work, struct text id)
{
    struct query query = store_query(
        work->import->store, work->which == SCHOOLFILE_PUPILS ? SQL_IMPORT_PUPIL_PERIODS : SQL_IMPORT_TERMINAL_PLACES);
    query_characters(&query, id.bytes, id.length);
    while (query_row(&query)) {
        if (work->before.count == PERIODS_MAX) { /* no import stores more, but another hand may have */
            problems_add(work->import->problems, schoolfiles_name(work->which), 0,
                         "the database has more than %d periods of %.*s", PERIODS_MAX, (int)id.length, id.bytes);
            break;
        }
        struct period *period = &work->before.list[work->before.count++];
        *period = (struct period){.rowid = query_column(&query, 0),
                                  .from_day = (int32_t)query_column(&query, 1),
                                  .to_day = (int32_t)query_column(&query, 2)};
        query_column_copy(&query, 3, period->label[0], NAME_BYTES);
        query_column_copy(&query, 4, period->label[1], NAME_BYTES);
        if (work->which == SCHOOLFILE_PUPILS) { /* the values of the last row remain */
            query_column_copy(&query, 5, work->given_name, sizeof work->given_name);
            query_column_copy(&query, 6, work->family_name, sizeof work->family_name);
            work->is_protected = query_column(&query, 7) != 0;
            load_details(&query, &work->details[work->before.count - 1]);
        }
    }
    query_end(&query);
    work->after = work->before;
}

static void tell(struct work *work, const char *what, struct text id, const char *to, int32_t day)
{
    work->import->tell(work->import->context, work->which, what, id, to, day);
}

static const char *const CHANGE_WORDS[] = {
    [PERIOD_MOVED] = "moved",           [PERIOD_CAME_BACK] = "came_back", [PERIOD_BEGAN] = "began",
    [PERIOD_LENGTHENED] = "lengthened", [PERIOD_LEFT] = "left",           [PERIOD_ENDS] = "ends",
    [PERIOD_CORRECTED] = "corrected",
};

/* The new class or room or, when that is unchanged, the new year or place. */
static const char *becomes(const struct work *work, const struct period *period, int32_t day)
{
    const struct period *before = periods_on(&work->before, day == PERIOD_ALWAYS ? work->terms.today : day);
    return before != NULL && strcmp(before->label[0], period->label[0]) == 0 ? period->label[1] : period->label[0];
}

static void tell_changes(struct work *work, const struct row *row, const struct period_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        enum period_change change = changes->list[i].change;
        int32_t day = changes->list[i].day;
        bool labelled = change == PERIOD_MOVED || change == PERIOD_CORRECTED;
        const struct period *period = &work->after.list[changes->list[i].place];
        if (change != PERIOD_NEW)
            tell(work, CHANGE_WORDS[change], row->id, labelled ? becomes(work, period, day) : "", day);
    }
}

/* Takes the name from the latest period's row. True: it has changed. */
static bool take_name(struct work *work, const struct pupil_row *pupil)
{
    work->new_given_name = pupil->given_name;
    work->new_family_name = pupil->family_name;
    return (pupil->given_name.length > 0 && !text_equal(pupil->given_name, text_of(work->given_name))) ||
           (pupil->family_name.length > 0 && !text_equal(pupil->family_name, text_of(work->family_name)));
}

/* Takes name and protection; protection only rises. True: something has changed. */
static bool take_person(struct work *work, const struct row *row, bool is_last)
{
    bool known = work->before.count > 0;
    bool renamed = is_last && take_name(work, row->pupil);
    bool rises = row->pupil->is_protected && !work->is_protected && !work->protects;
    work->protects |= row->pupil->is_protected;
    if (known && renamed)
        tell(work, "renamed", row->id, "", CIVIL_DAY_NONE);
    if (known && rises)
        tell(work, "protected", row->id, "", CIVIL_DAY_NONE);
    if (known && is_last && work->is_protected && row->pupil->says_unprotected)
        tell(work, "stays_protected", row->id, "", CIVIL_DAY_NONE);
    if (renamed || rises)
        work->person_ms = row->period.known_ms;
    return renamed || rises;
}

static bool differs(struct text told, const char *known)
{
    return told.length > 0 && !text_equal(told, text_of(known));
}

/* Does the row tell something else of the period that it is about? A new period is told as what it is. */
static bool take_details(struct work *work, const struct row *row, struct period *period)
{
    const struct pupil_row *told = row->pupil;
    size_t i = 0;
    while (i < work->before.count && work->before.list[i].rowid != period->rowid)
        i++;
    if (i == work->before.count)
        return false;
    const struct details *known = &work->details[i];
    bool other = differs(told->end_reason, known->end_reason) || differs(told->school_form, known->school_form) ||
                 differs(told->home_municipality, known->home_municipality) ||
                 differs(told->programme, known->programme) ||
                 (told->birth_day != CIVIL_DAY_NONE && told->birth_day != known->birth_day) ||
                 (told->placed != SCHOOLFILES_NOT_TOLD && told->placed != known->placed);
    if (!other)
        return false;
    period->known_ms = row->period.known_ms;
    period->row = told;
    tell(work, "details", row->id, "", CIVIL_DAY_NONE);
    return true;
}

/* `named` holds all first dates of the file, so that each comparison knows which periods the file itself names. */
static void take_rows(struct work *work, struct row *rows, size_t count, struct store_import_counts *counts)
{
    int32_t named[PERIODS_MAX];
    size_t named_count = 0;
    for (size_t i = 0; i < count && named_count < PERIODS_MAX; i++)
        if (rows[i].period.from_day != CIVIL_DAY_NONE)
            named[named_count++] = rows[i].period.from_day;
    for (size_t i = 0; i < count; i++) {
        struct period_changes changes;
        rows[i].period.named = named;
        rows[i].period.named_count = named_count;
        work->known_ms = rows[i].period.known_ms;
        if (!periods_take(&work->after, &rows[i].period, &work->terms, &changes, work->import->problems))
            continue;
        tell_changes(work, &rows[i], &changes);
        bool changed = changes.count > 0;
        if (rows[i].pupil != NULL) {
            changed |= take_details(work, &rows[i], &work->after.list[changes.place]);
            changed |= take_person(work, &rows[i], i + 1 == count);
        }
        counts->fresh += work->before.count == 0;
        counts->changed += work->before.count > 0 && changed;
        counts->unchanged += work->before.count > 0 && !changed;
    }
}

static const struct period *by_rowid(const struct periods *periods, int64_t rowid)
{
    for (size_t i = 0; i < periods->count; i++)
        if (periods->list[i].rowid == rowid)
            return &periods->list[i];
    return NULL;
}

static void give_open(struct query *query, int32_t day, int32_t open)
{
    if (day == open)
        query_null(query);
    else
        query_integer(query, day);
}

static void give_told(struct query *query, struct text text)
{
    if (text.length == 0)
        query_null(query);
    else
        query_characters(query, text.bytes, text.length);
}

/* The latest period has the pupil's name, also when the one that had it is gone. */
static void give_name(struct query *query, bool is_latest, struct text told, const char *known)
{
    struct text name = told.length > 0 ? told : text_of(known);
    give_told(query, is_latest ? name : text_of(""));
}

/* The same of its protection. */
static bool is_protected(const struct work *work, bool is_latest)
{
    return is_latest && (work->protects || (work->is_protected && !FAULT(empty_cell_lowers_protection)));
}

/* The version that a period has what nobody tells from: its own, that of the same time, or the latest. */
static const struct period *source_of(const struct work *work, const struct period *period)
{
    const struct period *own =
        period->rowid != 0 ? by_rowid(&work->before, period->rowid) : periods_on(&work->before, period->from_day);
    return own != NULL || work->before.count == 0 ? own : &work->before.list[work->before.count - 1];
}

/* Whoever goes on in the next period has not left, and has no reason to. */
static bool keeps_reason(const struct work *work, const struct period *period, const struct period *source)
{
    const struct period *end = &work->after.list[work->after.count];
    bool goes_on = period + 1 < end && period[1].from_day == period->to_day + 1;
    return source != NULL && !goes_on && (period->rowid != 0 || source->to_day == period->to_day);
}

/* What the row does not tell is NULL. */
static void give_details(struct work *work, struct query *query, const struct period *period)
{
    static const struct pupil_row NOTHING = {.birth_day = CIVIL_DAY_NONE, .placed = SCHOOLFILES_NOT_TOLD};
    const struct pupil_row *told = period->row != NULL ? period->row : &NOTHING;
    const struct period *source = source_of(work, period);
    query_integer(query, source == NULL || FAULT(empty_cell_lowers_protection) ? 0 : source->rowid);
    query_integer(query, keeps_reason(work, period, source));
    give_told(query, told->to_day == period->to_day ? told->end_reason : text_of(""));
    give_open(query, told->birth_day, CIVIL_DAY_NONE);
    give_told(query, told->school_form);
    give_told(query, told->home_municipality);
    give_told(query, told->programme);
    give_open(query, told->placed, SCHOOLFILES_NOT_TOLD);
}

static void insert(struct work *work, struct text id, const struct period *period)
{
    bool is_latest = period == &work->after.list[work->after.count - 1];
    bool is_pupil = work->which == SCHOOLFILE_PUPILS;
    struct query query =
        store_query(work->import->store, is_pupil ? SQL_IMPORT_PUPIL_INSERT : SQL_IMPORT_TERMINAL_INSERT);
    query_characters(&query, id.bytes, id.length);
    if (is_pupil) {
        give_name(&query, is_latest, work->new_given_name, work->given_name);
        give_name(&query, is_latest, work->new_family_name, work->family_name);
    }
    query_text(&query, period->label[0]);
    query_text(&query, !is_pupil && period->label[1][0] == '\0' ? "room" : period->label[1]);
    if (is_pupil)
        query_integer(&query, is_protected(work, is_latest));
    give_open(&query, period->from_day, PERIOD_ALWAYS);
    give_open(&query, period->to_day, PERIOD_FOREVER);
    query_integer(&query, period->known_ms);
    if (is_pupil)
        give_details(work, &query, period);
    query_run(&query);
}

static void write(struct work *work, struct text id)
{
    enum statement end = work->which == SCHOOLFILE_PUPILS ? SQL_IMPORT_PUPIL_END : SQL_IMPORT_TERMINAL_END;
    for (size_t i = 0; i < work->before.count; i++) {
        const struct period *now = by_rowid(&work->after, work->before.list[i].rowid);
        if (now != NULL && now->known_ms == 0)
            continue;
        struct query query = store_query(work->import->store, end);
        query_integer(&query, work->known_ms);
        query_integer(&query, work->before.list[i].rowid);
        query_run(&query);
    }
    for (size_t i = 0; i < work->after.count; i++)
        if (work->after.list[i].known_ms != 0)
            insert(work, id, &work->after.list[i]);
}

static bool alike(const struct period *a, const struct period *b)
{
    return a == b ||
           (a != NULL && b != NULL && strcmp(a->label[0], b->label[0]) == 0 && strcmp(a->label[1], b->label[1]) == 0);
}

static void touch(const struct work *work)
{
    struct store_import *import = work->import;
    for (int32_t day = import->first_day; day <= import->last_day; day++)
        if (!alike(periods_on(&work->before, day), periods_on(&work->after, day)))
            dayset_add(import->touched, day);
}

static void take_one(struct work *work, struct row *rows, size_t count, struct store_import_counts *counts)
{
    work->before = work->after = (struct periods){0};
    work->given_name[0] = work->family_name[0] = '\0';
    work->is_protected = work->protects = false;
    work->new_given_name = work->new_family_name = (struct text){NULL, 0};
    work->person_ms = 0;
    load(work, rows[0].id);
    take_rows(work, rows, count, counts);
    if (work->person_ms != 0 && work->after.count > 0)
        work->after.list[work->after.count - 1].known_ms = work->person_ms;
    write(work, rows[0].id);
    touch(work);
}

/* Tells the pupils now at the school, or the terminals now in place, that the file has no row for. */
static void tell_missing(struct work *work, const struct row *rows, size_t count, struct store_import_counts *counts)
{
    struct query query = store_query(
        work->import->store, work->which == SCHOOLFILE_PUPILS ? SQL_IMPORT_PUPIL_RUNNING : SQL_IMPORT_TERMINAL_RUNNING);
    query_integer(&query, work->terms.today);
    size_t at = 0;
    while (query_row(&query)) { /* in the same order */
        struct text id = store_text_column(&query, 0);
        while (at < count && text_compare(rows[at].id, id) < 0)
            at++;
        if (at < count && text_equal(rows[at].id, id))
            continue;
        counts->not_in_file++;
        tell(work, "missing", id, "", CIVIL_DAY_NONE);
    }
    query_end(&query);
}

bool store_import_periods(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                          struct store_import_counts *counts)
{
    size_t count = files->files[which].count;
    struct row *rows = malloc((count + 1) * sizeof *rows);
    struct work *work = malloc(sizeof *work);
    if (rows == NULL || work == NULL) {
        free(rows);
        free(work);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        rows[i] = row_at(import, files, which, i);
    qsort(rows, count, sizeof *rows, by_id_and_beginning);
    work->import = import;
    work->which = which;
    work->terms = (struct period_terms){import->as_of, import->first, import->corrects};
    if (files->files[which].given)
        tell_missing(work, rows, count, counts);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && text_equal(rows[next].id, rows[first].id);)
            next++;
        take_one(work, &rows[first], next - first, counts);
    }
    free(rows);
    free(work);
    return true;
}

bool store_protection_lower(struct store *store, const char *pupil_id, int64_t now_ms)
{
    struct query end = store_query(store, SQL_PROTECTION_END);
    query_text(&end, pupil_id);
    query_integer(&end, now_ms);
    query_run(&end);
    if (store_changed_rows(store) == 0)
        return false;
    struct query lower = store_query(store, SQL_PROTECTION_LOWER);
    query_text(&lower, pupil_id);
    query_integer(&lower, now_ms);
    query_run(&lower);
    return true;
}
