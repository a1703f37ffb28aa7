// A whole case from a finding to its end, by keyboard alone: the finding is of a real narvarod, every program is started again in the
// middle, and each step is asserted in the casebook.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSchool } from "./browser/school.mjs";
import { focusReaches, press, textOf, until } from "./browser/visit.mjs";
import { rows, sqlite, TODAY } from "./fixture.mjs";
import { RULES } from "./small_school.mjs";

const KEYS_MOST = 60;
const TIMES = [
  "first_contact",
  "mapping",
  "inquiry_decision",
  "inquiry",
  "huvudman_told",
  "next_date",
  "measure_evaluated",
];

for (const [language, words] of Object.entries({
  sv: {
    contact: /Sparat: Kontakt/,
    health: /hör hemma i journalen/,
    closed: /Ärendet är avslutat.* Närvaron har ökat, avslutat av Kim Rektor/,
    law: /Lag: skollagen 7:19 a/,
  },
  en: {
    contact: /Saved: Contact/,
    health: /belong in the health record/,
    closed: /The case is closed.* Attendance has risen, closed by Kim Rektor/,
    law: /Law: skollagen 7:19 a/,
  },
}))
  test(`a whole case from finding to closing by keyboard in at most ${KEYS_MOST} keys: ${language}`, async (whole) => {
    const school = await openSchool({ rules: RULES.replace("severity = 2", "severity = 3") }); // an inquiry is asked for
    const { house } = school;
    whole.after(() => house.close());
    sqlite(house.web.casebook, `UPDATE user SET language = '${language}' WHERE user = 'kim'`);
    const look = (sql) => rows(house.web.casebook, sql);
    const { context, page, open } = await house.visitor();
    await open("review", "#row-flag-p-01");
    let keys = 0;
    /** By the skip link when it is new, then by Tab: the way of one who has no mouse. */
    const reach = async (on, selector, { first = [], by = "Tab" } = {}) => {
      keys += first.length;
      await press(on, ...first);
      const there = () => on.evaluate((wanted) => document.activeElement.matches(wanted), selector);
      for (; !(await there()); keys++) {
        assert.ok(keys < KEYS_MOST, `${selector} is far away`);
        await press(on, by);
      }
    };
    const key = async (...more) => {
      keys += more.length;
      await press(page, ...more);
    };
    /** Waits until the form is gone and focus is back in the toolbar, as one does who types no blind keys. */
    const saved = (what, sql, expected) =>
      until(what, async () => {
        const good = JSON.stringify(look(sql)) === JSON.stringify(expected);
        return good && (await page.evaluate(() => document.activeElement?.closest("[role=toolbar]") !== null));
      }).catch((problem) => {
        assert.deepEqual(look(sql), expected, what);
        throw problem;
      });
    /** The button of a letter comes when there is something to do it to. */
    const offered = (on, letter) => on.waitForSelector(`[role=toolbar] button:has(kbd:text-is("${letter}"))`);
    const act = async (letter, ...answers) => {
      await offered(page, letter);
      await key(letter);
      await page.waitForSelector("form.answer :focus");
      await key(...answers);
    };

    await reach(page, "[role=option]", { first: ["Tab", "Enter"] });
    await reach(page, "#row-flag-p-01", { by: "ArrowDown" });
    await key("b");
    await page.waitForSelector("#open-case");
    await reach(page, "#open-case"); // the list may be empty now
    await key("Enter");
    await page.waitForSelector("[role=toolbar]");
    const [{ number }] = look("SELECT number FROM support_case WHERE status = 'open'");
    assert.match(await textOf(page, "main"), words.law);
    await focusReaches(page, "h1#heading");
    await reach(page, "[role=toolbar] button");

    await act("k", "2", "1", "1", "2", "Enter");
    await saved("the contact", "SELECT party, way, outcome, cause, user FROM case_contact", [
      { party: "guardian", way: "phone", outcome: "talked", cause: "not_known", user: "kim" },
    ]);
    assert.match(await textOf(page, "#told"), words.contact);
    await act("s", "2", "Enter");
    await saved("the mapping", "SELECT kind, done_day FROM case_step WHERE kind = 'mapping'", [
      { kind: "mapping", done_day: null },
    ]);
    await act("d", "Enter");
    await saved("the mapping done", "SELECT kind, done_day FROM case_step WHERE kind = 'mapping'", [
      { kind: "mapping", done_day: TODAY },
    ]);
    await act("i", "Enter");
    await saved("the decision", "SELECT kind, user FROM case_fact", [{ kind: "inquiry", user: "kim" }]);
    await act("s", "3", "Enter");
    await saved("the inquiry", "SELECT kind, done_day FROM case_step WHERE kind = 'inquiry'", [
      { kind: "inquiry", done_day: null },
    ]);
    await until("the huvudman to be told of first", async () => (await page.locator("#act-close").count()) === 0);
    await act("h", "1", "Enter");
    await saved("the huvudman told", "SELECT kind FROM case_fact ORDER BY fact", [
      { kind: "inquiry" },
      { kind: "huvudman_told" },
    ]);

    await school.restart(); // every program, in the middle of the case
    await context.clearCookies();
    await context.close();
    const again = await house.visitor();
    const second = again.page;
    await again.open(`case/${number}`, "[role=toolbar]");
    await reach(second, "[role=toolbar] button", { first: ["Tab", "Enter"] });
    const later = async (letter, what, sql, expected, ...answers) => {
      keys += 1 + answers.length;
      await offered(second, letter);
      await press(second, letter);
      await second.waitForSelector("form.answer :focus");
      await press(second, ...answers);
      await until(what, async () => {
        const good = JSON.stringify(look(sql)) === JSON.stringify(expected);
        return good && (await second.evaluate(() => document.activeElement?.closest("[role=toolbar]") !== null));
      });
    };
    await later(
      "m",
      "the measure",
      "SELECT kind, note, owner FROM case_measure",
      [{ kind: "teaching", note: "", owner: "kim" }],
      "2",
      "Enter",
    );
    await later(
      "v",
      "the pupil's own words",
      "SELECT wants FROM case_voice",
      [{ wants: '["mornings","peers"]' }],
      "1",
      "5",
      "Enter",
    );
    await later(
      "a",
      "who does what",
      "SELECT sector, title FROM case_actor",
      [{ sector: "health", title: "BUP" }],
      "3",
      "B",
      "U",
      "P",
      "Enter",
    );
    await later(
      "c",
      "the consent",
      "SELECT party, scope FROM case_consent",
      [{ party: "guardian", scope: "sip" }],
      "1",
      "1",
      "Enter",
    );
    await later(
      "d",
      "the inquiry done",
      "SELECT done_day FROM case_step WHERE kind = 'inquiry'",
      [{ done_day: TODAY }],
      "Enter",
    );
    await later(
      "e",
      "the evaluation",
      "SELECT result, evaluated_by FROM case_measure",
      [{ result: "better", evaluated_by: "kim" }],
      "1",
      "1",
      "Enter",
    );
    const main = await textOf(second, "main");
    assert.match(main, /BUP/);
    await press(second, "m");
    await second.waitForSelector("form.answer :focus");
    assert.match(await textOf(second, "form.answer"), words.health);
    await press(second, "Escape");
    await focusReaches(second, "button#act-measure");
    await press(second, "x");
    await second.waitForSelector("form.answer input:focus");
    await press(second, "1");
    keys += 2;
    await second.waitForSelector("#closed");
    assert.match(await textOf(second, "#closed"), words.closed);
    assert.deepEqual(look("SELECT outcome, user, day FROM case_end"), [
      { outcome: "attendance_up", user: "kim", day: TODAY },
    ]);
    assert.deepEqual(look("SELECT status, pupil_id FROM support_case"), [{ status: "closed", pupil_id: "p-01" }]);
    assert.ok(keys <= KEYS_MOST, `${keys} keys`);
    const file = await again.ask(`cases/${number}`);
    assert.deepEqual(
      [...new Set(file.clocks.map(({ clock }) => clock))].sort(),
      [...TIMES].sort(),
      "each time of the case was told",
    );
    assert.deepEqual(house.heard, { foreign: [], policy: [] });
    await again.context.close();
  });
