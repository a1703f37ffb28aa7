/* What a good password is; and a pool of threads that hash: slots with states under one lock, an eventfd that says
 * when one is done. */
#include "dashboard/shell/password.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "dashboard/shell/secret.h"

enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING, JOB_DONE };

struct password_job {
    enum job_state state;
    bool makes_hash; /* otherwise it checks one */
    bool released, reported, right;
    uint64_t order;
    void *waiter;
    char hash[SECRET_PASSWORD_BYTES];
    char password[PASSWORD_BYTES_MAX + 1];
};

struct password_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    pthread_t threads[PASSWORD_WORKERS];
    int thread_count;
    bool closing;
    int fd;
    uint64_t orders;
    char nobody[SECRET_PASSWORD_BYTES]; /* the hash of a password that nobody knows */
    struct password_job jobs[PASSWORD_JOBS_MAX];
};

/* Of twelve characters and more, those at the top of every list of stolen passwords, and what people here
 * would try. A prefix is enough: "sommaren2026!" is no better than "sommaren2026". */
static const char *const COMMON[] = {
    "password",  "passw0rd", "lösenord",      "losenord",   "123456789", "1234567890", "qwerty",    "qwertyuiop",
    "asdfghjkl", "iloveyou", "administrator", "adminadmin", "welcome",   "välkommen",  "valkommen", "sommaren",
    "hösten",    "våren",    "vintern",       "sommar20",   "vinter20",  "närvaro",    "narvaro",   "frånvaro",
    "franvaro",  "skolan",   "elevhälsa",     "elevhalsa",  "changeme",  "letmein",    "abcdefgh",  "111111",
    "000000",    "sverige",  "stockholm",     "hemligt",
};

static size_t characters(const char *utf8)
{
    size_t count = 0;
    for (; *utf8; utf8++)
        count += ((unsigned char)*utf8 & 0xC0) != 0x80;
    return count;
}

static bool few_kinds(const char *password)
{
    bool seen[256] = {false};
    int kinds = 0;
    for (const unsigned char *at = (const unsigned char *)password; *at; at++) {
        kinds += !seen[*at];
        seen[*at] = true;
    }
    return kinds < 5;
}

const char *password_fault(const char *password, const char *user)
{
    if (characters(password) < PASSWORD_CHARS_MIN)
        return "the password must have at least 12 characters";
    if (strlen(password) > PASSWORD_BYTES_MAX)
        return "the password must have at most 256 bytes";
    for (size_t i = 0; i < sizeof COMMON / sizeof *COMMON; i++)
        if (strncasecmp(password, COMMON[i], strlen(COMMON[i])) == 0)
            return "the password begins like one that many people use";
    if (few_kinds(password))
        return "the password repeats too few characters";
    if (strlen(user) >= 4 && strcasestr(password, user) != NULL)
        return "the password must not contain the user's name";
    return NULL;
}

static struct password_job *oldest_waiting(struct password_pool *pool)
{
    struct password_job *oldest = NULL;
    for (int i = 0; i < PASSWORD_JOBS_MAX; i++) {
        struct password_job *job = &pool->jobs[i];
        if (job->state == JOB_WAITING && (oldest == NULL || job->order < oldest->order))
            oldest = job;
    }
    return oldest;
}

static void compute(struct password_job *job)
{
    if (job->makes_hash)
        job->right = secret_password_hash(job->password, job->hash);
    else
        job->right = secret_password_right(job->hash, job->password);
    secret_wipe(job->password, sizeof job->password);
}

static void *work(void *of)
{
    struct password_pool *pool = of;
    pthread_mutex_lock(&pool->lock);
    while (!pool->closing) {
        struct password_job *job = oldest_waiting(pool);
        if (job == NULL) {
            pthread_cond_wait(&pool->work, &pool->lock);
            continue;
        }
        job->state = JOB_RUNNING;
        pthread_mutex_unlock(&pool->lock);
        compute(job);
        pthread_mutex_lock(&pool->lock);
        job->state = job->released ? JOB_FREE : JOB_DONE;
        pthread_cond_broadcast(&pool->done);
        eventfd_write(pool->fd, 1);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool start_threads(struct password_pool *pool)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    while (pool->thread_count < PASSWORD_WORKERS &&
           pthread_create(&pool->threads[pool->thread_count], &attributes, work, pool) == 0)
        pool->thread_count++;
    pthread_attr_destroy(&attributes);
    return pool->thread_count == PASSWORD_WORKERS;
}

struct password_pool *password_open(void)
{
    struct password_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return NULL;
    uint8_t unknown[SECRET_ID_BYTES];
    char text[SECRET_ID_HEX_BYTES];
    secret_random(unknown, sizeof unknown);
    secret_hex(unknown, text);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (pool->fd >= 0 && secret_password_hash(text, pool->nobody) && start_threads(pool))
        return pool;
    password_close(pool);
    return NULL;
}

void password_close(struct password_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i], NULL);
    if (pool->fd >= 0)
        close(pool->fd);
    secret_wipe(pool, sizeof *pool);
    free(pool);
}

int password_fd(const struct password_pool *pool)
{
    return pool->fd;
}

/* With the lock held. */
static struct password_job *take_slot(struct password_pool *pool, const char *password)
{
    assert(strlen(password) <= PASSWORD_BYTES_MAX);
    for (int i = 0; i < PASSWORD_JOBS_MAX; i++) {
        struct password_job *job = &pool->jobs[i];
        if (job->state != JOB_FREE)
            continue;
        *job = (struct password_job){.state = JOB_WAITING, .order = pool->orders++};
        strcpy(job->password, password);
        pthread_cond_signal(&pool->work);
        return job;
    }
    return NULL;
}

struct password_job *password_check(struct password_pool *pool, const char *hash, const char *password, void *waiter)
{
    pthread_mutex_lock(&pool->lock);
    struct password_job *job = take_slot(pool, password);
    if (job != NULL) {
        job->waiter = waiter;
        strcpy(job->hash, hash != NULL ? hash : pool->nobody);
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}

struct password_job *password_make(struct password_pool *pool, const char *password, void *waiter)
{
    pthread_mutex_lock(&pool->lock);
    struct password_job *job = take_slot(pool, password);
    if (job != NULL) {
        job->waiter = waiter;
        job->makes_hash = true;
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}

bool password_makes(const struct password_job *job)
{
    return job->makes_hash; /* set before a worker sees the job, and never changed */
}

bool password_made(struct password_pool *pool, const struct password_job *job, char *out, size_t out_bytes)
{
    pthread_mutex_lock(&pool->lock);
    bool made = job->state == JOB_DONE && job->right && strlen(job->hash) < out_bytes;
    if (made)
        strcpy(out, job->hash);
    pthread_mutex_unlock(&pool->lock);
    return made;
}

void *password_next_done(struct password_pool *pool)
{
    eventfd_t count;
    void *waiter = NULL;
    eventfd_read(pool->fd, &count);
    pthread_mutex_lock(&pool->lock);
    for (int i = 0; i < PASSWORD_JOBS_MAX && waiter == NULL; i++) {
        struct password_job *job = &pool->jobs[i];
        if (job->state == JOB_DONE && !job->reported && job->waiter != NULL) {
            job->reported = true;
            waiter = job->waiter;
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return waiter;
}

bool password_is_right(struct password_pool *pool, const struct password_job *job)
{
    pthread_mutex_lock(&pool->lock);
    bool right = job->state == JOB_DONE && job->right;
    pthread_mutex_unlock(&pool->lock);
    return right;
}

void password_release(struct password_pool *pool, struct password_job *job)
{
    pthread_mutex_lock(&pool->lock);
    if (job->state == JOB_RUNNING)
        job->released = true;
    else
        job->state = JOB_FREE;
    pthread_mutex_unlock(&pool->lock);
}

bool password_hash_now(struct password_pool *pool, const char *password, char *out, size_t out_bytes)
{
    pthread_mutex_lock(&pool->lock);
    struct password_job *job = take_slot(pool, password);
    bool made = false;
    if (job != NULL) {
        job->makes_hash = true;
        while (job->state != JOB_DONE)
            pthread_cond_wait(&pool->done, &pool->lock);
        made = job->right && strlen(job->hash) < out_bytes;
        if (made)
            strcpy(out, job->hash);
        job->state = JOB_FREE;
    }
    pthread_mutex_unlock(&pool->lock);
    return made;
}
