// The real narvaro-terminal with commercial Modbus readers, by the profiles that are delivered, beside a head of ours.

import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import test from "node:test";
import { derive } from "./demo/house.mjs";
import { program, rootFile, run, sleep, Stage, until } from "./demo/stage.mjs";
import { Desk, KEY, TERMINAL } from "./desk.mjs";
import { siphash } from "./naive/siphash.mjs";

const tokenOf = (card) => siphash(KEY, card).toString(16).padStart(16, "0");
const INVEO = { address: 11, model: "inveo", profile: "inveo-ind-m1" };
const VRD = { address: 12, model: "vrd", profile: "vrd-485" };
const SWAPPED = { address: 13, model: "swapped", profile: "length-swapped" };

const MB10 = { address: 14, model: "mb10", profile: "inveo-mb-10" };
const QDE = { address: 15, model: "qde", profile: "qde-950-4" };
const QM = { address: 16, model: "qm", profile: "qm-950-4" };

// A reader of rf IDEAS in the network, from its maker's register specification; nothing here is shared with the terminal.
class RfIdeas {
  constructor() {
    this.input = new Uint16Array(19);
    this.written = [];
    this.server = createServer((socket) => {
      this.socket = socket.on("error", () => {}).on("data", (bytes) => socket.write(this.#answer(bytes)));
    });
  }
  async listen(port = 0) {
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    return this.server.address().port;
  }
  async close() {
    this.socket?.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
  // One request of Modbus TCP in each segment, which is what a master that waits for its answers sends.
  #answer(bytes) {
    const [first, count] = [bytes.readUInt16BE(8), bytes.readUInt16BE(10)];
    const reply = (...pdu) => {
      const head = Buffer.from(bytes.subarray(0, 7));
      head.writeUInt16BE(1 + pdu.length, 4);
      return Buffer.concat([head, Buffer.from(pdu)]);
    };
    if (bytes[7] === 4 && first + count <= 19)
      return reply(
        4,
        2 * count,
        ...[...this.input.subarray(first, first + count)].flatMap((word) => [word >> 8, word & 255]),
      );
    if (bytes[7] === 16 && first + count <= 2) {
      this.written.push([first, ...Array.from({ length: count }, (_, i) => bytes.readUInt16BE(13 + 2 * i))]);
      return reply(16, ...bytes.subarray(8, 12));
    }
    return reply(bytes[7] | 0x80, bytes[7] === 4 || bytes[7] === 16 ? 2 : 1);
  }
  // The number fills the registers from their end; each change counts up.
  hold(hex, bits = 4 * hex.length) {
    const number = Buffer.from(hex.padStart(64, "0"), "hex");
    for (let i = 0; i < 16; i++) this.input[3 + i] = number.readUInt16BE(2 * i);
    this.input[2] = bits;
    this.input[0]++;
  }
  take() {
    this.input.fill(0, 2);
    this.input[0]++;
  }
}

const withReaders = (readers, body) => async () => {
  const desk = await Desk.open({ readers });
  try {
    await desk.startBroker();
    desk.sayDaemon("ready");
    desk.startTerminal();
    await desk.readersUp();
    await body(desk);
  } catch (error) {
    error.message += `\n${desk.bus.troubles.join("\n")}\n${desk.stage.lastWords(12)}`;
    throw error;
  } finally {
    await desk.end();
  }
};

test(
  "all of them on one bus: each card once, in its printed order",
  withReaders([1, INVEO, VRD, SWAPPED], async (desk) => {
    const expected = [];
    const tap = async (reader, card, pattern) => {
      expected.push([reader, tokenOf(card)]);
      assert.equal((await desk.tap(reader, card)).pattern, pattern);
    };
    await tap(11, "00ABCD01", "accept");
    await tap(13, "0001AB02", "beep");
    await tap(1, "00ABCD03", "recorded");
    await until("the release", () => desk.bus.released.length === 1); // until then a card would be missed
    await tap(11, "0004A1B2C3D4E5", "accept");
    await sleep(500); // the card has left
    await tap(13, "04A1B2C3D4E5F6", "beep");
    desk.bus.tap(TERMINAL, 12, "0000EE04");
    expected.push([12, tokenOf("0000EE04")]);
    await until("their releases", () => desk.bus.released.length === 3);
    await tap(11, "00010203040506070809", "accept");
    for (const [i, card] of ["08ABCD01", "8804A1B2", "FFFFFFFF"].entries()) {
      await until("the release", () => desk.bus.released.length === 4 + i);
      assert.equal((await desk.tap(11, card)).pattern, "reject");
    }
    await desk.journalled(expected.length);
    await sleep(500);
    assert.deepEqual(
      desk.taps.map(({ reader, token }) => [reader, token]),
      expected,
    );
    assert.deepEqual(desk.bus.troubles, []);
    desk.say("cards", { v: 1, version: 1, tokens: [tokenOf("00ABCD01")] }, { retain: true });
    let strangers = 0;
    await until("the list", async () => {
      const released = desk.bus.released.length;
      const { pattern } = await desk.tap(11, `0BAD00${String(++strangers).padStart(2, "0")}`);
      await until("the release", () => desk.bus.released.length > released);
      return pattern === "reject";
    });
  }),
);

test(
  "a flag in a coil and five bytes; a length in the 17th register; a number that is kept: each card once",
  withReaders([MB10, QDE, QM], async (desk) => {
    const expected = [];
    for (const [reader, card] of [
      [14, "6200A31B2C"],
      [15, "04A1B2C3000000"],
      [16, "00ABCD01"],
      [14, "6200A31B2D"],
      [15, "00ABCD02"],
      [16, "04A1B2C3D4E5F6"],
    ]) {
      desk.bus.tap(TERMINAL, reader, card);
      expected.push([reader, tokenOf(card)]);
      await desk.journalled(expected.length);
      await sleep(500); // the card has left
    }
    assert.deepEqual(
      desk.taps.map(({ reader, token }) => [reader, token]),
      expected,
    );
    assert.equal(desk.bus.released.length, 2);
  }),
);

test("a reader in the network: its counter tells a tap, and its lamp answers", async () => {
  const reader = new RfIdeas();
  reader.hold("00B7748A"); // since yesterday
  const port = await reader.listen();
  await withReaders([1, { address: 21, profile: "rf-ideas-modbus-tcp", host: "127.0.0.1", port }], async (desk) => {
    const expected = [];
    for (const [hex, bits, card] of [
      ["B7748B", 24, "00B7748B"],
      ["02B7748C", 26, "02B7748C"],
      ["04A1B2C3D4E5F6", 56, "04A1B2C3D4E5F6"],
    ]) {
      reader.hold(hex, bits);
      expected.push(tokenOf(card));
      await desk.journalled(expected.length);
      await until("the lamp", () => reader.written.length === expected.length);
      reader.take();
      await sleep(100);
    }
    assert.deepEqual(reader.written, Array(3).fill([0, 2, 1]));
    await reader.close();
    await until("the reason", () => /reader down reader=21 reason=no-answer/.test(desk.log));
    assert.equal((await desk.tap(1, "11111111")).pattern, "recorded"); // the line goes on
    const again = new RfIdeas();
    await again.listen(port);
    await until("it again", () => desk.log.split("reader up reader=21").length === 3);
    await again.close();
    const taps = desk.taps.filter((tap) => tap.reader === 21);
    assert.deepEqual(
      taps.map(({ token }) => token),
      expected,
    );
  })();
});

test("a reader that types: its decimal number is a pupil's card", async () => {
  const stage = new Stage();
  const keyboard = stage.path("keyboard"); // carries what a keyboard's device would: 24 bytes for each press and release
  run("mkfifo", [keyboard]);
  const fd = openSync(keyboard, "r+");
  const type = (text) => {
    for (const key of text)
      for (const value of [1, 0]) {
        const event = Buffer.alloc(24);
        event.writeUInt16LE(1, 16);
        event.writeUInt16LE(key === "\n" ? 28 : 1 + (Number(key) || 10), 18);
        event.writeInt32LE(value, 20);
        writeSync(fd, event);
      }
  };
  await withReaders([1, { address: 31, keyboard, form: "decimal" }], async (desk) => {
    type("0012345678\n");
    await desk.journalled(1);
    type("0012345678\n0087654321\n");
    await desk.journalled(2);
    assert.deepEqual(
      desk.taps.map(({ reader, token }) => [reader, token]),
      [
        [31, tokenOf("00BC614E")],
        [31, tokenOf("05397FB1")],
      ],
    );
    assert.equal((await desk.tap(1, "11111111")).pattern, "recorded");
    assert.doesNotMatch(desk.log, /12345678|BC614E/i);
  })();
  closeSync(fd);
  stage.clear();
});

test(
  "a card that waited in a reader while nobody asked has no time",
  withReaders([INVEO], async (desk) => {
    await desk.tap(11, "11111111");
    await until("the release", () => desk.bus.released.length === 1);
    desk.bus.tell("mute", TERMINAL, 11);
    await until("down", () => /reader down reader=11/.test(desk.log));
    desk.bus.tap(TERMINAL, 11, "22222222");
    desk.bus.tell("unmute", TERMINAL, 11);
    await desk.journalled(2);
    const late = desk.taps[1];
    assert.equal(late.token, tokenOf("22222222"));
    assert.equal(late.boot, 0);
    await until("the release", () => desk.bus.released.length === 2);
    await desk.tap(11, "33333333");
    await desk.journalled(3);
    assert.ok(desk.taps[2].boot > 0);
  }),
);

test("a reader that does not do what its profile says, or is none: the reason is told", async () => {
  const wrong = { ...INVEO, profile: "vrd-485" }; // registers that it does not have
  const desk = await Desk.open({ readers: [wrong, { ...VRD, profile: undefined }, 3] });
  const probe = () => run(program("narvaro-terminal"), ["--config", desk.stage.path("terminal.cfg"), "--probe"]);
  try {
    const { status, stdout } = probe();
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^\S+: 19200 baud, parity N\nlistening: silent.*\nreader 11: exception-2 .*\nreader 12: exception-1 /,
    );
    assert.match(stdout, /\nreader 3: a reader head, program 0\.2\nnot all is well\n$/);
    desk.startTerminal();
    await until("the reasons", () => desk.log.split("reader down").length > 2);
    assert.match(desk.log, /reader down reader=11 reason=exception-2 \(it has no such register/);
    assert.match(desk.log, /reader down reader=12 reason=exception-1 /);
    const refused = probe();
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /stop it first/);
  } finally {
    await desk.end();
  }
});

test("what is wrong with a profile is said with file and line", () => {
  const stage = new Stage();
  const [file, key, profile] = ["t.cfg", "key", "p.cfg"].map((name) => stage.path(name));
  writeFileSync(key, `${"0f".repeat(16)}\n`);
  writeFileSync(
    file,
    derive("config/narvaro-terminal.cfg", {
      token_key_file: key,
      readers: [{ raw: `{ address = 1; profile = "${profile}"; }` }],
    }),
  );
  const good = readFileSync(rootFile("config/readers/inveo-ind-m1.cfg"), "utf8");
  const said = (from, to) => {
    writeFileSync(profile, good.replace(from, to));
    const { status, stderr } = run(program("narvaro-terminal"), ["--config", file, "--check"]);
    return status === 0 ? "" : stderr;
  };
  assert.equal(said("", ""), "");
  assert.match(said("count = 12", "count = 33"), /p\.cfg:\d+: .*count.*32/);
  assert.match(said('"holding"; first = 1000; count', '"flash"; first = 1000; count'), /p\.cfg:\d+: .*space must be/);
  assert.match(said("[ 5, 7, 9, 11 ]", "[ 5, 7, 9 ]"), /p\.cfg:\d+: .*4 to 4 numbers/);
  assert.match(said("19, 21, 23 ]", "19, 21, 24 ]"), /p\.cfg: .*outside of what is read/);
  assert.match(said("values = [ 0 ]", "value = [ 0 ]"), /p\.cfg:\d+: .*value/);
  assert.match(said("unknown_card =", "unknown ="), /p\.cfg:\d+: .*unknown/);
  for (const [reader, device, wrong] of [
    ['{ address = 1; host = "192.0.2.7"; }', "/dev/null", /t\.cfg:\d+: .*and a profile/],
    [
      `{ address = 1; host = "reader-7"; profile = "${profile}"; }`,
      "/dev/null",
      /t\.cfg:\d+: .*address like 192\.0\.2\.7/,
    ],
    ['{ address = 1; keyboard = "/dev/input/event3"; }', "", /t\.cfg:\d+: .*a keyboard needs form/],
    ["{ address = 1; }", "", /t\.cfg:\d+: .*reader 1 has no host/],
  ]) {
    writeFileSync(profile, good);
    writeFileSync(
      file,
      derive("config/narvaro-terminal.cfg", { token_key_file: key, device, readers: [{ raw: reader }] }),
    );
    const { status, stderr } = run(program("narvaro-terminal"), ["--config", file, "--check"]);
    assert.notEqual(status, 0);
    assert.match(stderr, wrong);
  }
  stage.clear();
});
