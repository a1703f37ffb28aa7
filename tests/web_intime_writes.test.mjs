// Measures of classes and years, and reviews of cases: what is kept, what is refused, what stands first next time; every bound.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import { bodyOf, insert, root, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const textOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const TODAY_TEXT = textOf(TODAY);

describe("organisation", () => {
  let web;
  const who = {};
  before(async () => {
    web = await startWeb({ users: USERS, more: `support = "${join(root, "config/support.cfg")}";\n` });
    for (const { user } of USERS) who[user] = await signIn(web, user);
  });
  after(() => web.stop());
  const send = (user, path, body) => who[user].send("POST", path, body);
  const told = async (path, user = "eva") => bodyOf(await who[user].get(path));

  describe("a measure of a class", () => {
    const began = TODAY - 45;
    const measure = { programme: "pax", kind: "class", name: "8B", owner: "eva", from: textOf(began) };
    // 8B misses 200 of 1,000 minutes before and 100 after, but for the first five days; 7C 100 all the time. 9R has three pupils.
    before(() => {
      const day = (name, on, absent, pupils = 20) => ({
        kind: "class",
        name,
        day: on,
        pupils,
        expected_minutes: 1000,
        absent_minutes: absent,
      });
      const dates = Array.from({ length: 60 }, (_, i) => TODAY - 75 + i);
      sqlite(
        web.db,
        insert(
          "group_day",
          dates.flatMap((on) => [
            day("8B", on, on < began ? 200 : on <= began + 5 ? 900 : 100),
            day("7C", on, 100),
            day("9R", on, 1000, 3),
          ]),
        ),
      );
    });

    test("stands beside the other classes, before and after", async () => {
      const { programmes, classes, years, owners } = await told("intime/groups");
      assert.ok(programmes.some(({ id }) => id === "pax") && "8B" in classes && "8" in years && owners.length > 1);
      const [one] = (await bodyOf(await send("eva", "intime/groups", measure))).measures;
      assert.deepEqual(
        [one.programme, one.name, one.from, one.to, one.too_few],
        ["pax", "8B", measure.from, null, false],
      );
      assert.deepEqual(one.group, { before_permille: 200, after_permille: 100 });
      assert.deepEqual(one.others, { before_permille: 100, after_permille: 100 }); // nobody of 9R
      assert.deepEqual(
        rows(web.casebook, "SELECT programme, kind, name, owner, from_day, to_day, user FROM group_measure"),
        [{ programme: "pax", kind: "class", name: "8B", owner: "eva", from_day: began, to_day: null, user: "eva" }],
      );
    });

    test("ends once", async () => {
      const ended = await bodyOf(await send("kim", "intime/groups/1/end", {}));
      assert.equal(ended.measures[0].to, TODAY_TEXT);
      assert.equal((await send("kim", "intime/groups/1/end", {})).status, 404);
    });

    test("is refused when it names nothing", async () => {
      for (const wrong of [
        { programme: "påhitt" },
        { kind: "school" },
        { name: "9X" },
        { owner: "lind" },
        { from: "2020-01-01" },
        { to: textOf(began - 1) },
      ])
        assert.equal((await send("eva", "intime/groups", { ...measure, ...wrong })).status, 400, JSON.stringify(wrong));
      assert.equal(rows(web.casebook, "SELECT count(*) AS n FROM group_measure")[0].n, 1);
    });

    test("only the latest hundred are told", async () => {
      const row = { programme: "abc", kind: "class", name: "7C", owner: "eva", to_day: null, user: "eva", at_ms: 1 };
      sqlite(
        web.casebook,
        insert(
          "group_measure",
          Array.from({ length: 101 }, (_, i) => ({ ...row, from_day: TODAY - 200 - i })),
        ),
      );
      const { measures } = await told("intime/groups");
      assert.deepEqual([measures.length, measures[0].name, measures[99].from], [100, "8B", textOf(TODAY - 298)]);
    });
  });

  describe("a review of cases", () => {
    const review = {
      from: "2026-01-01",
      to: "2026-07-31",
      answers: ["sent", "flytten", "", "mentorer", "x".repeat(500)],
      decisions: [
        { what: "Ring samma vecka", owner: "eva", due_on: "2027-01-15" },
        { what: "Kartlägg tidigare", owner: "kim", due_on: "2027-02-01" },
      ],
    };

    test("is kept whole, and its decisions stand first next time", async () => {
      const { reviews } = await bodyOf(await send("kim", "reviews", review));
      assert.deepEqual(
        [reviews[0].from, reviews[0].to, reviews[0].answers, reviews[0].by, reviews[0].on],
        [review.from, review.to, review.answers, "kim", TODAY_TEXT],
      );
      assert.deepEqual(
        reviews[0].decisions.map(({ what, owner, due_on, state }) => ({ what, owner, due_on, state })),
        review.decisions.map((one) => ({ ...one, state: null })),
      );
      await send("eva", "reviews", { ...review, decisions: [] });
      assert.deepEqual(
        (await told("reviews")).reviews.map(({ decisions }) => decisions.length),
        [0, 2],
      );
    });

    test("as a file it has published terms within its period, and no other figure", async () => {
      const term = (from, to) => ({
        from_day: Date.parse(from) / 86400000,
        figures: JSON.stringify({ from, to, open: 20 }),
        user: "kim",
        at_ms: 1,
      });
      sqlite(
        web.casebook,
        insert("published_term", [term("2026-01-01", "2026-07-31"), term("2025-08-01", "2025-12-31")]),
      );
      const { review: whole, published } = await told("reviews/1");
      assert.deepEqual(whole, (await told("reviews")).reviews.at(-1));
      assert.deepEqual(
        published.map(({ figures }) => figures),
        [{ from: "2026-01-01", to: "2026-07-31", open: 20 }],
      );
      assert.equal((await who.eva.get("reviews/9")).status, 404);
      assert.equal((await who.eva.get("reviews/1x")).status, 404);
      sqlite(web.casebook, "DELETE FROM published_term");
    });

    test("a decision ends once, and says how", async () => {
      const ended = await bodyOf(await send("eva", "reviews/decisions/2", { state: "dropped" }));
      assert.deepEqual(
        ended.reviews[1].decisions.map(({ state, ended_on }) => [state, ended_on]),
        [
          [null, null],
          ["dropped", TODAY_TEXT],
        ],
      );
      assert.equal((await send("eva", "reviews/decisions/2", { state: "done" })).status, 404);
      assert.equal((await send("eva", "reviews/decisions/1", { state: "kanske" })).status, 400);
    });

    test("nothing of one that is wrong is kept", async () => {
      const before = rows(web.casebook, "SELECT count(*) AS n FROM review_of_cases")[0].n;
      const [decision] = review.decisions;
      for (const wrong of [
        { to: "2025-12-31" },
        { to: "2026-12-31" },
        { answers: ["a"] },
        { answers: ["", "", "", "", "x".repeat(501)] },
        { decisions: [{ ...decision, owner: "lind" }] },
        { decisions: [{ ...decision, due_on: "2026-11-01" }] },
        { decisions: [{ ...decision, what: "" }] },
        { decisions: [{ ...decision, what: "x".repeat(501) }] },
        { decisions: Array(11).fill(decision) },
        { decisions: {} },
      ])
        assert.equal(
          (await send("kim", "reviews", { ...review, ...wrong })).status,
          400,
          JSON.stringify(wrong).slice(0, 80),
        );
      assert.equal(rows(web.casebook, "SELECT count(*) AS n FROM review_of_cases")[0].n, before);
      assert.equal((await send("kim", "reviews", { ...review, decisions: Array(10).fill(decision) })).status, 200);
    });

    test("what was done is in the log", () => {
      const actions = rows(web.casebook, "SELECT DISTINCT action FROM audit").map(({ action }) => action);
      for (const action of [
        "group_measure",
        "group_measure_ended",
        "cases_reviewed",
        "improvement_ended",
        "review_exported",
      ])
        assert.ok(actions.includes(action), action);
    });

    test("only the latest twenty are told, of published terms too", async () => {
      const row = { from_day: 1, to_day: 2, answers: "[]", user: "kim", day: TODAY, at_ms: 1 };
      sqlite(web.casebook, insert("review_of_cases", Array(21).fill(row)));
      assert.equal((await told("reviews")).reviews.length, 20);
      sqlite(
        web.casebook,
        insert(
          "published_term",
          Array.from({ length: 21 }, (_, i) => ({ from_day: 7000 + i, figures: "{}", user: "kim", at_ms: 1 })),
        ),
      );
      const { published } = await told("intime/published", "dana");
      assert.deepEqual([published.length, published[0].from], [20, textOf(7020)]);
    });
  });

  test("cases beyond the bound are left out, and the log says so", async () => {
    sqlite(
      web.casebook,
      `WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 4003)
       INSERT INTO support_case (pupil_id, status, owner, opened_by, next_day, opened_ms, opened_day, year, serial)
       SELECT 'p-alva', 'closed', 'eva', 'eva', ${TODAY}, 1, ${TODAY - 9}, 2026, n FROM i;`,
    );
    const { terms } = await told("intime");
    assert.equal(terms[0].open, 4000);
    assert.match(web.log(), /case left out of support in time case=4001 limit=4000/);
  });
});
