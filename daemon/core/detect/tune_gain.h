/* Is one choice of rules better than another, or does it only look so on these pupils?
 *
 * The *yield* of rules is the share flagged in autumn of those who missed a lot in spring, less the share flagged of those who
 * did not, in points (hundredths): 0 for rules that flag at random, however many they flag (Youden's index). The *gain* is the
 * difference of two yields. Its interval comes from drawing the pupils anew, with all their school years, TUNE_DRAWS times:
 * 998 of 1,000 draws lie in it. Better is only what gains more than TUNE_MARGIN_POINTS at its lower end. Pure. */
#ifndef DAEMON_CORE_TUNE_GAIN_H
#define DAEMON_CORE_TUNE_GAIN_H

#include "daemon/core/detect/tune_count.h"

#define TUNE_DRAWS         4000
#define TUNE_MARGIN_POINTS 2

enum tune_verdict { TUNE_BETTER, TUNE_UNDECIDED, TUNE_WORSE };

struct tune_gain {
    double low, high; /* points */
    enum tune_verdict verdict;
};

/* Of the pupils of this half; `before` and `after` say by row who was flagged in autumn. Rows of a pupil are neighbours. Always the
 * same for the same pupils. False: no memory. */
bool tune_gain(const struct tune_row *rows, uint32_t row_count, int half, const uint8_t *before, const uint8_t *after,
               struct tune_gain *gain);

#endif
