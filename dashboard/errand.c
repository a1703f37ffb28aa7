/* One thread, ERRANDS_MAX slots and one lock: whoever sends takes a free slot, the thread carries out the oldest that
 * waits and writes to an eventfd. While the daemon is at work the lock is not held. */
#include "dashboard/errand.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "common/log.h"

enum errand_state { ERRAND_FREE, ERRAND_WAITING, ERRAND_RUNNING, ERRAND_DONE };

struct errand {
    enum errand_state state;
    bool reported, released;
    unsigned order;
    char *request, *reply;
    int files[LOCAL_FILES_MAX];
    size_t file_count;
    void *waiter;
};

struct errands {
    char *socket;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    int fd;
    bool has_thread, closing;
    unsigned orders;
    struct errand slots[ERRANDS_MAX];
};

static void close_files(const int *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        close(files[i]);
}

static struct errand *oldest_waiting(struct errands *errands)
{
    struct errand *oldest = NULL;
    for (int i = 0; i < ERRANDS_MAX; i++) {
        struct errand *errand = &errands->slots[i];
        if (errand->state == ERRAND_WAITING && (oldest == NULL || errand->order < oldest->order))
            oldest = errand;
    }
    return oldest;
}

static void empty(struct errand *errand)
{
    free(errand->request);
    free(errand->reply);
    *errand = (struct errand){.state = ERRAND_FREE};
}

/* Called and left with the lock held; gives it up while the daemon works. */
static void run(struct errands *errands, struct errand *errand)
{
    errand->state = ERRAND_RUNNING;
    pthread_mutex_unlock(&errands->lock);
    char *reply = local_call(errands->socket, errand->request, errand->files, errand->file_count, ERRAND_PATIENCE_MS);
    if (reply == NULL)
        log_warn("the daemon did not answer path=\"%s\" why=\"%s\"", errands->socket, strerror(errno));
    close_files(errand->files, errand->file_count);
    pthread_mutex_lock(&errands->lock);
    errand->reply = reply;
    errand->state = ERRAND_DONE;
    if (errand->released)
        empty(errand);
    eventfd_write(errands->fd, 1);
}

static void *work(void *of)
{
    struct errands *errands = of;
    pthread_mutex_lock(&errands->lock);
    while (!errands->closing) {
        struct errand *errand = oldest_waiting(errands);
        if (errand != NULL)
            run(errands, errand);
        else
            pthread_cond_wait(&errands->work, &errands->lock);
    }
    pthread_mutex_unlock(&errands->lock);
    return NULL;
}

struct errands *errand_open(const char *socket)
{
    struct errands *errands = calloc(1, sizeof *errands);
    if (errands == NULL)
        return NULL;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    pthread_mutex_init(&errands->lock, NULL);
    pthread_cond_init(&errands->work, NULL);
    errands->socket = strdup(socket);
    errands->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    errands->has_thread = errands->socket != NULL && errands->fd >= 0 &&
                          pthread_create(&errands->thread, &attributes, work, errands) == 0;
    pthread_attr_destroy(&attributes);
    if (errands->has_thread)
        return errands;
    errand_close(errands);
    return NULL;
}

void errand_close(struct errands *errands)
{
    pthread_mutex_lock(&errands->lock);
    errands->closing = true;
    pthread_cond_broadcast(&errands->work);
    pthread_mutex_unlock(&errands->lock);
    if (errands->has_thread)
        pthread_join(errands->thread, NULL);
    for (int i = 0; i < ERRANDS_MAX; i++) {
        if (errands->slots[i].state == ERRAND_WAITING)
            close_files(errands->slots[i].files, errands->slots[i].file_count);
        empty(&errands->slots[i]);
    }
    if (errands->fd >= 0)
        close(errands->fd);
    free(errands->socket);
    free(errands);
}

int errand_fd(const struct errands *errands)
{
    return errands->fd;
}

/* With the lock held. */
static struct errand *free_slot(struct errands *errands)
{
    for (int i = 0; i < ERRANDS_MAX; i++)
        if (errands->slots[i].state == ERRAND_FREE)
            return &errands->slots[i];
    return NULL;
}

struct errand *errand_send(struct errands *errands, char *request, const int *files, size_t file_count, void *waiter)
{
    pthread_mutex_lock(&errands->lock);
    struct errand *errand = request != NULL && file_count <= LOCAL_FILES_MAX ? free_slot(errands) : NULL;
    if (errand != NULL) {
        *errand = (struct errand){.state = ERRAND_WAITING,
                                  .order = errands->orders++,
                                  .request = request,
                                  .file_count = file_count,
                                  .waiter = waiter};
        if (file_count)
            memcpy(errand->files, files, file_count * sizeof *files);
        pthread_cond_signal(&errands->work);
    }
    pthread_mutex_unlock(&errands->lock);
    if (errand == NULL) {
        close_files(files, file_count);
        free(request);
    }
    return errand;
}

void *errand_next_done(struct errands *errands)
{
    eventfd_t count;
    void *waiter = NULL;
    eventfd_read(errands->fd, &count);
    pthread_mutex_lock(&errands->lock);
    for (int i = 0; i < ERRANDS_MAX && waiter == NULL; i++) {
        struct errand *errand = &errands->slots[i];
        if (errand->state == ERRAND_DONE && !errand->reported) {
            errand->reported = true;
            waiter = errand->waiter;
        }
    }
    pthread_mutex_unlock(&errands->lock);
    return waiter;
}

const char *errand_reply(struct errands *errands, const struct errand *errand)
{
    pthread_mutex_lock(&errands->lock);
    const char *reply = errand->state == ERRAND_DONE ? errand->reply : NULL;
    pthread_mutex_unlock(&errands->lock);
    return reply;
}

bool errand_is(const struct errands *errands, const void *pending)
{
    for (int i = 0; i < ERRANDS_MAX; i++)
        if (pending == &errands->slots[i])
            return true;
    return false;
}

void errand_release(struct errands *errands, struct errand *errand)
{
    pthread_mutex_lock(&errands->lock);
    if (errand->state == ERRAND_DONE)
        empty(errand);
    else
        errand->released = true; /* it is still carried out; the thread then frees the slot */
    pthread_mutex_unlock(&errands->lock);
}
