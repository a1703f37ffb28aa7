/* The casebook's audit log, read: filtered, page by page, and the month's review of views drawn at random. */
#ifndef DASHBOARD_CASEBOOK_LOG_H
#define DASHBOARD_CASEBOOK_LOG_H

#include "dashboard/casebook/casebook.h"

#define CASEBOOK_DRAWN_MAX 20 /* views of a month to be judged */

struct casebook_filter {
    const char *user, *action, *object; /* "" = any; object: rows whose object holds this id */
    int64_t from_ms, to_ms;             /* to excluded */
    int64_t before;                     /* older than this sequence */
    bool technical;                     /* only what tells of no pupil */
    int most;
};

struct casebook_entry {
    int64_t sequence, at_ms;
    const char *user, *action, *object;
    const char *verdict, *judge; /* of a drawn one: NULL = not judged yet */
    int64_t judged_ms;
};

/* Newest first. */
struct query casebook_log(struct casebook *book, const struct casebook_filter *filter);
bool casebook_next_entry(struct query *rows, struct casebook_entry *out);

/* `month` is year * 12 + month - 1. Draws once; what was drawn stays. */
bool casebook_review_draw(struct casebook *book, int month, int64_t from_ms, int64_t to_ms);
struct query casebook_review(struct casebook *book, int month); /* for casebook_next_entry */
/* ABSENT: it was not drawn, or is judged already. */
enum casebook_found casebook_review_judge(struct casebook *book, int64_t sequence, const char *verdict,
                                          const char *user, int64_t now_ms);

#endif
