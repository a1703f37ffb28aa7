#include "daemon/commands/import.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include "common/civil.h"
#include "common/filebytes.h"
#include "daemon/commands/refusal.h"
#include "daemon/core/outcome.h"
#include "daemon/store/store_import.h"
#include "daemon/store/store_school.h"

/* One import at work. On the heap: problems alone are 48 KB. */
struct import {
    struct problems problems;
    struct schoolfiles files;
    char *bytes[SCHOOLFILES];
    size_t lengths[SCHOOLFILES];
    struct store_import_counts counts[SCHOOLFILES];
    struct dayset touched;
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
    if (which == SCHOOLFILES)
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

static void apply(struct import *import, struct store *store, int64_t now_ms)
{
    struct store_import target = {.store = store, .now_ms = now_ms, .touched = &import->touched, .last_day = -1};
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++)
        if (!store_import_file(&target, &import->files, ORDER[i], &import->counts[ORDER[i]]))
            problems_add(&import->problems, schoolfiles_name(ORDER[i]), 0, "out of memory");
}

/* A file's own rows do not overlap, and neither must they with what is known beside them. */
static void check_overlaps(struct import *import, const struct school *school)
{
    static const char WHY[] = "from: \"%s\" is known for some of the same dates already; give that period its end";
    for (uint16_t i = 0; i < school->pupil_ids.count; i++)
        if (school_periods_overlap(school, i))
            problems_add(&import->problems, schoolfiles_name(SCHOOLFILE_PUPILS), 0, WHY,
                         names_text(&school->pupil_ids, i).bytes);
    for (uint16_t i = 0; i < school->terminal_ids.count; i++)
        if (school_places_overlap(school, i))
            problems_add(&import->problems, schoolfiles_name(SCHOOLFILE_TERMINALS), 0, WHY,
                         names_text(&school->terminal_ids, i).bytes);
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
        check_overlaps(import, school);
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

static json_t *report(const struct import *import, bool committed, int dates)
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
    return json_pack("{s:b, s:b, s:i, s:o}", "ok", 1, "committed", committed, "dates", dates, "files", files);
}

/* Tells how many dates; adds them to `touched` when there is one. */
static int hand_over(struct dayset *from, struct dayset *touched)
{
    int count = 0;
    for (int32_t day; dayset_take(from, &day); count++)
        if (touched != NULL)
            dayset_add(touched, day);
    return count;
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
}

json_t *import_run(struct store *store, const json_t *request, const int *fds, size_t fd_count,
                   const uint8_t token_key[TOKEN_KEY_BYTES], int64_t now_ms, struct dayset *touched, bool *commit)
{
    *commit = false;
    struct import *import = calloc(1, sizeof *import);
    if (import == NULL)
        return NULL;
    schoolfiles_init(&import->files, token_key, &import->problems, &import->problems);
    dayset_init(&import->touched, civil_from_utc_ms(now_ms).day);
    read_files(import, request, fds, fd_count);
    check_references(import, store);
    if (import->problems.count == 0)
        apply(import, store, now_ms);
    if (import->problems.count == 0)
        check_limits(import, store);
    json_t *answer;
    if (import->problems.count > 0) {
        answer = refusal_listing(&import->problems);
    } else {
        *commit = json_is_true(json_object_get(request, "commit"));
        answer = report(import, *commit, hand_over(&import->touched, *commit ? touched : NULL));
    }
    forget_files(import);
    free(import);
    malloc_trim(0); /* the rows of a term are more than all else that the daemon holds */
    return answer;
}
