/* Where the terminal's program lives, and how another takes its place: two slots, a link, and a trial. A folder that root
 * alone writes; the program itself reads it.
 *
 *     a, b              the slots: signed packages, each a program that runs as it is
 *     current           link to a, to b, or to the program that came with the system: what is started
 *     previous          link to what ran before, while there is a trial
 *     trial-NONCE-N     link whose text is a version: what `current` names is on trial and has N more starts
 *     failed            link whose text is a version: the last trial that was given up
 *
 * Each step creates, renames or removes one name and syncs the folder before the next, so a power cut leaves the state
 * before or after a step; slots_choose, at each start, takes every such state onwards. Counting a start and going back are
 * renames of what is there: a full disk does not stop them. The texts are links because a link is whole or not there.
 *
 * The program says that it is well by a link `confirmed` to the trial's nonce in its own folder (its cache): it needs no
 * right to write here, and nothing of an older trial can be taken for it. */
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
    SLOTS_KEPT,      /* nothing was to be decided */
    SLOTS_TRIED,     /* one more start of the trial is counted */
    SLOTS_CONFIRMED, /* the program had said that it was well: the trial is over */
    SLOTS_WENT_BACK, /* it had not, three times */
    SLOTS_DROPPED,   /* an installation was cut short; nothing of it remains */
    SLOTS_FAILED     /* the folder cannot be written; errno says why. `current` is something to start all the same */
};

/* False with errno set. */
bool slots_open(struct slots *slots, const char *folder);
void slots_close(struct slots *slots);

/* Before each start: decides what `current` names, in `trial` what the decision was about. `factory` is the program that came
 * with the system: `current` where nothing else can be run. Waits for nobody: during an installation nothing is decided. */
enum slots_choice slots_choose(struct slots *slots, const char *factory, const char *marks, struct slots_trial *trial);
/* Brings a package into the slot that is not in use and puts it on trial. False with errno set: EBUSY when another trial or
 * installation is not over; what ran goes on to run. */
bool slots_install(struct slots *slots, const char *factory, const char *marks, const char *bytes, size_t length,
                   const char *version, const char nonce[SLOTS_NONCE_BYTES]);

/* False with errno set when the folder cannot be read. */
bool slots_trial(const struct slots *slots, struct slots_trial *out);
/* The text of a link of that name: "" where there is none. */
void slots_text(const struct slots *slots, const char *name, char *out, size_t capacity);
/* Whether this very process runs what `current` names. */
bool slots_runs_here(const struct slots *slots);

/* The program's mark. False with errno set when it cannot be written. */
bool slots_confirm(const char *marks, const char nonce[SLOTS_NONCE_BYTES]);
bool slots_confirmed(const char *marks, const char nonce[SLOTS_NONCE_BYTES]);

#endif
