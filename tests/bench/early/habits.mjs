// Why pupils miss lessons: the innocent reasons, and disengagement in five ways, each with its twin among them.
//
//   fades       late, then lessons, then days         twin: late buses, overslept mornings
//   spells      short reported pieces that come back  twin: chronic illness, flu
//   truant      unreported lessons                    twin: forgotten reports, a class whose roll is lax
//   withdraws   away from one week on                 twin: one long illness, a holiday in term
//   avoids      one subject                           twin: an injury, sports, the dentist
//
// A habit is a function of the pupil's day that changes its statuses; only what is still attended can be missed. How often and how
// much, where figures.mjs does not say it: assumption.

import { FLU, FRIDAY, ILLNESS, INNOCENT, PART_DAYS, SEASON } from "./figures.mjs";

function miss(day, from, to, status) {
  for (let i = Math.max(0, from); i < Math.min(to, day.statuses.length); i++)
    if (day.statuses[i] === "present" || day.statuses[i] === "late") day.statuses[i] = status;
}
const missAll = (day, status) => miss(day, 0, day.statuses.length, status);

function beLate(day, minutes) {
  if (day.statuses[0] !== "present") return;
  day.statuses[0] = "late";
  day.late = minutes;
}

// Whole days in a row, each run with one status; `length` is asked at its first day.
function runs(begins, length, status) {
  let left = 0;
  let now;
  return (day) => {
    if (left === 0 && begins(day)) {
      left = length();
      now = status();
    }
    if (left === 0) return;
    left--;
    missAll(day, now);
  };
}

export function innocent(pupil, { level, lines }) {
  const { random } = pupil;
  const is = (twin) => {
    const chosen = random.chance(INNOCENT[twin].pupils);
    if (chosen) pupil.twins.push(twin);
    return chosen;
  };
  if (pupil.group.lax) pupil.twins.push("lax");
  const chronic = is("chronic");
  const forgets = Math.max(
    is("forgetful") ? INNOCENT.forgetful.forgets : INNOCENT.forgets,
    pupil.group.lax ? INNOCENT.lax.forgets : 0,
  );
  const reported = () => (random.chance(forgets) ? "unreported" : "reported");
  return [
    ...rareDays(pupil, is, reported),
    illness(pupil, chronic ? INNOCENT.chronic.times : 1, reported),
    flu(pupil, reported),
    partDays(pupil, level * (chronic ? INNOCENT.chronic.part : 1), reported),
    ...routines(pupil, is, lines),
  ];
}

const longer = (random) => (random.chance(ILLNESS.one_day) ? 1 : random.pick(ILLNESS.longer_days));

function illness({ random }, times, reported) {
  const begins = (day) => random.chance(ILLNESS.begins * times * SEASON[day.month] * (day.weekday === 4 ? FRIDAY : 1));
  return runs(begins, () => longer(random), reported);
}

function flu({ random, group }, reported) {
  const days = group.flu
    .filter(() => random.chance(FLU.attack))
    .map((centre) => centre + random.between(-FLU.spread_days / 2, FLU.spread_days / 2));
  return runs(
    (day) => days.includes(day.index),
    () => random.pick(FLU.days),
    reported,
  );
}

// A family holiday, one long illness.
function rareDays({ random }, is, reported) {
  const habits = [];
  const once = (length, status) => {
    const on = random.between(10, 160);
    return runs(
      (day) => day.index === on,
      () => random.between(...length),
      status,
    );
  };
  if (is("holiday"))
    habits.push(once(INNOCENT.holiday.days, () => (random.chance(INNOCENT.holiday.granted) ? "leave" : reported())));
  if (is("long_illness")) habits.push(once(INNOCENT.long_illness.days, () => "reported"));
  return habits;
}

// The dentist, ill at noon, an overslept morning, one lesson.
function partDays({ random, factor }, level, reported) {
  const kinds = Object.entries(PART_DAYS);
  const ways = {
    overslept: (day) => miss(day, 0, 1, random.chance(0.3) ? "unreported" : reported()),
    doctor: (day, at) => miss(day, at, at + random.between(1, 2), reported()),
    home_at_noon: (day) => miss(day, (day.statuses.length / 2) | 0, day.statuses.length, reported()),
    one_lesson: (day, at) => miss(day, at, at + 1, random.chance(0.2) ? "unreported" : reported()),
  };
  return (day) => {
    if (!random.chance(Math.min(0.6, level * factor * (day.weekday === 4 ? FRIDAY : 1)))) return;
    let left = random.next();
    const [kind] = kinds.find(([, share]) => (left -= share) < 0) ?? kinds[0];
    ways[kind](day, random.between(0, day.statuses.length - 1));
  };
}

// A bus line, a sport, an injury; and everybody is late now and then.
function routines({ random }, is, lines) {
  const habits = [(day) => random.chance(0.015) && beLate(day, random.between(5, 20))];
  const { bus, sport, injury } = INNOCENT;
  if (is("bus")) {
    const bad = random.pick(lines);
    habits.push((day) => {
      if (!bad.has(day.index)) return;
      if (random.chance(bus.missed)) miss(day, 0, 1, "unreported");
      else beLate(day, random.between(5, 25));
    });
  }
  const season = (weeks) => {
    const from = random.between(5, 140);
    return (day) => from <= day.index && day.index < from + 5 * weeks;
  };
  if (is("sport")) {
    const [during, weekday] = [season(sport.weeks), random.between(0, 4)];
    const status = random.chance(sport.granted) ? "leave" : "reported";
    habits.push(
      (day) =>
        during(day) && day.weekday === weekday && miss(day, day.statuses.length - 2, day.statuses.length, status),
    );
  }
  if (is("injury")) {
    const during = season(injury.weeks);
    habits.push((day) => during(day) && missSubject(day, "idrott", "reported"));
  }
  return habits;
}

function missSubject(day, subject, status) {
  for (let i = 0; i < day.subjects.length; i++) if (day.subjects[i] === subject) miss(day, i, i + 1, status);
}

// From the pupil's onset on; `r` goes from 0 to 1 in its days of ramp.
export function disengaging(pupil) {
  const { random, onset, ramp, kind } = pupil;
  const habit = WAYS[kind](pupil);
  const status = (unreported) => (random.chance(unreported) ? "unreported" : "reported");
  return (day) => {
    if (day.index >= onset) habit(day, Math.min(1, (day.index - onset) / ramp), status);
  };
}

function part(random, day, most, status) {
  const lessons = random.between(1, most);
  const at = random.chance(0.6) ? 0 : random.between(0, day.statuses.length - lessons);
  miss(day, at, at + lessons, status);
}

const WAYS = {
  fades: ({ random }) => {
    return (day, r, status) => {
      if (random.chance(0.1 + 0.2 * r)) beLate(day, random.between(5, 30));
      if (random.chance(0.15 + 0.25 * r)) part(random, day, 3, status(0.7));
      if (random.chance(0.02 + 0.23 * r)) missAll(day, status(0.5));
    };
  },
  spells: ({ random }) => {
    let strength = 0;
    const away = runs(
      () => random.chance(0.06 + 0.08 * strength),
      () => random.between(1, 3),
      () => (random.chance(0.1) ? "unreported" : "reported"),
    );
    return (day, r, status) => {
      strength = r;
      away(day);
      if (random.chance(0.08 + 0.1 * r)) part(random, day, 3, status(0.1));
    };
  },
  truant: ({ random }) => {
    return (day, r, status) => {
      if (random.chance(0.18 + 0.25 * r)) part(random, day, 3, status(0.9));
      if (random.chance(0.02 + 0.06 * r)) missAll(day, status(0.8));
    };
  },
  withdraws: ({ random }) => {
    const unreported = random.next();
    return (day, r, status) => {
      if (random.chance(0.5 + 0.45 * r)) missAll(day, status(unreported));
      else if (random.chance(0.3)) part(random, day, 3, status(unreported));
    };
  },
  avoids: ({ random, week }) => {
    const subjects = [...new Set(week.flat())];
    const avoided = [random.pick(subjects), random.pick(subjects)];
    return (day, r, status) => {
      for (const subject of avoided) if (random.chance(0.5 + 0.4 * r)) missSubject(day, subject, status(0.6));
      if (random.chance(0.04 + 0.06 * r)) missAll(day, status(0.3));
    };
  },
};
