// In Drift: what only the daemon knows of itself. Does what it says come back to it, do dates wait until a person has looked at the
// clock, and what did the check of the night find: a sentence for each, with what to do.
/** @import { DaemonSays } from "../types.js" */
import { html, Problem, useAnswer, useState, Waiting } from "../ui.js";
import { dateOf, day, longDate, t, timeOf } from "../words.js";
import { Confirm, Outcome, useAttempt } from "./attempt.js";
import { momentOf } from "./trust.js";

/** @param {{ says: string, todo?: string }} props */
const Sentence = ({ says, todo }) => html`<li><div><p>${todo ? html`<strong>${says}</strong>` : says}</p>
  ${todo && html`<p class="quiet">${todo}</p>`}</div></li>`;

/** @param {{ state: DaemonSays }} props */
function Pulse({ state }) {
  const since = state.link_since && momentOf(state.link_since);
  if (state.link_up && since) return html`<${Sentence} says=${t.drift.heard(since)} />`;
  return html`<${Sentence} says=${since ? t.drift.unheard(since) : t.drift.never_heard} todo=${t.drift.unheard_todo} />`;
}

/** @param {{ state: DaemonSays, decides: boolean, onDecide: (first: string, last: string) => void }} props */
function Dates({ state, decides, onDecide }) {
  const [asked, setAsked] = useState(false);
  const { dates_waiting: dates, dates_first: first, dates_last: last } = state;
  if (dates === 0 || !first || !last) return html`<${Sentence} says=${t.drift.no_dates} />`;
  const clock = `${longDate(dateOf(state.now))} ${timeOf(state.now)}`;
  return html`<li><div><p><strong>${t.drift.dates(dates, t.drift.between(day(first), day(last)))}</strong></p>
      <p class="quiet">${t.drift.dates_why}</p><p>${t.drift.dates_clock(clock)}</p></div>
    ${
      decides &&
      (asked
        ? html`<${Confirm} says=${t.drift.dates_what(dates)} yes=${t.drift.dates_yes} onYes=${() => onDecide(first, last)} onNo=${() => setAsked(false)} />`
        : html`<button type="button" class="quiet-button" onClick=${() => setAsked(true)}>${t.drift.dates_decide}</button>`)
    }</li>`;
}

/** @param {{ state: DaemonSays }} props */
function Check({ state }) {
  if (!state.checked) return html`<${Sentence} says=${t.drift.not_checked} />`;
  const night = day(state.checked);
  return html`${!state.database_sound && html`<${Sentence} says=${t.drift.damaged(night)} todo=${t.drift.damaged_todo} />`}
    ${state.flags_differing > 0 && html`<${Sentence} says=${t.drift.differing(night, state.flags_differing)} todo=${t.drift.differing_todo} />`}
    ${state.database_sound && state.flags_differing === 0 && html`<${Sentence} says=${t.drift.checked(night)} />`}`;
}

/**
 * Asked again at every turn of the page: the daemon writes nothing down for it.
 * @param {{ decides: boolean, turn: number }} props
 */
export default function Daemon({ decides, turn }) {
  const [asked, setAsked] = useState(0);
  const [state, attempt, heading] = useAttempt(() => setAsked(asked + 1));
  const { answer, problem } = useAnswer("daemon", { asked, news: turn });
  /** @param {string} first @param {string} last */
  const decide = (first, last) => attempt("decisions", { first, last }, ({ dates }) => t.drift.dates_decided(dates));
  return html`<section class="card" aria-labelledby="daemon"><h2 id="daemon" tabindex="-1" ref=${heading}>${t.drift.daemon}</h2>
    <${Outcome} state=${state} />
    ${problem && html`<${Problem} problem=${problem} />`}
    ${!answer && !problem && html`<${Waiting} />`}
    ${
      answer &&
      html`<ul class="known">${
        answer.answers
          ? html`<${Pulse} state=${answer} /><${Dates} state=${answer} decides=${decides} onDecide=${decide} /><${Check} state=${answer} />`
          : html`<${Sentence} says=${t.drift.no_daemon} todo=${t.drift.no_daemon_todo} />`
      }</ul>`
    }
  </section>`;
}
