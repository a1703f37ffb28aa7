// Ärenden: the open cases, the next date first. What is due also stands in Att granska.
import { Heading, html, nameOf, Problem, Protected, useAnswer, Waiting, Wide } from "../ui.js";
import { longDate, shortDay, t } from "../words.js";

function Row({ file }) {
  return html`<tr>
    <th scope="row"><a href="#/pupil/${encodeURIComponent(file.pupil)}">${nameOf(file)}</a> ${file.protected && html`<${Protected} />`}</th>
    <td>${file.class}</td><td>${longDate(file.next_on)}</td><td>${file.owner_name}</td><td>${file.number}</td><td>${shortDay(file.opened_on)}</td></tr>`;
}

export default function Cases({ flags }) {
  const { answer, problem } = useAnswer("cases", { news: flags.answer });
  if (!answer) return html`<${Heading}>${t.titles.cases}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const { cases } = answer;
  return html`<${Heading}>${t.titles.cases}<//>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${cases.length > 0 && html`<p class="quiet">${t.cases.lead(cases.length)}</p>`}
    ${cases.length === 0 ? html`<div class="empty"><p><strong>${t.cases.none}</strong></p><p>${t.cases.none_next}</p></div>`
      : html`<${Wide} label=${t.titles.cases}><table class="boxed">
        <thead><tr>${Object.entries(t.cases.columns).map(([key, name]) => html`<th scope="col" key=${key}>${name}</th>`)}</tr></thead>
        <tbody>${cases.map((file) => html`<${Row} key=${file.case} file=${file} />`)}</tbody></table><//>`}`;
}
