/* The detector works without daemon/core/detect/vector: here is its twin in its place, so that nothing of that folder is
 * linked into this program, and every sentence of detect_cases.c holds all the same. */
#include "daemon/core/detect/vector/vector.h"

int detect_cases(void);
#define main detect_cases
#include "tests/unit/detect_cases.c"
#undef main

static uint32_t walked; /* years, by the twin instead */

struct columns *vector_open(void)
{
    return (struct columns *)&walked; /* is never looked into */
}

void vector_close(struct columns *columns)
{
    (void)columns;
}

bool vector_walk(struct columns *columns, struct trail *trail, const struct plan *plan, const struct history *history,
                 const struct pupil_year *year, uint32_t days, struct subject_work *subjects)
{
    (void)columns;
    walked++;
    return trail_walk(trail, plan, history, year, days, subjects);
}

int main(void)
{
    int result = detect_cases();
    return result != 0 ? result : walked == 0;
}
