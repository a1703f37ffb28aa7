/* The rows of pupils.csv and terminals.csv into the store: the periods of each pupil, the places of each terminal, as
 * core/school/periods.h compares them. Names and protection are the latest period's, and protection only rises. */
#ifndef DAEMON_STORE_PERIODS_H
#define DAEMON_STORE_PERIODS_H

#include "daemon/store/store_import.h"

/* False when there is no memory. What must not be believed is added to the import's problems. */
bool store_import_periods(struct store_import *import, const struct schoolfiles *files, enum schoolfile which,
                          struct store_import_counts *counts);

#endif
