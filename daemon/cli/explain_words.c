/* Sentences from evidence. The words of measures, comparisons and weekdays are those of the pages, built in from
 * dashboard/web/i18n; here stands what narvaro explain alone says. */
#include "daemon/cli/explain_words.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/core/detect/measures.h"

extern const char sv_begin[] __asm__("_binary_dashboard_web_i18n_sv_js_start");
extern const char sv_end[] __asm__("_binary_dashboard_web_i18n_sv_js_end");
extern const char en_begin[] __asm__("_binary_dashboard_web_i18n_en_js_start");
extern const char en_end[] __asm__("_binary_dashboard_web_i18n_en_js_end");

enum { NUMBER_BYTES = 32, WINDOW_BYTES = 96, MINUTES_PER_HOUR = 60, DOUBTS = 8 };

/* Why a lesson is unknown, as the daemon says it; their words below are in this order. */
static const char *const DOUBT_KEYS[DOUBTS] = {"no_cover",      "outage",        "silent_lesson", "silent_school",
                                               "after_unknown", "doubtful_card", "silent_day",    "marked"};

struct words {
    const char *pages_begin, *pages_end; /* the words of the pages */
    char decimal;
    const char *headline, *none, *well, *flag, *ended[5], *why, *limit, *clears, *now, *undefined, *counted, *window,
        *latest, *one_day, *school_day, *school_days, *unknown, *unknown_more, *why_unknown[DOUBTS];
};

static const struct words WORDS[EXPLAIN_LANGUAGES] = {
    [EXPLAIN_SWEDISH] =
        {
            .pages_begin = sv_begin,
            .pages_end = sv_end,
            .decimal = ',',
            .headline = "Elev %s, till och med %s:\n",
            .none = "Ingen öppen flagga.\n",
            .well = "Det som fungerar",
            .flag = "\nFlagga %s, nivå %lld, höjd %s (reglernas version %lld)%s\n",
            .ended = {".", ", släckt %s.", ", avslutad %s med läsåret.", ", avslutad %s då regeln ändrades.",
                      ", avslutad %s då eleven slutade."},
            .why = "  Varför: ",
            .limit = " Skolans gräns: %s %s.\n",
            .clears = "  Släcks när värdet (%s) är %s %s, %lld %s i rad.\n",
            .now = "  Nu: ",
            .undefined = "  Nu: kan inte beräknas, för lite lektionstid är känd. Räkningen står still.\n",
            .counted = " Räknade skoldagar hittills: %lld av %lld.\n",
            .window = "de %lld skoldagarna %s till %s",
            .latest = "de %lld skoldagarna fram till %s",
            .one_day = "skoldagen %s",
            .school_day = "skoldag",
            .school_days = "skoldagar",
            .unknown = "\nLektioner utan uppgift %s till %s: %zu%s. De räknas varken som närvaro eller frånvaro.\n",
            .unknown_more = ", de senaste",
            .why_unknown = {"salen har ingen terminal", "salens terminaler kunde inte registrera",
                            "nästan ingen checkade in", "nästan ingen checkade in på skolan",
                            "fortsätter en lektion utan uppgift", "ett kort var två elevers",
                            "resten av elevens dag saknar uppgift", "läraren har markerat att uppgift saknas"},
        },
    [EXPLAIN_ENGLISH] =
        {
            .pages_begin = en_begin,
            .pages_end = en_end,
            .decimal = '.',
            .headline = "Pupil %s, up to and including %s:\n",
            .none = "No open flag.\n",
            .well = "What works",
            .flag = "\nFlag %s, severity %lld, raised %s (version %lld of the rules)%s\n",
            .ended = {".", ", cleared %s.", ", ended %s with the school year.", ", ended %s when the rule was changed.",
                      ", ended %s when the pupil left."},
            .why = "  Why: ",
            .limit = " The school's threshold: %s %s.\n",
            .clears = "  Clears when the value (%s) is %s %s, %lld %s in a row.\n",
            .now = "  Now: ",
            .undefined = "  Now: cannot be told, too little lesson time is known. The count stands still.\n",
            .counted = " School days counted so far: %lld of %lld.\n",
            .window = "in the %lld school days %s to %s",
            .latest = "in the %lld school days up to %s",
            .one_day = "on the school day %s",
            .school_day = "school day",
            .school_days = "school days",
            .unknown = "\nLessons of which nothing is known %s to %s: %zu%s. They count neither as attendance nor as "
                       "absence.\n",
            .unknown_more = ", the latest",
            .why_unknown = {"the room has no terminal", "the room's terminals could not record",
                            "next to nobody checked in", "next to nobody checked in at the school",
                            "it goes on from a lesson of which nothing is known", "a card was two pupils'",
                            "nothing is known of the rest of the pupil's day",
                            "the teacher marked that nothing is known"},
        },
};

/* A language at work. */
struct speech {
    const struct words *words;
    json_t *pages; /* FLAG_WORDS */
    FILE *out;
};

/* New. The file is part of the program and the tests read it, so it is what it should be. */
static json_t *flag_words(const struct words *words)
{
    static const char BEFORE[] = "FLAG_WORDS = ";
    const char *from =
        memmem(words->pages_begin, (size_t)(words->pages_end - words->pages_begin), BEFORE, sizeof BEFORE - 1);
    assert(from != NULL);
    from += sizeof BEFORE - 1;
    json_t *pages = json_loadb(from, (size_t)(words->pages_end - from), JSON_DISABLE_EOF_CHECK, NULL);
    assert(pages != NULL);
    return pages;
}

static long long number_at(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

/* tenths or hundredths as a decimal; `decimals` digits, zeros at the end left out when `short_form`. */
static void write_decimal(const struct words *words, long long value, int decimals, bool short_form,
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
static void write_ratio(const struct words *words, long long scale, long long part, long long whole,
                        char out[NUMBER_BYTES])
{
    long long half = part < 0 ? -whole / 2 : whole / 2;
    write_decimal(words, whole == 0 ? 0 : (10 * scale * part + half) / whole, 1, false, out);
}

/* What is said of a measure: its own words over those of its kind over those of any. New. */
static json_t *measure_words(const struct speech *speech, const char *measure)
{
    const json_t *kinds = json_object_get(speech->pages, "kinds");
    json_t *row = json_object_get(json_object_get(speech->pages, "measures"), measure);
    enum { LAYERS = 3 };
    json_t *layers[LAYERS] = {json_object_get(kinds, "any"), json_object_get(kinds, ask_text(row, "kind")), row};
    json_t *words = json_pack("{s:s}", "measure", measure);
    for (size_t i = 0; i < LAYERS; i++)
        if (layers[i] != NULL)
            json_object_update(words, layers[i]);
    return words;
}

static void set_text(json_t *values, const char *key, const char *text)
{
    json_object_set_new(values, key, json_string(text));
}

static void set_ratio(const struct speech *speech, json_t *values, const char *key, long long part, long long whole)
{
    char number[NUMBER_BYTES];
    write_ratio(speech->words, 1, part, whole, number);
    set_text(values, key, number);
}

static void set_count(json_t *values, const char *key, long long count)
{
    char number[NUMBER_BYTES];
    snprintf(number, sizeof number, "%lld", count);
    set_text(values, key, number);
}

static void set_window(const struct speech *speech, json_t *values, const json_t *evidence)
{
    char window[WINDOW_BYTES] = "";
    if (number_at(evidence, "days") > 0 && number_at(evidence, "own_days") == 1)
        snprintf(window, sizeof window, speech->words->one_day, ask_text(evidence, "to"));
    else if (number_at(evidence, "days") > 0 && number_at(evidence, "own_days") > 1)
        snprintf(window, sizeof window, speech->words->window, number_at(evidence, "own_days"),
                 ask_text(evidence, "from"), ask_text(evidence, "to"));
    set_text(values, "window", window);
}

/* In hundredths of its unit: a percent, one of what is counted, one time in a hundred. */
static long long threshold_of(const json_t *evidence)
{
    enum measure measure = measure_called(ask_text(evidence, "measure"));
    double hundredths = json_number_value(json_object_get(evidence, "threshold_hundredths"));
    return llround(measure != MEASURES && measure_is_tail(measure) ? 100 * hundredths : hundredths);
}

/* The words of the evidence's measure with the values that they have places for. New. */
static json_t *values_of(const struct speech *speech, const json_t *evidence)
{
    json_t *values = measure_words(speech, ask_text(evidence, "measure"));
    long long part = number_at(evidence, "numerator"), whole = number_at(evidence, "denominator");
    char number[NUMBER_BYTES], percent[NUMBER_BYTES + 2];
    write_ratio(speech->words, 100, part, whole, number);
    snprintf(percent, sizeof percent, "%s %%", number);
    set_text(values, "points", number);
    set_text(values, "percent", percent);
    set_count(values, "count", part);
    set_count(values, "part", part);
    set_count(values, "whole", whole);
    set_ratio(speech, values, "part_hours", part, MINUTES_PER_HOUR);
    set_ratio(speech, values, "whole_hours", whole, MINUTES_PER_HOUR);
    set_text(values, "noun", ask_text(values, part == 1 ? "one" : "many"));
    set_ratio(speech, values, "class_count", whole * number_at(evidence, "class_numerator"),
              number_at(evidence, "class_denominator"));
    set_window(speech, values, evidence);
    const json_t *weekdays = json_object_get(speech->pages, "weekdays");
    const json_t *weekday = json_object_get(evidence, "weekday"), *subject = json_object_get(evidence, "subject");
    if (weekday != NULL)
        json_object_set(values, "weekday", json_array_get(weekdays, (size_t)json_integer_value(weekday) % 7));
    if (subject != NULL)
        json_object_set(values, "subject", (json_t *)(size_t)subject);
    write_decimal(speech->words, threshold_of(evidence), 2, true, number);
    set_text(values, "limit", number);
    return values;
}

/* "one|several}": one of the two. */
static void say_choice(const char *words, bool is_one, FILE *out)
{
    const char *several = words + strcspn(words, "|");
    if (is_one)
        fwrite(words, 1, (size_t)(several - words), out);
    else if (*several != '\0')
        fwrite(several + 1, 1, strcspn(several + 1, "}"), out);
}

/* Fills the places in a sentence, {value} each, {value|one|several} a word that goes by it; those of a value may hold places in turn. A value that is empty takes the
 * space before it along. */
static void say(const json_t *values, const char *sentence, FILE *out)
{
    for (;;) {
        size_t plain = strcspn(sentence, "{");
        if (sentence[plain] == '\0') {
            fputs(sentence, out);
            return;
        }
        const char *place = sentence + plain + 1;
        size_t length = strcspn(place, "}"), name = strcspn(place, "|}");
        const char *value = json_string_value(json_object_getn(values, place, name));
        bool empty = name == length && (value == NULL || *value == '\0');
        fwrite(sentence, 1, plain - (empty && plain > 0 && place[-2] == ' '), out);
        if (name < length) {
            say_choice(place + name + 1, value != NULL && strcmp(value, "1") == 0, out);
            sentence = place + length + (place[length] == '}');
            continue;
        }
        if (!empty && value != NULL)
            say(values, value, out);
        sentence = place + length + (place[length] == '}');
    }
}

/* To be freed. */
static char *said(const json_t *values, const char *sentence)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return NULL;
    say(values, sentence, out);
    fclose(out);
    return text;
}

/* A pattern has another sentence where nothing stands out. */
static void say_value(const struct speech *speech, const json_t *evidence, const json_t *values)
{
    static const char *const KEYS[] = {"weekday", "subject", "class_denominator"};
    bool stands_out = false;
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        stands_out = stands_out || json_object_get(evidence, KEYS[i]) != NULL;
    const char *nothing = ask_text(values, "nothing");
    say(values, *nothing != '\0' && !stands_out ? nothing : ask_text(values, "line"), speech->out);
    fputc('.', speech->out);
}

static const char *comparison_of(const struct speech *speech, const json_t *evidence)
{
    return ask_text(json_object_get(speech->pages, "comparisons"), ask_text(evidence, "comparison"));
}

static void print_why(const struct speech *speech, const json_t *evidence)
{
    json_t *values = values_of(speech, evidence);
    char *limit = said(values, "{limit} {unit}");
    fputs(speech->words->why, speech->out);
    say_value(speech, evidence, values);
    fprintf(speech->out, speech->words->limit, comparison_of(speech, evidence), limit);
    free(limit);
    json_decref(values);
}

/* What would clear the flag, with the present value where the measure is defined. */
static void print_clear(const struct speech *speech, const json_t *clear)
{
    const struct words *words = speech->words;
    if (!json_is_object(clear))
        return;
    json_t *values = values_of(speech, clear);
    char *limit = said(values, "{limit} {unit}"), *name = said(values, "{name}");
    long long for_days = number_at(clear, "for_days");
    fprintf(speech->out, words->clears, name, comparison_of(speech, clear), limit, for_days,
            for_days == 1 ? words->school_day : words->school_days);
    if (json_is_true(json_object_get(clear, "defined"))) {
        fputs(words->now, speech->out);
        say_value(speech, clear, values);
        fprintf(speech->out, words->counted, number_at(clear, "counted"), for_days);
    } else {
        fputs(words->undefined, speech->out);
    }
    free(limit);
    free(name);
    json_decref(values);
}

static long long item_at(const json_t *array, size_t place)
{
    return (long long)json_integer_value(json_array_get(array, place));
}

/* A share in whole percent; one that is not 0 is not told as 0. */
static void set_percent(const struct speech *speech, json_t *values, const char *key, const json_t *share)
{
    long long part = item_at(share, 0), whole = item_at(share, 1);
    char number[NUMBER_BYTES], percent[NUMBER_BYTES + 2];
    if (whole == 0)
        return;
    if (200 * part < whole)
        write_decimal(speech->words, (1000 * part + whole / 2) / whole, 1, true, number);
    else
        snprintf(number, sizeof number, "%lld", (200 * part + whole) / (2 * whole));
    snprintf(percent, sizeof percent, "%s %%", number);
    set_text(values, key, percent);
}

/* The open flag of that place among the open ones. */
static const json_t *open_flag(const json_t *flags, json_int_t place)
{
    const json_t *flag, *found = NULL;
    size_t i;
    json_array_foreach(flags, i, flag) {
        if (json_is_null(json_object_get(flag, "cleared_on")) && place-- == 0)
            found = flag;
    }
    return found;
}

/* The values of then and now, under names of their own. */
static void set_states(const struct speech *speech, json_t *values, const json_t *finding, const json_t *flags)
{
    const json_t *told = json_object_get(finding, "told");
    const json_t *flag = open_flag(flags, json_integer_value(json_array_get(told, 0)));
    size_t condition = (size_t)json_integer_value(json_array_get(told, 1));
    const json_t *then = json_array_get(json_object_get(flag, "evidence"), condition);
    const json_t *now = json_array_get(json_object_get(flag, "now"), condition);
    json_t *was = values_of(speech, then), *is = values_of(speech, json_is_object(now) ? now : then);
    static const char *const WAS[][2] = {{"then_count", "count"},
                                         {"then_noun", "noun"},
                                         {"then_part", "part"},
                                         {"then_whole", "whole"},
                                         {"weekday", "weekday"}};
    static const char *const IS[][2] = {{"subject", "subject"}, {"now_part", "part"}, {"now_whole", "whole"}};
    for (size_t i = 0; i < sizeof WAS / sizeof *WAS; i++)
        set_text(values, WAS[i][0], ask_text(was, WAS[i][1]));
    for (size_t i = 0; i < sizeof IS / sizeof *IS; i++)
        set_text(values, IS[i][0], ask_text(is, IS[i][1]));
    set_text(values, "then_to", ask_text(then, "to"));
    set_text(values, "now_rise",
             number_at(json_is_object(now) ? now : then, "numerator") > 0 ? ask_text(is, "points") : "0");
    json_decref(was);
    json_decref(is);
}

/* New. */
static json_t *finding_values(const struct speech *speech, const json_t *answer)
{
    const json_t *finding = json_object_get(answer, "finding"), *flags = json_object_get(answer, "flags");
    const json_t *words = json_object_get(speech->pages, "findings"), *most = json_object_get(finding, "most");
    const json_t *well = json_object_get(finding, "well"), *figure;
    json_t *values = json_object();
    const char *name;
    char window[WINDOW_BYTES];
    json_object_foreach((json_t *)(size_t)json_object_get(finding, "figures"), name, figure) {
        set_count(values, name, (long long)json_integer_value(figure));
    }
    snprintf(window, sizeof window, speech->words->latest, number_at(finding, "days"), ask_text(answer, "date"));
    set_text(values, "window", window);
    set_text(values, "run_from", ask_text(finding, "run_from"));
    set_percent(speech, values, "share_percent", json_object_get(finding, "share"));
    set_percent(speech, values, "class_percent", json_object_get(finding, "class"));
    set_states(speech, values, finding, flags);
    set_count(values, "most_lesson", number_at(most, "lesson"));
    set_text(values, "most_weekday",
             json_string_value(
                 json_array_get(json_object_get(speech->pages, "weekdays"), (size_t)number_at(most, "weekday") % 7)));
    set_count(values, "well_attended", item_at(well, 0));
    set_count(values, "well_lessons", item_at(well, 1));
    set_count(values, "well_days", item_at(well, 2));
    if (json_is_object(most))
        set_text(values, "most", ask_text(words, "most"));
    if (json_object_get(finding, "class") != NULL)
        set_text(values, "class", ask_text(words, "class"));
    if (json_object_get(finding, "share") != NULL) {
        set_text(values, "share", ask_text(words, "share"));
        set_text(values, "share_long", ask_text(words, "share_long"));
    }
    return values;
}

/* The sentence that the pages tell first, and what works. */
static void print_finding(const struct speech *speech, const json_t *answer)
{
    const json_t *finding = json_object_get(answer, "finding");
    if (!json_is_object(finding))
        return;
    const json_t *words = json_object_get(speech->pages, "findings"), *well = json_object_get(finding, "well");
    const json_t *pattern = json_object_get(json_object_get(words, "patterns"), ask_text(finding, "pattern"));
    json_t *values = finding_values(speech, answer);
    const char *none = ask_text(pattern, "none"), *figure = ask_text(values, ask_text(pattern, "key"));
    bool nothing = *none != '\0' && (*figure == '\0' || strcmp(figure, "0") == 0);
    const char *sentence = nothing ? none : ask_text(pattern, "some");
    if (strstr(sentence, "{share_percent}") != NULL && json_object_get(finding, "share") == NULL)
        sentence = ask_text(words, "unknown");
    say(values, sentence, speech->out);
    fputs(".\n", speech->out);
    if (item_at(well, 0) > 0) {
        bool all = item_at(well, 0) == item_at(well, 1);
        fprintf(speech->out, "%s: ", speech->words->well);
        say(values, ask_text(words, all ? "well_all" : "well"), speech->out);
        fputs(".\n", speech->out);
    }
    json_decref(values);
}

static void print_flag(const struct speech *speech, const json_t *flag)
{
    static const char *const ENDS[] = {"open", "cleared", "year_ended", "rule_ended", "left"};
    char ended[128] = "";
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        if (strcmp(ENDS[i], ask_text(flag, "end")) == 0)
            snprintf(ended, sizeof ended, speech->words->ended[i], ask_text(flag, "cleared_on"));
    fprintf(speech->out, speech->words->flag, ask_text(flag, "rule"), number_at(flag, "severity"),
            ask_text(flag, "raised_on"), number_at(flag, "rules_version"), ended);
    const json_t *evidence;
    size_t i;
    json_array_foreach(json_object_get(flag, "evidence"), i, evidence) {
        print_why(speech, evidence);
    }
    print_clear(speech, json_object_get(flag, "clear"));
}

static const char *doubt_words(const struct words *words, const char *why)
{
    for (size_t i = 0; i < DOUBTS; i++)
        if (strcmp(DOUBT_KEYS[i], why) == 0)
            return words->why_unknown[i];
    return "–";
}

static void print_unknown(const struct speech *speech, const json_t *unknown)
{
    const json_t *lessons = json_object_get(unknown, "lessons"), *lesson;
    size_t i;
    if (json_array_size(lessons) == 0)
        return;
    fprintf(speech->out, speech->words->unknown, ask_text(unknown, "from"), ask_text(unknown, "to"),
            json_array_size(lessons),
            json_is_true(json_object_get(unknown, "more")) ? speech->words->unknown_more : "");
    json_array_foreach(lessons, i, lesson) {
        fprintf(speech->out, "  %s %s %s, %s, %s: %s\n", ask_text(lesson, "date"), ask_text(lesson, "start"),
                ask_text(lesson, "subject"), ask_text(lesson, "group"), ask_text(lesson, "room"),
                doubt_words(speech->words, ask_text(lesson, "why")));
    }
}

void explain_print(const json_t *answer, enum explain_language language, FILE *out)
{
    struct speech speech = {&WORDS[language], flag_words(&WORDS[language]), out};
    const json_t *flags = json_object_get(answer, "flags"), *flag;
    size_t i;
    fprintf(out, speech.words->headline, ask_text(answer, "pupil"), ask_text(answer, "date"));
    if (json_array_size(flags) == 0)
        fputs(speech.words->none, out);
    print_finding(&speech, answer);
    json_array_foreach(flags, i, flag) {
        print_flag(&speech, flag);
    }
    print_unknown(&speech, json_object_get(answer, "unknown"));
    json_decref(speech.pages);
}
