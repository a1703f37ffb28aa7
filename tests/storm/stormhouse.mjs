// A house under load: two real terminals on emulated buses, and as many with busy readers in their own process
// (tests/storm/bus.c) as the rate needs. Every tap is another card's, so each must be one row in the database.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { CivilClock } from "../demo/civilclock.mjs";
import { makeDemo } from "../demo/files.mjs";
import { House } from "../demo/house.mjs";
import { Observer } from "../demo/observer.mjs";
import { stream } from "../demo/random.mjs";
import { newCard } from "../demo/school.mjs";
import { program, sleep, testProgram, until } from "../demo/stage.mjs";
import { storedToken } from "../naive/siphash.mjs";

const KEPT = ["ok", "late", "other_room", "unknown_card", "recorded"]; // lamps that promise the event is safe
const EMULATED = 2;
const READERS = [1, 2, 3, 4, 5, 6, 7, 8];
const PATIENCE_MS = 45_000; // longer than a terminal waits before it sends again (outbox.h)

export class StormHouse extends House {
  // `loads` terminals with `tapsPerSecond` each beside the EMULATED ones,
  // and `emulatedEveryMs`: how often each terminal on an emulated bus gets a tap. `inNamespace(who, words)` puts a command
  // ("broker" or "terminal") where it is to run; `terminal` are settings of the terminals to change.
  constructor({
    loads,
    tapsPerSecond,
    emulatedEveryMs = 100,
    onEnd,
    address,
    terminal = {},
    inNamespace = (_, words) => words,
  }) {
    const { school, now } = makeDemo({ classes: 12, periods: 4, today: "2026-11-19", time: "09:25" });
    const names = school.terminals.map((t) => t.terminal_id);
    const emulated = names.slice(0, EMULATED);
    const busy = names.slice(EMULATED, EMULATED + loads);
    super({
      terminals: Object.fromEntries([
        ...emulated.map((name) => [name, [1, 2]]),
        ...busy.map((name) => [name, READERS]),
      ]),
      onEnd,
      address,
    });
    const flooder = names[EMULATED + loads]; // has a certificate and no program (flooder.mjs)
    Object.assign(this, { school, emulated, busy, flooder, inNamespace, emulatedEveryMs, terminalSettings: terminal });
    this.clock = new CivilClock(now, 1);
    process.env.STORM_TAPS_PER_S = String(tapsPerSecond);
    this.quiet = true;
  }

  async open() {
    await this.prepare();
    this.hush(true);
    await Promise.all([this.startBroker(), this.startEmulators()]);
    await this.startDaemon(this.clock);
    this.importSchool({ ...this.school, taps: [], absences: [] });
    await this.startWeb(this.clock);
    for (const name of [...this.emulated, ...this.busy]) this.startTerminal(name);
    await sleep(3000);
  }

  async startEmulators() {
    const all = this.terminals;
    this.terminals = Object.fromEntries(this.emulated.map((name) => [name, all[name]]));
    await this.startBus();
    this.terminals = all;
  }

  writeTerminalConfig(name) {
    super.writeTerminalConfig(name);
    const file = this.stage.path(`${name}.cfg`);
    let text = readFileSync(file, "utf8");
    for (const [key, value] of Object.entries(this.terminalSettings))
      text = text.replace(new RegExp(`^( *${key} = ).*;`, "m"), `$1${JSON.stringify(value)};`);
    writeFileSync(file, text);
  }

  async startBroker() {
    const [command, ...args] = this.inNamespace("broker", ["mosquitto", "-c", this.broker.config]);
    this.stage.start("broker", command, args, { onEnd: this.onEnd });
    await until("the broker's socket", () => existsSync(this.broker.socket));
  }

  startTerminal(name) {
    const path = this.busy.includes(name) ? testProgram("storm-terminal") : program("narvaro-terminal");
    const demo = ["--demo-clock", this.clock.option];
    const [command, ...args] = this.inNamespace("terminal", [
      path,
      "--config",
      this.stage.path(`${name}.cfg`),
      ...demo,
    ]);
    return this.stage.start(name, command, args, { onEnd: this.onEnd });
  }

  hush(quiet) {
    this.quiet = quiet;
    for (const name of this.busy) {
      const file = this.stage.path(`bus-${name}.quiet`);
      if (quiet) writeFileSync(file, "");
      else rmSync(file, { force: true });
    }
  }

  // Pupils tap at all readers for so long.
  async tapFor(ms) {
    const random = (this.random ??= stream("storm"));
    const cards = (this.cards ??= new Set(this.school.cards.map((c) => c.card)));
    const end = Date.now() + ms;
    this.hush(false);
    while (Date.now() < end) {
      for (const name of this.emulated) this.bus.tap(name, random.pick(this.terminals[name]), newCard(random, cards));
      await sleep(this.emulatedEveryMs);
    }
    this.hush(true);
  }

  // { tapped: Map token → ms, promised: Map token → ms } of everything so far.
  lampLog() {
    const key = (this.key ??= readFileSync(this.stage.path("token.key"), "utf8").trim());
    this.tokens ??= new Map();
    const token = (card) => {
      if (!this.tokens.has(card)) this.tokens.set(card, String(storedToken(key, card)));
      return this.tokens.get(card);
    };
    const [tapped, promised] = [new Map(), new Map()];
    for (const tap of this.bus.taps) tapped.set(token(tap.card), tap.boot_ms);
    for (const lamp of this.bus.lamps) if (KEPT.includes(lamp.pattern)) promised.set(token(lamp.card), lamp.boot_ms);
    for (const name of this.busy)
      for (const line of linesOf(this.stage.path(`bus-${name}`))) {
        const [ms, what, ...rest] = line.split(" ");
        if (what === "tapped") tapped.set(token(rest[0]), Number(ms));
        else if (KEPT.includes(rest[0])) promised.set(token(rest[1]), Number(ms));
      }
    return { tapped, promised };
  }

  stored() {
    const rows = this.query(
      `SELECT CAST(token AS TEXT) AS token, count(*) AS n FROM event WHERE kind = 'tap' AND terminal_id <> '${this.flooder}' GROUP BY token`,
    );
    return new Map(rows.map((row) => [row.token, row.n]));
  }

  // Waits until everything that a lamp promised is stored, or nothing new comes for longer than any patience. The verdict.
  async settle(everyMs = 1000) {
    const { tapped, promised } = this.lampLog();
    let [size, since] = [-1, Date.now()];
    for (;;) {
      const stored = this.stored();
      const lost = [...promised.keys()].filter((token) => !stored.has(token)).length;
      if (stored.size !== size) [size, since] = [stored.size, Date.now()];
      if (lost === 0 || Date.now() - since > PATIENCE_MS) {
        const afterwards = this.lampLog().tapped; // a tap is written down before it is sent
        return {
          tapped: tapped.size,
          promised: promised.size,
          stored: stored.size,
          lost,
          doubled: [...stored.values()].filter((n) => n !== 1).length,
          invented: [...stored.keys()].filter((token) => !afterwards.has(token)).length,
        };
      }
      await sleep(everyMs);
    }
  }

  // Taps for so long: the verdict, and how long each tap that a lamp promised took to its receipt, in ms.
  async timed(seconds) {
    const observer = new Observer(this, [...this.emulated, ...this.busy]);
    await sleep(500);
    const already = new Set(this.lampLog().promised.keys());
    await this.tapFor(seconds * 1000);
    const verdict = await this.settle();
    await sleep(500);
    const { tapped, promised } = this.lampLog();
    const safe = new Map(
      observer.taps.map(({ event, safe_ms }) => [String(BigInt.asIntN(64, BigInt(`0x${event.token}`))), safe_ms]),
    );
    const waits = [...promised.keys()]
      .filter((token) => !already.has(token))
      .map((token) => safe.get(token) - tapped.get(token));
    return {
      ...verdict,
      rate: Math.round(waits.length / seconds),
      p50: percentile(waits, 0.5),
      p99: percentile(waits, 0.99),
      unheard: waits.filter(Number.isNaN).length,
    };
  }
}

function percentile(list, share) {
  const sorted = [...list].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
}

// Without the line that a kill cut off.
function linesOf(path) {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
}
