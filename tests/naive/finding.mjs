// A pupil's finding from its raw rows alone, written from docs/finding.md and the slow way: every figure is asked of the list of
// rows. Shares no code with the product, nor with tests/naive/detect.mjs.

const ABSENT = ["reported", "unreported"];
const ATTENDED = ["present", "late"];
const COUNTED = [...ABSENT, ...ATTENDED];
const FIRST_OF_YEAR = (date) => `${Number(date.slice(0, 4)) - (date.slice(5) < "08-01" ? 1 : 0)}-08-01`;
const total = (rows, key) => rows.reduce((sum, row) => sum + Number(row[key]), 0);
const weekdayOf = (date) => (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;

/** What a date is, from its rows. */
export function kindOf(rows) {
  const counted = rows.filter((row) => COUNTED.includes(row.status));
  if (counted.length > 0) {
    const missed = total(counted, "absent_minutes");
    if (total(counted, "minutes") > 0 && missed === total(counted, "minutes")) return "absent";
    if (total(counted, "minutes") > 0)
      return counted.some((row) => ABSENT.includes(row.status)) ? "partial" : "attended";
  }
  if (rows.some((row) => row.status === "leave")) return "leave";
  return rows.some((row) => row.status === "unknown") ? "unknown" : "none";
}

/** The pupil's rows of the school year up to a date, by date, as a day's lessons go. */
export const rowsUpTo = (rows, pupil, date) =>
  rows
    .filter((row) => row.pupil_id === pupil && row.date <= date && row.date >= FIRST_OF_YEAR(date))
    .sort((a, b) => {
      const [left, right] = [a, b].map((row) => `${row.date} ${row.start} ${row.subject}`);
      return left < right ? -1 : left > right ? 1 : a.minutes - b.minutes;
    });

/** The figures of the latest twenty own days; null when there are none. */
export function recentOf(rows, pupil, date) {
  const mine = rowsUpTo(rows, pupil, date);
  const dates = [...new Set(mine.map((row) => row.date))];
  const byDate = new Map(dates.map((day) => [day, mine.filter((row) => row.date === day)]));
  const on = (day) => byDate.get(day);
  const own = dates.filter((day) => !["none", "unknown"].includes(kindOf(on(day))));
  if (own.length === 0) return null;
  const latest = own.slice(-20);
  const of = (kind) => latest.filter((day) => kindOf(on(day)) === kind);
  const within = mine.filter((row) => latest.includes(row.date));
  const counted = within.filter((row) => COUNTED.includes(row.status));
  const known = total(
    within.filter((row) => [...COUNTED, "leave"].includes(row.status)),
    "minutes",
  );
  const unknown = total(
    within.filter((row) => row.status === "unknown"),
    "minutes",
  );
  const sure = 100 * known >= 80 * (known + unknown) && total(counted, "minutes") > 0;

  // A spell begins at an absent lesson that follows an attended one, or is the first of the year to be either.
  const decisive = mine.filter((row) => COUNTED.includes(row.status));
  const begins = decisive.filter(
    (row, at) => ABSENT.includes(row.status) && (at === 0 || ATTENDED.includes(decisive[at - 1].status)),
  );
  const passed = own.filter((day) => kindOf(on(day)) !== "leave");
  const broken = passed.findLastIndex((day) => kindOf(on(day)) !== "absent");
  const run = passed.slice(broken + 1);
  const unreported = within.filter((row) => row.status === "unreported");
  const week = own
    .filter((day) => on(day).some((row) => COUNTED.includes(row.status)))
    .filter((day) => latest.includes(day));
  const taught = week
    .slice(-5)
    .flatMap(on)
    .filter((row) => COUNTED.includes(row.status));
  return {
    days: latest.length,
    from: latest[0],
    through: latest.at(-1),
    share: sure
      ? { absent_minutes: total(counted, "absent_minutes"), expected_minutes: total(counted, "minutes") }
      : null,
    figures: {
      absent_run: run.length,
      absent_days: of("absent").length,
      partial_days: of("partial").length,
      spells: begins.filter((row) => latest.includes(row.date)).length,
      unreported_lessons: unreported.length,
      unreported_dates: new Set(unreported.map((row) => row.date)).size,
      late_arrivals: within.filter((row) => row.status === "late").length,
    },
    run_from: run[0] ?? null,
    most: mostOf(
      mine.filter((row) => row.date >= latest[0]),
      (day) => kindOf(on(day)) === "partial",
    ),
    well: {
      attended: taught.filter((row) => ATTENDED.includes(row.status)).length,
      lessons: taught.length,
      days: Math.min(5, week.length),
    },
  };
}

function mostOf(rows, isPartial) {
  const places = new Map();
  for (const date of new Set(rows.map((row) => row.date)))
    rows
      .filter((row) => row.date === date)
      .forEach((row, at) => {
        const key = `${at + 1} ${weekdayOf(date)}`;
        const place = places.get(key) ?? { lesson: at + 1, weekday: weekdayOf(date), missed: 0, of: 0 };
        places.set(key, place);
        if (COUNTED.includes(row.status)) place.of += 1;
        if (ABSENT.includes(row.status) && isPartial(date)) place.missed += 1;
      });
  const [first, second] = [...places.values()].sort((a, b) => b.missed - a.missed);
  return first?.missed >= 3 && first.missed > (second?.missed ?? 0) ? first : null;
}

/** The first day of the run of absent days that stood on a date. */
export const runFrom = (rows, pupil, date) => recentOf(rows, pupil, date).run_from;

/** The first date from `from` on with something missed, or late. */
export function firstSign(rows, pupil, from, date) {
  const mine = rowsUpTo(rows, pupil, date).filter((row) => row.date >= from);
  const sign = mine.find((row) => {
    const kind = kindOf(mine.filter((other) => other.date === row.date));
    return kind === "absent" || kind === "partial" || row.status === "late";
  });
  return sign?.date ?? null;
}

// Who leads, by level: docs/finding.md.
const ORDER = {
  1: [
    "run",
    "subject",
    "weekday",
    "late",
    "scattered",
    "unreported",
    "spells",
    "days_away",
    "term_start",
    "rise",
    "share",
  ],
  2: [
    "run",
    "unreported",
    "scattered",
    "spells",
    "days_away",
    "weekday",
    "subject",
    "rise",
    "late",
    "term_start",
    "share",
  ],
  3: [
    "run",
    "unreported",
    "days_away",
    "spells",
    "scattered",
    "weekday",
    "subject",
    "rise",
    "late",
    "term_start",
    "share",
  ],
  4: [
    "run",
    "unreported",
    "days_away",
    "share",
    "spells",
    "scattered",
    "weekday",
    "subject",
    "rise",
    "late",
    "term_start",
  ],
};
const PATTERNS = {
  total_absence_share: "share",
  absence_share: "share",
  unreported_share: "unreported",
  absence_rise: "rise",
  absent_days: "days_away",
  partial_days: "scattered",
  spells: "spells",
  unreported_lessons: "unreported",
  unreported_dates: "unreported",
  late_arrivals: "late",
  absent_run: "run",
  term_start_absent_days: "term_start",
  term_start_spells: "term_start",
  weekday_tail: "weekday",
  partial_tail: "scattered",
  spells_tail: "spells",
  unreported_tail: "unreported",
  subject_missed_share: "subject",
};

/** { severity, pattern } of open flags, each with its rule's severity and conditions. */
export function leadOf(flags) {
  const severity = Math.max(...flags.map((flag) => flag.severity));
  const patterns = flags
    .filter((flag) => flag.severity === severity)
    .flatMap((flag) => flag.measures.map((measure) => PATTERNS[measure]));
  return { severity, pattern: ORDER[severity].find((pattern) => patterns.includes(pattern)) };
}
