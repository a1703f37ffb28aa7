/* Rules as JSON and back: the default rules come back the same, and nothing but words and numbers gets into a file. */
#include "daemon/core/detect/rules_json.h"

#include <stdlib.h>
#include <string.h>
#include "tests/rules_file.h"
#include "tests/test.h"

static struct rules before, after;
static struct problems problems;

static void the_default_rules_come_back(void)
{
    CHECK(read_rules_file("config/rules.cfg", &before, &problems));
    json_t *array = rules_json(&before);
    char *text = rules_json_text(array);
    CHECK(text != NULL && rules_read_text("again", text, &after, &problems));
    CHECK(before.count > 10 && after.count == before.count);
    for (int32_t i = 0; i < before.count; i++)
        CHECK(rule_equal(&before.rule[i], &after.rule[i]));
    CHECK(!rules_json_is_severe(&before, &after));
    free(text);
    json_decref(array);
}

static void a_change_of_severity_3_is_severe(void)
{
    for (int32_t i = 0; i < before.count; i++) {
        after = before;
        after.rule[i].when[0].days++;
        CHECK(rules_json_is_severe(&before, &after) == (before.rule[i].severity >= 3));
        after = before;
        after.rule[i].severity = 4;
        CHECK(rules_json_is_severe(&before, &after) == (before.rule[i].severity != 4));
        after = before;
        after.rule[i] = after.rule[--after.count];
        CHECK(rules_json_is_severe(&before, &after) == (before.rule[i].severity >= 3));
    }
}

static void nothing_else_gets_in(void)
{
    static const char *const BAD[] = {"{}",
                                      "[{\"id\": \"a\\\"; x = \\\"\"}]",
                                      "[{\"id; x\": 1}]",
                                      "[{\"id\": \"A b\"}]",
                                      "[{\"a\": null}]",
                                      "[{\"a\": true}]",
                                      "[{\"a\": 99999999999}]",
                                      "[[[[[[[[[[]]]]]]]]]]"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        json_t *json = json_loads(BAD[i], 0, NULL);
        CHECK(json != NULL && rules_json_text(json) == NULL);
        json_decref(json);
    }
}

int main(void)
{
    TEST(the_default_rules_come_back);
    TEST(a_change_of_severity_3_is_severe);
    TEST(nothing_else_gets_in);
    return test_done();
}
