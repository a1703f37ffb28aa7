/* A small school written straight into the database with SQL of its own: two rooms with a terminal each, one class a
 * room, two lessons of ten minutes a date (08:00 and 08:15). Pupil p has the card number 1000 + p. */
#ifndef TESTS_SCHOOL_FACTS_H
#define TESTS_SCHOOL_FACTS_H

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include "common/token.h"

#define FACTS_PUPILS       20 /* ten a class */
#define FACTS_LESSONS      2
#define FACTS_START_MINUTE (8 * 60)
#define FACTS_APART_MIN    15
#define FACTS_LENGTH_MIN   10

static inline void facts_run(sqlite3 *database, const char *text)
{
    char *error = NULL;
    if (sqlite3_exec(database, text, NULL, NULL, &error) != SQLITE_OK)
        printf("# %s: %s\n", error, text);
    assert(error == NULL);
}

static inline uint32_t facts_card(int pupil)
{
    return 1000 + (uint32_t)pupil;
}

static inline uint64_t facts_token(const uint8_t key[TOKEN_KEY_BYTES], int pupil)
{
    uint32_t number = facts_card(pupil);
    uint8_t card[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    return token_of_card(key, card, sizeof card);
}

static inline void facts_lesson(sqlite3 *database, int number, int day, int group, int start_minute)
{
    char text[512];
    snprintf(text, sizeof text,
             "INSERT INTO lesson VALUES (%d, 'lesson-%d');"
             "INSERT INTO lesson_version VALUES (%d, 'class-%d', 'subject-%d', 'room-%d', %d, %d, %d, 'held', 0, NULL)",
             number, number, number, group, start_minute % 2, group, day, start_minute,
             start_minute + FACTS_LENGTH_MIN);
    facts_run(database, text);
}

/* `days` dates in a row from `first_day`. The database has its schema already. */
static inline void facts_write(sqlite3 *database, const uint8_t key[TOKEN_KEY_BYTES], int first_day, int days)
{
    char text[512];
    int number = 0;
    facts_run(database, "BEGIN");
    for (int group = 1; group <= 2; group++) {
        snprintf(text, sizeof text,
                 "INSERT INTO terminal (terminal_id, room, known_from_ms) VALUES ('t-%d', 'room-%d', 0)", group, group);
        facts_run(database, text);
    }
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++) {
        int group = 1 + pupil % 2;
        snprintf(text, sizeof text,
                 "INSERT INTO pupil (pupil_id, given_name, family_name, class, year, protected, known_from_ms)"
                 " VALUES ('pupil-%02d', 'A', 'B', 'class-%d', '7', 0, 0);"
                 "INSERT INTO member VALUES ('class-%d', 'pupil-%02d', NULL, NULL, 0, NULL);"
                 "INSERT INTO card VALUES (%lld, 'pupil-%02d', NULL, NULL, 0, NULL)",
                 pupil, group, group, pupil, (long long)facts_token(key, pupil), pupil);
        facts_run(database, text);
    }
    for (int day = first_day; day < first_day + days; day++)
        for (int i = 0; i < FACTS_LESSONS; i++)
            for (int group = 1; group <= 2; group++)
                facts_lesson(database, ++number, day, group, FACTS_START_MINUTE + i * FACTS_APART_MIN);
    facts_run(database, "COMMIT");
}

#endif
