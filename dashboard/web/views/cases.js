// Ärenden: the open cases, the next date first. What is due also stands in Att granska. A case gets a new date or is closed
// here on any day; the latest change can be undone until the next. Cases of pupils who have left have a list of their own.
/** @import { Case, CaseFile, Day, Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, nameOf, Problem, Protected, useAnswer, useElement, useState, Waiting, Wide } from "../ui.js";
import { day, longDate, shortDay, t } from "../words.js";
import Answer from "./answer.js";

/** @typedef {{ file: CaseFile, kind: "confirm" | "close" }} Open */
/** @typedef {{ file: CaseFile, kind: string, on?: Day }} Last */

/** @param {CaseFile} file @param {string} what @returns {`flags/${string}/${string}`} */
const pathOf = (file, what) => `flags/${encodeURIComponent(file.pupil)}/${what}`;
/** @param {CaseFile} file @param {string} kind */
const buttonId = (file, kind) => `${kind}-${file.case}`;

/** @param {{ file: CaseFile, onStart: (open: Open) => void }} props */
function Row({ file, onStart }) {
  /** @param {"confirm" | "close"} kind @param {string} word @param {(name: string) => string} label */
  const button = (kind, word, label) =>
    html`<button type="button" class="quiet-button" id=${buttonId(file, kind)} aria-label=${label(nameOf(file))} onClick=${() => onStart({ file, kind })}>${word}</button>`;
  return html`<tr>
    <th scope="row"><a href="#/pupil/${encodeURIComponent(file.pupil)}">${nameOf(file)}</a> ${file.protected && html`<${Protected} />`}</th>
    <td>${file.class}</td><td>${longDate(file.next_on)}</td><td>${file.owner_name}</td><td><a href=${`#/case/${file.case}`} aria-label=${t.cases.open(file.number, nameOf(file))}>${file.number}</a></td><td>${shortDay(file.left_on ?? file.opened_on)}</td>
    <td><span class="actions">${button("confirm", t.cases.move_short, t.cases.move)}${button("close", t.cases.close_short, t.cases.close)}</span></td></tr>`;
}

/** @param {{ name: string, columns: Record<string, string>, cases: CaseFile[], onStart: (open: Open) => void }} props */
function Table({ name, columns, cases, onStart }) {
  return html`<${Wide} label=${name}><table class="boxed">
    <thead><tr>${Object.entries(columns).map(([key, column]) => html`<th scope="col" key=${key}>${column}</th>`)}</tr></thead>
    <tbody>${cases.map((file) => html`<${Row} key=${file.case} file=${file} onStart=${onStart} />`)}</tbody></table><//>`;
}

/** @param {{ cases: CaseFile[], onStart: (open: Open) => void }} props */
function List({ cases, onStart }) {
  if (cases.length === 0)
    return html`<div class="empty"><p><strong>${t.cases.none}</strong></p><p>${t.cases.none_next}</p></div>`;
  return html`<p class="quiet">${t.cases.lead(cases.length)}</p>
    <${Table} name=${t.titles.cases} columns=${t.cases.columns} cases=${cases} onStart=${onStart} />`;
}

/** @param {{ cases: CaseFile[], onStart: (open: Open) => void }} props */
function Left({ cases, onStart }) {
  const name = t.cases.left(cases.length);
  return (
    cases.length > 0 &&
    html`<section class="lists" aria-labelledby="left"><h2 id="left">${name}</h2><p class="quiet">${t.cases.left_lead}</p>
    <${Table} name=${name} columns=${{ ...t.cases.columns, opened: t.cases.left_on }} cases=${cases} onStart=${onStart} /></section>`
  );
}

/** @param {ViewProps} props */
export default function Cases({ flags }) {
  const [asked, setAsked] = useState(0);
  const [open, setOpen] = useState(/** @type {Open | null} */ (null)); // the form
  const [last, setLast] = useState(/** @type {Last | null} */ (null)); // what can be undone
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const told = useElement();
  const { answer, problem } = useAnswer("cases", { asked, news: flags.answer });
  /**
   * @param {`flags/${string}/${string}`} path
   * @param {object} body
   * @param {(given: { until?: Day, case?: Case }) => Last} next
   */
  const attempt = (path, body, next) =>
    send(path, body)
      .then((given) => {
        setRefusal(null);
        setLast(next(given));
      }, setRefusal)
      .then(() => {
        setOpen(null);
        setAsked(asked + 1);
        told.current.focus();
      });
  /** @param {object} body */
  const give = (body) =>
    open &&
    attempt(pathOf(open.file, open.kind), body, (given) => ({
      file: open.file,
      kind: open.kind === "confirm" ? "case_next" : "close",
      on: given.until ?? given.case?.next_on,
    }));
  const undo = () => last && attempt(pathOf(last.file, "undo"), {}, () => ({ ...last, kind: "undone" }));
  const cancel = () => {
    setOpen(null);
    if (open) document.getElementById(buttonId(open.file, open.kind))?.focus();
  };
  if (!answer)
    return html`<${Heading}>${t.titles.cases}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  return html`<${Heading}>${t.titles.cases}<//>
    ${(problem ?? refusal) && html`<${Problem} problem=${problem ?? refusal} />`}
    <p id="told" class="answered" role="status" tabindex="-1" ref=${told}>${
      last &&
      html`<span>${t.review.answered[last.kind](nameOf(last.file), last.on && day(last.on))}</span>
      ${last.kind !== "undone" && html` <button type="button" class="plain" onClick=${undo}>${t.review.undo}</button>`}`
    }</p>
    ${
      open &&
      html`<section class="card" aria-label=${t.answer.title[open.kind](nameOf(open.file))}><h2>${t.answer.title[open.kind](nameOf(open.file))}</h2>
      <${Answer} key=${buttonId(open.file, open.kind)} kind=${open.kind} item=${open.file} today=${flags.answer?.date ?? open.file.opened_on} owners=${answer.owners} onAnswer=${give} onCancel=${cancel} /></section>`
    }
    <${List} cases=${answer.cases} onStart=${setOpen} />
    <${Left} cases=${answer.left} onStart=${setOpen} />
    <p><a href="#/last_year">${t.titles.last_year}</a> · <a href="#/gymnasium">${t.titles.gymnasium}</a></p>`;
}
