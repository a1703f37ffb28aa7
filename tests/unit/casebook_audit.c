/* The walk along the audit log tells whatever was changed behind the program's back, and which row. What was changed is
 * known here without the walk. */
#include "dashboard/casebook/casebook_audit.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include "common/civil.h"
#include "dashboard/casebook/casebook_retention.h"
#include "tests/casebook_rig.h"

#define NOW_MS  INT64_C(1790000000000)
#define ROWS    24
#define CHANGES 1000

static sqlite3 *stranger; /* writes to the file, and has no key */

static void change(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void change(const char *format, ...)
{
    char text[512];
    va_list words;
    va_start(words, format);
    vsnprintf(text, sizeof text, format, words);
    va_end(words);
    CHECK(sqlite3_exec(stranger, text, NULL, NULL, NULL) == SQLITE_OK);
}

static void begin(void)
{
    make_book();
    CHECK(sqlite3_open(path_of("casebook.db"), &stranger) == SQLITE_OK);
    change("PRAGMA synchronous = OFF");
}

static void end(void)
{
    sqlite3_close(stranger);
    remove_book();
}

static void record(int count, int64_t at_ms)
{
    char object[32];
    for (int i = 0; i < count; i++) {
        snprintf(object, sizeof object, "pupil-%d: 7,å", i);
        CHECK(casebook_audit(book, at_ms + i, i % 5 ? "anna" : "", "view_pupil", i % 7 ? object : ""));
    }
}

static enum casebook_walked walk_on(struct casebook_walk *walk, int64_t to, int *steps)
{
    enum casebook_walked walked;
    *steps = 0;
    do {
        walked = casebook_audit_walk(book, walk, to);
        ++*steps;
    } while (walked == CASEBOOK_WALK_ON);
    return walked;
}

/* The row that the walk tells; 0: the log is whole. */
static int64_t broken_row(void)
{
    int steps;
    struct casebook_walk walk = {0};
    enum casebook_walked walked = walk_on(&walk, INT64_MAX, &steps);
    CHECK(walked == CASEBOOK_WALKED || walked == CASEBOOK_WALK_BROKEN);
    CHECK((walked == CASEBOOK_WALK_BROKEN) == (strstr(walk.why, "row") != NULL));
    return walked == CASEBOOK_WALK_BROKEN ? walk.broken : 0;
}

static int below(int limit)
{
    return (int)(random() % limit);
}

/* One byte of a text or a MAC becomes another, goes, or comes: also a NUL, and also at the end. */
static void change_byte(const char *column, int row)
{
    char sql[128], bytes[128];
    sqlite3_stmt *statement;
    snprintf(sql, sizeof sql, "SELECT CAST(%s AS BLOB) FROM audit WHERE sequence = %d", column, row);
    CHECK(sqlite3_prepare_v2(stranger, sql, -1, &statement, NULL) == SQLITE_OK);
    CHECK(sqlite3_step(statement) == SQLITE_ROW);
    int length = sqlite3_column_bytes(statement, 0), way = length == 0 ? 2 : below(3),
        place = below(length + (way == 2));
    const char *was = length > 0 ? sqlite3_column_blob(statement, 0) : "";
    size_t before = (size_t)place, behind = (size_t)(length - place);
    memcpy(bytes, was, before);
    if (way == 0) {
        memcpy(bytes + before, was + before, behind);
        bytes[before] = (char)(bytes[before] ^ (1 << below(8)));
    } else if (way == 1) {
        memcpy(bytes + before, was + before + 1, behind - 1);
        length--;
    } else {
        bytes[before] = (char)below(128);
        memcpy(bytes + before + 1, was + before, behind);
        length++;
    }
    sqlite3_finalize(statement);
    bool is_mac = strcmp(column, "mac") == 0;
    snprintf(sql, sizeof sql, "UPDATE audit SET %s = ?1 WHERE sequence = %d", column, row);
    CHECK(sqlite3_prepare_v2(stranger, sql, -1, &statement, NULL) == SQLITE_OK);
    CHECK((is_mac ? sqlite3_bind_blob(statement, 1, bytes, length, SQLITE_TRANSIENT)
                  : sqlite3_bind_text(statement, 1, bytes, length, SQLITE_TRANSIENT)) == SQLITE_OK);
    CHECK(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_finalize(statement);
}

static int swap_rows(int row)
{
    int other = 1 + (row + below(ROWS - 1)) % ROWS;
    change("UPDATE audit SET sequence = 1000 WHERE sequence = %d; UPDATE audit SET sequence = %d WHERE sequence = %d;"
           "UPDATE audit SET sequence = %d WHERE sequence = 1000",
           row, row, other, other);
    return row < other ? row : other;
}

/* Changes something at random; returns the row that must be told. */
static int tamper(void)
{
    static const char *const COLUMNS[] = {"user", "action", "object", "mac"};
    int row = 1 + below(ROWS), far = 1 + below(9);
    switch (below(11)) {
    case 0:
        change("UPDATE audit SET at_ms = at_ms %c %d WHERE sequence = %d", below(2) ? '+' : '-', far, row);
        return row;
    case 1:
        change("DELETE FROM audit WHERE sequence = %d", row);
        return row;
    case 2:
        change("DELETE FROM audit WHERE sequence >= %d", row);
        return row;
    case 3:
        change("DELETE FROM audit WHERE sequence <= %d", row);
        return 1;
    case 4:
        return swap_rows(row);
    case 5:
        change("UPDATE audit SET sequence = %d WHERE sequence = %d", ROWS + far, row);
        return row;
    case 6:
        change("UPDATE audit SET sequence = %d WHERE sequence = %d", -far, row);
        return -far;
    case 7:
        change("INSERT INTO audit SELECT %d, at_ms, user, action, object, mac FROM audit WHERE sequence = %d", ROWS + 1,
               row);
        return ROWS + 1;
    case 8: /* the same characters, divided otherwise */
        change("UPDATE audit SET user = user || substr(action, 1, 1), action = substr(action, 2) WHERE sequence = %d",
               row);
        return row;
    case 9: /* what stood there, and a NUL after it */
        change(below(2) ? "UPDATE audit SET mac = CAST(mac || x'00' AS BLOB) WHERE sequence = %d"
                        : "UPDATE audit SET object = object || char(0) WHERE sequence = %d",
               row);
        return row;
    default:
        change_byte(COLUMNS[below(4)], row);
        return row;
    }
}

static void each_of_a_thousand_changes_is_told(void)
{
    begin();
    record(ROWS, NOW_MS);
    change("CREATE TEMP TABLE kept AS SELECT * FROM audit");
    srandom(1);
    for (int i = 0; i < CHANGES; i++) {
        CHECK(broken_row() == 0);
        int row = tamper();
        CHECK(broken_row() == row);
        change("BEGIN; DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; COMMIT");
    }
    end();
}

/* That is why heads are kept: whoever has the file alone cannot know. */
static void an_end_that_was_cut_off_before_the_start_shows_against_its_head_alone(void)
{
    int steps;
    struct casebook_walk walk = {0};
    begin();
    record(ROWS, NOW_MS);
    struct casebook_head kept = casebook_audit_head(book);
    change("DELETE FROM audit WHERE sequence > 20");
    CHECK(broken_row() == 21);
    casebook_close(book);
    open_book();
    CHECK(walk_on(&walk, kept.sequence, &steps) == CASEBOOK_WALKED && walk.last.sequence == 20);
    record(ROWS, NOW_MS + 1);
    walk = (struct casebook_walk){0};
    CHECK(walk_on(&walk, kept.sequence, &steps) == CASEBOOK_WALKED && walk.last.sequence == kept.sequence);
    CHECK(memcmp(walk.last.mac, kept.mac, sizeof kept.mac) != 0);
    CHECK(broken_row() == 0);
    end();
}

static void cut_before(int32_t day)
{
    int64_t erased;
    CHECK(casebook_begin(book) && casebook_end(book, casebook_kind_erase(book, CASEBOOK_LOG, day, NOW_MS, &erased)) &&
          erased > 0);
}

static void what_retention_cut_off_is_not_missed(void)
{
    int steps;
    int32_t today = civil_from_utc_ms(NOW_MS).day;
    struct casebook_walk walk = {0};
    begin();
    record(ROWS, NOW_MS - 20 * CIVIL_MS_PER_DAY);
    record(ROWS, NOW_MS - 10 * CIVIL_MS_PER_DAY);
    record(ROWS, NOW_MS);
    CHECK(walk_on(&walk, 5, &steps) == CASEBOOK_WALKED && walk.last.sequence == 5);
    cut_before(today - 15);
    CHECK(walk_on(&walk, INT64_MAX, &steps) == CASEBOOK_WALKED && walk.last.sequence == 3 * ROWS + 1);
    cut_before(today - 5);
    CHECK(broken_row() == 0);
    change("DELETE FROM audit WHERE sequence = %d", 2 * ROWS + 1);
    CHECK(broken_row() == 1);
    change("UPDATE audit SET object = replace(object, '%d ', '%d ') WHERE action = 'audit_cut'", 2 * ROWS,
           2 * ROWS + 1);
    CHECK(broken_row() == 2 * ROWS + 2);
    end();
}

static void a_long_log_is_walked_in_steps(void)
{
    int steps;
    struct casebook_walk walk = {0};
    static char object[CASEBOOK_WALK_BYTES_MAX / 2 + 1];
    memset(object, 'x', sizeof object - 1);
    begin();
    for (int i = 0; i < 5; i++)
        CHECK(casebook_audit(book, NOW_MS, "anna", "list_pupils", object));
    CHECK(walk_on(&walk, INT64_MAX, &steps) == CASEBOOK_WALKED && walk.last.sequence == 5 && walk.first == 1);
    CHECK(steps == 3);
    end();
}

/* A row that an index has not, of a table that is not the log's. */
static void a_damaged_file_is_told(void)
{
    struct casebook_walk walk = {0};
    begin();
    record(1, NOW_MS);
    change("INSERT INTO answer (pupil_id, user, kind, reason, severity, day, until_day, at_ms)"
           " VALUES ('p-1', 'eva', 'snooze', 'other', 1, 1, 1, 1)");
    change("PRAGMA writable_schema = ON");
    change("UPDATE sqlite_schema SET sql = sql || ' WHERE answer > 1' WHERE name = 'answer_by_pupil'");
    change("PRAGMA writable_schema = RESET");
    casebook_close(book);
    open_book();
    CHECK(casebook_audit_walk(book, &walk, INT64_MAX) == CASEBOOK_WALK_DAMAGED);
    CHECK(strstr(walk.why, "damaged") != NULL && strstr(walk.why, "answer_by_pupil") != NULL);
    end();
}

int main(void)
{
    if (!secret_start())
        return 1;
    TEST(each_of_a_thousand_changes_is_told);
    TEST(an_end_that_was_cut_off_before_the_start_shows_against_its_head_alone);
    TEST(what_retention_cut_off_is_not_missed);
    TEST(a_long_log_is_walked_in_steps);
    TEST(a_damaged_file_is_told);
    return test_done();
}
