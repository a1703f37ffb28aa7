// How the demonstration's pupils behave, day by day: who is ill, late, away, and when each card meets a reader. The
// patterns are those that schools know: illness takes whole days and is reported; withdrawal begins with single
// lessons, late mornings, unreported hours.

import { nextDate, utcOfLocal, weekday } from "../naive/civil.mjs";
import { stream } from "./random.mjs";
import { newCard, schoolDates } from "./school.mjs";

const TAP_GAP_S = 20; // between two pupils at one terminal: the fast clock cannot make a card leave a reader sooner
const CROWD = 30; // a group larger than this comes in faster, or its last would be late
const CROWD_GAP_S = 14;
const AGAIN_S = 30; // a second tap that belongs to the first (roll call: 60 s)
const FIRST_S = -560; // the earliest arrival before a lesson; the roll call accepts 15 min
const LAST_S = 60; // the latest arrival that nobody calls late, before the queue at the door is spread out
const LATE_MIN = [8, 20]; // minutes after the start, clear of the roll call's 5 and 30
const LATE_SECOND = 10; // of the minute, so that a fraction of a second cannot change the whole minutes

// Share of pupils with each pattern; the others are ordinary.
const PATTERNS = {
  withdrawing: 0.035,
  weekday: 0.01,
  subject: 0.01,
  short_spells: 0.012,
  long_ill: 0.004,
  late_bird: 0.014,
  leave: 0.02,
};
const ONSET = [0.5, 0.8]; // when patterns begin, in shares of the term: what the inbox shows is new

// One entry per school date: { date, absences, marks, taps }; a tap is { at, terminal_id, card } with at in UTC ms.
export function makeTerm(school, { seed = 1, from, to }) {
  const dates = schoolDates(from, to);
  const pupils = makePatterns(school, seed, dates);
  const groups = membersOf(school);
  const lessons = new Map(dates.map((date) => [date, []]));
  for (const lesson of school.lessons) lessons.get(lesson.date)?.push(lesson);
  return dates.map((date) => makeDay(date, lessons.get(date), { school, seed, pupils, groups }));
}

function membersOf(school) {
  const exempt = new Set(school.exemptions.map((e) => `${e.group_id} ${e.pupil_id}`));
  const groups = new Map(school.members.map((m) => [m.group_id, new Set()]));
  for (const { group_id, pupil_id } of school.members) {
    if (!exempt.has(`${group_id} ${pupil_id}`)) groups.get(group_id).add(pupil_id);
  }
  return groups;
}

function makePatterns(school, seed, dates) {
  const random = stream(seed, "patterns");
  const ids = random.shuffled(school.pupils.map((p) => p.pupil_id));
  const patterns = Object.entries(PATTERNS).flatMap(([name, share]) =>
    Array(Math.max(1, Math.round(share * ids.length))).fill(name),
  );
  const cards = new Map(school.cards.map((c) => [c.pupil_id, c.card]));
  return ids
    .map((pupil_id, i) => ({
      pupil_id,
      card: cards.get(pupil_id),
      pattern: patterns[i] ?? "ordinary",
      onset: dates[random.between(Math.floor(dates.length * ONSET[0]), Math.floor(dates.length * ONSET[1]))],
      weekday: random.pick([0, 3, 4]),
      subject: random.pick(["idrott", "matematik", "engelska"]),
      illDays: 0,
    }))
    .sort((a, b) => (a.pupil_id < b.pupil_id ? -1 : 1));
}

function makeDay(date, lessons, { school, seed, pupils, groups }) {
  const day = { date, absences: [], marks: [], taps: [] };
  const arrivals = []; // { lesson, card, second }
  const held = lessons.filter((l) => l.state === "held").sort((a, b) => (a.start < b.start ? -1 : 1));
  for (const pupil of pupils) {
    const own = held.filter((l) => groups.get(l.group_id)?.has(pupil.pupil_id));
    if (own.length > 0) livePupil(pupil, own, stream(seed, date, pupil.pupil_id), day, arrivals);
  }
  day.taps = spreadAtTheDoor(arrivals, school, stream(seed, date, "door"));
  return day;
}

function livePupil(pupil, lessons, random, day, arrivals) {
  const away = awayAllDay(pupil, day.date, random);
  if (away) {
    if (away !== "unreported")
      day.absences.push({
        pupil_id: pupil.pupil_id,
        from: `${day.date}T00:00`,
        to: `${nextDate(day.date)}T00:00`,
        type: away,
      });
    return;
  }
  const visit = random.chance(0.006) ? random.between(0, lessons.length - 1) : -1; // the dentist, say
  for (const [i, lesson] of lessons.entries()) {
    if (i === visit) {
      day.absences.push({
        pupil_id: pupil.pupil_id,
        from: `${day.date}T${lesson.start}`,
        to: `${day.date}T${lesson.end}`,
        type: "reported",
      });
      continue;
    }
    const mood = atLesson(pupil, lesson, i, day.date, random);
    if (mood === "skips") continue;
    const before = lessons[i - 1];
    if (
      mood === "comes" &&
      before &&
      before.room === lesson.room &&
      before.group_id === lesson.group_id &&
      i - 1 !== visit
    )
      continue; // stays seated
    if (random.chance(0.002)) {
      const recorded_at = new Date(utcOfLocal(day.date, lesson.end)).toISOString(); // the card was forgotten, the teacher says so
      day.marks.push({
        lesson_id: lesson.lesson_id,
        pupil_id: pupil.pupil_id,
        status: "present",
        absent_minutes: 0,
        recorded_at,
      });
      continue;
    }
    const late = 60 * random.between(...LATE_MIN) + LATE_SECOND;
    arrivals.push({
      lesson,
      card: pupil.card,
      second: mood === "late" ? late : random.between(FIRST_S, LAST_S),
      late: mood === "late",
    });
  }
}

// "reported", "leave", "unreported", or "" when the pupil comes at least for some of the day.
function awayAllDay(pupil, date, random) {
  const fridays = weekday(date) === 4 ? 1.2 : 1;
  const begun = date >= pupil.onset;
  if (pupil.illDays > 0) {
    pupil.illDays--;
    return pupil.awayAs;
  }
  const fallAway = (days, as) => {
    pupil.illDays = days - 1;
    pupil.awayAs = as;
    return as;
  };
  if (pupil.pattern === "leave" && date === pupil.onset) return fallAway(random.between(3, 5), "leave");
  if (pupil.pattern === "long_ill" && date === pupil.onset) return fallAway(random.between(13, 22), "reported");
  if (pupil.pattern === "weekday" && begun && weekday(date) === pupil.weekday && random.chance(0.5)) return "reported";
  if (pupil.pattern === "short_spells" && begun && random.chance(0.1)) return "reported";
  if (pupil.pattern === "withdrawing" && begun && random.chance(0.02 + 0.12 * worse(pupil, date))) return "unreported";
  if (random.chance(0.016 * fridays)) return fallAway(random.pick([1, 1, 2, 2, 3, 4]), "reported");
  return random.chance(0.0007) ? "unreported" : ""; // ill, and nobody called
}

// How far a withdrawal has come: 0 at its onset, 1 eight weeks later.
const worse = (pupil, date) => Math.min(1, (Date.parse(date) - Date.parse(pupil.onset)) / (56 * 86_400_000));

function atLesson(pupil, lesson, index, date, random) {
  const begun = date >= pupil.onset;
  if (pupil.pattern === "withdrawing" && begun) {
    const much = worse(pupil, date);
    if (index === 0 && random.chance(0.2 + 0.3 * much)) return random.chance(0.5) ? "late" : "skips";
    if (random.chance(0.04 + 0.14 * much)) return "skips";
  }
  if (pupil.pattern === "subject" && begun && lesson.subject === pupil.subject && random.chance(0.5)) return "skips";
  if (pupil.pattern === "late_bird" && index === 0 && random.chance(0.45)) return "late";
  return random.chance(index === 0 ? 0.02 : 0.012) ? "late" : "comes";
}

// One tap after the other at each terminal; now and then twice, at the wrong door, or with a card nobody knows.
function spreadAtTheDoor(arrivals, school, random) {
  const terminals = new Map(school.terminals.map((t) => [t.room, t.terminal_id]));
  const cards = new Set(school.cards.map((c) => c.card));
  const taps = [];
  for (const door of byDoor(arrivals).values()) {
    const { lesson } = door[0];
    const start = utcOfLocal(lesson.date, lesson.start);
    const tap = (second, card, room = lesson.room) =>
      taps.push({ at: start + 1000 * second, terminal_id: terminals.get(room), card });
    const gap = door.length > CROWD ? CROWD_GAP_S : TAP_GAP_S;
    let free = -Infinity;
    for (const arrival of door.filter((a) => !a.late).sort((a, b) => a.second - b.second)) {
      const second = Math.max(arrival.second, free);
      free = second + gap;
      if (random.chance(0.004)) tap(second, arrival.card, random.pick(school.terminals).room);
      else tap(second, arrival.card);
      if (random.chance(0.02)) tap(second + AGAIN_S, arrival.card);
      if (random.chance(0.005)) tap(second + gap / 2, newCard(random, cards));
    }
    const minutes = new Set();
    for (const arrival of door.filter((a) => a.late)) {
      while (minutes.has(arrival.second)) arrival.second += 60;
      minutes.add(arrival.second);
      tap(arrival.second, arrival.card);
    }
  }
  return taps.sort((a, b) => a.at - b.at || (a.terminal_id < b.terminal_id ? -1 : 1));
}

function byDoor(arrivals) {
  const doors = new Map();
  for (const arrival of arrivals) {
    const { lesson_id } = arrival.lesson;
    if (!doors.has(lesson_id)) doors.set(lesson_id, []);
    doors.get(lesson_id).push(arrival);
  }
  return doors;
}
