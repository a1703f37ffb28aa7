// Listens beside the daemon, on its own socket, to what terminals send and what they are told is safe: all of them, or those
// named.

import { createInterface } from "node:readline";
import { bootMs } from "./civilclock.mjs";
import { SCHOOL } from "./house.mjs";

export class Observer {
  constructor(house, terminals = ["+"]) {
    this.events = new Map(); // "terminal gen seq" → { terminal, event, sent_ms, safe_ms }; times are CLOCK_BOOTTIME
    this.waiting = new Map(); // "terminal gen" → sequences sent and not yet safe
    this.upto = new Map(); // "terminal gen" → the latest receipt
    this.malformed = 0;
    const topics = terminals.flatMap((terminal) =>
      ["event", "receipt"].flatMap((leaf) => ["-t", `narvaro/1/${SCHOOL}/${terminal}/${leaf}`]),
    );
    const child = house.stage.start(
      `observer-${bootMs()}`,
      "mosquitto_sub",
      ["--unix", house.broker.socket, "-q", "1", "-F", "%U %t %p", ...topics],
      { stdio: ["ignore", "pipe"] },
    );
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
  }

  #hear(line) {
    const [, unix_s, topic, payload] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    const at_ms = Number(unix_s) * 1000 - (Date.now() - bootMs());
    const [, , , terminal, leaf] = topic.split("/");
    let message;
    try {
      message = JSON.parse(payload);
    } catch {
      this.malformed++;
      return;
    }
    if (leaf === "receipt") return this.#receipt(terminal, message, at_ms);
    for (const event of [message].flat()) this.#event(terminal, event, at_ms);
  }

  #event(terminal, event, sent_ms) {
    const key = `${terminal} ${event.gen} ${event.seq}`;
    if (this.events.has(key)) return;
    this.events.set(key, { terminal, event, sent_ms, safe_ms: undefined });
    const journal = `${terminal} ${event.gen}`;
    if (!this.waiting.has(journal)) this.waiting.set(journal, new Set());
    this.waiting.get(journal).add(event.seq);
  }

  #receipt(terminal, { gen, upto }, safe_ms) {
    const journal = `${terminal} ${gen}`;
    this.upto.set(journal, upto);
    for (const seq of this.waiting.get(journal) ?? []) {
      if (seq > upto) continue;
      this.events.get(`${journal} ${seq}`).safe_ms = safe_ms;
      this.waiting.get(journal).delete(seq);
    }
  }

  get taps() {
    return [...this.events.values()].filter(({ event }) => event.kind === "tap");
  }
}
