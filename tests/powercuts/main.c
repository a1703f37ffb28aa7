/*   cut-power                  a sample of it, among the other tests
 *   cut-power full             every operation of a week, each cut in several ways, each failure
 *   cut-power cuts FEWER       the cuts alone, one in FEWER of them
 *   cut-power torture MINUTES  other weeks, on every core, until the time is up
 *
 * FEWER=4 in the environment: one point in four of the first two.
 */
#include "tests/powercuts/powercuts.h"

#include <stdlib.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "common/log.h"
#include "tests/memory_vfs.h"
#include "tests/test.h"

#define QUICK_DAYS     1
#define QUICK_FEWER    12 /* failures */
#define QUICK_CONTROLS 16 /* fewer points: a control is to lose, not to be counted */
#define MEMORY_FEWER   4  /* of these, since memory is asked for so often */
#define FULL_DAYS      5
#define FULL_POINTS    15000
#define CONTROL_DAYS   2
#define LYING_DAYS     6  /* until a checkpoint has moved what was never synced */
#define LYING_FEWER    16 /* points: so much is unsynced that each takes long */
#define SHARES_MAX     64

static bool quick = true;
static uint32_t fewer = 1; /* one point in so many */

/* What one share of the work comes to: a few numbers. */
struct numbers {
    int64_t of[4];
};
typedef struct numbers work(struct share share, int which);

/* Every core does its share in a process of its own; adds up what they found. A process that died counts in of[3]. */
static struct numbers shared(work *do_share, int which, uint64_t seed)
{
    struct numbers sum = {{0}}, one;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t shares = cores > SHARES_MAX ? SHARES_MAX : (uint32_t)cores;
    int ends[2];
    if (pipe(ends) != 0)
        exit(2);
    fflush(stdout);
    for (uint32_t i = 0; i < shares; i++)
        if (fork() == 0) {
            one = do_share((struct share){.share = i, .shares = shares, .seed = seed}, which);
            _exit(write(ends[1], &one, sizeof one) != sizeof one);
        }
    close(ends[1]);
    while (read(ends[0], &one, sizeof one) == sizeof one)
        for (int i = 0; i < 4; i++)
            sum.of[i] += one.of[i];
    close(ends[0]);
    for (int status; wait(&status) > 0;)
        sum.of[3] += status != 0;
    return sum;
}

static struct numbers cut(struct share share, int setting)
{
    const int days_of[] = {quick ? QUICK_DAYS : FULL_DAYS, CONTROL_DAYS, CONTROL_DAYS, LYING_DAYS};
    share.shares *= fewer;
    if (setting == SETTING_LYING_SYNC)
        share.shares *= LYING_FEWER;
    else if (quick && setting != SETTING_OURS)
        share.shares *= QUICK_CONTROLS;
    struct cuts cuts = cuts_make(share, (enum setting)setting, days_of[setting]);
    return (struct numbers){{cuts.points, cuts.lost, cuts.damaged, cuts.between}};
}

static struct numbers cuts_with(enum setting setting, uint64_t seed)
{
    static const char *const WORDS[] = {"ours", "synchronous=NORMAL", "synchronous=OFF", "a sync that lies"};
    time_t begun = time(NULL);
    struct numbers sum = shared(cut, setting, seed);
    printf("# %s: %lld cut points in %ld s: %lld lost receipted events, %lld damaged, %lld between two commits\n",
           WORDS[setting], (long long)sum.of[0], (long)(time(NULL) - begun), (long long)sum.of[1], (long long)sum.of[2],
           (long long)sum.of[3]);
    return sum;
}

static void no_cut_loses_or_damages(void)
{
    struct numbers sum = cuts_with(SETTING_OURS, 1);
    CHECK(sum.of[0] >= (quick ? FULL_POINTS / 10 : FULL_POINTS) / fewer);
    CHECK(sum.of[1] == 0 && sum.of[2] == 0 && sum.of[3] == 0);
}

static void normal_loses(void)
{
    struct numbers sum = cuts_with(SETTING_NORMAL, 2);
    CHECK(sum.of[1] > 0);
}

static void off_damages(void)
{
    struct numbers sum = cuts_with(SETTING_OFF, 3);
    CHECK(sum.of[2] > 0);
}

static void a_lying_sync_damages(void)
{
    struct numbers sum = cuts_with(SETTING_LYING_SYNC, 4);
    CHECK(sum.of[2] > 0);
}

static struct numbers fail(struct share share, int kind)
{
    share.shares *= quick ? QUICK_FEWER * fewer : fewer;
    if (kind == FAILURE_MEMORY)
        share.shares *= MEMORY_FEWER;
    struct failures failures = failures_make(share, (enum failure)kind);
    return (struct numbers){{failures.points, failures.violations, failures.died, 0}};
}

static struct numbers failures_of(int kind, uint64_t seed)
{
    static const char *const WORDS[FAILURE_KINDS] = {"an I/O error once", "I/O errors for good", "a full disk",
                                                     "memory refused"};
    time_t begun = time(NULL);
    struct numbers sum = shared(fail, kind, seed);
    printf("# %s: %lld points in %ld s: %lld with a violation, %lld died\n", WORDS[kind], (long long)sum.of[0],
           (long)(time(NULL) - begun), (long long)sum.of[1], (long long)(sum.of[2] + sum.of[3]));
    return sum;
}

static void no_failure_loses(void)
{
    for (int kind = 0; kind < FAILURE_KINDS; kind++) {
        struct numbers sum = failures_of(kind, 5);
        CHECK(sum.of[0] > (quick ? 50 : 500) / fewer);
        CHECK(sum.of[1] == 0 && sum.of[2] == 0 && sum.of[3] == 0);
    }
}

static void add(struct numbers *sum, struct numbers more)
{
    for (int i = 0; i < 4; i++)
        sum->of[i] += more.of[i];
}

/* Cuts and one kind of failure in turn, until the time is up. */
static int torture(int minutes)
{
    struct numbers cuts = {{0}}, failures = {{0}};
    time_t begun = time(NULL);
    for (int round = 0; time(NULL) < begun + minutes * 60; round++) {
        uint32_t seed;
        if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
            return 2;
        printf("# seed %u\n", seed);
        add(&cuts, cuts_with(SETTING_OURS, seed));
        add(&failures, failures_of((FAILURE_MEMORY + round) % FAILURE_KINDS, seed));
    }
    int64_t took_s = time(NULL) - begun;
    printf("%lld cut points and %lld failures in %lld s, %lld a minute: %lld lost, %lld damaged, %lld between; %lld "
           "failures"
           " with a violation, %lld died\n",
           (long long)cuts.of[0], (long long)failures.of[0], (long long)took_s,
           (long long)((cuts.of[0] + failures.of[0]) * 60 / took_s), (long long)cuts.of[1], (long long)cuts.of[2],
           (long long)cuts.of[3], (long long)failures.of[1], (long long)(failures.of[2] + failures.of[3]));
    return cuts.of[0] == 0 ||
           cuts.of[1] + cuts.of[2] + cuts.of[3] + failures.of[1] + failures.of[2] + failures.of[3] > 0;
}

int main(int argc, char **argv)
{
    failures_prepare();
    memory_vfs_register();
    log_open("powercuts", LOG_WARN);
    quick = argc == 1;
    if (argc == 3 && strcmp(argv[1], "torture") == 0)
        return torture((int)strtol(argv[2], NULL, 10));
    fewer = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : (uint32_t)test_fewer();
    if (fewer == 0)
        return 2;
    if (argc == 3 && strcmp(argv[1], "cuts") == 0) {
        TEST(no_cut_loses_or_damages);
        return test_done();
    }
    TEST(normal_loses);
    TEST(off_damages);
    TEST(a_lying_sync_damages);
    TEST(no_cut_loses_or_damages);
    TEST(no_failure_loses);
    return test_done();
}
