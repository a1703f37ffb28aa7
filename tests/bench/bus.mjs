// From a card at a reader to the pattern that the terminal commands, by reader and by state of the broker. One of the readers
// is the head's own program in QEMU, the others are emulated heads; the line takes as long as its baud rate says.
// Last, commercial readers.
//
//   node tests/bench/bus.mjs --taps 300

import { parseArgs } from "node:util";
import { sleep, until } from "../demo/stage.mjs";
import { stream } from "../demo/random.mjs";
import { newCard } from "../demo/school.mjs";
import { Desk, TERMINAL } from "../desk.mjs";
import { Head, HEAD_ADDRESS, PATTERN } from "../head.mjs";

const BUDGET_MS = 100; // p99
const COMMERCIAL_BUDGET_MS = 300; // each
const COMMERCIAL = [
  { address: 11, model: "inveo", profile: "inveo-ind-m1" },
  { address: 13, model: "swapped", profile: "length-swapped" },
];
const GAP_MS = [600, 3400]; // between two cards at one reader: thirty pupils in twenty seconds at three
const RECEIPT_EVERY_MS = 500;
const CASES = [
  { readers: 3, baud: 19200, broker: true },
  { readers: 3, baud: 19200, broker: false },
  { readers: 8, baud: 115200, broker: true },
  { readers: 8, baud: 115200, broker: false },
];

const { values } = parseArgs({ options: { taps: { type: "string", default: "300" } } });
const taps = Number(values.taps);

// Each reader has its own pupils, who know nothing of the others.
async function tapEmulated(desk, reader, count, random, used) {
  for (let i = 0; i < count; i++) {
    await sleep(random.between(...GAP_MS));
    desk.bus.tap(TERMINAL, reader, newCard(random, used));
  }
}

// { card, seen }: from the card in the field, and from the head's first blink, which the emulated heads begin with.
async function tapHead(head, count, random, used) {
  const waits = [];
  for (let i = 0; i < count; i++) {
    await sleep(random.between(...GAP_MS));
    const from = head.facts.length;
    head.module.card = Buffer.from(newCard(random, used), "hex");
    const at = performance.now();
    const seen = await head.showing(PATTERN.seen, from);
    head.module.card = undefined;
    const shown = await head.showing(PATTERN.recorded, from);
    waits.push({ card: shown.at - at, seen: shown.ms - seen.ms });
  }
  return waits;
}

async function measure({ readers, baud, broker }) {
  const emulated = Array.from({ length: readers - 1 }, (_, i) => i + 1);
  const desk = await Desk.open({ readers: emulated, guests: [HEAD_ADDRESS], baud, secure: true });
  const head = new Head(desk.stage, TERMINAL);
  const random = stream("bench", readers, baud, broker);
  const used = new Set();
  const each = Math.ceil(taps / readers);
  try {
    if (broker) {
      await desk.startBroker();
      desk.sayDaemon("ready");
    }
    await head.start();
    desk.startTerminal();
    await desk.readersUp();
    let over = false;
    const receipts =
      broker &&
      (async () => {
        for (; !over; await sleep(RECEIPT_EVERY_MS)) {
          const last = desk.events.at(-1);
          if (last) desk.sayReceipt(last.gen, last.seq);
        }
      })();
    const [waits] = await Promise.all([
      tapHead(head, each, random, used),
      ...emulated.map((reader) => tapEmulated(desk, reader, each, random, used)),
    ]);
    await until("all lamps", () => desk.bus.lamps.length >= each * emulated.length);
    over = true;
    await receipts;
    return {
      emulated: desk.bus.lamps.map(({ latency_ms }) => latency_ms),
      seen: waits.map(({ seen }) => seen),
      card: waits.map(({ card }) => card),
    };
  } catch (error) {
    error.message += `\n${desk.stage.lastWords(8)}`;
    throw error;
  } finally {
    await desk.end();
  }
}

// Commercial readers beside a head of ours, a card at each in turn.
async function measureCommercial() {
  const desk = await Desk.open({ readers: [1, ...COMMERCIAL] });
  const random = stream("bench", "commercial");
  const used = new Set();
  try {
    await desk.startBroker();
    desk.sayDaemon("ready");
    desk.startTerminal();
    await desk.readersUp();
    const waits = [];
    while (waits.length < taps) {
      for (const { address } of COMMERCIAL) {
        waits.push((await desk.tap(address, newCard(random, used))).latency_ms);
        await sleep(GAP_MS[0]);
      }
      const last = desk.events.at(-1);
      if (last) desk.sayReceipt(last.gen, last.seq);
    }
    return waits;
  } finally {
    await desk.end();
  }
}

function percentile(list, share) {
  const sorted = [...list].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
}
const figures = (list) =>
  `${list.length} taps, p50 ${percentile(list, 0.5)} ms, p99 ${percentile(list, 0.99)} ms, most ${Math.round(Math.max(...list))} ms`;

console.log("tap to lamp: from the card in the field to the commanded pattern at the head");
let missed = 0;
for (const one of CASES) {
  const { emulated, seen, card } = await measure(one);
  const all = [...emulated, ...seen];
  missed += percentile(all, 0.99) > BUDGET_MS;
  console.log(`${one.readers} readers at ${one.baud} baud, broker ${one.broker ? "up" : "down"}`);
  console.log(`  all heads, from the first blink          ${figures(all)}`);
  console.log(`  head's program in QEMU, from the blink   ${figures(seen)}`);
  console.log(`  head's program in QEMU, from the card    ${figures(card)}`);
}
const commercial = await measureCommercial();
console.log(`commercial readers at 19200 baud\n  from the card                            ${figures(commercial)}`);
const slow = commercial.filter((ms) => ms > COMMERCIAL_BUDGET_MS).length;
console.log(
  `each of the commercial readers within ${COMMERCIAL_BUDGET_MS} ms: ${slow === 0 ? "yes" : `NOT ${slow} of ${commercial.length}`}`,
);
console.log(
  `p99 of all heads within ${BUDGET_MS} ms: ${missed === 0 ? "in every case" : `NOT in ${missed} of ${CASES.length} cases`}`,
);
process.exitCode = missed + slow === 0 ? 0 : 1;
