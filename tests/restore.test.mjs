// Restores by the real command on machines of real programs: into folders that were emptied, over what is there, in all wrong
// ways, and cut off at every step.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { program, rootFile, run } from "./demo/stage.mjs";
import { sqlite } from "./fixture.mjs";
import { dump, Machine } from "./machine.mjs";

const machine = new Machine();
const { stage } = machine;
const keys = stage.path("keys");
const KEY = ["--key", join(keys, "backup.key")];
const folders = ["settings", "data", "web"];
let backup; // sealed, of a machine at rest
let plain; // the same, not sealed
let state; // what the databases were then
const is_root = process.getuid() === 0;

const both = () => ({ attendance: dump(machine.database), casebook: dump(machine.casebook) });
const restore = (...words) => machine.own("restore", ...words);
function good({ status, stdout, stderr }) {
  assert.equal(status, 0, stderr);
  return stdout;
}
// Everything in the machine's three folders, but for what a reader of a database leaves beside it.
function inventory() {
  const list = folders.flatMap((folder) =>
    readdirSync(stage.path(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/-(shm|wal)$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  return Object.fromEntries(list.sort().map((path) => [path, readFileSync(path).toString("base64")]));
}
// The machine's folders as they were when they were kept.
const keep = (name) => {
  for (const folder of folders)
    cpSync(stage.path(folder), stage.path(name, folder), { recursive: true, preserveTimestamps: true });
};
function reset(name) {
  for (const entry of readdirSync(stage.folder).filter((entry) => entry.startsWith("settings.")))
    rmSync(stage.path(entry), { recursive: true });
  for (const folder of folders) {
    rmSync(stage.path(folder), { recursive: true, force: true });
    if (name) cpSync(stage.path(name, folder), stage.path(folder), { recursive: true, preserveTimestamps: true });
  }
}
// Both programs become ready.
async function starts() {
  await machine.start();
  await machine.stop();
}

before(async () => {
  assert.equal(machine.narvaro("backup", "key", "--out", keys).status, 0);
  mkdirSync(stage.path("to"));
  await machine.settle();
  await machine.stop();
  plain = good(machine.own("backup", "--to", stage.path("to"))).trim();
  backup = good(machine.own("backup", "--to", stage.path("to"), "--to-key", join(keys, "backup.pub"))).trim();
  state = both();
  keep("then");
  await machine.start("2026-11-20T10:30:00Z");
  machine.import({ taps: "terminal_id,card,at\nt-1,04A1B200,2026-11-20T09:25:00.000Z\n" });
  await machine.addUser("late");
  await machine.stop();
  keep("later");
});
after(() => machine.end());

test("into emptied folders: databases equal, owners and modes, programs start", async () => {
  reset();
  const said = good(restore(backup, ...KEY));
  assert.match(said, /attendance\.db: version \d+, \d+ rows/);
  assert.match(said, /Start narvaro-broker anew, then narvarod and narvaro-web/);
  assert.deepEqual(both(), state);
  for (const [path, mode] of [
    [machine.database, statSync(stage.path("then", "data", "attendance.db")).mode],
    [machine.casebook, statSync(stage.path("then", "web", "casebook.db")).mode],
    [stage.path("web", "audit.key"), statSync(stage.path("then", "web", "audit.key")).mode],
    [join(machine.settings, "token.key"), 0o100600],
    [join(machine.settings, "ca", "ca.key"), 0o100600],
  ])
    assert.equal(statSync(path).mode, mode, path);
  assert.deepEqual(
    readFileSync(join(machine.settings, "narvarod.cfg")),
    readFileSync(stage.path("then", "settings", "narvarod.cfg")),
  );
  await machine.start();
  assert.match(machine.status(), /^decided_through=2026-11-19$/m);
  assert.doesNotMatch(machine.status(), /^dates_waiting=[^0]/m);
  const log = machine.narvaro("audit", "verify", "--socket", machine.admin);
  assert.equal(log.status, 0, log.stderr);
  await machine.stop();
});

test("over what is there: it is moved aside with its -wal, and the programs take what was put back", async () => {
  reset("later");
  await machine.start();
  await machine.addUser("killed");
  await machine.stop("SIGKILL");
  assert.ok(statSync(`${machine.casebook}-wal`).size > 32);
  const wal = readFileSync(`${machine.casebook}-wal`);
  good(restore(backup, ...KEY, "--older"));
  assert.deepEqual(both(), state);
  assert.ok(!existsSync(`${machine.casebook}.id`), "the identity of another file is not beside it");
  const aside = readdirSync(stage.path("web")).find((name) => name.startsWith("replaced-"));
  assert.deepEqual(readFileSync(stage.path("web", aside, "casebook.db-wal")), wal);
  assert.equal(statSync(stage.path("web", aside)).mode & 0o777, 0o700);
  assert.equal(sqlite(stage.path("web", aside, "casebook.db"), "SELECT count(*) FROM user").trim(), "4");
  assert.ok(readdirSync(stage.folder).some((name) => name.startsWith("settings.replaced-")));
  await starts();
});

test("a dry run changes nothing", () => {
  reset("later");
  const was = inventory();
  assert.match(good(restore(backup, ...KEY, "--older", "--dry-run")), /would be put in place; nothing was changed/);
  assert.deepEqual(inventory(), was);
});

const spoiled = (name, change) => {
  const path = stage.path(name);
  copyFileSync(backup, path);
  change(path);
  return path;
};
// A backup that is whole as a file, with something else in it.
function forged(name, change) {
  const folder = stage.path(name);
  mkdirSync(folder);
  execFileSync("tar", ["xzf", plain, "-C", folder]);
  change(folder);
  const path = stage.path(`${name}.tar.gz`);
  execFileSync("tar", ["czf", path, "-C", folder, ...readdirSync(folder).sort().reverse()]);
  return path;
}
const manifest = (change) => (folder) => {
  const path = join(folder, "manifest.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  change(json);
  writeFileSync(path, JSON.stringify(json));
};
const WRONG_WAYS = {
  "without the key": [() => [backup], /it is sealed: bring the private key/],
  "with another key": [
    () => {
      assert.equal(machine.narvaro("backup", "key", "--out", stage.path("other-keys")).status, 0);
      return [backup, "--key", stage.path("other-keys", "backup.key")];
    },
    /the key is another one than it was sealed to/,
  ],
  "cut short": [() => [spoiled("cut", (path) => truncateSync(path, statSync(path).size - 100)), ...KEY], /cut short/],
  damaged: [
    () => [
      spoiled("damaged", (path) => {
        const bytes = readFileSync(path);
        bytes[Math.floor(bytes.length / 2)] ^= 1;
        writeFileSync(path, bytes);
      }),
      ...KEY,
    ],
    /damaged/,
  ],
  "no backup": [() => [join(machine.settings, "narvarod.cfg")], /no backup/],
  "not there": [() => [stage.path("nowhere")], /No such file/],
  "a bare database": [() => [machine.database], /no backup/],
  "older than what is there, without a word": [
    () => [backup, ...KEY],
    /the backup is older than what is there/,
    "unsaid",
  ],
  "of another school": [
    () => [
      forged(
        "school",
        manifest((json) => (json.school = "grannskolan")),
      ),
    ],
    /of the school grannskolan, and this machine is of the school ekskolan/,
  ],
  "of another place": [
    () => [
      forged(
        "place",
        manifest((json) => (json.parts["attendance.db"].path = "/etc/attendance.db")),
      ),
    ],
    /attendance\.db was \/etc\/attendance\.db, and this machine's is/,
  ],
  "a newer database": [
    () => [forged("newer", (folder) => sqlite(join(folder, "casebook.db"), "PRAGMA user_version = 99"))],
    /its version is 99, this program knows 1 to \d+: install the newer program first/,
  ],
  "a newer format": [
    () => [
      forged(
        "format",
        manifest((json) => (json.format = 2)),
      ),
    ],
    /format is 2, this program knows 1/,
  ],
  "a damaged database in it": [
    () => [
      forged("torn", (folder) => {
        const path = join(folder, "attendance.db");
        const bytes = readFileSync(path);
        bytes.fill(0x5a, 8192, 16384);
        writeFileSync(path, bytes);
      }),
    ],
    /damaged|malformed/,
  ],
  "a row less than it tells": [
    () => [forged("row", (folder) => sqlite(join(folder, "casebook.db"), "DELETE FROM user WHERE user = 'vera'"))],
    /does not hold what the manifest tells/,
  ],
  "the two databases exchanged": [
    () => [
      forged("exchanged", (folder) => {
        copyFileSync(join(folder, "casebook.db"), join(folder, "attendance.db"));
      }),
    ],
    /of another kind/,
  ],
  "a part missing": [
    () => [forged("missing", (folder) => rmSync(join(folder, "audit.key")))],
    /damaged or cut short|audit\.key is not in/,
  ],
  "a link instead of a part": [
    () => [
      forged("link", (folder) => {
        rmSync(join(folder, "audit.key"));
        execFileSync("ln", ["-s", "/etc/hostname", join(folder, "audit.key")]);
      }),
    ],
    /audit\.key is not in the backup/,
  ],
  "an owner whom the machine does not have": [
    () => [
      forged(
        "owner",
        manifest((json) => (json.parts["casebook.db"].owner = "narvaro-nobody")),
      ),
    ],
    /belongs to narvaro-nobody:.*: install first/,
    is_root ? undefined : "skip",
  ],
};
for (const [name, [words, says, how]] of Object.entries(WRONG_WAYS))
  test(`refused, and all is as it was: ${name}`, { skip: how === "skip" }, () => {
    reset("later");
    const was = inventory();
    const { status, stderr } = restore(...words(), ...(how === "unsaid" ? [] : ["--older"]));
    assert.equal(status, 1, stderr);
    assert.match(stderr, says);
    assert.match(stderr, /nothing was restored, all is as it was/);
    assert.deepEqual(inventory(), was);
    assert.deepEqual(readdirSync(machine.work), ["lock"]);
  });

test("refused while a program has its database open, or another restore is at work", async () => {
  reset("later");
  await machine.start();
  const { status, stderr } = restore(backup, ...KEY, "--older");
  assert.equal(status, 1);
  assert.match(
    stderr,
    new RegExp(`process ${stage.children.get("narvarod").child.pid} has .*attendance.db open: stop it first`),
  );
  await machine.stop();
  const held = run("flock", [join(machine.work, "lock"), ...machine.words("restore", backup, ...KEY, "--older")]);
  assert.equal(held.status, 1);
  assert.match(held.stderr, /another backup or restore is at work/);
  await starts();
});

// Settings where the units look for them, in a namespace; systemctl is a script that only writes down what it is asked.
test(
  "where systemd runs the services are stopped and started, and not for a dry run",
  { skip: !is_root && "only root may make namespaces" },
  () => {
    reset("then");
    const asked = stage.path("asked");
    mkdirSync(stage.path("bin"));
    writeFileSync(stage.path("bin", "systemctl"), `#!/bin/sh\necho "$*" >>${asked}\n`, { mode: 0o755 });
    const script = `set -e
cp -a /etc ${stage.path("etc")}; mount --bind ${stage.path("etc")} /etc; mount -t tmpfs none /run; mkdir -p /run/systemd/system
cp -a ${machine.settings} /etc/narvaro; sed -i 's,${machine.settings},/etc/narvaro,' /etc/narvaro/*.cfg
export PATH=${stage.path("bin")}:$PATH
file=$("$1" backup --to ${stage.folder} --work ${machine.work})
"$1" restore --dry-run --work ${machine.work} $file; test ! -e ${asked}
"$1" restore --work ${machine.work} $file; sleep 1.1; "$1" restore --work ${machine.work} $file
ls -d /etc/narvaro.replaced-* | wc -l`;
    const { status, stdout, stderr } = run("unshare", ["--mount", "sh", "-c", script, "sh", program("narvaro")]);
    assert.equal(status, 0, stderr);
    const round = "stop narvaro-web narvarod\nrestart narvaro-broker\nstart narvarod narvaro-web\n";
    assert.equal(readFileSync(asked, "utf8"), round + round);
    assert.equal(stdout.trim().split("\n").at(-1), "2", "two restores within a minute each keep what was there");
  },
);

test("refused when the disk has no room for it", { skip: !is_root && "needs a file system of its own" }, () => {
  reset("later");
  const was = inventory();
  const script = `mkdir -p "$1" && cp -a "$1" "$1.kept" && mount -t tmpfs -o size=70m none "$1" && cp -a "$1.kept/." "$1" && shift && "$@"; status=$?; rm -rf ${stage.path("data")}.kept; exit $status`;
  const small = run("unshare", [
    "--mount",
    "sh",
    "-c",
    script.replace("70m", "8m"),
    "sh",
    stage.path("data"),
    ...machine.words("restore", backup, ...KEY, "--older"),
  ]);
  assert.equal(small.status, 1, small.stderr);
  assert.match(small.stderr, /the disk has \d+ MB left and the restore needs \d+ MB: make room first/);
  assert.deepEqual(inventory(), was);
});

test("killed at every step: all is old or all is new, or the programs say how to go on, and that leads to the new", async () => {
  const killer = stage.path("killer.so");
  execFileSync("gcc", ["-shared", "-fPIC", "-D_GNU_SOURCE", "-o", killer, rootFile("tests/restore_killer.c"), "-ldl"]);
  const [narvaro, ...words] = machine.words("restore", backup, ...KEY, "--older");
  reset("later");
  const later = both();
  const ends = { old: 0, new: 0, resumed: 0 };
  for (let at = 1; ; at++) {
    reset("later");
    const { status, signal } = spawnSync(narvaro, words, {
      encoding: "utf8",
      env: {
        ...process.env,
        LD_PRELOAD: killer,
        NARVARO_KILL_AT: String(at),
        ASAN_OPTIONS: "verify_asan_link_order=0",
      },
    });
    if (signal === null) {
      assert.equal(status, 0);
      break;
    }
    assert.equal(signal, "SIGKILL");
    const lists = [machine.database, machine.casebook].map((path) => `${path}.restoring`).filter(existsSync);
    if (lists.length > 0) {
      // Neither program opens anything whose list is there, with or without --new.
      for (const [name, path] of [
        ["narvarod", machine.database],
        ["narvaro-web", machine.casebook],
      ]) {
        if (!existsSync(`${path}.restoring`) || !existsSync(join(machine.settings, `${name}.cfg`))) continue;
        const said = run(program(name), ["--config", join(machine.settings, `${name}.cfg`), "--new"]);
        assert.equal(said.status, 1, said.stderr);
        assert.match(
          said.stderr,
          /a restore was cut off before its end; finish it: narvaro restore --resume \S+\.restoring/,
        );
      }
      assert.match(good(restore("--resume", lists[0])), /^restored$/m);
      assert.deepEqual(both(), state, `resumed after ${at}`);
      assert.ok(![machine.database, machine.casebook].some((path) => existsSync(`${path}.restoring`)));
      ends.resumed++;
    } else {
      const now = both();
      const is_new = now.attendance === state.attendance;
      assert.deepEqual(now, is_new ? state : later, `after ${at}`);
      ends[is_new ? "new" : "old"]++;
    }
  }
  assert.ok(ends.old > 5 && ends.resumed > 20, JSON.stringify(ends));
  console.log(`# cut off at ${ends.old + ends.new + ends.resumed} steps: ${JSON.stringify(ends)}`);
  await starts();
});

test("what a cut off restore prepared is replaced by the next", () => {
  reset("later");
  mkdirSync(stage.path("data", "attendance.db.restoring.d"));
  writeFileSync(stage.path("data", "attendance.db.restoring.d", "attendance.db"), "half of it");
  good(restore(backup, ...KEY, "--older"));
  assert.deepEqual(both(), state);
  assert.ok(!readdirSync(stage.path("data")).some((name) => name.includes("restoring")));
  const { status, stderr } = restore("--resume", machine.database);
  assert.equal(status, 1);
  assert.match(stderr, /not what a restore leaves|larger|large/i);
});
