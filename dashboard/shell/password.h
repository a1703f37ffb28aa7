/* Passwords: what a good one is, and checking them without holding up the rest.
 *
 * A hash takes 64 MiB and a tenth of a second, so at most PASSWORD_WORKERS are computed at once, on threads
 * of their own; up to PASSWORD_JOBS_MAX wait or are being computed, more are turned away. The owner's thread
 * hands in a job, watches password_fd, and collects. */
#ifndef DASHBOARD_PASSWORD_H
#define DASHBOARD_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_CHARS_MIN 12 /* ASVS 2.1.1 */
#define PASSWORD_BYTES_MAX 256
#define PASSWORD_WORKERS   2
#define PASSWORD_JOBS_MAX  16

/* NULL, or what is wrong with it as a new password, as a sentence. */
const char *password_fault(const char *password, const char *user);

struct password_pool;
struct password_job;

struct password_pool *password_open(void); /* NULL: no memory or threads */
void password_close(struct password_pool *pool);
int password_fd(const struct password_pool *pool);

/* Is this the password of that hash? A hash of NULL is nobody's: it takes as long and the answer is no. NULL
 * when too many wait. `waiter` comes back from password_next_done; both texts are copied. */
struct password_job *password_check(struct password_pool *pool, const char *hash, const char *password, void *waiter);
/* The hash of a new password, in the same way; password_made copies it when the job is done, false without memory. */
struct password_job *password_make(struct password_pool *pool, const char *password, void *waiter);
bool password_makes(const struct password_job *job);
bool password_made(struct password_pool *pool, const struct password_job *job, char *out, size_t out_bytes);
/* The waiter of a job that is done and was not reported before, NULL when there is none. */
void *password_next_done(struct password_pool *pool);
bool password_is_right(struct password_pool *pool, const struct password_job *job);
/* The job is forgotten; one that is still being computed, as soon as it is done. */
void password_release(struct password_pool *pool, struct password_job *job);

/* Waits its turn among the others. False when too many wait, or without memory. */
bool password_hash_now(struct password_pool *pool, const char *password, char *out, size_t out_bytes);

#endif
