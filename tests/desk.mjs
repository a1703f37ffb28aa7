// One real terminal with two emulated readers and a real Mosquitto, and in the daemon's place Mosquitto's own command-line
// clients: nothing here shares code with the terminal.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { createInterface } from "node:readline";
import { makeAuthority } from "./demo/broker.mjs";
import { Bus } from "./demo/bus.mjs";
import { CivilClock } from "./demo/civilclock.mjs";
import { derive } from "./demo/house.mjs";
import { freePort, program, rootFile, run, Stage, until } from "./demo/stage.mjs";

export const SCHOOL = "skolan";
export const TERMINAL = "t-1";
export const KEY = "000102030405060708090a0b0c0d0e0f";
const TOPIC = `narvaro/1/${SCHOOL}`;

export class Desk {
  // `settings` go into the terminal's file, `secure` puts TLS with certificates between terminal and broker. `guests` are
  // addresses of readers that are programs of their own on the emulated bus. A reader
  // may be { address, model, profile }: a commercial one. `baud` is the line's and the terminal's.
  static async open({
    settings = {},
    secure = false,
    brokerText = "",
    readers = [1, 2],
    guests = [],
    baud = 19200,
    command = [program("narvaro-terminal")],
  } = {}) {
    const desk = Object.assign(new Desk(), {
      stage: new Stage(),
      heard: [],
      runs: 0,
      readers: [...readers, ...guests],
      command,
    });
    const { stage } = desk;
    desk.clock = new CivilClock(Date.parse("2026-09-01T08:00:00Z"), 1);
    desk.port = await freePort();
    desk.backPort = await freePort();
    if (secure) desk.authority = makeAuthority(stage.path("certificates"), ["localhost"]);
    desk.configureBroker(brokerText);
    writeFileSync(stage.path("token.key"), `${KEY}\n`);
    mkdirSync(stage.path("cache"));
    desk.writeSettings({ baud, ...settings });
    desk.bus = new Bus(stage, {
      [`${TERMINAL}@${baud}`]: [
        ...readers
          .filter(({ host, keyboard }) => !host && !keyboard)
          .map((reader) => (reader.model ? `${reader.address}:${reader.model}` : reader)),
        ...guests.map(() => "+"),
      ],
    });
    await desk.bus.ready;
    return desk;
  }

  // Two ways in: the terminal's, and one for the daemon's part that nobody guards.
  configureBroker(text) {
    const lines = [
      "per_listener_settings true",
      "log_dest stderr",
      `user ${userInfo().username}`,
      `listener ${this.backPort} 127.0.0.1`,
      "allow_anonymous true",
      `listener ${this.port} 127.0.0.1`,
    ];
    if (this.authority) {
      const { ca, cert, key } = this.authority;
      lines.push(
        `cafile ${ca}`,
        `certfile ${cert}`,
        `keyfile ${key}`,
        "require_certificate true",
        "use_identity_as_username true",
      );
    }
    writeFileSync(this.stage.path("broker.conf"), `${lines.join("\n")}\n${text || "allow_anonymous true"}\n`);
  }

  writeSettings(settings) {
    const certificate = this.authority?.issue(TERMINAL);
    const text = derive("config/narvaro-terminal.cfg", {
      school: SCHOOL,
      terminal: TERMINAL,
      token_key_file: this.stage.path("token.key"),
      journal_file: this.stage.path("journal"),
      cache_folder: this.stage.path("cache"),
      host: "localhost",
      port: this.port,
      reconnect_most_s: 1,
      keepalive_s: 5,
      ca_file: this.authority?.ca ?? "",
      certificate_file: certificate?.cert ?? "",
      key_file: certificate?.key ?? "",
      device: this.stage.path(`bus-${TERMINAL}`),
      parity: "N",
      readers: this.readers.map((reader) => ({
        raw: reader.profile
          ? `{ address = ${reader.address}; profile = "${rootFile(`config/readers/${reader.profile}.cfg`)}"; ${reader.host ? `host = "${reader.host}"; port = ${reader.port}; ` : ""}}`
          : reader.keyboard
            ? `{ address = ${reader.address}; keyboard = "${reader.keyboard}"; form = "${reader.form}"; }`
            : `{ address = ${reader.address ?? reader}; }`,
      })),
      ...settings,
    });
    writeFileSync(this.stage.path("terminal.cfg"), text);
  }

  async startBroker() {
    this.stage.start("broker", "mosquitto", ["-c", this.stage.path("broker.conf")]);
    await until("the broker", () => this.say("probe", {}).status === 0);
    const child = this.stage.start(
      `ear-${++this.runs}`,
      "mosquitto_sub",
      ["-h", "127.0.0.1", "-p", this.backPort, "-q", "1", "-v", "-t", `${TOPIC}/#`],
      { stdio: ["ignore", "pipe"] },
    );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const space = line.indexOf(" ");
      const topic = line.slice(TOPIC.length + 1, space);
      const ours = ["event", "state"].some((leaf) => topic === `${TERMINAL}/${leaf}`); // the rest is what we said ourselves
      this.heard.push({ topic, message: ours ? JSON.parse(line.slice(space + 1)) : undefined });
    });
    this.say("ping", {});
    await until("the ear", () => {
      this.say("ping", {});
      return this.heard.some(({ topic }) => topic === "ping");
    });
    this.heard = [];
  }
  async killBroker() {
    await this.stage.stop("broker", "SIGKILL");
    await this.stage.stop(`ear-${this.runs}`);
  }

  startTerminal(demoClock = true) {
    const [command, ...words] = this.command;
    this.child = this.stage.start("terminal", command, [
      ...words,
      "--config",
      this.stage.path("terminal.cfg"),
      ...(demoClock ? ["--demo-clock", this.clock.option] : []),
    ]);
  }
  stopTerminal(signal) {
    return this.stage.stop("terminal", signal);
  }

  // As the daemon, or as anybody.
  say(leaf, message, { retain = false } = {}) {
    return run("mosquitto_pub", [
      "-h",
      "127.0.0.1",
      "-p",
      String(this.backPort),
      "-q",
      "1",
      ...(retain ? ["-r"] : []),
      "-t",
      `${TOPIC}/${leaf}`,
      "-m",
      typeof message === "string" ? message : JSON.stringify(message),
    ]);
  }
  sayDaemon(state) {
    this.say("daemon/state", { v: 1, state, at_ms: Date.parse("2026-09-01T08:00:00Z") }, { retain: true });
  }
  sayReceipt(gen, upto) {
    this.say(`${TERMINAL}/receipt`, { v: 1, gen, upto, refused: [] });
  }

  // Every event heard, repeats included.
  get events() {
    return this.heard.filter(({ topic }) => topic === `${TERMINAL}/event`).flatMap(({ message }) => message);
  }
  // Waits for so many taps, giving receipts on the way: without any the terminal stops after four messages.
  journalled(count) {
    return until(
      `${count} taps`,
      () => {
        const last = this.events.at(-1);
        if (last) this.sayReceipt(last.gen, last.seq);
        return this.taps.length >= count;
      },
      { everyMs: 100 },
    );
  }

  get taps() {
    return this.events.filter(({ kind }) => kind === "tap");
  }
  get states() {
    return this.heard.filter(({ topic }) => topic === `${TERMINAL}/state`).map(({ message }) => message);
  }
  get log() {
    const file = this.stage.path("log", "terminal.log");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  async readersUp() {
    await until("the readers", () => this.log.split("reader up").length > this.readers.length);
  }
  // What the lamp showed for one tap.
  async tap(reader, card) {
    const before = this.bus.lamps.length;
    this.bus.tap(TERMINAL, reader, card);
    await until(`a lamp for ${card}`, () => this.bus.lamps.length > before);
    return this.bus.lamps.at(-1);
  }

  end() {
    return this.stage.end();
  }
}

// A test's body with a desk of its own, and the programs' last words when it fails.
export const withDesk = (options, body) => async () => {
  const desk = await Desk.open(options);
  try {
    await body(desk);
  } catch (error) {
    error.message += `\n${desk.stage.lastWords(12)}`;
    throw error;
  } finally {
    await desk.end();
  }
};
export const ready = async (desk) => {
  desk.sayDaemon("ready");
  desk.startTerminal();
  await desk.readersUp();
};
