-- The attendance database: one school unit, one writer (narvarod), read-only for everybody else.
--
-- Facts come first and are append-only: a fact that is replaced or taken back keeps its row and gets a known_to_ms, so
-- that "as known at T" is known_from_ms <= T < coalesce(known_to_ms, infinity). What is derived comes after, can be
-- thrown away, and is recomputed from the facts, as long as retention has not taken these (daemon/core/retention.h).
-- Instants are UTC in Unix milliseconds (_ms), dates are days since 1970-01-01 (_day), times of day are local minutes.
-- Tokens, generations are 64-bit values stored as signed.
-- The newest version; how an older database becomes it is in migrations/ (common/migrate.h).

-- facts from the terminals ---------------------------------------------------------------------------------------

CREATE TABLE event (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  kind TEXT NOT NULL, boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, from_ms INTEGER NOT NULL, clock TEXT NOT NULL, age_ms INTEGER NOT NULL,
  token INTEGER NOT NULL, reader INTEGER NOT NULL, feedback TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  refused TEXT,           -- why it was not counted when it came; the roll call decides anew every time
  settled_ms INTEGER,     -- when it happened, as far as can be told now (docs/wire.md, clock); NULL = not known
  settled_day INTEGER,    -- its local date
  PRIMARY KEY (terminal_id, generation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_day ON event (settled_day) WHERE kind = 'tap';
CREATE INDEX event_by_token ON event (token, settled_day) WHERE kind = 'tap';
CREATE INDEX event_enrolled ON event (token) WHERE kind = 'enrol';
CREATE INDEX event_clock ON event (terminal_id, generation, boot) WHERE kind = 'clock';
CREATE INDEX event_doubted ON event (terminal_id, generation, boot) WHERE clock <> 'synced';
-- Not WHERE kind IN (…): SQLite would make a table of the words for every event.
CREATE INDEX event_outage ON event (terminal_id, settled_ms) WHERE kind <> 'tap';

-- What each journal has been told to be safe: the contiguous prefix, never the maximum. And how many events came, the latest
-- when: counting a school year of them takes too long to do at every look.
CREATE TABLE receipt (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, upto INTEGER NOT NULL,
  events INTEGER NOT NULL, received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, generation)
) STRICT, WITHOUT ROWID;

-- Sequences that no journal holds any more: a gap is data.
CREATE TABLE gap (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, generation, first_sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal_state (  -- the latest word of and about each terminal
  terminal_id TEXT PRIMARY KEY, birth INTEGER NOT NULL, phase TEXT NOT NULL, firmware TEXT NOT NULL,
  at_ms INTEGER NOT NULL, clock TEXT NOT NULL, queued INTEGER NOT NULL, oldest_unsent_ms INTEGER NOT NULL,
  free_records INTEGER NOT NULL, config_version INTEGER NOT NULL, readers_up INTEGER NOT NULL,
  readers_configured INTEGER NOT NULL, received_ms INTEGER NOT NULL,
  trouble TEXT NOT NULL DEFAULT ''  -- why readers are down, as the terminal says it
) STRICT, WITHOUT ROWID;

-- When the daemon itself heard each terminal, and everything that it had recorded was here: stretches of its states, by our
-- clock.
CREATE TABLE life (
  terminal_id TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  birth INTEGER NOT NULL,          -- of the boot, as its states say
  able INTEGER NOT NULL,           -- it said that all its readers record
  PRIMARY KEY (terminal_id, from_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX life_by_end ON life (terminal_id, to_ms);

-- A terminal whose word is not taken from an instant on.
CREATE TABLE distrust (
  terminal_id TEXT NOT NULL, since_ms INTEGER NOT NULL, author TEXT NOT NULL, why TEXT NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER, ended_by TEXT
) STRICT;
CREATE INDEX distrust_by_terminal ON distrust (terminal_id);

-- Taps that count only when a person has accepted them.
CREATE TABLE held_tap (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, sequence INTEGER NOT NULL,
  why TEXT NOT NULL, held_ms INTEGER NOT NULL,
  decision TEXT, author TEXT, decided_ms INTEGER,  -- accepted, refused; NULL = waits
  PRIMARY KEY (terminal_id, generation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_tap_waits ON held_tap (held_ms) WHERE decision IS NULL;

-- facts of the school (docs/school-files.md) -----------------------------------------------------------------------

-- A period at the school, each with its class and year; a pupil's do not overlap. Name and protection are the latest one's.
CREATE TABLE pupil (
  pupil_id TEXT NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL, class TEXT NOT NULL, year TEXT NOT NULL,
  protected INTEGER NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER,
  end_reason TEXT NOT NULL DEFAULT '',         -- moved, emigrated, deceased
  birth_day INTEGER, school_form TEXT NOT NULL DEFAULT '', home_municipality TEXT NOT NULL DEFAULT '',
  programme TEXT NOT NULL DEFAULT '', placed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX pupil_now ON pupil (pupil_id, coalesce(from_day, -2147483648)) WHERE known_to_ms IS NULL;

CREATE TABLE member (
  group_id TEXT NOT NULL, pupil_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE INDEX member_by_pupil ON member (pupil_id, group_id);
CREATE INDEX member_by_group ON member (group_id);

CREATE TABLE lesson (
  lesson INTEGER PRIMARY KEY,      -- the number that outcomes carry: one lesson_id keeps one number over its versions
  lesson_id TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE lesson_version (
  lesson INTEGER NOT NULL REFERENCES lesson, group_id TEXT NOT NULL, subject TEXT NOT NULL, room TEXT NOT NULL,
  day INTEGER NOT NULL, start_minute INTEGER NOT NULL, end_minute INTEGER NOT NULL, state TEXT NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX lesson_now ON lesson_version (lesson) WHERE known_to_ms IS NULL;
CREATE INDEX lesson_by_day ON lesson_version (day);

CREATE TABLE exemption (
  pupil_id TEXT NOT NULL, group_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE INDEX exemption_by_pupil ON exemption (pupil_id, group_id);

CREATE TABLE terminal (  -- where one hangs, and when; its places do not overlap
  terminal_id TEXT NOT NULL, room TEXT NOT NULL, place TEXT NOT NULL DEFAULT 'room',  -- room, entrance
  from_day INTEGER, to_day INTEGER, known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX terminal_now ON terminal (terminal_id, coalesce(from_day, -2147483648)) WHERE known_to_ms IS NULL;

CREATE TABLE certificate (  -- of a terminal, as `narvaro terminal` told; the certificates themselves are the authority's
  terminal_id TEXT PRIMARY KEY, to_ms INTEGER NOT NULL,
  is_new INTEGER NOT NULL, first_ms INTEGER,   -- it was not listed before: until its first start, then, it recorded nothing
  revoked_ms INTEGER, revoked_why TEXT         -- nothing of it is believed since
) STRICT, WITHOUT ROWID;

CREATE TABLE card (  -- who holds it, and when; NULL = open
  token INTEGER NOT NULL, pupil_id TEXT NOT NULL, from_ms INTEGER, to_ms INTEGER,     -- to excluded
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;

CREATE INDEX card_by_token ON card (token);
CREATE INDEX card_by_pupil ON card (pupil_id);

CREATE TABLE absence (
  absence INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, type TEXT NOT NULL,  -- reported, leave
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,                         -- to excluded
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER,
  author TEXT NOT NULL DEFAULT 'import', ended_by TEXT                      -- who told, who took back
) STRICT;
CREATE INDEX absence_by_time ON absence (from_ms);
CREATE INDEX absence_by_pupil ON absence (pupil_id);

CREATE TABLE mark (
  lesson INTEGER NOT NULL, pupil_id TEXT NOT NULL, status TEXT NOT NULL, absent_minutes INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL, known_from_ms INTEGER NOT NULL, author TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',             -- forgotten_card; '' = a roll, a correction, an import
  known_to_ms INTEGER, ended_by TEXT           -- when and by whom it was taken back
) STRICT;
CREATE INDEX mark_by_lesson ON mark (lesson);
CREATE INDEX mark_by_pupil ON mark (pupil_id);

CREATE TABLE outage (
  terminal_id TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE INDEX outage_by_terminal ON outage (terminal_id, from_ms);

CREATE TABLE imported_tap (  -- from taps.csv; a terminal's own are in event
  terminal_id TEXT NOT NULL, token INTEGER NOT NULL, at_ms INTEGER NOT NULL, day INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL,
  PRIMARY KEY (day, terminal_id, token, at_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_tap_by_token ON imported_tap (token, day);

CREATE TABLE staff (
  staff_id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE teacher (
  group_id TEXT NOT NULL, staff_id TEXT NOT NULL, from_day INTEGER, to_day INTEGER,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;
CREATE INDEX teacher_by_group ON teacher (group_id);
CREATE TABLE guardian (
  pupil_id TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, priority INTEGER NOT NULL,
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER,
  relation TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',               -- docs/school-files.md
  interpreter INTEGER NOT NULL DEFAULT 0, notify INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX guardian_by_pupil ON guardian (pupil_id);

CREATE TABLE calendar (
  from_day INTEGER, to_day INTEGER, kind TEXT NOT NULL,                -- lasar, lov, studiedag, helgdag, lovskola
  known_from_ms INTEGER NOT NULL, known_to_ms INTEGER
) STRICT;

CREATE TABLE rules_version (
  version INTEGER PRIMARY KEY, text TEXT NOT NULL, author TEXT NOT NULL, why TEXT NOT NULL,
  from_day INTEGER NOT NULL, recorded_ms INTEGER NOT NULL,
  approver TEXT NOT NULL DEFAULT ''  -- who decided it, where another wrote it
) STRICT;

-- What was done at the control socket by whoever keeps no log; the dashboard takes it into its own (docs/dashboard.md).
CREATE TABLE act (
  act INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;  -- school, demo, columns (of school files), token_key_check

-- derived -----------------------------------------------------------------------------------------------------------

-- When a terminal could not record, as its own events say (a reader out, no power, a gap in its journal).
CREATE TABLE recorded_outage (
  terminal_id TEXT NOT NULL, reader INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER,  -- NULL = still
  PRIMARY KEY (terminal_id, reader, from_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX recorded_outage_open ON recorded_outage (terminal_id) WHERE to_ms IS NULL;

-- From the first to the latest event of each boot, as they are dated now; what came too late to be believed stands between two
-- parts of one (daemon/life.h).
CREATE TABLE recorded_life (
  terminal_id TEXT NOT NULL, generation INTEGER NOT NULL, boot INTEGER NOT NULL, part INTEGER NOT NULL,
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  before_ms INTEGER,               -- when the terminal was last alive before it, as its boot event says
  closed INTEGER NOT NULL,         -- an event after it came too late
  PRIMARY KEY (terminal_id, generation, boot, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX recorded_life_by_begin ON recorded_life (terminal_id, from_ms);
CREATE INDEX recorded_life_by_end ON recorded_life (terminal_id, to_ms);

-- What is retained at the broker, so that it can be numbered on change and cleared when it is past.
CREATE TABLE publication (
  topic TEXT PRIMARY KEY, version INTEGER NOT NULL, digest INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (subject INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- One row per pupil and date: its lesson outcomes, packed (daemon/core/outcome.h), and the class it then had.
CREATE TABLE pupil_day (
  pupil_id TEXT NOT NULL, day INTEGER NOT NULL, class TEXT NOT NULL, outcomes BLOB NOT NULL,
  PRIMARY KEY (pupil_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX pupil_day_by_day ON pupil_day (day);

-- How far the roll call has come: lessons of `day` that closed up to closed_ms are in pupil_day.
CREATE TABLE school_day (
  day INTEGER PRIMARY KEY, lessons_closed INTEGER NOT NULL, closed_ms INTEGER NOT NULL,
  decided_ms INTEGER               -- when the day closed and its flags were decided; NULL = not yet
) STRICT;

-- Lessons that nobody can know, and the first reason why (daemon/core/rollcall.h).
CREATE TABLE lesson_doubt (
  lesson INTEGER PRIMARY KEY, day INTEGER NOT NULL, doubt TEXT NOT NULL
) STRICT;
CREATE INDEX lesson_doubt_by_day ON lesson_doubt (day);

-- What a class or a year came to on a decided date, and where that stands out against its own last weeks
-- (daemon/core/groupsignal.h). About groups, never about a pupil.
CREATE TABLE group_day (
  kind TEXT NOT NULL, name TEXT NOT NULL, day INTEGER NOT NULL,  -- class, year
  pupils INTEGER NOT NULL, expected_minutes INTEGER NOT NULL, absent_minutes INTEGER NOT NULL,
  PRIMARY KEY (kind, name, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_day_by_day ON group_day (day);
CREATE TABLE group_signal (
  day INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  pupils INTEGER NOT NULL, expected_minutes INTEGER NOT NULL, absent_minutes INTEGER NOT NULL,
  usual_ppm INTEGER NOT NULL,      -- the median of its absent shares, in millionths
  PRIMARY KEY (day, kind, name)
) STRICT, WITHOUT ROWID;

-- Deleted by retention alone. withdrawn = no longer follows from the facts.
CREATE TABLE flag (
  flag INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, rule TEXT NOT NULL, severity INTEGER NOT NULL,
  rules_version INTEGER NOT NULL, raised_day INTEGER NOT NULL, cleared_day INTEGER,
  evidence TEXT NOT NULL,          -- JSON: the array `evidence` of docs/api.md
  decided_ms INTEGER NOT NULL, withdrawn_ms INTEGER, withdrawn_why TEXT
) STRICT;
CREATE UNIQUE INDEX flag_once ON flag (pupil_id, rule, rules_version, raised_day) WHERE withdrawn_ms IS NULL;
CREATE INDEX flag_by_pupil ON flag (pupil_id);
CREATE INDEX flag_by_day ON flag (raised_day) WHERE withdrawn_ms IS NULL;
CREATE INDEX flag_open ON flag (pupil_id) WHERE cleared_day IS NULL AND withdrawn_ms IS NULL;
-- Every change a flag went through, so that it can be told as known at any time.
CREATE TABLE flag_change (
  flag INTEGER NOT NULL REFERENCES flag, change TEXT NOT NULL,  -- raised, cleared, reopened, withdrawn
  day INTEGER, why TEXT NOT NULL, recorded_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX flag_change_by_flag ON flag_change (flag);

-- Guardian to be told the same day: unreported absence of one pupil and date.
CREATE TABLE task (
  task INTEGER PRIMARY KEY, kind TEXT NOT NULL,  -- guardian, routine
  pupil_id TEXT NOT NULL, day INTEGER NOT NULL,
  lessons TEXT NOT NULL,           -- JSON: the array `lessons` of docs/api.md
  created_ms INTEGER NOT NULL, closed_ms INTEGER, closed_why TEXT,
  UNIQUE (kind, pupil_id, day)
) STRICT;
CREATE INDEX task_open_by_day ON task (day) WHERE closed_ms IS NULL;

-- what the dashboard selects from -------------------------------------------------------------------------------------

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
