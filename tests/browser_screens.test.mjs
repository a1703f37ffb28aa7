// Every screen in Debian's Chromium: can everyone use it, in light, dark, narrow and forced colours; and pictures.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fillInbox } from "./browser/inbox.mjs";
import { MODES, openHouse, shoot, violations } from "./browser/visit.mjs";
import { insert, signIn, sqlite, TODAY } from "./fixture.mjs";

let house;

before(async () => {
  house = await openHouse();
  fillInbox(house.web.db);
  const groups = { year: { 7: 0.061, 8: 0.098, 9: 0.083 }, class: { "7A": 0.052, "7B": 0.07, "8A": 0.078, "8B": 0.117, "9A": 0.083, "9R": 0 } };
  sqlite(house.web.db, insert("group_day", Object.entries(groups).flatMap(([kind, names]) => Object.entries(names).map(([name, share]) => {
    const pupils = name === "9R" ? 3 : kind === "year" ? 52 : 26;
    return { kind, name, day: TODAY - 1, pupils, expected_minutes: pupils * 300, absent_minutes: Math.round(pupils * 300 * share) };
  }))));
  const eva = await signIn(house.web, "eva");
  for (const [pupil, next] of [["p-d", "2026-11-27"], ["p-e", "2026-12-04"]]) assert.equal((await eva.send("POST", `flags/${pupil}/confirm`, { next_on: next })).status, 200);
});
after(() => house?.close());

const SCREENS = {
  review: { hash: "review", ready: "[role=option]", prepare: (page) => page.click("#row-flag-p-a") },
  answer: { hash: "review", ready: "[role=option]", prepare: async (page) => {
    await page.click("#row-flag-p-a");
    await page.keyboard.press("a");
    await page.waitForSelector("form.answer input:focus");
  } },
  "first signs": { hash: "review", ready: "details.quiet-list", prepare: (page) => page.click("details.quiet-list summary") },
  pupil: { hash: "pupil/p-a", ready: "svg.calendar" },
  "pupil as table": { hash: "pupil/p-a", ready: "svg.calendar", prepare: async (page) => { await page.click(".figure-head button"); await page.click("summary"); } },
  cases: { hash: "cases", ready: "table.boxed" },
  groups: { hash: "groups", ready: "table.groups" },
  pupils: { hash: "pupils?q=8b", ready: "main table" },
  terminals: { hash: "terminals", ready: "table.terminals" },
  account: { hash: "account", ready: "#statement" },
  help: { hash: "review", ready: "[role=option]", prepare: async (page) => { await page.click("header button:nth-of-type(2)"); await page.waitForSelector("dialog[open]"); } },
};

test("pictures of the screens", async () => {
  const { context, page, open } = await house.visitor({ deviceScaleFactor: 1, reducedMotion: "reduce" });
  for (const name of ["review", "answer", "pupil", "cases", "groups", "terminals", "account"]) {
    await open(SCREENS[name].hash, SCREENS[name].ready);
    await SCREENS[name].prepare?.(page);
    await page.mouse.move(0, 0);
    await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await shoot(name, page);
  }
  await context.close();
  const outside = await house.visitor({ user: null });
  await outside.open("", "#password");
  await shoot("sign-in", outside.page);
  await outside.context.close();
});

test("groups are counted, and few pupils give no figure", async () => {
  const { context, page, open } = await house.visitor({ user: "dana" });
  await open("groups", "table.groups");
  const row = async (name) => (await page.locator("tbody tr", { has: page.locator(`th:text-is("${name}")`) }).locator("td").allTextContents()).map((cell) => cell.replaceAll("\u00a0", " "));
  assert.deepEqual(await row("8B"), ["26", "11,7 %", "11,7 %", "färre än 5"]);
  assert.deepEqual(await row("9R"), ["färre än 5"]);
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const outside = await house.visitor({ user: null, ...options });
      await outside.open("", "#password");
      assert.deepEqual(await violations(outside.page), [], "sign in");
      await outside.context.close();

      const { context, page, open } = await house.visitor(options);
      for (const [name, screen] of Object.entries(SCREENS)) {
        await open(screen.hash, screen.ready);
        await screen.prepare?.(page);
        assert.deepEqual(await violations(page), [], name);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} overflows`);
      }
      await context.close();
    });

  test("axe would find something", async () => {
    const { context, page, open } = await house.visitor();
    await open("review", "[role=option]");
    await page.evaluate(() => {
      const input = document.createElement("input");
      const pale = document.createElement("p");
      pale.textContent = "pale";
      pale.style.color = "#ccc";
      document.querySelector("main").append(input, pale);
    });
    const found = (await violations(page)).map((each) => each.split(":")[0]);
    assert.ok(found.includes("label") && found.includes("color-contrast"), found.join());
    await context.close();
  });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
