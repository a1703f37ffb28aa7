// The judges judged: the naive roll call, detector and token against answers that were worked out elsewhere.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { detect, FLAGS, readRules } from "./naive/detect.mjs";
import { readCsv, writeCsv } from "./naive/csv.mjs";
import { ATTENDANCE, readSchool, rollcall } from "./naive/rollcall.mjs";
import { siphash } from "./naive/siphash.mjs";

const vector = (name) => new URL(`vectors/${name}`, import.meta.url).pathname;
const text = (name) => readFileSync(vector(name), "utf8");

for (const school of ["school-1", "school-2"]) {
  test(`roll call of ${school}`, () => {
    assert.equal(writeCsv(ATTENDANCE, rollcall(readSchool(vector(school)))), text(`${school}/expected-attendance.csv`));
  });
}

for (const [n, rules, flags] of [
  [1, "../../config/rules.cfg", "flags"],
  [2, "../../config/rules.cfg", "flags"],
  [3, "../../config/rules.cfg", "flags"],
  [4, "../../config/rules.cfg", "flags"],
  [1, "odd-rules.cfg", "odd-flags"],
]) {
  test(`${flags} of case ${n}`, () => {
    assert.equal(
      writeCsv(FLAGS, detect(readCsv(text(`detection-${n}.attendance.csv`)), readRules(text(rules)))),
      text(`detection-${n}.${flags}.csv`),
    );
  });
}

test("SipHash's own example", () => {
  assert.equal(siphash("000102030405060708090a0b0c0d0e0f", "000102030405060708090a0b0c0d0e"), 0xa129ca6149be45e5n);
});
