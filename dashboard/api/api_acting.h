/* One act being done in a case: what its function (api_case_acts.c, api_case_together.c) asks of the body, and how it writes. An act
 * answers NULL, or the word for why it was not done. */
#ifndef DASHBOARD_API_ACTING_H
#define DASHBOARD_API_ACTING_H

#include "dashboard/api/api_case.h"

#define CASE_NOTE_BYTES_MAX 200
#define CASE_NEXT_DAYS      366
#define COUNT(array)        (sizeof(array) / sizeof *(array))

/* Known by their place, too: what is bad in the call, no more room, and what may do later. */
extern const char ACTING_BAD[], ACTING_FULL[], ACTING_BUSY[];

struct acting {
    struct api_call *call;
    const struct api_case *of;
    struct casebook_stamp stamp;
};

struct casebook_value acting_text(const char *text);
struct casebook_value acting_number(int64_t number);
/* `when_absent`: what to answer when there was nothing to end. */
const char *acting_write(const struct acting *acting, enum case_entry entry, const struct casebook_value *values,
                         size_t count, const char *when_absent);

/* The word of the body when it is one of the choices; NULL when it is none. */
const char *acting_choice(const struct acting *acting, const char *key, const char *const *words, size_t count);
bool acting_is_short(const char *text);
/* Whose it is to do: the caller when nobody is named; NULL: nobody who may sign in and see pupils. */
const char *acting_owner(const struct acting *acting);
/* A date of the body from today to a year ahead, or `otherwise` when there is none. False: it is no such date. */
bool acting_ahead(const struct acting *acting, const char *key, int32_t otherwise, int32_t *out);
/* A date of the body from the case's opening, a year before it at most, to today; today when there is none. */
bool acting_past(const struct acting *acting, const char *key, int32_t *out);
int64_t acting_row(const struct acting *acting, const char *key);
/* When what begins on the act's date is due: by the clock, or on the case's next date. */
int32_t acting_due(const struct acting *acting, enum clock_kind clock);

#endif
