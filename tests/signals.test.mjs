// Group signals with a real daemon: a class and its year stand out on one day; a late correction takes it back; and today's
// lessons of which nobody can know. Then the dashboard's answer, from a database made by hand.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { run } from "./demo/stage.mjs";
import { insert, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";
import { nextDate, weekday } from "./naive/civil.mjs";
import { writeCsv } from "./naive/csv.mjs";

const DAYS = Array.from({ length: 30 }, (_, i) => nextDate("2026-09-01", i)).filter((date) => weekday(date) < 5).slice(0, 15);
const LAST = DAYS.at(-1);
const pupils = ["7A", "8A"].flatMap((name) => Array.from({ length: 8 }, (_, i) => ({ id: `${name}-${i}`, class: name, number: i })));
const lessons = DAYS.flatMap((date) => ["7A", "8A"].map((name) => ({ lesson_id: `${name}-${date}`, group_id: name, subject: "ma", room: `sal-${name}`, date, start: "08:00", end: "09:00", state: "held" })));
const text = (rows) => writeCsv(Object.keys(rows[0]), rows);
const RULES = `rules = ( { id = "day"; severity = 1; when = ( { measure = "absent_days"; days = 15; at_least = 3; } );
  clear = { measure = "absent_days"; days = 15; below = 1; for_days = 1; }; } );`;

// One pupil of each class is away every day, in turn; on the last day five of 7A.
function marks(awayOnLast, recordedAt = "2026-09-30T12:00:00.000Z") {
  return lessons.flatMap(({ lesson_id, group_id, date }, day) => pupils.filter((pupil) => pupil.class === group_id).map((pupil) => {
    const away = date === LAST && group_id === "7A" ? pupil.number < awayOnLast : pupil.number === (day >> 1) % 8;
    return { lesson_id, pupil_id: pupil.id, status: away ? "reported" : "present", absent_minutes: away ? 60 : 0, recorded_at: recordedAt };
  }));
}
const lonely = new Lonely({ rules: RULES });
after(() => lonely.end());
const signals = () => lonely.tell("status").split("\n").filter((line) => line.startsWith("signal="));

test("a class and its year stand out; the other does not", async () => {
  await lonely.at(`${nextDate(LAST)}T12:00:00Z`);
  await lonely.import({
    pupils: text(pupils.map((p) => ({ pupil_id: p.id, given_name: "A", family_name: "B", class: p.class, year: p.class[0], protected: 0, from: "", to: "" }))),
    members: text(pupils.map((p) => ({ group_id: p.class, pupil_id: p.id, from: "", to: "" }))), lessons: text(lessons), marks: text(marks(5)),
  }, LAST);
  assert.deepEqual(signals(), ["class 7A", "year 7"].map((group) => `signal=${group} was absent 62 % of its time on ${LAST}, usually 12 % (8 pupils)`));
  assert.equal(run("sqlite3", [lonely.database, "SELECT count(*) FROM group_signal"]).stdout, "2\n");
});

test("a late correction takes the signal back", async () => {
  await lonely.import({ marks: text(marks(1, "2026-10-01T12:00:00.000Z")) }, LAST);
  assert.deepEqual(signals(), []);
  await lonely.import({ marks: text(marks(8, "2026-10-02T12:00:00.000Z")) }, LAST);
  assert.match(signals()[0], /class 7A was absent 100 %/);
});

test("today's lessons that nobody can know are told, with the reason", async () => {
  await lonely.at(`${LAST}T10:00:00Z`);
  assert.deepEqual(lonely.tell("status").split("\n").filter((line) => line.startsWith("unknown_lesson=")).sort(),
    ["7A", "8A"].map((name) => `unknown_lesson=08:00 ${name}-${LAST} ${name} ma in sal-${name}: the room has no terminal`));
});

test("the dashboard tells signals, and shows first signs of that day there as paused", async () => {
  const web = await startWeb({ users: USERS });
  after(() => web.stop());
  sqlite(web.db, `UPDATE flag SET raised_day = ${TODAY - 1}, severity = 1 WHERE pupil_id IN ('p-quiet', 'p-odd') AND cleared_day IS NULL;
    UPDATE flag SET severity = 1 WHERE flag = 5;` +
    insert("group_signal", [{ day: TODAY - 1, kind: "class", name: "7C", pupils: 20, expected_minutes: 6000, absent_minutes: 2400, usual_ppm: 81234 },
      { day: TODAY - 2, kind: "class", name: "8B", pupils: 20, expected_minutes: 6000, absent_minutes: 2400, usual_ppm: 81234 }]));
  const get = async (user) => (await (await signIn(web, user)).get("flags")).json();
  const told = await get("eva");
  assert.equal(told.error, undefined);
  assert.deepEqual(told.signals, [{ kind: "class", name: "7C", date: "2026-11-19", pupils: 20, expected_minutes: 6000, absent_minutes: 2400, usual_permille: 81 }]);
  assert.deepEqual(told.quiet.map(({ pupil, paused }) => [pupil, paused]).sort(), [["p-odd", false], ["p-quiet", true]]);
  assert.ok(told.inbox.length > 0 && told.inbox.every(({ paused }) => paused === false));
  sqlite(web.db, `INSERT INTO group_signal VALUES (${TODAY - 1}, 'year', '8', 40, 6000, 2400, 81234);`);
  assert.deepEqual((await get("eva")).quiet.map(({ paused }) => paused), [true, true]);
  assert.deepEqual((await get("lind")).signals, []); // a mentor sees tasks, not flags
});
