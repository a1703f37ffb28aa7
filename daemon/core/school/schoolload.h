/* From the rows of school files to what the roll call takes: the school, and one date's facts after the other. Pure.
 *
 * A lesson's number is its place in the file, from one. A fact that does not fit (a limit of school.h or schoolday.h) is
 * added to the files' problems. */
#ifndef DAEMON_CORE_SCHOOLLOAD_H
#define DAEMON_CORE_SCHOOLLOAD_H

#include "daemon/core/school/schoolday.h"
#include "daemon/core/school/schoolfiles.h"

struct schoolload {
    const struct schoolfiles *files;
    struct school *school;
    /* Places in their files, by date. */
    uint32_t *lessons, *taps, *marks;
    uint32_t *mark_lessons; /* of each mark, the place of its lesson */
    size_t lesson_next, tap_next, mark_next;
};

/* Fills and seals `school`. The files must be without problems (schoolcheck.h), with nothing known from before; `lesson_ids`
 * are those of the check, read here only. False when there is no memory. */
bool schoolload_open(struct schoolload *load, const struct schoolfiles *files, const struct names *lesson_ids,
                     struct school *school);
void schoolload_close(struct schoolload *load);
/* The next date that has lessons, in order; its facts are sealed. False when there is none left. */
bool schoolload_next(struct schoolload *load, struct schoolday *facts);

#endif
