/* The casebook's part for what people decide: answers to flags, cases, answered tasks. Writes stand between
 * casebook_begin and casebook_end, with the audit row that tells of them. */
#ifndef DASHBOARD_CASEBOOK_CASES_H
#define DASHBOARD_CASEBOOK_CASES_H

#include "dashboard/casebook/casebook.h"
#include "common/ids.h"
#include "dashboard/triage.h"

struct casebook_case {
    int64_t number;
    int year, serial;
    char pupil[NAME_BYTES], owner[USER_BYTES], owner_name[CASEBOOK_NAME_BYTES], opened_by[USER_BYTES];
    int32_t next_day, opened_day;
};

/* A pupil's answers that were not undone, newest first. Large: not on a deep stack. */
struct casebook_answers {
    size_t count;
    struct triage_answer answers[TRIAGE_ANSWERS_MAX];
    char rules[TRIAGE_ANSWERS_MAX][ID_BYTES];
};

struct casebook_answer {
    const char *pupil, *user, *reason;
    enum triage_kind kind;
    int severity;
    int32_t day, until_day;
    int64_t at_ms;
    const struct triage_flag *flags; /* what it saw */
    size_t flag_count;
    const char *owner; /* of a confirmation, and the next date */
    int32_t next_day;
};

struct casebook_owner {
    const char *user, *name;
};

/* An answer as it is told afterwards. */
struct casebook_given {
    const char *kind, *reason, *user;
    int64_t at_ms;
    int32_t until_day; /* of a confirmation without meaning */
    bool undone;
};

struct casebook_task_answer {
    char contact[ID_BYTES]; /* of the routine's list; "" = a guardian, or the pupil */
    char user[USER_BYTES];
    int64_t at_ms;
    int guardian, lessons; /* guardian 0 = not said */
    char pupil[NAME_BYTES];
    int64_t recorded_ms;
};

bool casebook_answers(struct casebook *book, const char *pupil, struct casebook_answers *out);
/* The pupil's open case. */
enum casebook_found casebook_case_of(struct casebook *book, const char *pupil, struct casebook_case *out);
/* A confirmation opens a case, or sets owner and date of the one that is open; closing ends it. */
bool casebook_answer_add(struct casebook *book, const struct casebook_answer *answer);
/* The latest, when it is this user's and of this date; ABSENT when it is not. */
enum casebook_found casebook_answer_undo(struct casebook *book, const char *pupil, const char *user, int32_t day,
                                         int64_t now_ms, enum triage_kind *undone);

bool casebook_case_set(struct casebook *book, int64_t number, const char *owner, int32_t next_day);

/* All answers to a pupil, undone ones too, newest first. */
struct query casebook_history(struct casebook *book, const char *pupil);
bool casebook_next_given(struct query *rows, struct casebook_given *out);
struct query casebook_cases(struct casebook *book); /* open ones, next date first */
bool casebook_next_case(struct query *rows, struct casebook_case *out);
/* Who can own a case. */
struct query casebook_owners(struct casebook *book);
bool casebook_next_owner(struct query *rows, struct casebook_owner *out);
/* Pupils whose case or snooze has its date today or before; pupils for whom some user is named. */
struct query casebook_due(struct casebook *book, int32_t today);
struct query casebook_named_pupils(struct casebook *book);
bool casebook_next_text(struct query *rows, const char **out);

/* The latest about that contact that was not taken back. */
enum casebook_found casebook_task_answer(struct casebook *book, int64_t task, const char *contact,
                                         struct casebook_task_answer *out);
bool casebook_task_answer_add(struct casebook *book, int64_t task, const struct casebook_task_answer *answer);
/* What the answer's user said of its contact since then; what others said, or was said before, stands again. */
bool casebook_task_answer_undo(struct casebook *book, int64_t task, const struct casebook_task_answer *answer,
                               int64_t from_ms, int64_t now_ms);

#endif
