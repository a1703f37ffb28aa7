// From a bare terminal to one that is believed, and back: the programs that an administrator uses, with a real broker, daemon and
// terminals. What is refused says why; a revoked terminal is out within seconds, while the others lose nothing.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { after, before, test } from "node:test";
import { makeAuthority } from "./demo/broker.mjs";
import { CivilClock } from "./demo/civilclock.mjs";
import { makeDemo } from "./demo/files.mjs";
import { House, SCHOOL } from "./demo/house.mjs";
import { stream } from "./demo/random.mjs";
import { newCard } from "./demo/school.mjs";
import { program, run, until } from "./demo/stage.mjs";
import { storedToken } from "./naive/siphash.mjs";

const { school, now } = makeDemo({ classes: 3, today: "2026-11-19", time: "09:15" });
const clock = new CivilClock(now, 1);
const random = stream("enrol");
const cards = new Set(school.cards.map((c) => c.card));
const ROOMS = Object.fromEntries(school.terminals.map((t) => [t.terminal_id, t.room]));
const died = [];
const house = new House({
  terminals: { "t-101": [1], "t-102": [1], "t-103": [1] },
  onEnd: (...why) => died.push(why),
  enrols: true,
});
const at = (...names) => house.stage.path(...names);

// What systemd does for the broker, by a shell; and a systemctl that reaches it.
const SUPERVISOR = `trap 'kill $child; exit 0' TERM
while :; do setpriv --pdeathsig KILL mosquitto -c "$1" & child=$!; echo $child >"$2"; wait $child; done`;

function writeSystemctl(succeeds) {
  const script = succeeds
    ? `[ "$*" = "restart narvaro-broker.service" ] || exit 9\nkill -TERM "$(cat "${at("broker.pid")}")"`
    : "exit 1";
  mkdirSync(at("bin"), { recursive: true });
  writeFileSync(at("bin", "systemctl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

before(async () => {
  process.env.PATH = `${at("bin")}:${process.env.PATH}`;
  writeSystemctl(true);
  await house.prepare();
  writeFileSync(at("supervisor"), SUPERVISOR);
  house.stage.start("broker", "sh", [at("supervisor"), house.broker.config, at("broker.pid")], { onEnd: house.onEnd });
  await house.startBus();
  await until(
    "the broker",
    () => run("mosquitto_pub", ["--unix", house.broker.socket, "-t", "x", "-m", "x"]).status === 0,
  );
  await house.startDaemon(clock);
  house.importSchool({ ...school, terminals: [], outages: [], taps: [], absences: [] });
});
after(() => house.stage.end());

const folders = () => [
  "--authority",
  house.authority.own,
  "--broker",
  house.authority.broker,
  "--socket",
  house.control,
  "--token-key",
  at("token.key"),
  "--port",
  String(house.broker.port),
  "--update-key",
  at("update.pub"),
];
const narvaro = (...words) =>
  house.narvaro("terminal", ...words, ...(words[0] === "list" ? folders().slice(0, 6) : folders()));
const good = ({ status, stdout, stderr }) => assert.equal(status, 0, stdout + stderr) ?? stdout;
const refused = ({ status, stdout, stderr }, words) => {
  assert.equal(status, 1, stdout + stderr);
  assert.match(stderr, words);
};

// The request of a terminal that has settings (`id`.cfg), or of a bare one in a folder of its own.
function enrol(id) {
  const result = run(program("narvaro-terminal"), ["--config", at(`${id}.cfg`), "--enrol"]);
  good(result);
  writeFileSync(at(`${id}.csr`), result.stdout);
  return result;
}
function enrolBare(folder, id) {
  mkdirSync(at(folder), { recursive: true });
  const result = run(program("narvaro-terminal"), [...bare(folder), "--enrol", "--terminal", id]);
  good(result);
  writeFileSync(at(folder, "csr"), result.stdout);
  return at(folder, "csr");
}
const bare = (folder) => ["--config", at(folder, "narvaro-terminal.cfg"), "--folder", at(folder)];
const install = (config, bundle, ...words) =>
  run(program("narvaro-terminal"), ["--config", config, "--install", bundle, ...words]);
const add = (id, { room = ROOMS[id], csr = at(`${id}.csr`), out = at(`${id}.bundle`) } = {}) =>
  narvaro("add", id, "--room", room, "--csr", csr, "--out", out);
function bringIn(id) {
  enrol(id);
  good(add(id));
  good(install(at(`${id}.cfg`), at(`${id}.bundle`)));
  house.startTerminal(id, clock);
}

const log = (label) => (existsSync(at("log", `${label}.log`)) ? readFileSync(at("log", `${label}.log`), "utf8") : "");
const says = (label, words) => until(`${label} to say ${words}`, () => words.test(log(label)));
const stored = (card) =>
  house.query(
    `SELECT terminal_id FROM event WHERE kind = 'tap' AND token = ${storedToken(readFileSync(at("token.key"), "utf8").trim(), card)}`,
  );
async function tap(terminal) {
  const card = newCard(random, cards);
  const before = house.bus.lamps.length;
  house.bus.tap(terminal, 1, card);
  await until("a lamp", () => house.bus.lamps.length > before);
  return { card, pattern: house.bus.lamps.at(-1).pattern };
}
const arrives = (card) => until("the tap in the database", () => stored(card).length === 1, { everyMs: 100 });
const sessions = (id = "t-10\\d") =>
  (log("broker").match(new RegExp(`New client connected from \\S+ as ${id} `, "g")) ?? []).length;

const shutOut = (id) =>
  until(`${id} to be refused`, () => /reason=.*(revoked|certificate)/.test(log(id).split("offline").at(-1))).catch(
    (error) => {
      throw new Error(`${error.message}:\n${log(id)}`);
    },
  );

test("a bare terminal is enrolled: key, request, bundle, settings", () => {
  const csr = enrolBare("bare", "t-bare");
  assert.equal(statSync(at("bare", "terminal.key")).mode & 0o777, 0o600);
  assert.match(run("openssl", ["req", "-in", csr, "-noout", "-subject", "-verify"]).stdout, /CN = t-bare/);
  const key = readFileSync(at("bare", "terminal.key"), "utf8");
  const out = at("bare", "t-bare.bundle");
  const words = ["add", "t-bare", "--room", "sal-101", "--csr", csr, "--out", out];
  writeFileSync(at("update.pub"), "x".repeat(65537));
  refused(narvaro(...words, "--dry-run"), /update\.pub: File too large/);
  writeFileSync(at("update.pub"), "a public key\n");
  const dry = narvaro(...words, "--dry-run");
  assert.match(good(dry), /dry run/);
  assert.equal(existsSync(out), false);
  assert.match(good(narvaro(...words)), /room sal-101.*holds until \d{4}-\d\d-\d\d/s);
  const bundle = readFileSync(out, "utf8");
  assert.doesNotMatch(bundle, new RegExp(readFileSync(at("token.key"), "utf8").trim())); // sealed
  assert.doesNotMatch(bundle, /PRIVATE KEY/);
  const config = at("bare", "narvaro-terminal.cfg");
  assert.match(
    good(install(config, out, "--folder", at("bare"))),
    new RegExp(`t-bare of ${SCHOOL} .*sal-101.*127.0.0.1:${house.broker.port}`, "s"),
  );
  good(run(program("narvaro-terminal"), ["--config", config, "--check"]));
  assert.equal(readFileSync(at("bare", "token.key"), "utf8"), readFileSync(at("token.key"), "utf8"));
  assert.equal(statSync(at("bare", "token.key")).mode & 0o777, 0o600);
  assert.equal(readFileSync(at("bare", "update.pub"), "utf8"), "a public key\n");
  // Once more: the same key, another request, and nothing else has changed.
  const again = run(program("narvaro-terminal"), ["--config", config, "--enrol"]);
  assert.match(again.stderr, /^Used the key/);
  assert.equal(readFileSync(at("bare", "terminal.key"), "utf8"), key);
  const modulus = (text) => run("openssl", ["req", "-noout", "-pubkey"], { input: text }).stdout;
  assert.equal(modulus(again.stdout), modulus(readFileSync(csr, "utf8")));
});

test("until its first word an added terminal has recorded nothing: its room's lessons are unknown, nobody is absent", () => {
  const rows = house.query(
    "SELECT certificate_to_ms > 0 AS lasts, revoked_ms FROM terminal_seen WHERE terminal_id = 't-bare'",
  );
  assert.deepEqual(rows, [{ lasts: 1, revoked_ms: null }]);
  const { stdout } = house.narvaro("status", "--socket", house.control);
  assert.match(stdout, /unknown_lesson=.* in sal-101: the room's terminals could not record/);
});

test("terminals are brought in, connect, and their taps are stored", async () => {
  for (const id of Object.keys(house.terminals)) bringIn(id);
  for (const id of Object.keys(house.terminals)) await says(id, /online broker=/);
  for (const id of Object.keys(house.terminals)) await arrives((await tap(id)).card);
  const list = good(narvaro("list"));
  for (const id of Object.keys(house.terminals))
    assert.match(list, new RegExp(`^${id} +${ROOMS[id]} +\\d{4}-\\d\\d-\\d\\d +2026-11-19T\\S+ *$`, "m"));
  assert.match(list, /^t-bare +sal-101 .* never *$/m);
  assert.doesNotMatch(list, /127.0.0.1 +-/); // the broker is no terminal
});

test("requests that are not right are refused, each with its reason, and nothing is signed", () => {
  const before = readdirSync(`${house.authority.own}/issued`);
  const csr = enrolBare("other", "t-201");
  const out = at("t-201.bundle");
  const ask = (options) => add("t-201", { room: "sal-101", csr, out, ...options });
  refused(add("t-202", { room: "sal-101", csr, out }), /request is for terminal "t-201", not "t-202"/);
  // One bit of the public key: the encoding stays whole, the signature does not fit any more.
  const der = execFileSync("openssl", ["req", "-in", csr, "-outform", "DER"]);
  const middle = der.indexOf(Buffer.from("t-201")) + 5;
  for (const place of [middle + 60, der.length - 3]) {
    const changed = Buffer.from(der);
    changed[place] ^= 1;
    writeFileSync(
      at("changed.csr"),
      `-----BEGIN CERTIFICATE REQUEST-----\n${changed.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE REQUEST-----\n`,
    );
    refused(ask({ csr: at("changed.csr") }), /changed on its way|not a certificate request/);
  }
  execFileSync(
    "openssl",
    [
      "req",
      "-new",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      at("rsa.key"),
      "-subj",
      "/CN=t-201",
      "-out",
      at("rsa.csr"),
    ],
    { stdio: "ignore" },
  );
  refused(ask({ csr: at("rsa.csr") }), /must be P-256/);
  refused(ask({ csr: at("t-102.cfg") }), /not a certificate request/);
  refused(ask({ csr: at("nothing-here") }), /No such file/);
  const piped = ["terminal", "add", "t-201", "--room", "sal-101", "--csr", "-", ...folders(), "--dry-run"];
  good(run(program("narvaro"), piped, { input: readFileSync(csr, "utf8") }));
  refused(ask({ room: "sal-999" }), /no lesson is in room sal-999/);
  refused(add("t-101"), /has a certificate already/);
  refused(narvaro("renew", "t-201"), /never had a certificate/);
  refused(narvaro("revoke", "t-201", "--reason", "lost"), /never had a certificate/);
  writeFileSync(out, "mine");
  refused(ask({}), /is there already/);
  assert.equal(readFileSync(out, "utf8"), "mine");
  assert.deepEqual(readdirSync(`${house.authority.own}/issued`), before);
  assert.deepEqual(house.query("SELECT count(*) AS n FROM certificate WHERE terminal_id LIKE 't-20%'"), [{ n: 0 }]);
});

test("a disk that takes nothing: said so, and nothing half done", () => {
  const before = readdirSync(`${house.authority.own}/issued`);
  const csr = enrolBare("other", "t-201");
  const full = (...words) => run("sh", ["-c", 'trap "" XFSZ; ulimit -f 0; exec "$@" 2>&1 | cat', "sh", ...words]); // every write: file too large
  const words = [
    "terminal",
    "add",
    "t-201",
    "--room",
    "sal-101",
    "--csr",
    csr,
    "--out",
    at("full.bundle"),
    ...folders(),
  ];
  assert.match(full(program("narvaro"), ...words).stdout, /File too large/);
  assert.deepEqual(readdirSync(`${house.authority.own}/issued`), before);
  assert.equal(existsSync(at("full.bundle")), false);
  mkdirSync(at("full"));
  const enrolling = full(program("narvaro-terminal"), ...bare("full"), "--enrol", "--terminal", "t-203");
  assert.match(enrolling.stdout, /key cannot be written: File too large/);
  assert.deepEqual(readdirSync(at("full")), []);
});

test("keys that others may read, authorities that are broken or have ended: refused", () => {
  const key = `${house.authority.own}/ca.key`;
  chmodSync(key, 0o644);
  refused(narvaro("list"), /others may read this key/);
  chmodSync(key, 0o600);
  chmodSync(at("other", "terminal.key"), 0o640);
  refused(
    run(program("narvaro-terminal"), [...bare("other"), "--enrol", "--terminal", "t-201"]),
    /others may read this key/,
  );
  chmodSync(at("other", "terminal.key"), 0o600);
  writeFileSync(at("other", "terminal.key"), "nothing\n", { mode: 0o600 });
  refused(run(program("narvaro-terminal"), [...bare("other"), "--enrol", "--terminal", "t-201"]), /not a private key/);
  const old = makeAuthority(at("old"));
  const own = ["--authority", old.own, "--broker", old.broker];
  refused(house.narvaro("terminal", "list", "--authority", at("nowhere")), /make the authority first/);
  copyFileSync(`${house.authority.own}/revoked.crl`, `${old.own}/revoked.crl`);
  refused(house.narvaro("terminal", "list", ...own), /not a list of this authority/);
  writeFileSync(at("nameless.cfg"), 'school = "Ekskolan";\n');
  for (const [config, why] of [
    [at("nameless.cfg"), /nameless\.cfg: school: must be \[a-z0-9-\], at most 32/],
    [at("nothing.cfg"), /nothing\.cfg/],
  ]) {
    const places = ["--authority", at("never"), "--broker", old.broker, "--config", config];
    refused(house.narvaro("terminal", "ca", "--host", "localhost", ...places), why);
    assert.ok(!existsSync(at("never")));
  }
  const topics = readFileSync(house.authority.acl, "utf8").match(/narvaro\/1\/[^/]+/g);
  assert.ok(topics.length > 10 && topics.every((topic) => topic === `narvaro/1/${SCHOOL}`), topics.join(" "));
  const ended = makeAuthority(at("ended"));
  const key_ended = `${ended.own}/ca.key`;
  execFileSync("openssl", ["req", "-new", "-key", key_ended, "-subj", "/CN=ended", "-out", at("ended.csr")]);
  execFileSync(
    "openssl",
    ["x509", "-req", "-in", at("ended.csr"), "-signkey", key_ended, "-days", "-1", "-out", `${ended.own}/ca.crt`],
    { stdio: "ignore" },
  );
  const words = [
    "terminal",
    "add",
    "t-204",
    "--room",
    "sal-101",
    "--csr",
    at("bare", "csr"),
    "--authority",
    ended.own,
    "--socket",
    house.control,
    "--token-key",
    at("token.key"),
  ];
  refused(house.narvaro(...words), /the authority itself has ended/);
});

test("a bundle of another school, of another terminal, or for another key is not installed", () => {
  const config = at("bare", "narvaro-terminal.cfg");
  const before = readFileSync(at("bare", "terminal.crt"), "utf8");
  refused(install(config, at("t-101.bundle")), /bundle is for terminal "t-101".*settings say "t-bare"/);
  refused(install(config, at("bare", "csr")), /not an answer/);
  const bundle = JSON.parse(readFileSync(at("bare", "t-bare.bundle"), "utf8"));
  const wrong = (changes) => {
    writeFileSync(at("wrong.bundle"), JSON.stringify({ ...bundle, ...changes }));
    return install(config, at("wrong.bundle"));
  };
  const other = JSON.parse(readFileSync(at("t-101.bundle"), "utf8"));
  refused(wrong({ certificate: other.certificate }), /certificate is for "t-101"/);
  refused(wrong({ token_key: other.token_key }), /cannot be opened with this terminal's key/);
  refused(
    wrong({ authority: readFileSync(`${makeAuthority(at("stranger")).own}/ca.crt`, "utf8") }),
    /has not signed the certificate/,
  );
  refused(wrong({ port: 0 }), /port must be/);
  enrolBare("lost", "t-bare"); // the same name, another key
  refused(
    install(at("lost", "narvaro-terminal.cfg"), at("bare", "t-bare.bundle"), "--folder", at("lost")),
    /for another key/,
  );
  refused(
    install(at("lost", "narvaro-terminal.cfg"), at("bare", "t-bare.bundle"), "--folder", at("nowhere")),
    /install -d -m 700/,
  );
  writeFileSync(at("bare", "token.key"), `${"ab".repeat(16)}\n`, { mode: 0o600 });
  refused(install(config, at("bare", "t-bare.bundle")), /token key is another/);
  assert.equal(readFileSync(at("bare", "terminal.crt"), "utf8"), before);
});

test("a renewal ends later and needs no request; a new key ends the old one", () => {
  const ends = () => house.query("SELECT to_ms FROM certificate WHERE terminal_id = 't-bare'")[0].to_ms;
  const first = ends();
  good(narvaro("renew", "t-bare", "--days", "2000", "--out", at("renewed.bundle")));
  assert.ok(ends() > first + 800 * 86_400_000);
  copyFileSync(at("token.key"), at("bare", "token.key"));
  good(install(at("bare", "narvaro-terminal.cfg"), at("renewed.bundle")));
  const list = () =>
    run("openssl", ["crl", "-in", house.authority.list, "-noout", "-text"]).stdout.match(/Serial Number/g)?.length ?? 0;
  const before = list();
  assert.match(
    good(narvaro("renew", "t-bare", "--csr", at("lost", "csr"), "--days", "30", "--out", at("lost", "bundle"))),
    /older key no longer opens/,
  );
  assert.equal(list(), before + 2);
  good(install(at("lost", "narvaro-terminal.cfg"), at("lost", "bundle"), "--folder", at("lost")));
  assert.match(good(narvaro("list")), /^t-bare .* ends in (29|30) days; renew it/m);
});

test("a revoked terminal is out, its session too; the others lose nothing", async () => {
  for (const id of Object.keys(house.terminals))
    await until(`${id} online`, () => log(id).split("online broker=").length > 2); // after the renewal
  const [kept, lost] = [await tap("t-101"), await tap("t-102")];
  await Promise.all([arrives(kept.card), arrives(lost.card)]);
  const [before, ofLost] = [sessions(), sessions("t-102")];
  const words = good(narvaro("revoke", "t-102", "--reason", "taken from the wall"));
  assert.match(words, /believes nothing more.*on the list.*started anew/s);
  const meanwhile = [await tap("t-101"), await tap("t-103")];
  const late = await tap("t-102");
  await says("t-102", /warning: offline broker=/);
  for (const { card } of meanwhile) await arrives(card);
  await until("t-101 and t-103 again", () => sessions() >= before + 2);
  // It tries again and again, and is told why.
  await shutOut("t-102");
  assert.deepEqual(stored(late.card), []);
  assert.equal(sessions("t-102"), ofLost);
  assert.match(good(narvaro("list")), /^t-102 .* revoked \d{4}-\d\d-\d\d: taken from the wall/m);
});

test("should the broker not start anew, the daemon believes nothing from the open session all the same", async () => {
  const alone = good(house.narvaro("terminal", "list", "--authority", house.authority.own, "--socket", at("nobody")));
  assert.match(alone, /^t-103 +- +\d{4}-\d\d-\d\d +never/m);
  writeSystemctl(false);
  refused(narvaro("revoke", "t-103", "--reason", "lost"), /narvaro-broker\.service was not restarted.*restart it now/);
  const { card } = await tap("t-103");
  await says("narvarod", /warning: revoked terminal not believed terminal=t-103/);
  await arrives((await tap("t-101")).card);
  assert.deepEqual(stored(card), []);
  writeSystemctl(true);
  assert.match(good(narvaro("revoke", "t-103", "--reason", "lost")), /nor did it before/);
  await shutOut("t-103");
});

test("without the daemon the list and the broker shut a terminal out, and the command says what is left to do", () => {
  const alone = ["--authority", house.authority.own, "--broker", house.authority.broker, "--socket", at("nobody")];
  const { status, stdout, stderr } = house.narvaro("terminal", "revoke", "t-103", "--reason", "lost", ...alone);
  assert.equal(status, 1);
  assert.match(stdout, /on the list.*started anew/s);
  assert.match(stderr, /nobody: No such file.*repeat the command/s);
});

test("a revoked name does not come back", () => {
  refused(add("t-102"), /was revoked/);
  refused(narvaro("renew", "t-102"), /was revoked/);
  const other = makeAuthority(at("another")); // an authority that does not know: the daemon does
  const words = [
    "terminal",
    "add",
    "t-102",
    "--room",
    ROOMS["t-102"],
    "--csr",
    at("t-102.csr"),
    "--out",
    at("again.bundle"),
    "--authority",
    other.own,
    "--broker",
    other.broker,
    "--socket",
    house.control,
    "--token-key",
    at("token.key"),
  ];
  refused(house.narvaro(...words), /was revoked, and a revoked name does not come back/);
  assert.equal(existsSync(at("again.bundle")), false);
});

test("two commands at once do not mix their registers", async () => {
  const holder = spawn("flock", [house.authority.own, "sleep", "2"]);
  await until("the lock", () => /another command is at work/.test(narvaro("list").stderr));
  holder.kill();
  await until("its end", () => narvaro("list").status === 0);
});

test("after a lost database terminals are brought in again, with the certificates that they have", async () => {
  await house.stage.stop("narvarod");
  for (const ending of ["", "-wal", "-shm"]) rmSync(house.database + ending, { force: true });
  good(run(program("narvarod"), ["--config", at("narvarod.cfg"), "--new"]));
  await house.startDaemon(clock);
  house.importSchool({ ...school, terminals: [], outages: [], taps: [], absences: [] });
  const renew = (...words) => narvaro("renew", "t-101", "--out", at("lost-database.bundle"), ...words);
  refused(renew(), /t-101 is not listed in the school's data: say its room, too/);
  good(renew("--room", ROOMS["t-101"]));
  assert.match(good(narvaro("list")), /^t-101 /m);
  const { card } = await tap("t-101");
  await arrives(card);
  refused(narvaro("renew", "t-102", "--room", ROOMS["t-102"]), /was revoked/);
});

test("nobody died of any of it", () => assert.deepEqual(died, []));
