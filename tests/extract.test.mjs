// narvaro extract (registerutdrag) and narvaro erase against real programs: everything about one pupil, nothing about another,
// written down; and a pupil taken out of everything, of whom no file knows any more.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { run, until } from "./demo/stage.mjs";
import {
  CASE_TABLES,
  doneInCase,
  insert,
  pack,
  PART_OF,
  program,
  rows,
  signIn,
  sqlite,
  startWeb,
  USERS,
} from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const NOW = "2026-11-20T12:00:00Z";
const TODAY = Date.parse("2026-11-20T00:00:00Z") / 86400000;
const AT = (TODAY - 7) * 86400000 + 8 * 3600000;

describe("extract and erase", () => {
  let lonely, web;
  const narvaro = (command, ...words) =>
    run(join(program, "../narvaro"), [
      command,
      ...words,
      "--socket",
      lonely.control,
      "--admin-socket",
      web.adminSocket,
    ]);
  const files = (db) => Buffer.concat(["", "-wal"].map((end) => readFileSync(db + end))).toString("latin1");
  const count = (db, table) => rows(db, `SELECT count(*) AS n FROM ${table}`)[0].n;

  before(async () => {
    lonely = new Lonely();
    await lonely.at(NOW);
    const days = Array.from({ length: 900 }, (_, i) => TODAY - 901 + i); // more than two pages
    const of = (id, token, given) =>
      [
        insert("pupil", [
          {
            pupil_id: id,
            given_name: `${given}fordom`,
            family_name: "Ek",
            class: "7B",
            year: "7",
            protected: 0,
            known_from_ms: 0,
            known_to_ms: 1,
          },
          {
            pupil_id: id,
            given_name: given,
            family_name: "Ek",
            class: "8B",
            year: "8",
            protected: 1,
            known_from_ms: 1,
          },
        ]),
        insert("guardian", [
          { pupil_id: id, name: `Vård ${given}`, phone: "070-1", email: "", priority: 1, known_from_ms: 0 },
        ]),
        insert("member", [{ group_id: "8B", pupil_id: id, known_from_ms: 0 }]),
        insert("exemption", [{ group_id: "idrott", pupil_id: id, from_day: TODAY - 9, known_from_ms: 0 }]),
        insert("card", [{ token, pupil_id: id, known_from_ms: 0 }]),
        insert("absence", [
          {
            pupil_id: id,
            type: "leave",
            from_ms: AT,
            to_ms: AT + 3600000,
            known_from_ms: AT,
            known_to_ms: AT + 1,
            author: "eva",
            ended_by: "nils",
          },
        ]),
        insert("mark", [
          {
            lesson: 1,
            pupil_id: id,
            status: "late",
            absent_minutes: 5,
            recorded_ms: AT,
            known_from_ms: AT,
            author: "berg",
          },
        ]),
        insert("imported_tap", [{ terminal_id: "t-1", token, at_ms: AT, day: TODAY - 7, known_from_ms: AT }]),
        insert("flag", [
          {
            flag: token,
            pupil_id: id,
            rule: "partial-3",
            severity: 2,
            rules_version: 1,
            raised_day: TODAY - 7,
            cleared_day: TODAY - 6,
            evidence: '[{"measure":"partial_days"}]',
            decided_ms: AT,
          },
        ]),
        insert("flag_change", [
          { flag: token, change: "raised", day: TODAY - 7, why: "", recorded_ms: AT },
          { flag: token, change: "cleared", day: TODAY - 6, why: "rule clears", recorded_ms: AT + 1 },
        ]),
        insert("task", [
          {
            kind: "guardian",
            pupil_id: id,
            day: TODAY - 7,
            lessons: '[{"start":"08:00"}]',
            created_ms: AT,
            closed_ms: AT + 5,
            closed_why: "corrected",
          },
        ]),
        insert(
          "pupil_day",
          days.map((day) => ({
            pupil_id: id,
            day,
            class: "8B",
            outcomes: pack([{ lesson: 1, start: 480, minutes: 60, absent: 5, subject: 1, status: "late" }]),
          })),
        ),
      ].join("");
    sqlite(
      lonely.database,
      `BEGIN;${insert("subject", [{ subject: 1, name: "Slöjd" }])}${insert("lesson", [
        { lesson: 1, lesson_id: "l-1" },
      ])}${insert("lesson_version", [
        {
          lesson: 1,
          group_id: "8B",
          subject: "Slöjd",
          room: "r1",
          day: TODAY - 7,
          start_minute: 480,
          end_minute: 540,
          state: "held",
          known_from_ms: 0,
        },
      ])}${of("p-vera", 11, "Veronika")}${of("p-other", 12, "Otto")}COMMIT;`,
    );
    const clock = new CivilClock(Date.parse(NOW), 1);
    web = await startWeb({
      users: [...USERS, { user: "nina", name: "Nina", role: "eht", named_for: ["p-vera"] }],
      withSchool: false,
      db: lonely.database,
      control: lonely.control,
      clock: ["--demo-clock", clock.option],
    });
    const answered = (number, id) =>
      insert("support_case", [
        {
          number,
          pupil_id: id,
          status: "open",
          owner: "eva",
          opened_by: "eva",
          next_day: TODAY + 5,
          opened_ms: AT,
          opened_day: TODAY - 7,
          year: 2026,
          serial: number,
        },
      ]) +
      insert("answer", [
        {
          answer: number,
          pupil_id: id,
          user: "eva",
          kind: "confirm",
          reason: "",
          severity: 2,
          day: TODAY - 7,
          until_day: 0,
          at_ms: AT,
          case_number: number,
        },
      ]) +
      insert("answer_rule", [{ answer: number, rule: "partial-3" }]) +
      doneInCase(number, "eva", AT) +
      insert("task_answer", [
        { task: number, pupil_id: id, user: "lind", at_ms: AT, guardian: 1, lessons: 1, recorded_ms: AT },
      ]) +
      insert("family_crisis", [{ pupil_id: id, contact: "eva", day: TODAY, user: "eva", at_ms: AT }]) +
      insert("last_year_decision", [
        {
          pupil_id: id,
          begins_day: Date.parse("2026-08-01") / 86400000,
          kind: "not_needed",
          reason: "other",
          user: "eva",
          day: TODAY,
          at_ms: AT,
        },
      ]) +
      insert("duty", [
        {
          pupil_id: id,
          list: "kaa",
          about_day: TODAY - 9,
          decision: "sent",
          reason: "",
          contact: "KAA, mottagningen",
          day: TODAY,
          first_day: 0,
          minutes: 0,
          user: "eva",
          at_ms: AT,
        },
      ]);
    sqlite(web.casebook, answered(1, "p-vera") + answered(2, "p-other"));
    const nina = await signIn(web, "nina");
    await (await nina.get("pupils/p-vera")).text();
    await (await nina.get("pupils/p-other")).text(); // refused
    await (await nina.get("pupils?q=ek")).text();
  });
  after(async () => {
    await web?.stop();
    await lonely?.end();
  });

  test("everything about one pupil, from both databases, and nothing about another", () => {
    const { status, stdout, stderr } = narvaro("extract", "p-vera", "--json");
    assert.equal(status, 0, stderr);
    const all = JSON.parse(stdout);
    assert.deepEqual(Object.fromEntries(Object.entries(all).map(([part, list]) => [part, list.length])), {
      register: 2,
      guardians: 1,
      groups: 1,
      exemptions: 1,
      cards: 1,
      absences: 1,
      marks: 1,
      check_ins: 1,
      flags: 1,
      flag_changes: 2,
      tasks: 1,
      days: 900,
      answers: 1,
      cases: 1,
      case_rows: 10,
      told: 1,
      last_year: 1,
      duties: 1,
      crises: 1,
      named_users: 1,
      looks: 3,
    });
    assert.deepEqual(
      all.register.map(({ given_name: name, known_to: to }) => [name, to]),
      [
        ["Veronikafordom", "1970-01-01T00:00:00Z"],
        ["Veronika", null],
      ],
    );
    assert.deepEqual(all.absences[0], {
      type: "leave",
      from: "2026-11-13T08:00:00Z",
      to: "2026-11-13T09:00:00Z",
      author: "eva",
      ended_by: "nils",
      known_from: "2026-11-13T08:00:00Z",
      known_to: "2026-11-13T08:00:00Z",
    });
    assert.deepEqual(all.marks[0], {
      date: "2026-11-13",
      subject: "Slöjd",
      status: "late",
      absent_minutes: 5,
      recorded: "2026-11-13T08:00:00Z",
      author: "berg",
      source: "",
      taken_back: null,
      ended_by: null,
    });
    assert.deepEqual([all.check_ins[0].at, all.check_ins[0].terminal], ["2026-11-13T08:00:00Z", "t-1"]);
    assert.deepEqual(
      [all.flags[0].evidence, all.tasks[0].lessons],
      [[{ measure: "partial_days" }], [{ start: "08:00" }]],
    );
    assert.deepEqual(all.days.at(-1), {
      date: "2026-11-18",
      class: "8B",
      lessons: [{ start: "08:00", subject: "Slöjd", minutes: 60, status: "late", absent_minutes: 5 }],
    });
    assert.equal(new Set(all.days.map(({ date }) => date)).size, 900, "each day once, over the pages");
    assert.deepEqual(
      [all.cases[0].number, all.cases[0].opened, all.answers[0].rules, all.named_users],
      ["2026-001", "2026-11-13", ["partial-3"], [{ user: "nina" }]],
    );
    assert.deepEqual(
      all.case_rows.map(({ case: number, part }) => [number, part]),
      CASE_TABLES.filter((table) => table !== "case_concern").map((table) => [1, PART_OF[table]]),
    );
    assert.ok(!/concern/.test(stdout), "the head decides what is told of a report of concern");
    assert.deepEqual(
      all.duties.map(({ list, decision, contact, by }) => [list, decision, contact, by]),
      [["kaa", "sent", "KAA, mottagningen", "eva"]],
    );
    assert.deepEqual(all.last_year, [
      { decision: "not_needed", reason: "other", by: "eva", at: "2026-11-13T08:00:00Z", school_year: "2026-08-01" },
    ]);
    assert.deepEqual(
      all.looks.map(({ user, action }) => [user, action]),
      [
        ["nina", "view_pupil"],
        ["nina", "list_pupils"],
        ["", "extract"],
      ],
    );
    assert.ok(!/Otto|p-other/.test(stdout));
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'extract'"), [
      { user: "", object: "p-vera" },
    ]);
  });

  test("as text; and nothing of a pupil who is none", () => {
    const { stdout } = narvaro("extract", "p-vera");
    assert.match(stdout, /^register \(2\)\n {2}pupil=p-vera, given_name=Veronikafordom, /);
    assert.match(stdout, /^guardians \(1\)\n {2}name=Vård Veronika, phone=070-1, email=, order=1, /m);
    const none = narvaro("extract", "p-none");
    assert.deepEqual([none.status, none.stdout], [1, ""]);
    assert.match(none.stderr, /nothing is held about that pupil/);
    sqlite(web.casebook, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    const unwritten = narvaro("extract", "p-vera");
    sqlite(web.casebook, "DROP TRIGGER full");
    assert.deepEqual([unwritten.status, unwritten.stdout], [1, ""], "what cannot be logged is not given out");
  });

  test("a pupil is not erased while the case is open, nor without a reason or --commit", () => {
    for (const [words, fault] of [
      [["p-vera", "--why", "moved", "--commit"], /case is open/],
      [["p-vera", "--why", "because"], /why must be/],
      [["p-vera"], /--why is needed/],
    ]) {
      const { status, stderr } = narvaro("erase", ...words);
      assert.notEqual(status, 0);
      assert.match(stderr, fault);
    }
    sqlite(
      web.casebook,
      "UPDATE support_case SET status = 'closed' WHERE pupil_id = 'p-vera'; INSERT INTO case_end VALUES (1, 1, 'moved', 'eva', 1, 1, NULL)",
    );
    assert.match(narvaro("erase", "p-vera", "--why", "protected").stdout, /nothing was erased/);
    assert.deepEqual([count(lonely.database, "pupil"), count(web.casebook, "support_case")], [4, 2]);
  });

  test("erased is erased: no file knows the name, only the log the id; and the id, too, goes with the log", async () => {
    const { status, stdout, stderr } = narvaro("erase", "p-vera", "--why", "protected", "--commit");
    assert.deepEqual([status, stdout], [0, "erased\n"], stderr);
    await until(
      "clean files",
      () => !files(lonely.database).includes("p-vera") && !files(lonely.database).includes("Veronika"),
    );
    assert.ok(files(lonely.database).includes("Otto"));
    const left = (table, column) =>
      rows(web.casebook, `SELECT count(*) AS n FROM ${table} WHERE ${column} LIKE '%p-vera%'`)[0].n;
    assert.deepEqual(
      [
        left("answer", "pupil_id"),
        left("support_case", "pupil_id"),
        left("task_answer", "pupil_id"),
        left("last_year_decision", "pupil_id"),
        left("duty", "pupil_id"),
      ],
      [0, 0, 0, 0, 0],
    );
    assert.deepEqual(
      [count(web.casebook, "case_end"), count(web.casebook, "answer_rule"), count(web.casebook, "support_case")],
      [0, 1, 1],
    );
    for (const table of CASE_TABLES)
      assert.deepEqual(rows(web.casebook, `SELECT number FROM ${table}`), [{ number: 2 }], table);
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'pupil_erased'"), [
      { user: "", object: "p-vera protected" },
    ]);
    const shown = async () =>
      (await (await (await signIn(web, "dana")).get("audit?action=view_pupil")).json()).entries[0];
    assert.deepEqual(
      [(await shown()).object, (await shown()).protected],
      ["", true],
      "protected still, for who reads the log",
    );
    assert.match(narvaro("erase", "p-vera", "--why", "moved", "--commit").stderr, /no such pupil/);
    await lonely.at(NOW);
    await web.restart();
    assert.equal(count(lonely.database, "pupil"), 2);

    sqlite(web.casebook, "UPDATE audit SET at_ms = 1000");
    assert.equal(narvaro("retention", "--commit").status, 0);
    assert.equal(count(web.casebook, "named_user WHERE pupil_id = 'p-vera'"), 0);
    await until("the casebook to be clean", () => !files(web.casebook).includes("p-vera"));
    assert.ok(files(web.casebook).includes("p-other"));
  });
});
