// The profiles beside the default, config/rules-*.cfg: each loads, engine and naive detector agree on what it says of lessons, and
// its rules mean what their comments say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program } from "./demo/stage.mjs";
import { nextDate, weekday } from "./naive/civil.mjs";
import { readCsv, writeCsv } from "./naive/csv.mjs";
import { detect, FLAGS, readRules } from "./naive/detect.mjs";

const folder = mkdtempSync(join(tmpdir(), "narvaro-profiles-"));
after(() => rmSync(folder, { recursive: true }));
const profiles = readdirSync("config")
  .filter((name) => /^rules-.*\.cfg$/.test(name))
  .map((name) => `config/${name}`);
const rulesOf = (profile) => readRules(readFileSync(profile, "utf8"));
const backtest = (profile, file) =>
  execFileSync(program("narvaro"), ["backtest", "--rules", profile, file], { encoding: "utf8" });
const naive = (profile, text) => writeCsv(FLAGS, detect(readCsv(text), rulesOf(profile)));

test("there are two beside the default", () => {
  assert.deepEqual(profiles, ["config/rules-gymnasium.cfg", "config/rules-mazl.cfg"]);
});

for (const profile of profiles)
  test(`engine and naive detector agree on ${profile}`, () => {
    const file = "tests/vectors/detection-3.attendance.csv";
    const expected = naive(profile, readFileSync(file, "utf8"));
    assert.ok(new Set(readCsv(expected).map(({ rule }) => rule)).size >= Math.min(8, rulesOf(profile).length));
    assert.equal(backtest(profile, file), expected);
  });

// Three lessons of 90 minutes a day: 4.5 hours, 90 hours in 20 days. `missed(day, lesson)`: a status, or nothing.
function pupil(id, missed) {
  const rows = [];
  for (let date = "2026-08-17", day = 0; day < 40; date = nextDate(date)) {
    if (weekday(date) > 4) continue;
    for (let i = 0; i < 3; i++) {
      const status = missed(day, i) ?? "present";
      rows.push({
        pupil_id: id,
        class: "NA26",
        date,
        start: `${10 + 2 * i}:00`,
        minutes: 90,
        subject: ["ma", "sv", "en"][i],
        status,
        absent_minutes: status === "present" ? 0 : 90,
      });
    }
    day++;
  }
  return rows;
}

// The rules raised for a pupil of these rows, and when.
function raisedBy(profile, rows) {
  const text = writeCsv(Object.keys(rows[0]), rows);
  writeFileSync(join(folder, "lessons.csv"), text);
  const flags = backtest(profile, join(folder, "lessons.csv"));
  assert.equal(flags, naive(profile, text));
  return (id) =>
    readCsv(flags)
      .filter((flag) => flag.pupil_id === id)
      .map(({ rule }) => rule);
}

// A class of 20 in which one pupil misses a lesson on each day, each in turn: 1 of 20 days in the others' window.
const classmates = () =>
  Array.from({ length: 20 }, (_, n) => n).flatMap((n) =>
    pupil(`mate-${n}`, (day, i) => (day % 20 === n && i === 2 ? "reported" : undefined)),
  );

test("the rules for upper secondary school mean what they say", () => {
  const raised = raisedBy("config/rules-gymnasium.cfg", [
    ...classmates(),
    ...pupil("attends", () => undefined),
    ...pupil("four-hours", (day, i) => ([20, 25, 30].includes(day) && i === 0 ? "unreported" : undefined)),
    ...pupil("influenza", (day) => (day >= 25 && day < 30 ? "reported" : undefined)),
    ...pupil("seven-days", (day) => (day >= 25 && day < 32 ? "reported" : undefined)),
    ...pupil("mornings", (day, i) => (day % 3 === 0 && i === 0 ? "unreported" : undefined)),
    ...pupil("pieces", (day, i) => (day % 3 === 1 && i > 0 ? "reported" : undefined)),
    ...pupil("parts", (day, i) => (day % 3 === 2 && i === 1 ? "reported" : undefined)),
    ...pupil("late", (day, i) => (day % 4 !== 0 && i === 0 ? "late" : undefined)),
    ...pupil("gone", (day) => (day >= 20 ? "unreported" : undefined)),
  ]);
  for (let n = 0; n < 20; n++) assert.deepEqual(raised(`mate-${n}`), []);
  assert.deepEqual(raised("attends"), []);
  assert.deepEqual(raised("four-hours"), [], "a list of the study grant is no flag");
  assert.deepEqual(raised("influenza"), [], "one illness is one piece");
  assert.deepEqual(raised("seven-days"), ["run-7"]);
  assert.deepEqual(raised("late"), ["late-12"]);
  for (const [id, rules] of Object.entries({
    mornings: ["unreported-8-class", "unreported-10-class"],
    pieces: ["share-20-10-spells-class", "share-15-spells-class"],
    parts: ["partial-class"],
    gone: ["run-10", "run-20-unreported", "severe-50"],
  }))
    for (const rule of rules) assert.ok(raised(id).includes(rule), `${id}: ${rule} not in ${raised(id)}`);
});

test("it is another profile than that for compulsory school, without a rule on one pupil's own untidiness above a first sign", () => {
  const rules = rulesOf("config/rules-gymnasium.cfg");
  const other = new Set(rulesOf("config/rules.cfg").map((rule) => JSON.stringify(rule)));
  assert.ok(rules.filter((rule) => !other.has(JSON.stringify(rule))).length >= 4);
  assert.deepEqual([...new Set(rules.map(({ severity }) => severity))].sort(), [1, 2, 3, 4]);
  for (const { id, severity, when } of rules)
    assert.ok(
      severity === 1 || when.some(({ measure }) => /_tail$|absent_run/.test(measure)) || id === "severe-50",
      `${id} holds nobody against the class`,
    );
});

test("M@ZL is four times in twelve weeks, or more than six days in a row, for the mentor", () => {
  const on =
    (...days) =>
    (day) =>
      days.includes(day) ? "reported" : undefined;
  const raised = raisedBy("config/rules-mazl.cfg", [
    ...pupil("three-times", on(1, 10, 20)),
    ...pupil("four-times", on(1, 10, 20, 30)),
    ...pupil("four-days", on(1, 2, 20, 21)),
    ...pupil("six-days", (day) => (day >= 5 && day < 11 ? "reported" : undefined)),
    ...pupil("seven-days", (day) => (day >= 5 && day < 12 ? "reported" : undefined)),
  ]);
  for (const id of ["three-times", "four-days", "six-days"]) assert.deepEqual(raised(id), [], id);
  assert.deepEqual(raised("four-times"), ["mazl-4-times"]);
  assert.deepEqual(raised("seven-days"), ["mazl-7-days"]);
  assert.deepEqual(
    rulesOf("config/rules-mazl.cfg").map(({ severity }) => severity),
    [1, 1],
  );
});
