// The daemon as a whole: events in, a start, a lesson's roll. Puts its sections at the end of docs/benchmarks.md, in place of
// the ones it wrote before. Word: pupils of the large start (50000).

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { atLeast, atMost, goalTable } from "./goals.mjs";
import { ingest } from "./ingest.mjs";
import { instructionsOfTap, roll, start } from "./waits.mjs";

const DOCUMENT = "docs/benchmarks.md";
const BEGINS = "## From a tap to its receipt";
const EVENTS = 100_000;
const LOAD = loadavg()[0];
const [SMALL, SCHOOL, LARGE, ROLL] = [1000, 4096, Number(process.argv[2] ?? 50_000), 2000];

const number = (n) => Math.round(n).toLocaleString("en-US");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function ingestSection({ single, backlog, latency }, instructions) {
  const row = (what, { counted, stored }) => [
    what,
    number(counted.perSecond),
    number(stored.perSecond),
    `${Math.round((100 * stored.perSecond) / counted.perSecond)} %`,
    `${counted.cpu_us.toFixed(1)} µs`,
    `${stored.cpu_us.toFixed(1)} µs`,
  ];
  return `${BEGINS}

Mosquitto on loopback, QoS 1, ${number(EVENTS)} events of 50 terminals with four messages each on the way: to a consumer that only counts, and to
narvarod, which stores them (WAL, \`synchronous=FULL\`) and answers with receipts that the terminals wait for. 1,000 pupils with a year in the database.
Broker, narvarod and the terminals share ${cpus().length} processors, whose load without them was ${LOAD.toFixed(0)}: times grow with it.

${table(
  ["", "counted a second", "stored and receipted a second", "", "processor, counting", "processor, narvarod"],
  [row("one event a message", single), row("sixteen (a backlog)", backlog)],
)}

At 1,000 events a second, one a message, from publishing to the receipt: half within ${number(latency.p50_us)} µs, 99 % within ${(latency.p99_us / 1000).toFixed(1)} ms.
${instructions === null ? "" : tapSection(instructions)}`;
}

// Where a tap's instructions go, and so why the goal is not met.
function tapSection(tap) {
  const percent = (n) => `${Math.round((100 * n) / tap.all)} %`;
  const { json_loadb, wire_decode_events, store_event_insert, store_card_refusal, ingest_save } = tap;
  const rest = tap.all - wire_decode_events - store_event_insert - store_card_refusal - ingest_save;
  return `A tap costs ${number(tap.all)} instructions in narvarod and its libraries, without libmosquitto and the kernel:

${table(
  ["", "instructions", "", "by"],
  [
    ["the message read as JSON", number(json_loadb), percent(json_loadb), "jansson, one character after the other"],
    [
      "its fields taken and checked",
      number(wire_decode_events - json_loadb),
      percent(wire_decode_events - json_loadb),
      "`common/wire_events.c`",
    ],
    [
      "stored, in a table and two indices",
      number(store_event_insert),
      percent(store_event_insert),
      "SQLite, one prepared statement",
    ],
    [
      "whose card, and may it be held",
      number(store_card_refusal),
      percent(store_card_refusal),
      "SQLite, one prepared statement",
    ],
    [
      "its journal's receipt and life, once for all of a turn",
      number(ingest_save),
      percent(ingest_save),
      "SQLite, 50 journals for 256 taps",
    ],
    ["all else: the commit, the receipts on the wire, the turn itself", number(rest), percent(rest), "–"],
  ],
)}

One turn is one transaction already, with statements prepared once and one receipt for each journal. What is left is the price of JSON, of two
indices and of looking a card up, each paid to a library: ${percent(json_loadb + store_event_insert + store_card_refusal)} of the instructions. A counting consumer does none of it. A
school of 4,000 that comes within ten minutes is 7 taps a second; a backlog of a day of a whole school is written in seconds.

By hand: \`valgrind --tool=callgrind --toggle-collect=daemon_step build/tests/bench-daemon taps narvarod.cfg 6400\`, less the same with 0.
`;
}

const seconds = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);

function startSection(starts) {
  const rows = starts.map(({ pupils, pupil_days, check_ms, rebuild_ms, read_ms, rss_kb }) => [
    number(pupils),
    number(pupil_days),
    seconds(rebuild_ms),
    `${((rebuild_ms * 1e6) / pupil_days).toFixed(0)} ns`,
    seconds(read_ms),
    seconds(check_ms),
    `${number(rss_kb / 1024)} MB`,
  ]);
  return `## A start

The detector's state from the decided days of a school year, one row for each pupil and day; and \`PRAGMA quick_check\` before it, which looks at the
whole database. One thread, files in the page cache. A school holds at most 4,096 pupils: the large one is for the comparison.

${table(["pupils", "pupil-days", "state rebuilt", "a pupil-day", "SQLite alone reads the rows", "database checked", "memory of the process"], rows)}

A rebuild takes 3,600 instructions a row and reading it 1,700. Of the 3,600, SQLite's step and columns are 1,600; 350 unpack six lessons and check
them, 1,400 pack the day, find its shape and count it in its class, the rest tells pupils and classes apart. The goal would leave 950 for all of
it. By hand: \`valgrind --tool=callgrind build/tests/bench-daemon start DATABASE\`, \`store_next_decided\` and \`detect_set_day\`.
`;
}

function rollSection({ pupils, rows, compute_ms, store_ms, commit_ms }) {
  return `## The roll of a lesson

${number(pupils)} pupils whose lessons all close in the same minute, ${number(rows)} outcomes: computed in ${compute_ms.toFixed(2)} ms. With the facts read, the outcomes
written and the day's tasks ${store_ms.toFixed(0)} ms, and ${commit_ms.toFixed(0)} ms for the commit.
`;
}

function goalsSection({ single, latency }, starts, { compute_ms }) {
  const percent = (n) => `${Math.round(n)} %`;
  const times = (n) => `${n.toFixed(1)} ×`;
  const ms = (n) => `${n.toFixed(1)} ms`;
  const { counted, stored } = single;
  return `## Goals of the daemon

${goalTable([
  atLeast(
    "taps stored and receipted, against a consumer that only counts",
    (100 * stored.perSecond) / counted.perSecond,
    80,
    percent,
    `${number(counted.perSecond)} a second`,
  ),
  atMost(
    "processor an event, against the same",
    stored.cpu_us / counted.cpu_us,
    1.3,
    times,
    `${counted.cpu_us.toFixed(1)} µs`,
  ),
  atMost("99 % of receipts at 1,000 a second", latency.p99_us / 1000, 4, ms, "–"),
  ...starts.map(({ pupils, rebuild_ms, read_ms }) =>
    atMost(
      `state rebuilt at a start, ${number(pupils)} pupils, against SQLite alone reading the same rows`,
      rebuild_ms / read_ms,
      1.5,
      times,
      ms(read_ms),
    ),
  ),
  atMost("roll of 2,000 pupils, computing", compute_ms, 5, ms, "–"),
])}
`;
}

const text = readFileSync(DOCUMENT, "utf8").split(`\n${BEGINS}`)[0];
const ingested = await ingest(EVENTS);
const starts = [await start(SMALL), await start(SCHOOL), await start(LARGE)];
const rolled = await roll(ROLL);
const sections = [
  ingestSection(ingested, await instructionsOfTap()),
  startSection(starts),
  rollSection(rolled),
  goalsSection(ingested, starts.slice(0, 2), rolled),
];
writeFileSync(DOCUMENT, `${text}\n${sections.join("\n")}`);
process.stdout.write(sections.join("\n"));
