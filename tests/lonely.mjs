// A real narvarod that no terminal speaks to, at any civil time: for what the command line asks of it. It has a broker, for
// without one it decides no day.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { CivilClock } from "./demo/civilclock.mjs";
import { derive } from "./demo/house.mjs";
import { program, rootFile, run, Stage, until } from "./demo/stage.mjs";

export class Lonely {
  // `rules`: the text of a rules file; the default ones otherwise.
  constructor({ rules, settings = {} } = {}) {
    this.stage = new Stage();
    this.rules = rules === undefined ? rootFile("config/rules.cfg") : this.stage.path("rules.cfg");
    if (rules !== undefined) writeFileSync(this.rules, rules);
    this.control = this.stage.path("control");
    this.database = this.stage.path("attendance.db");
    this.broker = this.stage.path("broker.sock");
    writeFileSync(this.stage.path("token.key"), "00112233445566778899aabbccddeeff\n", { mode: 0o600 });
    writeFileSync(
      this.stage.path("narvarod.cfg"),
      derive("config/narvarod.cfg", {
        database: this.database,
        control_socket: this.control,
        control_users: [],
        rules: this.rules,
        token_key_file: this.stage.path("token.key"),
        host: this.broker,
        port: 0,
        ...settings,
      }),
    );
  }

  // It is that time now (UTC, as text). A daemon that runs is started again.
  async at(time) {
    if (!existsSync(this.broker)) await this.startBroker();
    await this.stage.stop("narvarod");
    const clock = new CivilClock(Date.parse(time), 1);
    this.stage.start("narvarod", program("narvarod"), [
      "--config",
      this.stage.path("narvarod.cfg"),
      "--demo-clock",
      clock.option,
    ]);
    await until("narvarod, heard", () => /^link_up=true$/m.test(this.narvaro("status").stdout));
  }

  async startBroker() {
    const config = this.stage.path("broker.conf");
    writeFileSync(
      config,
      `listener 0 ${this.broker}\nallow_anonymous true\nlog_dest stderr\nuser ${userInfo().username}\n`,
    );
    this.stage.start("broker", "mosquitto", ["-c", config]);
    await until("the broker", () => existsSync(this.broker));
  }

  async restartBroker() {
    await this.stage.stop("broker");
    rmSync(this.broker, { force: true });
    await this.startBroker();
  }

  narvaro(command, ...words) {
    return run(program("narvaro"), [command, ...words, "--socket", this.control]);
  }
  // What a command that must succeed printed.
  tell(...words) {
    const { status, stdout, stderr } = this.narvaro(...words);
    if (status !== 0) throw new Error(`narvaro ${words.join(" ")}: ${stderr}`);
    return stdout;
  }
  // Status 3, too, when the daemon is not heard just now, is an answer.
  status() {
    const { status, stdout, stderr } = this.narvaro("status");
    if (status !== 0 && status !== 3) throw new Error(`narvaro status: ${stderr}`);
    return new Map(
      stdout
        .trim()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  }

  // `school`: { file name without .csv: its text }. Waits until flags are decided through that date.
  async import(school, decidedThrough) {
    const folder = this.stage.path(`school-${(this.imports = (this.imports ?? 0) + 1)}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(school)) writeFileSync(`${folder}/${name}.csv`, text);
    this.tell("import", folder, "--commit");
    await until(
      `flags decided through ${decidedThrough}`,
      () => this.status().get("decided_through") === decidedThrough,
    );
  }

  end() {
    return this.stage.end();
  }
}

// The files of a folder of tests/vectors, by name.
export function schoolFiles(name, files) {
  return Object.fromEntries(
    files.map((file) => [file, readFileSync(rootFile(`tests/vectors/${name}/${file}.csv`), "utf8")]),
  );
}
