// A made-up school with a school year in its database, written by the sqlite3 program from daemon/store/schema.sql and by the
// encoder below, so that nothing here shares code with the daemon.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const FIRST_TOKEN = 1_000_000;
const ROWS_AT_A_TIME = 400;
export const VERSION = parseInt(readdirSync("daemon/store/migrations").sort().at(-1));
const DAYS = 178,
  LESSONS = 6,
  CLASS_PUPILS = 25,
  MINUTES = 60;

function schoolDays() {
  const days = [];
  const today = Math.floor(Date.now() / 86_400_000);
  for (let day = today - 1; days.length < DAYS; day--) if ((day + 3) % 7 < 5) days.push(day);
  return days.reverse();
}

function packed(lessonBase, pupil, day) {
  const bytes = Buffer.alloc(LESSONS * 13);
  for (let i = 0; i < LESSONS; i++) {
    const absent = (pupil * 31 + day * 17 + i * 7) % 20 === 0;
    bytes.writeUInt32LE(lessonBase + i, i * 13);
    bytes.writeUInt16LE(480 + i * 70, i * 13 + 4);
    bytes.writeUInt16LE(MINUTES, i * 13 + 6);
    bytes.writeUInt16LE(absent ? MINUTES : 0, i * 13 + 8);
    bytes.writeUInt16LE(1 + i, i * 13 + 10);
    bytes.writeUInt8(absent ? 4 : 0, i * 13 + 12);
  }
  return bytes.toString("hex");
}

function* school(pupils, classes) {
  for (let i = 0; i < LESSONS; i++) yield `subject VALUES (${1 + i}, 'subject-${i}')`;
  for (let c = 0; c < classes; c++)
    yield `terminal (terminal_id, room, known_from_ms) VALUES ('t-${c}', 'room-${c}', 0)`;
  for (let p = 0; p < pupils; p++) {
    const group = `class-${p % classes}`;
    yield `pupil (pupil_id, given_name, family_name, class, year, protected, known_from_ms) VALUES ('p${p}', 'A', 'B', '${group}', '7', 0, 0)`;
    yield `member VALUES ('${group}', 'p${p}', NULL, NULL, 0, NULL)`;
    yield `card VALUES (${FIRST_TOKEN + p}, 'p${p}', NULL, NULL, 0, NULL)`;
  }
}

// The lessons of a class and date have the numbers from lessonBase on.
function* year(pupils, classes, days) {
  const lessonBase = (index, c) => (index * classes + c) * LESSONS + 1;
  for (const [index, day] of days.entries()) {
    yield `school_day VALUES (${day}, ${classes * LESSONS}, 1, 1)`;
    for (let c = 0; c < classes; c++)
      for (let i = 0; i < LESSONS; i++) {
        const lesson = lessonBase(index, c) + i;
        const start = 480 + i * 70;
        yield `lesson VALUES (${lesson}, 'l${lesson}')`;
        yield `lesson_version VALUES (${lesson}, 'class-${c}', 'subject-${i}', 'room-${c}', ${day}, ${start}, ${start + MINUTES}, 'held', 0, NULL)`;
      }
  }
  for (let p = 0; p < pupils; p++)
    for (const [index, day] of days.entries())
      yield `pupil_day VALUES ('p${p}', ${day}, 'class-${p % classes}', x'${packed(lessonBase(index, p % classes), p, day)}')`;
}

// Rows of the same table that follow each other are one statement.
async function write(sql, rows) {
  let text = "",
    table = "",
    count = 0;
  for (const row of rows) {
    const at = row.indexOf(" VALUES ");
    const same = row.slice(0, at) === table && count++ < ROWS_AT_A_TIME;
    if (!same) [table, count] = [row.slice(0, at), 0];
    text += same ? `,${row.slice(at + 8)}` : `;\nINSERT INTO ${row}`;
    if (text.length < 1 << 16) continue;
    if (!sql.stdin.write(text)) await new Promise((go) => sql.stdin.once("drain", go));
    text = "";
  }
  sql.stdin.write(`${text};\n`);
}

// Classes of 25, or fewer where there are few pupils; cards with the tokens from 1,000,000 on; every date decided.
export async function writeSchoolYear(database, pupils) {
  const classes = Math.ceil(pupils / CLASS_PUPILS);
  const sql = spawn("sqlite3", [database], { stdio: ["pipe", "ignore", "inherit"] });
  const ended = new Promise((go) => sql.on("close", go));
  sql.stdin.write(
    `PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -300000;\n${readFileSync("daemon/store/schema.sql")}\nBEGIN;\n`,
  );
  await write(sql, school(pupils, classes));
  await write(sql, year(pupils, classes, schoolDays()));
  sql.stdin.end(`PRAGMA user_version = ${VERSION}; COMMIT;\n`);
  assert.equal(await ended, 0);
}

// narvarod's settings for the database `a.db` in `folder`: the path of the file. No broker, unless one is given.
export function writeSettings(folder, school, broker = { host: join(folder, "no-broker"), port: 0 }) {
  const path = join(folder, "narvarod.cfg");
  writeFileSync(join(folder, "key"), "000102030405060708090a0b0c0d0e0f\n", { mode: 0o600 });
  writeFileSync(
    path,
    `school = "${school}"; database = "${folder}/a.db"; control_socket = "${folder}/control";
rules = "config/rules.cfg"; token_key_file = "${folder}/key";
broker = { host = "${broker.host}"; port = ${broker.port}; };\n`,
  );
  return path;
}
