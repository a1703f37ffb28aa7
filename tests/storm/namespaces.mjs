// Two machines in one: a namespace for the broker, one for the terminals, a cable between them that can be pulled, slowed
// and made to lose packets. Both are gone at the end.

import { run } from "../demo/stage.mjs";

export const BROKER_ADDRESS = "10.203.0.1";
const TERMINAL_ADDRESS = "10.203.0.2";

export class Cable {
  constructor() {
    const id = process.pid.toString(36);
    [this.here, this.there] = [`narvaro-b-${id}`, `narvaro-t-${id}`];
    process.on("exit", () => this.remove());
  }

  // Why the kernel refuses, or undefined.
  lay() {
    const steps = [
      ["ip", "netns", "add", this.here],
      ["ip", "netns", "add", this.there],
      ["ip", "-n", this.here, "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", this.there],
      ...[this.here, this.there].flatMap((side, i) => [
        ["ip", "-n", side, "address", "add", `${[BROKER_ADDRESS, TERMINAL_ADDRESS][i]}/24`, "dev", "wire"],
        ["ip", "-n", side, "link", "set", "lo", "up"],
        ["ip", "-n", side, "link", "set", "wire", "up"],
        ["ip", "netns", "exec", side, "nft", "add table inet storm"],
        ["ip", "netns", "exec", side, "nft", "add chain inet storm in { type filter hook input priority 0; }"],
      ]),
    ];
    for (const [command, ...args] of steps) {
      const { status, stderr } = attempt(command, args);
      if (status !== 0) return `${[command, ...args].join(" ")}: ${stderr.trim()}`;
    }
    return undefined;
  }

  remove() {
    for (const side of [this.here, this.there]) attempt("ip", ["netns", "delete", side]);
  }

  #both(...words) {
    for (const side of [this.here, this.there]) must("ip", ["netns", "exec", side, ...words]);
  }
  // From here on until mend(): share of the packets that get lost, in per cent, each way.
  lose(percent) {
    this.#both("nft", `add rule inet storm in iifname wire numgen random mod 100 < ${percent} drop`);
  }
  // Nothing goes through in the one direction that ends `where` ("here" or "there").
  deafen(where) {
    must("ip", ["netns", "exec", this[where], "nft", "add rule inet storm in iifname wire drop"]);
  }
  slow(kbit) {
    this.#both(
      "tc",
      "qdisc",
      "add",
      "dev",
      "wire",
      "root",
      "tbf",
      "rate",
      `${kbit}kbit`,
      "burst",
      "1600",
      "latency",
      "800ms",
    );
  }
  pull() {
    must("ip", ["-n", this.here, "link", "set", "wire", "down"]);
  }
  mend() {
    must("ip", ["-n", this.here, "link", "set", "wire", "up"]);
    this.#both("nft", "flush chain inet storm in");
    for (const side of [this.here, this.there])
      attempt("ip", ["netns", "exec", side, "tc", "qdisc", "del", "dev", "wire", "root"]);
  }
}

function attempt(command, args) {
  try {
    return run(command, args);
  } catch (error) {
    return { status: -1, stderr: error.message };
  }
}

function must(command, args) {
  const { status, stderr } = attempt(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
}
