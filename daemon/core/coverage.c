/* Walks the lives in order of their start. Overlapping lives merge into one reach; a gap between two reaches counts
 * as out unless the lives around it show that nothing was missed. */
#include "daemon/core/coverage.h"

#include <assert.h>
#include "common/fault.h"

/* The end of the merged lives so far, which are of one boot because they overlap. */
struct reach {
    int64_t to_ms;
    uint64_t birth; /* of its latest states; 0: none was heard */
};

void coverage_sort(struct coverage_life *lives, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct coverage_life life = lives[i];
        size_t place = i;
        for (; place > 0 && life.from_ms < lives[place - 1].from_ms; place--)
            lives[place] = lives[place - 1];
        lives[place] = life;
    }
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* From when until `next` the terminal could not record; next->from_ms: it could all the time.
 *
 * A state heard after events alone, with nothing waiting to be sent, is of the same boot: a boot in between would
 * have sent its boot event before. */
static int64_t out_since_ms(const struct reach *reach, const struct coverage_life *next)
{
    if (next->birth != 0)
        return reach->birth == next->birth || reach->birth == 0 ? next->from_ms : reach->to_ms;
    if (next->before_ms == COVERAGE_UNTOLD)
        return reach->to_ms;
    return earlier(later(next->before_ms, reach->to_ms), next->from_ms);
}

/* Appends a span, merged with the previous one if they touch; empty spans are dropped. Spans come in order of
 * start. */
static size_t add(struct coverage_span *out, size_t made, int64_t from_ms, int64_t to_ms)
{
    if (from_ms >= to_ms)
        return made;
    if (made > 0 && out[made - 1].to_ms >= from_ms) {
        out[made - 1].to_ms = later(out[made - 1].to_ms, to_ms);
        return made;
    }
    out[made] = (struct coverage_span){from_ms, to_ms};
    return made + 1;
}

/* How far after a life nothing was missed: to the start of the next life with a known boot, if that is the same
 * boot and close enough. */
static int64_t reaches_ms(const struct coverage_life *lives, size_t count, size_t which)
{
    const struct coverage_life *life = &lives[which];
    for (size_t i = which + 1; life->birth != 0 && i < count; i++) {
        if (lives[i].birth == 0)
            continue;
        bool same_boot = lives[i].birth == life->birth && lives[i].from_ms - life->to_ms <= COVERAGE_WORD_MS;
        return same_boot ? later(life->to_ms, lives[i].from_ms) : life->to_ms;
    }
    return life->to_ms;
}

/* A terminal that was never heard is out always. Silence after the last life counts once it is longer than
 * COVERAGE_QUIET_MS. */
size_t coverage_silences(const struct coverage_life *lives, size_t count, int64_t now_ms, struct coverage_span *out)
{
    if (count == 0) {
        out[0] = (struct coverage_span){INT64_MIN, INT64_MAX};
        return 1;
    }
    size_t made = 0;
    struct reach reach = {reaches_ms(lives, count, 0), lives[0].birth};
    out[made++] = (struct coverage_span){INT64_MIN, lives[0].from_ms};
    for (size_t i = 1; i < count; i++) {
        assert(lives[i].from_ms >= lives[i - 1].from_ms);
        int64_t to_ms = reaches_ms(lives, count, i);
        if (lives[i].from_ms > reach.to_ms) {
            made = add(out, made, reach.to_ms, lives[i].from_ms - COVERAGE_WORD_MS);
            made = add(out, made, out_since_ms(&reach, &lives[i]), lives[i].from_ms);
            reach = (struct reach){to_ms, lives[i].birth};
            continue;
        }
        reach.to_ms = later(reach.to_ms, to_ms);
        reach.birth = lives[i].birth != 0 ? lives[i].birth : reach.birth;
    }
    if (now_ms - reach.to_ms > COVERAGE_QUIET_MS && !FAULT(silence_after_life_assumed))
        out[made++] = (struct coverage_span){reach.to_ms, INT64_MAX};
    return made;
}

/* Removes [from_ms, to_ms) from the claim: what lies before it is appended, `claim` keeps what lies after. */
static size_t cut_off(struct coverage_span *claim, int64_t from_ms, int64_t to_ms, struct coverage_span *out,
                      size_t made)
{
    if (to_ms <= claim->from_ms || from_ms >= claim->to_ms || FAULT(outage_over_heard_believed))
        return made;
    made = add(out, made, claim->from_ms, from_ms);
    claim->from_ms = to_ms;
    return made;
}

size_t coverage_of_reader(const struct coverage_life *lives, size_t count, struct coverage_span claim,
                          struct coverage_span *out)
{
    size_t made = 0;
    for (size_t i = 0; i < count; i++)
        if (lives[i].able)
            made = cut_off(&claim, lives[i].from_ms, lives[i].to_ms, out, made);
    return add(out, made, claim.from_ms, claim.to_ms);
}

size_t coverage_of_whole(const struct coverage_life *lives, size_t count, struct coverage_span claim,
                         struct coverage_span *out)
{
    size_t made = 0;
    struct reach reach = {INT64_MIN, 0};
    for (size_t i = 0; i < count; i++) {
        bool same_boot = lives[i].birth != 0 && lives[i].birth == reach.birth;
        made = cut_off(&claim, same_boot ? reach.to_ms : lives[i].from_ms, lives[i].to_ms, out, made);
        if (lives[i].birth != 0)
            reach = (struct reach){lives[i].to_ms, lives[i].birth};
    }
    return add(out, made, claim.from_ms, claim.to_ms);
}
