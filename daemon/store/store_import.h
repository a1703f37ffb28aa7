/* The store's part of an import: what is known already, and the rows of one school file against it. A row that is there
 * stays as it is, a new one is added, one whose key is there with other values ends the old version; an empty field leaves
 * what is known. What is missing from a file is told and left alone, unless the file owns a time (`replaces`). Failures are
 * sticky (store.h). */
#ifndef DAEMON_STORE_IMPORT_H
#define DAEMON_STORE_IMPORT_H

#include "daemon/core/school/school.h"
#include "daemon/core/school/schoolcheck.h"
#include "daemon/dayset.h"
#include "daemon/store/store.h"

/* What an import does and what it meets: a word of docs/api.md, the thing's name, for a change what it becomes and from or
 * until when. Texts are valid during the call. */
typedef void store_import_tell(void *context, enum schoolfile which, const char *what, struct text name, const char *to,
                               int32_t day);

struct store_import {
    struct store *store;
    int64_t now_ms;             /* when a fact becomes known whose file does not say */
    int32_t as_of;              /* the day from which on something is so that has no date */
    bool first, corrects;       /* core/school/periods.h */
    bool replaces[SCHOOLFILES]; /* lessons, members, absences: the file has all of these dates */
    int32_t replace_from, replace_to;
    int32_t first_day, last_day; /* with lessons, as soon as the lessons are in; none: first > last */
    struct dayset *touched;      /* dates whose roll call must be run again */
    struct problems *problems;   /* what turns out to be wrong against what is known */
    store_import_tell *tell;
    void *context;
};

struct store_import_counts {
    size_t rows, fresh, changed, unchanged;
    size_t not_in_file; /* known before, not in the file; taps are not counted */
};

/* Was nothing of a school ever known? */
bool store_import_is_first(struct store *store);
void store_import_counts_known(struct store *store, size_t counts[SCHOOLCHECK_KINDS]);
/* Tells the check every id that the store knows. */
void store_import_know(struct store *store, struct schoolcheck *check);
/* Lessons come first (dates without an end are touched as far as there are lessons). False when there is no memory. */
bool store_import_file(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                       struct store_import_counts *counts);
/* The date on which a pupil of `school` has most lessons, cancelled ones too, and how many; 0 without lessons. */
size_t store_import_most_lessons(struct store *store, const struct school *school, int32_t *day);

/* Protected identity no longer: what an import never does. False: the pupil has none, or is not known. */
bool store_protection_lower(struct store *store, const char *pupil_id, int64_t now_ms);

#endif
