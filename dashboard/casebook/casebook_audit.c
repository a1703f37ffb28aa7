/* The chain of the audit log, as casebook_audit.h describes it. */
#include "dashboard/casebook/casebook_audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/fault.h"
#include "dashboard/casebook/casebook_sql.h"

/* user, action, object */
#define TEXTS 3

struct row {
    int64_t sequence, at_ms;
    struct secret_part texts[TEXTS];
};

/* The row's own, when it stands after the row whose mac is `previous`. */
static void chain(const struct casebook *book, const uint8_t previous[SECRET_MAC_BYTES], const struct row *row,
                  uint8_t mac[SECRET_MAC_BYTES])
{
    char sequence[24], at_ms[24], lengths[2 + TEXTS][24];
    int sequence_digits = snprintf(sequence, sizeof sequence, "%" PRId64, row->sequence),
        at_digits = snprintf(at_ms, sizeof at_ms, "%" PRId64, row->at_ms);
    const struct secret_part fields[] = {
        {sequence, (size_t)sequence_digits}, {at_ms, (size_t)at_digits}, row->texts[0], row->texts[1], row->texts[2]};
    struct secret_part parts[1 + 3 * (2 + TEXTS)] = {{previous, SECRET_MAC_BYTES}};
    size_t count = 1;
    for (size_t i = 0; i < 2 + TEXTS; i++) {
        int digits = snprintf(lengths[i], sizeof lengths[i], "%zu:", fields[i].length);
        parts[count++] = (struct secret_part){lengths[i], (size_t)digits};
        parts[count++] = fields[i];
        parts[count++] = (struct secret_part){",", 1};
    }
    secret_mac(book->audit_key, parts, count, mac);
}

/* On a full disk SQLite rolls the whole transaction back. The chain then goes on from the row before it, and whoever
 * waits for the gathered rows is told that they are lost. */
static void look_after_gathered(struct casebook *book)
{
    if (!book->is_gathering || database_in_transaction(&book->database))
        return;
    book->is_gathering = false;
    book->lost_gathered = true;
    book->head = book->head_before;
}

bool casebook_audit(struct casebook *book, int64_t at_ms, const char *user, const char *action, const char *object)
{
    if (FAULT(audit_row_skipped))
        return true;
    const struct row row = {
        book->head.sequence + 1, at_ms, {{user, strlen(user)}, {action, strlen(action)}, {object, strlen(object)}}};
    uint8_t mac[SECRET_MAC_BYTES];
    chain(book, book->head.mac, &row, mac);
    struct query query = casebook_query(book, CASEBOOK_SQL_AUDIT_ADD);
    query_integer(&query, row.sequence);
    query_integer(&query, at_ms);
    query_text(&query, user);
    query_text(&query, action);
    query_text(&query, object);
    query_blob(&query, mac, sizeof mac);
    if (!casebook_write(&query)) {
        look_after_gathered(book);
        return false;
    }
    book->head.sequence = row.sequence;
    memcpy(book->head.mac, mac, sizeof mac);
    return true;
}

bool casebook_acts_taken(struct casebook *book, struct casebook_act *last)
{
    *last = (struct casebook_act){0};
    struct query query = casebook_query(book, CASEBOOK_SQL_ACT_TAKEN);
    bool there = query_row(&query);
    if (there) {
        last->act = query_column(&query, 0);
        last->at_ms = query_column(&query, 1);
    }
    return casebook_answered(&query, there) != CASEBOOK_FAILED;
}

bool casebook_act_take(struct casebook *book, const struct casebook_act *act)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_ACT_TAKE);
    query_integer(&query, act->act);
    query_integer(&query, act->at_ms);
    return casebook_audit(book, act->at_ms, "", act->action, act->object) && casebook_write(&query);
}

struct casebook_head casebook_audit_head(const struct casebook *book)
{
    return book->head;
}

static void read_row(const struct query *query, struct row *row)
{
    row->sequence = query_column(query, 0);
    row->at_ms = query_column(query, 1);
    for (int i = 0; i < TEXTS; i++)
        row->texts[i].bytes = query_column_bytes(query, 2 + i, &row->texts[i].length);
}

static size_t bytes_of(const struct row *row)
{
    size_t bytes = sizeof *row;
    for (size_t i = 0; i < TEXTS; i++)
        bytes += row->texts[i].length;
    return bytes;
}

/* Where retention says that it cut the log, the last time. Zero: nowhere. */
static struct casebook_head find_cut(struct casebook *book)
{
    struct casebook_head cut = {0};
    struct query query = casebook_query(book, CASEBOOK_SQL_AUDIT_CUT);
    if (query_row(&query)) {
        char object[SECRET_MAC_HEX_BYTES + 32], *end;
        query_column_copy(&query, 0, object, sizeof object);
        int64_t sequence = strtoll(object, &end, 10);
        if (*end == ' ' && secret_mac_from_hex(end + 1, cut.mac))
            cut.sequence = sequence;
    }
    query_end(&query);
    return cut;
}

static enum casebook_walked broken(struct casebook_walk *walk, int64_t row, const char *how)
{
    walk->broken = row;
    snprintf(walk->why, sizeof walk->why, "row %" PRId64 " %s", row, how);
    return CASEBOOK_WALK_BROKEN;
}

static enum casebook_walked missing(struct casebook_walk *walk, int64_t to, const char *where)
{
    walk->broken = walk->last.sequence + 1;
    if (walk->broken == to)
        snprintf(walk->why, sizeof walk->why, "row %" PRId64 " is missing%s", to, where);
    else
        snprintf(walk->why, sizeof walk->why, "rows %" PRId64 " to %" PRId64 " are missing%s", walk->broken, to, where);
    return CASEBOOK_WALK_BROKEN;
}

/* The walk's next row must be the one after its last, or the first after retention's cut. */
static enum casebook_walked follow(struct casebook *book, struct casebook_walk *walk, const struct query *query,
                                   const struct row *row)
{
    if (row->sequence <= walk->last.sequence)
        return broken(walk, row->sequence, "stands before the first");
    if (row->sequence != walk->last.sequence + 1) {
        struct casebook_head cut = find_cut(book);
        if (cut.sequence != row->sequence - 1)
            return missing(walk, row->sequence - 1, "");
        walk->last = cut;
    }
    uint8_t mac[SECRET_MAC_BYTES];
    size_t length;
    chain(book, walk->last.mac, row, mac);
    const void *written = query_column_bytes(query, 5, &length);
    if (length != sizeof mac || memcmp(written, mac, sizeof mac) != 0)
        return broken(walk, row->sequence, "is not what was written");
    walk->last.sequence = row->sequence;
    memcpy(walk->last.mac, mac, sizeof mac);
    return CASEBOOK_WALKED;
}

static enum casebook_walked look_at_end(const struct casebook *book, struct casebook_walk *walk)
{
    if (walk->last.sequence < book->head.sequence)
        return missing(walk, book->head.sequence, " at the end");
    if (walk->last.sequence > book->head.sequence || memcmp(walk->last.mac, book->head.mac, sizeof book->head.mac) != 0)
        return broken(walk, walk->last.sequence, "was not written by the running program");
    return CASEBOOK_WALKED;
}

/* Tables and indexes, and not the log alone. */
static bool is_sound(struct casebook *book, struct casebook_walk *walk)
{
    char found[CASEBOOK_BROKEN_BYTES / 2];
    if (database_is_sound(&book->database, DATABASE_WHOLE_CHECK, found, sizeof found))
        return true;
    snprintf(walk->why, sizeof walk->why, "the casebook's file is damaged: %s", found);
    return false;
}

enum casebook_walked casebook_audit_walk(struct casebook *book, struct casebook_walk *walk, int64_t to)
{
    casebook_flush(book);
    if (walk->first == 0 && !is_sound(book, walk))
        return casebook_good(book) ? CASEBOOK_WALK_DAMAGED : CASEBOOK_WALK_FAILED;
    struct query query = casebook_query(book, CASEBOOK_SQL_AUDIT_AFTER);
    query_integer(&query, walk->first == 0 ? INT64_MIN : walk->last.sequence);
    enum casebook_walked walked = CASEBOOK_WALKED;
    size_t bytes = 0;
    bool there;
    while ((there = query_row(&query)) && walked == CASEBOOK_WALKED) {
        struct row row;
        read_row(&query, &row);
        if (walk->first == 0)
            walk->first = row.sequence;
        if (row.sequence > to)
            break;
        if (bytes > CASEBOOK_WALK_BYTES_MAX)
            walked = CASEBOOK_WALK_ON;
        else
            walked = follow(book, walk, &query, &row);
        bytes += bytes_of(&row);
    }
    query_end(&query);
    if (!casebook_good(book))
        return CASEBOOK_WALK_FAILED;
    return there || walked != CASEBOOK_WALKED ? walked : look_at_end(book, walk);
}
