/* Checks the files against each other and against what is stored, and writes in the open transaction. One mistake
 * refuses the whole import. */
#include "daemon/commands/import.h"

#include <errno.h>
#include <stdlib.h>
#include "common/civil.h"
#include "common/fault.h"
#include "common/filebytes.h"
#include "daemon/commands/import_holders.h"
#include "daemon/commands/import_names.h"
#include "daemon/commands/import_told.h"
#include "daemon/commands/refusal.h"
#include "daemon/core/school/plausible.h"
#include "daemon/core/outcome.h"
#include "daemon/store/store_import.h"
#include "daemon/store/store_school.h"
#include "daemon/store/store_unmet.h"

/* One import at work. On the heap: problems alone are 48 KB. */
struct import {
    struct problems problems;
    struct schoolfiles files;
    char *bytes[SCHOOLFILES];
    size_t lengths[SCHOOLFILES];
    struct store_import_counts counts[SCHOOLFILES];
    struct columnnames called;
    struct store_import target;
    struct import_told told;
    struct dayset touched;
    bool any_date;
};

/* Lessons first, see store_import.h; the rest as the files refer to each other. */
static const enum schoolfile ORDER[] = {
    SCHOOLFILE_LESSONS,  SCHOOLFILE_PUPILS,    SCHOOLFILE_STAFF, SCHOOLFILE_TERMINALS,  SCHOOLFILE_MEMBERS,
    SCHOOLFILE_TEACHERS, SCHOOLFILE_GUARDIANS, SCHOOLFILE_CARDS, SCHOOLFILE_EXEMPTIONS, SCHOOLFILE_ABSENCES,
    SCHOOLFILE_OUTAGES,  SCHOOLFILE_MARKS,     SCHOOLFILE_TAPS,  SCHOOLFILE_CALENDAR,
};
_Static_assert(sizeof ORDER / sizeof *ORDER == SCHOOLFILES, "every file has its turn");

static void read_file(struct import *import, const char *name, int fd)
{
    enum schoolfile which = schoolfiles_called(name);
    enum schoolfile meant = schoolfiles_meant(name);
    if (which == SCHOOLFILES && meant != SCHOOLFILES)
        problems_add(&import->problems, name, 0, "not a school file; did you mean %s?", schoolfiles_name(meant));
    else if (which == SCHOOLFILES)
        problems_add(&import->problems, name, 0, "not a school file; see docs/school-files.md");
    else if (import->files.files[which].given)
        problems_add(&import->problems, name, 0, "given twice");
    else if (!filebytes_read(fd, SCHOOLFILES_BYTES_MAX, &import->bytes[which], &import->lengths[which]) ||
             !schoolfiles_read(&import->files, which, import->bytes[which], import->lengths[which]))
        problems_add(&import->problems, name, 0, "cannot be read: %s", strerror(errno));
}

static void read_files(struct import *import, const json_t *request, const int *fds, size_t fd_count)
{
    const json_t *names = json_object_get(request, "files");
    if (!json_is_array(names) || json_array_size(names) != fd_count || fd_count == 0) {
        problems_add(&import->problems, "request", 0, "files: as many names as descriptors, at least one");
        return;
    }
    for (size_t i = 0; i < fd_count; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        read_file(import, name == NULL ? "(no name)" : name, fds[i]);
    }
}

static void check_references(struct import *import, struct store *store)
{
    size_t known[SCHOOLCHECK_KINDS];
    struct schoolcheck check;
    store_import_counts_known(store, known);
    if (!schoolcheck_open(&check, &import->files, known)) {
        problems_add(&import->problems, "request", 0, "out of memory");
        return;
    }
    store_import_know(store, &check);
    if (!schoolcheck_run(&check, &import->files))
        problems_add(&import->problems, "request", 0, "out of memory");
    schoolcheck_close(&check);
}

static void apply(struct import *import)
{
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++)
        if (!store_import_file(&import->target, &import->files, ORDER[i], &import->counts[ORDER[i]]))
            problems_add(&import->problems, schoolfiles_name(ORDER[i]), 0, "out of memory");
}

/* What the daemon holds in memory has limits; facts that do not keep them must not come in. */
static void check_limits(struct import *import, struct store *store)
{
    struct school *school = school_open();
    if (school == NULL) {
        problems_add(&import->problems, "request", 0, "out of memory");
        return;
    }
    const char *why = store_school_load(store, school);
    if (why != NULL)
        problems_add(&import->problems, "school", 0, "%s", why);
    else
        import_holders_check(&import->files, school);
    int32_t day = 0;
    size_t most = why == NULL ? store_import_most_lessons(store, school, &day) : 0;
    if (most > OUTCOME_LESSONS_MAX) {
        char date[CIVIL_DATE_BYTES];
        civil_write_date(day, date);
        problems_add(&import->problems, schoolfiles_name(SCHOOLFILE_LESSONS), 0,
                     "date: a pupil has %zu lessons on %s; at most %d", most, date, OUTCOME_LESSONS_MAX);
    }
    school_close(school);
}

static json_t *report(const struct import *import, bool committed)
{
    json_t *files = json_array();
    for (int i = 0; i < SCHOOLFILES; i++) {
        const struct store_import_counts *counts = &import->counts[i];
        if (!import->files.files[i].given)
            continue;
        json_array_append_new(files,
                              json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "file", schoolfiles_name((enum schoolfile)i),
                                        "rows", (json_int_t)counts->rows, "new", (json_int_t)counts->fresh, "changed",
                                        (json_int_t)counts->changed, "unchanged", (json_int_t)counts->unchanged,
                                        "not_in_file", (json_int_t)counts->not_in_file));
    }
    return json_pack("{s:b, s:b, s:o, s:O, s:O}", "ok", 1, "committed", committed, "files", files, "changes",
                     import->told.changes, "unmet", import->told.unmet);
}

/* Card numbers and names do not stay in memory that something else gets next. */
static void forget_files(struct import *import)
{
    for (int i = 0; i < SCHOOLFILES; i++) {
        if (import->bytes[i] != NULL)
            explicit_bzero(import->bytes[i], import->lengths[i]);
        free(import->bytes[i]);
    }
    schoolfiles_free(&import->files);
    json_decref(import->told.changes);
    json_decref(import->told.unmet);
}

/* Reads a date of the request. False: the key is present and is not a date. */
static bool date_of(struct import *import, const json_t *request, const char *key, int32_t *day)
{
    const json_t *value = json_object_get(request, key);
    const char *text = json_string_value(value);
    if (value == NULL || (text != NULL && civil_read_date(text, strlen(text), day)))
        return true;
    problems_add(&import->problems, "request", 0, "%s should be a date like 2026-09-01", key);
    return false;
}

/* Replacing ends stored rows that the file lacks, so it needs the file and both dates of its time. */
static void read_replacing(struct import *import, const json_t *request)
{
    static const enum schoolfile OWNED[] = {SCHOOLFILE_LESSONS, SCHOOLFILE_MEMBERS, SCHOOLFILE_ABSENCES};
    static const char *const WORDS[] = {"lessons", "members", "absences"};
    struct store_import *target = &import->target;
    const json_t *words = json_object_get(request, "replace"), *word;
    size_t i;
    json_array_foreach(words, i, word) {
        const char *text = json_string_value(word);
        size_t k = 0;
        while (k < 3 && (text == NULL || strcmp(WORDS[k], text) != 0))
            k++;
        if (k == 3)
            problems_add(&import->problems, "request", 0, "replace should be one of lessons members absences");
        else if (!import->files.files[OWNED[k]].given)
            problems_add(&import->problems, schoolfiles_name(OWNED[k]), 0,
                         "what the file has is to replace what is known, but it is not among the files");
        else
            target->replaces[OWNED[k]] = true;
    }
    target->replace_from = target->replace_to = CIVIL_DAY_NONE;
    bool dated =
        date_of(import, request, "from", &target->replace_from) && date_of(import, request, "to", &target->replace_to);
    if (dated && json_array_size(words) > 0 &&
        (target->replace_from == CIVIL_DAY_NONE || target->replace_to < target->replace_from))
        problems_add(&import->problems, "request", 0, "replace needs the dates of which the file has all: from and to");
}

static void read_request(struct import *import, const json_t *request, int32_t today)
{
    import->target.as_of = today;
    import->target.corrects = json_is_true(json_object_get(request, "correct")) && !FAULT(correction_is_a_change);
    import->any_date = json_is_true(json_object_get(request, "any_date"));
    if (!FAULT(as_of_ignored))
        date_of(import, request, "as_of", &import->target.as_of);
    import_names_read(&import->called, import->target.store, request, &import->problems);
    import->files.called = &import->called;
}

static void tell_unread_columns(struct import *import)
{
    for (enum schoolfile which = SCHOOLFILE_PUPILS; which < SCHOOLFILES; which++)
        for (size_t i = 0; i < import->files.files[which].header_count; i++) {
            struct text name = import->files.files[which].header[i];
            if (name.length > 0 && import->files.files[which].columns[i] == SCHOOLFILES_COLUMNS_MAX)
                import_told_add(&import->told, which, "columns_not_read", name, "", CIVIL_DAY_NONE);
        }
}

static void tell_unread_files(struct import *import, const json_t *request)
{
    const json_t *others = json_object_get(request, "other_files"), *other;
    size_t k;
    json_array_foreach(others, k, other) {
        const char *name = json_string_value(other);
        enum schoolfile meant = name == NULL ? SCHOOLFILES : schoolfiles_meant(name);
        if (name != NULL)
            import_told_file(&import->told, name, "unknown_file", meant == SCHOOLFILES ? "" : schoolfiles_name(meant));
    }
}

/* All that is wrong is told at once: of the files, and of one against the other. */
static void check(struct import *import, const json_t *request, int32_t today)
{
    read_replacing(import, request);
    check_references(import, import->target.store);
    if (!import->any_date)
        plausible_check(&import->files, today);
}

static void take(struct import *import, const json_t *request)
{
    import->target.first = store_import_is_first(import->target.store);
    apply(import);
    if (import->problems.count == 0)
        check_limits(import, import->target.store);
    if (import->problems.count == 0) {
        store_unmet(&import->target);
        tell_unread_columns(import);
        tell_unread_files(import, request);
    }
}

json_t *import_run(struct store *store, const json_t *request, const int *fds, size_t fd_count,
                   const uint8_t token_key[TOKEN_KEY_BYTES], int64_t now_ms, struct dayset *touched, bool *commit)
{
    *commit = false;
    int32_t today = civil_from_utc_ms(now_ms).day;
    struct import *import = calloc(1, sizeof *import);
    if (import == NULL)
        return NULL;
    schoolfiles_init(&import->files, token_key, &import->problems, &import->problems);
    dayset_init(&import->touched, today);
    import_told_init(&import->told);
    import->target = (struct store_import){.store = store,
                                           .now_ms = now_ms,
                                           .touched = &import->touched,
                                           .last_day = -1,
                                           .problems = &import->problems,
                                           .tell = import_told_add,
                                           .context = &import->told};
    read_request(import, request, today);
    read_files(import, request, fds, fd_count);
    check(import, request, today);
    if (import->problems.count == 0)
        take(import, request);
    if (import->problems.count == 0 && !import_names_keep(store, request))
        problems_add(&import->problems, "request", 0, "out of memory");
    json_t *answer;
    if (import->problems.count > 0) {
        answer = refusal_listing(&import->problems);
    } else {
        *commit = json_is_true(json_object_get(request, "commit"));
        answer = report(import, *commit);
        *touched = import->touched;
    }
    json_object_set_new(answer, "headers", import_names_told(&import->files));
    forget_files(import);
    free(import);
    return answer;
}
