// The list from last year and cases of pupils who have left, in a browser by keyboard alone; each ends in what the casebook holds.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { focusReaches, MODES, openHouse, press, shoot, textOf, violations } from "./browser/visit.mjs";
import { CivilClock } from "./demo/civilclock.mjs";
import { EVIDENCE, insert, pack, rows, sqlite, TODAY } from "./fixture.mjs";

const NOW = "2026-09-10T10:00:00Z"; // a Thursday
const day = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
const ENDED = day("2026-06-12");
let house;

const flag = (number, pupil, raised, cleared, severity = 3) => ({
  flag: number,
  pupil_id: pupil,
  rule: `rule-${number}`,
  severity,
  rules_version: 1,
  raised_day: raised,
  cleared_day: cleared,
  evidence: JSON.stringify(EVIDENCE),
  decided_ms: 0,
});

before(async () => {
  house = await openHouse({
    clock: ["--demo-clock", new CivilClock(Date.parse(NOW), 1).option],
    more: "items_a_week = 1;\n",
  });
  const days = Array.from({ length: 60 }, (_, i) => ENDED - i).filter((each) => (each + 3) % 7 < 5);
  const outcomes = pack([{ start: 490, minutes: 60, absent: 60, subject: 0, status: "reported" }]);
  // The school of the other tests, ten weeks earlier, and the end of the school year before.
  sqlite(
    house.web.db,
    `DELETE FROM task; UPDATE pupil SET known_from_ms = 0; UPDATE pupil SET family_name = 'Wallin' WHERE pupil_id = 'p-odd';
    UPDATE pupil_day SET day = day - 71; UPDATE school_day SET day = day - 71 - 10000; UPDATE school_day SET day = day + 10000;
    UPDATE flag SET raised_day = raised_day - 71; UPDATE flag SET cleared_day = cleared_day - 71;${insert(
      "pupil_day",
      ["p-alva", "p-omar", "p-odd"].flatMap((id) =>
        days.map((each) => ({ pupil_id: id, day: each, class: "7C", outcomes })),
      ),
    )}${insert("flag", [
      flag(101, "p-alva", ENDED - 20, ENDED),
      flag(102, "p-omar", ENDED - 40, ENDED, 4),
      flag(103, "p-well", day("2026-09-07"), null, 2),
      flag(104, "p-quiet", day("2026-09-08"), null, 2),
    ])}`,
  );
  const one = { status: "open", owner: "vera", opened_by: "kim", opened_ms: 0, year: 2026 };
  sqlite(
    house.web.casebook,
    insert("support_case", [
      { ...one, number: 1, pupil_id: "p-odd", next_day: day("2026-09-24"), opened_day: day("2026-03-02"), serial: 7 },
      { ...one, number: 2, pupil_id: "p-gone", next_day: day("2026-09-17"), opened_day: day("2026-08-24"), serial: 8 },
    ]),
  );
  sqlite(
    house.web.db,
    insert("pupil", [
      {
        pupil_id: "p-gone",
        given_name: "Majken",
        family_name: "Holm",
        class: "9A",
        year: "9",
        protected: 0,
        to_day: day("2026-09-04"),
        known_from_ms: 0,
      },
    ]),
  );
});
after(() => house?.close());
const decided = () => rows(house.web.casebook, "SELECT pupil_id, kind, reason, user FROM last_year_decision");
const cards = (page, name) =>
  page.$$eval(`section[aria-label="${name}"] li.card h3`, (all) => all.map((each) => each.textContent.trim()));

test("Att granska tells of the list, shows what joins it together, and says that more wait than can be met", async () => {
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("review", "#row-flag-p-alva");
  assert.match(await textOf(page, "main"), /Att följa från förra läsåret \(3 elever, 3 att gå igenom\)/);
  assert.match(
    await textOf(page, "#too-many"),
    /^2 elever väntar, och skolan hinner 1 i veckan\. De visas i ordning efter förlorad skoltid, mest först\./,
  );
  assert.deepEqual((await page.$$eval(".group-name", (all) => all.map((each) => each.textContent))).slice(0, 2), [
    "Flaggor att granska (2)",
    "Följs från förra läsåret (1)",
  ]);
  assert.match(await textOf(page, ".panel"), /Förlorad skoltid\d+(,\d)? timmar de senaste \d+ skoldagarna/);
  await page.focus("#row-flag-p-alva");
  await page.waitForFunction(() => /följs redan från förra läsåret/.test(document.querySelector(".panel").textContent));
  await open("last_year", "li.card");
  await page.evaluate(() => document.activeElement.blur());
  await shoot("last-year", page);
  await context.close();
});

test("the list is gone through by keyboard: who goes on, whose case goes on, who need not be followed and why", async () => {
  const { context, page, open } = await house.visitor({ viewport: { width: 390, height: 844 } });
  await open("review", "main a[href='#/last_year']");
  await page.focus("main a[href='#/last_year']");
  await press(page, "Enter");
  await page.waitForSelector("li.card");
  await focusReaches(page, "h1#heading");
  assert.deepEqual(await cards(page, "Att gå igenom"), ["Omar Ali, 7C", "Alva Berg, 8B", "Örjan Wallin, 8B"]);
  assert.match(
    await textOf(page, "#pupil-p-omar"),
    /Nivå 4, 3 maj–12 juni: Frånvaro 21 % · gräns 15 %Fortsätt följaBehöver inte följas$/,
  );
  assert.match(await textOf(page, "#pupil-p-alva"), /Nivå 3, 23 maj–12 juni: .*Ny flagga 7 sep\.?: /);
  assert.match(
    await textOf(page, "#pupil-p-odd"),
    /Ärende 2026-007 sedan 2 mars, ansvarig Vera Rektor\..*Ärendet fortsätter$/,
  );
  await press(page, "Tab", "Tab", "Enter"); // the name, then the first button
  await focusReaches(page, "p#told");
  assert.match(await textOf(page, "#told"), /^Omar Ali: fortsätter följas, Kim Rektor 10 september\.$/);
  await page.waitForFunction(
    () => document.querySelectorAll("section[aria-label='Att gå igenom'] li.card").length === 2,
  );
  await page.focus("#not-needed-p-alva");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "Escape");
  await focusReaches(page, "button#not-needed-p-alva");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "ArrowDown", "Enter");
  await focusReaches(page, "p#told");
  assert.match(
    await textOf(page, "#told"),
    /^Alva Berg: behöver inte följas \(känd och förklarad frånvaro\), Kim Rektor/,
  );
  await page.focus("#pupil-p-odd .actions button");
  await press(page, "Enter");
  await page.waitForFunction(() => /Alla är genomgångna/.test(document.querySelector("main").textContent));
  await house.restart();
  assert.deepEqual(decided(), [
    { pupil_id: "p-omar", kind: "keep_watching", reason: "", user: "kim" },
    { pupil_id: "p-alva", kind: "not_needed", reason: "known_cause", user: "kim" },
    { pupil_id: "p-odd", kind: "case_goes_on", reason: "", user: "kim" },
  ]);
  await context.close();
});

test("a decision is made anew in English, and a colleague's meanwhile is told", async () => {
  const { context, page, open, ask } = await house.visitor({ user: "vera" });
  await open("last_year", "li.card");
  await page.click("header button[lang=en]");
  await page.waitForFunction(() => /To follow from last year/.test(document.querySelector("h1").textContent));
  await page.focus("#pupil-p-omar button.plain");
  await press(page, "Enter");
  await page.waitForSelector("#not-needed-p-omar");
  // Stored beside the program, which hears of it with the press below only.
  sqlite(
    house.web.casebook,
    insert("last_year_decision", [
      {
        pupil_id: "p-omar",
        begins_day: day("2026-08-01"),
        kind: "keep_watching",
        reason: "",
        user: "eva",
        day: TODAY,
        at_ms: 0,
      },
    ]),
  );
  await page.focus("#pupil-p-omar .actions button");
  await press(page, "Enter");
  await page.waitForSelector("[role=alert]");
  assert.match(await textOf(page, "[role=alert]"), /Somebody else decided while you were reading/);
  const omar = async () => (await ask("last_year")).pupils.find(({ pupil }) => pupil === "p-omar").decision;
  assert.equal((await omar()).by, "eva");
  await page.waitForFunction(() => /Eva Kurator/.test(document.querySelector("#pupil-p-omar").textContent));
  await page.focus("#pupil-p-omar button.plain");
  await press(page, "Enter");
  await page.focus("#not-needed-p-omar");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "Enter");
  await page.waitForFunction(() => /Omar Ali: need not be followed/.test(document.querySelector("#told").textContent));
  assert.deepEqual([(await omar()).kind, (await omar()).by], ["not_needed", "vera"]);
  await page.click("header button[lang=sv]");
  await page.waitForFunction(() => document.documentElement.lang === "sv");
  await context.close();
});

test("the case of one who has left is found, handed to a colleague, and closed", async () => {
  const { context, page, open } = await house.visitor();
  await open("cases", "#left");
  assert.equal(await textOf(page, "#left"), "Ärenden för elever som slutat (1)");
  const table = "section[aria-labelledby=left] table";
  assert.match(await textOf(page, table), /Sista dag.*Majken Holm 9Atorsdag 17 septemberVera Rektor2026-0084 sep/);
  await page.focus("#confirm-2");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await page.selectOption("form.answer select", "eva");
  await page.focus("form.answer button[type=submit]");
  await press(page, "Enter");
  await focusReaches(page, "p#told");
  await page.waitForFunction((of) => /Eva Kurator/.test(document.querySelector(of).textContent), table);
  const stored = () => rows(house.web.casebook, "SELECT status, owner FROM support_case WHERE number = 2")[0];
  assert.deepEqual(stored(), { status: "open", owner: "eva" });
  await page.focus("#close-2");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "4");
  await focusReaches(page, "p#told");
  await page.waitForFunction(() => !document.querySelector("#left"));
  assert.equal(stored().status, "closed");
  assert.deepEqual(rows(house.web.casebook, "SELECT outcome FROM case_end WHERE number = 2"), [
    { outcome: "handed_over" },
  ]);
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing is too wide: ${mode}`, async () => {
      const { context, page, open } = await house.visitor(options);
      const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      await open("last_year", "li.card");
      await page.click("#pupil-p-omar button.plain");
      await page.click("#not-needed-p-omar");
      await page.waitForSelector("form.answer input:focus");
      assert.deepEqual(await violations(page), []);
      assert.ok(!(await overflows()));
      await open("review", "#too-many");
      assert.ok(!(await overflows()));
      if (mode === "light") assert.deepEqual(await violations(page), []);
      await context.close();
    });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
