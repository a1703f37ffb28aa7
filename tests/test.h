/* The whole test harness in C: cases with a name each, TAP on standard output.
 *
 *   static void day_has_23_hours(void) { CHECK(...); }
 *   int main(void) { TEST(day_has_23_hours); return test_done(); }
 *
 * A failed CHECK prints file, line and expression and the case goes on. What takes many rounds asks test_rounds how many:
 * FEWER=4 in the environment is one in four of them. */
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int test_cases, test_cases_failed;
static bool test_case_ok;

#define CHECK(expression)                                             \
    do {                                                              \
        if (!(expression)) {                                          \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #expression); \
            test_case_ok = false;                                     \
        }                                                             \
    } while (0)

#define TEST(function)                                                               \
    do {                                                                             \
        test_case_ok = true;                                                         \
        function();                                                                  \
        test_cases++;                                                                \
        test_cases_failed += !test_case_ok;                                          \
        printf("%sok %d - %s\n", test_case_ok ? "" : "not ", test_cases, #function); \
        fflush(stdout);                                                              \
    } while (0)

/* One in so many rounds is run, at least one: `make test` says FEWER=4, `make long` FEWER=1. */
static inline int test_fewer(void)
{
    const char *text = getenv("FEWER");
    long fewer = text == NULL ? 1 : strtol(text, NULL, 10);
    return fewer < 1 ? 1 : fewer > 1000 ? 1000 : (int)fewer;
}

static inline int test_rounds(int whole)
{
    return (whole + test_fewer() - 1) / test_fewer();
}

static inline int test_done(void)
{
    printf("1..%d\n", test_cases);
    return test_cases_failed != 0;
}

#endif
