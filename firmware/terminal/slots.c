/* Each function that changes the folder makes one step (drop, move, replace_link) and syncs before the next; decide
 * reads the state that is left and finishes, counts or undoes. */
#include "firmware/terminal/slots.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/fault.h"

#define TRIAL_NAME  "trial-%s-%d"
#define TRIAL_CHARS (sizeof "trial--0" - 1 + SLOTS_NONCE_BYTES - 1)
#define TRIAL_BYTES 64

bool slots_open(struct slots *slots, const char *folder)
{
    slots->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return slots->folder >= 0;
}

void slots_close(struct slots *slots)
{
    close(slots->folder);
}

static bool sync_folder(const struct slots *slots)
{
    return fsync(slots->folder) == 0;
}

static void text_of_link(int folder, const char *name, char *out, size_t capacity)
{
    ssize_t length = readlinkat(folder, name, out, capacity);
    out[length > 0 && (size_t)length < capacity ? length : 0] = '\0';
}

void slots_text(const struct slots *slots, const char *name, char *out, size_t capacity)
{
    text_of_link(slots->folder, name, out, capacity);
}

/* Removes a name, which may be missing, and syncs. */
static bool drop(const struct slots *slots, const char *name)
{
    if (unlinkat(slots->folder, name, 0) != 0)
        return errno == ENOENT;
    return sync_folder(slots);
}

static bool move(const struct slots *slots, const char *from, const char *to)
{
    return renameat(slots->folder, from, slots->folder, to) == 0 && sync_folder(slots);
}

/* Replaces a link in one step: made under another name, then renamed over the old one. */
static bool replace_link(const struct slots *slots, const char *name, const char *text)
{
    char fresh[NAME_MAX];
    snprintf(fresh, sizeof fresh, "%s.new", name);
    return (unlinkat(slots->folder, fresh, 0) == 0 || errno == ENOENT) && symlinkat(text, slots->folder, fresh) == 0 &&
           move(slots, fresh, name);
}

static void trial_name(const char *nonce, int starts_left, char out[TRIAL_BYTES])
{
    snprintf(out, TRIAL_BYTES, TRIAL_NAME, nonce, starts_left);
}

static bool read_trial_name(const char *name, struct slots_trial *out)
{
    static const size_t NONCE_AT = sizeof "trial-" - 1, NONCE_CHARS = SLOTS_NONCE_BYTES - 1;
    if (strlen(name) != TRIAL_CHARS || strncmp(name, "trial-", NONCE_AT) != 0 ||
        strspn(name + NONCE_AT, "0123456789abcdef") != NONCE_CHARS || name[TRIAL_CHARS - 2] != '-')
        return false;
    memcpy(out->nonce, name + NONCE_AT, NONCE_CHARS);
    out->nonce[NONCE_CHARS] = '\0';
    out->starts_left = name[TRIAL_CHARS - 1] - '0';
    return out->starts_left >= 0 && out->starts_left <= SLOTS_STARTS;
}

bool slots_trial(const struct slots *slots, struct slots_trial *out)
{
    *out = (struct slots_trial){0};
    int again = openat(slots->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = again < 0 ? NULL : fdopendir(again);
    if (listing == NULL)
        return false;
    for (const struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        if (read_trial_name(entry->d_name, out)) {
            slots_text(slots, entry->d_name, out->version, sizeof out->version);
            break;
        }
    closedir(listing);
    return true;
}

bool slots_runs_here(const struct slots *slots)
{
    struct stat named, own;
    return fstatat(slots->folder, "current", &named, 0) == 0 && stat("/proc/self/exe", &own) == 0 &&
           named.st_dev == own.st_dev && named.st_ino == own.st_ino;
}

static bool can_run(const struct slots *slots, const char *name)
{
    struct stat status;
    return fstatat(slots->folder, name, &status, 0) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
           faccessat(slots->folder, name, X_OK, 0) == 0;
}

/* False when the folder cannot be written. */
static bool ensure_current(const struct slots *slots, const char *factory)
{
    return can_run(slots, "current") || replace_link(slots, "current", factory);
}

static bool end_trial(const struct slots *slots, const struct slots_trial *trial, const char *into)
{
    char name[TRIAL_BYTES];
    trial_name(trial->nonce, trial->starts_left, name);
    return (into != NULL ? move(slots, name, into) : drop(slots, name)) && drop(slots, "previous");
}

static bool count_start(const struct slots *slots, struct slots_trial *trial)
{
    char before[TRIAL_BYTES], after[TRIAL_BYTES];
    trial_name(trial->nonce, trial->starts_left, before);
    trial_name(trial->nonce, trial->starts_left - 1, after);
    trial->starts_left--;
    return FAULT(trial_start_not_counted) || move(slots, before, after);
}

/* Without `previous` an earlier start has gone back already and was cut short before it renamed the trial to
 * `failed`. */
static bool go_back(const struct slots *slots, const struct slots_trial *trial)
{
    if (can_run(slots, "previous") && !move(slots, "previous", "current"))
        return false;
    return end_trial(slots, trial, "failed");
}

/* In this order: an installation that was cut short before `current` changed, a trial that has passed, one that has
 * no starts left or cannot run, and otherwise one start more. */
static enum slots_choice decide(const struct slots *slots, const char *marks, struct slots_trial *trial)
{
    char current[PATH_MAX], previous[PATH_MAX];
    slots_text(slots, "current", current, sizeof current);
    slots_text(slots, "previous", previous, sizeof previous);
    if (strcmp(current, previous) == 0)
        return end_trial(slots, trial, NULL) ? SLOTS_DROPPED : SLOTS_FAILED;
    if (slots_confirmed(marks, trial->nonce))
        return end_trial(slots, trial, NULL) ? SLOTS_CONFIRMED : SLOTS_FAILED;
    if (trial->starts_left == 0 || previous[0] == '\0' || !can_run(slots, "current"))
        return go_back(slots, trial) ? SLOTS_WENT_BACK : SLOTS_FAILED;
    return count_start(slots, trial) ? SLOTS_TRIED : SLOTS_FAILED;
}

static bool lock(const struct slots *slots)
{
    return flock(slots->folder, LOCK_EX | LOCK_NB) == 0;
}

enum slots_choice slots_choose(struct slots *slots, const char *factory, const char *marks, struct slots_trial *trial)
{
    *trial = (struct slots_trial){0};
    if (!lock(slots))
        return errno == EWOULDBLOCK ? SLOTS_KEPT : SLOTS_FAILED;
    enum slots_choice choice = SLOTS_FAILED;
    if (slots_trial(slots, trial))
        choice = trial->nonce[0] ? decide(slots, marks, trial) : SLOTS_KEPT;
    if (!ensure_current(slots, factory))
        choice = SLOTS_FAILED;
    int why = errno;
    flock(slots->folder, LOCK_UN);
    errno = why;
    return choice;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = write(fd, bytes + done, length - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return FAULT(slot_not_synced) || fsync(fd) == 0;
}

/* The new program is written as `new` and renamed: the slot's old program stays until the new one is whole and
 * synced. */
static bool fill_slot(const struct slots *slots, const char *slot, const char *bytes, size_t length)
{
    if (!drop(slots, "new"))
        return false;
    int fd = openat(slots->folder, "new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    if (fd < 0)
        return false;
    bool whole = write_all(fd, bytes, length) && fchmod(fd, 0755) == 0;
    int why = errno;
    close(fd);
    if (whole && move(slots, "new", slot))
        return true;
    why = whole ? errno : why;
    unlinkat(slots->folder, "new", 0);
    errno = why;
    return false;
}

/* `current` changes last: whatever a start finds before that step is an installation that was cut short. */
static bool install(const struct slots *slots, const char *bytes, size_t length, const char *version, const char *nonce)
{
    char current[PATH_MAX], name[TRIAL_BYTES];
    slots_text(slots, "current", current, sizeof current);
    const char *slot = strcmp(current, "a") == 0 ? "b" : "a";
    trial_name(nonce, SLOTS_STARTS, name);
    return fill_slot(slots, slot, bytes, length) && drop(slots, "failed") && replace_link(slots, "previous", current) &&
           replace_link(slots, name, version) && replace_link(slots, "current", slot);
}

bool slots_install(struct slots *slots, const char *factory, const char *marks, const char *bytes, size_t length,
                   const char *version, const char nonce[SLOTS_NONCE_BYTES])
{
    struct slots_trial trial;
    if (!lock(slots) || !slots_trial(slots, &trial))
        return false;
    bool done = false;
    if (trial.nonce[0] && slots_confirmed(marks, trial.nonce) && end_trial(slots, &trial, NULL))
        trial.nonce[0] = '\0';
    if (trial.nonce[0])
        errno = EBUSY;
    else
        done = ensure_current(slots, factory) && install(slots, bytes, length, version, nonce);
    int why = errno;
    flock(slots->folder, LOCK_UN);
    errno = why;
    return done;
}

bool slots_confirm(const char *marks, const char nonce[SLOTS_NONCE_BYTES])
{
    struct slots folder;
    if (!slots_open(&folder, marks))
        return false;
    bool done = replace_link(&folder, "confirmed", nonce);
    int why = errno;
    slots_close(&folder);
    errno = why;
    return done;
}

bool slots_confirmed(const char *marks, const char nonce[SLOTS_NONCE_BYTES])
{
    char path[PATH_MAX], text[SLOTS_NONCE_BYTES];
    int length = snprintf(path, sizeof path, "%s/confirmed", marks);
    if (length < 0 || length >= PATH_MAX)
        return false;
    text_of_link(AT_FDCWD, path, text, sizeof text);
    return strcmp(text, nonce) == 0;
}
