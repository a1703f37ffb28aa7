// Drift in a browser, by keyboard, through narvaro-web to a real narvarod: a card given out, a forgotten card said and taken back,
// a terminal distrusted and trusted again; on a phone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSchool } from "./browser/school.mjs";
import { focusReaches, MODES, press, shoot, textOf, violations } from "./browser/visit.mjs";
import { rows } from "./fixture.mjs";
import { holdTap, leaveAsAsked } from "./small_school.mjs";

const PHONE = { viewport: { width: 390, height: 800 } };
let school;
let house;
const db = (sql) => rows(school.daemon.database, sql);
/** Waits until what has focus says so: effects that move it run after the screen was drawn. */
const focusSays = (page, text) =>
  page.waitForFunction((words) => document.activeElement.textContent.trim() === words, text);
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

before(async () => {
  school = await openSchool({ strays: true });
  house = school.house;
});
after(() => house?.close());

describe("accessible", () => {
  for (const mode of ["dark", "narrow"])
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const { context, page, open } = await house.visitor({ user: "kim", ...MODES[mode] });
      await open("terminals", "#strays ~ ul li");
      assert.deepEqual(await violations(page), [], "Drift");
      await page.click("text=Ge ut kortet");
      await page.fill("#give-to", "bo");
      await press(page, "Enter");
      await page.click("text=Bo Ek, 8B");
      await page.fill("#who-forgot", "bo");
      await press(page, "Enter");
      await page.click("#forgotten ~ ul button >> text=Bo Ek, 8B");
      await page.waitForSelector("fieldset");
      assert.deepEqual(await violations(page), [], "all opened");
      assert.ok(await fits(page));
      await context.close();
    });
});

test("a card is given out in two presses, and the row goes", async () => {
  const { context, page, open } = await house.visitor({ user: "eva", ...PHONE });
  await open("terminals", "#strays ~ ul li");
  assert.equal(await page.locator("table.terminals, #held, #distrust").count(), 0, "not for her");
  assert.equal(await page.locator("#strays ~ ul li").count(), 3);
  assert.match(
    await textOf(page, "#strays ~ ul li:nth-child(1)"),
    /^Okänt kort ?R1 \(t-1\), 20 november 09:15 · 2 gånger/,
  );
  assert.match(await textOf(page, "#strays ~ ul li:nth-child(3)"), /^Kort från en elev som har slutat: Lo Gren, 7A/);
  assert.equal(await page.locator("#strays ~ ul li button").count(), 2, "the one outside lessons has a holder");
  await page.focus("#strays ~ ul li:nth-child(1) button");
  await press(page, "Enter");
  await focusReaches(page, "input#give-to");
  await page.keyboard.type("skyddad");
  await press(page, "Enter");
  await page.waitForSelector("text=Ingen elev");
  await page.fill("#give-to", "vide");
  await press(page, "Enter");
  await page.focus("text=Vide Skog, 7A");
  await press(page, "Enter");
  await page.waitForSelector("text=Ge kortet till Vide Skog");
  await focusSays(page, "Ge kortet till Vide Skog");
  assert.equal(db("SELECT 1 FROM card WHERE pupil_id = 'q-01'").length, 0, "nothing before it is confirmed");
  await shoot("drift", page);
  await press(page, "Enter");
  await page.waitForSelector("text=Kortet gäller nu för Vide Skog.");
  await focusReaches(page, "h2#strays");
  await page.waitForFunction(() => document.querySelectorAll("#strays ~ ul li").length === 2);
  assert.equal(db("SELECT 1 FROM card WHERE pupil_id = 'q-01' AND known_to_ms IS NULL AND to_ms IS NULL").length, 1);
  assert.ok(await fits(page));
  await context.close();
});

test("a forgotten card is said on the pupil's page in two presses, and undone", async () => {
  const { context, page, open } = await house.visitor({ user: "eva", ...PHONE });
  await open("pupil/p-02", "svg.calendar");
  await page.focus("text=Glömt kort");
  await press(page, "Enter");
  await page.waitForSelector("fieldset");
  await focusSays(page, "På plats på 3 lektioner");
  await page.uncheck("label:has-text('Idrott') input");
  await page.focus("form.answer button");
  await press(page, "Enter");
  await page.waitForSelector("text=Sparat: Bo Ek är på plats i dag.");
  await page.waitForSelector("text=på plats enligt eva");
  const marks = () =>
    db(
      "SELECT count(*) AS n FROM mark WHERE pupil_id = 'p-02' AND source = 'forgotten_card' AND known_to_ms IS NULL",
    )[0].n;
  assert.equal(marks(), 2);
  await page.focus("text=Ångra glömt kort");
  await press(page, "Enter");
  await page.waitForSelector("text=Ångrat. Det som var känt förut gäller igen.");
  assert.equal(marks(), 0);
  await context.close();
});

test("a teacher says it in the roll", async () => {
  const { context, page, open } = await house.visitor({ user: "lind", ...PHONE });
  await open("roll", ".lessons");
  await page.click(".lessons li:first-child a");
  await page.waitForSelector(".roll");
  assert.equal(await page.locator(".roll button.plain").count(), 1, "only of the pupil who did not check in");
  await page.focus("[aria-label='Glömt kort, Bo Ek']");
  await press(page, "Enter");
  assert.match(await textOf(page, ".roll li:nth-child(2)"), /På plats, glömt kort/);
  await page.click(".roll-end button[type=submit]");
  await page.waitForSelector(".roll-end [role=status] strong");
  assert.deepEqual(db("SELECT author, source FROM mark WHERE pupil_id = 'p-02' AND known_to_ms IS NULL"), [
    { author: "lind", source: "forgotten_card" },
  ]);
  assert.equal(db("SELECT count(*) AS n FROM mark WHERE source <> ''  AND pupil_id <> 'p-02'")[0].n, 0);
  await context.close();
});

test("check-ins that wait are counted, and a terminal is distrusted after it was said what changes", async () => {
  holdTap(school.daemon.database);
  const { context, page, open } = await house.visitor({ user: "ivar", ...PHONE });
  await open("terminals", "#held ~ ul li");
  assert.match(await textOf(page, "#held ~ ul li"), /^1 incheckning, R1 \(t-1\) ?19 november 08:05/);
  await page.focus("#held ~ ul button");
  await press(page, "Enter");
  await page.waitForSelector("text=närvaron 19 november beräknas på nytt");
  await focusSays(page, "Ja, räkna dem");
  await press(page, "Enter");
  await page.waitForSelector("text=1 incheckning räknas nu.");
  await page.fill("#distrust ~ form [name=date]", "2026-11-19");
  await page.fill("#distrust-why", "Öppnad av vaktmästaren");
  await press(page, "Enter");
  await page.waitForSelector("text=Närvaron beräknas på nytt för 2 dagar");
  assert.equal(db("SELECT 1 FROM distrust").length, 0);
  await focusSays(page, "Lita inte på t-1");
  await press(page, "Enter");
  await page.waitForSelector("text=räknas inte från 19 november 00:00");
  await page.focus("[aria-label='Lita på t-1 igen']");
  await press(page, "Enter");
  await page.waitForSelector("text=Ja, lita på t-1");
  await press(page, "Enter");
  await page.waitForSelector("text=Sparat: t-1 räknas igen.");
  assert.deepEqual(db("SELECT author, ended_by FROM distrust"), [{ author: "ivar", ended_by: "ivar" }]);
  assert.equal(await page.locator("#strays ~ ul button, #forgotten").count(), 0, "IT gives nothing out");
  assert.ok(await fits(page));
  await context.close();
});

test("the daemon's word is told in sentences, and days that wait are worked out in two presses", async () => {
  const { context, page, open } = await house.visitor({ user: "ivar", ...PHONE });
  await open("terminals", "#daemon ~ ul li");
  assert.match(
    await textOf(page, "#daemon ~ ul"),
    /^Incheckningar når fram, sedan 20 november 10:\d\d\. ?Inga dagar väntar på någons beslut\. ?Nattens kontroll 20 november: databasen är hel, och flaggorna stämmer med närvaron\.$/,
  );
  leaveAsAsked(school.daemon.database);
  await school.daemon.stage.stop("narvarod");
  await open("pupils", "h1");
  await open("terminals", "#daemon ~ ul li");
  assert.match(await textOf(page, "#daemon ~ ul"), /^Närvarosystemet svarar inte\. ?Inget går förlorat/);
  await school.daemon.at("2026-11-20T09:40:00Z");
  await open("pupils", "h1");
  await open("terminals", "#daemon ~ ul button");
  const told = await textOf(page, "#daemon ~ ul");
  assert.match(told, /2 dagar väntar på att någon ser efter: 18 november–19 november\./);
  assert.match(told, /Skolans maskin säger att det är .*20 november.* 10:4\d\. Stämmer det, låt dagarna beräknas\./);
  assert.match(
    told,
    /Nattens kontroll 20 november: databasen är skadad\. ?IT: lägg tillbaka den senaste säkerhetskopian/,
  );
  assert.match(told, /flaggorna för 2 elever stämmer inte med närvaron\. ?De rättas när nästa dag är beräknad\./);
  assert.deepEqual(await violations(page), []);
  assert.ok(await fits(page));
  const undecided = () => db("SELECT count(*) AS n FROM school_day WHERE day <= 20776 AND decided_ms IS NULL")[0].n;
  await page.focus("#daemon ~ ul button");
  await press(page, "Enter");
  await focusSays(page, "Ja, beräkna dem");
  assert.equal(undecided(), 2, "nothing before it is confirmed");
  await press(page, "Enter");
  await page.waitForSelector("text=2 dagar beräknas nu.");
  await focusReaches(page, "h2#daemon");
  await page.waitForSelector("text=Inga dagar väntar på någons beslut.");
  assert.equal(undecided(), 0);
  await context.close();
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
