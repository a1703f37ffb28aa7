/* Every statement on the casebook, by name. */
#include "dashboard/casebook/casebook_sql.h"

#define USER_COLUMNS                                                                         \
    "SELECT user, name, language, role, password, user IN (SELECT user FROM disabled_user)," \
    " user IN (SELECT user FROM totp WHERE secret IS NOT NULL) FROM user"
#define CASE_COLUMNS                                                                                  \
    "SELECT c.number, c.year, c.serial, c.pupil_id, c.owner, coalesce(u.name, c.owner), c.opened_by," \
    " c.next_day, c.opened_day FROM support_case c LEFT JOIN user u ON u.user = c.owner"
/* Of retention: ?1 the first date kept, ?2 the same as an instant. Nothing goes of a pupil whose case is open. */
#define HELD          "(SELECT pupil_id FROM support_case WHERE status = 'open')"
#define OLD_ANSWERS   "case_number IS NULL AND day < ?1 AND pupil_id NOT IN " HELD
#define OLD_LAST_YEAR "day < ?1 AND pupil_id NOT IN " HELD
#define OLD_TOLD      "at_ms < ?2 AND pupil_id NOT IN " HELD
#define OLD_CASES                                                                                      \
    "status <> 'open' AND coalesce((SELECT e.day FROM case_end e WHERE e.number = support_case.number" \
    " AND e.undone_ms IS NULL),"                                                                       \
    " opened_day) < ?1 AND pupil_id NOT IN " HELD
#define OF_OLD_CASES "(SELECT number FROM support_case WHERE " OLD_CASES ")"
/* The chain is cut at one place: rows up to the first that is kept. */
#define OLD_LOG "sequence < (SELECT coalesce(min(sequence), 9223372036854775807) FROM audit WHERE at_ms >= ?2)"
/* Of a register extract: ?1 the pupil, ?2 rows of a page, ?3 rows before it. */
#define DATE(column) "date(" column " * 86400, 'unixepoch')"
#define UTC(column)  "strftime('%Y-%m-%dT%H:%M:%SZ', " column " / 1000, 'unixepoch')"
#define PAGE         " LIMIT ?2 OFFSET ?3"
/* An object is one id, ids in JSON, or an id and more after a space. */
#define IS_ABOUT(id)                                                \
    "(object = " id " OR instr(object, '\"' || " id " || '\"') > 0" \
    " OR substr(object, 1, length(" id ") + 1) = " id " || ' ')"

const char *const CASEBOOK_SQL[CASEBOOK_STATEMENTS] = {
    [CASEBOOK_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [CASEBOOK_SQL_COMMIT] = "COMMIT",
    [CASEBOOK_SQL_ROLLBACK] = "ROLLBACK",
    [CASEBOOK_SQL_USER_FIND] = USER_COLUMNS " WHERE user = ?1",
    [CASEBOOK_SQL_USER_ADD] =
        "INSERT INTO user (user, name, language, role, password, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [CASEBOOK_SQL_USER_LANGUAGE] = "UPDATE user SET language = ?2 WHERE user = ?1",
    [CASEBOOK_SQL_NAMED_ADD] = "INSERT OR IGNORE INTO named_user (user, pupil_id) VALUES (?1, ?2)",
    [CASEBOOK_SQL_NAMED_FIND] = "SELECT 1 FROM named_user WHERE user = ?1 AND pupil_id = ?2",
    [CASEBOOK_SQL_NAMED_PUPILS] = "SELECT DISTINCT pupil_id FROM named_user",
    [CASEBOOK_SQL_SESSION_ADD] = "INSERT INTO session (hash, user, began_ms, seen_ms) VALUES (?1, ?2, ?3, ?3)",
    [CASEBOOK_SQL_SESSION_SWEEP] = "DELETE FROM session WHERE seen_ms < ?1 OR began_ms < ?2",
    [CASEBOOK_SQL_SESSION_FIND] = "SELECT user, began_ms, seen_ms FROM session WHERE hash = ?1",
    [CASEBOOK_SQL_SESSION_SEEN] = "UPDATE session SET seen_ms = ?2 WHERE hash = ?1 AND seen_ms < ?3",
    [CASEBOOK_SQL_SESSION_END] = "DELETE FROM session WHERE hash = ?1",
    [CASEBOOK_SQL_AUDIT_LAST] = "SELECT sequence, mac FROM audit ORDER BY sequence DESC LIMIT 1",
    [CASEBOOK_SQL_AUDIT_ADD] =
        "INSERT INTO audit (sequence, at_ms, user, action, object, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [CASEBOOK_SQL_INTEGRITY] = "PRAGMA integrity_check(1)",
    [CASEBOOK_SQL_AUDIT_AFTER] =
        "SELECT sequence, at_ms, user, action, object, mac FROM audit WHERE sequence > ?1 ORDER BY sequence",
    [CASEBOOK_SQL_AUDIT_CUT] = "SELECT object FROM audit WHERE action = 'audit_cut' ORDER BY sequence DESC LIMIT 1",

    [CASEBOOK_SQL_ANSWERS] =
        "SELECT a.kind, coalesce(r.rule, ''), a.severity, a.until_day FROM answer a"
        " LEFT JOIN answer_rule r ON r.answer = a.answer WHERE a.pupil_id = ?1 AND a.undone_ms IS NULL"
        " ORDER BY a.answer DESC LIMIT ?2",
    [CASEBOOK_SQL_ANSWER_HISTORY] =
        "SELECT kind, reason, user, at_ms, until_day, undone_ms IS NOT NULL FROM answer WHERE pupil_id = ?1"
        " ORDER BY answer DESC",
    [CASEBOOK_SQL_ANSWER_ADD] =
        "INSERT INTO answer (pupil_id, user, kind, reason, severity, day, until_day, at_ms, case_number,"
        " owner_before, next_day_before) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [CASEBOOK_SQL_ANSWER_RULE_ADD] = "INSERT OR IGNORE INTO answer_rule (rule, answer) VALUES (?1, ?2)",
    [CASEBOOK_SQL_ANSWER_LATEST] =
        "SELECT user, answer, kind, day, case_number, owner_before, next_day_before FROM answer"
        " WHERE pupil_id = ?1 AND undone_ms IS NULL ORDER BY answer DESC LIMIT 1",
    [CASEBOOK_SQL_ANSWER_UNDO] = "UPDATE answer SET undone_ms = ?2 WHERE answer = ?1",
    [CASEBOOK_SQL_CASE_OF] = CASE_COLUMNS " WHERE c.status = 'open' AND c.pupil_id = ?1",
    [CASEBOOK_SQL_CASES] = CASE_COLUMNS " WHERE c.status = 'open' ORDER BY c.next_day, c.number",
    [CASEBOOK_SQL_CASE_ADD] =
        "INSERT INTO support_case (pupil_id, owner, opened_by, next_day, opened_ms, opened_day, year, serial)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
        " (SELECT coalesce(max(serial), 0) + 1 FROM support_case WHERE year = ?7))",
    [CASEBOOK_SQL_CASE_SET] = "UPDATE support_case SET owner = ?1, next_day = ?2 WHERE number = ?3",
    [CASEBOOK_SQL_CASE_STATUS] = "UPDATE support_case SET status = ?1 WHERE number = ?2",
    [CASEBOOK_SQL_CASE_END_ADD] =
        "INSERT INTO case_end (outcome, user, number, day, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    [CASEBOOK_SQL_CASE_END_UNDO] = "UPDATE case_end SET undone_ms = ?2 WHERE number = ?1 AND undone_ms IS NULL",
    [CASEBOOK_SQL_DUE] =
        "SELECT pupil_id FROM support_case WHERE status = 'open' AND next_day <= ?1"
        " UNION SELECT pupil_id FROM answer a WHERE kind = 'snooze' AND undone_ms IS NULL AND until_day <= ?1"
        " AND NOT EXISTS (SELECT 1 FROM answer l WHERE l.pupil_id = a.pupil_id AND l.undone_ms IS NULL"
        " AND l.answer > a.answer) ORDER BY pupil_id",
    [CASEBOOK_SQL_OWNERS] = "SELECT user, name FROM user WHERE role IN ('eht', 'rektor')"
                            " AND user NOT IN (SELECT user FROM disabled_user) ORDER BY name, user",
    [CASEBOOK_SQL_TASK_ANSWER] = "SELECT user, at_ms, guardian, lessons, pupil_id, recorded_ms"
                                 " FROM task_answer WHERE task = ?1 AND undone_ms IS NULL"
                                 " ORDER BY answer DESC LIMIT 1",
    [CASEBOOK_SQL_TASK_ANSWER_ADD] =
        "INSERT INTO task_answer (pupil_id, user, task, at_ms, guardian, lessons, recorded_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CASEBOOK_SQL_TASK_ANSWER_UNDO] = "UPDATE task_answer SET undone_ms = ?4 WHERE task = ?1 AND user = ?2"
                                      " AND recorded_ms >= ?3 AND undone_ms IS NULL",

    [CASEBOOK_SQL_LAST_YEAR_OF] =
        "SELECT d.decision, d.kind, d.reason, d.user, coalesce(u.name, d.user), d.at_ms FROM last_year_decision d"
        " LEFT JOIN user u ON u.user = d.user WHERE d.pupil_id = ?1 AND d.begins_day = ?2 ORDER BY d.decision DESC "
        "LIMIT 1",
    [CASEBOOK_SQL_LAST_YEAR_ADD] =
        "INSERT INTO last_year_decision (pupil_id, kind, reason, user, begins_day, day, at_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",

    [CASEBOOK_SQL_ACT_TAKEN] = "SELECT act, at_ms FROM act_taken",
    [CASEBOOK_SQL_ACT_TAKE] = "INSERT INTO act_taken (one, act, at_ms) VALUES (1, ?1, ?2)"
                              " ON CONFLICT (one) DO UPDATE SET act = ?1, at_ms = max(at_ms, ?2)",

    [CASEBOOK_SQL_USERS] = USER_COLUMNS " ORDER BY user",
    [CASEBOOK_SQL_USER_PASSWORD] = "UPDATE user SET password = ?2 WHERE user = ?1",
    [CASEBOOK_SQL_USER_DISABLE] = "INSERT OR IGNORE INTO disabled_user (user, since_ms) VALUES (?1, ?2)",
    [CASEBOOK_SQL_USER_ENABLE] = "DELETE FROM disabled_user WHERE user = ?1",
    [CASEBOOK_SQL_SESSIONS_END] = "DELETE FROM session WHERE user = ?1 AND hash IS NOT ?2",
    [CASEBOOK_SQL_TOTP_FIND] = "SELECT secret, last_step, offered, coalesce(offered_ms, 0) FROM totp WHERE user = ?1",
    [CASEBOOK_SQL_TOTP_OFFER] = "INSERT INTO totp (user, offered, offered_ms) VALUES (?1, ?2, ?3)"
                                " ON CONFLICT (user) DO UPDATE SET offered = ?2, offered_ms = ?3",
    [CASEBOOK_SQL_TOTP_CONFIRM] = "UPDATE totp SET secret = offered, last_step = ?2, offered = NULL,"
                                  " offered_ms = NULL WHERE user = ?1",
    [CASEBOOK_SQL_TOTP_USED] = "UPDATE totp SET last_step = ?2 WHERE user = ?1 AND last_step < ?2",
    [CASEBOOK_SQL_TOTP_REMOVE] = "DELETE FROM totp WHERE user = ?1",

    [CASEBOOK_SQL_LOG] =
        "SELECT sequence, at_ms, user, action, object, NULL, NULL, 0 FROM audit WHERE sequence < ?1"
        " AND (?2 = '' OR user = ?2) AND (?3 = '' OR action = ?3)"
        " AND (?4 = '' OR " IS_ABOUT(
            "?4") ")"
                  " AND at_ms >= ?5 AND at_ms < ?6"
                  " AND (?7 = 0 OR action IN ('login', 'login_failed', 'logout', 'totp_on', 'password_changed',"
                  "   'password_refused', 'user_added', 'user_disabled', 'user_enabled', 'user_reset', "
                  "'user_totp_reset',"
                  "   'rules_applied', 'import', 'import_tried', 'retention', 'held_accepted', 'held_refused',"
                  "   'terminal_distrusted', 'terminal_trusted'))"
                  " ORDER BY sequence DESC LIMIT ?8",
    [CASEBOOK_SQL_REVIEW_DRAWN] = "SELECT 1 FROM review WHERE month = ?1",
    [CASEBOOK_SQL_REVIEW_DRAW] =
        "INSERT INTO review (month, sequence) SELECT ?1, sequence FROM audit WHERE at_ms >= ?2 AND at_ms < ?3"
        " AND action IN ('view_pupil', 'view_pupil_refused', 'view_absences', 'view_lessons')"
        " ORDER BY random() LIMIT ?4",
    [CASEBOOK_SQL_REVIEW] =
        "SELECT a.sequence, a.at_ms, a.user, a.action, a.object, r.verdict, r.user, coalesce(r.at_ms, 0) FROM review r"
        " JOIN audit a ON a.sequence = r.sequence WHERE r.month = ?1 ORDER BY a.sequence",
    [CASEBOOK_SQL_REVIEW_JUDGE] =
        "UPDATE review SET verdict = ?1, user = ?2, at_ms = ?3 WHERE sequence = ?4 AND verdict IS NULL",

    [CASEBOOK_SQL_EXTRACT_ANSWERS] = "SELECT json_object('answer', kind, 'reason', reason, 'by', user, 'at', " UTC(
        "at_ms") ", 'until', CASE kind WHEN"
                 " 'confirm' THEN NULL ELSE " DATE("until_day") " END, 'case', case_number, 'undone', " UTC(
                     "undone_ms") ", 'rules', json((SELECT json_group_array(rule) FROM answer_rule r WHERE r.answer = "
                                  "a.answer)))"
                                  " FROM answer a WHERE pupil_id = ?1 ORDER BY answer" PAGE,
    [CASEBOOK_SQL_EXTRACT_CASES] =
        "SELECT json_object('case', c.number, 'number', printf('%d-%03d', year, serial), 'status', status, 'owner', "
        "owner,"
        " 'opened_by', opened_by, 'opened', " DATE("opened_day") ", 'next', " DATE(
            "next_day") ", 'outcome', e.outcome,"
                        " 'closed_by', e.user, 'closed', " DATE(
                            "e.day") ") FROM support_case c"
                                     " LEFT JOIN case_end e ON e.number = c.number AND e.undone_ms IS NULL "
                                     "WHERE pupil_id = ?1 ORDER BY c.number" PAGE,
    [CASEBOOK_SQL_EXTRACT_TOLD] = "SELECT json_object('task', task, 'by', user, 'at', " UTC(
        "at_ms") ", 'guardian', guardian, 'lessons', lessons, 'undone', " UTC("undone_ms") ")"
                                                                                           " FROM task_answer WHERE "
                                                                                           "pupil_id = ?1 ORDER BY "
                                                                                           "at_ms, answer" PAGE,
    [CASEBOOK_SQL_EXTRACT_LAST_YEAR] = "SELECT json_object('decision', kind, 'reason', reason, 'by', user, 'at', " UTC(
        "at_ms") ", 'school_year', " DATE("begins_day") ") FROM last_year_decision WHERE pupil_id = ?1 ORDER BY "
                                                        "decision" PAGE,
    [CASEBOOK_SQL_EXTRACT_NAMED] =
        "SELECT json_object('user', user) FROM named_user WHERE pupil_id = ?1 ORDER BY user" PAGE,
    [CASEBOOK_SQL_EXTRACT_LOOKS] = "SELECT json_object('at', " UTC(
        "at_ms") ", 'user', user, 'action', action) FROM audit WHERE " IS_ABOUT("?1") " ORDER BY sequence" PAGE,
    [CASEBOOK_SQL_PUPIL_ERASE_ANSWER_RULES] =
        "DELETE FROM answer_rule WHERE answer IN (SELECT answer FROM answer WHERE pupil_id = ?1)",
    [CASEBOOK_SQL_PUPIL_ERASE_ANSWERS] = "DELETE FROM answer WHERE pupil_id = ?1",
    [CASEBOOK_SQL_PUPIL_ERASE_CASE_ENDS] =
        "DELETE FROM case_end WHERE number IN (SELECT number FROM support_case WHERE pupil_id = ?1)",
    [CASEBOOK_SQL_PUPIL_ERASE_CASES] = "DELETE FROM support_case WHERE pupil_id = ?1",
    [CASEBOOK_SQL_PUPIL_ERASE_LAST_YEAR] = "DELETE FROM last_year_decision WHERE pupil_id = ?1",
    [CASEBOOK_SQL_PUPIL_ERASE_TOLD] = "DELETE FROM task_answer WHERE pupil_id = ?1",
    [CASEBOOK_SQL_NAMED_FORGET] =
        "DELETE FROM named_user WHERE pupil_id = ?1 AND NOT EXISTS (SELECT 1 FROM audit WHERE instr(object, ?1) > 0)",
    [CASEBOOK_SQL_HELD] = "SELECT pupil_id FROM support_case WHERE status = 'open' ORDER BY pupil_id",
    [CASEBOOK_SQL_DUE_ANSWERS] = "SELECT count(*) FROM answer WHERE " OLD_ANSWERS,
    [CASEBOOK_SQL_DUE_TOLD] = "SELECT count(*) FROM task_answer WHERE " OLD_TOLD,
    [CASEBOOK_SQL_DUE_LAST_YEAR] = "SELECT count(*) FROM last_year_decision WHERE " OLD_LAST_YEAR,
    [CASEBOOK_SQL_DUE_CASES] = "SELECT count(*) FROM support_case WHERE " OLD_CASES,
    [CASEBOOK_SQL_DUE_LOG] = "SELECT count(*) FROM audit WHERE " OLD_LOG,
    [CASEBOOK_SQL_ERASE_ANSWER_RULES] =
        "DELETE FROM answer_rule WHERE answer IN (SELECT answer FROM answer WHERE " OLD_ANSWERS ")",
    [CASEBOOK_SQL_ERASE_ANSWERS] = "DELETE FROM answer WHERE " OLD_ANSWERS,
    [CASEBOOK_SQL_ERASE_TOLD] = "DELETE FROM task_answer WHERE " OLD_TOLD,
    [CASEBOOK_SQL_ERASE_LAST_YEAR] = "DELETE FROM last_year_decision WHERE " OLD_LAST_YEAR,
    [CASEBOOK_SQL_ERASE_CASE_ANSWER_RULES] =
        "DELETE FROM answer_rule WHERE answer IN (SELECT answer FROM answer WHERE case_number IN " OF_OLD_CASES ")",
    [CASEBOOK_SQL_ERASE_CASE_ANSWERS] = "DELETE FROM answer WHERE case_number IN " OF_OLD_CASES,
    [CASEBOOK_SQL_ERASE_CASE_ENDS] = "DELETE FROM case_end WHERE number IN " OF_OLD_CASES,
    [CASEBOOK_SQL_ERASE_CASES] = "DELETE FROM support_case WHERE " OLD_CASES,
    [CASEBOOK_SQL_LOG_CUT] = "SELECT sequence, mac FROM audit WHERE " OLD_LOG " ORDER BY sequence DESC LIMIT 1",
    [CASEBOOK_SQL_ERASE_REVIEWS] =
        "DELETE FROM review WHERE sequence IN (SELECT sequence FROM audit WHERE " OLD_LOG ")",
    [CASEBOOK_SQL_ERASE_LOG] = "DELETE FROM audit WHERE " OLD_LOG,
    [CASEBOOK_SQL_RUN_ADD] = "INSERT INTO retention_run (began_by, erased, began_ms, ended_ms, complete)"
                             " VALUES (?1, ?2, ?3, ?4, ?5)",
    [CASEBOOK_SQL_RUNS] = "SELECT run, began_ms, ended_ms, began_by, erased, complete, coalesce(signed_by, ''),"
                          " coalesce(signed_ms, 0) FROM retention_run ORDER BY run DESC LIMIT ?1",
    [CASEBOOK_SQL_RUN_SIGN] = "UPDATE retention_run SET signed_by = ?1, signed_ms = ?2 WHERE run = ?3"
                              " AND signed_by IS NULL",
};
