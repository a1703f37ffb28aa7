/* The table of clocks: within how many days the school does what, by law or by its own decision. Pure; the table is a text
 * (config/clocks.cfg explains every key), so that a new law changes rows and no program. docs/support.md says the sources.
 *
 * A clock takes the row of its kind that holds for the pupil's school form on the day it began: of several the one with the latest
 * `from`. A clock that has begun keeps its row. Days are common/civil.h's. */
#ifndef DAEMON_CORE_SUPPORT_CLOCKS_H
#define DAEMON_CORE_SUPPORT_CLOCKS_H

#include "common/problems.h"
#include "daemon/core/support/schooldays.h"

#define CLOCK_ROWS_MAX   64
#define CLOCKS_BYTES_MAX 65536 /* of the text */
#define CLOCK_DAYS_MAX   200   /* a school year has 178 school days at least */
#define CLOCK_LAW_BYTES  64

enum clock_kind {
    CLOCK_GUARDIAN_TOLD,
    CLOCK_FIRST_CONTACT,
    CLOCK_MAPPING,
    CLOCK_INQUIRY_DECISION,
    CLOCK_INQUIRY,
    CLOCK_HUVUDMAN_TOLD,
    CLOCK_HOME_MUNICIPALITY_TOLD,
    CLOCK_MEASURE_EVALUATED,
    CLOCK_SIP,
    CLOCK_NEXT_DATE,
    CLOCK_LONG_CASE,
    CLOCK_CONCERN_ANSWERED,
    CLOCK_KINDS
};
extern const char *const CLOCK_WORDS[CLOCK_KINDS];

/* DATE: the same date, at a time of day. OPEN: no figure, open until it is answered. */
enum clock_unit { CLOCK_SCHOOL_DAYS, CLOCK_WORKING_DAYS, CLOCK_SAME_DATE, CLOCK_OPEN, CLOCK_UNITS };
extern const char *const CLOCK_UNIT_WORDS[CLOCK_UNITS];

struct clock_row {
    enum clock_kind kind;
    int32_t from_day; /* CIVIL_DAY_NONE: from ever */
    bool forms[SCHOOL_FORMS];
    enum clock_unit unit;
    int days;       /* of school and working days */
    int after_days; /* it begins that many days of the unit after what it is about */
    int at_minute,
        least_minutes; /* of the same date: due at that minute of the day, and no sooner after the lesson's close */
    int below_age;     /* years, on the day it began; 0: at every age */
    bool duty_by_law, figure_by_law;
    char law[CLOCK_LAW_BYTES]; /* the paragraph, "" for a local one */
};

struct clocks {
    int count;
    struct clock_row rows[CLOCK_ROWS_MAX];
};

/* False after adding everything that is wrong with the text; `out` then means nothing. */
bool clocks_read(const char *name, const char *text, struct clocks *out, struct problems *problems);

/* Of the pupil, what decides which row holds. */
struct clock_pupil {
    enum school_form form; /* one that no file has told counts as FORM_GR, whose duties are the most */
    int32_t birth_day;     /* CIVIL_DAY_NONE: not told, and below every age */
    bool lives_elsewhere;  /* the school's huvudman is not the home municipality */
};

/* NULL: such a clock does not run for that pupil from that day. */
const struct clock_row *clock_row(const struct clocks *clocks, enum clock_kind kind, const struct clock_pupil *pupil,
                                  int32_t began);
/* When a clock of that row is due that began on that day; day CIVIL_DAY_NONE: it has no figure, or see schooldays_after. */
struct schooldays_due clock_due(const struct clock_row *row, const struct schooldays *calendar, int32_t began);
/* The guardian told: the later of the row's time of the lesson's date and its minutes after the lesson was closed. */
int64_t clock_told_by_ms(const struct clock_row *row, int32_t lesson_day, int64_t closed_ms);

enum clock_state { CLOCK_RUNNING, CLOCK_DUE_TODAY, CLOCK_OVERDUE };

/* Where a clock stands at some date. */
struct clock_standing {
    enum clock_state state;
    int days;       /* of its unit: left after today, or gone since it was due */
    bool is_paused; /* of the Mondays to Fridays until it is due some do not count: the date says more than the days */
};
struct clock_standing clock_standing(const struct clock_row *row, const struct schooldays *calendar, int32_t due,
                                     int32_t today);

#endif
