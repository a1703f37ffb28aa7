// One past each limit of the pages that is not refused by a rule of its own elsewhere: the answer says that there is more, or
// the server says that it has no room. The limits are those of docs/limits.md.

import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";
import { until } from "./demo/stage.mjs";
import { bodyOf, insert, NOW, PASSWORD, signIn, sqlite, startWeb, USERS, wait } from "./fixture.mjs";

const now = Date.parse(NOW);
const KNOWN = Date.parse("2026-08-01T00:00:00Z");
const numbers = (from, count) => Array.from({ length: count }, (_, i) => from + i);
const add = (table, list) => sqlite(web.db, `BEGIN;${insert(table, list)}COMMIT;`);

let web;
let eva;
let kim;
before(async () => {
  web = await startWeb({ users: USERS.filter(({ user }) => ["eva", "kim"].includes(user)) });
  eva = await signIn(web, "eva");
  kim = await signIn(web, "kim");
});
after(() => web.stop());

test("a search shows 50 pupils, and says so when there is one more", async () => {
  const pupils = (from, count) =>
    add(
      "pupil",
      numbers(from, count).map((i) => ({
        pupil_id: `s-${i}`,
        given_name: "Sven",
        family_name: `Storm${i}`,
        class: "9A",
        protected: 0,
        year: "9",
        known_from_ms: KNOWN,
      })),
    );
  const ask = async () => bodyOf(await eva.get("pupils?q=storm"));
  pupils(1, 50);
  const all = await ask();
  assert.deepEqual([all.pupils.length, all.more], [50, false]);
  pupils(51, 1);
  const cut = await ask();
  assert.deepEqual([cut.pupils.length, cut.more], [50, true]);
});

test("a search for more than 480 characters is refused, and the longest names are looked at whole", async () => {
  const long = "å".repeat(99);
  add("pupil", [
    {
      pupil_id: "long",
      given_name: `${long} x`,
      family_name: `${long} y`,
      class: `${"z".repeat(60)}end`,
      protected: 0,
      year: "9",
      known_from_ms: KNOWN,
    },
  ]);
  assert.deepEqual(
    (await bodyOf(await eva.get("pupils?q=zend"))).pupils.map(({ pupil }) => pupil),
    ["long"],
  );
  assert.equal((await eva.get(`pupils?q=${"a".repeat(480)}`)).status, 200);
  assert.equal((await eva.get(`pupils?q=${"a".repeat(481)}`)).status, 400);
});

test("of a pupil 100 absences and 200 moments are told, the newest, and whether there are more", async () => {
  const absences = (from, count) =>
    add(
      "absence",
      numbers(from, count).map((i) => ({
        absence: i,
        pupil_id: "p-well",
        type: "reported",
        from_ms: now + i * 1000,
        to_ms: now + i * 1000 + 500,
        known_from_ms: now - 1000000 + i,
      })),
    );
  const list = async () => {
    const { absences, more } = await bodyOf(await eva.get("pupils/p-well/absences"));
    return [absences.length, absences[0].absence, more];
  };
  const timeline = async () => {
    const { timeline, timeline_more: more } = await bodyOf(await eva.get("pupils/p-well"));
    return [timeline.length, timeline[0].from, more];
  };
  const begin = (i) => new Date(now + i * 1000).toISOString();
  absences(1001, 100);
  assert.deepEqual(await list(), [100, 1100, false]);
  absences(1101, 1);
  assert.deepEqual(await list(), [100, 1101, true]);
  absences(1102, 99);
  assert.deepEqual(await timeline(), [200, begin(1200), false]);
  absences(1201, 1);
  assert.deepEqual(await timeline(), [200, begin(1201), true]);
});

test("every version of the rules is listed and opened, the first one too", async () => {
  add(
    "rules_version",
    numbers(1, 300).map((i) => ({
      version: i,
      text: "rules = ();",
      author: "kim",
      approver: "",
      why: `number ${i}`,
      from_day: i,
      recorded_ms: now,
    })),
  );
  const { versions } = await bodyOf(await kim.get("rules"));
  assert.equal(versions.length, 300);
  assert.equal((await bodyOf(await kim.get("rules/1"))).why, "number 1");
});

test("a password of more than 256 bytes is refused", async () => {
  const login = async (password) => (await signIn(web, "eva", password)).status;
  assert.deepEqual([await login("x".repeat(256)), await login("x".repeat(257))], [401, 400]);
  const change = (next) => eva.send("POST", "account/password", { password: PASSWORD, new: next });
  assert.match((await bodyOf(await change("x".repeat(257)))).reason, /256/);
});

test("a subject after 4096 is shown without a name, and the log says so", async () => {
  sqlite(
    web.db,
    `WITH RECURSIVE n(i) AS (VALUES (3) UNION ALL SELECT i + 1 FROM n WHERE i < 4096) INSERT INTO subject SELECT i, 'Ämne ' || i FROM n;
    UPDATE pupil_day SET outcomes = CAST(substr(outcomes, 1, 10) || x'0010' || substr(outcomes, 13) AS BLOB) WHERE pupil_id = 'p-omar'`,
  );
  const { days } = await bodyOf(await eva.get("pupils/p-omar"));
  assert.deepEqual(
    days[0].lessons.slice(0, 2).map((lesson) => lesson[2]),
    ["", "Svenska"],
  );
  await until("the log", () => /subjects are shown without a name from=4096/.test(web.log()));
});

test("of 450 connections 400 are served, and the others when these have ended", async () => {
  const clients = numbers(0, 450).map(() => net.connect(web.port, "127.0.0.1"));
  const answered = new Set();
  for (const client of clients)
    client
      .on("error", () => {})
      .on("data", () => answered.add(client))
      .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await until("390 answers", () => answered.size >= 390); // some are held by the sessions above
  await wait(200);
  assert.ok(answered.size <= 400, `${answered.size} of 450 at once`);
  for (const client of answered) client.destroy();
  await until("450 answers", () => answered.size === 450);
  for (const client of clients) client.destroy();
});
