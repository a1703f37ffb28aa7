// Import in a browser, by keyboard but for the choice of files: checked, refused, reviewed, confirmed through the daemon.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { openSchool } from "./browser/school.mjs";
import { SCHOOL } from "./small_school.mjs";
import { focusReaches, MODES, press, shoot, textOf, violations } from "./browser/visit.mjs";
import { rows } from "./fixture.mjs";

let school;
let house;

before(async () => {
  school = await openSchool();
  house = school.house;
});
after(() => house?.close());

const file = (name, text) => ({ name: `${name}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) });
const classes = () => rows(school.daemon.database, "SELECT class, count(*) AS n FROM pupil_known GROUP BY class");
const moved = SCHOOL.pupils.replace("Bo,Ek,8B,8", "Bo,Ek,8A,8");
const many = `${moved}${Array.from({ length: 900 }, (_, index) => `q-${index},Åsa,Öberg${index},9Z,9,0,,\n`).join("")}`; // more than one piece

async function check(page, ...files) {
  await page.setInputFiles("#files", files);
  await page.focus("form.answer button");
  await press(page, "Enter");
  await page.waitForSelector("#told");
  await focusReaches(page, "h2#told");
}

test("faults are told by file, line and field, and nothing is saved", async () => {
  const { context, page, open } = await house.visitor({ user: "ivar" });
  await open("imports", "#files");
  await check(page, file("pupils", moved.replace("p-03,Carl,Fors,8B,8,0", "p-03,Carl,Fors,8B,8,perhaps")));
  await page.waitForSelector(".reasons li");
  assert.match(
    await textOf(page, "main"),
    /Det finns 1 fel ?Inget är sparat ännu\. ?pupils\.csv, rad 4, kolumn protected: ”perhaps” ska vara 0 eller 1\./,
  );
  assert.equal(await page.locator(".reasons [lang=en]").count(), 0);
  assert.deepEqual(classes(), [{ class: "8B", n: 26 }]);
  await context.close();
});

test("a name that is none of the school's files is refused", async () => {
  const { context, page, open } = await house.visitor({ user: "ivar" });
  await open("imports", "#files");
  await page.setInputFiles("#files", [file("passwords", "x")]);
  await page.focus("form.answer button");
  await press(page, "Enter");
  await page.waitForSelector("[role=alert]");
  assert.match(await textOf(page, "[role=alert]"), /inte hör till skolans filer/);
  await context.close();
});

test("what would change is shown, and confirmed", async () => {
  const { context, page, open } = await house.visitor({ user: "ivar" });
  await open("imports", "#files");
  await check(page, file("pupils", many));
  const cells = async () => page.locator("tbody tr", { hasText: "pupils.csv" }).locator("td").allTextContents();
  assert.deepEqual(await cells(), ["926", "900", "1", "25", "0"]);
  await shoot("import", page);
  assert.deepEqual(classes(), [{ class: "8B", n: 26 }], "nothing is saved before it is confirmed");
  await page.focus("text=Bekräfta och läs in");
  await press(page, "Enter");
  await page.waitForSelector("h2:has-text('Inläst')");
  const expected = [
    { class: "8A", n: 1 },
    { class: "8B", n: 25 },
    { class: "9Z", n: 900 },
  ];
  assert.deepEqual(classes(), expected);
  await school.restart();
  assert.deepEqual(classes(), expected);
  await context.close();
});

test("the school's own headers are chosen once, and hold for the command line too", async () => {
  const { context, page, open } = await house.visitor({ user: "ivar" });
  await open("imports", "#files");
  const own = SCHOOL.pupils
    .replace(/^.*\n/, "elev_id;Förnamn;Efternamn;Klass;Årskurs;Sekretess;Extra;Frånvaro\n")
    .replaceAll(",", ";");
  await check(page, file("pupils", own));
  assert.match(
    await textOf(page, ".reasons"),
    /saknar kolumnen ”pupil_id”.*Menar du kolumnen ”elev_id”\? Det räcker att välja den en gång\./,
  );
  const chosen = async () =>
    page
      .locator(".mapping label")
      .evaluateAll((labels) =>
        labels.map((label) => [label.querySelector("span").textContent, label.querySelector("select").value]),
      );
  assert.deepEqual((await chosen()).slice(0, 7), [
    ["Elevens id (måste finnas)", "elev_id"],
    ["Förnamn", "Förnamn"],
    ["Efternamn", "Efternamn"],
    ["Klass", "Klass"],
    ["Årskurs", "Årskurs"],
    ["Skyddad identitet (0 eller 1)", "Sekretess"],
    ["Från", ""],
  ]);
  assert.deepEqual(await violations(page), []);
  await page.focus(".mapping select >> nth=6");
  await page.selectOption(".mapping select >> nth=6", "Extra");
  await page.focus("text=Kontrollera igen");
  await press(page, "Enter");
  await page.waitForSelector("text=Granska ändringarna");
  const cells = () => page.locator("tbody tr", { hasText: "pupils.csv" }).locator("td").allTextContents();
  assert.deepEqual((await cells()).slice(0, 2), ["26", "0"]);
  assert.match(await textOf(page, "main"), /1 kolumner som inte läses \(pupils\.csv\): Frånvaro/);
  const kept = () => rows(school.daemon.database, "SELECT value FROM setting WHERE name = 'columns'");
  assert.deepEqual(kept(), [], "nothing is kept before it is confirmed");
  await page.focus("text=Bekräfta och läs in");
  await press(page, "Enter");
  await page.waitForSelector("h2:has-text('Inläst')");
  assert.deepEqual(JSON.parse(kept()[0].value), {
    "pupils.csv": {
      pupil_id: "elev_id",
      given_name: "Förnamn",
      family_name: "Efternamn",
      class: "Klass",
      year: "Årskurs",
      protected: "Sekretess",
      from: "Extra",
    },
  });
  await check(page, file("pupils", own));
  await page.waitForSelector("text=Granska ändringarna");
  const folder = school.daemon.stage.path("own-headers");
  mkdirSync(folder);
  writeFileSync(`${folder}/pupils.csv`, own);
  assert.match(school.daemon.tell("import", folder), /^pupils\.csv +26 +0 +0 +26 /m);
  // And taken away again, without a mouse.
  await page.focus(".mapping summary");
  await press(page, "Enter");
  await page.selectOption(".mapping select >> nth=6", "");
  await page.focus("text=Kontrollera igen");
  await press(page, "Enter");
  await page.waitForSelector("text=Granska ändringarna");
  assert.match(await textOf(page, "main"), /2 kolumner som inte läses \(pupils\.csv\): Extra, Frånvaro/);
  await context.close();
});

test("as of a date, corrected, replaced, at any date: as the command line does", async () => {
  const { context, page, open } = await house.visitor({ user: "ivar" });
  await open("imports", "#files");
  await page.focus("form.answer summary");
  await press(page, "Enter");
  await page.fill("input[name=as_of]", "2026-11-25");
  await check(page, file("pupils", SCHOOL.pupils.replace("Alva,Berg,8B,8", "Alva,Berg,8C,8")));
  assert.match(await textOf(page, "main"), /1 byter till 8C från 25 nov(ember)?\.? ?(2026)? ?\(pupils\.csv\): p-01/);
  // Another choice asks for another check.
  await page.focus("input[name=correct]");
  await press(page, "Space");
  assert.equal(await page.locator("text=Bekräfta och läs in").count(), 0);
  await check(page, file("pupils", SCHOOL.pupils.replace("Alva,Berg,8B,8", "Alva,Berg,8C,8")));
  assert.match(await textOf(page, "main"), /1 rättas: 8C hela tiden \(pupils\.csv\): p-01/);
  await page.focus("input[name=correct]");
  await press(page, "Space");
  await page.fill("input[name=as_of]", "");
  const far = `${SCHOOL.lessons.replace(/^later.*\n/m, "")}far,8B,Musik,R1,2028-11-20,13:00,14:00,held\n`;
  await check(page, file("lessons", far));
  assert.match(await textOf(page, ".reasons"), /mer än 400 dagar från i dag/);
  await page.focus("input[name=any_date]");
  await press(page, "Space");
  await page.focus("input[name=lessons]");
  await press(page, "Space");
  await page.fill("input[name=from]", "2026-11-20");
  await page.fill("input[name=to]", "2026-11-20");
  await check(page, file("lessons", far));
  assert.match(await textOf(page, "main"), /1 ställs in \(lessons\.csv\): later/);
  await page.focus("text=Bekräfta och läs in");
  await press(page, "Enter");
  await page.waitForSelector("h2:has-text('Inläst')");
  const states = rows(
    school.daemon.database,
    "SELECT lesson_id, state FROM lesson_version JOIN lesson USING (lesson) WHERE known_to_ms IS NULL AND lesson_id IN ('later', 'far') ORDER BY 1",
  );
  assert.deepEqual(
    states.map(({ lesson_id, state }) => `${lesson_id} ${state}`),
    ["far held", "later cancelled"],
  );
  await context.close();
});

describe("accessible", () => {
  for (const [mode, options] of Object.entries(MODES))
    test(`axe finds nothing, nothing overflows: ${mode}`, async () => {
      const { context, page, open } = await house.visitor({ user: "ivar", ...options });
      await open("imports", "#files");
      await check(page, file("pupils", many));
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await context.close();
    });
});

test("nothing was asked of another host, nothing broke the content policy", () => {
  assert.deepEqual(house.heard, { foreign: [], policy: [] });
});
