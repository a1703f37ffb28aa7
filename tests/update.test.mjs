// Updates of the terminal's program: packages made here, byte by byte as docs/firmware.md says, by Node's own Ed25519; the real
// installer; the real terminal on an emulated bus before, while and after it is exchanged.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import test from "node:test";
import { Desk } from "./desk.mjs";
import { program, run, sleep, Stage, until } from "./demo/stage.mjs";

const MARK = "narvaro-terminal-version=";
const HERE = { x64: "amd64", arm64: "arm64", arm: "armhf" }[process.arch];
const SEAL_BYTES = 144;

// The real program, which says that it is of another version. All versions here are as long as its own.
const built = readFileSync(program("narvaro-terminal"));
const own = /version=(\d+\.\d+\.\d+)/.exec(
  built.subarray(built.indexOf(MARK), built.indexOf(MARK) + 50).toString("latin1"),
)[1];
const ofVersion = (version) => {
  assert.equal(version.length, own.length);
  const bytes = Buffer.from(built);
  bytes.write(version, bytes.indexOf(MARK) + MARK.length, "latin1");
  return bytes;
};
const script = (version, lines) => Buffer.from(`#!/bin/sh\n${lines}\nexit 1\n# ${MARK}${version}\0`, "latin1");

const school = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");
const pem = (key, type) => key.export({ format: "pem", type });

function seal(bytes, { version = own, architecture = HERE, key = school.privateKey, change = () => {} } = {}) {
  const head = Buffer.alloc(SEAL_BYTES - 64);
  head.write("narvaro-terminal", 0, "latin1");
  head.writeUInt32LE(1, 16);
  head.writeUInt32LE(bytes.length, 20);
  version.split(".").forEach((number, i) => head.writeUInt16LE(Number(number), 24 + 2 * i));
  head.write(architecture, 32, "latin1");
  createHash("sha256").update(bytes).digest().copy(head, 48);
  change(head);
  return Buffer.concat([bytes, head, sign(null, head, key)]);
}

// A folder of slots, and the installer told where everything is.
class Slots {
  constructor(stage, marks = stage.path("cache")) {
    Object.assign(this, { stage, marks, folder: stage.path("program") });
    mkdirSync(this.folder);
    if (!existsSync(marks)) mkdirSync(marks);
    writeFileSync(stage.path("update.pub"), pem(school.publicKey, "spki"));
  }
  call(...words) {
    return run(program("narvaro-terminal-update"), this.words(...words));
  }
  words(...words) {
    return [
      "--folder",
      this.folder,
      "--factory",
      program("narvaro-terminal"),
      "--marks",
      this.marks,
      "--key",
      this.stage.path("update.pub"),
      ...words,
    ];
  }
  install(bytes, ...words) {
    writeFileSync(this.stage.path("package"), bytes);
    return this.call("--install", this.stage.path("package"), ...words);
  }
  choose() {
    const { status, stderr } = this.call("--choose");
    assert.equal(status, 0, stderr);
    return stderr;
  }
  get current() {
    return readlinkSync(`${this.folder}/current`);
  }
  get names() {
    return readdirSync(this.folder)
      .map((name) => name.replace(/-[0-9a-f]{16}-/, "-"))
      .sort();
  }
}
const withSlots = (body) => () => {
  const stage = new Stage();
  try {
    const slots = new Slots(stage);
    slots.choose();
    body(slots, stage);
  } finally {
    stage.clear();
  }
};

test(
  "narvaro update signs what Node signs, byte for byte, and reads version and architecture from the program",
  withSlots((slots, stage) => {
    writeFileSync(stage.path("update.key"), pem(school.privateKey, "pkcs8"));
    writeFileSync(stage.path("program-2"), ofVersion("0.2.0"));
    const words = [
      "update",
      "sign",
      stage.path("program-2"),
      "--key",
      stage.path("update.key"),
      "--out",
      stage.path("signed"),
    ];
    const signed = run(program("narvaro"), words);
    assert.equal(signed.status, 0, signed.stderr);
    assert.match(signed.stdout, new RegExp(`^narvaro-terminal 0\\.2\\.0 ${HERE}, ${built.length} bytes$`, "m"));
    assert.deepEqual(readFileSync(stage.path("signed")), seal(ofVersion("0.2.0"), { version: "0.2.0" }));
    const again = run(program("narvaro"), words);
    assert.equal(again.status, 1); // a package that is there is never overwritten
    assert.match(again.stderr, /signed: File exists/);
    const checked = run(program("narvaro"), [
      "update",
      "check",
      stage.path("signed"),
      "--key",
      stage.path("update.pub"),
    ]);
    assert.equal(checked.stdout, signed.stdout);
    for (const [bytes, why] of [
      [Buffer.from("no program at all"), /does not say its version/],
      [script(own, "exit 0"), /amd64, armhf or arm64/],
    ]) {
      writeFileSync(stage.path("other"), bytes);
      const refused = run(program("narvaro"), [
        "update",
        "sign",
        stage.path("other"),
        "--key",
        stage.path("update.key"),
        "--out",
        stage.path("o"),
      ]);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, why);
      assert.ok(!existsSync(stage.path("o")));
    }
  }),
);

const flipped = (bytes, at) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] ^= 0x10;
  return copy;
};
const good = seal(built);
for (const [what, bytes, why] of [
  ["nothing", Buffer.alloc(0), /no package/],
  ["a program without a seal", built, /no package/],
  ["half a package", good.subarray(0, good.length >> 1), /no package/],
  ["all but the last byte", good.subarray(0, -1), /no package/],
  ["a byte more", Buffer.concat([good, Buffer.from("\n")]), /no package/],
  [
    "a byte more before the seal",
    Buffer.concat([built, Buffer.from("\n"), good.subarray(-SEAL_BYTES)]),
    /seal is of another file/,
  ],
  ["a flipped byte in the program", flipped(good, 5000), /not the one that was signed/],
  ["a flipped byte in the program's last", flipped(good, -SEAL_BYTES - 1), /not the one that was signed/],
  ["a flipped byte in the size", flipped(good, 20 - SEAL_BYTES), /signature is not of this key/],
  ["a flipped byte in the version", flipped(good, 24 - SEAL_BYTES), /signature is not of this key/],
  ["a flipped byte in the hash", flipped(good, 50 - SEAL_BYTES), /signature is not of this key/],
  ["a flipped byte in the signature", flipped(good, -3), /signature is not of this key/],
  ["another's signature", seal(built, { key: stranger.privateKey }), /signature is not of this key/],
  ["a seal of another layout", seal(built, { change: (head) => head.writeUInt32LE(2, 16) }), /newer layout/],
  ["an architecture without end", seal(built, { change: (head) => head.fill("x", 32, 48) }), /seal is of another file/],
  [
    "another architecture",
    seal(built, { architecture: HERE === "armhf" ? "arm64" : "armhf" }),
    /for another machine architecture=/,
  ],
  ["a version that the program does not say", seal(built, { version: "9.0.0" }), /another version than its seal/],
  ["a signed file that is no terminal's program", seal(Buffer.from("anything")), /does not say its version/],
  [
    "an older version",
    seal(ofVersion("0.0.9"), { version: "0.0.9" }),
    /older than what runs, --older .*version=0\.0\.9 runs=/,
  ],
  ["a package beyond the bound", Buffer.concat([Buffer.alloc(16 << 20), good]), /larger than a program may be/],
])
  test(
    `refused, and nothing changes: ${what}`,
    withSlots((slots) => {
      const { status, stderr } = slots.install(bytes);
      assert.equal(status, 1);
      assert.match(stderr, why);
      assert.deepEqual(slots.names, ["current"]);
      assert.equal(slots.current, program("narvaro-terminal"));
    }),
  );

test(
  "a key that is none of updates is refused",
  withSlots((slots, stage) => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    for (const key of ["", "no key", pem(rsa.publicKey, "spki"), pem(school.privateKey, "pkcs8")]) {
      writeFileSync(stage.path("update.pub"), key);
      const { status, stderr } = slots.install(good);
      assert.equal(status, 1);
      assert.match(stderr, /update\.pub: must hold a public Ed25519 key/);
    }
    assert.deepEqual(slots.names, ["current"]);
  }),
);

test(
  "a disk without room for it: refused, and what ran goes on",
  withSlots((slots, stage) => {
    writeFileSync(stage.path("package"), good);
    const words = slots
      .words("--install", stage.path("package"))
      .map((word) => `'${word}'`)
      .join(" ");
    const { status, stderr } = run("sh", [
      "-c",
      `trap '' XFSZ; ulimit -f 100; exec ${program("narvaro-terminal-update")} ${words}`,
    ]);
    assert.equal(status, 1);
    assert.match(stderr, /not installed .*reason=File too large/);
    assert.deepEqual(slots.names, ["current"]);
    assert.equal(slots.install(good).status, 0);
  }),
);

test(
  "an older version goes in when that is said, and one trial at a time",
  withSlots((slots) => {
    assert.equal(slots.install(seal(ofVersion("0.0.9"), { version: "0.0.9" }), "--older").status, 0);
    assert.equal(slots.current, "a");
    assert.match(slots.call().stdout, /^version 0\.0\.9 from a\nversion 0\.0\.9 is on trial, 3 starts left$/m);
    const second = slots.install(good);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /another update is under way or on trial/);
    for (let left = 2; left >= 0; left--)
      assert.match(slots.choose(), new RegExp(`on trial version=0\\.0\\.9 starts_left=${left}`));
    assert.match(slots.choose(), /warning: update given up, the program before it runs again version=0\.0\.9/);
    assert.equal(slots.current, program("narvaro-terminal"));
    assert.match(slots.call().stdout, /version 0\.0\.9 was given up/);
    assert.equal(slots.choose(), "");
    assert.equal(slots.install(good).status, 0);
    assert.deepEqual(slots.names, ["a", "current", "previous", "trial-3"]);
  }),
);

// A terminal that is started as its unit does it.
async function withTerminal(body) {
  const desk = await Desk.open();
  try {
    const slots = new Slots(desk.stage);
    desk.writeSettings({ program_folder: slots.folder, trial_s: 2 });
    desk.command = [`${slots.folder}/current`];
    const begin = () => {
      const told = slots.choose();
      desk.startTerminal();
      return told;
    };
    await body(desk, slots, begin);
  } catch (error) {
    error.message += `\n${desk.stage.lastWords(20)}`;
    throw error;
  } finally {
    await desk.end();
  }
}
const card = (number) => (0x04000000 + number).toString(16).padStart(8, "0").toUpperCase();
const readersUp = (desk, times) => until("the readers", () => desk.log.split("reader up").length > 2 * times);

// All that a lamp has acknowledged, exactly once.
async function everythingArrives(desk, count) {
  await desk.startBroker();
  desk.sayDaemon("ready");
  await until("all taps", () => new Set(desk.taps.map(({ token }) => token)).size === count);
  const sequences = new Map(desk.taps.map(({ gen, seq, token }) => [`${gen} ${seq}`, token]));
  assert.equal(sequences.size, count); // one event for each, however often it was sent
  assert.equal(new Set(sequences.values()).size, count);
}

test("an update with taps pending and no broker: confirmed, and no acknowledged tap is lost", () =>
  withTerminal(async (desk, slots, begin) => {
    begin();
    await readersUp(desk, 1);
    for (let i = 0; i < 20; i++) assert.equal((await desk.tap(1 + (i % 2), card(i))).pattern, "recorded");
    assert.equal(slots.install(seal(ofVersion("0.2.0"), { version: "0.2.0" })).status, 0);
    desk.writeSettings({ program_folder: slots.folder, trial_s: 600 });
    assert.equal((await desk.tap(1, card(20))).pattern, "recorded"); // what runs is not disturbed
    await desk.stopTerminal("SIGTERM");
    desk.bus.tap("t-1", 1, card(21)); // nobody answers now: the head keeps it
    const before = desk.bus.lamps.length;
    assert.match(begin(), /on trial version=0\.2\.0 starts_left=2/);
    await until("the lamp", () => desk.bus.lamps.length > before);
    await readersUp(desk, 2);
    assert.match(desk.log, /info: on trial for at least 600 s/);
    await desk.stopTerminal("SIGKILL"); // as a power cut
    desk.writeSettings({ program_folder: slots.folder, trial_s: 2 });
    assert.match(begin(), /starts_left=1/);
    await readersUp(desk, 3);
    for (let i = 22; i < 30; i++) assert.equal((await desk.tap(1 + (i % 2), card(i))).pattern, "recorded");
    await until("the end of the trial", () => /trial passed, this program stays/.test(desk.log));
    assert.match(slots.call().stdout, /is on trial and has passed/);
    await desk.stopTerminal("SIGTERM");
    assert.match(begin(), /update stays version=0\.2\.0/);
    await readersUp(desk, 4);
    assert.equal(slots.current, "a");
    assert.deepEqual(slots.names, ["a", "current"]);
    assert.equal((await desk.tap(2, card(30))).pattern, "recorded");
    await everythingArrives(desk, 31);
    const state = await until("a state", () => desk.states.at(-1));
    assert.equal(state.firmware, `narvaro-terminal-${own}`);
    assert.match(
      slots.install(good).stderr,
      new RegExp(`older than what runs, .*version=${own.replaceAll(".", "\\.")} runs=0\\.2\\.0`),
    );
  }));

test("an update that ends at its start: the program before it is back after three starts, and staff see it", () =>
  withTerminal(async (desk, slots, begin) => {
    begin();
    await readersUp(desk, 1);
    for (let i = 0; i < 5; i++) assert.equal((await desk.tap(1, card(i))).pattern, "recorded");
    assert.equal(slots.install(seal(script("0.3.0", "exit 3"), { version: "0.3.0" })).status, 0);
    await desk.stopTerminal("SIGTERM");
    for (let i = 0; i < 3; i++) {
      assert.match(begin(), new RegExp(`version=0\\.3\\.0 starts_left=${2 - i}`));
      assert.equal(await new Promise((resolve) => desk.child.once("close", resolve)), 3);
    }
    assert.match(begin(), /given up, the program before it runs again version=0\.3\.0/);
    await readersUp(desk, 2);
    assert.match(desk.log, /warning: an update was given up, this is the program before it given_up=0\.3\.0/);
    assert.equal((await desk.tap(2, card(5))).pattern, "recorded");
    await everythingArrives(desk, 6);
    assert.equal(desk.states.at(-1).firmware, `narvaro-terminal-${own}-reverted`);
  }));

test("a trial on which no reader answers does not pass", () =>
  withTerminal(async (desk, slots, begin) => {
    desk.bus.tell("mute", "t-1", 1);
    desk.bus.tell("mute", "t-1", 2);
    assert.equal(slots.install(good).status, 0);
    begin();
    await until("the trial", () => /on trial/.test(desk.log));
    await sleep(3000);
    assert.doesNotMatch(desk.log, /trial passed/);
    desk.bus.tell("unmute", "t-1", 2);
    await until("the end of the trial", () => /trial passed/.test(desk.log)); // one reader is enough
    assert.match(desk.log, /reader up reader=2[^]*trial passed/);
  }));

test("a program that is not on trial, or not the one in the slot, confirms nothing", () =>
  withTerminal(async (desk, slots, begin) => {
    begin();
    await readersUp(desk, 1);
    assert.equal(slots.install(good).status, 0);
    await desk.stopTerminal("SIGTERM");
    desk.command = [program("narvaro-terminal")]; // by hand, past the slots
    slots.choose();
    desk.startTerminal();
    await readersUp(desk, 2);
    await sleep(2500);
    assert.doesNotMatch(desk.log, /trial/);
    assert.match(slots.choose(), /starts_left=1/);
  }));
