/* The casebook's part for support in time (docs/support.md): all cases as figures see them, terms that were published, measures of
 * classes and years, and reviews of cases (genomlysning) with what was decided. Writes stand between casebook_begin and _end, with
 * their audit row. Rows of JSON are as docs/api.md has them. */
#ifndef DASHBOARD_CASEBOOK_INTIME_H
#define DASHBOARD_CASEBOOK_INTIME_H

#include "common/ids.h"
#include "dashboard/casebook/casebook.h"

#define INTIME_TERMS_MAX      20  /* published ones that are told: ten years */
#define GROUP_MEASURES_MAX    100 /* told, the latest first */
#define CASE_REVIEWS_MAX      20  /* likewise */
#define REVIEW_QUESTIONS      5
#define REVIEW_DECISIONS_MAX  10  /* of one review */
#define REVIEW_TEXT_BYTES_MAX 500 /* of an answer or a decision */

/* A case that was opened and not taken back; texts are valid until the next. */
struct casebook_counted_case {
    int64_t number;
    const char *pupil, *outcome;  /* outcome "": open */
    int32_t ended_day, asked_day; /* CIVIL_DAY_NONE: open; the pupil was never asked */
};
struct query casebook_counted_cases(struct casebook *book);
bool casebook_next_counted_case(struct query *rows, struct casebook_counted_case *out);

/* The confirmations of a case, a row for each rule that each of them saw, the first one's first. */
struct casebook_confirmation {
    int64_t answer, at_ms;
    int severity;
    int32_t day;
    const char *rule; /* "": none */
};
struct query casebook_confirmations(struct casebook *book, int64_t number);
bool casebook_next_confirmation(struct query *rows, struct casebook_confirmation *out);

struct query casebook_published(struct casebook *book); /* the latest term first: for casebook_next_text */
/* ABSENT: that term has been published, and stays as it is. */
enum casebook_found casebook_publish(struct casebook *book, int32_t from_day, const char *figures, const char *user,
                                     int64_t at_ms);

struct casebook_group_measure {
    int64_t measure;
    const char *programme, *kind, *name, *owner; /* kind: class, year */
    int32_t from_day, to_day;                    /* to CIVIL_DAY_NONE: it goes on */
};
struct query casebook_group_measures(struct casebook *book);
bool casebook_next_group_measure(struct query *rows, struct casebook_group_measure *out);
bool casebook_group_measure_add(struct casebook *book, const struct casebook_group_measure *measure, const char *user,
                                int64_t at_ms);
/* ABSENT: there is no such measure that goes on. */
enum casebook_found casebook_group_measure_end(struct casebook *book, int64_t measure, int32_t day);

struct casebook_review {
    int32_t from_day, to_day, day;
    const char *answers; /* JSON: REVIEW_QUESTIONS texts */
    const char *user;
    int64_t at_ms;
};
struct casebook_improvement {
    const char *what, *owner;
    int32_t due_day;
};
struct query casebook_case_reviews(struct casebook *book); /* the latest first: for casebook_next_text */
bool casebook_case_review_add(struct casebook *book, const struct casebook_review *review,
                              const struct casebook_improvement *decided, size_t count);
/* "done" or "dropped". ABSENT: no such decision is open. */
enum casebook_found casebook_improvement_end(struct casebook *book, int64_t decision, const char *state,
                                             const char *user, int32_t day, int64_t at_ms);

#endif
