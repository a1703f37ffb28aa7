// narvaro explain: sentences word by word on a small case, what would clear a flag on the eve of its clearing for those of
// tests/vectors, and the daemon against files.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program, run } from "./demo/stage.mjs";
import { Lonely, schoolFiles } from "./lonely.mjs";
import { nextDate } from "./naive/civil.mjs";
import { readCsv } from "./naive/csv.mjs";
import { readRules } from "./naive/detect.mjs";
import { recentOf } from "./naive/finding.mjs";
import en from "../dashboard/web/i18n/en.js";
import sv from "../dashboard/web/i18n/sv.js";

const folder = mkdtempSync(join(tmpdir(), "narvaro-explain-"));
after(() => rmSync(folder, { recursive: true }));
const explain = (...words) => run(program("narvaro"), ["explain", ...words]);
const RULES = `rules = (
  { id = "share"; severity = 3;
    when = ( { measure = "absence_share"; days = 4; at_least = 12.50; min_days = 2; }, { measure = "spells"; days = 4; at_least = 1; } );
    clear = { measure = "absence_share"; days = 2; below = 5.00; for_days = 3; min_days = 1; }; },
  { id = "row"; severity = 2; when = ( { measure = "absent_run"; at_least = 1; } );
    clear = { measure = "absent_run"; below = 1; for_days = 1; }; }
);`;
writeFileSync(join(folder, "rules.cfg"), RULES);

// Two lessons of 90 minutes a day from Monday 2026-09-07: the first of Tuesday is missed, Wednesday is missed.
function lessons() {
  const rows = ["pupil_id,class,date,start,minutes,subject,status,absent_minutes"];
  for (let day = 0; day < 5; day++)
    for (const [i, start] of ["08:00", "10:00"].entries()) {
      const missed = day === 2 || (day === 1 && i === 0);
      rows.push(`p1,7A,${nextDate("2026-09-07", day)},${start},90,ma,${missed ? "reported,90" : "present,0"}`);
    }
  return `${rows.join("\n")}\n`;
}
writeFileSync(join(folder, "lessons.csv"), lessons());
const files = ["--rules", join(folder, "rules.cfg"), "--attendance", join(folder, "lessons.csv")];

test("word by word, in both languages", () => {
  assert.equal(
    explain("p1", ...files, "--date", "2026-09-10").stdout,
    `Elev p1, till och med 2026-09-10:
Frånvaro vid 2 olika tillfällen de 4 skoldagarna fram till 2026-09-10; 38 % frånvaro.
Det som fungerar: Med på 5 av 8 lektioner de senaste 4 skoldagarna.

Flagga share, nivå 3, höjd 2026-09-08 (reglernas version 1).
  Varför: 25,0 % frånvaro utöver beviljad ledighet de 2 skoldagarna 2026-09-07 till 2026-09-08 (1,5 av 6,0 timmar). Skolans gräns: minst 12,5 %.
  Varför: 1 frånvarotillfälle de 2 skoldagarna 2026-09-07 till 2026-09-08. Skolans gräns: minst 1.
  Släcks när värdet (frånvaro utöver beviljad ledighet) är under 5 %, 3 skoldagar i rad.
  Nu: 50,0 % frånvaro utöver beviljad ledighet de 2 skoldagarna 2026-09-09 till 2026-09-10 (3,0 av 6,0 timmar). Räknade skoldagar hittills: 0 av 3.
`,
  );
  assert.equal(
    explain("p1", ...files, "--language", "en", "--all").stdout,
    `Pupil p1, up to and including 2026-09-11:
Absent 2 separate times in the 5 school days up to 2026-09-11; 30 % absence.
What works: Present at 7 of 10 lessons in the latest 5 school days.

Flag share, severity 3, raised 2026-09-08 (version 1 of the rules).
  Why: 25.0 % absence beyond granted leave in the 2 school days 2026-09-07 to 2026-09-08 (1.5 of 6.0 hours). The school's threshold: at least 12.5 %.
  Why: 1 separate spell of absence in the 2 school days 2026-09-07 to 2026-09-08. The school's threshold: at least 1.
  Clears when the value (absence beyond granted leave) is below 5 %, 3 school days in a row.
  Now: 0.0 % absence beyond granted leave in the 2 school days 2026-09-10 to 2026-09-11 (0.0 of 6.0 hours). School days counted so far: 1 of 3.

Flag row, severity 2, raised 2026-09-09 (version 1 of the rules), cleared 2026-09-10.
  Why: 1 whole day absent in a row. The school's threshold: at least 1.
`,
  );
});

test("every measure has a sentence, in both languages", () => {
  const rows = [
    ...readFileSync("daemon/core/detect/measures.h", "utf8").matchAll(/^\s+ROW\([A-Z_]+, "([a-z_]+)", ([A-Z_]+),/gm),
  ];
  const KEYS = {
    RUN: "",
    TERM_START: "days = 20; ",
    RISE: "days = 2; baseline_days = 2; min_days = 1; baseline_min_days = 1; ",
    SHARE: "days = 4; min_days = 1; ",
  };
  const HOLDS = { RISE: ["at_least = -100", "below = -99"], WEEKDAY: ["at_most = 1", "above = 1"] };
  const rule = ([, measure, kind], i) => {
    const [raises, clears] = (HOLDS[kind] ?? ["at_least = 0", "below = 0"]).map(
      (limit) => `measure = "${measure}"; ${KEYS[kind] ?? "days = 4; "}${limit};`,
    );
    return `{ id = "rule-${i}"; severity = 1; when = ( { ${raises} } ); clear = { ${clears} for_days = 1; }; }`;
  };
  writeFileSync(join(folder, "each.cfg"), `rules = ( ${rows.map(rule).join(",\n")} );`);
  for (const [language, { kinds, measures }] of Object.entries({ sv, en })) {
    const { stdout } = explain(
      "p1",
      "--rules",
      join(folder, "each.cfg"),
      "--attendance",
      join(folder, "lessons.csv"),
      "--language",
      language,
    );
    const told = stdout.split(/\n\n/).slice(1);
    assert.equal(told.length, rows.length, stdout);
    for (const [i, flag] of told.entries()) {
      const own = measures[rows[i][1]];
      assert.match(flag, new RegExp(`rule-${i},`), flag);
      assert.doesNotMatch(flag, /[{}|]|_| {2}\S+: {2}| \.|\(\)|null/, flag);
      const name = (own.name ?? kinds[own.kind].name).replace("{many}", own.many);
      assert.ok(flag.includes(`(${name})`), `${name}: ${flag}`);
    }
  }
});

test("the threshold of a probability is told in times of a hundred", () => {
  writeFileSync(
    join(folder, "tail.cfg"),
    `rules = ( { id = "tail"; severity = 1; when = ( { measure = "weekday_tail"; days = 40; at_most = 0.075; } );
    clear = { measure = "weekday_tail"; days = 40; above = 0.5; for_days = 1; }; } );`,
  );
  // Mondays away, all others there, among classmates who are never away.
  const rows = ["pupil_id,class,date,start,minutes,subject,status,absent_minutes"];
  for (let day = 0; day < 70; day++)
    for (const pupil of day % 7 < 5 ? ["p1", "p2", "p3"] : []) {
      const away = pupil === "p1" && day % 7 === 0 && day > 35;
      rows.push(`${pupil},7A,${nextDate("2026-09-07", day)},08:00,90,ma,${away ? "reported,90" : "present,0"}`);
    }
  writeFileSync(join(folder, "mondays.csv"), `${rows.join("\n")}\n`);
  const mondays = ["p1", "--rules", join(folder, "tail.cfg"), "--attendance", join(folder, "mondays.csv")];
  assert.match(
    explain(...mondays).stdout,
    /borta \d av \d måndagar, .* Skolans gräns: högst 7,5 gånger på 100 av en slump\./,
  );
  assert.match(
    explain(...mondays, "--language", "en").stdout,
    /Clears when the value \(.*\) is above 50 times in 100 by chance, 1 school day in a row/,
  );
  assert.equal(JSON.parse(explain(...mondays, "--json").stdout).flags[0].evidence[0].threshold_hundredths, 7.5);
});

test("on the eve of its clearing a flag is one day short", () => {
  const rows = readCsv(readFileSync("tests/vectors/detection-1.attendance.csv", "utf8")).filter(
    (row) => !["cancelled", "exempt"].includes(row.status),
  );
  const rulesFile = "tests/vectors/odd-rules.cfg";
  const known = new Map();
  for (const { pupil_id: pupil, date, status } of rows)
    if (status !== "unknown") known.set(pupil, (known.get(pupil) ?? new Set()).add(date));
  const rules = new Map(readRules(readFileSync(rulesFile, "utf8")).map((rule) => [rule.id, rule]));
  const cleared = readCsv(readFileSync("tests/vectors/detection-1.odd-flags.csv", "utf8")).filter(
    (flag) => flag.cleared_on,
  );
  const measures = new Set();
  for (const flag of cleared.filter((_, i) => i % 7 === 0)) {
    const eve = [...known.get(flag.pupil_id)]
      .filter((date) => date < flag.cleared_on)
      .sort()
      .at(-1);
    const words = [
      flag.pupil_id,
      "--json",
      "--rules",
      rulesFile,
      "--attendance",
      "tests/vectors/detection-1.attendance.csv",
      "--date",
      eve,
    ];
    if (eve === flag.raised_on) continue;
    const told = JSON.parse(explain(...words).stdout).flags.find(
      (one) => one.rule === flag.rule && one.raised_on === flag.raised_on,
    );
    assert.ok(told, `${flag.pupil_id} ${flag.rule} on ${eve}`);
    const { clear } = rules.get(flag.rule);
    assert.equal(told.clear.measure, clear.measure);
    assert.equal(told.clear.for_days, clear.for_days);
    assert.equal(told.clear.counted, clear.for_days - 1, `${flag.pupil_id} ${flag.rule} ${flag.raised_on} on ${eve}`);
    measures.add(clear.measure);
  }
  assert.ok(measures.size > 6, [...measures].join());
});

// The rest of the class of the pupil's latest day, from the rows.
function restOf(rows, id, { from, through }) {
  const mine = rows
    .filter((row) => row.pupil_id === id && row.date <= through)
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const within = rows.filter(
    (row) => row.class === mine.at(-1).class && row.date >= from && row.date <= through && row.pupil_id !== id,
  );
  const rest = { absent_minutes: 0, expected_minutes: 0 };
  for (const row of within) {
    if (!["present", "late", "reported", "unreported"].includes(row.status)) continue;
    rest.expected_minutes += Number(row.minutes);
    rest.absent_minutes += Number(row.absent_minutes);
  }
  return [rest.absent_minutes, rest.expected_minutes];
}

test("the daemon tells what the files tell, subjects by name", async () => {
  const rules = RULES.replace(
    /\n\);$/,
    `,
  { id = "subject"; severity = 1; when = ( { measure = "subject_missed_share"; days = 20; at_least = 0.00; } );
    clear = { measure = "subject_missed_share"; days = 20; below = 0.00; for_days = 1; }; },
  { id = "lessons"; severity = 1; when = ( { measure = "unreported_lessons"; days = 9; at_least = 1; } );
    clear = { measure = "unreported_lessons"; days = 9; below = 1; for_days = 2; }; }
);`,
  );
  const lonely = new Lonely({ rules });
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
  const offline = ["--rules", lonely.rules, "--attendance", "tests/vectors/school-plain/expected-attendance.csv"];
  const rows = readCsv(readFileSync("tests/vectors/school-plain/expected-attendance.csv", "utf8"));
  const unknownOf = (id, from, to) =>
    rows
      .filter((row) => row.pupil_id === id && row.status === "unknown" && row.date >= from && row.date <= to)
      .sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.start < b.start ? -1 : 1))
      .map((row) => `${row.date} ${row.start}`);
  const SENTENCES = {
    sv: {
      no_cover: "salen har ingen terminal",
      silent_lesson: "nästan ingen checkade in",
      after_unknown: "fortsätter en lektion utan uppgift",
    },
    en: {
      no_cover: "the room has no terminal",
      silent_lesson: "next to nobody checked in",
      after_unknown: "it goes on from a lesson of which nothing is known",
    },
  };
  const rooms = new Set(readCsv(schoolFiles("school-plain", ["terminals"]).terminals).map(({ room }) => room));
  const whys = new Set();
  let flags = 0;
  for (let pupil = 0; pupil < 50; pupil += 7) {
    const id = `e${String(pupil).padStart(4, "0")}`;
    for (const date of ["2026-10-20", "2026-10-27"]) {
      const { unknown, ...told } = JSON.parse(lonely.tell("explain", id, "--json", "--all", "--date", date));
      assert.deepEqual(
        unknown.lessons.map((lesson) => `${lesson.date} ${lesson.start}`),
        unknownOf(id, unknown.from, date),
      );
      assert.ok(unknown.from <= nextDate(date, -27) && unknown.to === date && !unknown.more);
      for (const lesson of unknown.lessons) {
        assert.equal(lesson.why === "no_cover", !rooms.has(lesson.room), JSON.stringify(lesson));
        whys.add(lesson.why);
      }
      for (const [language, sentences] of Object.entries(SENTENCES)) {
        const text = lonely.tell("explain", id, "--date", date, "--language", language);
        assert.deepEqual(
          text.split("\n").filter((line) => /^ {2}\d{4}-/.test(line)),
          unknown.lessons.map(
            ({ why, ...one }) =>
              `  ${one.date} ${one.start} ${one.subject}, ${one.group}, ${one.room}: ${sentences[why]}`,
          ),
        );
      }
      const fromFiles = JSON.parse(explain(id, "--json", "--all", "--date", date, ...offline).stdout);
      if (fromFiles.finding) fromFiles.finding.class = restOf(rows, id, recentOf(rows, id, date)); // files do not tell it
      assert.deepEqual(told, fromFiles, `${id} ${date}`);
      flags += told.flags.length;
    }
  }
  assert.ok(flags > 20, `${flags} flags`);
  assert.deepEqual([...whys].sort(), ["after_unknown", "no_cover", "silent_lesson"]);
  assert.match(lonely.narvaro("explain", "nobody").stderr, /no lesson of that pupil/);
});

test("what is asked wrongly", () => {
  for (const words of [
    [],
    ["p1", "p2"],
    ["p1", "--date", "x"],
    ["p1", "--language", "no"],
    ["p1", "--rules", "config/rules.cfg"],
  ])
    assert.equal(explain(...words).status, 2, words.join(" "));
  assert.match(explain("p9", ...files).stderr, /has no pupil p9/);
});
