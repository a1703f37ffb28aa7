// Group signals with a real daemon: a class and its year stand out on one day; a late correction takes it back; and today's
// lessons of which nobody can know. Then the dashboard's answer, from a database made by hand.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { run } from "./demo/stage.mjs";
import { insert, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";
import { nextDate, weekday } from "./naive/civil.mjs";
import { writeCsv } from "./naive/csv.mjs";

const DAYS = Array.from({ length: 30 }, (_, i) => nextDate("2026-09-01", i))
  .filter((date) => weekday(date) < 5)
  .slice(0, 15);
const LAST = DAYS.at(-1);
const pupils = ["7A", "8A"].flatMap((name) =>
  Array.from({ length: 8 }, (_, i) => ({ id: `${name}-${i}`, class: name, number: i })),
);
const lessons = DAYS.flatMap((date) =>
  ["7A", "8A"].map((name) => ({
    lesson_id: `${name}-${date}`,
    group_id: name,
    subject: "ma",
    room: `sal-${name}`,
    date,
    start: "08:00",
    end: "09:00",
    state: "held",
  })),
);
const text = (rows) => writeCsv(Object.keys(rows[0]), rows);
const RULES = `rules = ( { id = "day"; severity = 1; when = ( { measure = "absent_days"; days = 15; at_least = 3; } );
  clear = { measure = "absent_days"; days = 15; below = 1; for_days = 1; }; } );`;

// One pupil of each class is away every day, in turn; on the last day five of 7A.
function marks(awayOnLast, recordedAt = "2026-09-30T12:00:00.000Z") {
  return lessons.flatMap(({ lesson_id, group_id, date }, day) =>
    pupils
      .filter((pupil) => pupil.class === group_id)
      .map((pupil) => {
        const away = date === LAST && group_id === "7A" ? pupil.number < awayOnLast : pupil.number === (day >> 1) % 8;
        return {
          lesson_id,
          pupil_id: pupil.id,
          status: away ? "reported" : "present",
          absent_minutes: away ? 60 : 0,
          recorded_at: recordedAt,
        };
      }),
  );
}
const lonely = new Lonely({ rules: RULES });
after(() => lonely.end());
const signals = () =>
  lonely
    .tell("status")
    .split("\n")
    .filter((line) => line.startsWith("signal="));

test("a class and its year stand out; the other does not", async () => {
  await lonely.at(`${nextDate(LAST)}T12:00:00Z`);
  await lonely.import(
    {
      pupils: text(
        pupils.map((p) => ({
          pupil_id: p.id,
          given_name: "A",
          family_name: "B",
          class: p.class,
          year: p.class[0],
          protected: 0,
          from: "",
          to: "",
        })),
      ),
      members: text(pupils.map((p) => ({ group_id: p.class, pupil_id: p.id, from: "", to: "" }))),
      lessons: text(lessons),
      marks: text(marks(5)),
    },
    LAST,
  );
  assert.deepEqual(
    signals(),
    ["class 7A", "year 7"].map(
      (group) => `signal=${group} was absent 62 % of its time on ${LAST}, usually 12 % (8 pupils)`,
    ),
  );
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
  await lonely.import(
    {
      lessons: text(
        ["7A", "8A"].map((name) => ({
          lesson_id: `sv-${name}`,
          group_id: name,
          subject: "sv",
          room: `sal-${name}`,
          date: LAST,
          start: "09:10",
          end: "10:00",
          state: "held",
        })),
      ),
    },
    LAST,
  );
  assert.deepEqual(
    lonely
      .tell("status")
      .split("\n")
      .filter((line) => line.startsWith("unknown_lesson="))
      .sort(),
    ["7A", "8A"].map((name) => `unknown_lesson=09:10 sv-${name} ${name} sv in sal-${name}: the room has no terminal`),
  ); // the marked ones are known
});

// What docs/detection.md says, from the marks: fractions are compared as whole numbers.
function naiveSignals(minutesOf, dates) {
  const found = [];
  for (const [group, byDate] of minutesOf)
    for (const date of dates) {
      const today = byDate.get(date);
      const shares = dates
        .filter((d) => d < date && d >= nextDate(date, -56) && byDate.has(d))
        .map((d) => byDate.get(d).absent / byDate.get(d).expected)
        .sort((a, b) => a - b);
      if (!today || today.pupils < 5 || shares.length < 10) continue;
      const median = (shares[Math.floor((shares.length - 1) / 2)] + shares[Math.floor(shares.length / 2)]) / 2;
      if (100 * today.absent >= 15 * today.expected && today.absent / today.expected >= 2 * median - 1e-9)
        found.push(`${date}|${group}|${today.pupils}`);
    }
  return found.sort();
}

test("random schools with waves of absence and late corrections: as counted here", async () => {
  const dates = Array.from({ length: 110 }, (_, i) => nextDate("2026-08-17", i)).filter((date) => weekday(date) < 5);
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const school = Object.entries({ "7A": 4, "7B": 9, "8A": 6, "8B": 25 }).flatMap(([name, size]) =>
    Array.from({ length: size }, (_, i) => ({ id: `${name}-${i}`, class: name })),
  );
  const timetable = dates.flatMap((date) =>
    ["7A", "7B", "8A", "8B"].flatMap((name) =>
      [
        ["08:00", "08:40"],
        ["09:00", "10:00"],
      ].map(([start, end], i) => ({
        lesson_id: `${name}-${date}-${i}`,
        group_id: name,
        subject: "ma",
        room: `sal-${name}`,
        date,
        start,
        end,
        state: "held",
      })),
    ),
  );
  const waves = new Set(timetable.filter(() => random() < 0.06).map(({ group_id, date }) => group_id + date));
  const mark = (pupil, lesson, recorded) => {
    const minutes = lesson.end === "10:00" ? 60 : 40,
      chance = random();
    const limit = waves.has(lesson.group_id + lesson.date) ? 0.4 : 0.1;
    const status =
      chance < limit / 2
        ? "reported"
        : chance < limit
          ? "unreported"
          : chance < limit + 0.05
            ? "late"
            : chance < limit + 0.1
              ? "leave"
              : chance < limit + 0.15
                ? "unknown"
                : "present";
    const absent_minutes = status === "late" ? 10 : ["present", "unknown"].includes(status) ? 0 : minutes;
    return {
      lesson_id: lesson.lesson_id,
      pupil_id: pupil.id,
      status,
      absent_minutes,
      recorded_at: recorded,
      minutes,
      class: pupil.class,
      date: lesson.date,
    };
  };
  const every = (lessons, recorded) =>
    lessons.flatMap((lesson) =>
      school.filter((p) => p.class === lesson.group_id).map((p) => mark(p, lesson, recorded)),
    );
  const all = every(timetable, "2026-12-05T10:00:00.000Z");
  const corrections = every(
    timetable.filter(() => random() < 0.1),
    "2026-12-06T10:00:00.000Z",
  );
  const columns = ["lesson_id", "pupil_id", "status", "absent_minutes", "recorded_at"];
  const other = new Lonely({ rules: RULES });
  after(() => other.end());
  const stored = () =>
    run("sqlite3", [
      other.database,
      "SELECT date(day * 86400, 'unixepoch') || '|' || kind || ' ' || name || '|' || pupils FROM group_signal",
    ])
      .stdout.trim()
      .split("\n")
      .filter(Boolean)
      .sort();
  const expected = (marksNow) => {
    const latest = new Map(marksNow.map((one) => [`${one.lesson_id} ${one.pupil_id}`, one]));
    const groups = new Map();
    for (const one of latest.values()) {
      if (["leave", "unknown"].includes(one.status)) continue;
      for (const group of [`class ${one.class}`, `year ${one.class[0]}`]) {
        const byDate = groups.get(group) ?? groups.set(group, new Map()).get(group);
        const day =
          byDate.get(one.date) ?? byDate.set(one.date, { absent: 0, expected: 0, who: new Set() }).get(one.date);
        Object.assign(day, {
          absent: day.absent + one.absent_minutes,
          expected: day.expected + one.minutes,
          pupils: day.who.add(one.pupil_id).size,
        });
      }
    }
    return naiveSignals(groups, dates);
  };
  await other.at("2026-12-05T12:00:00Z");
  await other.import(
    {
      pupils: text(
        school.map((p) => ({
          pupil_id: p.id,
          given_name: "A",
          family_name: "B",
          class: p.class,
          year: p.class[0],
          protected: 0,
          from: "",
          to: "",
        })),
      ),
      members: text(school.map((p) => ({ group_id: p.class, pupil_id: p.id, from: "", to: "" }))),
      lessons: text(timetable),
      marks: writeCsv(columns, all),
    },
    dates.at(-1),
  );
  const first = expected(all);
  assert.ok(first.length > 10 && !first.some((row) => row.includes("7A")), `${first.length} signals`);
  assert.deepEqual(stored(), first);
  await other.at("2026-12-06T12:00:00Z");
  await other.import({ marks: writeCsv(columns, corrections) }, dates.at(-1));
  const second = expected([...all, ...corrections]);
  assert.notDeepEqual(second, first);
  assert.deepEqual(stored(), second);
});

test("the dashboard tells signals, and shows first signs of that day there as paused", async () => {
  const web = await startWeb({ users: USERS });
  after(() => web.stop());
  sqlite(
    web.db,
    `UPDATE flag SET raised_day = ${TODAY - 1}, severity = 1 WHERE pupil_id IN ('p-quiet', 'p-odd') AND cleared_day IS NULL;
    UPDATE flag SET severity = 1 WHERE flag = 5;${insert("group_signal", [
      {
        day: TODAY - 1,
        kind: "class",
        name: "7C",
        pupils: 20,
        expected_minutes: 6000,
        absent_minutes: 2400,
        usual_ppm: 81234,
      },
      {
        day: TODAY - 2,
        kind: "class",
        name: "8B",
        pupils: 20,
        expected_minutes: 6000,
        absent_minutes: 2400,
        usual_ppm: 81234,
      },
    ])}`,
  );
  const get = async (user) => (await (await signIn(web, user)).get("flags")).json();
  const told = await get("eva");
  assert.equal(told.error, undefined);
  assert.deepEqual(told.signals, [
    {
      kind: "class",
      name: "7C",
      date: "2026-11-19",
      pupils: 20,
      expected_minutes: 6000,
      absent_minutes: 2400,
      usual_permille: 81,
    },
  ]);
  assert.deepEqual(told.quiet.map(({ pupil, paused }) => [pupil, paused ?? false]).sort(), [
    ["p-odd", false],
    ["p-quiet", true],
  ]);
  assert.ok(told.inbox.length > 0 && told.inbox.every(({ paused }) => !paused));
  sqlite(web.db, `INSERT INTO group_signal VALUES (${TODAY - 1}, 'year', '8', 40, 6000, 2400, 81234);`);
  assert.deepEqual(
    (await get("eva")).quiet.map(({ paused }) => paused),
    [true, true],
  );
  assert.deepEqual((await get("lind")).signals, []); // a mentor sees tasks, not flags
});
