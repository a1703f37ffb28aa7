/* Dates and the calendar of a school year for tests of cases, and the table of clocks as it is released. */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/filebytes.h"
#include "daemon/core/support/clocks.h"

/* "2026-10-23"; CIVIL_DAY_NONE for "". */
static inline int32_t date_of(const char *text)
{
    int32_t day = CIVIL_DAY_NONE;
    if (*text && !civil_read_date(text, strlen(text), &day))
        abort();
    return day;
}

struct span_text {
    enum calendar_kind kind;
    const char *from, *to;
};

static inline void calendar_add(struct schooldays *calendar, const struct span_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        schooldays_add(calendar, texts[i].kind, date_of(texts[i].from), date_of(texts[i].to));
}

/* 2026/27 and, from the end of summer on, 2027/28: ends on 9 June 2028. */
static inline void calendar_of_two_years(struct schooldays *calendar)
{
    static const struct span_text SPANS[] = {
        {CALENDAR_LASAR, "2026-08-17", "2027-06-11"},    {CALENDAR_LOV, "2026-10-26", "2026-10-30"},
        {CALENDAR_LOV, "2026-12-22", "2027-01-08"},      {CALENDAR_LOV, "2027-03-01", "2027-03-05"},
        {CALENDAR_LOV, "2027-03-29", "2027-04-02"},      {CALENDAR_STUDIEDAG, "2026-09-21", "2026-09-21"},
        {CALENDAR_LOVSKOLA, "2026-10-26", "2026-10-28"}, {CALENDAR_LOVSKOLA, "2027-06-14", "2027-06-24"},
        {CALENDAR_LASAR, "2027-08-16", "2028-06-09"},    {CALENDAR_LOV, "2027-12-22", "2028-01-10"},
    };
    *calendar = (struct schooldays){0};
    calendar_add(calendar, SPANS, sizeof SPANS / sizeof *SPANS);
}

/* False: there is no such file, or what it holds is a problem. */
static inline bool clocks_of_file(const char *path, struct clocks *clocks, struct problems *problems)
{
    char *text = filebytes_text(path, CLOCKS_BYTES_MAX);
    bool read = text != NULL && clocks_read(path, text, clocks, problems);
    free(text);
    return read;
}

#endif
