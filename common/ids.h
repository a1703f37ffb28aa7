/* The longest ids and names, and the sizes of the arrays that hold them, NUL included, for all rooms. A longer one is
 * refused where it enters (settings, files, commands), so that no copy further on ever cuts one. */
#ifndef COMMON_IDS_H
#define COMMON_IDS_H

/* A limit's number inside a message: "longer than " LIMIT_TEXT(NAME_BYTES_MAX) " bytes". The limit is a plain number. */
#define LIMIT_TEXT(limit)     LIMIT_TEXT_OF(limit)
#define LIMIT_TEXT_OF(number) #number

#define ID_CHARS_MAX 32
#define ID_BYTES     (ID_CHARS_MAX + 1) /* school, terminal, rule: [a-z0-9-] */

/* Pupil, group, lesson, class, year, room, subject: as the school's files have them, UTF-8. */
#define NAME_BYTES_MAX 63
#define NAME_BYTES     (NAME_BYTES_MAX + 1)

#define USER_BYTES_MAX 64 /* who signs in, and signs what is changed */
#define USER_BYTES     (USER_BYTES_MAX + 1)

#endif
