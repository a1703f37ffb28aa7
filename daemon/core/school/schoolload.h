/* From the rows of school files to what the roll call takes: the school, and one date's facts after the other. Pure.
 *
 * A lesson's number is its place in the file, from one. Of two rows with one lesson_id the last counts; rows that refer to
 * nobody known are passed over, and so is a lesson that ends before it begins: an import refuses them. A fact that does not
 * fit (a limit of school.h or schoolday.h) is added to the files' problems. */
#ifndef DAEMON_CORE_SCHOOLLOAD_H
#define DAEMON_CORE_SCHOOLLOAD_H

#include "daemon/core/school/schoolday.h"
#include "daemon/core/school/schoolfiles.h"

struct schoolload {
    const struct schoolfiles *files;
    struct school *school;
    /* Places in their files, by date. */
    uint32_t *lessons, *taps, *marks;
    uint32_t *mark_lessons; /* of each mark, the place of its lesson; NAMES_NONE: no lesson */
    bool *superseded;       /* of each lesson row: a later one has the same id */
    size_t lesson_next, tap_next, mark_next;
};

/* Fills and seals `school`. The files must be without problems, with nothing known from before; `lesson_ids` hold every
 * lesson_id (those of schoolcheck.h) and are read here only. False when there is no memory. */
bool schoolload_open(struct schoolload *load, const struct schoolfiles *files, const struct names *lesson_ids,
                     struct school *school);
void schoolload_close(struct schoolload *load);
/* The next date that has lessons, in order; its facts are sealed. False when there is none left. */
bool schoolload_next(struct schoolload *load, struct schoolday *facts);

#endif
