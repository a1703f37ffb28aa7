// Gallring in a browser against a real narvarod, by keyboard alone: what goes when, the receipt of a night, and its signature
// in the casebook after a restart.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { focusReaches, MODES, openHouse, press, shoot, textOf, until, violations } from "./browser/visit.mjs";
import { insert, rows, sqlite } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const NOW = "2026-11-20T12:00:00Z";
const day = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
let house;

before(async () => {
  const daemon = new Lonely();
  await daemon.at(NOW);
  const absence = (id, date) => ({
    pupil_id: id,
    type: "reported",
    from_ms: day(date) * 86400000,
    to_ms: day(date) * 86400000 + 1,
    known_from_ms: 0,
  });
  sqlite(
    daemon.database,
    ["p-alva", "p-gone"]
      .map((id, i) =>
        insert("pupil", [
          {
            pupil_id: id,
            given_name: `Alva ${i}`,
            family_name: "Berg",
            class: "8B",
            year: "8",
            protected: 0,
            to_day: i ? day("2025-06-10") : null,
            known_from_ms: 0,
          },
        ]),
      )
      .join("") +
      insert("absence", [
        absence("p-alva", "2022-10-03"),
        absence("p-alva", "2024-10-03"),
        absence("p-gone", "2024-10-03"),
      ]),
  );
  const clock = new CivilClock(Date.parse(NOW), 1);
  house = await openHouse({
    daemon,
    withSchool: false,
    db: daemon.database,
    control: daemon.control,
    clock: ["--demo-clock", clock.option],
  });
});
after(() => house?.close());

const cells = async (page, name) =>
  (
    await page
      .locator("table.boxed tr", { has: page.locator(`th:text-is("${name}")`) })
      .locator("td")
      .allTextContents()
  ).map((text) => text.replaceAll("\u00a0", " "));

test("the page says what is kept how long and what goes when", async () => {
  const { context, page, open } = await house.visitor({ user: "vera" });
  await open("retention", "#rules");
  assert.match(
    await textOf(page, "main [role=status]"),
    /^Nästa gallring: lördag 21 november klockan 02:00\. 2 uppgifter gallras då\.$/,
  );
  assert.deepEqual(await cells(page, "Anmäld frånvaro och ledighet"), ["3 läsår, det här inräknat", "1", "2", "0"]);
  assert.deepEqual(await cells(page, "Elever som slutat, allt om dem"), ["2 läsår, det här inräknat", "1", "0", "0"]);
  assert.match(await textOf(page, "main"), /Ingen gallring har gjorts ännu/);
  assert.doesNotMatch(await textOf(page, "main"), /Alva|Berg|p-alva/);
  await context.close();
});

test("a night's receipt is signed by keyboard, and stays signed", async () => {
  sqlite(
    house.web.casebook,
    "INSERT INTO retention_run (began_ms, ended_ms, began_by, erased, complete) VALUES (1795053600000, 1795053601000, 'night', '{}', 0)",
  ); // the night before, which gave up
  await house.restart();
  await until(
    "the night to be made up for",
    () => rows(house.web.casebook, "SELECT count(*) AS n FROM retention_run")[0].n === 2,
  );
  const { context, page, open } = await house.visitor({ user: "dana" });
  await open("retention", "#receipts");
  assert.deepEqual(await page.locator("section[aria-labelledby=receipts] tbody tr td:nth-child(3)").allTextContents(), [
    "Anmäld frånvaro och ledighet: 1, Elever som slutat, allt om dem: 1",
    "Inget att gallra. Blev inte klar, görs om.",
  ]);
  await shoot("retention", page);
  await page.focus("#receipts ~ * tbody tr:first-child button");
  await press(page, "Enter");
  await focusReaches(page, "h2#receipts");
  await page.waitForFunction(() =>
    /^dana, /.test(document.querySelector("section[aria-labelledby=receipts] tbody td:last-child").textContent),
  );
  await house.restart();
  const { runs } = await (await house.visitor({ user: "vera" })).ask("retention");
  assert.deepEqual(
    runs.map(({ signed_by: by }) => by),
    ["dana", null],
  );
  assert.deepEqual(rows(house.daemon.database, "SELECT pupil_id FROM pupil"), [{ pupil_id: "p-alva" }]);
  await context.close();
});

test("the head reads and does not sign; for pupil health there is no such page", async () => {
  const head = await house.visitor({ user: "kim" });
  await head.open("retention", "#receipts");
  assert.equal(await head.page.locator("section[aria-labelledby=receipts] button").count(), 0);
  await head.context.close();
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("retention", "h1");
  assert.match(await textOf(page, "main"), /Sidan finns inte/);
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const { context, page, open } = await house.visitor({ user: "dana", ...options });
      await open("retention", "#receipts");
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it overflows");
      await context.close();
    });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
