// Rules and thresholds through narvaro-web to a real narvarod: who may, what is demanded, from when they count, and the way back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { bodyOf, rows, signIn, startWeb, USERS } from "./fixture.mjs";
import { Lonely, schoolFiles } from "./lonely.mjs";

const RULES = `rules = (
  { id = "unreported-2"; severity = 2; when = ( { measure = "unreported_lessons"; days = 4; at_least = 2; } );
    clear = { measure = "unreported_lessons"; days = 3; below = 1; for_days = 1; }; },
  { id = "share-15"; severity = 3; when = ( { measure = "absence_share"; days = 5; at_least = 15.50; min_days = 3; } );
    clear = { measure = "absence_share"; days = 5; below = 10.00; for_days = 2; }; }
);
`;
const NOW = "2026-10-28T12:00:00Z";

describe("rules", () => {
  let lonely, web;
  const session = {};
  const begin = async (time) => {
    await lonely.at(time);
    const clock = new CivilClock(Date.parse(time), 1);
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
    lonely = new Lonely({ rules: RULES });
    await lonely.at(NOW);
    await lonely.import(
      schoolFiles("school-plain", [
        "pupils",
        "members",
        "lessons",
        "exemptions",
        "terminals",
        "cards",
        "taps",
        "outages",
      ]),
      "2026-10-27",
    );
    await begin(NOW);
  });
  after(async () => {
    await web?.stop();
    await lonely.end();
  });

  const get = async (path, user = "vera") => bodyOf(await session[user].get(path));
  const post = async (user, path, body = {}) => {
    const reply = await session[user].send("POST", path, body);
    return [reply.status, await bodyOf(reply)];
  };
  const version = (n) => get(`rules/${n}`);
  const changed = async (rule, change) => (await version(1)).rules.map((one) => (one.id === rule ? change(one) : one));
  const with_ = (threshold) => (one) => ({ ...one, when: [{ ...one.when[0], at_least: threshold }] });

  test("what counts, in the file's own shape", async () => {
    const { in_force: inForce, versions } = await get("rules");
    assert.deepEqual(
      [inForce, versions.map((one) => [one.version, one.author, one.approver, one.from])],
      [1, [[1, "narvarod", null, "1970-01-01"]]],
    );
    const first = await version(1);
    assert.equal(first.text, RULES);
    assert.deepEqual(first.rules[1], {
      id: "share-15",
      severity: 3,
      when: [{ measure: "absence_share", days: 5, min_days: 3, at_least: 15.5 }],
      clear: { measure: "absence_share", days: 5, min_days: 5, below: 10, for_days: 2 },
    });
    assert.equal((await session.vera.get("rules/9")).status, 404);
  });

  test("a preview tells counts of both, and no name", async () => {
    const [status, preview] = await post("ivar", "rules/preview", { rules: await changed("unreported-2", with_(1)) });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(preview).sort(), ["new", "old", "school"]);
    assert.ok(!JSON.stringify(preview).includes("e0000") && !JSON.stringify(preview).includes("Förnamn"));
    assert.deepEqual(
      (await post("ivar", "rules/preview", { version: 1 }))[1].new,
      (await post("ivar", "rules/preview", { version: 1 }))[1].old,
    );
    assert.notDeepEqual(preview.new, preview.old);
    const [refused, { reasons }] = await post("ivar", "rules/preview", {
      text: RULES.replace("days = 4", "days = 400"),
    });
    assert.equal(refused, 422);
    assert.match(reasons[0], /days/);
    for (const body of [{}, { rules: 7 }, { rules: [{ id: 'a"b' }] }, { version: 77 }, { version: "x" }])
      assert.equal((await post("ivar", "rules/preview", body))[0], 400, JSON.stringify(body));
  });

  test("tuning is asked for until there is an answer; a school without a closed year is told so", async () => {
    let [status, answer] = [200, { progress: {} }];
    for (let asked = 0; answer.progress && asked < 1000; asked++)
      [status, answer] = await post("ivar", "rules/tune", { capacity: 3, severity: 2 });
    assert.equal(status, 200);
    assert.deepEqual(
      [answer.too_few, answer.capacity, answer.severity, answer.profiles, answer.best, answer.school.pupil_years],
      [true, 3, 2, [], null, 0],
    );
    assert.equal((await post("ivar", "rules/tune"))[1].severity, 3);
    for (const body of [{ capacity: -1 }, { capacity: 1001 }, { severity: 5 }, { severity: "3" }]) {
      const [refused, { reasons }] = await post("ivar", "rules/tune", body);
      assert.equal(refused, 422, JSON.stringify(body));
      assert.match(reasons[0], /severity must be between 1 and 4, capacity between 1 and 1000/);
    }
  });

  test("a change needs a why, and of severity 3 a rektor by name", async () => {
    const mild = await changed("unreported-2", with_(3)),
      severe = await changed("share-15", with_(20));
    for (const why of [undefined, "", " \n", 7, "x".repeat(501)])
      assert.deepEqual(await post("ivar", "rules", { rules: mild, why }), [400, { error: "why_needed" }]);
    for (const approver of [undefined, "", "ivar", "eva", "nobody"])
      assert.deepEqual(
        await post("ivar", "rules", { rules: severe, why: "for många", approver }),
        [400, { error: "approver_needed" }],
        approver,
      );
    assert.equal((await post("ivar", "rules", { rules: mild.slice(0, 1), why: "bort" }))[1].error, "approver_needed");
    assert.equal((await get("rules")).versions.length, 1);
  });

  test("it counts from tomorrow, and one step back restores the text", async () => {
    const [status, { version: number }] = await post("ivar", "rules", {
      rules: await changed("share-15", with_(20)),
      why: "för många flaggor",
      approver: "vera",
    });
    assert.deepEqual([status, number], [200, 2]);
    const { in_force: inForce, versions } = await get("rules");
    assert.deepEqual(
      [inForce, versions[0]],
      [
        1,
        { ...versions[0], version: 2, author: "ivar", approver: "vera", why: "för många flaggor", from: "2026-10-29" },
      ],
    );
    assert.equal((await version(2)).rules[1].when[0].at_least, 20);
    await web.stop();
    await begin("2026-10-29T12:00:00Z");
    assert.equal((await get("rules")).in_force, 2);
    assert.deepEqual(await post("vera", "rules", { version: 1, why: "tillbaka" }), [400, { error: "approver_needed" }]);
    assert.deepEqual(await post("vera", "rules", { version: 1, why: "tillbaka", approver: "vera" }), [
      200,
      { version: 3 },
    ]);
    assert.equal((await version(3)).text, RULES);
    assert.deepEqual(
      rows(
        lonely.database,
        "SELECT version, author, approver, from_day - (SELECT from_day FROM rules_version WHERE version = 2) AS later FROM rules_version WHERE version > 1",
      ),
      [
        { version: 2, author: "ivar", approver: "vera", later: 0 },
        { version: 3, author: "vera", approver: "vera", later: 1 },
      ],
    );
    assert.deepEqual(rows(web.casebook, "SELECT user, object FROM audit WHERE action = 'rules_applied'"), [
      { user: "vera", object: "vera" },
    ]);
  });

  // Written by hand from docs/api.md.
  const CELLS = {
    kim: [200, 200, 200],
    vera: [200, 200, 200],
    eva: [200, 200, 403],
    nils: [200, 200, 403],
    lind: [403, 403, 403],
    berg: [403, 403, 403],
    ivar: [200, 200, 200],
    dana: [200, 403, 403],
  };

  test("role × endpoint", async () => {
    for (const [user, [read, trial, change]] of Object.entries(CELLS)) {
      assert.deepEqual(
        [(await session[user].get("rules")).status, (await session[user].get("rules/1")).status],
        [read, read],
        user,
      );
      assert.equal((await post(user, "rules/preview", { version: 1 }))[0], trial, `${user} preview`);
      assert.equal((await post(user, "rules/tune"))[0], trial, `${user} tune`);
      assert.equal(
        (await post(user, "rules", { version: 1, why: "prov", approver: "kim" }))[0],
        change,
        `${user} change`,
      );
    }
  });
});
