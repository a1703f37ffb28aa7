#include "daemon/cli/explain_words.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/core/detect/rules.h"

enum { NUMBER_BYTES = 32, MINUTES_PER_HOUR = 60 };

/* What a measure counts: one of it, several; of a share the several. */
struct noun {
    const char *one, *many;
};

struct catalogue {
    char decimal;
    struct noun measures[MEASURES];
    const char *weekdays[7];
    const char *comparisons[COMPARISONS];
    const char *headline, *none, *flag, *ended[4], *why, *limit, *clears, *now, *undefined, *counted, *window, *hours,
        *lessons, *points, *weekday, *subject, *one_day;
    struct noun school_day;
};

static const struct catalogue CATALOGUES[EXPLAIN_LANGUAGES] =
    {
        [EXPLAIN_SWEDISH] =
            {
                .decimal = ',',
                .measures =
                    {
                        [MEASURE_TOTAL_ABSENCE_SHARE] = {"", "frånvaro inklusive beviljad ledighet"},
                        [MEASURE_ABSENCE_SHARE] = {"", "frånvaro utöver beviljad ledighet"},
                        [MEASURE_UNREPORTED_SHARE] = {"", "oanmäld frånvaro"},
                        [MEASURE_ABSENCE_RISE] = {"", "mer frånvaro än under perioden före"},
                        [MEASURE_ABSENT_DAYS] = {"hel frånvarodag", "hela frånvarodagar"},
                        [MEASURE_PARTIAL_DAYS] = {"dag med frånvaro del av dagen", "dagar med frånvaro del av dagen"},
                        [MEASURE_SPELLS] = {"skilt frånvarotillfälle", "skilda frånvarotillfällen"},
                        [MEASURE_UNREPORTED_LESSONS] = {"oanmäld lektion", "oanmälda lektioner"},
                        [MEASURE_UNREPORTED_DATES] = {"dag med oanmäld frånvaro", "dagar med oanmäld frånvaro"},
                        [MEASURE_LATE_ARRIVALS] = {"sen ankomst", "sena ankomster"},
                        [MEASURE_ABSENT_RUN] = {"hel frånvarodag i rad", "hela frånvarodagar i rad"},
                        [MEASURE_TERM_START_ABSENT_DAYS] = {"hel frånvarodag sedan terminsstarten",
                                                            "hela frånvarodagar sedan terminsstarten"},
                        [MEASURE_TERM_START_SPELLS] = {"skilt frånvarotillfälle sedan terminsstarten",
                                                       "skilda frånvarotillfällen sedan terminsstarten"},
                        [MEASURE_WEEKDAY_TAIL] = {"", "frånvaro på en veckodag mot klassens övriga elever"},
                        [MEASURE_SUBJECT_MISSED_SHARE] = {"", "missade lektioner i ett ämne"},
                    },
                .weekdays = {"måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar"},
                .comparisons = {"minst", "högst", "under", "över"},
                .headline = "Elev %s, till och med %s:\n",
                .none = "Ingen öppen flagga.\n",
                .flag = "\nFlagga %s, nivå %lld, höjd %s (reglernas version %lld)%s\n",
                .ended = {".", ", släckt %s.", ", avslutad %s med läsåret.", ", avslutad %s då regeln ändrades."},
                .why = "  Varför: ",
                .limit = " Skolans gräns: %s %s.\n",
                .clears = "  Släcks när värdet (%s) är %s %s, %lld %s i rad.\n",
                .now = "  Nu: ",
                .undefined = "  Nu: kan inte beräknas, för lite lektionstid är känd. Räkningen står still.\n",
                .counted = " Räknade skoldagar hittills: %lld av %lld.\n",
                .window = " de %lld skoldagarna %s till %s",
                .one_day = " skoldagen %s",
                .school_day = {"skoldag", "skoldagar"},
                .hours = " (%s av %s timmar)",
                .lessons = " (%s av %s lektioner)",
                .points = "procentenheter",
                .weekday = "borta %lld av %lld %s, jämfört med klassens övriga elever",
                .subject = "%s %% missade lektioner i %s dagar med närvaro i övrigt",
            },
        [EXPLAIN_ENGLISH] =
            {
                .decimal = '.',
                .measures =
                    {
                        [MEASURE_TOTAL_ABSENCE_SHARE] = {"", "absence including granted leave"},
                        [MEASURE_ABSENCE_SHARE] = {"", "absence beyond granted leave"},
                        [MEASURE_UNREPORTED_SHARE] = {"", "unreported absence"},
                        [MEASURE_ABSENCE_RISE] = {"", "more absence than in the time before"},
                        [MEASURE_ABSENT_DAYS] = {"whole day absent", "whole days absent"},
                        [MEASURE_PARTIAL_DAYS] = {"day absent in part", "days absent in part"},
                        [MEASURE_SPELLS] = {"separate spell of absence", "separate spells of absence"},
                        [MEASURE_UNREPORTED_LESSONS] = {"unreported lesson", "unreported lessons"},
                        [MEASURE_UNREPORTED_DATES] = {"day with unreported absence", "days with unreported absence"},
                        [MEASURE_LATE_ARRIVALS] = {"late arrival", "late arrivals"},
                        [MEASURE_ABSENT_RUN] = {"whole day absent in a row", "whole days absent in a row"},
                        [MEASURE_TERM_START_ABSENT_DAYS] = {"whole day absent since the term began",
                                                            "whole days absent since the term began"},
                        [MEASURE_TERM_START_SPELLS] = {"separate spell of absence since the term began",
                                                       "separate spells of absence since the term began"},
                        [MEASURE_WEEKDAY_TAIL] = {"", "absence on one weekday against the rest of the class"},
                        [MEASURE_SUBJECT_MISSED_SHARE] = {"", "lessons missed in one subject"},
                    },
                .weekdays = {"Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"},
                .comparisons = {"at least", "at most", "below", "above"},
                .headline = "Pupil %s, up to and including %s:\n",
                .none = "No open flag.\n",
                .flag = "\nFlag %s, severity %lld, raised %s (version %lld of the rules)%s\n",
                .ended = {".", ", cleared %s.", ", ended %s with the school year.",
                          ", ended %s when the rule was changed."},
                .why = "  Why: ",
                .limit = " The school's threshold: %s %s.\n",
                .clears = "  Clears when the value (%s) is %s %s, %lld %s in a row.\n",
                .now = "  Now: ",
                .undefined = "  Now: cannot be told, too little lesson time is known. The count stands still.\n",
                .counted = " School days counted so far: %lld of %lld.\n",
                .window = " in the %lld school days %s to %s",
                .one_day = " on the school day %s",
                .school_day = {"school day", "school days"},
                .hours = " (%s of %s hours)",
                .lessons = " (%s of %s lessons)",
                .points = "percentage points",
                .weekday = "absent %lld of %lld %s, compared with the rest of the class",
                .subject = "%s %% of lessons missed in %s on days otherwise attended",
            },
};

static long long number_at(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

/* tenths or hundredths as a decimal; `decimals` digits, zeros at the end left out when `short_form`. */
static void write_decimal(const struct catalogue *words, long long value, int decimals, bool short_form,
                          char out[NUMBER_BYTES])
{
    long long scale = decimals == 2 ? 100 : 10, part = llabs(value) % scale;
    int length = snprintf(out, NUMBER_BYTES, "%s%lld%c%0*lld", value < 0 ? "-" : "", llabs(value) / scale,
                          words->decimal, decimals, part);
    while (short_form && length > 0 && (out[length - 1] == '0' || out[length - 1] == words->decimal)) {
        bool was_point = out[length - 1] == words->decimal;
        out[--length] = '\0';
        if (was_point)
            break;
    }
}

/* part of whole, times scale, in tenths; rounded half away from zero. */
static void write_ratio(const struct catalogue *words, long long scale, long long part, long long whole,
                        char out[NUMBER_BYTES])
{
    long long half = part < 0 ? -whole / 2 : whole / 2;
    write_decimal(words, whole == 0 ? 0 : (10 * scale * part + half) / whole, 1, false, out);
}

static void print_window(const struct catalogue *words, const json_t *evidence, FILE *out)
{
    if (number_at(evidence, "days") > 0 && number_at(evidence, "own_days") == 1)
        fprintf(out, words->one_day, ask_text(evidence, "to"));
    else if (number_at(evidence, "days") > 0 && number_at(evidence, "own_days") > 1)
        fprintf(out, words->window, number_at(evidence, "own_days"), ask_text(evidence, "from"),
                ask_text(evidence, "to"));
}

/* Whole hours of what are minutes; lessons are counts. */
static void print_parts(const struct catalogue *words, const char *format, long long part, long long whole,
                        bool minutes, FILE *out)
{
    char of_part[NUMBER_BYTES], of_whole[NUMBER_BYTES];
    if (minutes) {
        write_ratio(words, 1, part, MINUTES_PER_HOUR, of_part);
        write_ratio(words, 1, whole, MINUTES_PER_HOUR, of_whole);
    } else {
        snprintf(of_part, sizeof of_part, "%lld", part);
        snprintf(of_whole, sizeof of_whole, "%lld", whole);
    }
    fprintf(out, format, of_part, of_whole);
}

static void print_value(const struct catalogue *words, enum measure measure, const json_t *evidence, FILE *out)
{
    long long part = number_at(evidence, "numerator"), whole = number_at(evidence, "denominator");
    char number[NUMBER_BYTES];
    write_ratio(words, 100, part, whole, number);
    switch (measure) {
    case MEASURE_TOTAL_ABSENCE_SHARE:
    case MEASURE_ABSENCE_SHARE:
    case MEASURE_UNREPORTED_SHARE:
        fprintf(out, "%s %% %s", number, words->measures[measure].many);
        print_window(words, evidence, out);
        print_parts(words, words->hours, part, whole, true, out);
        break;
    case MEASURE_ABSENCE_RISE:
        fprintf(out, "%s %s %s", number, words->points, words->measures[measure].many);
        print_window(words, evidence, out);
        break;
    case MEASURE_WEEKDAY_TAIL:
        if (json_object_get(evidence, "weekday") != NULL)
            fprintf(out, words->weekday, part, whole, words->weekdays[number_at(evidence, "weekday") % 7]);
        else
            fputs(words->measures[measure].many, out);
        print_window(words, evidence, out);
        break;
    case MEASURE_SUBJECT_MISSED_SHARE:
        if (json_object_get(evidence, "subject") != NULL)
            fprintf(out, words->subject, number, ask_text(evidence, "subject"));
        else
            fprintf(out, "%s %% %s", number, words->measures[measure].many);
        print_window(words, evidence, out);
        print_parts(words, words->lessons, part, whole, false, out);
        break;
    case MEASURE_ABSENT_DAYS:
    case MEASURE_PARTIAL_DAYS:
    case MEASURE_SPELLS:
    case MEASURE_UNREPORTED_LESSONS:
    case MEASURE_UNREPORTED_DATES:
    case MEASURE_LATE_ARRIVALS:
    case MEASURE_ABSENT_RUN:
    case MEASURE_TERM_START_ABSENT_DAYS:
    case MEASURE_TERM_START_SPELLS:
        fprintf(out, "%lld %s", part, part == 1 ? words->measures[measure].one : words->measures[measure].many);
        print_window(words, evidence, out);
        break;
    case MEASURES:
        fputs(ask_text(evidence, "measure"), out);
        break;
    }
    fputc('.', out);
}

static const char *comparison_of(const struct catalogue *words, const json_t *evidence)
{
    const char *word = ask_text(evidence, "comparison");
    for (int i = 0; i < COMPARISONS; i++)
        if (strcmp(word, COMPARISON_WORDS[i]) == 0)
            return words->comparisons[i];
    return word;
}

static void write_threshold(const struct catalogue *words, enum measure measure, const json_t *evidence,
                            char out[2 * NUMBER_BYTES])
{
    char number[NUMBER_BYTES];
    write_decimal(words, number_at(evidence, "threshold_hundredths"), 2, true, number);
    bool percent = measure != MEASURES && measure_is_share(measure) && measure != MEASURE_ABSENCE_RISE;
    snprintf(out, 2 * NUMBER_BYTES, "%s%s%s", number,
             percent                           ? " %"
             : measure == MEASURE_ABSENCE_RISE ? " "
                                               : "",
             measure == MEASURE_ABSENCE_RISE ? words->points : "");
}

static void print_why(const struct catalogue *words, const json_t *evidence, FILE *out)
{
    enum measure measure = measure_called(ask_text(evidence, "measure"));
    char threshold[2 * NUMBER_BYTES];
    write_threshold(words, measure, evidence, threshold);
    fputs(words->why, out);
    print_value(words, measure, evidence, out);
    fprintf(out, words->limit, comparison_of(words, evidence), threshold);
}

static void print_clear(const struct catalogue *words, const json_t *clear, FILE *out)
{
    enum measure measure = measure_called(ask_text(clear, "measure"));
    char threshold[2 * NUMBER_BYTES];
    if (!json_is_object(clear) || measure == MEASURES)
        return;
    write_threshold(words, measure, clear, threshold);
    fprintf(out, words->clears, words->measures[measure].many, comparison_of(words, clear), threshold,
            number_at(clear, "for_days"),
            number_at(clear, "for_days") == 1 ? words->school_day.one : words->school_day.many);
    if (json_is_true(json_object_get(clear, "defined"))) {
        fputs(words->now, out);
        print_value(words, measure, clear, out);
        fprintf(out, words->counted, number_at(clear, "counted"), number_at(clear, "for_days"));
    } else {
        fputs(words->undefined, out);
    }
}

static void print_flag(const struct catalogue *words, const json_t *flag, FILE *out)
{
    static const char *const ENDS[] = {"open", "cleared", "year_ended", "rule_ended"};
    char ended[128] = "";
    for (size_t i = 0; i < 4; i++)
        if (strcmp(ENDS[i], ask_text(flag, "end")) == 0)
            snprintf(ended, sizeof ended, words->ended[i], ask_text(flag, "cleared_on"));
    fprintf(out, words->flag, ask_text(flag, "rule"), number_at(flag, "severity"), ask_text(flag, "raised_on"),
            number_at(flag, "rules_version"), ended);
    const json_t *evidence;
    size_t i;
    json_array_foreach(json_object_get(flag, "evidence"), i, evidence) {
        print_why(words, evidence, out);
    }
    print_clear(words, json_object_get(flag, "clear"), out);
}

void explain_print(const json_t *answer, enum explain_language language, FILE *out)
{
    const struct catalogue *words = &CATALOGUES[language];
    const json_t *flags = json_object_get(answer, "flags"), *flag;
    size_t i;
    fprintf(out, words->headline, ask_text(answer, "pupil"), ask_text(answer, "date"));
    if (json_array_size(flags) == 0)
        fputs(words->none, out);
    json_array_foreach(flags, i, flag) {
        print_flag(words, flag, out);
    }
}
