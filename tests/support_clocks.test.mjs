// Due dates of the clocks of a case, thousands at random, against a computation of another structure (tests/naive/clocks.mjs).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { CLOCKS, dueOf } from "./naive/clocks.mjs";

const RANDOM = join(process.env.BUILD ?? "build", "tests", "support_random");

test("due dates of every clock, over random calendars", () => {
  const said = execFileSync(RANDOM, { encoding: "utf8", env: { ...process.env, SAY: "1" }, maxBuffer: 1 << 26 });
  const lines = said.split("\n").filter((line) => line.startsWith("{"));
  const tried = Object.fromEntries(Object.keys(CLOCKS).map((clock) => [clock, { ran: 0, beyond: 0 }]));
  for (const line of lines) {
    const { due, runs, without_calendar, ...given } = JSON.parse(line);
    assert.deepEqual({ runs, due, without_calendar }, dueOf(given), line);
    tried[given.clock].ran += runs ? 1 : 0;
    tried[given.clock].beyond += without_calendar ? 1 : 0;
  }
  assert.equal(lines.length, 9600);
  for (const [clock, { ran, beyond }] of Object.entries(tried)) {
    assert.ok(ran > 100, clock);
    assert.equal(beyond > 20, "school" in CLOCKS[clock], clock);
  }
});
