// What the school calls the columns of its files: one choice for each column of ours, once. A part of the import.
/** @import { ImportHeader, ImportNames, Submitted } from "../types.js" */
import { html, useState } from "../ui.js";
import { t } from "../words.js";

/**
 * What is chosen at first: as it is, or as it most likely is meant.
 * @param {ImportHeader[]} headers
 * @returns {ImportNames}
 */
const guess = (headers) =>
  Object.fromEntries(
    headers.map(({ file, columns }) => [
      file,
      Object.fromEntries(columns.map(({ column, is, meant }) => [column, is || meant])),
    ]),
  );

/**
 * Only what is not as we call it is told, and what was and is no longer.
 * @param {ImportHeader[]} headers
 * @param {ImportNames} chosen
 * @returns {ImportNames}
 */
const told = (headers, chosen) =>
  Object.fromEntries(
    headers.map(({ file, columns }) => [
      file,
      Object.fromEntries(
        columns
          .map(({ column, is }) => ({ column, is, called: chosen[file][column] }))
          .filter(({ column, is, called }) => called !== is || (called && called !== column))
          .map(({ column, called }) => [column, called === column ? "" : called]),
      ),
    ]),
  );

/** @param {{ header: ImportHeader, chosen: Record<string, string>, onChoose: (column: string, called: string) => void }} props */
function OfFile({ header, chosen, onChoose }) {
  const { file, columns, header: names } = header;
  return html`<fieldset><legend>${file}</legend>
    ${columns.map(
      ({
        column,
        required,
      }) => html`<label key=${column}><span>${t.imports.column[column] ?? column}${required && ` (${t.imports.required})`}</span>
        <select value=${chosen[column]} onChange=${(/** @type {{ target: { value: string } }} */ event) => onChoose(column, event.target.value)}>
          <option value="">${t.imports.no_column}</option>
          ${names.map((name) => html`<option key=${name} value=${name} selected=${name === chosen[column]}>${name}</option>`)}
        </select></label>`,
    )}</fieldset>`;
}

/**
 * `onNames` gets what the school calls its columns. `open`: it is needed before anything else.
 * @param {{ headers: ImportHeader[], open?: boolean, onNames: (names: ImportNames) => void }} props
 */
export default function Columns({ headers, open, onNames }) {
  const [chosen, setChosen] = useState(() => guess(headers));
  if (headers.length === 0) return null;
  /** @param {Submitted} event */
  const submit = (event) => {
    event.preventDefault();
    onNames(told(headers, chosen));
  };
  return html`<details class="mapping" open=${open}><summary>${t.imports.map}</summary>
    <form class="answer" onSubmit=${submit} aria-label=${t.imports.map}>
      <p class="quiet">${t.imports.map_how}</p>
      ${headers.map(
        (header) => html`<${OfFile} key=${header.file} header=${header} chosen=${chosen[header.file]}
          onChoose=${(/** @type {string} */ column, /** @type {string} */ called) =>
            setChosen({ ...chosen, [header.file]: { ...chosen[header.file], [column]: called } })} />`,
      )}
      <button type="submit">${t.imports.check_again}</button>
    </form></details>`;
}
