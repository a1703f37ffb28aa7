/* Every limit is the first day of a school year, except for guardians, who go by days. */
#include "daemon/core/retention.h"

#include <stddef.h>
#include "common/civil.h"

const char *const RETENTION_WORDS[RETENTION_KINDS] = {
    [RETENTION_TAPS] = "taps",   [RETENTION_OUTCOMES] = "outcomes",   [RETENTION_ABSENCES] = "absences",
    [RETENTION_MARKS] = "marks", [RETENTION_REGISTER] = "register",   [RETENTION_FLAGS] = "flags",
    [RETENTION_TASKS] = "tasks", [RETENTION_GUARDIANS] = "guardians", [RETENTION_PUPILS] = "pupils",
};

/* 0: the kind does not go by school years. */
int retention_years(const struct retention_settings *settings, enum retention_kind kind)
{
    switch (kind) {
    case RETENTION_TAPS:
        return settings->taps_years;
    case RETENTION_OUTCOMES:
    case RETENTION_ABSENCES:
    case RETENTION_MARKS:
    case RETENTION_REGISTER:
        return settings->outcomes_years;
    case RETENTION_FLAGS:
    case RETENTION_TASKS:
        return settings->flags_years;
    case RETENTION_PUPILS:
        return settings->left_years;
    case RETENTION_GUARDIANS:
    case RETENTION_KINDS:
        break;
    }
    return 0;
}

int32_t retention_years_begin(int years, int32_t on)
{
    int32_t begins = civil_school_year(on);
    for (int year = 1; year < years; year++)
        begins = civil_school_year(begins - 1);
    return begins;
}

/* The first day of the next school year: 400 days after the start of one always fall into the next. */
int32_t retention_turn(int32_t on)
{
    return civil_school_year(civil_school_year(on) + 400);
}

int32_t retention_before(const struct retention_settings *settings, enum retention_kind kind, int32_t on)
{
    int years = retention_years(settings, kind);
    return years == 0 ? on - settings->guardian_days : retention_years_begin(years, on);
}
