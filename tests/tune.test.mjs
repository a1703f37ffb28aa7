// narvaro tune: its figures against those counted here from what `narvaro backtest` raises by each profile's own file; and the
// daemon's answer against that from files.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { program, run } from "./demo/stage.mjs";
import { Lonely } from "./lonely.mjs";
import { nextDate, weekday } from "./naive/civil.mjs";
import { readCsv } from "./naive/csv.mjs";
import { readRules } from "./naive/detect.mjs";
import { VERSION } from "./schoolyear.mjs";

const PUPILS = 200,
  CLASS = 20,
  LESSONS = ["08:00", "09:30", "13:00"],
  MINUTES = 60,
  SEVERITY = 3;
const folder = mkdtempSync(join(tmpdir(), "narvaro-tune-"));
after(() => rmSync(folder, { recursive: true }));
const path = (name) => join(folder, name);
const narvaro = (...words) => run(program("narvaro"), words);
function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(one);
  }
  return groups;
}
const monday = (date) => nextDate(date, -weekday(date));
const isAutumn = (date) => date.slice(5) >= "08-01";

// One number in 0 … 99 for each pupil, date and lesson, always the same.
function chance(...of) {
  let x = 2166136261;
  for (const n of of) x = Math.imul(x ^ n, 16777619) ^ (x >>> 13);
  x = Math.imul(x ^ (x >>> 15), 2246822519);
  return ((x ^ (x >>> 13)) >>> 0) % 100;
}

// A school year in which every fifth pupil comes ever less from October on, and others have a flu, a dentist, or forget to report.
function outcome(pupil, n, lesson) {
  const flu = (chance(pupil, 1) * 7) % 180;
  if (n >= flu && n < flu + 2 + (chance(pupil, 2) % 5)) return "reported";
  const drifts = pupil % 5 === 0 && n > 30 + (chance(pupil, 3) % 40);
  const whole = chance(pupil, n, 4),
    part = chance(pupil, n, lesson, 5);
  if (drifts && whole < 8 + (chance(pupil, 6) % 20)) return "reported";
  if (drifts && part < 12) return "unreported";
  return part < 3 ? "reported" : part < 4 ? "unreported" : part < 7 ? "late" : whole > 97 ? "leave" : "present";
}

const school = [];
let n = 0;
const dates = [];
for (let date = "2025-08-18"; date < "2026-06-12"; date = nextDate(date)) if (weekday(date) < 5) dates.push(date);
for (let pupil = 0; pupil < PUPILS; pupil++)
  for (n = 0; n < dates.length; n++)
    for (const [lesson, start] of LESSONS.entries()) {
      const status = outcome(pupil, n, lesson);
      school.push({
        pupil_id: `p${String(pupil).padStart(3, "0")}`,
        class: `7-${String(Math.floor(pupil / CLASS)).padStart(2, "0")}`,
        date: dates[n],
        start,
        minutes: MINUTES,
        subject: `s${lesson}`,
        status,
        absent_minutes: status === "present" ? 0 : status === "late" ? 10 : MINUTES,
      });
    }

const rulesText = readFileSync("config/rules.cfg", "utf8");
let told;

before(() => {
  const columns = Object.keys(school[0]);
  const lines = school.map((row) => columns.map((column) => row[column]).join(","));
  writeFileSync(path("attendance.csv"), `${columns.join(",")}\n${lines.join("\n")}\n`);
  mkdirSync(path("profiles"));
  const { status, stdout, stderr } = narvaro(
    ...["tune", "--json", "--capacity", "2", "--rules", "config/rules.cfg", "--write", path("profiles")],
    path("attendance.csv"),
  );
  assert.equal(status, 0, stderr);
  told = JSON.parse(stdout);
});

// Everything below is counted from the rows and from the printed flags.

const byPupil = groupBy(school, (row) => row.pupil_id);
const toldOf = [...byPupil.keys()].filter((_, place) => place % 2 === 1); // classes follow each other, twenty each
const weeks = new Set(dates.map(monday)).size;
const days = new Map(
  [...byPupil].map(([pupil, rows]) => [
    pupil,
    [...groupBy(rows, (row) => row.date)].map(([date, lessons]) => {
      const expected = lessons.filter((row) => row.status !== "leave");
      const missed = expected.reduce((sum, row) => sum + row.absent_minutes, 0);
      return {
        date,
        expected: expected.length * MINUTES,
        missed,
        share: expected.length ? missed / (expected.length * MINUTES) : 0,
        sign: missed > 0,
      };
    }),
  ]),
);
const missedSpring = new Set(
  [...days.keys()].filter((pupil) => {
    const spring = days.get(pupil).filter((one) => !isAutumn(one.date));
    const sum = (key) => spring.reduce((total, one) => total + one[key], 0);
    return 10 * sum("missed") >= sum("expected");
  }),
);

// Days missed from the first sign in the longest window of the rule (in a run: from its first day) to the flag.
function lost(rule, flag) {
  const before = days.get(flag.pupil_id).filter((one) => one.date <= flag.raised_on);
  const back = Math.max(...rule.when.map(({ days: long = 0, offset = 0 }) => long + offset));
  let from = Math.max(before.length - back, 0);
  if (rule.when.some((condition) => condition.days === undefined)) {
    let run = before.length;
    while (run > 0 && (before[run - 1].share === 1 || before[run - 1].expected === 0)) run--;
    while (run < before.length && before[run].expected === 0) run++;
    from = Math.min(run, back ? from : before.length - 1);
  }
  while (from < before.length - 1 && !before[from].sign) from++;
  return before.slice(from).reduce((sum, one) => sum + one.share, 0);
}

function count(rulesFile) {
  const { status, stdout, stderr } = narvaro("backtest", "--rules", rulesFile, path("attendance.csv"));
  assert.equal(status, 0, stderr);
  const rules = new Map(readRules(readFileSync(rulesFile, "utf8")).map((rule) => [rule.id, rule]));
  const flags = readCsv(stdout).filter((flag) => rules.get(flag.rule).severity >= SEVERITY);
  const items = [];
  for (const pupil of toldOf) {
    const own = flags.filter((flag) => flag.pupil_id === pupil).sort((a, b) => (a.raised_on < b.raised_on ? -1 : 1));
    let end = "";
    for (const flag of own) {
      if (flag.raised_on > end) items.push({ pupil, date: flag.raised_on, lost: 0 });
      const item = items.at(-1);
      if (flag.raised_on === item.date) item.lost = Math.max(item.lost, lost(rules.get(flag.rule), flag));
      const ended = flag.cleared_on || "9999-12-31";
      end = ended > end ? ended : end;
    }
  }
  const autumn = new Set(items.filter((item) => isAutumn(item.date)).map((item) => item.pupil));
  const inWeeks = [...groupBy(items, (item) => monday(item.date)).values()].map((those) => those.length);
  const fives = (value) => Math.round(value / 5) * 5;
  const people = (value) => (value < 5 ? null : fives(value));
  const worst = Math.max(0, ...inWeeks);
  const scale = PUPILS / toldOf.length;
  return {
    items_per_week: items.length < 5 ? null : Math.round((10 * fives(items.length) * scale) / weeks) / 10,
    worst_week: worst < 5 ? null : fives(worst * scale),
    flagged_autumn: people(autumn.size),
    missed_in_spring: people([...autumn].filter((pupil) => missedSpring.has(pupil)).length),
    days_lost:
      items.length < 5 ? null : Math.round((2 * items.reduce((sum, item) => sum + item.lost, 0)) / items.length) / 2,
  };
}
const FIGURES = ["items_per_week", "worst_week", "flagged_autumn", "missed_in_spring", "days_lost"];
const figures = (of) => Object.fromEntries(FIGURES.map((key) => [key, of[key]]));

test("the school is the one in the file", () => {
  assert.deepEqual(told.school, {
    school_years: 1,
    weeks,
    pupil_years: PUPILS,
    told_of: toldOf.length,
    missed_in_spring: Math.round(toldOf.filter((pupil) => missedSpring.has(pupil)).length / 5) * 5,
    attended_in_spring: Math.round(toldOf.filter((pupil) => !missedSpring.has(pupil)).length / 5) * 5,
    from: dates[0],
    to: dates.at(-1),
  });
  assert.deepEqual([told.capacity, told.severity, told.too_few], [2, 3, false]);
});

test("the figures are those of the files", () => {
  assert.deepEqual(figures(told.in_force), count("config/rules.cfg"));
  assert.ok(told.profiles.length >= 2, "profiles to compare");
  assert.ok(told.in_force.flagged_autumn >= 10 && told.in_force.missed_in_spring >= 5, "figures to compare");
  for (const [index, profile] of told.profiles.entries()) {
    const file = path(`profiles/profile-${index + 1}.cfg`);
    assert.equal(readFileSync(file, "utf8"), profile.text);
    assert.deepEqual(figures(profile), count(file), `profile ${index + 1}`);
  }
  assert.ok(!existsSync(path(`profiles/profile-${told.profiles.length + 1}.cfg`)));
});

test("a profile is a rules file: other thresholds where it says so, nothing else, and it can be tried", () => {
  const inForce = readRules(rulesText);
  for (const [index, profile] of told.profiles.entries()) {
    const rules = readRules(profile.text);
    const changed = rules.flatMap((rule, place) =>
      rule.when.flatMap((condition, which) => {
        const old = inForce[place].when[which];
        assert.deepEqual(
          [rule.id, rule.severity, condition.measure],
          [inForce[place].id, inForce[place].severity, old.measure],
        );
        const limit = condition.at_least === undefined ? "at_most" : "at_least";
        return condition[limit] === old[limit] ? [] : [[rule.id, condition.measure, old[limit], condition[limit]]];
      }),
    );
    assert.deepEqual(
      profile.changes.map((one) => [one.rule, one.measure, one.from, one.to]),
      changed,
    );
    assert.ok(changed.length > 0 && rules.length === inForce.length);
    const { status } = narvaro("preview", "--rules", path(`profiles/profile-${index + 1}.cfg`), path("attendance.csv"));
    assert.equal(status, 0);
  }
});

test("nothing is told of a pupil, and nothing under 5", () => {
  const text = JSON.stringify(told);
  assert.doesNotMatch(text, /p\d{3}|7-\d\d/);
  for (const one of [told.in_force, ...told.profiles])
    for (const key of ["worst_week", "flagged_autumn", "missed_in_spring"])
      assert.ok(one[key] === null || (one[key] >= 5 && one[key] % 5 === 0), `${key} ${one[key]}`);
});

test("for people: a table, what each profile changes, and what is better", () => {
  const { stdout } = narvaro("tune", "--capacity", "2", "--rules", "config/rules.cfg", path("attendance.csv"));
  assert.match(stdout, /^new items a week +[\d.]+/m);
  assert.match(stdout, /^profile 1\n {2}\S+ +\S+ at_(least|most) \S+, not \S+$/m);
  assert.match(
    stdout,
    told.best === null ? /^Nothing is better than the rules in force\.$/m : /^Profile \d is better/m,
  );
});

test("what is wrong is told", () => {
  writeFileSync(path("bad.cfg"), 'rules = ( { id = "x"; severity = 9; } );');
  const bad = narvaro("tune", "--rules", path("bad.cfg"), path("none.csv"));
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /bad\.cfg:1: .*severity/);
  assert.match(bad.stderr, /none\.csv: cannot be read/);
  assert.equal(narvaro("tune", "--rules", "config/rules.cfg").status, 2);
  assert.equal(narvaro("tune", path("attendance.csv")).status, 2);
  const many = narvaro("tune", "--capacity", "1001");
  assert.deepEqual([many.status, /between 1 and 1000/.test(many.stderr)], [2, true]);
  const again = narvaro(
    "tune",
    "--capacity",
    "2",
    "--rules",
    "config/rules.cfg",
    "--write",
    path("profiles"),
    path("attendance.csv"),
  );
  assert.equal(again.status, 1);
  assert.match(again.stderr, /profile-1\.cfg: File exists/);
});

// The same lessons as rows of a database; the daemon's own year has begun since.
function* statements() {
  const base = new Date("1970-01-01").getTime();
  const number = (date) => (new Date(date).getTime() - base) / 86_400_000;
  const CODES = { present: 0, late: 1, reported: 2, leave: 3, unreported: 4 };
  yield `PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;\n${readFileSync("daemon/store/schema.sql")}\nBEGIN;\n`;
  for (const lesson of LESSONS.keys()) yield `INSERT INTO subject VALUES (${1 + lesson}, 's${lesson}');\n`;
  for (const date of dates) yield `INSERT INTO school_day VALUES (${number(date)}, 1, 1, 1);\n`;
  for (const [pupil, rows] of byPupil) {
    const values = [...groupBy(rows, (row) => row.date)].map(([date, lessons]) => {
      const bytes = Buffer.alloc(13 * lessons.length);
      for (const [i, row] of lessons.entries()) {
        bytes.writeUInt32LE(1 + i, 13 * i);
        bytes.writeUInt16LE(60 * Number(row.start.slice(0, 2)) + Number(row.start.slice(3)), 13 * i + 4);
        bytes.writeUInt16LE(row.minutes, 13 * i + 6);
        bytes.writeUInt16LE(row.absent_minutes, 13 * i + 8);
        bytes.writeUInt16LE(1 + i, 13 * i + 10);
        bytes.writeUInt8(CODES[row.status], 13 * i + 12);
      }
      return `('${pupil}', ${number(date)}, '${lessons[0].class}', x'${bytes.toString("hex")}')`;
    });
    yield `INSERT INTO pupil_day VALUES ${values.join(",")};\n`;
  }
  yield `PRAGMA user_version = ${VERSION}; COMMIT;\n`;
}

test("the daemon tells of its closed year what the files tell", async () => {
  const lonely = new Lonely();
  after(() => lonely.end());
  const { status, stderr } = spawnSync("sqlite3", [lonely.database], {
    input: [...statements()].join(""),
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  await lonely.at("2026-08-20T12:00:00Z");
  assert.deepEqual(JSON.parse(lonely.tell("tune", "--json", "--capacity", "2")), told);
});
