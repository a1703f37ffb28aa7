// Cases and guardians told, in a browser by keyboard alone: a new date, the end of a case, and taking both back; each ends in
// what the casebook holds, also after a restart.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { focusReaches, MODES, openHouse, press, textOf, until, violations } from "./browser/visit.mjs";
import { rows, sqlite, TODAY } from "./fixture.mjs";

const date = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
let house;

before(async () => {
  house = await openHouse();
});
after(() => house?.close());
const openCase = (day) =>
  sqlite(
    house.web.casebook,
    `DELETE FROM answer_rule; DELETE FROM answer; DELETE FROM case_end; DELETE FROM support_case; DELETE FROM task_answer;
  INSERT INTO support_case (number, pupil_id, status, owner, opened_by, next_day, opened_ms, opened_day, year, serial) VALUES (1, 'p-alva', 'open', 'vera', 'kim', ${day}, 0, ${TODAY - 20}, 2026, 31)`,
  );
beforeEach(() => openCase(TODAY + 7));
const stored = () => rows(house.web.casebook, "SELECT status, owner, next_day FROM support_case")[0];
const ends = () => rows(house.web.casebook, "SELECT outcome, user, day FROM case_end WHERE undone_ms IS NULL");

test("an open case gets a new date, and the date is taken back", async () => {
  const { context, page, open } = await house.visitor();
  await open("cases", "#confirm-1");
  await page.focus("#confirm-1");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "Escape");
  await focusReaches(page, "button#confirm-1");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await page.fill("form.answer input", date(TODAY + 30));
  await press(page, "Enter");
  await focusReaches(page, "p#told");
  assert.match(await textOf(page, "#told"), /Alva Berg: ärendet har nytt datum, 20 december\./);
  assert.deepEqual(stored(), { status: "open", owner: "vera", next_day: TODAY + 30 });
  await page.focus("#told button");
  await press(page, "Enter");
  await page.waitForFunction(() => /svaret är ångrat/.test(document.querySelector("#told").textContent));
  await house.restart();
  assert.deepEqual(stored(), { status: "open", owner: "vera", next_day: TODAY + 7 });
  await context.close();
});

test("a case is closed with an outcome by two keys, and opened again", async () => {
  const { context, page, open } = await house.visitor();
  await open("cases", "#close-1");
  await page.focus("#close-1");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "1");
  await focusReaches(page, "p#told");
  assert.match(await textOf(page, "#told"), /Alva Berg: ärendet är avslutat\. Samma regel är tyst till/);
  assert.match(await textOf(page, "main"), /Inga öppna ärenden/);
  assert.deepEqual([stored().status, ends()], ["closed", [{ outcome: "attendance_up", user: "kim", day: TODAY }]]);
  await page.focus("#told button");
  await press(page, "Enter");
  await page.waitForSelector("#close-1");
  assert.deepEqual([stored().status, ends()], ["open", []]);
  await page.focus("#close-1");
  await press(page, "Enter");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "3");
  await focusReaches(page, "p#told");
  await house.restart();
  assert.deepEqual([stored().status, ends()[0].outcome], ["closed", "moved"]);
  const visitor = await house.visitor();
  assert.deepEqual((await visitor.ask("cases")).cases, []);
  assert.equal((await visitor.ask("pupils/p-alva")).answers[0].kind, "close");
  await visitor.open("pupil/p-alva", "#why");
  assert.match(
    (await textOf(visitor.page, "main")).toLowerCase(),
    /ärendet avslutat, samma regel tyst till .*, eleven har flyttat eller slutat, kim/,
  );
  await visitor.context.close();
  await context.close();
});

test("a case that is due is closed from Att granska with the key for no", async () => {
  openCase(TODAY);
  const { context, page, open } = await house.visitor();
  await open("review", "#row-flag-p-alva");
  await page.focus("#row-flag-p-alva");
  await press(page, "e");
  await page.waitForSelector("form.answer input:focus");
  assert.match(await textOf(page, "form.answer"), /Hur slutade det\?/);
  await press(page, "2");
  await until("the case to be closed", () => stored().status === "closed");
  assert.deepEqual(ends(), [{ outcome: "other_support", user: "kim", day: TODAY }]);
  await page.waitForFunction(() => /ärendet är avslutat/.test(document.querySelector(".answered").textContent));
  await press(page, "u");
  await until("the case to be open again", () => stored().status === "open");
  await context.close();
});

test("a guardian told is taken back with u", async () => {
  const { context, page, open } = await house.visitor({ user: "lind" });
  await open("review", "#row-task-1");
  await page.focus("#row-task-1");
  await press(page, "b");
  await focusReaches(page, "button");
  await press(page, "Enter");
  const told = () => rows(house.web.casebook, "SELECT user FROM task_answer WHERE undone_ms IS NULL");
  await until("the answer", () => told().length === 1);
  await page.waitForSelector("#undo");
  await page.focus("#row-task-1");
  await press(page, "u");
  await until("the answer to be taken back", () => told().length === 0);
  await page.waitForFunction(() => /svaret är ångrat/.test(document.querySelector(".answered").textContent));
  await house.restart();
  assert.deepEqual(told(), []);
  assert.deepEqual(
    rows(
      house.web.casebook,
      "SELECT action FROM audit WHERE user = 'lind' AND action LIKE 'guardian%' ORDER BY sequence",
    ).map(({ action }) => action),
    ["guardian_told", "guardian_told_undone"],
  );
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const { context, page, open } = await house.visitor(options);
      await open("cases", "#close-1");
      await page.click("#close-1");
      await page.waitForSelector("form.answer input:focus");
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it overflows");
      await context.close();
    });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
