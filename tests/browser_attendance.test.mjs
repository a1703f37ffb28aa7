// Attendance work in a browser, by keyboard alone, through narvaro-web to a real narvarod: the roll of a lesson, reported
// absence and leave, and a correction with its history.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSchool } from "./browser/school.mjs";
import { focus, focusReaches, MODES, press, shoot, textOf, until, violations } from "./browser/visit.mjs";
import { rows } from "./fixture.mjs";

let school;
let house;
const db = (sql) => rows(school.daemon.database, sql);
const restart = () => school.restart();

before(async () => {
  school = await openSchool();
  house = school.house;
});
after(() => house?.close());

describe("the roll", () => {
  test("check-ins are there already; one tap, one button, twenty-six of twenty-six", async () => {
    const { context, page, open, ask } = await house.visitor({ user: "lind", viewport: { width: 390, height: 800 } });
    await open("roll", ".lessons");
    assert.equal(await page.locator(".lessons li").count(), 4);
    await page.focus(".lessons li:first-child a");
    await press(page, "Enter");
    await page.waitForSelector(".roll");
    await focusReaches(page, "h1#heading");
    await shoot("roll", page, { fullPage: false });
    assert.equal(await page.locator(".roll li").count(), 26);
    assert.match(await textOf(page, ".roll li:nth-child(1)"), /Alva Berg incheckad 08:05 På plats/);
    assert.match(await textOf(page, ".roll li:nth-child(2)"), /Bo Ek (Frånvarande|Ej rapporterad)/);
    assert.match(await textOf(page, ".roll li:nth-child(3)"), /Carl Fors incheckad 08:18 Sen ankomst/);
    assert.equal(await page.inputValue(".roll li:nth-child(3) input"), "8");
    await page.focus(".roll li:nth-child(4) button");
    await press(page, "Space"); // Elev Nummer04: present → absent
    assert.match(await textOf(page, ".roll li:nth-child(4)"), /Frånvarande/);
    while (/Ej rapporterad/.test(await textOf(page, ".roll li:nth-child(2)"))) {
      await page.focus(".roll li:nth-child(2) button");
      await press(page, "Enter", "Enter");
    }
    await page.focus(".roll-end button[type=submit]");
    assert.equal((await focus(page)).text, "Klar 26/26");
    await press(page, "Enter");
    await page.waitForSelector(".roll-end [role=status] strong");
    assert.equal(await textOf(page, ".roll-end [role=status]"), "Sparat: 26 av 26 rapporterade.");
    const stored = () =>
      db(
        "SELECT m.pupil_id AS pupil, m.status, m.absent_minutes AS minutes, m.author FROM mark m JOIN lesson l USING (lesson) WHERE l.lesson_id = '2026-11-20-1' AND m.status <> 'present' ORDER BY 1",
      );
    const expected = [
      ["p-02", "unreported", 60],
      ["p-03", "late", 8],
      ["p-04", "unreported", 60],
    ].map(([pupil, status, minutes]) => ({ pupil, status, minutes, author: "lind" }));
    assert.deepEqual(stored(), expected);
    await restart();
    assert.deepEqual(stored(), expected);
    assert.equal((await ask("lessons")).lessons[0].marked, 26);
    await context.close();
  });

  test("what nobody knows stays unknown until the teacher says it", async () => {
    const { context, page, open, ask } = await house.visitor({ user: "lind" });
    await open("roll", ".lessons");
    await page.click("text=Idrott");
    await page.waitForSelector(".roll");
    assert.match(await textOf(page, ".roll-end [role=status]"), /26 ej rapporterade/);
    assert.equal(await page.locator(".roll-end button[type=submit]").count(), 0, "nothing to send yet");
    await page.focus(".roll li:nth-child(5) button");
    await press(page, "Enter", "Enter"); // absent
    await page.focus(".roll-end button");
    assert.equal((await focus(page)).text, "De 25 återstående är på plats");
    await press(page, "Enter");
    await page.focus(".roll-end button[type=submit]");
    await press(page, "Enter");
    await page.waitForSelector(".roll-end [role=status] strong");
    const hall = (await ask("lessons")).lessons.find((lesson) => lesson.subject === "Idrott");
    assert.deepEqual(
      hall.pupils.filter((pupil) => pupil.mark.status !== "present").map((pupil) => [pupil.pupil, pupil.mark.status]),
      [["p-05", "unreported"]],
    );
    await context.close();
  });

  test("a lesson that has not begun has no button", async () => {
    const { context, page, open } = await house.visitor({ user: "lind" });
    await open("roll", ".lessons");
    await page.click("text=Musik");
    await page.waitForSelector(".roll-end .notice");
    assert.equal(await page.locator("button[type=submit]:has-text('Klar')").count(), 0);
    await context.close();
  });
});

describe("on the pupil's page", () => {
  const openCorrections = async ({ page, open }) => {
    await open("pupil/p-01", "svg.calendar");
    await page.focus("text=Rapportera och rätta");
    await press(page, "Enter");
    await page.waitForSelector(".known li");
  };
  const flagged = async (ask) => (await ask("flags")).inbox.map((item) => item.pupil).includes("p-01");

  test("a correction counts at once, and what was stands beside it", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page, ask } = visit;
    assert.ok(await flagged(ask));
    await openCorrections(visit);
    await page.fill("section.card input[type=date][max]", "2026-11-19");
    await page.waitForSelector("text=Matematik: oanmäld frånvaro");
    await page.focus("[aria-label='Rätt uppgift för Matematik 08:10']");
    await press(page, "End"); // Frånvarande
    await press(page, "ArrowUp"); // Sen ankomst
    await page.focus("[name=minutes]");
    await page.keyboard.type("12");
    await press(page, "Enter");
    await page.waitForSelector("text=Matematik 08:10 är rättad");
    await page.waitForSelector("text=Matematik: sen ankomst (12 min)");
    assert.match(await textOf(page, "ul[aria-label=Historik]"), /20 november 10:3\d: sen ankomst \(12 min\), eva/);
    assert.ok(!(await flagged(ask)), "one lesson is left: below the rule");
    await page.selectOption("[aria-label='Rätt uppgift för Matematik 08:10']", "absent");
    await page.focus("[aria-label='Rätta Matematik 08:10']");
    await press(page, "Enter");
    await page.waitForSelector("text=Matematik: oanmäld frånvaro");
    assert.equal(await page.locator("ul[aria-label=Historik] li").count(), 2);
    await restart();
    assert.ok(await flagged(ask));
    assert.deepEqual(
      db(
        "SELECT status, absent_minutes AS minutes, author FROM mark WHERE pupil_id = 'p-01' AND author = 'eva' ORDER BY known_from_ms",
      ),
      [
        { status: "late", minutes: 12, author: "eva" },
        { status: "unreported", minutes: 60, author: "eva" },
      ],
    );
    await context.close();
  });

  test("absence is reported and taken back; the flag follows", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page, ask } = visit;
    await openCorrections(visit);
    await shoot("correct", page);
    await page.fill("[name=date]", "2026-11-19");
    await page.focus("[name=to_date]");
    await press(page, "Enter");
    await page.waitForSelector("text=Sparat: anmäld frånvaro från 19 november.");
    assert.ok(!(await flagged(ask)));
    assert.deepEqual(
      (await ask("pupils/p-01/absences")).absences.map((each) => [each.type, each.from, each.author]),
      [["reported", "2026-11-18T23:00:00.000Z", "eva"]],
    );
    await page.focus("[aria-label='Ta tillbaka 19 nov.']");
    await press(page, "Enter");
    await page.waitForSelector("text=Tillbakataget");
    await until("the flag is back", () => flagged(ask));
    await restart();
    assert.deepEqual((await ask("pupils/p-01/absences")).absences, []);
    assert.deepEqual(db("SELECT author, ended_by FROM absence"), [{ author: "eva", ended_by: "eva" }]);
    await context.close();
  });

  test("part of a day is leave; a refusal says why", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page, ask } = visit;
    await openCorrections(visit);
    await page.focus("[name=type][value=leave]");
    await press(page, "Space");
    await page.fill("[name=date]", "2026-11-23");
    await page.click("text=Hela dagen");
    await page.fill("[name=from]", "08:00");
    await page.fill("[name=to]", "10:00");
    await page.focus("form[aria-labelledby=report] button");
    await press(page, "Enter");
    await page.waitForSelector("text=Sparat: beviljad ledighet från 23 november.");
    assert.deepEqual(
      (await ask("pupils/p-01/absences")).absences.map((each) => [each.type, each.from, each.to]),
      [["leave", "2026-11-23T07:00:00.000Z", "2026-11-23T09:00:00.000Z"]],
    );
    await press(page, "Enter");
    await page.waitForSelector("[role=alert] span");
    assert.equal(await textOf(page, "[role=alert]"), "Det gick inte: Det är redan rapporterat.");
    await context.close();
  });
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const teacher = await house.visitor({ user: "lind", ...options });
      const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      for (const [hash, ready] of [
        ["roll", ".lessons"],
        [`roll/${(await teacher.ask("lessons")).lessons[1].lesson}`, ".roll"],
      ]) {
        await teacher.open(hash, ready);
        assert.deepEqual(await violations(teacher.page), [], hash);
        assert.ok(await fits(teacher.page), `${hash} overflows`);
      }
      await teacher.context.close();
      const { context, page, open } = await house.visitor({ user: "eva", ...options });
      await open("pupil/p-01", "svg.calendar");
      await page.click("text=Rapportera och rätta");
      await page.waitForSelector(".known li select");
      assert.deepEqual(await violations(page), []);
      assert.ok(await fits(page));
      await context.close();
    });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
