// Who has left, and who changed class, from outside: in no list of the dashboard, found by the id alone, and past days as they were.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bodyOf, insert, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const LEFT = ["p-alva", "p-odd", "p-hidden"];
const KNOWN = Date.parse("2026-08-01T00:00:00Z");
let web;
const session = {};

before(async () => {
  web = await startWeb({ users: USERS });
  for (const { user } of USERS) session[user] = await signIn(web, user);
});
after(() => web.stop());

const get = async (user, path) => bodyOf(await session[user].get(path));
const pupilsOf = async (user) => (await get(user, "pupils")).pupils.map(({ pupil }) => pupil);
const flagsOf = async (user) => {
  const { inbox, quiet, today } = await get(user, "flags");
  return [inbox, quiet, today].map((list) => list.map(({ pupil }) => pupil).sort());
};
const leave = (to) =>
  sqlite(web.db, `UPDATE pupil SET to_day = ${to} WHERE pupil_id IN (${LEFT.map((id) => `'${id}'`)});`);

test("on the last day everybody is listed, on the day after nobody who left is", async () => {
  assert.equal((await session.eva.send("POST", "flags/p-alva/confirm", { next_on: "2026-11-20" })).status, 200); // a case, due today
  leave(TODAY);
  assert.deepEqual(await flagsOf("nils"), [
    ["p-alva", "p-hidden", "p-odd"],
    ["p-quiet"],
    ["p-hidden", "p-odd", "p-omar"],
  ]);
  assert.equal((await get("eva", "cases")).cases.length, 1);
  leave(TODAY - 1);
  assert.deepEqual(await flagsOf("nils"), [[], ["p-quiet"], ["p-omar"]]);
  assert.deepEqual(
    await pupilsOf("nils"),
    ["p-omar", "p-quiet", "p-well"].sort((a, b) => (a < b ? -1 : 1)),
  );
  assert.deepEqual((await get("eva", "cases")).cases, []);
  assert.equal((await get("kim", "status")).pupils, 3);
});

test("the open case of one who left is in a list of its own, and is handed to another or closed there", async () => {
  const left = async (user) =>
    (await get(user, "cases")).left.map(({ pupil, owner, left_on: on }) => [pupil, owner, on]);
  const yesterday = new Date((TODAY - 1) * 86400000).toISOString().slice(0, 10);
  for (const user of ["kim", "vera", "eva", "nils"])
    assert.deepEqual(await left(user), [["p-alva", "eva", yesterday]], user);
  for (const user of ["lind", "berg", "ivar", "dana"]) assert.equal((await session[user].get("cases")).status, 403);
  assert.ok(
    rows(web.casebook, "SELECT object FROM audit WHERE action = 'list_cases' AND user = 'vera'")[0].object.includes(
      "p-alva",
    ),
  );
  const to = { next_on: "2026-12-01", owner: "vera" };
  assert.equal((await session.kim.send("POST", "flags/p-alva/confirm", to)).status, 200);
  assert.deepEqual(await left("eva"), [["p-alva", "vera", yesterday]]);
  const [{ case: number }] = (await (await session.vera.get("cases")).json()).left;
  const decision = { do: "inquiry", decision: "no_inquiry", reason: "other" };
  assert.equal((await session.vera.send("POST", `cases/${number}`, decision)).status, 200);
  const close = await session.vera.send("POST", "flags/p-alva/close", { reason: "handed_over" });
  assert.equal(close.status, 200);
  assert.deepEqual(await left("eva"), []);
  assert.equal((await session.vera.send("POST", "flags/p-alva/undo")).status, 200); // as the tests below want it
  const hidden = { pupil_id: "p-hidden", owner: "kim", opened_by: "kim", next_day: TODAY, opened_ms: 0 };
  sqlite(web.casebook, insert("support_case", [{ ...hidden, opened_day: TODAY - 9, year: 2026, serial: 99 }]));
  assert.deepEqual((await left("eva")).length, 1);
  assert.deepEqual(
    (await left("nils")).map(([pupil]) => pupil),
    ["p-hidden", "p-alva"],
  );
});

test("the case of one who is between two periods is with the others", async () => {
  const { cases } = await get("eva", "cases");
  const period = {
    given_name: "Alva",
    family_name: "Berg",
    class: "9B",
    year: "9",
    protected: 0,
    known_from_ms: KNOWN,
  };
  sqlite(web.db, insert("pupil", [{ ...period, pupil_id: "p-alva", from_day: TODAY + 9 }]));
  const now = await get("eva", "cases");
  assert.deepEqual([cases, now.cases.map(({ pupil }) => pupil), now.left], [[], ["p-alva"], []]);
  sqlite(web.db, `DELETE FROM pupil WHERE from_day = ${TODAY + 9}`);
});

test("the page of one who left is there for whom it concerns, with the days as they were", async () => {
  const page = await get("eva", "pupils/p-alva");
  assert.deepEqual([page.at_school, page.class, page.mentor, page.flags.length], [false, "8B", null, 3]);
  assert.ok(page.days.length > 30 && page.timeline.length > 0);
  assert.equal((await session.lind.get("pupils/p-alva")).status, 404); // the class has a mentor still, but it is no longer hers
  assert.equal((await session.eva.get("pupils/p-hidden")).status, 404);
  assert.equal((await get("eva", "pupils/p-omar")).at_school, true);
});

test("one who left stays hidden in the audit log", async () => {
  await session.nils.get("pupils/p-hidden");
  const objects = JSON.stringify(await get("dana", "audit"));
  assert.ok(!objects.includes("p-hidden") && objects.includes("p-alva"));
});

test("one who comes back is listed again, with the new class", async () => {
  sqlite(
    web.db,
    insert("pupil", [
      {
        pupil_id: "p-alva",
        given_name: "Alva",
        family_name: "Holm",
        class: "7C",
        year: "7",
        protected: 0,
        from_day: TODAY,
        known_from_ms: KNOWN,
      },
    ]),
  );
  const page = await get("eva", "pupils/p-alva");
  assert.deepEqual([page.at_school, page.class, page.name], [true, "7C", "Alva Holm"]);
  assert.ok((await pupilsOf("nils")).includes("p-alva"));
  assert.equal((await get("eva", "cases")).cases.length, 1);
});

test("a period to come says nothing of today, but its name and its protection do", async () => {
  sqlite(
    web.db,
    `UPDATE pupil SET to_day = ${TODAY + 5} WHERE pupil_id = 'p-well';${insert("pupil", [
      {
        pupil_id: "p-well",
        given_name: "Åke",
        family_name: "Ny",
        class: "9Z",
        year: "9",
        protected: 0,
        from_day: TODAY + 6,
        known_from_ms: KNOWN,
      },
    ])}`,
  );
  const page = await get("eva", "pupils/p-well");
  assert.deepEqual([page.class, page.name, page.at_school], ["7C", "Åke Ny", true]);
  sqlite(web.db, `UPDATE pupil SET protected = 1 WHERE pupil_id = 'p-well' AND class = '9Z'`);
  assert.equal((await session.eva.get("pupils/p-well")).status, 404);
});

test("a class of some weeks ago has the pupils that it had", async () => {
  const eight = rows(
    web.db,
    `SELECT count(*) AS n FROM pupil_day WHERE class = '8B' AND day BETWEEN ${TODAY - 28} AND ${TODAY - 1}`,
  )[0].n;
  const class8 = async () => (await get("eva", "pupils/p-odd/class")).percents.length;
  sqlite(
    web.db,
    [
      "BEGIN;",
      ...Array.from(
        { length: 5 },
        (_, i) =>
          `${insert("pupil", [
            {
              pupil_id: `p-${i}`,
              given_name: "A",
              family_name: "B",
              class: "8B",
              year: "8",
              protected: 0,
              known_from_ms: KNOWN,
            },
          ])}INSERT INTO pupil_day SELECT 'p-${i}', day, class, outcomes FROM pupil_day WHERE pupil_id = 'p-odd';`,
      ),
      "COMMIT;",
    ].join(""),
  );
  assert.ok(eight > 20);
  const before = await class8();
  assert.ok(before >= 6);
  sqlite(
    web.db,
    `UPDATE pupil SET to_day = ${TODAY - 1} WHERE pupil_id = 'p-0';${insert("pupil", [
      {
        pupil_id: "p-0",
        given_name: "A",
        family_name: "B",
        class: "7C",
        year: "7",
        protected: 0,
        from_day: TODAY,
        known_from_ms: KNOWN,
      },
    ])}`,
  );
  assert.equal(await class8(), before);
  const { groups } = await get("eva", "groups");
  assert.ok(
    groups.some(({ name, too_few: few }) => name === "8B" && !few) && groups.every(({ name }) => name !== "9Z"),
  );
});

test("a terminal is told once, where it hangs today", async () => {
  sqlite(
    web.db,
    `UPDATE terminal SET to_day = ${TODAY - 10} WHERE terminal_id = 'hall-2'; UPDATE terminal SET to_day = ${TODAY + 3} WHERE terminal_id = 'idrott';${insert(
      "terminal",
      [
        { terminal_id: "hall-2", room: "B12", from_day: TODAY - 9, known_from_ms: KNOWN },
        { terminal_id: "idrott", room: "SIMHALL", from_day: TODAY + 4, known_from_ms: KNOWN },
      ],
    )}`,
  );
  const { terminals } = await get("ivar", "terminals");
  assert.deepEqual(
    terminals.map(({ terminal, room }) => `${terminal} ${room}`),
    ["entre-a ENTRE-A", "hall-2 B12", "idrott IDROTT", "reserv RESERV", "stulen STULEN"],
  );
});
