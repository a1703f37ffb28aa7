// Working together by the API: reports of concern, of which nobody learns but the head and their author.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { bodyOf, insert, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

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
const stored = (table, columns, where = "1") =>
  rows(web.casebook, `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY rowid`);
const clockOf = async (name, user = "eva", number = 1) =>
  (await whole(user, number)).clocks.find(({ clock }) => clock === name);

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
    const used = ["steps", "facts", "contacts", "measures", "voices", "actors", "consents"];
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
