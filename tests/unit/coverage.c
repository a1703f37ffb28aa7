/* When a terminal counts as out, from its signs of life: each case beside what is right, and many lives against the
 * question asked of each instant by itself. */
#include "daemon/core/coverage.h"

#include <string.h>
#include "tests/test.h"

#define LIVES_MAX 8
#define OPEN_FROM INT64_MIN
#define OPEN_TO   INT64_MAX
#define DAY_MS    INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

static bool same(const struct coverage_span *a, size_t a_count, const struct coverage_span *b, size_t b_count)
{
    bool equal = a_count == b_count;
    for (size_t i = 0; equal && i < a_count; i++)
        equal = a[i].from_ms == b[i].from_ms && a[i].to_ms == b[i].to_ms;
    return equal;
}

/* Times in the table are minutes. */
static int64_t ms(int64_t minute)
{
    return minute == OPEN_FROM || minute == OPEN_TO ? minute : minute * MINUTE_MS;
}

static void a_terminal_is_out_where_nothing_tells_otherwise(void)
{
    static const struct {
        const char *name;
        size_t life_count, span_count;
        struct coverage_life lives[LIVES_MAX]; /* from, to, birth, before */
        struct coverage_span spans[LIVES_MAX];
        int64_t now;
    } CASES[] = {
        {"never heard of", 0, 1, {{0}}, {{OPEN_FROM, OPEN_TO}}, 100},
        {"alive now", 1, 1, {{10, 100, 5, 0, true}}, {{OPEN_FROM, 10}}, 102},
        {"silent since", 1, 2, {{10, 100, 5, 0, true}}, {{OPEN_FROM, 10}, {100, OPEN_TO}}, 103},
        {"back in the same boot", 2, 1, {{10, 20, 5, 0, true}, {50, 60, 5, 0, true}}, {{OPEN_FROM, 10}}, 60},
        {"back in another, of which nothing tells",
         2,
         2,
         {{10, 20, 5, 0, true}, {50, 60, 6, 0, true}},
         {{OPEN_FROM, 10}, {20, 50}},
         60},
        {"the boot event tells when it was last alive",
         3,
         2,
         {{10, 20, 5, 0, true}, {45, 45, 0, 30, false}, {50, 60, 6, 0, true}},
         {{OPEN_FROM, 10}, {30, 45}},
         60},
        {"the boot event does not know",
         3,
         2,
         {{10, 20, 5, 0, true}, {45, 45, 0, COVERAGE_UNTOLD, false}, {50, 60, 6, 0, true}},
         {{OPEN_FROM, 10}, {20, 45}},
         60},
        {"alive after it was last written down",
         2,
         2,
         {{10, 40, 5, 0, true}, {45, 60, 0, 30, false}},
         {{OPEN_FROM, 10}, {40, 45}},
         60},
        {"two boots between two words",
         4,
         3,
         {{10, 20, 5, 0, true}, {30, 35, 0, 25, false}, {45, 45, 0, 40, false}, {50, 60, 6, 0, true}},
         {{OPEN_FROM, 10}, {25, 30}, {40, 45}},
         60},
        {"events of a boot and its states are one life",
         2,
         1,
         {{10, 30, 0, COVERAGE_UNTOLD, false}, {20, 60, 5, 0, true}},
         {{OPEN_FROM, 10}},
         60},
        {"events of the boot between two of its words",
         3,
         1,
         {{10, 20, 5, 0, true}, {30, 40, 0, COVERAGE_UNTOLD, false}, {50, 60, 5, 0, true}},
         {{OPEN_FROM, 10}},
         60},
        {"a new birth without a boot event after states of the old one",
         3,
         2,
         {{10, 25, 0, COVERAGE_UNTOLD, false}, {20, 30, 5, 0, true}, {50, 60, 6, 0, true}},
         {{OPEN_FROM, 10}, {30, 50}},
         60},
        {"a clock that was put back", 2, 1, {{10, 90, 5, 0, true}, {45, 60, 0, 50, false}}, {{OPEN_FROM, 10}}, 91},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct coverage_life lives[LIVES_MAX];
        struct coverage_span right[LIVES_MAX], found[2 * LIVES_MAX + 1];
        for (size_t k = 0; k < CASES[i].life_count; k++) {
            lives[k] = CASES[i].lives[k];
            lives[k].from_ms = ms(lives[k].from_ms);
            lives[k].to_ms = ms(lives[k].to_ms);
            lives[k].before_ms = ms(lives[k].before_ms);
        }
        for (size_t k = 0; k < CASES[i].span_count; k++)
            right[k] = (struct coverage_span){ms(CASES[i].spans[k].from_ms), ms(CASES[i].spans[k].to_ms)};
        size_t count = coverage_silences(lives, CASES[i].life_count, ms(CASES[i].now), found);
        CHECK(same(found, count, right, CASES[i].span_count));
        if (!same(found, count, right, CASES[i].span_count))
            printf("# %s\n", CASES[i].name);
    }
}

static void a_word_reaches_a_fortnight_back(void)
{
    struct coverage_life lives[2] = {{0, 1, 5, 0, true}, {15 * DAY_MS, 15 * DAY_MS + 1, 5, 0, true}};
    struct coverage_span found[5], right[2] = {{OPEN_FROM, 0}, {1, DAY_MS}};
    CHECK(same(found, coverage_silences(lives, 2, 15 * DAY_MS, found), right, 2));
    lives[0].to_ms = DAY_MS;
    CHECK(coverage_silences(lives, 2, 15 * DAY_MS, found) == 1);
}

static void a_claim_does_not_cover_what_was_heard(void)
{
    const struct coverage_life lives[] = {
        {100, 200, 5, 0, true}, {300, 320, 5, 0, false}, {350, 400, 5, 0, true}, {500, 600, 6, 0, true}};
    struct coverage_span found[5];
    const struct coverage_span reader[] = {{50, 100}, {200, 350}, {400, 500}, {600, 700}};
    CHECK(same(found, coverage_of_reader(lives, 4, (struct coverage_span){50, 700}, found), reader, 4));
    const struct coverage_span whole[] = {{50, 100}, {400, 500}, {600, 700}};
    CHECK(same(found, coverage_of_whole(lives, 4, (struct coverage_span){50, 700}, found), whole, 3));
    CHECK(coverage_of_reader(lives, 4, (struct coverage_span){120, 180}, found) == 0);
    const struct coverage_span open[] = {{600, OPEN_TO}};
    CHECK(same(found, coverage_of_whole(lives, 4, (struct coverage_span){520, OPEN_TO}, found), open, 1));
    CHECK(same(found, coverage_of_reader(lives, 0, open[0], found), open, 1));
}

/* Asked of one instant: is it in a life, or between two neighbours of which the later one says that nothing was missed? */
static bool is_known(const struct coverage_life *lives, size_t count, int64_t at_ms)
{
    int64_t before_to = INT64_MIN, after_from = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (lives[i].from_ms <= at_ms && at_ms < lives[i].to_ms)
            return true;
        if (lives[i].to_ms <= at_ms && lives[i].to_ms > before_to)
            before_to = lives[i].to_ms;
        if (lives[i].from_ms > at_ms && lives[i].from_ms < after_from)
            after_from = lives[i].from_ms;
    }
    if (before_to == INT64_MIN || after_from == INT64_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (lives[i].from_ms != after_from)
            continue;
        for (size_t k = 0; lives[i].birth != 0 && k < count; k++)
            if (lives[k].to_ms == before_to && lives[k].birth == lives[i].birth)
                return true;
        if (lives[i].birth == 0 && lives[i].before_ms != COVERAGE_UNTOLD)
            return at_ms < lives[i].before_ms;
    }
    return false;
}

static uint32_t dice(uint32_t sides)
{
    static uint64_t random = 11;
    random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random >> 33) % sides;
}

/* A terminal that was heard first, and whose boots do not overlap. */
static void many_lives_are_asked_instant_by_instant(void)
{
    for (int run = 0; run < 2000; run++) {
        struct coverage_life lives[LIVES_MAX];
        struct coverage_span found[2 * LIVES_MAX + 1];
        int64_t at_ms = dice(20);
        uint64_t birth = 1;
        size_t count = 1 + dice(LIVES_MAX);
        for (size_t i = 0; i < count; i++) {
            birth += dice(2);
            lives[i] = (struct coverage_life){.from_ms = at_ms, .to_ms = at_ms + 1 + dice(20), .birth = birth};
            if (i > 0 && dice(3) == 0) {
                lives[i].birth = 0;
                lives[i].before_ms = dice(2) ? COVERAGE_UNTOLD : lives[i - 1].to_ms - 5 + dice(20);
                lives[i].from_ms += 10;
                lives[i].to_ms += 10;
                birth++;
            } else if (i > 0 && lives[i - 1].birth == 0) {
                lives[i].from_ms = lives[i - 1].to_ms; /* it touches them: of their boot */
            }
            at_ms = lives[i].to_ms + 1 + dice(20);
        }
        size_t made = coverage_silences(lives, count, at_ms, found);
        for (int64_t t = -5; t < at_ms; t++) {
            bool out = false;
            for (size_t k = 0; k < made; k++)
                out = out || (found[k].from_ms <= t && t < found[k].to_ms);
            bool tail = t >= lives[count - 1].to_ms; /* it is not silent yet */
            CHECK(tail ? !out : out == !is_known(lives, count, t));
        }
    }
}

static void lives_are_sorted(void)
{
    struct coverage_life lives[] = {{.from_ms = 5, .birth = 1}, {.from_ms = 1, .birth = 2}, {.from_ms = 3, .birth = 3}};
    coverage_sort(lives, 3);
    CHECK(lives[0].birth == 2 && lives[1].birth == 3 && lives[2].birth == 1);
}

int main(void)
{
    TEST(a_terminal_is_out_where_nothing_tells_otherwise);
    TEST(a_word_reaches_a_fortnight_back);
    TEST(a_claim_does_not_cover_what_was_heard);
    TEST(many_lives_are_asked_instant_by_instant);
    TEST(lives_are_sorted);
    return test_done();
}
