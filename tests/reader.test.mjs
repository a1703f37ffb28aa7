// The real narvaro-terminal polls the real head's program, on the same emulated bus as an emulated head.

import assert from "node:assert/strict";
import test from "node:test";
import { sleep, until } from "./demo/stage.mjs";
import { Desk, KEY, TERMINAL } from "./desk.mjs";
import { Head, HEAD_ADDRESS, PATTERN } from "./head.mjs";
import { siphash } from "./naive/siphash.mjs";

const tokenOf = (card) => siphash(KEY, card).toString(16).padStart(16, "0");

const withHead = (body) => async () => {
  const desk = await Desk.open({ readers: [1], guests: [HEAD_ADDRESS], settings: { poll_ms: 5 } });
  const head = new Head(desk.stage, TERMINAL);
  try {
    await desk.startBroker();
    desk.sayDaemon("ready");
    await head.start();
    desk.startTerminal();
    await desk.readersUp();
    await body(desk, head);
  } catch (error) {
    error.message += `\n${desk.stage.lastWords(12)}\n${head.facts.map(({ ms, word, number }) => `${ms} ${word} ${number}`).join("\n")}`;
    throw error;
  } finally {
    await desk.end();
  }
};
const tokens = (desk) => desk.taps.filter(({ reader }) => reader === HEAD_ADDRESS).map(({ token }) => token);

test(
  "a card is seen at once, journalled, and answered; zeros in front of 4, 7 and 10 bytes count",
  withHead(async (desk, head) => {
    const cards = ["0000ABCD", "04A1B2C3D4E5F6", "0004A1B2C3D4E5", "00000102030405060708", "00ABCD12"];
    for (const card of cards) await head.tap(card, PATTERN.recorded);
    await desk.journalled(cards.length);
    assert.deepEqual(tokens(desk), cards.map(tokenOf));
    assert.ok(desk.taps.every(({ clock, feedback }) => clock === "synced" && feedback === "recorded"));
    assert.equal((await desk.tap(1, "11111111")).pattern, "recorded"); // the emulated head beside it
    await head.tap(cards[0], PATTERN.again);
  }),
);

test(
  "without a master: please tap again, then out of service; and nothing is lost or doubled",
  withHead(async (desk, head) => {
    desk.bus.tell("unplug", TERMINAL);
    const { from } = await head.hold("0A0A0A0A");
    const seen = await head.showing(PATTERN.seen, from);
    const retry = await head.showing(PATTERN.retry, from);
    const out = await head.showing(PATTERN.outOfService, from);
    assert.ok(retry.ms - seen.ms >= 495, `tap again after ${retry.ms - seen.ms} ms`);
    assert.ok(out.ms > retry.ms);
    for (let card = 1; card <= 8; card++) await head.hold(`0B0000${card.toString(16).padStart(2, "0")}`); // the head keeps 8
    assert.equal(head.pattern, PATTERN.outOfService);
    desk.bus.tell("plug", TERMINAL);
    const kept = ["0A0A0A0A", ...[1, 2, 3, 4, 5, 6, 7].map((card) => `0B00000${card}`)];
    await desk.journalled(kept.length);
    await sleep(300);
    assert.deepEqual(tokens(desk), kept.map(tokenOf));
    assert.match(desk.log, /reader dropped taps .*reader=8 taps=1/);
    assert.ok(
      desk.taps.every(({ at_ms }, i, all) => i === 0 || at_ms > all[i - 1].at_ms),
      "each is dated when it was",
    );
    await head.tap("0C0C0C0C", PATTERN.recorded);
  }),
);

test(
  "a head that loses power starts another sequence: no tap twice, no other tap lost",
  withHead(async (desk, head) => {
    const nonces = new Set();
    for (let run = 1; run <= 3; run++) {
      await head.tap(`0D00000${run}`, PATTERN.recorded);
      nonces.add(head.nonce);
      await head.stop();
      assert.equal((await desk.tap(1, `1D00000${run}`)).pattern, "recorded");
      const up = desk.log.split("reader up").length;
      await head.start();
      await until(
        "the head",
        () => desk.log.split("reader up").length > up || (head.pattern === PATTERN.none && head.nonce),
      );
    }
    await head.tap("0D00000F", PATTERN.recorded);
    await desk.journalled(7);
    await sleep(200);
    assert.deepEqual(tokens(desk), ["0D000001", "0D000002", "0D000003", "0D00000F"].map(tokenOf));
    assert.deepEqual(desk.taps.filter(({ reader }) => reader === 1).length, 3);
    assert.equal(nonces.size, 3);
  }),
);

test(
  "a card module that falls silent takes the reader out, and its return brings it back",
  withHead(async (desk, head) => {
    head.module.mute = true;
    const out = await until("out", () => desk.events.find(({ kind }) => kind === "out"));
    assert.equal(out.reader, HEAD_ADDRESS);
    head.module.mute = false;
    await until("in", () => desk.events.find(({ kind, reader }) => kind === "in" && reader === HEAD_ADDRESS));
    await head.tap("0E0E0E0E", PATTERN.recorded);
  }),
);

test(
  "commands reach the head: here I am, and enrol the next card, but no phone",
  withHead(async (desk, head) => {
    const command = (id, what) =>
      desk.say(`${TERMINAL}/command`, {
        v: 1,
        id,
        do: what,
        reader: HEAD_ADDRESS,
        expires_ms: desk.clock.startUtcMs + 600_000,
      });
    let from = head.facts.length;
    command("c-1", "identify");
    await head.showing(PATTERN.identify, from);
    from = head.facts.length;
    command("c-2", "enrol");
    await head.showing(PATTERN.enrolWait, from);
    await head.tap("08DE5F01", PATTERN.unfitCard); // a phone: no event, and the head waits on
    await head.tap("8804DE5F", PATTERN.unfitCard);
    await head.tap("04DE5F00112233", PATTERN.enrolment);
    const enrol = await until("the card", () => desk.events.find(({ kind }) => kind === "enrol"));
    assert.deepEqual([enrol.reader, enrol.token], [HEAD_ADDRESS, tokenOf("04DE5F00112233")]);
    await head.tap("04DE5F00112234", PATTERN.recorded); // one card only
    assert.equal(desk.events.filter(({ kind }) => kind === "enrol").length, 1);
    await head.tap("FFFFFFFFFFFFFF", PATTERN.unfitCard);
    await head.tap("00000000", PATTERN.unfitCard);
    await head.tap("04DE5F00112235", PATTERN.recorded);
    await desk.journalled(2);
    assert.deepEqual(tokens(desk), ["04DE5F00112234", "04DE5F00112235"].map(tokenOf));
    assert.equal(desk.log.split("card refused reader=8").length - 1, 4);
    assert.doesNotMatch(desk.log, /08DE5F01|8804DE5F/i);
  }),
);
