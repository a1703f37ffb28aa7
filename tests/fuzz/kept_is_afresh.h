/* What a fuzzer asks of the detector: with the state that is kept and without it, the same number of flags. */
#ifndef TESTS_FUZZ_KEPT_IS_AFRESH_H
#define TESTS_FUZZ_KEPT_IS_AFRESH_H

#include <stdlib.h>
#include "daemon/core/detect/detect.h"

static void kept_is_afresh(struct detect *detect, uint32_t pupil_count)
{
    struct detect_work *work = detect_work_open(detect);
    for (uint32_t pupil = 0; pupil < pupil_count; pupil++) {
        const struct flag *kept, *afresh;
        size_t kept_count, afresh_count;
        if (!detect_flags(detect, pupil, INT32_MAX, &kept, &kept_count) ||
            !detect_recompute(detect, work, pupil, INT32_MAX, &afresh, &afresh_count) || kept_count != afresh_count)
            abort();
    }
    detect_work_close(work);
    detect_close(detect);
}

#endif
