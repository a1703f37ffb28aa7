// More new items than the school can meet in a week, from outside: their order, what is told of it, and that none is left out.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf, insert, pack, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const date = (day) => new Date(day * 86400000).toISOString().slice(0, 10);

describe("more wait than the school can meet", () => {
  const own = (pupil, days) => days.map((each) => ({ ...each, pupil_id: pupil, class: "8B" }));
  /** Five lessons of an hour; the first `missed` of them are. */
  const missing = (missed, status = "reported") =>
    pack(
      Array.from({ length: 5 }, (_, i) => ({
        start: 490 + 70 * i,
        minutes: 60,
        absent: i < missed ? 60 : 0,
        subject: 0,
        status: i < missed ? status : "present",
      })),
    );
  const fill = (db) => {
    const days = rows(db, "SELECT day FROM school_day WHERE decided_ms IS NOT NULL ORDER BY day DESC").map(
      ({ day }) => day,
    );
    const pupils = ["w-a", "w-b", "w-c", "w-d"];
    // Of 40 days w-a misses 10 whole ones, w-b 12 hours here and there, w-c nothing but long ago, w-d most, and all of it leave.
    const of = {
      "w-a": days.map((day, i) => ({ day, outcomes: missing(i < 10 ? 5 : 0) })),
      "w-b": days.map((day, i) => ({ day, outcomes: missing(i % 3 === 0 && i < 36 ? 1 : 0, "unreported") })),
      "w-c": days.map((day, i) => ({ day, outcomes: missing(i >= 40 ? 5 : 0) })),
      "w-d": days.map((day, i) => ({ day, outcomes: missing(i < 20 ? 5 : 0, "leave") })),
    };
    sqlite(
      db,
      insert(
        "pupil",
        pupils.map((id) => ({
          pupil_id: id,
          given_name: "Elev",
          family_name: id,
          class: "8B",
          year: "8",
          protected: 0,
          known_from_ms: 0,
        })),
      ) +
        insert(
          "pupil_day",
          pupils.flatMap((id) => own(id, of[id])),
        ) +
        insert(
          "flag",
          pupils.map((id, i) => ({
            flag: 500 + i,
            pupil_id: id,
            rule: "absence-15",
            severity: 2 + (i % 2),
            rules_version: 1,
            raised_day: TODAY - 1 - i,
            evidence: "[]",
            decided_ms: 0,
          })),
        ),
    );
    assert.ok(days.length > 40);
  };

  test("they stand by school time lost, all of them, with how many wait; those that are due before them", async (context) => {
    const web = await startWeb({ more: "items_a_week = 4;\n", users: USERS.filter(({ user }) => user === "vera") });
    context.after(() => web.stop());
    fill(web.db);
    sqlite(web.db, "DELETE FROM flag WHERE pupil_id IN ('p-alva', 'p-hidden')");
    const vera = await signIn(web, "vera");
    const list = async () => bodyOf(await vera.get("flags"));
    const before = await list();
    assert.deepEqual([before.waiting, before.items_a_week], [5, 4]);
    const [odd] = rows(web.db, `SELECT count(*) AS n FROM pupil_day WHERE pupil_id = 'p-odd' AND day < ${TODAY}`);
    assert.ok(odd.n > 40);
    const mondays = rows(
      web.db,
      `SELECT day FROM pupil_day WHERE pupil_id = 'p-odd' AND day < ${TODAY} ORDER BY day DESC LIMIT 40`,
    ).filter(({ day }) => (day + 3) % 7 === 0).length; // misses two hours of each
    assert.deepEqual(
      before.inbox.map(({ pupil, time_lost: lost }) => [pupil, lost.minutes, lost.of_days]),
      [
        ["w-d", 20 * 300, 40],
        ["w-a", 10 * 300, 40],
        ["p-odd", mondays * 120, 40],
        ["w-b", 12 * 60, 40],
        ["w-c", 0, 40],
      ],
    );
    // As many as can be met: by waiting time again, and no time is told.
    assert.equal((await vera.send("POST", "flags/w-c/confirm", { next_on: date(TODAY + 7) })).status, 200);
    const after = await list();
    assert.deepEqual([after.waiting, after.items_a_week], [4, 4]);
    assert.deepEqual(
      after.inbox.map(({ pupil, time_lost: lost }) => [pupil, lost]),
      [
        ["p-odd", undefined],
        ["w-d", undefined],
        ["w-b", undefined],
        ["w-a", undefined],
      ],
    );
    // One that is due is a promise: first, and none of those that wait.
    sqlite(web.casebook, `UPDATE support_case SET next_day = ${TODAY}`);
    const due = await list();
    assert.deepEqual([due.waiting, due.inbox.length, due.inbox[0].pupil], [4, 5, "w-c"]);
  });

  test("a school that has not said how many it can meet has them by waiting time", async (context) => {
    const web = await startWeb();
    context.after(() => web.stop());
    fill(web.db);
    const kim = await signIn(web);
    const { inbox, waiting, items_a_week: most } = await bodyOf(await kim.get("flags"));
    assert.deepEqual([waiting, most], [7, null]);
    const since = inbox.map((item) => item.since);
    assert.deepEqual(since, [...since].sort());
    assert.ok(inbox.every((item) => item.time_lost === undefined));
  });
});
