// A school morning in real processes with everything going wrong that does at schools: every green lamp must be in the
// database exactly once, at its time.
//
//   node tests/wall/run.mjs --minutes 60

import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { sleep } from "../demo/stage.mjs";
import { verdict } from "./verdict.mjs";
import { WallHouse } from "./wallhouse.mjs";

const PATIENCE_MS = 150_000; // the daemon tells the time once a minute, and a terminal sends again after half a minute

const { values } = parseArgs({ options: { minutes: { type: "string", default: "60" } } });
const span_ms = Number(values.minutes) * 60_000;
const unexpected = [];
const house = new WallHouse({ onEnd: (label, code) => unexpected.push(`${label} ended: ${code}`) });
const [first, second, third] = house.names;

// What happens at which share of the time.
const MISFORTUNES = [
  [0.08, () => house.startBroker()], // it was down when the terminals started
  [0.25, () => house.loseBroker()],
  [0.35, () => house.startBroker()],
  [0.43, () => house.unplug(first)],
  [0.5, () => house.plug(first)],
  [0.57, () => house.loseBroker()],
  [0.58, () => house.cutPower(second)],
  [0.64, () => house.startBroker()],
  [0.66, () => house.mute(third, 1, 2)],
  [0.82, () => house.unmute(third, 1, 2)], // a reader counts as out after five seconds of silence
  [0.84, () => house.loseDaemon()],
  [0.9, () => house.startDaemon(house.clock)],
];

async function live() {
  const begun = Date.now();
  const traffic = house.traffic(() => Date.now() - begun > span_ms);
  for (const [share, happen] of MISFORTUNES) {
    await sleep(Math.max(0, begun + share * span_ms - Date.now()));
    await happen();
  }
  await traffic;
}

// Until nothing is missing any more, or nothing can be hoped for.
async function settled() {
  for (const until_ms = Date.now() + PATIENCE_MS; ; await sleep(1000)) {
    const found = verdict(house);
    const waiting = house.query("SELECT coalesce(sum(queued), 0) AS n FROM terminal_state")[0].n;
    const undated = house.query(
      "SELECT count(*) AS n FROM event WHERE kind = 'tap' AND settled_ms IS NULL AND boot > 0",
    )[0].n;
    if (Date.now() > until_ms || (found.lost + found.misdated === 0 && waiting + undated === 0))
      return { ...found, waiting };
  }
}

// Readers that were never there, were cut off or hung on the unplugged line are told as outages; those that came back, too.
function judgeOutages() {
  const told = (kind) =>
    new Set(
      house
        .query(`SELECT DISTINCT terminal_id || ' ' || reader AS who FROM event WHERE kind = '${kind}'`)
        .map(({ who }) => who),
    );
  const [out, back] = [told("out"), told("in")];
  const missing = house.absent[third].map((reader) => `${third} ${reader}`);
  const returned = [
    ...house.present[first].map((reader) => `${first} ${reader}`),
    ...house.present[third].map((reader) => `${third} ${reader}`),
  ];
  for (const reader of [...missing, ...returned]) assert.ok(out.has(reader), `${reader} was out and nobody said so`);
  for (const reader of returned) assert.ok(back.has(reader), `${reader} came back and nobody said so`);
  for (const reader of missing) assert.ok(!back.has(reader), `${reader} never came`);
  return { outages: house.outages, never_there: missing };
}

async function main() {
  await house.open();
  await live();
  const found = await settled();
  console.log(`wall: ${JSON.stringify({ minutes: Number(values.minutes), ...found, ...judgeOutages() })}`);
  assert.deepEqual(
    [found.lost, found.doubled, found.misdated, found.waiting],
    [0, 0, 0, 0],
    "lost, doubled, misdated, still waiting",
  );
  assert.ok(found.promised > found.taps / 2, "most taps are promised in spite of it all");
  assert.ok(
    found.lamps.recorded > 0 && (found.lamps.ok ?? 0) + (found.lamps.other_room ?? 0) > 0,
    "with a plan and without",
  );
  assert.deepEqual(unexpected, []);
}

try {
  await main();
  console.log("wall: every green lamp is in the database exactly once");
} catch (error) {
  console.log(`${house.stage.lastWords()}\nwall: ${error.message}`);
  process.exitCode = 1;
} finally {
  await house.stage.end();
}
