/** @import { Day, Given, Instant, Moment } from "../types.js" */
import { html, useState } from "../ui.js";
import { dateOf, day, longDate, shortDay, t, timeOf } from "../words.js";

/** @typedef {Moment | { kind: "answer", at: Instant, answer: Given }} Entry */

const KINDS = /** @type {const} */ (["check_in", "absence", "mark", "answer"]);
const PRINTED_MAX = 8; // the newest; the printout is two pages at most

/**
 * "avvaktar till 30 november, känd och förklarad frånvaro, eva"
 * @param {Given} answer
 */
export function answerText({ kind, until, reason, by }) {
  return [
    t.pupil.given(t.pupil.answer[kind], until && day(until)),
    reason && t.answer.reasons[reason]?.toLowerCase(),
    by,
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * @param {Entry} entry
 * @returns {string}
 */
function text(entry) {
  if (entry.kind === "answer") return t.pupil.decision(answerText(entry.answer));
  if (entry.kind === "check_in") {
    const told = t.pupil.feedback[entry.feedback];
    return t.pupil.check_in(entry.room || entry.terminal) + (told ? ` (${told})` : "");
  }
  if (entry.kind === "mark")
    return t.pupil.mark(t.pupil.status[entry.status] ?? entry.status, entry.subject, entry.start);
  return `${t.pupil.absence[entry.type] ?? entry.type} ${spanOf(entry)}`;
}

/** @param {Instant} instant */
const isMidnight = (instant) => timeOf(instant) === "00:00";
/** @param {Entry} entry */
const isWholeDays = (entry) => entry.kind === "absence" && isMidnight(entry.from) && isMidnight(entry.to);

/**
 * `to` is excluded: midnight belongs to the day before.
 * @param {{ kind: "absence", at: Instant, type: string, from: Instant, to: Instant }} entry
 */
function spanOf(entry) {
  const first = dateOf(entry.from);
  if (isWholeDays(entry)) {
    const last = dateOf(Date.parse(entry.to) - 1);
    return last === first ? t.pupil.whole_day : t.pupil.interval(shortDay(first), shortDay(last));
  }
  /** @param {Instant} instant */
  const moment = (instant) =>
    dateOf(entry.from) === dateOf(entry.to) ? timeOf(instant) : `${shortDay(dateOf(instant))} ${timeOf(instant)}`;
  return t.pupil.interval(moment(entry.from), moment(entry.to));
}

/**
 * When it happened: an absence when it begins, not when somebody reported it.
 * @param {Entry} entry
 */
const when = (entry) => (entry.kind === "absence" ? entry.from : entry.at);

/**
 * Entries of one date together, in the order given: [[date, entries]…].
 * @param {Entry[]} entries
 */
function byDate(entries) {
  /** @type {[Day, Entry[]][]} */
  const dates = [];
  for (const entry of entries) {
    const date = dateOf(when(entry));
    if (dates[dates.length - 1]?.[0] !== date) dates.push([date, []]);
    dates[dates.length - 1][1].push(entry);
  }
  return dates;
}

/** `more`: there are older ones, which the server did not send. @param {{ entries: Entry[], more: boolean }} props */
export function Timeline({ entries, more }) {
  const [hidden, setHidden] = useState(/** @type {string[]} */ ([]));
  /** @param {string} kind */
  const toggle = (kind) =>
    setHidden(hidden.includes(kind) ? hidden.filter((each) => each !== kind) : [...hidden, kind]);
  const shown = entries
    .filter((entry) => !hidden.includes(entry.kind))
    .sort((a, b) => Date.parse(when(b)) - Date.parse(when(a)));
  const printable = shown.filter((entry) => entry.kind !== "answer"); // what was decided is told there by whom it concerns
  /** @type {Set<Entry>} */
  const printed = new Set(printable.slice(0, PRINTED_MAX));
  const kinds = KINDS.filter((kind) => kind !== "answer" || entries.some((entry) => entry.kind === kind));
  return html`<section class="figure" aria-labelledby="timeline">
    <h2 id="timeline">${t.pupil.timeline}</h2>
    <fieldset class="filters screen-only"><legend class="hidden">${t.pupil.filter}</legend>
      ${kinds.map((kind) => html`<label class="check" key=${kind}><input type="checkbox" checked=${!hidden.includes(kind)} onChange=${() => toggle(kind)} /> ${t.pupil.kinds[kind]}</label>`)}
    </fieldset>
    ${shown.length === 0 && html`<p>${t.pupil.timeline_empty}</p>`}
    <div class="timeline" role="group" aria-label=${t.pupil.timeline} tabindex="0">
      ${byDate(shown).map(
        ([date, items]) => html`<div key=${date} class=${items.some((item) => printed.has(item)) ? "" : "screen-only"}>
        <h3>${longDate(date)}</h3>
        <ul>${items.map((entry, index) => html`<li key=${index} class=${printed.has(entry) ? "" : "screen-only"}><span class="time">${isWholeDays(entry) ? "" : timeOf(when(entry))}</span> ${text(entry)}</li>`)}</ul>
      </div>`,
      )}
    </div>
    ${more && html`<p>${t.pupil.timeline_more}</p>`}
    ${printable.length > PRINTED_MAX && html`<p class="print-only">${t.pupil.timeline_rest(printable.length - PRINTED_MAX)}</p>`}
  </section>`;
}
