// A case as it is printed or saved for the archive or for a receiving school. Asking for it is written to the log each time.
/** @import { CaseRecord, ViewProps } from "../types.js" */
import { Heading, html, nameOf, Problem, useAnswer, useEffect, Waiting } from "../ui.js";
import { day, longDate, t, timeOf } from "../words.js";
import { ownerName, Record } from "./case_parts.js";
import { Sip } from "./case_sip.js";

/** @param {{ record: CaseRecord }} props */
function About({ record }) {
  const { case: file, ending } = record;
  return html`<section class="card" aria-labelledby="about"><h2 id="about">${t.casework.about(file.number)}</h2>
    <dl class="terms">
      <dt>${t.cases.columns.owner}</dt><dd>${file.owner_name}</dd>
      <dt>${t.cases.columns.opened}</dt><dd>${day(file.opened_on)}</dd>
      <dt>${t.casework.level}</dt><dd>${record.level}</dd>
      <dt>${t.cases.columns.next}</dt><dd>${ending ? t.casework.ended(t.answer.reasons[ending.outcome], ending.by_name, day(ending.on)) : longDate(file.next_on)}</dd>
    </dl></section>`;
}

/** The head's decision, with a line for the receipt until it has come. @param {{ record: CaseRecord }} props */
function Handover({ record }) {
  const told = record.facts.filter(({ kind }) => kind.startsWith("handover"));
  const decision = told.findLast(({ kind }) => kind === "handover");
  const last = told.at(-1);
  if (!decision || !last) return null;
  return html`<section class="card" aria-labelledby="handover"><h2 id="handover">${t.casework.handover}</h2>
    <p>${t.casework.handover_to(decision.value, ownerName(record.owners, decision.by), day(decision.on))}</p>
    ${last === decision ? html`<p class="print-only">${t.casework.handover_sign} ______________________________</p>` : html`<p>${t.casework.facts.handover_received()} ${day(last.on)}</p>`}</section>`;
}

/** @param {ViewProps} props */
export default function CaseRecordPage({ id }) {
  const { answer: record, problem } = useAnswer(
    /** @type {`cases/${string}/record`} */ (`cases/${encodeURIComponent(id)}/record`),
    {},
  );
  useEffect(() => {
    if (record) document.title = `${t.casework.record_of(record.case.number)} – ${t.app.name}`;
  });
  if (!record)
    return html`<${Heading}>${t.casework.record}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const file = record.case;
  const one = { ...record, concerns: [], closing: null };
  const text = encodeURIComponent(JSON.stringify(record, null, 2));
  return html`<p class="screen-only"><a href=${`#/case/${file.case}`}>← ${t.casework.about(file.number)}</a></p>
    <div class="page-head"><${Heading}>${t.casework.record_of(file.number)}. ${nameOf(file)}, ${file.class}<//>
      <p class="actions screen-only">
        <button type="button" class="quiet-button" onClick=${() => window.print()}>${t.review.print}</button>
        <a class="button quiet-button" id="save" download=${`${file.number}.json`} href=${`data:application/json;charset=utf-8,${text}`}>${t.casework.record_file}</a></p></div>
    <p class="quiet screen-only">${t.casework.record_how}</p>
    <p>${t.casework.record_taken(record.taken_by, `${day(record.date)} ${timeOf(record.taken_at)}`)}</p>
    <${About} record=${record} /><${Handover} record=${record} />
    <${Record} one=${one} isMentor=${false} />
    <${Sip} one=${one} name=${(/** @type {string} */ user) => ownerName(record.owners, user)} />`;
}
