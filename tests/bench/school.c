#include "tests/bench/school.h"

#include "common/civil.h"

enum { WEEK_DAYS = 5 };

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t z = ((uint64_t)a << 32 | b) * UINT64_C(0x9E3779B97F4A7C15) + c * UINT64_C(0xD6E8FEB86659FD93);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)(z >> 32);
}

/* Autumn: 17 weeks from 18 August, then spring from 8 January, Christmas between them. */
int32_t bench_date(int index)
{
    enum { AUTUMN_DAYS = 85 };
    int32_t monday = index < AUTUMN_DAYS ? civil_day(2025, 8, 18) : civil_day(2026, 1, 12);
    int within = index < AUTUMN_DAYS ? index : index - AUTUMN_DAYS;
    return monday + within / WEEK_DAYS * 7 + within % WEEK_DAYS;
}

/* How often, in thousandths of days or lessons: ill, away from a lesson, late. Few pupils miss much. */
static void habits(uint32_t pupil, uint32_t *ill, uint32_t *away, uint32_t *late)
{
    uint32_t kind = mix(pupil, 7, 7) % 100;
    *ill = kind < 5 ? 200 : kind < 30 ? 60 : 25;
    *away = kind < 5 ? 80 : kind < 15 ? 40 : 3;
    *late = kind % 10 == 3 ? 60 : 15;
}

static bool ill_on(uint32_t pupil, uint32_t ill, int index)
{
    for (int begun = 0; begun < 3 && begun <= index; begun++) /* a spell of one to three days */
        if (mix(pupil, (uint32_t)(index - begun), 1) % 1000 < ill / 2 &&
            mix(pupil, (uint32_t)(index - begun), 2) % 3 >= (uint32_t)begun)
            return true;
    return false;
}

void bench_day(uint32_t pupil, int index, struct outcome outcomes[BENCH_LESSONS])
{
    static const uint16_t LENGTHS[] = {40, 50, 60, 80};
    uint32_t ill, away, late, class = pupil / BENCH_CLASS_PUPILS, weekday = (uint32_t)index % WEEK_DAYS;
    habits(pupil, &ill, &away, &late);
    bool absent = ill_on(pupil, ill, index);
    for (uint32_t i = 0; i < BENCH_LESSONS; i++) {
        uint32_t lesson = mix(class, weekday, i), chance = mix(pupil, (uint32_t)index, 10 + i);
        uint16_t minutes = LENGTHS[lesson % 4];
        struct outcome *outcome = &outcomes[i];
        *outcome = (struct outcome){.start_minute = (uint16_t)(480 + 90 * i),
                                    .minutes = minutes,
                                    .subject = (uint16_t)(lesson / 4 % BENCH_SUBJECTS),
                                    .status = STATUS_PRESENT};
        if (absent || chance % 1000 < away) {
            outcome->status = !absent || mix(pupil, (uint32_t)index, 3) % 10 == 0 ? STATUS_UNREPORTED : STATUS_REPORTED;
            outcome->absent_minutes = minutes;
        } else if (chance / 1000 % 1000 < late) {
            outcome->status = STATUS_LATE;
            outcome->absent_minutes = (uint16_t)(6 + chance / 1000000 % 15);
        }
    }
}
