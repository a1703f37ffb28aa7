/* The store's part of an import: what is known already, and the rows of one school file against it. Additive: a row that is
 * there stays as it is, a new one is added, one whose key is there with other values ends the old version; what is missing
 * from a file is counted and left alone. Failures are sticky (store.h). */
#ifndef DAEMON_STORE_IMPORT_H
#define DAEMON_STORE_IMPORT_H

#include "daemon/core/school/school.h"
#include "daemon/core/school/schoolcheck.h"
#include "daemon/dayset.h"
#include "daemon/store/store.h"

struct store_import {
    struct store *store;
    int64_t now_ms;              /* when a fact becomes known whose file does not say */
    int32_t first_day, last_day; /* with lessons, as soon as the lessons are in; none: first > last */
    struct dayset *touched;      /* dates whose roll call must be run again */
};

struct store_import_counts {
    size_t rows, fresh, changed, unchanged;
    size_t not_in_file; /* known before, not in the file; taps are not counted */
};

void store_import_counts_known(struct store *store, size_t counts[SCHOOLCHECK_KINDS]);
/* Tells the check every id that the store knows. */
void store_import_know(struct store *store, struct schoolcheck *check);
/* Lessons come first (dates without an end are touched as far as there are lessons). False when there is no memory. */
bool store_import_file(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                       struct store_import_counts *counts);
/* The date on which a pupil of `school` has most lessons, cancelled ones too, and how many; 0 without lessons. */
size_t store_import_most_lessons(struct store *store, const struct school *school, int32_t *day);

#endif
