/* A made-up school of any size for the benchmarks: classes of 25 with a timetable of their own, six lessons a day, 178 days
 * from August to June, about 8 % absence. Any day of any pupil can be asked for, always with the same answer. */
#ifndef TESTS_BENCH_SCHOOL_H
#define TESTS_BENCH_SCHOOL_H

#include "daemon/core/outcome.h"

enum { BENCH_DATES = 178, BENCH_LESSONS = 6, BENCH_CLASS_PUPILS = 25, BENCH_SUBJECTS = 14 };

int32_t bench_date(int index); /* the index-th school day */
void bench_day(uint32_t pupil, int index, struct outcome outcomes[BENCH_LESSONS]);

#endif
