// narvaro preview: its counts against the expected flags of tests/vectors, counted here from the files; and the daemon's
// answer against that from files.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program, run } from "./demo/stage.mjs";
import { Lonely, schoolFiles } from "./lonely.mjs";
import { weekday, nextDate } from "./naive/civil.mjs";
import { readCsv } from "./naive/csv.mjs";
import { readRules } from "./naive/detect.mjs";

const folder = mkdtempSync(join(tmpdir(), "narvaro-preview-"));
after(() => rmSync(folder, { recursive: true }));
const preview = (...words) => run(program("narvaro"), ["preview", ...words]);
const json = (...words) => JSON.parse(preview("--json", ...words).stdout);
const rates = (n) => Math.round(n * 10) / 10;
const severities = new Map(
  readRules(readFileSync("config/rules.cfg", "utf8")).map(({ id, severity }) => [id, severity]),
);
const monday = (date) => nextDate(date, -weekday(date));

// One line of time for each pupil: a date is covered when a flag of that severity or worse is open on it. An item begins
// where a covered stretch begins.
function items(flags, severity) {
  let count = 0;
  const pupils = flags.reduce(
    (map, flag) => map.set(flag.pupil_id, [...(map.get(flag.pupil_id) ?? []), flag]),
    new Map(),
  );
  for (const all of pupils.values()) {
    const open = new Set();
    for (const flag of all.filter(({ rule }) => severities.get(rule) >= severity))
      for (let date = flag.raised_on; date <= (flag.cleared_on || "2026-08-01"); date = nextDate(date)) open.add(date);
    for (const date of open) count += !open.has(nextDate(date, -1));
    // A flag that comes the day after another was cleared begins an item of its own.
    const ends = new Set(
      all.filter((f) => severities.get(f.rule) >= severity && f.cleared_on).map((f) => f.cleared_on),
    );
    for (const end of ends) {
      const next = nextDate(end);
      const spans = (date) =>
        all.some(
          (f) => severities.get(f.rule) >= severity && f.raised_on <= date && date <= (f.cleared_on || "2026-08-01"),
        );
      const bridged = all.some(
        (f) => severities.get(f.rule) >= severity && f.raised_on <= end && (f.cleared_on || "2026-08-01") >= next,
      );
      if (spans(next) && !bridged) count++;
    }
  }
  return count;
}

for (const n of [1, 2, 3])
  test(`counts of detection-${n}`, () => {
    const file = `tests/vectors/detection-${n}.attendance.csv`;
    const rows = readCsv(readFileSync(file, "utf8"));
    const flags = readCsv(readFileSync(`tests/vectors/detection-${n}.flags.csv`, "utf8"));
    const { school, new: told } = json("--rules", "config/rules.cfg", file);
    const pupils = new Set(rows.map((row) => row.pupil_id));
    const weeks = new Set(rows.map((row) => monday(row.date)));
    const pupilWeeks = new Set(rows.map((row) => `${row.pupil_id} ${monday(row.date)}`)).size;
    const dates = rows.map((row) => row.date).sort();
    assert.deepEqual(school, { pupils: pupils.size, weeks: weeks.size, from: dates[0], to: dates.at(-1) });
    assert.equal(told.flags, flags.length);
    assert.equal(told.flagged, new Set(flags.map((f) => f.pupil_id)).size);
    assert.equal(told.over, new Set(flags.filter((f) => !f.cleared_on).map((f) => f.pupil_id)).size);
    for (const row of told.severities) {
      const those = flags.filter((f) => severities.get(f.rule) === row.severity);
      assert.equal(row.flags, those.length);
      assert.equal(row.flags_per_week, rates(those.length / weeks.size));
      assert.equal(row.items_or_worse, items(flags, row.severity), `items of severity ${row.severity}`);
      assert.equal(row.items_per_1000_week, rates((1000 * row.items_or_worse) / pupilWeeks));
    }
    for (const row of told.rules) assert.equal(row.flags, flags.filter((f) => f.rule === row.rule).length, row.rule);
    const third = told.severities[2];
    assert.deepEqual(told.load, {
      severity: 3,
      capacity: 10,
      items_per_1000_week: third.items_per_1000_week,
      within: (1000 * third.items_or_worse) / pupilWeeks <= 10,
    });
  });

// Eleven pupils a school day each: 7A of six, 8A of four (too few to be told), all away on the first three days but two.
function smallSchool() {
  const rows = ["pupil_id,class,date,start,minutes,subject,status,absent_minutes"];
  for (let pupil = 0; pupil < 10; pupil++)
    for (let day = 0; day < 10; day++) {
      const date = nextDate("2026-09-07", day + 2 * (day >= 5));
      rows.push(
        `p${pupil},${pupil < 6 ? "7A" : "8A"},${date},08:00,60,ma,${day < 3 && pupil % 2 ? "unreported,60" : "present,0"}`,
      );
    }
  return `${rows.join("\n")}\n`;
}

test("new beside old; groups of fewer than five have no figures", () => {
  const rule = (
    least,
  ) => `rules = ( { id = "away"; severity = 3; when = ( { measure = "absent_days"; days = 5; at_least = ${least}; } );
    clear = { measure = "absent_days"; days = 5; below = 1; for_days = 1; }; } );`;
  for (const least of [3, 4]) writeFileSync(join(folder, `${least}.cfg`), rule(least));
  writeFileSync(join(folder, "small.csv"), smallSchool());
  const words = ["--rules", join(folder, "3.cfg"), "--against", join(folder, "4.cfg"), join(folder, "small.csv")];
  const { new: told, old } = json(...words, "--capacity", "300");
  assert.deepEqual([told.flagged, told.over, old.flagged], [5, 0, 0]);
  assert.deepEqual(told.years, [
    { year: "7", pupils: 6, over: 0, flagged: 3, flags: 3, items: 3, items_per_1000_week: 250 },
    { year: "8", too_few: true },
  ]);
  assert.deepEqual(
    told.class_sizes.map(({ from, to, pupils }) => [from, to, pupils]),
    [[1, 9, 10]],
  );
  assert.deepEqual(
    [told.load, old.load].map((load) => [load.items_per_1000_week, load.within]),
    [
      [250, true],
      [0, true],
    ],
  );
  const text = preview(...words).stdout;
  assert.match(
    text,
    /^new: 250\.0 newly flagged a week and 1,000 pupils \(severity 3 or worse\): OVER the school's capacity of 10$/m,
  );
  assert.match(text, /^ {2}year 8, fewer than 5 pupils +$/m);
});

test("what is wrong is told, all of it", () => {
  writeFileSync(join(folder, "bad.cfg"), 'rules = ( { id = "x"; severity = 9; } );');
  const { status, stderr } = preview("--rules", join(folder, "bad.cfg"), join(folder, "none.csv"));
  assert.equal(status, 1);
  assert.match(stderr, /bad\.cfg:1: .*severity/);
  assert.match(stderr, /none\.csv: cannot be read/);
  assert.equal(preview(join(folder, "small.csv")).status, 2);
  assert.equal(preview("--rules", "config/rules.cfg", "--capacity", "none").status, 2);
});

test("the daemon tells of its lessons what the files tell", async () => {
  const lonely = new Lonely();
  after(() => lonely.end());
  await lonely.at("2026-10-28T12:00:00Z");
  await lonely.import(
    schoolFiles("school-plain", [
      "pupils",
      "members",
      "lessons",
      "exemptions",
      "terminals",
      "cards",
      "absences",
      "taps",
      "outages",
      "marks",
    ]),
    "2026-10-27",
  );
  const lower = join(folder, "lower.cfg");
  writeFileSync(lower, readFileSync("config/rules.cfg", "utf8").replace(/at_(least|most) = [\d.]+;/g, "at_$1 = 1;"));
  const fromFiles = json(
    "--rules",
    lower,
    "--against",
    "config/rules.cfg",
    "tests/vectors/school-plain/expected-attendance.csv",
  );
  const fromDaemon = JSON.parse(lonely.tell("preview", "--json", "--rules", lower));
  assert.ok(fromFiles.new.flags > fromFiles.old.flags);
  assert.deepEqual(fromDaemon, fromFiles);
});
