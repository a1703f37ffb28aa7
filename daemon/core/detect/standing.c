/* Keeps the counts of a class by date and sign equal to what its pupils' days say, by the difference of before and
 * after. */
#include "daemon/core/detect/standing.h"

#include <assert.h>
#include "common/fault.h"

struct class_year *standing_class(const struct history *history, const struct pupil_year *year, uint32_t class)
{
    if (year->class_year != NULL && year->class == class)
        return year->class_year;
    struct class_year *found = class < history->class_count ? history->class_years[class] : NULL;
    while (found != NULL && found->first_day != year->first_day)
        found = found->older;
    return found;
}

const struct class_year *history_class_on(const struct history *history, const struct pupil_year *year, uint32_t index)
{
    return year->changes_class && !FAULT(class_of_today)
               ? standing_class(history, year, history_shape(history, year->days[index].shape)->class)
               : year->class_year;
}

/* A date as one bit per sign (packed.h): each count column that is above 0, expected lessons, and not absent all
 * day. */
static uint32_t signs_of(const struct day_sums *sums)
{
    uint32_t expected = sums->of[COLUMN_EXPECTED] > 0, absent = sums->of[COLUMN_ABSENT_DAYS], signs = 0;
    for (uint32_t column = COLUMN_ABSENT_DAYS; column <= COLUMN_UNREPORTED_DATES; column++)
        signs |= (uint32_t)(sums->of[column] > 0) << sign_in((uint8_t)column);
    return signs | expected << SIGN_EXPECTED | (absent ^ 1) << SIGN_NOT_ABSENT;
}

/* A class whose counts do not change is not reported, so that its pupils are not evaluated again. */
static void count_signs(struct history_change *change, struct class_year *class, uint16_t date, uint32_t less,
                        uint32_t more)
{
    uint32_t changed = less ^ more;
    if (class == NULL || changed == 0)
        return;
    for (uint32_t left = changed; left != 0; left &= left - 1) {
        uint16_t *count = &class->counts[__builtin_ctz(left)][date];
        *count = (uint16_t)(*count + ((more & left & -left) != 0 ? 1 : -1));
    }
    assert(change->class_count < CLASS_CHANGES);
    change->classes[change->class_count++] = (struct class_change){class, date, (uint8_t)changed};
}

struct standing standing_at(const struct history *history, const struct pupil_year *year, uint32_t index)
{
    struct day_sums sums;
    history_settled_sums(history, year, index, &sums);
    return (struct standing){standing_class(history, year, history_shape(history, year->days[index].shape)->class),
                             signs_of(&sums)};
}

struct standing standing_on(const struct history *history, const struct pupil_year *year, uint16_t date)
{
    uint32_t through = history_days_through(year, date);
    if (through == 0 || year->days[through - 1].date != date)
        return (struct standing){NULL, 0};
    return standing_at(history, year, through - 1);
}

uint32_t standing_decides_after(const struct history *history, const struct pupil_year *year, uint16_t date)
{
    uint32_t index = history_days_through(year, date);
    struct day_sums sums = {.spells = 0};
    for (; index < year->day_count; index++) {
        history_sums(history, year, index, &sums);
        if ((sums.spells & DAY_DECIDES) != 0)
            break;
    }
    return index;
}

static void set_bit(uint64_t *bits, uint32_t date, uint32_t value)
{
    bits[date / 64] = (bits[date / 64] & ~(UINT64_C(1) << date % 64)) | (uint64_t)value << date % 64;
}

static bool is_idle(struct standing standing)
{
    return standing.class != NULL && (standing.signs >> SIGN_EXPECTED & 1) == 0;
}

void standing_set(struct pupil_year *year, uint16_t date, struct standing before, struct standing now,
                  struct history_change *change)
{
    set_bit(year->expected_bits, date, now.signs >> SIGN_EXPECTED & 1);
    set_bit(year->absent_bits, date, now.signs >> SIGN_ABSENT & 1);
    set_bit(year->spell_bits, date, now.signs >> SIGN_SPELL & 1);
    year->idle_days = (uint16_t)(year->idle_days + is_idle(now) - is_idle(before));
    if (before.class == now.class) {
        count_signs(change, now.class, date, before.signs, now.signs);
    } else {
        count_signs(change, before.class, date, FAULT(left_class_keeps_day) ? 0 : before.signs, 0);
        count_signs(change, now.class, date, 0, now.signs);
    }
}
