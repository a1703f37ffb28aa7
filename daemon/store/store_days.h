/* The store's part for what the roll call says: packed pupil-days, how far each date has come, numbers of subjects.
 * Derived: all of it can be recomputed from the facts. Inside the open transaction; failures are the store's. */
#ifndef DAEMON_STORE_DAYS_H
#define DAEMON_STORE_DAYS_H

#include "daemon/core/school/school.h"
#include "common/ids.h"
#include "common/query.h"
#include "daemon/core/outcome.h"
#include "daemon/store/store.h"

struct pupil_day {
    const char *pupil_id, *class_name;
    int32_t day;
    const struct outcome *outcomes; /* in the order of docs/detection.md; subject is the store's number */
    size_t count;
};

/* Writes the day when it differs from what is stored; says whether it did. */
bool store_pupil_day_put(struct store *store, const struct pupil_day *pupil_day);
void store_pupil_day_delete(struct store *store, const char *pupil_id, int32_t day);
struct query store_pupils_of_day(struct store *store, int32_t day);
bool store_next_pupil(struct query *rows, const char **pupil_id);
/* The year (grade) of every pupil who is known now. */
struct query store_pupil_years(struct store *store);
bool store_next_pupil_year(struct query *rows, const char **pupil_id, const char **year);
#define STORE_DATES_MAX 2048
/* Every pupil-day of decided dates from `since` on, at most STORE_DATES_MAX dates, by pupil and date. A day that cannot be
 * unpacked is given with count 0, and counted. A loop that is left early calls query_end(&days.rows). */
struct decided_days {
    struct query rows;
    int32_t since;
    bool decided[STORE_DATES_MAX]; /* by date; here and not joined to each of a year's rows, which a start waits for */
    char pupil_id[NAME_BYTES], class_name[NAME_BYTES];
    size_t pupil_length, class_length;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    int unreadable;
};
void store_decided_since(struct store *store, int32_t since, struct decided_days *days);
bool store_next_decided(struct decided_days *days, struct pupil_day *out); /* valid until the next */

/* A pupil's days of dates `from` to `to`, the latest first; one that cannot be unpacked has count 0. `outcomes` is where they are
 * unpacked to. */
struct query store_pupil_days(struct store *store, const char *pupil_id, int32_t from, int32_t to);
bool store_next_pupil_day(struct query *rows, struct outcome outcomes[OUTCOME_LESSONS_MAX], struct pupil_day *out);

struct school_day {
    int32_t day;
    int32_t lessons_closed;
    int64_t closed_ms; /* the roll was taken up to here */
    bool decided;
    int64_t decided_ms;
};
bool store_school_day(struct store *store, int32_t day, struct school_day *out); /* false: never taken */
void store_school_day_put(struct store *store, const struct school_day *school_day);
bool store_decided_through(struct store *store, int32_t *day);
/* Dates from `from` to `to` that have lessons and are not decided. */
struct query store_undecided(struct store *store, int32_t from, int32_t to);
bool store_next_day(struct query *rows, int32_t *day);

/* The number of a subject, given when it is new. */
uint16_t store_subject(struct store *store, const char *name);
/* "" when there is no such number. */
void store_subject_name(struct store *store, uint16_t subject, char out[NAME_BYTES]);

/* Why nobody can know of lessons of a date, the first reason of each. */
void store_doubts_clear(struct store *store, int32_t day);
void store_doubt_put(struct store *store, uint32_t lesson, int32_t day, const char *doubt);

/* The pupil's lessons of dates `from` to `to` of which nobody can know, the latest date first, within a date by start. A
 * loop that is left early calls query_end(&unknown.days). */
struct unknown_lessons {
    struct store *store;
    const char *pupil_id; /* borrowed */
    struct query days;
    int32_t day;
    struct outcome outcomes[OUTCOME_LESSONS_MAX]; /* of the day, those before `next` told */
    size_t next, count;
};
struct unknown_lesson {
    int32_t day;
    uint16_t start_minute;
    char group[NAME_BYTES], subject[NAME_BYTES], room[NAME_BYTES];
    /* The lesson's first doubt, or "marked": its teacher says that nobody knows. "": the lesson is not stored any more. */
    char why[NAME_BYTES];
};
void store_unknown_lessons(struct store *store, const char *pupil_id, int32_t from, int32_t to,
                           struct unknown_lessons *out);
bool store_next_unknown(struct unknown_lessons *lessons, struct unknown_lesson *out);

/* Was there ever a lesson on that date? */
bool store_day_has_lessons(struct store *store, int32_t day);

#endif
