// The command line as an admin meets it: help, exit statuses (0 done, 1 failed, 2 not understood), and import and status
// with a real daemon, which needs no broker for that.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { until } from "./demo/stage.mjs";
import { Lonely } from "./lonely.mjs";

const BIN = join(process.env.BUILD ?? "build", "bin");
const lonely = new Lonely();
const { folder } = lonely.stage;
const { control } = lonely;
const vectors = (name) => new URL(`vectors/${name}`, import.meta.url).pathname;
const narvaro = (words, input = "") => spawnSync(join(BIN, "narvaro"), words, { encoding: "utf8", input });

before(() => lonely.at("2026-11-06T12:00:00Z"));
after(() => lonely.end());

test("the database is for its user and group", () => {
  const files = readdirSync(folder).filter((name) => name.startsWith("attendance.db"));
  assert.ok(files.length > 0);
  for (const name of files) assert.equal(statSync(join(folder, name)).mode & 0o027, 0, name);
});

test("every command has a help", () => {
  const help = narvaro(["--help"]);
  assert.equal(help.status, 0);
  const commands = [...help.stdout.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map((m) => m[1]);
  assert.ok(commands.length >= 5, help.stdout);
  for (const command of commands) {
    const one = narvaro([command, "--help"]);
    assert.equal(one.status, 0, command);
    assert.match(one.stdout, new RegExp(`^Usage: narvaro ${command} `), command);
  }
});

test("what is not understood ends with 2", () => {
  for (const words of [
    [],
    ["roll"],
    ["rollcall"],
    ["rollcall", "a", "b"],
    ["import"],
    ["user", "remove", "x"],
    ["check-config"],
    ["status", "x"],
  ]) {
    const { status, stderr } = narvaro(words);
    assert.equal(status, 2, words.join(" "));
    assert.match(stderr, /--help/, words.join(" "));
  }
});

test("rollcall tells every problem and prints nothing", () => {
  const school = join(folder, "broken");
  cpSync(vectors("school-plain"), school, { recursive: true });
  writeFileSync(join(school, "members.csv"), "group_id,pupil_id,from,to\ng-7A,e0000,2026-13-01,\ng-7A,nobody,,\n");
  const { status, stdout, stderr } = narvaro(["rollcall", school]);
  assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
  assert.match(stderr, /^members\.csv:2: from: "2026-13-01" should be a date like 2026-09-01$/m);
  assert.match(stderr, /^members\.csv:3: pupil_id: no pupil is called "nobody"/m);
});

test("a folder without school files is told", () => {
  const { status, stderr } = narvaro(["rollcall", mkdtempSync(join(folder, "empty-"))]);
  assert.equal(status, 1);
  assert.match(stderr, /no school file here/);
});

const importing = (school, ...words) => narvaro(["import", school, "--socket", control, ...words]);
const told = (name) =>
  new Map(
    narvaro(["status", "--socket", control])
      .stdout.split("\n")
      .map((line) => line.split("=")),
  ).get(name);

// Of those of school-plain, by the clock of the daemon, which is the machine's.
const atSchool = () => {
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
  const dates = readFileSync(join(vectors("school-plain"), "pupils.csv"), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(",").slice(-2));
  return String(dates.filter(([from, to]) => (from === "" || from <= today) && (to === "" || today <= to)).length);
};

test("import: dry run first, then all of it, then nothing new", async () => {
  const dry = importing(vectors("school-plain"));
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /^pupils\.csv +52 +52 +0 +0 +0$/m);
  assert.match(dry.stdout, /nothing was changed/);
  assert.equal(told("pupils"), "0");
  const done = importing(vectors("school-plain"), "--commit");
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, /^committed$/m);
  assert.equal(told("pupils"), atSchool());
  const again = importing(vectors("school-plain"), "--commit");
  assert.match(again.stdout, /^taps\.csv +2286 +0 +0 +2286 +0$/m);
  await until("the lessons", () => told("lessons_closed") === "292");
});

test("import: one error anywhere stops all of it", () => {
  const school = join(folder, "half");
  cpSync(vectors("school-plain"), school, { recursive: true });
  const pupils = readFileSync(join(school, "pupils.csv"), "utf8");
  writeFileSync(join(school, "pupils.csv"), `${pupils}e9999,Ny,Elev,7A,7,0,,\n`);
  writeFileSync(join(school, "outages.csv"), "terminal_id,from,to\nt-77,2026-10-12T10:18:00.000Z,\n");
  const { status, stdout, stderr } = importing(school, "--commit");
  assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
  assert.match(stderr, /^outages\.csv:2: terminal_id: no terminal is called "t-77"; it should be in terminals\.csv$/m);
  assert.equal(told("pupils"), atSchool());
});

test("rules apply: a new version with its reason; bad rules never reach the daemon", () => {
  const apply = (file, ...words) =>
    narvaro(["rules", "apply", file, "--why", "pröva lägre tröskel", "--socket", control, ...words]);
  const before = Number(/version (\d+) /.exec(apply("config/rules.cfg").stdout)?.[1]);
  const next = apply("config/rules.cfg", "--author", "rektor", "--from", "2026-11-09");
  assert.equal(next.stdout, `version ${before + 1} of the rules applies\n`, next.stderr);
  const typo = join(folder, "rules.cfg");
  writeFileSync(typo, readFileSync("config/rules.cfg", "utf8").replace(/severity *=/, "severety ="));
  const bad = apply(typo);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /rules\.cfg:\d+: .*severety/);
  assert.equal(narvaro(["rules", "apply", "config/rules.cfg"]).status, 2);
});

const RULE = (id, severity, least, below) => `  { id = "${id}"; severity = ${severity};
    when = ( { measure = "absence_share"; days = 30; min_days = 20; at_least = ${least}; },
             { measure = "spells"; days = 20; offset = 5; at_least = 2; } );
    clear = { measure = "absence_share"; days = 20; below = ${below}; for_days = 5; }; }`;

test("rules list, show and diff: every version, by whom and why; what differs is told rule by rule", () => {
  const rules = (...words) => narvaro(["rules", ...words, "--socket", control]);
  const [one, other] = [join(folder, "one.cfg"), join(folder, "other.cfg")];
  const texts = [
    `rules = (\n${RULE("stays", 2, 12, 8)},\n${RULE("moves", 3, 20, "10.50")},\n${RULE("goes", 1, 5, 4)}\n);\n`,
    `rules = (\n${RULE("moves", 4, 25, "10.50")},\n${RULE("comes", 1, 5, 4)},\n${RULE("stays", 2, 12, 8)}\n);\n`,
  ];
  writeFileSync(one, texts[0]);
  writeFileSync(other, texts[1]);
  assert.equal(rules("apply", one, "--why", "som förr", "--author", "rektor").status, 0);
  assert.equal(rules("apply", other, "--why", "till våren", "--from", "2027-01-11").status, 0);
  const list = rules("list").stdout.trim().split("\n");
  const numbers = list.map((line) => Number(/^ *(\d+) /.exec(line)[1]));
  assert.ok(list.length >= 3);
  assert.match(list[0], /from 2027-01-11 +recorded 2026-11-06T\d\d:\d\dZ by \S+: till våren$/);
  assert.equal(list.filter((line) => line.includes("in force")).length, 1);
  const inForce = list.findIndex((line) => line.includes("in force"));
  assert.match(list[inForce], /from 2026-11-06 +in force +recorded .* by rektor: som förr$/);
  assert.match(list.at(-1), /^ +1 +from the start .* by narvarod: first version, from the settings$/);
  assert.equal(rules("show").stdout, texts[0]);
  assert.equal(rules("show", String(numbers[0])).stdout, texts[1]);
  assert.equal(rules("show", "1").stdout, readFileSync("config/rules.cfg", "utf8"));
  assert.equal(rules("diff", one).stdout, "no rule differs\n");
  const told = `moves: changed
  severity 4
  was: severity 3
  raised when absence_share is at least 25 % over 30 own days, if at least 20 are there; and spells is at least 2 over 20 own days that ended 5 own days ago
  was: raised when absence_share is at least 20 % over 30 own days, if at least 20 are there; and spells is at least 2 over 20 own days that ended 5 own days ago
comes: new
  severity 1
  raised when absence_share is at least 5 % over 30 own days, if at least 20 are there; and spells is at least 2 over 20 own days that ended 5 own days ago
  cleared when absence_share is below 4 % over 20 own days, if at least 10 are there, 5 own days in a row
goes: gone
`;
  assert.equal(rules("diff", other).stdout, told);
  assert.equal(rules("diff", String(numbers[inForce]), String(numbers[0])).stdout, told);
  assert.equal(rules("diff", other, other).stdout, "no rule differs\n");
  assert.match(rules("diff", String(numbers[0] + 1)).stderr, /there is no such version of the rules/);
  assert.equal(rules("diff", join(folder, "nowhere.cfg")).status, 1);
  for (const words of [[], ["list", "x"], ["show", "x"], ["diff"], ["apply", one], ["diff", "1", "2", "3"]])
    assert.equal(rules(...words).status, 2, words.join(" "));
});

test("a rules file that was edited and is not in force is told, by check-config and at the next start", async () => {
  const mine = join(folder, "edited.cfg");
  const settings = join(folder, "narvarod.cfg");
  const check = () => narvaro(["check-config", "--daemon", settings]);
  const before = readFileSync(settings, "utf8");
  writeFileSync(mine, narvaro(["rules", "show", "--socket", control]).stdout.replace("severity = 2", "severity = 3"));
  writeFileSync(settings, before.replace(/^rules = .*$/m, `rules = "${mine}";`));
  const edited = check();
  assert.equal(edited.status, 0, edited.stderr);
  assert.match(
    edited.stderr,
    /edited\.cfg: good, but not in force: version \d+ is, from 2026-11-06; narvaro rules diff /,
  );
  await lonely.at("2026-11-06T13:00:00Z");
  const warnings = () =>
    readFileSync(lonely.stage.path("log", "narvarod.log"), "utf8").match(
      /the rules file is not in force: .*edited\.cfg/g,
    );
  assert.equal(warnings().length, 1);
  assert.equal(narvaro(["rules", "apply", mine, "--why", "nu gäller den", "--socket", control]).status, 0);
  assert.equal(check().stderr, "");
  await lonely.at("2026-11-06T14:00:00Z");
  assert.equal(warnings().length, 1);
  writeFileSync(mine, "rules = (\n");
  const broken = check();
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /edited\.cfg:1: what this line opens is not closed/);
  writeFileSync(settings, before); // the file that the first version was taken from
  await lonely.at("2026-11-06T15:00:00Z");
  const log = readFileSync(lonely.stage.path("log", "narvarod.log"), "utf8");
  assert.match(
    log,
    /the rules file is not in force, it says what another version says file=\S+ version=\d+ in_force=\d+/,
  );
  assert.equal(warnings().length, 1);
});

test("SIGHUP with wrong settings changes nothing; with right ones the daemon ends, to be started with them", async () => {
  const settings = join(folder, "narvarod.cfg");
  const before = readFileSync(settings, "utf8");
  const { child, ended } = lonely.stage.children.get("narvarod");
  const says = (words) => words.test(readFileSync(lonely.stage.path("log", "narvarod.log"), "utf8"));
  for (const [wrong, words] of [
    [
      before.replace("plan_days = 14", "plan_days = 1"),
      /narvarod\.cfg:\d+: plan_days must be a whole number between 2/,
    ],
    [before.replace(/^rules = .*$/m, 'rules = "/nowhere";'), /\/nowhere: cannot be read/],
  ]) {
    writeFileSync(settings, wrong);
    child.kill("SIGHUP");
    await until("the refusal", () => says(words) && says(/the settings are not right: those in force stay problems=1/));
    await until("an answer", () => lonely.narvaro("status").status === 0);
    assert.equal(child.exitCode, null);
  }
  writeFileSync(settings, before);
  child.kill("SIGHUP");
  assert.equal(await ended, 0);
  assert.ok(says(/the settings are right: ending, to be started with them/));
  await lonely.at("2026-11-06T16:00:00Z");
});

test("no card number gets into the database", () => {
  const cards = readFileSync(join(vectors("school-plain"), "cards.csv"), "utf8")
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[0])
    .filter(Boolean);
  const bytes = ["attendance.db", "attendance.db-wal"]
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("");
  assert.ok(bytes.includes("e0000"));
  const held = cards.filter((card) => bytes.includes(card));
  assert.deepEqual(held, []);
});

test("nobody at the socket is told", () => {
  const { status, stderr } = narvaro(["status", "--socket", join(folder, "nobody")]);
  assert.equal(status, 1);
  assert.match(stderr, /is the program running/);
});

test("user add sends the password over the socket, never on the command line", async () => {
  const path = join(folder, "admin");
  const asked = [];
  const server = createServer((peer) =>
    peer.on("data", (bytes) => {
      asked.push(JSON.parse(bytes));
      peer.end(asked.length === 1 ? '{"ok":true}\n' : '{"ok":false,"errors":["password: too short"]}\n');
    }),
  );
  await new Promise((resolve) => server.listen(path, resolve));
  const add = (password) =>
    new Promise((resolve) => {
      const child = spawn(
        join(BIN, "narvaro"),
        [
          "user",
          "add",
          "kim",
          "--name",
          "Kim Ek",
          "--role",
          "rektor",
          "--named-for",
          "e0007",
          "--password-stdin",
          "--socket",
          path,
        ],
        { stdio: ["pipe", "pipe", "pipe"] },
      );
      let out = "";
      child.stdout.on("data", (bytes) => (out += bytes));
      child.stderr.on("data", (bytes) => (out += bytes));
      child.on("close", (status) => resolve({ status, out }));
      child.stdin.end(password);
    });
  assert.deepEqual(await add("korp ekorre vante\n"), { status: 0, out: "user kim added\n" });
  assert.deepEqual(asked[0], {
    do: "user_add",
    user: "kim",
    name: "Kim Ek",
    role: "rektor",
    password: "korp ekorre vante",
    named_for: ["e0007"],
  });
  assert.deepEqual(await add("x\n"), { status: 1, out: "password: too short\n" });
  server.close();
});

test("check-config reads rules and each program's settings", () => {
  const good = narvaro(["check-config", "--rules", "config/rules.cfg", "--daemon", join(folder, "narvarod.cfg")]);
  assert.equal(good.status, 0, good.stderr);
  writeFileSync(
    join(folder, "typo.cfg"),
    readFileSync(join(folder, "narvarod.cfg"), "utf8").replace("plan_days", "plan_dayz"),
  );
  const bad = narvaro(["check-config", "--daemon", join(folder, "typo.cfg")]);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /typo\.cfg:\d+: .*plan_dayz/);
});

test("check-config reads ways to support, and tells what is wrong or too large", () => {
  const table = readFileSync("config/support.cfg", "utf8");
  const mine = join(folder, "support.cfg");
  const check = (text) => {
    writeFileSync(mine, text);
    return narvaro(["check-config", "--support", mine]);
  };
  const fill = (bytes) => `${table}${"\n".repeat(bytes - Buffer.byteLength(table))}`;
  assert.deepEqual(check(fill(1 << 20)).status, 0);
  const large = check(fill((1 << 20) + 1));
  assert.equal(large.status, 1);
  assert.match(large.stderr, /support\.cfg: cannot be read: File too large/);
  const line = table.split("\n").findIndex((each) => each.includes("must_begin_before_age = 6;")) + 1;
  const wrong = check(table.replace("must_begin_before_age = 6;", "must_begin_before_age = 0;"));
  assert.equal(wrong.status, 1);
  assert.match(
    wrong.stderr,
    new RegExp(`support\\.cfg:${line}: must_begin_before_age must be a whole number between 1 and 120`),
  );
  assert.match(wrong.stdout, /support\.cfg: not usable/);
});
