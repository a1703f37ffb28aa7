/* Every statement on the attendance database: SELECTs from the views of daemon/store/schema.sql. */
#include "dashboard/attendance/attendance_sql.h"

/* A date within the row's. */
#define WITHIN(day, row) day " BETWEEN coalesce(" row "from_day, " day ") AND coalesce(" row "to_day, " day ")"
/* By this the rows of an id are grouped, so that the one of that date or the latest before is shown, and where none has begun the
 * first to come: with one max() SQLite takes the other columns from the row that has it. */
#define LATEST_BY(day) "max(CASE WHEN coalesce(from_day, 0) <= " day " THEN coalesce(from_day, 0) ELSE -from_day END)"

#define PUPIL_COLUMNS(row) \
    row "pupil_id, " row "given_name, " row "family_name, " row "class, " row "year, " row "protected"
#define PUPIL_ON(day) "SELECT " PUPIL_COLUMNS("") ", " WITHIN(day, "") ", " LATEST_BY(day) " FROM pupil_period"

#define FLAG_COLUMNS                 \
    PUPIL_COLUMNS("p.")              \
    ", f.flag, f.rule, f.evidence, " \
    "f.severity, f.rules_version, f.raised_day, f.cleared_day, coalesce(f.withdrawn_ms, 0)"

#define LESSON_COLUMNS                                                                                        \
    "SELECT l.lesson, l.subject, l.group_id, l.room, l.day, l.start_minute, l.end_minute, (SELECT doubt FROM" \
    " lesson_doubted d WHERE d.lesson = l.lesson) AS doubt"

const char *const ATTENDANCE_SQL[ATTENDANCE_STATEMENTS] = {
    [ATTENDANCE_SQL_BEGIN] = "BEGIN",
    [ATTENDANCE_SQL_COMMIT] = "COMMIT",
    [ATTENDANCE_SQL_VERSION] = "PRAGMA data_version",
    [ATTENDANCE_SQL_CHANGES] = "SELECT flags, terminals FROM change_mark",
    [ATTENDANCE_SQL_SETTING] = "SELECT value FROM setting_shown WHERE name = ?1",
    [ATTENDANCE_SQL_SUBJECTS] = "SELECT subject, name FROM subject_shown",
    [ATTENDANCE_SQL_STATUS] =
        "SELECT events_stored, last_event_ms, decided_day, lessons_closed, flags_raised, flags_open, "
        "tasks_open,"
        " (SELECT count(*) FROM pupil_period WHERE " WITHIN("?1", "") ") FROM status_shown",
    [ATTENDANCE_SQL_DECIDED] = "SELECT max(day) FROM day_decided",
    [ATTENDANCE_SQL_MENTOR] = "SELECT 1 FROM class_mentor WHERE staff_id = ?1 AND class = ?2"
                              " AND coalesce(from_day, ?3) <= ?3 AND coalesce(to_day, ?3) >= ?3",
    [ATTENDANCE_SQL_MENTORS] =
        "SELECT group_concat(name, ', ') FROM (SELECT DISTINCT name FROM class_mentor"
        " WHERE class = ?1 AND name IS NOT NULL AND coalesce(from_day, ?2) <= ?2 AND coalesce(to_day, ?2) >= ?2"
        " ORDER BY name)",
    [ATTENDANCE_SQL_PUPILS] = "SELECT " PUPIL_COLUMNS("") " FROM pupil_period WHERE " WITHIN(
        "?1", "") " ORDER BY class, family_name, given_name, pupil_id",
    [ATTENDANCE_SQL_PROTECTED] = "SELECT pupil_id FROM pupil_known WHERE protected",
    [ATTENDANCE_SQL_PUPIL] = PUPIL_ON("?2") " WHERE pupil_id = ?1 GROUP BY pupil_id",
    [ATTENDANCE_SQL_PERSON] =
        "SELECT birth_day, school_form, home_municipality, EXISTS (SELECT 1 FROM guardian_known g WHERE g.pupil_id = ?1"
        " AND g.relation = 'god_man'), " LATEST_BY("?2") " FROM pupil_period WHERE pupil_id = ?1 GROUP BY pupil_id",
    [ATTENDANCE_SQL_STUDENTS] = "SELECT " PUPIL_COLUMNS(
        "p.") ", p.birth_day, (SELECT min(coalesce(f.from_day, -2147483648)) FROM pupil_period f"
              " WHERE f.pupil_id = p.pupil_id), coalesce(p.to_day, 2147483647), p.home_municipality, p.end_reason"
              " FROM pupil_period p WHERE p.school_form IN ('GY', 'GYS') AND NOT EXISTS (SELECT 1 FROM pupil_period l"
              " WHERE l.pupil_id = p.pupil_id AND coalesce(l.from_day, -2147483648) > coalesce(p.from_day, "
              "-2147483648))"
              " ORDER BY p.class, p.family_name, p.given_name, p.pupil_id",
    [ATTENDANCE_SQL_CALENDAR] =
        "SELECT kind, from_day, to_day FROM calendar_known ORDER BY to_day IS NULL DESC, to_day DESC, from_day",
    [ATTENDANCE_SQL_LAST_DAY] = "SELECT max(coalesce(to_day, 2147483647)) FROM pupil_period WHERE pupil_id = ?1",
    [ATTENDANCE_SQL_OPEN_FLAGS] =
        "SELECT " FLAG_COLUMNS " FROM flag_shown f JOIN pupil_period p ON p.pupil_id = f.pupil_id AND " WITHIN(
            "?1", "p.") " WHERE f.cleared_day IS NULL AND f.withdrawn_ms IS NULL"
                        " ORDER BY min(f.raised_day) OVER (PARTITION BY f.pupil_id), f.pupil_id, f.raised_day, f.flag",
    [ATTENDANCE_SQL_PUPIL_FLAGS] =
        "SELECT " FLAG_COLUMNS " FROM flag_shown f JOIN pupil_known p ON p.pupil_id = f.pupil_id"
        " WHERE f.pupil_id = ?1 ORDER BY f.raised_day DESC, f.flag DESC",
    [ATTENDANCE_SQL_GRAVE] = "SELECT DISTINCT pupil_id FROM flag_shown WHERE severity >= ?1 AND raised_day >= ?2"
                             " AND raised_day < ?3 AND withdrawn_ms IS NULL ORDER BY pupil_id",
    [ATTENDANCE_SQL_TASKS] =
        "SELECT " PUPIL_COLUMNS("p.") ", t.task, t.created_ms, t.day, t.lessons, t.kind = 'routine'"
                                      " FROM task_open t JOIN pupil_period p ON p.pupil_id = t.pupil_id AND " WITHIN(
                                          "?1", "p.") " ORDER BY t.created_ms, t.task",
    [ATTENDANCE_SQL_SIGNALS] =
        "SELECT kind, name, pupils, expected_minutes, absent_minutes, usual_ppm FROM signal_shown"
        " WHERE day = ?1 ORDER BY kind, name",
    [ATTENDANCE_SQL_GROUPS] = "SELECT name, sum(expected_minutes), sum(absent_minutes) FROM group_seen"
                              " WHERE kind = 'class' AND day >= ?1 AND day <= ?2 GROUP BY name",
    /* ?1 kind, ?2 name, ?3 and ?4 dates, ?5 which way: 1 the oldest first, -1 the newest; ?6 no group of fewer pupils beside it. */
    [ATTENDANCE_SQL_GROUP_DAYS] =
        "SELECT day, max(pupils) FILTER (WHERE name = ?2), sum(expected_minutes) FILTER (WHERE name = ?2) AS known,"
        " sum(absent_minutes) FILTER (WHERE name = ?2),"
        " sum(expected_minutes) FILTER (WHERE name <> ?2 AND pupils >= ?6),"
        " sum(absent_minutes) FILTER (WHERE name <> ?2 AND pupils >= ?6)"
        " FROM group_seen WHERE kind = ?1 AND day BETWEEN ?3 AND ?4 GROUP BY day HAVING known > 0 ORDER BY day * ?5",
    [ATTENDANCE_SQL_GROUP] = "SELECT sum(absent_minutes), sum(expected_minutes), min(pupils) FROM group_seen"
                             " WHERE kind = 'class' AND name = ?1 AND day >= ?2 AND day <= ?3",
    [ATTENDANCE_SQL_RECENT] = /* CROSS JOIN keeps the order: from a pupil to its days */
    "SELECT " PUPIL_COLUMNS("p.") ", d.day, d.outcomes FROM pupil_period p CROSS JOIN pupil_day d"
                                  " ON d.pupil_id = p.pupil_id AND d.day >= ?2 AND d.day <= ?3 AND " WITHIN(
                                      "d.day", "p.") " WHERE ?1 IS NULL OR p.class = ?1",
    [ATTENDANCE_SQL_TERMINALS] =
        "SELECT terminal_id, room, phase, firmware, clock, received_ms, queued, oldest_unsent_ms, readers_up,"
        " readers_configured, certificate_to_ms, revoked_ms, distrusted_ms, trouble, " LATEST_BY(
            "?1") " FROM terminal_seen"
                  " GROUP BY terminal_id ORDER BY terminal_id",
    [ATTENDANCE_SQL_DAYS] = "SELECT day, outcomes FROM pupil_day WHERE pupil_id = ?1 AND day >= ?2 ORDER BY day",
    [ATTENDANCE_SQL_DAYS_BETWEEN] =
        "SELECT day, outcomes, class FROM pupil_day WHERE pupil_id = ?1 AND day >= ?2 AND day < ?3 ORDER BY day DESC",
    [ATTENDANCE_SQL_TIMELINE] =
        "SELECT 0 AS kind, at_ms, terminal_id, room, feedback, NULL, NULL, NULL, NULL, NULL, NULL"
        " FROM check_in WHERE pupil_id = ?1 AND at_ms IS NOT NULL AND day >= ?3"
        " UNION ALL SELECT 1, known_from_ms, NULL, NULL, NULL, type, from_ms, to_ms, NULL, NULL, NULL"
        " FROM absence_known WHERE pupil_id = ?1"
        " UNION ALL SELECT 2, recorded_ms, NULL, NULL, NULL, NULL, NULL, NULL, status, subject, start_minute"
        " FROM mark_shown WHERE pupil_id = ?1 ORDER BY at_ms DESC, kind LIMIT ?2",
    [ATTENDANCE_SQL_SCHOOL_DAYS] = "SELECT DISTINCT day FROM lesson_known WHERE day > ?1 ORDER BY day LIMIT ?2",
    [ATTENDANCE_SQL_GUARDIANS] =
        "SELECT priority, name, phone, relation, language, interpreter, notify FROM guardian_known WHERE pupil_id = ?1"
        " ORDER BY priority, name",
    [ATTENDANCE_SQL_TEACHES] =
        "SELECT 1 FROM lesson_known l JOIN group_teacher t ON t.group_id = l.group_id WHERE t.staff_id = ?1"
        " AND l.lesson = ?2 AND l.day BETWEEN coalesce(t.from_day, l.day) AND coalesce(t.to_day, l.day)",
    [ATTENDANCE_SQL_EXPECTED] = "SELECT 1 FROM lesson_pupil WHERE pupil_id = ?1 AND lesson = ?2",
    [ATTENDANCE_SQL_LESSONS_OF] =
        LESSON_COLUMNS " FROM lesson_known l WHERE l.day = ?2 AND EXISTS (SELECT 1 FROM group_teacher t"
                       " WHERE t.group_id = l.group_id AND t.staff_id = ?1"
                       " AND l.day BETWEEN coalesce(t.from_day, l.day) AND coalesce(t.to_day, l.day))"
                       " ORDER BY l.start_minute, l.lesson",
    [ATTENDANCE_SQL_LESSON_PUPILS] = "SELECT " PUPIL_COLUMNS(
        "p.") ","
              " (SELECT min(c.at_ms) FROM check_in c WHERE c.pupil_id = p.pupil_id AND c.day = ?2 AND c.at_ms >= ?3"
              "   AND c.at_ms < ?5),"
              " (SELECT a.type FROM absence_known a WHERE a.pupil_id = p.pupil_id AND a.from_ms < ?5 AND a.to_ms > ?4"
              "   AND 2 * (min(a.to_ms, ?5) - max(a.from_ms, ?4)) >= ?5 - ?4 ORDER BY a.type LIMIT 1),"
              " m.status, m.absent_minutes, m.author, m.recorded_ms, m.source"
              " FROM lesson_pupil e JOIN pupil_period p ON p.pupil_id = e.pupil_id AND " WITHIN(
                  "e.day",
                  "p.") " LEFT JOIN mark_shown m ON m.mark = (SELECT x.mark FROM mark_shown x WHERE x.lesson = ?1"
                        "   AND x.pupil_id = p.pupil_id ORDER BY x.recorded_ms DESC, x.mark DESC LIMIT 1)"
                        " WHERE e.lesson = ?1 ORDER BY p.family_name, p.given_name, p.pupil_id",
    [ATTENDANCE_SQL_PUPIL_LESSONS] =
        LESSON_COLUMNS " FROM lesson_pupil e JOIN lesson_known l ON l.lesson = e.lesson"
                       " WHERE e.pupil_id = ?1 AND e.day = ?2 ORDER BY l.start_minute, l.lesson",
    [ATTENDANCE_SQL_PUPIL_MARKS] =
        "SELECT status, absent_minutes, author, recorded_ms, source FROM mark_shown WHERE pupil_id = ?1 AND lesson = ?2"
        " ORDER BY recorded_ms DESC, mark DESC",
    [ATTENDANCE_SQL_CHECKED_IN] =
        "SELECT 1 FROM check_in WHERE pupil_id = ?1 AND day = ?2 AND at_ms >= ?3 AND at_ms < ?4 LIMIT 1",
    [ATTENDANCE_SQL_ABSENCES] =
        "SELECT absence, type, from_ms, to_ms, known_from_ms, author FROM absence_known WHERE pupil_id = ?1"
        " AND to_ms > ?2 ORDER BY from_ms DESC, absence DESC LIMIT ?3",
    [ATTENDANCE_SQL_ABSENCE_PUPIL] =
        PUPIL_ON("?2") " WHERE pupil_id = (SELECT pupil_id FROM absence_known WHERE absence = ?1) GROUP BY pupil_id",
    [ATTENDANCE_SQL_RULES] = "SELECT version, text, author, why, from_day, recorded_ms, approver FROM rules_shown"
                             " ORDER BY from_day DESC, version DESC",
    [ATTENDANCE_SQL_ACTS] =
        "SELECT act, at_ms, action, object FROM act_shown WHERE act > ?1 OR at_ms > ?2 ORDER BY act",
};
