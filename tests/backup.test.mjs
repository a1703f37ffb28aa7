// Backups, made by the program and opened without it: tar and the sqlite3 program read what is within, and both databases are
// compared with what the daemon and the dashboard had.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "./demo/stage.mjs";
import { sqlite } from "./fixture.mjs";
import { dump, Machine, PROTECTED } from "./machine.mjs";

const machine = new Machine();
const { stage } = machine;
const to = stage.path("to");
const keys = stage.path("keys");
const KEY = ["--key", join(keys, "backup.key")];
const SEAL = ["--to-key", join(keys, "backup.pub")];
before(async () => {
  mkdirSync(to);
  assert.equal(machine.narvaro("backup", "key", "--out", keys).status, 0);
  await machine.settle();
});
after(() => machine.end());

const refused = ({ status, stderr }, words) => {
  assert.equal(status, 1, stderr);
  assert.match(stderr, words);
};
const made = ({ status, stdout, stderr }) => {
  assert.equal(status, 0, stderr);
  return stdout.split("\n")[0];
};
const make = (...words) => made(machine.own("backup", "--to", to, ...words));
const names = () => readdirSync(to).sort();
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));
// A folder with what tar finds in it.
function untar(file, name) {
  const folder = stage.path(name);
  mkdirSync(folder);
  execFileSync("tar", ["xzf", file, "-C", folder]);
  return folder;
}
const whole = (database) => sqlite(database, "PRAGMA integrity_check").trim();

test("the pair of keys: the private half is its owner's alone, and a pair is never written over", () => {
  const pair = stage.path("pair");
  const { status, stdout, stderr } = machine.narvaro("backup", "key", "--out", pair);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /Take it away from this machine now/);
  assert.equal(statSync(join(pair, "backup.key")).mode & 0o777, 0o600);
  for (const name of ["backup.key", "backup.pub"])
    assert.match(readFileSync(join(pair, name), "utf8"), /^[0-9a-f]{64}\n$/);
  const kept = readFileSync(join(pair, "backup.key"), "utf8");
  refused(machine.narvaro("backup", "key", "--out", pair), /backup\.pub: File exists/);
  assert.equal(readFileSync(join(pair, "backup.key"), "utf8"), kept);
});

test("an unsealed backup is a tar file with all that the machine has", async () => {
  await machine.stop(); // nothing is written meanwhile, so that both can be compared
  const { status, stdout, stderr } = machine.own("backup", "--to", to);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /the backup is not sealed/);
  const [file] = stdout.split("\n");
  assert.match(file, /\/narvaro-ekskolan-\d{8}T\d{6}Z\.tar\.gz$/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const folder = untar(file, "plain");
  for (const [name, database] of [
    ["attendance.db", machine.database],
    ["casebook.db", machine.casebook],
  ]) {
    assert.equal(whole(join(folder, name)), "ok");
    assert.equal(dump(join(folder, name)), dump(database));
  }
  assert.equal(sqlite(join(folder, "attendance.db"), "SELECT count(*) FROM pupil").trim(), "26");
  assert.deepEqual(readFileSync(join(folder, "audit.key")), readFileSync(stage.path("web", "audit.key")));
  for (const name of ["narvarod.cfg", "narvaro-web.cfg", "rules.cfg", "token.key", "ca/ca.key"])
    assert.deepEqual(readFileSync(join(folder, "settings", name)), readFileSync(join(machine.settings, name)), name);
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  assert.equal(manifest.school, "ekskolan");
  for (const name of ["attendance.db", "casebook.db"]) {
    const { told, path } = manifest.parts[name];
    assert.equal(told.version, Number(sqlite(path, "PRAGMA user_version")));
    for (const [table, count] of Object.entries(told.rows))
      assert.equal(count, Number(sqlite(path, `SELECT count(*) FROM "${table}"`)), table);
  }
  assert.deepEqual(readdirSync(machine.work), ["lock"], "nothing in clear is left");
  assert.match(
    machine.own("backup", "check", file).stdout,
    /attendance\.db: version \d+, \d+ rows, the latest check-in: .*\n.*\nwhole\n$/,
  );
  await machine.start();
});

test("while both programs write, each database is of one moment", async () => {
  let writing = true;
  let written = 0;
  const writer = (async () => {
    for (; writing; written++) await machine.addUser(`load-${written}`);
  })();
  const tap = (n) => `t-1,04A1B200,2026-11-20T07:2${n % 10}:00.000Z\n`;
  for (let round = 0; round < 3; round++) {
    machine.import({ taps: `terminal_id,card,at\n${tap(round)}` });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const folder = untar(make(), `load-${round}`);
    for (const name of ["attendance.db", "casebook.db"]) assert.equal(whole(join(folder, name)), "ok");
    const casebook = join(folder, "casebook.db");
    // Each user that was added has its row of the log, and the log has no hole.
    const [users, rows, first, last] = sqlite(
      casebook,
      "SELECT (SELECT count(*) FROM user), count(*), min(sequence), max(sequence) FROM audit",
    )
      .trim()
      .split("|")
      .map(Number);
    assert.equal(rows, last - first + 1);
    assert.ok(users >= 2 && rows >= users, `${users} users, ${rows} rows`);
    assert.equal(sqlite(join(folder, "attendance.db"), "SELECT count(*) FROM pupil").trim(), "26");
    await nextSecond();
  }
  writing = false;
  await writer;
  assert.ok(written > 0);
});

test("a sealed backup has nothing in clear, and opens with the private key alone", async () => {
  const file = make(...SEAL);
  assert.match(file, /\.sealed$/);
  const bytes = readFileSync(file);
  assert.equal(bytes.subarray(0, 17).toString(), "NARVARO SEALED 1\n");
  for (const word of ["SQLite format", "manifest", "Alva", "ekskolan", "only the authority"])
    assert.equal(bytes.indexOf(word), -1, word);
  assert.throws(() => execFileSync("tar", ["tzf", file], { stdio: "ignore" }));
  refused(machine.own("backup", "check", file), /it is sealed: bring the private key/);
  const others = stage.path("others");
  assert.equal(machine.narvaro("backup", "key", "--out", others).status, 0);
  const { stderr } = machine.own("backup", "check", file, "--key", join(others, "backup.key"));
  assert.match(stderr, /the key is another one than it was sealed to/);
  assert.match(stderr, new RegExp(readFileSync(join(keys, "backup.pub"), "utf8").trim()));
  refused(machine.own("backup", "check", file, "--key", join(keys, "backup.pub")), /the key is another one/);
  const open = stage.path("opened");
  const { status, stdout } = machine.own("backup", "open", file, ...KEY, "--out", open);
  assert.equal(status, 0);
  assert.match(stdout, /whole, and unpacked into/);
  assert.equal(sqlite(join(open, "attendance.db"), "SELECT count(*) FROM pupil").trim(), "26");
  assert.equal(readFileSync(join(open, "settings", "ca", "ca.key"), "utf8"), "only the authority has this\n");
  refused(machine.own("backup", "open", file, ...KEY, "--out", open), /File exists/);
});

test("a key among the settings is used without a word", async () => {
  await nextSecond();
  copyFileSync(join(keys, "backup.pub"), join(machine.settings, "backup.pub"));
  assert.match(make(), /\.sealed$/);
  execFileSync("rm", [join(machine.settings, "backup.pub")]);
});

test("what is damaged, cut or no backup is told", async () => {
  await nextSecond();
  const sealed = make(...SEAL);
  await nextSecond();
  const plain = make();
  const spoil = (file, name, change) => {
    const path = stage.path(name);
    copyFileSync(file, path);
    change(path);
    return path;
  };
  const flip = (at) => (path) => {
    const bytes = readFileSync(path);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    writeFileSync(path, bytes);
  };
  const length = statSync(sealed).size;
  for (const at of [20, 60, 140, 200, Math.floor(length / 2), -1])
    refused(
      machine.own("backup", "check", spoil(sealed, `flipped${at}`, flip(at)), ...KEY),
      /damaged|another one than/,
    );
  for (const left of [0, 10, 40, 150, Math.floor(length / 2), length - 1])
    refused(
      machine.own(
        "backup",
        "check",
        spoil(sealed, `cut${left}`, (path) => truncateSync(path, left)),
        ...KEY,
      ),
      /cut short/,
    );
  refused(
    machine.own(
      "backup",
      "check",
      spoil(sealed, "longer", (path) => writeFileSync(path, "x", { flag: "a" })),
      ...KEY,
    ),
    /damaged|more after its end/,
  );
  const half = Math.floor(statSync(plain).size / 2);
  refused(
    machine.own(
      "backup",
      "check",
      spoil(plain, "plain-cut", (path) => truncateSync(path, half)),
    ),
    /damaged or cut short/,
  );
  refused(machine.own("backup", "check", spoil(plain, "plain-flipped", flip(half))), /damaged or cut short/);
  writeFileSync(stage.path("noise"), "a list of pupils\n".repeat(100));
  refused(machine.own("backup", "check", stage.path("noise")), /no backup/);
  refused(machine.own("backup", "check", stage.path("nothing")), /No such file/);
  writeFileSync(stage.path("manifest.json"), JSON.stringify({ format: 1, made: "x".repeat(65536) }));
  execFileSync("tar", ["czf", stage.path("large.tar.gz"), "-C", stage.folder, "manifest.json"]);
  refused(machine.own("backup", "check", stage.path("large.tar.gz")), /it has no manifest of a backup/);
  writeFileSync(stage.path("manifest.json"), "[]");
  execFileSync("tar", ["czf", stage.path("odd.tar.gz"), "-C", stage.folder, "manifest.json"]);
  refused(machine.own("backup", "check", stage.path("odd.tar.gz")), /its manifest is none of a backup/);
  writeFileSync(
    stage.path("manifest.json"),
    JSON.stringify({ format: 2, made: "", program: "9.0.0", school: "ekskolan" }),
  );
  execFileSync("tar", ["czf", stage.path("later.tar.gz"), "-C", stage.folder, "manifest.json"]);
  refused(machine.own("backup", "check", stage.path("later.tar.gz")), /format is 2, this program knows 1/);
  assert.deepEqual(readdirSync(machine.work), ["lock"]);
});

test("the oldest are thrown away, and what is not ours stays", async () => {
  writeFileSync(join(to, "narvaro-grannskolan-20200101T000000Z.sealed"), "another school's");
  writeFileSync(join(to, "notes.txt"), "mine");
  for (const day of ["01", "02", "03", "04"])
    writeFileSync(join(to, `narvaro-ekskolan-202001${day}T000000Z.sealed`), "old");
  await nextSecond();
  const before_ = names().filter((name) => name.startsWith("narvaro-ekskolan-2026"));
  const { stdout } = machine.own("backup", "--to", to, ...SEAL, "--keep", String(before_.length + 2));
  const kept = names();
  assert.ok(stdout.includes("narvaro-ekskolan-20200101T000000Z.sealed"));
  assert.deepEqual(
    kept.filter((name) => name.startsWith("narvaro-ekskolan-2020")),
    ["narvaro-ekskolan-20200104T000000Z.sealed"],
  );
  assert.ok(kept.includes("notes.txt") && kept.includes("narvaro-grannskolan-20200101T000000Z.sealed"));
  for (const number of ["0", "367"]) assert.equal(machine.own("backup", "--to", to, "--keep", number).status, 2);
});

test("one at a time, and what a run that was killed left is gone", async () => {
  await nextSecond();
  mkdirSync(join(machine.work, "unfinished", "settings"), { recursive: true });
  writeFileSync(join(machine.work, "unfinished", "attendance.db"), "in clear");
  const held = run("flock", [join(machine.work, "lock"), ...machine.words("backup", "--to", to, ...SEAL)]);
  refused(held, /another backup or restore is at work there/);
  assert.ok(existsSync(join(machine.work, "unfinished", "attendance.db")), "another's work is not touched");
  make(...SEAL);
  assert.deepEqual(readdirSync(machine.work), ["lock"]);
});
// As config/systemd/narvaro-backup.service has it: root with one right, and nothing of the machine to be written.
test("in the sandbox of the unit", { skip: process.getuid() !== 0 && "only root may make namespaces" }, async () => {
  await nextSecond();
  const shut = ["settings", "data", "web"].map(
    (name) => `mount --bind ${stage.path(name)} ${stage.path(name)} && mount -o remount,bind,ro ${stage.path(name)}`,
  );
  const owned = [machine.database, machine.casebook].map((path) => [path, statSync(path)]);
  const rights = "setpriv --inh-caps=-all --bounding-set=-all,+dac_read_search";
  const narrow = `${shut.join(" && ")} && exec ${rights} "$@"`;
  for (const [path] of owned) for (const ending of ["", "-wal", "-shm"]) chownSync(path + ending, 65534, 65534);
  const { status, stdout, stderr } = run("unshare", [
    "--mount",
    "sh",
    "-c",
    narrow,
    "sh",
    ...machine.words("backup", "--to", to, ...SEAL),
  ]);
  for (const [path, { uid, gid }] of owned)
    for (const ending of ["", "-wal", "-shm"]) chownSync(path + ending, uid, gid);
  assert.equal(status, 0, stderr);
  assert.match(machine.own("backup", "check", stdout.split("\n")[0], ...KEY).stdout, /whole\n$/);
});

test("a folder that is full or not there makes no backup, and leaves nothing", () => {
  refused(machine.own("backup", "--to", stage.path("nowhere"), ...SEAL), /nowhere.*No such file/);
  const small = stage.path("small");
  mkdirSync(small);
  if (process.getuid() !== 0) return;
  const script = `mount -t tmpfs -o size=16k none "$1" && shift && "$@"; status=$?; ls -A ${small} >&2; exit $status`;
  const { status, stderr } = run("unshare", [
    "--mount",
    "sh",
    "-c",
    script,
    "sh",
    small,
    ...machine.words("backup", "--to", small, ...SEAL),
  ]);
  assert.equal(status, 1, stderr);
  assert.match(stderr, /No space left on device\n$/, "and no file is left in it");
});

test("settings that a backup would not have are refused, and so is a missing part", () => {
  const config = join(machine.settings, "narvarod.cfg");
  const right = readFileSync(config, "utf8");
  const elsewhere = stage.path("elsewhere.key");
  writeFileSync(elsewhere, "00112233445566778899aabbccddeeff\n", { mode: 0o600 });
  writeFileSync(config, right.replace(/token_key_file = .*;/, `token_key_file = "${elsewhere}";`));
  refused(machine.own("backup", "--to", to, ...SEAL), /token_key_file: .*elsewhere\.key is not in .*: move it there/);
  writeFileSync(config, right.replace(/^database = .*;/m, `database = "${stage.path("none.db")}";`));
  refused(machine.own("backup", "--to", to, ...SEAL), /none\.db: unable to open database file/);
  writeFileSync(config, "school = ;");
  refused(machine.own("backup", "--to", to, ...SEAL), /narvarod\.cfg:1: /);
  writeFileSync(config, right);
});

test("with a protected identity an unsealed backup is refused", async () => {
  machine.import(PROTECTED);
  const before_ = names();
  refused(machine.own("backup", "--to", to), /protected identity: a backup that anybody can read is refused/);
  assert.deepEqual(names(), before_);
  await nextSecond();
  make(...SEAL);
});
