// The short form of make bench-early: made-up schools are what they say, the same each time, and the shipped profiles are within wide
// bounds on them. The figures themselves: docs/benchmarks.md.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DISENGAGING, INNOCENT, KINDS } from "./bench/early/figures.mjs";
import { Marginals } from "./bench/early/marginals.mjs";
import { Quality, readFlags } from "./bench/early/quality.mjs";
import { DAYS } from "./bench/early/school.mjs";
import { backtest, writeSchool } from "./bench/early/trial.mjs";
import { program, run } from "./demo/stage.mjs";

const folder = mkdtempSync(join(tmpdir(), "narvaro-early-"));
after(() => rmSync(folder, { recursive: true }));
const SCHOOL = { level: 0.08, pupils: 400, seed: 3 };
const file = (name) => join(folder, `${name}.csv`);

const made = {};
for (const form of ["compulsory", "upper_secondary"]) {
  const marginals = new Marginals();
  made[form] = { pupils: writeSchool(file(form), { form, ...SCHOOL }, marginals), marginals };
}

function quality(form, profile) {
  const result = new Quality();
  result.add(made[form].pupils, backtest(profile, file(form)));
  return result.result();
}

test("a school year has 178 days, and the same seed gives the same school", () => {
  assert.equal(DAYS.length, 178);
  const few = { form: "compulsory", level: 0.08, pupils: 20 };
  for (const [name, seed] of Object.entries({ once: 3, again: 3, other: 4 })) writeSchool(file(name), { ...few, seed });
  const text = (name) => readFileSync(file(name), "utf8");
  assert.equal(text("once"), text("again"));
  assert.notEqual(text("once"), text("other"));
});

for (const form of ["compulsory", "upper_secondary"])
  test(`${form}: every sign and every twin occurs, and the sums are near what is published`, () => {
    const { pupils, marginals } = made[form];
    assert.deepEqual(
      [...new Set(pupils.map(({ kind }) => kind).filter(Boolean))].sort(),
      Object.keys(KINDS[form]).sort(),
    );
    const twins = new Set(pupils.flatMap((pupil) => pupil.twins));
    for (const twin of Object.keys(INNOCENT).filter((name) => INNOCENT[name].pupils)) assert.ok(twins.has(twin), twin);
    const share = pupils.filter(({ kind }) => kind).length / pupils.length;
    assert.ok(Math.abs(share - DISENGAGING[form]) < 0.04, `${share} disengage`);
    const { whole, part, all } = marginals.days;
    assert.ok(whole / all > 0.03 && whole / all < 0.07, `${whole / all} of the days missed whole`);
    assert.ok(part / all > 0.07 && part / all < 0.14, `${part / all} of the days missed in part`);
  });

for (const [form, profile] of [
  ["compulsory", "config/rules.cfg"],
  ["upper_secondary", "config/rules-gymnasium.cfg"],
])
  test(`${profile} finds most, floods nobody, and is more often right than the rules without the class`, () => {
    const { items_a_week, found, found_list, ppv, lost_mean, lead, ceiling } = quality(form, profile);
    const without = quality(form, "tests/rules-25.cfg");
    assert.ok(items_a_week > 1 && items_a_week < 8, `${items_a_week} items`);
    assert.ok(found > 0.85 && found_list > 0.9 && found_list >= found, `${found} found, ${found_list} on the list`);
    assert.ok(ppv > 0.4 && ppv > 2 * without.ppv, `PPV ${ppv}, without the class ${without.ppv}`);
    assert.ok(
      2 * items_a_week < without.items_a_week,
      `${items_a_week} items, without the class ${without.items_a_week}`,
    );
    assert.ok(lost_mean > 0 && lost_mean < 9, `${lost_mean} days lost`);
    assert.ok(lead > ceiling / 2 && lead <= ceiling, `${lead} of ${ceiling} days of lead`);
  });

test("items are those that narvaro preview counts", () => {
  const words = ["preview", "--json", "--rules", "config/rules.cfg", file("compulsory")];
  const { load } = JSON.parse(run(program("narvaro"), words).stdout).new;
  assert.equal(Math.round(10 * quality("compulsory", "config/rules.cfg").items_a_week) / 10, load.items_per_1000_week);
});

test("what a flag is worth is counted as it is said to be", () => {
  const lost = DAYS.map(() => 1);
  const pupil = (id, onset) => ({ id, kind: onset < 0 ? null : "fades", onset, lost, twins: [] });
  const flags = (rows) =>
    readFlags(
      `pupil_id,rule,raised_on,cleared_on\n${rows.join("\n")}\n`,
      new Map([
        ["two", 2],
        ["three", 3],
      ]),
    );
  const on = (day) => DAYS[day].date;
  const result = new Quality();
  result.add(
    [pupil("early", 20), pupil("before", 60), pupil("never", 30), pupil("innocent", -1)],
    flags([
      `early,two,${on(24)},`,
      `early,three,${on(30)},${on(40)}`,
      `early,three,${on(41)},`, // the day after: an item of its own
      `before,three,${on(10)},${on(20)}`, // before its onset: in vain, and not found
      `innocent,three,${on(50)},${on(60)}`,
      `innocent,three,${on(55)},`, // joins the open one
    ]),
  );
  const told = result.result();
  assert.deepEqual([told.disengaging, told.found, told.found_list], [3, 1 / 3, 1 / 3]);
  assert.equal(told.ppv, 1 / 3);
  assert.equal(told.lost_mean, 5); // of day 20 to 24
  assert.equal(told.ceiling, 17); // the eighteenth day lost
  const weeks = new Set(DAYS.map(({ week }) => week)).size;
  assert.equal(told.items_a_week, (4 / 4 / weeks) * 1000);
});
