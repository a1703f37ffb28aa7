/* Rows whose from and to need not be told: members, exemptions, teachers, cards, absences. */
#ifndef DAEMON_STORE_SPANS_H
#define DAEMON_STORE_SPANS_H

#include "daemon/store/store_keeping.h"

/* A row that does not stand as it is: what is not told is as known, or from today on; an end that is told ends what began
 * then. True: something has changed; `*known`: something of it was known. */
bool store_spans_put(struct file_work *work, const void *row, bool *known);

#endif
