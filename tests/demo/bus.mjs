// The emulated RS-485 buses with their reader heads (tests/bus): where the simulated pupils hold their cards.

import { createInterface } from "node:readline";
import { testProgram } from "./stage.mjs";

export class Bus {
  // `buses`: { name: [address…] }
  constructor(stage, buses, { onEnd } = {}) {
    this.taps = []; // { boot_ms, bus, reader, card }
    this.lamps = []; // { boot_ms, bus, reader, pattern, card, latency_ms }
    this.silent = []; // the same for answers that came too late to be shown
    this.released = []; // cards that commercial readers were set free of
    this.troubles = []; // taps that no lamp answered as it should
    const words = Object.entries(buses).map(([name, readers]) => `${name}=${readers.join(",")}`);
    this.child = stage.start("bus", testProgram("bus-emulator"), ["--directory", stage.folder, ...words], {
      stdio: ["pipe", "pipe"],
      onEnd,
    });
    this.child.stdin.on("error", () => {});
    this.ready = new Promise((resolve, reject) => {
      this.child.once("error", reject).once("close", () => reject(new Error("the emulated bus has ended")));
      createInterface({ input: this.child.stdout }).on("line", (line) => this.#hear(line.split(" "), resolve));
    });
  }

  #hear([boot_ms, word, bus, reader, ...rest], resolve) {
    const at = { boot_ms: Number(boot_ms), bus, reader };
    if (word === "ready") resolve();
    else if (word === "tapped") this.taps.push({ ...at, card: rest[0].toUpperCase() });
    else if (word === "lamp" || word === "silent")
      this[word === "lamp" ? "lamps" : "silent"].push({
        ...at,
        pattern: rest[0],
        card: rest[1].toUpperCase(),
        latency_ms: Number(rest[2]),
      });
    else if (word === "released") this.released.push({ ...at, card: rest[0].toUpperCase() });
    if (["dropped", "silent", "lost", "error", "out"].includes(word))
      this.troubles.push([word, bus, reader, ...rest].join(" "));
  }

  tell(...words) {
    this.child.stdin.write(`${words.join(" ")}\n`);
  }
  tap(bus, reader, card) {
    this.tell("tap", bus, reader, card);
  }
}
