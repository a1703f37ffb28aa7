// Who is offered which way to support: the program's choice against one made here from the definition (docs/support-routes.md), which
// shares nothing with it: not the reading of the table, not the ages, not the order.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fromSeed } from "./demo/random.mjs";

const root = new URL("..", import.meta.url).pathname;
const program = join(root, process.env.BUILD ?? "build", "tests/support");
const CAUSES = ["psykisk", "medicinsk", "social", "pedagogisk"];
const LEVELS = ["bas", "utökad", "specialist"];
const SITUATIONS = ["-", "god_man", "left_school", "god_man,left_school"];

/** The routes of a table, by what stands after each key; texts hold no brace. */
function routesOf(text) {
  const list = text.slice(text.indexOf("routes = ("), text.indexOf("programmes = ("));
  return list
    .split("{ id = ")
    .slice(1)
    .map((row) => {
      const one = (key) => row.match(new RegExp(`\\b${key} = "?([^";]*)"?;`))?.[1];
      return {
        id: row.match(/^"(.*?)"/)[1],
        causes: [...row.match(/causes = \[(.*?)\]/)[1].matchAll(/"(.*?)"/g)].map(([, cause]) => cause),
        level: one("level"),
        from: Number(one("age_from")),
        to: Number(one("age_to")),
        before: one("must_begin_before_age"),
        place: one("place"),
        only: one("only"),
        since: one("valid_from"),
        until: one("valid_to"),
      };
    });
}

/** Years old, by the letters of two dates; who is born on a leap day has the last of February. */
function ageOf(born, on) {
  const leap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4));
  const birthday = born.endsWith("02-29") && !leap(Number(on.slice(0, 4))) ? "02-28" : born.slice(5);
  return on.slice(5) < birthday ? years - 1 : years;
}

const reach = (place) => ({ SE: 0 })[place] ?? place.length;

function choose(routes, { cause, born, on, place, situations }) {
  const age = ageOf(born, on);
  return routes
    .filter(
      (route) =>
        route.causes.includes(cause) &&
        (route.place === "SE" || place.startsWith(route.place)) &&
        route.from <= age &&
        age <= route.to &&
        !(route.before && age >= Number(route.before)) &&
        !(route.only && !situations.split(",").includes(route.only)) &&
        route.since <= on &&
        !(route.until < on),
    )
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || reach(b.place) - reach(a.place))
    .map((route) => route.id)
    .join(" ");
}

/** Every question at once; what the program answers, a line each. */
function compare(table, questions) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-support-"));
  try {
    const file = join(folder, "support.cfg");
    writeFileSync(file, table);
    const input = questions.map(
      ({ cause, born, on, place, situations }) => `${cause} ${born} ${on} ${place} ${situations}\n`,
    );
    const said = execFileSync(program, [file], { input: input.join(""), maxBuffer: 1 << 28, encoding: "utf8" });
    const answers = said.split("\n").slice(0, -1);
    assert.equal(answers.length, questions.length);
    const routes = routesOf(table);
    let offered = 0;
    questions.forEach((question, i) => {
      const expected = choose(routes, question);
      if (answers[i] !== expected) assert.equal(answers[i], expected, JSON.stringify(question));
      offered += expected !== "";
    });
    return { routes, answers, offered };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const dayAfter = (day, days) => new Date(Date.parse(day) + days * 86400000).toISOString().slice(0, 10);
const everyway = (pairs, places) =>
  pairs.flatMap(([born, on]) =>
    CAUSES.flatMap((cause) =>
      places.flatMap((place) => SITUATIONS.map((situations) => ({ cause, born, on, place, situations }))),
    ),
  );

test("the table that comes with it: every age to the day around a birthday, cause, place and situation", () => {
  const table = readFileSync(join(root, "config/support.cfg"), "utf8");
  const places = [...table.matchAll(/code = "(\d+)"/g)].map(([, code]) => code);
  const pairs = [];
  for (const on of ["2026-11-30", "2028-02-28", "2028-02-29"])
    for (let years = 0; years <= 29; years++)
      for (const days of [-1, 0, 1, 150])
        pairs.push([
          dayAfter(`${Number(on.slice(0, 4)) - years}${on.slice(4) === "-02-29" ? "-02-28" : on.slice(4)}`, -days),
          on,
        ]);
  const { routes, answers, offered } = compare(table, everyway(pairs, ["-", "01", "0114", "0180", "1480"]));
  assert.ok(routes.length >= 25 && offered > answers.length / 2, `${offered} of ${answers.length}`);
  const all = new Set(answers.flatMap((answer) => answer.split(" ")));
  assert.deepEqual(
    routes.filter(({ id }) => !all.has(id)).map(({ id }) => id),
    [],
    "never offered",
  );
  const everywhere = compare(
    table,
    everyway(
      [
        ["2015-05-05", "2026-11-30"],
        ["2007-12-01", "2026-11-30"],
      ],
      places,
    ),
  );
  assert.equal(everywhere.answers.length, 2 * 4 * places.length * SITUATIONS.length);
});

test("the ages that the law and the county name", () => {
  const table = readFileSync(join(root, "config/support.cfg"), "utf8");
  const psykisk = (born, on) =>
    compare(table, [{ cause: "psykisk", born, on, place: "0180", situations: "-" }]).answers[0].split(" ");
  const born = "2020-12-31";
  assert.ok(psykisk(born, "2026-11-30").includes("malinamottagning"), "5 years and 11 months");
  assert.ok(!psykisk(born, "2026-11-30").includes("vardcentral-bas"));
  assert.ok(psykisk(born, "2026-12-30").includes("malinamottagning"), "the day before");
  assert.ok(!psykisk(born, "2026-12-31").includes("malinamottagning"), "the sixth birthday");
  assert.ok(psykisk(born, "2026-12-31").includes("vardcentral-bas"));
  const grown = "2008-12-01";
  assert.ok(psykisk(grown, "2026-11-30").includes("bup") && !psykisk(grown, "2026-11-30").includes("vuxenpsykiatri"));
  assert.ok(!psykisk(grown, "2026-12-01").includes("bup") && psykisk(grown, "2026-12-01").includes("vuxenpsykiatri"));
});

test("tables made up, with their edges: ended yesterday, not begun, must begin before an age", () => {
  const { between, chance, pick } = fromSeed(20261130);
  const some = (list) => list.filter(() => chance(0.5)).concat(pick(list));
  const WORDS = `{ sv = "a"; easy = "b"; en = "c"; }`;
  const today = "2026-11-30";
  for (let round = 0; round < 20; round++) {
    const rows = Array.from({ length: 60 }, (_, i) => {
      const from = between(0, 19);
      const since = dayAfter(today, between(-3, 1));
      return `{ id = "r${i}"; name = "R"; text = ${WORDS}; contact = ${WORDS}; languages = ["sv"]; source = "s";
        reviewed_on = "2026-01-01"; reviewed_by = "r"; referral = ["self"]; valid_from = "${since}";
        ${chance(0.5) ? `valid_to = "${dayAfter(since, between(0, 2))}";` : ""}
        causes = [${some(CAUSES).map((cause) => `"${cause}"`)}]; level = "${pick(LEVELS)}"; age_from = ${from};
        age_to = ${from + between(0, 5)}; place = "${pick(["SE", "01", "0180", "0114", "14", "1480"])}";
        ${chance(0.3) ? `must_begin_before_age = ${from + between(1, 4)};` : ""}
        ${chance(0.3) ? `only = "${pick(["god_man", "left_school"])}";` : ""} }`;
    });
    const places = ["01", "0180", "0114", "14", "1480"].map((code) => `{ code = "${code}"; name = "P"; }`);
    const table = `places = ( ${places} ); routes = ( ${rows} ); programmes = ( );`;
    const pairs = Array.from({ length: 30 }, () => {
      const on = dayAfter(today, between(-3, 3));
      const born = `${Number(on.slice(0, 4)) - between(0, 25)}-${on.slice(5)}`;
      return [dayAfter(born, between(-1, 1)), on];
    });
    const { offered } = compare(table, everyway(pairs, ["-", "01", "0180", "0114", "14", "1480", "0199"]));
    assert.ok(offered > 500, `${offered}`);
  }
});
