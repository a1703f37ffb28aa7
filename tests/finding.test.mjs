// Findings (docs/finding.md) of 500 random pupils, as `narvaro explain` tells them, against tests/naive/finding.mjs, which asks the raw
// rows; and every number of the sentence against the same rows, read from the text.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fromSeed } from "./demo/random.mjs";
import { program, run } from "./demo/stage.mjs";
import { nextDate, weekday } from "./naive/civil.mjs";
import { readCsv } from "./naive/csv.mjs";
import { detect, readRules } from "./naive/detect.mjs";
import { firstSign, leadOf, recentOf, runFrom } from "./naive/finding.mjs";
import { readFileSync } from "node:fs";

const folder = mkdtempSync(join(tmpdir(), "narvaro-finding-"));
after(() => rmSync(folder, { recursive: true }));
const PUPILS = 500;
const CLASS = 10; // pupils of a file
const COLUMNS = "pupil_id,class,date,start,minutes,subject,status,absent_minutes";
const { next: random, between, pick, chance } = fromSeed(15);

// Each pupil has its own way: how often it is away, what of it is whole days, unreported, late, leave or not known.
function rowsOf(pupil) {
  const away = pick([0.02, 0.1, 0.3]);
  const whole = random();
  const unreported = random();
  const late = pick([0, 0.05, 0.4]);
  const unknown = pick([0, 0, 0.05, 0.4]);
  const leave = pick([0, 0.03]);
  const rows = [];
  let run = 0; // days away that are left
  for (let at = 0; at < 90; at++) {
    const date = nextDate("2026-08-17", at);
    if (weekday(date) > 4) continue;
    if (run === 0 && chance(0.01)) run = between(3, 14);
    run = Math.max(0, run - 1);
    const day = run > 0 ? "away" : chance(leave) ? "leave" : chance(away * whole) ? "away" : "school";
    for (let lesson = 0; lesson < 4; lesson++) {
      const minutes = pick([40, 60]);
      let status = "present";
      if (chance(0.03)) status = pick(["cancelled", "exempt"]);
      else if (chance(unknown)) status = "unknown";
      else if (day === "leave" || chance(leave / 4)) status = "leave";
      else if (day === "away" || chance(lesson === 0 ? 2 * away * (1 - whole) : away * (1 - whole)))
        status = chance(unreported) ? "unreported" : "reported";
      else if (chance(late)) status = "late";
      const missed = { reported: minutes, unreported: minutes, leave: minutes, late: pick([5, 12]) }[status] ?? 0;
      const start = `${String(8 + lesson).padStart(2, "0")}:00`;
      rows.push(`${pupil},7A,${date},${start},${minutes},${pick(["en", "ma", "sv"])},${status},${missed}`);
    }
  }
  return rows;
}

// Rules that every pupil meets now and then: each measure that the pupil's own days decide, at each level.
const RULES = `rules = (
  { id = "run"; severity = 4; when = ( { measure = "absent_run"; at_least = 6; } ); clear = { measure = "absent_run"; below = 1; for_days = 3; }; },
  { id = "share"; severity = 3; when = ( { measure = "absence_share"; days = 20; at_least = 15.00; }, { measure = "spells"; days = 30; at_least = 5; } );
    clear = { measure = "absence_share"; days = 20; below = 8.00; for_days = 5; }; },
  { id = "away"; severity = 3; when = ( { measure = "total_absence_share"; days = 30; at_least = 40.00; } );
    clear = { measure = "total_absence_share"; days = 30; below = 20.00; for_days = 5; }; },
  { id = "silent"; severity = 2; when = ( { measure = "unreported_share"; days = 15; at_least = 6.00; } );
    clear = { measure = "unreported_share"; days = 15; below = 2.00; for_days = 4; }; },
  { id = "rise"; severity = 2; when = ( { measure = "absence_rise"; days = 10; baseline_days = 20; baseline_min_days = 10; at_least = 10.00; } );
    clear = { measure = "absence_rise"; days = 10; baseline_days = 20; baseline_min_days = 10; below = 2.00; for_days = 5; }; },
  { id = "parts"; severity = 2; when = ( { measure = "partial_days"; days = 20; at_least = 5; } );
    clear = { measure = "partial_days"; days = 20; below = 2; for_days = 5; }; },
  { id = "days"; severity = 2; when = ( { measure = "absent_days"; days = 30; at_least = 6; } );
    clear = { measure = "absent_days"; days = 30; below = 3; for_days = 5; }; },
  { id = "subject"; severity = 1; when = ( { measure = "subject_missed_share"; days = 40; at_least = 20.00; } );
    clear = { measure = "subject_missed_share"; days = 40; below = 10.00; for_days = 5; }; },
  { id = "late"; severity = 1; when = ( { measure = "late_arrivals"; days = 20; at_least = 5; } );
    clear = { measure = "late_arrivals"; days = 20; below = 2; for_days = 5; }; },
  { id = "begun"; severity = 1; when = ( { measure = "term_start_spells"; days = 20; at_least = 2; } );
    clear = { measure = "term_start_spells"; days = 20; below = 1; for_days = 3; }; }
);`;
const rulesFile = join(folder, "rules.cfg");
writeFileSync(rulesFile, RULES);
const rules = readRules(RULES);
const DATE = "2026-11-13";

const explain = (pupil, files, ...more) => {
  const { stdout, stderr } = run(program("narvaro"), [
    "explain",
    pupil,
    "--rules",
    rulesFile,
    "--attendance",
    files,
    ...more,
  ]);
  assert.ok(stdout, stderr);
  return stdout;
};

// Open flags as the slow detector has them, with what the finding needs of their rules.
const openFlags = (rows, pupil) =>
  detect(rows, rules)
    .filter((flag) => flag.pupil_id === pupil && flag.cleared_on === "")
    .map((flag) => {
      const rule = rules.find(({ id }) => id === flag.rule);
      return { ...flag, severity: rule.severity, measures: rule.when.map(({ measure }) => measure), rows };
    });

// Does the text say another number of what it names than the rows do?
function contradictions(text, recent) {
  const { figures, days, share } = recent;
  const claims = [
    [/Borta (\d+) hel(?:a)? skoldag(?:ar)? i rad/, figures.absent_run],
    [/Oanmäld frånvaro (\d+) dag/, figures.unreported_dates],
    [/\((\d+) lektion(?:er)?\)/, figures.unreported_lessons],
    [/Frånvaro vid (\d+) /, figures.spells],
    [/Missar delar av dagen, (\d+) dag/, figures.partial_days],
    [/Borta (\d+) hel(?:a)? skoldag(?:ar)? de/, figures.absent_days],
    [/^(\d+) sen(?:a)? ankomst/, figures.late_arrivals],
    [/de (\d+) skoldagarna/, days],
    [/Ingen oanmäld (frånvaro)/, figures.unreported_dates === 0 ? "frånvaro" : "no"],
    [/Inget nytt (frånvarotillfälle)/, figures.spells === 0 ? "frånvarotillfälle" : "no"],
    [/Missar inte (delar) av dagen/, figures.partial_days === 0 ? "delar" : "no"],
    [/Ingen hel (frånvarodag)/, figures.absent_days === 0 ? "frånvarodag" : "no"],
    [/Ingen sen (ankomst)/, figures.late_arrivals === 0 ? "ankomst" : "no"],
    [/i rad fram till \S+, inte (nu)/, figures.absent_run === 0 ? "nu" : "no"],
    [/mest lektion (\d)/, recent.most?.lesson],
  ];
  const wrong = claims.flatMap(([form, right]) => {
    const said = text.match(form)?.[1];
    return said !== undefined && said !== String(right) ? [`${said}, not ${right}: ${text}`] : [];
  });
  const percent = text.match(/(\d+(?:,\d)?) % (?:frånvaro|av lektionstiden)/)?.[1];
  const right = share && (100 * share.absent_minutes) / share.expected_minutes;
  if (percent && !(share && Math.abs(Number(percent.replace(",", ".")) - right) <= 0.5))
    wrong.push(`${percent} %, not ${right}`);
  return { wrong, claims: claims.filter(([form]) => form.test(text)).length + Number(Boolean(percent)) };
}

// As it is told: the figures of the pattern's sentence; what is not there, or 0, is left out.
const TOLD = {
  run: ["absent_run"],
  unreported: ["unreported_lessons", "unreported_dates"],
  spells: ["spells"],
  scattered: ["partial_days"],
  days_away: ["absent_days"],
  late: ["late_arrivals"],
};
const told = ({ days, share, figures, run_from, most, well }, pattern) => ({
  days,
  share: share ? [share.absent_minutes, share.expected_minutes] : undefined,
  figures: Object.fromEntries(
    (TOLD[pattern] ?? []).map((name) => [name, figures[name]]).filter(([, value]) => value > 0),
  ),
  run_from: pattern === "run" ? (run_from ?? undefined) : undefined,
  most: pattern === "scattered" ? (most ?? undefined) : undefined,
  well: [well.attended, well.lessons, well.days],
});

test("500 random pupils: every number is that of the raw rows", () => {
  const patterns = new Map();
  const held = new Map();
  let claims = 0;
  for (let first = 0; first < PUPILS; first += CLASS) {
    const pupils = Array.from({ length: CLASS }, (_, at) => `p${first + at}`);
    const file = join(folder, `class-${first}.csv`);
    writeFileSync(file, `${[COLUMNS, ...pupils.flatMap(rowsOf)].join("\n")}\n`);
    const rows = readCsv(readFileSync(file, "utf8"));
    for (const pupil of pupils) {
      const mine = rows.filter((row) => row.pupil_id === pupil);
      const { finding, flags } = JSON.parse(explain(pupil, file, "--json"));
      const open = openFlags(mine, pupil);
      assert.equal(flags.length, open.length, pupil);
      if (open.length === 0) {
        assert.equal(finding, null);
        continue;
      }
      const recent = recentOf(mine, pupil, DATE);
      const { pattern, days, share, figures, run_from, most, well } = finding;
      assert.deepEqual({ days, share, figures, run_from, most, well }, told(recent, pattern), pupil);
      const { severity } = flags[finding.told[0]];
      assert.deepEqual({ severity, pattern }, leadOf(open), pupil);
      const earliest = flags
        .flatMap((flag) => flag.evidence.map((each) => each.from || runFrom(mine, pupil, flag.raised_on)))
        .sort()[0];
      assert.equal(finding.since, firstSign(mine, pupil, earliest, DATE) ?? undefined, pupil);
      const [lead, condition] = finding.told;
      assert.ok(condition < flags[lead].evidence.length);
      assert.equal(
        finding.holds,
        flags[lead].now.every((each) => each.holds),
        pupil,
      );
      const sentence = explain(pupil, file).split("\n")[1];
      const read = contradictions(sentence, recent);
      assert.deepEqual(read.wrong, [], pupil);
      claims += read.claims;
      patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
      held.set(finding.holds, (held.get(finding.holds) ?? 0) + 1);
    }
  }
  assert.ok(patterns.size >= 8, [...patterns].join());
  assert.ok(held.get(true) > 20 && held.get(false) > 20, [...held].join());
  assert.ok(claims > 600, `${claims} claims`);
});
