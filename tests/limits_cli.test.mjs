// One past each limit of what an administrator gives to the programs: it is refused with what would be right. The limits are
// those of docs/limits.md.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program, run } from "./demo/stage.mjs";

const folder = mkdtempSync(join(tmpdir(), "narvaro-limits-"));
after(() => rmSync(folder, { recursive: true }));
const file = (name, text) => writeFileSync(join(folder, name), text) ?? join(folder, name);
const times = (count, word) => Array(count).fill(word);
const dateAfter = (days) => new Date(Date.UTC(2000, 0, 3 + days)).toISOString().slice(0, 10);
const attendance = (name, rows) =>
  file(
    name,
    `pupil_id,class,date,start,minutes,subject,status,absent_minutes\n${rows.map(([pupil, className, date]) => `${pupil},${className},${date},08:10,60,Svenska,present,0\n`).join("")}`,
  );
const yearsOf = (count) =>
  attendance(
    `years-${count}.csv`,
    Array.from({ length: count }, (_, i) => [`p${i}`, `${i}A`, "2026-09-01"]),
  );
const weeksOf = (count) =>
  attendance(`weeks-${count}.csv`, [
    ["p", "8B", dateAfter(0)],
    ["p", "8B", dateAfter(7 * count - 1)],
  ]);

const RULES = ["--rules", "config/rules.cfg"];
const none = join(folder, "none.csv");
const tooLong = (bytes) => file(`long-${bytes}`, " ".repeat(bytes + 1));
const CASES = [
  ["backtest files", ["backtest", ...RULES, ...times(1000, none)], 1, /none\.csv/],
  ["backtest files", ["backtest", ...RULES, ...times(1001, none)], 2, /at most 1000 files/],
  ["preview files", ["preview", ...RULES, ...times(1001, none)], 2, /at most 1000 files/],
  ["explain files", ["explain", "p", ...RULES, ...times(1001, ["--attendance", none]).flat()], 2, /at most 1000 files/],
  ["rules of a command", ["rules", "apply", tooLong(32768), "--why", "w", "--socket", "/nowhere"], 1, /File too large/],
  ["rules", ["backtest", "--rules", tooLong(1048576), none], 1, /File too large/],
  [
    "days",
    ["terminal", "add", "t", "--room", "r", "--csr", none, "--authority", folder, "--days", "3660"],
    1,
    /ca\.key/,
  ],
  [
    "days",
    ["terminal", "add", "t", "--room", "r", "--csr", none, "--authority", folder, "--days", "3661"],
    2,
    /--days must be between 1 and 3660/,
  ],
  ["hosts", ["terminal", "ca", ...times(9, "--host=h")], 2, /at most 8 hosts/],
  ["capacity", ["preview", ...RULES, "--capacity", "1001", none], 2, /--capacity must be between 1 and 1000/],
  ["weeks", ["preview", ...RULES, weeksOf(1023)], 0, /^$/],
  ["weeks", ["preview", ...RULES, weeksOf(1024)], 1, /more than 1023 weeks/],
  ["years", ["preview", ...RULES, yearsOf(64)], 0, /^$/],
  ["years", ["preview", ...RULES, yearsOf(65)], 1, /more than 64 years/],
];
for (const [what, words, status, told] of CASES)
  test(`narvaro ${words[0]}: ${what}, ${status}`, () => {
    const result = run(program("narvaro"), words);
    assert.match(result.stderr, told);
    assert.equal(result.status, status, result.stderr);
  });

test("a bundle of more than 65536 bytes is refused", () => {
  const install = (bytes) =>
    run(program("narvaro-terminal"), [
      "--config",
      join(folder, "terminal.cfg"),
      "--folder",
      folder,
      "--install",
      file("bundle", " ".repeat(bytes)),
    ]);
  assert.match(install(65537).stderr, /the bundle cannot be read .*File too large/);
  assert.doesNotMatch(install(65536).stderr, /cannot be read/);
});
