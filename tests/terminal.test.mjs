// The real narvaro-terminal on an emulated bus, against a real broker, with the daemon's part played from outside.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import test from "node:test";
import { makeAuthority } from "./demo/broker.mjs";
import { derive } from "./demo/house.mjs";
import { program, run, sleep, Stage, until } from "./demo/stage.mjs";
import { KEY, ready, SCHOOL, TERMINAL, withDesk } from "./desk.mjs";
import { siphash } from "./naive/siphash.mjs";

const tokenOf = (card) => siphash(KEY, card).toString(16).padStart(16, "0");

// On a machine too busy to answer in time, readers go and come between the events that a test is about.
const ofTerminal = ({ kind }) => kind !== "out" && kind !== "in";

const checked = (text) => {
  const stage = new Stage();
  const [file, key] = [stage.path("t.cfg"), stage.path("key")];
  writeFileSync(key, `${"0f".repeat(16)}\n`);
  writeFileSync(file, text(key));
  const result = run(program("narvaro-terminal"), ["--config", file, "--check"]);
  stage.clear();
  return { ...result, lines: result.stderr.trim().split("\n").filter(Boolean) };
};

test("the example settings are right", () => {
  const { status, stderr } = checked((key) => derive("config/narvaro-terminal.cfg", { token_key_file: key }));
  assert.equal(stderr, "");
  assert.equal(status, 0);
});

test("everything wrong with the settings is said at once, with file and line", () => {
  const readers = [{ raw: "{ address = 1; }" }, { raw: "{ address = 1; }" }, { raw: "{ address = 300; }" }];
  const { status, lines } = checked(
    (key) =>
      `colour = "green";\n${derive("config/narvaro-terminal.cfg", {
        token_key_file: key,
        school: "Skolan",
        baud: 19000,
        parity: "X",
        debounce_s: 61,
        key_file: "",
        readers,
      })}`,
  );
  assert.equal(status, 1);
  for (const word of ["colour", "school", "baud", "parity", "debounce_s", "key_file", "twice", "address"])
    assert.ok(
      lines.some((line) => /t\.cfg:\d+: /.test(line) && line.includes(word)),
      `${word} in:\n${lines.join("\n")}`,
    );
});

test("a key file that holds no key is refused", () => {
  const { status, stderr } = checked(() => derive("config/narvaro-terminal.cfg", { token_key_file: "/dev/null" }));
  assert.equal(status, 1);
  assert.match(stderr, /\/dev\/null.*32 hex digits/);
});

for (const [name, options] of [
  ["MQTT 5 without TLS", {}],
  ["MQTT 3.1.1 without TLS", { settings: { protocol: 4 } }],
  ["MQTT 5 with TLS and certificates", { secure: true }],
])
  test(
    `a tap is shown, sent once and forgotten on its receipt: ${name}`,
    withDesk(options, async (desk) => {
      await desk.startBroker();
      await ready(desk);
      const lamp = await desk.tap(2, "04A1B2C3");
      assert.equal(lamp.pattern, "recorded"); // no list, no plan
      const tap = await until("the event", () => desk.taps[0]);
      assert.equal(tap.token, tokenOf("04A1B2C3"));
      assert.equal(tap.reader, 2);
      assert.equal(tap.clock, "synced");
      assert.ok(Math.abs(tap.at_ms - desk.clock.utcMs(lamp.boot_ms)) < 1000);
      desk.sayReceipt(tap.gen, tap.seq);
      assert.equal((await desk.tap(1, "04A1B2C3")).pattern, "again");
      assert.equal((await desk.tap(1, "0000ABCD01")).pattern, "recorded");
      await until("the second event", () => desk.taps.length === 2);
      const between = desk.events.filter(({ seq }) => seq > tap.seq && seq < desk.taps[1].seq);
      assert.equal(desk.taps[1].seq, tap.seq + 1 + between.length);
      assert.deepEqual(between.filter(ofTerminal), []);
      assert.equal(desk.taps[1].oldest <= tap.seq + 1, true);
      const rss_kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${desk.child.pid}/status`, "utf8"))[1]);
      // Under a sanitizer the shadow memory counts too.
      if (!process.env.TSAN_OPTIONS) assert.ok(rss_kb <= 8192, `resident ${rss_kb} kB`);
      assert.equal(await desk.stopTerminal("SIGTERM"), 0);
      await until("the farewell", () => desk.states.at(-1).state === "disconnected");
      // The second tap, and what a slow machine had to say of its readers since the first.
      const queued = desk.states.at(-1).queued;
      assert.ok(queued >= 1 && queued <= 1 + desk.log.split(/reader (?:up|down)/).length - 3, `${queued} queued`);
      assert.doesNotMatch(desk.log, /04a1b2c3|abcd01/i); // no card in a log
    }),
  );

test(
  "what has no receipt is sent again by the next connection and by the next start",
  withDesk({}, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    await desk.tap(1, "11111111");
    const first = await until("the event", () => desk.taps[0]);
    await desk.killBroker();
    assert.equal((await desk.tap(1, "22222222")).pattern, "recorded");
    desk.heard = [];
    await desk.startBroker();
    desk.sayDaemon("ready");
    await until("both events", () => desk.taps.length >= 2);
    assert.deepEqual(
      desk.taps.slice(0, 2).map(({ seq }) => seq),
      [first.seq, first.seq + 1],
    );
    assert.equal(desk.taps[0].token, first.token);
    await desk.stopTerminal("SIGKILL");
    await until("the will", () => desk.states.at(-1)?.state === "lost");
    const { birth } = desk.states.at(-1);
    desk.heard = [];
    desk.startTerminal();
    await until("both events once more", () => desk.taps.length >= 2);
    assert.deepEqual(desk.taps.map(({ gen, seq, token }) => [gen, seq, token]).slice(0, 1), [
      [first.gen, first.seq, first.token],
    ]);
    const boots = desk.events.filter(({ kind }) => kind === "boot");
    assert.deepEqual(
      boots.map(({ boot }) => boot),
      [1, 2],
    );
    assert.ok(boots[1].from_ms > boots[0].at_ms - 1 && boots[1].from_ms <= boots[1].at_ms);
    assert.ok((await until("a state", () => desk.states.at(-1))).birth > birth);
    desk.sayReceipt(first.gen, desk.events.at(-1).seq);
    desk.heard = [];
    await desk.killBroker();
    await desk.startBroker();
    desk.sayDaemon("ready");
    await desk.tap(1, "33333333");
    await until("the new one", () => desk.taps.length > 0);
    assert.equal(desk.taps.length, 1); // what the receipt covered is not repeated
  }),
);

test(
  "while the daemon is away nothing is sent, and all of it afterwards",
  withDesk({}, async (desk) => {
    await desk.startBroker();
    desk.sayDaemon("lost");
    desk.startTerminal();
    await desk.readersUp();
    for (let card = 1; card <= 40; card++)
      assert.equal((await desk.tap(1 + (card % 2), `AA0000${card.toString(16).padStart(2, "0")}`)).pattern, "recorded");
    await sleep(300);
    assert.equal(desk.events.length, 0);
    desk.sayDaemon("ready");
    // 41 events are three messages, and four may wait for a receipt: all come, in order, once.
    await until("all of them", () => desk.events.filter(ofTerminal).length >= 41);
    assert.equal(desk.events.filter(ofTerminal).length, 41);
    assert.deepEqual(
      desk.events.map(({ seq }) => seq),
      desk.events.map((_, i) => i + 1),
    );
    const messages = desk.heard.filter(({ topic }) => topic.endsWith("/event"));
    assert.ok(messages.every(({ message }) => [message].flat().length <= 16));
  }),
);

test(
  "list and plan are obeyed, kept on disk, and used without a broker",
  withDesk({}, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    await desk.tap(1, "0A0A0A0A");
    await desk.tap(1, "0B0B0B0B");
    const [known, other] = (await until("tokens", () => desk.taps.length >= 2 && desk.taps)).map(({ token }) => token);
    const start_ms = desk.clock.startUtcMs - 60_000;
    desk.say("cards", { v: 1, version: 1, tokens: [known, other].sort() }, { retain: true });
    desk.say(
      `${TERMINAL}/plan/2026-09-01`,
      {
        v: 1,
        version: 1,
        date: "2026-09-01",
        periods: [{ start_ms, late_ms: start_ms + 3_600_000, end_ms: start_ms + 7_200_000, tokens: [known] }],
      },
      { retain: true },
    );
    desk.say(
      `${TERMINAL}/config`,
      { v: 1, version: 7, debounce_ms: 0, repeat_ms: 0, late_sounds_like_ok: false },
      { retain: true },
    );
    await until("the config", () => desk.states.at(-1)?.config_version === 7);
    assert.equal((await desk.tap(1, "0A0A0A0A")).pattern, "ok");
    assert.equal((await desk.tap(2, "0B0B0B0B")).pattern, "other_room");
    assert.equal((await desk.tap(2, "0C0C0C0C")).pattern, "unknown_card");
    await desk.killBroker();
    await desk.stopTerminal("SIGKILL");
    assert.equal(readdirSync(desk.stage.path("cache")).filter((name) => name.endsWith(".json")).length, 3);
    writeFileSync(desk.stage.path("cache", `narvaro_1_${SCHOOL}_${TERMINAL}_plan_2026-09-02.json`), '{"v":1,"da'); // cut short
    desk.startTerminal();
    await until("the cut file", () => /cached message dropped/.test(desk.log));
    await until("the bus", () => desk.log.split("reader up").length > 4);
    assert.equal((await desk.tap(1, "0A0A0A0A")).pattern, "ok");
    assert.equal((await desk.tap(2, "0C0C0C0C")).pattern, "unknown_card");
  }),
);

test(
  "messages that are wrong or not ours change nothing and are named",
  withDesk({}, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    await desk.tap(1, "11111111");
    const { gen, seq } = await until("the event", () => desk.taps[0]);
    desk.say(`${TERMINAL}/receipt`, '{"v":1,');
    desk.say(`${TERMINAL}/receipt`, { v: 1, gen: "00000000000000ff", upto: seq, refused: [] });
    desk.say(`${TERMINAL}/receipt`, { v: 1, gen, upto: seq + 1000, refused: [] });
    desk.say("cards", "x".repeat(60_000));
    await until("four warnings", () => desk.log.split("message ignored").length === 5);
    assert.equal((await desk.tap(1, "22222222")).pattern, "recorded");
    await desk.journalled(2);
  }),
);

test(
  "readers that go and come are told, and a pulled adapter is found again",
  withDesk({}, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    desk.bus.tell("mute", TERMINAL, 2);
    const out = await until("out", () => desk.events.find(({ kind }) => kind === "out"));
    assert.equal(out.reader, 2);
    await until("the reason", () => desk.states.at(-1).trouble === "2 no-answer");
    assert.equal((await desk.tap(1, "11111111")).pattern, "recorded");
    desk.bus.tell("unmute", TERMINAL, 2);
    const back = await until("in", () => desk.events.find(({ kind }) => kind === "in"));
    assert.equal(back.reader, 2);
    assert.ok(back.from_ms >= out.at_ms - 1 && back.at_ms > back.from_ms);
    desk.bus.tell("unplug", TERMINAL);
    await until("alert", () => desk.states.at(-1).state === "alert" && desk.states.at(-1).readers_up === 0);
    desk.bus.tell("plug", TERMINAL);
    await until("ready", () => desk.states.at(-1).state === "ready" && desk.states.at(-1).trouble === "");
    assert.equal((await desk.tap(2, "22222222")).pattern, "recorded");
  }),
);

test(
  "an adapter that hears itself, and noise before each answer, cost no tap",
  withDesk({}, async (desk) => {
    await ready(desk);
    for (const [i, kind] of ["echo", "stray"].entries()) {
      desk.bus.tell("line", TERMINAL, kind);
      for (const reader of [1, 2]) assert.equal((await desk.tap(reader, `1111${i}${i}0${reader}`)).pattern, "recorded");
    }
    assert.match(desk.log, /the adapter hears itself/);
    assert.doesNotMatch(desk.log, /reader down/);
    desk.bus.tell("line", TERMINAL, "echo");
    desk.bus.tell("mute", TERMINAL, 2);
    await until("the reason", () => /reader down reader=2 reason=echo/.test(desk.log));
  }),
);

test(
  "a broker of MQTT 3.1.1 is named, with what to set",
  withDesk({}, async (desk) => {
    for (const connack of [
      [0x20, 0x02, 0x00, 0x01],
      [0x20, 0x03, 0x00, 0x84, 0x00],
    ]) {
      const from = desk.log.length;
      const broker = createServer((socket) =>
        socket.on("error", () => {}).on("data", () => socket.end(Buffer.from(connack))),
      );
      await new Promise((resolve) => broker.listen(desk.port, "127.0.0.1", resolve));
      if (from === 0) desk.startTerminal();
      await until("the reason", () => desk.log.slice(from).includes("knows no MQTT 5: set protocol = 4 in broker"));
      await new Promise((resolve) => broker.close(resolve));
    }
  }),
);

test(
  "a broker that refuses us is named, and taps are recorded meanwhile",
  withDesk({ brokerText: "allow_anonymous false" }, async (desk) => {
    await desk.startBroker();
    await ready(desk);
    await until("the reason", () => /offline .*reason=Not authorized/i.test(desk.log));
    assert.equal((await desk.tap(1, "11111111")).pattern, "recorded");
    assert.equal(desk.events.length, 0);
    desk.configureBroker("allow_anonymous true");
    await desk.killBroker();
    await desk.startBroker();
    desk.sayDaemon("ready");
    await until("the event", () => desk.taps.length === 1);
  }),
);

test(
  "a broker of another authority or another name is not trusted",
  withDesk({ secure: true }, async (desk) => {
    await desk.startBroker();
    const other = makeAuthority(desk.stage.path("other"));
    desk.writeSettings({ ca_file: other.ca });
    await ready(desk);
    await until("the refusal", () => desk.log.split(/offline .*certificate verify failed/).length > 2); // it tries again by itself
    assert.equal((await desk.tap(1, "11111111")).pattern, "recorded");
    await desk.stopTerminal("SIGTERM");
    desk.writeSettings({ host: "127.0.0.1" }); // not in its certificate
    desk.startTerminal();
    await until("the refusal", () => /offline broker=127.0.0.1 .*(certificate|host name)/.test(desk.log));
    assert.equal(desk.heard.filter(({ topic }) => topic.startsWith(TERMINAL)).length, 0);
    await desk.stopTerminal("SIGTERM");
    const stranger = other.issue(TERMINAL); // our name, by an authority that the broker does not know
    desk.writeSettings({ certificate_file: stranger.cert, key_file: stranger.key });
    desk.startTerminal();
    await until("their refusal", () =>
      /offline .*(alert unknown ca|does the broker know our certificate)/.test(desk.log),
    );
    await desk.stopTerminal("SIGTERM");
    desk.writeSettings({});
    desk.startTerminal();
    await until("the event", () => desk.taps.length === 1);
  }),
);

for (const secure of [false, true])
  test(
    `a broker that is not there yet costs nothing and is found: ${secure ? "TLS" : "no TLS"}`,
    withDesk({ secure }, async (desk) => {
      desk.startTerminal();
      await desk.readersUp();
      await until("two attempts", () => desk.log.split(/offline .*reason=connection refused/i).length > 2);
      const [, ticks] = /\) (?:\S+ ){11}(\d+)/.exec(readFileSync(`/proc/${desk.child.pid}/stat`, "utf8"));
      assert.ok(Number(ticks) < 50, `${ticks} hundredths of a second of CPU`);
      assert.equal((await desk.tap(1, "11111111")).pattern, "recorded");
      await desk.startBroker();
      desk.sayDaemon("ready");
      await until("the event", () => desk.taps.length === 1);
    }),
  );

test(
  "a second terminal on the same journal does not start",
  withDesk({}, async (desk) => {
    desk.startTerminal();
    await desk.readersUp();
    const second = run(program("narvaro-terminal"), ["--config", desk.stage.path("terminal.cfg")]);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /another terminal uses it/);
    assert.equal(await desk.stopTerminal("SIGTERM"), 0);
    desk.writeSettings({ journal_sectors: 8 });
    const resized = run(program("narvaro-terminal"), ["--config", desk.stage.path("terminal.cfg")]);
    assert.equal(resized.status, 1);
    assert.match(resized.stderr, /another size than journal_sectors/);
  }),
);
