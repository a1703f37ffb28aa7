// What happens to input that is wrong: who may say what at the broker, broken messages, unknown cards, broken files,
// broken settings, a broker that refuses. Each gets a clear word, and nothing else is lost.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { makeAuthority } from "./demo/broker.mjs";
import { CivilClock } from "./demo/civilclock.mjs";
import { makeDemo, writeSchool } from "./demo/files.mjs";
import { House, SCHOOL } from "./demo/house.mjs";
import { stream } from "./demo/random.mjs";
import { newCard } from "./demo/school.mjs";
import { program, run, sleep, until } from "./demo/stage.mjs";
import { storedToken } from "./naive/siphash.mjs";

const { school, now } = makeDemo({ classes: 3, today: "2026-11-19", time: "09:15" });
const clock = new CivilClock(now, 1);
const random = stream("refusals");
const cards = new Set(school.cards.map((c) => c.card));
const house = new House({ terminals: { "t-101": [1], "t-102": [1], "t-103": [1] }, onEnd: (...why) => died.push(why) });
const died = [];

before(async () => {
  await house.prepare();
  await Promise.all([house.startBroker(), house.startBus()]);
  await house.startDaemon(clock);
  house.importSchool({ ...school, taps: [], absences: [] });
  house.startTerminal("t-101", clock);
  await lampShows("t-101", newCard(random, cards), "unknown_card"); // it has the school's cards
});
after(() => house.stage.end());

const log = (label) =>
  existsSync(house.stage.path("log", `${label}.log`))
    ? readFileSync(house.stage.path("log", `${label}.log`), "utf8")
    : "";
const says = (label, words, options) => until(`${label} to say ${words}`, () => words.test(log(label)), options);
const token = (card) => String(storedToken(readFileSync(house.stage.path("token.key"), "utf8").trim(), card));
const stored = (card) =>
  house.query(`SELECT terminal_id, refused FROM event WHERE kind = 'tap' AND token = ${token(card)}`);
const arrives = (card) => until("the tap in the database", () => stored(card)[0], { everyMs: 100 });
const factCounts = () =>
  house.query(
    "SELECT (SELECT count(*) FROM pupil) AS pupils, (SELECT count(*) FROM lesson_version) AS lessons, (SELECT count(*) FROM absence) AS absences",
  );

// Holds fresh cards to the reader until the lamp is as wanted; the card that it was.
async function lampShows(terminal, card, pattern) {
  return until(
    `${terminal} to show ${pattern}`,
    async () => {
      house.bus.tap(terminal, 1, card);
      const before = house.bus.lamps.length;
      await until("a lamp", () => house.bus.lamps.length > before || house.bus.troubles.length > 0);
      const lamp = house.bus.lamps.slice(before).find((l) => l.card === card);
      if (lamp?.pattern === pattern) return card;
      card = newCard(random, cards);
      return undefined;
    },
    { everyMs: 300 },
  );
}

const tls = (name, authority = house.authority) => [
  "-h",
  "127.0.0.1",
  "-p",
  String(house.broker.port),
  "--cafile",
  house.authority.ca,
  "--cert",
  certificates(name, authority).cert,
  "--key",
  certificates(name, authority).key,
  "-V",
  "5",
  "-q",
  "1",
];
const issued = new Map();
function certificates(name, authority) {
  if (!issued.has(`${authority.ca} ${name}`)) issued.set(`${authority.ca} ${name}`, authority.issue(name));
  return issued.get(`${authority.ca} ${name}`);
}
const publish = (name, topic, message, authority) =>
  run("mosquitto_pub", [...tls(name, authority), "-t", `narvaro/1/${SCHOOL}/${topic}`, "-s"], { input: message });

test("a terminal writes under its own name only", () => {
  assert.equal(publish("t-102", "t-102/state", "{}").stderr, "");
  for (const topic of [
    "t-101/event",
    "t-101/state",
    "t-101/receipt",
    "t-102/receipt",
    "t-102/config",
    "daemon/state",
    "cards",
    "t-102/plan/2026-11-19",
  ]) {
    assert.match(publish("t-102", topic, "{}").stderr, /Not authorized/, topic);
  }
  assert.match(publish("daemon", "daemon/state", "{}").stderr, /Not authorized/, "a certificate in the daemon's name");
});

test("a terminal hears what is meant for it and nothing else", async () => {
  const heard = { "t-102": "", "t-103": "" };
  const listeners = Object.keys(heard).map((name) => {
    const child = spawn("mosquitto_sub", [
      ...tls(name),
      "-v",
      "-t",
      "narvaro/1/#",
      "-t",
      `narvaro/1/${SCHOOL}/t-103/receipt`,
    ]);
    child.stdout.on("data", (part) => (heard[name] += part));
    return child;
  });
  try {
    await until("both connections", () => Object.values(heard).every((text) => text.includes("/cards")));
    run("mosquitto_pub", [
      "--unix",
      house.broker.socket,
      "-q",
      "1",
      "-t",
      `narvaro/1/${SCHOOL}/t-103/receipt`,
      "-m",
      "for t-103",
    ]);
    await until("the receipt", () => heard["t-103"].includes("for t-103"));
    await sleep(300);
    const topics = [
      ...new Set(
        heard["t-102"]
          .split("\n")
          .map((line) => line.split(" ")[0].split("/").slice(3).join("/"))
          .filter(Boolean),
      ),
    ];
    const own = topics.filter((topic) =>
      /^(cards|daemon\/state|t-102\/(receipt|config|command|plan\/.*))$/.test(topic),
    );
    assert.deepEqual(topics, own);
    assert.ok(own.includes("cards") && own.includes("daemon/state"), own.join());
  } finally {
    for (const child of listeners) child.kill();
  }
});

test("without a certificate of this school nobody comes in", () => {
  const stranger = makeAuthority(house.stage.path("stranger"));
  assert.notEqual(publish("t-102", "t-102/event", "{}", stranger).status, 0);
  const naked = run("mosquitto_pub", [
    "-h",
    "127.0.0.1",
    "-p",
    String(house.broker.port),
    "--cafile",
    house.authority.ca,
    "-t",
    "x",
    "-m",
    "x",
  ]);
  assert.notEqual(naked.status, 0);
});

test("malformed and oversized messages are told of and change nothing", async () => {
  const events = () => house.query("SELECT count(*) AS n FROM event WHERE terminal_id <> 't-101'")[0].n;
  const broken = ["{", "[]", "null", '{"v":1,"gen":"x"}', `[${'{"v":1},'.repeat(32)}{"v":1}]`, "\u0000\u00ff"];
  // From two terminals, because no more than five lines a minute are about the same one.
  broken.forEach((message, i) => publish(`t-10${2 + (i % 2)}`, `t-10${2 + (i % 2)}/event`, message));
  const told = () =>
    log("narvarod").match(/warning: event not understood terminal=t-10[23] bytes=\d+ reason="[^"]{5,}"/g) ?? [];
  await until("a warning for each", () => told().length === broken.length);
  publish("t-102", "t-102/state", "{}");
  await says("narvarod", /warning: state not understood terminal=t-102 .*reason="[^"]{5,}"/);
  publish("t-102", "t-102/event", "x".repeat(9000));
  const leftOut = `messages left out: too many at once, or longer than 8192 bytes messages=1 latest=narvaro/1/${SCHOOL}/t-102/event`;
  await says("narvarod", new RegExp(`warning: ${leftOut}`)); // the first at once, then once a minute
  const huge = ["-V", "311", "-t", `narvaro/1/${SCHOOL}/t-102/event`, "-s"]; // MQTT 5 clients are told the limit and keep to it
  run("mosquitto_pub", [...tls("t-102"), ...huge], { input: "x".repeat(140_000) });
  await says("broker", /Client t-102 disconnected: Packet too large|t-102 disconnected due to oversize packet/);
  assert.equal(events(), 0);
  await arrives(await lampShows("t-101", newCard(random, cards), "unknown_card"));
});

test("an unknown card is recorded, refused, and shown as such", async () => {
  const card = await lampShows("t-101", newCard(random, cards), "unknown_card");
  const event = await arrives(card);
  assert.equal(event.refused, "unknown_card");
});

test("a broken line in the school files: told by file, line and column, and nothing applied", () => {
  const before = factCounts();
  const folder = house.stage.path("broken");
  writeSchool(folder, {
    ...school,
    taps: [],
    absences: [{ pupil_id: "p0001", from: "2026-11-19T08:10", to: "2026-11-19T09:10", type: "reported" }],
  });
  appendFileSync(`${folder}/pupils.csv`, "p9999,Nils,Holgersson,7A,7,perhaps,,\n");
  appendFileSync(`${folder}/absences.csv`, "p0002,yesterday,2026-11-19T09:10,reported\n");
  const lines = (name) => readFileSync(`${folder}/${name}`, "utf8").trimEnd().split("\n").length;
  const { status, stdout, stderr } = run(program("narvaro"), ["import", folder, "--commit", "--socket", house.control]);
  assert.notEqual(status, 0);
  assert.match(stdout + stderr, new RegExp(`pupils\\.csv:${lines("pupils.csv")}: protected`));
  assert.match(stdout + stderr, new RegExp(`absences\\.csv:${lines("absences.csv")}: from`));
  assert.deepEqual(factCounts(), before);
});

test("an unknown key in a settings file is an error with file and line", () => {
  for (const [name, file] of [
    ["narvarod", "narvarod.cfg"],
    ["narvaro-terminal", "t-101.cfg"],
    ["narvaro-web", "narvaro-web.cfg"],
  ]) {
    const good = readFileSync(house.stage.path(file), "utf8");
    const path = house.stage.path(`wrong-${file}`);
    writeFileSync(path, `${good.trimEnd()}\nunheard_of = 1;\n`);
    const { status, stdout, stderr } = run(program(name), ["--config", path, "--check"]);
    assert.notEqual(status, 0, name);
    assert.match(
      stdout + stderr,
      new RegExp(`wrong-${file}:${good.trimEnd().split("\n").length + 1}: .*unheard_of`),
      name,
    );
    assert.equal(run(program(name), ["--config", house.stage.path(file), "--check"]).status, 0, name);
  }
});

test("a broker that refuses our certificate: said so, taps are kept, and arrive when it is right", async () => {
  const stranger = makeAuthority(house.stage.path("other-school"));
  house.writeTerminalConfig("t-102", stranger.issue("t-102"));
  house.startTerminal("t-102", clock);
  const card = await lampShows("t-102", newCard(random, cards), "recorded"); // no plan: kept without a verdict
  await says("t-102", /warning: offline broker=127\.0\.0\.1 port=\d+ reason=.*(certificate|unknown ca)/i);
  assert.equal(stored(card).length, 0);
  await house.stage.stop("t-102");
  house.writeTerminalConfig("t-102");
  house.startTerminal("t-102", clock);
  await arrives(card);
});

test("a broker that refuses our name: said so, taps are kept, and arrive when it is right", async () => {
  house.writeTerminalConfig("t-103", house.authority.issue("t-999")); // another terminal's certificate
  house.startTerminal("t-103", clock);
  const card = await lampShows("t-103", newCard(random, cards), "unknown_card");
  await says("t-103", /warning: the broker refuses what we publish reason=Not authorized/);
  assert.equal(stored(card).length, 0);
  await house.stage.stop("t-103");
  house.writeTerminalConfig("t-103");
  house.startTerminal("t-103", clock);
  await arrives(card);
});

test("nobody died of any of it", () => assert.deepEqual(died, []));
