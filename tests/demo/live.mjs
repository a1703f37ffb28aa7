// The day as it is lived: cards meet readers when the script says so, and somebody looks at the dashboard when a lesson
// or the day closes.

import { sleep } from "./stage.mjs";
import { bootMs } from "./civilclock.mjs";

const SERVED_PATIENCE_MS = 5000;
const BEAT_MS = 20;
const TOO_LATE_MS = 200; // of real time: at the demonstration's pace a pupil is half a minute late by then

// Whether the machine kept the script's pace, by nothing of the product: how late this process itself came to what it had
// to do. A day that was not lived as written says nothing about the product, whichever way it ends.
export class Pace {
  worst_ms = 0;
  late = 0;

  begin() {
    let due = bootMs() + BEAT_MS;
    this.beat = setInterval(() => {
      this.note(bootMs() - due);
      due = bootMs() + BEAT_MS;
    }, BEAT_MS);
  }
  end() {
    clearInterval(this.beat);
  }
  note(late_ms) {
    this.worst_ms = Math.max(this.worst_ms, late_ms);
    if (late_ms > TOO_LATE_MS) this.late++;
  }
  get trouble() {
    return this.late === 0
      ? ""
      : `this machine was too slow for the script: ${this.late} times it was more than ${TOO_LATE_MS} ms late, at worst ${Math.round(this.worst_ms)} ms`;
  }
}

// Plays the script; each card keeps to one reader of its terminal. Ends when the last tap is made, or when `on()` is false.
export async function playTaps({ bus, clock, script, terminals, pace, on = () => true }) {
  for (const tap of script) {
    const wait = clock.untilMs(tap.at);
    if (wait > 0) await sleep(wait);
    pace?.note(-clock.untilMs(tap.at));
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
