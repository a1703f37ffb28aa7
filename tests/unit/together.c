/* What may be told of a term: numbers, medians and means against sorted lists, and an attacker who tries every school that could have
 * led to what is told. */
#include "dashboard/together.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "tests/test.h"

#define GRADES      TOGETHER_GRADE_MAX
#define ANSWERS_MAX 19 /* of a term that is attacked */
#define MEANS       41 /* tenths, up to 4.0 */

static int32_t date_of(int year, int month, int day)
{
    return civil_day(year, month, day);
}

static void a_year_has_two_terms_that_share_no_day(void)
{
    for (int32_t day = date_of(2024, 1, 1); day < date_of(2029, 1, 1); day++) {
        int32_t term = together_term(day), next = together_next_term(term);
        CHECK(term <= day && day < next && together_term(next) == next && together_term(next - 1) == term);
    }
    CHECK(together_term(date_of(2026, 11, 20)) == date_of(2026, 8, 1));
    CHECK(together_next_term(date_of(2026, 8, 1)) == date_of(2027, 1, 1));
    CHECK(together_term(date_of(2027, 7, 31)) == date_of(2027, 1, 1));
}

static int compare(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

static void number_and_median_are_those_of_the_sorted_list(void)
{
    static int values[200];
    srand(7);
    for (int round = 0; round < 2000; round++) {
        struct together_tally tally = {0};
        int count = rand() % 200;
        for (int i = 0; i < count; i++) {
            values[i] = rand() % 120;
            together_add(&tally, values[i], 1);
            values[i] = values[i] > TOGETHER_WEEKS_MAX ? TOGETHER_WEEKS_MAX : values[i];
        }
        qsort(values, (size_t)count, sizeof *values, compare);
        struct together_told told = together_tell(&tally);
        CHECK(told.number == count / 5 * 5);
        CHECK(told.number == 0 ? told.median == 0 && told.mean_tenths == 0 : told.median == values[(count - 1) / 2]);
    }
}

static void weeks_are_whole_and_never_negative(void)
{
    CHECK(together_weeks(10, 10) == 0 && together_weeks(10, 16) == 0 && together_weeks(10, 17) == 1);
    CHECK(together_weeks(17, 10) == 0);
    struct together_tally tally = {0};
    together_add(&tally, -1, 2);
    together_add(&tally, TOGETHER_WEEKS_MAX + 5, 3);
    CHECK(tally.counts[0] == 2 && tally.counts[TOGETHER_WEEKS_MAX] == 3);
}

/* How many of a grade there may be, when so many answered in all and this mean is told; most -1: it cannot be. */
static struct {
    int least, most;
} found[ANSWERS_MAX + 1][MEANS][GRADES];

static void find(const int counts[GRADES])
{
    struct together_tally tally = {0};
    int all = 0;
    for (int i = 0; i < GRADES; i++) {
        together_add(&tally, i + 1, counts[i]);
        all += counts[i];
    }
    struct together_told told = together_tell(&tally);
    for (int i = 0; i < GRADES; i++) {
        int *least = &found[all][told.mean_tenths][i].least, *most = &found[all][told.mean_tenths][i].most;
        *least = *most < 0 || counts[i] < *least ? counts[i] : *least;
        *most = counts[i] > *most ? counts[i] : *most;
    }
}

static void find_all(void)
{
    for (int all = 0; all <= ANSWERS_MAX; all++)
        for (int mean = 0; mean < MEANS; mean++)
            for (int i = 0; i < GRADES; i++)
                found[all][mean][i].most = -1;
    for (int a = 0; a <= ANSWERS_MAX; a++)
        for (int b = 0; a + b <= ANSWERS_MAX; b++)
            for (int c = 0; a + b + c <= ANSWERS_MAX; c++)
                for (int d = 0; a + b + c + d <= ANSWERS_MAX; d++)
                    find((const int[]){a, b, c, d});
}

/* Both questions have as many answers, so each mean narrows down how many they may be. */
static void attack(int number, int mean, int other_mean)
{
    for (int i = 0; i < GRADES; i++) {
        int least = ANSWERS_MAX, most = -1;
        for (int all = number; all < number + 5; all++) {
            if (found[all][mean][i].most < 0 || found[all][other_mean][i].most < 0)
                continue;
            least = found[all][mean][i].least < least ? found[all][mean][i].least : least;
            most = found[all][mean][i].most > most ? found[all][mean][i].most : most;
        }
        CHECK(most < 0 || least != most || least == 0 || least >= 5);
    }
}

static void no_answer_is_found_from_what_is_told(void)
{
    find_all();
    for (int number = 5; number + 4 <= ANSWERS_MAX; number += 5)
        for (int mean = 0; mean < MEANS; mean++)
            for (int other = 0; other < MEANS; other++)
                attack(number, mean, other);
    CHECK(found[5][10][1].most == 1 && found[5][10][1].least == 0); /* the attacker has looked */
}

int main(void)
{
    TEST(a_year_has_two_terms_that_share_no_day);
    TEST(number_and_median_are_those_of_the_sorted_list);
    TEST(weeks_are_whole_and_never_negative);
    TEST(no_answer_is_found_from_what_is_told);
    return test_done();
}
