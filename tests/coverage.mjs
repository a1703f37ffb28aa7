// What the tests have run: lines of the whole product, branches of what must not be wrong. Reads what gcov's counters in the
// build folder say.
//
//   node tests/coverage.mjs BUILD
//
// Passes with LINES_LEAST of all lines, and every branch of the files in EVERY_BRANCH. Branches of assertions do not count:
// no test can take the one that aborts. Nor do those of a switch over an enum, one of which is a value that the enum does not
// have: its cases are lines of their own.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const LINES_LEAST = 90;
const EVERY_BRANCH = [
  "daemon/ingest.c",
  "daemon/outages.c",
  "daemon/dating.c",
  "firmware/core/outbox.c",
  "firmware/core/debounce.c",
  "daemon/core/detect/detect.c",
  "daemon/core/detect/measure.c",
  "dashboard/shell/access.c",
];
const ROOMS = [
  "common",
  "firmware/core",
  "firmware/terminal",
  "firmware/update",
  "daemon",
  "daemon/core",
  "daemon/core/*",
  "daemon/core/detect/*",
  "daemon/store",
  "daemon/commands",
  "daemon/cli",
  "dashboard",
  "dashboard/*",
];

const build = process.argv[2];
const sources = execFileSync("sh", ["-c", `ls ${ROOMS.map((room) => `${room}/*.c`).join(" ")} 2>/dev/null | sort -u`], {
  encoding: "utf8",
})
  .trim()
  .split("\n");

// The numbers of the lines of an assert(…), which may go over several.
function assertionLines(source) {
  const lines = readFileSync(source, "utf8").split("\n");
  const found = new Set();
  let open = 0;
  lines.forEach((line, i) => {
    if (open > 0 || /\bassert\(/.test(line)) {
      found.add(i + 1);
      const from = open > 0 ? line : line.slice(line.search(/\bassert\(/));
      open += from.split("(").length - from.split(")").length;
    }
  });
  return found;
}

// gcov's word on one file: [{ line_number, count, branches: [{ count }] }].
function countersOf(source) {
  const object = `${build}/${source.replace(/\.c$/, ".o")}`;
  if (!existsSync(object.replace(/\.o$/, ".gcda"))) return undefined;
  const { stdout } = spawnSync("gcov", ["--json-format", "--branch-probabilities", "--stdout", object], {
    encoding: "utf8",
    maxBuffer: 256 << 20,
  });
  return JSON.parse(stdout).files.find((file) => file.file === source)?.lines;
}

function measure(source) {
  const assertions = assertionLines(source);
  const lines = (countersOf(source) ?? []).filter((line) => !assertions.has(line.line_number));
  const text = readFileSync(source, "utf8").split("\n");
  const deciding = lines.filter((line) => !/^\s*switch \(/.test(text[line.line_number - 1]));
  const branches = deciding.flatMap((line) =>
    line.branches.map((b) => ({ line: line.line_number, taken: b.count > 0 })),
  );
  return {
    source,
    lines: lines.length,
    linesRun: lines.filter((line) => line.count > 0).length,
    branches: branches.length,
    missed: branches.filter((branch) => !branch.taken).map((branch) => branch.line),
  };
}

const all = sources.map(measure);
const share = (part, whole) => (whole === 0 ? 100 : (100 * part) / whole);
for (const file of all) {
  const taken = file.branches - file.missed.length;
  console.log(
    `${file.source.padEnd(34)} lines ${share(file.linesRun, file.lines).toFixed(1).padStart(5)} %  branches ${share(taken, file.branches).toFixed(1).padStart(5)} %`,
  );
}
const lines = share(
  all.reduce((sum, file) => sum + file.linesRun, 0),
  all.reduce((sum, file) => sum + file.lines, 0),
);
const holes = all.filter((file) => EVERY_BRANCH.includes(file.source) && file.missed.length > 0);
for (const { source, missed } of holes)
  console.log(`${source}: branches not taken in lines ${[...new Set(missed)].join(" ")}`);
console.log(
  `lines ${lines.toFixed(1)} % of at least ${LINES_LEAST} %; ${holes.length} of ${EVERY_BRANCH.length} files with branches not taken`,
);
process.exitCode = lines >= LINES_LEAST && holes.length === 0 ? 0 : 1;
