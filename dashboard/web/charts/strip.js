// The class as a strip of dots: one for each pupil at its share of absence, without names, and this pupil's marked. It is
// compared with the middle of the class, not placed in an order.
/** @import { ToldSpread } from "../types.js" */
import { html, Wide } from "../ui.js";
import { number, t } from "../words.js";

const WIDTH = 520;
const LEFT = 12;
const RIGHT = 12;
const DOT = 5;
const STEP = 2 * DOT + 1;
const AXIS = 22;
const HIGHEST = 100; // pixels of dots on each other: in a class without absence all stand at 0
const LEAST_PERCENT = 20; // the axis never ends below

/**
 * The value below which that part of the sorted values lies.
 * @param {number[]} sorted @param {number} part
 */
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

/** @param {{ percents: number[] }} spread */
export const middleOf = ({ percents }) => ({
  median: quantile(percents, 0.5),
  from: quantile(percents, 0.25),
  to: quantile(percents, 0.75),
});

/** @param {ToldSpread} spread */
export const stripTitle = (spread) =>
  t.pupil.strip(spread.class, number(spread.own_percent), number(middleOf(spread).median), spread.recent_days / 7);

/**
 * [{ percent, level, own }]: dots that would lie on each other are stacked; this pupil's lies lowest.
 * @param {Pick<ToldSpread, "percents" | "own_percent">} spread
 * @param {number} percentPerDot
 */
export function dotsOf({ percents, own_percent: own }, percentPerDot) {
  const heights = new Map();
  const others = [...percents];
  others.splice(others.indexOf(own), 1);
  return [own, ...others].map((percent, index) => {
    const column = Math.round(percent / percentPerDot);
    const level = heights.get(column) ?? 0;
    heights.set(column, level + 1);
    return { percent: column * percentPerDot, level, own: index === 0 };
  });
}

/** @param {{ spread: ToldSpread }} props */
export function Strip({ spread }) {
  const top = Math.max(LEAST_PERCENT, Math.ceil((spread.percents.at(-1) ?? 0) / 10) * 10);
  const pxPerPercent = (WIDTH - LEFT - RIGHT) / top;
  const dots = dotsOf(spread, STEP / pxPerPercent);
  const levels = 1 + Math.max(...dots.map((dot) => dot.level));
  const rise = Math.min(STEP, HIGHEST / levels);
  const bottom = 10 + rise * levels;
  /** @param {number} percent */
  const x = (percent) => LEFT + percent * pxPerPercent;
  const { median } = middleOf(spread);
  return html`<${Wide} label=${stripTitle(spread)}><svg class="strip" role="img" aria-label=${stripTitle(spread)} viewBox=${`0 0 ${WIDTH} ${bottom + AXIS}`}>
    <line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${bottom} y2=${bottom} />
    <line class="limit" x1=${x(median)} x2=${x(median)} y1="2" y2=${bottom} />
    ${Array.from({ length: top / 10 + 1 }, (_, index) => index * 10).map((percent) => html`<text key=${percent} x=${x(percent)} y=${bottom + 16} text-anchor=${percent === 0 ? "start" : percent === top ? "end" : "middle"}>${percent} %</text>`)}
    ${dots.map((dot, index) => html`<circle key=${index} class=${dot.own ? "own" : null} cx=${x(dot.percent)} cy=${bottom - DOT - 1 - dot.level * rise} r=${dot.own ? DOT : DOT - 1} />`)}
  </svg><//>`;
}

/**
 * No count of fewer than five: the middle half of the class, and this pupil.
 * @param {{ spread: ToldSpread }} props
 */
export function StripTable({ spread }) {
  const { median, from, to } = middleOf(spread);
  return html`<table class="numbers">
    <caption>${t.pupil.strip_caption(spread.percents.length)}</caption>
    <tbody><tr><th scope="row">${t.pupil.strip_own}</th><td>${number(spread.own_percent)} %</td></tr>
      <tr><th scope="row">${t.pupil.strip_median}</th><td>${number(median)} %</td></tr>
      <tr><th scope="row">${t.pupil.strip_half}</th><td>${number(from)}–${number(to)} %</td></tr></tbody>
  </table>`;
}
