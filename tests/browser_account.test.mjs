// Konto och hjälp in a browser: how the pages look, and one's own password and one-time code.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fillInbox } from "./browser/inbox.mjs";
import { focus, focusReaches, openHouse, press, textOf } from "./browser/visit.mjs";

let house;

before(async () => {
  house = await openHouse();
  fillInbox(house.web.db);
});
after(() => house?.close());

describe("by keyboard alone", () => {
  test("names become initials on every page, and names again", async () => {
    const { context, page, open } = await house.visitor();
    await open("account", "#names");
    await page.focus("#names");
    await press(page, "Space");
    await open("review", "#row-flag-p-a");
    assert.match(await textOf(page, "#row-flag-p-a .who"), /^A\. S\. 9A/);
    await page.focus("#row-flag-p-a");
    await press(page, "Enter");
    await page.waitForSelector("svg.calendar");
    await focusReaches(page, "h1#heading");
    await page.waitForFunction(() => document.title.startsWith("A. S."));
    assert.ok(!(await page.textContent("body")).includes("Sandberg"));
    await open("pupils?q=sandberg", "main table");
    assert.match(await textOf(page, "main table"), /A\. S\./);
    await open("account", "#names");
    await page.focus("#names");
    await press(page, "Space");
    await open("review", "#row-flag-p-a");
    assert.match(await textOf(page, "#row-flag-p-a .who"), /^Alice Sandberg/);
    await context.close();
  });

  test("the language is the account's, in another browser too", async () => {
    const { context, page, open, ask } = await house.visitor({ user: "nils" });
    await open("account", "main select");
    await page.focus("main select");
    await press(page, "ArrowDown");
    await page.waitForSelector("html[lang=en]");
    assert.equal((await focus(page)).name, "select", "focus stays");
    await page.waitForFunction(() => document.querySelector("h1").textContent === "Account and help");
    assert.equal((await ask("me")).language, "en");
    await context.close();
    const other = await house.visitor({ user: "nils" });
    await other.open("review", "[role=option]");
    assert.equal(await other.page.textContent("h1"), "To review");
    await other.context.close();
  });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
