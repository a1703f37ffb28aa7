// What Drift shows and decides, from outside, through narvaro-web to a real narvarod: cards that count nowhere, cards given out,
// forgotten cards, taps that wait, terminals that are distrusted; who may, and what the log says of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { bodyOf, rows, signIn, sqlite, startWeb, USERS } from "./fixture.mjs";
import { storedToken } from "./naive/siphash.mjs";
import { CARDS, holdTap, leaveAsAsked, startSmallSchool } from "./small_school.mjs";

const NAMED = USERS.map((user) => (user.user === "nils" ? { ...user, named_for: ["q-hidden"] } : user));
let daemon;
let web;
const session = {};
const get = async (user, path) => bodyOf(await session[user].get(path));
const post = async (user, path, body) => {
  const answer = await session[user].send("POST", path, body);
  return { status: answer.status, ...(await bodyOf(answer)) };
};
const db = (sql) => rows(daemon.database, sql);
const log = (action) =>
  rows(web.casebook, `SELECT user, object FROM audit WHERE action = '${action}' ORDER BY sequence`);
const token = (card) => storedToken(readFileSync(daemon.stage.path("token.key"), "utf8").trim(), card);

before(async () => {
  const school = await startSmallSchool({ strays: true });
  daemon = school.daemon;
  web = await startWeb({ users: NAMED, ...school.web });
  for (const { user } of NAMED) session[user] = await signIn(web, user);
});
after(async () => {
  await web?.stop();
  await daemon?.end();
});

describe("who may", () => {
  // Written by hand from docs/api.md. An empty body: 400 for those who may, 403 for the others.
  const MAY = {
    strays: ["kim", "vera", "eva", "nils", "ivar"],
    held: ["kim", "vera", "ivar"],
    daemon: ["kim", "vera", "ivar"],
    "POST decisions": ["kim", "vera", "ivar"],
    "POST strays/give": ["kim", "vera", "eva", "nils"],
    "POST held/t-1": ["kim", "vera", "ivar"],
    "POST terminals/t-1/distrust": ["kim", "vera", "ivar"],
    "POST terminals/T-1/trust": ["kim", "vera", "ivar"], // no terminal's name
    "POST pupils/p-02/forgotten": ["kim", "vera", "eva", "nils", "lind"],
  };
  for (const [call, users] of Object.entries(MAY))
    test(call, async () => {
      const [path, method] = call.split(" ").reverse();
      for (const { user } of NAMED) {
        const answer = method ? await session[user].send(method, path) : await session[user].get(path);
        assert.equal(answer.status, !users.includes(user) ? 403 : method ? 400 : 200, user);
        await answer.text();
      }
    });

  test("whom: a pupil whom one may not see is not found, and nothing is written down or done", async () => {
    const card = { terminal: "t-1", at: "2026-11-20T08:15:00.000Z" };
    for (const [user, path, body] of [
      ["lind", "pupils/q-01/forgotten", { lessons: [1] }],
      ["lind", "pupils/q-01/forgotten/undo", {}],
      ["eva", "pupils/q-hidden/forgotten", { lessons: [1] }],
      ["eva", "strays/give", { ...card, pupil: "q-hidden" }],
      ["eva", "strays/give", { ...card, pupil: "nobody" }],
    ])
      assert.equal((await post(user, path, body)).status, 404, `${user} ${path} ${body.pupil ?? ""}`);
    assert.deepEqual([log("give_card"), log("forgotten_card"), log("forgotten_card_undone")], [[], [], []]);
  });
});

describe("cards that count nowhere", () => {
  const LIST = [
    ["unknown", "2026-11-20T08:15:00.000Z", 2, []],
    ["no_lesson", "2026-11-19T17:00:00.000Z", 1, ["p-05"]],
    ["left", "2026-11-19T09:00:00.000Z", 1, ["q-left"]],
  ];
  const short = ({ strays }) =>
    strays.map(({ why, at, taps, pupils }) => [why, at, taps, pupils.map(({ pupil }) => pupil)]);

  test("are told by place and time, with the names that one may see, and no number", async () => {
    const answer = await get("eva", "strays");
    assert.deepEqual(short(answer), LIST);
    assert.deepEqual([answer.more, answer.from], [false, "2026-11-14"]);
    assert.ok(answer.strays.every((row) => row.terminal === "t-1" && row.room === "R1" && row.others === 0));
    assert.equal(answer.strays[2].pupils[0].name, "Lo Gren");
    const text = JSON.stringify(answer);
    for (const card of Object.values(CARDS)) {
      const number = BigInt.asUintN(64, BigInt(token(card)));
      for (const secret of [card, String(token(card)), String(number), number.toString(16)])
        assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), secret);
    }
    assert.deepEqual(log("list_strays").at(-1), { user: "eva", object: '["p-05","q-left"]' });
  });

  test("IT sees where and when, and nobody's name", async () => {
    const answer = await get("ivar", "strays");
    assert.deepEqual(
      short(answer),
      LIST.map(([why, at, taps]) => [why, at, taps, []]),
    );
    assert.deepEqual(
      answer.strays.map(({ others }) => others),
      [0, 1, 1],
    );
    assert.ok(!log("list_strays").some(({ user }) => user === "ivar"));
  });

  test("a protected pupil is named to whoever is named for it alone", async () => {
    sqlite(daemon.database, `UPDATE pupil SET protected = 1 WHERE pupil_id = 'q-left'`);
    const of = async (user) => (await get(user, "strays")).strays[2];
    assert.deepEqual([(await of("eva")).pupils, (await of("eva")).others], [[], 1]);
    sqlite(daemon.database, `UPDATE pupil SET protected = 0 WHERE pupil_id = 'q-left'`);
    assert.equal((await of("eva")).others, 0);
  });

  test("one is given out: the holder begins now, the leaver's ends, the log names who did it", async () => {
    const give = (user, at, pupil) => post(user, "strays/give", { terminal: "t-1", at, pupil });
    for (const [at, pupil] of [
      ["2026-11-20T08:15:00.000Z", "q-hidden"],
      ["2026-11-19T09:00:00.000Z", "p-03"],
    ]) {
      const { status, since } = await give("nils", at, pupil);
      assert.equal(status, 200);
      assert.deepEqual(
        db(
          `SELECT from_ms, to_ms FROM card WHERE pupil_id = '${pupil}' AND known_to_ms IS NULL AND from_ms IS NOT NULL`,
        ),
        [{ from_ms: Date.parse(since), to_ms: null }],
      );
      assert.ok(log("give_card").some(({ user, object }) => user === "nils" && object === `${pupil} t-1 ${at}`));
    }
    assert.deepEqual(
      db(
        "SELECT count(*) AS rows, max(to_ms) = (SELECT max(from_ms) FROM card WHERE pupil_id = 'p-03') AS ended FROM card WHERE pupil_id = 'q-left' AND known_to_ms IS NULL",
      ),
      [{ rows: 1, ended: 1 }],
    );
    assert.deepEqual(short(await get("eva", "strays")), [LIST[1]]);
    const again = await give("eva", "2026-11-20T08:15:00.000Z", "p-03");
    assert.deepEqual(again, {
      status: 422,
      error: "refused",
      reasons: ["a pupil at the school has that card: end that first"],
    });
    assert.equal(log("not_done").at(-1).object, "/api/v1/strays/give");
    const seen = JSON.stringify(await get("dana", "audit"));
    assert.ok(!seen.includes("q-hidden") && seen.includes("p-03 t-1"));
  });
});

describe("a forgotten card", () => {
  const lessons = async () => (await get("lind", "pupils/p-02/lessons?date=2026-11-20")).lessons;
  const told = async () => (await lessons()).map(({ start, status, unseen }) => [start, status, unseen]);

  test("is a mark with author and source of the lessons that have begun, and counts", async () => {
    assert.deepEqual(await told(), [
      ["08:10", "unreported", true],
      ["09:10", "unreported", true],
      ["10:20", null, true],
      ["13:00", null, false],
    ]);
    const unseen = (await lessons()).filter((lesson) => lesson.unseen).map(({ lesson }) => lesson);
    assert.deepEqual(await post("lind", "pupils/p-02/forgotten", { lessons: unseen }), { status: 200, marks: 3 });
    assert.deepEqual(await told(), [
      ["08:10", "present", false],
      ["09:10", "present", false],
      ["10:20", null, false],
      ["13:00", null, false],
    ]);
    const [mark] = (await lessons())[0].marks;
    assert.deepEqual([mark.status, mark.source, mark.author], ["present", "forgotten_card", "lind"]);
    assert.deepEqual(log("forgotten_card"), [{ user: "lind", object: "p-02" }]);
    const later = (await lessons())[3].lesson;
    assert.equal((await post("lind", "pupils/p-02/forgotten", { lessons: [later] })).status, 422);
  });

  test("is taken back by somebody else, and what was known before counts again", async () => {
    assert.deepEqual(await post("eva", "pupils/p-02/forgotten/undo", {}), { status: 200, marks: 3 });
    assert.equal((await told())[0][1], "unreported");
    assert.deepEqual((await lessons())[0].marks, []);
    assert.deepEqual(db("SELECT DISTINCT author, ended_by FROM mark WHERE source = 'forgotten_card'"), [
      { author: "lind", ended_by: "eva" },
    ]);
    assert.equal((await post("eva", "pupils/p-02/forgotten/undo", {})).status, 422);
    assert.deepEqual(log("forgotten_card_undone").at(0), { user: "eva", object: "p-02" });
  });

  test("is said in the roll of a lesson, too", async () => {
    const { lesson } = (await get("lind", "lessons")).lessons[0];
    const mark = { pupil: "p-02", status: "present", source: "forgotten_card" };
    assert.equal((await post("lind", `lessons/${lesson}/marks`, { marks: [mark] })).status, 200);
    const seat = (await get("lind", "lessons")).lessons[0].pupils.find(({ pupil }) => pupil === "p-02");
    assert.deepEqual([seat.mark.status, seat.mark.source, seat.mark.author], ["present", "forgotten_card", "lind"]);
    await post("eva", "pupils/p-02/forgotten/undo", {});
  });
});

const firstLesson = async () => (await get("eva", "pupils/p-01/lessons?date=2026-11-19")).lessons[0].status;

describe("taps that wait", () => {
  test("count once somebody has accepted them, and never when refused", async () => {
    assert.deepEqual((await get("ivar", "held")).held, []);
    holdTap(daemon.database, { sequence: 1, token: token(CARDS.absent) });
    const { held, more } = await get("ivar", "held");
    assert.deepEqual(
      [held.map(({ terminal, date, why, taps }) => [terminal, date, why, taps]), more],
      [[["t-1", "2026-11-19", "unexpected", 1]], false],
    );
    const before = await firstLesson();
    assert.deepEqual(await post("ivar", "held/t-1", { date: "2026-11-19", accept: false }), { status: 200, taps: 1 });
    assert.equal(await firstLesson(), before);
    assert.equal((await post("ivar", "held/t-1", { date: "2026-11-19", accept: true })).status, 422);
    holdTap(daemon.database, { sequence: 2, token: token(CARDS.absent) });
    assert.deepEqual(await post("kim", "held/t-1", { date: "2026-11-19", accept: true }), { status: 200, taps: 1 });
    assert.deepEqual([before, await firstLesson()], ["unreported", "present"]);
    assert.deepEqual(log("held_refused"), [{ user: "ivar", object: "t-1 2026-11-19" }]);
    assert.deepEqual(log("held_accepted").at(-1), { user: "kim", object: "t-1 2026-11-19" });
    assert.ok((await get("ivar", "audit")).entries.some(({ action }) => action === "held_accepted"));
  });
});

describe("a terminal that is distrusted", () => {
  const since = { date: "2026-11-19", time: "00:00", why: "öppnad" };
  const distrusted = async () => (await get("ivar", "terminals")).terminals[0].distrusted_since;

  test("is tried first: how many dates, and nothing changes", async () => {
    const tried = await post("ivar", "terminals/t-1/distrust", { ...since, try: true });
    assert.deepEqual(tried, { status: 200, since: "2026-11-18T23:00:00.000Z", dates: 2 });
    assert.equal(await distrusted(), null);
    assert.deepEqual(log("terminal_distrusted"), []);
  });

  test("no longer counts from then on, and counts again when trusted", async () => {
    assert.equal((await post("ivar", "terminals/t-1/distrust", since)).dates, 2);
    assert.equal(await distrusted(), "2026-11-18T23:00:00.000Z");
    assert.equal(await firstLesson(), "unknown");
    const again = await post("kim", "terminals/t-1/distrust", since);
    assert.equal(again.status, 422);
    assert.equal((await post("kim", "terminals/t-1/trust", {})).status, 200);
    assert.deepEqual([await distrusted(), await firstLesson()], [null, "present"]);
    assert.deepEqual(log("terminal_distrusted")[0], { user: "ivar", object: "t-1 2026-11-18T23:00:00.000Z" });
    assert.deepEqual(log("terminal_trusted"), [{ user: "kim", object: "t-1" }]);
    for (const wrong of [
      { ...since, date: "2026-11-21" },
      { ...since, why: "" },
    ])
      assert.equal((await post("ivar", "terminals/t-1/distrust", wrong)).status, 422);
  });
});

describe("the daemon's own word", () => {
  const WELL = { answers: true, link_up: true, dates_waiting: 0, dates_first: null, dates_last: null };
  const FOUND = { checked: "2026-11-20", flags_differing: 0, database_sound: true };
  const told = async () => {
    const { now, link_since: since, ...rest } = await get("ivar", "daemon");
    return { now, since, rest };
  };

  test("is told as it is, and nothing is written down for it", async () => {
    const before = rows(web.casebook, "SELECT max(sequence) AS n FROM audit");
    const { now, since, rest } = await told();
    assert.deepEqual(rest, { ...WELL, ...FOUND });
    assert.ok(Date.parse(since) <= Date.parse(now) && Date.parse(since) >= Date.parse("2026-11-20T09:30:00Z"));
    leaveAsAsked(daemon.database);
    await daemon.stage.stop("narvarod");
    assert.deepEqual(await get("kim", "daemon"), { answers: false });
    assert.deepEqual(rows(web.casebook, "SELECT max(sequence) AS n FROM audit"), before);
  });

  test("dates that wait are decided by who has seen them, and the log says who", async () => {
    await daemon.at("2026-11-20T09:40:00Z");
    const waits = { dates_waiting: 2, dates_first: "2026-11-18", dates_last: "2026-11-19" };
    assert.deepEqual((await told()).rest, { ...WELL, ...waits, ...FOUND, flags_differing: 2, database_sound: false });
    assert.deepEqual(await post("kim", "decisions", { first: "2026-11-18", last: "2026-11-18" }), {
      status: 422,
      error: "refused",
      reasons: ["other dates wait by now: look at them again"],
    });
    const undecided = "SELECT count(*) AS n FROM school_day WHERE day <= 20776 AND decided_ms IS NULL";
    assert.equal(db(undecided)[0].n, 2);
    const shown = { first: "2026-11-18", last: "2026-11-19" };
    assert.deepEqual(await post("ivar", "decisions", shown), { status: 200, dates: 2 });
    assert.equal(db(undecided)[0].n, 0);
    assert.equal((await told()).rest.dates_waiting, 0);
    assert.deepEqual(log("decisions_confirmed").at(-1), { user: "ivar", object: "2026-11-18 2026-11-19" });
    assert.ok((await get("ivar", "audit")).entries.some(({ action }) => action === "decisions_confirmed"));
  });
});
