// What every view builds with: html templates on Preact, its hooks, and a few parts used by several views.
// Text is escaped because it only ever becomes a text node or an attribute; there is no way to hand in markup.
/** @import { AnswerOf, ChoiceGroup, Load, Reading, Submitted, Trouble, View, Children } from "./types.js" */
import { h, render } from "./vendor/preact.js";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";
import { read, readUnasked } from "./server.js";
import { speakFully, t } from "./words.js";

export { render, useEffect, useId, useLayoutEffect, useRef, useState };
export const html = htm.bind(h);

/**
 * An element of the template, by its `ref`; looked at only while it is shown.
 * @returns {{ current: any }}
 */
export const useElement = () => useRef(null);

/**
 * What stands in the fields of a form that is submitted; none of them takes a file.
 * @param {Submitted} event
 * @returns {Record<string, string>}
 */
export const fieldsOf = (event) => Object.fromEntries(/** @type {any} */ (new FormData(event.target)));

/**
 * The answer of a GET. It is read again when `asked` changes (somebody wants it) or `news` does (the page by itself); the
 * old answer stays until the new one is here.
 * @template {string} Path
 * @param {Path} path
 * @param {{ asked?: unknown, news?: unknown }} [since]
 * @returns {Reading<AnswerOf<Path>>}
 */
export function useAnswer(path, { asked, news } = {}) {
  const [state, setState] = useState(/** @type {Reading<AnswerOf<Path>> & { path?: Path }} */ ({}));
  const last = useRef(/** @type {{ path?: Path, asked?: unknown }} */ ({}));
  useEffect(() => {
    let wanted = true;
    const byItself = last.current.path === path && last.current.asked === asked;
    last.current = { path, asked };
    (byItself ? readUnasked : read)(path).then(
      (answer) => wanted && setState({ path, answer }),
      (problem) =>
        wanted && setState((before) => ({ path, answer: before.path === path ? before.answer : undefined, problem })),
    );
    return () => {
      wanted = false;
    };
  }, [path, asked, news]);
  return state.path === path ? state : {};
}

/**
 * A part whose module is fetched when it is first shown.
 * @param {{ load: Load, waiting?: unknown, [prop: string]: unknown }} props
 */
export function Lazy({ load, waiting = html`<${Waiting} />`, ...props }) {
  const [part, setPart] = useState(/** @type {{ view?: View, problem?: Trouble } | null} */ (null));
  useEffect(() => {
    let wanted = true;
    Promise.all([load(), speakFully()]).then(
      ([module]) => wanted && setPart({ view: module.default }),
      () => wanted && setPart({ problem: { code: "no_contact" } }),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  if (part?.problem) return html`<${Problem} problem=${part.problem} />`;
  return part?.view ? html`<${part.view} ...${props} />` : waiting;
}

/** Names can be hidden, to show the pages to a meeting: initials then stand for the name. */
export const namesHidden = () => localStorage.getItem("names") === "hidden";
/** @param {{ name: string }} named */
export const nameOf = ({ name }) =>
  namesHidden()
    ? name
        .split(/\s+/)
        .map((part) => `${[...part][0]}.`)
        .join(" ")
    : name;

let viewOpened = false;

/**
 * The heading that takes focus when a view opens, so that a screen reader says where one is; not on the very first view.
 * @param {{ children: Children }} props
 */
export function Heading({ children }) {
  const heading = useElement();
  useEffect(() => {
    if (viewOpened) heading.current.focus();
    viewOpened = true;
  }, []);
  return html`<h1 id="heading" tabindex="-1" ref=${heading}>${children}</h1>`;
}

export function Waiting() {
  return html`<p class="quiet" role="status">${t.app.loading}</p>`;
}

const refused = () => import("./views/refused.js");

/** @param {{ problem: Trouble }} props */
export function Problem({ problem }) {
  return html`<p class="notice" role="alert">${t.problems[problem.code] ?? t.problems.unknown}${problem.reasons && html` <${Lazy} load=${refused} waiting=${null} reasons=${problem.reasons} />`}</p>`;
}

/**
 * The page's title, which goes with its print: of a pupil with protected identity without the name.
 * @param {{ name: string, protected: boolean }} pupil
 */
export function titleAfter(pupil) {
  document.title = `${pupil.protected ? t.app.protected : nameOf(pupil)} – ${t.app.name}`;
}

/** Whoever bears this mark is on no paper: app.css leaves out what holds it when a page is printed. */
export function Protected() {
  return html`<span class="mark protected">${t.app.protected}</span>`;
}

/**
 * A chart under a sentence, which can be read as a table instead.
 * @param {{ title: string, chart: Children, table?: Children, children?: Children }} props
 */
export function Figure({ title, chart, table, children }) {
  const [asTable, setAsTable] = useState(false);
  const name = useId();
  return html`<section class="figure" aria-labelledby=${name}>
    <div class="figure-head">
      <h2 id=${name}>${title}</h2>
      ${table && html`<button type="button" class="plain" aria-pressed=${asTable} onClick=${() => setAsTable(!asTable)}>${t.app.as_table}</button>`}
    </div>
    ${asTable ? table : chart}
    ${children}
  </section>`;
}

/**
 * Wide content scrolls by itself, and by keyboard, so that the page never has to. It begins with what is left of `latestPx`
 * in view: in a chart over time the latest is what one came for.
 * @param {{ label: string, latestPx?: number, children: Children }} props
 */
export function Wide({ label, latestPx = 0, children }) {
  const box = useElement();
  useLayoutEffect(() => {
    box.current.scrollLeft = latestPx - box.current.clientWidth;
  }, [latestPx]);
  return html`<div class="wide" role="group" aria-label=${label} tabindex="0" ref=${box}>${children}</div>`;
}

/** Single-key shortcuts can be turned off (WCAG 2.1.4): speech input would otherwise trigger them. */
export const shortcutsOn = () => localStorage.getItem("shortcuts") !== "off";

/** @param {string} key */
const rowId = (key) => `row-${key}`;
/** @param {string} key */
export const focusRow = (key) => document.getElementById(rowId(key))?.focus();

/** @type {Record<string, number>} */
const MOVES = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
/** @type {Record<string, number>} */
const SHORTCUT_MOVES = { j: 1, k: -1 };

/**
 * A list in which one row is chosen: one tab stop, moved through by arrow keys or j and k. The keys work only while a row
 * has focus.
 * groups: [{ key, name, heading, rows: [{ key, label }] }]; `chosen` is a key; `onPick` follows a click.
 * `keys` maps further keys to functions of the row's key:
 * { Enter, p … }.
 * @param {{
 * label: string, groups: ChoiceGroup[], chosen: string | undefined, keys: Record<string, (key: string) => void>,
 * onChoose: (key: string) => void, onPick: () => void
 * }} props
 */
export function Choices({ label, groups, chosen, onChoose, onPick, keys }) {
  const rows = groups.flatMap((group) => group.rows);
  const current = rows.some((row) => row.key === chosen) ? chosen : rows[0]?.key;

  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const single = event.key.length === 1;
    if (single && !shortcutsOn()) return;
    const move = MOVES[event.key] ?? SHORTCUT_MOVES[event.key];
    const act = !event.repeat && keys[event.key]; // a key that is held answers once
    if (move) {
      const at = rows.findIndex((row) => row.key === current) + move;
      focusRow(rows[Math.min(Math.max(at, 0), rows.length - 1)].key);
    } else if (act) {
      if (current !== undefined) act(current);
    } else {
      return;
    }
    event.preventDefault();
  };
  return html`<div role="listbox" class="choices" aria-label=${label} onKeyDown=${pressed}>
    ${groups
      .filter((group) => group.rows.length > 0)
      .map(
        (group) => html`
      <div role="group" key=${group.key} aria-label=${group.name}>
        ${group.heading && html`<p class="group-name" role="presentation">${group.name}</p>`}
        ${group.rows.map(
          (row) => html`<div role="option" key=${row.key} id=${rowId(row.key)} aria-selected=${row.key === chosen}
            tabindex=${row.key === current ? 0 : -1} onFocus=${() => onChoose(row.key)} onClick=${() => {
              focusRow(row.key);
              onPick();
            }}>${row.label}</div>`,
        )}
      </div>`,
      )}
  </div>`;
}
