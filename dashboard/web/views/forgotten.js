// Glömt kort: somebody has seen a pupil who has no card along. The lessons of today that have begun and say nothing are shown, and
// one press says that the pupil was there; another takes that back.
/** @import { Day, Named, PupilLesson, Submitted } from "../types.js" */
import { html, nameOf, Problem, useAnswer, useEffect, useElement, useState, Waiting } from "../ui.js";
import { dateOf, t, timeOf } from "../words.js";
import { Outcome, PickPupil, useAttempt } from "./attempt.js";

/** @param {PupilLesson} lesson */
const lessonName = (lesson) => `${lesson.start}–${lesson.end} ${lesson.subject}`;
/** @param {PupilLesson} lesson */
const saidOf = (lesson) => lesson.marks.find((mark) => mark.source === "forgotten_card");

/** @param {{ lessons: PupilLesson[], onSay: (lessons: number[]) => void }} props */
function Unseen({ lessons, onSay }) {
  const [left, setLeft] = useState(/** @type {number[]} */ ([])); // not to be marked
  const button = useElement();
  useEffect(() => button.current?.focus(), []);
  const chosen = lessons.map(({ lesson }) => lesson).filter((lesson) => !left.includes(lesson));
  /** @param {Submitted} event */
  const say = (event) => {
    event.preventDefault();
    onSay(chosen);
  };
  /** @param {number} lesson */
  const toggle = (lesson) =>
    setLeft(left.includes(lesson) ? left.filter((each) => each !== lesson) : [...left, lesson]);
  if (lessons.length === 0) return html`<p>${t.forgotten.none}</p>`;
  return html`<form class="answer" onSubmit=${say}>
    <fieldset><legend>${t.forgotten.which}</legend>${lessons.map(
      (each) => html`<label class="check" key=${each.lesson}>
      <input type="checkbox" checked=${!left.includes(each.lesson)} onChange=${() => toggle(each.lesson)} /> ${lessonName(each)}</label>`,
    )}</fieldset>
    <button type="submit" ref=${button} disabled=${chosen.length === 0}>${t.forgotten.confirm(chosen.length)}</button>
    <p class="quiet">${t.forgotten.later}</p>
  </form>`;
}

/** @param {{ pupil: Named, today: Day }} props */
function Forgotten({ pupil, today }) {
  const [asked, setAsked] = useState(0);
  const [state, attempt, heading] = useAttempt(() => setAsked(asked + 1));
  const path = /** @type {const} */ (`pupils/${encodeURIComponent(pupil.pupil)}`);
  const { answer, problem } = useAnswer(`${path}/lessons?date=${today}`, { asked });
  const said = answer?.lessons.filter(saidOf) ?? [];
  const unseen = answer?.lessons.filter((lesson) => lesson.unseen) ?? [];
  /** @param {number[]} lessons */
  const say = (lessons) => attempt(`${path}/forgotten`, { lessons }, t.forgotten.said(nameOf(pupil)));
  return html`<h3 tabindex="-1" ref=${heading}>${t.forgotten.of(nameOf(pupil))}</h3>
    <${Outcome} state=${state} />
    ${problem && html`<${Problem} problem=${problem} />`}
    ${!answer && !problem && html`<${Waiting} />`}
    ${
      said.length > 0 &&
      html`<ul class="known">${said.map((lesson) => {
        const mark = saidOf(lesson);
        return html`<li key=${lesson.lesson}>${lessonName(lesson)} <span class="quiet">${mark && t.forgotten.by(mark.author, timeOf(mark.at))}</span></li>`;
      })}</ul>
      <p><button type="button" class="quiet-button" onClick=${() => attempt(`${path}/forgotten/undo`, {}, t.forgotten.undone)}>${t.forgotten.undo}</button></p>`
    }
    ${answer && (unseen.length > 0 || said.length === 0) && html`<${Unseen} key=${asked} lessons=${unseen} onSay=${say} />`}`;
}

/** On a pupil's page. @param {{ pupil: Named }} props */
export default function ForgottenOf({ pupil }) {
  const { answer, problem } = useAnswer("status");
  if (!answer) return problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`;
  return html`<section class="card screen-only" aria-label=${t.forgotten.title}><${Forgotten} pupil=${pupil} today=${dateOf(answer.now)} /></section>`;
}

/** In Drift, of a pupil who is looked up first. @param {{ today: Day }} props */
export function ForgottenOfAny({ today }) {
  const [pupil, setPupil] = useState(/** @type {Named | null} */ (null));
  return html`<section class="card" aria-labelledby="forgotten"><h2 id="forgotten">${t.forgotten.title}</h2>
    <p class="quiet">${t.forgotten.lead}</p>
    <${PickPupil} id="who-forgot" onPick=${setPupil} />
    ${pupil && html`<${Forgotten} key=${pupil.pupil} pupil=${pupil} today=${today} />`}
  </section>`;
}
