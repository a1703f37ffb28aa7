// Import: choose the school's files, have them checked, look at what would change, confirm. Nothing is stored before that.
/** @import { Children, FileCount, Imported, ImportTold, Submitted, Trouble } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, Problem, useEffect, useElement, useState } from "../ui.js";
import { day, number, t } from "../words.js";
import Refused from "./refused.js";

const PIECE_CHARS = 30000; // docs/api.md: a request has at most 64 KB
const COLUMNS = /** @type {const} */ (["rows", "new", "changed", "unchanged", "not_in_file"]);
const REASONS_SHOWN = 50;

/** @typedef {{ busy?: boolean, problem?: Trouble, checked?: Imported, done?: Imported }} State */

/**
 * The text in pieces; a character of two units is not torn apart.
 * @param {string} text
 */
function* piecesOf(text) {
  let at = 0;
  do {
    const end = at + PIECE_CHARS;
    const torn = /[\ud800-\udbff]/.test(text[end - 1] ?? "");
    yield { text: text.slice(at, torn ? end - 1 : end), first: at === 0 };
    at = torn ? end - 1 : end;
  } while (at < text.length);
}

/** @param {File[]} files */
async function bring(files) {
  await send("imports/clear");
  for (const file of files)
    for (const piece of piecesOf(await file.text())) await send(`imports/${encodeURIComponent(file.name)}`, piece);
}

/**
 * Takes focus, so that what was found is read first.
 * @param {{ title: string, children: Children }} props
 */
function Told({ title, children }) {
  const heading = useElement();
  useEffect(() => {
    heading.current.focus();
  }, []);
  return html`<section class="card" aria-labelledby="told"><h2 id="told" tabindex="-1" ref=${heading}>${title}</h2>${children}</section>`;
}

/** @param {{ reasons: string[] }} props */
function Faults({ reasons }) {
  return html`<${Told} title=${t.imports.faults(reasons.length)}><p>${t.imports.nothing_saved}</p>
    <${Refused} reasons=${reasons.slice(0, REASONS_SHOWN)} list />
    ${reasons.length > REASONS_SHOWN && html`<p>${t.imports.more(reasons.length - REASONS_SHOWN)}</p>`}<//>`;
}

/** @param {{ files: FileCount[] }} props */
function Files({ files }) {
  return html`<table class="numbers"><thead><tr><th scope="col">${t.imports.file}</th>${COLUMNS.map((column) => html`<th scope="col" key=${column}>${t.imports.columns[column]}</th>`)}</tr></thead>
    <tbody>${files.map((file) => html`<tr key=${file.file}><th scope="row">${file.file}</th>${COLUMNS.map((column) => html`<td key=${column}>${number(file[column])}</td>`)}</tr>`)}</tbody></table>`;
}

/** @param {{ title: string, told: ImportTold[], words: Record<string, (to: string, date: string) => string> }} props */
function Entries({ title, told, words }) {
  if (told.length === 0) return null;
  return html`<h3>${title}</h3>
    <ul>${told.map(
      (entry) => html`<li key=${[entry.what, entry.file, entry.to, entry.date].join(" ")}>
      <strong>${number(entry.count)} ${words[entry.what]?.(entry.to, entry.date && day(entry.date)) ?? entry.what}</strong> (${entry.file}): ${entry.names.join(", ")}${entry.count > entry.names.length && ` … ${t.imports.more(entry.count - entry.names.length)}`}</li>`,
    )}</ul>`;
}

/** @param {{ imported: Imported }} props */
function Outcome({ imported }) {
  const { changes, unmet, consequences, dates } = imported;
  return html`<h3>${t.imports.consequences}</h3>
    <ul><li>${t.imports.dates(dates)}</li>
      <li>${t.imports.flags(consequences.flags_raised, consequences.flags_withdrawn, consequences.flags_cleared)}</li>
      <li>${t.imports.tasks(consequences.tasks, consequences.tasks_closed)}</li></ul>
    <${Entries} title=${t.imports.changes} told=${changes} words=${t.imports.change} />
    <${Entries} title=${t.imports.unmet} told=${unmet} words=${t.imports.meet} />`;
}

/** @param {{ checked: Imported, onConfirm: () => void, onCancel: () => void }} props */
function Checked({ checked, onConfirm, onCancel }) {
  return html`<${Told} title=${t.imports.review}><p><strong>${t.imports.nothing_saved}</strong> ${t.imports.not_in_file}</p>
    <div class="wide" role="group" aria-label=${t.imports.review} tabindex="0"><${Files} files=${checked.files} /></div>
    <${Outcome} imported=${checked} />
    <p class="actions"><button type="button" onClick=${onConfirm}>${t.imports.confirm}</button><button type="button" class="quiet-button" onClick=${onCancel}>${t.imports.cancel}</button></p><//>`;
}

export default function Imports() {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const chooser = useElement();
  /** @param {() => Promise<State>} work */
  const attempt = async (work) => {
    setState({ busy: true });
    try {
      setState(await work());
    } catch (problem) {
      setState({ problem });
    }
  };
  /** @param {Submitted} event */
  const check = (event) => {
    event.preventDefault();
    const files = [...chooser.current.files];
    attempt(async () => {
      await bring(files);
      return { checked: await send("imports", { commit: false }) };
    });
  };
  const confirm = () => attempt(async () => ({ done: await send("imports", { commit: true }) }));
  const cancel = () =>
    attempt(async () => {
      await send("imports/clear");
      chooser.current.focus();
      return {};
    });
  const { problem, checked, done, busy } = state;
  return html`<${Heading}>${t.titles.imports}<//>
    <p class="quiet">${t.imports.lead}</p>
    <form class="answer" onSubmit=${check}>
      <label for="files">${t.imports.choose}</label>
      <input id="files" type="file" multiple accept=".csv,text/csv" required ref=${chooser} />
      <button type="submit">${t.imports.check}</button>
    </form>
    <p role="status" class="quiet">${busy && t.imports.busy}</p>
    ${problem && (problem.code === "refused" ? html`<${Faults} reasons=${problem.reasons} />` : html`<${Problem} problem=${problem.code === "not_found" ? { code: "unknown_file" } : problem} />`)}
    ${checked && html`<${Checked} checked=${checked} onConfirm=${confirm} onCancel=${cancel} />`}
    ${done && html`<${Told} title=${t.imports.done}><${Files} files=${done.files} /><${Outcome} imported=${done} /><//>`}`;
}
