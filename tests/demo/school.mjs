// The demonstration's school: pupils, classes, rooms, cards and a term's timetable, from a seed. Everybody is made up.

import { nextDate, weekday } from "../naive/civil.mjs";
import { GIVEN, FAMILY } from "./names.mjs";
import { stream } from "./random.mjs";

const CLASSES = ["7A", "7B", "7C", "7D", "8A", "8B", "8C", "8D", "9A", "9B", "9C", "9D"];
export const PERIODS = [
  ["08:10", "09:10"],
  ["09:20", "10:20"],
  ["10:30", "11:20"],
  ["11:50", "12:40"],
  ["13:05", "13:50"],
  ["14:00", "14:45"],
];
const DOUBLE_DAY = 2; // Wednesdays begin with two lessons of one subject in one room
const LANGUAGE = 3; // the period of the language choice, on LANGUAGE_DAYS
const LANGUAGE_DAYS = [1, 3];
const LANGUAGES = ["franska", "spanska", "tyska"];
const WEEK = {
  svenska: 4,
  matematik: 5,
  engelska: 4,
  idrott: 3,
  biologi: 1,
  fysik: 1,
  kemi: 1,
  historia: 1,
  geografi: 1,
  samhällskunskap: 1,
  religion: 1,
  slöjd: 2,
  musik: 1,
  bild: 1,
  hemkunskap: 1,
  teknik: 1,
};
const FREE_DAYS = ["2026-09-25", "2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29", "2026-10-30", "2026-11-02"];

// { pupils, members, lessons, … }: rows of the school files, as docs/school-files.md has them.
export function makeSchool({ seed = 1, classes = 12, classSize = 26, periods = PERIODS.length, from, to }) {
  const names = CLASSES.slice(0, classes);
  const rooms = names.map((_, i) => `sal-${101 + i}`);
  const pupils = makePupils(seed, names, classSize);
  const years = choosingYears(names);
  const members = makeMembers(seed, pupils, years);
  return {
    pupils,
    members,
    lessons: makeLessons({ seed, names, rooms, years, periods, from, to }),
    cards: makeCards(seed, pupils),
    terminals: rooms.map((room) => ({ terminal_id: room.replace("sal", "t"), room })),
    exemptions: makeExemptions(seed, members),
    staff: makeStaff(seed, names),
    teachers: names.map((name, i) => ({ group_id: groupOf(name), staff_id: `s${i + 1}`, from: "", to: "" })),
    guardians: makeGuardians(seed, pupils),
    absences: [],
    taps: [],
    marks: [],
    outages: [],
  };
}

const groupOf = (name) => `g-${name.toLowerCase()}`;
// The language choice needs three rooms of one year's classes.
const choosingYears = (names) =>
  ["7", "8", "9"].filter((year) => names.filter((n) => n[0] === year).length >= LANGUAGES.length);

function makePupils(seed, names, classSize) {
  const random = stream(seed, "pupils");
  const protectedOnes = new Set(
    random.shuffled([...Array(names.length * classSize).keys()]).slice(0, Math.ceil(names.length / 3)),
  );
  return names.flatMap((name, c) =>
    Array.from({ length: classSize }, (_, i) => {
      const index = c * classSize + i;
      return {
        pupil_id: `p${String(index + 1).padStart(4, "0")}`,
        given_name: random.pick(GIVEN),
        family_name: random.pick(FAMILY),
        class: name,
        year: name[0],
        protected: protectedOnes.has(index) ? 1 : 0,
        from: "",
        to: "",
      };
    }),
  );
}

function makeMembers(seed, pupils, years) {
  const random = stream(seed, "members");
  const open = { from: "", to: "" };
  return pupils.flatMap(({ pupil_id, class: name, year }) => {
    const own = { group_id: groupOf(name), pupil_id, ...open };
    if (!years.includes(year)) return [own];
    return [own, { group_id: `g-${year}-${random.pick(LANGUAGES)}`, pupil_id, ...open }];
  });
}

function makeExemptions(seed, members) {
  const random = stream(seed, "exemptions");
  return members
    .filter((m) => /-(franska|spanska|tyska)$/.test(m.group_id) && random.chance(0.02))
    .map(({ pupil_id, group_id }) => ({ pupil_id, group_id, from: "", to: "" }));
}

function makeCards(seed, pupils) {
  const random = stream(seed, "cards");
  const used = new Set();
  return pupils.map(({ pupil_id }) => ({ card: newCard(random, used), pupil_id, from: "", to: "" }));
}

export function newCard(random, used) {
  for (;;) {
    const bytes = Array.from({ length: random.pick([4, 7]) }, () => random.between(0, 255));
    const card = bytes
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("")
      .toUpperCase();
    if (used.has(card) || /^[08]8.{6}$/.test(card)) continue; // 08… and 88… of four bytes are no card's own
    used.add(card);
    return card;
  }
}

function makeStaff(seed, names) {
  const random = stream(seed, "staff");
  return names.map((_, i) => ({
    staff_id: `s${i + 1}`,
    name: `${random.pick(GIVEN)} ${random.pick(FAMILY)}`,
    role: "mentor",
    email: `mentor${i + 1}@example.org`,
  }));
}

function makeGuardians(seed, pupils) {
  const random = stream(seed, "guardians");
  return pupils.map((pupil, i) => ({
    pupil_id: pupil.pupil_id,
    name: `${random.pick(GIVEN)} ${pupil.family_name}`,
    phone: `070-17406${String(5 + (i % 95)).padStart(2, "0")}`, // set aside by PTS for fiction
    email: `vardnadshavare${i + 1}@example.org`,
    order: 1,
  }));
}

export function schoolDates(from, to) {
  const dates = [];
  for (let date = from; date <= to; date = nextDate(date)) {
    if (weekday(date) < 5 && !FREE_DAYS.includes(date)) dates.push(date);
  }
  return dates;
}

function makeLessons({ seed, names, rooms, years, periods, from, to }) {
  const weeks = names.map((name) => classWeek(seed, name, years.includes(name[0])));
  const cancelled = stream(seed, "cancelled");
  const lessons = [];
  for (const date of schoolDates(from, to)) {
    for (const [c, name] of names.entries()) {
      for (let period = 0; period < periods; period++) {
        const subject = weeks[c][weekday(date)][period];
        const room = rooms[(c + 2 * (isDouble(weekday(date), period) ? period - 1 : period)) % rooms.length];
        const [start, end] = PERIODS[period];
        const row = {
          lesson_id: `${date}-${name.toLowerCase()}-${period + 1}`,
          room,
          date,
          start,
          end,
          state: cancelled.chance(0.01) ? "cancelled" : "held",
        };
        if (subject !== "språkval") {
          lessons.push({ ...row, group_id: groupOf(name), subject });
          continue;
        }
        const language = LANGUAGES[names.filter((n) => n[0] === name[0]).indexOf(name)];
        if (language) lessons.push({ ...row, group_id: `g-${name[0]}-${language}`, subject: language });
      }
    }
  }
  return lessons;
}

const isDouble = (day, period) => day === DOUBLE_DAY && period === 1;

// weekday → period → subject
function classWeek(seed, name, choosesLanguage) {
  const random = stream(seed, "week", name);
  const bag = random.shuffled(Object.entries(WEEK).flatMap(([subject, count]) => Array(count).fill(subject)));
  const subjectOf = (day, period) =>
    choosesLanguage && period === LANGUAGE && LANGUAGE_DAYS.includes(day) ? "språkval" : (bag.pop() ?? "svenska");
  const week = Array.from({ length: 5 }, (_, day) => PERIODS.map((_, period) => subjectOf(day, period)));
  week[DOUBLE_DAY][1] = week[DOUBLE_DAY][0];
  return week;
}
