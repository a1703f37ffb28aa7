// `narvaro rollcall` against the expected answers of two schools, and against the naive roll call on random schools that
// are made to meet every sentence of docs/rollcall.md often: overlapping lessons, clock changes, two owners, outages …
// ROLLCALL_SCHOOLS=5000 for a longer look; a failing school is kept and its folder named.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fromSeed } from "./demo/random.mjs";
import { instant, localDate, localTime, nextDate } from "./naive/civil.mjs";
import { writeCsv } from "./naive/csv.mjs";
import { ATTENDANCE, readSchool, rollcall } from "./naive/rollcall.mjs";

const NARVARO = join(process.env.BUILD ?? "build", "bin", "narvaro");
const SCHOOLS = Number(process.env.ROLLCALL_SCHOOLS ?? Math.ceil(600 / (process.env.FEWER ?? 1)));
const product = (folder, ...words) =>
  execFileSync(NARVARO, ["rollcall", folder, ...words], { encoding: "utf8", maxBuffer: 1 << 28 });

for (const school of ["school-1", "school-2"]) {
  test(`${school} exactly`, () => {
    const folder = new URL(`vectors/${school}`, import.meta.url).pathname;
    assert.equal(product(folder), readFileSync(join(folder, "expected-attendance.csv"), "utf8"));
  });
}

const CASES = new URL("vectors/cases/", import.meta.url).pathname;
for (const name of readdirSync(CASES).filter((name) => existsSync(join(CASES, name, "expected-attendance.csv")))) {
  test(`${name} exactly`, () => {
    assert.equal(product(join(CASES, name, "in")), readFileSync(join(CASES, name, "expected-attendance.csv"), "utf8"));
  });
}

const two = (n) => String(n).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const utc = (ms) => new Date(ms).toISOString();
const ROOMS = ["A1", "A2", "B1", "Skogen", ""]; // Skogen has no terminal, and an empty room is none
const GROUPS = ["7A", "7B", "choice-1", "choice-2"];

function makeSchool(seed) {
  const r = fromSeed(seed);
  const firstDate = r.pick(["2026-10-24", "2026-03-28", "2026-09-07", "2027-10-30"]);
  const dates = Array.from({ length: r.between(1, 3) }, (_, i) => nextDate(firstDate, i));
  const span = () => {
    const [a, b] = [nextDate(firstDate, r.between(-1, 2)), nextDate(firstDate, r.between(-1, 3))].sort();
    return { from: r.chance(0.5) ? a : "", to: r.chance(0.5) ? b : "" };
  };
  const rarely = (p) => (r.chance(p) ? span() : { from: "", to: "" });
  const pupils = Array.from({ length: r.between(1, 14) }, (_, i) =>
    periods(
      r,
      firstDate,
      {
        pupil_id: `p${i}`,
        given_name: 'Åsa, "Å"',
        family_name: "",
        class: r.pick(["7A", "7,B"]),
        year: "7",
        protected: "0",
      },
      (period) => ({ ...period, class: r.pick(["7A", "7B", "8Å"]) }),
    ),
  ).flat();
  const pupil = () => r.pick(pupils).pupil_id;
  const share = r.pick([0.5, 0.95]);
  const members = [...new Set(pupils.map((p) => p.pupil_id))].flatMap((pupil_id) =>
    GROUPS.filter(() => r.chance(share)).flatMap((group_id) =>
      Array.from({ length: r.chance(0.1) ? 2 : 1 }, () => ({ group_id, pupil_id, ...rarely(0.15) })),
    ),
  );
  const exemptions = Array.from({ length: r.between(0, 2) }, () => ({
    pupil_id: pupil(),
    group_id: r.pick(GROUPS),
    ...rarely(0.5),
  }));
  const terminals = placedTerminals(r, firstDate);
  const lessons = dates.flatMap((date) => lessonsOf(r, date));
  lessons.forEach((l, i) => (l.lesson_id = `L${r.between(0, 9)}-${i}`));
  const cards = pupils.map((p, i) => ({
    card: (i + 1).toString(16).toUpperCase().padStart(8, "0"),
    pupil_id: p.pupil_id,
    from: "",
    to: "",
  }));
  for (let i = r.between(0, 3); i > 0; i--)
    cards.push({ card: r.pick(cards).card, pupil_id: pupil(), ...r.pick([span, () => lent(r, r.pick(lessons))])() });
  const taps = makeTaps(r, lessons, pupils, terminals, cards);
  return {
    pupils,
    members,
    exemptions,
    terminals,
    lessons,
    cards,
    taps,
    absences: Array.from({ length: r.between(0, 8) }, () => ({
      pupil_id: pupil(),
      ...absence(r, r.pick(lessons)),
      type: r.pick(["reported", "leave"]),
    })),
    outages: Array.from({ length: r.between(0, 6) }, () => ({
      terminal_id: r.pick(terminals).terminal_id,
      ...outage(r, r.pick(lessons)),
    })),
    marks: Array.from({ length: r.pick([0, 3, 6]) }, () => mark(r, r.pick(lessons), pupil())),
  };
}

// One period, or two that follow one another with or without a gap, the second changed.
function periods(r, firstDate, row, changed) {
  if (r.chance(0.8)) return [{ ...row, from: "", to: "" }];
  const last = nextDate(firstDate, r.between(-1, 2));
  const first = { ...row, from: r.chance(0.5) ? nextDate(last, -r.between(0, 2)) : "", to: last };
  return r.chance(0.3)
    ? [first]
    : [first, { ...changed(row), from: nextDate(last, r.between(1, 2)), to: r.chance(0.8) ? "" : nextDate(last, 2) }];
}

function placedTerminals(r, firstDate) {
  const rooms = ["A1", "A2", "B1", "A1"].slice(0, r.between(1, 4));
  const gates = r.chance(0.4) ? ["Entré", "B1"].slice(0, r.between(1, 2)) : [];
  const rows = [
    ...rooms.map((room) => ({ room, place: r.pick(["", "room"]) })),
    ...gates.map((room) => ({ room, place: "entrance" })),
  ];
  return rows.flatMap((row, i) =>
    periods(r, firstDate, { terminal_id: `t-${i}`, ...row }, (period) => ({
      ...period,
      room: r.pick(["A1", "A2", "Skogen"]),
    })),
  );
}

const localText = (ms) => `${localDate(ms)}T${localTime(ms)}`;
// A card lent for a morning: local date-times, the end excluded.
function lent(r, lesson) {
  const from = begins(lesson) + r.between(-60, 10) * 60_000;
  return {
    from: r.chance(0.9) ? localText(from) : "",
    to: r.chance(0.9) ? localText(from + r.pick([30, 60, 120, 600]) * 60_000) : "",
  };
}

function lessonsOf(r, date) {
  const night = date === "2026-03-29" || date === "2026-10-25" || date === "2027-10-31";
  const lessons = [];
  let minute = 480;
  const group = r.chance(0.4) ? r.pick(GROUPS) : null; // one class in one room all morning, so that lessons go on
  const room = r.pick(ROOMS);
  for (let i = r.between(1, 7); i > 0; i--) {
    const length = r.pick([10, 20, 40, 45, 60]);
    lessons.push({ start: minute, end: minute + length });
    minute += r.pick([
      0,
      length,
      length,
      length + 5,
      length + 10,
      length + 11,
      length - 5,
      Math.floor(length / 2),
      Math.ceil(length / 2) + 1,
    ]);
  }
  if (night)
    lessons.push(
      ...r
        .pick([
          [[125, 155]],
          [[90, 150]],
          [
            [60, 110],
            [115, 170],
          ],
        ])
        .map(([start, end]) => ({ start, end })),
    );
  return lessons.map((l) => ({
    lesson_id: "",
    group_id: group && r.chance(0.8) ? group : r.pick(GROUPS),
    subject: r.pick(["no", "so", "matematik"]),
    room: group && r.chance(0.8) ? room : r.pick(ROOMS),
    date,
    start: clock(l.start),
    end: clock(l.end),
    state: r.chance(0.05) ? "cancelled" : "held",
  }));
}

const begins = (lesson) => instant(`${lesson.date}T${lesson.start}`);
const ends = (lesson) => instant(`${lesson.date}T${lesson.end}`);

function makeTaps(r, lessons, pupils, terminals, cards) {
  const rate = r.pick([0.1, 0.5, 0.9]);
  const taps = [];
  const offsets = [-45, -44, -20, -19, -10, -3, 0, 0.5, 1, 5, 5.99, 6, 12, 20, 21, 30, 31, 40, 41, 60];
  const silent = r.chance(0.15) ? r.pick(lessons).date : null; // a study day that stands in the timetable
  for (const lesson of lessons) {
    if (lesson.date === silent || r.chance(0.15)) continue; // an outing
    const late = r.chance(0.2) ? 7 * 60_000 : 0; // the class came back late from swimming
    for (const p of pupils) {
      if (!r.chance(rate)) continue;
      const at =
        begins(lesson) +
        (late ? late + r.between(0, 9) * 60_000 : r.pick(offsets) * 60_000) +
        r.pick([0, 0, -1, 1, r.between(-90_000, 90_000)]);
      const here = terminals.filter((t) => t.room === lesson.room);
      const terminal_id = here.length > 0 && r.chance(0.7) ? r.pick(here).terminal_id : r.pick(terminals).terminal_id;
      const card = cards[pupils.indexOf(p)].card;
      taps.push({ terminal_id, card, at: utc(at) });
      while (r.chance(0.3))
        taps.push({
          terminal_id: r.chance(0.7) ? terminal_id : r.pick(terminals).terminal_id,
          card,
          at: utc(at + r.pick([0, 1, 30_000, 59_999, 60_000, 60_001, 119_999])),
        });
    }
    if (r.chance(0.2)) taps.push({ terminal_id: r.pick(["t-0", "t-gone"]), card: "DEADBEEF", at: utc(begins(lesson)) });
  }
  return taps.sort(() => (r.chance(0.5) ? 1 : -1));
}

function absence(r, lesson) {
  const from = begins(lesson) + r.between(-3, 12) * 300_000;
  const to = from + r.pick([300_000, 600_000, 1_200_000, 1_800_000, 86_400_000]);
  return { from: r.chance(0.05) ? "" : utc(from), to: r.chance(0.05) ? "" : utc(to) };
}

function outage(r, lesson) {
  const from = begins(lesson) + r.pick([-45, -20, -21, 0, 13, 15, 14]) * 60_000 + r.pick([0, -1, 1]);
  return {
    from: r.chance(0.05) ? "" : utc(from),
    to: r.chance(0.05) ? "" : utc(from + r.pick([60_000, 119_999, 120_000, 120_001, 180_000, 3_600_000])),
  };
}

function mark(r, lesson, pupil_id) {
  const minutes = (ends(lesson) - begins(lesson)) / 60_000;
  return {
    lesson_id: lesson.lesson_id,
    pupil_id,
    status: r.pick(["present", "late", "reported", "leave", "unreported", "unknown"]),
    absent_minutes: r.between(0, Math.min(10, minutes)),
    recorded_at: utc(begins(lesson) + r.between(0, 2) * 3_600_000),
  };
}

function writeSchool(folder, school) {
  for (const [name, rows] of Object.entries(school)) {
    if (rows.length > 0) writeFileSync(join(folder, `${name}.csv`), writeCsv(Object.keys(rows[0]), rows));
  }
}

// When one of the lessons closes, or just before: the day goes on, and what is decided of it is provisional.
const LESSON_CLOSE_MS = 60_000;
function someTime(folder, seed) {
  const r = fromSeed(-seed);
  return ends(r.pick(readSchool(folder).lessons)) + LESSON_CLOSE_MS - r.pick([0, 0, 1]);
}

test("settings that are wrong are told with file and line", () => {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-rollcall-")),
    file = join(folder, "narvarod.cfg");
  writeFileSync(file, 'rollcall = {\n  room_match = "rum";\n  grace_min = 61;\n  grade = 1;\n};\n');
  assert.throws(
    () =>
      execFileSync(NARVARO, ["rollcall", new URL("vectors/school-1", import.meta.url).pathname, "--config", file], {
        encoding: "utf8",
        stdio: "pipe",
      }),
    ({ status, stderr, stdout }) => {
      assert.deepEqual([status, stdout], [1, ""]);
      for (const wrong of [
        /narvarod\.cfg:\d+: .*room_match must be "school" or "room"/,
        /narvarod\.cfg:3: .*grace_min/,
        /narvarod\.cfg:4: .*grade/,
      ])
        assert.match(stderr, wrong);
      return true;
    },
  );
  rmSync(folder, { recursive: true });
});

// Lessons that agree in all printed columns but the status may come in any order.
const sorted = (text) => text.trimEnd().split("\n").sort();

// The settings of a third of the schools are other ones; the file is no school file.
const SETTINGS = [
  { room_match: "room" },
  { carry_over_match: "room", carry_over_min: 5 },
  { room_match: "room", carry_over_match: "room", grace_min: 0 },
];
function otherSettings(folder, seed) {
  if (seed % 3 !== 0) return { settings: {}, words: [] };
  const settings = SETTINGS[(seed / 3) % SETTINGS.length],
    file = join(folder, "narvarod.cfg");
  writeFileSync(
    file,
    `rollcall = { ${Object.entries(settings)
      .map(([key, value]) => `${key} = ${JSON.stringify(value)};`)
      .join(" ")} };\n`,
  );
  return { settings, words: ["--config", file] };
}

test(`${SCHOOLS} random schools`, () => {
  const seen = new Map();
  let others = 0;
  for (let seed = 1; seed <= SCHOOLS; seed++) {
    const folder = mkdtempSync(join(tmpdir(), "narvaro-rollcall-"));
    writeSchool(folder, makeSchool(seed));
    const { settings, words } = otherSettings(folder, seed);
    const rows = rollcall(readSchool(folder), { settings });
    if (words.length > 0 && product(folder) !== product(folder, ...words)) others++;
    for (const row of rows)
      seen.set(`${row.by ?? ""} ${row.status}`, (seen.get(`${row.by ?? ""} ${row.status}`) ?? 0) + 1);
    assert.deepEqual(
      sorted(product(folder, ...words)),
      sorted(writeCsv(ATTENDANCE, rows)),
      `seed ${seed}: ${folder} (kept)`,
    );
    const at = someTime(folder, seed);
    assert.deepEqual(
      sorted(product(folder, "--at", utc(at), ...words)),
      sorted(writeCsv(ATTENDANCE, rollcall(readSchool(folder), { settings, until: at - LESSON_CLOSE_MS }))),
      `seed ${seed} at ${utc(at)}: ${folder} (kept)`,
    );
    rmSync(folder, { recursive: true });
  }
  // The schools must meet what they are made for.
  assert.ok(others > SCHOOLS / 20, `other settings said something else of ${others} schools`);
  const kinds = [
    "mark late",
    "arrival present",
    "arrival late",
    "arrival reported",
    "arrival leave",
    "arrival unreported",
    "absence reported",
    "absence leave",
    "carried present",
    "parallel exempt",
    "no cover unknown",
    "outage unknown",
    "silent lesson unknown",
    "silent school unknown",
    "after unknown",
    "doubtful card unknown",
    "silent day unknown",
    " unreported",
    " exempt",
    " cancelled",
  ];
  for (const kind of kinds) assert.ok((seen.get(kind) ?? 0) >= 5, `${kind}: only ${seen.get(kind) ?? 0} rows`);
});
