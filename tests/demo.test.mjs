// The demonstration's own parts, without any program running: the made-up school, and its prediction against the command
// line, which takes the roll and raises flags on the same files.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeDemo, writeSchool } from "./demo/files.mjs";
import { RULES } from "./demo/house.mjs";
import { Pace } from "./demo/live.mjs";
import { dayCloses, lessonCloses, predict, predictTasks } from "./demo/predict.mjs";
import { program, Stage } from "./demo/stage.mjs";
import { writeCsv } from "./naive/csv.mjs";
import { FLAGS, readRules } from "./naive/detect.mjs";

const today = "2026-11-19";
const rules = readRules(readFileSync(RULES, "utf8"));
const narvaro = (...args) => execFileSync(program("narvaro"), args, { encoding: "utf8", maxBuffer: 1 << 28 });

test("the same seed makes the same school, another one another", () => {
  const make = (seed) => JSON.stringify(makeDemo({ seed, classes: 2, today, time: "12:42" }));
  assert.equal(make(1), make(1));
  assert.notEqual(make(1), make(2));
});

test("the school is large enough and has what the pages must show", () => {
  const { school, script } = makeDemo({ seed: 20, today, time: "12:42" });
  assert.ok(school.pupils.length >= 300);
  assert.equal(new Set(school.pupils.map((p) => p.class)).size, 12);
  assert.equal(school.terminals.length, 12);
  assert.ok(school.pupils.filter((p) => p.protected).length >= 2);
  assert.ok(
    school.lessons.some((l) => l.state === "cancelled") && school.outages.length > 0 && school.marks.length > 0,
  );
  const until = dayCloses(school, today);
  const prediction = predict({ school, script: script.filter((t) => t.at < until), rules, today, until });
  assert.deepEqual(Object.keys(prediction.lamps).sort(), ["again", "late", "ok", "other_room", "unknown_card"]);
  assert.ok(prediction.flagsToday.length > 0);
  const told = lessonCloses(school, today)
    .slice(-2)
    .map((at) => predictTasks({ school, script, today, at }).length);
  assert.ok(told[0] > 0 && told[1] > told[0], "each of the last two lessons gives somebody to tell");
});

test("the command line comes to the prediction from the same files", () => {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-demo-"));
  const { school, script } = makeDemo({ seed: 7, classes: 5, today, time: "12:42" });
  const until = dayCloses(school, today);
  const prediction = predict({ school, script: script.filter((t) => t.at < until), rules, today, until });
  const taps = [...school.taps, ...prediction.stored.map((t) => ({ ...t, at: new Date(t.at).toISOString() }))];
  writeSchool(folder, { ...school, taps, lessons: school.lessons.filter((l) => l.date <= today) });
  writeFileSync(join(folder, "attendance.csv"), narvaro("rollcall", folder));
  assert.equal(
    narvaro("backtest", "--rules", RULES, join(folder, "attendance.csv")),
    writeCsv(FLAGS, prediction.flags),
  );
  rmSync(folder, { recursive: true });
});

test("a machine that comes late to the script is told from a wrong answer", () => {
  const pace = new Pace();
  for (const late_ms of [0, 3, 199, -40]) pace.note(late_ms);
  assert.equal(pace.trouble, "");
  pace.note(250);
  pace.note(810.2);
  assert.match(pace.trouble, /too slow for the script: 2 times .* more than 200 ms late, at worst 810 ms/);
});

test("a folder for temporary files that sockets cannot have is refused before anything starts", () => {
  const before = process.env.TMPDIR;
  try {
    process.env.TMPDIR = join(tmpdir(), "d".repeat(70));
    assert.throws(() => new Stage(), /must be \d+ bytes shorter, for the path of a Unix socket has 107/);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
});
