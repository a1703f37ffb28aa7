#include "tests/bench/sqlite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include "tests/bench/school.h"

struct bench_sqlite {
    sqlite3 *db;
    sqlite3_stmt *flags, *change, *ask;
};

/* One row for each pupil and own day, with what its measures are; `narrowed` picks the pupils. Status as in outcome.h:
 * 0 present, 1 late, 2 reported, 4 unreported; this school has no others, so that no share needs its known time. */
#define MEASURES_SQL(narrowed)                                                                                          \
    "WITH l AS MATERIALIZED (SELECT * FROM lesson " narrowed "),"                                                                    \
    " s AS MATERIALIZED (SELECT *, status IN (2, 4) AS away, CASE WHEN status IN (2, 4) AND NOT coalesce(lag(status IN (2, 4))"      \
    "        OVER (PARTITION BY pupil ORDER BY day, start), 0) THEN 1 ELSE 0 END AS begins FROM l),"                    \
    " d AS MATERIALIZED (SELECT pupil, day, sum(minutes) AS e, sum(absent) AS a, sum(CASE status WHEN 4 THEN absent ELSE 0 END) AS u,"  \
    "        sum(status = 1) AS late, sum(begins) AS spells, sum(absent) = sum(minutes) AS gone FROM s GROUP BY pupil, day)," \
    " r AS (SELECT *, sum(NOT gone) OVER (PARTITION BY pupil ORDER BY day) AS back FROM d),"                            \
    " v AS (SELECT pupil, day, count(*) OVER w10 AS days, 10000 * sum(a) OVER w10 >= 2500 * sum(e) OVER w10 AS m0," \
    "        10000 * sum(a) OVER w20 >= 1000 * sum(e) OVER w20 AS m1, 10000 * sum(a) OVER w30 >= 1500 * sum(e) OVER w30 AS m2,"  \
    "        10000 * sum(a) OVER w75 >= 1000 * sum(e) OVER w75 AS m3, 10000 * sum(u) OVER w40 >= 500 * sum(e) OVER w40 AS m4,"  \
    "        sum(gone) OVER (PARTITION BY pupil, back ORDER BY day) >= 3 AS m5,"                                  \
    "        sum(spells) OVER w20 >= 3 AS m6, sum(late) OVER w20 >= 5 AS m7,"                            \
    "        count(*) OVER base >= 30 AND 10000 * (sum(a) OVER w20 * sum(e) OVER base - sum(a) OVER base * sum(e) OVER w20)" \
    "          >= 800 * sum(e) OVER w20 * sum(e) OVER base AS m8"                                                       \
    "        FROM r"                                                                          \
    "        WINDOW w10 AS (PARTITION BY pupil ORDER BY day ROWS 9 PRECEDING),"                                         \
    "         w20 AS (PARTITION BY pupil ORDER BY day ROWS 19 PRECEDING),"                                              \
    "         w30 AS (PARTITION BY pupil ORDER BY day ROWS 29 PRECEDING),"                                              \
    "         w40 AS (PARTITION BY pupil ORDER BY day ROWS 39 PRECEDING),"                                              \
    "         w75 AS (PARTITION BY pupil ORDER BY day ROWS 74 PRECEDING),"                                              \
    "         base AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 79 PRECEDING AND 20 PRECEDING)),"                   \
    " y AS (SELECT pupil, day, days >= 10 AND m0 AS m0, days >= 10 AND m1 AS m1, days >= 10 AND m2 AS m2,"              \
    "        days >= 10 AND m3 AS m3, days >= 10 AND m4 AS m4, m5, m6, m7, coalesce(m8, 0) AS m8 FROM v)"

/* A flag begins where a condition holds that did not hold on the own day before. */
#define BEGINS(m) "sum(" #m " AND NOT coalesce(" #m "_before, 0))"
#define BEFORE(m) "lag(" #m ") OVER w AS " #m "_before"

static const char *const SCHEMA =
    "CREATE TABLE lesson (pupil INTEGER, day INTEGER, start INTEGER, minutes INTEGER, subject INTEGER, status INTEGER,"
    " absent INTEGER, PRIMARY KEY (pupil, day, start)) WITHOUT ROWID";
static const char *const INSERT = "INSERT INTO lesson VALUES (?, ?, ?, ?, ?, ?, ?)";
static const char *const FLAGS = MEASURES_SQL("") ", z AS (SELECT *, " BEFORE(m0) ", " BEFORE(m1) ", " BEFORE(m2) ", " BEFORE(
    m3) ", " BEFORE(m4) ", " BEFORE(m5) ", " BEFORE(m6) ", " BEFORE(m7) ", " BEFORE(m8)
    " FROM y WINDOW w AS (PARTITION BY pupil ORDER BY day)) SELECT " BEGINS(m0) ", " BEGINS(m1) ", " BEGINS(m2) ", " BEGINS(
        m3) ", " BEGINS(m4) ", " BEGINS(m5) ", " BEGINS(m6) ", " BEGINS(m7) ", " BEGINS(m8) " FROM z";
static const char *const CHANGE = "UPDATE lesson SET status = ?, absent = ? WHERE pupil = ? AND day = ? AND start = ?";
/* Only the days that the longest window needs. */
static const char *const ASK = MEASURES_SQL("WHERE pupil = ?1 AND day >= ?2") " SELECT * FROM y WHERE day = ?3";

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
    peer->flags = prepared(peer, FLAGS);
    peer->change = prepared(peer, CHANGE);
    peer->ask = prepared(peer, ASK);
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

void bench_sqlite_change(struct bench_sqlite *peer, uint32_t pupil, int late_minutes)
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
    sqlite3_bind_int(peer->ask, 3, bench_date(BENCH_DATES - 1));
    must(peer, sqlite3_step(peer->ask) == SQLITE_ROW);
    sqlite3_reset(peer->ask);
}
