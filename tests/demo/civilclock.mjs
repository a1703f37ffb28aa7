// The demonstration's civil time, as common/clock.h has it: one start and one rate for all programs.

import { readFileSync } from "node:fs";

// CLOCK_BOOTTIME in ms. Node offers CLOCK_MONOTONIC only; the two differ by the time that the machine has slept, which
// /proc/uptime knows to a hundredth of a second.
const monotonicMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;
const slept = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000 - monotonicMs();
const sleptMs = Math.abs(slept) < 100 ? 0 : slept;
export const bootMs = () => monotonicMs() + sleptMs;

export class CivilClock {
  constructor(startUtcMs, rate, startBootMs = Math.round(bootMs())) {
    Object.assign(this, { startUtcMs, rate, startBootMs });
  }
  get option() {
    return `${new Date(this.startUtcMs).toISOString()},${this.rate},${this.startBootMs}`;
  }
  utcMs(atBootMs = bootMs()) {
    return this.startUtcMs + (atBootMs - this.startBootMs) * this.rate;
  }
  // The machine's time at which a civil time comes, and how long until then.
  bootMsOf(utcMs) {
    return this.startBootMs + (utcMs - this.startUtcMs) / this.rate;
  }
  untilMs(utcMs) {
    return this.bootMsOf(utcMs) - bootMs();
  }
}
