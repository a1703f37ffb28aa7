// config/rules-gymnasium.cfg: it loads, the engine and the naive detector agree on what it says of generated lessons, and
// its rules mean what their comments say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program } from "./demo/stage.mjs";
import { nextDate, weekday } from "./naive/civil.mjs";
import { readCsv, writeCsv } from "./naive/csv.mjs";
import { detect, FLAGS, readRules } from "./naive/detect.mjs";

const RULES = "config/rules-gymnasium.cfg";
const folder = mkdtempSync(join(tmpdir(), "narvaro-gymnasium-"));
after(() => rmSync(folder, { recursive: true }));
const rules = readRules(readFileSync(RULES, "utf8"));
const backtest = (file) => execFileSync(program("narvaro"), ["backtest", "--rules", RULES, file], { encoding: "utf8" });
const naive = (text) =>
  writeCsv(
    FLAGS,
    detect(
      readCsv(text).map((row) => ({
        ...row,
        minutes: Number(row.minutes),
        absent_minutes: Number(row.absent_minutes),
      })),
      rules,
    ),
  );

test("it is another profile than that for compulsory school", () => {
  const other = new Set(readRules(readFileSync("config/rules.cfg", "utf8")).map((rule) => JSON.stringify(rule)));
  assert.ok(rules.length >= 15 && rules.filter((rule) => !other.has(JSON.stringify(rule))).length >= 8);
  assert.deepEqual([...new Set(rules.map(({ severity }) => severity))].sort(), [1, 2, 3, 4]);
});

test("engine and naive detector agree", () => {
  const file = "tests/vectors/detection-3.attendance.csv";
  const expected = naive(readFileSync(file, "utf8"));
  assert.ok(new Set(readCsv(expected).map(({ rule }) => rule)).size > 8);
  assert.equal(backtest(file), expected);
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

test("the rules mean what they say", () => {
  const rows = [
    ...pupil("attends", () => undefined),
    ...pupil("three-hours", (day, i) => ([20, 27].includes(day) && i === 0 ? "unreported" : undefined)),
    ...pupil("four-hours", (day, i) => ([20, 25, 30].includes(day) && i === 0 ? "unreported" : undefined)),
    ...pupil("one-date", (day) => (day === 25 ? "unreported" : undefined)),
    ...pupil("influenza", (day) => (day >= 25 && day < 30 ? "reported" : undefined)),
    ...pupil("long", (day) => (day >= 20 ? "reported" : undefined)),
  ];
  const text = writeCsv(Object.keys(rows[0]), rows);
  writeFileSync(join(folder, "lessons.csv"), text);
  const flags = backtest(join(folder, "lessons.csv"));
  assert.equal(flags, naive(text));
  const raised = (id) =>
    readCsv(flags)
      .filter((flag) => flag.pupil_id === id)
      .map(({ rule }) => rule);
  assert.deepEqual(raised("attends"), []);
  assert.deepEqual(raised("three-hours"), ["grant-2h"]);
  assert.deepEqual(
    raised("four-hours").filter((rule) => rule.startsWith("grant")),
    ["grant-2h", "grant-4h"],
  );
  assert.ok(!raised("one-date").some((rule) => rule.startsWith("grant")), "absence on one date is not repeated");
  assert.deepEqual(raised("influenza"), ["total-15"]);
  for (const rule of ["run-6", "run-10", "run-20", "severe-50", "kearney-days"])
    assert.ok(raised("long").includes(rule), rule);
});
