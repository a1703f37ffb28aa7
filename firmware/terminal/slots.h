/* The folder of the terminal's programs, and how an update replaces the running one: two slots, a link, and a trial.
 * Only root writes the folder; the program itself reads it.
 *
 *     a, b              the slots: signed packages, each a program that runs as it is
 *     current           link to a, to b, or to the program that came with the system: what is started
 *     previous          link to what ran before, while there is a trial
 *     trial-NONCE-N     link whose text is a version: what `current` names is on trial and has N more starts
 *     failed            link whose text is a version: the last trial that was given up
 *
 * Each step creates, renames or removes one name and syncs the folder before the next, so a power cut leaves the
 * state before or after a step; slots_choose, at each start, continues from every such state. Counting a start and
 * going back are renames of what is there: a full disk does not prevent them. The texts are links because a link is
 * whole or not there.
 *
 * The program confirms that it works by a link `confirmed` to the trial's nonce in its own folder (`marks`, its
 * cache): it needs no right to write here, and a confirmation of an older trial does not count. */
#ifndef FIRMWARE_TERMINAL_SLOTS_H
#define FIRMWARE_TERMINAL_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include "common/package.h"

#define SLOTS_STARTS      3
#define SLOTS_NONCE_BYTES 17 /* 16 hex digits */

struct slots {
    int folder;
};

struct slots_trial {
    char nonce[SLOTS_NONCE_BYTES]; /* "" = there is no trial */
    char version[PACKAGE_VERSION_BYTES];
    int starts_left;
};

enum slots_choice {
    SLOTS_KEPT,      /* there was nothing to decide */
    SLOTS_TRIED,     /* one more start of the trial is counted */
    SLOTS_CONFIRMED, /* the program had confirmed that it works: the trial is over */
    SLOTS_WENT_BACK, /* it had not in SLOTS_STARTS starts: `current` is the program before it again */
    SLOTS_DROPPED,   /* an installation was cut short and has been removed */
    SLOTS_FAILED     /* the folder cannot be written; errno says why. `current` can be started nevertheless */
};

/* False with errno set. */
bool slots_open(struct slots *slots, const char *folder);
void slots_close(struct slots *slots);

/* Before each start: decides what `current` names; `trial` is filled with the trial that was decided on. `factory`
 * is the program that came with the system, used when nothing else can be run. Does not wait: during an installation
 * nothing is decided. */
enum slots_choice slots_choose(struct slots *slots, const char *factory, const char *marks, struct slots_trial *trial);
/* Writes a package into the slot that is not in use and puts it on trial. False with errno set, and then the running
 * program stays: EBUSY when another trial is not over, EWOULDBLOCK during another installation. */
bool slots_install(struct slots *slots, const char *factory, const char *marks, const char *bytes, size_t length,
                   const char *version, const char nonce[SLOTS_NONCE_BYTES]);

/* False with errno set when the folder cannot be read. */
bool slots_trial(const struct slots *slots, struct slots_trial *out);
/* The text of a link of that name: "" where there is none. */
void slots_text(const struct slots *slots, const char *name, char *out, size_t capacity);
/* Whether this process runs what `current` names. */
bool slots_runs_here(const struct slots *slots);

/* Writes the program's confirmation. False with errno set when it cannot be written. */
bool slots_confirm(const char *marks, const char nonce[SLOTS_NONCE_BYTES]);
bool slots_confirmed(const char *marks, const char nonce[SLOTS_NONCE_BYTES]);

#endif
