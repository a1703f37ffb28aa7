// The school, counted: against a count made here from the same lessons; who may see what of it; and that few pupils give no
// figure, nor a difference of two figures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bodyOf, insert, pack, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const CLASSES = { "7A": 12, "8A": 20, "9A": 15, "9B": 6, "9R": 3 }; // 8B and 7C of the fixture have 3 pupils each
const DAYS = Array.from({ length: 70 }, (_, i) => TODAY - 70 + i).filter((day) => (day + 3) % 7 < 5);
const STATUSES = ["present", "late", "reported", "leave", "unreported", "unknown"];
let seed = 11;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

const pupils = Object.entries(CLASSES).flatMap(([name, size]) =>
  Array.from({ length: size }, (_, i) => ({
    id: `g-${name}-${i}`,
    class: name,
    year: name[0],
    inclination: random() ** 3,
  })),
);
const lessons = pupils.flatMap((pupil) =>
  DAYS.map((day) => ({
    pupil,
    day,
    lessons: [0, 1, 2].map((i) => {
      const status = random() < pupil.inclination ? STATUSES[1 + Math.floor(5 * random())] : "present";
      const absent = status === "late" ? 7 : ["reported", "leave", "unreported"].includes(status) ? 50 : 0;
      return { start: 480 + 60 * i, minutes: 50, absent, subject: 0, status };
    }),
  })),
);

const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
function counted(of) {
  const recent = lessons.filter((row) => of(row.pupil) && row.day > TODAY - 1 - 28).flatMap((row) => row.lessons);
  const known = recent.filter((lesson) => ["present", "late", "reported", "unreported"].includes(lesson.status));
  return {
    pupils: pupils.filter(of).length,
    recent_expected_minutes: sum(known, (lesson) => lesson.minutes),
    recent_absent_minutes: sum(known, (lesson) => lesson.absent),
    recent_unreported_minutes: sum(known, (lesson) => (lesson.status === "unreported" ? lesson.absent : 0)),
    recent_unknown_minutes: sum(recent, (lesson) => (lesson.status === "unknown" ? lesson.minutes : 0)),
  };
}

let web;
const session = {};
const groupsOf = async (user) => bodyOf(await session[user].get("groups"));
const figuresOf = ({ pupils, ...more }) => ({
  pupils,
  ...Object.fromEntries(Object.entries(more).filter(([name]) => name.startsWith("recent_"))),
});

before(async () => {
  web = await startWeb({ users: USERS });
  for (const { user } of USERS) session[user] = await signIn(web, user);
  const day = (name, ago, expected, absent) => ({
    kind: "class",
    name,
    day: TODAY - ago,
    pupils: 1,
    expected_minutes: expected,
    absent_minutes: absent,
  });
  sqlite(
    web.db,
    [
      "BEGIN;",
      insert(
        "pupil",
        pupils.map((pupil) => ({
          pupil_id: pupil.id,
          given_name: "A",
          family_name: "B",
          class: pupil.class,
          year: pupil.year,
          protected: 0,
          known_from_ms: 0,
        })),
      ),
      insert(
        "pupil_day",
        lessons.map((row) => ({
          pupil_id: row.pupil.id,
          day: row.day,
          class: row.pupil.class,
          outcomes: pack(row.lessons),
        })),
      ),
      insert("group_day", [
        day("8A", 60, 7000, 700),
        day("8A", 1, 7500, 900),
        day("9A", 1, 5000, 100),
        day("9B", 1, 2000, 60),
        day("9R", 1, 900, 900),
        day("7A", 1, 4000, 400),
        day("8A", 366, 6000, 900),
        day("8Z", 400, 6000, 300),
        day("8A", 365, 9000, 9000),
        day("8A", 800, 9000, 9000),
      ]), // the last two: other years, or later than today a year ago
      insert(
        "flag",
        pupils
          .filter(({ id }) => /8A-[0-5]$|9A-[0-6]$|9B-[0-2]$|9R/.test(id))
          .map((pupil, i) => ({
            flag: 100 + i,
            pupil_id: pupil.id,
            rule: "r",
            severity: pupil.id === "g-8A-0" ? 1 : 2,
            rules_version: 1,
            raised_day: TODAY - 1,
            evidence: "[]",
            decided_ms: 0,
          })),
      ),
      "COMMIT;",
    ].join("\n"),
  );
});
after(() => web.stop());

test("figures of classes and years are those counted here", async () => {
  const { from, decided_through: decided, recent_days: days, groups, school, signals } = await groupsOf("eva");
  assert.deepEqual([from, decided, days, signals], ["2026-08-01", "2026-11-19", 28, []]);
  assert.deepEqual(
    groups.map((group) => `${group.kind} ${group.name}${group.too_few ? " few" : ""}`),
    [
      "class 7A",
      "class 7C few",
      "class 8A",
      "class 8B few",
      "class 9A",
      "class 9B",
      "class 9R few",
      "year 7",
      "year 8",
      "year 9",
    ],
  );
  for (const group of groups.filter((each) => !each.too_few && each.kind === "class"))
    assert.deepEqual(
      figuresOf(group),
      counted((pupil) => pupil.class === group.name),
      group.name,
    );
  const told = (pupil) => CLASSES[pupil.class] >= 5;
  for (const group of groups.filter((each) => each.kind === "year"))
    assert.deepEqual(
      figuresOf(group),
      counted((pupil) => told(pupil) && pupil.year === group.name),
      group.name,
    );
  assert.deepEqual(figuresOf(school), counted(told));
  const year = Object.fromEntries(
    groups.filter((each) => !each.too_few).map((group) => [group.name, [group.expected_minutes, group.absent_minutes]]),
  );
  assert.deepEqual(year, {
    "7A": [4000, 400],
    "8A": [14500, 1600],
    "9A": [5000, 100],
    "9B": [2000, 60],
    7: [4000, 400],
    8: [14500, 1600],
    9: [7000, 160],
  });
  assert.deepEqual(
    [school.expected_minutes, school.absent_minutes, school.before_expected_minutes, school.before_absent_minutes],
    [25500, 2160, 12000, 1200],
  );
});

test("a group of fewer than five tells nothing but its name, and no sum holds it", async () => {
  const { groups, school } = await groupsOf("kim");
  assert.deepEqual(
    groups.filter((group) => group.too_few),
    ["7C", "8B", "9R"].map((name) => ({ kind: "class", name, year: name[0], too_few: true })),
  );
  const classes = (year) => groups.filter((group) => group.year === year && !group.too_few);
  for (const name of Object.keys(figuresOf(school)))
    for (const year of groups.filter((group) => group.kind === "year"))
      assert.equal(year[name] - sum(classes(year.name), (group) => group[name]), 0, `${year.name} ${name}`);
});

test("pupils with a flag or a case: five or more, and no difference below that", async () => {
  const numbers = async () =>
    Object.fromEntries(
      (await groupsOf("eva")).groups.filter((group) => !group.too_few).map((group) => [group.name, group.flagged]),
    );
  assert.deepEqual(await numbers(), { "7A": null, "8A": 5, "9A": 7, "9B": null, 7: null, 8: 5, 9: null }); // 9: 10, of whom 7 in 9A
  assert.equal((await groupsOf("eva")).school.flagged, null);
  sqlite(
    web.db,
    insert(
      "flag",
      [3, 4].map((i) => ({
        flag: 300 + i,
        pupil_id: `g-9B-${i}`,
        rule: "r",
        severity: 3,
        rules_version: 1,
        raised_day: TODAY - 1,
        evidence: "[]",
        decided_ms: 0,
      })),
    ),
  );
  assert.deepEqual(await numbers(), { "7A": null, "8A": 5, "9A": 7, "9B": 5, 7: null, 8: 5, 9: 12 });
  assert.ok((await groupsOf("eva")).groups.every((group) => group.too_few || group.cases === null));
  for (let i = 0; i < 5; i++)
    assert.equal((await session.eva.send("POST", `flags/g-9A-${i}/confirm`, { next_on: "2026-12-04" })).status, 200);
  assert.deepEqual(
    (await groupsOf("eva")).groups
      .filter((group) => group.cases !== null && !group.too_few)
      .map((group) => [group.name, group.cases]),
    [["9A", 5]],
  );
});

test("the distribution covers all pupils that are told, in bands of five pupils or more", async () => {
  const { school } = await groupsOf("kim");
  const told = pupils.filter((pupil) => CLASSES[pupil.class] >= 5).map((pupil) => counted((each) => each === pupil));
  const share = (one) => one.recent_absent_minutes / one.recent_expected_minutes;
  assert.ok(school.spread.length >= 2, JSON.stringify(school.spread));
  for (const band of school.spread) {
    assert.equal(
      band.pupils,
      told.filter(
        (one) =>
          share(one) >= band.from_percent / 100 && (band.to_percent === null || share(one) < band.to_percent / 100),
      ).length,
    );
    assert.ok(band.pupils >= 5);
  }
  assert.deepEqual([school.spread[0].from_percent, school.spread.at(-1).to_percent], [0, null]);
});

test("a mentor sees the own class, and neither flags nor cases", async () => {
  sqlite(web.db, insert("teacher", [{ group_id: "9A", staff_id: "lind", known_from_ms: 0 }]));
  const { groups, school } = await groupsOf("lind");
  assert.equal(school, null);
  assert.deepEqual(
    groups.map((group) => group.name),
    ["8B", "9A"],
  );
  assert.deepEqual(groups[0], { kind: "class", name: "8B", year: "8", too_few: true });
  assert.deepEqual(
    figuresOf(groups[1]),
    counted((pupil) => pupil.class === "9A"),
  );
  assert.ok(!("flagged" in groups[1]) && !("cases" in groups[1]));
});

test("a group that stands out is told with it; a year that holds a hidden class is not", async () => {
  const signal = (kind, name) => ({
    day: TODAY - 1,
    kind,
    name,
    pupils: 15,
    expected_minutes: 2000,
    absent_minutes: 900,
    usual_ppm: 80000,
  });
  sqlite(
    web.db,
    insert("group_signal", [
      signal("class", "9A"),
      signal("class", "9R"),
      signal("year", "9"),
      signal("class", "8A"),
      signal("year", "8"),
    ]),
  );
  const told = async (user) => (await groupsOf(user)).signals.map((each) => `${each.kind} ${each.name}`);
  assert.deepEqual(await told("kim"), ["class 8A", "class 9A"]);
  assert.deepEqual(await told("lind"), ["class 9A"]);
  assert.deepEqual((await groupsOf("kim")).signals[1], {
    kind: "class",
    name: "9A",
    date: "2026-11-19",
    pupils: 15,
    expected_minutes: 2000,
    absent_minutes: 900,
    usual_permille: 80,
  });
});

test("a pupil among the class: shares without names, of five pupils or more, and of those one may see", async () => {
  const share = (pupil) => {
    const one = counted((each) => each === pupil);
    return Math.round((100 * one.recent_absent_minutes) / one.recent_expected_minutes);
  };
  const ofClass = (name) => pupils.filter((pupil) => pupil.class === name);
  const strip = async (user, id) => bodyOf(await session[user].get(`pupils/${id}/class`));
  const { percents, own_percent: own, ...rest } = await strip("eva", "g-9A-3");
  assert.deepEqual(rest, { class: "9A", decided_through: "2026-11-19", recent_days: 28 });
  assert.deepEqual(
    [percents, own],
    [
      ofClass("9A")
        .map(share)
        .sort((a, b) => a - b),
      share(pupils.find(({ id }) => id === "g-9A-3")),
    ],
  );
  assert.deepEqual((await strip("eva", "g-9R-0")).percents, []);
  assert.equal((await strip("eva", "g-9R-0")).own_percent, null);
  assert.equal((await strip("kim", "g-9B-0")).percents.length, 6);
  sqlite(web.db, "UPDATE pupil SET protected = 1 WHERE pupil_id IN ('g-9B-1', 'g-9B-2')");
  assert.deepEqual((await strip("kim", "g-9B-0")).percents, [], "four are left whom Kim may see");
  sqlite(web.db, "UPDATE pupil SET protected = 0 WHERE pupil_id LIKE 'g-%'");
});

test("the mentors of a class are named, those of another time are not", async () => {
  const mentor = async (pupil) => (await bodyOf(await session.eva.get(`pupils/${pupil}`))).mentor;
  assert.deepEqual([await mentor("p-alva"), await mentor("p-omar")], ["Jo Lind", null]);
  assert.equal(
    (await bodyOf(await session.eva.get("flags"))).inbox.find((item) => item.pupil === "p-alva").mentor,
    "Jo Lind",
  );
  sqlite(
    web.db,
    insert("staff", [{ staff_id: "adam", name: "Adam Åkesson", role: "teacher", email: "" }]) +
      insert("teacher", [{ group_id: "8B", staff_id: "adam", known_from_ms: 0 }]),
  );
  assert.equal(await mentor("p-alva"), "Adam Åkesson, Jo Lind");
  sqlite(web.db, "DELETE FROM teacher WHERE staff_id = 'adam'");
});

test("who may", async () => {
  const may = { kim: 200, vera: 200, eva: 200, nils: 200, lind: 200, berg: 403, ivar: 403, dana: 403 };
  for (const [user, status] of Object.entries(may))
    assert.equal((await session[user].get("groups")).status, status, user);
});
