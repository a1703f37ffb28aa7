// A school's machine in a folder: settings, token key and a folder that stands for the authority in one place, each program's
// database in another, as docs/operating.md has them; narvarod and narvaro-web with a broker, on the small school's day.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { CivilClock } from "./demo/civilclock.mjs";
import { derive } from "./demo/house.mjs";
import { program, run, Stage, until } from "./demo/stage.mjs";
import { admin, PASSWORD, sqlite } from "./fixture.mjs";
import { NOW, RULES, SCHOOL } from "./small_school.mjs";

export class Machine {
  constructor(school = "ekskolan") {
    this.stage = new Stage();
    const path = (...names) => this.stage.path(...names);
    this.settings = path("settings");
    this.database = path("data", "attendance.db");
    this.casebook = path("web", "casebook.db");
    this.control = path("control");
    this.admin = path("admin");
    this.work = path("work");
    for (const folder of ["settings/ca", "data", "web"]) mkdirSync(path(folder), { recursive: true });
    writeFileSync(join(this.settings, "token.key"), "00112233445566778899aabbccddeeff\n", { mode: 0o600 });
    writeFileSync(join(this.settings, "ca", "ca.key"), "only the authority has this\n", { mode: 0o600 });
    writeFileSync(join(this.settings, "rules.cfg"), RULES);
    writeFileSync(
      join(this.settings, "narvarod.cfg"),
      derive("config/narvarod.cfg", {
        school,
        database: this.database,
        control_socket: this.control,
        control_users: [],
        rules: join(this.settings, "rules.cfg"),
        token_key_file: join(this.settings, "token.key"),
        host: path("broker.sock"),
        port: 0,
      }),
    );
    writeFileSync(
      join(this.settings, "narvaro-web.cfg"),
      `listen = "127.0.0.1:0"; over_tls = false; attendance = "${this.database}"; state = "${path("web")}";
admin_socket = "${this.admin}"; control_socket = "${this.control}";\n`,
    );
  }

  narvaro(...words) {
    return run(program("narvaro"), words);
  }
  // A command about this machine, as words; and what it says.
  words(command, ...words) {
    return [program("narvaro"), command, "--settings", this.settings, "--work", this.work, ...words];
  }
  own(...words) {
    const [narvaro, ...rest] = this.words(...words);
    return run(narvaro, rest);
  }

  async start(now = NOW) {
    const clock = ["--demo-clock", new CivilClock(Date.parse(now), 1).option];
    const socket = this.stage.path("broker.sock");
    const broker = this.stage.path("broker.conf");
    writeFileSync(broker, `listener 0 ${socket}\nallow_anonymous true\nlog_dest stderr\nuser ${userInfo().username}\n`);
    const told = this.log("narvaro-web").length;
    this.stage.start("broker", "mosquitto", ["-c", broker]);
    for (const name of ["narvarod", "narvaro-web"])
      this.stage.start(name, program(name), ["--config", join(this.settings, `${name}.cfg`), ...clock]);
    await until("narvarod, heard", () => /^link_up=true$/m.test(this.status()), { everyMs: 100 });
    await until("narvaro-web", () => / ready /.test(this.log("narvaro-web").slice(told)), { everyMs: 100 });
  }
  async stop(signal) {
    for (const name of ["narvaro-web", "narvarod", "broker"]) await this.stage.stop(name, signal);
  }
  status() {
    return this.narvaro("status", "--socket", this.control).stdout;
  }
  log(name) {
    const file = this.stage.path("log", `${name}.log`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  import(files) {
    const folder = this.stage.path(`school-${(this.imports = (this.imports ?? 0) + 1)}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), text);
    const { status, stderr } = this.narvaro("import", folder, "--commit", "--socket", this.control);
    if (status !== 0) throw new Error(stderr);
  }
  // The small school, with flags decided, and two users.
  async settle() {
    await this.start();
    this.import(SCHOOL);
    await until("flags", () => /^decided_through=2026-11-19$/m.test(this.status()), { everyMs: 100 });
    for (const user of ["kim", "vera"]) await this.addUser(user);
  }
  async addUser(user) {
    const reply = await admin(this.admin, { do: "user_add", user, name: user, role: "eht", password: PASSWORD });
    if (!reply.ok) throw new Error(reply.errors.join());
  }

  end() {
    return this.stage.end();
  }
}

// All rows of a database in their order, by the sqlite3 program.
export const dump = (database) => sqlite(database, ".dump");

// What only a protected identity adds to the small school.
export const PROTECTED = {
  pupils: "pupil_id,given_name,family_name,class,year,protected,from,to\nq-hidden,Skyddad,Elev,7A,7,1,2026-08-01,\n",
};
