// Working together by the API: a common plan (SIP) from need to follow-up, each stage asserted in the database, and reports of concern
// of which nobody learns but the head and their author.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { bodyOf, insert, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";
import { dueOf } from "./naive/clocks.mjs";

const DAY = "2026-11-20"; // a Friday
const dayOf = (date) => Date.parse(date) / 86400000;
const CALENDAR = [{ from: "2026-08-17", to: "2027-06-11", kind: "lasar" }];

let web;
const who = {};
before(async () => {
  web = await startWeb({ users: USERS });
  sqlite(
    web.db,
    `DELETE FROM calendar; ${insert("calendar", [{ from_day: dayOf(CALENDAR[0].from), to_day: dayOf(CALENDAR[0].to), kind: "lasar", known_from_ms: 1 }])}`,
  );
  for (const { user } of USERS) who[user] = await signIn(web, user);
  await bodyOf(await who.eva.send("POST", "flags/p-alva/confirm", { next_on: "2026-12-04" })); // case 1
  await bodyOf(await who.eva.send("POST", "flags/p-quiet/confirm", { next_on: "2026-12-04" })); // case 2
});
after(() => web.stop());

const whole = async (user = "eva", number = 1) => bodyOf(await who[user].get(`cases/${number}`));
const act = (user, body, number = 1) => who[user].send("POST", `cases/${number}`, body);
const done = async (user, body, number = 1) => {
  const answer = await act(user, body, number);
  assert.equal(answer.status, 200, `${user} ${JSON.stringify(body)}: ${await answer.clone().text()}`);
};
const refused = async (status, code, user, body, number = 1) => {
  const answer = await act(user, body, number);
  assert.deepEqual([answer.status, (await answer.json()).error], [status, code], `${user} ${JSON.stringify(body)}`);
};
const stored = (table, columns, where = "1", order = "rowid") =>
  rows(web.casebook, `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${order}`);
const clockOf = async (name, user = "eva", number = 1) =>
  (await whole(user, number)).clocks.find(({ clock }) => clock === name);

describe("a common plan", () => {
  test("is needed first, and is not asked for without the guardian's consent", async () => {
    assert.deepEqual((await whole()).sip, { stage: "", consented: false, school_may_call: false });
    await refused(409, "sip_order", "eva", { do: "sip_requested", of: "social" });
    await done("eva", { do: "sip_needed" });
    await refused(409, "sip_order", "eva", { do: "sip_needed" });
    await refused(409, "sip_order", "eva", { do: "step_left_out", kind: "sip", reason: "not_needed" });
    await refused(409, "needs_consent", "eva", { do: "sip_requested", of: "social" });
    await done("eva", { do: "consent", party: "pupil", scope: "sip" });
    await refused(409, "needs_consent", "eva", { do: "sip_requested", of: "social" });
    await done("eva", { do: "consent", party: "guardian", scope: "secrecy" });
    await refused(409, "needs_consent", "eva", { do: "sip_requested", of: "social" });
    await done("eva", { do: "consent", party: "guardian", scope: "sip" });
    assert.equal(await clockOf("sip"), undefined);
  });

  test("of a pupil of age the pupil alone decides", async () => {
    const born = rows(web.db, "SELECT birth_day FROM pupil WHERE pupil_id = 'p-alva'")[0].birth_day;
    await done("eva", { do: "consent_withdrawn", consent: 1 });
    sqlite(web.db, `UPDATE pupil SET birth_day = ${dayOf("2008-11-20")} WHERE pupil_id = 'p-alva'`);
    await refused(409, "needs_consent", "eva", { do: "sip_requested", of: "social" });
    assert.equal((await whole()).sip.consented, false);
    sqlite(web.db, `UPDATE pupil SET birth_day = ${born ?? "NULL"} WHERE pupil_id = 'p-alva'`);
    assert.equal((await whole()).sip.consented, true);
  });

  test("asked for, its clock runs from the date of the request to the meeting", async () => {
    const on = "2026-11-18";
    await refused(400, "bad_request", "eva", { do: "sip_requested", of: "police" });
    await refused(400, "bad_request", "eva", { do: "sip_requested", of: "social", on }); // before it was needed
    sqlite(web.casebook, `UPDATE case_sip SET day = ${dayOf(on)}`);
    await done("nils", { do: "sip_requested", of: "social", on });
    const clock = await clockOf("sip");
    const { due } = dueOf({ calendar: CALENDAR, clock: "sip", form: "GR", elsewhere: true, born: null, began: on });
    assert.deepEqual([clock.began_on, clock.due_on, clock.state], [on, due, "running"]);
    assert.deepEqual(stored("case_step", "kind, began_day, due_day, done_day, owner", "kind = 'sip'"), [
      { kind: "sip", began_day: dayOf(on), due_day: dayOf(due), done_day: null, owner: "nils" },
    ]);
    await refused(400, "bad_request", "eva", { do: "step_done", kind: "sip" });
  });

  test("the school calls only when the head has decided so", async () => {
    const setting = async (user, value) => {
      const answer = await who[user].send("POST", "together", { school_may_call_sip: value });
      return [answer.status, (await answer.json()).school_may_call_sip];
    };
    const call = { do: "sip_called", called_by: "school", meeting_on: "2026-11-30" };
    await refused(409, "school_may_not_call", "eva", call);
    assert.deepEqual(await setting("eva", true), [403, undefined]);
    assert.deepEqual(await setting("kim", "yes"), [400, undefined]);
    assert.deepEqual(await setting("kim", true), [200, true]);
    assert.equal((await whole()).sip.school_may_call, true);
    await done("eva", call);
    assert.deepEqual(await setting("vera", false), [200, false]);
    assert.equal((await bodyOf(await who.eva.get("together"))).school_may_call_sip, false);
    await refused(409, "school_may_not_call", "eva", call);
    assert.deepEqual(stored("school_decision", "kind, value, user, day"), [
      { kind: "school_may_call_sip", value: "yes", user: "kim", day: TODAY },
      { kind: "school_may_call_sip", value: "no", user: "vera", day: TODAY },
    ]);
    assert.deepEqual(stored("audit", "user, object", "action = 'sip_setting'"), [
      { user: "kim", object: "yes" },
      { user: "vera", object: "no" },
    ]);
  });

  test("a meeting is called anew, and not held when consent was withdrawn meanwhile", async () => {
    for (const meeting of [undefined, "2026-11-19", "2027-11-22", "snart"])
      await refused(400, "bad_request", "eva", { do: "sip_called", called_by: "social", meeting_on: meeting });
    await done("eva", { do: "sip_called", called_by: "social", meeting_on: "2026-12-01" });
    const { consent } = (await whole()).consents.find(({ party, scope }) => party === "guardian" && scope === "sip");
    await done("eva", { do: "consent_withdrawn", consent });
    await refused(409, "needs_consent", "eva", { do: "sip_held" });
    await refused(409, "needs_consent", "eva", { do: "sip_called", called_by: "social", meeting_on: "2026-12-02" });
    await done("eva", { do: "consent", party: "guardian", scope: "sip" });
  });

  test("those who take part are functions, and one coordinates", async () => {
    for (const body of [
      { sector: "police", part: "takes_part", title: "x" },
      { sector: "social", part: "leads", title: "x" },
      { sector: "social", part: "takes_part" },
      { sector: "social", part: "takes_part", title: "x".repeat(64) },
    ])
      await refused(400, "bad_request", "eva", { do: "sip_member", ...body });
    await done("eva", { do: "sip_member", sector: "pupil", part: "takes_part" });
    await done("eva", { do: "sip_member", sector: "social", part: "coordinates", title: "socialsekreterare" });
    const members = (await whole()).sip_members;
    assert.deepEqual(
      members.map(({ sector, title, coordinates, since, left_on }) => [sector, title, coordinates, since, left_on]),
      [
        ["pupil", "", false, DAY, null],
        ["social", "socialsekreterare", true, DAY, null],
      ],
    );
    await done("nils", { do: "sip_member_left", member: members[0].member });
    await refused(409, "no_row", "nils", { do: "sip_member_left", member: members[0].member });
    await refused(409, "no_row", "nils", { do: "sip_member_left", member: members[1].member }, 2);
    assert.deepEqual(
      stored("case_sip_member", "left_day, left_by").map(({ left_day: day, left_by: by }) => [day, by]),
      [
        [TODAY, "nils"],
        [null, null],
      ],
    );
  });

  test("held, followed up and ended; another may then be needed", async () => {
    await refused(409, "sip_order", "eva", { do: "sip_followed_up" });
    await done("eva", { do: "sip_held", follow_up_on: "2027-01-15" });
    assert.equal((await clockOf("sip")).stopped_on, DAY);
    await refused(409, "sip_order", "eva", { do: "sip_held" });
    await done("eva", { do: "sip_followed_up" });
    await done("eva", { do: "sip_followed_up", follow_up_on: "2027-02-15" });
    await refused(400, "bad_request", "eva", { do: "sip_ended" });
    await done("eva", { do: "sip_ended", reason: "goals_reached" });
    await refused(409, "sip_order", "eva", { do: "sip_ended", reason: "other" });
    assert.deepEqual(
      stored("case_sip", "stage, value, planned_day, user").map((row) => Object.values(row)),
      [
        ["needed", "", null, "eva"],
        ["requested", "social", null, "nils"],
        ["called", "school", dayOf("2026-11-30"), "eva"],
        ["called", "social", dayOf("2026-12-01"), "eva"],
        ["held", "", dayOf("2027-01-15"), "eva"],
        ["followed_up", "", dayOf("2026-12-04"), "eva"],
        ["followed_up", "", dayOf("2027-02-15"), "eva"],
        ["ended", "goals_reached", null, "eva"],
      ],
    );
    await done("eva", { do: "sip_needed" });
    await done("eva", { do: "sip_requested", of: "health" });
    await done("eva", { do: "sip_ended", reason: "declined" });
    assert.equal(await clockOf("sip"), undefined, "a meeting that was left out has no date");
    assert.deepEqual(stored("case_step", "done_day, skipped_reason", "kind = 'sip'"), [
      { done_day: TODAY, skipped_reason: null },
      { done_day: TODAY, skipped_reason: "guardian_declined" },
    ]);
    await done("eva", { do: "step_left_out", kind: "sip", reason: "other_actor_leads" });
  });

  test("a mentor is told nothing of it", async () => {
    const one = await whole("lind");
    assert.deepEqual([one.sip, one.sips, one.sip_members, one.consents], [undefined, [], [], []]);
    assert.ok(!one.clocks.some(({ clock }) => clock === "sip"));
  });
});

describe("a report of concern", () => {
  const seenBy = async (user, number) => {
    const one = await whole(user, number);
    return [one.concerns.length, one.clocks.filter(({ clock }) => clock === "concern_answered").length];
  };

  test("is shown to its author, also when another has reported later", async () => {
    await done("eva", { do: "concern", on: "2026-11-17" }, 2);
    await done("nils", { do: "concern", on: "2026-11-18" }, 2);
    await done("nils", { do: "concern_answered", concern: 2 }, 2);
    assert.deepEqual(await seenBy("eva", 2), [1, 1]);
    assert.deepEqual(await seenBy("nils", 2), [1, 1]);
    assert.deepEqual(await seenBy("kim", 2), [2, 1]);
    assert.equal((await clockOf("concern_answered", "eva", 2)).began_on, "2026-11-17");
    assert.equal((await clockOf("concern_answered", "kim", 2)).state, "running", "the one that waits for an answer");
  });

  test("takes no room that others could miss", async () => {
    const room = 500 - 1;
    const used = [
      "steps",
      "facts",
      "contacts",
      "measures",
      "voices",
      "actors",
      "consents",
      "sips",
      "sip_members",
      "deviations",
    ];
    const one = await whole("eva", 2);
    const now = used.reduce((sum, part) => sum + one[part].length, 0);
    const voice = { number: 2, user: "eva", at_ms: 1, wants: "[]", note: "", day: TODAY };
    sqlite(web.casebook, insert("case_voice", Array(room - now).fill(voice)));
    await done("eva", { do: "voice", wants: [] }, 2);
    await refused(409, "case_full", "eva", { do: "voice", wants: [] }, 2);
    sqlite(web.casebook, "DELETE FROM case_voice WHERE number = 2");
  });

  test("of its author, so many and no more", async () => {
    const concern = { number: 2, user: "nils", at_ms: 1, made_day: TODAY };
    sqlite(web.casebook, insert("case_concern", Array(49).fill(concern)));
    await refused(409, "case_full", "nils", { do: "concern" }, 2);
    await done("eva", { do: "concern" }, 2);
  });

  test("is in no answer, list, count, stream or log of anybody else", async () => {
    for (const user of ["berg", "ivar", "dana", "lind"].filter((name) => name in who))
      for (const path of [
        "cases/2",
        "cases",
        "owners/eva",
        "groups",
        "audit",
        "retention",
        "flags",
        "pupils/p-quiet",
      ]) {
        const text = await (await who[user].get(path)).text();
        assert.ok(
          !/concern/.test(text.replaceAll('"concerns": []', "").replaceAll('"concerns":[]', "")),
          `${user} ${path}`,
        );
      }
    const log = stored("audit", "action, object", "action LIKE '%concern%' OR object LIKE '%concern%'");
    assert.deepEqual(log, []);
  });
});

describe("a serious event in a family", () => {
  const crisis = async (user, body, end = "") => {
    const answer = await who[user].send("POST", `pupils/p-odd/crisis${end}`, body);
    return [answer.status, await answer.json()];
  };
  const taskOf = async (user) =>
    (await bodyOf(await who[user].get("flags"))).today.find(({ pupil }) => pupil === "p-odd");

  test("one person is spoken to first, no number is told, until a person ends it", async () => {
    sqlite(
      web.db,
      insert("guardian", [{ pupil_id: "p-odd", name: "Ada", phone: "070", email: "", priority: 1, known_from_ms: 1 }]),
    );
    const before = await taskOf("lind");
    assert.ok(before.guardians.length > 0 && before.speak_first_with === null);
    assert.deepEqual(await crisis("eva", { contact: "lind" }), [400, { error: "bad_request" }]);
    assert.deepEqual(await crisis("eva", {}), [400, { error: "bad_request" }]);
    const stands = { contact: "nils", contact_name: "Nils Kurator", since: DAY };
    assert.deepEqual(await crisis("eva", { contact: "nils" }), [200, { crisis: stands }]);
    assert.deepEqual(await crisis("kim", { contact: "kim" }), [409, { error: "changed_meanwhile" }]);
    for (const user of ["lind", "eva", "kim"]) {
      const task = await taskOf(user);
      assert.deepEqual([task.guardians, task.speak_first_with], [[], "Nils Kurator"], user);
    }
    assert.deepEqual((await bodyOf(await who.eva.get("pupils/p-odd"))).crisis, stands);
    const mentors = await bodyOf(await who.lind.get("pupils/p-odd"));
    assert.deepEqual(
      [mentors.crisis, mentors.owners],
      [null, undefined],
      "a mentor is told whom to speak with, not why",
    );
  });

  test("no list, search, count, print of another, log or extract by name finds it", async () => {
    for (const path of ["pupils?q=odd", "cases", "groups", "audit", "retention", "last_year", "cases/1"])
      for (const user of ["kim", "dana", "ivar"]) {
        const text = await (await who[user].get(path)).text();
        assert.ok(!/crisis/.test(text), `${user} ${path}`);
      }
    assert.deepEqual(stored("audit", "action", "action LIKE '%crisis%' OR object LIKE '%crisis%'"), []);
    assert.deepEqual((await bodyOf(await who.kim.get("pupils?q=crisis"))).pupils, []);
  });

  test("it ends by a person, and may come again", async () => {
    assert.deepEqual(await crisis("lind", {}, "/end"), [403, { error: "not_allowed" }]);
    assert.deepEqual(await crisis("vera", {}, "/end"), [200, { crisis: null }]);
    assert.deepEqual(await crisis("vera", {}, "/end"), [409, { error: "changed_meanwhile" }]);
    assert.equal((await taskOf("lind")).speak_first_with, null);
    assert.equal((await crisis("eva", { contact: "eva" }))[0], 200);
    assert.deepEqual(stored("family_crisis", "pupil_id, contact, user, day, ended_by, ended_day"), [
      { pupil_id: "p-odd", contact: "nils", user: "eva", day: TODAY, ended_by: "vera", ended_day: TODAY },
      { pupil_id: "p-odd", contact: "eva", user: "eva", day: TODAY, ended_by: null, ended_day: null },
    ]);
    const log = stored("audit", "user, action, object", "action = 'case_changed' AND object = 'p-odd'").slice(-3);
    assert.deepEqual(
      log.map(({ user }) => user),
      ["eva", "vera", "eva"],
    );
  });

  test("what cannot be logged is not done", async () => {
    sqlite(web.casebook, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    assert.equal((await crisis("eva", {}, "/end"))[0], 503);
    sqlite(web.casebook, "DROP TRIGGER full");
    assert.equal(stored("family_crisis", "1", "ended_day IS NULL").length, 1);
  });
});

describe("failed cooperation", () => {
  const counted = () =>
    stored("term_count", "term_day, measure, choice, value, count", "measure = 'stuck'", "1").map((row) =>
      Object.values(row),
    );
  const TERM = dayOf("2026-08-01");

  test("is noted by choices, and counted once for each case and promise", async () => {
    for (const body of [
      { sector: "social" },
      { sector: "police", promise: "no_answer" },
      { sector: "social", promise: "rude" },
      { sector: "social", promise: "no_answer", since: "2026-11-21" },
    ])
      await refused(400, "bad_request", "eva", { do: "deviation", ...body });
    await done("eva", { do: "deviation", sector: "social", promise: "no_answer", since: "2026-10-30" }); // three weeks
    await done("nils", { do: "deviation", sector: "health", promise: "no_answer" });
    await done("nils", { do: "deviation", sector: "health", promise: "waiting_time", since: "2026-11-07" });
    await done("eva", { do: "deviation", sector: "social", promise: "no_answer", since: "2026-10-30" }, 2);
    assert.deepEqual(counted(), [
      [TERM, "stuck", "no_answer", 3, 2],
      [TERM, "stuck", "waiting_time", 1, 1],
    ]);
    assert.deepEqual(
      (await whole()).deviations.map(({ promise, sector, since, on, by }) => [promise, sector, since, on, by]),
      [
        ["no_answer", "social", "2026-10-30", DAY, "eva"],
        ["no_answer", "health", DAY, DAY, "nils"],
        ["waiting_time", "health", "2026-11-07", DAY, "nils"],
      ],
    );
    assert.deepEqual((await whole("lind")).deviations, []);
  });

  test("of a pupil with protected identity is in no summary", async () => {
    await bodyOf(await who.nils.send("POST", "flags/p-hidden/confirm", { next_on: "2026-12-04" }));
    const [{ number }] = stored("support_case", "number", "pupil_id = 'p-hidden'");
    const before = counted();
    await done("nils", { do: "deviation", sector: "social", promise: "other" }, number);
    assert.deepEqual(counted(), before);
  });

  test("is told of terms that are over, rounded down to fives, and today's not at all", async () => {
    assert.deepEqual((await bodyOf(await who.eva.get("together"))).terms, []);
    const row = (term, measure, choice, value, count) => ({ term_day: dayOf(term), measure, choice, value, count });
    sqlite(
      web.casebook,
      insert("term_count", [
        row("2026-01-01", "stuck", "no_answer", 2, 6),
        row("2026-01-01", "stuck", "no_answer", 9, 3),
        row("2026-01-01", "stuck", "waiting_time", 12, 4),
        row("2026-01-01", "listened", "pupil", 4, 5),
        row("2026-01-01", "listened", "pupil", 3, 1),
        row("2026-01-01", "informed", "pupil", 2, 6),
        row("2026-01-01", "listened", "guardian", 4, 4),
        row("2026-01-01", "informed", "guardian", 4, 4),
        row("2025-08-01", "stuck", "other", 1, 5),
      ]),
    );
    const { terms } = await bodyOf(await who.kim.get("together"));
    const none = (promise) => ({ promise, cases: null, weeks: null });
    assert.deepEqual(terms[0], {
      from: "2026-01-01",
      to: "2026-07-31",
      stuck: [
        { promise: "no_answer", cases: 5, weeks: 2 },
        none("absent_at_sip"),
        none("waiting_time"),
        none("unclear_responsibility"),
        none("other"),
      ],
      ratings: [
        { party: "pupil", answers: 5, listened: 40, informed: 20 },
        { party: "guardian", answers: null, listened: null, informed: null },
      ],
    });
    assert.deepEqual([terms[1].from, terms[1].to, terms.length], ["2025-08-01", "2025-12-31", 2]);
    assert.deepEqual(terms[1].stuck[4], { promise: "other", cases: 5, weeks: 1 });
  });

  test("the summary stays the same whatever is erased later", async () => {
    const before = (await bodyOf(await who.kim.get("together"))).terms;
    sqlite(web.casebook, "DELETE FROM case_deviation");
    assert.deepEqual((await bodyOf(await who.kim.get("together"))).terms, before);
  });

  test("the latest eight terms are told", async () => {
    const terms = Array.from({ length: 9 }, (_, year) => ({
      term_day: dayOf(`${2010 + year}-01-01`),
      measure: "stuck",
      choice: "other",
      value: 0,
      count: 5,
    }));
    sqlite(web.casebook, insert("term_count", terms));
    const told = (await bodyOf(await who.kim.get("together"))).terms.map(({ from }) => from);
    assert.deepEqual([told.length, told.at(-1)], [8, "2013-01-01"]);
  });
});

describe("a rating of a meeting", () => {
  const rate = async (user, body) => (await who[user].send("POST", "together/rating", body)).status;

  test("is a count of the term, of no pupil, no date, no user and no row of the log", async () => {
    const last = stored("audit", "max(sequence) AS n")[0].n;
    for (const [user, party, listened, informed] of [
      ["eva", "pupil", 4, 1],
      ["kim", "pupil", 4, 2],
      ["nils", "guardian", 1, 4],
    ])
      assert.equal(await rate(user, { party, listened, informed }), 200);
    const TERM = dayOf("2026-08-01");
    assert.deepEqual(
      stored(
        "term_count",
        "term_day, measure, choice, value, count",
        `measure <> 'stuck' AND term_day = ${TERM}`,
        "1",
      ).map((row) => Object.values(row)),
      [
        [TERM, "informed", "guardian", 4, 1],
        [TERM, "informed", "pupil", 1, 1],
        [TERM, "informed", "pupil", 2, 1],
        [TERM, "listened", "guardian", 1, 1],
        [TERM, "listened", "pupil", 4, 2],
      ],
    );
    assert.equal(stored("audit", "max(sequence) AS n")[0].n, last);
    assert.ok((await bodyOf(await who.kim.get("together"))).terms.every(({ from }) => from !== "2026-08-01"));
  });

  test("takes both answers, each from one to four, or nothing", async () => {
    const before = stored("term_count", "sum(count) AS n", "1", "1");
    for (const body of [
      { party: "pupil", listened: 4 },
      { party: "pupil", listened: 0, informed: 1 },
      { party: "pupil", listened: 5, informed: 1 },
      { party: "pupil", listened: "4", informed: 1 },
      { party: "teacher", listened: 4, informed: 1 },
    ])
      assert.equal(await rate("eva", body), 400, JSON.stringify(body));
    assert.deepEqual(stored("term_count", "sum(count) AS n", "1", "1"), before);
  });
});
