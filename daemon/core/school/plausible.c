/* One check per file that has dates; a date out of range is a refusal, which --any-date overrides. */
#include "daemon/core/school/plausible.h"

#include "common/civil.h"
#include "common/fault.h"

struct looking {
    const struct schoolfiles *files;
    int32_t today;
    enum schoolfile which;
    int line;
};

static void look(const struct looking *looking, const char *column, int32_t day)
{
    char date[CIVIL_DATE_BYTES], today[CIVIL_DATE_BYTES];
    if ((day >= looking->today - PLAUSIBLE_DAYS && day <= looking->today + PLAUSIBLE_DAYS) || FAULT(any_date_taken))
        return;
    civil_write_date(day, date);
    civil_write_date(looking->today, today);
    problems_add(looking->files->refusals, schoolfiles_name(looking->which), looking->line,
                 "%s: %s is more than 400 days from today, %s: a slip of a digit? --any-date takes it", column, date,
                 today);
}

/* The date itself is not told: it is a part of a personal number. */
static void look_at_birth(const struct looking *looking, int32_t birth_day)
{
    int year, month, day, today_year, today_month, today_day;
    if (birth_day == CIVIL_DAY_NONE)
        return;
    civil_date(birth_day, &year, &month, &day);
    civil_date(looking->today, &today_year, &today_month, &today_day);
    if (today_year - year < PLAUSIBLE_AGE_LEAST || today_year - year > PLAUSIBLE_AGE_MOST)
        problems_add(looking->files->refusals, schoolfiles_name(looking->which), looking->line,
                     "birth_date: the pupil would turn %d in %d: a slip of a digit? --any-date takes it",
                     today_year - year, today_year);
}

/* INT64_MIN and INT64_MAX are open ends and not dates. */
static void look_at(const struct looking *looking, const char *column, int64_t at_ms)
{
    if (at_ms != INT64_MIN && at_ms != INT64_MAX)
        look(looking, column, civil_from_utc_ms(at_ms).day);
}

static void look_at_row(const struct looking *looking, const void *of)
{
    const struct absence_row *absence = of;
    const struct outage_row *outage = of;
    if (looking->which == SCHOOLFILE_LESSONS) {
        look(looking, "date", ((const struct lesson_row *)of)->day);
    } else if (looking->which == SCHOOLFILE_TAPS) {
        look_at(looking, "at", ((const struct tap_row *)of)->at_ms);
    } else if (looking->which == SCHOOLFILE_MARKS) {
        look_at(looking, "recorded_at", ((const struct mark_row *)of)->row.recorded_ms);
    } else if (looking->which == SCHOOLFILE_PUPILS) {
        look_at_birth(looking, ((const struct pupil_row *)of)->birth_day);
    } else if (looking->which == SCHOOLFILE_ABSENCES) {
        look_at(looking, "from", absence->from_ms);
        look_at(looking, "to", absence->to_ms);
    } else {
        look_at(looking, "from", outage->from_ms);
        look_at(looking, "to", outage->to_ms);
    }
}

void plausible_check(const struct schoolfiles *files, int32_t today)
{
    static const enum schoolfile DATED[] = {SCHOOLFILE_LESSONS, SCHOOLFILE_TAPS,    SCHOOLFILE_ABSENCES,
                                            SCHOOLFILE_MARKS,   SCHOOLFILE_OUTAGES, SCHOOLFILE_PUPILS};
    struct looking looking = {.files = files, .today = today};
    for (size_t f = 0; f < sizeof DATED / sizeof *DATED; f++) {
        looking.which = DATED[f];
        for (size_t i = 0; i < files->files[looking.which].count; i++) {
            const void *row = schoolfiles_row(files, looking.which, i);
            looking.line = ((const struct schoolrow *)row)->line;
            look_at_row(&looking, row);
        }
    }
}
