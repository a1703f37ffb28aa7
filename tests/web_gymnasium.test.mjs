// The lists of a gymnasium by the API: home municipality (15:15), aktivitetsansvar, study grant. Who is on which is counted here from the
// rows that this test writes; decisions are rows, and nothing is sent.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { bodyOf, insert, pack, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const dayOf = (date) => Date.parse(date) / 86400000;
const dateOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const lesson = (status, absent) => ({ start: 490, minutes: 240, absent, subject: 0, status });
// id, birth, home municipality, form, from, to, why it ended, invalid absence of this month: [date, status, minutes]
const STUDENTS = [
  ["g-near", "2009-05-05", "0180", "GY", "2026-08-17", null, "", []],
  [
    "g-far",
    "2009-05-05",
    "0184",
    "GY",
    "2026-08-17",
    null,
    "",
    [
      ["2026-11-02", "unreported", 200],
      ["2026-11-09", "late", 40],
    ],
  ],
  [
    "g-under",
    "2009-05-05",
    "0180",
    "GY",
    "2025-08-18",
    null,
    "",
    [
      ["2026-11-02", "unreported", 200],
      ["2026-11-09", "late", 39],
    ],
  ],
  ["g-once", "2009-05-05", "0180", "GYS", "2025-08-18", null, "", [["2026-11-10", "unreported", 240]]],
  [
    "g-ill",
    "2009-05-05",
    "0180",
    "GY",
    "2025-08-18",
    null,
    "",
    [
      ["2026-11-02", "reported", 240],
      ["2026-11-03", "leave", 240],
    ],
  ],
  [
    "g-new",
    "2009-05-05",
    "0180",
    "GY",
    "2025-08-18",
    null,
    "",
    [
      ["2026-11-06", "unreported", 200],
      ["2026-11-17", "unreported", 200],
    ],
  ],
  [
    "g-twenty",
    "2006-11-02",
    "0184",
    "GY",
    "2026-08-17",
    null,
    "",
    [
      ["2026-11-02", "unreported", 200],
      ["2026-11-09", "late", 40],
    ],
  ],
  ["g-left", "2008-05-05", "0184", "GY", "2024-08-19", "2026-10-30", "", []],
  ["g-left-20", "2006-11-20", "0180", "GY", "2024-08-19", "2026-10-30", "", []],
  ["g-left-19", "2006-11-21", "0180", "GYS", "2024-08-19", "2026-10-30", "", []],
  ["g-long-gone", "2008-05-05", "0180", "GY", "2024-08-19", "2025-11-10", "", []],
  ["g-dead", "2008-05-05", "0184", "GY", "2024-08-19", "2026-10-30", "deceased", []],
  ["g-last-day", "2008-05-05", "0180", "GY", "2024-08-19", "2026-11-20", "", []],
  ["g-school", "2012-05-05", "0184", "GR", "2026-08-17", "2026-10-30", "", []],
  [
    "g-secret",
    "2009-05-05",
    "0184",
    "GY",
    "2026-08-17",
    null,
    "",
    [
      ["2026-11-02", "unreported", 240],
      ["2026-11-03", "late", 1],
    ],
  ],
];
const ON = {
  began: ["g-far", "g-secret", "g-twenty"],
  left: ["g-left"],
  kaa: ["g-left", "g-left-19"],
  grants: ["g-far", "g-new", "g-secret"],
};

describe("the lists of a gymnasium", () => {
  let web;
  const who = {};
  before(async () => {
    const users = USERS.map((user) => (user.user === "nils" ? { ...user, named_for: ["p-hidden", "g-secret"] } : user));
    web = await startWeb({ users, more: 'municipality = "0180";' });
    sqlite(
      web.db,
      STUDENTS.map(([id, birth, home, form, from, to, why, absences]) =>
        [
          insert("pupil", [
            {
              pupil_id: id,
              given_name: id,
              family_name: "Gy",
              class: "EK24",
              year: "2",
              protected: id === "g-secret" ? 1 : 0,
              from_day: dayOf(from),
              to_day: to && dayOf(to),
              known_from_ms: 1,
              end_reason: why,
              birth_day: dayOf(birth),
              school_form: form,
              home_municipality: home,
            },
          ]),
          insert(
            "pupil_day",
            absences.map(([date, status, minutes]) => ({
              pupil_id: id,
              day: dayOf(date),
              class: "EK24",
              outcomes: pack([lesson("present", 0), lesson(status, minutes)]),
            })),
          ),
        ].join(""),
      ).join(""),
    );
    for (const { user } of USERS) who[user] = await signIn(web, user);
  });
  after(() => web.stop());

  const lists = async (user = "nils", query = "") => bodyOf(await who[user].get(`gymnasium${query}`));
  const ids = (answer) =>
    Object.fromEntries(Object.keys(ON).map((list) => [list, answer[list].map(({ pupil }) => pupil).sort()]));
  const decide = async (pupil, body, user = "eva") => {
    const answer = await who[user].send("POST", `gymnasium/${pupil}`, body);
    return [answer.status, (await answer.json()).error];
  };
  const OK = [200, undefined];
  const grant = { list: "grants", about: "2026-11-01" };

  test("hold whom they are about, and of a protected pupil only for the named", async () => {
    assert.deepEqual(ids(await lists()), ON);
    const others = Object.fromEntries(
      Object.entries(ON).map(([list, of]) => [list, of.filter((id) => id !== "g-secret")]),
    );
    assert.deepEqual(ids(await lists("eva")), others);
    const [far] = (await lists()).grants;
    assert.deepEqual(
      [far.pupil, far.first_day, far.minutes, far.report_from, far.usual_from, far.decision],
      ["g-far", "2026-11-02", 240, "2026-11-17", "2026-12-02", null],
    );
    assert.deepEqual(ids(await lists("nils", "?month=2026-10")).grants, []);
    for (const month of ["2026-12", "2026-13", "x", "2026-1"])
      assert.equal((await who.eva.get(`gymnasium?month=${month}`)).status, 400, month);
    for (const { user, role } of USERS)
      assert.equal((await who[user].get("gymnasium")).status, ["eht", "rektor"].includes(role) ? 200 : 403, user);
  });

  test("a report never before 15 days, before 30 with a reason; to refrain needs one", async () => {
    assert.deepEqual(await decide("g-new", { ...grant, decision: "report", reason: "goes_on" }), [409, "too_early"]);
    assert.deepEqual(await decide("g-far", { ...grant, decision: "report" }), [409, "reason_needed"]);
    assert.deepEqual(await decide("g-new", { ...grant, decision: "refrain" }), [400, "bad_request"]);
    assert.deepEqual(await decide("g-new", { ...grant, decision: "refrain", reason: "bullying" }), OK);
    assert.deepEqual(await decide("g-far", { ...grant, decision: "report", reason: "goes_on" }), OK);
    sqlite(
      web.db,
      `UPDATE pupil_day SET day = ${dayOf("2026-10-21")} WHERE pupil_id = 'g-far' AND day = ${dayOf("2026-11-02")};
      UPDATE pupil_day SET day = ${dayOf("2026-10-22")} WHERE pupil_id = 'g-far' AND day = ${dayOf("2026-11-09")};`,
    );
    const october = { list: "grants", about: "2026-10-01", decision: "report" };
    assert.deepEqual(await decide("g-far", grant.about && { ...grant, decision: "report" }), [409, "not_listed"]);
    assert.deepEqual(await decide("g-far", october), OK, "30 days after 21 October");
    assert.deepEqual(
      (await lists("eva", "?month=2026-10")).grants.map(({ pupil, decision }) => [
        pupil,
        decision.decision,
        decision.by,
      ]),
      [["g-far", "report", "eva"]],
    );
  });

  test("what was sent has a date and a contact, can be taken back, and every row stays", async () => {
    const kaa = { list: "kaa", about: "2026-10-30" };
    assert.deepEqual(
      await decide("g-left", { ...kaa, decision: "sent", on: "2026-11-18", contact: "KAA Nacka, mottagningen" }),
      OK,
    );
    const of = async () => (await lists("eva")).kaa.find(({ pupil }) => pupil === "g-left").decision;
    const { at, ...told } = await of();
    assert.deepEqual(told, {
      decision: "sent",
      reason: "",
      contact: "KAA Nacka, mottagningen",
      on: "2026-11-18",
      by: "eva",
    });
    assert.ok(at);
    assert.deepEqual(await decide("g-left", { ...kaa, decision: "taken_back" }, "vera"), OK);
    assert.equal(await of(), null);
    await web.restart();
    who.eva = await signIn(web, "eva");
    assert.equal(await of(), null);
    assert.deepEqual(
      rows(web.casebook, "SELECT pupil_id, list, decision, user, day, minutes FROM duty ORDER BY duty"),
      [
        { pupil_id: "g-new", list: "grants", decision: "refrain", user: "eva", day: TODAY, minutes: 400 },
        { pupil_id: "g-far", list: "grants", decision: "report", user: "eva", day: TODAY, minutes: 240 },
        { pupil_id: "g-far", list: "grants", decision: "report", user: "eva", day: TODAY, minutes: 240 },
        { pupil_id: "g-left", list: "kaa", decision: "sent", user: "eva", day: TODAY - 2, minutes: 0 },
        { pupil_id: "g-left", list: "kaa", decision: "taken_back", user: "vera", day: TODAY, minutes: 0 },
      ],
    );
    assert.deepEqual(
      rows(web.casebook, "SELECT DISTINCT object FROM audit WHERE action = 'gymnasium_decided' ORDER BY sequence").map(
        ({ object }) => object,
      ),
      ["g-new grants refrain", "g-far grants report", "g-left kaa sent", "g-left kaa taken_back"],
    );
  });

  test("who is on no such list, whom the caller may not see, and what is no choice is refused, and nothing is written", async () => {
    const before = rows(web.casebook, "SELECT count(*) AS n FROM duty");
    const sent = { list: "left", about: "2026-10-30", decision: "sent" };
    assert.deepEqual(await decide("g-left-19", sent), [409, "not_listed"]);
    assert.deepEqual(await decide("g-left", { ...sent, about: "2026-10-29" }), [409, "not_listed"]);
    assert.deepEqual(await decide("g-secret", { ...sent, list: "began", about: "2026-08-17" }), [404, "not_found"]);
    assert.deepEqual(await decide("g-nobody", sent), [404, "not_found"]);
    for (const body of [
      {},
      { ...sent, list: "csn" },
      { ...sent, decision: "report" },
      { ...sent, reason: "other" },
      { ...sent, about: "" },
      { ...sent, on: dateOf(TODAY + 1) },
      { ...sent, contact: "x".repeat(121) },
      { ...grant, decision: "sent" },
    ])
      assert.deepEqual(await decide("g-left", body), [400, "bad_request"], JSON.stringify(body));
    assert.deepEqual(rows(web.casebook, "SELECT count(*) AS n FROM duty"), before);
  });
});
