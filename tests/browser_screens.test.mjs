// Every screen in Debian's Chromium: can everyone use it, in light, dark, narrow and forced colours; and pictures.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fillInbox } from "./browser/inbox.mjs";
import { MODES, openHouse, shoot, violations } from "./browser/visit.mjs";
import { signIn } from "./fixture.mjs";

let house;

before(async () => {
  house = await openHouse();
  fillInbox(house.web.db);
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
  pupils: { hash: "pupils?q=8b", ready: "main table" },
  terminals: { hash: "terminals", ready: "table.terminals" },
  account: { hash: "account", ready: "#statement" },
  help: { hash: "review", ready: "[role=option]", prepare: async (page) => { await page.click("header button:nth-of-type(2)"); await page.waitForSelector("dialog[open]"); } },
};

test("pictures of the screens", async () => {
  const { context, page, open } = await house.visitor({ deviceScaleFactor: 1, reducedMotion: "reduce" });
  for (const name of ["review", "answer", "pupil", "cases", "terminals", "account"]) {
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

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const outside = await house.visitor({ user: null, ...options });
      await outside.open("", "#password");
      assert.deepEqual(await violations(outside.page), [], "sign in");
      await outside.context.close();

      const { context, page, open } = await house.visitor(options);
      for (const [name, screen] of Object.entries(SCREENS)) {
        await page.goto("about:blank");
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
