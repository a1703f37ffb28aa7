// narvaro flags with a real daemon: what stands now, and what stood before corrections that came late. Expected is what the
// roll call and the detector of tests/naive make of the same files.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { run } from "./demo/stage.mjs";
import { Lonely, schoolFiles } from "./lonely.mjs";
import { readCsv, writeCsv } from "./naive/csv.mjs";
import { detect, FLAGS, readRules } from "./naive/detect.mjs";
import { readSchool, rollcall } from "./naive/rollcall.mjs";

const RULES = `rules = (
  { id = "partial-2"; severity = 1; when = ( { measure = "partial_days"; days = 5; at_least = 2; } );
    clear = { measure = "partial_days"; days = 3; below = 1; for_days = 2; }; },
  { id = "unreported-2"; severity = 2; when = ( { measure = "unreported_lessons"; days = 4; at_least = 2; } );
    clear = { measure = "unreported_lessons"; days = 3; below = 1; for_days = 1; }; },
  { id = "share-15"; severity = 3; when = ( { measure = "absence_share"; days = 5; at_least = 15.00; min_days = 3; } );
    clear = { measure = "absence_share"; days = 5; below = 10.00; for_days = 2; }; }
);`;
const ROSTER = ["pupils", "members", "lessons", "exemptions", "terminals", "cards", "taps", "outages"];
const FACTS = schoolFiles("school-plain", ROSTER);
const LATE = schoolFiles("school-plain", ["absences", "marks"]);
let lonely, first, second;

// The first five columns of what is printed, as the naive detector tells them.
const told = (...words) => writeCsv(FLAGS, readCsv(lonely.tell("flags", ...words)));

// Who left has no open flags: they ended on the last day with a lesson of which anything is known.
function endLeavers(flags, rows, pupils) {
  const known = rows.filter(({ status }) => !["unknown", "cancelled", "exempt"].includes(status));
  const left = new Map(pupils.map(({ pupil_id: pupil, to }) => [pupil, to]));
  return flags.map((flag) =>
    flag.cleared_on !== "" || left.get(flag.pupil_id) === ""
      ? flag
      : {
          ...flag,
          cleared_on: known
            .filter(({ pupil_id: pupil }) => pupil === flag.pupil_id)
            .map(({ date }) => date)
            .sort()
            .at(-1),
        },
  );
}

function expected(files, name) {
  const folder = lonely.stage.path(name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(`${folder}/${file}.csv`, text);
  const school = readSchool(folder);
  const rows = rollcall(school).map((row) => ({
    ...row,
    minutes: Number(row.minutes),
    absent_minutes: Number(row.absent_minutes),
  }));
  return writeCsv(FLAGS, endLeavers(detect(rows, readRules(RULES)), rows, school.pupils));
}

before(async () => {
  lonely = new Lonely({ rules: RULES });
  first = expected(FACTS, "first");
  second = expected({ ...FACTS, ...LATE }, "second");
  await lonely.at("2026-10-28T12:00:00Z");
  await lonely.import(FACTS, "2026-10-27");
});
after(() => lonely.end());

test("the flags that stand are those of the facts", () => {
  assert.ok(first.split("\n").length > 20, first);
  assert.equal(told(), first);
  const pupil = readCsv(first)[0].pupil_id;
  assert.equal(
    told("--pupil", pupil),
    writeCsv(
      FLAGS,
      readCsv(first).filter((flag) => flag.pupil_id === pupil),
    ),
  );
  assert.match(lonely.tell("flags"), /^pupil_id,rule,raised_on,cleared_on,severity,rules_version\n.*,[123],1\n/);
});

test("corrections come late: now they count, and the past is told as it was known", async () => {
  assert.notEqual(first, second);
  await lonely.at("2026-11-05T12:00:00Z");
  await lonely.import(LATE, "2026-10-27");
  assert.equal(told(), second);
  assert.equal(told("--as-known", "2026-11-05"), second);
  for (const when of ["2026-10-28", "2026-11-04", "2026-11-05T11:59:59Z"])
    assert.equal(told("--as-known", when), first, when);
  assert.equal(told("--as-known", "2026-10-27"), `${FLAGS.join(",")}\n`);
});

test("corrections taken back: three states, each told as it was", async () => {
  const marks = readCsv(LATE.marks);
  const undone = marks.map((mark) => ({
    ...mark,
    status: "present",
    absent_minutes: 0,
    recorded_at: "2026-11-06T08:00:00.000Z",
  }));
  await lonely.at("2026-11-06T12:00:00Z");
  await lonely.import({ marks: writeCsv(Object.keys(marks[0]), undone) }, "2026-10-27");
  const third = expected({ ...FACTS, ...LATE, marks: writeCsv(Object.keys(marks[0]), [...marks, ...undone]) }, "third");
  assert.notEqual(third, second);
  assert.equal(told(), third);
  assert.equal(told("--as-known", "2026-11-05"), second);
  assert.equal(told("--as-known", "2026-11-01"), first);
});

test("what is asked wrongly is told", () => {
  const { status, stderr } = lonely.narvaro("flags", "--as-known", "yesterday");
  assert.equal(status, 1);
  assert.match(stderr, /as_known must be a date/);
  assert.equal(lonely.narvaro("flags", "e0001").status, 2);
  assert.throws(() => lonely.tell("flags", "--pupil", "nobody"), /there is no such pupil/);
  assert.equal(
    run("sqlite3", [lonely.database, "SELECT count(*) FROM flag WHERE withdrawn_ms IS NOT NULL"]).stdout > "0",
    true,
  );
});

test("more flags than one answer holds", () => {
  run("sqlite3", ["-cmd", ".timeout 5000", lonely.database], {
    input: `BEGIN;
    WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 4500)
      INSERT INTO flag (flag, pupil_id, rule, severity, rules_version, raised_day, evidence, decided_ms) SELECT 100000 + i, 'many-' || i, 'r', 1, 1, 20000, '[]', 1 FROM n;
    INSERT INTO flag_change SELECT flag, 'raised', 20000, '', 1 FROM flag WHERE flag > 100000; COMMIT;`,
  });
  const many = readCsv(lonely.tell("flags"))
    .map((flag) => flag.pupil_id)
    .filter((id) => id.startsWith("many-"));
  assert.deepEqual([many.length, new Set(many).size], [4500, 4500]);
  assert.deepEqual(many, [...many].sort());
});
