// Konto och hjälp in a browser: how the pages look, and one's own password and one-time code.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { fillInbox } from "./browser/inbox.mjs";
import { focus, focusReaches, openHouse, press, textOf } from "./browser/visit.mjs";
import { sqlite } from "./fixture.mjs";

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

/** RFC 6238 over a base32 secret, some steps of 30 s from now. */
function codeOf(secret, steps = 0) {
  const bits = [...secret]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/** Types what follows the label's field, from the field on; then Enter. */
async function fillIn(page, first, ...texts) {
  await page.focus(first);
  for (const [index, text] of texts.entries()) {
    if (index > 0) await press(page, "Tab");
    await page.keyboard.type(text);
  }
  await press(page, "Enter");
}

/** Signs in by keyboard; `code`: when it is asked for. */
async function signInAt({ page, open }, user, password, code) {
  await open("", "#user");
  await fillIn(page, "#user", user, password);
  if (!code) return;
  await page.waitForSelector("#code:focus");
  await fillIn(page, "#code", code);
}

test("a one-time code is turned on, and asked for from then on", async () => {
  const { context, page, open, ask } = await house.visitor({ user: "eva" });
  await open("account", "#code-password");
  await fillIn(page, "#code-password", "not the password");
  await page.waitForSelector("[role=alert]");
  await page.fill("#code-password", "");
  await fillIn(page, "#code-password", house.web.password);
  await page.waitForSelector(".secret");
  const secret = (await textOf(page, ".secret")).replaceAll(" ", "");
  assert.match(await page.getAttribute("a[href^=otpauth]", "href"), new RegExp(`secret=${secret}`));
  await fillIn(page, "#code", "000000");
  await page.waitForSelector("[role=alert]");
  assert.match(await textOf(page, "[role=alert]"), /Koden stämmer inte/);
  await page.fill("#code", "");
  await fillIn(page, "#code", codeOf(secret));
  await page.waitForSelector("[role=status]:focus");
  assert.match(await textOf(page, "main"), /Påslagen\./);
  assert.equal((await ask("me")).totp, "on");
  await context.close();

  await house.restart();
  const later = await house.visitor({ user: null });
  await signInAt(later, "eva", house.web.password, "000000");
  await later.page.waitForSelector("[role=alert]:focus");
  await later.page.fill("#code", "");
  await fillIn(later.page, "#code", codeOf(secret, 1)); // the other is spent
  await later.page.waitForSelector("[role=option]");
  await later.context.close();
});

test("the password is changed; the old one and other sessions end", async () => {
  const fresh = "sju-blåa-cyklar-vid-ån";
  const other = await house.visitor({ user: "dana" });
  const { context, page, open, ask } = await house.visitor({ user: "dana" });
  await open("account", "#old");
  await fillIn(page, "#old", house.web.password, fresh, "something else");
  await page.waitForSelector("[role=alert]");
  assert.match(await textOf(page, "[role=alert]"), /inte lika/);
  for (const field of ["#old", "#new", "#again"]) await page.fill(field, "");
  await fillIn(page, "#old", house.web.password, fresh, fresh);
  await page.waitForSelector("[role=status]:focus");
  assert.match(await textOf(page, "[role=status]:focus"), /Lösenordet är bytt/);
  assert.equal((await ask("me")).user, "dana", "this session goes on");
  assert.deepEqual(await other.ask("me"), { error: "not_signed_in" });
  await context.close();
  await other.context.close();

  await house.restart();
  const later = await house.visitor({ user: null });
  await signInAt(later, "dana", house.web.password);
  await later.page.waitForSelector("[role=alert]:focus");
  for (const field of ["#user", "#password"]) await later.page.fill(field, "");
  await fillIn(later.page, "#user", "dana", fresh);
  await later.page.waitForSelector("header .account");
  await later.context.close();
});

test("whoever must have a code and has none gets one first", async () => {
  sqlite(house.web.db, "UPDATE setting SET value = 'false' WHERE name = 'demo';");
  const { context, page, open } = await house.visitor({ user: "kim" });
  await open("review", "#code-password");
  assert.match(await textOf(page, "main"), /Din roll kräver en engångskod/);
  assert.equal(await page.locator("header nav a").count(), 0);
  assert.equal(await page.locator("#search").count(), 0);
  await fillIn(page, "#code-password", house.web.password);
  await page.waitForSelector(".secret");
  await fillIn(page, "#code", codeOf((await textOf(page, ".secret")).replaceAll(" ", "")));
  await page.waitForSelector("header nav a");
  sqlite(house.web.db, "UPDATE setting SET value = 'true' WHERE name = 'demo';");
  await context.close();
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
