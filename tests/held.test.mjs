// What people decide about a terminal's word, over the command line of a real daemon: taps that wait (narvaro held) and a
// terminal that is not believed (narvaro terminal distrust). After each decision rolls and flags are what the naive roll call
// and detector make of the facts that then count.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { run, until } from "./demo/stage.mjs";
import { rows } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";
import { localDate, utcOfLocal } from "./naive/civil.mjs";
import { readCsv, writeCsv } from "./naive/csv.mjs";
import { detect, FLAGS, readRules } from "./naive/detect.mjs";
import { ATTENDANCE, readSchool, rollcall } from "./naive/rollcall.mjs";
import { siphash } from "./naive/siphash.mjs";

const RULES = `rules = ( { id = "missed"; severity = 2;
  when = ( { measure = "unreported_lessons"; days = 5; at_least = 1; } );
  clear = { measure = "unreported_lessons"; days = 5; below = 1; for_days = 5; }; } );`;
const KEY = "00112233445566778899aabbccddeeff"; // of tests/lonely.mjs
const STATUSES = ["present", "late", "reported", "leave", "unreported", "unknown", "cancelled", "exempt"];
const ROOMS = { "8B": "R1", "7C": "R2" };
const TERMINAL = { "8B": "t-1", "7C": "t-2" };
const PAST = ["2026-09-28", "2026-09-29", "2026-09-30", "2026-10-01", "2026-10-02"];
const LIVE = "2026-10-21";

const PUPILS = Array.from({ length: 14 }, (_, i) => ({ id: `p${i}`, group: i < 8 ? "8B" : "7C" }));
const cardOf = (id) => `0A0000${id.slice(1).padStart(2, "0")}`;
const at = (date, time) => new Date(utcOfLocal(date, time)).toISOString();
const table = (columns, list) => writeCsv(columns.split(","), list);
const tap = (terminal, pupil, date, time) => ({
  terminal_id: terminal,
  card: cardOf(pupil),
  at: at(date, time),
});

// Everybody comes to both lessons of a date but those named, who come to the second.
const tapsOf = (date, late) =>
  PUPILS.map(({ id, group }) => tap(TERMINAL[group], id, date, late.includes(id) ? "09:18" : "08:05"));
const IMPORTED = PAST.flatMap((date) =>
  tapsOf(date, { "2026-09-28": ["p0", "p9"], "2026-09-29": ["p1"], "2026-10-01": ["p0"] }[date] ?? []),
);
const FACTS = {
  pupils: table(
    "pupil_id,given_name,family_name,class,year",
    PUPILS.map(({ id, group }) => ({ pupil_id: id, class: group, year: group[0] })),
  ),
  members: table(
    "group_id,pupil_id",
    PUPILS.map(({ id, group }) => ({ group_id: group, pupil_id: id })),
  ),
  lessons: table(
    "lesson_id,group_id,subject,room,date,start,end,state",
    [...PAST, LIVE].flatMap((date) =>
      Object.keys(ROOMS).flatMap((group) =>
        [
          ["08:10", "09:00", "ma"],
          ["09:20", "10:10", "sv"],
        ].map(([start, end, subject]) => ({
          lesson_id: `${group}-${date}-${subject}`,
          group_id: group,
          subject,
          room: ROOMS[group],
          date,
          start,
          end,
          state: "held",
        })),
      ),
    ),
  ),
  terminals: table(
    "terminal_id,room",
    Object.keys(ROOMS).map((group) => ({ terminal_id: TERMINAL[group], room: ROOMS[group] })),
  ),
  cards: table(
    "card,pupil_id",
    PUPILS.map(({ id }) => ({ card: cardOf(id), pupil_id: id })),
  ),
};
const tapsFile = (taps) => table("terminal_id,card,at", taps);
const outagesFile = (outages) => table("terminal_id,from,to", outages);

let lonely;
let now; // of the daemon, as text
const sent = { "t-1": 0, "t-2": 0 };

// What naive roll call and detector say of these facts, when all lessons before now have closed.
function expected(taps, outages = []) {
  const folder = lonely.stage.path(`facts-${(lonely.facts = (lonely.facts ?? 0) + 1)}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries({ ...FACTS, taps: tapsFile(taps), outages: outagesFile(outages) }))
    writeFileSync(`${folder}/${name}.csv`, text);
  const roll = rollcall(readSchool(folder), { until: Date.parse(now) }).map((row) => ({
    ...row,
    minutes: Number(row.minutes),
    absent_minutes: Number(row.absent_minutes),
  }));
  return { roll: writeCsv(ATTENDANCE, roll), flags: writeCsv(FLAGS, detect(roll, readRules(RULES))) };
}

function stored() {
  const subjects = new Map(
    rows(lonely.database, "SELECT subject, name FROM subject").map(({ subject, name }) => [subject, name]),
  );
  const roll = rows(
    lonely.database,
    "SELECT pupil_id, class, date(day * 86400, 'unixepoch') AS date, hex(outcomes) AS packed FROM pupil_day ORDER BY pupil_id, day",
  ).flatMap(({ packed, ...row }) => {
    const bytes = Buffer.from(packed, "hex");
    return Array.from({ length: bytes.length / 13 }, (_, i) => bytes.subarray(13 * i)).map((lesson) => ({
      ...row,
      start: new Date(60000 * lesson.readUInt16LE(4)).toISOString().slice(11, 16),
      minutes: lesson.readUInt16LE(6),
      subject: subjects.get(lesson.readUInt16LE(10)),
      status: STATUSES[lesson[12]],
      absent_minutes: lesson.readUInt16LE(8),
    }));
  });
  return { roll: writeCsv(ATTENDANCE, roll), flags: writeCsv(FLAGS, readCsv(lonely.tell("flags"))) };
}

// One message of a terminal, as it would send it now; waits until the daemon has stored it.
async function send(terminal, events) {
  const told = events.map((event) => ({
    v: 1,
    gen: "00000000000000aa",
    seq: ++sent[terminal],
    oldest: 1,
    boot: 1,
    mono_ms: 100_000 + event.at_ms - Date.parse("2026-09-01T00:00:00Z"),
    clock: "synced",
    ...event,
  }));
  run("mosquitto_pub", ["--unix", lonely.broker, "-q", "1", "-t", `narvaro/1/ekskolan/${terminal}/event`, "-s"], {
    input: JSON.stringify(told),
  });
  await until(
    `${terminal}'s events`,
    () =>
      rows(lonely.database, `SELECT count(*) AS n FROM event WHERE terminal_id = '${terminal}'`)[0].n ===
      sent[terminal],
  );
}
const asEvent = ({ card, at: when }) => ({
  kind: "tap",
  at_ms: Date.parse(when),
  reader: 1,
  token: siphash(KEY, card).toString(16).padStart(16, "0"),
  feedback: "ok",
});

async function goTo(time, decided) {
  now = time;
  await lonely.at(time);
  if (decided) await until("the day is decided", () => lonely.status().get("decided_through") === decided);
}
const held = () => readCsv(lonely.tell("held", "list"));

// Taps that come late: in nobody's expected room, and after more than a fortnight.
const STRAY = tap("t-2", "p0", "2026-10-01", "08:05");
const FIRST = tap("t-1", "p0", "2026-09-28", "08:05");
const SECOND = tap("t-1", "p1", "2026-09-29", "08:06");

before(async () => {
  lonely = new Lonely({ rules: RULES });
  await goTo("2026-10-02T15:00:00Z");
  await lonely.import({ ...FACTS, taps: tapsFile(IMPORTED) }, "2026-10-02");
});
after(() => lonely.end());

test("a tap that waits changes nothing, whoever asks", async () => {
  const before = expected(IMPORTED);
  assert.deepEqual(stored(), before);
  assert.deepEqual(
    readCsv(before.flags)
      .map(({ pupil_id: pupil }) => pupil)
      .sort(),
    ["p0", "p1", "p9"],
  );
  await send("t-2", [asEvent(STRAY)]);
  await goTo("2026-10-20T12:00:00Z");
  await send("t-1", [asEvent(FIRST), asEvent(SECOND)]);
  assert.deepEqual(
    held().map(({ received, ...row }) => ({ ...row, received: localDate(Date.parse(received)) })),
    [
      [FIRST, "late", "2026-10-20"],
      [SECOND, "late", "2026-10-20"],
      [STRAY, "unexpected", "2026-10-02"],
    ].map(([{ terminal_id: terminal, at: when }, why, received]) => ({
      terminal_id: terminal,
      date: when.slice(0, 10),
      why,
      taps: "1",
      first: when,
      last: when,
      received,
    })),
  );
  assert.deepEqual(stored(), before);
});

test("an accepted tap counts as if it had come in time, and only of the date that was named", () => {
  assert.match(
    lonely.tell("held", "accept", "t-1", "--date", "2026-09-28", "--author", "Bo"),
    /^1 taps of t-1 count now/,
  );
  assert.deepEqual(
    held().map(({ date, terminal_id: terminal }) => [date, terminal]),
    [
      ["2026-09-29", "t-1"],
      ["2026-10-01", "t-2"],
    ],
  );
  const after = expected([...IMPORTED, FIRST]);
  assert.notEqual(after.flags, expected(IMPORTED).flags);
  assert.deepEqual(stored(), after);
});

test("a refused tap counts nowhere, nor after a new start, and is decided once", async () => {
  assert.match(lonely.tell("held", "refuse", "t-2", "--author", "Bo"), /^1 taps of t-2 will not count/);
  assert.deepEqual(stored(), expected([...IMPORTED, FIRST]));
  lonely.tell("held", "accept", "t-1", "--author", "Bo");
  assert.deepEqual(held(), []);
  for (const what of ["accept", "refuse"])
    for (const terminal of ["t-1", "t-2", "t-9"]) {
      const { status, stderr } = lonely.narvaro("held", what, terminal);
      assert.equal(status, 1);
      assert.match(stderr, /no tap of that terminal and date waits/);
    }
  const counted = expected([...IMPORTED, FIRST, SECOND]);
  assert.deepEqual(stored(), counted);
  await goTo("2026-10-20T12:30:00Z");
  assert.deepEqual(stored(), counted);
  assert.deepEqual(
    rows(lonely.database, "SELECT decision, author FROM held_tap ORDER BY terminal_id, sequence").map((row) => ({
      ...row,
    })),
    ["accepted", "accepted", "refused"].map((decision) => ({ decision, author: "Bo" })),
  );
});

test("a terminal that is not believed from a time on: its room is unknown from there, and what it said then is gone", async () => {
  const live = tapsOf(LIVE, ["p3", "p10"]);
  await goTo(`${LIVE}T11:00:00Z`);
  for (const terminal of Object.values(TERMINAL))
    await send(terminal, [
      { kind: "boot", at_ms: utcOfLocal(LIVE, "07:00"), from_ms: utcOfLocal(LIVE, "06:59") },
      ...live.filter(({ terminal_id: own }) => own === terminal).map(asEvent),
      { kind: "clock", at_ms: utcOfLocal(LIVE, "12:30") },
    ]);
  const all = [...IMPORTED, FIRST, SECOND, ...live];
  const believed = expected(all);
  await until("the day", () => lonely.status().get("decided_through") === LIVE);
  assert.deepEqual(stored(), believed);
  assert.match(believed.flags, new RegExp(`^p3,missed,${LIVE},$`, "m"));

  // since: { given, what counts }. What was received from then on does not count, however early it was made.
  for (const [since, counts] of [
    [LIVE, all.filter((one) => one.terminal_id !== "t-1" || !live.includes(one))],
    ["2026-10-20T00:00:00Z", all.filter((one) => one.terminal_id !== "t-1" || IMPORTED.includes(one))],
  ]) {
    lonely.tell("terminal", "distrust", "t-1", "--since", since, "--reason", "opened", "--author", "Bo");
    const from = since === LIVE ? at(LIVE, "00:00") : since;
    const distrusted = expected(counts, [{ terminal_id: "t-1", from, to: "2027-01-01T00:00:00Z" }]);
    assert.deepEqual(stored(), distrusted);
    assert.match(distrusted.roll, new RegExp(`^p3,8B,${LIVE},08:10,50,ma,unknown,0$`, "m"));
    assert.doesNotMatch(distrusted.flags, /^p3/m);
    assert.match(distrusted.flags, new RegExp(`^p10,missed,${LIVE},$`, "m"));
    assert.match(
      lonely.tell("explain", "p3", "--language", "en"),
      new RegExp(`^ {2}${LIVE} 08:10 ma, 8B, R1: the room's terminals could not record$`, "m"),
    );
    assert.equal(lonely.narvaro("terminal", "distrust", "t-1", "--since", since, "--reason", "x").status, 1);
    await goTo(`${LIVE}T11:30:00Z`);
    assert.deepEqual(stored(), distrusted);
    assert.match(
      lonely.tell("terminal", "distrust", "t-1", "--undo", "--author", "Bo"),
      /^What t-1 said since .* counts again/,
    );
    assert.deepEqual(stored(), believed);
  }
  assert.equal(lonely.narvaro("terminal", "distrust", "t-1", "--undo").status, 1);
});

test("what was decided is told as it was known before", () => {
  const flags = (...words) => writeCsv(FLAGS, readCsv(lonely.tell("flags", ...words)));
  now = "2026-10-02T15:00:00Z";
  assert.equal(flags("--as-known", "2026-10-19"), expected(IMPORTED).flags);
});
