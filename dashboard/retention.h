/* Retention (gallring), every night: the daemon erases what is due in the attendance database, held pupils left out, a piece
 * at a time; then the casebook's own goes, and a receipt is written. Here and not in the daemon, because only the casebook
 * knows whose case is open, and nothing must go without that knowledge. What fails is tried again. docs/retention.md. */
#ifndef DASHBOARD_RETENTION_H
#define DASHBOARD_RETENTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "common/clock.h"
#include "dashboard/errand.h"

struct attendance;
struct casebook;

struct retention_rules {
    int hour;          /* of the night, local time */
    int answers_years; /* school years, the running one counted: answers outside cases, guardians told */
    int cases_years;   /* closed cases, with their answers, after they were closed */
    int log_years;     /* the access log: calendar years from each row */
};
#define RETENTION_RULES_DEFAULTS                                        \
    {                                                                   \
        .hour = 2, .answers_years = 3, .cases_years = 3, .log_years = 5 \
    }

/* The owner gives the first five; the others are retention's own. */
struct retention {
    struct casebook *book;
    struct attendance *attendance;
    struct errands *errands;
    struct clock civil;
    struct retention_rules rules;
    struct errand *errand; /* to the daemon, under way; NULL: no run is */
    bool uncleaned;        /* what was erased may still be in the casebook's write-ahead log */
    const char *began_by;
    int64_t began_ms, next_ms;
    json_t *erased; /* so far: rows by kind */
};

/* When the next run is due, from the latest in the casebook. */
void retention_open(struct retention *retention);
void retention_close(struct retention *retention);
/* To be called often: begins a run when it is due. */
void retention_step(struct retention *retention);
/* Begins one now. False: one is under way, or too many errands wait. `by`: "night" or "command". */
bool retention_begin(struct retention *retention, const char *by);
/* The daemon has answered; the errand's waiter is `retention`. */
void retention_told(struct retention *retention);

/* Something was erased outside a run: it is to leave the casebook's write-ahead log. */
void retention_erased(struct retention *retention);
bool retention_is_running(const struct retention *retention);
int64_t retention_next_ms(const struct retention *retention);

/* The command to the daemon. NULL: no memory, or the casebook cannot be read. */
json_t *retention_command(struct retention *retention, bool commit, size_t *held_count);
/* The casebook's kinds, as the daemon tells its own (daemon/commands/retention.h). NULL: it cannot be read. */
json_t *retention_kinds(struct retention *retention);
/* The latest receipts as docs/api.md tells them. NULL: they cannot be read. */
json_t *retention_runs(struct retention *retention, int most);

#endif
