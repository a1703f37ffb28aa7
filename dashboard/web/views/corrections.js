// On a pupil's page: report absence and leave, and correct what was recorded of a lesson. Nothing is overwritten: what was
// stands beside what counts, with when and by whom.
/** @import { Day, Instant, Mark, PupilLesson, Submitted } from "../types.js" */
import { fieldsOf, html, Problem, useAnswer, useEffect, useElement, useId, useState, Waiting } from "../ui.js";
import { dateOf, day, shortDay, t, timeOf } from "../words.js";
import { Outcome, useAttempt } from "./attempt.js";

const TYPES = /** @type {const} */ (["reported", "leave"]);
const STATUSES = /** @type {const} */ (["present", "late", "absent"]);

/** @param {{ from: Instant, to: Instant }} span */
function spanOf({ from, to }) {
  /** @param {Instant} instant */
  const moment = (instant) => `${shortDay(dateOf(instant))} ${timeOf(instant)}`;
  const whole = timeOf(from) === "00:00" && timeOf(to) === "00:00";
  const last = dateOf(whole ? Date.parse(to) - 1 : to);
  if (whole) return last === dateOf(from) ? shortDay(last) : t.pupil.interval(shortDay(dateOf(from)), shortDay(last));
  return t.pupil.interval(moment(from), last === dateOf(from) ? timeOf(to) : moment(to));
}

/** @param {{ pupil: string, today: Day }} props */
function Absences({ pupil, today }) {
  const [asked, setAsked] = useState(0);
  const [state, attempt] = useAttempt(() => setAsked(asked + 1));
  const [whole, setWhole] = useState(true);
  const path = /** @type {const} */ (`pupils/${encodeURIComponent(pupil)}/absences`);
  const { answer, problem } = useAnswer(path, { asked });
  /** @param {Submitted} event */
  const report = (event) => {
    event.preventDefault();
    const { type, date, to_date: last, from, to } = fieldsOf(event);
    const body = { type, date, ...(last && last !== date && { to_date: last }), ...(!whole && { from, to }) };
    attempt(path, body, t.corrections.reported(t.pupil.absence[type], day(date)));
  };
  return html`
    <form class="answer" onSubmit=${report} aria-labelledby="report">
      <h3 id="report">${t.corrections.report}</h3>
      <fieldset><legend>${t.corrections.type}</legend>
        ${TYPES.map((type, index) => html`<label class="check" key=${type}><input type="radio" name="type" value=${type} defaultChecked=${index === 0} /> ${t.pupil.absence[type]}</label>`)}
      </fieldset>
      <p class="fields"><label>${t.corrections.date} <input type="date" name="date" defaultValue=${today} required /></label>
        <label>${t.corrections.to_date} <input type="date" name="to_date" /></label></p>
      <label class="check"><input type="checkbox" checked=${whole} onChange=${() => setWhole(!whole)} /> ${t.corrections.whole}</label>
      ${
        !whole &&
        html`<p class="fields"><label>${t.corrections.from} <input type="time" name="from" required /></label>
        <label>${t.corrections.to} <input type="time" name="to" required /></label></p>`
      }
      <button type="submit">${t.corrections.submit}</button>
      <p class="quiet">${t.corrections.no_reason}</p>
    </form>
    <${Outcome} state=${state} />
    <h3>${t.corrections.known}</h3>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${answer?.absences.length === 0 && html`<p>${t.corrections.none}</p>`}
    ${
      answer &&
      answer.absences.length > 0 &&
      html`<ul class="known">${answer.absences.map(
        (each) => html`<li key=${each.absence}>
      <span>${t.pupil.absence[each.type]} ${spanOf(each)} <span class="quiet">${t.corrections.by(each.author, day(dateOf(each.reported_at)))}</span></span>
      <button type="button" class="plain" aria-label=${t.corrections.withdraw_which(spanOf(each))} onClick=${() => attempt(`absences/${each.absence}/withdraw`, {}, t.corrections.withdrawn)}>${t.corrections.withdraw}</button></li>`,
      )}</ul>`
    }
    ${answer?.more && html`<p>${t.corrections.more(answer.absences.length)}</p>`}`;
}

/** @param {{ lesson: PupilLesson, onCorrect: (lesson: number, mark: object, name: string) => void }} props */
function Lesson({ lesson, onCorrect }) {
  const [status, setStatus] = useState("present");
  const name = `${lesson.subject} ${lesson.start}`;
  /** @param {Submitted} event */
  const correct = (event) => {
    event.preventDefault();
    const minutes = Number(fieldsOf(event).minutes);
    onCorrect(lesson.lesson, status === "late" ? { status, absent_minutes: minutes } : { status }, name);
  };
  /** @param {Mark & { source?: string | null }} mark */
  const told = (mark) =>
    `${t.pupil.status[mark.status]}${mark.status === "late" ? ` ${t.roll.late_minutes(mark.absent_minutes)}` : ""}${mark.source === "forgotten_card" ? `, ${t.forgotten.title.toLowerCase()}` : ""}`;
  return html`<li>
    <p><strong>${lesson.start}–${lesson.end}</strong> ${lesson.subject}: ${lesson.status ? told({ ...lesson, status: lesson.status }) : t.corrections.not_counted}</p>
    ${
      lesson.marks.length > 0 &&
      html`<ul class="quiet" aria-label=${t.corrections.history}>${[...lesson.marks].reverse().map(
        (mark, index) => html`<li key=${index}>
      ${t.corrections.mark(told(mark), mark.author, `${day(dateOf(mark.at))} ${timeOf(mark.at)}`)}</li>`,
      )}</ul>`
    }
    <form class="fields" onSubmit=${correct}>
      <select aria-label=${t.corrections.right(name)} value=${status} onChange=${(event) => setStatus(event.target.value)}>
        ${STATUSES.map((each) => html`<option key=${each} value=${each}>${t.roll.status[each]}</option>`)}</select>
      ${status === "late" && html`<label>${t.roll.minutes} <input type="number" name="minutes" min="1" required /></label>`}
      <button type="submit" class="quiet-button" aria-label=${t.corrections.correct_which(name)}>${t.corrections.correct}</button>
    </form>
  </li>`;
}

/** @param {{ pupil: string, today: Day }} props */
function Lessons({ pupil, today }) {
  const [asked, setAsked] = useState(0);
  const [date, setDate] = useState(today);
  const [state, attempt] = useAttempt(() => setAsked(asked + 1));
  const path = /** @type {const} */ (`pupils/${encodeURIComponent(pupil)}`);
  const { answer, problem } = useAnswer(`${path}/lessons?date=${date}`, { asked });
  /** @param {number} lesson @param {object} mark @param {string} name */
  const correct = (lesson, mark, name) => attempt(`${path}/marks`, { lesson, ...mark }, t.corrections.corrected(name));
  return html`
    <h3>${t.corrections.lessons}</h3>
    <label>${t.corrections.lesson_date} <input type="date" value=${date} max=${today} required onChange=${(event) => event.target.value && setDate(event.target.value)} /></label>
    <${Outcome} state=${state} />
    ${problem && html`<${Problem} problem=${problem} />`}
    ${!answer && !problem && html`<${Waiting} />`}
    ${answer?.lessons.length === 0 && html`<p>${t.corrections.no_lessons(day(date))}</p>`}
    <ul class="known">${answer?.lessons.map((lesson) => html`<${Lesson} key=${`${date} ${lesson.lesson}`} lesson=${lesson} onCorrect=${correct} />`)}</ul>`;
}

/** @param {{ pupil: string }} props */
export default function Corrections({ pupil }) {
  const name = useId();
  const heading = useElement();
  const { answer, problem } = useAnswer("status");
  useEffect(() => {
    heading.current?.focus();
  }, [Boolean(answer)]);
  if (!answer) return problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`;
  const today = dateOf(answer.now);
  return html`<section class="card screen-only" aria-labelledby=${name}>
    <h2 id=${name} tabindex="-1" ref=${heading}>${t.corrections.title}</h2>
    <div class="columns"><div class="stack"><${Absences} pupil=${pupil} today=${today} /></div><div class="stack"><${Lessons} pupil=${pupil} today=${today} /></div></div>
  </section>`;
}
