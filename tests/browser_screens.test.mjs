// Every screen in Debian's Chromium: can everyone use it, in light, dark, narrow and forced colours; and pictures.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fillClasses, fillInbox } from "./browser/inbox.mjs";
import { MODES, openHouse, paperOf, shoot, violations } from "./browser/visit.mjs";
import { insert, root, signIn, sqlite, TODAY } from "./fixture.mjs";

let house;

before(async () => {
  house = await openHouse({ more: `support = "${join(root, "config/support.cfg")}";\n` });
  fillInbox(house.web.db);
  fillClasses(house.web.db);
  sqlite(house.web.db, "UPDATE pupil SET family_name = 'Wallin' WHERE pupil_id = 'p-odd'"); // for the pictures; other tests are about odd names
  sqlite(
    house.web.db, // some are pupils of a gymnasium of another municipality
    `UPDATE pupil SET school_form = 'GY', home_municipality = '0184', birth_day = ${TODAY - 6300}, from_day = ${TODAY - 90} WHERE pupil_id IN ('p-alva', 'p-quiet')`,
  );
  sqlite(
    house.web.casebook,
    insert("answer", [
      {
        pupil_id: "p-a",
        user: "eva",
        kind: "dismiss",
        reason: "known_cause",
        severity: 1,
        day: TODAY - 43,
        until_day: TODAY - 29,
        at_ms: Date.parse("2026-10-08T09:30:00Z"),
      },
    ]),
  );
  const eva = await signIn(house.web, "eva");
  for (const [pupil, next] of [
    ["p-d", "2026-11-27"],
    ["p-e", "2026-12-04"],
  ])
    assert.equal((await eva.send("POST", `flags/${pupil}/confirm`, { next_on: next })).status, 200);
});
after(() => house?.close());

const SCREENS = {
  review: { hash: "review", ready: "[role=option]", prepare: (page) => page.click("#row-flag-p-a") },
  answer: {
    hash: "review",
    ready: "[role=option]",
    prepare: async (page) => {
      await page.click("#row-flag-p-a");
      await page.keyboard.press("a");
      await page.waitForSelector("form.answer input:focus");
    },
  },
  "first signs": {
    hash: "review",
    ready: "details.quiet-list",
    prepare: (page) => page.click("details.quiet-list summary"),
  },
  pupil: { hash: "pupil/p-a", ready: "svg.calendar" },
  "pupil as table": {
    hash: "pupil/p-a",
    ready: "svg.calendar",
    prepare: async (page) => {
      await page.click(".figure-head button");
      await page.click("summary");
    },
  },
  cases: { hash: "cases", ready: "table.boxed" },
  groups: { hash: "groups", ready: "table.groups" },
  gymnasium: { hash: "gymnasium", ready: "#list-grants ~ div table" },
  pupils: { hash: "pupils?q=8b", ready: "main table" },
  terminals: { hash: "terminals", ready: "table.terminals" },
  account: { hash: "account", ready: "#statement" },
  support: {
    hash: "support",
    ready: "[name=born]",
    prepare: async (page) => {
      await page.check("[value=psykisk]");
      await page.fill("[name=born]", "2012-05-05");
      await page.check("[name=god_man]");
      await page.click("main form button");
      await page.waitForSelector("article.way");
      for (const summary of await page.locator("main summary").all()) await summary.click();
    },
  },
  help: {
    hash: "review",
    ready: "[role=option]",
    prepare: async (page) => {
      await page.click("header button:nth-of-type(2)");
      await page.waitForSelector("dialog[open]");
    },
  },
};

test("pictures of the screens", async () => {
  const { context, page, open } = await house.visitor({ deviceScaleFactor: 1, reducedMotion: "reduce" });
  for (const name of ["review", "answer", "pupil", "cases", "groups", "terminals", "account", "support"]) {
    await open(SCREENS[name].hash, SCREENS[name].ready);
    await SCREENS[name].prepare?.(page);
    await page.mouse.move(0, 0);
    await page.evaluate(() => {
      document.activeElement.blur();
      scrollTo(0, 0);
    });
    await shoot(name, page);
  }
  await context.close();
  const outside = await house.visitor({ user: null });
  await outside.open("", "#password");
  await shoot("sign-in", outside.page);
  await outside.context.close();
});

test("groups are counted, few pupils give no figure, and a mentor sees the own one", async () => {
  const { context, page, open, ask } = await house.visitor();
  await open("groups", "table.groups");
  const row = async (name) =>
    (
      await page
        .locator("tbody tr", { has: page.locator(`th:text-is("${name}")`) })
        .locator("td")
        .allTextContents()
    ).map((cell) => cell.replaceAll("\u00a0", " "));
  const { groups } = await ask("groups");
  const {
    recent_absent_minutes: absent,
    recent_expected_minutes: expected,
    recent_unreported_minutes: unreported,
    recent_unknown_minutes: unknown,
    pupils,
  } = groups.find((group) => group.name === "8B");
  const share = (part, whole, digits) =>
    `${new Intl.NumberFormat("sv-SE", { maximumFractionDigits: digits }).format((100 * part) / whole)} %`;
  assert.deepEqual(await row("8B"), [
    String(pupils),
    "12 %",
    share(absent, expected, 1),
    share(unreported, expected, 1),
    `${share(expected, expected + unknown, 0)} osäkert underlag`,
    "färre än 5",
    "färre än 5",
  ]);
  assert.deepEqual(await row("9R"), ["färre än 5 elever"]);
  await page.selectOption("main select", "7");
  assert.deepEqual(await page.locator("table.groups tbody th").allTextContents(), ["7", "Skolan", "7A", "7B", "7C"]);
  await context.close();
  const mentor = await house.visitor({ user: "lind" });
  await mentor.open("groups", "table.groups");
  assert.deepEqual(await mentor.page.locator("table.groups tbody th").allTextContents(), ["8B"]);
  assert.equal(await mentor.page.locator("table.groups thead th").count(), 6, "no flags, no cases");
  await mentor.context.close();
});

test("what was decided stands in the calendar, its table and the timeline, and not on paper", async () => {
  const { context, page, open } = await house.visitor();
  await open("pupil/p-a", "svg.calendar");
  assert.equal(await page.locator("svg.calendar .measure").count(), 1);
  assert.match(
    await page
      .locator("svg.calendar g", { has: page.locator(".measure") })
      .last()
      .locator("title")
      .textContent(),
    /^8 oktober: .*, beslut den dagen$/,
  );
  assert.ok((await page.locator(".legend").textContent()).includes("beslut den dagen"));
  const entry = page.locator(".timeline li", { hasText: "Beslut" });
  assert.equal(
    (await entry.textContent()).replace(/\s+/g, " ").trim(),
    "11:30 Beslut: ej aktuell till 22 oktober, känd och förklarad frånvaro, eva",
  );
  await page.emulateMedia({ media: "print" });
  assert.equal(await entry.isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  await page.getByLabel("Beslut").uncheck();
  assert.equal(await entry.count(), 0);
  await page.locator(".figure-head button").first().click();
  assert.equal(await page.locator("td", { hasText: "beslut den dagen" }).count(), 1);
  await context.close();
});

test("a pupil beside the class: a sentence, dots without names, and numbers instead; never on paper", async () => {
  const { context, page, open, ask } = await house.visitor();
  await open("pupil/p-a", "svg.strip");
  const { percents, own_percent: own } = await ask("pupils/p-a/class");
  assert.equal(await page.locator("svg.strip circle").count(), percents.length);
  assert.equal(await page.locator("svg.strip circle.own").count(), 1);
  const figure = page.locator(".figure", { has: page.locator("svg.strip") });
  const title = (await figure.locator("h2").textContent()).replaceAll("\u00a0", " ");
  assert.equal(
    title,
    `Jämfört med klass 9A: ${own} % frånvaro de senaste 4 veckorna, medianen i klassen är ${percents[Math.floor(percents.length / 2)]} % (hälften har mindre)`,
  );
  assert.doesNotMatch(await page.locator("svg.strip").innerHTML(), /Elev|c-9A/);
  await page.emulateMedia({ media: "print" });
  assert.equal(await figure.isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  for (const button of await page.locator(".figure-head button").all()) await button.click();
  assert.equal(await page.locator(".figure svg[role=img]").count(), 0, "every chart has its table");
  assert.equal(await page.locator(".figure table").count(), 4);
  await context.close();
});

test("ways to support: three questions by keyboard, and a paper in three tongues", async () => {
  const { context, page, open } = await house.visitor();
  await open("support", "[name=cause]");
  await page.focus("[value=psykisk]");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type("12312020"); // the browser without a window has American dates only
  assert.equal(await page.inputValue("[name=born]"), "2020-12-31");
  await page.focus("[name=place]");
  await page.keyboard.type("Huddinge");
  for (const key of ["Tab", "Tab", "Tab", "Enter"]) await page.keyboard.press(key);
  await page.waitForSelector("#ways-found:focus");
  const names = () => page.locator("article.way h3").allTextContents();
  assert.ok((await page.locator("#ways-found").textContent()).endsWith("för den som är 5 år"));
  const malina = await page.locator("article.way", { hasText: "Malinamottagning" }).first().textContent();
  assert.ok(malina.includes("Ska ha börjat senast 30 december 2026."), malina);
  await page.fill("[name=born]", "2010-05-05");
  for (const each of ["god_man", "left_school"]) await page.check(`[name=${each}]`);
  await page.click("main form button");
  await page.waitForSelector("article.way >> text=God man för");
  const shown = await names();
  assert.ok(shown.length >= 15 && !shown.includes("Malinamottagning"), shown.join());
  for (const [tongue, title, contact, language] of [
    ["sv", "Vägar till stöd", "Kontakt", "sv"],
    ["easy", "Här kan du få hjälp", "Så hittar du dit", "sv"],
    ["en", "Ways to support", "Who makes contact", "en"],
  ]) {
    await page.selectOption("main .actions select", tongue);
    assert.equal(await page.locator("div.ways").first().getAttribute("lang"), language);
    const text = await paperOf(page, join(house.web.folder, "ways.pdf"));
    for (const part of [title, contact, "112", "Mini-Maria", "2026"]) assert.ok(text.includes(part), part);
    for (const part of ["Tre frågor", "Program för", "Logga ut"]) assert.ok(!text.includes(part), part);
  }
  await context.close();
});

test("ways to support a pupil: age, home and god man come from the school's data", async () => {
  sqlite(
    house.web.db,
    `UPDATE pupil SET birth_day = ${TODAY - 365 * 13}, home_municipality = '0126' WHERE pupil_id = 'p-a';
     INSERT INTO guardian (pupil_id, name, phone, email, priority, known_from_ms, relation) VALUES ('p-a', 'G', '', '', 1, 0, 'god_man');`,
  );
  const { context, page, open } = await house.visitor({ user: "eva" });
  await open("support/p-a?cause=social", "article.way");
  const said = (await page.locator("main form").textContent()).replace(/\s+/g, " ");
  assert.ok(said.includes("Eleven är 12 år") && said.includes("Hemkommun: Huddinge."), said);
  assert.equal(await page.locator("[name=born], [name=place]").count(), 0);
  assert.ok(await page.locator("[name=god_man]").isChecked());
  assert.ok((await page.locator("article.way h3").allTextContents()).includes("God man för ensamkommande barn"));
  await page.click("[value=psykisk]");
  await page.click("main form button");
  await page.waitForSelector("article.way >> text=Vårdcentral med utökat uppdrag");
  assert.ok(!(await paperOf(page, join(house.web.folder, "ways.pdf"))).includes("Sandberg"), "no name on paper");
  await open("support/p-d", "[name=cause]");
  await page.click("[value=social]");
  await page.click("main form button");
  await page.waitForSelector("[name=born]");
  assert.ok((await page.locator("main .notice").textContent()).includes("Fyll i"));
  await page.fill("[name=born]", "2013-01-01");
  await page.selectOption("[name=place]", "");
  await page.click("main form button");
  await page.waitForSelector("article.way");
  assert.ok(!(await page.locator("article.way h3").allTextContents()).includes("Mini-Maria"), "another county");
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const outside = await house.visitor({ user: null, ...options });
      await outside.open("", "#password");
      assert.deepEqual(await violations(outside.page), [], "sign in");
      await outside.context.close();

      const { context, page, open } = await house.visitor(options);
      for (const [name, screen] of Object.entries(SCREENS)) {
        await open(screen.hash, screen.ready);
        await screen.prepare?.(page);
        assert.deepEqual(await violations(page), [], name);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} overflows`);
      }
      await context.close();
    });

  test("axe would find something", async () => {
    const { context, page, open } = await house.visitor();
    await open("review", "[role=option]");
    await page.evaluate(() => {
      const input = document.createElement("input");
      const pale = document.createElement("p");
      pale.textContent = "pale";
      pale.style.color = "#ccc";
      document.querySelector("main").append(input, pale);
    });
    const found = (await violations(page)).map((each) => each.split(":")[0]);
    assert.ok(found.includes("label") && found.includes("color-contrast"), found.join());
    await context.close();
  });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
