/* A settings file opened by its path, for the edges: apart from settings.h, so that a pure room may read settings from a
 * text without being able to open a file. */
#ifndef COMMON_SETTINGS_FILE_H
#define COMMON_SETTINGS_FILE_H

struct problems;
struct settings; /* settings.h */

/* NULL after adding what is wrong: not readable, or not libconfig. A file may @include others. */
struct settings *settings_open_file(const char *path, struct problems *problems);

#endif
