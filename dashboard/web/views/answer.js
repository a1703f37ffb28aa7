// The rest of an answer to a flag: why, and until when. Reasons are a few words to choose from: nothing is written freely,
// so nothing about health is either. A digit chooses a reason and answers.
/** @import { AnswerKind, CaseFile, Day, Item, Owner, Submitted, Typed } from "../types.js" */
import { html, nameOf, shortcutsOn, useEffect, useElement, useState } from "../ui.js";
import { schoolDayLater, t } from "../words.js";

// docs/api.md
/** @type {Record<AnswerKind, string[]>} */
const REASONS = {
  confirm: [],
  snooze: ["contact_made", "known_cause", "waiting_for_data", "support_in_place", "other"],
  dismiss: ["wrong_data", "known_cause", "already_handled", "not_of_concern", "other"],
  close: ["attendance_up", "other_support", "moved", "handed_over", "other"],
};
const SNOOZE_MAX_DAYS = 180;
const CASE_MAX_DAYS = 365;
const FIRST_GUESS_DAYS = 14; // a trial of a measure takes two to three weeks
/** @type {Partial<Record<AnswerKind, number>>} */
const MAX_DAYS = { snooze: SNOOZE_MAX_DAYS, confirm: CASE_MAX_DAYS };

/** @param {Day} today @param {number} days */
const dayOf = (today, days) => new Date(Date.parse(`${today}T00:00Z`) + days * 86400000).toISOString().slice(0, 10);

/**
 * kind: "confirm" (the next date of a case), "close" (the end of one), "snooze" or "dismiss". `onAnswer` gets the body of the call.
 * `owners`: to whom a case can be handed with its next date.
 * @param {{
 * kind: AnswerKind, item: Item | CaseFile, today: Day, owners?: Owner[], onAnswer: (body: object) => void, onCancel: () => void
 * }} props
 */
export default function Answer({ kind, item, today, owners = [], onAnswer, onCancel }) {
  const form = useElement();
  const reasons = REASONS[kind];
  const [reason, setReason] = useState(reasons[0]);
  const [owner, setOwner] = useState(
    "owner" in item && owners.some(({ user }) => user === item.owner) ? item.owner : "",
  ); // "": whoever answers
  const [date, setDate] = useState(schoolDayLater(today, FIRST_GUESS_DAYS));
  useEffect(() => {
    form.current.querySelector("input").focus();
  }, []);

  /** @param {string} chosen */
  const bodyWith = (chosen) =>
    ({
      snooze: { reason: chosen, until: date },
      dismiss: { reason: chosen },
      close: { reason: chosen },
      confirm: owner ? { next_on: date, owner } : { next_on: date },
    })[kind];
  /** @param {Submitted} event */
  const answer = (event) => {
    event.preventDefault();
    onAnswer(bodyWith(reason));
  };
  /** @param {KeyboardEvent & Typed} event */
  const pressed = (event) => {
    if (event.key === "Escape") return onCancel();
    const chosen = reasons[Number(event.key) - 1];
    if (event.target.type !== "radio" || !chosen || event.repeat || !shortcutsOn()) return;
    event.preventDefault();
    onAnswer(bodyWith(chosen));
  };
  return html`<form class="answer" ref=${form} onSubmit=${answer} onKeyDown=${pressed} aria-label=${t.answer.title[kind](nameOf(item))}>
    ${
      reasons.length > 0 &&
      html`<fieldset><legend>${t.answer.why[kind]}</legend>
      ${reasons.map(
        (
          word,
          index,
        ) => html`<label class="check" key=${word}><input type="radio" name="reason" value=${word} checked=${word === reason} onChange=${() => setReason(word)} />
        ${t.answer.reasons[word]} <kbd aria-hidden="true">${index + 1}</kbd></label>`,
      )}
    </fieldset>`
    }
    ${
      MAX_DAYS[kind] &&
      html`<label>${t.answer.until[kind]} <input type="date" value=${date} min=${dayOf(today, 1)} max=${dayOf(today, MAX_DAYS[kind])} required
      onInput=${(event) => setDate(event.target.value)} /></label>`
    }
    ${
      kind === "confirm" &&
      owners.length > 0 &&
      html`<label>${t.cases.columns.owner} <select value=${owner} onChange=${(event) => setOwner(event.target.value)}>
      ${[...(owner ? [] : [{ user: "", name: "–" }]), ...owners].map(({ user, name }) => html`<option key=${user} value=${user} selected=${user === owner}>${name}</option>`)}</select></label>`
    }
    <p class="quiet">${t.answer.then[kind]}</p>
    <p class="actions"><button type="submit">${t.answer.submit[kind]}</button>
      <button type="button" class="quiet-button" onClick=${onCancel}>${t.answer.cancel} <kbd aria-hidden="true">Esc</kbd></button></p>
  </form>`;
}
