/* The system's own tar, at the other end of a pipe: a backup is a tar file of gzip, which any machine can unpack. */
#ifndef DAEMON_CLI_TARBALL_H
#define DAEMON_CLI_TARBALL_H

#include <stdbool.h>
#include <sys/types.h>

#define TARBALL_WORDS 16 /* of tar's options and names, with the end */

/* `pipe` is our end; both are -1 when it did not start. */
struct tarball {
    pid_t tar;
    int pipe;
};

/* Starts `tar --create` with these words (ended by NULL); what it packs is read from `pipe`. False with errno set. */
bool tarball_pack(struct tarball *tarball, const char *const *words);
/* Starts `tar --extract`; what is written to `pipe` it unpacks. `out`: its standard output, or -1. */
bool tarball_unpack(struct tarball *tarball, const char *const *words, int out);
/* Closes our end and waits for its end. False: it failed, and said why on standard error. */
bool tarball_end(struct tarball *tarball);

#endif
