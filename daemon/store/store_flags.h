/* The store's part for flags and tasks. A flag is deleted by retention alone; each change it goes through is kept beside it. Inside
 * the open transaction; failures are the store's. */
#ifndef DAEMON_STORE_FLAGS_H
#define DAEMON_STORE_FLAGS_H

#include "common/event.h"
#include "common/query.h"
#include "daemon/store/store.h"

struct stored_flag {
    int64_t flag;
    char rule[ID_BYTES];
    uint32_t rules_version;
    int32_t raised_day, cleared_day; /* cleared_day 0: open */
    bool withdrawn;
    uint64_t evidence_digest; /* of its text, to see a change */
    bool follows;             /* the caller's: false as it is read */
};

/* As many as there are: the rows of one pupil, in memory that is used again for the next. Starts as all zero; free(flags). */
struct stored_flags {
    struct stored_flag *flags;
    size_t count, capacity;
};
/* A pupil's flags raised on or after `since`, withdrawn ones too, by rule (bytewise), version, date; one that stands before
 * those withdrawn. False: no memory. */
bool store_flags_of(struct store *store, const char *pupil_id, int32_t since, struct stored_flags *out);

/* Is one open that was raised before `day`? */
bool store_flags_open_before(struct store *store, int32_t day);

/* A flag as the database told it at a past time. */
struct known_flag {
    int64_t flag;
    const char *pupil_id, *rule; /* until the next */
    int32_t severity;
    uint32_t rules_version;
    int32_t raised_day, cleared_day; /* cleared_day 0: open */
};
/* The flags that stood at known_ms, whatever has been learnt since: those after number `after`, at most `most` of them, in
 * the order in which they came; of one pupil, or of all ("" for pupil_id). */
struct query store_flags_known(struct store *store, const char *pupil_id, int64_t known_ms, int64_t after, size_t most);
bool store_next_known_flag(struct query *rows, struct known_flag *out);
uint64_t store_digest(const void *bytes, size_t length);

struct new_flag {
    const char *pupil_id, *rule, *evidence;
    int32_t severity;
    uint32_t rules_version;
    int32_t raised_day, cleared_day; /* 0: open */
    int64_t decided_ms;
};
int64_t store_flag_insert(struct store *store, const struct new_flag *flag);
/* No longer withdrawn, if it was. */
void store_flag_update(struct store *store, int64_t flag, int32_t cleared_day, const char *evidence);
void store_flag_withdraw(struct store *store, int64_t flag, int64_t now_ms, const char *why);
/* `change`: raised, cleared, reopened, withdrawn. `day` 0: none. */
void store_flag_change(struct store *store, int64_t flag, const char *change, int32_t day, const char *why,
                       int64_t now_ms);

/* Tasks of pupils who are in no period at the school on `today` end, for they left. */
void store_tasks_end_left(struct store *store, int32_t today, int64_t now_ms);
/* To tell a guardian; to turn to those around an unaccompanied or placed child (daemon/core/support/sameday.h). */
enum task_kind { TASK_GUARDIAN, TASK_ROUTINE, TASK_KINDS };
extern const char *const TASK_WORDS[TASK_KINDS];
enum task_state { TASK_NONE, TASK_OPEN, TASK_CLOSED };
struct task_of {
    enum task_kind kind;
    const char *pupil_id;
    int32_t day;
};
/* That task, and a digest of its lessons. */
enum task_state store_task(struct store *store, const struct task_of *task, uint64_t *lessons_digest);
void store_task_put(struct store *store, const struct task_of *task, const char *lessons, int64_t now_ms);
void store_task_close(struct store *store, const struct task_of *task, int64_t now_ms, const char *why);

/* One look at the flags and tasks. */
struct store_totals {
    int64_t raised, withdrawn, cleared; /* changes of flags since the beginning */
    int64_t latest_change;
    int64_t *open_tasks; /* their numbers, ascending */
    size_t open_count;
};
/* False when there is no memory; store_totals_free in any case. */
bool store_totals(struct store *store, struct store_totals *out);
void store_totals_free(struct store_totals *totals);
/* What happened between two looks. */
struct store_consequences {
    int64_t raised, withdrawn, cleared;
    int64_t tasks, tasks_closed; /* open now and not before; before and not now */
    int64_t latest_change;       /* of a flag, before */
};
struct store_consequences store_consequences_between(const struct store_totals *before,
                                                     const struct store_totals *after);
/* What happened to flags after that change, by rule: words, and how often. Texts until the next row. */
struct store_flag_turn {
    const char *rule, *change;
    int64_t count;
};
struct query store_flag_turns(struct store *store, int64_t after_change);
bool store_next_flag_turn(struct query *rows, struct store_flag_turn *out);

#endif
