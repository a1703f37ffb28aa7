/* The slots of the terminal's program through power cuts and full disks at each operation of their life.
 *
 * The calls that change a folder are ours (libc's are not linked): each counts, and at a chosen one the power goes or the
 * disk is full. A folder keeps, beside what is in it, an image of what would survive: what stood there when it was synced
 * last. After a cut either everything is there, or only that image; a file that was not synced itself is torn. */
#include "firmware/terminal/slots.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "tests/test.h"

#define NAMES_MAX     12
#define PROGRAM_BYTES 400
#define STARTS_TRIED  6 /* after a cut, to see where it ends */

enum mishap { NO_MISHAP, POWER_CUT, DISK_FULL, DISK_FULL_FOR_GOOD };

static enum mishap mishap;
static int calls, mishap_at;
static jmp_buf power_gone;
static ino_t unsynced; /* the file that was written and not synced since; 0 = none */

struct entry {
    char name[64], bytes[PROGRAM_BYTES + 64]; /* a link's text, or a program */
    bool is_link;
    size_t length;
};
/* A folder, and what of it would survive. */
static struct folder {
    char path[64];
    struct entry entries[NAMES_MAX];
    size_t count;
} programs = {.path = "/dev/shm/slots-XXXXXX"}, marks = {.path = "/dev/shm/marks-XXXXXX"};

/* True when this call is the one that fails. */
static bool fails(void)
{
    calls++;
    if (mishap == NO_MISHAP || (mishap == DISK_FULL_FOR_GOOD ? calls < mishap_at : calls != mishap_at))
        return false;
    if (mishap == POWER_CUT)
        longjmp(power_gone, 1);
    errno = ENOSPC;
    return true;
}

static ssize_t read_whole(int folder, const char *name, char *out, size_t capacity)
{
    int fd = (int)syscall(SYS_openat, folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, out, capacity);
    struct stat status;
    bool torn = fd >= 0 && fstat(fd, &status) == 0 && status.st_ino == unsynced;
    close(fd);
    return torn ? length / 2 : length;
}

static void take_image(struct folder *folder, int fd)
{
    DIR *listing = opendir(folder->path);
    folder->count = 0;
    for (const struct dirent *found = readdir(listing); found != NULL; found = readdir(listing)) {
        struct entry *entry = &folder->entries[folder->count];
        if (found->d_name[0] == '.')
            continue;
        assert(folder->count < NAMES_MAX);
        snprintf(entry->name, sizeof entry->name, "%.63s", found->d_name);
        ssize_t length = readlinkat(fd, entry->name, entry->bytes, sizeof entry->bytes - 1);
        entry->is_link = length >= 0;
        if (!entry->is_link)
            length = read_whole(fd, entry->name, entry->bytes, sizeof entry->bytes);
        entry->length = (size_t)length;
        folder->count++;
    }
    closedir(listing);
}

static void empty(const struct folder *folder)
{
    DIR *listing = opendir(folder->path);
    for (const struct dirent *found = readdir(listing); found != NULL; found = readdir(listing))
        if (found->d_name[0] != '.')
            syscall(SYS_unlinkat, dirfd(listing), found->d_name, 0);
    closedir(listing);
}

static void put_back(const struct folder *folder)
{
    int fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    empty(folder);
    for (size_t i = 0; i < folder->count; i++) {
        const struct entry *entry = &folder->entries[i];
        if (entry->is_link) {
            char text[sizeof entry->bytes];
            snprintf(text, sizeof text, "%.*s", (int)entry->length, entry->bytes);
            syscall(SYS_symlinkat, text, fd, entry->name);
            continue;
        }
        int file = (int)syscall(SYS_openat, fd, entry->name, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
        syscall(SYS_write, file, entry->bytes, entry->length);
        close(file);
    }
    close(fd);
}

int unlinkat(int folder, const char *name, int flags)
{
    return fails() ? -1 : (int)syscall(SYS_unlinkat, folder, name, flags);
}

int renameat(int from, const char *old, int to, const char *new)
{
    return fails() ? -1 : (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

int symlinkat(const char *text, int folder, const char *name)
{
    return fails() ? -1 : (int)syscall(SYS_symlinkat, text, folder, name);
}

int openat(int folder, const char *name, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    int fd = flags & O_CREAT && fails()
                 ? -1
                 : (int)syscall(SYS_openat, folder, name, flags, flags & O_CREAT ? va_arg(rest, unsigned) : 0);
    va_end(rest);
    return fd;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    struct stat status;
    if (fails())
        return -1;
    unsynced = fstat(fd, &status) == 0 ? status.st_ino : 0;
    return syscall(SYS_write, fd, bytes, length);
}

/* The disk is spared: what would have happened is in the images. */
int fsync(int fd)
{
    struct stat status, folder;
    if (fails())
        return -1;
    if (fstat(fd, &status) == 0 && status.st_ino == unsynced)
        unsynced = 0;
    if (stat(programs.path, &folder) == 0 && folder.st_ino == status.st_ino)
        take_image(&programs, fd);
    if (stat(marks.path, &folder) == 0 && folder.st_ino == status.st_ino)
        take_image(&marks, fd);
    return 0;
}

/* Power returns. What was torn is torn on the disk as well. */
static void survive(bool all)
{
    closefrom(STDERR_FILENO + 1); /* the lock went with the process */
    int fd = open(programs.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (all && unsynced)
        take_image(&programs, fd);
    if (!all || unsynced)
        put_back(&programs);
    if (!all)
        put_back(&marks);
    close(fd);
    unsynced = 0;
}

/* One school's terminal: which programs there are, and what is known of the update under way. */
static const char FACTORY[] = "factory";
static struct facts {
    char nonce[SLOTS_NONCE_BYTES];
    const char *before, *offered;
    bool marking, marked; /* the program is saying that it is well; it has said so */
    int starts;           /* of the offered program before it was marked */
} facts;

static void program_text(const char *name, char out[PROGRAM_BYTES])
{
    memset(out, name[0], PROGRAM_BYTES);
    memcpy(out, name, strlen(name));
}

static bool runs(const char *name)
{
    char wanted[PROGRAM_BYTES], found[PROGRAM_BYTES + 1];
    int fd = open(programs.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    program_text(name, wanted);
    ssize_t length = read_whole(fd, "current", found, sizeof found);
    close(fd);
    return length == PROGRAM_BYTES && memcmp(wanted, found, PROGRAM_BYTES) == 0;
}

static const char *factory_path(void)
{
    static char path[96];
    snprintf(path, sizeof path, "%s-factory", programs.path);
    return path;
}

static enum slots_choice choose(void)
{
    struct slots slots;
    struct slots_trial trial;
    bool opened = slots_open(&slots, programs.path);
    assert(opened);
    enum slots_choice choice = slots_choose(&slots, factory_path(), marks.path, &trial);
    slots_close(&slots);
    return choice;
}

/* Choose, and start what was chosen. */
static enum slots_choice start(void)
{
    enum slots_choice choice = choose();
    facts.starts += choice != SLOTS_FAILED && facts.offered != facts.before && !facts.marked && runs(facts.offered);
    return choice;
}

static bool install(const char *name)
{
    static unsigned trials;
    char bytes[PROGRAM_BYTES];
    struct slots slots;
    bool opened = slots_open(&slots, programs.path);
    assert(opened);
    struct facts until_now = facts;
    facts.before = facts.marked ? facts.offered : facts.before;
    facts.offered = name;
    facts.marking = facts.marked = false;
    facts.starts = 0;
    snprintf(facts.nonce, sizeof facts.nonce, "%016x", ++trials);
    program_text(name, bytes);
    bool done = slots_install(&slots, factory_path(), marks.path, bytes, sizeof bytes, name, facts.nonce);
    if (!done && errno == EBUSY)
        facts = until_now;
    slots_close(&slots);
    return done;
}

static bool mark(void)
{
    facts.marking = true;
    return facts.marked = slots_confirm(marks.path, facts.nonce);
}

static void begin(void)
{
    char bytes[PROGRAM_BYTES];
    mishap = NO_MISHAP;
    calls = 0;
    unsynced = 0;
    memset(&facts, 0, sizeof facts);
    facts.before = facts.offered = FACTORY;
    empty(&programs);
    empty(&marks);
    programs.count = marks.count = 0;
    int fd = open(factory_path(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    program_text(FACTORY, bytes);
    syscall(SYS_write, fd, bytes, sizeof bytes);
    close(fd);
}

/* Every turn that an update can take. Returns early when a full disk stopped it; the next start sees to that. */
static void live(void)
{
    choose();
    if (!install("alpha"))
        return;
    for (int i = 0; i < 4; i++)
        start();
    if (!install("beta") || start() != SLOTS_TRIED || !mark() || start() != SLOTS_CONFIRMED)
        return;
    if (!install("gamma"))
        return;
    for (int i = 0; i < 4; i++)
        start();
    if (!install("delta") || start() != SLOTS_TRIED || start() != SLOTS_TRIED || !mark())
        return;
    install("epsilon"); /* which ends the trial of delta */
    start();
}

static void without_a_mishap(void)
{
    begin();
    CHECK(choose() == SLOTS_KEPT && runs(FACTORY));
    CHECK(install("alpha") && runs("alpha") && !install("beta") && errno == EBUSY);
    begin();
    choose();
    CHECK(install("alpha"));
    for (int i = 0; i < 3; i++)
        CHECK(start() == SLOTS_TRIED && runs("alpha"));
    CHECK(start() == SLOTS_WENT_BACK && runs(FACTORY) && start() == SLOTS_KEPT);
    CHECK(install("beta") && start() == SLOTS_TRIED && mark());
    CHECK(start() == SLOTS_CONFIRMED && runs("beta") && start() == SLOTS_KEPT && runs("beta"));
    CHECK(install("gamma") && runs("gamma") && start() == SLOTS_TRIED && start() == SLOTS_TRIED &&
          start() == SLOTS_TRIED);
    CHECK(start() == SLOTS_WENT_BACK && runs("beta"));
}

/* Whatever happened: a whole program runs, a trial ends as it must, and the next update works. */
static bool ends_well(void)
{
    bool well = true;
    for (int i = 0; i < STARTS_TRIED; i++) {
        enum slots_choice choice = start();
        well = well && choice != SLOTS_FAILED && (runs(facts.offered) || runs(facts.before));
        well = well && (!facts.marked || runs(facts.offered));
        well = well && (choice != SLOTS_TRIED || runs(facts.offered)); /* only what is on trial is counted */
    }
    if (!facts.marking)
        well = well && facts.starts <= SLOTS_STARTS && runs(facts.before);
    facts.before = runs(facts.offered) ? facts.offered : facts.before;
    facts.marked = false;
    well = well && install("omega") && start() == SLOTS_TRIED && mark() && start() == SLOTS_CONFIRMED;
    return well && runs("omega");
}

static int calls_of_a_life(void)
{
    begin();
    live();
    CHECK(strcmp(facts.offered, "epsilon") == 0 && runs("epsilon"));
    return calls;
}

/* Lives until call `first`, and when power is back until call `second` of what follows (0 = no second cut). */
static void live_and_be_cut(int first, int second, bool all)
{
    begin();
    mishap = POWER_CUT;
    mishap_at = first;
    if (setjmp(power_gone) == 0)
        live();
    survive(all);
    calls = 0;
    mishap_at = second;
    if (setjmp(power_gone) == 0) {
        start();
        start();
    }
    survive(all);
    mishap = NO_MISHAP;
}

static void power_is_cut_at_each_call_and_again_at_the_next_start(void)
{
    static int last, first, second; /* not lost by longjmp */
    static bool all;
    last = calls_of_a_life();
    int cuts = 0;
    for (first = 1; first <= last; first++)
        for (second = 0; second <= 8; second++)
            for (int kept = 0; kept < 2; kept++, cuts++) {
                all = kept;
                live_and_be_cut(first, second, all);
                bool well = ends_well();
                CHECK(well);
                if (!well)
                    printf("# cut at calls %d and %d, %s survived\n", first, second, all ? "all" : "what was synced");
            }
    printf("# %d cuts over %d calls\n", cuts, last);
}

static void the_disk_is_full_at_each_call(void)
{
    int last = calls_of_a_life();
    for (int at = 1; at <= last; at++)
        for (enum mishap full = DISK_FULL; full <= DISK_FULL_FOR_GOOD; full++) {
            begin();
            mishap = full;
            mishap_at = at;
            live();
            mishap = NO_MISHAP;
            bool well = ends_well();
            CHECK(well);
            if (!well)
                printf("# full at call %d%s\n", at, full == DISK_FULL ? "" : " and after it");
        }
}

static void a_program_that_vanishes_is_replaced_by_the_one_of_the_system(void)
{
    char path[96];
    begin();
    choose();
    CHECK(install("alpha") && start() == SLOTS_TRIED && mark() && start() == SLOTS_CONFIRMED);
    snprintf(path, sizeof path, "%s/a", programs.path);
    CHECK(truncate(path, 0) == 0 && choose() == SLOTS_KEPT && runs(FACTORY));
    CHECK(install("beta") && truncate(path, 0) == 0);
    CHECK(choose() == SLOTS_WENT_BACK && runs(FACTORY)); /* without waiting for three starts of nothing */
}

/* Whoever starts meanwhile waits for nobody and decides nothing. */
static void one_installation_at_a_time(void)
{
    begin();
    choose();
    int other = open(programs.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(flock(other, LOCK_EX) == 0);
    CHECK(!install("alpha") && errno == EWOULDBLOCK && choose() == SLOTS_KEPT && runs(FACTORY));
    close(other);
    CHECK(install("alpha") && choose() == SLOTS_TRIED);
}

static void a_mark_of_another_trial_confirms_nothing(void)
{
    begin();
    choose();
    CHECK(install("alpha") && start() == SLOTS_TRIED && mark() && start() == SLOTS_CONFIRMED);
    CHECK(install("beta") && start() == SLOTS_TRIED && start() == SLOTS_TRIED && start() == SLOTS_TRIED);
    CHECK(start() == SLOTS_WENT_BACK && runs("alpha"));
    CHECK(!slots_confirmed("/nowhere", facts.nonce) && !slots_confirm("/nowhere", facts.nonce));
}

int main(void)
{
    if (mkdtemp(programs.path) == NULL || mkdtemp(marks.path) == NULL)
        return 1;
    TEST(without_a_mishap);
    TEST(power_is_cut_at_each_call_and_again_at_the_next_start);
    TEST(the_disk_is_full_at_each_call);
    TEST(a_program_that_vanishes_is_replaced_by_the_one_of_the_system);
    TEST(one_installation_at_a_time);
    TEST(a_mark_of_another_trial_confirms_nothing);
    empty(&programs);
    empty(&marks);
    unlink(factory_path());
    return rmdir(programs.path) != 0 || rmdir(marks.path) != 0 || test_done();
}
