/* Reads the table with common/settings, every wrong key in one run; then a clock is a row and a day on which it began. */
#include "daemon/core/support/clocks.h"

#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "common/settings.h"

const char *const CLOCK_WORDS[CLOCK_KINDS] = {
    [CLOCK_GUARDIAN_TOLD] = "guardian_told",
    [CLOCK_FIRST_CONTACT] = "first_contact",
    [CLOCK_MAPPING] = "mapping",
    [CLOCK_INQUIRY_DECISION] = "inquiry_decision",
    [CLOCK_INQUIRY] = "inquiry",
    [CLOCK_HUVUDMAN_TOLD] = "huvudman_told",
    [CLOCK_HOME_MUNICIPALITY_TOLD] = "home_municipality_told",
    [CLOCK_MEASURE_EVALUATED] = "measure_evaluated",
    [CLOCK_SIP] = "sip",
    [CLOCK_NEXT_DATE] = "next_date",
    [CLOCK_LONG_CASE] = "long_case",
    [CLOCK_CONCERN_ANSWERED] = "concern_answered",
};

const char *const CLOCK_UNIT_WORDS[CLOCK_UNITS] = {
    [CLOCK_SCHOOL_DAYS] = "school",
    [CLOCK_WORKING_DAYS] = "working",
    [CLOCK_SAME_DATE] = "date",
    [CLOCK_OPEN] = "open",
};

enum { WORD_BYTES = 32, AGE_MOST = 30, NO_MINUTE = -1 };

/* A row's keys as written. */
struct written {
    char clock[WORD_BYTES], from[CIVIL_DATE_BYTES], unit[WORD_BYTES], at[6], source[WORD_BYTES], figure[WORD_BYTES];
    char law[CLOCK_LAW_BYTES];
    int days, after, minutes, below;
};

#define TEXT(key, required)                                                                                      \
    {                                                                                                            \
#key, SETTING_TEXT, required, 0, 0, offsetof(struct written, key), sizeof(((struct written *)NULL)->key) \
    }
#define INTEGER(key, least, most)                                                             \
    {                                                                                         \
#key, SETTING_INTEGER, false, least, most, offsetof(struct written, key), sizeof(int) \
    }
static const struct setting_row KEYS[] = {
    TEXT(clock, true),
    TEXT(from, false),
    {"forms", SETTING_NESTED, false, 0, 0, 0, 0},
    TEXT(unit, true),
    INTEGER(days, 1, CLOCK_DAYS_MAX),
    INTEGER(after, 1, CLOCK_DAYS_MAX),
    TEXT(at, false),
    INTEGER(minutes, 0, CIVIL_MINUTES_PER_DAY),
    INTEGER(below, 1, AGE_MOST),
    TEXT(source, true),
    TEXT(figure, true),
    TEXT(law, false),
};

/* The text as it is being read. */
struct reading {
    const struct settings *settings;
    struct problems *problems;
    struct clocks *clocks;
    int lines[CLOCK_ROWS_MAX];
};

/* The word's place; -1 after saying that it is none of them. */
static int read_word(const struct reading *reading, const struct setting *at, const char *key, const char *word,
                     const char *const *words, int count)
{
    int choice = choice_of(word, words, count);
    if (choice >= 0)
        return choice;
    settings_problem(reading->settings, at, reading->problems, "%s: \"%s\" is none of those that docs/support.md names",
                     key, word);
    return -1;
}

static bool read_source(const struct reading *reading, const struct setting *at, const char *key, const char *word)
{
    static const char *const SOURCES[] = {"local", "law"};
    return read_word(reading, at, key, word, SOURCES, 2) == 1;
}

static void read_forms(const struct reading *reading, const struct setting *group, bool forms[SCHOOL_FORMS])
{
    const struct setting *list = setting_member(group, "forms");
    for (int i = 0; i < SCHOOL_FORMS; i++)
        forms[i] = list == NULL;
    for (int i = 0; i < setting_count(list); i++) {
        const char *word = setting_text(setting_element(list, i));
        int form = read_word(reading, group, "forms", word != NULL ? word : "", SCHOOL_FORM_WORDS, SCHOOL_FORMS);
        if (form >= 0)
            forms[form] = true;
    }
}

static int32_t read_from(const struct reading *reading, const struct setting *at, const char *text)
{
    int32_t day = CIVIL_DAY_NONE;
    if (*text && !civil_read_date(text, strlen(text), &day))
        settings_problem(reading->settings, at, reading->problems, "from must be a date like 2028-07-01");
    return day;
}

static int read_minute(const struct reading *reading, const struct setting *at, const char *text)
{
    int32_t minute = NO_MINUTE;
    if (*text && !civil_read_minutes(text, strlen(text), &minute))
        settings_problem(reading->settings, at, reading->problems, "at must be a time like 16:00");
    return minute;
}

/* Which keys the unit takes. */
static void check_unit(const struct reading *reading, const struct setting *at, const struct clock_row *row)
{
    bool counts = row->unit == CLOCK_SCHOOL_DAYS || row->unit == CLOCK_WORKING_DAYS;
    bool is_date = row->unit == CLOCK_SAME_DATE;
    if (counts != (row->days > 0) || (row->after_days > 0 && !counts))
        settings_problem(reading->settings, at, reading->problems,
                         "days goes with unit \"school\" and \"working\", and after with days");
    if (is_date != (row->at_minute != NO_MINUTE) || (row->least_minutes > 0 && !is_date) ||
        is_date != (row->kind == CLOCK_GUARDIAN_TOLD))
        settings_problem(reading->settings, at, reading->problems,
                         "guardian_told, and it alone, has unit \"date\" with at and minutes");
    if (row->duty_by_law != (row->law[0] != '\0'))
        settings_problem(reading->settings, at, reading->problems, "law names the paragraph when source is \"law\"");
}

static void read_row(struct reading *reading, const struct setting *group)
{
    struct written written = {0};
    struct clocks *clocks = reading->clocks;
    if (!settings_read(reading->settings, group, KEYS, sizeof KEYS / sizeof *KEYS, &written, reading->problems))
        return;
    int kind = read_word(reading, group, "clock", written.clock, CLOCK_WORDS, CLOCK_KINDS);
    int unit = read_word(reading, group, "unit", written.unit, CLOCK_UNIT_WORDS, CLOCK_UNITS);
    if (kind < 0 || unit < 0)
        return;
    struct clock_row *row = &clocks->rows[clocks->count];
    *row = (struct clock_row){
        .kind = (enum clock_kind)kind,
        .from_day = read_from(reading, group, written.from),
        .unit = (enum clock_unit)unit,
        .days = written.days,
        .after_days = written.after,
        .at_minute = read_minute(reading, group, written.at),
        .least_minutes = written.minutes,
        .below_age = written.below,
        .duty_by_law = read_source(reading, group, "source", written.source),
        .figure_by_law = read_source(reading, group, "figure", written.figure),
    };
    memcpy(row->law, written.law, sizeof row->law);
    read_forms(reading, group, row->forms);
    check_unit(reading, group, row);
    reading->lines[clocks->count++] = setting_line(group);
}

/* Two rows that would hold for the same pupils from the same date on. */
static void check_doubles(const struct reading *reading, const struct setting *list)
{
    const struct clock_row *rows = reading->clocks->rows;
    for (int i = 0; i < reading->clocks->count; i++)
        for (int j = 0; j < i; j++)
            for (int form = 0; form < SCHOOL_FORMS; form++)
                if (rows[i].kind == rows[j].kind && rows[i].from_day == rows[j].from_day && rows[i].forms[form] &&
                    rows[j].forms[form]) {
                    settings_problem(reading->settings, list, reading->problems,
                                     "%s of %s stands in lines %d and %d from the same date", CLOCK_WORDS[rows[i].kind],
                                     SCHOOL_FORM_WORDS[form], reading->lines[j], reading->lines[i]);
                    break;
                }
}

static void read_rows(struct reading *reading, const struct setting *list)
{
    if (setting_count(list) > CLOCK_ROWS_MAX) {
        settings_problem(reading->settings, list, reading->problems, "clocks has more than %d rows", CLOCK_ROWS_MAX);
        return;
    }
    for (int i = 0; i < setting_count(list); i++) {
        const struct setting *group = setting_element(list, i);
        if (setting_is_group(group))
            read_row(reading, group);
        else
            settings_problem(reading->settings, list, reading->problems, "row %d of clocks is no group {…}", i + 1);
    }
    check_doubles(reading, list);
}

bool clocks_read(const char *name, const char *text, struct clocks *out, struct problems *problems)
{
    static const struct setting_row ROOT[] = {{"clocks", SETTING_NESTED, true, 0, 0, 0, 0}};
    int before = problems->count;
    out->count = 0;
    if (strlen(text) > CLOCKS_BYTES_MAX) {
        problems_add(problems, name, 0, "longer than %d bytes", CLOCKS_BYTES_MAX);
        return false;
    }
    struct settings *settings = settings_open_text(name, text, problems);
    if (settings == NULL)
        return false;
    struct reading reading = {.settings = settings, .problems = problems, .clocks = out};
    if (settings_read(settings, settings_root(settings), ROOT, 1, NULL, problems))
        read_rows(&reading, setting_member(settings_root(settings), "clocks"));
    settings_close(settings);
    return problems->count == before;
}

const struct clock_row *clock_row(const struct clocks *clocks, enum clock_kind kind, const struct clock_pupil *pupil,
                                  int32_t began)
{
    const struct clock_row *latest = NULL;
    if (kind == CLOCK_HOME_MUNICIPALITY_TOLD && !pupil->lives_elsewhere)
        return NULL;
    for (int i = 0; i < clocks->count; i++) {
        const struct clock_row *row = &clocks->rows[i];
        if (row->kind == kind && row->forms[pupil->form] && row->from_day <= began &&
            (latest == NULL || row->from_day > latest->from_day))
            latest = row;
    }
    bool too_old =
        latest != NULL && latest->below_age > 0 && civil_is_of_age(pupil->birth_day, latest->below_age, began);
    return too_old ? NULL : latest;
}

static enum day_unit unit_of(const struct clock_row *row)
{
    return row->unit == CLOCK_WORKING_DAYS ? DAY_UNIT_WORKING : DAY_UNIT_SCHOOL;
}

struct schooldays_due clock_due(const struct clock_row *row, const struct schooldays *calendar, int32_t began)
{
    if (row->unit == CLOCK_OPEN)
        return (struct schooldays_due){.day = CIVIL_DAY_NONE};
    return schooldays_after(calendar, unit_of(row), began, row->days);
}

int64_t clock_told_by_ms(const struct clock_row *row, int32_t lesson_day, int64_t closed_ms)
{
    int64_t at_ms = civil_to_utc_ms(lesson_day, row->at_minute * CIVIL_MS_PER_MINUTE);
    int64_t least_ms = closed_ms + (int64_t)row->least_minutes * CIVIL_MS_PER_MINUTE;
    return at_ms > least_ms ? at_ms : least_ms;
}

struct clock_standing clock_standing(const struct clock_row *row, const struct schooldays *calendar, int32_t due,
                                     int32_t today)
{
    if (due == CIVIL_DAY_NONE)
        return (struct clock_standing){.state = CLOCK_RUNNING};
    if (due < today)
        return (struct clock_standing){.state = CLOCK_OVERDUE,
                                       .days = schooldays_between(calendar, unit_of(row), due, today)};
    int left = schooldays_between(calendar, unit_of(row), today, due);
    int weekdays = 0;
    for (int32_t day = today + 1; day <= due; day++)
        weekdays += civil_weekday(day) < 5;
    return (struct clock_standing){
        .state = due == today ? CLOCK_DUE_TODAY : CLOCK_RUNNING, .days = left, .is_paused = left < weekdays};
}
