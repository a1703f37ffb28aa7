// The day as it is lived: cards meet readers when the script says so, and somebody looks at the dashboard when a lesson
// or the day closes.

import { sleep } from "./stage.mjs";
import { bootMs } from "./civilclock.mjs";

const SERVED_PATIENCE_MS = 5000;

// Plays the script; each card keeps to one reader of its terminal. Ends when the last tap is made, or when `on()` is false.
export async function playTaps({ bus, clock, script, terminals, on = () => true }) {
  for (const tap of script) {
    const wait = clock.untilMs(tap.at);
    if (wait > 0) await sleep(wait);
    if (!on()) return;
    const readers = terminals[tap.terminal_id];
    bus.tap(tap.terminal_id, readers[parseInt(tap.card.slice(-2), 16) % readers.length], tap.card);
  }
}

// Milliseconds of real time from civil time `at` until the API serves all that `served` must give; NaN when it never does.
export async function timeToServe({ api, clock, at, served, expected }) {
  await sleep(Math.max(0, clock.untilMs(at)));
  for (;;) {
    const got = new Set(served(await api.get("flags")));
    const late = bootMs() - clock.bootMsOf(at);
    if (expected.every((item) => got.has(item))) return late;
    if (late > SERVED_PATIENCE_MS) return NaN;
    await sleep(20);
  }
}
