/* The casebook's part for retention (gallring): what is due, erasing it, and the receipts of what went. Of a pupil whose case
 * is open nothing goes. */
#ifndef DASHBOARD_CASEBOOK_RETENTION_H
#define DASHBOARD_CASEBOOK_RETENTION_H

#include "dashboard/casebook/casebook.h"
#include "dashboard/casebook/casebook_cases.h"

enum casebook_kind {
    CASEBOOK_ANSWERS,   /* to flags, outside cases */
    CASEBOOK_TOLD,      /* guardians told of an absence */
    CASEBOOK_LAST_YEAR, /* decisions on the list from last year */
    CASEBOOK_DUTIES,    /* decisions on the lists of a gymnasium */
    CASEBOOK_CASES,     /* closed and undone ones, with their answers */
    CASEBOOK_LOG,       /* who looked at what, and its review */
    CASEBOOK_KINDS
};
extern const char *const CASEBOOK_KIND_WORDS[CASEBOOK_KINDS];

struct casebook_run {
    int64_t run, began_ms, ended_ms;
    const char *began_by, *erased; /* erased: JSON, rows by kind */
    bool complete;
    const char *signed_by; /* "" = not yet */
    int64_t signed_ms;
};

/* Pupils whose case is open, for casebook_next_text. */
struct query casebook_held(struct casebook *book);
/* How many are due when everything before that date is. */
bool casebook_kind_due(struct casebook *book, enum casebook_kind kind, int32_t before, int64_t *count);
/* Erases them; between casebook_begin and _end. Of the log it writes where it was cut. */
bool casebook_kind_erase(struct casebook *book, enum casebook_kind kind, int32_t before, int64_t now_ms,
                         int64_t *count);

/* Of one pupil, on decision: answers, cases, decisions on the list from last year, guardians told. The log keeps its rows, and the named users with them, until
 * these are due themselves. */
bool casebook_pupil_erase(struct casebook *book, const char *pupil);
/* A pupil whom the school no longer knows: its named users are forgotten once no row of the log is about it. */
bool casebook_named_forget(struct casebook *book, const char *pupil);

bool casebook_run_add(struct casebook *book, const struct casebook_run *run);
struct query casebook_runs(struct casebook *book, int most); /* newest first */
bool casebook_next_run(struct query *rows, struct casebook_run *out);
/* ABSENT: there is no such run, or it is signed. */
enum casebook_found casebook_run_sign(struct casebook *book, int64_t run, const char *user, int64_t now_ms);

#endif
