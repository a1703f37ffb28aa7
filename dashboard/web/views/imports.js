// Import: choose the school's files, have them checked, look at what would change, confirm. Nothing is stored before that.
/** @import { Children, FileCount, Imported, ImportNames, ImportTold, Submitted, Trouble } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, Problem, useEffect, useElement, useState } from "../ui.js";
import { day, number, t } from "../words.js";
import Columns from "./import_columns.js";
import Refused from "./refused.js";

const PIECE_CHARS = 30000; // docs/api.md: a request has at most 64 KB
const COLUMNS = /** @type {const} */ (["rows", "new", "changed", "unchanged", "not_in_file"]);
const REPLACED = /** @type {const} */ (["lessons", "members", "absences"]);
const REASONS_SHOWN = 50;

/** @typedef {{ busy?: boolean, problem?: Trouble, checked?: Imported, done?: Imported }} State */
/**
 * @typedef {{
 *   as_of?: string, correct?: boolean, any_date?: boolean, replace?: string[], from?: string, to?: string, names?: ImportNames
 * }} Choices
 */

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

/**
 * The later choice over the earlier one.
 * @param {ImportNames | undefined} before @param {ImportNames} chosen
 * @returns {ImportNames}
 */
const merged = (before, chosen) => ({
  ...before,
  ...Object.fromEntries(Object.entries(chosen).map(([file, columns]) => [file, { ...before?.[file], ...columns }])),
});

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

/** @param {{ checked: Imported, onConfirm: () => void, onCancel: () => void, children: Children }} props */
function Checked({ checked, onConfirm, onCancel, children }) {
  return html`<${Told} title=${t.imports.review}><p><strong>${t.imports.nothing_saved}</strong> ${t.imports.not_in_file}</p>
    <div class="wide" role="group" aria-label=${t.imports.review} tabindex="0"><${Files} files=${checked.files} /></div>
    <${Outcome} imported=${checked} />${children}
    <p class="actions"><button type="button" onClick=${onConfirm}>${t.imports.confirm}</button><button type="button" class="quiet-button" onClick=${onCancel}>${t.imports.cancel}</button></p><//>`;
}

/**
 * How the files are meant (docs/school-files.md), out of the way of whoever just brings them.
 * @param {{ choices: Choices, onChange: (choices: Choices) => void }} props
 */
function Meant({ choices, onChange }) {
  /** @param {"as_of" | "from" | "to"} key */
  const dateOf = (key, required = false) =>
    html`<label>${t.imports.dates_of[key]} <input type="date" name=${key} value=${choices[key] ?? ""} required=${required} onInput=${(/** @type {{ target: { value: string } }} */ event) => onChange({ ...choices, [key]: event.target.value })} /></label>`;
  /** @param {"correct" | "any_date"} key */
  const check = (key) =>
    html`<label class="check"><input type="checkbox" name=${key} checked=${choices[key] ?? false} onChange=${() => onChange({ ...choices, [key]: !choices[key] })} /> <span>${t.imports.meant[key]}</span></label>`;
  const replace = choices.replace ?? [];
  /** @param {string} word */
  const toggle = (word) =>
    onChange({
      ...choices,
      replace: replace.includes(word) ? replace.filter((other) => other !== word) : [...replace, word],
    });
  return html`<details><summary>${t.imports.more_choices}</summary>
    <p class="fields">${dateOf("as_of")}</p>${check("correct")}${check("any_date")}
    <fieldset><legend>${t.imports.replace}</legend>
      ${REPLACED.map((word) => html`<label class="check" key=${word}><input type="checkbox" name=${word} checked=${replace.includes(word)} onChange=${() => toggle(word)} /> <span>${t.imports.replaced[word]}</span></label>`)}
      ${replace.length > 0 && html`<p class="fields">${dateOf("from", true)}${dateOf("to", true)}</p>`}</fieldset></details>`;
}

/**
 * As the API reads them: what is empty is not told, and dates belong to what they replace.
 * @param {Choices} choices
 */
function bodyOf({ as_of, correct, any_date, replace = [], from, to, names }) {
  return {
    ...(as_of && { as_of }),
    ...(correct && { correct }),
    ...(any_date && { any_date }),
    ...(replace.length > 0 && { replace, from, to }),
    ...(names && { names }),
  };
}

export default function Imports() {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const [choices, setChoices] = useState(/** @type {Choices} */ ({}));
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
  // What is confirmed is what was checked: another choice asks for another check.
  /** @param {Choices} [chosen] */
  const choose = (chosen) => {
    if (chosen) setChoices(chosen);
    setState({});
  };
  /** @param {Choices} chosen */
  const tryOut = async (chosen) => ({ checked: await send("imports", { commit: false, ...bodyOf(chosen) }) });
  /** @param {Submitted} event */
  const check = (event) => {
    event.preventDefault();
    const files = [...chooser.current.files];
    attempt(async () => {
      await bring(files);
      return tryOut(choices);
    });
  };
  /** @param {ImportNames} names */
  const call = (names) => {
    const chosen = { ...choices, names: merged(choices.names, names) };
    setChoices(chosen);
    attempt(() => tryOut(chosen));
  };
  const confirm = () =>
    attempt(async () => {
      const done = await send("imports", { commit: true, ...bodyOf(choices) });
      setChoices({});
      return { done };
    });
  const cancel = () =>
    attempt(async () => {
      await send("imports/clear");
      chooser.current.focus();
      return {};
    });
  const { problem, checked, done, busy } = state;
  const refused = problem?.code === "refused";
  return html`<${Heading}>${t.titles.imports}<//>
    <p class="quiet">${t.imports.lead}</p>
    <form class="answer" onSubmit=${check}>
      <label for="files">${t.imports.choose}</label>
      <input id="files" type="file" multiple accept=".csv,text/csv" required ref=${chooser} onChange=${() => choose()} />
      <${Meant} choices=${choices} onChange=${choose} />
      <button type="submit">${t.imports.check}</button>
    </form>
    <p role="status" class="quiet">${busy && t.imports.busy}</p>
    ${refused && html`<${Faults} reasons=${problem.reasons} /><${Columns} headers=${problem.headers ?? []} open onNames=${call} />`}
    ${problem && !refused && html`<${Problem} problem=${problem.code === "not_found" ? { code: "unknown_file" } : problem} />`}
    ${checked && html`<${Checked} checked=${checked} onConfirm=${confirm} onCancel=${cancel}><${Columns} headers=${checked.headers} onNames=${call} /><//>`}
    ${done && html`<${Told} title=${t.imports.done}><${Files} files=${done.files} /><${Outcome} imported=${done} /><//>`}`;
}
