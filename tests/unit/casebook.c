/* The casebook: nothing is done unrecorded, the record cannot be rewritten, a session ends when it must. The chain is
 * verified here from its description in casebook_audit.h with OpenSSL's HMAC, which the dashboard does not use. */
#include "dashboard/casebook/casebook_audit.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sqlite3.h>
#include <string.h>
#include "tests/casebook_rig.h"

#define NOW_MS INT64_C(1790000000000)
#define ROWS   25

static void begin(void)
{
    make_book();
    struct casebook_user user = {.user = "anna", .name = "Anna", .language = "sv"};
    CHECK(casebook_user_add(book, &user, NULL, 0, NOW_MS));
}

static void change(const char *text)
{
    sqlite3 *database;
    CHECK(sqlite3_open(path_of("casebook.db"), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, text, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(database);
}

static size_t add_field(unsigned char *line, size_t used, const char *field)
{
    return used + (size_t)sprintf((char *)line + used, "%zu:%s,", strlen(field), field);
}

/* How many rows form an unbroken chain from the first. */
static int chained_rows(void)
{
    unsigned char key[SECRET_KEY_BYTES], mac[SECRET_MAC_BYTES] = {0}, line[SECRET_MAC_BYTES + 1024];
    FILE *file = fopen(path_of("audit.key"), "rb");
    CHECK(file != NULL && fread(key, 1, sizeof key, file) == sizeof key && fclose(file) == 0);
    sqlite3 *database;
    sqlite3_stmt *rows;
    CHECK(sqlite3_open(path_of("casebook.db"), &database) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(database, "SELECT sequence, at_ms, user, action, object, mac FROM audit ORDER BY sequence",
                             -1, &rows, NULL) == SQLITE_OK);
    int chained = 0;
    bool whole = true;
    while (whole && sqlite3_step(rows) == SQLITE_ROW) {
        size_t used = sizeof mac;
        memcpy(line, mac, sizeof mac);
        for (int column = 0; column < 5; column++)
            used = add_field(line, used, (const char *)sqlite3_column_text(rows, column));
        HMAC(EVP_sha256(), key, sizeof key, line, used, mac, NULL);
        whole = sqlite3_column_int(rows, 0) == chained + 1 && sqlite3_column_bytes(rows, 5) == (int)sizeof mac &&
                memcmp(sqlite3_column_blob(rows, 5), mac, sizeof mac) == 0;
        chained += whole;
    }
    sqlite3_finalize(rows);
    sqlite3_close(database);
    return chained;
}

static void record(int from, int to)
{
    char object[32];
    for (int i = from; i < to; i++) {
        snprintf(object, sizeof object, "pupil-%d: 7,å", i);
        CHECK(casebook_audit(book, NOW_MS + i, i % 2 ? "anna" : "", "view_pupil", object));
    }
}

static void every_act_has_its_row_in_an_unbroken_chain(void)
{
    begin();
    record(0, 10);
    CHECK(chained_rows() == 10);
    casebook_close(book);
    open_book();
    record(10, ROWS);
    CHECK(chained_rows() == ROWS);
    remove_book();
}

static void a_rewritten_record_is_noticed(void)
{
    static const char *const TAMPERING[] = {"UPDATE audit SET user = 'bo' WHERE sequence = 5",
                                            "UPDATE audit SET object = '' WHERE sequence = 5",
                                            "UPDATE audit SET at_ms = at_ms + 1 WHERE sequence = 5",
                                            "UPDATE audit SET action = 'login' WHERE sequence = 5",
                                            "DELETE FROM audit WHERE sequence = 5",
                                            "UPDATE audit SET mac = zeroblob(32) WHERE sequence = 5"};
    for (size_t i = 0; i < sizeof TAMPERING / sizeof TAMPERING[0]; i++) {
        begin();
        record(0, ROWS);
        change(TAMPERING[i]);
        CHECK(chained_rows() == 4);
        remove_book();
    }
}

/* Two rows that each are genuine, the other way round. */
static void changing_the_order_is_noticed(void)
{
    begin();
    record(0, ROWS);
    change("UPDATE audit SET sequence = 100 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = 6;"
           "UPDATE audit SET sequence = 6 WHERE sequence = 100");
    CHECK(chained_rows() == 4);
    remove_book();
}

static void a_lost_key_is_not_replaced(void)
{
    begin();
    record(0, 3);
    casebook_close(book);
    CHECK(unlink(path_of("audit.key")) == 0);
    const char *why = NULL;
    book = casebook_open(folder, &why);
    CHECK(book == NULL && why != NULL);
    FILE *key = fopen(path_of("audit.key"), "wb");
    for (int i = 0; i < SECRET_KEY_BYTES; i++)
        fputc(i, key);
    CHECK(fclose(key) == 0);
    open_book();
    remove_book();
}

static void a_session_ends_when_it_must(void)
{
    uint8_t id[SECRET_ID_BYTES], other[SECRET_ID_BYTES] = {0};
    struct casebook_user who;
    begin();
    CHECK(casebook_session_begin(book, "anna", NOW_MS, id));
    CHECK(casebook_session_use(book, id, NOW_MS + 1, &who) == CASEBOOK_FOUND && strcmp(who.user, "anna") == 0);
    CHECK(casebook_session_use(book, other, NOW_MS + 1, &who) == CASEBOOK_ABSENT);
    CHECK(casebook_session_look(book, id, NOW_MS + CASEBOOK_IDLE_MS + 1, &who) == CASEBOOK_ABSENT);
    int64_t now_ms = NOW_MS;
    for (; now_ms < NOW_MS + CASEBOOK_SESSION_MS; now_ms += CASEBOOK_IDLE_MS / 2)
        CHECK(casebook_session_use(book, id, now_ms, &who) == CASEBOOK_FOUND);
    CHECK(casebook_session_use(book, id, now_ms, &who) == CASEBOOK_ABSENT);
    CHECK(casebook_session_begin(book, "anna", NOW_MS, id));
    CHECK(casebook_session_end(book, id));
    CHECK(casebook_session_use(book, id, NOW_MS + 1, &who) == CASEBOOK_ABSENT);
    remove_book();
}

static bool lives(const uint8_t id[SECRET_ID_BYTES], int64_t now_ms)
{
    uint8_t hash[SECRET_HASH_BYTES];
    struct casebook_user who;
    secret_hash(id, SECRET_ID_BYTES, hash);
    bool found = casebook_session_look(book, id, now_ms, &who) == CASEBOOK_FOUND;
    CHECK(casebook_session_alive(book, hash, now_ms) == found); /* of a stream, which is known by the hash */
    return found;
}

/* Both sides of each end; a clock may go back by less than a minute. */
static void a_session_ends_to_the_millisecond(void)
{
    uint8_t id[SECRET_ID_BYTES];
    struct casebook_user who;
    begin();
    CHECK(casebook_session_begin(book, "anna", NOW_MS, id));
    CHECK(lives(id, NOW_MS + CASEBOOK_IDLE_MS - 1) && !lives(id, NOW_MS + CASEBOOK_IDLE_MS));
    CHECK(lives(id, NOW_MS - 59999) && !lives(id, NOW_MS - 60000));
    for (int64_t now_ms = NOW_MS; now_ms < NOW_MS + CASEBOOK_SESSION_MS; now_ms += CASEBOOK_IDLE_MS / 2)
        CHECK(casebook_session_use(book, id, now_ms, &who) == CASEBOOK_FOUND);
    CHECK(lives(id, NOW_MS + CASEBOOK_SESSION_MS - 1) && !lives(id, NOW_MS + CASEBOOK_SESSION_MS));
    for (int at = 0; at < 8 * SECRET_ID_BYTES; at++) { /* one bit is another */
        id[at / 8] ^= (uint8_t)(1 << at % 8);
        CHECK(!lives(id, NOW_MS + CASEBOOK_SESSION_MS - 1));
        id[at / 8] ^= (uint8_t)(1 << at % 8);
    }
    CHECK(lives(id, NOW_MS + CASEBOOK_SESSION_MS - 1));
    remove_book();
}

int main(void)
{
    if (!secret_start())
        return 1;
    TEST(every_act_has_its_row_in_an_unbroken_chain);
    TEST(a_rewritten_record_is_noticed);
    TEST(changing_the_order_is_noticed);
    TEST(a_lost_key_is_not_replaced);
    TEST(a_session_ends_when_it_must);
    TEST(a_session_ends_to_the_millisecond);
    return test_done();
}
