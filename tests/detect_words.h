/* A rule and a pupil's school days written as words, for tests of the detector.
 *
 * Days are words, one letter for each lesson of 60 minutes (10 of them missed where a pupil is late): P present, L late,
 * R reported, V leave, U unreported, ? unknown, C cancelled, X exempt, H reported for half the lesson. "-" is a date without
 * rows, "3*PP" the same word three times. Dates go on day by day from `from`. */
#ifndef TESTS_DETECT_WORDS_H
#define TESTS_DETECT_WORDS_H

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "tests/test.h"

struct sentence {
    const char *what, *when, *clear, *from, *days, *flags;
};

static struct rules rules;

static inline bool read_rule(const struct sentence *sentence)
{
    static struct problems problems;
    char text[1024];
    char when_measure[64], clear_measure[64];
    snprintf(when_measure, sizeof when_measure, "%.*s", (int)strcspn(sentence->when, ";"), sentence->when);
    snprintf(clear_measure, sizeof clear_measure, "%.*s", (int)strcspn(sentence->clear, ";"), sentence->clear);
    snprintf(text, sizeof text,
             "rules = ( { id = \"it\"; severity = 1; when = ( { measure = \"%s\" %s } ); clear = { measure = \"%s\" %s "
             "}; } );",
             when_measure, sentence->when + strlen(when_measure), clear_measure,
             sentence->clear + strlen(clear_measure));
    problems.count = 0;
    bool good = rules_read_text(sentence->what, text, &rules, &problems);
    if (!good)
        problems_print(&problems, stdout);
    return good;
}

static inline size_t read_lessons(const char *word, size_t length, struct outcome outcomes[OUTCOME_LESSONS_MAX])
{
    static const char LETTERS[STATUSES + 1] = "PLRVU?CX";
    for (size_t i = 0; i < length; i++) {
        bool half = word[i] == 'H';
        enum status status = half ? STATUS_REPORTED : (enum status)(strchr(LETTERS, word[i]) - LETTERS);
        bool misses = status == STATUS_REPORTED || status == STATUS_LEAVE || status == STATUS_UNREPORTED;
        outcomes[i] = (struct outcome){.start_minute = (uint16_t)(480 + 60 * i),
                                       .minutes = 60,
                                       .status = (uint8_t)status,
                                       .absent_minutes = half                    ? 30
                                                         : misses                ? 60
                                                         : status == STATUS_LATE ? 10
                                                                                 : 0};
    }
    return length;
}

/* Sets the days of the words from `day` on. */
static inline void set_words(struct detect *detect, const char *words, int32_t day)
{
    while (*words != '\0') {
        long times = 1;
        char *star;
        long number = strtol(words, &star, 10);
        if (*star == '*') {
            times = number;
            words = star + 1;
        }
        size_t length = strcspn(words, " ");
        struct outcome outcomes[OUTCOME_LESSONS_MAX];
        size_t count = *words == '-' ? 0 : read_lessons(words, length, outcomes);
        for (; times > 0; times--, day++)
            CHECK(detect_set_day(detect, 0, 0, day, outcomes, count));
        words += length + (words[length] == ' ');
    }
}

#endif
