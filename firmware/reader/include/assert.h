/* The core's assertions without a C library: a head whose assertion fails logs the line number and restarts
 * (start.c). */
#ifndef READER_ASSERT_H
#define READER_ASSERT_H

_Noreturn void start_failed(int line);

#define assert(expression) ((expression) ? (void)0 : start_failed(__LINE__))
#define static_assert _Static_assert

#endif
