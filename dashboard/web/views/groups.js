// Skolan: classes and years, counted. Is it the pupil, or the class, or everybody? No figure is of fewer than five pupils.
import { Heading, html, Problem, useAnswer, Waiting, Wide } from "../ui.js";
import { longDate, number, percent, t } from "../words.js";

const KINDS = ["year", "class"];
const share = (absent, expected) => (expected > 0 ? percent(absent, expected, 1) : "–");

function Row({ group }) {
  if (group.too_few) return html`<tr><th scope="row">${group.name}</th><td colspan="4">${t.groups.few}</td></tr>`;
  return html`<tr><th scope="row">${group.name}</th><td>${number(group.pupils)}</td>
    <td>${share(group.absent_minutes, group.expected_minutes)}</td><td>${share(group.recent_absent_minutes, group.recent_expected_minutes)}</td>
    <td>${group.flagged === null ? t.groups.few : number(group.flagged)}</td></tr>`;
}

function Groups({ kind, groups, recentDays }) {
  const heads = [t.groups.pupils, t.groups.year_share, t.groups.recent_share(recentDays / 7), t.groups.flagged];
  return html`<section class="card" aria-labelledby=${`groups-${kind}`}><h2 id=${`groups-${kind}`}>${t.groups.kinds[kind]}</h2>
    <${Wide} label=${t.groups.kinds[kind]}><table class="numbers groups"><thead><tr><th scope="col">${t.groups.name}</th>${heads.map((head) => html`<th scope="col" key=${head}>${head}</th>`)}</tr></thead>
      <tbody>${groups.map((group) => html`<${Row} key=${group.name} group=${group} />`)}</tbody></table><//></section>`;
}

/** Over all years; a pupil stands in one class and in one year. */
function wholeSchool(groups) {
  const sum = (key) => groups.filter((group) => group.kind === "year" && !group.too_few).reduce((total, group) => total + group[key], 0);
  return { year: share(sum("absent_minutes"), sum("expected_minutes")), recent: share(sum("recent_absent_minutes"), sum("recent_expected_minutes")) };
}

export default function School({ counters }) {
  const { answer, problem } = useAnswer("groups", { news: counters.flags });
  if (!answer) return html`<${Heading}>${t.titles.groups}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const { groups, decided_through: decided, recent_days: recentDays } = answer;
  const all = wholeSchool(groups);
  return html`<${Heading}>${t.titles.groups}<//>
    ${groups.length === 0 ? html`<div class="empty"><p><strong>${t.groups.none}</strong></p><p>${t.groups.none_why}</p></div>`
      : html`<p class="lead">${t.groups.lead(all.year, all.recent, recentDays / 7)}</p><p class="quiet">${t.groups.how(longDate(decided))}</p>`}
    ${KINDS.map((kind) => [kind, groups.filter((group) => group.kind === kind)]).filter(([, of]) => of.length > 0)
      .map(([kind, of]) => html`<${Groups} key=${kind} kind=${kind} groups=${of} recentDays=${recentDays} />`)}`;
}
