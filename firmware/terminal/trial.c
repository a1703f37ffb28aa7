/* Decided by time and one truth value; the folder of slots is read once, at the start, and closed again. */
#include "firmware/terminal/trial.h"

#include <string.h>

#define MARK_RETRY_MS 1000 /* a full disk may get room again */

void trial_open(struct trial *trial, const char *folder, const char *marks, int64_t run_ms, int64_t mono_ms)
{
    struct slots slots;
    struct slots_trial found;
    *trial = (struct trial){
        .marks = marks, .passed_mono_ms = mono_ms + run_ms, .given_up_mono_ms = mono_ms + run_ms + TRIAL_PATIENCE_MS};
    if (!folder[0] || !slots_open(&slots, folder))
        return;
    slots_text(&slots, "failed", trial->failed, sizeof trial->failed);
    /* A trial that still has all its starts is an update that waits for the next start, not this program. */
    if (slots_runs_here(&slots) && slots_trial(&slots, &found) && found.starts_left < SLOTS_STARTS &&
        !slots_confirmed(marks, found.nonce))
        strcpy(trial->nonce, found.nonce);
    slots_close(&slots);
}

static enum trial_verdict end(struct trial *trial, enum trial_verdict verdict)
{
    trial->nonce[0] = '\0';
    return verdict;
}

enum trial_verdict trial_judge(struct trial *trial, bool well, int64_t mono_ms)
{
    if (!trial->nonce[0])
        return TRIAL_NONE;
    if (mono_ms >= trial->given_up_mono_ms)
        return end(trial, TRIAL_GIVEN_UP);
    if (!well || mono_ms < trial->passed_mono_ms)
        return TRIAL_GOES_ON;
    if (slots_confirm(trial->marks, trial->nonce))
        return end(trial, TRIAL_PASSED);
    trial->passed_mono_ms = mono_ms + MARK_RETRY_MS;
    return TRIAL_GOES_ON;
}
