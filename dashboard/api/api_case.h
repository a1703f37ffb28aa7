/* One case as a call sees it: what the casebook holds, the pupil as far as duties go, the calendar, and the clocks that follow. */
#ifndef DASHBOARD_API_CASE_H
#define DASHBOARD_API_CASE_H

#include "dashboard/api/api_call.h"
#include "dashboard/casebook/casebook_support.h"

#define CASE_CALENDAR_ENDS_SOON_DAYS 30 /* from here on the page asks for the next school year's calendar */

struct api_case {
    struct casebook_file file;
    json_t *pupil; /* as in every answer */
    struct attendance_person person;
    struct clock_pupil duties;
    struct schooldays calendar;
    bool school_may_call_sip;
    size_t clock_count;
    struct case_clock clocks[CASE_CLOCKS];
};

/* NULL: there is none, the caller may not see it, or the call has failed. api_case_free frees it. */
struct api_case *api_case_load(struct api_call *call, int64_t number);
struct api_case *api_case_load_named(struct api_call *call); /* the one that the path names */
void api_case_free(struct api_case *of);

bool api_case_is_protected(const struct api_case *of); /* the pupil has protected identity */
/* NULL: the caller may close it; else what is in the way (case_closing_obstacle). */
const char *api_case_closing(const struct api_call *call, const struct api_case *of);
/* As docs/api.md has a case whole, with what the caller may see of it. */
json_t *api_case_json(struct api_call *call, const struct api_case *of);
bool api_case_is_of_age(const struct api_call *call, const struct api_case *of);
void api_case_calendar(struct api_call *call, struct schooldays *calendar); /* between api_begin_reading and _end */
/* Of the pupil, what decides which row of the clocks holds. */
struct clock_pupil api_case_duties(const struct api_call *call, const struct attendance_person *person);
/* The head, and who reported. */
bool api_case_sees_concern(const struct api_call *call, const char *author);

#endif
