// The share of absence over the latest school days, day by day, against the school's threshold. It counts as the measure
// does that raised the flag (docs/detection.md), so that the line ends at the number the reason gives.
/** @import { Day, Flag, SchoolDay } from "../types.js" */
import { html, Wide } from "../ui.js";
import { monthName, number, percent, shortDay, t } from "../words.js";

const WINDOW_DAYS = 20; // when no flag says otherwise
const WEEKS_BACK_DAYS = 20; // own days: four weeks of school
const WIDTH = 520;
const HEIGHT = 180;
const LEFT = 38;
const RIGHT = 12;
const TOP = 14;
const BOTTOM = 22;

const KNOWN = new Set(["present", "late", "reported", "leave", "unreported"]);
/** @typedef {{ date: Day, missed: number, known: number }} Point */
/** @typedef {{ window: number, limit?: number, points: Point[] }} Trend */

/** @type {Record<string, Set<string>>} */
const ABSENT = {
  absence_share: new Set(["late", "reported", "unreported"]),
  total_absence_share: new Set(["late", "reported", "unreported", "leave"]),
};
/** @type {Record<string, (status: string) => boolean>} */
const COUNTED = {
  absence_share: (status) => KNOWN.has(status) && status !== "leave",
  total_absence_share: (status) => KNOWN.has(status),
};

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/**
 * What the line shows: the gravest open flag's own measure and window, else all absence over twenty days.
 * @param {Flag[]} flags
 * @returns {{ measure: string, days: number, threshold_hundredths?: number }}
 */
function measured(flags) {
  const evidence = [...flags].sort((a, b) => b.severity - a.severity).flatMap((flag) => flag.evidence);
  return (
    evidence.find((each) => each.measure in ABSENT && each.offset === 0) ?? {
      measure: "total_absence_share",
      days: WINDOW_DAYS,
    }
  );
}

/**
 * { window, limit?, points: [{ date, missed, known }] }: one point per own day from the first full window on.
 * @param {SchoolDay[]} days
 * @param {Flag[]} flags
 * @returns {Trend}
 */
export function trendOf(days, flags) {
  const { measure, days: window, threshold_hundredths: hundredths } = measured(flags);
  const own = days
    .filter((day) => day.lessons.some((lesson) => KNOWN.has(lesson.status)))
    .sort((a, b) => a.date.localeCompare(b.date))
    .map(({ date, lessons }) => ({
      date,
      missed: sum(
        lessons.filter((lesson) => ABSENT[measure].has(lesson.status)).map((lesson) => lesson.absent_minutes),
      ),
      known: sum(lessons.filter((lesson) => COUNTED[measure](lesson.status)).map((lesson) => lesson.minutes)),
    }));
  const points = own.slice(window - 1).map((day, index) => {
    const within = own.slice(index, index + window);
    return {
      date: day.date,
      missed: sum(within.map((each) => each.missed)),
      known: sum(within.map((each) => each.known)),
    };
  });
  return { window, limit: hundredths && hundredths / 100, points: points.filter((point) => point.known > 0) };
}

/** @param {Point} point */
const share = ({ missed, known }) => (100 * missed) / known;

/** @param {Trend} trend */
export function trendTitle({ window, points }) {
  const last = points[points.length - 1];
  const earlier = points[points.length - 1 - WEEKS_BACK_DAYS];
  return t.pupil.trend(window, percent(last.missed, last.known), earlier && percent(earlier.missed, earlier.known));
}

/** @param {{ top: number, y: (value: number) => number }} props */
function Axis({ top, y }) {
  const step = top > 50 ? 20 : top > 20 ? 10 : 5;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step).map(
    (value) => html`<g key=${value}>
    <line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(value)} y2=${y(value)} />
    <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${value} %</text>
  </g>`,
  );
}

/** @param {{ trend: Trend }} props */
export function Trend({ trend }) {
  const { limit, points } = trend;
  const top = Math.max(10, limit ?? 0, ...points.map(share)) * 1.15;
  /** @param {number} index */
  const x = (index) => LEFT + (index * (WIDTH - LEFT - RIGHT)) / (points.length - 1);
  /** @param {number} value */
  const y = (value) => HEIGHT - BOTTOM - (value * (HEIGHT - TOP - BOTTOM)) / top;
  /** @param {Point} point @param {number} index */
  const newMonth = (point, index) => index > 0 && point.date.slice(0, 7) !== points[index - 1].date.slice(0, 7);
  const end = points.length - 1;
  /** @param {number} index */
  const away = (index) => Math.abs(share(points[index]) - (limit ?? 0));
  const nameAtEnd = away(end) > away(0); // where the line is not
  return html`<${Wide} label=${trendTitle(trend)} latestPx=${WIDTH}><svg class="trend" role="img" aria-label=${trendTitle(trend)} viewBox=${`0 0 ${WIDTH} ${HEIGHT}`}>
    <${Axis} top=${top} y=${y} />
    ${points.map((point, index) => newMonth(point, index) && html`<text key=${point.date} x=${x(index)} y=${HEIGHT - 6} text-anchor="middle">${monthName(point.date)}</text>`)}
    <polyline class="share" points=${points.map((point, index) => `${x(index).toFixed(1)},${y(share(point)).toFixed(1)}`).join(" ")} />
    <circle class="latest" cx=${x(end)} cy=${y(share(points[end]))} r="4" />
    ${
      limit &&
      html`<line class="limit" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(limit)} y2=${y(limit)} />
      <text class="limit-name" x=${nameAtEnd ? WIDTH - RIGHT : LEFT + 6} text-anchor=${nameAtEnd ? "end" : "start"} y=${y(limit) - 5}>${t.pupil.trend_limit(number(limit, 2))}</text>`
    }
  </svg><//>`;
}

/**
 * The newest first, one a week: the line in numbers.
 * @param {{ trend: Trend }} props
 */
export function TrendTable({ trend }) {
  const weekly = [...trend.points].reverse().filter((_, index) => index % 5 === 0);
  return html`<table class="numbers">
    <caption>${t.pupil.trend_caption}</caption>
    <thead><tr><th scope="col">${t.pupil.trend_day}</th><th scope="col">${t.pupil.trend_share}</th></tr></thead>
    <tbody>${weekly.map((point) => html`<tr key=${point.date}><th scope="row">${shortDay(point.date)}</th><td>${percent(point.missed, point.known, 1)}</td></tr>`)}</tbody>
  </table>`;
}
