// The school year as a calendar: a column per week, a row per weekday, one hue that deepens with the share of the day
// that was missed. What nobody knows is striped, never coloured. Everything is there without colour too: as a table.
/** @import { Day, DayLesson, DayMinutes, SchoolDay } from "../types.js" */
import { html, Wide } from "../ui.js";
import { day as dayName, monthName, percent, t, weekday, weekdayName } from "../words.js";

const CELL = 22; // pixels from one cell to the next
const SQUARE = 18;
const LEFT = 34; // for the weekdays' names
const TOP = 20; // for the months' names
const YEAR_ENDS = "-06-12"; // about; the rest of the year is drawn as dots
const SCALE_STEPS = 5;
const DAY_MS = 86400000;

/** @param {Day} iso */
const at = (iso) => Date.parse(`${iso}T00:00Z`);
/** @param {number} ms @returns {Day} */
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);
/** @param {Day} date */
const monday = (date) => at(date) - weekday(date) * DAY_MS;
/**
 * ISO week number, the one that schools plan by.
 * @param {number} ms
 */
export function weekNumber(ms) {
  const thursday = new Date(ms + 3 * DAY_MS);
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / DAY_MS + 1) / 7);
}

/** @typedef {DayMinutes & { lessons?: DayLesson[] }} Shown */
/** @typedef {{ date: Day, outside?: boolean, day?: Shown }} Entry */
/** @typedef {{ start: number, number: number, days: Entry[] }} Week */

/** @type {Set<Day>} */
const NO_DATES = new Set();
const NO_SCHOOL = { kind: "none", step: 0, unreported: false, partly: false };

/**
 * What one day is shown as: { kind: "none" | "unknown" | "leave" | "known", step 0…5, unreported, partly: some of it is not
 * known }. Leave is no absence: it deepens no colour.
 * @param {DayMinutes | undefined} day
 */
export function dayMark(day) {
  if (!day || day.expected_minutes + day.unknown_minutes === 0) return NO_SCHOOL;
  const unreported = day.unreported_minutes > 0;
  if (day.unknown_minutes > day.expected_minutes) return { kind: "unknown", step: 0, unreported, partly: false };
  return {
    kind: day.kind === "leave" ? "leave" : "known",
    step: day.counted_minutes ? Math.ceil((SCALE_STEPS * day.absent_minutes) / day.counted_minutes) : 0,
    unreported,
    partly: day.unknown_minutes > 0,
  };
}

/**
 * "40 %, oanmäld, delvis ej rapporterat"
 * @param {Shown | undefined} day
 * @param {boolean} [measure]
 */
function markText(day, measure) {
  const { kind, unreported, partly } = dayMark(day);
  const known =
    !day || kind === "none"
      ? t.pupil.no_school
      : kind === "unknown"
        ? t.pupil.not_reported
        : kind === "leave"
          ? t.pupil.leave_mark
          : percent(day.absent_minutes, day.counted_minutes);
  return [
    known,
    kind === "known" && day?.lessons?.some((lesson) => lesson.status === "late") && t.pupil.late_mark,
    kind === "known" && day?.leave_minutes && t.pupil.part_leave_mark,
    kind === "known" && unreported && t.pupil.unreported_mark,
    partly && t.pupil.partly_reported,
    measure && t.pupil.measure_mark,
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * The weeks from the first day to the last, each with its dates; `days` are in the order of their dates or not.
 * @param {SchoolDay[]} days
 * @returns {Week[]}
 */
export function weeksOf(days) {
  const byDate = new Map(days.map((day) => [day.date, day]));
  const dates = [...byDate.keys()].sort();
  if (dates.length === 0) return [];
  const last = dates[dates.length - 1];
  const rows = Math.max(5, ...dates.map((date) => weekday(date) + 1));
  const weeks = [];
  for (let start = monday(dates[0]); start <= at(last); start += 7 * DAY_MS) {
    const inWeek = Array.from({ length: rows }, (_, row) => iso(start + row * DAY_MS));
    weeks.push({
      start,
      number: weekNumber(start),
      days: inWeek.map((date) => ({ date, outside: date < dates[0] || date > last, day: byDate.get(date) })),
    });
  }
  return weeks;
}

/** @param {{ entry: Entry, x: number, y: number, measure?: boolean }} props */
function Cell({ entry, x, y, measure }) {
  const { kind, step, unreported, partly } = dayMark(entry.day);
  return html`<g>
    <title>${dayName(entry.date)}: ${markText(entry.day, measure)}</title>
    <rect x=${x} y=${y} width=${SQUARE} height=${SQUARE} rx="3" class=${kind === "known" ? `heat-${step}` : `day-${kind}`} />
    ${kind === "leave" && html`<path class="stripes" d=${`M${x + 4} ${y + 9}h10`} />`}
    ${kind === "unknown" && html`<path class="stripes" d=${`M${x + 3} ${y + 9}l6 -6m-6 12l12 -12m-6 12l6 -6`} />`}
    ${partly && html`<path class="stripes" d=${`M${x + 10} ${y + 16}l6 -6m-2.5 6l2.5 -2.5`} />`}
    ${unreported && html`<circle class="dot" cx=${x + SQUARE / 2} cy=${y + SQUARE / 2} r="3.5" />`}
    ${measure && html`<path class="measure" d=${`M${x + SQUARE - 9} ${y - 1}h10v10z`} />`}
  </g>`;
}

/**
 * Mondays from the week after the last day to the end of the school year.
 * @param {Week[]} weeks
 */
function weeksToCome(weeks) {
  const first = weeks[weeks.length - 1].start + 7 * DAY_MS;
  const begun = new Date(weeks[0].start);
  const end = at(`${begun.getUTCFullYear() + (begun.getUTCMonth() >= 6 ? 1 : 0)}${YEAR_ENDS}`);
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / (7 * DAY_MS))) }, (_, index) => ({
    start: first + index * 7 * DAY_MS,
  }));
}

/** @param {{ weeks: { start: number }[] }} props */
function MonthNames({ weeks }) {
  const months = weeks.map((week) => iso(week.start).slice(0, 7));
  return weeks.map(
    (week, column) =>
      months[column] !== months[column - 1] &&
      (column === 0 || column > 1) &&
      html`<text key=${week.start} x=${LEFT + column * CELL} y="11">${monthName(iso(week.start))}</text>`,
  );
}

/** @param {{ week: Week, column: number, bottom: number, measures: Set<Day> }} props */
function Week({ week, column, bottom, measures }) {
  const x = LEFT + column * CELL;
  return html`<g>
    ${week.days.map((entry, row) => !entry.outside && html`<${Cell} key=${entry.date} entry=${entry} x=${x} y=${TOP + row * CELL} measure=${measures.has(entry.date)} />`)}
    ${column % 2 === 0 && html`<text class="week" x=${x + SQUARE / 2} y=${bottom + 12}>${week.number}</text>`}
  </g>`;
}

/**
 * `measures`: the dates on which somebody decided something, marked in a corner.
 * @param {{ days: SchoolDay[], label: string, measures?: Set<Day> }} props
 */
export function Calendar({ days, label, measures = NO_DATES }) {
  const weeks = weeksOf(days);
  if (weeks.length === 0) return null;

  const toCome = weeksToCome(weeks);
  const rows = weeks[0].days.length;
  const width = LEFT + (weeks.length + toCome.length) * CELL;
  const bottom = TOP + rows * CELL;
  return html`<${Wide} label=${label} latestPx=${LEFT + weeks.length * CELL + SQUARE}>
    <svg class="calendar" role="img" aria-label=${label} width=${width} height=${bottom + 16} viewBox=${`0 0 ${width} ${bottom + 16}`}>
      <${MonthNames} weeks=${[...weeks, ...toCome]} />
      ${Array.from({ length: rows }, (_, row) => html`<text key=${row} x="0" y=${TOP + row * CELL + 13}>${weekdayName(row)}</text>`)}
      ${weeks.map((week, column) => html`<${Week} key=${week.start} week=${week} column=${column} bottom=${bottom} measures=${measures} />`)}
      ${toCome.map((week, index) =>
        Array.from(
          { length: rows },
          (_, row) => html`<circle key=${`${week.start} ${row}`} class="to-come" r="1.5"
        cx=${LEFT + (weeks.length + index) * CELL + SQUARE / 2} cy=${TOP + row * CELL + SQUARE / 2} />`,
        ),
      )}
    </svg>
  <//>`;
}

/** @param {{ days: SchoolDay[], label: string, measures?: Set<Day> }} props */
export function CalendarTable({ days, label, measures = NO_DATES }) {
  const weeks = weeksOf(days);
  const rows = weeks[0]?.days.length ?? 5;
  return html`<${Wide} label=${label}>
    <table class="numbers">
      <thead><tr><th scope="col">${t.pupil.week}</th>${Array.from({ length: rows }, (_, row) => html`<th scope="col" key=${row}>${weekdayName(row)}</th>`)}</tr></thead>
      <tbody>${weeks.map(
        (week) => html`<tr key=${week.start}><th scope="row">${t.pupil.week_label(week.number)}</th>
        ${week.days.map((entry) => html`<td key=${entry.date}>${!entry.outside && markText(entry.day, measures.has(entry.date))}</td>`)}</tr>`,
      )}</tbody>
    </table>
  <//>`;
}

/**
 * How to read it; the shapes are drawn by the same cells.
 * @param {{ measures?: Set<Day> }} props
 */
export function Legend({ measures = NO_DATES }) {
  /** @type {DayMinutes} */
  const known = {
    kind: "attended",
    expected_minutes: 100,
    counted_minutes: 100,
    absent_minutes: 0,
    leave_minutes: 0,
    unreported_minutes: 0,
    unknown_minutes: 0,
  };
  /** @param {DayMinutes} [day] @param {boolean} [measure] */
  const sample = (day, measure) =>
    html`<svg width=${SQUARE + 1} height=${SQUARE + 1} aria-hidden="true"><${Cell} entry=${{ date: "2024-01-01", day }} x=${0.5} y=${0.5} measure=${measure} /></svg>`;
  /** @param {number} minutes */
  const share = (minutes) => ({ ...known, absent_minutes: minutes });
  return html`<ul class="legend" aria-label=${t.pupil.legend.title}>
    <li>${sample(known)} ${t.pupil.legend.present}</li>
    <li>${[20, 40, 60, 80, 100].map((minutes) => sample(share(minutes)))} ${t.pupil.legend.scale}</li>
    <li>${sample({ ...share(40), unreported_minutes: 40 })} ${t.pupil.legend.unreported}</li>
    <li>${sample({ ...known, expected_minutes: 0, unknown_minutes: 100 })} ${t.pupil.legend.unknown}</li>
    <li>${sample({ ...known, kind: "leave", leave_minutes: 100 })} ${t.pupil.legend.leave}</li>
    <li>${sample(undefined)} ${t.pupil.legend.none}</li>
    ${measures.size > 0 && html`<li>${sample(known, true)} ${t.pupil.legend.measure}</li>`}
  </ul>`;
}
