// Detection beside its peers on the same made-up school, in one run: checks that all give the same flags, writes
// docs/benchmarks.md. Words: pupils of the two comparisons and of the large run (1000 50000 1500000); SQLite is left out of the second.
// DuckDB comes from the package registry (`make bench` fetches it); where it is not there its column stays empty.

import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir } from "node:os";
import { join } from "node:path";
import { instructions } from "./callgrind.mjs";
import { atLeast, atMost, goalTable } from "./goals.mjs";

const BUILD = process.env.BUILD ?? "build";
const BENCH = join(BUILD, "tests", "bench-detect");
const DAYS = 178;
const [small, large, country] = process.argv.slice(2).length
  ? process.argv.slice(2).map(Number)
  : [1000, 50000, 1500000];
const load = loadavg()[0];
const folder = mkdtempSync(join(tmpdir(), "narvaro-bench-"));
const TEN = readFileSync("tests/bench/ten.sql", "utf8");
const FLAGS = TEN + readFileSync("tests/bench/flags.sql", "utf8");

const bench = (...words) => JSON.parse(execFileSync(BENCH, words.map(String), { encoding: "utf8" }));
const say = (text) => process.stderr.write(`${text}\n`);

function writeTo(path, ...words) {
  const file = openSync(path, "w");
  execFileSync(BENCH, words.map(String), { stdio: ["ignore", file, "inherit"] });
  closeSync(file);
}

async function duckdb(pupils) {
  let duck;
  try {
    duck = await import("@duckdb/node-api");
  } catch {
    return null;
  }
  const csv = join(folder, "lessons.csv");
  writeTo(csv, "lessons", pupils);
  const instance = await duck.DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE lesson AS SELECT * FROM read_csv('${csv}')`);
  rmSync(csv);
  const version = (await connection.runAndReadAll("SELECT version() AS v")).getRowObjects()[0].v;
  const start = process.cpuUsage();
  const row = (await connection.runAndReadAll(FLAGS)).getRowObjects()[0];
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  connection.closeSync();
  instance.closeSync();
  return { version, seconds, flags: Object.values(row).map(Number) };
}

async function compare(what, pupils) {
  say(`ten measures, ${pupils} pupils`);
  const ours = bench(what, pupils);
  const duck = await duckdb(pupils);
  const same = (flags) => flags.every((n, i) => n === ours.flags[i]);
  if (!same(ours.sqlite_flags ?? ours.flags) || (duck && !same(duck.flags)))
    throw new Error(`other flags: ${JSON.stringify({ ours, duck })}`);
  return { ...ours, duck };
}

const counted = (functions, ...words) => instructions(functions, [], BENCH, ...words)?.all ?? null;

// Where those of the ten measures go.
const PARTS = [
  "columns_fill",
  "history_sums",
  "sum_days_avx2",
  "mark_avx2",
  "columns_subject",
  "share_avx2",
  "rise_avx2",
];

function instructed() {
  const PUPILS = 200,
    CALLS = 1000;
  const aDay = (n) => n / PUPILS / DAYS;
  const recompute = (rules) => instructions(["detect_recompute"], PARTS, BENCH, "recompute", PUPILS, rules, 1);
  const asked = ["detect_set_day", "detect_flags", "detect_next_changed"];
  const one = (what) => Math.round((counted(asked, what, PUPILS, CALLS) - counted(asked, what, PUPILS, 0)) / CALLS);
  const whole = recompute("config/rules.cfg");
  if (whole === null) return null;
  const ten = recompute("tests/bench/ten.cfg");
  return {
    whole: Math.round(aDay(whole.all)),
    ten: Math.round(aDay(ten.all)),
    parts: Object.fromEntries(Object.entries(ten).map(([name, n]) => [name, aDay(n)])),
    change: one("changes"),
    absence: one("absences"),
  };
}

// What 5,000 candidates of tuning cost, in full recomputations of the same pupils by the rules in force.
function tuning() {
  const PUPILS = 1000,
    SEVERITY = 2,
    RULES = "config/rules.cfg";
  const whole = counted(["detect_recompute"], "recompute", PUPILS, RULES, 1);
  if (whole === null) return null;
  const cost = counted(["tune_begin", "tune_step"], "tune", PUPILS, RULES, SEVERITY);
  const { tried } = bench("tune", PUPILS, RULES, SEVERITY);
  return { tried, recomputations: (cost / whole) * Math.max(1, 5000 / tried) };
}

function backtest() {
  const csv = join(folder, "attendance.csv");
  writeTo(csv, "attendance", 2000);
  const start = performance.now();
  execFileSync(join(BUILD, "bin", "narvaro"), ["backtest", "--rules", "config/rules.cfg", csv], { maxBuffer: 1 << 28 });
  const megabytes = statSync(csv).size / 1e6;
  return { megabytes, perSecond: megabytes / ((performance.now() - start) / 1000) };
}

// The daemon with 1,000 pupils and a school year in its database, as its own test measures it.
function startUp() {
  const told = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "tests/daemon_memory.test.mjs"], {
    encoding: "utf8",
    env: { ...process.env, BUILD },
  });
  const found = told.stdout.match(/rss (\d+) KB, top (\d+) KB, ready after (\d+) ms/);
  return found && { rss: Number(found[1]), ready: Number(found[3]) };
}

const number = (n) => Math.round(n).toLocaleString("en-US");
const seconds = (s) =>
  s < 0.01 ? `${(s * 1000).toFixed(2)} ms` : s < 1 ? `${(s * 1000).toFixed(0)} ms` : `${s.toFixed(2)} s`;
const perDay = (row) => `${((row.seconds / row.pupils / DAYS) * 1e9).toFixed(1)} ns`;

function comparison(rows) {
  const peer = (theirs, ours, told) => (theirs ? [told(theirs), `${number(theirs / ours)} ×`] : ["–", "–"]);
  return rows.map((row) => [
    number(row.pupils),
    seconds(row.seconds),
    perDay(row),
    ...peer(row.sqlite_seconds, row.seconds, seconds),
    ...peer(row.duck?.seconds, row.seconds, seconds),
    `${row.change_ns} ns`,
    ...peer(row.sqlite_change_ns, row.change_ns, (ns) => `${(ns / 1e6).toFixed(2)} ms`),
  ]);
}

const defaults = (rows) =>
  rows.map((row) => [
    number(row.pupils),
    seconds(row.seconds),
    perDay(row),
    seconds(row.seconds_on_four),
    seconds(row.busy_on_four),
    row.today_ns === undefined ? "–" : `${row.today_ns} ns`,
    row.first_day_ns === undefined ? "–" : `${(row.first_day_ns / 1000).toFixed(1)} µs`,
    number(row.bytes),
    row.bytes_with_state === undefined ? "–" : number(row.bytes_with_state),
    `${number(row.rss_kb / 1024)} MB`,
  ]);

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const times = (n) => `${number(n)} ×`;
const plain = (n) => number(n);

function goals({ compared, whole, counts, daemon }) {
  const [first, second] = compared;
  const read = whole.find((row) => row.read_seconds !== undefined);
  const peer = (row, seconds) => (seconds ? seconds / row.seconds : null);
  return [
    atMost("default rules: instructions a pupil-day", counts?.whole ?? null, 130, plain, "–"),
    atMost(
      "default rules, against a pass that only reads the packed days",
      read.shortest_seconds / read.read_seconds,
      12,
      times,
      `${((read.read_seconds / read.pupils / DAYS) * 1e9).toFixed(2)} ns a pupil-day, the shortest of 501 runs of each`,
    ),
    atMost("ten measures: instructions a pupil-day", counts?.ten ?? null, 100, plain, "–"),
    atLeast("ten measures, against SQLite", peer(first, first.sqlite_seconds), 3500, times, "one thread, same flags"),
    atLeast(
      "ten measures, against DuckDB",
      peer(first, first.duck?.seconds),
      800,
      times,
      `${number(first.pupils)} pupils`,
    ),
    atLeast("the same", peer(second, second.duck?.seconds), 800, times, `${number(second.pupils)} pupils`),
    atMost("one outcome of today → flags: instructions", counts?.change ?? null, 4500, plain, "–"),
    atMost("one absence of today → flags, with the classmates'", counts?.absence ?? null, 12000, plain, "–"),
    atLeast(
      "one outcome, against an indexed SQLite query",
      first.sqlite_change_ns ? first.sqlite_change_ns / first.change_ns : null,
      3500,
      times,
      "same answers",
    ),
    atMost("bytes a pupil and school year, with the state kept", read.bytes_with_state, 2560, plain, "–"),
    atMost("daemon with 1,000 pupils: MB", daemon ? daemon.rss / 1024 : null, 24, plain, "–"),
  ];
}

// Where the ten measures' instructions go, and with that what stands between them and the goal.
function whyMissed(parts) {
  const row = (what, n) => [what, n.toFixed(0)];
  const { all, columns_fill, history_sums, sum_days_avx2, mark_avx2, columns_subject, share_avx2, rise_avx2 } = parts;
  const between = columns_fill - history_sums - sum_days_avx2 - mark_avx2;
  return `### What is missed, and why

${table(
  ["ten measures: instructions a pupil-day, by callgrind as below, those of a function with all that it calls", ""],
  [
    row("days with exceptions, a fifth of all: each lesson's minutes into all columns (`history_sums`)", history_sums),
    row("their runs and spells, and the class's timetable before and after them (`columns_fill`)", between),
    row("all columns summed over the year (`sum_days`)", sum_days_avx2),
    row("which days have exceptions, and which another timetable (`mark`)", mark_avx2),
    row("one subject missed more than the others (`columns_subject`)", columns_subject),
    row(
      "five shares and a rise, those of subjects among them, eight days at a time (`share`, `rise`)",
      share_avx2 + rise_avx2,
    ),
    row(
      "all else: rules put together, from set bit to set bit; ten flags a pupil",
      all - columns_fill - columns_subject - share_avx2 - rise_avx2,
    ),
  ],
)}

The first four rows are the price of days that are packed in eight bytes: a detector that kept every pupil's columns would have them for
nothing, with five times the memory. They alone are ${number((100 * columns_fill) / all)} %, are paid by one measure as by twenty, and are why neither 100 instructions nor 12 passes
are met: the pass over the packed days adds up one number and knows of no class, no column and no flag. One outcome is held against an SQL text of
one pupil's 80 days; here it is a walk of one day. Its time grows with the pupils though its instructions do not: a pupil's lines are not in the cache.

`;
}

const compared = [];
for (const [what, pupils] of [
  ["sqlite", small],
  ["ten", large],
])
  compared.push(await compare(what, pupils));
const whole = [];
for (const pupils of [small, large, country]) {
  say(`default rules, ${pupils} pupils`);
  whole.push(bench("default", pupils));
}
const csv = backtest();
const daemon = startUp();
const counts = instructed();
const tuned = tuning();
const duck = compared[0].duck;
const text = `# Benchmarks

Written by \`make bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0].model.trim()}, Linux ${release().split(".").slice(0, 2).join(".")}.
A made-up school: classes of 25, ${DAYS} days of six lessons, about 8 % absence. Everything in memory. Times are of the processor, but
those on four threads, of the backtest and of the daemon, which are of the wall: load of the machine ${load.toFixed(0)} at the start. What counts is the ratio
within one run, and the instructions, which no load changes.

## Goals of the detector

${goalTable(goals({ compared, whole, counts, daemon }))}

${counts === null ? "" : whyMissed(counts.parts)}## The default rules: every pupil's flags of a school year from nothing

${table(["pupils", "one thread", "a pupil-day", "four threads", "processors together", "one outcome of today → flags", "of the first day", "bytes a pupil", "with the state of everybody", "memory of the process"], defaults(whole))}

By hand: \`${BENCH} default ${country}\`.

## Ten measures, the same flags from each

Absent share over 10, 20, 30 and 75 days, unreported share over 40, absent days in a row, spells and late arrivals in 20 days, change
from the pupil's own baseline, one subject missed more than the others. SQLite ${compared[0].sqlite}${duck ? ` and DuckDB ${duck.version}` : ""}: \`tests/bench/ten.sql\`, window
functions over lessons in memory, sorted by pupil and time, one thread. One outcome by SQLite: \`tests/bench/one.sql\`, from the 80 days by the primary key. Its
answers are checked one by one, the flags by their number. SQLite is measured at ${number(small)} pupils alone; its time grows with the pupils.

${table(["pupils", "this engine", "a pupil-day", "SQLite", "", "DuckDB", "", "one outcome → flags", "SQLite, indexed", ""], comparison(compared))}

By hand: \`node tests/bench/detect.mjs ${small} ${large} ${country}\`.

## The rest

${table(
  ["what", "figure", "command"],
  [
    [
      "backtest of attendance.csv, one thread",
      `${number(csv.perSecond)} MB/s (${number(csv.megabytes)} MB)`,
      "`narvaro backtest --rules config/rules.cfg attendance.csv`",
    ],
    [
      "daemon ready, 1,000 pupils and a year in its database",
      daemon ? `${daemon.ready} ms, ${(daemon.rss / 1024).toFixed(1)} MB` : "–",
      "`node --test tests/daemon_memory.test.mjs`",
    ],
    ...(counts === null
      ? []
      : [
          [
            "instructions a pupil-day, default rules, from nothing",
            counts.whole,
            `\`valgrind --tool=callgrind --toggle-collect=detect_recompute ${BENCH} recompute 200 config/rules.cfg 1\``,
          ],
          ["instructions a pupil-day, ten measures", counts.ten, "the same with `tests/bench/ten.cfg`"],
          [
            "instructions of one outcome → flags",
            number(counts.change),
            `the same with \`changes 200 1000\`, less \`changes 200 0\`; \`detect_set_day\`, \`detect_flags\`, \`detect_next_changed\``,
          ],
          [
            "of one absence, with the classmates' flags that it may change",
            number(counts.absence),
            "the same with `absences`",
          ],
        ]),
    ...(tuned === null
      ? []
      : [
          [
            `5,000 candidates of \`narvaro tune\` over 1,000 pupils and a year (${number(tuned.tried)} tried)`,
            `${number(tuned.recomputations)} full recomputations; goal ≤ 1,500`,
            "the same with `tune 1000 config/rules.cfg 2`, `tune_begin` and `tune_step`, by `recompute 1000 config/rules.cfg 1`",
          ],
        ]),
  ],
)}
`;
writeFileSync("docs/benchmarks.md", text);
rmSync(folder, { recursive: true });
process.stdout.write(text);
