// What a day must come to, from the school files, the tap script and the rules file alone. The roll call and the detector
// are the slow ones of tests/naive: nothing here is shared with the programs that are judged by it.

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { localDate, utcOfLocal } from "../naive/civil.mjs";
import { detect } from "../naive/detect.mjs";
import { DEFAULTS, rollcall } from "../naive/rollcall.mjs";

const MINUTE_MS = 60_000;
const LESSON_CLOSE_MS = MINUTE_MS;
export const DAY_CLOSE_MS = 30 * MINUTE_MS;

// `script`: the taps made up to `until` (UTC ms), which is after the close of `today`.
export function predict({ school, script, rules, today, until }) {
  const { lamps, stored } = predictTerminals(school, script);
  const taps = stored.map((t) => ({ ...t, at: new Date(t.at).toISOString() }));
  const outcomes = rollcall({ ...school, taps: [...school.taps, ...taps] }, { until });
  const flags = detect(outcomes, rules);
  const ends = school.lessons.filter((l) => l.date === today).map((l) => utcOfLocal(l.date, l.end)); // cancelled ones close too
  return {
    taps: script.length,
    lamps,
    stored,
    lessonsClosed: ends.filter((end) => end + LESSON_CLOSE_MS <= until).length,
    outcomes: outcomes.filter((row) => row.date === today),
    flags,
    flagsToday: flags.filter((f) => f.raised_on === today),
    flagsOpen: flags.filter((f) => !f.cleared_on),
    tasks: tasksOf(outcomes.filter((row) => row.date === today)),
  };
}

export const dayCloses = (school, today) =>
  Math.max(
    ...school.lessons.filter((l) => l.date === today && l.state === "held").map((l) => utcOfLocal(l.date, l.end)),
  ) + DAY_CLOSE_MS;

// What each lamp shows, and which taps a terminal keeps: all but a card's second tap within the repeat.
function predictTerminals(school, script) {
  const owners = new Map(school.cards.map((c) => [c.card, c.pupil_id]));
  const rooms = new Map(school.terminals.map((t) => [t.terminal_id, t.room]));
  const expected = expectedByRoom(school);
  const last = new Map();
  const lamps = {};
  const stored = [];
  for (const tap of script) {
    const key = `${tap.terminal_id} ${tap.card}`;
    const again = tap.at - (last.get(key) ?? -Infinity) < DEFAULTS.repeat_s * 1000;
    const lamp = again
      ? "again"
      : lampOf(tap, owners.get(tap.card), expected.get(`${rooms.get(tap.terminal_id)} ${localDate(tap.at)}`) ?? []);
    lamps[lamp] = (lamps[lamp] ?? 0) + 1;
    if (again) continue;
    last.set(key, tap.at);
    stored.push(tap);
  }
  return { lamps, stored };
}

function lampOf(tap, pupil_id, lessons) {
  if (!pupil_id) return "unknown_card";
  const lesson = lessons.find(
    (l) => l.from - DEFAULTS.early_min * MINUTE_MS <= tap.at && tap.at < l.to && l.pupils.has(pupil_id),
  );
  if (!lesson) return "other_room";
  return tap.at >= lesson.from + (DEFAULTS.grace_min + 1) * MINUTE_MS ? "late" : "ok";
}

function expectedByRoom(school) {
  const rooms = new Map();
  const exempt = new Set(school.exemptions.map((e) => `${e.group_id} ${e.pupil_id}`));
  for (const l of school.lessons.filter((row) => row.state === "held")) {
    const key = `${l.room} ${l.date}`;
    const pupils = new Set(
      school.members
        .filter((m) => m.group_id === l.group_id && !exempt.has(`${m.group_id} ${m.pupil_id}`))
        .map((m) => m.pupil_id),
    );
    if (!rooms.has(key)) rooms.set(key, []);
    rooms.get(key).push({ from: utcOfLocal(l.date, l.start), to: utcOfLocal(l.date, l.end), pupils });
  }
  return rooms;
}

// Who must be on the list of guardians to be told at a time before the day's close: unreported so far, as known then.
export function predictTasks({ school, script, today, at }) {
  const { stored } = predictTerminals(
    school,
    script.filter((t) => t.at <= at),
  );
  const begins = utcOfLocal(today, "00:00");
  const taps = [
    ...school.taps.filter((t) => Date.parse(t.at) >= begins),
    ...stored.map((t) => ({ ...t, at: new Date(t.at).toISOString() })),
  ];
  const lessons = school.lessons.filter((l) => l.date === today);
  return tasksOf(rollcall({ ...school, lessons, taps }, { until: at }));
}

const tasksOf = (outcomes) => [
  ...new Set(outcomes.filter((row) => row.status === "unreported").map((row) => row.pupil_id)),
];

// When lessons of a date close, in order, without repeats.
export function lessonCloses(school, today) {
  const ends = school.lessons
    .filter((l) => l.date === today && l.state === "held")
    .map((l) => utcOfLocal(l.date, l.end));
  return [...new Set(ends)].sort((a, b) => a - b).map((end) => end + LESSON_CLOSE_MS);
}

// The same in a thread of its own: it takes seconds, and meanwhile cards must meet readers in time.
export function predictApart(input) {
  return new Promise((resolve, reject) => {
    new Worker(new URL(import.meta.url), { workerData: input }).on("message", resolve).on("error", reject);
  });
}
if (!isMainThread) parentPort.postMessage(predict(workerData));
