#include "tests/powercuts/powercuts.h"

#include <jansson.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/refused_memory.h"
#include "tests/simulation/world.h"

#define AFTERWARDS_STEPS 30
#define OFFICE_EVERY     300 /* steps */
#define VIOLATION        10  /* exit status of a point that broke a promise */

static struct share own;
static struct failures found;
static enum failure kind;
static uint32_t number;
static bool watching; /* for points, in the parent */
static bool in_child, failed_once;

/* The next piece of memory that is asked for is refused, when `refuse` says so. */
static bool refuse;
static sqlite3_mem_methods real;

static void meet_point(void (*begin)(void));

/* In the child: what begins here goes on until the step ends, as bad as it may. */
static void begin_refusing(void)
{
    refuse = true;
}

static bool memory_refused(void)
{
    if (watching && kind == FAILURE_MEMORY && sim.daemon_works)
        meet_point(begin_refusing);
    bool refused = refuse;
    refuse = false;
    return refused;
}

static void *sqlite_allocate(int bytes)
{
    return memory_refused() ? NULL : real.xMalloc(bytes);
}

static void *sqlite_reallocate(void *old, int bytes)
{
    return memory_refused() ? NULL : real.xRealloc(old, bytes);
}

void failures_prepare(void)
{
    sqlite3_mem_methods ours;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    ours = real;
    ours.xMalloc = sqlite_allocate;
    ours.xRealloc = sqlite_reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    json_set_alloc_funcs(__wrap_malloc, free);
}

static void begin_failing_disk(void)
{
    memory_disk.failure = kind == FAILURE_FULL_FOR_GOOD ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    memory_disk.operations_left = 0;
}

/* Forks: the child has the failure here, the parent goes on as if nothing had been. */
static void meet_point(void (*begin)(void))
{
    int status;
    if (number++ % own.shares != own.share)
        return;
    pid_t child = fork();
    if (child == 0) {
        watching = false;
        in_child = true;
        begin();
        return;
    }
    found.points++;
    bool ended = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status);
    found.violations += ended && WEXITSTATUS(status) == VIOLATION;
    found.died += !ended || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != VIOLATION);
}

static void before_operation(struct memory_file *file)
{
    (void)file;
    if (in_child && kind == FAILURE_IO_ONCE && !failed_once) {
        failed_once = true;
        memory_disk.operations_left = MEMORY_FOREVER;
    } else if (watching && kind != FAILURE_MEMORY) {
        meet_point(begin_failing_disk);
    }
}

/* The child restarts as the program would, and is judged when all is well again. */
static void end_child(void)
{
    for (int i = 0; i < AFTERWARDS_STEPS; i++)
        term_step();
    memory_disk.before = NULL;
    memory_disk.operations_left = MEMORY_FOREVER;
    term_drain();
    struct findings findings = invariants_check();
    findings.days_missing = 0; /* the day was broken off */
    static int told;
    if (findings_count(&findings) > 0 && found.violations + told++ == 0)
        findings_tell(&findings);
    fflush(stdout);
    _exit(findings_count(&findings) > 0 ? VIOLATION : 0);
}

/* Every operation of the disk; of memory, which is asked for all the time, the closes of lessons and day and a few others. */
static bool worth_it(void)
{
    return kind != FAILURE_MEMORY ||
           (sim.now_ms + STEP_MS >= daemon_next_roll_ms(sim.daemon) || (sim.now_ms / STEP_MS) % 50 == 0);
}

static void one_step(void)
{
    watching = !in_child && worth_it();
    term_step();
    if (in_child)
        end_child();
    watching = true; /* while the office works, before the next step */
}

struct failures failures_make(struct share share, enum failure which)
{
    int32_t first_day = civil_day(2026, 9, 1), last_day = first_day + WARM_DAYS;
    found = (struct failures){0};
    own = share;
    kind = which;
    number = (uint32_t)share.seed; /* of a share of the points, others for each seed */
    term_open(share.seed, first_day, WARM_DAYS + 1);
    sim.faults = false;
    host_start();
    for (int32_t day = first_day; day < last_day; day++)
        term_day(day, term_step);
    sim.office_every = OFFICE_EVERY;
    memory_disk.before = before_operation;
    term_day(last_day, one_step);
    watching = false;
    memory_disk.before = NULL;
    host_stop();
    return found;
}
