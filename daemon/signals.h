/* Group signals from the roll of a decided date: counts by class and year, and which of them stand out against their own
 * last weeks (daemon/core/groupsignal.h). A date's counts that change make the dates anew whose median looks at it. */
#ifndef DAEMON_SIGNALS_H
#define DAEMON_SIGNALS_H

#include "daemon/core/groupsignal.h"
#include "daemon/core/rollcall.h"
#include "daemon/store/store.h"

struct signals {
    struct store *store;
    const struct groupsignal_settings *settings;
    int32_t due_from, due_to; /* to be decided; due_to < due_from: nothing */
    struct groupsignal_day classes[SCHOOL_CLASSES_MAX], years[SCHOOL_YEARS_MAX]; /* working memory */
};

void signals_init(struct signals *signals, struct store *store, const struct groupsignal_settings *settings);
/* The roll of a decided date was taken: counts it, by the classes and years of that date. */
void signals_day(struct signals *signals, const struct school *school, const struct rollcall *rollcall, int32_t day);
/* Decides the dates whose own counts or whose median changed since, each once. */
void signals_decide(struct signals *signals);

#endif
