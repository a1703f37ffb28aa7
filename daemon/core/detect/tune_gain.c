/* A pupil is four small numbers, so a draw of all pupils is their sum. */
#include "daemon/core/detect/tune_gain.h"

#include <stdlib.h>

enum { OUTSIDE = TUNE_DRAWS / 1000 /* draws beyond each end of the interval */ };

/* Of a pupil's school years: how many missed a lot or did not, and how many more of them are flagged after than before. */
struct share {
    int32_t missed, attended, missed_more, attended_more;
};

static void add_year(struct share *share, const struct tune_row *row, int32_t more)
{
    if (!row->spring_known)
        return;
    share->missed += row->missed;
    share->attended += !row->missed;
    share->missed_more += row->missed ? more : 0;
    share->attended_more += row->missed ? 0 : more;
}

/* Fills one share, all zero before, for each pupil of the half; returns how many. */
static uint32_t pupils_of(const struct tune_row *rows, uint32_t row_count, int half, const uint8_t *before,
                          const uint8_t *after, struct share *shares)
{
    uint32_t count = 0;
    for (uint32_t row = 0; row < row_count; row++) {
        if (rows[row].half != half)
            continue;
        count += row == 0 || rows[row - 1].pupil != rows[row].pupil;
        add_year(&shares[count - 1], &rows[row], after[row] - before[row]);
    }
    return count;
}

/* xorshift64*: quick, and the same on every machine. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(0x2545F4914F6CDD1D) >> 32) * below >> 32);
}

static double gain_of(const struct share *sum)
{
    double more = sum->missed > 0 ? 100.0 * sum->missed_more / sum->missed : 0;
    return more - (sum->attended > 0 ? 100.0 * sum->attended_more / sum->attended : 0);
}

static double draw_all(const struct share *shares, uint32_t count, uint64_t *state)
{
    struct share sum = {.missed = 0};
    for (uint32_t i = 0; i < count; i++) {
        const struct share *share = &shares[draw(state, count)];
        sum.missed += share->missed;
        sum.attended += share->attended;
        sum.missed_more += share->missed_more;
        sum.attended_more += share->attended_more;
    }
    return gain_of(&sum);
}

static int compare_gains(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

bool tune_gain(const struct tune_row *rows, uint32_t row_count, int half, const uint8_t *before, const uint8_t *after,
               struct tune_gain *gain)
{
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15);
    struct share *shares = calloc(row_count + 1, sizeof *shares);
    double *gains = malloc(TUNE_DRAWS * sizeof *gains);
    bool room = shares != NULL && gains != NULL;
    if (room) {
        uint32_t count = pupils_of(rows, row_count, half, before, after, shares);
        for (int i = 0; i < TUNE_DRAWS; i++)
            gains[i] = draw_all(shares, count, &state);
        qsort(gains, TUNE_DRAWS, sizeof *gains, compare_gains);
        gain->low = gains[OUTSIDE];
        gain->high = gains[TUNE_DRAWS - 1 - OUTSIDE];
        gain->verdict = gain->low > TUNE_MARGIN_POINTS     ? TUNE_BETTER
                        : gain->high < -TUNE_MARGIN_POINTS ? TUNE_WORSE
                                                           : TUNE_UNDECIDED;
    }
    free(shares);
    free(gains);
    return room;
}
