// The reader head's program for its microcontroller, run by QEMU on an emulated bus, with a card module on its second serial
// line and our ear on its third. The module is written from NXP UM0701-02 and shares no code with the head.

import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { rootFile, sleep, until } from "./demo/stage.mjs";

const BUILD = process.env.BUILD ?? "build";
const ELF = rootFile(join(BUILD, "reader/narvaro-reader.elf"));
export const HEAD_ADDRESS = 8; // QEMU has no pins: every switch reads as closed

// The numbers of firmware/core/registers.h as docs/firmware.md lists them.
export const PATTERN = {
  none: 0,
  ok: 1,
  recorded: 6,
  again: 5,
  enrolment: 9,
  unfitCard: 10,
  seen: 11,
  retry: 12,
  outOfService: 13,
  enrolWait: 14,
  identify: 15,
};

class Pn532 {
  constructor(socket) {
    this.card = undefined; // its bytes, while it is in the field
    this.told = false; // the head has asked since it is there
    this.mute = false;
    this.tuned = false;
    this.pending = Buffer.alloc(0);
    this.socket = socket.on("error", () => {});
    socket.on("data", (bytes) => {
      this.pending = Buffer.concat([this.pending, bytes]);
      while (this.#frame());
    });
  }

  #frame() {
    const start = this.pending.indexOf(Buffer.from([0, 0, 0xff]));
    if (start < 0 || this.pending.length < start + 5) return false;
    const length = this.pending[start + 3];
    const end = start + 5 + length + 2;
    if (this.pending.length < end) return false;
    const data = this.pending.subarray(start + 5, start + 5 + length);
    const right =
      ((length + this.pending[start + 4]) & 0xff) === 0 &&
      [...data, this.pending[end - 2]].reduce((a, b) => a + b) % 256 === 0;
    this.pending = this.pending.subarray(end);
    if (!right) throw new Error("the head sent a frame that is none");
    if (!this.mute && data[0] === 0xd4) this.#obey(data[1]);
    return true;
  }

  #obey(command) {
    this.socket.write(Buffer.from([0, 0, 0xff, 0, 0xff, 0]));
    if (command === 0x14) this.#say([0x15]);
    else if (command === 0x32) this.#say([0x33], (this.tuned = true));
    else if (command !== 0x4a || !this.tuned) this.socket.write(Buffer.from([0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0]));
    else {
      this.told = this.card !== undefined;
      this.#say(this.card ? [0x4b, 1, 1, 0x00, 0x44, 0x08, this.card.length, ...this.card] : [0x4b, 0]);
    }
  }

  #say(words) {
    const data = [0xd5, ...words];
    const check = (256 - (data.reduce((a, b) => a + b) % 256)) % 256;
    this.socket.write(Buffer.from([0, 0, 0xff, data.length, 256 - data.length, ...data, check, 0]));
  }
}

const attempt = (path) =>
  new Promise((resolve) => {
    const socket = createConnection(path, () => resolve(socket)).on("error", () => resolve(null));
  });
// QEMU makes the socket's file before it listens.
const connect = (path) => until("QEMU to listen", () => attempt(path));

export class Head {
  constructor(stage, bus) {
    Object.assign(this, { stage, bus, runs: 0, facts: [] });
  }

  // Power on. `facts` become { ms, word, number }, ms by the head's own clock, at our time in `at`.
  async start() {
    const label = `head-${++this.runs}`;
    const [module, log] = [this.stage.path(`${label}-module`), this.stage.path(`${label}-log`)];
    this.facts = [];
    this.stage.start(label, "qemu-system-arm", [
      "-M",
      "stm32vldiscovery",
      "-display",
      "none",
      "-monitor",
      "none",
      "-kernel",
      ELF,
      "-chardev",
      `serial,id=bus,path=${this.stage.path(`guest-${this.bus}`)}`,
      "-serial",
      "chardev:bus",
      "-serial",
      `unix:${module},server=on`,
      "-serial",
      `unix:${log},server=on`,
    ]);
    await until("QEMU", () => existsSync(module));
    this.module = new Pn532(await connect(module));
    await until("QEMU", () => existsSync(log));
    createInterface({ input: (await connect(log)).on("error", () => {}) }).on("line", (line) => {
      const [ms, word, number] = line.split(" ");
      this.facts.push({ ms: Number(ms), word, number: Number(number), at: performance.now() });
    });
    await until("the search for cards", () => this.module.tuned);
  }
  // Power off, from one instruction to the next.
  stop() {
    return this.stage.stop(`head-${this.runs}`, "SIGKILL");
  }

  get nonce() {
    return this.facts.find(({ word }) => word === "boot")?.number;
  }
  get pattern() {
    return this.facts.filter(({ word }) => word === "pattern").at(-1)?.number;
  }
  shown(pattern, from = 0) {
    return this.facts.slice(from).find(({ word, number }) => word === "pattern" && number === pattern);
  }
  async showing(pattern, from = this.facts.length, patience = {}) {
    return until(`pattern ${pattern}`, () => this.shown(pattern, from), { everyMs: 2, ...patience });
  }

  // Holds a card to the head for a moment. Resolves with the facts from then on and when the head had seen it.
  async hold(card) {
    const from = this.facts.length;
    this.module.card = Buffer.from(card, "hex");
    const at = performance.now();
    this.module.told = false;
    await until("the head to ask for the card", () => this.module.told, { everyMs: 2 });
    await sleep(60);
    this.module.card = undefined;
    return { from, at };
  }
  // … until the answer `pattern` is shown; resolves with the milliseconds from the head's first blink to it.
  async tap(card, pattern) {
    const { from } = await this.hold(card);
    const { ms } = await this.showing(pattern, from);
    return ms - this.shown(PATTERN.seen, from).ms;
  }
}
