/* Words, and two comparisons of dates. */
#include "dashboard/last_year.h"

#include <stddef.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"

const char *const LAST_YEAR_WORDS[LAST_YEAR_KINDS] = {[LAST_YEAR_KEEP_WATCHING] = "keep_watching",
                                                      [LAST_YEAR_CASE_GOES_ON] = "case_goes_on",
                                                      [LAST_YEAR_NOT_NEEDED] = "not_needed"};

bool last_year_kind_read(const char *word, enum last_year_kind *out)
{
    int kind = choice_of(word, LAST_YEAR_WORDS, LAST_YEAR_KINDS);
    if (kind >= 0)
        *out = (enum last_year_kind)kind;
    return kind >= 0;
}

bool last_year_is_reason(enum last_year_kind kind, const char *word)
{
    static const char *const REASONS[] = {"attendance_up", "known_cause", "other_support", "wrong_data", "other"};
    return kind == LAST_YEAR_NOT_NEEDED ? choice_of(word, REASONS, sizeof REASONS / sizeof *REASONS) >= 0 : !*word;
}

bool last_year_follows(const struct last_year_flag *flag, const struct own_days *ended, int32_t begins_day)
{
    bool of_the_year = flag->raised_day < begins_day && flag->raised_day >= civil_school_year(begins_day - 1);
    bool was_open = ended->count > 0 && flag->raised_day <= ended->to_day &&
                    (flag->cleared_day == CIVIL_DAY_NONE || flag->cleared_day >= ended->from_day);
    return of_the_year && was_open && flag->severity >= LAST_YEAR_SEVERITY && !flag->withdrawn;
}

int32_t last_year_joins_until(int32_t today)
{
    int year, month, day;
    civil_date(civil_school_year(today), &year, &month, &day);
    return civil_day(year, 10, 1);
}
