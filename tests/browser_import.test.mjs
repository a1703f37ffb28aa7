// Import in a browser, by keyboard but for the choice of files: checked, refused, reviewed, confirmed through the daemon.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSchool, SCHOOL } from "./browser/school.mjs";
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
