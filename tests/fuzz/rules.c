/* Any bytes as a rules file; when they are rules, a school is put under them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "tests/fuzz/kept_is_afresh.h"

#define TEXT_BYTES_MAX 16384

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets a string that the text ends within. */
const char *__lsan_default_suppressions(void)
{
    return "leak:strbuf_append";
}

enum { PUPILS = 2, DAYS = 90, LESSONS = 3 };

/* The same school for every input: present, late and absent in a pattern that reaches most measures. */
static bool set_days(struct detect *detect)
{
    bool room = true;
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++)
        for (int32_t day = 0; day < DAYS; day++) {
            struct outcome outcomes[LESSONS];
            for (int32_t i = 0; i < LESSONS; i++) {
                enum status status = (enum status)((day * 7 + i * 3 + (int32_t)pupil) % (2 * STATUSES));
                bool misses = status >= STATUS_LATE && status <= STATUS_UNREPORTED;
                outcomes[i] =
                    (struct outcome){.minutes = 60, .absent_minutes = misses ? 60 : 0, .subject = (uint16_t)i};
                outcomes[i].status = (uint8_t)(status < STATUSES ? status : STATUS_PRESENT);
            }
            room = room && detect_set_day(detect, pupil, 0, 20000 + day, outcomes, LESSONS);
        }
    return room;
}

static void evaluate(const struct rules *rules)
{
    struct detect *detect = detect_open();
    if (detect == NULL || !set_days(detect) || !detect_add_rules(detect, rules, 1, INT32_MIN))
        abort();
    kept_is_afresh(detect, PUPILS);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static struct problems problems;
    static struct rules rules;
    static char text[TEXT_BYTES_MAX + 1];
    if (length > TEXT_BYTES_MAX)
        return 0;
    memcpy(text, input, length);
    text[length] = '\0';
    problems.count = 0;
    if (rules_read_text("fuzz.cfg", text, &rules, &problems))
        evaluate(&rules);
    return 0;
}
