/* Opens a settings file by its path. A header of its own, so that a pure room, which includes settings.h, can read
 * settings from a text but cannot open a file. */
#ifndef COMMON_SETTINGS_FILE_H
#define COMMON_SETTINGS_FILE_H

struct problems;
struct settings; /* settings.h */

/* NULL after adding what is wrong: not readable, or not libconfig. A file may @include others. */
struct settings *settings_open_file(const char *path, struct problems *problems);

#endif
