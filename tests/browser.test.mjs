// The pages in Debian's Chromium against the real narvaro-web: do they work by keyboard, do they keep to themselves, are
// they small, and does a change on the server reach the screen.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fillInbox } from "./browser/inbox.mjs";
import { focus, focusReaches, openHouse, paperOf, until, textOf } from "./browser/visit.mjs";
import { insert, NOW, ODD_NAME, sqlite, TODAY } from "./fixture.mjs";

const FIRST_VISIT_REQUESTS = 15;
const FIRST_VISIT_BYTES = 60 * 1024;

let house;
let web;
let counts; // of the pupil p-a, by tests/browser/inbox.mjs
const visitor = (options) => house.visitor(options);

before(async () => {
  house = await openHouse();
  web = house.web;
  counts = fillInbox(web.db);
});
after(() => house?.close());

describe("by keyboard alone", () => {
  test("sign in, review, open, come back, every stop visible", async () => {
    const { context, page, open } = await visitor({ user: null });
    await open("", "#user");
    await page.keyboard.press("Tab");
    assert.equal((await focus(page)).name, "input#user");
    await page.keyboard.type("kim");
    await page.keyboard.press("Tab");
    await page.keyboard.type("not the password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]:focus");
    assert.equal(await page.inputValue("#user"), "kim");
    await page.fill("#password", "");
    await page.focus("#password");
    await page.keyboard.type(web.password);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=option]");
    await focusReaches(page, "h1#heading", "after signing in");

    let options = 0;
    for (let stop = 0; stop < 30; stop++) {
      await page.keyboard.press("Tab");
      const at = await focus(page);
      if (at.name === "body") break;
      assert.ok(at.shows, `${at.name} ${at.text} has no visible focus`);
      if (at.role === "option") options += 1;
    }
    assert.equal(options, 1, "the list is one stop");

    await page.focus("[role=option][tabindex='0']");
    const first = await focus(page);
    await page.keyboard.press("j");
    const second = await focus(page);
    assert.equal(second.role, "option");
    assert.notEqual(second.name, first.name);
    const panel = await page.textContent(".panel h2");
    assert.ok(second.text.startsWith(panel.split(",")[0].trim()), `${panel} for ${second.text}`);
    await page.keyboard.press("ArrowUp");
    assert.equal((await focus(page)).name, first.name);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector("svg.calendar");
    await focusReaches(page, "h1#heading", "on the pupil's page");
    await page.keyboard.press("Shift+Tab");
    assert.match((await focus(page)).text, /Att granska/);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=option]");
    await focusReaches(page, second.name, "one comes back to where one was");
    await context.close();
  });

  test("single keys can be turned off, arrows stay", async () => {
    const { context, page, open } = await visitor();
    await open("review", "[role=option]");
    await page.focus("[role=option][tabindex='0']");
    const first = (await focus(page)).name;
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await page.click("dialog input[type=checkbox]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.focus("[role=option][tabindex='0']");
    for (const key of ["j", "?", "/", "p"]) await page.keyboard.press(key);
    assert.equal((await focus(page)).name, first);
    assert.equal(await page.locator("dialog").count(), 0);
    await page.keyboard.press("ArrowDown");
    assert.notEqual((await focus(page)).name, first);
    await context.close();
  });

  test("slash goes to search, and a search finds", async () => {
    const { context, page, open } = await visitor();
    await open("review", "[role=option]");
    await page.focus("[role=option][tabindex='0']");
    await page.keyboard.press("/");
    assert.equal((await focus(page)).name, "input#search");
    await page.keyboard.type("sandberg");
    await page.keyboard.press("Enter");
    await page.waitForSelector("main table");
    assert.match(await page.textContent("main table"), /Alice Sandberg/);
    await context.close();
  });
});

test("a name is text, whatever it holds", async () => {
  const { context, page, open } = await visitor();
  await open("review", "#row-flag-p-odd");
  assert.ok((await page.textContent("#row-flag-p-odd")).includes(ODD_NAME));
  await page.click("#row-flag-p-odd");
  assert.ok((await page.textContent(".panel h2")).includes(ODD_NAME));
  await open("pupil/p-odd", "svg.calendar");
  assert.ok((await page.textContent("h1")).includes(ODD_NAME));
  assert.ok((await page.title()).includes(ODD_NAME));
  assert.equal(await page.locator("b").count(), 0);
  await context.close();
});

test("the finding is told first, in plain words with the numbers of the rows; conditions are folded under it", async () => {
  const { context, page, open } = await visitor();
  const plain = async (where) => (await page.textContent(where)).replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim();
  await open("review", "#row-flag-p-a");
  await page.click("#row-flag-p-a");
  const { missed, known, partialDays, spells } = counts;
  const share = Math.round((100 * missed) / known);
  const swedish = (value) => String(Math.round(10 * value) / 10).replace(".", ",");
  const sentence = `Missar delar av dagen, ${partialDays} dagar de senaste 20 skoldagarna; ${share} % frånvaro.`;
  assert.equal(await plain(".panel .finding"), sentence);
  assert.ok(
    (await plain("#row-flag-p-a")).includes(`Missar delar av dagen, ${partialDays} dagar de senaste 20 skoldagarna`),
  );
  assert.equal(await page.locator(".panel .reasons").isVisible(), false);
  const told = await plain(".panel");
  for (const part of [
    "Alice Sandberg, 9A",
    `När flaggan kom 16 november${partialDays} dagar med frånvaro under en del av dagen`,
    `${swedish((100 * missed) / known)} % frånvaro de 20 skoldagarna fram till 19 november, utan beviljad ledighet (${swedish(missed / 60)} av ${swedish(known / 60)} timmar). Skolans gräns är 10 %.`,
    `${spells} olika frånvarotillfällen de 30 skoldagarna fram till 19 november`,
    " av 8 måndagar",
  ])
    assert.ok(told.includes(part), `"${part}" in "${told}"`);

  await open("pupil/p-a", "svg.trend");
  assert.equal(await plain(".card .finding"), sentence, "the pupil's page tells the same");
  assert.equal(await page.locator(".card .reasons").isVisible(), false);
  const trend = await page.getAttribute("svg.trend", "aria-label");
  assert.ok(
    trend.replaceAll("\u00a0", " ").startsWith(`Utveckling: ${Math.round((100 * missed) / known)} % frånvaro`),
    `the line ends at the reason's number: ${trend}`,
  );
  await context.close();
});

test("the timeline tells an absence on the day it was, in the school's time", async () => {
  const { context, page, open } = await visitor();
  await open("pupil/p-a", ".timeline li");
  const days = await page
    .locator(".timeline > div")
    .evaluateAll((each) => each.map((one) => one.textContent.replace(/\s+/g, " ").trim()));
  assert.equal(
    days.find((one) => one.startsWith("måndag 9 november")),
    "måndag 9 november Anmäld frånvaro hela dagen",
  );
  assert.equal(
    days.find((one) => one.startsWith("måndag 16 november")),
    "måndag 16 november08:00 Anmäld frånvaro 08:00 till 16:00",
  );
  assert.ok(days[0].startsWith("fredag 20 november") && days[0].includes("Incheckning"));
  await page.click("text=Incheckningar");
  assert.equal(await page.locator(".timeline li:has-text('Incheckning')").count(), 0);
  await context.close();
});

test("a list that does not end says so, in Swedish and in English", async () => {
  const now = Date.parse(NOW);
  const pupils = Array.from({ length: 51 }, (_, i) => ({
    pupil_id: `more-${i}`,
    given_name: "Sven",
    family_name: `Storm${i}`,
    class: "9X",
    protected: 0,
    year: "9",
    known_from_ms: 1,
  }));
  const absences = Array.from({ length: 201 }, (_, i) => ({
    absence: 5000 + i,
    pupil_id: "more-0",
    type: "reported",
    from_ms: now + i * 1000,
    to_ms: now + i * 1000 + 500,
    known_from_ms: now - 1000 + i,
  }));
  sqlite(web.db, `BEGIN;${insert("pupil", pupils)}${insert("absence", absences)}COMMIT;`);
  const { context, page, open } = await visitor({ user: "eva" });
  const told = {
    sv: [
      "De 50 första visas. Skriv mer av namnet för att hitta rätt.",
      "Det finns äldre händelser, som inte visas här.",
      "De 100 senaste visas. Det finns fler.",
    ],
    en: [
      "The first 50 are shown. Write more of the name to find the right one.",
      "There are older entries, which are not shown here.",
      "The latest 100 are shown. There are more.",
    ],
  };
  for (const [language, [search, timeline, reported]] of Object.entries(told)) {
    await open("pupils?q=storm", "main table");
    if (language === "en") {
      await page.click("header .account [lang=en]");
      await page.waitForSelector("html[lang=en]");
    }
    await page.waitForSelector(`text=${search}`);
    await open("pupil/more-0", ".timeline li");
    await page.waitForSelector(`text=${timeline}`);
    await page.click(".actions [aria-expanded=false] >> nth=1"); // absences, after the forgotten card
    await page.waitForSelector(`text=${reported}`);
  }
  await page.click("header .account [lang=sv]"); // it is kept
  await page.waitForSelector("html[lang=sv]");
  await context.close();
});

test("roles see their screens only", async () => {
  const menus = {
    kim: [
      "Att granska",
      "Ärenden",
      "Samverkan",
      "Elever",
      "Skolan",
      "Stöd i tid",
      "Drift",
      "Stödvägar",
      "Regler och gränser",
      "Logg",
      "Gallring",
    ],
    eva: [
      "Att granska",
      "Ärenden",
      "Samverkan",
      "Elever",
      "Skolan",
      "Stöd i tid",
      "Drift",
      "Stödvägar",
      "Regler och gränser",
      "Logg",
    ],
    lind: ["Rapportera frånvaro", "Att granska", "Elever", "Skolan", "Stödvägar"],
    berg: ["Rapportera frånvaro"],
    ivar: ["Drift", "Stödvägar", "Regler och gränser", "Import", "Logg"],
    dana: ["Stöd i tid", "Regler och gränser", "Logg", "Gallring"],
  };
  for (const [user, expected] of Object.entries(menus)) {
    const { context, page, open } = await visitor({ user });
    await open("", "header nav a");
    const shown = await page
      .locator("header nav a")
      .evaluateAll((links) => links.map((link) => link.firstChild.textContent.trim()));
    assert.deepEqual(shown, expected, user);
    await context.close();
  }
});

test("the first visit is small", async () => {
  const { context, page } = await visitor();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  let bytes = 0;
  const asked = [];
  wire.on("Network.requestWillBeSent", ({ request }) => {
    if (!request.url.startsWith("data:")) asked.push(new URL(request.url).pathname);
  });
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(web.url);
  await page.waitForSelector("[role=option]");
  assert.ok(asked.length <= FIRST_VISIT_REQUESTS, `${asked.length} requests: ${asked.join(" ")}`);
  assert.ok(bytes > 0 && bytes <= FIRST_VISIT_BYTES, `${bytes} bytes`);
  console.log(`# first visit: ${asked.length} requests, ${bytes} bytes`);
  await context.close();
});

test("an answer that was cut off is no answer", async () => {
  const { context, page } = await visitor();
  await context.route("**/api/v1/flags", (route) =>
    route.fulfill({ status: 200, contentType: "application/json", body: '{"inbox": [' }),
  );
  await page.goto(`${web.url}/#/review`);
  await page.waitForSelector("main [role=alert]");
  assert.match(await textOf(page, "main [role=alert]"), /Ingen kontakt med servern/);
  await context.close();
});

describe("what changes on the server", () => {
  const task = (number, pupil) =>
    insert("task", [
      {
        task: number,
        kind: "guardian",
        pupil_id: pupil,
        day: TODAY,
        created_ms: Date.parse(NOW),
        lessons: JSON.stringify([{ start: "10:30", subject: "Svenska", minutes: 60, absent_minutes: 60 }]),
      },
    ]);

  test("reaches the page, and leaves focus where it is", async () => {
    const { context, page, open } = await visitor();
    await open("review", "#row-flag-p-a");
    await page.focus("#row-flag-p-a");
    const asked = page.waitForRequest(/\/flags$/);
    sqlite(web.db, task(20, "p-b"));
    await page.waitForSelector("#row-task-20");
    assert.equal((await asked).headers()["x-background"], "1", "what nobody asked for does not keep the session alive");
    assert.equal((await focus(page)).name, "div#row-flag-p-a");
    const withdraw = (at) =>
      sqlite(
        web.db,
        `UPDATE flag SET withdrawn_ms = ${at} WHERE pupil_id = 'p-a' AND cleared_day IS NULL;
      INSERT INTO flag_change SELECT flag, 'withdrawn', NULL, 'test', ${Date.parse(NOW)} FROM flag WHERE pupil_id = 'p-a';`,
      );
    withdraw(1);
    await page.waitForFunction(() => /Inte längre aktuell/.test(document.querySelector("#row-flag-p-a").textContent));
    assert.equal((await focus(page)).name, "div#row-flag-p-a", "what one reads does not vanish");
    withdraw("NULL");
    await context.close();
  });

  test("one stream serves all tabs, and the next takes over", async () => {
    const { context, page, open } = await visitor();
    const streams = [];
    context.on("request", (request) => {
      if (request.url().endsWith("/events")) streams.push(request);
    });
    await open("review", "[role=option]");
    const others = [];
    for (let tab = 0; tab < 3; tab++) {
      others.push(await context.newPage());
      await others[tab].goto(`${web.url}/#/review`);
      await others[tab].waitForSelector("[role=option]");
    }
    assert.equal(streams.length, 1);
    await page.close();
    await until("the next stream", () => streams.length > 1);
    assert.equal(streams.length, 2);
    await others[0].waitForTimeout(300);
    sqlite(web.db, task(21, "p-c"));
    for (const other of others) await other.waitForSelector("#row-task-21");
    await context.close();
  });

  test("is not read on a pupil's page without asking, since every look is logged", async () => {
    const { context, page, open } = await visitor();
    const views = () => Number(sqlite(web.casebook, "SELECT count(*) FROM audit WHERE action = 'view_pupil';"));
    await open("pupil/p-d", "svg.calendar");
    const seen = views();
    sqlite(web.db, task(22, "p-d"));
    await page.waitForSelector("main [role=status] button");
    assert.equal(views(), seen);
    await Promise.all([page.waitForResponse(/pupils\/p-d$/), page.click("main [role=status] button")]);
    await page.waitForSelector("main [role=status] button", { state: "detached" });
    assert.equal(views(), seen + 1);
    await context.close();
  });
});

test("English is one press away, and is remembered", async () => {
  const { context, page, open, ask } = await visitor({ user: "eva" });
  await open("review", "[role=option]");
  await page.click("header button[lang=en]");
  await page.waitForFunction(() => document.querySelector("h1").textContent === "To review");
  await until("the account remembers", async () => (await ask("me")).language === "en");
  await page.reload();
  await page.waitForSelector("[role=option]");
  assert.equal(await page.textContent("h1"), "To review");
  assert.match(
    (await page.textContent(".reasons")).replaceAll("\u00a0", " "),
    /in the latest 20 school days|unreported|Matematik/,
  );
  await context.close();
});

test("who may not see flags is not told that there are none", async () => {
  const { context, page, open } = await visitor({ user: "lind" });
  await open("pupil/p-alva", "svg.calendar");
  assert.equal(await page.locator("#why").count(), 0);
  assert.ok(!(await page.textContent("main")).includes("flagga"));
  await context.close();
});

test("a page left open signs out by itself", async () => {
  const { context, page, open } = await visitor();
  await page.clock.install();
  await open("review", "[role=option]");
  sqlite(web.casebook, "DELETE FROM session WHERE user = 'kim';");
  await page.clock.fastForward(61000);
  await page.waitForSelector("#password");
  assert.ok(!(await page.content()).includes("Sandberg"));
  await context.close();
});

test("signing out leaves nothing behind", async () => {
  const { context, page, open } = await visitor();
  await open("pupil/p-a", "svg.calendar");
  await page.click("header button:nth-of-type(3)");
  await page.waitForSelector("#password");
  assert.ok(!(await page.content()).includes("Sandberg"));
  await page.reload();
  await page.waitForSelector("#password");
  await context.close();
});

test("the printed page is two A4 at most, tagged, and drawn as lines", async () => {
  const { context, page, open } = await visitor();
  await page.addInitScript(() => {
    window.print = () => {
      window.printed = (window.printed ?? 0) + 1;
    };
  });
  await open("review", "#row-flag-p-a");
  await page.focus("#row-flag-p-a");
  await page.keyboard.press("p");
  await page.waitForFunction(() => window.printed === 1);
  const text = await paperOf(page, join(web.folder, "print.pdf"));
  for (const part of ["Ekskolan", "Underlag", "Sekretess", "Alice Sandberg", "Källa"])
    assert.ok(text.includes(part), part);
  assert.ok(!text.includes("Logga ut"));
  await context.close();
});

test("an empty inbox says why, and what comes next", async () => {
  const { context, page, open } = await visitor({ user: "eva" });
  await page.route("**/api/v1/flags", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), inbox: [], quiet: [], today: [] } });
  });
  await open("review", ".empty");
  await page.waitForFunction(() => document.querySelectorAll(".empty p").length === 3);
  await context.close();
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
