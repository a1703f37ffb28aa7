// Protected identities on no paper and in no file: every page that shows such a pupil to a user named for it is printed, every answer
// to a user who is not named and every count is searched, for the pupil's bytes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openHouse } from "./browser/visit.mjs";
import { readCsv } from "./naive/csv.mjs";
import { insert, root, signIn, sqlite, TODAY, USERS } from "./fixture.mjs";

const NAMES = ["Zephyrine", "Qvarnglantz"];
const BYTES = new RegExp([...NAMES, "p-hidden"].join("|"), "i");
const mona = { user: "mona", name: "Mona Mo", role: "mentor", named_for: ["p-hidden"] };
let house;

before(async () => {
  house = await openHouse({
    users: [...USERS, mona],
    more: `support = "${join(root, "config/support.cfg")}";\n`,
  });
  const { db, casebook } = house.web;
  sqlite(db, `UPDATE pupil SET given_name = '${NAMES[0]}', family_name = '${NAMES[1]}' WHERE pupil_id = 'p-hidden'`);
  sqlite(
    db,
    `${
      insert("teacher", [{ group_id: "8B", staff_id: "mona", known_from_ms: 0 }]) +
      insert("member", [{ group_id: "8B", pupil_id: "p-hidden", known_from_ms: 0 }])
    }UPDATE pupil SET school_form = 'GY', home_municipality = '0184' WHERE class = '8B';
       UPDATE pupil_day SET outcomes = (SELECT outcomes FROM pupil_day WHERE pupil_id = 'p-alva' AND day = ${TODAY - 4}) WHERE pupil_id = 'p-hidden';${insert(
         "guardian",
         [{ pupil_id: "p-hidden", name: NAMES[1], phone: "070-1", email: "", priority: 1, known_from_ms: 0 }],
       )}`,
  );
  sqlite(
    casebook,
    insert("support_case", [
      {
        pupil_id: "p-hidden",
        owner: "kim",
        opened_by: "kim",
        next_day: TODAY + 3,
        opened_ms: 1,
        opened_day: TODAY - 200, // in the school year before
        year: 2026,
        serial: 1,
      },
    ]),
  );
});
after(() => house?.close());

// hash, what has come when it is ready, what is done then; whether the pupil is on the screen.
const PAGES = [
  ["review", "#row-task-3", (page) => page.click("#row-task-3")],
  ["cases", "main table"],
  ["case/1", "h1 .protected"],
  ["take_over/kim", "main li.card"],
  ["last_year", "li.card"],
  ["pupils?q=zephyrine", "main table"],
  ["pupil/p-hidden", "svg.calendar"],
  ["support/p-hidden?cause=social", "main .protected"],
  ["gymnasium", "#list-grants ~ div table"],
  ["audit", "main table", undefined, "p-hidden"],
  ["roll/1?date=2026-11-18", "li .protected", undefined, NAMES[0], "mona"],
];

for (const [hash, ready, act, shows = NAMES[0], user = "kim"] of PAGES)
  test(`${hash} on paper`, async () => {
    const { context, page, open } = await house.visitor({ user });
    await open(hash, ready);
    await act?.(page);
    await page.waitForFunction((text) => document.querySelector("main").textContent.includes(text), shows);
    const file = join(house.web.folder, "paper.pdf");
    await page.pdf({ path: file, preferCSSPageSize: true });
    const paper = execFileSync("pdftotext", [file, "-"], { encoding: "utf8" });
    assert.doesNotMatch(paper, BYTES, paper);
    assert.doesNotMatch(execFileSync("pdfinfo", [file], { encoding: "utf8" }), BYTES);
    if (/^(pupil|case)\//.test(hash)) assert.match(paper, /Elever med skyddade personuppgifter skrivs inte ut/);
    else assert.ok(paper.trim().length > 0);
    await context.close();
  });

test("nothing offers to print such a pupil, and an address that asks for it does not", async () => {
  const { context, page, open } = await house.visitor({ user: "kim" });
  await page.addInitScript(() => {
    window.printed = 0;
    window.print = () => {
      window.printed += 1;
    };
  });
  await open("pupil/p-hidden?print", "svg.calendar");
  const offers = () => page.locator("main button, main a").filter({ hasText: "Skriv ut" }).count();
  assert.equal(await offers(), 0);
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(() => window.printed), 0);
  await open("review", "#row-task-3");
  await page.click("#row-task-3");
  await page.waitForSelector(".panel .protected");
  assert.equal(await offers(), 0);
  await page.click("#row-task-1");
  await page.waitForFunction(() => !document.querySelector(".panel .protected"));
  assert.equal(await offers(), 1, "of another pupil it is");
  await context.close();
});

test("a list is a file without such a pupil, quoted, and noted by a press", async () => {
  const { context, page, open, ask } = await house.visitor({ user: "kim" });
  await open("gymnasium", "#list-grants ~ div table");
  const href = await page.getAttribute("a[download='grants.csv']", "href");
  const file = decodeURIComponent(href.slice(href.indexOf(",") + 1));
  assert.doesNotMatch(file, BYTES);
  const lines = readCsv(file.replace(/^\ufeff/, ""));
  assert.deepEqual(Object.keys(lines[0]), ["Elev", "Klass", "Första dag", "Timmar", "Beslut"]);
  assert.deepEqual(
    lines.map(({ Elev: name }) => name),
    ["Alva Berg"],
  );
  const part = page.locator("section", { has: page.locator("#list-grants") });
  await part.locator("select[aria-label*=Alva]").selectOption("illness");
  await part.locator("form button[aria-label*=Alva]").press("Enter");
  await part.getByText(/Avstår.*sjukdom/).waitFor();
  const lineOf = async () => (await ask("gymnasium")).grants.find(({ pupil }) => pupil === "p-alva");
  const { decision } = await lineOf();
  assert.deepEqual([decision.decision, decision.reason, decision.by], ["refrain", "illness", "kim"]);
  await part.locator("button[aria-label^='Ta tillbaka'][aria-label*=Alva]").press("Enter");
  await part.locator("select[aria-label*=Alva]").waitFor();
  assert.equal((await lineOf()).decision, null);
  await context.close();
});

test("no answer to one who is not named, and no count, has the pupil's bytes", async () => {
  const READS = ["flags", "pupils?q=z", "pupils?q=8B", "cases", "last_year", "groups", "status", "rules", "audit"];
  const told = [];
  for (const { user } of USERS.filter(({ named_for: names }) => !names)) {
    const session = await signIn(house.web, user);
    for (const path of [
      ...READS,
      "owners/kim",
      "strays",
      "audit?object=p-hidden",
      "lessons?date=2026-11-18",
      "pupils/p-alva/class",
    ]) {
      const answer = await session.get(path);
      if (answer.status !== 200) continue;
      told.push(path);
      assert.doesNotMatch(await answer.text(), BYTES, `${user} ${path}`);
    }
  }
  for (const path of READS) assert.ok(told.includes(path), `${path} was answered to somebody`);
});
