/* The kernels, plain and for AVX2. A plain test looks only at days that are still set; the AVX2 ones compute all
 * days of a word and combine with AND, and skip what has no bit set. */
#include "daemon/core/detect/vector/lanes.h"

#include <assert.h>

/* Plain: one day at a time, set bits only. */

static bool count_passes(const struct count_test *test, uint32_t day)
{
    return test->to[day] - test->from[day] >= test->least;
}

static bool share_passes(const struct share_test *test, uint32_t day)
{
    int32_t left = test->left_to[day] - test->left_from[day], right = test->right_to[day] - test->right_from[day];
    return left * test->left_times - right * test->right_times >= test->least;
}

static bool rise_passes(const struct rise_test *test, uint32_t day)
{
    int32_t n1 = test->part_near[day] - test->part_far[day], d1 = test->whole_near[day] - test->whole_far[day];
    int32_t n2 = test->part_far[day] - test->part_base[day], d2 = test->whole_far[day] - test->whole_base[day];
    int64_t left = (int64_t)(test->times * n1 - test->threshold * d1) * d2, right = (int64_t)(test->times * n2) * d1;
    return (left >= right) != test->negated;
}

static bool plain_count(const struct count_test *test, struct day_bits *bits, uint32_t words)
{
    uint64_t any = 0;
    for (uint32_t word = 0; word < words; word++) {
        for (uint64_t left = bits->words[word]; left != 0; left &= left - 1)
            if (!count_passes(test, 64 * word + (uint32_t)__builtin_ctzll(left)))
                bits->words[word] &= ~(left & -left);
        any |= bits->words[word];
    }
    return any != 0;
}

static bool plain_share(const struct share_test *test, struct day_bits *bits, uint32_t words)
{
    uint64_t any = 0;
    for (uint32_t word = 0; word < words; word++) {
        for (uint64_t left = bits->words[word]; left != 0; left &= left - 1)
            if (!share_passes(test, 64 * word + (uint32_t)__builtin_ctzll(left)))
                bits->words[word] &= ~(left & -left);
        any |= bits->words[word];
    }
    return any != 0;
}

static bool plain_rise(const struct rise_test *test, struct day_bits *bits, uint32_t words)
{
    uint64_t any = 0;
    for (uint32_t word = 0; word < words; word++) {
        for (uint64_t left = bits->words[word]; left != 0; left &= left - 1)
            if (!rise_passes(test, 64 * word + (uint32_t)__builtin_ctzll(left)))
                bits->words[word] &= ~(left & -left);
        any |= bits->words[word];
    }
    return any != 0;
}

/* A day has exceptions when the next day's begin elsewhere. */
static void mark_from(const struct mark_test *test, uint32_t day, struct day_bits *marked, struct day_bits *strange)
{
    for (uint32_t last = test->count - 1; day <= last; day++) {
        const struct packed_day *at = &test->days[day];
        uint64_t bit = UINT64_C(1) << day % 64;
        marked->words[day / 64] |= day < last && at[0].first_exception != at[1].first_exception ? bit : 0;
        strange->words[day / 64] |= at->shape != test->timetable[day].shape ? bit : 0;
    }
}

static void plain_mark(const struct mark_test *test, struct day_bits *marked, struct day_bits *strange)
{
    *marked = *strange = (struct day_bits){{0}};
    mark_from(test, 0, marked, strange);
}

static void plain_sum_counts(int16_t *column, uint32_t days)
{
    for (uint32_t day = 1; day < days; day++)
        column[day] = (int16_t)(column[day] + column[day - 1]);
}

static void plain_sum_minutes(int32_t *column, uint32_t days)
{
    for (uint32_t day = 1; day < days; day++)
        column[day] += column[day - 1];
}

static void plain_sum_days(const struct day_sums *by_day, uint32_t days, struct minutes_column minutes[MINUTE_COLUMNS],
                           struct counts_column counts[COUNT_COLUMNS])
{
    int32_t sums[COLUMNS] = {0};
    for (uint32_t day = 0; day < days; day++) {
        for (uint32_t column = 0; column < COLUMNS; column++)
            sums[column] += by_day[day].of[column];
        for (uint32_t column = 0; column < MINUTE_COLUMNS; column++)
            minutes[column].sums[BEFORE + 1 + day] = sums[column];
        for (uint32_t column = 0; column < COUNT_COLUMNS; column++)
            counts[column].sums[BEFORE + 1 + day] = (int16_t)sums[COLUMN_ABSENT_DAYS + column];
    }
}

const struct lanes LANES_PLAIN = {plain_mark,       plain_count,       plain_share,   plain_rise,
                                  plain_sum_counts, plain_sum_minutes, plain_sum_days};

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2     __attribute__((target("avx2")))
#define UNROLLED _Pragma("GCC unroll 8") /* no counting of parts, and arrays of vectors stay in registers */
typedef __m256i lane;

static inline AVX2 lane load(const void *at)
{
    return _mm256_loadu_si256(at);
}

static inline AVX2 lane difference(const int32_t *to, const int32_t *from)
{
    return _mm256_sub_epi32(load(to), load(from));
}

/* A bit for each of eight 32-bit lanes that is all ones. */
static inline AVX2 uint64_t bits_of(lane held)
{
    return (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(held));
}

/* A bit for each of four 64-bit lanes whose top bit is not set. */
static inline AVX2 uint64_t bits_without(lane held)
{
    return (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(held)) ^ 0xF;
}

/* Four days in a register. A comparison tells by the top bit of each: the shape is there, the first exception is moved there. */
static AVX2 void mark_avx2(const struct mark_test *test, struct day_bits *marked, struct day_bits *strange)
{
    static_assert(offsetof(struct packed_day, first_exception) == 2 && offsetof(struct packed_day, shape) == 4,
                  "the shape is the upper half of a day, the first exception that of the lower one");
    uint32_t day = 0, parts = (test->count - 1) / 4; /* whole ones with a day behind them */
    *marked = *strange = (struct day_bits){{0}};
    for (uint32_t word = 0; 16 * word < parts; word++) {
        uint64_t excepted = 0, other = 0;
        uint32_t end = parts - 16 * word < 16 ? 4 * (parts - 16 * word) : 64;
        UNROLLED
        for (uint32_t part = 0; part < end; part += 4, day += 4) {
            lane days = load(test->days + day);
            lane same_first = _mm256_slli_epi64(_mm256_cmpeq_epi16(days, load(test->days + day + 1)), 32);
            excepted |= bits_without(same_first) << part;
            other |= bits_without(_mm256_cmpeq_epi32(days, load(test->timetable + day))) << part;
        }
        marked->words[word] = excepted;
        strange->words[word] = other;
    }
    mark_from(test, day, marked, strange);
}

/* Two vectors of 16 comparisons are packed to 32 bytes for one movemask. packs works within 128-bit halves, so the
 * permute 0xD8 puts the four quarters back in order. */
static AVX2 bool count_avx2(const struct count_test *test, struct day_bits *bits, uint32_t words)
{
    lane below = _mm256_set1_epi16((int16_t)(test->least - 1));
    uint64_t any = 0;
    for (uint32_t word = 0; word < words; word++) {
        if (bits->words[word] == 0)
            continue;
        uint64_t passed = 0;
        UNROLLED
        for (uint32_t half = 0; half < 64; half += 32) {
            const int16_t *to = test->to + 64 * word + half, *from = test->from + 64 * word + half;
            lane first = _mm256_cmpgt_epi16(_mm256_sub_epi16(load(to), load(from)), below);
            lane second = _mm256_cmpgt_epi16(_mm256_sub_epi16(load(to + 16), load(from + 16)), below);
            lane bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0xD8);
            passed |= (uint64_t)(uint32_t)_mm256_movemask_epi8(bytes) << half;
        }
        any |= bits->words[word] &= passed;
    }
    return any != 0;
}

static AVX2 bool share_avx2(const struct share_test *test, struct day_bits *bits, uint32_t words)
{
    lane left_times = _mm256_set1_epi32(test->left_times), right_times = _mm256_set1_epi32(test->right_times);
    lane below = _mm256_set1_epi32(test->least - 1);
    uint64_t any = 0;
    for (uint32_t word = 0; word < words; word++) {
        if (bits->words[word] == 0)
            continue;
        uint64_t passed = 0;
        UNROLLED
        for (uint32_t part = 0; part < 64; part += 8) {
            uint32_t day = 64 * word + part;
            lane left = _mm256_mullo_epi32(difference(test->left_to + day, test->left_from + day), left_times);
            lane right = _mm256_mullo_epi32(difference(test->right_to + day, test->right_from + day), right_times);
            passed |= bits_of(_mm256_cmpgt_epi32(_mm256_sub_epi32(left, right), below)) << part;
        }
        any |= bits->words[word] &= passed;
    }
    return any != 0;
}

/* In each 32-bit lane: a * b < c * d. */
static inline AVX2 lane product_below(lane a, lane b, lane c, lane d)
{
    lane even = _mm256_cmpgt_epi64(_mm256_mul_epi32(c, d), _mm256_mul_epi32(a, b));
    lane odd = _mm256_cmpgt_epi64(_mm256_mul_epi32(_mm256_srli_epi64(c, 32), _mm256_srli_epi64(d, 32)),
                                  _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32)));
    return _mm256_blend_epi32(even, odd, 0xAA);
}

/* Products of two 32-bit factors take 64-bit lanes, four at a time, so parts of eight days without a bit are
 * skipped. */
static AVX2 bool rise_avx2(const struct rise_test *test, struct day_bits *bits, uint32_t words)
{
    lane times = _mm256_set1_epi32(test->times), threshold = _mm256_set1_epi32(test->threshold);
    uint64_t any = 0;
    for (uint32_t word = 0; word < words; word++) {
        uint64_t passed = 0;
        for (uint32_t part = 0; part < 64; part += 8) {
            if ((bits->words[word] >> part & 0xFF) == 0)
                continue;
            uint32_t day = 64 * word + part;
            lane n1 = difference(test->part_near + day, test->part_far + day);
            lane d1 = difference(test->whole_near + day, test->whole_far + day);
            lane n2 = difference(test->part_far + day, test->part_base + day);
            lane d2 = difference(test->whole_far + day, test->whole_base + day);
            lane over = _mm256_sub_epi32(_mm256_mullo_epi32(n1, times), _mm256_mullo_epi32(d1, threshold));
            passed |= (bits_of(product_below(over, d2, _mm256_mullo_epi32(n2, times), d1)) ^ 0xFF) << part;
        }
        any |= bits->words[word] &= test->negated ? ~passed : passed;
    }
    return any != 0;
}

/* Prefix sum in log steps within a vector; `before` carries the total. Each vector is summed before the carry is
 * added, so the dependency chain from vector to vector is one addition. */
static AVX2 void sum_counts_avx2(int16_t *column, uint32_t days)
{
    const lane top = _mm256_set1_epi16(15 << 8 | 14); /* the last of a half, into all its lanes */
    lane before = _mm256_setzero_si256();
    for (uint32_t day = 0; day < days; day += 16) {
        lane sums = load(column + day);
        sums = _mm256_add_epi16(sums, _mm256_slli_si256(sums, 2));
        sums = _mm256_add_epi16(sums, _mm256_slli_si256(sums, 4));
        sums = _mm256_add_epi16(sums, _mm256_slli_si256(sums, 8));
        lane halves = _mm256_shuffle_epi8(sums, top);
        sums = _mm256_add_epi16(sums, _mm256_permute2x128_si256(halves, halves, 0x08));
        _mm256_storeu_si256((lane *)(void *)(column + day), _mm256_add_epi16(sums, before));
        before = _mm256_add_epi16(before, _mm256_shuffle_epi8(_mm256_permute4x64_epi64(sums, 0xFF), top));
    }
}

static AVX2 void sum_minutes_avx2(int32_t *column, uint32_t days)
{
    const lane last = _mm256_set1_epi32(7);
    lane before = _mm256_setzero_si256();
    for (uint32_t day = 0; day < days; day += 8) {
        lane sums = load(column + day);
        sums = _mm256_add_epi32(sums, _mm256_slli_si256(sums, 4));
        sums = _mm256_add_epi32(sums, _mm256_slli_si256(sums, 8));
        lane halves = _mm256_shuffle_epi32(sums, 0xFF);
        sums = _mm256_add_epi32(sums, _mm256_permute2x128_si256(halves, halves, 0x08));
        _mm256_storeu_si256((lane *)(void *)(column + day), _mm256_add_epi32(sums, before));
        before = _mm256_add_epi32(before, _mm256_permutevar8x32_epi32(sums, last));
    }
}

/* Transposes 8 x 8: rows of one day become rows of one column. */
static inline AVX2 void turn_minutes(lane rows[8])
{
    lane pairs[8], fours[8];
    UNROLLED
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm256_unpacklo_epi32(rows[i], rows[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    UNROLLED
    for (int i = 0; i < 8; i += 4)
        UNROLLED
    for (int half = 0; half < 2; half++) {
        fours[i + 2 * half] = _mm256_unpacklo_epi64(pairs[i + half], pairs[i + half + 2]);
        fours[i + 2 * half + 1] = _mm256_unpackhi_epi64(pairs[i + half], pairs[i + half + 2]);
    }
    UNROLLED
    for (int i = 0; i < 4; i++) {
        rows[i] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x20);
        rows[i + 4] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x31);
    }
}

static inline AVX2 void turn_counts(__m128i rows[8])
{
    __m128i pairs[8], fours[8];
    UNROLLED
    for (int i = 0; i < 4; i++) {
        pairs[2 * i] = _mm_unpacklo_epi16(rows[i], rows[i + 4]);
        pairs[2 * i + 1] = _mm_unpackhi_epi16(rows[i], rows[i + 4]);
    }
    UNROLLED
    for (int i = 0; i < 4; i++) {
        fours[2 * i] = _mm_unpacklo_epi16(pairs[i], pairs[i + 4]);
        fours[2 * i + 1] = _mm_unpackhi_epi16(pairs[i], pairs[i + 4]);
    }
    UNROLLED
    for (int i = 0; i < 4; i++) {
        rows[2 * i] = _mm_unpacklo_epi16(fours[i], fours[i + 4]);
        rows[2 * i + 1] = _mm_unpackhi_epi16(fours[i], fours[i + 4]);
    }
}

/* Eight days at a time: one register holds the running sums of all columns, its eight states are transposed and
 * stored by column. */
static AVX2 void sum_days_avx2(const struct day_sums *by_day, uint32_t days,
                               struct minutes_column minutes[MINUTE_COLUMNS],
                               struct counts_column counts[COUNT_COLUMNS])
{
    lane minute_sums = _mm256_setzero_si256(), minute_rows[8];
    __m128i count_sums = _mm_setzero_si128(), count_rows[8];
    for (uint32_t day = 0; day < days; day += 8) {
        UNROLLED
        for (uint32_t i = 0; i < 8; i++) {
            minute_sums = _mm256_add_epi32(minute_sums, _mm256_cvtepu16_epi32((__m128i)by_day[day + i].minutes));
            count_sums = _mm_add_epi16(count_sums, (__m128i)by_day[day + i].counts);
            minute_rows[i] = minute_sums;
            count_rows[i] = count_sums;
        }
        turn_minutes(minute_rows);
        turn_counts(count_rows);
        UNROLLED
        for (uint32_t column = 0; column < MINUTE_COLUMNS; column++)
            _mm256_storeu_si256((lane *)(void *)&minutes[column].sums[BEFORE + 1 + day], minute_rows[column]);
        UNROLLED
        for (uint32_t column = 0; column < COUNT_COLUMNS; column++)
            _mm_storeu_si128((__m128i *)(void *)&counts[column].sums[BEFORE + 1 + day], count_rows[column]);
    }
}

const struct lanes *lanes_best(void)
{
    static const struct lanes LANES_AVX2 = {mark_avx2,       count_avx2,       share_avx2,   rise_avx2,
                                            sum_counts_avx2, sum_minutes_avx2, sum_days_avx2};
    return __builtin_cpu_supports("avx2") ? &LANES_AVX2 : &LANES_PLAIN;
}

#else

const struct lanes *lanes_best(void)
{
    return &LANES_PLAIN;
}

#endif
