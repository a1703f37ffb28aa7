-- Version 1 grew under its number until its last program, whose schema version 2 is. So this step takes each of its shapes
-- since the first daemon that ran: it adds what is missing, and builds four tables anew that got columns.
--
-- Of a column that may be missing: in a subquery a name that its own table does not have is the one around it. There stands
-- what the column would hold.

DROP VIEW IF EXISTS pupil_known;
DROP VIEW IF EXISTS flag_shown;
DROP VIEW IF EXISTS check_in;
DROP VIEW IF EXISTS terminal_seen;
DROP VIEW IF EXISTS setting_shown;
DROP VIEW IF EXISTS subject_shown;
DROP VIEW IF EXISTS task_open;
DROP VIEW IF EXISTS absence_known;
DROP VIEW IF EXISTS mark_shown;
DROP VIEW IF EXISTS class_mentor;
DROP VIEW IF EXISTS guardian_known;
DROP VIEW IF EXISTS lesson_known;
DROP VIEW IF EXISTS lesson_pupil;
DROP VIEW IF EXISTS group_teacher;
DROP VIEW IF EXISTS group_seen;
DROP VIEW IF EXISTS signal_shown;
DROP VIEW IF EXISTS rules_shown;
DROP VIEW IF EXISTS day_decided;
DROP VIEW IF EXISTS status_shown;
DROP VIEW IF EXISTS change_mark;

DROP TRIGGER IF EXISTS event_counted;
DROP TABLE IF EXISTS event_tally;
DROP INDEX IF EXISTS event_unset;
DROP INDEX IF EXISTS event_outage;
CREATE INDEX IF NOT EXISTS event_enrolled ON event (token) WHERE kind = 'enrol';
CREATE INDEX IF NOT EXISTS event_doubted ON event (terminal_id, generation, boot) WHERE clock <> 'synced';
CREATE INDEX event_outage ON event (terminal_id, settled_ms) WHERE kind <> 'tap';
CREATE INDEX IF NOT EXISTS member_by_pupil ON member (pupil_id, group_id);
CREATE INDEX IF NOT EXISTS member_by_group ON member (group_id);
CREATE INDEX IF NOT EXISTS exemption_by_pupil ON exemption (pupil_id, group_id);
CREATE INDEX IF NOT EXISTS card_by_pupil ON card (pupil_id);
CREATE INDEX IF NOT EXISTS outage_by_terminal ON outage (terminal_id, from_ms);
CREATE INDEX IF NOT EXISTS teacher_by_group ON teacher (group_id);
CREATE INDEX IF NOT EXISTS guardian_by_pupil ON guardian (pupil_id);

CREATE TABLE IF NOT EXISTS group_day (
  kind TEXT NOT NULL, name TEXT NOT NULL, day INTEGER NOT NULL,  -- class, year
  pupils INTEGER NOT NULL, expected_minutes INTEGER NOT NULL, absent_minutes INTEGER NOT NULL,
  PRIMARY KEY (kind, name, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS group_day_by_day ON group_day (day);
CREATE TABLE IF NOT EXISTS group_signal (
  day INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  pupils INTEGER NOT NULL, expected_minutes INTEGER NOT NULL, absent_minutes INTEGER NOT NULL,
  usual_ppm INTEGER NOT NULL,      -- the median of its absent shares, in millionths
  PRIMARY KEY (day, kind, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE receipt RENAME TO receipt_1;
CREATE TABLE receipt (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, upto INTEGER NOT NULL,
  events INTEGER NOT NULL, received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, generation)
) STRICT, WITHOUT ROWID;
INSERT INTO receipt
  SELECT terminal_id, generation, upto,
         (SELECT events FROM receipt_1 r WHERE r.terminal_id = k.terminal_id AND r.generation = k.generation),
         (SELECT received_ms FROM receipt_1 r WHERE r.terminal_id = k.terminal_id AND r.generation = k.generation)
    FROM (SELECT terminal_id, generation, upto,
                 (SELECT count(*) FROM event e WHERE e.terminal_id = o.terminal_id AND e.generation = o.generation) AS events,
                 (SELECT coalesce(max(e.received_ms), 0) FROM event e
                   WHERE e.terminal_id = o.terminal_id AND e.generation = o.generation) AS received_ms
            FROM receipt_1 o) k;
DROP TABLE receipt_1;

CREATE TABLE IF NOT EXISTS certificate (
  terminal_id TEXT PRIMARY KEY, to_ms INTEGER NOT NULL, is_new INTEGER NOT NULL, revoked_ms INTEGER, revoked_why TEXT
) STRICT, WITHOUT ROWID;
ALTER TABLE certificate RENAME TO certificate_1;
CREATE TABLE certificate (  -- of a terminal, as `narvaro terminal` told; the certificates themselves are the authority's
  terminal_id TEXT PRIMARY KEY, to_ms INTEGER NOT NULL,
  is_new INTEGER NOT NULL, first_ms INTEGER,   -- it was not listed before: until its first start, then, it recorded nothing
  revoked_ms INTEGER, revoked_why TEXT         -- nothing of it is believed since
) STRICT, WITHOUT ROWID;
INSERT INTO certificate
  SELECT terminal_id, to_ms, is_new, (SELECT first_ms FROM certificate_1 c WHERE c.terminal_id = k.terminal_id), revoked_ms,
         revoked_why
    FROM (SELECT terminal_id, to_ms, is_new, revoked_ms, revoked_why,
                 CASE WHEN is_new THEN (SELECT min(e.settled_ms) FROM event e
                   WHERE e.terminal_id = o.terminal_id AND e.kind = 'boot') END AS first_ms
            FROM certificate_1 o) k;
DROP TABLE certificate_1;

ALTER TABLE absence RENAME TO absence_1;
CREATE TABLE absence (
  absence INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, type TEXT NOT NULL,  -- reported, leave
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,                         -- to excluded
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER,
  author TEXT NOT NULL DEFAULT 'import', ended_by TEXT                      -- who told, who took back
) STRICT;
INSERT INTO absence
  SELECT absence, pupil_id, type, from_ms, to_ms, known_from_ms, known_to_ms,
         (SELECT author FROM absence_1 a WHERE a.absence = k.absence),
         (SELECT ended_by FROM absence_1 a WHERE a.absence = k.absence)
    FROM (SELECT absence, pupil_id, type, from_ms, to_ms, known_from_ms, known_to_ms, 'import' AS author, NULL AS ended_by
            FROM absence_1) k;
DROP TABLE absence_1;
CREATE INDEX absence_by_time ON absence (from_ms);
CREATE INDEX absence_by_pupil ON absence (pupil_id);

ALTER TABLE rules_version RENAME TO rules_version_1;
CREATE TABLE rules_version (
  version INTEGER PRIMARY KEY, text TEXT NOT NULL, author TEXT NOT NULL, why TEXT NOT NULL,
  from_day INTEGER NOT NULL, recorded_ms INTEGER NOT NULL,
  approver TEXT NOT NULL DEFAULT ''  -- who decided it, where another wrote it
) STRICT;
INSERT INTO rules_version
  SELECT version, text, author, why, from_day, recorded_ms,
         (SELECT approver FROM rules_version_1 r WHERE r.version = k.version)
    FROM (SELECT version, text, author, why, from_day, recorded_ms, '' AS approver FROM rules_version_1) k;
DROP TABLE rules_version_1;

CREATE VIEW pupil_known AS
  SELECT pupil_id, given_name, family_name, class, year, protected, from_day, to_day FROM pupil WHERE known_to_ms IS NULL;
CREATE VIEW flag_shown AS
  SELECT flag, pupil_id, rule, severity, rules_version, raised_day, cleared_day, evidence, withdrawn_ms FROM flag;
-- CROSS JOIN keeps the order: from the pupil's cards to their taps, never through all taps.
CREATE VIEW check_in AS
  SELECT c.pupil_id AS pupil_id, e.settled_ms AS at_ms, e.terminal_id AS terminal_id, t.room AS room, e.feedback AS feedback,
         e.settled_day AS day
    FROM card c CROSS JOIN event e ON e.token = c.token AND e.kind = 'tap'
      AND e.settled_day BETWEEN coalesce(c.from_day, e.settled_day) AND coalesce(c.to_day, e.settled_day)
    LEFT JOIN terminal t ON t.terminal_id = e.terminal_id AND t.known_to_ms IS NULL
   WHERE c.known_to_ms IS NULL
  UNION ALL
  SELECT c.pupil_id, i.at_ms, i.terminal_id, t.room, '', i.day
    FROM card c CROSS JOIN imported_tap i ON i.token = c.token
      AND i.day BETWEEN coalesce(c.from_day, i.day) AND coalesce(c.to_day, i.day)
    LEFT JOIN terminal t ON t.terminal_id = i.terminal_id AND t.known_to_ms IS NULL
   WHERE c.known_to_ms IS NULL;
CREATE VIEW terminal_seen AS
  SELECT t.terminal_id AS terminal_id, t.room AS room, s.phase AS phase, s.firmware AS firmware, s.received_ms AS received_ms,
         s.clock AS clock, s.queued AS queued, s.oldest_unsent_ms AS oldest_unsent_ms, s.readers_up AS readers_up,
         s.readers_configured AS readers_configured, c.to_ms AS certificate_to_ms, c.revoked_ms AS revoked_ms,
         c.revoked_why AS revoked_why
    FROM terminal t LEFT JOIN terminal_state s ON s.terminal_id = t.terminal_id
    LEFT JOIN certificate c ON c.terminal_id = t.terminal_id WHERE t.known_to_ms IS NULL;
CREATE VIEW setting_shown AS SELECT name, value FROM setting WHERE name IN ('school', 'demo');
CREATE VIEW subject_shown AS SELECT subject, name FROM subject;
CREATE VIEW task_open AS
  SELECT task, pupil_id, day, lessons, created_ms FROM task WHERE closed_ms IS NULL;
CREATE VIEW absence_known AS
  SELECT absence, pupil_id, type, from_ms, to_ms, known_from_ms, author FROM absence WHERE known_to_ms IS NULL;
CREATE VIEW mark_shown AS
  SELECT m.rowid AS mark, m.lesson AS lesson, m.pupil_id AS pupil_id, m.status AS status,
         m.absent_minutes AS absent_minutes, m.recorded_ms AS recorded_ms, m.author AS author, v.subject AS subject,
         v.start_minute AS start_minute
    FROM mark m JOIN lesson_version v ON v.lesson = m.lesson AND v.known_to_ms IS NULL;
-- A class's mentor is the teacher of its class group.
CREATE VIEW class_mentor AS
  SELECT t.staff_id AS staff_id, t.group_id AS class, t.from_day AS from_day, t.to_day AS to_day, s.name AS name
    FROM teacher t LEFT JOIN staff s ON s.staff_id = t.staff_id WHERE t.known_to_ms IS NULL;
-- In the order to try.
CREATE VIEW guardian_known AS
  SELECT pupil_id, name, phone, priority FROM guardian WHERE known_to_ms IS NULL;
CREATE VIEW lesson_known AS
  SELECT lesson, group_id, subject, room, day, start_minute, end_minute FROM lesson_version
   WHERE known_to_ms IS NULL AND state <> 'cancelled';
-- Who is expected at a lesson.
CREATE VIEW lesson_pupil AS
  SELECT DISTINCT v.lesson AS lesson, v.day AS day, p.pupil_id AS pupil_id
    FROM lesson_known v JOIN member m ON m.group_id = v.group_id AND m.known_to_ms IS NULL
      AND v.day BETWEEN coalesce(m.from_day, v.day) AND coalesce(m.to_day, v.day)
    JOIN pupil p ON p.pupil_id = m.pupil_id AND p.known_to_ms IS NULL
      AND v.day BETWEEN coalesce(p.from_day, v.day) AND coalesce(p.to_day, v.day)
   WHERE NOT EXISTS (SELECT 1 FROM exemption e WHERE e.pupil_id = p.pupil_id AND e.group_id = v.group_id
      AND e.known_to_ms IS NULL AND v.day BETWEEN coalesce(e.from_day, v.day) AND coalesce(e.to_day, v.day));
CREATE VIEW group_teacher AS
  SELECT staff_id, group_id, from_day, to_day FROM teacher WHERE known_to_ms IS NULL;
CREATE VIEW group_seen AS
  SELECT kind, name, day, pupils, expected_minutes, absent_minutes FROM group_day;
CREATE VIEW signal_shown AS
  SELECT day, kind, name, pupils, expected_minutes, absent_minutes, usual_ppm FROM group_signal;
CREATE VIEW rules_shown AS
  SELECT version, text, author, why, from_day, recorded_ms, approver FROM rules_version;
CREATE VIEW day_decided AS SELECT day FROM school_day WHERE decided_ms IS NOT NULL;
CREATE VIEW status_shown AS
  SELECT (SELECT coalesce(sum(events), 0) FROM receipt) AS events_stored,
         (SELECT coalesce(max(received_ms), 0) FROM receipt) AS last_event_ms,
         (SELECT max(day) FROM day_decided) AS decided_day,
         (SELECT coalesce(sum(lessons_closed), 0) FROM school_day) AS lessons_closed,
         (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL) AS flags_raised,
         (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND cleared_day IS NULL) AS flags_open,
         (SELECT count(*) FROM task WHERE closed_ms IS NULL) AS tasks_open,
         (SELECT count(*) FROM pupil WHERE known_to_ms IS NULL) AS pupils;
-- Numbers that change whenever the inbox or the terminals' list may look different.
CREATE VIEW change_mark AS
  SELECT (SELECT coalesce(max(rowid), 0) FROM flag_change) + (SELECT count(*) + count(closed_ms) FROM task)
           + (SELECT count(decided_ms) FROM school_day) AS flags,
         (SELECT coalesce(sum(received_ms % 1000000007), 0) + count(*) FROM terminal_state)
           + (SELECT coalesce(sum(to_ms % 1000000007), 0) + count(*) + count(revoked_ms) FROM certificate) AS terminals;
