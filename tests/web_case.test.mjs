// A case from finding to closing by the API, each step asserted in the database: clocks against tests/naive/clocks.mjs, who may do and
// see what, what is refused.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bodyOf, insert, program, root, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";
import { dueOf } from "./naive/clocks.mjs";

const DAY = "2026-11-20"; // a Friday
const dayOf = (date) => Date.parse(date) / 86400000;
const CALENDAR = [
  { from: "2026-08-17", to: "2027-06-11", kind: "lasar" },
  { from: "2026-12-22", to: "2027-01-08", kind: "lov" },
  { from: "2026-12-22", to: "2027-01-08", kind: "lovskola" },
  { from: "2026-11-26", to: "2026-11-26", kind: "studiedag" },
];
const bring = (calendar) =>
  ["DELETE FROM calendar;"]
    .concat(
      insert(
        "calendar",
        calendar.map(({ from, to, kind }) => ({ from_day: dayOf(from), to_day: dayOf(to), kind, known_from_ms: 1 })),
      ),
    )
    .join("\n");

describe("a case", () => {
  let web;
  const who = {};
  const signAllIn = async () => {
    for (const { user } of USERS) who[user] = await signIn(web, user);
  };
  before(async () => {
    web = await startWeb({ users: USERS, more: 'municipality = "0180";' });
    sqlite(web.db, bring(CALENDAR));
    await signAllIn();
    await bodyOf(await who.eva.send("POST", "flags/p-alva/confirm", { next_on: "2026-12-04" })); // case 1, level 3
    await bodyOf(await who.nils.send("POST", "flags/p-hidden/confirm", { next_on: "2026-12-04" })); // case 2, protected
    await bodyOf(await who.eva.send("POST", "flags/p-quiet/confirm", { next_on: "2026-12-04" })); // case 3, level 1
  });
  after(() => web.stop());

  const whole = async (user = "eva", number = 1) => bodyOf(await who[user].get(`cases/${number}`));
  const act = (user, body, number = 1) => who[user].send("POST", `cases/${number}`, body);
  const done = async (user, body, number = 1) => {
    const answer = await act(user, body, number);
    assert.equal(answer.status, 200, `${user} ${JSON.stringify(body)}: ${await answer.clone().text()}`);
    assert.deepEqual(await answer.json(), { done: body.do });
  };
  const refused = async (status, code, user, body, number = 1) => {
    const answer = await act(user, body, number);
    assert.deepEqual([answer.status, (await answer.json()).error], [status, code], `${user} ${JSON.stringify(body)}`);
  };
  const stored = (table, columns) => rows(web.casebook, `SELECT ${columns} FROM ${table} ORDER BY rowid`);
  const due = (clock, began = DAY, more = {}) =>
    dueOf({ calendar: CALENDAR, clock, form: "GR", elsewhere: true, born: null, began, ...more }).due;
  const clockOf = async (name, user = "eva", number = 1) =>
    (await whole(user, number)).clocks.find(({ clock }) => clock === name);

  test("opened on a finding of level 3, it has its first clocks", async () => {
    const one = await whole();
    assert.deepEqual([one.case.number, one.case.pupil, one.open, one.level], ["2026-001", "p-alva", true, 3]);
    assert.deepEqual(
      one.clocks.map(({ clock, state, due_on, source, figure, law }) => [clock, state, due_on, source, figure, law]),
      [
        ["first_contact", "running", due("first_contact"), "local", "local", ""],
        ["inquiry_decision", "running", due("inquiry_decision"), "law", "local", "skollagen 7:19 a"],
        ["next_date", "running", "2026-12-04", "local", "local", ""],
      ],
    );
    // 23, 24, 25, 27, 30: the 26th is a studiedag
    assert.deepEqual((({ days, unit, paused, due_on }) => [days, unit, paused, due_on])(one.clocks[0]), [
      5,
      "school",
      true,
      "2026-11-30",
    ]);
    assert.deepEqual(one.calendar, { known: true, ends_on: "2027-06-11", ends_soon: false });
    assert.equal((await whole("eva", 3)).clocks.length, 1, "level 1 asks for a next date alone");
  });

  test("a contact that did not reach anybody is logged and stops nothing; a talk is the step", async () => {
    const contact = { do: "contact", party: "guardian", way: "phone", outcome: "not_reached", cause: "not_known" };
    await refused(409, "needs_contact", "eva", { do: "step_begin", kind: "measures" });
    await done("lind", contact);
    assert.equal((await clockOf("first_contact")).state, "running");
    await done("eva", { ...contact, outcome: "talked" });
    assert.deepEqual(stored("case_contact", "party, way, outcome, cause, day, user"), [
      { party: "guardian", way: "phone", outcome: "not_reached", cause: "not_known", day: TODAY, user: "lind" },
      { party: "guardian", way: "phone", outcome: "talked", cause: "not_known", day: TODAY, user: "eva" },
    ]);
    assert.deepEqual(stored("case_step", "kind, began_day, done_day, skipped_reason, owner, done_by"), [
      { kind: "contact", began_day: TODAY, done_day: TODAY, skipped_reason: null, owner: "eva", done_by: "eva" },
    ]);
    const stopped = await clockOf("first_contact");
    assert.deepEqual([stopped.state, stopped.stopped_on], ["stopped", DAY]);
    assert.equal((await clockOf("mapping")).due_on, due("mapping"));
  });

  test("a mapping begins and is done; another is left out with a reason", async () => {
    await done("eva", { do: "step_begin", kind: "mapping", owner: "nils" });
    await refused(409, "step_open", "eva", { do: "step_begin", kind: "mapping" });
    await done("nils", { do: "step_done", kind: "mapping" });
    await refused(409, "no_step", "nils", { do: "step_done", kind: "mapping" });
    await done("eva", { do: "step_left_out", kind: "support_inquiry", reason: "not_needed" });
    assert.deepEqual(stored("case_step", "kind, due_day, done_day, skipped_reason, owner, user, done_by").slice(1), [
      {
        kind: "mapping",
        due_day: dayOf(due("mapping")),
        done_day: TODAY,
        skipped_reason: null,
        owner: "nils",
        user: "eva",
        done_by: "nils",
      },
      {
        kind: "support_inquiry",
        due_day: TODAY,
        done_day: TODAY,
        skipped_reason: "not_needed",
        owner: "eva",
        user: "eva",
        done_by: "eva",
      },
    ]);
    assert.equal((await clockOf("mapping")).state, "stopped");
  });

  test("the head decides on an inquiry, it begins, the huvudman is told", async () => {
    await refused(403, "not_allowed", "eva", { do: "inquiry", decision: "inquiry" });
    await refused(400, "bad_request", "kim", { do: "inquiry", decision: "no_inquiry" });
    await done("kim", { do: "inquiry", decision: "inquiry" });
    assert.equal((await clockOf("inquiry_decision")).state, "stopped");
    assert.equal((await clockOf("inquiry")).due_on, due("inquiry"));
    assert.equal(await clockOf("huvudman_told"), undefined);
    await done("eva", { do: "step_begin", kind: "inquiry" });
    assert.equal((await clockOf("huvudman_told")).due_on, "2026-11-27", "working days: the studiedag counts");
    await web.restart();
    await signAllIn();
    await done("eva", { do: "told", kind: "huvudman_told" });
    assert.equal((await clockOf("huvudman_told")).stopped_on, DAY);
    await done("eva", { do: "told", kind: "elsewhere", on: "2026-11-18" });
    assert.equal((await clockOf("home_municipality_told")).due_on, due("home_municipality_told", "2026-11-18"));
    assert.deepEqual(stored("case_fact", "kind, value, day, user"), [
      { kind: "inquiry", value: "", day: TODAY, user: "kim" },
      { kind: "huvudman_told", value: "", day: TODAY, user: "eva" },
      { kind: "elsewhere", value: "", day: TODAY - 2, user: "eva" },
    ]);
    await done("eva", { do: "step_done", kind: "inquiry" });
  });

  test("measures have an owner and a date, and are evaluated", async () => {
    await done("eva", { do: "measure", kind: "teaching", note: "matematik i liten grupp", owner: "lind" });
    await done("eva", { do: "measure", kind: "peers", due_on: "2026-12-11" });
    const [mine, other] = (await whole()).measures;
    assert.deepEqual(
      [mine.due_on, mine.owner, other.due_on, other.owner],
      [due("measure_evaluated"), "lind", "2026-12-11", "eva"],
    );
    const clocks = (await whole()).clocks.filter(({ clock }) => clock === "measure_evaluated");
    assert.deepEqual(
      clocks.map(({ measure, due_on }) => [measure, due_on]),
      [
        [mine.measure, due("measure_evaluated")],
        [other.measure, due("measure_evaluated")],
      ],
    );
    await refused(409, "no_row", "lind", { do: "measure_evaluated", measure: other.measure, result: "better" });
    await done("lind", { do: "measure_evaluated", measure: mine.measure, result: "better" });
    await refused(409, "no_row", "eva", { do: "measure_evaluated", measure: mine.measure, result: "same" });
    assert.deepEqual(stored("case_measure", "kind, evaluated_day, result, evaluated_by"), [
      { kind: "teaching", evaluated_day: TODAY, result: "better", evaluated_by: "lind" },
      { kind: "peers", evaluated_day: null, result: null, evaluated_by: null },
    ]);
  });

  test("the pupil's own words, who does what, consent, deputy", async () => {
    await done("eva", { do: "voice", wants: ["peers", "mornings"], note: "vill börja 9" });
    await done("eva", { do: "actor", sector: "social", title: "familjestöd", does: "hembesök", next_on: "2026-12-01" });
    await done("eva", { do: "consent", party: "guardian", scope: "sip", on: "2026-11-19" });
    await done("eva", { do: "deputy", owner: "nils" });
    const one = await whole();
    assert.deepEqual([one.voices[0].wants, one.voices[0].note], [["mornings", "peers"], "vill börja 9"]);
    assert.deepEqual([one.actors[0].title, one.actors[0].since, one.actors[0].ended_on], ["familjestöd", DAY, null]);
    assert.deepEqual(
      [one.consents[0].given_on, one.consents[0].withdrawn_on, one.deputy],
      ["2026-11-19", null, "nils"],
    );
    await done("nils", { do: "actor_ended", actor: one.actors[0].actor });
    await done("nils", { do: "consent_withdrawn", consent: one.consents[0].consent });
    await refused(409, "no_row", "nils", { do: "consent_withdrawn", consent: one.consents[0].consent });
    await done("eva", { do: "deputy", owner: "" });
    const then = await whole();
    assert.deepEqual([then.actors[0].ended_on, then.consents[0].withdrawn_on, then.deputy], [DAY, DAY, ""]);
  });

  test("a report of concern is seen by the head and its author, by nobody else and in no log", async () => {
    const before = rows(web.casebook, "SELECT max(sequence) AS n FROM audit")[0].n;
    await done("nils", { do: "concern", on: "2026-11-17" });
    for (const [user, sees] of [
      ["nils", true],
      ["kim", true],
      ["vera", true],
      ["eva", false],
      ["lind", false],
    ]) {
      const one = await whole(user);
      assert.equal(one.concerns.length, sees ? 1 : 0, user);
      assert.equal(
        one.clocks.some(({ clock }) => clock === "concern_answered"),
        sees,
        user,
      );
    }
    await refused(409, "no_row", "eva", { do: "concern_answered", concern: 1 });
    const clock = await clockOf("concern_answered", "nils");
    assert.deepEqual([clock.due_on, clock.state, clock.unit, clock.days], [null, "running", "open", 0]);
    await done("nils", { do: "concern_answered", concern: 1, on: "2026-11-19" });
    const said = rows(web.casebook, `SELECT action, object FROM audit WHERE sequence > ${before}`);
    assert.deepEqual([...new Set(said.map(({ action }) => action))].sort(), ["case_changed", "view_case"]);
    assert.ok(said.every(({ object }) => object === "p-alva"));
  });

  test("a mentor sees the contact and the mentor's own, and does no more", async () => {
    const one = await whole("lind");
    assert.deepEqual(
      one.clocks.map(({ clock }) => clock),
      ["first_contact"],
    );
    assert.deepEqual(
      one.steps.map(({ kind }) => kind),
      ["contact"],
    );
    assert.deepEqual([one.contacts.length, one.measures.length], [1, 1]);
    for (const part of ["facts", "voices", "actors", "consents", "concerns"]) assert.deepEqual(one[part], [], part);
    await done("lind", { do: "measure", kind: "adult", owner: "eva" });
    assert.equal((await whole("lind")).measures.at(-1).owner, "lind", "a mentor's measure is the mentor's own");
  });

  // By hand from docs/api.md. What is refused by its role says so before anything is looked at.
  test("role × act × object", async () => {
    const HEALTH = ["kim", "vera", "eva", "nils"];
    const MAY = {
      step_begin: HEALTH,
      step_done: HEALTH,
      step_left_out: HEALTH,
      contact: [...HEALTH, "lind"],
      measure: [...HEALTH, "lind"],
      measure_evaluated: [...HEALTH, "lind"],
      voice: HEALTH,
      actor: HEALTH,
      actor_ended: HEALTH,
      consent: HEALTH,
      consent_withdrawn: HEALTH,
      deputy: HEALTH,
      told: HEALTH,
      inquiry: ["kim", "vera"],
      seen: ["kim", "vera"],
      concern: HEALTH,
      concern_answered: HEALTH,
      ...Object.fromEntries(
        "sip_needed sip_requested sip_called sip_held sip_followed_up sip_ended sip_member sip_member_left deviation"
          .split(" ")
          .map((word) => [word, HEALTH]),
      ),
    };
    const NAMED = ["kim", "nils"]; // for the protected pupil of case 2
    const before = stored("case_fact", "count(*) AS n");
    for (const [word, may] of Object.entries(MAY))
      for (const { user } of USERS) {
        const nothing = { do: word, kind: "?", on: "2020-01-01" }; // never complete
        const of = async (number) => (await act(user, nothing, number)).status;
        const cell = `${user} ${word}`;
        if (!may.includes(user)) assert.deepEqual([await of(1), await of(2), await of(99)], [403, 403, 403], cell);
        else {
          if (word !== "seen" && word !== "deputy") assert.notEqual(await of(1), 403, cell);
          if (!NAMED.includes(user)) assert.equal(await of(2), 404, cell);
          assert.equal(await of(99), 404, cell);
        }
      }
    assert.deepEqual(stored("case_fact", "count(*) AS n"), before, "nothing was written");
    for (const { user, role } of USERS) {
      const may = ["rektor", "eht", "mentor"].includes(role);
      assert.equal((await who[user].get("cases/1")).status, may ? 200 : 403, user);
      assert.equal((await who[user].get("cases/2")).status, may ? (NAMED.includes(user) ? 200 : 404) : 403, user);
      assert.equal((await who[user].get("cases/3")).status, may ? (role === "mentor" ? 404 : 200) : 403, user);
      assert.equal((await who[user].get("cases/1x")).status, may ? 404 : 403, user);
    }
  });

  test("only choices, short texts and dates in reach", async () => {
    const long = "x".repeat(201);
    for (const body of [
      {},
      { do: "close" },
      { do: "step_begin", kind: "closed" },
      { do: "step_begin", kind: "sip", owner: "ingen" },
      { do: "step_begin", kind: "sip", owner: "ivar" },
      { do: "step_begin", kind: "sip", due_on: "2026-11-19" },
      { do: "step_begin", kind: "sip", due_on: "2027-11-22" },
      { do: "step_left_out", kind: "sip", reason: "because" },
      { do: "contact", party: "guardian", way: "phone", outcome: "talked" },
      { do: "contact", party: "friend", way: "phone", outcome: "talked", cause: "known" },
      { do: "measure", kind: "medicine" },
      { do: "measure", kind: "other", note: long },
      { do: "measure_evaluated", measure: 1, result: "cured" },
      { do: "voice", wants: "peers" },
      { do: "voice", wants: ["peers", "peers"] },
      { do: "voice", wants: ["money"] },
      { do: "voice", wants: [], note: long },
      { do: "actor", sector: "police", title: "x" },
      { do: "actor", sector: "health", title: "" },
      { do: "actor", sector: "health", title: "x".repeat(64) },
      { do: "consent", party: "guardian", scope: "all" },
      { do: "consent", party: "guardian", scope: "sip", on: "2026-11-21" },
      { do: "told", kind: "police" },
      { do: "told", kind: "huvudman_told", on: "2024-01-01" },
      { do: "concern", on: "2026-11-21" },
    ])
      await refused(400, "bad_request", "eva", body);
  });

  test("contact is with the guardian until the 18th birthday; the gymnasium has no huvudman clock", async () => {
    const tell = (born, form, home) =>
      sqlite(
        web.db,
        `UPDATE pupil SET birth_day = ${dayOf(born)}, school_form = '${form}', home_municipality = '${home}' WHERE pupil_id = 'p-alva'`,
      );
    tell("2008-11-21", "GY", "0127");
    let one = await whole();
    assert.deepEqual([one.contact_with, one.adult_on, one.school_form], ["guardian", "2026-11-21", "GY"]);
    assert.deepEqual(
      ["huvudman_told", "home_municipality_told"].map((name) => one.clocks.find(({ clock }) => clock === name)?.law),
      [undefined, "skollagen 15:15"],
    );
    tell("2008-11-20", "GY", "0180");
    one = await whole();
    assert.equal(one.contact_with, "pupil");
    assert.ok(!one.clocks.some(({ clock }) => clock === "home_municipality_told"), "it is the school's own");
    tell("2013-05-05", "GR", "0180");
  });

  test("a duty by law that is open keeps a case open; from level 4 on the head alone closes it; a report of concern is never in the way", async () => {
    const level = (n) => sqlite(web.casebook, `UPDATE answer SET severity = ${n} WHERE case_number = 3`);
    const close = async (user) => {
      const answer = await who[user].send("POST", "flags/p-quiet/close", { reason: "other_support" });
      return [answer.status, (await answer.json()).error];
    };
    const closing = async (...users) => Promise.all(users.map(async (user) => (await whole(user, 3)).closing));
    const reopen = async (user) => bodyOf(await who[user].send("POST", "flags/p-quiet/undo"));
    level(3);
    assert.deepEqual(await closing("eva", "kim"), ["clock_open", "clock_open"]);
    assert.deepEqual([await close("eva"), await close("kim")], [Array(2).fill([409, "clock_open"])].flat());
    assert.equal((await whole("eva", 3)).open, true);
    await done("kim", { do: "inquiry", decision: "no_inquiry", reason: "known_cause" }, 3);
    await done("nils", { do: "concern" }, 3);
    assert.deepEqual(await closing("eva", "nils", "kim"), [null, null, null]);
    for (const user of ["eva", "nils"]) {
      assert.deepEqual(await close(user), [200, undefined]);
      await reopen(user);
    }
    level(4);
    assert.deepEqual(await closing("eva", "kim"), ["head_alone", null]);
    assert.deepEqual(await close("eva"), [409, "head_alone"]);
    assert.equal((await whole("eva", 3)).open, true);
    assert.deepEqual(await close("kim"), [200, undefined]);
    await reopen("kim");
    level(1);
  });

  test("without a calendar, and beyond its end, it is said", async () => {
    sqlite(web.db, "DELETE FROM calendar");
    const without = await whole();
    assert.deepEqual(without.calendar, { known: false, ends_on: null, ends_soon: false });
    assert.deepEqual((({ due_on, without_calendar }) => [due_on, without_calendar])(without.clocks[0]), [
      "2026-11-27",
      true,
    ]);
    sqlite(web.db, bring([{ from: "2026-08-17", to: "2026-12-18", kind: "lasar" }]));
    const soon = await whole();
    assert.deepEqual([soon.calendar.ends_soon, soon.clocks[0].without_calendar], [true, false]);
    sqlite(web.db, bring(CALENDAR));
  });

  test("the record of a case is everything but reports of concern, and the log tells of each", async () => {
    await done("eva", { do: "concern" }, 3);
    const seen = await whole("eva", 3);
    assert.equal(seen.concerns.length, 1);
    const {
      format,
      version,
      taken_at: at,
      taken_by: by,
      owners,
      ...record
    } = await bodyOf(await who.eva.get("cases/3/record"));
    assert.deepEqual([format, version, by, at.slice(0, 10)], ["narvaro-case", 1, "Eva Kurator", DAY]);
    assert.ok(owners.some(({ user }) => user === "eva"));
    const rest = Object.fromEntries(
      Object.entries(seen).filter(([key]) => !["concerns", "closing", "owners"].includes(key)),
    );
    assert.deepEqual(record, { ...rest, clocks: rest.clocks.filter(({ clock }) => clock !== "concern_answered") });
    assert.ok(rest.clocks.some(({ clock }) => clock === "concern_answered"));
    assert.equal((await who.lind.get("cases/3/record")).status, 403);
    const hidden = await who.nils.get("cases/2/record");
    assert.deepEqual([hidden.status, await hidden.json()], [409, { error: "protected" }]);
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'case_exported'"), [
      { user: "eva", object: "p-quiet" },
    ]);
  });

  test("the head decides that another school gets the record; the receipt is noted once", async () => {
    await refused(403, "not_allowed", "eva", { do: "handover", school: "Sjöskolan" }, 3);
    await refused(400, "bad_request", "kim", { do: "handover", school: "" }, 3);
    await refused(400, "bad_request", "kim", { do: "handover", school: "x".repeat(64) }, 3);
    await refused(409, "no_row", "eva", { do: "handover_received" }, 3);
    await done("kim", { do: "handover", school: "Sjöskolan" }, 3);
    await done("eva", { do: "handover_received", on: DAY }, 3);
    await refused(409, "no_row", "eva", { do: "handover_received" }, 3);
    assert.deepEqual(
      rows(
        web.casebook,
        "SELECT kind, value, day, user FROM case_fact WHERE number = 3 AND kind LIKE 'handover%' ORDER BY fact",
      ),
      [
        { kind: "handover", value: "Sjöskolan", day: TODAY, user: "kim" },
        { kind: "handover_received", value: "", day: TODAY, user: "eva" },
      ],
    );
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'case_handover'"), [
      { user: "kim", object: "p-quiet" },
    ]);
    await refused(409, "protected", "kim", { do: "handover", school: "Sjöskolan" }, 2);
    sqlite(web.casebook, "DELETE FROM case_fact WHERE number = 3; DELETE FROM case_concern WHERE number = 3"); // for the next test's bound
  });

  test("a case takes so much and no more", async () => {
    const filled = (table, n, row) =>
      insert(
        table,
        Array.from({ length: n }, () => ({ number: 3, user: "eva", at_ms: 1, ...row })),
      );
    const step = { kind: "follow_up", began_day: TODAY, due_day: TODAY, owner: "eva", done_day: TODAY, done_by: "eva" };
    sqlite(web.casebook, filled("case_step", 100, step));
    await refused(409, "case_full", "eva", { do: "step_begin", kind: "mapping" }, 3);
    sqlite(
      web.casebook,
      filled("case_measure", 50, { kind: "other", note: "", owner: "eva", began_day: TODAY, due_day: TODAY }),
    );
    await refused(409, "case_full", "eva", { do: "measure", kind: "other" }, 3);
    await done("eva", { do: "voice", wants: [] }, 3);
    sqlite(web.casebook, filled("case_voice", 349, { wants: "[]", note: "", day: TODAY }));
    await refused(409, "case_full", "eva", { do: "voice", wants: [] }, 3);
    assert.equal((await whole("eva", 3)).voices.length, 350);
  });

  test("what cannot be logged is neither shown nor done, and a closed case takes nothing more", async () => {
    sqlite(web.casebook, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    assert.equal((await who.eva.get("cases/1")).status, 503);
    await refused(503, "busy", "eva", { do: "voice", wants: [] });
    sqlite(web.casebook, "DROP TRIGGER full");
    assert.equal(stored("case_voice", "number").filter(({ number }) => number === 1).length, 1);
    await bodyOf(await who.kim.send("POST", "flags/p-alva/close", { reason: "attendance_up" }));
    const { open, ending } = await whole("lind");
    assert.deepEqual(
      [open, ending],
      [false, { outcome: "attendance_up", by: "kim", by_name: "Kim Rektor", on: DAY }],
      "how it ended, and who closed it",
    );
    await refused(409, "no_case", "eva", { do: "voice", wants: [] });
  });
});

test("a guardian is to be told by 16:00, and not before an hour after the lesson closed", async () => {
  const web = await startWeb({ users: USERS });
  const lind = await signIn(web, "lind");
  for (const [created, by] of [
    ["2026-11-20T09:00:00Z", "2026-11-20T15:00:00.000Z"], // 16:00 in Sweden
    ["2026-11-20T14:00:00Z", "2026-11-20T15:00:00.000Z"],
    ["2026-11-20T14:30:00Z", "2026-11-20T15:30:00.000Z"],
  ]) {
    sqlite(web.db, `UPDATE task SET created_ms = ${Date.parse(created)} WHERE pupil_id = 'p-odd'`);
    const { today } = await bodyOf(await lind.get("flags"));
    assert.equal(today.find(({ pupil }) => pupil === "p-odd").told_by, by, created);
  }
  const adult = dayOf("2008-11-20");
  sqlite(web.db, `UPDATE pupil SET birth_day = ${adult} WHERE pupil_id = 'p-odd'`);
  const { today } = await bodyOf(await lind.get("flags"));
  assert.equal(today.find(({ pupil }) => pupil === "p-odd").told_by, null, "18 years old today");
  await web.stop();
});

test("the head takes over all open cases of an owner in one step, and nobody else does", async () => {
  const web = await startWeb({ users: USERS });
  const who = {};
  for (const { user } of USERS) who[user] = await signIn(web, user);
  for (const [user, pupil] of [
    ["eva", "p-alva"],
    ["eva", "p-quiet"],
    ["kim", "p-hidden"],
  ])
    await who[user].send("POST", `flags/${pupil}/confirm`, { next_on: "2026-12-04" });
  sqlite(web.casebook, "UPDATE support_case SET owner = 'eva' WHERE pupil_id = 'p-hidden'");
  const omar = { pupil_id: "p-omar", owner: "nils", opened_by: "nils", next_day: TODAY, opened_ms: 0 };
  sqlite(web.casebook, insert("support_case", [{ ...omar, opened_day: TODAY, year: 2026, serial: 99 }]));
  const owned = () => rows(web.casebook, "SELECT number, pupil_id, owner, next_day FROM support_case ORDER BY number");
  const before = owned();
  const numberOf = (pupil) => before.find(({ pupil_id: id }) => id === pupil).number;
  const all = ["p-alva", "p-quiet", "p-hidden"].map(numberOf);
  const take = async (user, body, from = "eva") => {
    const answer = await who[user].send("POST", `owners/${from}/take_over`, body);
    return [answer.status, await answer.json()];
  };
  const seen = async (user) => (await bodyOf(await who[user].get("owners/eva"))).cases.map((one) => one.case.case);
  assert.deepEqual(
    [(await seen("kim")).sort(), (await seen("vera")).sort()],
    [all.sort(), all.filter((one) => one !== numberOf("p-hidden"))],
  );
  const [one] = (await bodyOf(await who.kim.get("owners/eva"))).cases;
  const { owners, ...same } = await bodyOf(await who.kim.get(`cases/${one.case.case}`));
  assert.deepEqual(one, same);
  assert.ok(owners.some(({ user, name }) => user === "nils" && name === "Nils Kurator"));

  for (const user of ["eva", "nils"])
    assert.deepEqual(await take(user, { owner: "nils", cases: all }), [403, { error: "not_allowed" }]);
  for (const body of [
    { owner: "lind", cases: all },
    { owner: "eva", cases: all },
    { owner: "nils", cases: [] },
    { owner: "nils" },
  ])
    assert.deepEqual(await take("kim", body), [400, { error: "bad_request" }]);
  for (const cases of [all.slice(1), [...all, numberOf("p-omar")], [...all.slice(1), 99]])
    assert.deepEqual(await take("kim", { owner: "nils", cases }), [409, { error: "changed_cases" }]);
  assert.deepEqual(owned(), before, "nothing half done");
  assert.deepEqual(rows(web.casebook, "SELECT 1 FROM case_fact"), []);

  const filler = Array.from({ length: 500 }, () => ({
    number: all[0],
    kind: "seen",
    value: "",
    day: TODAY,
    user: "kim",
    at_ms: 0,
  }));
  sqlite(web.casebook, insert("case_fact", filler));
  assert.deepEqual(await take("kim", { owner: "nils", cases: all }), [409, { error: "case_full" }]);
  assert.deepEqual(owned(), before, "one that takes no row keeps all where they are");
  sqlite(web.casebook, "DELETE FROM case_fact");

  const visible = all.filter((number) => number !== numberOf("p-hidden"));
  assert.deepEqual(await take("vera", { owner: "nils", cases: visible }), [200, { taken: 2 }]);
  assert.deepEqual(
    owned(),
    before.map((row) => (visible.includes(row.number) ? { ...row, owner: "nils" } : row)),
    "owner alone; the protected pupil's, whom vera may not see, stays",
  );
  assert.deepEqual(
    rows(web.casebook, "SELECT number, kind, value, day, user FROM case_fact ORDER BY number"),
    [...visible].sort().map((number) => ({ number, kind: "owner", value: "nils", day: TODAY, user: "vera" })),
  );
  assert.deepEqual(
    rows(
      web.casebook,
      "SELECT object FROM audit WHERE action = 'case_handed_over' AND user = 'vera' ORDER BY object",
    ).map(({ object }) => object),
    ["p-alva", "p-quiet"],
  );
  assert.deepEqual(await seen("vera"), []);
  const hidden = numberOf("p-hidden");
  assert.equal((await who.vera.get(`cases/${hidden}`)).status, 404);
  assert.deepEqual(await take("kim", { owner: "vera", cases: [hidden] }), [200, { taken: 1 }]);
  assert.equal((await who.vera.get(`cases/${hidden}`)).status, 200, "who owns it is named for the pupil");
  assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'user_named'"), [
    { user: "kim", object: "vera p-hidden" },
  ]);
  await web.stop();
});

test("the table of clocks is the school's own when a file is named; what is wrong with it is told with its line", async () => {
  const web = await startWeb();
  const table = join(web.folder, "clocks.cfg");
  const check = (text) => {
    writeFileSync(table, text);
    writeFileSync(join(web.folder, "own.cfg"), `${readFileSync(web.config, "utf8")}clocks = "${table}";\n`);
    return spawnSync(program, ["--config", join(web.folder, "own.cfg"), "--check"], { encoding: "utf8" });
  };
  assert.equal(check(execFileSync("cat", [join(root, "config/clocks.cfg")], { encoding: "utf8" })).status, 0);
  const { status, stderr } = check(
    'clocks = (\n{ clock = "sip"; unit = "moon"; source = "local"; figure = "local"; } );',
  );
  assert.notEqual(status, 0);
  assert.match(stderr, /clocks\.cfg:2: unit: "moon" is none of those/);
  await web.stop();
});
