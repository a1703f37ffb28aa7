/* The casebook's part for working together that belongs to no case: what the head has decided for the whole school, and serious events
 * in families. Writes stand between casebook_begin and _end, with the audit row that tells of them. */
#ifndef DASHBOARD_CASEBOOK_TOGETHER_H
#define DASHBOARD_CASEBOOK_TOGETHER_H

#include "dashboard/casebook/casebook.h"

/* Whether the school itself may call to the meeting of a common plan. No until the head has said yes. */
enum casebook_found casebook_school_may_call_sip(struct casebook *book, bool *out);
bool casebook_school_may_call_sip_set(struct casebook *book, bool may, const char *user, int32_t day, int64_t now_ms);

/* A family's crisis that stands. */
struct casebook_crisis {
    char contact[USER_BYTES], contact_name[CASEBOOK_NAME_BYTES]; /* who is spoken to first */
    int32_t since_day;
};
enum casebook_found casebook_crisis(struct casebook *book, const char *pupil, struct casebook_crisis *out);
/* ABSENT: one stands already. */
enum casebook_found casebook_crisis_begin(struct casebook *book, const char *pupil, const char *contact,
                                          const char *user, int32_t day, int64_t now_ms);
/* ABSENT: none stands. */
enum casebook_found casebook_crisis_end(struct casebook *book, const char *pupil, const char *user, int32_t day,
                                        int64_t now_ms);

/* Counts of a term, of no case and no person. */
struct casebook_term_count {
    int32_t term_day;
    const char *measure, *choice; /* valid until the next row */
    int value, count;
};
/* That a case is stuck by a promise that failed, `weeks` after it was due: once in a term for each case and promise, so after the row
 * of the case. */
bool casebook_count_stuck(struct casebook *book, int64_t number, const char *promise, int32_t term_day, int weeks);
bool casebook_count_rating(struct casebook *book, const char *question, const char *party, int32_t term_day, int grade);
/* Of the terms before that one, the latest first. */
struct query casebook_term_counts(struct casebook *book, int32_t term_day);
bool casebook_next_term_count(struct query *rows, struct casebook_term_count *out);

#endif
