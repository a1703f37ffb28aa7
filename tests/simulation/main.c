/* Two real terminal engines, the real daemon core and the real SQLite in one thread and virtual time, with a network at
 * least as bad as MQTT QoS 0, a broker that forgets, clocks that jump, and power cuts at the worst moments. One seed
 * decides everything; invariants.c says what must hold.
 *
 *   simulate                  the run of every change
 *   simulate SEED DAYS        one run, told in full
 *   simulate torture MINUTES  fresh seeds on every core until the time is up
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "common/log.h"
#include "tests/simulation/world.h"
#include "tests/test.h"

#define SEEDS        10
#define DAYS         20
#define TORTURE_DAYS 40

static struct findings run(uint64_t seed, int days)
{
    int32_t first_day = civil_day(2026, 10, 12); /* summer time ends within the first two weeks */
    term_open(seed, first_day, days);
    for (int day = 0; day < days; day++)
        term_day(first_day + day, term_step);
    term_drain();
    struct findings findings = invariants_check();
    host_stop();
    return findings;
}

static void nothing_is_lost_doubled_or_invented(void)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct findings findings = run(seed, DAYS);
        findings_tell(&findings);
        CHECK(findings_count(&findings) == 0);
        CHECK(sim.counts.crashes > DAYS / 2 && sim.tap_count > DAYS * FACTS_PUPILS && findings.flags > 0 &&
              sim.counts.imports > 0);
    }
}

static void a_seed_decides_everything(void)
{
    run(77, 3);
    uint64_t first = sim.trace;
    run(77, 3);
    CHECK(sim.trace == first);
    run(78, 3);
    CHECK(sim.trace != first);
}

static uint64_t fresh_seed(void)
{
    uint32_t seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        exit(2);
    return seed;
}

struct tally {
    long runs, bad, taps, crashes, stored;
};

static struct tally torture_until(time_t end)
{
    struct tally tally = {0};
    while (time(NULL) < end) {
        struct findings findings = run(fresh_seed(), TORTURE_DAYS);
        if (findings_count(&findings) > 0)
            findings_tell(&findings);
        fflush(stdout);
        tally.runs++;
        tally.bad += findings_count(&findings) > 0;
        tally.taps += (long)sim.tap_count;
        tally.crashes += sim.counts.crashes;
        tally.stored += findings.stored;
    }
    return tally;
}

static int torture(int minutes)
{
    struct tally all = {0}, one;
    long workers = sysconf(_SC_NPROCESSORS_ONLN), died = 0;
    time_t begun = time(NULL);
    int ends[2];
    if (pipe(ends) != 0)
        return 2;
    for (long i = 0; i < workers; i++)
        if (fork() == 0) {
            one = torture_until(begun + minutes * 60);
            _exit(write(ends[1], &one, sizeof one) == sizeof one ? 0 : 2);
        }
    for (int status; wait(&status) > 0;)
        died += status != 0;
    close(ends[1]);
    while (read(ends[0], &one, sizeof one) == sizeof one) {
        all.runs += one.runs;
        all.bad += one.bad;
        all.taps += one.taps;
        all.crashes += one.crashes;
        all.stored += one.stored;
    }
    printf("%ld school days in %ld s: %ld taps, %ld events stored, %ld crashes; %ld runs with a violation, %ld died\n",
           all.runs * TORTURE_DAYS, (long)(time(NULL) - begun), all.taps, all.stored, all.crashes, all.bad, died);
    return all.bad > 0 || died > 0 || all.runs == 0;
}

static void tell_seed(int signal)
{
    dprintf(STDOUT_FILENO, "# seed %llu, %d days: died of signal %d\n", (unsigned long long)sim.seed, (int)sim.days, signal);
    _exit(3);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGABRT, tell_seed);
    memory_vfs_register();
    log_open("simulation", LOG_WARN);
    if (argc == 3 && strcmp(argv[1], "torture") == 0)
        return torture((int)strtol(argv[2], NULL, 10));
    if (argc == 3) {
        struct findings findings = run(strtoull(argv[1], NULL, 10), (int)strtol(argv[2], NULL, 10));
        findings_tell(&findings);
        return findings_count(&findings) > 0;
    }
    TEST(a_seed_decides_everything);
    TEST(nothing_is_lost_doubled_or_invented);
    return test_done();
}
