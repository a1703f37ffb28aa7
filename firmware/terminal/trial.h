/* The first minutes of an updated program: it stays when it proves to be well, and ends itself when it does not.
 *
 * Well is: the settings were read and the journal opened (or it would not have come here), a reader has answered on the bus,
 * the journal takes what it is given, and all that for as long as the settings say. A connection to the broker is not asked
 * for: a broker or a network that is down for a day must not decide which program the school runs, and pupils are answered
 * without it. A program that hangs is the watchdog's (common/watchdog.h); starts are counted outside (slots.h). */
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

/* Looks into the folder of slots, which may be missing. `marks` is borrowed. */
void trial_open(struct trial *trial, const char *folder, const char *marks, int64_t run_ms, int64_t mono_ms);
/* TRIAL_PASSED and TRIAL_GIVEN_UP are said once; then the program ends or goes on without a trial. */
enum trial_verdict trial_judge(struct trial *trial, bool well, int64_t mono_ms);

#endif
