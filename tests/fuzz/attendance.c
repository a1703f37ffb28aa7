/* Any bytes as attendance.csv; when nothing is wrong with them, their flags under the default rules. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/core/school/attendance_csv.h"
#include "tests/fuzz/kept_is_afresh.h"
#include "tests/rules_file.h"

#define TEXT_BYTES_MAX 65536
#define NAMES_MANY     2000 /* clearing costs more than a few names that nobody has any more */

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void evaluate(const struct attendance_csv *attendance, const struct rules *rules)
{
    struct detect *detect = detect_open();
    if (detect == NULL || !detect_add_rules(detect, rules, 1, INT32_MIN) || !attendance_csv_feed(attendance, detect))
        abort();
    kept_is_afresh(detect, (uint32_t)attendance->pupils.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static struct problems problems;
    static struct rules rules;
    static struct attendance_csv attendance; /* opened once: it reserves names for two million pupils */
    if (rules.count == 0 &&
        (!read_rules_file("config/rules.cfg", &rules, &problems) || !attendance_csv_open(&attendance)))
        abort();
    char *text = malloc(length + 1);
    if (text == NULL || length > TEXT_BYTES_MAX) {
        free(text);
        return 0;
    }
    memcpy(text, input, length);
    problems.count = 0;
    attendance.row_count = 0;
    free(attendance.subject_order);
    attendance.subject_order = NULL;
    if (attendance.pupils.count + attendance.classes.count + attendance.subjects.count > NAMES_MANY) {
        names_clear(&attendance.pupils);
        names_clear(&attendance.classes);
        names_clear(&attendance.subjects);
    }
    if (attendance_csv_read(&attendance, "fuzz.csv", text, length, &problems) && attendance_csv_sort(&attendance) &&
        attendance_csv_check(&attendance, &problems))
        evaluate(&attendance, &rules);
    free(text);
    return 0;
}
