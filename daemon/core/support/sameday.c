/* A date by the statuses of its lessons. */
#include "daemon/core/support/sameday.h"

#include "common/civil.h"

static enum sameday lesson_tells(const struct outcome *outcome)
{
    switch ((enum status)outcome->status) {
    case STATUS_UNKNOWN:
    case STATUS_CANCELLED:
    case STATUS_EXEMPT:
        return SAMEDAY_NOTHING;
    case STATUS_UNREPORTED:
        return outcome->absent_minutes >= outcome->minutes ? SAMEDAY_MISSED : SAMEDAY_WORD;
    default:
        return SAMEDAY_WORD;
    }
}

enum sameday sameday_of(const struct outcome *outcomes, size_t count)
{
    enum sameday day = SAMEDAY_NOTHING;
    for (size_t i = 0; i < count && day != SAMEDAY_WORD; i++) {
        enum sameday lesson = lesson_tells(&outcomes[i]);
        day = lesson == SAMEDAY_NOTHING ? day : lesson;
    }
    return day;
}

bool sameday_is_meant(const struct sameday_pupil *pupil, int32_t day)
{
    return pupil->is_placed || (pupil->has_god_man && !civil_is_of_age(pupil->birth_day, SAMEDAY_AGE, day));
}
