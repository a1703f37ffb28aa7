/* How the store keeps the rows of each school file, for the files that import them (store_import.c, store_spans.c,
 * store_replace.c): which statements, how a row is given to them, which dates it touches. */
#ifndef DAEMON_STORE_KEEPING_H
#define DAEMON_STORE_KEEPING_H

#include "daemon/store/store_import.h"
#include "daemon/store/store_sql.h"

/* FIND and INSERT take a row's columns in the same order. `end` STATEMENTS: the whole row is its key, so nothing ever
 * replaces it. `spans`: rows of one key are told apart by from and to, which need not be told. */
struct keeping {
    enum statement known, find, insert, end, spans;
    void (*give)(struct query *query, const void *row);
    void (*touch)(struct store_import *import, const void *row);
};
/* Not of pupils, terminals and taps, which are kept otherwise. */
extern const struct keeping KEEPINGS[SCHOOLFILES];

/* One file's rows at work. */
struct file_work {
    struct store_import *import;
    enum schoolfile which;
    const struct keeping *keeping;
    int64_t last_rowid;           /* of what was known before */
    int64_t *met;                 /* rows that were known before and are in the file */
    size_t met_count, met_sorted; /* so many of them, from the first on, are by value */
};

void keeping_text(struct query *query, struct text text);
/* Dates, or instants, from … to; open ends as far as there are lessons. */
void keeping_touch_days(struct store_import *import, int32_t from_day, int32_t to_day);
void keeping_touch_instants(struct store_import *import, int64_t from_ms, int64_t to_ms);
int64_t keeping_known_ms(const struct store_import *import, const struct schoolrow *row);

void keeping_insert(struct file_work *work, const struct schoolrow *row);
void keeping_end(struct file_work *work, int64_t rowid, const struct schoolrow *row);
/* The file has this known row. */
void keeping_meet(struct file_work *work, int64_t rowid);
void keeping_sort_met(struct file_work *work);
bool keeping_is_met(const struct file_work *work, int64_t rowid); /* among the sorted ones */

#endif
