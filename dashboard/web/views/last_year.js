// Att följa från förra läsåret: whom head and pupil health look through once, and what has come since. Each pupil takes one press;
// reasons are chosen, never written. A decision can be made anew, and both are kept.
/** @import { Decision, DecisionKind, Flag as Raised, LastYear, LastYearPupil, Submitted, Trouble, ViewProps } from "../types.js" */
import { isTail, phrase } from "../reasons.js";
import { send } from "../server.js";
import {
  fieldsOf,
  Heading,
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
import { dateOf, day, shortDay, t } from "../words.js";

/** @type {string[]} docs/api.md */
const REASONS = ["attendance_up", "known_cause", "other_support", "wrong_data", "other"];

/** @param {Raised[]} flags */
const gravest = (flags) => flags.reduce((a, b) => (b.severity > a.severity ? b : a));

/** @typedef {(pupil: LastYearPupil, kind: DecisionKind, reason?: string) => unknown} Decide */

/** By class and name, undecided ones first: the order of a meeting, and no ranking. @param {LastYearPupil} a @param {LastYearPupil} b */
const byClassAndName = (a, b) => a.class.localeCompare(b.class, "sv") || a.name.localeCompare(b.name, "sv");

/**
 * A few words of why; what compares with the class needs more than a few for its limit.
 * @param {Raised} flag
 */
function shortReason(flag) {
  const [first] = flag.evidence;
  if (!first) return "";
  const told = phrase(first, t.short[first.measure] ?? t.short[t.measures[first.measure]?.kind] ?? t.short.any);
  return isTail(first.measure) ? told : `${told} · ${phrase(first, t.short.limit)}`;
}

/** @param {Decision} decision */
const told = ({ kind, reason, by_name: by, at }) =>
  t.last_year.decided(t.last_year.kinds[kind], reason && t.answer.reasons[reason], by, day(dateOf(at)));

/** Why the pupil is on the list, and what is new. @param {{ pupil: LastYearPupil }} props */
function Why({ pupil }) {
  const file = pupil.case;
  return html`<ul class="reasons">
    ${file && html`<li>${t.last_year.case(file.number, file.owner_name, shortDay(file.opened_on))}</li>`}
    ${pupil.flags.map(
      (flag) =>
        html`<li key=${flag.flag}>${t.last_year.flag(flag.severity, shortDay(flag.raised_on), flag.cleared_on && shortDay(flag.cleared_on))} ${shortReason(flag)}</li>`,
    )}
    ${
      pupil.flags_since.length > 0 &&
      html`<li><strong>${t.last_year.since(shortDay(pupil.flags_since[pupil.flags_since.length - 1].raised_on))}</strong> ${shortReason(gravest(pupil.flags_since))}${" "}
      <a href="#/review">${t.titles.review}</a></li>`
    }
  </ul>`;
}

/** @param {{ pupil: LastYearPupil, decide: Decide, onCancel: () => void }} props */
function NotNeeded({ pupil, decide, onCancel }) {
  const form = useElement();
  useEffect(() => form.current.querySelector("input").focus(), []);
  /** @param {Submitted} event */
  const submit = (event) => {
    event.preventDefault();
    decide(pupil, "not_needed", fieldsOf(event).reason);
  };
  return html`<form class="answer" ref=${form} onSubmit=${submit} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && onCancel()}
    aria-label=${t.last_year.not_needed_why(nameOf(pupil))}>
    <fieldset><legend>${t.last_year.why}</legend>
      ${REASONS.map(
        (word, index) =>
          html`<label class="check" key=${word}><input type="radio" name="reason" value=${word} defaultChecked=${index === 0} /> ${t.answer.reasons[word]}</label>`,
      )}
    </fieldset>
    <p class="actions"><button type="submit">${t.last_year.acts.not_needed}</button>
      <button type="button" class="quiet-button" onClick=${onCancel}>${t.answer.cancel}</button></p>
  </form>`;
}

/** @param {{ pupil: LastYearPupil, decide: Decide }} props */
function Decisions({ pupil, decide }) {
  const [asks, setAsks] = useState(false); // for the reason
  const id = `not-needed-${pupil.pupil}`;
  const cancel = () => {
    setAsks(false);
    setTimeout(() => document.getElementById(id)?.focus());
  };
  if (asks) return html`<${NotNeeded} pupil=${pupil} decide=${decide} onCancel=${cancel} />`;
  const name = nameOf(pupil);
  /** @param {DecisionKind} kind @param {() => void} act @param {Record<string, string>} more */
  const button = (kind, act, more = {}) =>
    html`<button type="button" class="quiet-button" aria-label=${t.last_year.act_of(t.last_year.acts[kind], name)} onClick=${act} ...${more}>${t.last_year.acts[kind]}</button>`;
  return html`<p class="actions">
    ${pupil.case ? button("case_goes_on", () => decide(pupil, "case_goes_on")) : button("keep_watching", () => decide(pupil, "keep_watching"))}
    ${!pupil.case && button("not_needed", () => setAsks(true), { id })}
  </p>`;
}

/** @param {{ pupil: LastYearPupil, decide: Decide }} props */
function Card({ pupil, decide }) {
  const [again, setAgain] = useState(false);
  const { decision } = pupil;
  const name = nameOf(pupil);
  return html`<li class="card" id=${`pupil-${pupil.pupil}`}>
    <h3><a href="#/pupil/${encodeURIComponent(pupil.pupil)}">${name}</a>, ${pupil.class} ${pupil.protected && html`<${Protected} />`}</h3>
    ${pupil.mentor && html`<p class="quiet">${t.review.mentor(pupil.mentor)}</p>`}
    <${Why} pupil=${pupil} />
    ${decision && html`<p>${told(decision)} ${!again && html`<button type="button" class="plain" aria-label=${t.last_year.act_of(t.last_year.again, name)} onClick=${() => setAgain(true)}>${t.last_year.again}</button>`}</p>`}
    ${(!decision || again) && html`<${Decisions} pupil=${pupil} decide=${decide} />`}
  </li>`;
}

/** @param {{ name: string, pupils: LastYearPupil[], decide: Decide }} props */
function Part({ name, pupils, decide }) {
  return (
    pupils.length > 0 &&
    html`<section class="lists" aria-label=${name}><h2>${name}</h2>
    <ul class="lists">${[...pupils]
      .sort(byClassAndName)
      .map(
        (pupil) =>
          html`<${Card} key=${`${pupil.pupil} ${pupil.decision?.decision}`} pupil=${pupil} decide=${decide} />`,
      )}</ul></section>`
  );
}

/** @param {{ answer: LastYear }} props */
function Lead({ answer: { date, pupils, joins_until: until } }) {
  return html`<p>${t.last_year.lead(pupils.length, pupils.filter((pupil) => !pupil.decision).length)}</p>
    <p class="quiet">${t.last_year.who} ${date < until && t.last_year.joins(day(until))}</p>`;
}

/** @param {ViewProps} props */
export default function LastYearView({ flags }) {
  const [asked, setAsked] = useState(0);
  const [last, setLast] = useState(/** @type {string | null} */ (null));
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const status = useElement();
  const { answer, problem } = useAnswer("last_year", { asked, news: flags.answer });
  /** @type {Decide} */
  const decide = (pupil, kind, reason) =>
    send(`last_year/${encodeURIComponent(pupil.pupil)}`, { kind, reason, after: pupil.decision?.decision ?? 0 })
      .then((decision) => {
        setRefusal(null);
        setLast(`${nameOf(pupil)}: ${told(decision)}`);
      }, setRefusal)
      .then(() => {
        setAsked(asked + 1);
        status.current.focus();
      });
  if (!answer)
    return html`<${Heading}>${t.titles.last_year}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  return html`<${Heading}>${t.titles.last_year}<//>
    ${(problem ?? refusal) && html`<${Problem} problem=${problem ?? refusal} />`}
    ${answer.pupils.length > 0 ? html`<${Lead} answer=${answer} />` : html`<div class="empty"><p><strong>${t.last_year.none}</strong></p><p>${t.last_year.none_why}</p></div>`}
    <p id="told" class="answered" role="status" tabindex="-1" ref=${status}>${last}</p>
    <${Part} name=${t.last_year.undecided} pupils=${answer.pupils.filter((pupil) => !pupil.decision)} decide=${decide} />
    <${Part} name=${t.last_year.gone_through} pupils=${answer.pupils.filter((pupil) => pupil.decision)} decide=${decide} />`;
}
