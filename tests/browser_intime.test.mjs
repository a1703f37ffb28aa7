// Stöd i tid, measures of a class and genomlysning, in Debian's Chromium: by keyboard, each step asserted in the database; on paper
// no figure under five.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MODES, openHouse, paperOf, shoot, violations } from "./browser/visit.mjs";
import { insert, root, rows, sqlite, TODAY } from "./fixture.mjs";

const OF_SPRING = TODAY - 200; // 4 May 2026
let house;

// Twelve cases of 8B that ended in the spring: seven with a contact and better attendance, five with another outcome, one pupil asked.
before(async () => {
  house = await openHouse({ more: `support = "${join(root, "config/support.cfg")}";\n` });
  const ids = Array.from({ length: 12 }, (_, i) => `s-${i}`);
  const of = (row) => ids.map((pupil, i) => ({ number: i + 1, ...row(i, pupil) }));
  const school = [
    insert(
      "pupil",
      ids.map((pupil) => ({
        pupil_id: pupil,
        given_name: "A",
        family_name: pupil,
        class: "8B",
        year: "8",
        protected: 0,
        known_from_ms: 0,
      })),
    ),
    insert(
      "flag",
      ids.map((pupil, i) => ({
        flag: 900 + i,
        pupil_id: pupil,
        rule: "absence-15",
        severity: 2,
        rules_version: 1,
        raised_day: OF_SPRING - 2,
        evidence: "[]",
        decided_ms: 1,
      })),
    ),
  ];
  const book = [
    insert(
      "support_case",
      of((i, pupil) => ({
        pupil_id: pupil,
        status: "closed",
        owner: "eva",
        opened_by: "eva",
        next_day: OF_SPRING + 9,
        opened_ms: 1,
        opened_day: OF_SPRING,
        year: 2026,
        serial: i + 1,
      })),
    ),
    insert(
      "answer",
      of((i, pupil) => ({
        pupil_id: pupil,
        user: "eva",
        kind: "confirm",
        reason: "",
        severity: 2,
        day: OF_SPRING,
        until_day: 0,
        at_ms: 1,
        case_number: i + 1,
      })).map(({ number, ...row }) => ({ answer: number, ...row })),
    ),
    insert(
      "answer_rule",
      of(() => ({})).map(({ number }) => ({ answer: number, rule: "absence-15" })),
    ),
    insert(
      "case_step",
      of((i) => ({
        kind: "contact",
        began_day: OF_SPRING,
        due_day: OF_SPRING + 7,
        owner: "eva",
        user: "eva",
        at_ms: 1,
        done_day: i < 7 ? OF_SPRING + 1 + i : null,
      })),
    ),
    insert("case_voice", [{ number: 1, wants: "[]", note: "", day: OF_SPRING + 2, user: "eva", at_ms: 1 }]),
    insert(
      "case_end",
      of((i) => ({ outcome: i < 7 ? "attendance_up" : "moved", user: "eva", day: OF_SPRING + 30, at_ms: 1 })),
    ),
  ];
  sqlite(house.web.db, school.join(""));
  sqlite(house.web.casebook, book.join(""));
});
after(() => house?.close());

const cells = (page, row) => page.locator(`tr:has(th:text-is("${row}")) td`).allTextContents();

test("the head sees whole numbers, publishes a term, and prints it without a figure under five", async () => {
  const { context, page, open } = await house.visitor();
  await open("intime", "#lags");
  const lead = await page.locator("main").textContent();
  assert.match(lead, /Vårterminen 2026/);
  const [now, spring] = [
    (await cells(page, "Flagga till första kontakt")).slice(0, 3),
    (await cells(page, "Flagga till första kontakt")).slice(3, 6),
  ];
  assert.deepEqual(now, ["–", "–", "0"]);
  assert.equal(spring[2], "7");
  await page.getByRole("button", { name: "Publicera Vårterminen 2026" }).press("Enter");
  await page.waitForSelector("#board");
  assert.match(await page.locator("[role=status]:focus").textContent(), /Vårterminen 2026 är publicerad/);
  assert.equal(
    rows(house.web.casebook, "SELECT from_day FROM published_term")[0].from_day,
    Date.parse("2026-01-01") / 86400000,
  );
  const text = await paperOf(page, join(house.web.folder, "board.pdf"));
  for (const part of [
    "Stöd i tid, Ekskolan, Vårterminen 2026",
    "avrundade nedåt till femtal",
    "Barnets röst: eleven var tillfrågad i – av 10 ärenden.",
    "en del av nedgången hade kommit ändå",
  ])
    assert.ok(text.replace(/\s+/g, " ").includes(part), `${part} in ${text}`);
  for (const part of ["Publicera", "Höstterminen", "\n7\n", "\n12\n", "Genomlysning"])
    assert.ok(!text.includes(part), part);
  await context.close();
});

test("the data protection officer sees what was published, and nothing else", async () => {
  const { context, page, open } = await house.visitor({ user: "dana" });
  await open("intime", "#board");
  assert.equal(await page.locator("#lags").count(), 0);
  assert.deepEqual(await cells(page, "Närvaron har ökat"), ["5"]);
  assert.equal(await page.locator("main a").count(), 0);
  await context.close();
});

test("a measure of a class, by keyboard", async () => {
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("group_measures", "form select[name=group]");
  await page.focus("[name=group]");
  await page.keyboard.type("Klass 8B");
  await page.focus("[name=from]");
  await page.keyboard.type("11022026");
  await page.focus("main form button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("tr:has(th:text-is('Klass 8B'))");
  assert.deepEqual(rows(house.web.casebook, "SELECT kind, name, from_day, to_day, owner FROM group_measure"), [
    { kind: "class", name: "8B", from_day: Date.parse("2026-11-02") / 86400000, to_day: null, owner: "eva" },
  ]);
  await page.getByRole("button", { name: "Avsluta åtgärden för 8B i dag" }).press("Enter");
  await page.waitForSelector("text=Åtgärden för 8B är avslutad.");
  assert.equal(rows(house.web.casebook, "SELECT to_day FROM group_measure")[0].to_day, TODAY);
  await context.close();
});

test("genomlysning is a loop: what was decided stands first next time", async () => {
  const { context, page, open } = await house.visitor();
  await open("reviews", "#rows");
  await page.fill("[name=from]", "2026-01-01");
  await page.fill("[name=to]", "2026-07-31");
  await page.locator("main form").first().locator("button").press("Enter");
  await page.waitForSelector("text=12 avslutade ärenden under perioden");
  assert.deepEqual(
    (await page.locator("#rows ~ .wide tbody tr", { hasText: "Närvaron har ökat" }).allTextContents()).length,
    1,
  );
  await page.fill("[name=answer0]", "Kontakten dröjde.");
  await page.fill("[name=what0]", "Ring samma vecka");
  await page.fill("[name=due0]", "2027-01-15");
  await page.getByRole("button", { name: "Spara genomlysningen" }).press("Enter");
  await page.waitForSelector("#last");
  assert.deepEqual(rows(house.web.casebook, "SELECT what, owner, state FROM review_decision"), [
    { what: "Ring samma vecka", owner: "eva", state: null },
  ]);
  const order = await page.locator("main h2").allTextContents();
  assert.match(order[0], /^Förra genomlysningen/);
  const text = (await paperOf(page, join(house.web.folder, "review.pdf"))).replace(/\s+/g, " ");
  for (const part of [
    "Genomlysning, Ekskolan",
    "Kontakten dröjde.",
    "Ring samma vecka",
    "Stöd i tid, Ekskolan, Vårterminen 2026",
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(!text.includes("12 avslutade"), text);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Hämta som fil" }).press("Enter"),
  ]);
  assert.equal(file.suggestedFilename(), "genomlysning-2026-01-01-2026-07-31.json");
  const exported = JSON.parse(readFileSync(await file.path(), "utf8"));
  assert.deepEqual([exported.review.answers[0], exported.published[0].figures.open], ["Kontakten dröjde.", 10]);
  await page.getByRole("button", { name: "Gjort: Ring samma vecka" }).press("Enter");
  await page.waitForSelector("text=Gjort.");
  assert.equal(rows(house.web.casebook, "SELECT state FROM review_decision")[0].state, "done");
  await context.close();
});

for (const [mode, options] of Object.entries(MODES))
  test(`everybody can use the three pages, ${mode}`, async () => {
    const { context, page, open } = await house.visitor({ ...options, reducedMotion: "reduce" });
    for (const [hash, ready] of [
      ["intime", "#board"],
      ["reviews", "#last"],
      ["group_measures", "main table"],
    ]) {
      await open(hash, ready);
      assert.deepEqual(await violations(page), [], hash);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${hash} is wider than the window`,
      );
      if (mode === "light" && hash !== "group_measures") await shoot(hash, page);
    }
    await context.close();
  });

test("the pages speak English", async () => {
  const { context, page, open } = await house.visitor();
  await page.addInitScript(() => localStorage.setItem("language", "en"));
  await open("intime", "#lags");
  await page.getByRole("button", { name: "English" }).click();
  await page.waitForSelector("text=Time to support, in school days");
  await page.getByRole("button", { name: "Svenska" }).click();
  await context.close();
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
