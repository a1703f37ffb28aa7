// Retention by a real daemon on five school years: what is due goes, what remains is the same, held pupils lose nothing, and
// nothing of what went is in any file any more.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { run, until } from "./demo/stage.mjs";
import { admin, insert, pack, rows, sqlite } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const day = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
const NOW = "2026-11-20T01:30:00Z";
const KNOWN = Date.parse("2022-08-01T00:00:00Z");
const DAY_MS = 86400000;
const YEARS = [2022, 2023, 2024, 2025, 2026];
const PUPILS = [
  { id: "p-here", given: "Hanna" },
  { id: "p-mate", given: "Matteo" },
  { id: "p-more", given: "Moa" },
  { id: "p-gone", given: "Gunborg", to: "2025-06-10" }, // left before the last school year began
  { id: "p-late", given: "Laban", to: "2026-06-10" }, // left this summer
  { id: "p-case", given: "Casimir", to: "2025-06-10" }, // left as well, with an open case
];
const datesOf = (year) =>
  Array.from({ length: 70 }, (_, i) => day(`${year}-09-01`) + i).filter((date) => (date + 3) % 7 < 5);
const there = (pupil, date) => !pupil.to || date <= day(pupil.to);
const token = (index) => 9000 + index;
const ask = (request) => admin(lonely.control, request);
let lonely;

// Two lessons a date for one class; some pupils are away by a fixed pattern, so that flags are raised.
function outcomes(index, date, number) {
  return [0, 1].map((i) => {
    const absent = (date * 7 + index * 3 + i) % (4 + index) === 0;
    return {
      lesson: number + i,
      start: 480 + 70 * i,
      minutes: 60,
      absent: absent ? 60 : 0,
      subject: i + 1,
      status: absent ? "unreported" : "present",
    };
  });
}

function schoolSql() {
  const text = ["BEGIN;\n"];
  let number = 1;
  text.push(
    insert("subject", [
      { subject: 1, name: "Matematik" },
      { subject: 2, name: "Svenska" },
    ]),
  );
  PUPILS.forEach((pupil, index) => {
    text.push(
      insert("pupil", [
        {
          pupil_id: pupil.id,
          given_name: `${pupil.given}tidigare`,
          family_name: "Före",
          class: "8B",
          year: "8",
          protected: 0,
          known_from_ms: KNOWN,
          known_to_ms: KNOWN + 1,
        },
        {
          pupil_id: pupil.id,
          given_name: pupil.given,
          family_name: "Nilsson",
          class: "8B",
          year: "8",
          protected: 0,
          to_day: pupil.to ? day(pupil.to) : null,
          known_from_ms: KNOWN + 1,
        },
      ]),
      insert("member", [
        { group_id: "8B", pupil_id: pupil.id, to_day: pupil.to ? day(pupil.to) : null, known_from_ms: KNOWN },
      ]),
      insert("card", [
        {
          token: token(index),
          pupil_id: pupil.id,
          to_ms: pupil.to ? (day(pupil.to) + 1) * DAY_MS : null,
          known_from_ms: KNOWN,
        },
      ]),
      insert("guardian", [
        {
          pupil_id: pupil.id,
          name: `Vårdnad ${pupil.given}`,
          phone: "070",
          email: "",
          priority: 1,
          known_from_ms: KNOWN,
        },
      ]),
    );
  });
  for (const year of YEARS)
    for (const date of datesOf(year)) {
      const at = date * 86400000 + 7 * 3600000;
      text.push(
        insert(
          "lesson",
          [0, 1].map((i) => ({ lesson: number + i, lesson_id: `l-${number + i}` })),
        ),
        insert(
          "lesson_version",
          [0, 1].map((i) => ({
            lesson: number + i,
            group_id: "8B",
            subject: i ? "Svenska" : "Matematik",
            room: "r1",
            day: date,
            start_minute: 480 + 70 * i,
            end_minute: 540 + 70 * i,
            state: "held",
            known_from_ms: KNOWN,
          })),
        ),
        insert("school_day", [{ day: date, lessons_closed: 2, closed_ms: at, decided_ms: at }]),
        insert("group_day", [
          { kind: "class", name: "8B", day: date, pupils: 6, expected_minutes: 720, absent_minutes: 60 },
        ]),
      );
      PUPILS.forEach((pupil, index) => {
        if (!there(pupil, date)) return;
        text.push(
          insert("pupil_day", [
            { pupil_id: pupil.id, day: date, class: "8B", outcomes: pack(outcomes(index, date, number)) },
          ]),
          insert("imported_tap", [
            { terminal_id: "t-1", token: token(index), at_ms: at, day: date, known_from_ms: at },
          ]),
          insert("event", [
            {
              terminal_id: "t-1",
              generation: 1,
              sequence: number * 10 + index,
              last_sequence: number * 10 + index,
              kind: "tap",
              boot: 1,
              mono_ms: 1,
              at_ms: at,
              from_ms: 0,
              clock: "synced",
              age_ms: 1,
              token: token(index),
              reader: 1,
              feedback: "ok",
              received_ms: at,
              settled_ms: at,
              settled_day: date,
            },
          ]),
        );
        if (date === datesOf(year)[3])
          text.push(
            insert("mark", [
              {
                lesson: number,
                pupil_id: pupil.id,
                status: "present",
                absent_minutes: 0,
                recorded_ms: at,
                known_from_ms: at,
                author: "lind",
              },
            ]),
            insert("absence", [
              { pupil_id: pupil.id, type: "reported", from_ms: at, to_ms: at + 3600000, known_from_ms: at },
            ]),
            insert("task", [
              {
                kind: "guardian",
                pupil_id: pupil.id,
                day: date,
                lessons: "[]",
                created_ms: at,
                closed_ms: at,
                closed_why: "reported",
              },
            ]),
            ...(year < 2025
              ? [
                  insert("flag", [
                    {
                      flag: number * 10 + index,
                      pupil_id: pupil.id,
                      rule: "partial-3",
                      severity: 2,
                      rules_version: 1,
                      raised_day: date,
                      cleared_day: date + 20,
                      evidence: "[]",
                      decided_ms: at,
                    },
                  ]),
                  insert("flag_change", [
                    { flag: number * 10 + index, change: "raised", day: date, why: "", recorded_ms: at },
                  ]),
                ]
              : []),
          );
      });
      number += 2;
    }
  // A tap that never got a time, a boot of the terminal, and a card that went on from p-gone to p-more.
  const odd = (sequence, kind, more) => ({
    terminal_id: "t-1",
    generation: 2,
    sequence,
    last_sequence: sequence,
    kind,
    boot: 1,
    mono_ms: 1,
    at_ms: 0,
    from_ms: 0,
    clock: "unset",
    age_ms: -1,
    token: 0,
    reader: 1,
    feedback: "none",
    received_ms: day("2023-10-02") * 86400000,
    ...more,
  });
  text.push(
    insert("event", [odd(1, "boot"), odd(2, "tap", { token: token(0) }), odd(3, "enrol", { token: 777 })]),
    insert("card", [
      { token: token(3), pupil_id: "p-more", from_ms: day("2025-08-15") * DAY_MS, known_from_ms: KNOWN },
    ]),
    insert("imported_tap", [
      {
        terminal_id: "t-2",
        token: token(3),
        at_ms: day("2025-09-03") * 86400000,
        day: day("2025-09-03"),
        known_from_ms: 0,
      },
    ]),
  );
  return [...text, "COMMIT;\n"].join("");
}

const flagsSince = (from) =>
  rows(
    lonely.database,
    `SELECT pupil_id, rule, rules_version, raised_day, cleared_day, evidence, withdrawn_ms FROM flag WHERE raised_day >= ${day(from)} ORDER BY 1, 2, 4`,
  );
const daysOf = (pupil) =>
  rows(
    lonely.database,
    `SELECT day, hex(outcomes) AS outcomes FROM pupil_day WHERE pupil_id = '${pupil}' ORDER BY day`,
  );
const count = (sql) => rows(lonely.database, `SELECT count(*) AS n FROM ${sql}`)[0].n;
const files = () => Buffer.concat(["", "-wal"].map((end) => readFileSync(lonely.database + end))).toString("latin1");
const latin = (text) => Buffer.from(text).toString("latin1");

before(async () => {
  lonely = new Lonely({ rules: readFileSync("tests/rules-25.cfg", "utf8") });
  await lonely.at(NOW);
  await lonely.stage.stop("narvarod");
  sqlite(lonely.database, schoolSql());
  await lonely.at(NOW);
  lonely.tell("rules", "apply", lonely.rules, "--why", "flags of the stored days");
});
after(() => lonely?.end());

test("flags of this and the last school year are there to be kept", () => {
  assert.ok(flagsSince("2026-08-01").length > 3 && flagsSince("2025-08-01").length > flagsSince("2026-08-01").length);
  assert.ok(
    flagsSince("2025-08-01").some(({ pupil_id: pupil }) => pupil === "p-late"),
    "a classmate who left is among them",
  );
});

test("a dry run tells what goes when, and changes nothing", async () => {
  const dump = () => run("sqlite3", [lonely.database, ".dump"]).stdout;
  const before = dump();
  const { ok, on, kinds } = await ask({ do: "retention", held: ["p-case"], commit: false });
  assert.deepEqual([ok, on], [true, "2026-11-20"]);
  const told = Object.fromEntries(kinds.map((kind) => [kind.kind, kind]));
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ["taps", "outcomes", "absences", "marks", "register", "flags", "tasks", "guardians", "pupils"],
  );
  assert.deepEqual(
    told.taps.due.map((due) => [due.on, due.before]),
    [
      ["2026-11-20", "2025-08-01"],
      ["2027-08-01", "2026-08-01"],
      ["2028-08-01", "2027-08-01"],
    ],
  );
  assert.deepEqual(
    [told.outcomes.school_years, told.outcomes.due[0].before, told.guardians.days, told.guardians.due[0].before],
    [3, "2024-08-01", 90, "2026-08-22"],
  );
  const perYear = datesOf(2022).length;
  // Not those of p-case: five pupils in 2022 and 2023, and their taps of 2024, twice each; one tap and one enrolment without a date.
  assert.deepEqual([told.outcomes.due[0].rows, told.outcomes.due[1].rows], [2 * 5 * perYear, 5 * perYear]);
  assert.deepEqual(told.taps.due[0].rows, 2 * 3 * 5 * perYear + 2);
  assert.deepEqual([told.pupils.due[0].rows, told.pupils.due[1].rows], [1, 1]);
  assert.deepEqual(
    [told.flags.due[0].rows, told.tasks.due[0].rows, told.marks.due[0].rows, told.absences.due[0].rows],
    [10, 10, 10, 10],
  );
  assert.equal(told.guardians.due[0].rows, 2);
  assert.equal(dump(), before);
});

test("what is due goes, and only that", async () => {
  const kept = flagsSince("2025-08-01");
  const here = daysOf("p-here").filter(({ day: date }) => date >= day("2024-08-01"));
  const held = daysOf("p-case");
  const { kinds } = await ask({ do: "retention", held: ["p-case"], commit: false });
  const erased = {};
  for (let more = true; more;) {
    const answer = await ask({ do: "retention", held: ["p-case"], commit: true });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    for (const [kind, n] of Object.entries(answer.erased)) erased[kind] = (erased[kind] ?? 0) + n;
    more = answer.more;
  }
  assert.deepEqual(
    erased,
    Object.fromEntries(kinds.map(({ kind, due }) => [kind, due[0].rows])),
    "as the dry run told",
  );
  assert.deepEqual(flagsSince("2025-08-01"), kept);
  assert.deepEqual(daysOf("p-here"), here);
  assert.deepEqual(daysOf("p-case"), held);
  assert.deepEqual(daysOf("p-gone"), []);
  assert.ok(daysOf("p-late").length > 0, "its outcomes are compared with the classmates' still");
  assert.equal(count(`imported_tap WHERE day < ${day("2025-08-01")} AND token <> ${token(5)}`), 0);
  assert.equal(count(`event WHERE settled_day < ${day("2025-08-01")} AND token <> ${token(5)}`), 0);
  assert.deepEqual(
    [count("event WHERE kind IN ('boot')"), count("event WHERE settled_day IS NULL AND kind <> 'boot'")],
    [1, 0],
  );
  assert.equal(count("imported_tap WHERE terminal_id = 't-2'"), 1, "a tap of the card's next holder stays");
  assert.equal(
    count(`lesson_version WHERE day < ${day("2024-08-01")}`),
    count(`mark m JOIN lesson_version v ON v.lesson = m.lesson WHERE v.day < ${day("2024-08-01")}`),
    "lessons stay with a held pupil's marks",
  );
  assert.equal(count("guardian WHERE pupil_id IN ('p-gone', 'p-late')"), 0);
  assert.equal(count("guardian"), 4);
  assert.equal((await ask({ do: "retention", held: ["p-case"], commit: true })).more, false);
});

test("no file holds what was erased", async () => {
  await until("the files to be clean", () => !files().includes("Gunborg"));
  const bytes = files();
  for (const word of ["Gunborg", "p-gone", "Vårdnad Laban", "Hannatidigare"])
    assert.ok(!bytes.includes(latin(word)), word);
  for (const word of ["Hanna", "p-case", "Laban"]) assert.ok(bytes.includes(latin(word)), `${word} is still there`);
});

test("a restart and deciding everything anew change no flag of what remains", async () => {
  const kept = flagsSince("2024-08-01");
  const changes = count("flag_change");
  await lonely.at("2026-11-20T02:30:00Z");
  lonely.tell("rules", "apply", lonely.rules, "--why", "the same again");
  assert.deepEqual(flagsSince("2024-08-01"), kept);
  assert.equal(count("flag_change"), changes);
});

test("dates without taps are frozen: no correction, and no roll is taken of them", async () => {
  const instant = (text) => `${text}Z`;
  const report = (date) =>
    ask({
      do: "absence_report",
      author: "eva",
      pupil: "p-here",
      type: "reported",
      from: instant(`${date}T06:00:00`),
      to: instant(`${date}T07:00:00`),
    });
  assert.deepEqual(await report("2025-06-05"), {
    ok: false,
    errors: ["the absence is too long ago, or too far ahead"],
  });
  assert.equal((await report("2025-09-03")).ok, true);
  const before = daysOf("p-here");
  const frozen = day("2024-11-01");
  sqlite(lonely.database, `UPDATE school_day SET decided_ms = NULL WHERE day = ${frozen}`); // as if it waited for its roll
  await lonely.at("2026-11-20T02:40:00Z");
  assert.deepEqual(daysOf("p-here"), before);
  assert.equal((await ask({ do: "retention", held: "p", commit: true })).ok, false);
});

test("a pupil is erased on decision, and the classmates are decided anew", async () => {
  assert.deepEqual(await ask({ do: "erase", pupil: "p-none", author: "ivar", why: "moved" }), {
    ok: false,
    errors: ["there is no such pupil"],
  });
  assert.deepEqual(await ask({ do: "erase", pupil: "p-mate", author: "ivar", why: "" }), {
    ok: false,
    errors: ["erase needs pupil, author and why"],
  });
  assert.deepEqual(await ask({ do: "erase", pupil: "p-mate", author: "ivar", why: "moved, protected identity" }), {
    ok: true,
  });
  await until("the files to be clean", () => !files().includes("Matteo"));
  for (const word of ["Matteo", "p-mate"]) assert.ok(!files().includes(word), word);
  assert.ok(flagsSince("2025-08-01").some(({ pupil_id: pupil }) => pupil === "p-here"));
  const stored = () => flagsSince("2025-08-01").filter(({ withdrawn_ms: withdrawn }) => !withdrawn);
  const decided = stored();
  await lonely.at("2026-11-20T03:00:00Z");
  lonely.tell("rules", "apply", lonely.rules, "--why", "the same once more");
  assert.deepEqual(stored(), decided, "what was decided without the pupil is what a new start decides");
});
