#include "daemon/store_sql.h"

const char *const STORE_SQL[STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SETTING_PUT] = "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",

    [SQL_EVENT_INSERT] =
        "INSERT INTO event (terminal_id, generation, sequence, last_sequence, kind, boot, mono_ms, at_ms, from_ms,"
        " clock, age_ms, token, reader, feedback, received_ms, refused, settled_ms, settled_day)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    [SQL_EVENT_SETTLE] = "UPDATE event SET refused = ?4, settled_ms = ?5, settled_day = ?6"
                         " WHERE terminal_id = ?1 AND generation = ?2 AND sequence = ?3",
    [SQL_EVENTS_UNDATED] =
        "SELECT sequence, kind, mono_ms, settled_ms, token FROM event"
        " WHERE terminal_id = ?1 AND generation = ?2 AND boot = ?3 AND clock = 'unset' AND sequence > ?4"
        " AND sequence < ?5 ORDER BY sequence LIMIT ?6",
    [SQL_SETTLED_BEFORE] = "SELECT settled_ms FROM event WHERE terminal_id = ?1 AND generation = ?2 AND sequence < ?3"
                           " AND settled_ms IS NOT NULL ORDER BY sequence DESC LIMIT 1",
    [SQL_BOOT_CLOCK] =
        "SELECT at_ms, mono_ms FROM event WHERE terminal_id = ?1 AND generation = ?2 AND boot = ?3"
        " AND kind = 'clock' AND clock <> 'unset' AND settled_ms IS NOT NULL ORDER BY sequence DESC LIMIT 1",
    [SQL_RECEIPT_GET] = "SELECT upto FROM receipt WHERE terminal_id = ?1 AND generation = ?2",
    [SQL_RECEIPT_PUT] = "INSERT INTO receipt (terminal_id, generation, upto) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (terminal_id, generation) DO UPDATE SET upto = excluded.upto",
    [SQL_RECEIPTS] = "SELECT terminal_id, generation, upto FROM receipt",
    [SQL_REFUSALS] = "SELECT sequence, refused FROM event WHERE terminal_id = ?1 AND generation = ?2 AND sequence > ?3"
                     " AND sequence <= ?4 AND refused IS NOT NULL ORDER BY sequence LIMIT ?5",
    [SQL_GAP_INSERT] = "INSERT INTO gap (terminal_id, generation, first_sequence, last_sequence, recorded_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_GAP_ENDS_AT] = "SELECT 1 FROM gap WHERE terminal_id = ?1 AND generation = ?2 AND last_sequence = ?3",
    [SQL_CARD_STATE] =
        "SELECT count(*), coalesce(sum(known_to_ms IS NULL AND ?2 BETWEEN coalesce(from_day, ?2)"
        " AND coalesce(to_day, ?2)), 0) FROM card WHERE token = ?1",

    [SQL_OUTAGE_INSERT] = "INSERT INTO recorded_outage (terminal_id, reader, from_ms, to_ms) VALUES (?1, ?2, ?3, ?4)"
                          " ON CONFLICT (terminal_id, reader, from_ms) DO UPDATE SET to_ms ="
                          " CASE WHEN to_ms IS NULL OR excluded.to_ms IS NULL THEN NULL"
                          " ELSE max(to_ms, excluded.to_ms) END",
    [SQL_OUTAGE_OPEN_SINCE] =
        "SELECT count(*), min(from_ms) FROM recorded_outage WHERE terminal_id = ?1 AND to_ms IS NULL"
        " AND (?2 = 0 OR reader = ?2)",
    [SQL_OUTAGE_CLOSE] = "UPDATE recorded_outage SET to_ms = max(?3, from_ms) WHERE terminal_id = ?1"
                         " AND to_ms IS NULL AND (?2 = 0 OR reader = ?2)",
    [SQL_OUTAGE_CLEAR] = "DELETE FROM recorded_outage WHERE terminal_id = ?1",
    [SQL_OUTAGE_EVENTS] =
        "SELECT kind, reader, from_ms, settled_ms FROM event WHERE terminal_id = ?1"
        " AND kind IN ('out', 'in', 'boot') AND settled_ms IS NOT NULL ORDER BY settled_ms, generation, sequence",
    [SQL_GAPS_AROUND] =
        "SELECT (SELECT settled_ms FROM event e WHERE e.terminal_id = g.terminal_id AND e.generation = g.generation"
        "          AND e.sequence < g.first_sequence AND e.settled_ms IS NOT NULL ORDER BY e.sequence DESC LIMIT 1),"
        "       (SELECT settled_ms FROM event e WHERE e.terminal_id = g.terminal_id AND e.generation = g.generation"
        "          AND e.sequence > g.last_sequence AND e.settled_ms IS NOT NULL ORDER BY e.sequence LIMIT 1)"
        "  FROM gap g WHERE g.terminal_id = ?1",

    [SQL_TERMINAL_STATE_GET] =
        "SELECT birth, phase, firmware, at_ms, clock, queued, oldest_unsent_ms, free_records, config_version,"
        " readers_up, readers_configured, received_ms FROM terminal_state WHERE terminal_id = ?1",
    [SQL_TERMINAL_STATE_PUT] =
        "INSERT OR REPLACE INTO terminal_state (terminal_id, birth, phase, firmware, at_ms, clock, queued,"
        " oldest_unsent_ms, free_records, config_version, readers_up, readers_configured, received_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    [SQL_KNOWN_PUPILS] = "SELECT pupil_id, class, from_day, to_day FROM pupil WHERE known_to_ms IS NULL"
                         " ORDER BY pupil_id",
    [SQL_KNOWN_MEMBERS] = "SELECT m.group_id, m.pupil_id, m.from_day, m.to_day FROM member m JOIN pupil_known p"
                          " ON p.pupil_id = m.pupil_id WHERE m.known_to_ms IS NULL",
    [SQL_KNOWN_EXEMPTIONS] = "SELECT e.pupil_id, e.group_id, e.from_day, e.to_day FROM exemption e"
                             " JOIN pupil_known p ON p.pupil_id = e.pupil_id WHERE e.known_to_ms IS NULL",
    [SQL_KNOWN_TERMINALS] = "SELECT terminal_id, room FROM terminal WHERE known_to_ms IS NULL ORDER BY terminal_id",
    [SQL_KNOWN_CARDS] = "SELECT c.token, c.pupil_id, c.from_day, c.to_day FROM card c JOIN pupil_known p"
                        " ON p.pupil_id = c.pupil_id WHERE c.known_to_ms IS NULL",
    [SQL_DAY_LESSONS] = "SELECT l.lesson, l.lesson_id, v.group_id, v.subject, v.room, v.start_minute, v.end_minute,"
                        " v.state = 'cancelled' FROM lesson_version v JOIN lesson l ON l.lesson = v.lesson"
                        " WHERE v.day = ?1 AND v.known_to_ms IS NULL",
    [SQL_DAY_TAPS] = "SELECT terminal_id, token, settled_ms FROM event WHERE settled_day = ?1 AND kind = 'tap'"
                     " UNION ALL SELECT terminal_id, token, at_ms FROM imported_tap WHERE day = ?1",
    [SQL_DAY_ABSENCES] = "SELECT a.pupil_id, a.from_ms, a.to_ms, a.type = 'leave' FROM absence a JOIN pupil_known p"
                         " ON p.pupil_id = a.pupil_id"
                         " WHERE a.known_to_ms IS NULL AND a.from_ms < ?2 AND a.to_ms > ?1",
    [SQL_DAY_MARKS] = "SELECT m.lesson, m.pupil_id, m.status, m.absent_minutes, m.recorded_ms FROM mark m"
                      " JOIN lesson_version v ON v.lesson = m.lesson AND v.known_to_ms IS NULL"
                      " JOIN pupil_known p ON p.pupil_id = m.pupil_id WHERE v.day = ?1 ORDER BY m.rowid",
    [SQL_DAY_OUTAGES] = "SELECT o.terminal_id, o.from_ms, o.to_ms FROM outage o JOIN terminal t"
                        " ON t.terminal_id = o.terminal_id AND t.known_to_ms IS NULL"
                        " WHERE o.known_to_ms IS NULL AND o.from_ms < ?2 AND o.to_ms > ?1"
                        " UNION ALL SELECT r.terminal_id, r.from_ms, coalesce(r.to_ms, 9223372036854775807)"
                        " FROM recorded_outage r JOIN terminal t ON t.terminal_id = r.terminal_id"
                        " AND t.known_to_ms IS NULL WHERE r.from_ms < ?2 AND (r.to_ms IS NULL OR r.to_ms > ?1)",
    [SQL_NEXT_SCHOOL_DAY] = "SELECT min(day) FROM lesson_version WHERE day >= ?1 AND known_to_ms IS NULL",
    [SQL_SCHOOL_SPAN] = "SELECT min(day), max(day) FROM lesson_version WHERE known_to_ms IS NULL",

    [SQL_PUPIL_DAY_GET] = "SELECT class, outcomes FROM pupil_day WHERE pupil_id = ?1 AND day = ?2",
    [SQL_PUPIL_DAY_PUT] = "INSERT OR REPLACE INTO pupil_day (pupil_id, day, class, outcomes) VALUES (?1, ?2, ?3, ?4)",
    [SQL_PUPIL_DAY_DELETE] = "DELETE FROM pupil_day WHERE pupil_id = ?1 AND day = ?2",
    [SQL_PUPILS_OF_DAY] = "SELECT pupil_id FROM pupil_day WHERE day = ?1",
    [SQL_DECIDED_SINCE] = "SELECT p.pupil_id, p.day, p.class, p.outcomes FROM pupil_day p"
                          " JOIN school_day s ON s.day = p.day"
                          " WHERE p.day >= ?1 AND s.decided_ms IS NOT NULL ORDER BY p.pupil_id, p.day",
    [SQL_SCHOOL_DAY_GET] = "SELECT lessons_closed, closed_ms, decided_ms FROM school_day WHERE day = ?1",
    [SQL_SCHOOL_DAY_PUT] = "INSERT OR REPLACE INTO school_day (day, lessons_closed, closed_ms, decided_ms)"
                           " VALUES (?1, ?2, ?3, ?4)",
    [SQL_SCHOOL_DAY_DELETE] = "DELETE FROM school_day WHERE day = ?1",
    [SQL_DECIDED_THROUGH] = "SELECT max(day) FROM school_day WHERE decided_ms IS NOT NULL",
    [SQL_UNDECIDED] = "SELECT DISTINCT v.day FROM lesson_version v LEFT JOIN school_day s ON s.day = v.day"
                      " WHERE v.known_to_ms IS NULL AND v.day >= ?1 AND v.day <= ?2 AND s.decided_ms IS NULL",
    [SQL_SUBJECT_GET] = "SELECT subject FROM subject WHERE name = ?1",
    [SQL_SUBJECT_ADD] = "INSERT INTO subject (name) VALUES (?1)",
    [SQL_SUBJECT_NAME] = "SELECT name FROM subject WHERE subject = ?1",

    [SQL_FLAGS_OF] = "SELECT flag, rule, rules_version, raised_day, cleared_day, withdrawn_ms IS NOT NULL, evidence"
                     " FROM flag WHERE pupil_id = ?1 AND raised_day >= ?2 ORDER BY flag",
    [SQL_FLAG_INSERT] = "INSERT INTO flag (pupil_id, rule, severity, rules_version, raised_day, cleared_day,"
                        " evidence, decided_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_FLAG_UPDATE] = "UPDATE flag SET cleared_day = ?2, evidence = ?3, withdrawn_ms = NULL, withdrawn_why = NULL"
                        " WHERE flag = ?1",
    [SQL_FLAG_WITHDRAW] = "UPDATE flag SET withdrawn_ms = ?2, withdrawn_why = ?3 WHERE flag = ?1",
    [SQL_FLAG_CHANGE] = "INSERT INTO flag_change (flag, change, day, why, recorded_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_TASK_GET] = "SELECT lessons, closed_ms IS NOT NULL FROM task WHERE kind = 'guardian' AND pupil_id = ?1"
                     " AND day = ?2",
    [SQL_TASK_PUT] = "INSERT INTO task (kind, pupil_id, day, lessons, created_ms) VALUES ('guardian', ?1, ?2, ?3, ?4)"
                     " ON CONFLICT (kind, pupil_id, day) DO UPDATE SET lessons = excluded.lessons, closed_ms = NULL,"
                     " closed_why = NULL",
    [SQL_TASK_CLOSE] = "UPDATE task SET closed_ms = ?3, closed_why = ?4 WHERE kind = 'guardian' AND pupil_id = ?1"
                       " AND day = ?2 AND closed_ms IS NULL",
    [SQL_TASKS_OF_DAY] = "SELECT pupil_id FROM task WHERE day = ?1 AND closed_ms IS NULL",

    [SQL_RULES] = "SELECT version, text, from_day FROM rules_version ORDER BY from_day, version",
    [SQL_RULES_ADD] = "INSERT INTO rules_version (text, author, why, from_day, recorded_ms)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_PUBLICATION_GET] = "SELECT version, digest FROM publication WHERE topic = ?1",
    [SQL_PUBLICATION_PUT] = "INSERT OR REPLACE INTO publication (topic, version, digest) VALUES (?1, ?2, ?3)",
    [SQL_PUBLICATION_DELETE] = "DELETE FROM publication WHERE topic = ?1",
    [SQL_PUBLICATIONS] = "SELECT topic FROM publication ORDER BY topic LIMIT ?1 OFFSET ?2",
    [SQL_STATUS] =
        "SELECT (SELECT max(received_ms) FROM event WHERE kind = 'tap' AND settled_day ="
        " (SELECT max(settled_day) FROM event WHERE kind = 'tap')), (SELECT count(*) FROM event),"
        " (SELECT max(day) FROM school_day WHERE decided_ms IS NOT NULL),"
        " (SELECT coalesce(sum(lessons_closed), 0) FROM school_day), (SELECT count(*) FROM flag),"
        " (SELECT count(*) FROM flag WHERE cleared_day IS NULL AND withdrawn_ms IS NULL),"
        " (SELECT count(*) FROM task WHERE closed_ms IS NULL), (SELECT count(*) FROM pupil_known)",
    [SQL_TERMINALS_SEEN] = "SELECT terminal_id, room, coalesce(phase, ''), coalesce(queued, 0),"
                           " coalesce(received_ms, 0) FROM terminal_seen ORDER BY terminal_id",
};
