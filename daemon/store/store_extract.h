/* The store's part for a register extract (registerutdrag, subject access): everything about one pupil, in parts, each row as JSON that SQLite
 * makes. Earlier versions of facts are told, too, with when they were known. Read only. */
#ifndef DAEMON_STORE_EXTRACT_H
#define DAEMON_STORE_EXTRACT_H

#include "daemon/store/store_days.h"

enum extract_part {
    EXTRACT_REGISTER,
    EXTRACT_GUARDIANS,
    EXTRACT_GROUPS,
    EXTRACT_EXEMPTIONS,
    EXTRACT_CARDS,
    EXTRACT_ABSENCES,
    EXTRACT_MARKS,
    EXTRACT_CHECK_INS,
    EXTRACT_FLAGS,
    EXTRACT_FLAG_CHANGES,
    EXTRACT_TASKS,
    EXTRACT_DAYS, /* told by store_next_extract_day */
    EXTRACT_PARTS
};
extern const char *const EXTRACT_WORDS[EXTRACT_PARTS];

/* `most` rows from the `offset`th on, oldest first. */
struct query store_extract(struct store *store, enum extract_part part, const char *pupil_id, int64_t offset, int most);
bool store_next_extract(struct query *rows, const char **json);
/* Of EXTRACT_DAYS, whose outcomes are unpacked; without the pupil. */
bool store_next_extract_day(struct query *rows, struct outcome outcomes[OUTCOME_LESSONS_MAX], struct pupil_day *out);

#endif
