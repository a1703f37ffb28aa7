// Ta över: all open cases of one owner, where each stands and what was promised, and the head's one step by which another owns them.
/** @import { CaseWhole, Owner, Submitted, ViewProps } from "../types.js" */
import {
  fieldsOf,
  Heading,
  html,
  nameOf,
  Problem,
  Protected,
  useAnswer,
  useElement,
  useState,
  Waiting,
} from "../ui.js";
import { longDate, t } from "../words.js";
import { Outcome, useAttempt } from "./attempt.js";
import { Measures, ownerName, standing } from "./case_parts.js";

/** @param {{ one: CaseWhole, owners: Owner[] }} props */
function Card({ one, owners }) {
  const file = one.case;
  const steps = one.steps.filter((step) => !step.done_on);
  const promised = one.measures.filter((measure) => !measure.evaluated_on);
  const late = one.clocks.filter((clock) => clock.state === "overdue" || clock.state === "today");
  return html`<li class="card"><h2><a href=${`#/case/${file.case}`}>${nameOf(file)}</a>, ${file.class} ${file.protected && html`<${Protected} />`}</h2>
    <dl class="terms">
      <dt>${t.cases.columns.next}</dt><dd>${longDate(file.next_on)}</dd>
      <dt>${t.casework.stands}</dt><dd>${steps.length > 0 ? steps.map((step) => t.case_choices.step[step.kind]).join(", ") : t.casework.no_step_open}</dd>
      ${late.map((clock) => html`<dt key=${`${clock.clock} ${clock.measure}`}>${t.casework.clocks[clock.clock]}</dt><dd>${standing(clock)}</dd>`)}
    </dl>
    ${promised.length > 0 && html`<h3>${t.casework.promised}</h3><${Measures} one=${{ ...one, measures: promised }} name=${(/** @type {string} */ user) => ownerName(owners, user)} />`}
  </li>`;
}

/** @param {ViewProps} props */
export default function TakeOver({ id, me }) {
  const [asked, setAsked] = useState(0);
  const { answer, problem } = useAnswer(/** @type {`owners/${string}`} */ (`owners/${encodeURIComponent(id)}`), {
    asked,
  });
  const [state, attempt] = useAttempt(() => setAsked(asked + 1));
  const form = useElement();
  if (!answer)
    return html`<${Heading}>${t.casework.take_over}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const { cases, owners } = answer;
  const name = ownerName(owners, id);
  /** @param {Submitted} event */
  const submit = (event) => {
    event.preventDefault();
    const { owner } = fieldsOf(event);
    attempt(
      `owners/${encodeURIComponent(id)}/take_over`,
      { owner, cases: cases.map((one) => one.case.case) },
      (/** @type {{ taken: number }} */ { taken }) => t.casework.taken(taken, ownerName(owners, owner)),
    );
  };
  return html`<p><a href="#/cases">← ${t.titles.cases}</a></p>
    <${Heading}>${t.casework.owned_by(name)}<//>
    ${problem && html`<${Problem} problem=${problem} />`}
    <${Outcome} state=${state} />
    <p>${t.casework.owned(cases.length)} ${cases.length > 0 && t.casework.owned_how}</p>
    ${
      me.role === "rektor" &&
      cases.length > 0 &&
      html`<form class="answer" ref=${form} onSubmit=${submit}><label class="stacked">${t.casework.new_owner} <select name="owner" required><option value=""></option>
      ${owners.filter(({ user }) => user !== id).map((owner) => html`<option key=${owner.user} value=${owner.user}>${owner.name}</option>`)}</select></label>
      <p class="actions"><button type="submit">${t.casework.take(cases.length)}</button></p></form>`
    }
    <ul class="lists">${cases.map((one) => html`<${Card} key=${one.case.case} one=${one} owners=${owners} />`)}</ul>`;
}
