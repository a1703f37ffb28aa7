// Support in time by the API over random schools, against tests/naive/intime.mjs; what is published of a term, and who may.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fromSeed } from "./demo/random.mjs";
import { bodyOf, insert, pack, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";
import { figuresOf, rowsOf } from "./naive/intime.mjs";

const dayOf = (date) => Date.parse(date) / 86400000;
const textOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const CALENDAR = [
  { from: "2024-08-19", to: "2025-06-11", kind: "lasar" },
  { from: "2025-08-18", to: "2026-06-12", kind: "lasar" },
  { from: "2025-10-27", to: "2025-10-31", kind: "lov" },
  { from: "2025-12-20", to: "2026-01-08", kind: "lov" },
  { from: "2026-08-17", to: "2027-06-11", kind: "lasar" },
  { from: "2026-10-26", to: "2026-10-30", kind: "lov" },
];
const LAGS = ["sign_flag", "flag_contact", "contact_mapping", "flag_measure", "measure_evaluated"];
const OUTCOMES = ["attendance_up", "other_support", "moved", "handed_over", "other"];
const MEASURES = [
  "school_day",
  "teaching",
  "adult",
  "way_to_school",
  "peers",
  "place",
  "catch_up",
  "home",
  "other_actor",
  "other",
];
const NAMES = { lagNames: LAGS, outcomes: OUTCOMES, measures: MEASURES };
const TABLES = ["support_case", "answer", "answer_rule", "case_step", "case_measure", "case_end", "case_voice"];
const ATTENDANCE = ["pupil", "pupil_day", "flag", "school_day"];
const SCHOOLS = Math.ceil(12 / Number(process.env.FEWER ?? 4));
const RULES = ["late-3", "absence-15", "spells"];

/** A school of two years: flags, cases with everything that figures are of, in every order that may be. */
function randomSchool(seed) {
  const random = fromSeed(seed);
  const { chance, pick } = random;
  const tables = Object.fromEntries([...TABLES, ...ATTENDANCE].map((table) => [table, []]));
  const schoolDays = Array.from({ length: TODAY - dayOf("2025-01-01") }, (_, i) => dayOf("2025-01-01") + i).filter(
    (day) => (day + 3) % 7 < 5,
  );
  for (const day of schoolDays) tables.school_day.push({ day, lessons_closed: 1, closed_ms: 1, decided_ms: 1 });
  const some = random.pick([1, 3, 6]); // how few kinds of measures: few make groups large enough
  for (let i = 0; i < 70; i++) {
    const pupil = `r-${i}`;
    const inclination = random.next() ** 2;
    tables.pupil.push({
      pupil_id: pupil,
      given_name: "A",
      family_name: "B",
      class: "8A",
      year: "8",
      protected: chance(0.05) ? 1 : 0,
      known_from_ms: 0,
    });
    for (const day of schoolDays) {
      if (chance(0.1)) continue;
      const lessons = [480, 560].map((start) => {
        const status = chance(inclination / 2)
          ? pick(["late", "reported", "leave", "unreported", "unknown"])
          : "present";
        const absent = status === "late" ? 9 : ["reported", "leave", "unreported"].includes(status) ? 60 : 0;
        return { start, minutes: 60, absent, subject: 0, status };
      });
      tables.pupil_day.push({ pupil_id: pupil, day, class: "8A", outcomes: pack(lessons) });
    }
    addCases(tables, random, pupil, some);
  }
  return tables;
}

function addCases(tables, { between, chance, pick }, pupil, kinds) {
  let day = dayOf("2025-03-10") + between(0, 300);
  while (day < TODAY - 5 && chance(0.8)) {
    const number = tables.support_case.length + 1;
    const raised = RULES.filter(() => chance(0.5)).map((rule) => ({
      flag: tables.flag.length + 1 + RULES.indexOf(rule) * 100000,
      pupil_id: pupil,
      rule,
      severity: between(1, 4),
      rules_version: 1,
      raised_day: day - between(0, 9),
      cleared_day: chance(0.6) ? null : day + between(-4, 20),
      evidence: JSON.stringify(
        Array.from({ length: between(1, 3) }, () => ({ measure: "late", from: textOf(day - between(10, 60)) })),
      ),
      decided_ms: 1,
      withdrawn_ms: chance(0.9) ? null : (day + between(-3, 9)) * 86400000,
    }));
    tables.flag.push(...raised);
    const answer = tables.answer.length + 1;
    const confirm = { pupil_id: pupil, user: "eva", kind: "confirm", reason: "", until_day: 0, case_number: number };
    const opened = day;
    tables.answer.push({ answer, ...confirm, severity: between(1, 4), day, at_ms: day * 86400000, undone_ms: null });
    for (const { rule } of raised) if (chance(0.9)) tables.answer_rule.push({ answer, rule });
    const steps = () => day + between(0, 40);
    for (const kind of ["contact", "contact", "mapping", "inquiry"])
      if (chance(0.6)) {
        const began = steps();
        const done = chance(0.8) ? began + between(0, 15) : null;
        const skipped = done !== null && chance(0.15) ? "not_needed" : null;
        tables.case_step.push({
          number,
          kind,
          began_day: began,
          due_day: began + 9,
          owner: "eva",
          user: "eva",
          at_ms: 1,
          done_day: done,
          skipped_reason: skipped,
        });
      }
    for (let i = between(0, 3); i > 0; i--) {
      const began = steps();
      const evaluated = chance(0.7) ? began + between(0, 40) : null;
      tables.case_measure.push({
        measure: tables.case_measure.length + 1,
        number,
        kind: MEASURES[between(0, kinds - 1)],
        note: "",
        owner: "eva",
        began_day: began,
        due_day: began + 20,
        user: "eva",
        at_ms: 1,
        evaluated_day: evaluated,
        result: evaluated === null ? null : "better",
      });
    }
    if (chance(0.4))
      tables.answer.push({
        answer: answer + 1,
        ...confirm,
        severity: between(1, 4),
        day: steps(),
        at_ms: (day + 41) * 86400000,
        undone_ms: chance(0.2) ? 1 : null,
      });
    if (chance(0.6)) tables.case_voice.push({ number, wants: "[]", note: "", day: steps(), user: "eva", at_ms: 1 });
    const undone = chance(0.05);
    const last = day + between(5, 150);
    const closed = !undone && last < TODAY;
    tables.support_case.push({
      number,
      pupil_id: pupil,
      status: undone ? "undone" : closed ? "closed" : "open",
      owner: "eva",
      opened_by: "eva",
      next_day: day + 9,
      opened_ms: day * 86400000,
      opened_day: opened,
      year: 2025,
      serial: number,
    });
    if (closed)
      tables.case_end.push({ number, outcome: pick(OUTCOMES), user: "eva", day: last, at_ms: 1, undone_ms: null });
    day = closed || undone ? last + between(1, 60) : TODAY;
  }
}

const put = (db, order, tables) =>
  sqlite(
    db,
    `PRAGMA foreign_keys = OFF; BEGIN; ${order.map((table) => `DELETE FROM ${table};`).join("")}${order.map((table) => insert(table, tables[table])).join("")}COMMIT;`,
  );

describe("support in time", () => {
  let web;
  const who = {};
  before(async () => {
    web = await startWeb({ users: USERS });
    sqlite(
      web.db,
      `DELETE FROM calendar;${insert(
        "calendar",
        CALENDAR.map(({ from, to, kind }) => ({ from_day: dayOf(from), to_day: dayOf(to), kind, known_from_ms: 1 })),
      )}`,
    );
    for (const { user } of USERS) who[user] = await signIn(web, user);
  });
  after(() => web.stop());

  const bring = (seed) => {
    const tables = randomSchool(seed);
    put(web.db, ATTENDANCE, tables);
    put(web.casebook, TABLES, tables);
  };
  /** As they are stored, read by another program. */
  const stored = () => ({
    ...Object.fromEntries(TABLES.map((table) => [table, rows(web.casebook, `SELECT * FROM ${table}`)])),
    ...Object.fromEntries(["pupil", "flag"].map((table) => [table, rows(web.db, `SELECT * FROM ${table}`)])),
    pupil_day: rows(web.db, "SELECT pupil_id, day, hex(outcomes) AS outcomes FROM pupil_day"),
  });
  const inOrder = ({ rows: list, ...figures }) => ({ ...figures, rows: list.map((row) => JSON.stringify(row)).sort() });

  test("every figure of every term is that of a count of another structure", async () => {
    let told = 0;
    let compared = 0;
    for (let seed = 1; seed <= SCHOOLS; seed++) {
      bring(seed);
      const counted = rowsOf(stored(), { calendar: CALENDAR, decided: TODAY - 1 });
      const answer = await bodyOf(await who.eva.get("intime"));
      assert.deepEqual(
        answer.terms.map(({ from, to }) => [from, to]),
        [
          ["2026-08-01", "2026-12-31"],
          ["2026-01-01", "2026-07-31"],
          ["2025-08-01", "2025-12-31"],
          ["2025-01-01", "2025-07-31"],
        ],
      );
      for (const { from, to, clocks, ...figures } of answer.terms) {
        const expected = figuresOf(counted, from, NAMES);
        assert.deepEqual(inOrder(figures), inOrder(expected), `school ${seed}, ${from}–${to}`);
        assert.ok(clocks.every(({ due, missed }) => missed <= due));
        told += expected.lags.filter(({ n }) => n >= 5).length;
        compared += expected.worked.filter(({ without }) => without).length;
      }
    }
    assert.ok(
      told > 10 * SCHOOLS && compared > 0,
      `${told} lags, ${compared} comparisons: the schools are too small to say much`,
    );
  });

  test("a period of one's own is counted like a term", async () => {
    const { terms, period } = await bodyOf(await who.kim.get("intime?from=2026-01-01&to=2026-07-31"));
    assert.deepEqual(period, terms[1]);
    for (const query of [
      "from=2026-01-01",
      "from=2026-02-01&to=2026-01-01",
      "from=x&to=2026-01-01",
      "from=2020-01-01&to=2026-01-01",
    ])
      assert.equal((await who.kim.get(`intime?${query}`)).status, 400, query);
  });

  test("a term is published once, without a figure under five, and stays as it is", async () => {
    const [, spring] = (await bodyOf(await who.kim.get("intime"))).terms;
    assert.equal((await who.kim.send("POST", "intime/published", { from: "2026-08-01" })).status, 400); // goes on
    assert.equal((await who.kim.send("POST", "intime/published", { from: "2026-01-02" })).status, 400);
    const { published } = await bodyOf(await who.kim.send("POST", "intime/published", { from: "2026-01-01" }));
    const told = published[0].figures;
    const floor = (n) => (n >= 5 ? n - (n % 5) : null);
    assert.deepEqual(
      told.lags.map(({ n }) => n),
      spring.lags.map(({ n }) => floor(n)),
    );
    assert.deepEqual(
      told.outcomes.map(({ n }) => n),
      spring.outcomes.map(({ n }) => floor(n)),
    );
    assert.deepEqual(
      [told.early, told.asked, told.open, told.first_measures],
      [spring.early, spring.asked, spring.open, spring.first_measures].map(floor),
    );
    assert.equal(told.rows.length, spring.rows.filter(({ n }) => n >= 5).length);
    assert.ok(told.lags.some(({ median }) => median !== null));
    bring(99);
    assert.equal((await who.kim.send("POST", "intime/published", { from: "2026-01-01" })).status, 409);
    const seen = await bodyOf(await who.dana.get("intime/published"));
    assert.deepEqual(seen.published, published);
    assert.equal((await who.dana.get("intime")).status, 403);
    assert.equal((await who.eva.send("POST", "intime/published", { from: "2025-08-01" })).status, 403);
  });
});
