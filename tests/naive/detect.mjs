// The detector, written from docs/detection.md alone and the slow way (every measure from the raw days, every day), to
// compare the product with. It shares no code with the daemon.

import { weekday } from "./civil.mjs";

export const FLAGS = ["pupil_id", "rule", "raised_on", "cleared_on"];
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const sum = (list, value) => list.reduce((total, item) => total + value(item), 0);
const absent = (l) => l.status === "reported" || l.status === "unreported";
const attended = (l) => l.status === "present" || l.status === "late";
const schoolYear = (date) => Number(date.slice(0, 4)) - (date.slice(5) < "08-01" ? 1 : 0);
const term = (date) => (date.slice(5) < "08-01" ? "spring" : "autumn");

// The rules file is libconfig; what rules use of it is JSON in other clothes.
export function readRules(text) {
  const json = text
    .replace(/#.*|\/\/.*|\/\*[^]*?\*\//g, "")
    .replace(/([A-Za-z_]\w*)\s*[=:]/g, '"$1":')
    .replaceAll("(", "[")
    .replaceAll(")", "]")
    .replaceAll(";", ",")
    .replace(/,(\s*[\]}])/g, "$1")
    .replace(/,\s*$/, "");
  return JSON.parse(`{${json}}`).rules;
}

// Flags of all rows of attendance.csv, sorted by pupil, rule, date; cleared_on is "" while open.
export function detect(attendance, rules) {
  const years = pupilYears(attendance);
  const flags = years.flatMap((year) => rules.flatMap((rule) => yearFlags(year, rule)));
  return flags.sort(
    (a, b) => byText(a.pupil_id, b.pupil_id) || byText(a.rule, b.rule) || byText(a.raised_on, b.raised_on),
  );
}

const COLUMNS = ["pupil_id", "class", "date", "start", "minutes", "subject", "status", "absent_minutes"];

// One entry per pupil and school year: its own days in order. `classDays` has the days of all pupils of one school year by
// the class they then had. Rows that are alike in every column count once.
function pupilYears(attendance) {
  const order = (a, b) =>
    byText(a.date, b.date) ||
    byText(a.start, b.start) ||
    byText(a.subject, b.subject) ||
    a.minutes - b.minutes ||
    byText(a.status, b.status);
  const once = new Map(attendance.map((row) => [JSON.stringify(COLUMNS.map((name) => row[name])), row]));
  const rows = [...once.values()]
    .map((r) => ({ ...r, minutes: Number(r.minutes), absent_minutes: Number(r.absent_minutes) }))
    .sort(order);
  const years = new Map();
  for (const row of rows) {
    const key = `${row.pupil_id} ${schoolYear(row.date)}`;
    if (!years.has(key)) years.set(key, { pupil_id: row.pupil_id, year: schoolYear(row.date), rows: [] });
    years.get(key).rows.push(row);
  }
  const latest = Math.max(...rows.map((row) => schoolYear(row.date)));
  const classDays = new Map();
  for (const year of years.values()) {
    year.days = ownDays(year.rows);
    for (const day of year.days) {
      const key = `${day.class} ${year.year}`;
      if (!classDays.has(key)) classDays.set(key, []);
      classDays.get(key).push({ ...day, pupil_id: year.pupil_id });
    }
    year.over = year.year < latest;
    const others = new Map();
    year.classDays = (day) => {
      const all = classDays.get(`${day.class} ${year.year}`);
      if (!others.has(day.class))
        others.set(
          day.class,
          all.filter((other) => other.pupil_id !== year.pupil_id),
        );
      return others.get(day.class);
    };
  }
  return [...years.values()];
}

function ownDays(rows) {
  const dates = new Map();
  let inSpell = false;
  for (const row of rows) {
    if (row.status === "cancelled" || row.status === "exempt") continue;
    if (!dates.has(row.date)) dates.set(row.date, { date: row.date, lessons: [], spells: 0 });
    const day = dates.get(row.date);
    day.lessons.push(row);
    if (absent(row) && !inSpell) day.spells++;
    if (absent(row)) inSpell = true;
    if (attended(row)) inSpell = false;
  }
  return [...dates.values()].map(measureDay).filter((day) => day.expAll > 0);
}

function measureDay(day) {
  const minutes = (test, value = "minutes") => sum(day.lessons.filter(test), (l) => l[value]);
  const count = (test) => day.lessons.filter(test).length;
  day.expAll = minutes((l) => l.status !== "unknown");
  day.unknown = minutes((l) => l.status === "unknown");
  day.exp = day.expAll - minutes((l) => l.status === "leave");
  day.abs = minutes((l) => absent(l) || l.status === "late", "absent_minutes");
  day.leave = minutes((l) => l.status === "leave", "absent_minutes");
  day.unreported = minutes((l) => l.status === "unreported", "absent_minutes");
  day.unreportedLessons = count((l) => l.status === "unreported");
  day.lateLessons = count((l) => l.status === "late");
  day.class = day.lessons.at(-1).class;
  day.absent = day.exp > 0 && day.abs === day.exp;
  day.partial = !day.absent && day.lessons.some(absent);
  return day;
}

function yearFlags(year, rule) {
  const flags = [];
  let open = null;
  let clearDays = 0;
  for (let today = 0; today < year.days.length; today++) {
    const date = year.days[today].date;
    if (!open) {
      if (!rule.when.every((condition) => holds(year, today, condition))) continue;
      open = { pupil_id: year.pupil_id, rule: rule.id, raised_on: date, cleared_on: "" };
      clearDays = 0;
      flags.push(open);
      continue;
    }
    const value = MEASURES[rule.clear.measure](year, today, rule.clear);
    if (value === undefined) continue;
    clearDays = holds(year, today, rule.clear) ? clearDays + 1 : 0;
    if (clearDays === rule.clear.for_days) {
      open.cleared_on = date;
      open = null;
    }
  }
  if (open && year.over) open.cleared_on = year.days.at(-1).date;
  return flags;
}

const COMPARISONS = {
  at_least: (a, b) => a >= b,
  at_most: (a, b) => a <= b,
  below: (a, b) => a < b,
  above: (a, b) => a > b,
};

function holds(year, today, condition) {
  const value = MEASURES[condition.measure](year, today, condition);
  if (value === undefined) return false;
  const word = Object.keys(COMPARISONS).find((w) => w in condition);
  const { numerator, denominator, hundredths } = value;
  if (hundredths === undefined) return COMPARISONS[word](numerator, condition[word]);
  return COMPARISONS[word](hundredths * numerator, Math.round(100 * condition[word]) * denominator);
}

const count = (numerator) => ({ numerator, denominator: 1, hundredths: 100 });
const percent = (numerator, denominator) => ({ numerator, denominator, hundredths: 10000 });

function days(year, today, { days: length, offset = 0 }) {
  const end = Math.max(0, today + 1 - offset);
  return year.days.slice(Math.max(0, end - length), end);
}

function share(window, minDays, numerator, denominator) {
  const known = sum(window, (d) => d.expAll);
  const below = sum(window, denominator);
  if (window.length < minDays || 100 * known < 80 * (known + sum(window, (d) => d.unknown)) || below === 0)
    return undefined;
  return percent(sum(window, numerator), below);
}

const shareOf = (numerator, denominator) => (year, today, c) =>
  share(days(year, today, c), c.min_days ?? Math.min(c.days, 10), numerator, denominator);
const countOf = (value) => (year, today, c) => count(sum(days(year, today, c), value));
const absenceShare = shareOf(
  (d) => d.abs,
  (d) => d.exp,
);

const MEASURES = {
  total_absence_share: shareOf(
    (d) => d.abs + d.leave,
    (d) => d.expAll,
  ),
  absence_share: absenceShare,
  unreported_share: shareOf(
    (d) => d.unreported,
    (d) => d.exp,
  ),
  absent_days: countOf((d) => Number(d.absent)),
  partial_days: countOf((d) => Number(d.partial)),
  spells: countOf((d) => d.spells),
  unreported_lessons: countOf((d) => d.unreportedLessons),
  unreported_dates: countOf((d) => Number(d.unreportedLessons > 0)),
  late_arrivals: countOf((d) => d.lateLessons),
  absence_rise: absenceRise,
  absent_run: absentRun,
  term_start_absent_days: (year, today, c) => count(sum(termStart(year, today, c), (d) => Number(d.absent))),
  term_start_spells: (year, today, c) => count(sum(termStart(year, today, c), (d) => d.spells)),
  weekday_tail: weekdayTail,
  subject_missed_share: subjectMissedShare,
  partial_tail: classTail(
    (d) => !d.absent,
    (d) => d.partial,
  ),
  spells_tail: classTail(
    (d) => d.exp > 0,
    (d) => d.spells > 0,
  ),
  unreported_tail: classTail(
    (d) => d.exp > 0,
    (d) => d.unreportedLessons > 0,
  ),
};

function absenceRise(year, today, c) {
  const offset = c.offset ?? 0;
  const now = absenceShare(year, today, c);
  const before = absenceShare(year, today, {
    days: c.baseline_days,
    offset: offset + c.days,
    min_days: c.baseline_min_days ?? 30,
  });
  if (now === undefined || before === undefined) return undefined;
  return percent(
    now.numerator * before.denominator - before.numerator * now.denominator,
    now.denominator * before.denominator,
  );
}

function absentRun(year, today) {
  let run = 0;
  for (let i = today; i >= 0 && (year.days[i].absent || year.days[i].exp === 0); i--)
    run += Number(year.days[i].absent);
  return count(run);
}

function termStart(year, today, c) {
  const sofar = year.days.slice(0, today + 1).filter((d) => term(d.date) === term(year.days[today].date));
  return sofar.length <= c.days ? sofar : [];
}

function weekdayTail(year, today, c) {
  const window = days(year, today, c);
  const counted = window.filter((d) => d.exp > 0);
  const all = counted.filter((d) => d.absent).length;
  let tail = 1;
  for (let w = 0; w < 7; w++) {
    const n = counted.filter((d) => weekday(d.date) === w).length;
    const k = counted.filter((d) => weekday(d.date) === w && d.absent).length;
    if (n < 6 || k < 3 || 2 * k < all) continue;
    const theirs = year
      .classDays(year.days[today])
      .filter((d) => d.exp > 0 && weekday(d.date) === w && window[0].date <= d.date && d.date <= window.at(-1).date);
    tail = Math.min(tail, binomialTail(n, k, (theirs.filter((d) => d.absent).length + 1) / (theirs.length + 2)));
  }
  return { numerator: tail };
}

// How unlikely as many days with a sign would be for a pupil like the rest of the class.
function classTail(isBase, hasSign) {
  return (year, today, c) => {
    const window = days(year, today, c);
    const base = window.filter(isBase);
    const k = base.filter(hasSign).length;
    if (k < 3 || base.length < 10) return { numerator: 1 };
    const theirs = year
      .classDays(year.days[today])
      .filter((d) => isBase(d) && window[0].date <= d.date && d.date <= window.at(-1).date);
    return { numerator: binomialTail(base.length, k, (theirs.filter(hasSign).length + 1) / (theirs.length + 2)) };
  };
}

function binomialTail(n, k, p) {
  let total = 0;
  for (let i = k; i <= n; i++) {
    let ways = 1;
    for (let j = 0; j < i; j++) ways = (ways * (n - j)) / (j + 1);
    total += ways * p ** i * (1 - p) ** (n - i);
  }
  return total;
}

function subjectMissedShare(year, today, c) {
  const lessons = days(year, today, c)
    .filter((d) => !d.absent)
    .flatMap((d) => d.lessons)
    .filter((l) => l.status !== "unknown" && l.status !== "leave");
  let greatest = percent(0, 1);
  for (const subject of new Set(lessons.map((l) => l.subject))) {
    const these = lessons.filter((l) => l.subject === subject);
    const others = lessons.filter((l) => l.subject !== subject);
    const n = these.length;
    const m = these.filter(absent).length;
    const missed = (list) => sum(list.filter(absent), (l) => l.absent_minutes);
    const all = (list) => sum(list, (l) => l.minutes);
    if (n < 6 || m < 3 || missed(these) * all(others) < 3 * missed(others) * all(these)) continue;
    if (m * greatest.denominator > greatest.numerator * n) greatest = percent(m, n);
  }
  return greatest;
}
