// Support in time by lists: every lag of every case is written down as a row with its term, then sorted and looked up by place. Typed
// from docs/support.md; takes rows of the two databases as they are stored.

import { schoolDays } from "./clocks.mjs";

const DAY_MS = 86_400_000;
const text = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
const number = (date) => Date.parse(date) / DAY_MS;
/** "2026-08-01" for a day of that autumn, "2026-01-01" for one of that spring. */
export const termOf = (day) => `${text(day).slice(0, 4)}-${text(day).slice(5, 7) >= "08" ? "08" : "01"}-01`;
export const termEnd = (term) =>
  term.slice(5, 7) === "08" ? `${term.slice(0, 4)}-12-31` : `${term.slice(0, 4)}-07-31`;

const STATUSES = ["present", "late", "reported", "leave", "unreported", "unknown", "cancelled", "exempt"];
function unpack(hex) {
  const bytes = Buffer.from(hex, "hex");
  return Array.from({ length: bytes.length / 13 }, (_, i) => ({
    minutes: bytes.readUInt16LE(13 * i + 6),
    absent: bytes.readUInt16LE(13 * i + 8),
    status: STATUSES[bytes[13 * i + 12]],
  }));
}
const sum = (list) => list.reduce((total, value) => total + value, 0);
function groupsOf(list, key) {
  const groups = {};
  for (const item of list) (groups[key(item)] ??= []).push(item);
  return groups;
}
const first = (list) => (list.length > 0 ? Math.min(...list) : null);

// The flags that the first confirmation of a case saw.
function flagsOf(one, { answer, answer_rule, flag }) {
  const [opened] = answer
    .filter((row) => row.case_number === one.number && row.kind === "confirm" && row.undone_ms === null)
    .sort((a, b) => a.answer - b.answer);
  const rules = answer_rule.filter((row) => row.answer === opened.answer).map((row) => row.rule);
  return flag.filter(
    (row) =>
      row.pupil_id === one.pupil_id &&
      rules.includes(row.rule) &&
      row.raised_day <= opened.day &&
      !(row.cleared_day !== null && row.cleared_day < opened.day) &&
      !(row.withdrawn_ms !== null && row.withdrawn_ms <= opened.at_ms),
  );
}

function signOf(one, flags, days) {
  const begins = first(flags.flatMap((row) => JSON.parse(row.evidence).map(({ from }) => number(from))));
  const raised = first(flags.map((row) => row.raised_day));
  if (begins === null) return null;
  const signs = days
    .filter(({ day }) => day >= begins && day <= raised)
    .filter(({ lessons }) => lessons.some(({ status }) => ["late", "reported", "unreported"].includes(status)));
  return first(signs.map(({ day }) => day)) ?? begins;
}

const KNOWN = ["present", "late", "reported", "unreported"];
/** Shares of absence in the 20 own days before a day, and in own days 6–25 after it; null when they are not whole. */
function around(days, began, decided) {
  const own = days.filter(({ lessons }) => lessons.some(({ status }) => [...KNOWN, "leave"].includes(status)));
  const before = own.filter(({ day }) => day < began && day >= began - 366).slice(-20);
  const after = own.filter(({ day }) => day > began && day <= decided).slice(0, 25);
  const share = (of) => {
    const lessons = of.flatMap((day) => day.lessons).filter(({ status }) => KNOWN.includes(status));
    return [sum(lessons.map(({ absent }) => absent)), sum(lessons.map(({ minutes }) => minutes))];
  };
  const [a, b] = [share(before), share(after.slice(5))];
  if (before.length < 20 || after.length < 25 || a[1] === 0 || b[1] === 0) return null;
  return {
    before: Math.round((1000 * a[0]) / a[1]),
    after: Math.round((1000 * b[0]) / b[1]),
    whole: after[24].day,
  };
}

/** Everything that is counted, one row each. `tables`: rows by table; outcomes of pupil_day in hex. */
export function rowsOf(tables, { calendar, decided }) {
  const days = schoolDays(calendar).days.map(number);
  const place = (day) => days.findLastIndex((one) => one <= day); // how many school days until then, less one
  const shown = new Set(tables.pupil.filter((row) => !row.protected).map((row) => row.pupil_id));
  const daysOf = groupsOf(
    tables.pupil_day.map((row) => ({ ...row, lessons: unpack(row.outcomes) })).sort((a, b) => a.day - b.day),
    (row) => row.pupil_id,
  );
  const lags = [];
  const measured = [];
  const trials = [];
  const cases = [];
  for (const one of tables.support_case.filter((row) => row.status !== "undone" && shown.has(row.pupil_id))) {
    const own = daysOf[one.pupil_id] ?? [];
    const flags = flagsOf(one, tables);
    const done = (kind) =>
      first(
        tables.case_step
          .filter((row) => row.number === one.number && row.kind === kind && row.skipped_reason === null)
          .flatMap((row) => row.done_day ?? []),
      );
    const measures = tables.case_measure
      .filter((row) => row.number === one.number)
      .sort((a, b) => a.began_day - b.began_day || a.measure - b.measure);
    const confirmed = tables.answer.filter(
      (row) => row.case_number === one.number && row.kind === "confirm" && row.undone_ms === null,
    );
    const level = (day) => Math.max(0, ...confirmed.filter((row) => row.day <= day).map((row) => row.severity));
    const [sign, flag] = [signOf(one, flags, own), first(flags.map((row) => row.raised_day))];
    const [contact, mapping, begun] = [done("contact"), done("mapping"), first(measures.map((row) => row.began_day))];
    const lag = (name, from, to, counted = to) => {
      if (from !== null && to !== null && to >= from)
        lags.push({ lag: name, term: termOf(counted), days: place(to) - place(from) });
    };
    lag("sign_flag", sign, flag, one.opened_day);
    lag("flag_contact", flag, contact);
    lag("contact_mapping", contact, mapping);
    lag("flag_measure", flag, begun);
    for (const row of measures) lag("measure_evaluated", row.began_day, row.evaluated_day);
    if (begun !== null) measured.push({ term: termOf(begun), early: level(begun) <= 2 });
    const kinds = [...new Set(measures.map((row) => row.kind))];
    const tries = kinds.length > 0 ? kinds : [null];
    for (const kind of tries) {
      const began = kind === null ? one.opened_day : measures.find((row) => row.kind === kind).began_day;
      const effect = around(own, began, decided);
      if (effect)
        trials.push({ kind, kinds, leads: kind === null || kind === measures[0].kind, level: level(began), ...effect });
    }
    const end = tables.case_end.find((row) => row.number === one.number && row.undone_ms === null);
    const asked = first(tables.case_voice.filter((row) => row.number === one.number).map((row) => row.day));
    const waited = flag !== null && contact !== null && contact >= flag ? place(contact) - place(flag) : null;
    const long = end ? place(end.day) - place(one.opened_day) : null;
    cases.push({
      opened: one.opened_day,
      ended: end?.day ?? null,
      outcome: end?.outcome,
      asked,
      level: level(Infinity),
      measure: measures[0]?.kind ?? null,
      duration: long < 20 ? "under_20" : long < 60 ? "20_to_59" : "60_and_more",
      waited,
    });
  }
  return { lags, measured, trials, cases };
}

const median = (sorted) => (sorted[Math.ceil(sorted.length / 2) - 1] + sorted[Math.floor(sorted.length / 2)]) / 2;
/** n, median and the number that nine in ten do not exceed. */
export function summary(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  if (sorted.length === 0) return { n: 0, median: null, ninety: null };
  return {
    n: sorted.length,
    median: median(sorted),
    ninety: sorted.find((value) => 10 * sorted.filter((other) => other <= value).length >= 9 * sorted.length),
  };
}

const mean = (list) => Math.floor((2 * sum(list) + list.length) / (2 * list.length));
const means = (list) =>
  list.length < 5
    ? null
    : {
        n: list.length,
        before_permille: mean(list.map(({ before }) => before)),
        after_permille: mean(list.map(({ after }) => after)),
      };

/** The figures of a term, as the API tells the school. */
export function figuresOf({ lags, measured, trials, cases }, term, { lagNames, outcomes, measures }) {
  const [from, to] = [number(term), number(termEnd(term))];
  const within = (day) => day !== null && day >= from && day <= to;
  const ended = cases.filter(({ ended: day }) => within(day));
  const open = cases.filter(({ opened, ended: day }) => opened <= to && (day === null || day >= from));
  const of = measured.filter((row) => row.term === term);
  return {
    lags: lagNames.map((lag) => ({
      lag,
      ...summary(lags.filter((row) => row.lag === lag && row.term === term).map(({ days }) => days)),
    })),
    first_measures: of.length,
    early: of.filter(({ early }) => early).length,
    open: open.length,
    asked: open.filter(({ asked }) => asked !== null && asked <= to).length,
    outcomes: outcomes.map((outcome) => ({ outcome, n: ended.filter((one) => one.outcome === outcome).length })),
    worked: measures.flatMap((measure) => {
      const treated = trials.filter(({ kind, whole }) => kind === measure && within(whole));
      const like = trials.filter(
        ({ kinds, leads, level, before, whole }) =>
          leads &&
          !kinds.includes(measure) &&
          whole <= to &&
          treated.some((one) => one.level === level && Math.abs(one.before - before) <= 50),
      );
      return treated.length < 5 ? [] : [{ measure, with: means(treated), without: means(like) }];
    }),
    rows: Object.values(
      groupsOf(ended, ({ level, measure, duration, outcome }) => [level, measure, duration, outcome].join()),
    ).map((group) => ({
      level: group[0].level,
      measure: group[0].measure,
      duration: group[0].duration,
      outcome: group[0].outcome,
      n: group.length,
      contact_median: summary(group.flatMap(({ waited }) => waited ?? [])).median,
    })),
  };
}
