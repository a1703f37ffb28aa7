// `narvaro rollcall` on small schools, each made from a trouble that others had (tests/vectors/cases/*/README.md): the answer
// exactly where a roll has one, and what a roll of files does with files that are not quite right.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const NARVARO = join(process.env.BUILD ?? "build", "bin", "narvaro");
const CASES = new URL("vectors/cases/", import.meta.url).pathname;
const roll = (folder) => spawnSync(NARVARO, ["rollcall", folder], { encoding: "utf8" });
const expected = (name) => readFileSync(join(CASES, name, "expected-attendance.csv"), "utf8");

const names = readdirSync(CASES)
  .filter((name) => existsSync(join(CASES, name, "expected-attendance.csv")))
  .sort();
for (const name of names) {
  test(`${name} exactly`, () => {
    const { stdout, status } = roll(join(CASES, name, "in"));
    assert.equal(stdout, expected(name));
    assert.equal(status, 0);
  });
}
test("there are eleven of them", () => assert.equal(names.length, 11));

test("a first line sep=; says how the file is separated", () => {
  assert.equal(roll(join(CASES, "18-swedish-excel-semicolons", "b")).stdout, expected("18-swedish-excel-semicolons"));
});

// A copy of a case in which files are written anew.
const CASE = "17-tap-when-leaving-counts-for-the-next-lesson";
function changed(files, look) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-roll-"));
  try {
    cpSync(join(CASES, CASE, "in"), folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), text);
    look(roll(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const original = (name) => readFileSync(join(CASES, CASE, "in", `${name}.csv`), "utf8");

test("what an import would refuse is told and does not stop the roll", () => {
  changed(
    {
      members: `${original("members")}7A,nobody,,\n`,
      absences: "pupil_id,from,to,type\np00,2026-08-01T00:00,,reported\n",
      marks: "lesson_id,pupil_id,status,absent_minutes\nL1,p00,exempt,0\nL9,p00,late,5\n",
      cards: `${original("cards")}04A1B2C3D40180,gone,,\n`,
      lessons: original("lessons").replace("L2,", "L2,7A,Sv,E101,2026-09-02,09:20,10:10,held\nL2,"),
      calendar: "from,to,kind\n2026-08-18,2027-06-10,lasar\n",
    },
    ({ stdout, stderr, status }) => {
      assert.equal(stdout, expected(CASE));
      assert.equal(status, 0);
      for (const line of [
        /^members.csv:5: pupil_id: no pupil is called "nobody"/m,
        /^absences.csv:2: to: must not be empty/m,
        /^marks.csv:2: status: should be one of/m,
        /^marks.csv:3: lesson_id: no lesson is called "L9"/m,
        /^cards.csv:5: pupil_id: no pupil is called "gone"/m,
        /^lessons.csv:4: lesson_id: "L2" is on line 3 already/m,
      ])
        assert.match(stderr, line);
    },
  );
});

test("a file that cannot be read does, and says what it is", () => {
  const unread = [
    [
      Buffer.from(original("pupils").replace("Elev0", "Åsa"), "latin1"),
      /^pupils.csv:2: not UTF-8 here: .*Windows-1252.*CSV UTF-8/m,
    ],
    [Buffer.from(`\ufeff${original("pupils")}`, "utf16le"), /^pupils.csv: the file is UTF-16 .*CSV UTF-8/m],
    [
      "elev_id;klass\np00;7A\n",
      /^pupils.csv:1: pupil_id: .*separated by semicolons and has no column "pupil_id"; found: elev_id, klass/m,
    ],
    [original("pupils").replace("p00", ""), /^pupils.csv:2: pupil_id: must not be empty/m],
  ];
  for (const [pupils, line] of unread) {
    changed({ pupils }, ({ stdout, stderr, status }) => {
      assert.match(stderr, line);
      assert.equal(stdout, "");
      assert.notEqual(status, 0);
    });
  }
});
