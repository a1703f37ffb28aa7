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
    EXTRACT_DAYS, /* told by store_extract_days */
    EXTRACT_PARTS
};
extern const char *const EXTRACT_WORDS[EXTRACT_PARTS];

/* `most` rows from the `offset`th on, oldest first. Returns how many. */
typedef void store_extract_visit(void *context, const char *json);
size_t store_extract(struct store *store, enum extract_part part, const char *pupil_id, int64_t offset, int most,
                     store_extract_visit *visit, void *context);
size_t store_extract_days(struct store *store, const char *pupil_id, int64_t offset, int most,
                          store_pupil_day_visit *visit, void *context);

#endif
