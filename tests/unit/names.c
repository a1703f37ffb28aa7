#include "daemon/core/school/names.h"

#include "daemon/core/outcome.h"
#include "tests/test.h"

static void same_text_same_number(void)
{
    struct names names;
    CHECK(names_open(&names, 3, 16));
    CHECK(names_add(&names, text_of("7A")) == 0 && names_add(&names, text_of("")) == 1 &&
          names_add(&names, text_of("7A")) == 0);
    CHECK(names_find(&names, text_of("")) == 1 && names_find(&names, text_of("8A")) == NAMES_NONE);
    CHECK(text_equal(names_text(&names, 0), text_of("7A")) && names_text(&names, 1).length == 0);
    names_clear(&names);
    CHECK(names.count == 0 && names_find(&names, text_of("7A")) == NAMES_NONE);
    names_close(&names);
}

static void full_is_told(void)
{
    struct names names;
    CHECK(names_open(&names, 2, 8));
    CHECK(names_add(&names, text_of("12345678")) == NAMES_NONE); /* no room for its NUL */
    CHECK(names_add(&names, text_of("123456")) == 0);
    CHECK(names_add(&names, text_of("1")) == NAMES_NONE);
    CHECK(names_add(&names, text_of("")) == 1);
    CHECK(names_add(&names, text_of("x")) == NAMES_NONE); /* two names are all */
    names_close(&names);
}

static void many_keep_their_numbers(void)
{
    enum { MANY = 20000 };
    struct names names;
    char text[16];
    CHECK(names_open(&names, MANY, MANY * 8));
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "p%05u", i);
        CHECK(names_add(&names, text_of(text)) == i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "p%05u", i);
        CHECK(names_find(&names, text_of(text)) == i && text_equal(names_text(&names, i), text_of(text)));
    }
    names_close(&names);
}

static void packed_outcomes_come_back(void)
{
    const struct outcome day[] = {{4000000000u, 490, 50, 50, 65535, STATUS_UNREPORTED},
                                  {0, 0, 1440, 0, 0, STATUS_PRESENT}};
    uint8_t bytes[OUTCOME_DAY_BYTES];
    struct outcome back[OUTCOME_LESSONS_MAX];
    size_t length = outcome_pack(day, 2, bytes);
    CHECK(length == 2 * OUTCOME_PACKED_BYTES && outcome_unpack(bytes, length, back) == 2);
    for (int i = 0; i < 2; i++)
        CHECK(back[i].lesson == day[i].lesson && back[i].start_minute == day[i].start_minute &&
              back[i].minutes == day[i].minutes && back[i].absent_minutes == day[i].absent_minutes &&
              back[i].subject == day[i].subject && back[i].status == day[i].status);
    CHECK(outcome_unpack(bytes, 0, back) == 0);
    CHECK(outcome_unpack(bytes, length - 1, back) == -1);
    CHECK(outcome_unpack(bytes, sizeof bytes + OUTCOME_PACKED_BYTES, back) == -1);
    bytes[12] = STATUSES;
    CHECK(outcome_unpack(bytes, length, back) == -1);
    bytes[12] = STATUS_UNREPORTED;
    bytes[8] = 51; /* missed more than there was */
    CHECK(outcome_unpack(bytes, length, back) == -1);
}

static void cutting_spares_characters(void)
{
    CHECK(text_cut(text_of("aåb"), 2).length == 1 && text_cut(text_of("aåb"), 3).length == 3);
    CHECK(text_cut(text_of("åå"), 4).length == 4 && text_cut(text_of("å"), 1).length == 0);
}

int main(void)
{
    TEST(same_text_same_number);
    TEST(full_is_told);
    TEST(many_keep_their_numbers);
    TEST(packed_outcomes_come_back);
    TEST(cutting_spares_characters);
    return test_done();
}
