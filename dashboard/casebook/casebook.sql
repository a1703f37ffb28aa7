-- The casebook: what the dashboard itself owns, apart from the attendance database because another secrecy and another
-- retention apply. One writer (narvaro-web). Instants are UTC in Unix milliseconds, dates are days since 1970-01-01.
-- The newest version; how an older casebook becomes it is in migrations/ (common/migrate.h).

CREATE TABLE user (
  user TEXT PRIMARY KEY,           -- the login name; a mentor's is its staff_id
  name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'sv', created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The users named for a pupil with protected identity; to all others that pupil does not exist.
CREATE TABLE named_user (
  user TEXT NOT NULL REFERENCES user ON DELETE CASCADE, pupil_id TEXT NOT NULL,
  PRIMARY KEY (user, pupil_id)
) STRICT, WITHOUT ROWID;

-- Real time, also in the demonstration. Only the hash of the cookie is kept.
CREATE TABLE session (
  hash BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
  began_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who looked at or changed what. mac chains each row to the one before it (dashboard/casebook/casebook_audit.h).
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, user TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, mac BLOB NOT NULL
) STRICT;

-- What people decided about a pupil's flags (dashboard/triage.h). undone_ms = taken back.
CREATE TABLE support_case (
  number INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'open',  -- open, closed, undone
  owner TEXT NOT NULL, opened_by TEXT NOT NULL, next_day INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL, opened_day INTEGER NOT NULL,
  year INTEGER NOT NULL, serial INTEGER NOT NULL,  -- 2026-031: what people call it
  UNIQUE (year, serial)
) STRICT;
CREATE UNIQUE INDEX support_case_open ON support_case (pupil_id) WHERE status = 'open';

CREATE TABLE answer (
  answer INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, user TEXT NOT NULL,
  kind TEXT NOT NULL, reason TEXT NOT NULL,         -- confirm, snooze, dismiss; a choice, never free text
  severity INTEGER NOT NULL,                        -- the item's, then
  day INTEGER NOT NULL, until_day INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  case_number INTEGER REFERENCES support_case,      -- of a confirmation
  owner_before TEXT, next_day_before INTEGER,       -- of a case that was open already, for undo
  undone_ms INTEGER
) STRICT;
CREATE INDEX answer_by_pupil ON answer (pupil_id, answer);
CREATE TABLE answer_rule (            -- the rules that an answer saw
  answer INTEGER NOT NULL REFERENCES answer, rule TEXT NOT NULL, PRIMARY KEY (answer, rule)
) STRICT, WITHOUT ROWID;

-- Guardian told of the absence of a task of the daemon, or of a routine's task that contact; lessons = how many it was about then. The
-- latest that was not taken back counts, and nothing that a colleague said is written over.
CREATE TABLE task_answer (
  answer INTEGER PRIMARY KEY, task INTEGER NOT NULL, pupil_id TEXT NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL,
  guardian INTEGER, lessons INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, undone_ms INTEGER,
  contact TEXT NOT NULL DEFAULT ''             -- whom of the school's list (dashboard/routine.h); '' = a guardian, or the pupil
) STRICT;
CREATE INDEX task_answer_by_task ON task_answer (task, answer);

-- The one-time code of a user (dashboard/shell/totp.h). secret NULL: offered, and not confirmed yet.
CREATE TABLE totp (
  user TEXT PRIMARY KEY REFERENCES user ON DELETE CASCADE,
  secret BLOB, last_step INTEGER NOT NULL DEFAULT 0,   -- each code is good once
  offered BLOB, offered_ms INTEGER
) STRICT, WITHOUT ROWID;

-- May not sign in any more; the row of user stays, for the audit log names it.
CREATE TABLE disabled_user (
  user TEXT PRIMARY KEY REFERENCES user ON DELETE CASCADE, since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The month's review of the audit log: views drawn at random, each to be judged by the data protection officer.
CREATE TABLE review (
  month INTEGER NOT NULL,                      -- year * 12 + month - 1
  sequence INTEGER NOT NULL REFERENCES audit, verdict TEXT,  -- NULL = not judged yet; ok, question
  user TEXT, at_ms INTEGER,
  PRIMARY KEY (month, sequence)
) STRICT, WITHOUT ROWID;

-- How a case ended; its row says status 'closed'. The end that was not taken back counts.
CREATE TABLE case_end (
  ending INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case, outcome TEXT NOT NULL, user TEXT NOT NULL,
  day INTEGER NOT NULL, at_ms INTEGER NOT NULL, undone_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX case_end_stands ON case_end (number) WHERE undone_ms IS NULL;

-- Receipts of retention (gallring): how much of each kind was erased, here and in the attendance database.
CREATE TABLE retention_run (
  run INTEGER PRIMARY KEY, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  began_by TEXT NOT NULL,                      -- night, command
  erased TEXT NOT NULL,                        -- JSON: rows by kind
  complete INTEGER NOT NULL,                   -- 0 = the daemon gave up on the way: it is tried again
  signed_by TEXT, signed_ms INTEGER            -- the data protection officer has seen it
) STRICT;

-- What head and pupil health decided of a pupil on the list from last year (dashboard/last_year.h). The latest counts.
CREATE TABLE last_year_decision (
  decision INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL,
  begins_day INTEGER NOT NULL,                 -- of the school year in which it was looked through: 1 August
  kind TEXT NOT NULL, reason TEXT NOT NULL,    -- keep_watching, case_goes_on, not_needed; a choice, never free text
  user TEXT NOT NULL, day INTEGER NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX last_year_decision_by_pupil ON last_year_decision (pupil_id, decision);

-- Support in time (docs/support.md). What was counted of a term for whoever may see no figure under five: counted once and never anew,
-- so that nothing is found by comparing two dates.
CREATE TABLE published_term (
  from_day INTEGER PRIMARY KEY, figures TEXT NOT NULL,  -- JSON: FIGURES of docs/api.md, rounded
  user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
-- A programme that a class or a year is given (config/support.cfg); to_day NULL: it goes on.
CREATE TABLE group_measure (
  measure INTEGER PRIMARY KEY, programme TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,
  from_day INTEGER NOT NULL, to_day INTEGER, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
-- Genomlysning: a period that head and pupil health have looked through, five answers, and what was decided to become better.
CREATE TABLE review_of_cases (
  review INTEGER PRIMARY KEY, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, answers TEXT NOT NULL,  -- JSON: five texts
  user TEXT NOT NULL, day INTEGER NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE review_decision (
  decision INTEGER PRIMARY KEY, review INTEGER NOT NULL REFERENCES review_of_cases,
  what TEXT NOT NULL, owner TEXT NOT NULL, due_day INTEGER NOT NULL,
  state TEXT, ended_day INTEGER, ended_by TEXT, ended_ms INTEGER  -- state NULL = open; done, dropped
) STRICT;

-- The acts at the daemon's control socket that the audit log has taken over: the last one's number, and the latest time.
CREATE TABLE act_taken (
  one INTEGER PRIMARY KEY CHECK (one = 1), act INTEGER NOT NULL, at_ms INTEGER NOT NULL
) STRICT;

-- What is done in a case (docs/support.md). Rows are added and never rewritten; of what begins and ends the end is written once, with
-- its author. All go with the case. Words are choices; the short texts are about what is done, never about health.
CREATE TABLE case_step (
  step INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  kind TEXT NOT NULL, began_day INTEGER NOT NULL, due_day INTEGER NOT NULL,  -- due: as it was told when it began
  owner TEXT NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL,
  done_day INTEGER, skipped_reason TEXT, done_by TEXT, done_ms INTEGER
) STRICT;
CREATE INDEX case_step_of ON case_step (number);
-- Dated facts, of which the latest of a kind counts: inquiry, no_inquiry (the head's decision, and why), seen (by the head),
-- huvudman_told, elsewhere, elsewhere_told, deputy, owner (the head gave the case to another),
-- handover (the head's decision that another school gets the record: which), handover_received.
CREATE TABLE case_fact (
  fact INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  kind TEXT NOT NULL, value TEXT NOT NULL, day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_fact_of ON case_fact (number);
CREATE TABLE case_contact (
  contact INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  party TEXT NOT NULL, way TEXT NOT NULL, outcome TEXT NOT NULL, cause TEXT NOT NULL,  -- cause: known, not_known
  day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_contact_of ON case_contact (number);
CREATE TABLE case_measure (  -- what has been agreed, and who does it
  measure INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  kind TEXT NOT NULL, note TEXT NOT NULL, owner TEXT NOT NULL,
  began_day INTEGER NOT NULL, due_day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL,
  evaluated_day INTEGER, result TEXT, evaluated_by TEXT, evaluated_ms INTEGER
) STRICT;
CREATE INDEX case_measure_of ON case_measure (number);
CREATE TABLE case_voice (  -- barnets röst
  voice INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  wants TEXT NOT NULL, note TEXT NOT NULL, day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_voice_of ON case_voice (number);
CREATE TABLE case_actor (  -- vem gör vad: a function, never a private person
  actor INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  sector TEXT NOT NULL, title TEXT NOT NULL, does TEXT NOT NULL, since_day INTEGER NOT NULL, next_day INTEGER NOT NULL,
  user TEXT NOT NULL, at_ms INTEGER NOT NULL, ended_day INTEGER, ended_by TEXT, ended_ms INTEGER
) STRICT;
CREATE INDEX case_actor_of ON case_actor (number);
CREATE TABLE case_consent (
  consent INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  party TEXT NOT NULL, scope TEXT NOT NULL, given_day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL,
  withdrawn_day INTEGER, withdrawn_by TEXT, withdrawn_ms INTEGER
) STRICT;
CREATE INDEX case_consent_of ON case_consent (number);
CREATE TABLE case_concern (  -- report of concern (orosanmälan): that and when. Head and author see it, nobody else
  concern INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  made_day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL,
  answered_day INTEGER, answered_by TEXT, answered_ms INTEGER
) STRICT;
CREATE INDEX case_concern_of ON case_concern (number);
-- Samordnad individuell plan from need to follow-up: dated stages, of which the latest says where it stands (daemon/core/support/sip.h).
CREATE TABLE case_sip (
  event INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  stage TEXT NOT NULL, value TEXT NOT NULL,   -- requested of whom, called by whom, ended why
  planned_day INTEGER,                        -- the meeting, or the next follow-up
  day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_sip_of ON case_sip (number);
CREATE TABLE case_sip_member (  -- who takes part: a function, never a private person
  member INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  sector TEXT NOT NULL, title TEXT NOT NULL, coordinates INTEGER NOT NULL, since_day INTEGER NOT NULL,
  user TEXT NOT NULL, at_ms INTEGER NOT NULL, left_day INTEGER, left_by TEXT, left_ms INTEGER
) STRICT;
CREATE INDEX case_sip_member_of ON case_sip_member (number);
-- What the head has decided for the whole school: school_may_call_sip (yes, no). The latest of a kind counts.
CREATE TABLE school_decision (
  decision INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL,
  day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;

-- What was decided or sent of a pupil on one of a gymnasium's lists (dashboard/api/api_gymnasium.c): began, left (skollagen 15:15), kaa
-- (29:9), grants. The latest of pupil, list and date counts; taken_back is a decision, too. Choices, never free text about a child.
CREATE TABLE duty (
  duty INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, list TEXT NOT NULL, about_day INTEGER NOT NULL,
  decision TEXT NOT NULL, reason TEXT NOT NULL, contact TEXT NOT NULL, day INTEGER NOT NULL,
  first_day INTEGER NOT NULL, minutes INTEGER NOT NULL,   -- of a grant, as it stood then
  user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX duty_by_pupil ON duty (pupil_id, list, about_day);

-- A serious event in a pupil's family: while it stands, one person is spoken to first. One of a pupil stands at a time.
CREATE TABLE family_crisis (
  crisis INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, contact TEXT NOT NULL,
  day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL, ended_day INTEGER, ended_by TEXT, ended_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX family_crisis_stands ON family_crisis (pupil_id) WHERE ended_day IS NULL;
-- Avvikelse i samverkan: which promise of whom failed, since when. Choices alone, so that it can be printed for the local BUS group.
CREATE TABLE case_deviation (
  deviation INTEGER PRIMARY KEY, number INTEGER NOT NULL REFERENCES support_case ON DELETE CASCADE,
  promise TEXT NOT NULL, sector TEXT NOT NULL, since_day INTEGER NOT NULL,
  day INTEGER NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_deviation_of ON case_deviation (number);
-- Counted as it happens, and of no case or person: measure stuck (choice: the promise, value: weeks waited), listened and informed
-- (choice: pupil or guardian, value: the grade). So a term that is over never changes, whatever is erased.
CREATE TABLE term_count (
  term_day INTEGER NOT NULL, measure TEXT NOT NULL, choice TEXT NOT NULL, value INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (term_day, measure, choice, value)
) STRICT, WITHOUT ROWID;
