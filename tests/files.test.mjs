// Databases lost, swapped, doubled and put back in wrong ways, held against the real programs: none of them ends in "ready" with
// a file that is foreign, damaged or not the one that was there, and none changes what was put there; what is right starts.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeSettings } from "./schoolyear.mjs";

const root = new URL("..", import.meta.url).pathname;
const bin = (name) => join(root, process.env.BUILD ?? "build", "bin", name);
const NOBODY = 65534;
const is_root = process.getuid() === 0;
process.chdir(root);

const folders = [];
const children = new Set();
after(() => {
  for (const child of children) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function launch(...words) {
  const child = spawn(...words);
  children.add(child);
  child.on("close", () => children.delete(child));
  return child;
}

// A program and its database in a folder of its own: narvarod, or narvaro-web without any daemon.
class House {
  constructor(name, school = "skolan") {
    this.name = name;
    this.folder = mkdtempSync(join(tmpdir(), "narvaro-files-"));
    folders.push(this.folder);
    if (name === "narvarod") {
      this.config = writeSettings(this.folder, school);
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
    const child = launch(bin(this.name), ["--config", this.config, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
      uid: this.uid,
    });
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

  // It does not start, or with --new is not taken, and says so.
  async refuses(words, ...options) {
    const { child, code, log } = await this.start(...options);
    child?.kill("SIGKILL");
    assert.equal(code, 1, log);
    assert.match(log, words);
  }

  sql(text, db = this.db) {
    return execFileSync("sqlite3", ["-bail", "-cmd", ".timeout 60000", db], { input: text, encoding: "utf8" }).trim();
  }

  say(...words) {
    return spawnSync(bin(this.name), ["--config", this.config, ...words], { encoding: "utf8", uid: this.uid });
  }

  // By a person's word what is there is used, and it is sound.
  takes() {
    const { status, stderr } = this.say("--new");
    assert.equal(status, 0, stderr);
    assert.equal(this.sql("PRAGMA integrity_check"), "ok");
  }

  // What the program knows nothing of, on many pages.
  fill(rows) {
    this.sql(`CREATE TABLE IF NOT EXISTS ballast (id INTEGER PRIMARY KEY, text TEXT);
CREATE INDEX IF NOT EXISTS ballast_text ON ballast (text);
INSERT INTO ballast (text) SELECT hex(randomblob(200)) FROM generate_series(1, ${rows})`);
  }

  // Killed with pages in the -wal, from another connection, which writes as the program does.
  async kill(change = () => this.fill(20)) {
    const running = await this.settled();
    change();
    await this.stop(running, "SIGKILL");
    assert.ok(statSync(`${this.db}-wal`).size > 32, "the -wal holds pages");
  }

  // Of the file on disk, once it is the one and only that lies beside it.
  identity() {
    const [on_disk, next] = readFileSync(`${this.db}.id`, "utf8").split(" ");
    return on_disk === next ? next : undefined;
  }

  // Ready, and past its first checkpoint, which empties the -wal.
  async settled() {
    const left = this.identity();
    const running = await this.ready();
    while ([left, undefined].includes(this.identity())) await new Promise((go) => setTimeout(go, 10));
    return running;
  }

  keep(...endings) {
    return Object.fromEntries(endings.map((ending) => [ending, readFileSync(this.db + ending)]));
  }

  put(file) {
    copyFileSync(file, this.db);
  }

  remove(...endings) {
    for (const ending of endings) rmSync(this.db + ending, { force: true, recursive: true });
  }

  // All that lies there but the settings and secrets goes, and what `kept` has takes its place.
  restore(kept) {
    this.uid = undefined;
    this.remove("", "-wal", "-shm", "-journal", ".id", ".elsewhere");
    for (const [ending, bytes] of Object.entries(kept)) writeFileSync(this.db + ending, bytes, { mode: 0o600 });
  }

  // From now on the program runs as nobody, whom all of the folder belongs to. Who is not root is without rights anyway.
  hand_over() {
    if (!is_root) return;
    this.uid = NOBODY;
    for (const path of [this.folder, ...readdirSync(this.folder).map((name) => join(this.folder, name))])
      chownSync(path, NOBODY, NOBODY);
  }
}

const NONE = /there was a database at .* and now there is none: put it back, or run this program once with --new/;
const ANOTHER = /is not the database that was there before, or an older copy of it/;
const ALIEN_WAL = /-wal belongs to another file/;
const DAMAGED = /damaged|malformed/;
const KIND = { narvarod: "narvaro-web", "narvaro-web": "narvarod" };

// `house` was in use and is stopped; `killed` is what it leaves when it is killed, and `repacked` a copy made right before.
// `backup` is a copy of it made as docs/operating.md says, `older` one page by page; it has written since. `other` is a school
// of its own, which was killed. Of each way: what is done, what the program says, and what it says to --new
// where that is refused, too.
const WRONG_WAYS = {
  "an older copy": { act: ({ house, backup }) => house.put(backup), says: ANOTHER },
  "an older copy, page by page": { act: ({ house, older }) => house.put(older), says: ANOTHER },
  "a copy beside the -wal that a kill left": {
    act: ({ house, backup, killed }) => {
      house.restore(killed);
      house.put(backup);
    },
    says: ALIEN_WAL,
    never: ALIEN_WAL,
  },
  "a copy page by page beside the -wal that a kill left": {
    act: ({ house, older, killed }) => {
      house.restore(killed);
      house.put(older);
    },
    says: ALIEN_WAL,
    never: ALIEN_WAL,
  },
  "a copy of this very state, repacked, beside the -wal": {
    act: ({ house, killed, repacked }) => {
      house.restore(killed);
      house.put(repacked);
    },
    says: ALIEN_WAL,
    never: ALIEN_WAL,
  },
  "the -wal of another database beside a copy": {
    act: ({ house, other, backup }) => {
      house.put(backup);
      copyFileSync(`${other.db}-wal`, `${house.db}-wal`);
    },
    says: ALIEN_WAL,
    never: ALIEN_WAL,
  },
  "the -wal of another database beside the right file": {
    act: ({ house, other }) => copyFileSync(`${other.db}-wal`, `${house.db}-wal`),
    says: ALIEN_WAL,
    never: ALIEN_WAL,
  },
  "the journal of another database": {
    act: ({ house }) => writeFileSync(`${house.db}-journal`, Buffer.alloc(8192, 1)),
    says: /-journal belongs to another file/,
    never: /-journal belongs to another file/,
  },
  "half a copy": {
    act: ({ house, backup }) => {
      house.put(backup);
      truncateSync(house.db, Math.floor(statSync(house.db).size / 8192) * 4096);
    },
    says: ANOTHER,
    never: DAMAGED,
  },
  "the right file, cut": {
    act: ({ house }) => truncateSync(house.db, Math.floor(statSync(house.db).size / 8192) * 4096),
    says: DAMAGED,
    never: DAMAGED,
  },
  "a copy with pages of two times": {
    act: ({ house, older }) => {
      const now = readFileSync(house.db);
      const torn = readFileSync(older);
      const half = Math.floor(torn.length / 8192) * 4096;
      now.copy(torn, half, half, torn.length);
      writeFileSync(house.db, torn);
    },
    says: ANOTHER,
    never: DAMAGED,
  },
  "a copy whose index lacks a row": {
    act: ({ house, backup }) => {
      house.put(backup);
      house.sql(
        `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '(text)', '(id)') WHERE name = 'ballast_text'`,
      );
    },
    says: ANOTHER,
    never: DAMAGED,
  },
  "a file of noise": {
    act: ({ house }) => writeFileSync(house.db, "a list of pupils\n".repeat(1000)),
    says: ANOTHER,
    never: /damaged/,
  },
  "an empty file": { act: ({ house }) => writeFileSync(house.db, ""), says: NONE },
  "no file": { act: ({ house }) => house.remove(""), says: NONE },
  "a -wal without its file": {
    act: ({ house, killed }) => {
      house.restore(killed);
      house.remove("");
    },
    says: ALIEN_WAL,
    never: ALIEN_WAL,
  },
  "a newer version": {
    act: ({ house, backup }) => {
      house.put(backup);
      house.sql("PRAGMA user_version = 99");
    },
    says: ANOTHER,
    never: /version is 99/,
  },
  "a database of the other program": {
    act: async ({ house }) => {
      const stranger = new House(KIND[house.name]);
      await stranger.live();
      house.put(stranger.db);
    },
    says: ANOTHER,
    never: /of another kind: it has no table/,
  },
  "another school's": {
    act: ({ house, other }) => house.put(other.db),
    says: ANOTHER,
    never:
      /database of the school grannen and the settings say skolan|its audit log is not what was written with the audit.key/,
  },
  "a folder": {
    act: ({ house }) => {
      house.remove("");
      mkdirSync(house.db);
    },
    says: /is not a file/,
    never: /is not a file/,
  },
  "a symbolic link": {
    act: ({ house }) => {
      renameSync(house.db, `${house.db}.elsewhere`);
      symlinkSync(`${house.db}.elsewhere`, house.db);
    },
    says: /is not a file/,
    never: /is not a file/,
  },
  "the identity beside it lost": { act: ({ house }) => house.remove(".id"), says: ANOTHER },
  "the identity of another beside it": {
    act: ({ house, other }) => copyFileSync(`${other.db}.id`, `${house.db}.id`),
    says: ANOTHER,
  },
  "an identity beside it that says nothing": {
    act: ({ house }) => writeFileSync(`${house.db}.id`, "rubbish\n"),
    says: /does not hold a database's identity/,
  },
  "a file that cannot be written": {
    act: ({ house }) => {
      house.hand_over();
      chmodSync(house.db, 0o440);
    },
    says: /Permission denied; it must be ours: chown it to/,
    never: /Permission denied/,
  },
  "a file of root": {
    only: is_root,
    act: ({ house }) => {
      house.hand_over();
      chownSync(house.db, 0, 0);
    },
    says: /Permission denied; it must be ours: chown it to/,
    never: /Permission denied/,
  },
};

// What is at the path, but for what SQLite changes when a copy in rollback mode gets a -wal: mode and counters of the header.
function contents(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) return status?.isDirectory();
  const bytes = readFileSync(path);
  if (bytes.length >= 100)
    for (const [from, to] of [
      [18, 20],
      [24, 28],
      [92, 100],
    ])
      bytes.fill(0, from, to);
  return bytes;
}

for (const name of ["narvarod", "narvaro-web"]) {
  const ways = Object.entries(WRONG_WAYS).filter(([, way]) => way.only !== false);

  test(`${name}: wrong ways to put a database back`, async (context) => {
    const house = new House(name);
    const other = new House(name, "grannen");
    const backup = join(house.folder, "backup");
    const older = join(house.folder, "older");
    const repacked = join(house.folder, "repacked");
    await house.live();
    house.fill(300);
    copyFileSync(house.db, older);
    house.sql(`VACUUM INTO '${backup}'`);
    house.fill(300);
    await house.live();
    const kept = house.keep("", ".id");
    await house.kill(() => {
      house.sql(`VACUUM INTO '${repacked}'`);
      house.fill(20);
    });
    const killed = house.keep("", "-wal", ".id");
    await other.live();
    if (name === "narvarod") other.sql("INSERT INTO lesson (lesson_id) VALUES ('m1')"); // one that holds nothing is no school's
    if (name === "narvaro-web") other.sql("INSERT INTO audit VALUES (1, 0, 'it', 'log_in', '', randomblob(32))"); // under another key
    await other.kill();
    for (const [title, way] of ways)
      await context.test(title, async () => {
        house.restore(kept);
        await way.act({ house, other, backup, older, killed, repacked });
        const before = contents(house.db);
        await house.refuses(way.says);
        assert.deepEqual(contents(house.db), before, "it is as it was");
        if (way.never) {
          await house.refuses(way.never, "--new");
          assert.deepEqual(contents(house.db), before, "it is as it was");
        } else house.takes();
      });
    await context.test("and the right one", async () => {
      house.restore({ "": readFileSync(backup), ".id": kept[".id"] });
      house.takes();
      await house.live();
      house.restore(killed);
      await house.live(); // a -wal of its own is read
      assert.equal(house.sql("SELECT count(*) FROM ballast"), "620");
    });
  });

  test(`${name}: a database that is taken away while it is open ends it, with a status of its own`, async () => {
    const foreign = new House(name);
    await foreign.live();
    const ways = [
      (db) => renameSync(db, `${db}.away`),
      (db) => rmSync(db),
      (db) => rmSync(`${db}.id`),
      (db) => {
        copyFileSync(db, `${db}.copy`);
        renameSync(`${db}.copy`, db);
      },
      (db) => copyFileSync(foreign.db, db), // into the same inode
      (db, older) => copyFileSync(older, db),
    ];
    const ended = ways.map(async (take_away) => {
      const house = new House(name);
      await house.live();
      const older = join(house.folder, "older");
      copyFileSync(house.db, older);
      await house.live();
      const running = await house.settled();
      take_away(house.db, older);
      assert.equal(await running.ended, 74, running.log);
      assert.match(running.log, /ending: the .* was moved, deleted or replaced while it was open/);
      return house;
    });
    const houses = await Promise.all(ended);
    await houses[1].refuses(/now there is none|-wal belongs to another file/);
    await houses[4].refuses(/is not the database that was there before|-wal belongs to another file/);
  });

  test(`${name}: a second one on the same database is refused with the file and the first one's pid`, async () => {
    const house = new House(name);
    const first = await house.ready();
    const text = readFileSync(house.config, "utf8").replace(/(control_socket|admin_socket) = "/g, "$&2");
    const second = Object.assign(new House(name), { config: join(house.folder, "second.cfg") });
    writeFileSync(second.config, text.replaceAll(`"2${house.folder}`, `"${house.folder}/2`));
    await second.refuses(new RegExp(`process ${first.child.pid} has ${house.db} open already`));
    await house.stop(first);
  });

  test(`${name}: a first start needs no word, nor does one after kill -9, and the file is open to nobody else`, async () => {
    const house = new House(name);
    await house.stop(await house.ready(), "SIGKILL");
    chmodSync(house.db, 0o666);
    const running = await house.ready();
    assert.match(running.log, /was open to all, and is not any more/);
    await house.stop(running);
    for (const ending of ["", ".id"]) assert.equal(statSync(house.db + ending).mode & 0o007, 0);
  });
}

test("a reader that stays does not keep the -wal: after a clean stop it is empty", async () => {
  const house = new House("narvarod");
  const running = await house.ready();
  const reader = launch("sqlite3", ["-readonly", house.db], { stdio: ["pipe", "pipe", "ignore"] });
  const told = new Promise((go) => reader.stdout.once("data", go));
  reader.stdin.write("SELECT count(*) FROM setting;\n");
  await told;
  await house.stop(running);
  assert.equal(statSync(`${house.db}-wal`).size, 0);
  reader.kill();
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

test("a clock that many later check-ins contradict is refused until somebody says --today, and says the right date", async () => {
  const house = new House("narvarod");
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
  const later = (days) => Date.parse(today) / 86400000 + days;
  await house.live();
  house.sql(
    Array.from(
      { length: 6 },
      (_, i) => `INSERT INTO school_day VALUES (${later(i + 1)}, 1, ${Date.now()}, ${Date.now()});
INSERT INTO event VALUES ('t-1', 1, ${i + 1}, ${i + 1}, 'tap', 1, 0, 0, 0, 'synced', -1, 1, 1, 'ok', 0, NULL, 0, ${later(i + 1)});`,
    ).join("\n"),
  );
  house.sql(`INSERT OR REPLACE INTO setting (name, value) VALUES ('derived_ms', ${Date.now() + 7 * 86400000})`);
  await house.refuses(/our clock is behind: .* --today/);
  await house.refuses(
    /--today must be today's date, and by this machine's clock it is \d{4}-\d\d-\d\d/,
    "--today",
    "2026-01-07",
  );
  await house.refuses(/our clock is behind/);
  assert.equal(house.sql("SELECT count(*) FROM school_day"), "6");
  assert.equal(house.say("--today", today).status, 0);
  await house.live();
  assert.equal(house.sql("SELECT count(*) FROM school_day"), "0");
});

test("another id of the school is taken by a database that holds nothing, and refused by one with a lesson", async () => {
  const house = new House("narvarod", "just-installed");
  await house.live();
  writeSettings(house.folder, "skolan");
  await house.live();
  assert.equal(house.sql("SELECT value FROM setting WHERE name = 'school'"), "skolan");
  house.sql("INSERT INTO lesson (lesson_id) VALUES ('m1')");
  writeSettings(house.folder, "grannen");
  await house.refuses(/database of the school skolan and the settings say grannen/);
});
