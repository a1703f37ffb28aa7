/* Settings files: libconfig reads the text, one row per key checks it. The only file that uses libconfig.
 *
 * Everything wrong is reported at once (problems.h), with file, line, key and the allowed range; an unknown key is
 * wrong. Nodes and texts are valid until settings_close. */
#ifndef COMMON_SETTINGS_H
#define COMMON_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include "common/problems.h"

struct settings;
struct setting; /* one node of the tree */

enum setting_kind {
    SETTING_INTEGER, /* int; minimum … maximum */
    SETTING_NUMBER,  /* double, integers accepted; minimum … maximum */
    SETTING_TEXT,    /* char[bytes], at most bytes - 1 long; an id when minimum is SETTING_ID */
    SETTING_BOOLEAN, /* bool */
    SETTING_NESTED   /* a group, list or array that the caller reads by itself */
};

#define SETTING_ID 1 /* as `minimum` of a SETTING_TEXT: [a-z0-9-]{1,32} */

struct setting_row {
    const char *key;
    enum setting_kind kind;
    bool required;           /* otherwise the target keeps what it held: set the defaults first */
    double minimum, maximum; /* both included */
    size_t offset, bytes;    /* of the target in the struct given to settings_read */
};

/* NULL after adding what is wrong: the text is not libconfig's. It may not @include files. For a file:
 * settings_file.h. */
struct settings *settings_open_text(const char *name, const char *text, struct problems *problems);
void settings_close(struct settings *settings);
const struct setting *settings_root(const struct settings *settings);

/* Reads one group into `into`. False when it added a problem; targets of good keys are filled all the same. */
bool settings_read(const struct settings *settings, const struct setting *group, const struct setting_row *rows,
                   size_t row_count, void *into, struct problems *problems);

/* NULL / 0 / false where there is no such thing. */
const struct setting *setting_member(const struct setting *group, const char *key);
const struct setting *setting_element(const struct setting *list, int index);
int setting_count(const struct setting *list);
const char *setting_text(const struct setting *setting);         /* NULL unless it is a string */
bool setting_integer(const struct setting *setting, int *value); /* false unless it is a whole number */
bool setting_is_group(const struct setting *setting);
bool setting_is_list(const struct setting *setting); /* or an array */
int setting_line(const struct setting *setting);
void settings_problem(const struct settings *settings, const struct setting *at, struct problems *problems,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
