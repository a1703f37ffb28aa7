#include "tests/bench/sqlite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include "tests/bench/school.h"

struct bench_sqlite {
    sqlite3 *db;
    sqlite3_stmt *flags, *change, *ask;
};

static const char *const SCHEMA =
    "CREATE TABLE lesson (pupil INTEGER, day INTEGER, start INTEGER, minutes INTEGER, subject INTEGER, status INTEGER,"
    " absent INTEGER, PRIMARY KEY (pupil, day, start)) WITHOUT ROWID";
static const char *const INSERT = "INSERT INTO lesson VALUES (?, ?, ?, ?, ?, ?, ?)";
static const char *const CHANGE = "UPDATE lesson SET status = ?, absent = ? WHERE pupil = ? AND day = ? AND start = ?";
enum { SQL_BYTES = 16384 };

static void must(const struct bench_sqlite *peer, bool good)
{
    if (good)
        return;
    fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(peer->db));
    exit(1);
}

static sqlite3_stmt *prepared(struct bench_sqlite *peer, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    must(peer, sqlite3_prepare_v2(peer->db, sql, -1, &statement, NULL) == SQLITE_OK);
    return statement;
}

/* The texts of one or two files, one after the other. */
static sqlite3_stmt *prepared_files(struct bench_sqlite *peer, const char *path, const char *path_after)
{
    char sql[SQL_BYTES];
    size_t length = 0;
    for (; path != NULL; path = path_after, path_after = NULL) {
        FILE *file = fopen(path, "r");
        size_t read = file == NULL ? 0 : fread(sql + length, 1, SQL_BYTES - 1 - length, file);
        if (read == 0)
            exit(1);
        fclose(file);
        length += read;
    }
    sql[length] = '\0';
    return prepared(peer, sql);
}

static void insert_day(struct bench_sqlite *peer, sqlite3_stmt *insert, uint32_t pupil, int index)
{
    struct outcome outcomes[BENCH_LESSONS];
    bench_day(pupil, index, outcomes);
    for (int i = 0; i < BENCH_LESSONS; i++) {
        int values[] = {(int)pupil,          bench_date(index),  outcomes[i].start_minute,  outcomes[i].minutes,
                        outcomes[i].subject, outcomes[i].status, outcomes[i].absent_minutes};
        for (int v = 0; v < 7; v++)
            sqlite3_bind_int(insert, v + 1, values[v]);
        must(peer, sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
    }
}

struct bench_sqlite *bench_sqlite_open(uint32_t pupils)
{
    struct bench_sqlite *peer = calloc(1, sizeof *peer);
    if (peer == NULL || sqlite3_open(":memory:", &peer->db) != SQLITE_OK)
        exit(1);
    must(peer, sqlite3_exec(peer->db, SCHEMA, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_stmt *insert = prepared(peer, INSERT);
    sqlite3_exec(peer->db, "BEGIN", NULL, NULL, NULL);
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        for (int index = 0; index < BENCH_DATES; index++)
            insert_day(peer, insert, pupil, index);
    must(peer, sqlite3_exec(peer->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_finalize(insert);
    peer->flags = prepared_files(peer, "tests/bench/ten.sql", "tests/bench/flags.sql");
    peer->change = prepared(peer, CHANGE);
    peer->ask = prepared_files(peer, "tests/bench/one.sql", NULL);
    return peer;
}

void bench_sqlite_close(struct bench_sqlite *peer)
{
    sqlite3_finalize(peer->flags);
    sqlite3_finalize(peer->change);
    sqlite3_finalize(peer->ask);
    sqlite3_close(peer->db);
    free(peer);
}

void bench_sqlite_flags(struct bench_sqlite *peer, uint32_t counts[BENCH_MEASURES])
{
    must(peer, sqlite3_step(peer->flags) == SQLITE_ROW);
    for (int i = 0; i < BENCH_MEASURES; i++)
        counts[i] = (uint32_t)sqlite3_column_int(peer->flags, i);
    sqlite3_reset(peer->flags);
}

void bench_sqlite_change(struct bench_sqlite *peer, uint32_t pupil, int late_minutes, bool holds[BENCH_MEASURES])
{
    enum { LONGEST = 80 };
    int change[] = {late_minutes > 0 ? STATUS_LATE : STATUS_PRESENT, late_minutes, (int)pupil,
                    bench_date(BENCH_DATES - 1), 480 + 90 * (BENCH_LESSONS - 1)};
    for (int i = 0; i < 5; i++)
        sqlite3_bind_int(peer->change, i + 1, change[i]);
    must(peer, sqlite3_step(peer->change) == SQLITE_DONE);
    sqlite3_reset(peer->change);
    sqlite3_bind_int(peer->ask, 1, (int)pupil);
    sqlite3_bind_int(peer->ask, 2, bench_date(BENCH_DATES - LONGEST));
    must(peer, sqlite3_step(peer->ask) == SQLITE_ROW);
    for (int i = 0; i < BENCH_MEASURES; i++)
        holds[i] = sqlite3_column_int(peer->ask, i) != 0;
    sqlite3_reset(peer->ask);
}
