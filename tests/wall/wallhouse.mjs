// Four rooms on a school morning in real processes: terminals on emulated buses, Mosquitto with certificates, the daemon.
// What goes wrong when is the table in run.mjs; here is how.

import { Bus } from "../demo/bus.mjs";
import { CivilClock } from "../demo/civilclock.mjs";
import { makeDemo } from "../demo/files.mjs";
import { House } from "../demo/house.mjs";
import { stream } from "../demo/random.mjs";
import { newCard } from "../demo/school.mjs";
import { sleep, testProgram } from "../demo/stage.mjs";

const READERS = [
  [1, 2, 3],
  [1, 2, 3],
  [1, 2],
  [1, 2],
];
const ABSENT = [[], [], [4, 5], []]; // in the settings and nowhere on the line
const REPEAT_MS = 61_000; // the terminals' repeat_s, and a little
const TAP_EVERY_MS = [700, 3300];
const VISITORS = 0.15; // pupils of another class
const STRANGERS = 0.05; // cards that nobody knows
const TWICE = 0.08; // the same card at once again
export const CLOCKLESS = 3; // the terminal on a board without a clock

export class WallHouse extends House {
  constructor({ onEnd }) {
    const { school, now } = makeDemo({ classes: READERS.length, periods: 6, today: "2026-11-19", time: "10:25" });
    const names = school.terminals.map((t) => t.terminal_id);
    const readersOf = (lists) => Object.fromEntries(names.map((name, i) => [name, lists[i]]));
    super({ terminals: readersOf(READERS.map((present, i) => [...present, ...ABSENT[i]])), onEnd });
    Object.assign(this, { school, names, present: readersOf(READERS), absent: readersOf(ABSENT), outages: {} });
    this.clock = new CivilClock(now, 1);
  }

  // All is there but the broker: the terminals start without it.
  async open() {
    await this.prepare();
    await this.startBroker();
    await this.startDaemon(this.clock);
    this.importSchool({ ...this.school, taps: [], absences: [] });
    this.bus = new Bus(this.stage, this.present, { onEnd: this.onEnd });
    await this.bus.ready;
    await this.stage.stop("broker", "SIGKILL");
    this.#count("broker down");
    for (const [i, name] of this.names.entries())
      i === CLOCKLESS ? this.startWithoutClock(name) : this.startTerminal(name, this.clock);
  }

  #count(what) {
    this.outages[what] = (this.outages[what] ?? 0) + 1;
  }

  startWithoutClock(name) {
    this.#count("clock unset at boot");
    const clock = new CivilClock(Date.parse("2000-01-01T00:00:00Z"), 1);
    this.stage.start(
      name,
      testProgram("clockless-terminal"),
      ["--config", this.stage.path(`${name}.cfg`), "--demo-clock", clock.option],
      { onEnd: this.onEnd },
    );
  }

  async loseBroker() {
    this.#count("broker down");
    await this.stage.stop("broker", "SIGKILL");
  }
  async loseDaemon() {
    this.#count("daemon down");
    await this.stage.stop("narvarod", "SIGKILL");
  }
  unplug(name) {
    this.#count("bus unplugged");
    this.bus.tell("unplug", name);
  }
  plug(name) {
    this.bus.tell("plug", name);
  }
  mute(name, ...readers) {
    for (const reader of readers) {
      this.#count("reader missing");
      this.bus.tell("mute", name, reader);
    }
  }
  unmute(name, ...readers) {
    for (const reader of readers) this.bus.tell("unmute", name, reader);
  }
  // Power off in the middle of anything; back without a clock.
  async cutPower(name) {
    this.#count("power cut of a terminal");
    this.cut = { name, boot_ms: this.clock.bootMsOf(this.clock.utcMs()) };
    await this.stage.stop(name, "SIGKILL");
    this.startWithoutClock(name);
  }

  // Pupils of all four rooms tap until `over()`.
  async traffic(over) {
    const used = new Set(this.school.cards.map(({ card }) => card));
    await Promise.all(this.names.map((name, i) => this.#room(name, i, used, over)));
  }

  // At this hour each class is in its own room.
  async #room(name, index, used, over) {
    const random = stream("wall", name);
    const classOf = new Map(this.school.pupils.map((pupil) => [pupil.pupil_id, pupil.class]));
    const own = this.school.pupils[index * (this.school.pupils.length / this.names.length)].class;
    const [at_home, visitors] = [[], []];
    for (const { card, pupil_id } of this.school.cards) (classOf.get(pupil_id) === own ? at_home : visitors).push(card);
    const rested_ms = new Map(); // card → when it may be held up again
    for (;;) {
      await sleep(random.between(...TAP_EVERY_MS));
      if (over()) return;
      const reader = random.pick(this.present[name]);
      const rested = random
        .shuffled(random.chance(VISITORS) ? visitors : at_home)
        .find((card) => Date.now() > (rested_ms.get(card) ?? 0));
      const card = !rested || random.chance(STRANGERS) ? newCard(random, used) : rested;
      rested_ms.set(card, Date.now() + REPEAT_MS);
      this.bus.tap(name, reader, card);
      if (random.chance(TWICE)) await sleep(1000).then(() => this.bus.tap(name, reader, card));
    }
  }
}
