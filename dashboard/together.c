/* One pass over a tally gives number, median and mean. */
#include "dashboard/together.h"

#include "common/civil.h"
#include "dashboard/few.h"

const char *const TOGETHER_PROMISE_WORDS[TOGETHER_PROMISES] = {"no_answer", "absent_at_sip", "waiting_time",
                                                               "unclear_responsibility", "other"};
const char *const TOGETHER_PARTY_WORDS[TOGETHER_PARTIES] = {"pupil", "guardian"};
const char *const TOGETHER_QUESTION_WORDS[TOGETHER_QUESTIONS] = {"listened", "informed"};

int32_t together_term(int32_t day)
{
    int year, month, day_of_month;
    civil_date(day, &year, &month, &day_of_month);
    return civil_day(year, month >= 8 ? 8 : 1, 1);
}

int32_t together_next_term(int32_t term_day)
{
    int year, month, day_of_month;
    civil_date(term_day, &year, &month, &day_of_month);
    return month >= 8 ? civil_day(year + 1, 1, 1) : civil_day(year, 8, 1);
}

int together_weeks(int32_t since_day, int32_t day)
{
    return day > since_day ? (day - since_day) / 7 : 0;
}

void together_add(struct together_tally *tally, int value, int count)
{
    tally->counts[value < 0 ? 0 : value > TOGETHER_WEEKS_MAX ? TOGETHER_WEEKS_MAX : value] += count;
}

struct together_told together_tell(const struct together_tally *tally)
{
    struct together_told told = {0};
    int64_t sum = 0;
    int count = 0, below = 0;
    for (int value = 0; value <= TOGETHER_WEEKS_MAX; value++) {
        count += tally->counts[value];
        sum += (int64_t)value * tally->counts[value];
    }
    told.number = few_told(count);
    if (told.number == 0)
        return told;
    while (told.median < TOGETHER_WEEKS_MAX && 2 * (below + tally->counts[told.median]) < count)
        below += tally->counts[told.median++];
    told.mean_tenths = 5 * (int)((4 * sum + count) / (2 * count));
    return told;
}
