/* The table of measures: the rows of measures.h as data. */
#include "daemon/core/detect/measures.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include "daemon/core/detect/history.h"

#define COLUMN_NONE COLUMNS /* of a measure that is part of no whole */

const struct measure_form MEASURE_FORMS[MEASURES] = {
#define MEASURE_FORM(name, word, kind, part, whole) \
    [MEASURE_##name] = {word, MEASURE_KIND_##kind, COLUMN_##part, COLUMN_##whole},
    MEASURE_ROWS(MEASURE_FORM)
#undef MEASURE_FORM
};

/* Shares are of minutes, all other measures of counts, tails of days with a sign: a row of the wrong column does not compile. */
#define IS_OF_MINUTES(kind) (MEASURE_KIND_##kind == MEASURE_KIND_SHARE || MEASURE_KIND_##kind == MEASURE_KIND_RISE)
#define IS_TAIL(kind)       (MEASURE_KIND_##kind == MEASURE_KIND_WEEKDAY || MEASURE_KIND_##kind == MEASURE_KIND_CLASS)
#define MEASURE_FITS(name, word, kind, part, whole)                                                                    \
    static_assert(IS_OF_MINUTES(kind) ? COLUMN_##part < MINUTE_COLUMNS && COLUMN_##whole < MINUTE_COLUMNS              \
                  : IS_TAIL(kind) ? COLUMN_##part >= COLUMN_ABSENT_DAYS && COLUMN_##part <= COLUMN_UNREPORTED_DATES && \
                                        COLUMN_##whole > COLUMNS                                                       \
                                  : COLUMN_##part >= COLUMN_ABSENT_DAYS && COLUMN_##part < COLUMNS,                    \
                  word " is of columns that its kind can use");
MEASURE_ROWS(MEASURE_FITS)
#undef MEASURE_FITS

enum measure measure_called(const char *word)
{
    enum measure measure = 0;
    while (measure < MEASURES && (word == NULL || strcmp(MEASURE_FORMS[measure].word, word) != 0))
        measure++;
    return measure;
}
