/* The core's assertions on metal: a head that finds itself wrong starts anew (start.c), and says where on the log line. */
#ifndef READER_ASSERT_H
#define READER_ASSERT_H

_Noreturn void start_failed(int line);

#define assert(expression) ((expression) ? (void)0 : start_failed(__LINE__))
#define static_assert _Static_assert

#endif
