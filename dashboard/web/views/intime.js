// Stöd i tid: how soon support comes, term by term, what worked, and measures of classes. Whole numbers on the screen; on paper a
// term as it was published, without a figure under five (docs/support.md).
/** @import { InTime, InTimeFigures, Means, PublishedTerm, Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, Problem, useAnswer, useElement, useState, Waiting, Wide } from "../ui.js";
import { dateOf, day, number, t } from "../words.js";
import { GroupMeasures } from "./group_measures.js";

/** @param {number | null} value */
const told = (value, digits = 0) => (value === null ? t.intime.untold : number(value, digits));
/** @param {number} permille */
const share = (permille) => `${number(permille / 10, 1)} %`;
/** @param {string} from */
export const termName = (from) => t.intime.term(from.slice(5, 7) === "08", from.slice(0, 4));

/** A table of lags: a row each, for every term its median, nine in ten and number. @param {{ terms: InTimeFigures[] }} props */
export function Lags({ terms }) {
  return html`<${Wide} label=${t.intime.lags_title}><table class="numbers boxed"><thead>
    <tr><td rowspan="2"></td>${terms.map(({ from }) => html`<th scope="colgroup" colspan="3" key=${from}>${termName(from)}</th>`)}</tr>
    <tr>${terms.map(({ from }) => [t.intime.median, t.intime.ninety, t.intime.n].map((head) => html`<th scope="col" key=${from + head}>${head}</th>`))}</tr></thead>
    <tbody>${terms[0].lags.map(
      ({ lag }, row) =>
        html`<tr key=${lag}><th scope="row">${t.intime.lags[lag]}</th>${terms.map(({ from, lags }) =>
          [told(lags[row].median, 1), told(lags[row].ninety), told(lags[row].n)].map(
            (value, column) => html`<td key=${`${from} ${column}`}>${value}</td>`,
          ),
        )}</tr>`,
    )}</tbody></table><//>`;
}

/** @param {{ figures: InTimeFigures }} props */
function Sentences({ figures: { early, first_measures: all, asked, open } }) {
  return html`<ul class="reasons"><li>${t.intime.early(told(early), told(all))}</li><li>${t.intime.asked(told(asked), told(open))}</li></ul>`;
}

/** @param {{ figures: InTimeFigures }} props */
function Counts({ figures: { clocks, outcomes } }) {
  return html`<div class="columns">
    <section><h3>${t.intime.clocks_title}</h3>${
      clocks.length === 0
        ? html`<p>${t.intime.nothing}</p>`
        : html`<${Wide} label=${t.intime.clocks_title}><table class="numbers boxed"><thead><tr><td></td><th scope="col">${t.intime.missed}</th><th scope="col">${t.intime.due}</th></tr></thead>
      <tbody>${clocks.map(({ clock, due, missed }) => html`<tr key=${clock}><th scope="row">${t.casework.clocks[clock]}</th><td>${told(missed)}</td><td>${told(due)}</td></tr>`)}</tbody></table><//>`
    }</section>
    <section><h3>${t.intime.outcomes_title}</h3><${Wide} label=${t.intime.outcomes_title}><table class="numbers boxed"><thead><tr><td></td><th scope="col">${t.intime.cases}</th></tr></thead>
      <tbody>${outcomes.map(({ outcome, n }) => html`<tr key=${outcome}><th scope="row">${t.answer.reasons[outcome]}</th><td>${told(n)}</td></tr>`)}</tbody></table><//></section></div>`;
}

/** @param {Means | null} group */
const means = (group) =>
  group ? t.intime.means(share(group.before_permille), share(group.after_permille), number(group.n)) : t.intime.untold;

/** Groups alone, beside cases that began alike. @param {{ figures: InTimeFigures }} props */
function Worked({ figures: { worked } }) {
  return html`<section><h3>${t.intime.worked_title}</h3><p>${t.intime.worked_honest}</p>
    ${
      worked.length === 0
        ? html`<p>${t.intime.worked_none}</p>`
        : html`<${Wide} label=${t.intime.worked_title}><table class="boxed"><thead><tr><th scope="col">${t.intime.measure}</th><th scope="col">${t.intime.with}</th><th scope="col">${t.intime.without}</th></tr></thead>
      <tbody>${worked.map((row) => html`<tr key=${row.measure}><th scope="row">${t.case_choices.measure_kind[row.measure]}</th><td>${means(row.with)}</td><td>${means(row.without)}</td></tr>`)}</tbody></table><//>`
    }</section>`;
}

/** One A4 for the board. @param {{ term: PublishedTerm, school: string }} props */
export function Board({ term: { figures, by, at }, school }) {
  return html`<section class="card stack board" aria-labelledby="board">
    <h2 id="board">${t.intime.board(school, termName(figures.from))}</h2>
    <p>${t.intime.few} ${t.intime.published_by(by, day(dateOf(at)))}</p>
    <${Lags} terms=${[figures]} /><${Sentences} figures=${figures} /><${Counts} figures=${figures} /><${Worked} figures=${figures} />
    ${figures.groups.length > 0 && html`<${GroupMeasures} measures=${figures.groups} />`}</section>`;
}

/** Which term goes on paper. @param {{ published: PublishedTerm[], school: string }} props */
function Published({ published, school }) {
  const [chosen, setChosen] = useState(0);
  if (published.length === 0) return html`<p class="screen-only">${t.intime.none_published}</p>`;
  return html`<section class="stack" aria-labelledby="published"><h2 id="published" class="screen-only">${t.intime.published_title}</h2>
    <p class="actions screen-only"><label>${t.intime.choose_term} <select value=${chosen} onChange=${(event) => setChosen(Number(event.target.value))}>
      ${published.map(({ from }, index) => html`<option key=${from} value=${index}>${termName(from)}</option>`)}</select></label>
      <button type="button" class="quiet-button" onClick=${() => window.print()}>${t.intime.print}</button></p>
    <${Board} term=${published[chosen] ?? published[0]} school=${school} /></section>`;
}

/** Publishing is a decision of the head, term by term, and stands. @param {{ answer: InTime, onPublish: (from: string) => void }} props */
function Publish({ answer: { terms, published }, onPublish }) {
  const left = terms.slice(1).filter(({ from }) => !published.some((one) => one.from === from));
  return (
    left.length > 0 &&
    html`<p class="actions screen-only">${t.intime.publish_how} ${left.map(
      ({ from }) =>
        html`<button type="button" class="quiet-button" key=${from} onClick=${() => onPublish(from)}>${t.intime.publish(termName(from))}</button>`,
    )}</p>`
  );
}

/** @param {{ answer: InTime }} props */
function Whole({ answer: { terms, period, groups } }) {
  return html`<div class="stack screen-only"><p class="lead">${t.intime.lead}</p>
    <p><a href="#/reviews">${t.titles.reviews}</a> · <a href="#/group_measures">${t.titles.group_measures}</a></p>
    <section class="card stack" aria-labelledby="lags"><h2 id="lags">${t.intime.lags_title}</h2><${Lags} terms=${terms} /><p class="quiet">${t.intime.lags_how}</p></section>
    <section class="card stack" aria-labelledby="term"><h2 id="term">${termName(period.from)}</h2>
      <${Sentences} figures=${period} /><${Counts} figures=${period} /><${Worked} figures=${period} /></section>
    ${groups.length > 0 && html`<section class="card stack" aria-labelledby="groups"><h2 id="groups">${t.titles.group_measures}</h2><${GroupMeasures} measures=${groups} /></section>`}</div>`;
}

/** @param {{ me: ViewProps["me"] }} props */
function ForSchool({ me }) {
  const [asked, setAsked] = useState(0);
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const [done, setDone] = useState("");
  const status = useElement();
  const { answer, problem } = useAnswer("intime", { asked });
  /** @param {string} from */
  const publish = (from) =>
    send("intime/published", { from })
      .then(() => {
        setRefusal(null);
        setDone(t.intime.published(termName(from)));
        setAsked(asked + 1);
      }, setRefusal)
      .then(() => status.current.focus());
  if (!answer) return problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`;
  return html`${refusal && html`<${Problem} problem=${refusal} />`}<${Whole} answer=${answer} />
    <p role="status" tabindex="-1" class="answered screen-only" ref=${status}>${done}</p>
    ${me.permissions.includes("publish") && html`<${Publish} answer=${answer} onPublish=${publish} />`}
    <${Published} published=${answer.published} school=${me.school} />`;
}

/** Whoever may see no figure under five. @param {{ me: ViewProps["me"] }} props */
function ForOthers({ me }) {
  const { answer, problem } = useAnswer("intime/published");
  if (!answer) return problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`;
  return html`<${Published} published=${answer.published} school=${me.school} />`;
}

/** @param {ViewProps} props */
export default function InTimeView({ me }) {
  return html`<div class="screen-only"><${Heading}>${t.titles.intime}<//></div>
    ${me.permissions.includes("intime") ? html`<${ForSchool} me=${me} />` : html`<${ForOthers} me=${me} />`}`;
}
