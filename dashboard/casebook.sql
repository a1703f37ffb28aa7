-- The casebook: what the dashboard itself owns, apart from the attendance database because another secrecy and another
-- retention apply. One writer (narvaro-web). Instants are UTC in Unix milliseconds.

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

-- Who looked at or changed what. mac chains each row to the one before it (dashboard/casebook.h).
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, user TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, mac BLOB NOT NULL
) STRICT;
