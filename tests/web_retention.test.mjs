// Gallring through narvaro-web and a real narvarod: who may, the dry run, the night's run, its receipt, and an access log that
// verifies after its beginning was cut off. Nothing that was erased is in a file any more.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { run, until } from "./demo/stage.mjs";
import { bodyOf, CASE_TABLES, doneInCase, insert, program, rows, signIn, sqlite, startWeb, USERS } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const NOW = "2026-11-20T12:00:00Z";
const day = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
const TODAY = day("2026-11-20");
const OLD = day("2022-10-03"); // before all kept school years, and more than... the log's five years are set apart

describe("retention", () => {
  let lonely, web;
  const session = {};
  const begin = async (time, rate = 1) => {
    await lonely.at(time);
    const clock = new CivilClock(Date.parse(time), rate);
    await web?.stop();
    web = await startWeb({
      users: USERS,
      withSchool: false,
      db: lonely.database,
      control: lonely.control,
      clock: ["--demo-clock", clock.option],
    });
    for (const { user } of USERS) session[user] = await signIn(web, user);
  };
  before(async () => {
    lonely = new Lonely();
    await lonely.at(NOW);
    const pupil = (id, given, to) =>
      insert("pupil", [
        {
          pupil_id: id,
          given_name: given,
          family_name: "Ek",
          class: "8B",
          year: "8",
          protected: 0,
          to_day: to,
          known_from_ms: 0,
        },
      ]);
    sqlite(
      lonely.database,
      pupil("p-here", "Hanna", null) +
        pupil("p-gone", "Gunborg", day("2024-06-10")) +
        pupil("p-case", "Casimir", day("2024-06-10")) +
        insert(
          "absence",
          ["p-here", "p-gone", "p-case"].map((id) => ({
            pupil_id: id,
            type: "reported",
            from_ms: OLD * 86400000,
            to_ms: OLD * 86400000 + 3600000,
            known_from_ms: 0,
          })),
        ),
    );
    await begin(NOW);
    const at = (date) => date * 86400000;
    const one = (number, id, status, date) =>
      insert("support_case", [
        {
          number,
          pupil_id: id,
          status,
          owner: "eva",
          opened_by: "eva",
          next_day: date,
          opened_ms: at(date),
          opened_day: date,
          year: 2022,
          serial: number,
        },
      ]);
    const answer = (number, id, date, of) =>
      insert("answer", [
        {
          answer: number,
          pupil_id: id,
          user: "eva",
          kind: of ? "confirm" : "dismiss",
          reason: of ? "" : "other",
          severity: 2,
          day: date,
          until_day: date + 10,
          at_ms: at(date),
          case_number: of,
        },
      ]) + insert("answer_rule", [{ answer: number, rule: "partial-3" }]);
    const told = (task, id, date) =>
      insert("task_answer", [{ task, pupil_id: id, user: "eva", at_ms: at(date), lessons: 1, recorded_ms: at(date) }]);
    const decided = (decision, id, date) =>
      insert("last_year_decision", [
        {
          decision,
          pupil_id: id,
          begins_day: date,
          kind: "keep_watching",
          reason: "",
          user: "eva",
          day: date,
          at_ms: 0,
        },
      ]);
    const duty = (number, id, date) =>
      insert("duty", [
        {
          duty: number,
          pupil_id: id,
          list: "kaa",
          about_day: date,
          decision: "sent",
          reason: "",
          contact: "",
          day: date,
          first_day: 0,
          minutes: 0,
          user: "eva",
          at_ms: 0,
        },
      ]);
    sqlite(
      web.casebook,
      [
        decided(1, "p-gone", OLD),
        decided(2, "p-case", OLD),
        decided(3, "p-here", day("2024-07-31")),
        decided(4, "p-here", day("2024-08-01")),
        duty(1, "p-gone", OLD),
        duty(2, "p-case", OLD),
        duty(3, "p-here", day("2024-07-31")),
        duty(4, "p-here", day("2024-08-01")),
        "PRAGMA foreign_keys = ON; BEGIN;",
        one(1, "p-gone", "closed", OLD),
        insert("case_end", [{ number: 1, outcome: "moved", user: "eva", day: OLD + 30, at_ms: at(OLD + 30) }]),
        one(2, "p-case", "open", OLD),
        one(3, "p-here", "closed", OLD),
        insert("case_end", [
          { number: 3, outcome: "moved", user: "eva", day: day("2025-09-01"), at_ms: at(day("2025-09-01")) },
        ]),
        ...[1, 2, 3].map((number) => doneInCase(number, "eva", at(OLD))),
        answer(1, "p-gone", OLD, 1),
        answer(2, "p-gone", OLD, null),
        answer(3, "p-case", OLD, 2),
        answer(4, "p-case", OLD, null),
        answer(5, "p-here", OLD, 3),
        answer(6, "p-here", TODAY - 5, null),
        answer(7, "p-here", OLD, null),
        told(1, "p-gone", OLD),
        told(2, "p-case", OLD),
        told(3, "p-here", TODAY - 1),
        "COMMIT;",
      ].join(""),
    );
  });
  after(async () => {
    await web?.stop();
    await lonely?.end();
  });

  const page = async (user = "dana") => bodyOf(await session[user].get("retention"));
  const due = ({ kinds }) => Object.fromEntries(kinds.map(({ kind, due: [today] }) => [kind, today.rows]));
  const narvaro = (...words) =>
    run(join(program, "../narvaro"), [
      "retention",
      ...words,
      "--socket",
      lonely.control,
      "--admin-socket",
      web.adminSocket,
    ]);
  const count = (table, where = "1") => rows(web.casebook, `SELECT count(*) AS n FROM ${table} WHERE ${where}`)[0].n;
  const casebookFiles = () =>
    Buffer.concat(["", "-wal"].map((end) => readFileSync(web.casebook + end))).toString("latin1");
  const databaseFiles = () =>
    Buffer.concat(["", "-wal"].map((end) => readFileSync(lonely.database + end))).toString("latin1");

  // Written by hand from docs/api.md: the page, signing a receipt.
  const CELLS = {
    kim: [200, 403],
    vera: [200, 403],
    eva: [403, 403],
    nils: [403, 403],
    lind: [403, 403],
    berg: [403, 403],
    ivar: [403, 403],
    dana: [200, 404],
  };

  test("role × endpoint", async () => {
    for (const [user, [read, sign]] of Object.entries(CELLS)) {
      assert.equal((await session[user].get("retention")).status, read, user);
      assert.equal((await session[user].send("POST", "retention/1/sign")).status, sign, user);
      assert.equal((await session[user].send("POST", "retention/x/sign")).status, sign, user);
      assert.equal((await session[user].send("POST", "retention")).status, 404, user);
    }
  });

  test("the page counts what is due in both databases, tells no pupil, and changes nothing", async () => {
    const before = [databaseFiles().length, count("answer"), count("audit")];
    const answer = await page();
    assert.deepEqual(Object.keys(due(answer)), [
      "taps",
      "outcomes",
      "absences",
      "marks",
      "register",
      "flags",
      "tasks",
      "guardians",
      "pupils",
      "answers",
      "told",
      "last_year",
      "duties",
      "cases",
      "log",
    ]);
    // p-gone leaves with its one absence; of p-here the absence and an answer are old; p-case is held. Undated by the log's five years: nothing.
    assert.deepEqual(due(answer), {
      taps: 0,
      outcomes: 0,
      absences: 2,
      marks: 0,
      register: 0,
      flags: 0,
      tasks: 0,
      guardians: 0,
      pupils: 1,
      answers: 2,
      told: 1,
      last_year: 2,
      duties: 2,
      cases: 1,
      log: 0,
    });
    assert.deepEqual([answer.held, answer.runs, answer.next_at], [1, [], "2026-11-21T01:00:00.000Z"]);
    assert.deepEqual(
      answer.kinds.find(({ kind }) => kind === "cases").due.map(({ before, rows: n }) => [before, n]),
      [
        ["2024-08-01", 1],
        ["2025-08-01", 0],
        ["2026-08-01", 1],
      ],
    );
    assert.ok(!/p-here|p-gone|p-case/.test(JSON.stringify(answer)));
    assert.deepEqual([databaseFiles().length, count("answer"), count("audit")], before);
  });

  test("narvaro retention tells the same", () => {
    const { status, stdout } = narvaro();
    assert.equal(status, 0);
    assert.match(stdout, /^pupils held by an open case: 1\n/);
    assert.match(
      stdout,
      /^absences {3}2026-11-20: 2 before 2024-08-01, 2027-08-01: 0 before 2025-08-01, 2028-08-01: 0 before 2026-08-01$/m,
    );
    assert.match(stdout, /^cases {6}2026-11-20: 1 before 2024-08-01, /m);
    assert.match(stdout, /nothing was erased/);
    assert.equal(count("retention_run"), 0);
  });

  /** The first row that does not follow: from nothing, or from where retention says that it cut. */
  function brokenAt(entries, key) {
    const cut = entries
      .filter(({ action }) => action === "audit_cut")
      .map(({ object }) => object.split(" "))
      .find(([sequence]) => Number(sequence) === entries[0].sequence - 1);
    let previous = entries[0].sequence === 1 ? Buffer.alloc(32) : Buffer.from(cut?.[1] ?? "", "hex");
    for (const [i, entry] of entries.entries()) {
      const fields = [entry.sequence, entry.at_ms, entry.user, entry.action, entry.object].map((field) =>
        Buffer.from(String(field)),
      );
      const line = Buffer.concat(fields.flatMap((field) => [Buffer.from(`${field.length}:`), field, Buffer.from(",")]));
      const mac = createHmac("sha256", key).update(previous).update(line).digest();
      if (entry.sequence !== entries[0].sequence + i || entry.mac !== mac.toString("hex").toUpperCase()) return i + 1;
      previous = mac;
    }
    return 0;
  }
  const log = () =>
    rows(web.casebook, "SELECT sequence, at_ms, user, action, object, hex(mac) AS mac FROM audit ORDER BY sequence");

  test("a run at once erases in both databases, and leaves a receipt", async () => {
    const told = due(await page());
    const { status, stdout, stderr } = narvaro("--commit");
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      Object.fromEntries(
        stdout
          .trim()
          .split("\n")
          .map((line) => line.split(/ +/))
          .map(([kind, n]) => [kind, Number(n)]),
      ),
      { ...told },
    );
    const state = () => [
      rows(web.casebook, "SELECT number FROM support_case ORDER BY 1"),
      ...CASE_TABLES.map((table) => rows(web.casebook, `SELECT number FROM ${table} ORDER BY 1`)),
      rows(web.casebook, "SELECT answer FROM answer ORDER BY 1"),
      rows(web.casebook, "SELECT DISTINCT answer FROM answer_rule ORDER BY 1"),
      rows(web.casebook, "SELECT task FROM task_answer ORDER BY 1"),
      rows(web.casebook, "SELECT decision FROM last_year_decision ORDER BY 1"),
      rows(web.casebook, "SELECT duty FROM duty ORDER BY 1"),
      rows(lonely.database, "SELECT pupil_id FROM pupil ORDER BY 1"),
      rows(lonely.database, "SELECT pupil_id FROM absence"),
    ];
    const expected = [
      [{ number: 2 }, { number: 3 }],
      ...CASE_TABLES.map(() => [{ number: 2 }, { number: 3 }]),
      [3, 4, 5, 6].map((answer) => ({ answer })),
      [3, 4, 5, 6].map((answer) => ({ answer })),
      [{ task: 2 }, { task: 3 }],
      [{ decision: 2 }, { decision: 4 }],
      [{ duty: 2 }, { duty: 4 }],
      [{ pupil_id: "p-case" }, { pupil_id: "p-here" }],
      [{ pupil_id: "p-case" }],
    ];
    assert.deepEqual(state(), expected);
    await web.restart();
    assert.deepEqual(state(), expected);
    for (const { user } of USERS) session[user] = await signIn(web, user);
    const { runs, next_at } = await page();
    assert.deepEqual(
      runs.map(({ run: number, began_by, complete, erased, signed_by }) => [
        number,
        began_by,
        complete,
        erased.absences,
        erased.cases,
        signed_by,
      ]),
      [[1, "command", true, 2, 1, null]],
    );
    assert.equal(next_at, "2026-11-21T01:00:00.000Z");
    assert.deepEqual(due(await page()), Object.fromEntries(Object.keys(told).map((kind) => [kind, 0])));
    assert.equal(JSON.parse(log().find(({ action }) => action === "retention").object).pupils, 1);
  });

  test("no file holds what went", async () => {
    await until(
      "the files to be clean",
      () => !databaseFiles().includes("Gunborg") && !casebookFiles().includes("p-gone"),
    );
    assert.ok(!databaseFiles().includes("p-gone"));
    assert.ok(databaseFiles().includes("Casimir") && casebookFiles().includes("p-case"));
  });

  test("a receipt is signed once, by the data protection officer", async () => {
    assert.equal((await session.dana.send("POST", "retention/1/sign")).status, 200);
    assert.equal((await session.dana.send("POST", "retention/1/sign")).status, 404);
    await web.restart();
    for (const { user } of USERS) session[user] = await signIn(web, user);
    const [{ signed_by, signed_at }] = (await page("vera")).runs;
    assert.equal(signed_by, "dana");
    assert.match(signed_at, /^2026-11-20T12:/);
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'retention_signed'"), [
      { user: "dana", object: "1" },
    ]);
  });

  test("the night comes by itself; the log loses its beginning and verifies still", async () => {
    for (const path of ["pupils/p-here", "pupils/p-case"]) await (await session.eva.get(path)).text();
    const key = readFileSync(join(web.folder, "audit.key"));
    const keptFrom = Date.parse(NOW);
    // Everything in the log so far happened six years ago: written anew under the key, as if the clock had stood there.
    const aged = log().map((entry) => ({ ...entry, at_ms: keptFrom - 6 * 366 * 86400000 }));
    let previous = Buffer.alloc(32);
    const text = aged
      .map((entry) => {
        const line = [entry.sequence, entry.at_ms, entry.user, entry.action, entry.object]
          .map((field) => `${Buffer.byteLength(String(field))}:${field},`)
          .join("");
        previous = createHmac("sha256", key).update(previous).update(line).digest();
        return `UPDATE audit SET at_ms = ${entry.at_ms}, mac = x'${previous.toString("hex")}' WHERE sequence = ${entry.sequence};`;
      })
      .join("");
    sqlite(
      web.casebook,
      `${text}INSERT INTO review (month, sequence, verdict) VALUES (1, ${aged.at(-1).sequence}, 'ok');`,
    );
    assert.equal(brokenAt(log(), key), 0);
    await web.restart(); // reads the chain's new end
    for (const { user } of USERS) session[user] = await signIn(web, user);
    await (await session.eva.get("pupils/p-here")).text();
    const lastAged = aged.at(-1).sequence;
    sqlite(web.casebook, "UPDATE retention_run SET began_ms = began_ms - 86400000"); // the night before was missed
    await web.restart();
    await until("a run by itself", () => count("retention_run") === 2);
    const entries = log();
    assert.equal(entries[0].sequence, lastAged + 1);
    assert.equal(brokenAt(entries, key), 0);
    assert.notEqual(brokenAt(entries.slice(1), key), 0, "more than was cut is missed");
    assert.equal(count("review"), 0);
    const [{ began_by, erased }] = rows(
      web.casebook,
      "SELECT began_by, erased FROM retention_run ORDER BY run DESC LIMIT 1",
    );
    assert.deepEqual([began_by, JSON.parse(erased).log], ["night", aged.length]);
    await web.restart(); // the chain goes on from what is left
    await (await signIn(web, "kim")).get("pupils/p-here");
    assert.equal(brokenAt(log(), key), 0);
  });

  test("a receipt of a clock that was a year ahead does not put the next night off", async () => {
    const ahead = 366 * 86400000;
    sqlite(web.casebook, `UPDATE retention_run SET began_ms = began_ms + ${ahead}`);
    await web.restart();
    session.dana = await signIn(web, "dana");
    const { now, next_at } = await page();
    assert.ok(Date.parse(next_at) - Date.parse(now) <= 25 * 3600000, next_at);
    sqlite(web.casebook, `UPDATE retention_run SET began_ms = began_ms - ${ahead}`);
  });

  test("without the daemon nothing goes, and it is tried again", async () => {
    sqlite(web.casebook, `UPDATE task_answer SET at_ms = ${OLD * 86400000} WHERE task = 3`);
    await lonely.stage.stop("narvarod");
    assert.equal((await signIn(web, "dana")).status, 200);
    assert.deepEqual(await bodyOf(await (await signIn(web, "dana")).get("retention")), { error: "busy" });
    const { status, stderr } = narvaro("--commit");
    assert.equal(status, 1);
    assert.match(stderr, /nothing was erased/);
    assert.equal(count("task_answer", "task = 3"), 1);
    await lonely.at("2026-11-20T12:10:00Z");
    assert.equal(narvaro("--commit").status, 0);
    assert.equal(count("task_answer", "task = 3"), 0);
  });
});
