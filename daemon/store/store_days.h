/* The store's part for what the roll call says: packed pupil-days, how far each date has come, numbers of subjects.
 * Derived: all of it can be recomputed from the facts. Inside the open transaction; failures are the store's. */
#ifndef DAEMON_STORE_DAYS_H
#define DAEMON_STORE_DAYS_H

#include "daemon/core/school/school.h"
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
typedef void store_pupil_visit(void *context, const char *pupil_id);
void store_pupils_of_day(struct store *store, int32_t day, store_pupil_visit *visit, void *context);
/* The year (grade) of every pupil who is known now. */
typedef void store_pupil_year_visit(void *context, const char *pupil_id, const char *year);
void store_pupil_years(struct store *store, store_pupil_year_visit *visit, void *context);
#define STORE_DATES_MAX 2048
/* Every pupil-day of decided dates from `day` on, at most STORE_DATES_MAX dates, by pupil and date. A day that cannot be unpacked is given with count 0
 * and reported by the return value: how many there were. */
typedef bool store_pupil_day_visit(void *context, const struct pupil_day *pupil_day);
int store_decided_since(struct store *store, int32_t day, store_pupil_day_visit *visit, void *context);

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
typedef void store_day_visit(void *context, int32_t day);
void store_undecided(struct store *store, int32_t from, int32_t to, store_day_visit *visit, void *context);

/* The number of a subject, given when it is new. */
uint16_t store_subject(struct store *store, const char *name);
/* "" when there is no such number. */
void store_subject_name(struct store *store, uint16_t subject, char out[SCHOOL_TEXT_BYTES]);

#endif
