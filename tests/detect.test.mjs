// narvaro backtest on the cases of tests/vectors, and on random schools under random rules against the naive detector of
// tests/naive, which works from the raw rows at every day and shares no code with the daemon; and against what a detector has
// followed to which the same days came in any order, wrong ones among them (tests/replay).

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readCsv, writeCsv } from "./naive/csv.mjs";
import { detect, FLAGS, readRules } from "./naive/detect.mjs";

const NARVARO = join(process.env.BUILD ?? "build", "bin", "narvaro");
const REPLAY = join(process.env.BUILD ?? "build", "tests", "replay-lessons");
const ROWS = ["pupil_id", "class", "date", "start", "minutes", "subject", "status", "absent_minutes"];
const SCHOOLS = Number(process.env.SCHOOLS ?? Math.ceil(100 / (process.env.FEWER ?? 1)));
const FIRST_SCHOOL = Number(process.env.FIRST_SCHOOL ?? 1);

function backtest(rulesFile, files, ...words) {
  return execFileSync(NARVARO, ["backtest", "--rules", rulesFile, ...words, ...files], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
}

// The flags followed day by day in an order of its own, sorted as those of a backtest.
function replay(rulesFile, file, seed) {
  const [head, ...rows] = execFileSync(REPLAY, [rulesFile, file, String(seed)], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
  return `${[head, ...rows.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))].join("\n")}\n`;
}

for (const [n, rules, answer] of [
  [1, "config/rules.cfg", "flags"],
  [2, "config/rules.cfg", "flags"],
  [3, "config/rules.cfg", "flags"],
  [4, "config/rules.cfg", "flags"],
  [1, "tests/vectors/odd-rules.cfg", "odd-flags"],
])
  test(`expected ${answer} of detection-${n}, on one thread, on three, and as days come`, () => {
    const expected = readFileSync(`tests/vectors/detection-${n}.${answer}.csv`, "utf8");
    const file = `tests/vectors/detection-${n}.attendance.csv`;
    assert.equal(backtest(rules, [file]), expected);
    assert.equal(backtest(rules, [file], "--threads", "3"), expected);
    assert.equal(replay(rules, file, n), expected);
  });

test("lessons from a pipe", () => {
  const read = `cat tests/vectors/detection-1.attendance.csv | "${NARVARO}" backtest --rules config/rules.cfg /dev/stdin`;
  const flags = execFileSync("sh", ["-c", read], { encoding: "utf8" });
  assert.equal(flags, readFileSync("tests/vectors/detection-1.flags.csv", "utf8"));
});

function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (end) => next() % end;
  return { below, chance: (percent) => below(100) < percent, pick: (list) => list[below(list.length)] };
}

const SHARES = ["total_absence_share", "absence_share", "unreported_share", "absence_rise"];
const MEASURES = [
  ...readFileSync("daemon/core/detect/measures.h", "utf8").matchAll(/^\s+ROW\([A-Z_]+, "([a-z_]+)",/gm),
].map((row) => row[1]);

function randomCondition(random, [raising, other]) {
  const measure = random.pick(MEASURES);
  const c = { measure };
  if (measure !== "absent_run") c.days = 1 + random.below(random.chance(15) ? 200 : 40);
  if (measure === "weekday_tail" || measure === "subject_missed_share") c.days = 30 + random.below(30);
  if (!measure.startsWith("term") && measure !== "absent_run" && random.chance(30)) c.offset = random.below(15);
  if (SHARES.includes(measure) && random.chance(50)) c.min_days = 1 + random.below(c.days);
  if (measure === "absence_rise") {
    c.baseline_days = 1 + random.below(60);
    if (random.chance(80)) c.baseline_min_days = 1 + random.below(c.baseline_days);
  }
  if (["partial_tail", "spells_tail", "unreported_tail"].includes(measure)) c.days = 8 + random.below(60);
  const comparison = random.chance(85) ? raising : other;
  if (measure.endsWith("_tail"))
    c[comparison === "at_least" ? "at_most" : comparison === "below" ? "above" : comparison] =
      random.pick([0.01, 0.05, 0.2]) + 0.000123;
  else if (measure === "absence_rise") c[comparison] = random.below(3000) / 100 - 5;
  else if (SHARES.includes(measure) || measure === "subject_missed_share") c[comparison] = random.below(4000) / 100;
  else c[comparison] = random.below(5);
  return c;
}

function randomRules(random) {
  return Array.from({ length: 8 }, (_, i) => {
    const when = Array.from({ length: 1 + random.below(2) }, () => randomCondition(random, ["at_least", "at_most"]));
    return {
      id: `rule-${i}`,
      severity: 1 + random.below(4),
      when,
      clear: { ...randomCondition(random, ["below", "above"]), for_days: 1 + random.below(6) },
    };
  });
}

const text = (value) =>
  typeof value === "string"
    ? `"${value}"`
    : Array.isArray(value)
      ? `( ${value.map(text).join(", ")} )`
      : typeof value === "object"
        ? `{ ${Object.entries(value)
            .map(([k, v]) => `${k} = ${text(v)};`)
            .join(" ")} }`
        : String(value);

const CLASSES = ["7A", "7A", "7B, x"];

// Pupils with habits of their own: ill for days, late, away from lessons, from a weekday, from a subject. Some change to another
// class, for good, for a while, for a day or a lesson; some are away from the school for a while. A few rows come twice.
function randomSchool(random, pupils) {
  const rows = [];
  for (let p = 0; p < pupils; p++) {
    const habits = {
      ill: random.below(10),
      skips: random.below(12),
      late: random.below(20),
      weekday: random.below(50),
      subject: random.below(40),
    };
    const start = Date.UTC(2025, random.pick([4, 7, 10]), 1 + random.below(28));
    const dates = 30 + random.below(200);
    const moves = random.chance(40) ? random.below(dates) : dates;
    const returns = random.chance(50) ? moves + random.below(60) : dates;
    const away = random.chance(15) ? random.below(dates) : dates; // at another school for some weeks, and back
    let ill = false;
    for (let d = 0; d < dates; d++) {
      const at = new Date(start + d * 86400000);
      if (at.getUTCDay() % 6 === 0 || (away <= d && d < away + 30) || random.chance(3)) continue;
      ill = random.chance(ill ? 60 : habits.ill) || (at.getUTCDay() === 5 && random.chance(habits.weekday));
      rows.push(
        ...randomDay(random, {
          habits,
          ill,
          date: at.toISOString().slice(0, 10),
          pupil_id: `p${p}`,
          class: random.chance(1) ? "7Ö" : CLASSES[(p + Number(moves <= d && d < returns)) % 3],
        }),
      );
    }
  }
  for (let twice = random.below(20); twice > 0; twice--) rows.push(random.pick(rows));
  for (let i = rows.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [rows[i], rows[other]] = [rows[other], rows[i]];
  }
  return rows;
}

const SUBJECTS = ["bild", "engelska", "matematik", "Ärtor", '"no"'];

function randomDay(random, { habits, ill, date, pupil_id, class: name }) {
  const all = random.pick(["reported", "reported", "unreported", "leave"]);
  let subject = "";
  return Array.from({ length: 1 + random.below(5) }, (_, i) => {
    subject = random.pick(SUBJECTS.filter((other) => other !== subject)); // two that begin at the same minute must not be the same
    const minutes = 40 + 10 * random.below(4);
    let status = "present";
    if (ill) status = all;
    else if (subject === "bild" && random.chance(habits.subject)) status = "unreported";
    else if (random.chance(habits.skips)) status = random.pick(["reported", "unreported"]);
    else if (random.chance(habits.late)) status = "late";
    else if (random.chance(5)) status = random.pick(["leave", "unknown", "unknown", "cancelled", "exempt"]);
    const part = status === "late" || random.chance(10);
    const missed = ["present", "unknown", "cancelled", "exempt"].includes(status)
      ? 0
      : part
        ? random.below(minutes + 1)
        : minutes;
    // Now and then two lessons begin at the same minute: then subject, minutes and status say which comes first.
    const start = 480 + 70 * (random.chance(10) ? Math.max(0, i - 1) : i);
    return {
      pupil_id,
      class: random.chance(1) ? random.pick(CLASSES) : name,
      date,
      start: `${String(Math.floor(start / 60)).padStart(2, "0")}:${String(start % 60).padStart(2, "0")}`,
      minutes,
      subject,
      status,
      absent_minutes: missed,
    };
  });
}

test(`${SCHOOLS} random schools under random rules, as the naive detector has them and as days come`, () => {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-detect-"));
  let flags = 0;
  try {
    for (let seed = FIRST_SCHOOL; seed < FIRST_SCHOOL + SCHOOLS; seed++) {
      const random = randomOf(seed);
      const rulesFile = join(folder, "rules.cfg");
      const rowsFile = join(folder, "attendance.csv");
      const rules = `rules = ${text(randomRules(random))};\n`;
      const rows = randomSchool(random, 12);
      writeFileSync(rulesFile, rules);
      writeFileSync(rowsFile, writeCsv(ROWS, rows));
      const expected = detect(rows, readRules(rules));
      flags += expected.length;
      const flagged = backtest(rulesFile, [rowsFile]);
      assert.deepEqual(readCsv(flagged), expected, `seed ${seed}`);
      assert.equal(replay(rulesFile, rowsFile, seed), flagged, `seed ${seed}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.ok(flags > 10 * SCHOOLS, `only ${flags} flags`);
});

test("rows that are alike count once, in one file and over several, and a contradiction names both places", () => {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-detect-"));
  try {
    const [first, second, rules] = ["first.csv", "second.csv", "rules.cfg"].map((name) => join(folder, name));
    const row = (...more) => ["p1", "7A", "2026-09-01", "08:10", "60", "bild", ...more].join(",");
    const file = (...rows) => `${[ROWS.join(","), ...rows].join("\n")}\n`;
    writeFileSync(
      rules,
      `rules = ( { id = "two"; severity = 1; when = ( { measure = "late_arrivals"; days = 1; at_least = 2; } );
      clear = { measure = "late_arrivals"; days = 1; below = 1; for_days = 1; }; } );`,
    );
    writeFileSync(first, file(row("late", 5), row("late", 5)));
    writeFileSync(second, file(row("cancelled", 0), row("late", 5)));
    assert.equal(backtest(rules, [first, second]), `${FLAGS.join(",")}\n`);

    writeFileSync(
      second,
      file("p2,7A,2026-09-01,08:10,60,bild,late,6", row("late", 6), row("exempt", 0), row("present", 0)),
    );
    const result = spawnSync(NARVARO, ["backtest", "--rules", rules, first, second], { encoding: "utf8" });
    assert.equal(result.status, 1);
    assert.equal(result.stdout, "");
    const told = result.stderr.trim().split("\n").sort();
    assert.equal(told.length, 2);
    for (const [i, line] of [3, 5].entries())
      assert.ok(
        told[i].includes(
          `second.csv:${line}: contradicts ${first}:2, which has the same pupil, date, start and subject`,
        ),
        told[i],
      );

    writeFileSync(second, file("p1,7B,2026-09-01,08:10,60,bild,late,5"));
    assert.match(
      spawnSync(NARVARO, ["backtest", "--rules", rules, second, first], { encoding: "utf8" }).stderr,
      /first\.csv:2: contradicts .*second\.csv:2,/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("wrong rows and a wrong rule are told with file and line, and nothing is printed", () => {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-detect-"));
  try {
    const rows = join(folder, "attendance.csv");
    writeFileSync(
      rows,
      `${ROWS.join(",")}
p1,7A,2026-09-31,08:10,60,bild,present,0
p1,7A,2026-09-01,8:10,60,bild,present,0
p1,7A,2026-09-01,08:10,0,bild,present,0
p1,7A,2026-09-01,08:10,60,bild,away,0
p1,7A,2026-09-01,08:10,60,bild,late,61
p1,7A,2026-09-01,08:10,60,bild,present,5
,7A,2026-09-01,08:10,60,bild,present,0
p1,7A,2026-09-01,08:10,60,bild
`,
    );
    const result = spawnSync(NARVARO, ["backtest", "--rules", join(folder, "none.cfg"), rows], { encoding: "utf8" });
    assert.equal(result.status, 1);
    assert.equal(result.stdout, "");
    const lines = result.stderr.trim().split("\n");
    assert.match(lines[0], /none\.cfg.*cannot be read/);
    const told = [
      ":2: date:",
      ":3: start:",
      ":4: minutes:",
      ":5: status:",
      ":6: absent_minutes:",
      ":7: absent_minutes:",
      ":8: pupil_id:",
      ":9: ",
    ];
    told.forEach((part, i) => assert.ok(lines[i + 1]?.includes(`attendance.csv${part}`), `${part} in ${lines[i + 1]}`));
    assert.equal(lines.length, 1 + told.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
