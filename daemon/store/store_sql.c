/* The text of every statement. All are prepared at start, so a statement that does not fit the schema stops the
 * daemon there. */
#include "daemon/store/store_sql.h"

/* A fact's dates and instants: open ones stand at the ends of time. */
#define FROM_DAY(row)    "coalesce(" row "from_day, -2147483648)"
#define WITHIN(day, row) day " BETWEEN coalesce(" row "from_day, " day ") AND coalesce(" row "to_day, " day ")"
#define HELD_AT(instant, row) \
    instant " >= coalesce(" row "from_ms, " instant ") AND " instant " < coalesce(" row "to_ms, " instant " + 1)"
/* Groups the rows of each id so that the row shown is the one that holds on `day`, else the latest that began
 * before, else the first to come. With a single max() SQLite takes the other columns from the row that has the
 * maximum. */
#define PLACE_ON(day) "max(CASE WHEN coalesce(from_day, 0) <= " day " THEN coalesce(from_day, 0) ELSE -from_day END)"
#define LISTED        "terminal_id IN (SELECT terminal_id FROM terminal WHERE known_to_ms IS NULL)"

/* Of what is due by retention: ?1 the first date kept, ?2 the same as an instant, ?3 the held pupils (JSON), ?4 how many
 * rows at most. */
#define DUE(part, table, key, due)                                  \
    [SQL_DUE_##part] = "SELECT count(*) FROM " table " WHERE " due, \
    [SQL_ERASE_##part] =                                            \
        "DELETE FROM " table " WHERE (" key ") IN (SELECT " key " FROM " table " WHERE " due " LIMIT ?4)"
#define HELD       "(SELECT value FROM json_each(?3))"
#define NOT_HELD   "pupil_id NOT IN " HELD
#define FREE_TOKEN "token NOT IN (SELECT token FROM card WHERE pupil_id IN " HELD ")"
#define PAST       "(to_day < ?1 OR known_to_ms < ?2)"
#define LEFT                                                                     \
    "pupil_id NOT IN (SELECT pupil_id FROM pupil WHERE known_to_ms IS NULL AND " \
    "coalesce(to_day, ?1) >= ?1)"
#define PAST_LESSONS "(SELECT lesson FROM lesson_version GROUP BY lesson HAVING max(day) < ?1)"
/* Conditions on a pupil's taps: the card was nobody else's at that instant. */
#define OF_PUPIL(instant)                                                                              \
    "token IN (SELECT token FROM card WHERE pupil_id = ?1) AND NOT EXISTS (SELECT 1 FROM card o WHERE" \
    " o.token = t.token AND o.pupil_id <> ?1 AND (" instant " IS NULL OR " HELD_AT(instant, "o.") "))"
/* Of a register extract: ?1 the pupil, ?2 rows of a page, ?3 rows before it. */
#define DATE(column) "date(" column " * 86400, 'unixepoch')"
#define UTC(column)  "strftime('%Y-%m-%dT%H:%M:%SZ', " column " / 1000, 'unixepoch')"
#define KNOWN_TIMES  "'known_from', " UTC("known_from_ms") ", 'known_to', " UTC("known_to_ms")
#define FROM_TO      "'from', " DATE("from_day") ", 'to', " DATE("to_day")
#define EXTRACT(columns, table, order) \
    "SELECT json_object(" columns ") FROM " table " WHERE pupil_id = ?1 ORDER BY " order " LIMIT ?2 OFFSET ?3"

/* The lives of a terminal's boots from its events, ?1. What came more than a fortnight late, or while it was distrusted,
 * is no sign of life (coverage.h). */
#define TOO_LATE                                                                                                     \
    "(received_ms - settled_ms > 1209600000 OR EXISTS (SELECT 1 FROM distrust d WHERE d.terminal_id = e.terminal_id" \
    " AND d.known_to_ms IS NULL AND e.received_ms >= d.since_ms))"
#define LIVES_OF_EVENTS                                                                                               \
    "SELECT terminal_id, generation, boot, part, min(settled_ms) AS from_ms, max(settled_ms) AS to_ms,"               \
    " max(CASE WHEN kind = 'boot' AND begun_ms > 0 THEN begun_ms END) AS before_ms, part < parts AS closed"           \
    " FROM (SELECT *, sum(late) OVER (PARTITION BY generation, boot ORDER BY sequence) AS part,"                      \
    "              sum(late) OVER (PARTITION BY generation, boot) AS parts"                                           \
    "         FROM (SELECT terminal_id, generation, boot, sequence, kind, settled_ms, from_ms AS begun_ms, " TOO_LATE \
    " AS late FROM event e WHERE terminal_id = ?1 AND settled_ms IS NOT NULL AND boot > 0))"                          \
    " WHERE NOT late GROUP BY generation, boot, part"
/* A tap that waits for a person does not count, nor does one of a distrusted terminal. */
#define COUNTS                                                                                                 \
    "NOT EXISTS (SELECT 1 FROM held_tap h WHERE h.terminal_id = e.terminal_id AND h.generation = e.generation" \
    " AND h.sequence = e.sequence AND h.decision IS NOT 'accepted') AND NOT EXISTS (SELECT 1 FROM distrust d"  \
    " WHERE d.terminal_id = e.terminal_id AND d.known_to_ms IS NULL AND max(e.settled_ms, e.received_ms) >= "  \
    "d.since_ms)"
/* Those of a terminal, ?1, that have to do with the time from ?2 to ?3, and their neighbours. */
#define LIVES_AROUND(columns, table)                                                                       \
    "SELECT from_ms, to_ms, " columns " FROM " table " WHERE terminal_id = ?1"                             \
    " AND to_ms >= coalesce((SELECT max(to_ms) FROM " table " WHERE terminal_id = ?1 AND to_ms < ?2), ?2)" \
    " AND from_ms <= coalesce((SELECT min(from_ms) FROM " table " WHERE terminal_id = ?1 AND from_ms > ?3), ?3)"

const char *const STORE_SQL[STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SETTING_GET] = "SELECT value FROM setting WHERE name = ?1",
    [SQL_CLOSED_LATEST] = "SELECT max(closed_ms) FROM school_day",
    [SQL_BEYOND] =
        "SELECT EXISTS (SELECT 1 FROM pupil_day WHERE day > ?1) OR EXISTS (SELECT 1 FROM school_day WHERE day > ?1)"
        " OR EXISTS (SELECT 1 FROM school_day WHERE day = ?1 AND closed_ms > ?2)"
        " OR EXISTS (SELECT 1 FROM lesson_doubt WHERE day > ?1) OR EXISTS (SELECT 1 FROM group_day WHERE day > ?1)"
        " OR EXISTS (SELECT 1 FROM group_signal WHERE day > ?1)"
        " OR EXISTS (SELECT 1 FROM task WHERE day > ?1 AND closed_ms IS NULL)"
        " OR EXISTS (SELECT 1 FROM flag WHERE raised_day > ?1 AND withdrawn_ms IS NULL)",
    [SQL_BEYOND_TODAY] = "SELECT EXISTS (SELECT 1 FROM school_day WHERE day = ?1 AND closed_ms > ?2)",
    [SQL_TAPPED_BEYOND] = "SELECT count(*) FROM school_day s WHERE s.day > ?1 AND s.decided_ms IS NOT NULL AND EXISTS"
                          " (SELECT 1 FROM event e WHERE e.settled_day = s.day AND e.kind = 'tap')",
    [SQL_PUPIL_DAYS_FROM_DELETE] = "DELETE FROM pupil_day WHERE day >= ?1",
    [SQL_SCHOOL_DAYS_FROM_DELETE] = "DELETE FROM school_day WHERE day >= ?1",
    [SQL_DOUBTS_FROM_DELETE] = "DELETE FROM lesson_doubt WHERE day >= ?1",
    [SQL_GROUP_DAYS_FROM_DELETE] = "DELETE FROM group_day WHERE day >= ?1",
    [SQL_SIGNALS_FROM_DELETE] = "DELETE FROM group_signal WHERE day >= ?1",
    [SQL_FLAGS_FROM_CHANGE] = "INSERT INTO flag_change (flag, change, day, why, recorded_ms) SELECT flag, 'withdrawn',"
                              " NULL, ?2, ?3 FROM flag WHERE raised_day >= ?1 AND withdrawn_ms IS NULL",
    [SQL_FLAGS_FROM_WITHDRAW] = "UPDATE flag SET withdrawn_ms = ?3, withdrawn_why = ?2"
                                " WHERE raised_day >= ?1 AND withdrawn_ms IS NULL",
    [SQL_TASKS_FROM_CLOSE] = "UPDATE task SET closed_ms = ?3, closed_why = ?2 WHERE day >= ?1 AND closed_ms IS NULL",
    [SQL_HELD_FROM_DELETE] = "DELETE FROM held_tap WHERE held_ms > ?1 AND decision IS NULL",
    [SQL_LAST_SIGN] = "SELECT max(s.ms) FROM (SELECT terminal_id, received_ms AS ms FROM terminal_state"
                      " UNION ALL SELECT terminal_id, received_ms FROM receipt) s WHERE s.ms <= ?1 AND EXISTS"
                      " (SELECT 1 FROM terminal t WHERE t.terminal_id = s.terminal_id AND t.known_to_ms IS NULL"
                      " AND coalesce(t.from_day, ?2) <= ?2 AND coalesce(t.to_day, ?2) >= ?2)",
    [SQL_SETTING_PUT] = "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",

    [SQL_EVENT_INSERT] =
        "INSERT INTO event (terminal_id, generation, sequence, last_sequence, kind, boot, mono_ms, at_ms, from_ms,"
        " clock, age_ms, token, reader, feedback, received_ms, refused, settled_ms, settled_day)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    [SQL_EVENT_SETTLE] = "UPDATE event SET refused = ?4, settled_ms = ?5, settled_day = ?6"
                         " WHERE terminal_id = ?1 AND generation = ?2 AND sequence = ?3",
    [SQL_EVENTS_UNDATED] =
        "SELECT sequence, kind, mono_ms, settled_ms, token, clock FROM event INDEXED BY event_doubted"
        " WHERE terminal_id = ?1 AND generation = ?2 AND boot = ?3 AND clock <> 'synced' AND (clock = 'unset' OR ?4)"
        " AND sequence > ?5 AND sequence < ?6 ORDER BY sequence LIMIT ?7",
    [SQL_EVENTS_MISDATED] =
        "SELECT terminal_id, generation, sequence, kind, token, at_ms FROM event WHERE refused = 'bad_time'"
        " AND clock <> 'unset' AND at_ms BETWEEN ?1 AND ?2 LIMIT ?3",
    [SQL_SETTLED_BEFORE] = "SELECT settled_ms FROM event WHERE terminal_id = ?1 AND generation = ?2 AND sequence < ?3"
                           " AND settled_ms IS NOT NULL ORDER BY sequence DESC LIMIT 1",
    [SQL_BOOT_CLOCK] =
        "SELECT at_ms, mono_ms FROM event WHERE terminal_id = ?1 AND generation = ?2 AND boot = ?3"
        " AND kind = 'clock' AND clock <> 'unset' AND settled_ms IS NOT NULL ORDER BY sequence DESC LIMIT 1",
    [SQL_RECEIPT_GET] = "SELECT upto FROM receipt WHERE terminal_id = ?1 AND generation = ?2",
    [SQL_RECEIPT_PUT] = "INSERT INTO receipt (terminal_id, generation, upto, events, received_ms)"
                        " VALUES (?1, ?2, ?3, ?4, ?5)"
                        " ON CONFLICT (terminal_id, generation) DO UPDATE SET upto = excluded.upto,"
                        " events = events + excluded.events, received_ms = excluded.received_ms",
    [SQL_RECEIPTS] = "SELECT terminal_id, generation, upto FROM receipt WHERE (terminal_id, generation) > (?1, ?2)"
                     " ORDER BY terminal_id, generation LIMIT ?3",
    [SQL_REFUSALS] = "SELECT sequence, refused FROM event WHERE terminal_id = ?1 AND generation = ?2 AND sequence > ?3"
                     " AND sequence <= ?4 AND refused IS NOT NULL ORDER BY sequence LIMIT ?5",
    [SQL_GAP_INSERT] = "INSERT INTO gap (terminal_id, generation, first_sequence, last_sequence, recorded_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_GAP_OPEN] =
        "SELECT NOT EXISTS (SELECT 1 FROM event e WHERE e.terminal_id = ?1 AND e.generation = ?2"
        " AND e.sequence > g.last_sequence AND e.settled_ms IS NOT NULL)"
        " FROM gap g WHERE g.terminal_id = ?1 AND g.generation = ?2 ORDER BY g.first_sequence DESC LIMIT 1",
    [SQL_CARD_STATE] = "SELECT c.known_to_ms IS NULL AND " HELD_AT(
        "?2", "c.") " AND EXISTS (SELECT 1 FROM pupil p"
                    " WHERE p.pupil_id = c.pupil_id AND p.known_to_ms IS NULL AND " WITHIN(
                        "?3", "p.") ")"
                                    " FROM card c WHERE c.token = ?1",

    [SQL_CARD_GIVE] =
        "INSERT INTO card (token, pupil_id, from_ms, known_from_ms) VALUES (?1, ?2, max(?3, coalesce((SELECT max(to_ms)"
        " FROM card WHERE token = ?1 AND known_to_ms IS NULL AND to_ms <= ?4), ?3)), ?4)",
    [SQL_CARDS_SHORTEN] =
        "INSERT INTO card (token, pupil_id, from_ms, to_ms, known_from_ms) SELECT token, pupil_id, from_ms, ?2, ?2"
        " FROM card WHERE pupil_id = ?1 AND known_to_ms IS NULL AND " HELD_AT("?2", ""),
    [SQL_CARDS_END] = "UPDATE card SET known_to_ms = ?2 WHERE pupil_id = ?1 AND known_to_ms IS NULL"
                      " AND coalesce(to_ms, ?2 + 1) > ?2",
    [SQL_CARD_TAPPED] = "SELECT token FROM event WHERE settled_day = ?3 AND kind = 'tap' AND settled_ms = ?2"
                        " AND terminal_id = ?1 UNION SELECT token FROM imported_tap WHERE day = ?3"
                        " AND terminal_id = ?1 AND at_ms = ?2",
    [SQL_TAP_TERMINAL] = "SELECT terminal_id FROM event WHERE token = ?1 AND settled_day = ?3 AND kind = 'tap'"
                         " AND settled_ms = ?2 UNION SELECT terminal_id FROM imported_tap WHERE token = ?1"
                         " AND day = ?3 AND at_ms = ?2",
    [SQL_CARD_SHORTEN] = "INSERT INTO card (token, pupil_id, from_ms, to_ms, known_from_ms) SELECT token, pupil_id,"
                         " from_ms, ?2, ?2 FROM card WHERE token = ?1 AND known_to_ms IS NULL AND " HELD_AT("?2", ""),
    [SQL_CARD_END] = "UPDATE card SET known_to_ms = ?2 WHERE token = ?1 AND known_to_ms IS NULL AND " HELD_AT("?2", ""),
    [SQL_CARD_HAND_OVER] =
        "INSERT INTO card (token, pupil_id, from_ms, to_ms, known_from_ms) VALUES (?1, ?2, ?3, (SELECT min(from_ms)"
        " FROM card WHERE token = ?1 AND known_to_ms IS NULL AND from_ms > ?3), ?3)",
    [SQL_TERMINAL_KNOWN] = "SELECT 1 FROM terminal WHERE terminal_id = ?1 AND known_to_ms IS NULL",

    [SQL_OUTAGE_INSERT] = "INSERT INTO recorded_outage (terminal_id, reader, from_ms, to_ms) VALUES (?1, ?2, ?3, ?4)"
                          " ON CONFLICT (terminal_id, reader, from_ms) DO UPDATE SET to_ms ="
                          " CASE WHEN to_ms IS NULL OR excluded.to_ms IS NULL THEN NULL"
                          " ELSE max(to_ms, excluded.to_ms) END",
    [SQL_OUTAGE_OPEN_SINCE] =
        "SELECT count(*), min(from_ms) FROM recorded_outage WHERE terminal_id = ?1 AND to_ms IS NULL"
        " AND (?2 = 0 OR reader = ?2)",
    [SQL_OUTAGE_CLOSE] = "UPDATE recorded_outage SET to_ms = max(?3, from_ms) WHERE terminal_id = ?1"
                         " AND to_ms IS NULL AND (?2 = 0 OR reader = ?2)",
    [SQL_OUTAGES_RECORDED] = "SELECT from_ms, to_ms FROM recorded_outage WHERE terminal_id = ?1",
    [SQL_OUTAGE_CLEAR] = "DELETE FROM recorded_outage WHERE terminal_id = ?1",
    [SQL_OUTAGE_EVENTS] =
        "SELECT kind, reader, from_ms, settled_ms FROM event INDEXED BY event_outage WHERE terminal_id = ?1"
        " AND kind <> 'tap' AND kind IN ('out', 'in', 'boot') AND settled_ms IS NOT NULL"
        " ORDER BY min(received_ms) OVER (PARTITION BY generation), generation, sequence",
    [SQL_GAPS_AROUND] =
        "SELECT (SELECT settled_ms FROM event e WHERE e.terminal_id = g.terminal_id AND e.generation = g.generation"
        "          AND e.sequence < g.first_sequence AND e.settled_ms IS NOT NULL ORDER BY e.sequence DESC LIMIT 1),"
        "       (SELECT settled_ms FROM event e WHERE e.terminal_id = g.terminal_id AND e.generation = g.generation"
        "          AND e.sequence > g.last_sequence AND e.settled_ms IS NOT NULL ORDER BY e.sequence LIMIT 1)"
        "  FROM gap g WHERE g.terminal_id = ?1",

    [SQL_LIFE_LATEST] =
        "SELECT from_ms, to_ms, birth, able FROM life WHERE terminal_id = ?1 ORDER BY to_ms DESC LIMIT 1",
    [SQL_LIFE_PUT] = "INSERT INTO life (terminal_id, from_ms, to_ms, birth, able) VALUES (?1, ?2, ?3, ?4, ?5)"
                     " ON CONFLICT (terminal_id, from_ms) DO UPDATE SET to_ms = max(to_ms, excluded.to_ms),"
                     " birth = excluded.birth, able = min(able, excluded.able)",
    [SQL_LIFE_UNHEARD] = "DELETE FROM life WHERE from_ms > ?1",
    [SQL_LIFE_CUT] = "UPDATE life SET to_ms = ?1 WHERE to_ms > ?1",
    [SQL_RECORDED_LIFE_NEWEST] = "SELECT boot, part, from_ms, to_ms, before_ms, closed FROM recorded_life"
                                 " WHERE terminal_id = ?1 AND generation = ?2 ORDER BY boot DESC, part DESC LIMIT 1",
    [SQL_RECORDED_LIFE_PUT] =
        "INSERT OR REPLACE INTO recorded_life (terminal_id, generation, boot, part, from_ms, to_ms, before_ms, closed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_RECORDED_LIFE_CLEAR] = "DELETE FROM recorded_life WHERE terminal_id = ?1",
    [SQL_RECORDED_LIFE_REBUILD] = "INSERT INTO recorded_life " LIVES_OF_EVENTS,
    [SQL_RECORDED_LIFE_WRONG] =
        "SELECT min(from_ms), max(to_ms) FROM (SELECT from_ms, to_ms, before_ms FROM recorded_life WHERE terminal_id = "
        "?1"
        " EXCEPT SELECT from_ms, to_ms, before_ms FROM (" LIVES_OF_EVENTS ")) HAVING count(*) > 0 UNION ALL"
        " SELECT min(from_ms), max(to_ms) FROM (SELECT from_ms, to_ms, before_ms FROM (" LIVES_OF_EVENTS ")"
        " EXCEPT SELECT from_ms, to_ms, before_ms FROM recorded_life WHERE terminal_id = ?1) HAVING count(*) > 0",
    /* At ?3, on the decided date ?4: the holder of the card ?2 was expected elsewhere, or nowhere, and not at terminal ?1. */
    /* The date first: SQLite looks at no card where WHERE does not hold, but would at both sides of an AND. */
    [SQL_TAP_UNEXPECTED] =
        "SELECT EXISTS (SELECT 1 FROM card c"
        " JOIN terminal t ON t.terminal_id = ?1 AND t.known_to_ms IS NULL AND t.place = 'room' "
        "AND " WITHIN("?4", "t.") " WHERE c.token = ?2 AND c.known_to_ms IS NULL AND " HELD_AT(
            "?3", "c.") " AND NOT EXISTS (SELECT 1 FROM lesson_pupil l JOIN lesson_known k ON "
                        "k.lesson = l.lesson WHERE l.day = ?4"
                        " AND l.pupil_id = c.pupil_id AND k.room = t.room))"
                        " WHERE EXISTS (SELECT 1 FROM school_day WHERE day = ?4 AND decided_ms IS NOT NULL)",
    [SQL_HELD_PUT] = "INSERT OR IGNORE INTO held_tap (terminal_id, generation, sequence, why, held_ms)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_HELD_LIST] = "SELECT h.terminal_id, e.settled_day, h.why, count(*), min(e.settled_ms), max(e.settled_ms),"
                      " max(e.received_ms) FROM held_tap h JOIN event e ON e.terminal_id = h.terminal_id"
                      " AND e.generation = h.generation AND e.sequence = h.sequence WHERE h.decision IS NULL"
                      " GROUP BY 1, 2, 3 ORDER BY 2, 1, 3 LIMIT ?1",
    [SQL_HELD_DAYS] = "SELECT DISTINCT e.settled_day FROM held_tap h JOIN event e ON e.terminal_id = h.terminal_id"
                      " AND e.generation = h.generation AND e.sequence = h.sequence WHERE h.decision IS NULL"
                      " AND h.terminal_id = ?1 AND e.settled_day = coalesce(?2, e.settled_day)",
    [SQL_HELD_DECIDE] =
        "UPDATE held_tap SET decision = ?3, author = ?4, decided_ms = ?5 WHERE decision IS NULL AND terminal_id = ?1"
        " AND EXISTS (SELECT 1 FROM event e WHERE e.terminal_id = held_tap.terminal_id AND"
        " e.generation = held_tap.generation AND e.sequence = held_tap.sequence"
        " AND e.settled_day = coalesce(?2, e.settled_day))",
    [SQL_DISTRUSTED] = "SELECT since_ms FROM distrust WHERE terminal_id = ?1 AND known_to_ms IS NULL",
    [SQL_DISTRUST_PUT] = "INSERT INTO distrust (terminal_id, since_ms, author, why, known_from_ms)"
                         " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_DISTRUST_END] =
        "UPDATE distrust SET known_to_ms = max(known_from_ms, ?3), ended_by = ?2 WHERE terminal_id = ?1"
        " AND known_to_ms IS NULL",
    [SQL_DISTRUST_REACHES] = "SELECT min(settled_ms) FROM event WHERE terminal_id = ?1 AND received_ms >= ?2",
    [SQL_DOUBTS_CLEAR] = "DELETE FROM lesson_doubt WHERE day = ?1",
    [SQL_DOUBT_PUT] = "INSERT OR REPLACE INTO lesson_doubt (lesson, day, doubt) VALUES (?1, ?2, ?3)",
    [SQL_LESSON_WHY] =
        "SELECT group_id, subject, room, (SELECT doubt FROM lesson_doubt d WHERE d.lesson = v.lesson),"
        " (SELECT status FROM mark m WHERE m.lesson = v.lesson AND m.pupil_id = ?2 AND known_to_ms IS NULL"
        " ORDER BY recorded_ms DESC, rowid DESC LIMIT 1) = 'unknown' FROM lesson_version v WHERE lesson = ?1 AND "
        "known_to_ms IS NULL",
    [SQL_SIGN_BEFORE] = "SELECT max(coalesce((SELECT min(to_ms, ?2) FROM life WHERE terminal_id = ?1 AND from_ms < ?2"
                        " ORDER BY from_ms DESC LIMIT 1), 0), coalesce((SELECT min(to_ms, ?2) FROM recorded_life"
                        " WHERE terminal_id = ?1 AND from_ms < ?2 ORDER BY from_ms DESC LIMIT 1), 0))",
    [SQL_SIGN_AFTER] =
        "SELECT min(coalesce((SELECT min(from_ms) FROM life WHERE terminal_id = ?1 AND from_ms > ?2), ?3),"
        " coalesce((SELECT min(from_ms) FROM recorded_life WHERE terminal_id = ?1 AND from_ms > ?2), ?3))",
    [SQL_DAY_LIVES] =
        LIVES_AROUND("birth, NULL, able", "life") " UNION ALL " LIVES_AROUND("0, before_ms, 0", "recorded_life"),
    [SQL_DAY_CLAIMS] = "SELECT reader, from_ms, to_ms FROM recorded_outage WHERE terminal_id = ?1"
                       " AND from_ms < ?3 AND (to_ms IS NULL OR to_ms > ?2)",
    [SQL_DAY_IMPORTED] = "SELECT 1 FROM imported_tap WHERE day = ?1 AND terminal_id = ?2 LIMIT 1",

    [SQL_TERMINAL_STATE_GET] =
        "SELECT birth, phase, firmware, at_ms, clock, queued, oldest_unsent_ms, free_records, config_version,"
        " readers_up, readers_configured, received_ms, trouble FROM terminal_state WHERE terminal_id = ?1",
    [SQL_TERMINAL_STATE_PUT] =
        "INSERT OR REPLACE INTO terminal_state (terminal_id, birth, phase, firmware, at_ms, clock, queued,"
        " oldest_unsent_ms, free_records, config_version, readers_up, readers_configured, received_ms, trouble)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    [SQL_KNOWN_PUPILS] = "SELECT pupil_id, class, year, from_day, to_day FROM pupil WHERE known_to_ms IS NULL"
                         " ORDER BY pupil_id, from_day",
    [SQL_KNOWN_MEMBERS] = "SELECT m.group_id, m.pupil_id, m.from_day, m.to_day FROM member m JOIN pupil_known p"
                          " ON p.pupil_id = m.pupil_id WHERE m.known_to_ms IS NULL",
    [SQL_KNOWN_EXEMPTIONS] = "SELECT e.pupil_id, e.group_id, e.from_day, e.to_day FROM exemption e"
                             " JOIN pupil_known p ON p.pupil_id = e.pupil_id WHERE e.known_to_ms IS NULL",
    [SQL_KNOWN_TERMINALS] = "SELECT terminal_id, room, place = 'entrance', from_day, to_day FROM terminal"
                            " WHERE known_to_ms IS NULL ORDER BY terminal_id, from_day",
    [SQL_KNOWN_CARDS] = "SELECT c.token, c.pupil_id, c.from_ms, c.to_ms FROM card c JOIN pupil_known p"
                        " ON p.pupil_id = c.pupil_id WHERE c.known_to_ms IS NULL",
    [SQL_DAY_LESSONS] = "SELECT l.lesson, l.lesson_id, v.group_id, v.subject, v.room, v.start_minute, v.end_minute,"
                        " v.state = 'cancelled' FROM lesson_version v JOIN lesson l ON l.lesson = v.lesson"
                        " WHERE v.day = ?1 AND v.known_to_ms IS NULL",
    [SQL_DAY_TAPS] =
        "SELECT terminal_id, token, settled_ms FROM event e WHERE settled_day = ?1 AND kind = 'tap' AND " COUNTS
        " UNION ALL SELECT terminal_id, token, at_ms FROM imported_tap WHERE day = ?1",
    [SQL_DAY_ABSENCES] = "SELECT a.pupil_id, a.from_ms, a.to_ms, a.type = 'leave' FROM absence a JOIN pupil_known p"
                         " ON p.pupil_id = a.pupil_id"
                         " WHERE a.known_to_ms IS NULL AND a.from_ms < ?2 AND a.to_ms > ?1",
    [SQL_DAY_MARKS] = "SELECT m.lesson, m.pupil_id, m.status, m.absent_minutes, m.recorded_ms FROM mark m"
                      " JOIN lesson_version v ON v.lesson = m.lesson AND v.known_to_ms IS NULL"
                      " JOIN pupil_known p ON p.pupil_id = m.pupil_id WHERE v.day = ?1 AND m.known_to_ms IS NULL"
                      " ORDER BY m.rowid",
    [SQL_DAY_OUTAGES] =
        "SELECT terminal_id, from_ms, to_ms FROM outage WHERE " LISTED
        " AND known_to_ms IS NULL AND from_ms < ?2 AND to_ms > ?1"
        /* Not yet (and never before it was listed, whatever its clock said), and no longer. */
        " UNION ALL SELECT terminal_id, 0, begins_ms FROM (SELECT c.terminal_id, max(coalesce(c.first_ms,"
        " 9223372036854775807), (SELECT min(t.known_from_ms) FROM terminal t WHERE t.terminal_id = c.terminal_id))"
        " AS begins_ms FROM certificate c WHERE c.is_new) WHERE begins_ms > ?1 AND " LISTED
        " UNION ALL SELECT terminal_id, revoked_ms, 9223372036854775807 FROM certificate WHERE revoked_ms < ?2 "
        "AND " LISTED
        " UNION ALL SELECT terminal_id, since_ms, 9223372036854775807 FROM distrust WHERE known_to_ms IS NULL"
        " AND since_ms < ?2 AND " LISTED,
    [SQL_NEXT_SCHOOL_DAY] = "SELECT min(day) FROM lesson_version WHERE day >= ?1 AND known_to_ms IS NULL",
    [SQL_SCHOOL_SPAN] = "SELECT min(day), max(day) FROM lesson_version WHERE known_to_ms IS NULL",

    [SQL_PUPIL_DAYS_BACK] =
        "SELECT day, outcomes, class FROM pupil_day WHERE pupil_id = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day DESC",
    [SQL_SAMEDAY_PUPIL] = "SELECT placed, EXISTS (SELECT 1 FROM guardian_known g WHERE g.pupil_id = ?1"
                          " AND g.relation = 'god_man'), birth_day FROM pupil_period p WHERE pupil_id = ?1"
                          " AND " WITHIN("?2", "p."),
    [SQL_LAST_MINUTE] = "SELECT max(k.end_minute) FROM lesson_pupil e JOIN lesson_known k ON k.lesson = e.lesson"
                        " WHERE e.pupil_id = ?1 AND e.day = ?2",
    /* One that stands as it is costs no write. */
    [SQL_PUPIL_DAY_PUT] =
        "INSERT INTO pupil_day (pupil_id, day, class, outcomes) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (pupil_id, day) DO UPDATE SET class = excluded.class, outcomes = excluded.outcomes"
        " WHERE class <> excluded.class OR outcomes <> excluded.outcomes",
    [SQL_PUPIL_DAY_DELETE] = "DELETE FROM pupil_day WHERE pupil_id = ?1 AND day = ?2",
    [SQL_PUPILS_OF_DAY] = "SELECT pupil_id FROM pupil_day WHERE day = ?1",
    [SQL_PUPIL_YEARS] = "SELECT pupil_id, year FROM pupil_known",
    [SQL_PUPIL_DAYS_SINCE] =
        "SELECT pupil_id, day, class, outcomes FROM pupil_day WHERE day >= ?1 ORDER BY pupil_id, day",
    [SQL_DECIDED_DAYS] = "SELECT day FROM school_day WHERE day >= ?1 AND decided_ms IS NOT NULL",
    [SQL_SCHOOL_DAY_GET] = "SELECT lessons_closed, closed_ms, decided_ms FROM school_day WHERE day = ?1",
    [SQL_SCHOOL_DAY_PUT] = "INSERT OR REPLACE INTO school_day (day, lessons_closed, closed_ms, decided_ms)"
                           " VALUES (?1, ?2, ?3, ?4)",
    [SQL_DECIDED_THROUGH] = "SELECT max(day) FROM school_day WHERE decided_ms IS NOT NULL",
    /* Date by date: a year of lessons is too much to read at every start. */
    [SQL_UNDECIDED] = "WITH RECURSIVE date (day) AS (SELECT ?1 UNION ALL SELECT day + 1 FROM date WHERE day < ?2)"
                      " SELECT day FROM date WHERE NOT EXISTS"
                      " (SELECT 1 FROM school_day s WHERE s.day = date.day AND s.decided_ms IS NOT NULL) AND EXISTS"
                      " (SELECT 1 FROM lesson_version v WHERE v.day = date.day AND v.known_to_ms IS NULL)",
    [SQL_SUBJECT_GET] = "SELECT subject FROM subject WHERE name = ?1",
    [SQL_SUBJECT_ADD] = "INSERT INTO subject (name) VALUES (?1)",
    [SQL_SUBJECT_NAME] = "SELECT name FROM subject WHERE subject = ?1",

    [SQL_FLAGS_OF] = "SELECT flag, rule, rules_version, raised_day, cleared_day, withdrawn_ms IS NOT NULL, evidence"
                     " FROM flag WHERE pupil_id = ?1 AND raised_day >= ?2"
                     " ORDER BY rule, rules_version, raised_day, withdrawn_ms IS NOT NULL, flag",
    [SQL_FLAGS_OPEN_BEFORE] = "SELECT 1 FROM flag WHERE cleared_day IS NULL AND withdrawn_ms IS NULL"
                              " AND raised_day < ?1 LIMIT 1",
    /* A flag's latest change up to then says all of its state. */
    [SQL_FLAGS_KNOWN] =
        "SELECT f.flag, f.pupil_id, f.rule, f.severity, f.rules_version, f.raised_day,"
        " CASE c.change WHEN 'cleared' THEN c.day END FROM flag f JOIN flag_change c ON c.rowid ="
        " (SELECT max(d.rowid) FROM flag_change d WHERE d.flag = f.flag AND d.recorded_ms <= ?1)"
        " WHERE c.change <> 'withdrawn' AND f.flag > ?2 AND (?3 = '' OR f.pupil_id = ?3) ORDER BY f.flag LIMIT ?4",
    [SQL_FLAG_INSERT] = "INSERT INTO flag (pupil_id, rule, severity, rules_version, raised_day, cleared_day,"
                        " evidence, decided_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_FLAG_UPDATE] = "UPDATE flag SET cleared_day = ?2, evidence = ?3, withdrawn_ms = NULL, withdrawn_why = NULL"
                        " WHERE flag = ?1",
    [SQL_FLAG_WITHDRAW] = "UPDATE flag SET withdrawn_ms = ?2, withdrawn_why = ?3 WHERE flag = ?1",
    [SQL_FLAG_CHANGE] = "INSERT INTO flag_change (flag, change, day, why, recorded_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_GROUP_DAYS_CLEAR] = "DELETE FROM group_day WHERE day = ?1",
    [SQL_GROUP_DAY_ADD] = "INSERT INTO group_day (kind, name, day, pupils, expected_minutes, absent_minutes)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_GROUP_DAYS] = "SELECT kind, name, day, pupils, expected_minutes, absent_minutes FROM group_day"
                       " WHERE day >= ?1 AND day <= ?2 ORDER BY kind, name, day",
    [SQL_SIGNALS_CLEAR] = "DELETE FROM group_signal WHERE day = ?1",
    [SQL_SIGNAL_ADD] = "INSERT INTO group_signal (kind, name, day, pupils, expected_minutes, absent_minutes, usual_ppm)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_SIGNALS] = "SELECT kind, name, day, pupils, expected_minutes, absent_minutes, usual_ppm FROM group_signal"
                    " WHERE day = ?1 ORDER BY kind, name",
    [SQL_TASK_GET] = "SELECT lessons, closed_ms IS NOT NULL FROM task WHERE kind = ?1 AND pupil_id = ?2"
                     " AND day = ?3",
    [SQL_TASK_PUT] = "INSERT INTO task (kind, pupil_id, day, lessons, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)"
                     " ON CONFLICT (kind, pupil_id, day) DO UPDATE SET lessons = excluded.lessons, closed_ms = NULL,"
                     " closed_why = NULL",
    [SQL_TASK_CLOSE] = "UPDATE task SET closed_ms = ?4, closed_why = ?5 WHERE kind = ?1 AND pupil_id = ?2"
                       " AND day = ?3 AND closed_ms IS NULL",
    [SQL_TASKS_END_LEFT] =
        "UPDATE task SET closed_ms = ?2, closed_why = 'left' WHERE closed_ms IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM pupil p WHERE p.pupil_id = task.pupil_id AND p.known_to_ms IS NULL AND " WITHIN("?1",
                                                                                                         "p.") ")",
    [SQL_TASKS_OF_DAY] = "SELECT pupil_id FROM task WHERE day = ?1 AND closed_ms IS NULL",

    [SQL_RULES] =
        "SELECT version, text, from_day FROM rules_version WHERE from_day > ?1 OR version ="
        " (SELECT version FROM rules_version WHERE from_day <= ?1 ORDER BY from_day DESC, version DESC LIMIT 1)"
        " ORDER BY from_day, version",
    [SQL_RULES_ADD] = "INSERT INTO rules_version (text, author, why, from_day, recorded_ms, approver)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_RULES_ALL] = "SELECT version, text, from_day, author, approver, why, recorded_ms FROM rules_version"
                      " ORDER BY from_day DESC, version DESC",
    [SQL_ACT_ADD] = "INSERT INTO act (at_ms, action, object) VALUES (?2, ?1, ?3)",
    /* The last one stays, so that numbers never begin again. */
    [SQL_ACTS_ERASE] =
        "DELETE FROM act WHERE act IN (SELECT act FROM act WHERE act <= ?1 AND at_ms <= ?2 AND at_ms < ?3"
        " AND act < (SELECT max(act) FROM act) ORDER BY act LIMIT ?4)",
    [SQL_PUBLICATION_GET] = "SELECT version, digest FROM publication WHERE topic = ?1",
    [SQL_PUBLICATION_PUT] = "INSERT OR REPLACE INTO publication (topic, version, digest) VALUES (?1, ?2, ?3)",
    [SQL_PUBLICATION_DELETE] = "DELETE FROM publication WHERE topic = ?1",
    [SQL_PUBLICATIONS] = "SELECT topic FROM publication ORDER BY topic LIMIT ?1 OFFSET ?2",
    [SQL_STATUS] = "SELECT (SELECT max(received_ms) FROM receipt), (SELECT coalesce(sum(events), 0) FROM receipt),"
                   " (SELECT max(day) FROM school_day WHERE decided_ms IS NOT NULL),"
                   " (SELECT coalesce(sum(lessons_closed), 0) FROM school_day), (SELECT count(*) FROM flag),"
                   " (SELECT count(*) FROM flag WHERE cleared_day IS NULL AND withdrawn_ms IS NULL),"
                   " (SELECT count(*) FROM task WHERE closed_ms IS NULL),"
                   " (SELECT count(*) FROM pupil_period WHERE " WITHIN("?1", "") ")",
    [SQL_TERMINALS_SEEN] = "SELECT terminal_id, room, coalesce(phase, ''), coalesce(queued, 0),"
                           " coalesce(received_ms, 0), coalesce(certificate_to_ms, 0), coalesce(revoked_ms, 0),"
                           " coalesce(revoked_why, ''), " PLACE_ON("?1") " FROM terminal_seen GROUP BY terminal_id"
                                                                         " ORDER BY terminal_id",
    [SQL_TERMINAL_ROOM] = "SELECT room, " PLACE_ON("?2") " FROM terminal WHERE terminal_id = ?1 AND known_to_ms IS NULL"
                                                         " GROUP BY terminal_id",
    [SQL_ROOM_KNOWN] = "SELECT EXISTS (SELECT 1 FROM lesson_version WHERE room = ?1 AND known_to_ms IS NULL)"
                       " OR EXISTS (SELECT 1 FROM terminal WHERE room = ?1 AND known_to_ms IS NULL)"
                       " OR NOT EXISTS (SELECT 1 FROM lesson_version WHERE known_to_ms IS NULL)",
    [SQL_CERTIFICATE_PUT] = "INSERT INTO certificate (terminal_id, to_ms, is_new) VALUES (?1, ?2, ?3)"
                            " ON CONFLICT (terminal_id) DO UPDATE SET to_ms = excluded.to_ms",
    [SQL_CERTIFICATE_FIRST] = "UPDATE certificate SET first_ms = min(coalesce(first_ms, ?2), ?2)"
                              " WHERE terminal_id = ?1 AND is_new",
    [SQL_CERTIFICATE_REVOKE] = "INSERT INTO certificate (terminal_id, to_ms, is_new, revoked_ms, revoked_why)"
                               " VALUES (?1, 0, 0, ?2, ?3) ON CONFLICT (terminal_id) DO UPDATE SET"
                               " revoked_ms = coalesce(revoked_ms, excluded.revoked_ms),"
                               " revoked_why = coalesce(revoked_why, excluded.revoked_why)",
    /* Without a name: is any? */
    [SQL_CERTIFICATE_REVOKED] = "SELECT 1 FROM certificate WHERE revoked_ms IS NOT NULL AND terminal_id = coalesce(?1,"
                                " terminal_id) LIMIT 1",

    [SQL_PUPIL_KNOWN] = "SELECT 1 FROM pupil_known WHERE pupil_id = ?1",
    [SQL_LESSON_FIND] = "SELECT day, start_minute, end_minute FROM lesson_known WHERE lesson = ?1",
    [SQL_LESSON_EXPECTS] = "SELECT 1 FROM lesson_pupil WHERE lesson = ?1 AND pupil_id = ?2",
    [SQL_ABSENCE_ADD] = "INSERT INTO absence (pupil_id, type, from_ms, to_ms, known_from_ms, author)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_ABSENCE_FIND] = "SELECT pupil_id, type = 'leave', from_ms, to_ms, known_to_ms IS NULL FROM absence"
                         " WHERE absence = ?1",
    [SQL_ABSENCE_END] = "UPDATE absence SET known_to_ms = max(known_from_ms, ?2), ended_by = ?3 WHERE absence = ?1",
    [SQL_ABSENCES_OVER] = "SELECT from_ms, to_ms FROM absence WHERE pupil_id = ?1 AND type = ?2 AND known_to_ms IS NULL"
                          " AND from_ms < ?4 AND to_ms > ?3 ORDER BY from_ms, to_ms",
    [SQL_MARK_ADD] = "INSERT INTO mark (lesson, pupil_id, status, absent_minutes, recorded_ms, known_from_ms, author,"
                     " source) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)",
    [SQL_MARKS_END] = "UPDATE mark SET known_to_ms = max(known_from_ms, ?4), ended_by = ?5 WHERE pupil_id = ?1"
                      " AND source = ?3 AND known_to_ms IS NULL AND lesson IN (SELECT lesson FROM lesson_version"
                      " WHERE day = ?2 AND known_to_ms IS NULL)",
    [SQL_MARKS_LATEST] =
        "SELECT m.lesson, v.day, v.start_minute, v.end_minute, m.status FROM mark m"
        " JOIN lesson_known v ON v.lesson = m.lesson WHERE m.pupil_id = ?1 AND v.day BETWEEN ?2 AND ?3"
        " AND m.known_to_ms IS NULL AND m.author <> 'import' AND m.status IN ('unreported', 'reported', 'leave')"
        " AND NOT EXISTS (SELECT 1 FROM mark l WHERE l.lesson = m.lesson AND l.pupil_id = m.pupil_id"
        " AND l.known_to_ms IS NULL AND (l.recorded_ms, l.rowid) > (m.recorded_ms, m.rowid))"
        " AND m.lesson > ?4 ORDER BY m.lesson LIMIT ?5",

    [SQL_FROZEN_GET] = "SELECT value FROM setting WHERE name = 'frozen_before'",
    [SQL_FROZEN_PUT] = "INSERT INTO setting (name, value) VALUES ('frozen_before', ?1) ON CONFLICT (name) DO UPDATE"
                       " SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
    [SQL_LATEST_TAP] =
        "SELECT max(day) FROM (SELECT max(settled_day) AS day FROM event WHERE kind = 'tap' AND settled_day < ?1"
        " UNION ALL SELECT max(day) FROM imported_tap WHERE day < ?1)",
    [SQL_PUPILS_LEFT] = "SELECT DISTINCT pupil_id FROM pupil WHERE known_to_ms IS NULL AND " LEFT " AND pupil_id NOT IN"
                        " (SELECT value FROM json_each(?2)) LIMIT ?3",
    DUE(TAPS, "event", "terminal_id, generation, sequence",
        "kind IN ('tap', 'enrol') AND (settled_day < ?1 OR settled_day IS NULL AND received_ms < ?2) AND " FREE_TOKEN),
    DUE(HELD_TAPS, "held_tap", "terminal_id, generation, sequence",
        "NOT EXISTS (SELECT 1 FROM event e WHERE e.terminal_id = held_tap.terminal_id AND"
        " e.generation = held_tap.generation AND e.sequence = held_tap.sequence)"),
    DUE(IMPORTED_TAPS, "imported_tap", "day, terminal_id, token, at_ms", "day < ?1 AND " FREE_TOKEN),
    DUE(PUPIL_DAYS, "pupil_day", "pupil_id, day", "day < ?1 AND " NOT_HELD),
    DUE(ABSENCES, "absence", "absence", "to_ms <= ?2 AND " NOT_HELD),
    DUE(MARKS, "mark", "rowid", "lesson IN " PAST_LESSONS " AND " NOT_HELD),
    DUE(LESSON_VERSIONS, "lesson_version", "rowid",
        "lesson IN " PAST_LESSONS " AND lesson NOT IN (SELECT lesson FROM mark WHERE pupil_id IN " HELD ")"),
    DUE(LESSONS, "lesson", "lesson",
        "lesson NOT IN (SELECT lesson FROM lesson_version) AND lesson NOT IN (SELECT lesson FROM mark)"),
    DUE(MEMBERS, "member", "rowid", PAST " AND " NOT_HELD),
    DUE(EXEMPTIONS, "exemption", "rowid", PAST " AND " NOT_HELD),
    DUE(TEACHERS, "teacher", "rowid", PAST),
    DUE(CARDS, "card", "rowid", "(to_ms <= ?2 OR known_to_ms < ?2) AND " NOT_HELD),
    DUE(PUPIL_VERSIONS, "pupil", "rowid", "known_to_ms < ?2 AND " NOT_HELD),
    DUE(PUPIL_PERIODS, "pupil", "rowid", "known_to_ms IS NULL AND to_day < ?1 AND NOT (" LEFT ") AND " NOT_HELD),
    DUE(GUARDIAN_VERSIONS, "guardian", "rowid", "known_to_ms < ?2 AND " NOT_HELD),
    DUE(LESSON_DOUBTS, "lesson_doubt", "lesson", "day < ?1"),
    DUE(GROUP_DAYS, "group_day", "kind, name, day", "day < ?1"),
    DUE(GROUP_SIGNALS, "group_signal", "day, kind, name", "day < ?1"),
    DUE(FLAG_CHANGES, "flag_change", "rowid", "flag IN (SELECT flag FROM flag WHERE raised_day < ?1 AND " NOT_HELD ")"),
    DUE(FLAGS, "flag", "flag", "raised_day < ?1 AND " NOT_HELD),
    DUE(TASKS, "task", "task", "day < ?1 AND " NOT_HELD),
    DUE(GUARDIANS, "guardian", "rowid", LEFT " AND " NOT_HELD),
    DUE(PUPILS, "pupil", "rowid", "known_to_ms IS NULL AND " LEFT " AND " NOT_HELD),
    [SQL_PUPIL_ERASE_TAPS] = "DELETE FROM event AS t WHERE kind = 'tap' AND " OF_PUPIL("t.settled_ms"),
    [SQL_PUPIL_ERASE_ENROLMENTS] = "DELETE FROM event AS t WHERE kind = 'enrol' AND " OF_PUPIL("t.settled_ms"),
    [SQL_PUPIL_ERASE_IMPORTED_TAPS] = "DELETE FROM imported_tap AS t WHERE " OF_PUPIL("t.at_ms"),
    [SQL_PUPIL_ERASE_CARDS] = "DELETE FROM card WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_DAYS] = "DELETE FROM pupil_day WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_ABSENCES] = "DELETE FROM absence WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_MARKS] = "DELETE FROM mark WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_MEMBERS] = "DELETE FROM member WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_EXEMPTIONS] = "DELETE FROM exemption WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_GUARDIANS] = "DELETE FROM guardian WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_FLAG_CHANGES] =
        "DELETE FROM flag_change WHERE flag IN (SELECT flag FROM flag WHERE pupil_id = ?1)",
    [SQL_PUPIL_ERASE_FLAGS] = "DELETE FROM flag WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_TASKS] = "DELETE FROM task WHERE pupil_id = ?1",
    [SQL_PUPIL_ERASE_PUPIL] = "DELETE FROM pupil WHERE pupil_id = ?1",

    [SQL_EXTRACT_REGISTER] = EXTRACT(
        "'pupil', pupil_id, 'given_name', given_name, 'family_name', family_name, 'class',"
        " class, 'year', year, 'protected', protected, " FROM_TO ", 'end_reason', end_reason,"
        " 'birth_date', " DATE("birth_day") ", 'school_form', school_form,"
                                            " 'home_municipality', home_municipality, 'programme', programme, 'placed',"
                                            " placed, " KNOWN_TIMES,
        "pupil", "rowid"),
    [SQL_EXTRACT_GUARDIANS] =
        EXTRACT("'name', name, 'phone', phone, 'email', email, 'order', priority, 'relation', relation,"
                " 'language', language, 'interpreter', interpreter, 'notify', notify, " KNOWN_TIMES,
                "guardian", "rowid"),
    [SQL_EXTRACT_GROUPS] = EXTRACT("'group', group_id, " FROM_TO ", " KNOWN_TIMES, "member", "rowid"),
    [SQL_EXTRACT_EXEMPTIONS] = EXTRACT("'group', group_id, " FROM_TO ", " KNOWN_TIMES, "exemption", "rowid"),
    [SQL_EXTRACT_CARDS] =
        EXTRACT("'token', token, 'from', " UTC("from_ms") ", 'to', " UTC("to_ms") ", " KNOWN_TIMES, "card", "rowid"),
    [SQL_EXTRACT_ABSENCES] =
        EXTRACT("'type', type, 'from', " UTC("from_ms") ", 'to', " UTC("to_ms") ", 'author', author,"
                                                                                " 'ended_by', ended_by, " KNOWN_TIMES,
                "absence", "from_ms, absence"),
    [SQL_EXTRACT_MARKS] = EXTRACT(
        "'date', " DATE("v.day") ", 'subject', v.subject, 'status', status, 'absent_minutes',"
                                 " absent_minutes, 'recorded', " UTC(
                                     "recorded_ms") ", 'author', author, 'source', m.source, "
                                                    "'taken_back', " UTC("m.known_to_ms") ", 'ended_by', m.ended_by",
        "mark m LEFT JOIN lesson_version v ON v.lesson = m.lesson AND v.known_to_ms IS NULL", "recorded_ms, m.rowid"),
    [SQL_EXTRACT_CHECK_INS] = EXTRACT(
        "'at', " UTC("at_ms") ", 'terminal', terminal_id, 'room', room, 'shown', feedback", "check_in", "at_ms"),
    [SQL_EXTRACT_FLAGS] =
        EXTRACT("'flag', flag, 'rule', rule, 'severity', severity, 'rules_version', rules_version,"
                " 'raised', " DATE("raised_day") ", 'cleared', " DATE(
                    "cleared_day") ", 'evidence',"
                                   " json(evidence), 'decided', " UTC("decided_ms") ", 'withdrawn', " UTC(
                                       "withdrawn_ms") ", 'withdrawn_why', withdrawn_why",
                "flag", "flag"),
    [SQL_EXTRACT_FLAG_CHANGES] =
        EXTRACT("'flag', flag, 'change', change, 'date', " DATE("day") ", 'why', why,"
                                                                       " 'recorded', " UTC("recorded_ms"),
                "(SELECT f.pupil_id AS pupil_id, c.rowid AS number, c.* FROM flag f"
                " JOIN flag_change c ON c.flag = f.flag)",
                "number"),
    [SQL_EXTRACT_TASKS] = EXTRACT("'kind', kind, 'date', " DATE("day") ", 'lessons', json(lessons), 'created',"
                                                                       " " UTC("created_ms") ", 'closed', " UTC(
                                                                           "closed_ms") ", 'closed_why', closed_why",
                                  "task", "day, task"),
    [SQL_EXTRACT_DAYS] = "SELECT day, class, outcomes FROM pupil_day WHERE pupil_id = ?1 ORDER BY day"
                         " LIMIT ?2 OFFSET ?3",

#include "daemon/store/store_sql_import.inc"
};
