/* The chain of the audit log, as casebook_audit.h describes it. */
#include "dashboard/casebook/casebook_audit.h"

#include <inttypes.h>
#include <stdio.h>
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

struct casebook_head casebook_audit_head(const struct casebook *book)
{
    return book->head;
}
