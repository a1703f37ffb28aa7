// What open RFID terminals are known to get wrong, each with the real terminal. docs/firmware.md says which test proves what.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import test from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { sleep, Stage, testProgram, until } from "./demo/stage.mjs";
import { KEY, ready, SCHOOL, withDesk } from "./desk.mjs";
import { siphash } from "./naive/siphash.mjs";

const QUEUED = 1200; // a broker keeps 1,000 for a client and drops the rest, acknowledged
const SLOW_MS = 120_000; // between two events on a machine that has other work
const tokenOf = (card) => siphash(KEY, card).toString(16).padStart(16, "0");
const bySequence = (events) =>
  [...new Map(events.map((event) => [event.seq, event])).values()].sort((a, b) => a.seq - b.seq);

test(
  "a tap during a reconnection is answered at once and arrives once",
  withDesk({ secure: true }, async (desk) => {
    const held = [];
    const deaf = createServer((socket) => held.push(socket.on("error", () => {}))); // takes the connection and says nothing
    await new Promise((resolve) => deaf.listen(desk.port, "127.0.0.1", resolve));
    desk.startTerminal();
    await desk.readersUp();
    await until("a handshake that hangs", () => held.length > 0);
    const lamp = await desk.tap(1, "0A0B0C0D");
    assert.equal(lamp.pattern, "recorded");
    assert.equal(held.filter((socket) => !socket.destroyed).length > 0, true, "it was still connecting");
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => deaf.close(resolve));
    await desk.startBroker();
    desk.sayDaemon("ready");
    await until("the event", () => desk.taps.length > 0);
    await sleep(500);
    assert.deepEqual(
      desk.taps.map(({ token }) => token),
      [tokenOf("0A0B0C0D")],
    );
  }),
);

test(
  "a clock decades back: the tap bears no time, and the daemon's word dates it",
  withDesk({ command: [testProgram("clockless-terminal")] }, async (desk) => {
    const right = desk.clock;
    desk.clock = new CivilClock(Date.parse("2000-01-01T00:00:00Z"), 1);
    await desk.startBroker();
    desk.sayDaemon("ready"); // retained: of unknown age, and no clock
    desk.startTerminal();
    await desk.readersUp();
    const lamp = await desk.tap(1, "01020304");
    assert.equal(lamp.pattern, "recorded");
    const tap = await until("the event", () => desk.taps[0]);
    assert.deepEqual([tap.clock, tap.at_ms ?? 0], ["unset", 0]);
    const said_ms = Date.parse("2026-09-01T08:00:30Z");
    desk.say("daemon/state", { v: 1, state: "ready", at_ms: said_ms });
    const tie = await until("the tie", () => desk.events.find(({ kind }) => kind === "clock"));
    assert.equal(tie.boot, tap.boot);
    assert.ok(Math.abs(tie.at_ms - said_ms) < SLOW_MS);
    const age_ms = tie.mono_ms - tap.mono_ms;
    assert.ok(age_ms > 0 && age_ms < SLOW_MS && right.startUtcMs < tie.at_ms - age_ms, `${age_ms} ms before`);
  }),
);

test(
  "a lost receipt: the event comes again under the same number",
  withDesk({}, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    await desk.tap(1, "0E0E0E0E");
    const first = await until("the event", () => desk.taps[0]);
    desk.sayReceipt("00000000000000aa", first.seq); // somebody else's: it does not count
    await desk.killBroker(); // and ours is lost with the broker
    desk.heard = [];
    await desk.startBroker();
    desk.sayDaemon("ready");
    const again = await until("the event again", () => desk.taps[0]);
    assert.deepEqual(
      [again.gen, again.seq, again.token, again.boot, again.mono_ms],
      [first.gen, first.seq, first.token, first.boot, first.mono_ms],
    );
  }),
);

const storm = { command: [testProgram("storm-terminal")], readers: [1, 2] };
test(
  `${QUEUED} events and more, queued while the daemon is away, arrive in order and each once`,
  withDesk(storm, async (desk) => {
    process.env.STORM_TAPS_PER_S = "400";
    const told = desk.stage.path("taps");
    desk.writeSettings({ device: told });
    const lamps = () =>
      readFileSync(told, "utf8")
        .split("\n")
        .filter((line) => / lamp recorded /.test(line));
    await desk.startBroker();
    desk.sayDaemon("lost");
    desk.startTerminal();
    await until("the taps", () => desk.log.includes("reader up") && lamps().length >= QUEUED);
    writeFileSync(`${told}.quiet`, "");
    await sleep(300);
    assert.equal(desk.events.length, 0);
    const promised = lamps().map((line) => tokenOf(line.split(" ")[3]));
    desk.sayDaemon("ready");
    await until(
      "all of them",
      () => {
        const events = bySequence(desk.events);
        const upto = events.findIndex(({ seq }, i) => seq !== i + 1);
        const last = events.at(upto < 0 ? -1 : upto - 1);
        if (last) desk.sayReceipt(last.gen, last.seq);
        return bySequence(desk.taps).length >= promised.length;
      },
      { everyMs: 50 },
    );
    const taps = bySequence(desk.taps);
    assert.deepEqual(
      taps.map(({ token }) => token),
      promised,
    );
    assert.equal(new Set(taps.map(({ token }) => token)).size, promised.length);
  }),
);

test("an access list that refuses what we publish: the tap is kept, and arrives when it may", async () => {
  const stage = new Stage();
  const acl = stage.path("acl");
  writeFileSync(acl, `topic read narvaro/1/${SCHOOL}/#\n`);
  await withDesk({ brokerText: `allow_anonymous true\nacl_file ${acl}` }, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    assert.equal((await desk.tap(1, "0F0F0F0F")).pattern, "recorded");
    await until("the reason", () => /refuses what we publish/.test(desk.log));
    assert.equal(desk.events.length, 0);
    writeFileSync(acl, `topic readwrite narvaro/1/${SCHOOL}/#\n`);
    await desk.killBroker();
    await desk.startBroker();
    desk.sayDaemon("ready");
    await until("the event", () => desk.taps.length > 0);
    assert.equal(desk.taps[0].token, tokenOf("0F0F0F0F"));
  })().finally(() => stage.clear());
});
