/* Two real terminal engines, the real daemon core and the real SQLite in one thread and virtual time, with a network at
 * least as bad as MQTT QoS 0, a broker that forgets, clocks that jump, and power cuts at the worst moments. One seed
 * decides everything; invariants.c says what must hold.
 *
 *   simulate                  the run of every change; FEWER=4: one seed in four
 *   simulate SEED DAYS        one run, told in full
 *   simulate day SEED         one whole day on emulated lines, told in full
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

#define SEEDS          10
#define DAYS           20
#define TORTURE_DAYS   40
#define EVIDENCE_SEEDS 5
#define WHOLE_DAYS     3 /* each with a seed of its own */
#define MONDAY         civil_day(2026, 10, 12)

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
    for (int seed = 1; seed <= test_rounds(SEEDS); seed++) {
        struct findings findings = run((uint64_t)seed, DAYS);
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

static int promises(void)
{
    int promised = 0;
    for (size_t i = 0; i < sim.tap_count; i++)
        promised += sim.taps[i].shown;
    return promised;
}

static void tell_day(const struct findings *findings)
{
    const struct lamps *lamps = &sim.lamps;
    printf("# day of seed %llu: %d taps, %d dropped by heads that kept 8, %zu lamps:", (unsigned long long)sim.seed,
           lamps->taps, lamps->dropped, lamps->shown);
    for (int feedback = 0; feedback < FEEDBACKS; feedback++)
        if (lamps->of[feedback] > 0)
            printf(" %s %d", WIRE_FEEDBACKS[feedback], lamps->of[feedback]);
    printf("; %d answers too late to show, %d times \"tap again\"; broker down %d times, bus unplugged"
           " %d, no clock %d; 2 readers missing; %d taps promised, %lld stored, %d not once\n",
           lamps->too_late, lamps->tap_again, sim.misfortunes[0], sim.misfortunes[1], sim.misfortunes[2], promises(),
           (long long)host_ask("SELECT count(*) FROM event WHERE kind = 'tap'"), findings->taps_not_once);
    findings_tell(findings);
}

static int green_lamps(void)
{
    int green = 0;
    for (int feedback = 0; feedback < FEEDBACKS; feedback++)
        green += terminal_says_recorded((enum feedback)feedback) ? sim.lamps.of[feedback] : 0;
    return green;
}

static bool misdated(void)
{
    for (int day = 0; day < DAYS_MAX; day++)
        if (sim.misdated[day])
            return true;
    return false;
}

static struct findings whole_day(uint64_t seed)
{
    day_live(seed, MONDAY);
    term_drain();
    struct findings findings = invariants_check();
    tell_day(&findings);
    return findings;
}

static void a_day_of_green_lamps_is_in_the_database_once(void)
{
    for (int seed = 1; seed <= test_rounds(WHOLE_DAYS); seed++) {
        struct findings findings = whole_day((uint64_t)seed);
        CHECK(findings_count(&findings) == 0);
        CHECK(sim.lamps.unfounded == 0 && !misdated());
        CHECK((int)sim.lamps.shown + sim.lamps.too_late + sim.lamps.dropped == sim.lamps.taps);
        CHECK(
            host_ask(
                "SELECT count(DISTINCT reader) FROM event WHERE kind = 'out' AND terminal_id = 't-2' AND reader > 3") ==
            2);
        CHECK(host_ask("SELECT count(*) FROM event WHERE kind = 'tap' AND clock = 'unset'") > 0);
        CHECK(green_lamps() > 300 && sim.misfortunes[0] + sim.misfortunes[1] + sim.misfortunes[2] == 10);
        host_stop();
    }
}

static void nobody_is_absent_without_evidence(void)
{
    for (int seed = 1; seed <= test_rounds(EVIDENCE_SEEDS); seed++) {
        CHECK(evidence_weekend((uint64_t)seed, MONDAY));
        CHECK(evidence_old_timetable((uint64_t)seed, MONDAY));
        CHECK(evidence_liar((uint64_t)seed, MONDAY));
    }
}

/* A full class of thirty in twenty seconds at three doors, and at eight. */
static void the_lamp_answers_within_100_ms(void)
{
    static const struct {
        size_t heads;
        uint32_t baud, apart_ms;
    } CASES[] = {{3, 19200, 667}, {8, 115200, 250}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        lamp_measure(CASES[i].heads, CASES[i].baud, 10000, CASES[i].apart_ms);
        const struct lamps *lamps = &sim.lamps;
        int32_t p50_ms = lamps->waited_ms[lamps->shown / 2], p99_ms = lamps->waited_ms[lamps->shown * 99 / 100];
        printf("# %zu heads at %u baud, a tap every %u ms: %zu lamps, p50 %d ms, p99 %d ms\n", CASES[i].heads,
               CASES[i].baud, CASES[i].apart_ms, lamps->shown, p50_ms, p99_ms);
        CHECK(lamps->shown == 10000 && p99_ms <= 100);
    }
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
    long took_s = (long)(time(NULL) - begun), days = all.runs * TORTURE_DAYS;
    printf("%ld school days in %ld s, %ld a minute: %ld taps, %ld events stored, %ld crashes; %ld runs with a "
           "violation, %ld"
           " died\n",
           days, took_s, days * 60 / took_s, all.taps, all.stored, all.crashes, all.bad, died);
    return all.bad > 0 || died > 0 || all.runs == 0;
}

static void tell_seed(int signal)
{
    dprintf(STDOUT_FILENO, "# seed %llu, %d days: died of signal %d\n", (unsigned long long)sim.seed, (int)sim.days,
            signal);
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
    if (argc == 3 && strcmp(argv[1], "day") == 0) {
        struct findings findings = whole_day(strtoull(argv[2], NULL, 10));
        return findings_count(&findings) + sim.lamps.unfounded + misdated() > 0;
    }
    if (argc == 3) {
        struct findings findings = run(strtoull(argv[1], NULL, 10), (int)strtol(argv[2], NULL, 10));
        findings_tell(&findings);
        return findings_count(&findings) > 0;
    }
    TEST(a_seed_decides_everything);
    TEST(nothing_is_lost_doubled_or_invented);
    TEST(nobody_is_absent_without_evidence);
    TEST(the_lamp_answers_within_100_ms);
    TEST(a_day_of_green_lamps_is_in_the_database_once);
    return test_done();
}
