// Åtgärder för klass och årskurs: which programme, since when, whose; absence before and after, beside the other groups.
/** @import { GroupMeasure, GroupShares, Submitted, Trouble } from "../types.js" */
import { send } from "../server.js";
import { fieldsOf, Heading, html, Problem, useAnswer, useElement, useState, Waiting, Wide } from "../ui.js";
import { number, shortDay, t } from "../words.js";

/** @param {GroupShares | null} shares @param {boolean} few */
const around = (shares, few) =>
  shares
    ? t.group_measures.around(
        `${number(shares.before_permille / 10, 1)} %`,
        `${number(shares.after_permille / 10, 1)} %`,
      )
    : few
      ? t.group_measures.too_few
      : t.group_measures.not_yet;

/**
 * `onEnd`: a button for those that go on.
 * @param {{ measures: GroupMeasure[], onEnd?: (measure: GroupMeasure) => void }} props
 */
export function GroupMeasures({ measures, onEnd }) {
  const { columns } = t.group_measures;
  return html`<${Wide} label=${t.titles.group_measures}><table class="boxed"><thead><tr>${Object.values(columns).map((head) => html`<th scope="col" key=${head}>${head}</th>`)}${onEnd && html`<td></td>`}</tr></thead>
    <tbody>${measures.map(
      (
        one,
      ) => html`<tr key=${one.measure}><th scope="row">${t.group_measures.kinds[one.kind](one.name)}</th><td>${one.programme_name}</td>
      <td>${t.group_measures.dates(shortDay(one.from), one.to && shortDay(one.to))}</td><td>${one.owner}</td>
      <td>${around(one.group, one.too_few)}</td><td>${around(one.others, one.too_few)}</td>
      ${onEnd && html`<td>${!one.to && html`<button type="button" class="quiet-button" aria-label=${t.group_measures.end_of(one.name)} onClick=${() => onEnd(one)}>${t.group_measures.end}</button>`}</td>`}</tr>`,
    )}</tbody></table><//>`;
}

/** @param {{ answer: import("../types.js").GroupMeasureChoices, onBegin: (event: Submitted) => void }} props */
function Begin({ answer: { programmes, classes, years, owners }, onBegin }) {
  /** @param {"class" | "year"} kind @param {Record<string, true>} names */
  const options = (kind, names) =>
    Object.keys(names).map(
      (name) =>
        html`<option key=${kind + name} value=${`${kind} ${name}`}>${t.group_measures.kinds[kind](name)}</option>`,
    );
  if (programmes.length === 0) return html`<p>${t.group_measures.no_programmes}</p>`;
  return html`<form class="card stack" onSubmit=${onBegin}><h2>${t.group_measures.begin_title}</h2>
    <p class="actions"><label class="stacked">${t.group_measures.columns.group} <select name="group">${options("class", classes)}${options("year", years)}</select></label>
    <label class="stacked">${t.group_measures.columns.programme} <select name="programme">${programmes.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}</select></label>
    <label class="stacked">${t.group_measures.from} <input type="date" name="from" required /></label>
    <label class="stacked">${t.group_measures.to} <input type="date" name="to" /></label>
    <label class="stacked">${t.group_measures.columns.owner} <select name="owner">${owners.map(({ user, name }) => html`<option key=${user} value=${user}>${name}</option>`)}</select></label></p>
    <p><button>${t.group_measures.begin}</button></p></form>`;
}

export default function GroupMeasuresView() {
  const [asked, setAsked] = useState(0);
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const [done, setDone] = useState("");
  const status = useElement();
  const { answer, problem } = useAnswer("intime/groups", { asked });
  /** @param {string} path @param {Record<string, unknown>} body @param {string} said */
  const act = (path, body, said) =>
    send(path, body)
      .then(() => {
        setRefusal(null);
        setDone(said);
        setAsked(asked + 1);
      }, setRefusal)
      .then(() => status.current.focus());
  /** @param {Submitted} event */
  const begin = (event) => {
    event.preventDefault();
    const { group, to, ...fields } = fieldsOf(event);
    const at = group.indexOf(" ");
    const body = { ...fields, kind: group.slice(0, at), name: group.slice(at + 1), ...(to && { to }) };
    act("intime/groups", body, t.group_measures.begun(body.name));
  };
  if (!answer)
    return html`<${Heading}>${t.titles.group_measures}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  return html`<${Heading}>${t.titles.group_measures}<//><p>${t.group_measures.lead}</p>
    ${refusal && html`<${Problem} problem=${refusal} />`}<p role="status" tabindex="-1" class="answered" ref=${status}>${done}</p>
    ${answer.measures.length > 0 ? html`<${GroupMeasures} measures=${answer.measures} onEnd=${(/** @type {GroupMeasure} */ one) => act(`intime/groups/${one.measure}/end`, {}, t.group_measures.ended(one.name))} />` : html`<p>${t.group_measures.none}</p>`}
    <${Begin} key=${asked} answer=${answer} onBegin=${begin} />`;
}
