/* Lessons in files: attendance.csv, one or several, as one school (daemon/core/school/attendance_csv.h). */
#ifndef DAEMON_CLI_LESSONS_H
#define DAEMON_CLI_LESSONS_H

#include "daemon/core/school/attendance_csv.h"

/* Adds a file's rows; what is wrong with it goes to `problems`. */
void lessons_read(struct attendance_csv *attendance, const char *path, struct problems *problems);
/* Opens, reads all of them and puts them in order. False after adding why to `problems`; close in either case. */
bool lessons_open(struct attendance_csv *attendance, const char *const *paths, int path_count,
                  struct problems *problems);

#endif
