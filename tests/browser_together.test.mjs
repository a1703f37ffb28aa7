// Working together in a browser by keyboard: a common plan stage by stage, the head's decision about calling, what is printed.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MODES, openHouse, paperOf, press, textOf, until, violations } from "./browser/visit.mjs";
import { rows, sqlite, TODAY } from "./fixture.mjs";

let house;
before(async () => {
  house = await openHouse();
  sqlite(
    house.web.casebook,
    `UPDATE user SET language = 'sv';
     INSERT INTO support_case (number, pupil_id, status, owner, opened_by, next_day, opened_ms, opened_day, year, serial)
       VALUES (1, 'p-alva', 'open', 'eva', 'eva', ${TODAY + 7}, 0, ${TODAY - 20}, 2026, 31);
     INSERT INTO case_consent (number, party, scope, given_day, user, at_ms) VALUES (1, 'guardian', 'sip', ${TODAY - 1}, 'eva', 0);
     INSERT INTO case_concern (number, made_day, user, at_ms) VALUES (1, ${TODAY - 2}, 'eva', 0)`,
  );
});
after(() => house?.close());
const look = (sql) => rows(house.web.casebook, sql);

test("a common plan goes from need to follow-up by keyboard", async () => {
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("case/1", "[role=toolbar]");
  await page.focus("[role=toolbar] [tabindex='0']");
  const begin = async (letter) => {
    await page.waitForSelector(`[role=toolbar] button:has(kbd:text-is("${letter}"))`);
    await press(page, letter);
    await page.waitForSelector("form.answer :focus");
  };
  const act = async (letter, stage, ...answers) => {
    await begin(letter);
    await press(page, ...answers);
    await until(stage, () => look("SELECT stage FROM case_sip ORDER BY event DESC LIMIT 1")[0]?.stage === stage);
    await until("the toolbar", () => page.evaluate(() => document.activeElement?.closest("[role=toolbar]") !== null));
  };
  await act("p", "needed", "Enter");
  assert.equal(
    await page.locator('[role=toolbar] button:has(kbd:text-is("r"))').count(),
    0,
    "not called before a request",
  );
  await act("p", "requested", "1", "Enter");
  await begin("r");
  assert.equal(await page.locator('form.answer input[value="school"]').count(), 0, "the head has not decided so");
  await press(page, "2");
  await page.fill("form.answer input[type=date]", "2026-11-30");
  await press(page, "Enter");
  await until("the call", () => look("SELECT value FROM case_sip WHERE stage = 'called'")[0]?.value === "health");
  await until("the toolbar", () => page.evaluate(() => document.activeElement?.closest("[role=toolbar]") !== null));
  await begin("b");
  await press(page, "4", "2", "s", "o", "c", "Enter");
  await until("who takes part", () => look("SELECT title FROM case_sip_member")[0]?.title === "soc");
  await until("the toolbar", () => page.evaluate(() => document.activeElement?.closest("[role=toolbar]") !== null));
  await act("p", "held", "Enter");
  await act("p", "followed_up", "Enter");
  const told = await textOf(page, "section[aria-labelledby=sip]");
  for (const words of [
    /vårdnadshavare ja, eleven nej/,
    /Begärd av socialtjänsten\./,
    /Kallelse från vården, möte 30 november\./,
    /Möte hållet/,
    /soc \(socialtjänsten\), samordnar/,
    /Skolans del:/,
  ])
    assert.match(told, words);
  await context.close();
});

test("consent that was withdrawn is told, and the plan ends with a reason", async () => {
  sqlite(house.web.casebook, `UPDATE case_consent SET withdrawn_day = ${TODAY}`);
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("case/1", "[role=toolbar]");
  assert.match(await textOf(page, "section[aria-labelledby=sip] .notice"), /samtycke saknas eller är återtaget/);
  await page.focus("[role=toolbar] [tabindex='0']");
  await press(page, "u");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "3", "Enter");
  await until("the end", () => look("SELECT value FROM case_sip WHERE stage = 'ended'")[0]?.value === "declined");
  await until("the toolbar", () => page.evaluate(() => document.activeElement?.closest("[role=toolbar]") !== null));
  await context.close();
});

test("the head decides whether the school may call; others read it", async () => {
  const { context, page, open } = await house.visitor();
  await open("together", "#may-call");
  assert.deepEqual(await violations(page), []);
  await page.click("section[aria-labelledby=may-call] button");
  await until("the decision", () => look("SELECT value FROM school_decision")[0]?.value === "yes");
  await page.waitForFunction(() => /Skolan får själv kalla/.test(document.querySelector("[role=status]").textContent));
  await context.close();
  const other = await house.visitor({ user: "eva" });
  await other.open("together", "#may-call");
  assert.equal(await other.page.locator("section[aria-labelledby=may-call] button").count(), 0);
  await other.context.close();
});

test("a report of concern is on the page of its author, and in no print of it", async () => {
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("case/1", "#concerns");
  assert.match(await textOf(page, "section[aria-labelledby=concerns]"), /Ingen återkoppling än/);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.isVisible("#concerns"), false);
  const printed = await page.evaluate(() => document.body.innerText);
  assert.doesNotMatch(printed, /orosanmälan/i);
  assert.match(printed, /SIP, samordnad individuell plan/);
  await context.close();
  const other = await house.visitor({ user: "nils" });
  await other.open("case/1", "#sip");
  assert.equal(await other.page.locator("#concerns").count(), 0);
  assert.doesNotMatch(await textOf(other.page, "section[aria-labelledby=times]"), /orosanmälan/i);
  await other.context.close();
});

test("a serious event names one person, in no print, and is ended", async () => {
  const { context, page, open } = await house.visitor();
  await open("pupil/p-alva", "main h1");
  await page.click('button:text-is("Allvarlig händelse i familjen")');
  await page.selectOption("select[name=contact]", "nils");
  assert.deepEqual(await violations(page), []);
  await page.click("section[aria-labelledby=crisis] button[type=submit]");
  await page.waitForSelector("section[aria-labelledby=crisis] .notice");
  assert.match(
    await textOf(page, "section[aria-labelledby=crisis]"),
    /Prata med Nils Kurator innan någon hör av sig hem/,
  );
  assert.deepEqual(look("SELECT contact, user FROM family_crisis"), [{ contact: "nils", user: "kim" }]);
  await page.emulateMedia({ media: "print" });
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /Allvarlig händelse|Nils/);
  await page.emulateMedia({ media: "screen" });
  await page.click("section[aria-labelledby=crisis] button");
  await until("the end", () => look("SELECT ended_by FROM family_crisis")[0].ended_by === "kim");
  await page.waitForSelector("section[aria-labelledby=crisis]", { state: "detached" });
  await context.close();
});

test("a failed cooperation is noted by keys and printed on one A4, without name or short text", async () => {
  sqlite(
    house.web.casebook,
    `INSERT INTO case_voice (number, wants, note, day, user, at_ms) VALUES (1, '[]', 'hemligt', ${TODAY}, 'eva', 0);
     INSERT INTO case_measure (number, kind, note, owner, began_day, due_day, user, at_ms) VALUES (1, 'other', 'hemligt', 'eva', ${TODAY}, ${TODAY + 9}, 'eva', 0)`,
  );
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("case/1", "[role=toolbar]");
  await page.focus("[role=toolbar] [tabindex='0']");
  await press(page, "1");
  await page.waitForSelector("form.answer input:focus");
  await press(page, "2", "3", "Enter");
  await until("the row", () => look("SELECT promise, sector FROM case_deviation")[0]?.promise === "waiting_time");
  await page.click("section[aria-labelledby=deviations] a");
  await page.waitForSelector("#sheet");
  assert.deepEqual(await violations(page), []);
  await page.emulateMedia({ media: "print" });
  const printed = await page.evaluate(() => document.body.innerText);
  for (const words of [
    /Avvikelse i samverkan/,
    /2026-031/,
    /Socialtjänsten/,
    /Lång väntetid/,
    /SIP begärd/,
    /Skolans del/,
  ])
    assert.match(printed, words);
  assert.doesNotMatch(printed, /Alva|Berg|8B|hemligt|Eva Kurator|p-alva/);
  const paper = await paperOf(page, join(house.web.folder, "deviation.pdf"));
  assert.equal(paper.split("\f").length - 1, 1, "pages");
  assert.doesNotMatch(paper, /Alva|hemligt/);
  assert.doesNotMatch(await page.title(), /Alva/);
  await context.close();
});

test("of a pupil with protected identity no sheet is made", async () => {
  sqlite(
    house.web.casebook,
    `INSERT INTO support_case (number, pupil_id, status, owner, opened_by, next_day, opened_ms, opened_day, year, serial)
       VALUES (2, 'p-hidden', 'open', 'nils', 'nils', ${TODAY + 7}, 0, ${TODAY - 20}, 2026, 32);
     INSERT INTO case_deviation (deviation, number, promise, sector, since_day, day, user, at_ms) VALUES (99, 2, 'other', 'health', ${TODAY}, ${TODAY}, 'nils', 0)`,
  );
  const { context, page, open } = await house.visitor({ user: "nils" });
  await open("deviation/2?n=99", ".notice");
  assert.match(await textOf(page, ".notice"), /Ingen utskrift görs/);
  assert.equal(await page.locator("main button").count(), 0);
  await context.close();
});

test("a meeting is rated by who was there, and the summary of a term is shown, printed and saved", async () => {
  const term = (from, measure, choice, value, count) =>
    `INSERT INTO term_count VALUES (${Date.parse(from) / 86400000}, '${measure}', '${choice}', ${value}, ${count});`;
  sqlite(
    house.web.casebook,
    term("2026-01-01", "stuck", "no_answer", 7, 8) +
      term("2026-01-01", "stuck", "waiting_time", 30, 4) +
      term("2026-01-01", "listened", "pupil", 4, 6) +
      term("2026-01-01", "informed", "pupil", 3, 6),
  );
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("together", "#rating");
  for (const [name, value] of Object.entries({ party: "guardian", listened: "3", informed: "2" }))
    await page.check(`input[name=${name}][value="${value}"]`);
  await page.click("section[aria-labelledby=rating] button");
  await page.waitForFunction(() => /Svaret är sparat/.test(document.querySelector("main").textContent));
  assert.equal(await page.locator("input[name=party]:checked").count(), 0, "the next one sees nothing of it");
  assert.deepEqual(look("SELECT measure, choice, value, count FROM term_count WHERE choice = 'guardian'"), [
    { measure: "informed", choice: "guardian", value: 2, count: 1 },
    { measure: "listened", choice: "guardian", value: 3, count: 1 },
  ]);
  const shown = await textOf(page, "section.term");
  assert.match(shown, /Inget svar57/);
  assert.match(shown, /Lång väntetid––/);
  assert.match(shown, /Eleven543/);
  assert.deepEqual(await violations(page), []);
  const href = await page.getAttribute("a[download]", "href");
  const csv = decodeURIComponent(href.slice(href.indexOf(",") + 1))
    .replace("\uFEFF", "")
    .split("\r\n");
  assert.deepEqual(csv.slice(0, 5), [
    '"Vårterminen 2026"',
    '"Ärenden som har fastnat, efter orsak"',
    '"Orsak";"Ärenden, minst";"Veckors väntan, median"',
    '"Inget svar";"5";"7"',
    '"Kom inte till SIP";"";""',
  ]);
  await page.emulateMedia({ media: "print" });
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /Efter ett möte|Spara/);
  await context.close();
});

test("axe finds nothing, nothing overflows", async () => {
  for (const [mode, options] of Object.entries({ ...MODES, phone: { viewport: { width: 390, height: 844 } } })) {
    const { context, page, open } = await house.visitor({ ...options, user: "eva" });
    await open("case/1", "#sip");
    assert.deepEqual(await violations(page), [], mode);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `it overflows: ${mode}`);
    await context.close();
  }
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
