// The whole house in one folder: broker, daemon, dashboard, a terminal for each room and the bus with their readers. Every
// program runs on the example of config/ with other paths, so the examples are what is tested.

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Bus } from "./bus.mjs";
import { configureBroker, makeAuthority } from "./broker.mjs";
import { writeSchool } from "./files.mjs";
import { freePort, program, rootFile, run, Stage, until } from "./stage.mjs";

export const SCHOOL = "kastanjeskolan";
export const RULES = rootFile("config/rules.cfg");

// An example file with some values replaced: { key: value }, a text, number, boolean or list. Every key must be there.
export function derive(example, values) {
  let text = readFileSync(rootFile(example), "utf8");
  for (const [key, value] of Object.entries(values)) {
    const line = new RegExp(`^(\\s*)(?:(?://|#)\\s*)?${key}\\s*=\\s*(?:\\([^]*?\\)|[^;]*);`, "m");
    if (!line.test(text)) throw new Error(`${example} has no ${key}`);
    text = text.replace(line, (_, indent) => `${indent}${key} = ${libconfig(value)};`);
  }
  return text;
}

const libconfig = (value) =>
  Array.isArray(value) ? `( ${value.map(libconfig).join(", ")} )` : (value?.raw ?? JSON.stringify(value));

export class House {
  // `terminals`: { terminal_id: [reader address…] }. `onEnd(label, code)` hears of programs that end by themselves. `address`
  // is where the broker listens for terminals. `enrols`: terminals have no certificates before a test enrols them.
  constructor({ terminals, onEnd, address = "127.0.0.1", enrols = false }) {
    this.stage = new Stage();
    this.terminals = terminals;
    this.onEnd = onEnd;
    this.address = address;
    this.enrols = enrols;
    this.control = this.stage.path("control.sock");
    this.admin = this.stage.path("admin.sock");
    this.database = this.stage.path("data", "attendance.db");
  }

  async prepare() {
    const { stage } = this;
    for (const folder of ["data", "web", "terminals"]) mkdirSync(stage.path(folder));
    writeFileSync(stage.path("token.key"), `${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
    this.authority = makeAuthority(stage.path("certificates"), [this.address, "localhost"], SCHOOL);
    this.broker = configureBroker(stage.path("broker"), {
      authority: this.authority,
      port: await freePort(),
      school: SCHOOL,
      address: this.address,
    });
    this.webPort = await freePort();
    this.url = `http://127.0.0.1:${this.webPort}`;
    this.#writeConfigs();
  }

  #writeConfigs() {
    const { stage } = this;
    writeFileSync(
      stage.path("narvarod.cfg"),
      derive("config/narvarod.cfg", {
        school: SCHOOL,
        database: this.database,
        control_socket: this.control,
        control_users: [],
        rules: RULES,
        token_key_file: stage.path("token.key"),
        host: this.broker.socket,
        port: 0,
      }),
    );
    writeFileSync(
      stage.path("narvaro-web.cfg"),
      derive("config/narvaro-web.cfg", {
        listen: `127.0.0.1:${this.webPort}`,
        over_tls: false,
        attendance: this.database,
        state: stage.path("web"),
        admin_socket: this.admin,
        control_socket: this.control,
      }),
    );
    for (const name of Object.keys(this.terminals)) this.writeTerminalConfig(name);
  }

  writeTerminalConfig(name, certificate = this.authority[this.enrols ? "place" : "issue"](name)) {
    const readers = this.terminals[name].map((address) => ({ raw: `{ address = ${address}; }` }));
    mkdirSync(this.stage.path("terminals", name), { recursive: true });
    writeFileSync(
      this.stage.path(`${name}.cfg`),
      derive("config/narvaro-terminal.cfg", {
        school: SCHOOL,
        terminal: name,
        token_key_file: this.stage.path("token.key"),
        journal_file: this.stage.path("terminals", name, "journal"),
        cache_folder: this.stage.path("terminals", name, "cache"),
        host: this.address,
        port: this.broker.port,
        ca_file: certificate.ca ?? this.authority.ca,
        certificate_file: certificate.cert,
        key_file: certificate.key,
        device: this.stage.path(`bus-${name}`),
        baud: 19200,
        parity: "N",
        readers,
      }),
    );
  }

  async startBroker() {
    this.stage.start("broker", "mosquitto", ["-c", this.broker.config], { onEnd: this.onEnd });
    await until(
      "the broker",
      () => run("mosquitto_pub", ["--unix", this.broker.socket, "-t", "x", "-m", "x"]).status === 0,
    );
  }

  #startProgram(label, name, config, clock) {
    const demo = clock ? ["--demo-clock", clock.option] : [];
    return this.stage.start(label, program(name), ["--config", this.stage.path(config), ...demo], {
      onEnd: this.onEnd,
    });
  }

  async startDaemon(clock) {
    this.#startProgram("narvarod", "narvarod", "narvarod.cfg", clock);
    await until("narvarod", () => this.narvaro("status", "--socket", this.control).status === 0);
  }
  async startWeb(clock) {
    this.#startProgram("narvaro-web", "narvaro-web", "narvaro-web.cfg", clock);
    await until("narvaro-web", () =>
      fetch(`${this.url}/`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
  }
  startTerminal(name, clock) {
    return this.#startProgram(name, "narvaro-terminal", `${name}.cfg`, clock);
  }
  async startBus() {
    this.bus = new Bus(this.stage, this.terminals, { onEnd: this.onEnd });
    await this.bus.ready;
  }

  narvaro(...args) {
    return run(program("narvaro"), args);
  }
  importSchool(school) {
    writeSchool(this.stage.path("school"), school);
    const { status, stdout, stderr } = this.narvaro(
      "import",
      this.stage.path("school"),
      "--commit",
      "--socket",
      this.control,
    );
    if (status !== 0) throw new Error(`narvaro import: ${stdout}${stderr}`);
  }
  addUser(user, password, { name, role, namedFor = [] }) {
    const named = namedFor.flatMap((pupil) => ["--named-for", pupil]);
    return run(
      program("narvaro"),
      ["user", "add", user, "--name", name, "--role", role, "--password-stdin", "--socket", this.admin, ...named],
      { input: `${password}\n` },
    );
  }
  // Rows of a query on the attendance database, read-only, beside the daemon.
  query(sql) {
    const { status, stdout, stderr } = run("sqlite3", ["-readonly", "-json", this.database, sql]);
    if (status !== 0) throw new Error(`sqlite3: ${stderr}`);
    return stdout.trim() ? JSON.parse(stdout) : [];
  }
}
