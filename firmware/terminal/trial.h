/* The trial of an updated program in its first minutes: it stays if it works, and ends itself if it does not.
 *
 * It works when the settings were read and the journal opened (otherwise it would not get here), and when a reader
 * answers on the bus and the journal can be written after the time that the settings name. A connection to the
 * broker is not required: a broker or a network that is down for a day must not decide which program the school
 * runs, and pupils are answered without it. A program that hangs is stopped by the watchdog (common/watchdog.h);
 * starts are counted outside (slots.h). */
#ifndef FIRMWARE_TERMINAL_TRIAL_H
#define FIRMWARE_TERMINAL_TRIAL_H

#include "firmware/terminal/slots.h"

#define TRIAL_PATIENCE_MS \
    (5 * 60 * 1000) /* so long, beyond the time of the settings, may readers and disk be missing */

struct trial {
    char nonce[SLOTS_NONCE_BYTES];      /* "" = this program is not on trial */
    char failed[PACKAGE_VERSION_BYTES]; /* the version whose trial was given up last; "" = none */
    const char *marks;
    int64_t passed_mono_ms, given_up_mono_ms;
};

enum trial_verdict { TRIAL_NONE, TRIAL_GOES_ON, TRIAL_PASSED, TRIAL_GIVEN_UP };

/* Finds out from the folder of slots, which may be missing, whether this program is on trial. `marks` is borrowed. */
void trial_open(struct trial *trial, const char *folder, const char *marks, int64_t run_ms, int64_t mono_ms);
/* TRIAL_PASSED and TRIAL_GIVEN_UP are returned once; after that TRIAL_NONE. */
enum trial_verdict trial_judge(struct trial *trial, bool well, int64_t mono_ms);

#endif
