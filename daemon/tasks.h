/* Today's tasks: a guardian is to be told of unreported absence the same day (skollagen 7:17, 15:16). From the roll call
 * just taken; never for a lesson of which nobody can know, and none while taps of its room may be on their way. A task
 * is withdrawn when nothing unreported is left.
 *
 * Beside it, on the first whole day that a child with a god man, or a placed one, missed without a word: those around the child are to
 * be contacted by the school's routine (docs/support.md). */
#ifndef DAEMON_TASKS_H
#define DAEMON_TASKS_H

#include "daemon/core/rollcall.h"
#include "daemon/terminals.h"

/* Compares the roll of today with the stored tasks and writes what changed. Returns whether something waits for a
 * terminal: ask again when one has spoken. */
bool tasks_sync(struct store *store, struct terminals *terminals, const struct school *school,
                const struct schoolday *facts, const struct rollcall *rollcall, int64_t now_ms);

#endif
