/* Do the school files fit together? Every id that a row refers to must be known, from the files or from before; no lesson
 * or member of staff may be defined twice in one file, and the periods of a pupil, the places of a terminal, may not overlap;
 * a mark may not miss more minutes than its lesson has. Pure.
 *
 * Use: open for these files and so many ids known from before, add those, run, close. */
#ifndef DAEMON_CORE_SCHOOLCHECK_H
#define DAEMON_CORE_SCHOOLCHECK_H

#include "daemon/core/school/names.h"
#include "daemon/core/school/schoolfiles.h"

enum schoolcheck_kind {
    SCHOOLCHECK_PUPIL,
    SCHOOLCHECK_LESSON,
    SCHOOLCHECK_TERMINAL,
    SCHOOLCHECK_STAFF,
    SCHOOLCHECK_KINDS
};

struct schoolcheck {
    struct {
        struct names names;
        int *lines; /* where the file defines it; 0: known from before */
    } ids[SCHOOLCHECK_KINDS];
    uint16_t *lesson_minutes; /* by the clock on the wall */
};

/* False with errno set when there is no memory. */
bool schoolcheck_open(struct schoolcheck *check, const struct schoolfiles *files,
                      const size_t known_counts[SCHOOLCHECK_KINDS]);
void schoolcheck_close(struct schoolcheck *check);
void schoolcheck_know(struct schoolcheck *check, enum schoolcheck_kind kind, struct text id);
void schoolcheck_know_lesson(struct schoolcheck *check, struct text id, int32_t minutes);
/* Adds what it finds to the files' refusals. Afterwards `ids` holds everything. False with errno set: no memory. */
bool schoolcheck_run(struct schoolcheck *check, const struct schoolfiles *files);

#endif
