// End to end on real programs: Mosquitto with TLS, narvarod, narvaro-web, narvaro-terminal, emulated buses with readers.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { makeDemo } from "./demo/files.mjs";
import { House } from "./demo/house.mjs";
import { stream } from "./demo/random.mjs";
import { newCard } from "./demo/school.mjs";
import { rootFile, sleep, until } from "./demo/stage.mjs";
import { storedToken } from "./naive/siphash.mjs";

const RUN = rootFile("tests/demo/run.mjs");

// Runs the demonstration with a temporary folder of its own, which must be empty afterwards, and as a process group of its
// own, as a shell would.
function runDemo(t, args) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-e2e-"));
  const child = spawn(process.execPath, [RUN, ...args], {
    env: { ...process.env, TMPDIR: folder },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const heard = { text: "" };
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (part) => (heard.text += part));
  const ended = new Promise((resolve) => child.once("close", resolve));
  t.after(() => child.exitCode === null && process.kill(-child.pid, "SIGTERM"));
  return { folder, child, heard, ended };
}

function leavesNothing(folder) {
  assert.deepEqual(readdirSync(folder), []);
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  assert.deepEqual(
    processes.map(commandLine).filter((line) => line.includes(folder)),
    [],
  );
  rmSync(folder, { recursive: true });
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it has ended meanwhile
  }
}

test("a day's last lesson comes to what its tap script predicts", async (t) => {
  const { folder, heard, ended } = runDemo(t, ["--seconds", "30", "--classes", "4", "--periods", "5"]);
  assert.equal(await ended, 0, heard.text);
  assert.match(heard.text, /All agrees with the prediction/);
  for (const word of [
    "taps made",
    "lamps shown",
    "events stored",
    "lessons closed",
    "flags raised today",
    "flags served by the API",
    "guardians to be told",
  ]) {
    assert.match(heard.text, new RegExp(`= ${word}`), heard.text);
  }
  leavesNothing(folder);
});

test("interrupted, the demonstration leaves no process and no folder", async (t) => {
  const { folder, child, heard, ended } = runDemo(t, ["--classes", "2", "--periods", "5"]);
  await until("the address", () => heard.text.includes("Dashboard: "));
  process.kill(-child.pid, "SIGINT"); // Ctrl-C goes to every program of the group
  assert.equal(await ended, 130, heard.text);
  leavesNothing(folder);
});

const KEPT = ["ok", "late", "other_room", "unknown_card", "recorded"]; // lamps that promise the event is safe
const STORM_MS = 16_000;
const TAP_EVERY_MS = 10;
const SETTLE_MS = 90_000;

// Cards at all readers, mostly never seen before, so that no tap is anybody else's second one.
async function tapStorm(house, known, random) {
  const cards = new Set(known);
  const tapped = [];
  const fresh = random.shuffled(known);
  const end = Date.now() + STORM_MS;
  while (Date.now() < end) {
    const terminal = random.pick(Object.keys(house.terminals));
    const card = random.chance(0.3) && fresh.length > 0 ? fresh.pop() : newCard(random, cards);
    house.bus.tap(terminal, random.pick(house.terminals[terminal]), card);
    tapped.push(card);
    await sleep(TAP_EVERY_MS);
  }
  return tapped;
}

// The daemon dies most often, in the middle of what it has read and not committed; now and then broker and terminals.
function killPlan(terminals, random) {
  const kills = [];
  for (let at_ms = 500; at_ms < STORM_MS; at_ms += random.between(500, 900)) {
    const other = random.chance(0.5) ? "broker" : random.pick(terminals);
    kills.push([at_ms, random.chance(0.7) ? "narvarod" : other]);
  }
  return kills;
}

// [when, who]: each is killed without a word and started again a little later.
async function killStorm(house, clock, kills) {
  const begun = Date.now();
  const restart = { narvarod: () => house.startDaemon(clock), broker: () => house.startBroker() };
  for (const [at_ms, label] of kills) {
    await sleep(Math.max(0, begun + at_ms - Date.now()));
    assert.equal(await house.stage.stop(label, "SIGKILL"), "SIGKILL");
    await sleep(100);
    await (restart[label] ?? (() => house.startTerminal(label, clock)))();
  }
}

test("what a lamp promised is stored exactly once, whoever is killed", async () => {
  const { school, now } = makeDemo({ classes: 6, today: "2026-11-19", time: "09:25" });
  const died = [];
  const house = new House({
    terminals: Object.fromEntries(school.terminals.map((t) => [t.terminal_id, [1, 2]])),
    onEnd: (...why) => died.push(why),
  });
  try {
    const clock = new CivilClock(now, 1);
    await house.prepare();
    await Promise.all([house.startBroker(), house.startBus()]);
    await house.startDaemon(clock);
    house.importSchool({ ...school, taps: [], absences: [] });
    for (const name of Object.keys(house.terminals)) house.startTerminal(name, clock);
    await sleep(2000);

    const kills = killPlan(Object.keys(house.terminals), stream("kills"));
    const known = school.cards.map((c) => c.card);
    const [tapped] = await Promise.all([tapStorm(house, known, stream("storm")), killStorm(house, clock, kills)]);

    const key = readFileSync(house.stage.path("token.key"), "utf8").trim();
    const stored = () =>
      house.query("SELECT CAST(token AS TEXT) AS token, count(*) AS n FROM event WHERE kind = 'tap' GROUP BY token");
    const promised = () =>
      house.bus.lamps.filter((l) => KEPT.includes(l.pattern)).map((l) => String(storedToken(key, l.card)));
    await until(
      "every promised tap in the database",
      () => {
        const found = new Set(stored().map((row) => row.token));
        return promised().every((token) => found.has(token));
      },
      { timeoutMs: SETTLE_MS, everyMs: 500 },
    );

    const rows = stored();
    const made = new Set(tapped.map((card) => String(storedToken(key, card))));
    assert.ok(
      promised().length > tapped.length / 2,
      `only ${promised().length} of ${tapped.length} taps were answered`,
    );
    assert.deepEqual(
      rows.filter((row) => row.n !== 1),
      [],
      "stored twice",
    );
    assert.deepEqual(
      rows.filter((row) => !made.has(row.token)),
      [],
      "stored without a tap",
    );
    assert.deepEqual(died, []);
  } finally {
    await house.stage.end();
  }
});
