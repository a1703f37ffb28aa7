// The audit log as the API tells it, the month's review, and the head that is kept elsewhere.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bodyOf, program, rows, signIn, sqlite, startWeb, USERS } from "./fixture.mjs";

describe("the log", () => {
  let web;
  const session = {};
  before(async () => {
    web = await startWeb({ users: USERS });
    for (const { user } of USERS) session[user] = await signIn(web, user);
    for (const [user, path] of [
      ["eva", "pupils/p-alva"],
      ["eva", "pupils/p-odd"],
      ["nils", "pupils/p-alva"],
      ["lind", "pupils/p-omar"],
      ["kim", "flags"],
    ])
      await (await session[user].get(path)).text();
  });
  after(() => web.stop());
  const log = async (user, query = "") => (await bodyOf(await session[user].get(`audit${query}`))).entries;
  const post = async (user, path, body = {}) => {
    const reply = await session[user].send("POST", path, body);
    return [reply.status, await bodyOf(reply)];
  };
  const told = (entries) => entries.map(({ user, action, object }) => `${user} ${action} ${object}`);

  test("filters: who, what, about whom, when", async () => {
    assert.deepEqual(told(await log("dana", "?action=view_pupil")), [
      "nils view_pupil p-alva",
      "eva view_pupil p-odd",
      "eva view_pupil p-alva",
    ]);
    assert.deepEqual(told(await log("vera", "?user=eva&action=view_pupil")), [
      "eva view_pupil p-odd",
      "eva view_pupil p-alva",
    ]);
    const about = told(await log("vera", "?object=p-alva"));
    assert.deepEqual(about.slice(-3), [
      'kim list_flags ["p-odd","p-alva","p-quiet","p-odd","p-omar"]',
      "nils view_pupil p-alva",
      "eva view_pupil p-alva",
    ]);
    assert.deepEqual(told(await log("vera", "?object=p-al")), []);
    assert.equal((await log("vera", "?from=2026-11-21")).length, 0);
    assert.equal((await log("vera", "?to=2026-11-19")).length, 0);
    assert.ok((await log("vera", "?from=2026-11-20&to=2026-11-20")).length > 10);
    for (const query of ["?from=yesterday", "?to=2026-13-01", "?before=x"])
      assert.equal((await session.dana.get(`audit${query}`)).status, 400, query);
    assert.deepEqual(told(await log("dana", "?action=view_log&object=p-alva")), ["vera view_log p-alva"]);
  });

  // eva looked and was refused, nils may look, dana and vera may read the log but are not named for p-hidden.
  test("whom a look at a protected pupil was about is told to named users, and to who looked", async () => {
    for (const user of ["eva", "nils"]) await (await session[user].get("pupils/p-hidden")).text();
    await (await session.nils.get("pupils/p-hidden/absences")).text();
    const rowsOf = async (user, query) =>
      (await log(user, query)).map(({ user: by, action, object, protected: hides }) => [by, action, object, hides]);
    for (const user of ["vera", "dana"]) {
      assert.ok(!JSON.stringify(await log(user)).includes("p-hidden"), user);
      assert.deepEqual(await rowsOf(user, "?object=p-hidden"), [], user);
      assert.deepEqual(await rowsOf(user, "?object=p-hidden&user=nils"), [], user);
      assert.deepEqual((await rowsOf(user, "?user=nils&action=view_pupil"))[0], ["nils", "view_pupil", "", true], user);
    }
    assert.deepEqual(await rowsOf("kim", "?user=nils&action=view_pupil&object=p-hidden"), [
      ["nils", "view_pupil", "p-hidden", false],
    ]);
    assert.deepEqual(await rowsOf("kim", "?user=nils&action=view_absences"), [
      ["nils", "view_absences", "p-hidden", false],
    ]);
    assert.deepEqual(await rowsOf("eva", "?object=p-hidden"), [["eva", "view_pupil_refused", "p-hidden", false]]);
    assert.equal(
      rows(web.casebook, "SELECT count(*) AS n FROM audit WHERE object = 'p-hidden' AND user <> 'eva'")[0].n > 2,
      true,
      "the log itself has it",
    );
  });

  test("a protected pupil that the school no longer knows stays hidden", async () => {
    sqlite(web.db, "DELETE FROM pupil WHERE pupil_id = 'p-hidden'");
    assert.deepEqual(
      (await log("vera", "?user=nils&action=view_absences")).map(({ object, protected: hides }) => [object, hides]),
      [["", true]],
    );
    assert.equal((await log("kim", "?user=nils&action=view_absences"))[0].object, "p-hidden");
  });

  test("pages of a hundred, without a gap", async () => {
    for (let i = 0; i < 120; i++) await (await session.nils.get("pupils/p-well")).text();
    const first = await bodyOf(await session.dana.get("audit?user=nils"));
    const second = await bodyOf(await session.dana.get(`audit?user=nils&before=${first.entries.at(-1).sequence}`));
    assert.deepEqual([first.entries.length, first.more, second.more], [100, true, false]);
    const all = rows(web.casebook, "SELECT sequence FROM audit WHERE user = 'nils' ORDER BY sequence DESC").map(
      ({ sequence }) => sequence,
    );
    assert.deepEqual(
      [...first.entries, ...second.entries].map(({ sequence }) => sequence),
      all,
    );
  });

  test("eht sees its own, it the technical: no pupil is in it", async () => {
    assert.deepEqual(new Set((await log("eva")).map(({ user }) => user)), new Set(["eva"]));
    assert.deepEqual(new Set((await log("eva", "?user=nils")).map(({ user }) => user)), new Set(["eva"]));
    const technical = await log("ivar");
    assert.ok(
      technical.some(({ action, user }) => action === "login" && user === "eva") &&
        technical.some(({ action }) => action === "user_added"),
    );
    assert.ok(!JSON.stringify(technical).includes("p-"));
    assert.deepEqual(await log("ivar", "?action=view_pupil"), []);
  });

  test("the review: a past month, drawn once, each judged once", async () => {
    assert.deepEqual(await post("dana", "audit/review", { month: "2026-11" }), [409, { error: "month_not_over" }]);
    sqlite(web.casebook, "UPDATE audit SET at_ms = at_ms - 31 * 86400000 WHERE action = 'view_pupil'");
    const [, first] = await post("dana", "audit/review", { month: "2026-10" });
    assert.equal(first.drawn.length, 20);
    assert.ok(first.drawn.every(({ action, verdict }) => action === "view_pupil" && verdict === null));
    assert.deepEqual(await post("dana", "audit/review", { month: "2026-10" }), [200, first]);
    const { sequence } = first.drawn[0];
    assert.deepEqual(await post("dana", `audit/review/${sequence}`, { verdict: "question" }), [
      200,
      { verdict: "question" },
    ]);
    assert.equal((await post("dana", `audit/review/${sequence}`, { verdict: "ok" }))[0], 404);
    for (const [path, body, status] of [
      ["audit/review/1", { verdict: "ok" }, 404],
      ["audit/review/x", { verdict: "ok" }, 400],
      [`audit/review/${first.drawn[1].sequence}`, { verdict: "fine" }, 400],
      ["audit/review", { month: "2026-1" }, 400],
      ["audit/review", {}, 400],
    ])
      assert.equal((await post("dana", path, body))[0], status, path);
    await web.restart();
    const again = await bodyOf(await session.vera.get("audit/review?month=2026-10"));
    assert.deepEqual(
      again.drawn.map((one) => [one.sequence, one.verdict, one.judged_by]),
      first.drawn.map((one, i) => [one.sequence, i ? null : "question", i ? null : "dana"]),
    );
    assert.equal((await session.vera.get("audit/review?month=oktober")).status, 400);
  });

  test("narvaro audit head tells the last row", () => {
    const head = () =>
      spawnSync(join(program, "../narvaro"), ["audit", "head", "--socket", web.adminSocket], { encoding: "utf8" })
        .stdout;
    const [last] = rows(
      web.casebook,
      "SELECT sequence, lower(hex(mac)) AS mac FROM audit ORDER BY sequence DESC LIMIT 1",
    );
    assert.match(head(), new RegExp(`^2026-11-20T12:\\d\\d:\\d\\d\\.\\d{3}Z ${last.sequence} ${last.mac}\\n$`));
  });
});
