/* The peer: the ten measures of tests/bench/ten.cfg by SQLite's window functions over a table of lessons in memory. */
#ifndef TESTS_BENCH_SQLITE_H
#define TESTS_BENCH_SQLITE_H

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_MEASURES = 10 };

struct bench_sqlite;

/* Fills the table with the bench's school. Exits when SQLite fails. */
struct bench_sqlite *bench_sqlite_open(uint32_t pupils);
void bench_sqlite_close(struct bench_sqlite *peer);
/* How many flags each measure raises over the whole year, in the order of ten.cfg. */
void bench_sqlite_flags(struct bench_sqlite *peer, uint32_t counts[BENCH_MEASURES]);
/* The last lesson of the last day becomes late or, with 0, attended: which of its pupil's measures hold on that day? */
void bench_sqlite_change(struct bench_sqlite *peer, uint32_t pupil, int late_minutes, bool holds[BENCH_MEASURES]);

#endif
