// In Drift: cards that were held to a reader and counted nowhere, by place and time, and giving one out: a pupil is chosen, then
// it is confirmed.
/** @import { Named, Stray } from "../types.js" */
import { html, nameOf, Problem, useAnswer, useState, Waiting } from "../ui.js";
import { dateOf, day, t, timeOf } from "../words.js";
import { Confirm, Outcome, PickPupil, useAttempt } from "./attempt.js";

const GIVEN_OUT = new Set(["unknown", "not_now", "left", "two"]);
/** @param {Stray} stray */
const keyOf = (stray) => `${stray.terminal} ${stray.at}`;
/** @param {Stray} stray */
const placeOf = (stray) => (stray.room ? t.drift.place(stray.room, stray.terminal) : stray.terminal);
/** @param {Stray} stray */
const momentOf = (stray) => `${day(dateOf(stray.at))} ${timeOf(stray.at)}`;

/** @param {Stray} stray */
function whoseOf({ pupils, others }) {
  const names = pupils.map((pupil) => `${nameOf(pupil)}, ${pupil.class}`);
  return [...names, ...(others > 0 ? [t.drift.others(others)] : [])].join("; ");
}

/** @param {{ onGive: (pupil: Named) => void, onCancel: () => void }} props */
function Give({ onGive, onCancel }) {
  const [pupil, setPupil] = useState(/** @type {Named | null} */ (null));
  if (!pupil)
    return html`<div class="answer"><${PickPupil} id="give-to" focused onPick=${setPupil} />
      <button type="button" class="quiet-button" onClick=${onCancel}>${t.drift.cancel}</button></div>`;
  const name = nameOf(pupil);
  return html`<${Confirm} says=${t.drift.give_what(name)} yes=${t.drift.give_to(name)} onYes=${() => onGive(pupil)} onNo=${onCancel} />`;
}

/** @param {{ stray: Stray, gives: boolean, opened: boolean, onOpen: (key: string) => void, onGive: (pupil: Named) => void }} props */
function Row({ stray, gives, opened, onOpen, onGive }) {
  const whose = whoseOf(stray);
  return html`<li>
    <div><p><strong>${t.drift.why[stray.why] ?? stray.why}</strong>${whose && html`: <bdi>${whose}</bdi>`}</p>
      <p>${placeOf(stray)}, ${momentOf(stray)}${stray.taps > 1 && ` · ${t.drift.times(stray.taps)}`}</p>
      <p class="quiet">${t.drift.advice[stray.why]}</p></div>
    ${gives && GIVEN_OUT.has(stray.why) && !opened && html`<button type="button" class="quiet-button" aria-label=${t.drift.give_which(placeOf(stray), momentOf(stray))} onClick=${() => onOpen(keyOf(stray))}>${t.drift.give}</button>`}
    ${opened && html`<${Give} onGive=${onGive} onCancel=${() => onOpen("")} />`}
  </li>`;
}

/**
 * Read when it is opened and when somebody asks: the daemon takes the roll of a week for it.
 * @param {{ gives: boolean }} props
 */
export default function Strays({ gives }) {
  const [asked, setAsked] = useState(0);
  const [opened, setOpened] = useState("");
  const [state, attempt, heading] = useAttempt(() => {
    setOpened("");
    setAsked(asked + 1);
  });
  const { answer, problem } = useAnswer("strays", { asked });
  /** @param {Stray} stray @param {Named} pupil */
  const give = (stray, pupil) =>
    attempt(
      "strays/give",
      { terminal: stray.terminal, at: stray.at, pupil: pupil.pupil },
      t.drift.given(nameOf(pupil)),
    );
  return html`<section class="card" aria-labelledby="strays"><h2 id="strays" tabindex="-1" ref=${heading}>${t.drift.strays}</h2>
    <${Outcome} state=${state} />
    ${problem && html`<${Problem} problem=${problem} />`}
    ${!answer && !problem && html`<${Waiting} />`}
    ${
      answer &&
      html`<p class="quiet">${t.drift.strays_lead(day(answer.from))}</p>
      <p><button type="button" class="plain" onClick=${() => setAsked(asked + 1)}>${t.drift.again}</button></p>`
    }
    ${answer?.strays.length === 0 && html`<p>${t.drift.no_strays}</p>`}
    <ul class="known">${answer?.strays.map(
      (stray) =>
        html`<${Row} key=${keyOf(stray)} stray=${stray} gives=${gives} opened=${opened === keyOf(stray)} onOpen=${setOpened} onGive=${(/** @type {Named} */ pupil) => give(stray, pupil)} />`,
    )}</ul>
    ${answer?.more && html`<p>${t.drift.more(answer.strays.length)}</p>`}
  </section>`;
}
