/* Reads the fields of one row of a school file, in the order of its columns: each call takes the next field, checks it,
 * and says what is wrong with it and what would be right. Pure. */
#ifndef DAEMON_CORE_SCHOOLFIELDS_H
#define DAEMON_CORE_SCHOOLFIELDS_H

#include "daemon/core/school/csv.h"
#include "daemon/core/school/schoolfiles.h"

struct schoolfields {
    const struct csv *csv;
    size_t column;             /* the next one to take */
    bool bad;                  /* something could not be read in this row */
    struct problems *refusals; /* what can be read and is refused all the same */
};

struct text field_id(struct schoolfields *fields);       /* not empty, no control characters */
struct text field_terminal(struct schoolfields *fields); /* an id of wire.h */
struct text field_label(struct schoolfields *fields);    /* like an id, but may be empty: class, room, subject */
struct text field_name(struct schoolfields *fields);     /* of a person, or how to reach them; may be empty */
bool field_told(const struct schoolfields *fields);      /* is the next one not empty? It is not taken */
bool field_yes(struct schoolfields *fields);             /* 0, 1 or empty */
int32_t field_date(struct schoolfields *fields);
/* What no roll needs, and may be empty: what cannot be read of it is a refusal, and is not told. */
struct text field_choice(struct schoolfields *fields, const char *const *words, size_t count);
int8_t field_maybe(struct schoolfields *fields);             /* 0, 1, or SCHOOLFILES_NOT_TOLD */
int32_t field_birth_date(struct schoolfields *fields);       /* CIVIL_DAY_NONE when empty; never shown in a message */
struct text field_municipality(struct schoolfields *fields); /* its code of four digits */
int32_t field_minute(struct schoolfields *fields);           /* of the day */
/* SCHOOLFILES_NOT_TOLD and a refusal when it is empty. */
int32_t field_count(struct schoolfields *fields, int32_t most);
/* A card that was shown, and one that is somebody's: a number that cannot be a card's is refused then. */
uint64_t field_token(struct schoolfields *fields, const uint8_t key[TOKEN_KEY_BYTES]);
uint64_t field_held_token(struct schoolfields *fields, const uint8_t key[TOKEN_KEY_BYTES]);
int64_t field_utc(struct schoolfields *fields);
/* One of `count` words; its index. Empty means the first one when `or_empty`. */
int field_word(struct schoolfields *fields, const char *const *words, int count, bool or_empty);
/* recorded_at: SCHOOLFILES_NOT_RECORDED when empty. */
int64_t field_recorded(struct schoolfields *fields);
/* Two fields: from and to. The end must not come before the start: a refusal. Empty is open. */
void field_days(struct schoolfields *fields, int32_t *from_day, int32_t *to_day);
/* Local date-times or UTC, the end excluded. */
void field_span(struct schoolfields *fields, int64_t *from_ms, int64_t *to_ms);
/* Dates, the last one included, or date-times. */
void field_days_or_span(struct schoolfields *fields, int64_t *from_ms, int64_t *to_ms);

/* About the field taken last: it cannot be read, or is refused. */
void field_problem(struct schoolfields *fields, const char *what);
void field_refuse(struct schoolfields *fields, const char *what);

#endif
