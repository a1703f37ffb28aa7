// Triage in a browser, by keyboard alone: what one answers is what the server knows, also after a restart.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { fillInbox } from "./browser/inbox.mjs";
import { focus, focusReaches, openHouse, press, textOf, until } from "./browser/visit.mjs";
import { EVIDENCE, insert, NOW, rows, sqlite, TODAY } from "./fixture.mjs";

const KEYS_FOR_TEN = 20;
const NOW_MS = Date.parse(NOW);
const date = (day) => new Date(day * 86400000).toISOString().slice(0, 10);

let house;
let web;

before(async () => {
  house = await openHouse();
  web = house.web;
  fillInbox(web.db);
  const more = ["p-x", "p-y"];
  sqlite(
    web.db,
    insert(
      "pupil",
      more.map((pupil) => ({
        pupil_id: pupil,
        given_name: "Noor",
        family_name: pupil,
        class: "8A",
        year: "8",
        protected: 0,
        known_from_ms: 0,
      })),
    ) +
      insert(
        "flag",
        more.map((pupil, index) => ({
          flag: 300 + index,
          pupil_id: pupil,
          rule: "absence-15",
          severity: 2,
          rules_version: 1,
          raised_day: TODAY - 1,
          cleared_day: null,
          evidence: JSON.stringify(EVIDENCE),
          decided_ms: NOW_MS,
          withdrawn_ms: null,
        })),
      ) +
      insert("guardian", [
        { pupil_id: "p-odd", name: "Karin Berg", phone: "070-123 45 67", email: "", priority: 1, known_from_ms: 0 },
        { pupil_id: "p-odd", name: "Per Berg", phone: "070-765 43 21", email: "", priority: 2, known_from_ms: 0 },
      ]),
  );
});
after(() => house?.close());
beforeEach(() =>
  sqlite(
    web.casebook,
    "DELETE FROM answer_rule; DELETE FROM answer; DELETE FROM support_case; DELETE FROM task_answer;",
  ),
);

const inboxOf = async (ask) => (await ask("flags")).inbox.map((item) => item.pupil);
const answers = () =>
  rows(
    web.casebook,
    "SELECT pupil_id AS pupil, kind, reason, until_day AS until FROM answer WHERE undone_ms IS NULL ORDER BY answer",
  );

/** Opens the inbox with focus on the first flag. */
async function atFirstFlag({ page, open, ask }) {
  await open("review", "[role=option]");
  const [first] = await inboxOf(ask);
  await page.focus(`#row-flag-${first}`);
  return first;
}

test("ten flags in at most twenty keys, kept through a restart", async () => {
  const visit = await house.visitor({ user: "eva" });
  const { context, page, ask } = visit;
  await atFirstFlag(visit);
  const before = await inboxOf(ask);
  assert.equal(before.length, 10);
  const strokes = ["b", "a1", "e2", "b", "a2", "e1", "b", "a3", "e4", "b"];
  assert.ok(strokes.join("").length <= KEYS_FOR_TEN);
  for (const [index, keys] of strokes.entries()) {
    await focusReaches(page, `div#row-flag-${before[index]}`, "the next pupil has focus");
    await press(page, keys[0]);
    if (keys[1]) {
      await page.waitForSelector("form.answer input:focus");
      await press(page, keys[1]);
    }
    await page.waitForSelector(`#row-flag-${before[index]}`, { state: "detached" });
  }
  assert.match((await focus(page)).name, /^div#row-task-/, "what is left: guardians to contact");
  await house.restart();
  assert.deepEqual(await inboxOf(ask), []);
  assert.deepEqual(
    (await ask("cases")).cases.map((each) => each.pupil).sort(),
    [before[0], before[3], before[6], before[9]].sort(),
  );
  const two = date(TODAY + 14);
  assert.deepEqual(
    answers().map((each) => [each.pupil, each.kind, each.reason]),
    before.map((pupil, index) => [
      pupil,
      { b: "confirm", a: "snooze", e: "dismiss" }[strokes[index][0]],
      {
        b: "",
        a1: "contact_made",
        a2: "known_cause",
        a3: "waiting_for_data",
        e1: "wrong_data",
        e2: "known_cause",
        e4: "not_of_concern",
      }[strokes[index]],
    ]),
  );
  assert.deepEqual(
    (await ask("cases")).cases.map((each) => each.next_on),
    [two, two, two, two],
    "two weeks on, a Friday",
  );
  await context.close();
});

describe("one answer", () => {
  test("is undone by u, and the pupil has focus again", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page, ask } = visit;
    const first = await atFirstFlag(visit);
    await press(page, "b");
    await page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    assert.match(
      await textOf(page, ".answered"),
      /bekräftad, ärende öppnat. Nästa datum 4 december. Öppna ärendet o Ångra/,
    );
    await press(page, "j", "u");
    await page.waitForSelector(`#row-flag-${first}`);
    await focusReaches(page, `div#row-flag-${first}`);
    assert.match(await textOf(page, ".answered"), /svaret är ångrat/);
    assert.equal((await inboxOf(ask))[0], first);
    assert.deepEqual((await ask("cases")).cases, []);
    await house.restart();
    assert.equal((await inboxOf(ask))[0], first);
    await context.close();
  });

  test("with a date of one's own; Escape takes nothing", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page, ask } = visit;
    const first = await atFirstFlag(visit);
    await press(page, "a");
    await page.waitForSelector("form.answer input:focus");
    await press(page, "Escape");
    await page.waitForSelector("form.answer", { state: "detached" });
    await focusReaches(page, `div#row-flag-${first}`, "back where one was");
    assert.deepEqual(answers(), []);
    await press(page, "a");
    await page.waitForSelector("form.answer input:focus");
    await press(page, "ArrowDown", "Tab");
    assert.equal(await page.evaluate(() => document.activeElement.type), "date");
    await page.fill("form.answer input[type=date]", date(TODAY + 10));
    await press(page, "Enter");
    await page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    assert.deepEqual(answers(), [{ pupil: first, kind: "snooze", reason: "known_cause", until: TODAY + 10 }]);
    assert.ok(!(await inboxOf(ask)).includes(first));
    await page.goto(`${web.url}/#/pupil/${first}`);
    await page.waitForSelector("#why");
    assert.match(
      await textOf(page, "section[aria-labelledby=why]"),
      /Tidigare svar \(1\) ?20 november: avvaktar till 30 november, känd och förklarad frånvaro, eva/,
    );
    await context.close();
  });

  test("is refused when the flags are others by now, and nothing moves", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page } = visit;
    await context.route("**/events", (route) => route.abort()); // no news reaches this page
    const first = await atFirstFlag(visit);
    sqlite(
      web.db,
      `UPDATE flag SET rule = 'changed', flag = 399 WHERE flag = (SELECT min(flag) FROM flag WHERE pupil_id = '${first}' AND cleared_day IS NULL AND withdrawn_ms IS NULL)`,
    );
    await press(page, "b");
    await page.waitForSelector(".panel [role=alert]");
    assert.match(await textOf(page, ".panel [role=alert]"), /ändrats medan du läste/);
    assert.equal((await focus(page)).name, `div#row-flag-${first}`);
    assert.deepEqual(answers(), []);
    await press(page, "b"); // the flags were read again
    await page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    assert.equal(answers().length, 1);
    await context.close();
  });

  test("leaves another's list by itself, and disturbs no pupil page", async () => {
    const [kim, vera] = [await house.visitor({ user: "kim" }), await house.visitor({ user: "vera" })];
    await kim.open("pupil/p-a", "svg.calendar");
    await vera.open("review", "[role=option]");
    const visit = await house.visitor({ user: "eva" });
    const first = await atFirstFlag(visit);
    await press(visit.page, "b");
    await vera.page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    assert.equal(await kim.page.locator(".notice").count(), 0);
    for (const { context } of [kim, vera, visit]) await context.close();
  });

  test("a key held down answers once; keys that are turned off do not answer", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page } = visit;
    const first = await atFirstFlag(visit);
    await page.keyboard.down("b");
    await page.keyboard.down("b");
    await page.keyboard.down("b");
    await page.keyboard.up("b");
    await page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    await page.evaluate(() => localStorage.setItem("shortcuts", "off"));
    for (const key of ["b", "e", "a", "u"]) await press(page, key);
    await page.waitForTimeout(200);
    assert.deepEqual(
      answers().map((each) => each.pupil),
      [first],
    );
    await page.evaluate(() => localStorage.removeItem("shortcuts"));
    await context.close();
  });
});

describe("what is due", () => {
  test("comes first; a case gets its next date", async () => {
    const visit = await house.visitor({ user: "eva" });
    const { context, page, ask } = visit;
    const first = await atFirstFlag(visit);
    await press(page, "b");
    await page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    sqlite(web.casebook, `UPDATE support_case SET next_day = ${TODAY}`);
    await page.reload();
    await page.waitForSelector(`#row-flag-${first}`);
    assert.match(await textOf(page, ".choices"), /Uppföljning i dag \(1\)/);
    await page.focus(`#row-flag-${first}`);
    assert.match(await textOf(page, ".panel"), /Ärende 2026-001, ansvarig Eva Kurator/);
    await press(page, "a"); // is not offered for a case; e ends it
    assert.equal(await page.locator("form.answer").count(), 0);
    await press(page, "b");
    await page.waitForSelector("form.answer input:focus");
    await page.fill("form.answer input[type=date]", date(TODAY + 21));
    await press(page, "Enter");
    await page.waitForSelector(`#row-flag-${first}`, { state: "detached" });
    assert.deepEqual(
      (await ask("cases")).cases.map((each) => [each.pupil, each.next_on]),
      [[first, date(TODAY + 21)]],
    );
    await context.close();
  });

  test("a guardian is told, and the task stays with when and whom", async () => {
    const { context, page, open, ask } = await house.visitor({ user: "eva" });
    await open("review", "#row-task-1");
    await page.focus("#row-task-1");
    assert.match(await textOf(page, ".guardians"), /Karin Berg 070-123 45 67 ?Markera som kontaktad ?Per Berg/);
    await press(page, "b");
    assert.equal(
      await page.evaluate(() => document.activeElement.getAttribute("aria-label")),
      "Markera Karin Berg som kontaktad",
    );
    await press(page, "Enter");
    const told = await until(
      "the task is done",
      async () => (await ask("flags")).today.find((task) => task.task === 1).done,
    );
    assert.deepEqual([told.by, told.guardian, told.lessons], ["eva", 1, 1]);
    await page.waitForFunction(() =>
      /Vårdnadshavare kontaktad/.test(document.querySelector("#row-task-1").textContent),
    );
    assert.equal((await focus(page)).role, "option", "focus went on to the next");
    assert.notEqual((await focus(page)).name, "div#row-task-1");
    await house.restart();
    assert.equal((await ask("flags")).today.find((task) => task.task === 1).done.guardian, 1);
    await context.close();
  });
});

test("those around a child are ticked by keyboard with the time, one by one, and a tick is taken back", async () => {
  sqlite(
    web.db,
    insert("guardian", [
      {
        pupil_id: "p-alva",
        name: "En Annan",
        phone: "070-1",
        email: "",
        priority: 1,
        known_from_ms: 0,
        relation: "god_man",
      },
    ]),
  );
  sqlite(
    web.db,
    "INSERT INTO task (task, kind, pupil_id, day, lessons, created_ms) SELECT 77, 'routine', 'p-alva', day, lessons, 1 FROM task WHERE task = 1",
  );
  const { context, page, open, ask } = await house.visitor({ user: "eva" });
  await open("review", "#row-task-77");
  await page.click("#row-task-77");
  await page.waitForSelector(".panel form.routine");
  assert.match(
    await textOf(page, ".panel"),
    /Kontakta enligt rutin i dag.*God man.*En Annan.*070-1.*Boendet.*Socialtjänsten/s,
  );
  assert.match(await textOf(page, ".panel"), /Skolan har ingen egen lista ännu/);
  assert.match(await textOf(page, "#row-task-77"), /hel dag utan besked/);
  const toldOf = async () => (await ask("flags")).today.find((task) => task.task === 77);
  await press(page, "b");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "God man kontaktad");
  for (const whom of ["god_man", "boende", "socialtjanst"]) {
    await page.focus(".panel form.routine .told");
    await page.keyboard.press("Enter");
    await until(`${whom} is ticked`, async () =>
      (await toldOf()).contacts.find(({ contact, told }) => contact === whom && told),
    );
    await page.waitForFunction(
      (left) => document.querySelectorAll(".panel form.routine").length === left,
      { god_man: 2, boende: 1, socialtjanst: 0 }[whom],
    );
  }
  assert.equal((await toldOf()).done.by, "eva");
  assert.match(await textOf(page, ".panel"), /Alla på listan är kontaktade/);
  await page.click("#undo");
  await until("the last tick is taken back", async () => !(await toldOf()).contacts[2].told && !(await toldOf()).done);
  assert.equal((await toldOf()).contacts.filter(({ told }) => told).length, 2);
  sqlite(web.db, "DELETE FROM task WHERE task = 77");
  await context.close();
});

test("a class that stands out is told, and first signs of that day are paused", async () => {
  sqlite(
    web.db,
    `${insert("group_signal", [
      {
        day: TODAY - 1,
        kind: "class",
        name: "7C",
        pupils: 25,
        expected_minutes: 7500,
        absent_minutes: 1800,
        usual_ppm: 80000,
      },
    ])}UPDATE flag SET raised_day = ${TODAY - 1} WHERE pupil_id = 'p-g' AND cleared_day IS NULL;`,
  );
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("review", ".signals");
  assert.equal(
    await textOf(page, ".signals"),
    "Klass 7C: 24 % frånvaro torsdag 19 november, vanligen 8 %. Kan det finnas en gemensam orsak, till exempel sjukdom eller schemaändring?",
  );
  await page.click("details.quiet-list summary");
  assert.match(await textOf(page, "#row-flag-p-g"), /Väntar: hela klassen har ovanligt hög frånvaro/);
  await context.close();
});

test("who may not answer is offered no answer", async () => {
  const { context, page, open } = await house.visitor({ user: "lind" });
  await open("review", "[role=option]");
  await page.focus("[role=option][tabindex='0']");
  assert.equal(await page.locator(".panel button:has-text('Öppna ärende')").count(), 0);
  await context.close();
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
