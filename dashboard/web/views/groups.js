// Skolan: classes and years, counted. Is it the pupil, or the class, or everybody? No figure is of fewer than five pupils, nor
// what remains of one when others are taken from it: the server leaves out what would tell (docs/api.md).
/** @import { Band, Figures, Group, School as Whole, ViewProps } from "../types.js" */
import { COVERAGE_ENOUGH_PERCENT } from "../reasons.js";
import { Heading, html, Problem, useAnswer, useState, Waiting, Wide } from "../ui.js";
import { longDate, number, percent, t } from "../words.js";
import { Signals } from "./review.js";

const KINDS = /** @type {const} */ (["year", "class"]);
const BAR_PX = 240;
/** @param {number} part @param {number} whole */
const share = (part, whole) => (whole > 0 ? percent(part, whole, 1) : "–");

/**
 * What a class does not tell is below five; what a sum does not tell may be anything.
 * @param {number | null} value
 * @param {Figures} group
 */
const told = (value, group) => (value !== null ? number(value) : group.kind === "class" ? t.groups.few : "–");

/** @param {{ group: Figures }} props */
function Reported({ group: { recent_expected_minutes: known, recent_unknown_minutes: unknown } }) {
  const all = known + unknown;
  if (all === 0) return "–";
  return html`${percent(known, all)}${(100 * known) / all < COVERAGE_ENOUGH_PERCENT && html` <span class="mark uncertain">${t.groups.uncertain}</span>`}`;
}

/**
 * Who sees only own classes is told of no flag and no case: such a row has no such columns.
 * @param {{ group: Figures, name: string, wide: boolean }} props
 */
function Row({ group, name, wide }) {
  if (group.too_few)
    return html`<tr><th scope="row">${name}</th><td class="untold" colspan=${wide ? 7 : 5}>${t.groups.few_pupils}</td></tr>`;
  return html`<tr><th scope="row">${name}</th><td>${number(group.pupils)}</td>
    <td>${share(group.absent_minutes, group.expected_minutes)}</td><td>${share(group.recent_absent_minutes, group.recent_expected_minutes)}</td>
    <td>${share(group.recent_unreported_minutes, group.recent_expected_minutes)}</td><td><${Reported} group=${group} /></td>
    ${wide && html`<td>${told(group.flagged, group)}</td><td>${told(group.cases, group)}</td>`}</tr>`;
}

/** @param {{ kind: "class" | "year", groups: Group[], school: Whole | null, weeks: number }} props */
function Groups({ kind, groups, school, weeks }) {
  const wide = Boolean(school);
  const heads = [
    t.groups.pupils,
    t.groups.year_share,
    t.groups.recent_share(weeks),
    t.groups.unexcused,
    t.groups.reported,
    ...(wide ? [t.groups.flagged, t.groups.cases] : []),
  ];
  return html`<section class="card" aria-labelledby=${`groups-${kind}`}><h2 id=${`groups-${kind}`}>${t.groups.kinds[kind]}</h2>
    <${Wide} label=${t.groups.kinds[kind]}><table class="numbers groups"><thead><tr><th scope="col">${t.groups.name}</th>${heads.map((head) => html`<th scope="col" key=${head}>${head}</th>`)}</tr></thead>
      <tbody>${groups.map((group) => html`<${Row} key=${group.name} group=${group} name=${group.name} wide=${wide} />`)}
        ${kind === "year" && school && html`<${Row} group=${school} name=${t.groups.school} wide=${wide} />`}</tbody></table><//></section>`;
}

/**
 * Pupils by their share of absence: a table whose numbers are drawn beside them, so that it needs no other form.
 * @param {{ bands: Band[], weeks: number }} props
 */
function Spread({ bands, weeks }) {
  if (bands.length === 0) return null;
  const most = Math.max(...bands.map((band) => band.pupils));
  const title =
    bands[0].to_percent === null
      ? t.groups.spread(weeks, bands[0].pupils, 100)
      : t.groups.spread(weeks, bands[0].pupils, bands[0].to_percent);
  return html`<section class="card" aria-labelledby="spread"><h2 id="spread">${title}</h2>
    <${Wide} label=${title}><table class="spread"><thead><tr><th scope="col">${t.groups.spread_share}</th><th scope="col" colspan="2">${t.groups.spread_pupils}</th></tr></thead>
      <tbody>${bands.map(
        (
          band,
        ) => html`<tr key=${band.from_percent}><th scope="row">${t.groups.band(band.from_percent, band.to_percent)}</th><td>${number(band.pupils)}</td>
        <td><svg class="bar" width=${BAR_PX} height="14" aria-hidden="true"><rect width=${Math.max(2, (BAR_PX * band.pupils) / most)} height="14" /></svg></td></tr>`,
      )}</tbody></table><//></section>`;
}

/** @param {{ years: string[], year: string, onChoose: (year: string) => void }} props */
function YearChoice({ years, year, onChoose }) {
  return (
    years.length > 1 &&
    html`<p><label>${t.groups.year_choice} <select value=${year} onChange=${(event) => onChoose(event.target.value)}>
    <option value="">${t.groups.all_years}</option>${years.map((each) => html`<option key=${each} value=${each}>${each}</option>`)}</select></label></p>`
  );
}

/** @param {Group} a @param {Group} b */
const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });
/** @param {Whole} school */
const before = (school) =>
  school.before_expected_minutes > 0 && share(school.before_absent_minutes, school.before_expected_minutes);

/** @param {ViewProps} props */
export default function School({ counters }) {
  const { answer, problem } = useAnswer("groups", { news: counters.flags });
  const [year, setYear] = useState("");
  if (!answer)
    return html`<${Heading}>${t.titles.groups}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const { groups, school, decided_through: decided, recent_days: recentDays, signals } = answer;
  const weeks = recentDays / 7;
  const years = groups
    .filter((group) => group.kind === "year")
    .map((group) => group.name)
    .sort();
  const shown = groups.filter((group) => !year || (group.kind === "year" ? group.name : group.year) === year);
  return html`<${Heading}>${t.titles.groups}<//>
    ${
      groups.length === 0
        ? html`<div class="empty"><p><strong>${t.groups.none}</strong></p><p>${t.groups.none_why}</p></div>`
        : html`${school && html`<p class="lead">${t.groups.lead(share(school.absent_minutes, school.expected_minutes), before(school))}</p>`}
        <p class="quiet">${t.groups.how(longDate(decided), weeks)} ${t.groups.how_few}</p>`
    }
    <${Signals} signals=${signals} />
    <${YearChoice} years=${years} year=${year} onChoose=${setYear} />
    ${KINDS.map((kind) => [kind, shown.filter((group) => group.kind === kind).sort(byName)])
      .filter(([, of]) => of.length > 0)
      .map(([kind, of]) => html`<${Groups} key=${kind} kind=${kind} groups=${of} school=${school} weeks=${weeks} />`)}
    ${school && !year && html`<${Spread} bands=${school.spread} weeks=${weeks} />`}`;
}
