// Logg in a browser, by keyboard alone: found, paged, and reviewed; each ends in what the casebook holds.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { focusReaches, MODES, openHouse, press, shoot, textOf, violations } from "./browser/visit.mjs";
import { rows, signIn, sqlite } from "./fixture.mjs";

let house;

before(async () => {
  house = await openHouse();
  const eva = await signIn(house.web, "eva");
  for (let look = 0; look < 110; look++) await eva.get(look % 2 ? "pupils/p-alva" : "pupils/p-omar");
});
after(() => house?.close());

test("the log is searched and goes on to older rows", async () => {
  const { context, page, open } = await house.visitor({ user: "dana" });
  await open("audit", "main table");
  assert.equal(await page.locator("main table.boxed tbody tr").count(), 100);
  await page.focus("text=Visa äldre");
  await press(page, "Enter");
  await page.waitForFunction(() => document.querySelectorAll("table.boxed tbody tr").length > 110);
  await page.focus("[name=object]");
  await page.keyboard.type("p-alva");
  await press(page, "Enter");
  await page.waitForFunction(() => document.querySelectorAll("table.boxed tbody tr").length === 55);
  const told = await page.locator("table.boxed tbody tr td:nth-child(3)").allTextContents();
  assert.ok(
    told.every((action) => action === "öppnade elev"),
    [...new Set(told)].join(),
  );
  assert.ok(
    rows(house.web.casebook, "SELECT count(*) AS n FROM audit WHERE user = 'dana' AND action = 'view_log'")[0].n > 0,
    "reading the log is logged",
  );
  await context.close();
});

test("a month that is over is drawn, and each row judged once", async () => {
  sqlite(house.web.casebook, "UPDATE audit SET at_ms = at_ms - 31 * 86400000 WHERE action = 'view_pupil'"); // into October
  const { context, page, open, ask } = await house.visitor({ user: "dana" });
  await open("audit", "#review");
  assert.match(await textOf(page, "#review"), /Månadens loggkontroll: oktober 2026/);
  await page.focus("text=Dra ett urval");
  await press(page, "Enter");
  await page.waitForSelector("section.card tbody tr");
  await focusReaches(page, "h2#review");
  assert.match(await textOf(page, "section.card [role=status]"), /20 återstår att bedöma/);
  await shoot("audit", page, { fullPage: false });
  await page.focus("section.card tbody tr:first-child button:last-child");
  await press(page, "Enter");
  await page.waitForFunction(() => /19 återstår/.test(document.querySelector("section.card").textContent));
  await focusReaches(page, "h2#review");
  assert.match(await textOf(page, "section.card tbody tr:first-child"), /Fråga vidare \(dana/);
  await house.restart();
  const { drawn } = await ask("audit/review?month=2026-10");
  assert.deepEqual(
    [drawn.length, drawn[0].verdict, drawn[0].judged_by, drawn.filter((entry) => entry.verdict).length],
    [20, "question", "dana", 1],
  );
  await context.close();
});

test("who may not read the log has no such page", async () => {
  const { context, page, open } = await house.visitor({ user: "lind" });
  await open("audit", "h1");
  assert.match(await textOf(page, "main"), /Sidan finns inte/);
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const { context, page, open } = await house.visitor({ user: "dana", ...options });
      await open("audit", "main table");
      await page.waitForSelector("#review");
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await context.close();
    });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
