// What an administrator has a terminal do, with the real programs: a card is given out at a reader and counts from then on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { makeDemo } from "./demo/files.mjs";
import { House, SCHOOL } from "./demo/house.mjs";
import { stream } from "./demo/random.mjs";
import { newCard } from "./demo/school.mjs";
import { program, run, sleep, until } from "./demo/stage.mjs";
import { storedToken } from "./naive/siphash.mjs";

const { school, now } = makeDemo({ classes: 2, today: "2026-11-19", time: "09:15" });
const clock = new CivilClock(now, 1);
const random = stream("orders");
const used = new Set(school.cards.map((c) => c.card));
const house = new House({ terminals: { "t-101": [1, 2] } });
const pupil = school.pupils[0].pupil_id;
const lost = school.cards.find((c) => c.pupil_id === pupil).card;
const fresh = newCard(random, used);

before(async () => {
  await house.prepare();
  await Promise.all([house.startBroker(), house.startBus()]);
  await house.startDaemon(clock);
  house.importSchool({ ...school, taps: [], absences: [] });
  house.startTerminal("t-101", clock);
  await hasItsCards();
});
after(() => house.stage.end());

const token = (card) => String(storedToken(readFileSync(house.stage.path("token.key"), "utf8").trim(), card));
const order = (...words) => house.narvaro(...words, "--socket", house.control);
const hex = (card) =>
  BigInt.asUintN(64, BigInt(token(card)))
    .toString(16)
    .padStart(16, "0");
const retained = (leaf) =>
  run("mosquitto_sub", ["--unix", house.broker.socket, "-t", `narvaro/1/${SCHOOL}/${leaf}`, "-C", "1", "-W", "5"])
    .stdout;
const cardsOf = (id) =>
  house.query(
    `SELECT CAST(token AS TEXT) AS token, from_ms, to_ms FROM card WHERE pupil_id = '${id}' AND known_to_ms IS NULL`,
  );

// Holds a card to the reader and waits for the lamp that it gets.
async function lampOf(reader, card, patience) {
  const before = house.bus.lamps.length;
  house.bus.tap("t-101", reader, card);
  return (await until("a lamp", () => house.bus.lamps.slice(before).find((lamp) => lamp.card === card), patience))
    .pattern;
}
// With a new card each time: until the terminal polls its readers and has the school's cards.
const hasItsCards = () =>
  until("the cards", () =>
    lampOf(1, newCard(random, used), { timeoutMs: 3000 }).then(
      (pattern) => pattern === "unknown_card",
      () => false,
    ),
  );

// `narvaro card` while it waits for the card: what it will have said at its end.
function givesOut(...words) {
  let text = "";
  const child = house.stage.start("card", program("narvaro"), ["card", ...words, "--socket", house.control], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (part) => (text += part));
  return {
    asked: () => until("its request", () => /hold the new card/.test(text)).then(() => sleep(500)), // the order's way to the reader
    ended: new Promise((resolve) => child.once("close", (status) => resolve({ status, text }))),
  };
}

test("a card that is shown after the order is the pupil's from today, and the one it replaces ends now", async () => {
  const before = clock.utcMs();
  assert.deepEqual(
    cardsOf(pupil).map(({ token: is }) => is),
    [token(lost)],
  );
  const giving = givesOut(pupil, "--terminal", "t-101", "--reader", "2", "--replace");
  await giving.asked();
  assert.match(
    order("card", school.pupils[1].pupil_id, "--terminal", "t-101").stderr,
    /another card is just being given out/,
  );
  assert.equal(await lampOf(2, fresh), "enrolment");
  const { status, text } = await giving.ended;
  assert.equal(status, 0, text);
  assert.match(text, new RegExp(`${pupil} has the card from today on`));
  const [old, given] = cardsOf(pupil);
  assert.deepEqual([old.token, old.from_ms, given.token, given.to_ms], [token(lost), null, token(fresh), null]);
  assert.ok(old.to_ms >= before && old.to_ms <= clock.utcMs());
  assert.ok(given.from_ms <= before && given.from_ms > before - 86_400_000 - 7_200_000);
  assert.equal(house.query(`SELECT kind FROM event WHERE token = ${token(fresh)}`)[0].kind, "enrol");
  await until("the terminal to know it", () => retained("cards").includes(hex(fresh)));
});

test("a card that is somebody's is recorded as usual, and nothing is given out", async () => {
  const somebodys = school.cards.at(-1).card;
  const before = cardsOf(school.pupils[1].pupil_id);
  const giving = givesOut(school.pupils[1].pupil_id, "--terminal", "t-101");
  await giving.asked();
  assert.notEqual(await lampOf(1, somebodys), "enrolment");
  await until(
    "its tap",
    () =>
      house.query(`SELECT 1 FROM event WHERE kind = 'tap' AND refused IS NULL AND token = ${token(somebodys)}`)
        .length === 1,
  );
  assert.deepEqual(cardsOf(school.pupils[1].pupil_id), before);
  house.stage.stop("card");
  await giving.ended;
});

test("orders reach the terminal; what cannot be ordered is refused with its reason", async () => {
  assert.match(order("order", "t-101", "identify", "--reader", "1").stdout, /t-101 was told: identify/);
  assert.match(order("order", "t-404", "identify").stderr, /there is no such terminal/);
  assert.match(order("order", "t-101", "explode").stderr, /order must be identify, reboot or resend/);
  assert.match(order("card", "nobody", "--terminal", "t-101").stderr, /another card|there is no such pupil/);
  const { ended } = house.stage.children.get("t-101");
  assert.equal(order("order", "t-101", "reboot").status, 0);
  assert.equal(await ended, 0, "to be started anew by whoever started it");
});
