/* Lessons in files: attendance.csv, one or several, as one school (daemon/core/school/attendance_csv.h). */
#ifndef DAEMON_CLI_LESSONS_H
#define DAEMON_CLI_LESSONS_H

#include <argp.h>
#include "daemon/core/school/attendance_csv.h"

#define LESSONS_FILES_MAX 1000

/* The files named on the command line, at ARGP_KEY_ARGS; more than LESSONS_FILES_MAX end the program. */
char **lessons_words(const struct argp_state *state, int *count);
/* Adds a file's rows; what is wrong with it goes to `problems`. */
void lessons_read(struct attendance_csv *attendance, const char *path, struct problems *problems);
/* Opens, reads all of them and puts them in order. False after adding why to `problems`; close in either case. */
bool lessons_open(struct attendance_csv *attendance, char *const *paths, int path_count, struct problems *problems);

#endif
