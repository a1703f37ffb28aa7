// Cases and guardians told, in a browser by keyboard alone: a new date, the end of a case, and taking both back; each ends in
// what the casebook holds, also after a restart.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { focusReaches, MODES, openHouse, paperOf, press, textOf, until, violations } from "./browser/visit.mjs";
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
    `UPDATE user SET language = 'sv'; DELETE FROM case_step; DELETE FROM case_contact; DELETE FROM case_measure; DELETE FROM case_voice; DELETE FROM case_actor;
  DELETE FROM case_consent; DELETE FROM answer_rule; DELETE FROM answer; DELETE FROM case_end; DELETE FROM case_fact; DELETE FROM support_case; DELETE FROM task_answer;
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
  assert.match(await textOf(page, "#told"), /Alva Berg: ärendet är avslutat\. Ingen ny flagga av samma skäl före/);
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
    /ärendet avslutat, ingen ny flagga av samma skäl till .*, eleven har flyttat eller slutat, kim/,
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

test("a case in a narrow window, and where times are late, the calendar unknown, and two others take part", async () => {
  sqlite(
    house.web.casebook,
    `INSERT INTO case_actor (number, sector, title, does, since_day, next_day, user, at_ms) VALUES
       (1, 'health', 'BUP', 'samtal', ${TODAY - 9}, ${TODAY + 9}, 'kim', 0), (1, 'social', 'familjestöd', '', ${TODAY - 9}, ${TODAY + 9}, 'kim', 0);
     INSERT INTO case_step (number, kind, began_day, due_day, owner, user, at_ms) VALUES (1, 'follow_up', ${TODAY - 40}, ${TODAY - 9}, 'eva', 'kim', 0);
     UPDATE support_case SET next_day = ${TODAY - 3} WHERE number = 1`,
  );
  for (const [mode, options] of Object.entries({ ...MODES, phone: { viewport: { width: 390, height: 844 } } })) {
    const { context, page, open } = await house.visitor(options);
    await open("case/1", "[role=toolbar]");
    const main = await textOf(page, "main");
    assert.match(main, /Skulle ha varit klart 17 november, 3 skoldagar sedan/, mode);
    assert.match(main, /ingen SIP är begärd/);
    assert.match(main, /Eva Kurator/);
    assert.equal(await page.locator('a[href="#/support/p-alva?cause=social"]').count(), 1);
    await page.click("#act-measure");
    await page.waitForSelector("form.answer :focus");
    assert.deepEqual(await violations(page), [], mode);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `it overflows: ${mode}`);
    await context.close();
  }
});

test("the head takes over the cases of an owner by keyboard; others see the list and no button", async () => {
  const { context, page, open } = await house.visitor();
  await open("take_over/vera", "form.answer select");
  assert.deepEqual(await violations(page), []);
  await page.focus("form.answer select");
  await page.selectOption("form.answer select", "eva");
  await press(page, "Tab", "Enter");
  await until("the owner", () => stored().owner === "eva");
  await page.waitForFunction(() => /Eva Kurator är nu ansvarig/.test(document.querySelector("main").textContent));
  assert.deepEqual(rows(house.web.casebook, "SELECT kind, value, user FROM case_fact"), [
    { kind: "owner", value: "eva", user: "kim" },
  ]);
  await context.close();
  const other = await house.visitor({ user: "nils" });
  await other.open("take_over/eva", "li.card");
  assert.equal(await other.page.locator("form.answer").count(), 0);
  await other.context.close();
});

test("the record of a case fits two sheets of paper, is saved as a file, and tells of the handover", async () => {
  sqlite(
    house.web.casebook,
    `INSERT INTO case_actor (number, sector, title, does, since_day, next_day, user, at_ms) VALUES
       (1, 'health', 'BUP', 'samtal', ${TODAY - 9}, ${TODAY + 9}, 'kim', 0), (1, 'social', 'familjestöd', '', ${TODAY - 9}, ${TODAY + 9}, 'kim', 0);
     INSERT INTO case_step (number, kind, began_day, due_day, owner, user, at_ms, done_day, done_by) SELECT 1, value, ${TODAY - 18}, ${TODAY - 9}, 'eva', 'kim', 0, ${TODAY - 9}, 'eva'
       FROM json_each('["contact","mapping","inquiry","measures","follow_up","sip"]');
     INSERT INTO case_contact (number, party, way, outcome, cause, day, user, at_ms) SELECT 1, 'guardian', 'phone', 'talked', 'known', ${TODAY - 18} + value, 'eva', 0
       FROM json_each('[0,3,6,9]');
     INSERT INTO case_measure (number, kind, note, owner, began_day, due_day, user, at_ms) SELECT 1, value, 'varje måndag', 'eva', ${TODAY - 9}, ${TODAY + 9}, 'eva', 0
       FROM json_each('["adult","peers","teaching"]');
     INSERT INTO case_concern (number, made_day, user, at_ms) VALUES (1, ${TODAY - 5}, 'kim', 0)`,
  );
  for (const [mode, options] of Object.entries(MODES)) {
    const { context, page, open } = await house.visitor(options);
    await open("case_record/1", "#save");
    assert.deepEqual(await violations(page), [], mode);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `it overflows: ${mode}`);
    await context.close();
  }
  const { context, page, open } = await house.visitor();
  await open("case/1", "[role=toolbar]");
  await page.focus("[role=toolbar] button");
  await press(page, "z");
  await page.waitForSelector("form.answer input:focus");
  await page.keyboard.type("Sjöskolan");
  await press(page, "Enter");
  await until("the decision", () => rows(house.web.casebook, "SELECT 1 FROM case_fact WHERE kind = 'handover'").length);
  await page.waitForSelector("#act-handover_received");
  await page.click('a[href="#/case_record/1"]');
  await page.waitForSelector("#save");
  const paper = await paperOf(page, join(house.web.folder, "record.pdf"));
  assert.match(paper, /Rektor Kim Rektor beslutade 20 november att Sjöskolan får underlaget/);
  assert.match(paper, /Mottaget av, datum och underskrift/);
  assert.match(paper, /familjestöd/);
  assert.doesNotMatch(paper, /orosanmälan|Orosanmälan/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert.equal(download.suggestedFilename(), "2026-031.json");
  const saved = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.deepEqual([saved.format, saved.case.pupil, saved.steps.length], ["narvaro-case", "p-alva", 6]);
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
