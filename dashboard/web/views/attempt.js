// Parts of views that ask the server to change something, or look a pupil up before they do.
/** @import { Named, Submitted, Trouble } from "../types.js" */
import { send } from "../server.js";
import {
  fieldsOf,
  html,
  nameOf,
  Problem,
  Protected,
  useAnswer,
  useEffect,
  useElement,
  useState,
  Waiting,
} from "../ui.js";
import { t } from "../words.js";

/** @typedef {{ done?: string, problem?: Trouble }} State */

/**
 * Sends, and says how it went: [state, attempt(path, body, words), heading]. `words`: what to say, or a function of the answer.
 * Where a view puts `heading`, focus goes when it is done, because what had it may be gone.
 * @param {() => void} onDone
 * @returns {[State, (path: string, body: object, words: string | ((answer: any) => string)) => Promise<void>, ReturnType<typeof useElement>]}
 */
export function useAttempt(onDone) {
  const [state, setState] = useState(/** @type {State} */ ({}));
  const heading = useElement();
  useEffect(() => {
    if (state.done) heading.current?.focus();
  }, [state]);
  /** @param {string} path @param {object} body @param {string | ((answer: any) => string)} words */
  const attempt = async (path, body, words) => {
    try {
      const answer = await send(path, body);
      setState({ done: typeof words === "string" ? words : words(answer) });
      onDone();
    } catch (problem) {
      setState({ problem });
    }
  };
  return [state, attempt, heading];
}

/** @param {{ state: State }} props */
export function Outcome({ state }) {
  if (state.problem) return html`<${Problem} problem=${state.problem} />`;
  return html`<p role="status" class="answered">${state.done}</p>`;
}

/**
 * The second press: what will happen, a button that does it and one that does not. Focus comes here.
 * @param {{ says: string, yes: string, onYes: () => void, onNo: () => void }} props
 */
export function Confirm({ says, yes, onYes, onNo }) {
  const button = useElement();
  useEffect(() => button.current.focus(), []);
  return html`<div class="answer"><p>${says}</p>
    <p class="actions"><button type="button" ref=${button} onClick=${onYes}>${yes}</button>
      <button type="button" class="quiet-button" onClick=${onNo}>${t.drift.cancel}</button></p></div>`;
}

/** @param {{ q: string, onPick: (pupil: Named) => void }} props */
function Found({ q, onPick }) {
  const { answer, problem } = useAnswer(`pupils?q=${encodeURIComponent(q)}`);
  if (problem) return html`<${Problem} problem=${problem} />`;
  if (!answer) return html`<${Waiting} />`;
  if (answer.pupils.length === 0) return html`<p role="status">${t.pupils.none(q)}</p>`;
  return html`<p role="status" class="quiet">${answer.more ? t.pupils.many(answer.pupils.length) : t.pupils.found(answer.pupils.length)}</p>
    <ul class="actions">${answer.pupils.map(
      (pupil) => html`<li key=${pupil.pupil}>
      <button type="button" class="quiet-button" onClick=${() => onPick(pupil)}>${nameOf(pupil)}, ${pupil.class}</button> ${pupil.protected && html`<${Protected} />`}</li>`,
    )}</ul>`;
}

/**
 * A pupil, among those whom the user may see.
 * @param {{ id: string, onPick: (pupil: Named) => void, focused?: boolean }} props
 */
export function PickPupil({ id, onPick, focused }) {
  const [q, setQ] = useState("");
  const field = useElement();
  useEffect(() => {
    if (focused) field.current.focus();
  }, []);
  /** @param {Submitted} event */
  const search = (event) => {
    event.preventDefault();
    setQ(fieldsOf(event).q.trim());
  };
  return html`<form class="row" onSubmit=${search}>
      <label for=${id}>${t.pupils.search}</label>
      <input id=${id} ref=${field} name="q" type="search" minlength="2" maxlength="64" autocomplete="off" required />
      <button type="submit">${t.pupils.submit}</button>
    </form>
    ${q.length >= 2 && html`<${Found} q=${q} onPick=${onPick} />`}`;
}
