-- Facts of the school are dated: what was open becomes a period, a place, a holder without limits, and a card's dates become
-- the instants at which they begin and end in Sweden: summer time from the last Sunday of March to that of October.

DROP VIEW pupil_known;
DROP VIEW flag_shown;
DROP VIEW check_in;
DROP VIEW terminal_seen;
DROP VIEW setting_shown;
DROP VIEW subject_shown;
DROP VIEW task_open;
DROP VIEW absence_known;
DROP VIEW mark_shown;
DROP VIEW class_mentor;
DROP VIEW guardian_known;
DROP VIEW lesson_known;
DROP VIEW lesson_pupil;
DROP VIEW group_teacher;
DROP VIEW group_seen;
DROP VIEW signal_shown;
DROP VIEW rules_shown;
DROP VIEW day_decided;
DROP VIEW status_shown;
DROP VIEW change_mark;

ALTER TABLE pupil RENAME TO pupil_2;
DROP INDEX pupil_now;
CREATE TABLE pupil (
  pupil_id TEXT NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL, class TEXT NOT NULL, year TEXT NOT NULL,
  protected INTEGER NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER,
  end_reason TEXT NOT NULL DEFAULT '',         -- moved, emigrated, deceased
  birth_day INTEGER, school_form TEXT NOT NULL DEFAULT '', home_municipality TEXT NOT NULL DEFAULT '',
  programme TEXT NOT NULL DEFAULT '', placed INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO pupil (rowid, pupil_id, given_name, family_name, class, year, protected, from_day, to_day, known_from_ms, known_to_ms)
  SELECT rowid, pupil_id, given_name, family_name, class, year, protected, from_day, to_day, known_from_ms, known_to_ms
    FROM pupil_2;
DROP TABLE pupil_2;
CREATE UNIQUE INDEX pupil_now ON pupil (pupil_id, coalesce(from_day, -2147483648)) WHERE known_to_ms IS NULL;

ALTER TABLE terminal RENAME TO terminal_2;
DROP INDEX terminal_now;
CREATE TABLE terminal (  -- where one hangs, and when; its places do not overlap
  terminal_id TEXT NOT NULL, room TEXT NOT NULL, place TEXT NOT NULL DEFAULT 'room',  -- room, entrance
  from_day INTEGER, to_day INTEGER, known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO terminal (rowid, terminal_id, room, known_from_ms, known_to_ms)
  SELECT rowid, terminal_id, room, known_from_ms, known_to_ms FROM terminal_2;
DROP TABLE terminal_2;
CREATE UNIQUE INDEX terminal_now ON terminal (terminal_id, coalesce(from_day, -2147483648)) WHERE known_to_ms IS NULL;

ALTER TABLE card RENAME TO card_2;
DROP INDEX card_by_token;
DROP INDEX card_by_pupil;
CREATE TABLE card (  -- who holds it, and when; NULL = open
  token INTEGER NOT NULL, pupil_id TEXT NOT NULL, from_ms INTEGER, to_ms INTEGER,     -- to excluded
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
INSERT INTO card (rowid, token, pupil_id, from_ms, to_ms, known_from_ms, known_to_ms)
  WITH date (day, iso) AS (SELECT DISTINCT day, date(day * 86400, 'unixepoch')
      FROM (SELECT from_day AS day FROM card_2 UNION SELECT to_day + 1 FROM card_2) WHERE day IS NOT NULL),
    midnight (day, ms) AS (SELECT day, (day * 24 - 1
      - (iso > date(substr(iso, 1, 4) || '-03-25', 'weekday 0') AND iso <= date(substr(iso, 1, 4) || '-10-25', 'weekday 0')))
      * 3600000 FROM date)
  SELECT c.rowid, c.token, c.pupil_id, f.ms, t.ms, c.known_from_ms, c.known_to_ms FROM card_2 c
    LEFT JOIN midnight f ON f.day = c.from_day LEFT JOIN midnight t ON t.day = c.to_day + 1;
DROP TABLE card_2;
CREATE INDEX card_by_token ON card (token);
CREATE INDEX card_by_pupil ON card (pupil_id);

ALTER TABLE terminal_state ADD COLUMN trouble TEXT NOT NULL DEFAULT '';  -- why readers are down, as the terminal says it
ALTER TABLE mark ADD COLUMN source TEXT NOT NULL DEFAULT '';  -- forgotten_card; '' = a roll, a correction, an import
ALTER TABLE mark ADD COLUMN known_to_ms INTEGER;              -- when and by whom it was taken back
ALTER TABLE mark ADD COLUMN ended_by TEXT;

ALTER TABLE guardian RENAME TO guardian_2;
DROP INDEX guardian_by_pupil;
CREATE TABLE guardian (
  pupil_id TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, priority INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER,
  relation TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',               -- docs/school-files.md
  interpreter INTEGER NOT NULL DEFAULT 0, notify INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO guardian (rowid, pupil_id, name, phone, email, priority, known_from_ms, known_to_ms)
  SELECT rowid, pupil_id, name, phone, email, priority, known_from_ms, known_to_ms FROM guardian_2;
DROP TABLE guardian_2;
CREATE INDEX guardian_by_pupil ON guardian (pupil_id);

CREATE TABLE life (
  terminal_id TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  birth INTEGER NOT NULL,          -- of the boot, as its states say
  able INTEGER NOT NULL,           -- it said that all its readers record
  PRIMARY KEY (terminal_id, from_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX life_by_end ON life (terminal_id, to_ms);

CREATE TABLE recorded_life (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, boot INTEGER NOT NULL, part INTEGER NOT NULL,
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  before_ms INTEGER,               -- when the terminal was last alive before it, as its boot event says
  closed INTEGER NOT NULL,         -- an event after it came too late
  PRIMARY KEY (terminal_id, generation, boot, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX recorded_life_by_begin ON recorded_life (terminal_id, from_ms);
CREATE INDEX recorded_life_by_end ON recorded_life (terminal_id, to_ms);
INSERT INTO recorded_life
  SELECT terminal_id, generation, boot, 0, min(settled_ms), max(settled_ms),
         max(CASE WHEN kind = 'boot' AND from_ms > 0 THEN from_ms END), 0
    FROM event WHERE settled_ms IS NOT NULL AND boot > 0 AND received_ms - settled_ms <= 1209600000
   GROUP BY terminal_id, generation, boot;

CREATE TABLE distrust (
  terminal_id TEXT NOT NULL, since_ms INTEGER NOT NULL, author TEXT NOT NULL, why TEXT NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER, ended_by TEXT
) STRICT;
CREATE INDEX distrust_by_terminal ON distrust (terminal_id);

CREATE TABLE held_tap (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, sequence INTEGER NOT NULL,
  why TEXT NOT NULL, held_ms INTEGER NOT NULL,
  decision TEXT, author TEXT, decided_ms INTEGER,  -- accepted, refused; NULL = waits
  PRIMARY KEY (terminal_id, generation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_tap_waits ON held_tap (held_ms) WHERE decision IS NULL;

CREATE TABLE calendar (
  from_day INTEGER, to_day INTEGER, kind TEXT NOT NULL,                -- lasar, lov, studiedag, helgdag, lovskola
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;

-- What was done at the control socket by whoever keeps no log; the dashboard takes it into its own (docs/dashboard.md).
CREATE TABLE act (
  act INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL
) STRICT;

CREATE TABLE lesson_doubt (
  lesson INTEGER PRIMARY KEY, day INTEGER NOT NULL, doubt TEXT NOT NULL
) STRICT;
CREATE INDEX lesson_doubt_by_day ON lesson_doubt (day);

CREATE INDEX flag_by_day ON flag (raised_day) WHERE withdrawn_ms IS NULL;
CREATE INDEX task_open_by_day ON task (day) WHERE closed_ms IS NULL;

-- Views have no clock: whoever asks for a date gives it, and takes the periods that it is within.
CREATE VIEW pupil_known AS  -- the latest period of each
  SELECT pupil_id, given_name, family_name, class, year, protected, from_day, to_day FROM pupil p
   WHERE known_to_ms IS NULL AND NOT EXISTS (SELECT 1 FROM pupil l WHERE l.pupil_id = p.pupil_id AND l.known_to_ms IS NULL
     AND coalesce(l.from_day, -2147483648) > coalesce(p.from_day, -2147483648));
CREATE VIEW pupil_period AS
  SELECT p.pupil_id AS pupil_id, n.given_name AS given_name, n.family_name AS family_name, p.class AS class, p.year AS year,
         n.protected AS protected, p.from_day AS from_day, p.to_day AS to_day, p.end_reason AS end_reason,
         p.birth_day AS birth_day, p.school_form AS school_form, p.home_municipality AS home_municipality,
         p.programme AS programme, p.placed AS placed
    FROM pupil p JOIN pupil_known n ON n.pupil_id = p.pupil_id WHERE p.known_to_ms IS NULL;
CREATE VIEW flag_shown AS
  SELECT flag, pupil_id, rule, severity, rules_version, raised_day, cleared_day, evidence, withdrawn_ms FROM flag;
-- CROSS JOIN keeps the order: from the pupil's cards to their taps, never through all taps.
CREATE VIEW check_in AS
  SELECT c.pupil_id AS pupil_id, e.settled_ms AS at_ms, e.terminal_id AS terminal_id, t.room AS room, e.feedback AS feedback,
         e.settled_day AS day
    FROM card c CROSS JOIN event e ON e.token = c.token AND e.kind = 'tap'
      AND e.settled_ms >= coalesce(c.from_ms, e.settled_ms) AND e.settled_ms < coalesce(c.to_ms, e.settled_ms + 1)
    JOIN pupil p ON p.pupil_id = c.pupil_id AND p.known_to_ms IS NULL
      AND e.settled_day BETWEEN coalesce(p.from_day, e.settled_day) AND coalesce(p.to_day, e.settled_day)
    LEFT JOIN terminal t ON t.terminal_id = e.terminal_id AND t.known_to_ms IS NULL
      AND e.settled_day BETWEEN coalesce(t.from_day, e.settled_day) AND coalesce(t.to_day, e.settled_day)
   WHERE c.known_to_ms IS NULL
  UNION ALL
  SELECT c.pupil_id, i.at_ms, i.terminal_id, t.room, '', i.day
    FROM card c CROSS JOIN imported_tap i ON i.token = c.token
      AND i.at_ms >= coalesce(c.from_ms, i.at_ms) AND i.at_ms < coalesce(c.to_ms, i.at_ms + 1)
    JOIN pupil p ON p.pupil_id = c.pupil_id AND p.known_to_ms IS NULL
      AND i.day BETWEEN coalesce(p.from_day, i.day) AND coalesce(p.to_day, i.day)
    LEFT JOIN terminal t ON t.terminal_id = i.terminal_id AND t.known_to_ms IS NULL
      AND i.day BETWEEN coalesce(t.from_day, i.day) AND coalesce(t.to_day, i.day)
   WHERE c.known_to_ms IS NULL;
CREATE VIEW terminal_seen AS  -- each place of it
  SELECT t.terminal_id AS terminal_id, t.room AS room, t.place AS place, t.from_day AS from_day, t.to_day AS to_day,
         s.phase AS phase, s.firmware AS firmware, s.received_ms AS received_ms,
         s.clock AS clock, s.queued AS queued, s.oldest_unsent_ms AS oldest_unsent_ms, s.readers_up AS readers_up,
         s.readers_configured AS readers_configured, s.trouble AS trouble, c.to_ms AS certificate_to_ms, c.revoked_ms AS revoked_ms,
         c.revoked_why AS revoked_why, (SELECT d.since_ms FROM distrust d WHERE d.terminal_id = t.terminal_id
           AND d.known_to_ms IS NULL) AS distrusted_ms
    FROM terminal t LEFT JOIN terminal_state s ON s.terminal_id = t.terminal_id
    LEFT JOIN certificate c ON c.terminal_id = t.terminal_id WHERE t.known_to_ms IS NULL;
CREATE VIEW setting_shown AS SELECT name, value FROM setting WHERE name IN ('school', 'demo');
CREATE VIEW subject_shown AS SELECT subject, name FROM subject;
CREATE VIEW task_open AS
  SELECT task, kind, pupil_id, day, lessons, created_ms FROM task WHERE closed_ms IS NULL;
CREATE VIEW absence_known AS
  SELECT absence, pupil_id, type, from_ms, to_ms, known_from_ms, author FROM absence WHERE known_to_ms IS NULL;
CREATE VIEW mark_shown AS
  SELECT m.rowid AS mark, m.lesson AS lesson, m.pupil_id AS pupil_id, m.status AS status,
         m.absent_minutes AS absent_minutes, m.recorded_ms AS recorded_ms, m.author AS author, v.subject AS subject,
         v.start_minute AS start_minute, m.source AS source
    FROM mark m JOIN lesson_version v ON v.lesson = m.lesson AND v.known_to_ms IS NULL WHERE m.known_to_ms IS NULL;
-- A class's mentor is the teacher of its class group.
CREATE VIEW class_mentor AS
  SELECT t.staff_id AS staff_id, t.group_id AS class, t.from_day AS from_day, t.to_day AS to_day, s.name AS name
    FROM teacher t LEFT JOIN staff s ON s.staff_id = t.staff_id WHERE t.known_to_ms IS NULL;
-- In the order to try.
CREATE VIEW guardian_known AS
  SELECT pupil_id, name, phone, email, priority, relation, language, interpreter, notify FROM guardian
   WHERE known_to_ms IS NULL;
CREATE VIEW calendar_known AS
  SELECT from_day, to_day, kind FROM calendar WHERE known_to_ms IS NULL;
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
CREATE VIEW act_shown AS SELECT act, at_ms, action, object FROM act;
CREATE VIEW lesson_doubted AS SELECT lesson, day, doubt FROM lesson_doubt;
CREATE VIEW day_decided AS SELECT day FROM school_day WHERE decided_ms IS NOT NULL;
CREATE VIEW status_shown AS
  SELECT (SELECT coalesce(sum(events), 0) FROM receipt) AS events_stored,
         (SELECT coalesce(max(received_ms), 0) FROM receipt) AS last_event_ms,
         (SELECT max(day) FROM day_decided) AS decided_day,
         (SELECT coalesce(sum(lessons_closed), 0) FROM school_day) AS lessons_closed,
         (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL) AS flags_raised,
         (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND cleared_day IS NULL) AS flags_open,
         (SELECT count(*) FROM task WHERE closed_ms IS NULL) AS tasks_open,
         (SELECT count(*) FROM pupil_known) AS pupils;
-- Numbers that change whenever the inbox or the terminals' list may look different.
CREATE VIEW change_mark AS
  SELECT (SELECT coalesce(max(rowid), 0) FROM flag_change) + (SELECT count(*) + count(closed_ms) FROM task)
           + (SELECT count(decided_ms) FROM school_day) AS flags,
         (SELECT coalesce(sum(received_ms % 1000000007), 0) + count(*) FROM terminal_state)
           + (SELECT coalesce(sum(to_ms % 1000000007), 0) + count(*) + count(revoked_ms) FROM certificate)
           + (SELECT count(*) + count(known_to_ms) FROM distrust)
           + (SELECT count(*) FROM held_tap WHERE decision IS NULL) AS terminals;
