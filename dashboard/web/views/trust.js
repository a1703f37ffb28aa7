// In Drift: check-ins that wait for a person, and terminals whose word is taken back. What a decision does is said before it is
// made.
/** @import { Held, Instant, Submitted, Terminal, Trouble } from "../types.js" */
import { send } from "../server.js";
import { fieldsOf, html, Problem, useAnswer, useState, Waiting } from "../ui.js";
import { dateOf, day, t, timeOf } from "../words.js";
import { Confirm, Outcome, useAttempt } from "./attempt.js";

/** @typedef {{ terminal: string, date: string, time: string, why: string, dates: number }} Tried */

/** @param {Held} held */
const keyOf = (held) => `${held.terminal} ${held.date} ${held.why}`;
/** @param {Instant} instant */
export const momentOf = (instant) => `${day(dateOf(instant))} ${timeOf(instant)}`;

/** @param {{ held: Held, room?: string, onDecide: (held: Held, accept: boolean) => void }} props */
function Waits({ held, room, onDecide }) {
  const [accept, setAccept] = useState(/** @type {boolean | null} */ (null));
  const date = day(held.date);
  const where = room ? t.drift.place(room, held.terminal) : held.terminal;
  const times = t.drift.between(timeOf(held.first), timeOf(held.last));
  return html`<li><div><p><strong>${t.drift.held_row(held.taps, where)}</strong></p>
      <p>${date} ${times} · ${t.drift.received(momentOf(held.received))}</p>
      <p class="quiet">${t.drift.held_why[held.why] ?? held.why}</p></div>
    ${
      accept === null
        ? html`<p class="actions"><button type="button" class="quiet-button" aria-label=${t.drift.accept_which(where, date)} onClick=${() => setAccept(true)}>${t.drift.accept}</button>
        <button type="button" class="quiet-button" aria-label=${t.drift.refuse_which(where, date)} onClick=${() => setAccept(false)}>${t.drift.refuse}</button></p>`
        : html`<${Confirm} says=${accept ? t.drift.accept_what(date) : t.drift.refuse_what(date)} yes=${accept ? t.drift.accept_yes : t.drift.refuse_yes}
        onYes=${() => onDecide(held, accept)} onNo=${() => setAccept(null)} />`
    }</li>`;
}

/** @param {{ terminals: Terminal[], turn: number }} props */
export function HeldTaps({ terminals, turn }) {
  const [asked, setAsked] = useState(0);
  const [state, attempt, heading] = useAttempt(() => setAsked(asked + 1));
  const { answer, problem } = useAnswer("held", { asked, news: turn });
  /** @param {Held} held @param {boolean} accept */
  const decide = ({ terminal, date }, accept) =>
    attempt(`held/${terminal}`, { date, accept }, ({ taps }) =>
      accept ? t.drift.accepted(taps) : t.drift.refused(taps),
    );
  return html`<section class="card" aria-labelledby="held"><h2 id="held" tabindex="-1" ref=${heading}>${t.drift.held}</h2>
    <${Outcome} state=${state} />
    ${problem && html`<${Problem} problem=${problem} />`}
    ${!answer && !problem && html`<${Waiting} />`}
    ${answer && html`<p class="quiet">${answer.held.length === 0 ? t.drift.no_held : t.drift.held_lead}</p>`}
    <ul class="known">${answer?.held.map(
      (held) =>
        html`<${Waits} key=${keyOf(held)} held=${held} room=${terminals.find((each) => each.terminal === held.terminal)?.room} onDecide=${decide} />`,
    )}</ul>
    ${answer?.more && html`<p>${t.drift.more(answer.held.length)}</p>`}
  </section>`;
}

/** @param {{ terminal: Terminal, onTrust: (terminal: Terminal) => void }} props */
function Distrusted({ terminal, onTrust }) {
  const [asked, setAsked] = useState(false);
  const since = momentOf(/** @type {Instant} */ (terminal.distrusted_since));
  return html`<li><p><strong>${t.drift.place(terminal.room, terminal.terminal)}</strong> ${t.drift.distrusted_since(since)}</p>
    ${
      asked
        ? html`<${Confirm} says=${t.drift.trust_what(since)} yes=${t.drift.trust_yes(terminal.terminal)} onYes=${() => onTrust(terminal)} onNo=${() => setAsked(false)} />`
        : html`<button type="button" class="quiet-button" aria-label=${t.drift.trust_which(terminal.terminal)} onClick=${() => setAsked(true)}>${t.drift.trust}</button>`
    }</li>`;
}

/** @param {{ terminals: Terminal[], today: string, onTried: (tried: Tried) => void, onProblem: (problem: Trouble | null) => void }} props */
function Choose({ terminals, today, onTried, onProblem }) {
  /** @param {Submitted} event */
  const tries = async (event) => {
    event.preventDefault();
    const { terminal, date, time, why } = fieldsOf(event);
    onProblem(null);
    try {
      const { dates } = await send(`terminals/${terminal}/distrust`, { date, time, why, try: true });
      onTried({ terminal, date, time, why, dates });
    } catch (problem) {
      onProblem(problem);
    }
  };
  return html`<form class="answer" onSubmit=${tries}>
    <p class="fields"><label>${t.terminals.columns.terminal} <select name="terminal" required>
        ${terminals.map(({ terminal, room }) => html`<option key=${terminal} value=${terminal}>${t.drift.place(room, terminal)}</option>`)}</select></label>
      <label>${t.drift.since_date} <input type="date" name="date" defaultValue=${today} max=${today} required /></label>
      <label>${t.drift.since_time} <input type="time" name="time" defaultValue="00:00" required /></label></p>
    <label for="distrust-why">${t.drift.reason}</label>
    <input id="distrust-why" type="text" name="why" maxlength="100" required aria-describedby="distrust-why-how" />
    <p class="quiet" id="distrust-why-how">${t.drift.reason_how}</p>
    <button type="submit">${t.drift.try_out}</button>
  </form>`;
}

/** @param {{ terminals: Terminal[], today: string, onChanged: () => void }} props */
export function Distrust({ terminals, today, onChanged }) {
  const [tried, setTried] = useState(/** @type {Tried | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const [state, attempt, heading] = useAttempt(() => {
    setTried(null);
    onChanged();
  });
  /** @param {Tried} body */
  const distrust = ({ terminal, date, time, why }) =>
    attempt(`terminals/${terminal}/distrust`, { date, time, why }, t.drift.distrusted(terminal));
  /** @param {Terminal} terminal */
  const trust = ({ terminal }) => attempt(`terminals/${terminal}/trust`, {}, t.drift.trusted(terminal));
  const out = terminals.filter((terminal) => terminal.distrusted_since);
  const trusted = terminals.filter((terminal) => !terminal.distrusted_since && terminal.state !== "revoked");
  return html`<section class="card" aria-labelledby="distrust"><h2 id="distrust" tabindex="-1" ref=${heading}>${t.drift.distrust}</h2>
    <${Outcome} state=${state} />
    ${problem && html`<${Problem} problem=${problem} />`}
    <p class="quiet">${t.drift.distrust_lead}</p>
    ${out.length > 0 && html`<ul class="known">${out.map((terminal) => html`<${Distrusted} key=${terminal.terminal} terminal=${terminal} onTrust=${trust} />`)}</ul>`}
    ${
      tried
        ? html`<${Confirm} says=${t.drift.distrust_what(tried.dates, tried.terminal, `${day(tried.date)} ${tried.time}`)} yes=${t.drift.distrust_yes(tried.terminal)}
        onYes=${() => distrust(tried)} onNo=${() => setTried(null)} />`
        : trusted.length > 0 &&
          html`<${Choose} terminals=${trusted} today=${today} onTried=${setTried} onProblem=${setProblem} />`
    }
  </section>`;
}
