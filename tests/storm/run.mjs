// The storm: real programs under load, killed at random without a word. What a lamp promised must be in the database
// exactly once, whoever was killed.
//
//   node tests/storm/run.mjs --seconds 60               as long in calm, for the times, then in the storm
//   NARVARO_FAULT=… node tests/storm/run.mjs --loses    the control: passes when the storm finds something lost

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CivilClock } from "../demo/civilclock.mjs";
import { stream } from "../demo/random.mjs";
import { program, sleep } from "../demo/stage.mjs";
import { StormHouse } from "./stormhouse.mjs";

const CALM_S_MOST = 60;
const RATE_LEAST = 500; // events a second
const P99_MOST_MS = 2000; // from the tap to the receipt, while nobody is killed: eight times the goal, for a busy machine
const LOADS = 10;
const TAPS_PER_S = 55;
const AHEAD_MS = 26 * 3600_000; // a clock that is a day wrong, in the middle of another school morning
const QUEUE_IN_STORM = 4; // messages that the broker keeps for a daemon that is behind; the others it drops without a word

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, loses: { type: "boolean" } } });
const seconds = Number(values.seconds);
const calm_s = Math.min(seconds, CALM_S_MOST);
const what = values.loses ? "control" : "storm";
const random = stream("storm", "kills");
const unexpected = [];
const house = new StormHouse({
  loads: LOADS,
  tapsPerSecond: TAPS_PER_S,
  onEnd: (label, code) => unexpected.push(`${label} ended: ${code}`),
});
const kills = { narvarod: 0, broker: 0, web: 0, terminal: 0 };
const clocks = { right: 0, ahead: 0 };
let freezes = 0;
let storming = false;

function startDaemonBy(clock) {
  house.stage.start(
    "narvarod",
    program("narvarod"),
    ["--config", house.stage.path("narvarod.cfg"), "--demo-clock", clock.option],
    {
      onEnd: house.onEnd,
    },
  );
}
// One start in three is by a clock that is ahead.
function startDaemon() {
  const which = random.between(1, 3) === 1 ? "ahead" : "right";
  clocks[which]++;
  const { startUtcMs, rate, startBootMs } = house.clock;
  startDaemonBy(which === "right" ? house.clock : new CivilClock(startUtcMs + AHEAD_MS, rate, startBootMs));
}
// What must not be there by the right clock: anything that was concluded of a date that has not ended, or of a lesson to come.
function concludedTooEarly() {
  const day = Math.floor(house.clock.utcMs() / 86_400_000);
  const [row] = house.query(
    `SELECT (SELECT count(*) FROM pupil_day WHERE day > ${day}) AS days, (SELECT count(*) FROM school_day WHERE day > ${day}) AS rolls,
      (SELECT count(*) FROM school_day WHERE day >= ${day} AND decided_ms IS NOT NULL) AS decided,
      (SELECT count(*) FROM school_day WHERE closed_ms > ${Math.round(house.clock.utcMs())}) AS lessons,
      (SELECT count(*) FROM flag WHERE raised_day >= ${day} AND withdrawn_ms IS NULL) AS flags,
      (SELECT count(*) FROM task WHERE day > ${day} AND closed_ms IS NULL) AS tasks`,
  );
  return row;
}
function startWeb() {
  house.stage.start(
    "narvaro-web",
    program("narvaro-web"),
    ["--config", house.stage.path("narvaro-web.cfg"), ...demoClock()],
    {
      onEnd: house.onEnd,
    },
  );
}
const demoClock = () => ["--demo-clock", house.clock.option];

// Kills again and again, after a rest in which the victim may or may not have come to its senses.
async function haunt(whom, pick, restart, [shortest_ms, longest_ms]) {
  for (;;) {
    await sleep(random.between(shortest_ms, longest_ms));
    if (!storming) return;
    const label = pick();
    assert.equal(await house.stage.stop(label, "SIGKILL"), "SIGKILL", label);
    kills[whom]++;
    await sleep(random.between(0, 150));
    restart(label);
  }
}

// A daemon that hangs for a moment finds holes in what comes next, for the broker has dropped what was too much.
async function freeze() {
  for (;;) {
    await sleep(random.between(500, 2500));
    if (!storming) return;
    const daemon = house.stage.children.get("narvarod")?.child;
    daemon?.kill("SIGSTOP");
    await sleep(random.between(100, 300));
    daemon?.kill("SIGCONT");
    freezes++;
  }
}

async function shrinkBrokerQueue() {
  const text = readFileSync(house.broker.config, "utf8");
  writeFileSync(house.broker.config, text.replace(/^max_queued_messages .*/m, `max_queued_messages ${QUEUE_IN_STORM}`));
  await house.stage.stop("broker", "SIGKILL");
  await house.startBroker();
}

async function storm() {
  await shrinkBrokerQueue();
  const terminals = [...house.emulated, ...house.busy];
  storming = true;
  const haunts = [
    freeze(),
    haunt("narvarod", () => "narvarod", startDaemon, [100, 1100]),
    haunt(
      "terminal",
      () => random.pick(terminals),
      (name) => house.startTerminal(name),
      [300, 1300],
    ),
    haunt(
      "broker",
      () => "broker",
      () => house.startBroker(),
      [4000, 8000],
    ),
    haunt("web", () => "narvaro-web", startWeb, [2000, 5000]),
  ];
  await house.tapFor(seconds * 1000);
  storming = false;
  await Promise.all(haunts);
  await house.stage.stop("narvarod", "SIGKILL");
  startDaemonBy(house.clock);
}

async function beCalm() {
  const verdict = await house.timed(calm_s);
  console.log(`calm: ${JSON.stringify({ ...verdict, seconds: calm_s })}`);
  assert.deepEqual([verdict.lost, verdict.doubled, verdict.invented, verdict.unheard], [0, 0, 0, 0]);
  assert.ok(
    verdict.rate >= RATE_LEAST && verdict.p99 <= P99_MOST_MS,
    `${verdict.rate} events a second, p99 from tap to receipt ${verdict.p99} ms`,
  );
  return verdict;
}

async function main() {
  await house.open();
  const before = values.loses ? { tapped: 0, promised: 0 } : await beCalm();
  await storm();
  const after = await house.settle();
  const tapped = after.tapped - before.tapped;
  console.log(
    `${what}: ${JSON.stringify({ ...after, seconds, rate: Math.round(tapped / seconds), kills, freezes, clocks })}`,
  );
  if (values.loses) {
    assert.ok(after.lost > 0, "the planted fault was not noticed");
    return "the planted fault was noticed";
  }
  assert.deepEqual([after.lost, after.doubled, after.invented], [0, 0, 0], "lost, doubled, stored without a tap");
  const early = concludedTooEarly();
  console.log(`${what}: concluded of what has not ended: ${JSON.stringify(early)}`);
  assert.ok(Object.values(early).every((n) => n === 0) && clocks.ahead > 0, JSON.stringify({ early, clocks }));
  assert.ok(after.promised > before.promised + tapped / 2, "most taps are answered in spite of it all");
  assert.deepEqual(unexpected, []);
  return "nothing lost, nothing doubled";
}

try {
  console.log(`${what}: ${await main()}`);
} catch (error) {
  console.log(house.stage.lastWords());
  console.log(`${what}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await house.stage.end();
}
