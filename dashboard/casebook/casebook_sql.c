/* Every statement on the casebook, by name. */
#include "dashboard/casebook/casebook_sql.h"

#define USER_COLUMNS                                                                         \
    "SELECT user, name, language, role, password, user IN (SELECT user FROM disabled_user)," \
    " user IN (SELECT user FROM totp WHERE secret IS NOT NULL) FROM user"
#define CASE_COLUMNS                                                                                  \
    "SELECT c.number, c.year, c.serial, c.pupil_id, c.owner, coalesce(u.name, c.owner), c.opened_by," \
    " c.next_day, c.opened_day, c.status = 'open' FROM support_case c LEFT JOIN user u ON u.user = c.owner"
/* Of retention: ?1 the first date kept, ?2 the same as an instant. Nothing goes of a pupil whose case is open. */
#define HELD          "(SELECT pupil_id FROM support_case WHERE status = 'open')"
#define OLD_ANSWERS   "case_number IS NULL AND day < ?1 AND pupil_id NOT IN " HELD
#define OLD_LAST_YEAR "day < ?1 AND pupil_id NOT IN " HELD
#define OLD_CRISES    "ended_day < ?1 AND pupil_id NOT IN " HELD
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
/* What was done in cases: each row with its part of the page (enum casebook_case_part), the place in it, kind, author and whose it is
 * to do. No view of the schema, for there json_object is no function that SQLite trusts. Laid out by hand: the formatter breaks
 * literals beside such macros into syllables. */
/* clang-format off */
#define WRITTEN "'by', user, 'at', " UTC("at_ms")
#define CASE_ROWS                                                                                                            \
    "(SELECT number, 0 AS part, step AS place, kind, user, owner, json_object('step', step, 'kind', kind,"                   \
    " 'began_on', " DATE("began_day") ", 'due_on', " DATE("due_day") ", 'done_on', " DATE("done_day") ","                    \
    " 'skipped_reason', skipped_reason, 'owner', owner, " WRITTEN ", 'done_by', done_by) AS row FROM case_step"               \
    " UNION ALL SELECT number, 1, fact, kind, user, '', json_object('kind', kind, 'value', value,"                           \
    " 'on', " DATE("day") ", " WRITTEN ") FROM case_fact"                                                                    \
    " UNION ALL SELECT number, 2, contact, '', user, '', json_object('contact', contact, 'party', party, 'way', way,"         \
    " 'outcome', outcome, 'cause', cause, 'on', " DATE("day") ", " WRITTEN ") FROM case_contact"                              \
    " UNION ALL SELECT number, 3, measure, kind, user, owner, json_object('measure', measure, 'kind', kind, 'note', note,"    \
    " 'owner', owner, 'began_on', " DATE("began_day") ", 'due_on', " DATE("due_day") ","                                     \
    " 'evaluated_on', " DATE("evaluated_day") ", 'result', result, " WRITTEN ", 'evaluated_by', evaluated_by)"                \
    " FROM case_measure"                                                                                                     \
    " UNION ALL SELECT number, 4, voice, '', user, '', json_object('voice', voice, 'wants', json(wants), 'note', note,"       \
    " 'on', " DATE("day") ", " WRITTEN ") FROM case_voice"                                                                   \
    " UNION ALL SELECT number, 5, actor, '', user, '', json_object('actor', actor, 'sector', sector, 'title', title,"         \
    " 'does', does, 'since', " DATE("since_day") ", 'next_on', " DATE("next_day") ", 'ended_on', " DATE("ended_day") ", "     \
    WRITTEN ") FROM case_actor"                                                                                              \
    " UNION ALL SELECT number, 6, consent, '', user, '', json_object('consent', consent, 'party', party, 'scope', scope,"     \
    " 'given_on', " DATE("given_day") ", 'withdrawn_on', " DATE("withdrawn_day") ", " WRITTEN ") FROM case_consent"            \
    " UNION ALL SELECT number, 7, concern, '', user, '', json_object('concern', concern, 'made_on', " DATE("made_day") ","     \
    " 'answered_on', " DATE("answered_day") ", " WRITTEN ") FROM case_concern"                                               \
    " UNION ALL SELECT number, 8, event, stage, user, '', json_object('stage', stage, 'value', value, 'planned_on',"          \
    " " DATE("planned_day") ", 'on', " DATE("day") ", " WRITTEN ") FROM case_sip"                                            \
    " UNION ALL SELECT number, 9, member, '', user, '', json_object('member', member, 'sector', sector, 'title', title,"      \
    " 'coordinates', json(iif(coordinates, 'true', 'false')), 'since', " DATE("since_day") ", 'left_on', " DATE("left_day")   \
    ", " WRITTEN ") FROM case_sip_member"                                                                                     \
    " UNION ALL SELECT number, 10, deviation, '', user, '', json_object('deviation', deviation, 'promise', promise,"          \
    " 'sector', sector, 'since', " DATE("since_day") ", 'on', " DATE("day") ", " WRITTEN ") FROM case_deviation)"
/* clang-format on */
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
    [CASEBOOK_SQL_CASE_BY_NUMBER] = CASE_COLUMNS " WHERE c.number = ?1 AND c.status <> 'undone'",
    [CASEBOOK_SQL_FILE_LEVELS] =
        "SELECT max(severity), min(day) FILTER (WHERE severity >= 2), min(day) FILTER (WHERE severity >= 3), max(day),"
        " EXISTS (SELECT 1 FROM case_contact WHERE number = ?1 AND cause = 'known'),"
        " (SELECT count(*) FROM " CASE_ROWS " WHERE number = ?1 AND part <> 7)"
        " FROM answer WHERE case_number = ?1 AND kind = 'confirm' AND undone_ms IS NULL",
    [CASEBOOK_SQL_FILE_STEPS] = "SELECT kind, began_day, done_day, skipped_reason IS NOT NULL FROM case_step"
                                " WHERE number = ?1 ORDER BY began_day, step",
    [CASEBOOK_SQL_FILE_MEASURES] =
        "SELECT measure, began_day, evaluated_day, kind FROM case_measure WHERE number = ?1 ORDER BY measure",
    [CASEBOOK_SQL_FILE_FACTS] = "SELECT kind, value, day FROM case_fact WHERE number = ?1 ORDER BY fact",
    [CASEBOOK_SQL_FILE_CONCERN] =
        "SELECT made_day, answered_day, user, count(*) OVER () FROM case_concern"
        " WHERE number = ?1 AND ?2 IN ('', user) ORDER BY answered_day IS NOT NULL, concern DESC LIMIT 1",
    [CASEBOOK_SQL_FILE_SIP] =
        "SELECT coalesce((SELECT stage FROM case_sip WHERE number = ?1 ORDER BY event DESC LIMIT 1), ''),"
        " (SELECT day FROM case_sip WHERE number = ?1 ORDER BY event DESC LIMIT 1),"
        " EXISTS (SELECT 1 FROM case_consent WHERE number = ?1 AND scope = 'sip' AND party = 'guardian'"
        " AND withdrawn_day IS NULL), EXISTS (SELECT 1 FROM case_consent WHERE number = ?1 AND scope = 'sip'"
        " AND party = 'pupil' AND withdrawn_day IS NULL)",
    [CASEBOOK_SQL_FILE_END] = "SELECT e.outcome, e.user, coalesce(u.name, e.user), e.day FROM case_end e"
                              " LEFT JOIN user u ON u.user = e.user WHERE e.number = ?1 AND e.undone_ms IS NULL",
    [CASEBOOK_SQL_CASE_ROWS] = "SELECT part, kind, user, owner, row FROM " CASE_ROWS " WHERE number = ?1"
                               " ORDER BY part, place",
    /* Of an act: ?1 the case, ?2 who, ?3 the date, ?4 the instant. */
    [CASEBOOK_SQL_STEP_BEGIN] = "INSERT INTO case_step (number, user, began_day, at_ms, kind, owner, due_day)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CASEBOOK_SQL_STEP_DONE] = "UPDATE case_step SET done_by = ?2, done_day = ?3, done_ms = ?4 WHERE number = ?1"
                               " AND kind = ?5 AND done_day IS NULL",
    [CASEBOOK_SQL_STEP_LEFT_OUT] = "UPDATE case_step SET done_by = ?2, done_day = ?3, done_ms = ?4, skipped_reason = ?6"
                                   " WHERE number = ?1 AND kind = ?5 AND done_day IS NULL",
    [CASEBOOK_SQL_STEP_AT_ONCE] = "INSERT INTO case_step (number, user, began_day, at_ms, kind, skipped_reason, owner, "
                                  "due_day, done_by, done_day,"
                                  " done_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?2, ?3, ?2, ?3, ?4)",
    [CASEBOOK_SQL_FACT] =
        "INSERT INTO case_fact (number, user, at_ms, kind, value, day) VALUES (?1, ?2, ?4, ?5, ?6, ?7)",
    [CASEBOOK_SQL_CONTACT] = "INSERT INTO case_contact (number, user, day, at_ms, party, way, outcome, cause)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CASEBOOK_SQL_MEASURE] = "INSERT INTO case_measure (number, user, began_day, at_ms, kind, note, owner, due_day)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CASEBOOK_SQL_MEASURE_EVALUATED] =
        "UPDATE case_measure SET evaluated_by = ?2, evaluated_day = ?3, evaluated_ms = ?4, result = ?6"
        " WHERE number = ?1 AND measure = ?5 AND evaluated_day IS NULL AND ?7 IN ('', owner)",
    [CASEBOOK_SQL_VOICE] = "INSERT INTO case_voice (number, user, day, at_ms, wants, note)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [CASEBOOK_SQL_ACTOR] = "INSERT INTO case_actor (number, user, since_day, at_ms, sector, title, does, next_day)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CASEBOOK_SQL_ACTOR_ENDED] = "UPDATE case_actor SET ended_by = ?2, ended_day = ?3, ended_ms = ?4 WHERE number = ?1"
                                 " AND actor = ?5 AND ended_day IS NULL",
    [CASEBOOK_SQL_CONSENT] = "INSERT INTO case_consent (number, user, at_ms, party, scope, given_day)"
                             " VALUES (?1, ?2, ?4, ?5, ?6, ?7)",
    [CASEBOOK_SQL_CONSENT_WITHDRAWN] =
        "UPDATE case_consent SET withdrawn_by = ?2, withdrawn_day = ?3, withdrawn_ms = ?4 WHERE number = ?1"
        " AND consent = ?5 AND withdrawn_day IS NULL",
    [CASEBOOK_SQL_CONCERN] = "INSERT INTO case_concern (number, user, at_ms, made_day) VALUES (?1, ?2, ?4, ?5)",
    [CASEBOOK_SQL_CONCERN_ANSWERED] =
        "UPDATE case_concern SET answered_by = ?2, answered_day = ?6, answered_ms = ?4 WHERE number = ?1"
        " AND concern = ?5 AND answered_day IS NULL AND ?7 IN ('', user)",
    [CASEBOOK_SQL_SIP] = "INSERT INTO case_sip (number, user, at_ms, stage, value, planned_day, day)"
                         " VALUES (?1, ?2, ?4, ?5, ?6, ?7, ?3)",
    [CASEBOOK_SQL_SIP_MEMBER] =
        "INSERT INTO case_sip_member (number, user, since_day, at_ms, sector, title, coordinates)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CASEBOOK_SQL_SIP_MEMBER_LEFT] =
        "UPDATE case_sip_member SET left_by = ?2, left_day = ?3, left_ms = ?4 WHERE number = ?1 AND member = ?5"
        " AND left_day IS NULL",
    [CASEBOOK_SQL_DEVIATION] = "INSERT INTO case_deviation (number, user, day, at_ms, promise, sector, since_day)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    /* A case counts once in a term for each promise: at the first row of it. */
    [CASEBOOK_SQL_STUCK_COUNT] =
        "INSERT INTO term_count (term_day, measure, choice, value, count) SELECT ?1, 'stuck', ?2, ?3, 1"
        " WHERE (SELECT count(*) FROM case_deviation WHERE number = ?4 AND promise = ?2 AND day >= ?1) = 1"
        " ON CONFLICT DO UPDATE SET count = count + 1",
    [CASEBOOK_SQL_RATING_COUNT] = "INSERT INTO term_count (term_day, measure, choice, value, count)"
                                  " VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT DO UPDATE SET count = count + 1",
    [CASEBOOK_SQL_TERM_COUNTS] = "SELECT term_day, measure, choice, value, count FROM term_count WHERE term_day < ?1"
                                 " ORDER BY term_day DESC, measure, choice, value",
    [CASEBOOK_SQL_DECISION] = "SELECT value FROM school_decision WHERE kind = ?1 ORDER BY decision DESC LIMIT 1",
    [CASEBOOK_SQL_DECISION_ADD] =
        "INSERT INTO school_decision (kind, value, user, day, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    [CASEBOOK_SQL_OWNERS] = "SELECT user, name FROM user WHERE role IN ('eht', 'rektor')"
                            " AND user NOT IN (SELECT user FROM disabled_user) ORDER BY name, user",
    [CASEBOOK_SQL_TASK_ANSWER] = "SELECT user, at_ms, guardian, lessons, pupil_id, recorded_ms"
                                 " FROM task_answer WHERE task = ?1 AND contact = ?2 AND undone_ms IS NULL"
                                 " ORDER BY answer DESC LIMIT 1",
    [CASEBOOK_SQL_TASK_ANSWER_ADD] =
        "INSERT INTO task_answer (pupil_id, user, task, at_ms, guardian, lessons, recorded_ms, contact)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CASEBOOK_SQL_TASK_ANSWER_UNDO] = "UPDATE task_answer SET undone_ms = ?5 WHERE task = ?1 AND contact = ?2"
                                      " AND user = ?3 AND recorded_ms >= ?4 AND undone_ms IS NULL",

    [CASEBOOK_SQL_DUTY_OF] = "SELECT decision, reason, contact, day, user, at_ms FROM duty WHERE pupil_id = ?1"
                             " AND list = ?2 AND about_day = ?3 ORDER BY duty DESC LIMIT 1",
    [CASEBOOK_SQL_DUTY_ADD] = "INSERT INTO duty (pupil_id, list, about_day, decision, reason, contact, day, first_day,"
                              " minutes, user, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [CASEBOOK_SQL_LAST_YEAR_OF] =
        "SELECT d.decision, d.kind, d.reason, d.user, coalesce(u.name, d.user), d.at_ms FROM last_year_decision d"
        " LEFT JOIN user u ON u.user = d.user WHERE d.pupil_id = ?1 AND d.begins_day = ?2 ORDER BY d.decision DESC "
        "LIMIT 1",
    [CASEBOOK_SQL_LAST_YEAR_ADD] =
        "INSERT INTO last_year_decision (pupil_id, kind, reason, user, begins_day, day, at_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",

    [CASEBOOK_SQL_INTIME_CASES] =
        "SELECT c.number, c.pupil_id, e.day, coalesce(e.outcome, ''),"
        " (SELECT min(v.day) FROM case_voice v WHERE v.number = c.number) FROM support_case c"
        " LEFT JOIN case_end e ON e.number = c.number AND e.undone_ms IS NULL WHERE c.status <> 'undone'"
        " ORDER BY c.number",
    [CASEBOOK_SQL_INTIME_CONFIRMED] =
        "SELECT a.answer, a.severity, a.day, a.at_ms, coalesce(r.rule, '') FROM answer a"
        " LEFT JOIN answer_rule r ON r.answer = a.answer WHERE a.case_number = ?1 AND a.kind = 'confirm'"
        " AND a.undone_ms IS NULL ORDER BY a.answer, r.rule",
    [CASEBOOK_SQL_PUBLISHED] = "SELECT json_object('from', " DATE(
        "from_day") ", 'figures', json(figures), 'by', user,"
                    " 'at', " UTC("at_ms") ") FROM published_term ORDER BY from_day DESC LIMIT ?1",
    [CASEBOOK_SQL_PUBLISH] =
        "INSERT OR IGNORE INTO published_term (from_day, figures, user, at_ms) VALUES (?1, ?2, ?3, ?4)",
    [CASEBOOK_SQL_GROUP_MEASURES] = "SELECT measure, programme, kind, name, owner, from_day, to_day FROM group_measure"
                                    " ORDER BY from_day DESC, measure DESC LIMIT ?1",
    [CASEBOOK_SQL_GROUP_MEASURE_ADD] = "INSERT INTO group_measure (programme, kind, name, owner, from_day, to_day,"
                                       " user, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CASEBOOK_SQL_GROUP_MEASURE_END] =
        "UPDATE group_measure SET to_day = ?2 WHERE measure = ?1 AND to_day IS NULL AND from_day <= ?2",
    [CASEBOOK_SQL_CASE_REVIEWS] = "SELECT json_object('review', review, 'from', " DATE("from_day") ", 'to', " DATE(
        "to_day") ", 'answers',"
                  " json(answers), 'by', user, 'on', " DATE(
                      "day") ", 'decisions', json((SELECT json_group_array(json_object("
                             " 'decision', decision, 'what', what, 'owner', owner, 'due_on', " DATE(
                                 "due_day") ", 'state', state,"
                                            " 'ended_on', " DATE(
                                                "ended_day") ")) FROM review_decision d WHERE d.review = r.review)))"
                                                             " FROM review_of_cases r ORDER BY review DESC LIMIT ?1",
    [CASEBOOK_SQL_CASE_REVIEW_ADD] = "INSERT INTO review_of_cases (from_day, to_day, answers, user, day, at_ms)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [CASEBOOK_SQL_REVIEW_DECISION_ADD] =
        "INSERT INTO review_decision (review, what, owner, due_day) VALUES (?1, ?2, ?3, ?4)",
    [CASEBOOK_SQL_REVIEW_DECISION_END] = "UPDATE review_decision SET state = ?2, ended_by = ?3, ended_day = ?4,"
                                         " ended_ms = ?5 WHERE decision = ?1 AND state IS NULL",
    [CASEBOOK_SQL_CRISIS] = "SELECT c.contact, coalesce(u.name, c.contact), c.day FROM family_crisis c"
                            " LEFT JOIN user u ON u.user = c.contact WHERE c.pupil_id = ?1 AND c.ended_day IS NULL",
    [CASEBOOK_SQL_CRISIS_BEGIN] =
        "INSERT INTO family_crisis (pupil_id, user, day, at_ms, contact) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO NOTHING",
    [CASEBOOK_SQL_CRISIS_END] = "UPDATE family_crisis SET ended_by = ?2, ended_day = ?3, ended_ms = ?4"
                                " WHERE pupil_id = ?1 AND ended_day IS NULL",

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
                  "   'terminal_distrusted', 'terminal_trusted', 'decisions_confirmed'))"
                  " ORDER BY sequence DESC LIMIT ?8",
    [CASEBOOK_SQL_REVIEW_DRAWN] = "SELECT 1 FROM review WHERE month = ?1",
    [CASEBOOK_SQL_REVIEW_DRAW] =
        "INSERT INTO review (month, sequence) SELECT ?1, sequence FROM audit WHERE at_ms >= ?2 AND at_ms < ?3"
        " AND action IN ('view_pupil', 'view_pupil_refused', 'view_case', 'view_absences', 'view_lessons')"
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
    [CASEBOOK_SQL_EXTRACT_CASE_ROWS] =
        "SELECT json_object('case', c.number, 'part', CASE r.part WHEN 0 THEN 'steps' WHEN 1 THEN 'facts' WHEN 2 THEN"
        " 'contacts' WHEN 3 THEN 'measures' WHEN 4 THEN 'voices' WHEN 5 THEN 'actors' WHEN 6 THEN 'consents'"
        " WHEN 8 THEN 'sips' WHEN 9 THEN 'sip_members' WHEN 10 THEN 'deviations' END, 'row',"
        " json(r.row)) FROM support_case c JOIN " CASE_ROWS " r ON r.number = c.number"
        " WHERE c.pupil_id = ?1 AND r.part <> 7 ORDER BY c.number, r.part, r.place" PAGE,
    [CASEBOOK_SQL_EXTRACT_TOLD] = "SELECT json_object('task', task, 'by', user, 'at', " UTC(
        "at_ms") ", 'guardian', guardian, 'contact', "
                 "contact, 'lessons', lessons, "
                 "'undone', " UTC("undone_ms") ")"
                                               " FROM task_answer WHERE "
                                               "pupil_id = ?1 ORDER BY "
                                               "at_ms, answer" PAGE,
    [CASEBOOK_SQL_EXTRACT_DUTIES] = "SELECT json_object('list', list, 'about', " DATE(
        "about_day") ", 'decision', decision, 'reason', reason, 'contact',"
                     " contact, 'on', " DATE("day") ", 'minutes', minutes, 'by', user, 'at', " UTC(
                         "at_ms") ") FROM duty"
                                  " WHERE pupil_id = ?1 ORDER BY duty" PAGE,
    [CASEBOOK_SQL_EXTRACT_LAST_YEAR] = "SELECT json_object('decision', kind, 'reason', reason, 'by', user, 'at', " UTC(
        "at_ms") ", 'school_year', " DATE("begins_day") ") FROM last_year_decision WHERE pupil_id = ?1 ORDER BY "
                                                        "decision" PAGE,
    [CASEBOOK_SQL_EXTRACT_CRISES] =
        "SELECT json_object('contact', contact, 'from', " DATE("day") ", 'by', user, 'to', " DATE(
            "ended_day") ", 'ended_by', ended_by) FROM family_crisis WHERE pupil_id = ?1 ORDER BY crisis" PAGE,
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
    [CASEBOOK_SQL_PUPIL_ERASE_DUTIES] = "DELETE FROM duty WHERE pupil_id = ?1",
    [CASEBOOK_SQL_PUPIL_ERASE_LAST_YEAR] = "DELETE FROM last_year_decision WHERE pupil_id = ?1",
    [CASEBOOK_SQL_PUPIL_ERASE_TOLD] = "DELETE FROM task_answer WHERE pupil_id = ?1",
    [CASEBOOK_SQL_PUPIL_ERASE_CRISES] = "DELETE FROM family_crisis WHERE pupil_id = ?1",
    [CASEBOOK_SQL_NAMED_FORGET] =
        "DELETE FROM named_user WHERE pupil_id = ?1 AND NOT EXISTS (SELECT 1 FROM audit WHERE instr(object, ?1) > 0)",
    [CASEBOOK_SQL_HELD] = "SELECT pupil_id FROM support_case WHERE status = 'open' ORDER BY pupil_id",
    [CASEBOOK_SQL_DUE_ANSWERS] = "SELECT count(*) FROM answer WHERE " OLD_ANSWERS,
    [CASEBOOK_SQL_DUE_TOLD] = "SELECT count(*) FROM task_answer WHERE " OLD_TOLD,
    [CASEBOOK_SQL_DUE_DUTIES] = "SELECT count(*) FROM duty WHERE " OLD_LAST_YEAR,
    [CASEBOOK_SQL_DUE_LAST_YEAR] = "SELECT count(*) FROM last_year_decision WHERE " OLD_LAST_YEAR,
    [CASEBOOK_SQL_DUE_CASES] = "SELECT count(*) FROM support_case WHERE " OLD_CASES,
    [CASEBOOK_SQL_DUE_LOG] = "SELECT count(*) FROM audit WHERE " OLD_LOG,
    [CASEBOOK_SQL_ERASE_ANSWER_RULES] =
        "DELETE FROM answer_rule WHERE answer IN (SELECT answer FROM answer WHERE " OLD_ANSWERS ")",
    [CASEBOOK_SQL_ERASE_ANSWERS] = "DELETE FROM answer WHERE " OLD_ANSWERS,
    [CASEBOOK_SQL_ERASE_TOLD] = "DELETE FROM task_answer WHERE " OLD_TOLD,
    [CASEBOOK_SQL_ERASE_DUTIES] = "DELETE FROM duty WHERE " OLD_LAST_YEAR,
    [CASEBOOK_SQL_ERASE_CRISES] = "DELETE FROM family_crisis WHERE " OLD_CRISES,
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
