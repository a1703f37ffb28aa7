// A made-up school year: who is in which class, what each day holds, and what every pupil misses of it. The same seed gives the same
// school. One pupil after the other is handed to `take`, so that a school of any size fits in memory.

import { nextDate, weekday } from "../../naive/civil.mjs";
import { stream } from "../../demo/random.mjs";
import { DISENGAGING, FLU, HOLIDAYS, INNOCENT, KINDS, ONSET, RAMP_DAYS, SPREAD, YEAR } from "./figures.mjs";
import { disengaging, innocent } from "./habits.mjs";

function schoolDays() {
  const days = [];
  for (let date = YEAR.from; date <= YEAR.to; date = nextDate(date)) {
    if (weekday(date) > 4 || HOLIDAYS.some(([from, to]) => from <= date && date <= to)) continue;
    days.push({ index: days.length, date, weekday: weekday(date), month: Number(date.slice(5, 7)) });
  }
  for (const day of days) day.week = nextDate(day.date, -day.weekday);
  return days;
}
export const DAYS = schoolDays();

const FORMS = {
  // Classes of 25 that have all lessons together: six of an hour a day.
  compulsory: {
    classes: (pupils) => Array.from({ length: Math.ceil(pupils / 25) }, (_, i) => `${7 + (i % 3)}${letters(i)}`),
    subjects: ["ma", "sv", "en", "no", "so", "idrott", "bild", "slöjd", "musik", "spr"],
    lessons: () => [6, 6, 6, 6, 6],
    minutes: 60,
  },
  // Programme and year stand for the class, 48 pupils, as groups are mixed: each has a timetable of its own, three to five lessons of
  // 75 minutes a day.
  upper_secondary: {
    classes: (pupils) => {
      const programmes = ["NA", "SA", "EK", "TE", "HA", "BA", "VO"];
      return Array.from(
        { length: Math.ceil(pupils / 48) },
        (_, i) => `${programmes[i % 7]}${23 + (((i / 7) | 0) % 3)}`,
      );
    },
    subjects: ["ma", "sv", "en", "hi", "sh", "idrott", "prog1", "prog2", "prog3"],
    lessons: (random) => random.shuffled([3, 3, 4, 5, 5]),
    minutes: 75,
  },
};
const letters = (i) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(i / 3) | 0] ?? `Z${(i / 3) | 0}`;

// Gamma with a whole shape and mean 1.
function gamma(random, shape) {
  let product = 1;
  for (let i = 0; i < shape; i++) product *= 1 - random.next();
  return -Math.log(product) / shape;
}

function timetable(form, random) {
  const counts = form.lessons(random);
  const subjects = random.shuffled(form.subjects);
  return counts.map((count, day) => Array.from({ length: count }, (_, i) => subjects[(day * 3 + i) % subjects.length]));
}

// What classmates share: how careless the class is, whether the roll shows what the office is told, when flu reaches it.
function makeClass(form, name, seed) {
  const random = stream(seed, "class", name);
  return {
    name,
    factor: gamma(random, SPREAD.class),
    lax: random.chance(INNOCENT.lax.classes),
    flu: FLU.waves.map((date) => DAYS.findIndex((day) => day.date >= date) + random.between(-5, 5)),
    week: timetable(form, random),
  };
}

function makePupil(form, kinds, share, group, number, seed) {
  const random = stream(seed, "pupil", number);
  const disengages = random.chance(share);
  const pupil = { id: `p${number}`, class: group.name, group, random, kind: null, onset: -1, twins: [] };
  pupil.week = form.minutes === 60 ? group.week : timetable(form, random);
  pupil.factor = gamma(random, SPREAD.pupil) * group.factor;
  const onset = random.chance(ONSET.before) ? 0 : random.between(...ONSET.days);
  const ramp = onset === 0 ? 1 : random.between(...RAMP_DAYS);
  let left = random.next();
  const kind = Object.keys(kinds).find((name) => (left -= kinds[name]) < 0) ?? Object.keys(kinds)[0];
  if (disengages) Object.assign(pupil, { kind, onset, ramp });
  return pupil;
}

// Takes each pupil with its days: { date, statuses, minutes, subjects, missed } by lesson, in the order of the year.
export function makeSchool({ form: formName, level, pupils, seed }, take) {
  const form = FORMS[formName];
  const names = form.classes(pupils);
  const groups = names.map((name) => makeClass(form, name, seed));
  const lines = Array.from({ length: INNOCENT.bus.lines }, (_, i) => badDays(stream(seed, "bus", i)));
  for (let number = 0; number < pupils; number++) {
    const group = groups[number % groups.length];
    const pupil = makePupil(form, KINDS[formName], DISENGAGING[formName], group, number, seed);
    const habits = [...innocent(pupil, { level, lines }), ...(pupil.kind ? [disengaging(pupil)] : [])];
    take(
      pupil,
      DAYS.map((day) => liveDay(form, pupil, day, habits)),
    );
  }
}

function liveDay(form, pupil, day, habits) {
  const subjects = pupil.week[day.weekday];
  const lived = { ...day, subjects, minutes: form.minutes, statuses: subjects.map(() => "present"), late: 0 };
  for (const habit of habits) habit(lived);
  return lived;
}

// The days on which a bus line is late, and the weeks in which it is so every day.
function badDays(random) {
  const bad = new Set(DAYS.filter(() => random.chance(INNOCENT.bus.bad_days)).map((day) => day.index));
  const from = random.between(60, 120);
  for (let day = from; day < from + 5 * INNOCENT.bus.bad_weeks; day++) if (random.chance(0.5)) bad.add(day);
  return bad;
}

export const missedMinutes = (day, lesson) => {
  const status = day.statuses[lesson];
  return status === "present" ? 0 : status === "late" ? Math.min(day.late, day.minutes) : day.minutes;
};

const clock = (minutes) => `${String((minutes / 60) | 0).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const STARTS = new Map(
  [60, 75].map((minutes) => [minutes, [0, 1, 2, 3, 4, 5].map((i) => clock(490 + i * (minutes + 10)))]),
);

// The day's rows of attendance.csv.
export function rowsOf(pupil, day) {
  const starts = STARTS.get(day.minutes);
  let rows = "";
  for (let i = 0; i < day.subjects.length; i++)
    rows += `${pupil.id},${pupil.class},${day.date},${starts[i]},${day.minutes},${day.subjects[i]},${day.statuses[i]},${missedMinutes(day, i)}\n`;
  return rows;
}
export const HEADER = "pupil_id,class,date,start,minutes,subject,status,absent_minutes\n";
