/* The casebook's part for extract access: everything about one pupil, in parts, each row as JSON that SQLite makes. */
#ifndef DASHBOARD_CASEBOOK_EXTRACT_H
#define DASHBOARD_CASEBOOK_EXTRACT_H

#include "dashboard/casebook/casebook_cases.h"

enum casebook_extract_part {
    CASEBOOK_EXTRACT_ANSWERS,
    CASEBOOK_EXTRACT_CASES,
    CASEBOOK_EXTRACT_CASE_ROWS, /* what was done in them; reports of concern are left out (docs/retention.md) */
    CASEBOOK_EXTRACT_TOLD,
    CASEBOOK_EXTRACT_LAST_YEAR,
    CASEBOOK_EXTRACT_DUTIES,
    CASEBOOK_EXTRACT_CRISES,
    CASEBOOK_EXTRACT_NAMED,
    CASEBOOK_EXTRACT_LOOKS, /* who looked or acted, and when */
    CASEBOOK_EXTRACT_PARTS
};
extern const char *const CASEBOOK_EXTRACT_WORDS[CASEBOOK_EXTRACT_PARTS];

/* `most` rows from the `offset`th on, oldest first, for casebook_next_text. */
struct query casebook_extract(struct casebook *book, enum casebook_extract_part part, const char *pupil, int64_t offset,
                              int most);

#endif
