// Bad networks: each in turn while pupils tap, then mended. Nothing may be lost, and within 2 × keepalive + 5 s of the mending
// everything that a lamp has promised must be in the database.
//
// Where the kernel gives us no network of our own, the cases on the cable cannot be tried. That is a failure, unless
// STORM_WITHOUT_NAMESPACES=1 says that somebody knows.
//
//   node tests/storm/network.mjs [CASE…]

import assert from "node:assert/strict";
import { sleep } from "../demo/stage.mjs";
import { BROKER_ADDRESS, Cable } from "./namespaces.mjs";
import { delayingProxy } from "./proxy.mjs";
import { StormHouse } from "./stormhouse.mjs";

const KEEPALIVE_S = 5;
const BACK_WITHIN_MS = (2 * KEEPALIVE_S + 5) * 1000;
const BAD_MS = 14_000; // long enough for both sides to give the other up
const DELAY_MS = 500;
const TERMINAL = { keepalive_s: KEEPALIVE_S, reconnect_most_s: 2 };
const LOAD = { loads: 2, tapsPerSecond: 3, emulatedEveryMs: 1000 };

// What is done to the cable, and to the house.
const ON_THE_CABLE = {
  "30 % loss each way": { bad: (cable) => cable.lose(30) },
  "32 kbit/s each way": { bad: (cable) => cable.slow(32) },
  "link down": { bad: (cable) => cable.pull() },
  "the broker hears nothing": { bad: (cable) => cable.deafen("here") },
  "the terminals hear nothing": { bad: (cable) => cable.deafen("there") },
  "broker down": {
    bad: (_, house) => house.stage.stop("broker", "SIGKILL"),
    mend: (_, house) => house.startBroker(),
  },
};

const unexpected = [];
const onEnd = (label, code) => unexpected.push(`${label} ended: ${code}`);

function judge(name, during, verdict, back_ms) {
  const { promised, lost, doubled, invented } = verdict;
  console.log(`${name}: ${JSON.stringify({ promised, lost, doubled, invented, stored_meanwhile: during, back_ms })}`);
  assert.deepEqual([lost, doubled, invented, unexpected], [0, 0, 0, []], name);
  assert.ok(back_ms <= BACK_WITHIN_MS, `${name}: back after ${back_ms} ms`);
}

async function suffer(name, house, bad, mend) {
  const before = house.stored().size;
  await bad();
  await house.tapFor(BAD_MS);
  const during = house.stored().size - before;
  const mended = Date.now();
  await mend();
  const verdict = await house.settle(250);
  judge(name, during, verdict, Date.now() - mended);
}

async function withHouse(options, use) {
  const house = new StormHouse({ ...LOAD, terminal: TERMINAL, onEnd, ...options });
  try {
    await house.open();
    await use(house);
  } catch (error) {
    console.log(house.stage.lastWords());
    throw error;
  } finally {
    await house.stage.end();
  }
}

async function onTheCable(cases) {
  const cable = new Cable();
  const refusal = cable.lay();
  if (refusal) {
    cable.remove();
    for (const [name] of cases) console.log(`${name}: NOT TRIED`);
    const why = `${cases.length} cases not tried, for the kernel gives us no network of our own: ${refusal}`;
    if (process.env.STORM_WITHOUT_NAMESPACES !== "1")
      throw new Error(`${why} (STORM_WITHOUT_NAMESPACES=1 to go without)`);
    return why;
  }
  const inNamespace = (who, words) => ["ip", "netns", "exec", who === "broker" ? cable.here : cable.there, ...words];
  await withHouse({ address: BROKER_ADDRESS, inNamespace }, async (house) => {
    for (const [name, { bad, mend = () => cable.mend() }] of cases) {
      await suffer(
        name,
        house,
        () => bad(cable, house),
        () => mend(cable, house),
      );
    }
  });
  return `${cases.length} cases on the cable: nothing lost, back in time`;
}

// The terminals come through a proxy that holds everything back; it stays slow, so "mended" is when the tapping ends.
async function throughProxy() {
  let proxy;
  await withHouse({}, async (house) => {
    proxy = await delayingProxy(house.broker.port, DELAY_MS);
    house.terminalSettings.port = proxy.port;
    for (const name of [...house.emulated, ...house.busy]) {
      house.writeTerminalConfig(name);
      await house.stage.stop(name);
      house.startTerminal(name);
    }
    await sleep(8 * DELAY_MS); // TCP, TLS, MQTT and the subscriptions take a round each
    await suffer(
      `+${DELAY_MS} ms each way`,
      house,
      () => {},
      () => {},
    );
  });
  proxy.close();
  return "1 case through the proxy: nothing lost, back in time";
}

const wanted = process.argv.slice(2);
const cases = Object.entries(ON_THE_CABLE).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const tries = [];
if (cases.length > 0) tries.push(onTheCable(cases));
if (wanted.length === 0) tries.push(throughProxy());
for (const { reason, value } of await Promise.allSettled(tries)) {
  console.log(`network: ${reason?.message ?? value}`);
  if (reason) process.exitCode = 1;
}
