// Answers to flags, cases and answered tasks, from outside: what the API says, what stands in the casebook, who may.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { bodyOf, insert, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const date = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const MUTE_END = date(TODAY + 15); // ten weekdays from Monday on, the day after the last

describe("triage", () => {
  let web;
  const session = {};
  const signInAll = async () => {
    for (const { user } of USERS) session[user] = await signIn(web, user);
  };
  before(async () => {
    web = await startWeb({ users: USERS });
    await signInAll();
  });
  after(() => web.stop());
  beforeEach(() =>
    sqlite(
      web.casebook,
      "DELETE FROM answer_rule; DELETE FROM answer; DELETE FROM case_end; DELETE FROM support_case; DELETE FROM task_answer;",
    ),
  );

  const inbox = async (user = "eva") => await bodyOf(await session[user].get("flags"));
  const pupils = async (user) => (await inbox(user)).inbox.map((item) => item.pupil);
  const post = (user, path, body = {}) => session[user].send("POST", path, body);
  const answer = async (user, path, body) => {
    const reply = await post(user, path, body);
    return [reply.status, await bodyOf(reply)];
  };
  const setCase = (pupil, day) =>
    sqlite(web.casebook, `UPDATE support_case SET next_day = ${day} WHERE pupil_id = '${pupil}'`);

  test("confirm opens a case, the item leaves the inbox, and a restart keeps it", async () => {
    assert.deepEqual(await pupils(), ["p-odd", "p-alva"]);
    const [status, { case: one }] = await answer("eva", "flags/p-alva/confirm", {
      next_on: date(TODAY + 7),
      flags: [1, 2],
    });
    assert.equal(status, 200);
    assert.deepEqual(one, {
      case: one.case,
      number: "2026-001",
      status: "open",
      owner: "eva",
      owner_name: "Eva Kurator",
      next_on: date(TODAY + 7),
      opened_on: date(TODAY),
      opened_by: "eva",
      pupil: "p-alva",
    });
    assert.deepEqual(await pupils(), ["p-odd"]);
    await web.restart();
    assert.deepEqual(await pupils(), ["p-odd"]);
    const { cases, owners } = await bodyOf(await session.vera.get("cases"));
    assert.deepEqual(
      cases.map(({ number, name, class: of, owner_name: owner }) => [number, name, of, owner]),
      [["2026-001", "Alva Berg", "8B", "Eva Kurator"]],
    );
    assert.deepEqual(
      owners.map(({ user }) => user),
      ["eva", "kim", "nils", "vera"],
    );
    assert.deepEqual(rows(web.casebook, "SELECT pupil_id, status, owner, next_day FROM support_case"), [
      { pupil_id: "p-alva", status: "open", owner: "eva", next_day: TODAY + 7 },
    ]);
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'confirm'"), [
      { user: "eva", object: "p-alva" },
    ]);
  });

  test("a case whose date has come is first, is confirmed anew, and is not dismissed", async () => {
    await post("eva", "flags/p-alva/confirm", { next_on: date(TODAY + 7), owner: "vera" });
    setCase("p-alva", TODAY);
    const [first] = (await inbox()).inbox;
    assert.deepEqual([first.pupil, first.due, first.due_on, first.case.owner], ["p-alva", "case", date(TODAY), "vera"]);
    for (const [path, body] of [
      ["dismiss", { reason: "other" }],
      ["snooze", { reason: "other", until: date(TODAY + 3) }],
    ])
      assert.deepEqual(await answer("eva", `flags/p-alva/${path}`, body), [409, { error: "has_case" }]);
    const [status, { case: one }] = await answer("vera", "flags/p-alva/confirm", { next_on: date(TODAY + 14) });
    assert.deepEqual([status, one.number, one.next_on], [200, "2026-001", date(TODAY + 14)]);
    assert.deepEqual(await pupils(), ["p-odd"]);
    assert.deepEqual((await answer("vera", "flags/p-alva/undo"))[1], { undone: "confirm" });
    assert.equal((await bodyOf(await session.eva.get("cases"))).cases[0].next_on, date(TODAY)); // as it was before
  });

  test("as many flags of a pupil as there may be rules are answered at once", async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      flag: 1000 + i,
      pupil_id: "p-odd",
      rule: `r-${i}`,
      severity: 2,
      rules_version: 1,
      raised_day: TODAY,
      evidence: "[]",
      decided_ms: 0,
    }));
    sqlite(web.db, insert("flag", many));
    assert.equal((await inbox()).inbox.find(({ pupil }) => pupil === "p-odd").flags.length, 401);
    assert.equal(
      (await answer("eva", "flags/p-odd/dismiss", { reason: "other", flags: many.slice(1).map(({ flag }) => flag) }))[1]
        .error,
      "changed",
    );
    sqlite(web.db, "DELETE FROM flag WHERE flag = 1399");
    assert.equal(
      (
        await answer("eva", "flags/p-odd/dismiss", {
          reason: "other",
          flags: [3, ...many.slice(0, -1).map(({ flag }) => flag)],
        })
      )[0],
      200,
    );
    assert.deepEqual(await pupils(), ["p-alva"]);
    sqlite(web.db, "DELETE FROM flag WHERE flag >= 1000");
  });

  test("an open case gets a new date on any day, is closed with an outcome, and its flags are quiet for ten school days", async () => {
    assert.deepEqual(await answer("eva", "flags/p-alva/close", { reason: "moved" }), [409, { error: "no_case" }]);
    await post("eva", "flags/p-alva/confirm", { next_on: date(TODAY + 7) });
    await post("eva", "flags/p-alva/confirm", { next_on: date(TODAY + 9), owner: "vera" });
    const [, { case: moved }] = await answer("nils", "flags/p-alva/confirm", { next_on: date(TODAY + 20) }); // the owner stays
    assert.deepEqual([moved.number, moved.next_on, moved.owner], ["2026-001", date(TODAY + 20), "vera"]);
    for (const reason of ["not_of_concern", "", 7])
      assert.equal((await post("eva", "flags/p-alva/close", { reason })).status, 400);
    assert.deepEqual(await answer("eva", "flags/p-alva/close", { reason: "attendance_up", flags: [1] }), [
      409,
      { error: "changed" },
    ]);
    assert.deepEqual(await answer("eva", "flags/p-alva/close", { reason: "attendance_up" }), [
      409,
      { error: "clock_open" },
    ]);
    await post("kim", `cases/${moved.case}`, { do: "inquiry", decision: "no_inquiry", reason: "attendance_up" });
    assert.deepEqual(await answer("eva", "flags/p-alva/close", { reason: "attendance_up" }), [
      200,
      { until: MUTE_END },
    ]);
    const stored = () => [
      rows(web.casebook, "SELECT status FROM support_case"),
      rows(web.casebook, "SELECT outcome, user, day FROM case_end WHERE undone_ms IS NULL"),
      rows(web.casebook, "SELECT kind, reason FROM answer WHERE undone_ms IS NULL ORDER BY answer DESC LIMIT 1"),
    ];
    const closed = [
      [{ status: "closed" }],
      [{ outcome: "attendance_up", user: "eva", day: TODAY }],
      [{ kind: "close", reason: "attendance_up" }],
    ];
    assert.deepEqual(stored(), closed);
    await web.restart();
    assert.deepEqual(stored(), closed);
    assert.deepEqual((await bodyOf(await session.eva.get("cases"))).cases, []);
    assert.deepEqual(await pupils(), ["p-odd"]);
    assert.deepEqual(await answer("vera", "flags/p-alva/undo"), [409, { error: "nothing_to_undo" }]);
    assert.deepEqual(await answer("eva", "flags/p-alva/undo"), [200, { undone: "close" }]);
    assert.deepEqual(
      (await bodyOf(await session.eva.get("cases"))).cases.map(({ owner, next_on: next }) => [owner, next]),
      [["vera", date(TODAY + 20)]],
    );
    assert.deepEqual(stored().slice(0, 2), [[{ status: "open" }], []]);
    await post("eva", "flags/p-alva/close", { reason: "other" });
    assert.deepEqual(
      rows(web.casebook, "SELECT outcome, user, undone_ms IS NULL AS stands FROM case_end ORDER BY ending"),
      [
        { outcome: "attendance_up", user: "eva", stands: 0 },
        { outcome: "other", user: "eva", stands: 1 },
      ],
      "what was taken back is kept",
    );
    sqlite(web.casebook, `UPDATE answer SET until_day = ${TODAY}`);
    assert.deepEqual(await pupils(), ["p-odd", "p-alva"], "the mute has ended");
    const [, { case: again }] = await answer("eva", "flags/p-alva/confirm", { next_on: date(TODAY + 7) });
    assert.equal(again.number, "2026-002");
    assert.deepEqual(
      rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'close' ORDER BY sequence").map(
        ({ user, object }) => [user, object],
      ),
      [
        ["eva", "p-alva"],
        ["eva", "p-alva"],
      ],
    );
  });

  test("a snoozed item comes back on its date, also without flags", async () => {
    assert.deepEqual(await answer("eva", "flags/p-odd/snooze", { until: date(TODAY + 5), reason: "known_cause" }), [
      200,
      { until: date(TODAY + 5) },
    ]);
    assert.deepEqual(await pupils(), ["p-alva"]);
    sqlite(web.casebook, `UPDATE answer SET until_day = ${TODAY}`);
    sqlite(web.db, "UPDATE flag SET cleared_day = raised_day WHERE flag = 3");
    const [first] = (await inbox()).inbox;
    assert.deepEqual([first.pupil, first.due, first.severity, first.flags], ["p-odd", "snooze", 0, []]);
    sqlite(web.db, "UPDATE flag SET cleared_day = NULL WHERE flag = 3");
    const again = (await inbox()).inbox;
    assert.deepEqual(
      again.map((item) => [item.pupil, item.due, item.flags.length]),
      [
        ["p-odd", "snooze", 1],
        ["p-alva", undefined, 2],
      ],
    );
  });

  test("a dismissed rule is mute for ten school days, another rule is not, nor a higher severity", async () => {
    assert.deepEqual(await answer("eva", "flags/p-odd/dismiss", { reason: "wrong_data" }), [200, { until: MUTE_END }]);
    assert.deepEqual(await pupils(), ["p-alva"]);
    const raise = (rule, severity) =>
      sqlite(
        web.db,
        insert("flag", [
          {
            flag: 90,
            pupil_id: "p-odd",
            rule,
            severity,
            rules_version: 1,
            raised_day: TODAY,
            evidence: "[]",
            decided_ms: 0,
          },
        ]),
      );
    const take = () => sqlite(web.db, "DELETE FROM flag WHERE flag = 90");
    raise("other-2", 2);
    const item = (await inbox()).inbox.find(({ pupil }) => pupil === "p-odd");
    assert.deepEqual([item.since, item.flags.map(({ rule }) => rule)], [date(TODAY), ["absence-15", "other-2"]]);
    take();
    raise("absence-15", 3);
    assert.deepEqual(await pupils(), ["p-odd", "p-alva"]);
    take();
    sqlite(web.casebook, `UPDATE answer SET until_day = ${TODAY}`);
    assert.deepEqual(
      (await inbox()).inbox.map(({ pupil, since }) => [pupil, since]),
      [
        ["p-alva", date(TODAY - 3)],
        ["p-odd", date(TODAY)],
      ],
    );
  });

  test("undo brings the item back, once, and only one's own", async () => {
    for (const [path, body] of [
      ["confirm", { next_on: date(TODAY + 7) }],
      ["snooze", { until: date(TODAY + 3), reason: "other" }],
      ["dismiss", { reason: "other" }],
    ]) {
      assert.equal((await post("eva", `flags/p-alva/${path}`, body)).status, 200);
      assert.deepEqual(await answer("vera", "flags/p-alva/undo"), [409, { error: "nothing_to_undo" }]);
      assert.deepEqual(await answer("eva", "flags/p-alva/undo"), [200, { undone: path }]);
      assert.deepEqual(await answer("eva", "flags/p-alva/undo"), [409, { error: "nothing_to_undo" }]);
      assert.deepEqual(await pupils(), ["p-odd", "p-alva"]);
    }
    assert.deepEqual((await bodyOf(await session.eva.get("cases"))).cases, []);
    await post("eva", "flags/p-alva/dismiss", { reason: "other" });
    sqlite(web.casebook, "UPDATE answer SET day = day - 1");
    assert.equal((await post("eva", "flags/p-alva/undo")).status, 409);
    assert.equal((await post("eva", "flags/p-alva/confirm", { next_on: date(TODAY + 7) })).status, 409); // muted: nothing to answer
  });

  test("a pupil's page tells what was answered, to those who may answer", async () => {
    await post("eva", "flags/p-alva/dismiss", { reason: "other" });
    await post("eva", "flags/p-alva/undo");
    await post("vera", "flags/p-alva/confirm", { next_on: date(TODAY + 7) });
    const page = async (user) => await bodyOf(await session[user].get("pupils/p-alva"));
    const { answers, case: one } = await page("eva");
    assert.deepEqual(
      answers.map(({ kind, reason, by, until, undone }) => [kind, reason, by, until, undone]),
      [
        ["confirm", "", "vera", null, false],
        ["dismiss", "other", "eva", MUTE_END, true],
      ],
    );
    assert.deepEqual([one.owner, one.next_on], ["vera", date(TODAY + 7)]);
    const seen = await page("lind");
    assert.deepEqual(
      [seen.answers, seen.case?.case],
      [[], one.case],
      "the case of the own class, and not what was answered",
    );
  });

  test("quiet ones can be answered, too", async () => {
    assert.deepEqual(
      (await inbox()).quiet.map(({ pupil }) => pupil),
      ["p-quiet"],
    );
    assert.equal((await post("eva", "flags/p-quiet/dismiss", { reason: "not_of_concern" })).status, 200);
    assert.deepEqual((await inbox()).quiet, []);
  });

  test("an answer that has not seen all open flags is refused", async () => {
    assert.deepEqual(await answer("eva", "flags/p-alva/dismiss", { reason: "other", flags: [1] }), [
      409,
      { error: "changed" },
    ]);
    assert.equal((await post("eva", "flags/p-alva/dismiss", { reason: "other", flags: [2, 1] })).status, 200);
    assert.deepEqual(await answer("nils", "flags/p-alva/dismiss", { reason: "other", flags: [2, 1] }), [
      409,
      { error: "not_open" },
    ]);
    assert.deepEqual(await answer("eva", "flags/p-well/confirm", { next_on: date(TODAY + 7) }), [
      409,
      { error: "not_open" },
    ]);
  });

  test("only structured choices and dates in reach", async () => {
    const bad = [
      ["confirm", {}],
      ["confirm", { next_on: date(TODAY - 1) }],
      ["confirm", { next_on: date(TODAY + 400) }],
      ["confirm", { next_on: date(TODAY + 7), owner: "lind" }],
      ["confirm", { next_on: date(TODAY + 7), owner: "nobody" }],
      ["snooze", { until: date(TODAY), reason: "other" }],
      ["snooze", { until: date(TODAY + 181), reason: "other" }],
      ["snooze", { until: date(TODAY + 3) }],
      ["snooze", { until: date(TODAY + 3), reason: "she is ill" }],
      ["dismiss", {}],
      ["dismiss", { reason: "contact_made" }],
      ["dismiss", { reason: 7 }],
    ];
    for (const [path, body] of bad)
      assert.deepEqual(
        await answer("eva", `flags/p-alva/${path}`, body),
        [400, { error: "bad_request" }],
        JSON.stringify(body),
      );
    assert.deepEqual(rows(web.casebook, "SELECT * FROM answer"), []);
  });

  test("guardian told: stays listed with who and when", async () => {
    sqlite(
      web.db,
      insert("guardian", [
        { pupil_id: "p-odd", name: "Ann Öman", phone: "+46 70 000 00 01", email: "", priority: 1, known_from_ms: 0 },
      ]),
    );
    const task = async (user) => (await inbox(user)).today.find((item) => item.pupil === "p-odd");
    assert.deepEqual(
      [(await task("lind")).guardians, (await task("lind")).done],
      [
        [{ guardian: 1, name: "Ann Öman", phone: "+46 70 000 00 01", relation: "", language: "", interpreter: false }],
        null,
      ],
    );
    const at = "2026-11-20T10:15:00.000Z";
    assert.deepEqual(await answer("lind", "tasks/1/done", { guardian: 1, at }), [
      200,
      { done: { by: "lind", at, guardian: 1, lessons: 1 } },
    ]);
    await web.restart();
    assert.deepEqual((await task("eva")).done, { by: "lind", at, guardian: 1, lessons: 1 });
    assert.equal((await answer("eva", "tasks/1/done"))[1].done.by, "eva");
    for (const [path, body, status] of [
      ["tasks/1/done", { at: "2027-01-01T00:00:00Z" }, 400],
      ["tasks/1/done", { at: "2026-11-18T10:00:00Z" }, 400],
      ["tasks/1/done", { guardian: "mother" }, 400],
      ["tasks/x/done", {}, 400],
      ["tasks/99/done", {}, 404],
    ])
      assert.equal((await post("eva", path, body)).status, status, JSON.stringify([path, body]));
    assert.deepEqual(
      rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'guardian_told'").map(
        ({ user, object }) => `${user} ${object}`,
      ),
      ["lind p-odd 1", "eva p-odd 1"],
    );
  });

  test("guardian told is taken back by who said it, the same day; nothing that was said is lost", async () => {
    await post("eva", "tasks/1/done");
    for (let twice = 0; twice < 2; twice++) await post("lind", "tasks/1/done");
    assert.deepEqual(await answer("eva", "tasks/1/undo"), [409, { error: "nothing_to_undo" }]);
    assert.deepEqual(await answer("lind", "tasks/1/undo"), [200, { undone: "told" }]);
    const done = async () => (await inbox("lind")).today.find((item) => item.pupil === "p-odd").done;
    assert.equal((await done()).by, "eva", "what eva said stands");
    assert.deepEqual(await answer("lind", "tasks/1/undo"), [409, { error: "nothing_to_undo" }]);
    assert.deepEqual(await answer("eva", "tasks/1/undo"), [200, { undone: "told" }]);
    assert.deepEqual(await answer("eva", "tasks/1/undo"), [404, { error: "not_found" }]);
    await web.restart();
    assert.deepEqual(
      rows(web.casebook, "SELECT user, undone_ms IS NOT NULL AS undone FROM task_answer ORDER BY answer"),
      ["eva", "lind", "lind"].map((user) => ({ user, undone: 1 })),
    );
    assert.equal(await done(), null);
    await post("lind", "tasks/1/done");
    sqlite(web.casebook, "UPDATE task_answer SET recorded_ms = recorded_ms - 86400000");
    for (const [path, status] of [
      ["tasks/1/undo", 409],
      ["tasks/x/undo", 404],
      ["tasks/99/undo", 404],
    ])
      assert.equal((await post("lind", path)).status, status, path);
    assert.deepEqual(
      rows(
        web.casebook,
        "SELECT user, action, object FROM audit WHERE user = 'lind' AND action LIKE 'guardian_told%' ORDER BY sequence DESC LIMIT 3",
      ).map(({ action, object }) => `${action} ${object}`),
      ["guardian_told p-odd 1", "guardian_told_undone p-odd 1", "guardian_told p-odd 1"],
    );
  });

  test("one open item for each pupil, with all its rules, also after a restart", async () => {
    sqlite(
      web.db,
      insert(
        "flag",
        ["r-1", "r-2", "r-3"].map((rule, i) => ({
          flag: 70 + i,
          pupil_id: "p-odd",
          rule,
          severity: 1 + i,
          rules_version: 1,
          raised_day: TODAY - i,
          evidence: "[]",
          decided_ms: 0,
        })),
      ),
    );
    const item = async () => {
      const { inbox: list, quiet } = await inbox();
      return [...list, ...quiet].filter(({ pupil }) => pupil === "p-odd");
    };
    for (const again of [false, true]) {
      if (again) await web.restart();
      const [one, ...more] = await item();
      assert.deepEqual(
        [one.flags.map(({ rule }) => rule).sort(), one.severity, one.since, more],
        [["absence-15", "r-1", "r-2", "r-3"], 3, date(TODAY - 8), []],
      );
    }
    assert.equal((await post("eva", "flags/p-odd/dismiss", { reason: "other" })).status, 200);
    assert.deepEqual(await item(), []);
    assert.deepEqual(
      rows(web.casebook, "SELECT rule FROM answer_rule ORDER BY rule").map(({ rule }) => rule),
      ["absence-15", "r-1", "r-2", "r-3"],
    );
    sqlite(web.db, "DELETE FROM flag WHERE flag BETWEEN 70 AND 72");
  });

  test("after a restart a mute holds to its last day, ends on its date, and yields to a higher severity", async () => {
    assert.equal((await post("eva", "flags/p-odd/dismiss", { reason: "known_cause" })).status, 200);
    const [stored] = rows(web.casebook, "SELECT kind, severity, until_day FROM answer");
    assert.deepEqual(stored, { kind: "dismiss", severity: 2, until_day: TODAY + 15 });
    const muted = async (until, severity) => {
      sqlite(web.casebook, `UPDATE answer SET until_day = ${until}`);
      sqlite(web.db, `UPDATE flag SET severity = ${severity} WHERE flag = 3`);
      await web.restart();
      return !(await pupils()).includes("p-odd");
    };
    assert.equal(await muted(TODAY + 1, 2), true);
    assert.equal(await muted(TODAY, 2), false);
    assert.equal(await muted(TODAY + 15, 3), false);
    assert.equal(await muted(TODAY + 15, 2), true);
    assert.equal(await muted(TODAY + 15, 1), true);
    sqlite(web.db, "UPDATE flag SET severity = 2 WHERE flag = 3");
  });

  test("no answer to flags mutes what the law asks for", async () => {
    const told = async () => (await inbox()).today.map(({ pupil, done }) => [pupil, done]);
    const before = await told();
    assert.deepEqual(before, [
      ["p-odd", null],
      ["p-omar", null],
    ]);
    for (const [act, body] of Object.entries({
      snooze: { until: date(TODAY + 3), reason: "contact_made" },
      dismiss: { reason: "already_handled" },
      confirm: { next_on: date(TODAY + 7) },
    })) {
      assert.equal((await post("eva", `flags/p-odd/${act}`, body)).status, 200);
      await web.restart();
      assert.deepEqual(await told(), before, act);
      assert.equal((await post("eva", "flags/p-odd/undo")).status, 200);
    }
  });

  test("an answer is news to the others, but not about flags", async () => {
    const reader = (await session.vera.get("events")).body.getReader();
    const counters = async () =>
      JSON.parse(new TextDecoder().decode((await reader.read()).value).match(/data: (.*)/)[1]);
    const first = await counters();
    assert.equal((await post("eva", "flags/p-alva/dismiss", { reason: "other" })).status, 200);
    const second = await counters();
    assert.deepEqual(second, { ...first, answers: first.answers + 1 });
    assert.equal((await post("eva", "flags/p-alva/undo")).status, 200);
    assert.deepEqual(await counters(), { ...first, answers: first.answers + 2 });
    await reader.cancel();
  });

  // Written by hand from docs/api.md. A refused write leaves nothing behind.
  const ALL = { "p-alva": 200, "p-omar": 409, "p-none": 404 };
  const CELLS = {
    kim: { ...ALL, "p-hidden": 200 },
    vera: { ...ALL, "p-hidden": 404 },
    eva: { ...ALL, "p-hidden": 404 },
    nils: { ...ALL, "p-hidden": 200 },
    lind: 403,
    berg: 403,
    ivar: 403,
    dana: 403,
  };
  const TASKS = {
    kim: [200, 200],
    vera: [200, 404],
    eva: [200, 404],
    nils: [200, 200],
    lind: [200, 404],
    berg: [403, 403],
    ivar: [403, 403],
    dana: [403, 403],
  };
  const ACTS = {
    confirm: { next_on: date(TODAY + 7) },
    snooze: { until: date(TODAY + 3), reason: "other" },
    dismiss: { reason: "other" },
  };

  test("role × endpoint × object", async () => {
    for (const [user, cells] of Object.entries(CELLS)) {
      for (const [act, body] of Object.entries(ACTS))
        for (const pupil of ["p-alva", "p-omar", "p-hidden", "p-none"]) {
          const expected = typeof cells === "number" ? cells : cells[pupil];
          assert.equal((await post(user, `flags/${pupil}/${act}`, body)).status, expected, `${user} ${act} ${pupil}`);
          const undone = expected === 200 ? 200 : expected === 409 ? 409 : expected;
          assert.equal((await post(user, `flags/${pupil}/undo`)).status, undone, `${user} undo ${pupil}`);
        }
      for (const pupil of ["p-alva", "p-omar", "p-hidden", "p-none"]) {
        const expected = typeof cells === "number" ? cells : cells[pupil];
        if (expected === 200) {
          const [, { case: open }] = await answer(user, `flags/${pupil}/confirm`, ACTS.confirm);
          await post("kim", `cases/${open.case}`, { do: "inquiry", decision: "no_inquiry", reason: "other" });
        }
        assert.equal(
          (await post(user, `flags/${pupil}/close`, { reason: "other" })).status,
          expected,
          `${user} close ${pupil}`,
        );
        for (let undone = 0; expected === 200 && undone < 2; undone++)
          assert.equal((await post(user, `flags/${pupil}/undo`)).status, 200);
      }
      assert.equal((await session[user].get("cases")).status, typeof cells === "number" ? cells : 200, `${user} cases`);
      assert.equal((await post(user, "tasks/1/done")).status, TASKS[user][0], `${user} task`);
      assert.equal((await post(user, "tasks/3/done")).status, TASKS[user][1], `${user} hidden task`);
      assert.equal((await post(user, "tasks/1/undo")).status, TASKS[user][0], `${user} undo task`);
      sqlite(web.casebook, "INSERT INTO task_answer VALUES (NULL, 3, 'p-hidden', 'dana', 0, NULL, 1, 0, NULL, '')");
      assert.equal(
        (await post(user, "tasks/3/undo")).status,
        TASKS[user][1] === 200 ? 409 : TASKS[user][1],
        `${user} undo hidden task of another`,
      );
    }
    assert.equal((await post("lind", "tasks/2/done")).status, 404, "another class");
    assert.deepEqual(
      rows(web.casebook, "SELECT DISTINCT user FROM answer ORDER BY user").map(({ user }) => user),
      ["eva", "kim", "nils", "vera"],
    );
    for (const path of ["flags/p-alva/confirm", "flags/p-alva/undo", "tasks/1/done"])
      assert.equal(
        (
          await fetch(`${web.url}/api/v1/${path}`, {
            method: "POST",
            headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
            body: "{}",
          })
        ).status,
        401,
      );
  });

  test("cases of protected pupils are listed to their named users only", async () => {
    await post("nils", "flags/p-hidden/confirm", { next_on: date(TODAY + 7) });
    assert.equal((await bodyOf(await session.kim.get("cases"))).cases.length, 1);
    assert.deepEqual((await bodyOf(await session.eva.get("cases"))).cases, []);
    setCase("p-hidden", TODAY);
    sqlite(web.db, "UPDATE flag SET cleared_day = raised_day WHERE pupil_id = 'p-hidden'");
    assert.ok((await pupils("nils")).includes("p-hidden"));
    assert.ok(!(await pupils("eva")).includes("p-hidden"));
    assert.deepEqual((await inbox("lind")).inbox, []);
  });
});
