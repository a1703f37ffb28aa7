// Databases lost, swapped, doubled and put back in wrong ways, held against the real programs: none of them ends in "ready" with
// a file that is foreign, damaged or not the one that was there; what is right starts without a word.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeSettings } from "./schoolyear.mjs";

const root = new URL("..", import.meta.url).pathname;
const bin = (name) => join(root, process.env.BUILD ?? "build", "bin", name);
process.chdir(root);

const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

// A program and its database in a folder of its own: narvarod, or narvaro-web without any daemon.
class House {
  constructor(name) {
    this.name = name;
    this.folder = mkdtempSync(join(tmpdir(), "narvaro-files-"));
    folders.push(this.folder);
    if (name === "narvarod") {
      this.config = writeSettings(this.folder, "skolan");
      this.db = join(this.folder, "a.db");
    } else {
      this.config = join(this.folder, "web.cfg");
      this.db = join(this.folder, "casebook.db");
      writeFileSync(
        this.config,
        `listen = "127.0.0.1:0"; over_tls = false; attendance = "${this.folder}/none.db"; state = "${this.folder}";
admin_socket = "${this.folder}/admin"; control_socket = "${this.folder}/control";`,
      );
    }
  }

  // Resolves with { child, log } once it is ready, and with { code, log } if it ends before.
  start(...words) {
    const child = spawn(bin(this.name), ["--config", this.config, ...words], { stdio: ["ignore", "ignore", "pipe"] });
    const running = { child, log: "", ended: new Promise((go) => child.on("close", go)) };
    return new Promise((go) => {
      child.stderr.on("data", (bytes) => {
        running.log += bytes;
        if (/ ready /.test(running.log)) go(running);
      });
      child.on("close", (code) => go({ code, log: running.log }));
    });
  }

  async ready() {
    const running = await this.start();
    assert.ok(running.child, running.log);
    return running;
  }

  async stop(running, signal = "SIGTERM") {
    running.child.kill(signal);
    await running.ended;
  }

  // One life of the program, cleanly ended.
  async live() {
    await this.stop(await this.ready());
  }

  // The program does not start, and says so.
  async refuses(words) {
    const { child, code, log } = await this.start();
    if (child) await this.stop({ child, ended: new Promise((go) => child.on("close", go)) });
    assert.equal(code, 1, log);
    assert.match(log, words);
  }

  sql(text, db = this.db) {
    return execFileSync("sqlite3", ["-bail", "-cmd", ".timeout 60000", db], { input: text, encoding: "utf8" }).trim();
  }

  say(word) {
    return spawnSync(bin(this.name), ["--config", this.config, word], { encoding: "utf8" });
  }

  remove(...endings) {
    for (const ending of endings) rmSync(this.db + ending, { force: true });
  }
}

const NONE = /there was a database at .* and now there is none: put it back, or run this program once with --new/;
const ANOTHER = /is not the database that was there before/;
const ALIEN_WAL = /-wal belongs to another database/;

test("a first start needs no word, nor does one after kill -9", async () => {
  const house = new House("narvarod");
  await house.stop(await house.ready(), "SIGKILL");
  await house.live();
  assert.equal(statSync(`${house.db}.id`).mode & 0o077, 0);
});

for (const name of ["narvarod", "narvaro-web"]) {
  test(`${name}: a second one on the same database is refused with the file and the first one's pid`, async () => {
    const house = new House(name);
    const first = await house.ready();
    const text = readFileSync(house.config, "utf8").replace(/(control_socket|admin_socket) = "/g, "$&2");
    const second = Object.assign(new House(name), { config: join(house.folder, "second.cfg") });
    writeFileSync(second.config, text.replaceAll(`"2${house.folder}`, `"${house.folder}/2`));
    await second.refuses(new RegExp(`process ${first.child.pid} has ${house.db} open already`));
    await house.stop(first);
  });

  test(`${name}: a lost, an emptied and a foreign database are refused until somebody says --new`, async () => {
    const house = new House(name);
    const other = new House(name);
    await house.live();
    await other.live();
    renameSync(house.db, `${house.db}.kept`);
    house.remove("-wal", "-shm");
    await house.refuses(NONE);
    assert.ok(!existsSync(house.db), "nothing was made in its place");
    writeFileSync(house.db, "");
    await house.refuses(NONE);
    copyFileSync(other.db, house.db);
    await house.refuses(ANOTHER);
    house.sql("PRAGMA application_id = 0");
    await house.refuses(ANOTHER);
    renameSync(`${house.db}.kept`, house.db);
    await house.live();
    house.remove("", "-wal", "-shm");
    assert.equal(house.say("--new").status, 0);
    await house.live();
  });

  test(`${name}: a database that is moved or replaced while it is open ends it, with a status of its own`, async () => {
    for (const replace of [
      (db) => renameSync(db, `${db}.away`),
      (db) => {
        copyFileSync(db, `${db}.copy`);
        renameSync(`${db}.copy`, db);
      },
    ]) {
      const house = new House(name);
      const running = await house.ready();
      replace(house.db);
      assert.equal(await running.ended, 74);
      assert.match(running.log, /ending: the .* was moved, deleted or replaced while it was open/);
    }
  });
}

// What a kill leaves beside the database: a -wal with pages of it.
async function killedWithWal() {
  const house = new House("narvarod");
  await house.live();
  house.sql(`VACUUM INTO '${house.db}.backup'`);
  const running = await house.ready();
  while (statSync(`${house.db}-wal`).size > 0) await new Promise((go) => setTimeout(go, 10)); // its first idle turn
  house.sql("UPDATE setting SET value = '1' WHERE name = 'demo'");
  await house.stop(running, "SIGKILL");
  assert.ok(statSync(`${house.db}-wal`).size > 32, "the -wal holds pages");
  return house;
}

test("a copy made by VACUUM INTO is not destroyed by the -wal that a kill left, and starts without it", async () => {
  const house = await killedWithWal();
  const before = readFileSync(`${house.db}.backup`);
  copyFileSync(`${house.db}.backup`, house.db);
  await house.refuses(ALIEN_WAL);
  assert.equal(house.say("--new").status, 1);
  assert.deepEqual(readFileSync(house.db), before, "the copy is as it was");
  house.remove("-wal", "-shm");
  await house.live();
  assert.equal(house.sql("PRAGMA integrity_check"), "ok");
});

test("neither does the -wal reach a foreign database, nor vanish when its own is lost", async () => {
  const house = await killedWithWal();
  const other = new House("narvarod");
  await other.live();
  copyFileSync(other.db, house.db);
  await house.refuses(ALIEN_WAL);
  house.remove("");
  const wal = readFileSync(`${house.db}-wal`);
  await house.refuses(ALIEN_WAL);
  assert.deepEqual(readFileSync(`${house.db}-wal`), wal);
});

test("a reader that stays does not keep the -wal: after a clean stop a copy in the database's place is sound", async () => {
  const house = new House("narvarod");
  const running = await house.ready();
  const reader = spawn("sqlite3", ["-readonly", house.db], { stdio: ["pipe", "pipe", "ignore"] });
  const told = new Promise((go) => reader.stdout.once("data", go));
  reader.stdin.write("SELECT count(*) FROM setting;\n");
  await told;
  house.sql(`VACUUM INTO '${house.db}.backup'`);
  await house.stop(running);
  assert.equal(statSync(`${house.db}-wal`).size, 0);
  copyFileSync(`${house.db}.backup`, house.db);
  await house.refuses(/database is locked/); // by the reader, which is to be stopped, too
  const gone = new Promise((go) => reader.on("close", go));
  reader.stdin.end();
  await gone;
  await house.live();
  assert.equal(house.sql("PRAGMA integrity_check"), "ok");
});

test("a damaged, a cut and a made-up file are refused", async () => {
  const house = new House("narvarod");
  await house.live();
  const whole = readFileSync(house.db);
  const harm = Buffer.from(whole);
  harm.fill(0xa5, 8192, 40960);
  writeFileSync(house.db, harm);
  await house.refuses(/damaged|malformed/);
  writeFileSync(house.db, whole);
  truncateSync(house.db, 3 * 4096);
  await house.refuses(/damaged|malformed/);
  writeFileSync(house.db, "a list of pupils\n".repeat(1000));
  await house.refuses(ANOTHER);
  writeFileSync(house.db, whole);
  await house.live();
});

test("a secret that others may read stops the start with the command that mends it", async () => {
  for (const [name, secret] of [
    ["narvarod", "key"],
    ["narvaro-web", "audit.key"],
  ]) {
    const house = new House(name);
    await house.live();
    const path = join(house.folder, secret);
    chmodSync(path, 0o644);
    await house.refuses(new RegExp(`0644: .* chown \\w+ ${path} && chmod 600 ${path}`));
  }
});

test("another token key is refused until somebody says --new-key, and the first one counts from its first start", async () => {
  const house = new House("narvarod");
  await house.live();
  const key = join(house.folder, "key");
  const first = readFileSync(key, "utf8");
  writeFileSync(key, `${"5a".repeat(16)}\n`);
  await house.refuses(/the token key is another than the one .* --new-key/);
  writeFileSync(key, first);
  await house.live();
  writeFileSync(key, `${"5a".repeat(16)}\n`);
  assert.equal(house.say("--new-key").status, 0);
  await house.live();
});

test("an identity beside it that says nothing is told, and put right by --new", async () => {
  const house = new House("narvarod");
  await house.live();
  const identity = readFileSync(`${house.db}.id`, "utf8");
  assert.match(identity, /^[0-9a-f]{8}\n$/);
  assert.equal(Number(house.sql("PRAGMA application_id")), parseInt(identity, 16));
  writeFileSync(`${house.db}.id`, "rubbish\n");
  await house.refuses(/does not hold a database's identity/);
  assert.equal(house.say("--new").status, 0);
  assert.equal(readFileSync(`${house.db}.id`, "utf8"), identity);
});
