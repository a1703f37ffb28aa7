// Avvikelse i samverkan: which promise of whom failed, on one sheet for the local BUS group. Choices and dates alone: no name, no class, no
// short text, nothing of health.
/** @import { CaseWhole, Me, ViewProps } from "../types.js" */
import { Heading, html, Problem, useAnswer, Waiting } from "../ui.js";
import { day, longDate, t } from "../words.js";

/** @param {{ one: CaseWhole, number: number, me: Me }} props */
function Sheet({ one, number, me }) {
  const found = one.deviations.find(({ deviation }) => deviation === number);
  if (!found) return html`<p>${t.problems.not_found}</p>`;
  if (one.case.protected) return html`<p class="notice">${t.deviation.protected}</p>`;
  const done = one.sips.filter(({ stage }) => ["requested", "called", "held"].includes(stage));
  return html`<section class="card" aria-labelledby="sheet"><h2 id="sheet">${t.deviation.what}</h2>
    <dl class="terms">
      <dt>${t.deviation.from}</dt><dd>${me.school}, ${t.deviation.case_number(one.case.number)}</dd>
      <dt>${t.deviation.of}</dt><dd>${t.case_choices.sector[found.sector]}</dd>
      <dt>${t.deviation.promise}</dt><dd>${t.case_choices.promise[found.promise]}</dd>
      <dt>${t.deviation.since}</dt><dd>${longDate(found.since)}</dd>
      <dt>${t.deviation.noted}</dt><dd>${longDate(found.on)}</dd>
    </dl>
    <h2>${t.deviation.school_did}</h2>
    <ul class="reasons"><li>${t.deviation.opened(day(one.case.opened_on))}</li>${done.map((each, index) => html`<li key=${index}>${t.deviation.sip[each.stage](day(each.on))}</li>`)}</ul>
    <h2>${t.deviation.asks}</h2><p>${t.deviation.asks_how}</p>
    <p class="quiet">${t.deviation.without}</p></section>
    <p class="actions screen-only"><button type="button" onClick=${() => window.print()}>${t.review.print}</button></p>`;
}

/** @param {ViewProps} props */
export default function DeviationPage({ id, query, me }) {
  const { answer, problem } = useAnswer(/** @type {`cases/${string}`} */ (`cases/${encodeURIComponent(id)}`), {});
  return html`<p class="screen-only"><a href=${`#/case/${encodeURIComponent(id)}`}>← ${t.deviation.back}</a></p>
    <${Heading}>${t.deviation.title}<//>
    ${problem ? html`<${Problem} problem=${problem} />` : answer ? html`<${Sheet} one=${answer} number=${Number(query.get("n"))} me=${me} />` : html`<${Waiting} />`}`;
}
