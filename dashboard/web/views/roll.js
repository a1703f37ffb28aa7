// Rapportera frånvaro: the teacher's roll, made for a phone. Everyone is listed as the check-ins and reported absences
// propose; a tap changes a pupil, one button says that the roll is taken.
/** @import { Day, Lesson, RollPupil, Submitted, Trouble, Typed, ViewProps } from "../types.js" */
import { send } from "../server.js";
import {
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
import { longDate, t, timeOf } from "../words.js";

/** @typedef {{ status: string, minutes: number, source?: string | null }} Chosen */

/** @type {Record<string, string>} */
const NEXT = { unknown: "present", present: "absent", absent: "late", late: "present" };
const LATE_MIN = 5; // first guess when nobody checked in
/** @param {string} hhmm */
const minutesOf = (hhmm) => 60 * Number(hhmm.slice(0, 2)) + Number(hhmm.slice(3));
/** @param {Lesson} lesson */
const lengthOf = (lesson) => minutesOf(lesson.end) - minutesOf(lesson.start);
/** @param {Lesson} lesson */
const lessonName = (lesson) => t.roll.lesson(lesson.start, lesson.end, lesson.subject, lesson.group);
/** @param {Lesson} lesson */
const isTaken = (lesson) => lesson.pupils.length > 0 && lesson.marked === lesson.pupils.length;

// Of these the whole lesson is asked for; the other reasons are single pupils'.
const ASKED = new Set(["no_cover", "outage", "silent_lesson", "silent_school", "after_unknown"]);
/** @param {Lesson} lesson */
const isAsked = (lesson) => lesson.unknown !== null && ASKED.has(lesson.unknown) && !isTaken(lesson);

const UNKNOWN = { status: "unknown", minutes: 0 };

/**
 * What the roll begins with: the mark when there is one, else what is proposed. A mark tells absence in three words.
 * @param {RollPupil} pupil
 * @returns {Chosen}
 */
function firstMark(pupil) {
  const first = pupil.mark ?? pupil.proposed;
  if (!first) return UNKNOWN; // and it stays unknown until the teacher says something
  return {
    status: first.status === "present" || first.status === "late" ? first.status : "absent",
    minutes: first.absent_minutes,
    source: pupil.mark?.source,
  };
}

/** @param {{ answer: { date: Day, lessons: Lesson[] } }} props */
function Lessons({ answer }) {
  if (answer.lessons.length === 0)
    return html`<div class="empty"><p><strong>${t.roll.none(longDate(answer.date))}</strong></p><p>${t.roll.none_why}</p></div>`;
  const asked = answer.lessons.filter(isAsked).length;
  return html`${asked > 0 && html`<p class="asked" role="status"><strong>${t.roll.asked(asked)}</strong></p>`}
  <ul class="lessons">${answer.lessons.map(
    (lesson) => html`<li key=${lesson.lesson}>
    <a href="#/roll/${lesson.lesson}?date=${answer.date}"><strong>${lesson.start}–${lesson.end}</strong> ${lesson.subject}, ${lesson.group}
      <span class="quiet">${lesson.room} · ${!lesson.begun ? t.roll.not_begun : isTaken(lesson) ? t.roll.done(lesson.marked, lesson.pupils.length) : t.roll.open(lesson.marked, lesson.pupils.length)}${lesson.unknown !== null && isAsked(lesson) && html` · ${t.roll.unknown[lesson.unknown]}`}</span></a></li>`,
  )}</ul>`;
}

/** @param {{ pupil: RollPupil, mark: Chosen, length: number, onMark: (mark: Chosen) => void }} props */
function Pupil({ pupil, mark, length, onMark }) {
  const known = pupil.checked_in
    ? t.roll.checked_in(timeOf(pupil.checked_in))
    : pupil.absence
      ? t.roll.absence[pupil.absence]
      : "";
  const next = () => {
    const status = NEXT[mark.status];
    onMark({ status, minutes: status === "late" ? Math.min(mark.minutes || LATE_MIN, length - 1) : 0 });
  };
  return html`<li class=${`roll-${mark.status}`}>
    <button type="button" onClick=${next}><span class="who">${nameOf(pupil)}${" "}<span class="quiet">${known}</span></span>${" "}<span class="status">${mark.source ? t.roll.present_without_card : t.roll.status[mark.status]}</span></button>
    ${!pupil.checked_in && mark.status !== "present" && html`<button type="button" class="plain" aria-label=${t.roll.forgot_which(nameOf(pupil))} onClick=${() => onMark({ status: "present", minutes: 0, source: "forgotten_card" })}>${t.forgotten.title}</button>`}
    ${
      mark.status === "late" &&
      html`<label>${t.roll.minutes} <input type="number" inputmode="numeric" min="1" max=${length - 1} required value=${mark.minutes}
      aria-label=${t.roll.minutes_of(nameOf(pupil))} onInput=${(event) => onMark({ status: "late", minutes: Number(event.target.value) })} /></label>`
    }
    ${pupil.protected && html`<${Protected} />`}
  </li>`;
}

/** @param {{ lesson: Lesson, date: Day, onSaved: () => void }} props */
function Roll({ lesson, date, onSaved }) {
  const [marks, setMarks] = useState(() =>
    Object.fromEntries(lesson.pupils.map((pupil) => [pupil.pupil, firstMark(pupil)])),
  );
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const [saved, setSaved] = useState(/** @type {{ marks: number } | null} */ (null));
  const told = useElement();
  useEffect(() => {
    if (saved) told.current.focus();
  }, [saved]);
  const all = lesson.pupils.length;
  /** @param {string} status */
  const count = (status) => lesson.pupils.filter((pupil) => marks[pupil.pupil].status === status).length;
  const known = lesson.pupils.filter((pupil) => marks[pupil.pupil].status !== "unknown");
  const restPresent = () =>
    setMarks((before) =>
      Object.fromEntries(
        Object.entries(before).map(([pupil, mark]) => [
          pupil,
          mark === UNKNOWN ? { status: "present", minutes: 0 } : mark,
        ]),
      ),
    );
  /** @param {RollPupil} pupil @returns {(mark: Chosen) => void} */
  const change = (pupil) => (mark) => {
    setSaved(null);
    setMarks((before) => ({ ...before, [pupil.pupil]: mark }));
  };
  /** @param {Submitted} event */
  const save = async (event) => {
    event.preventDefault();
    setProblem(null);
    const list = known.map(({ pupil }) => ({
      pupil,
      status: marks[pupil].status,
      ...(marks[pupil].status === "late" && { absent_minutes: marks[pupil].minutes }),
      ...(marks[pupil].source && { source: marks[pupil].source }),
    }));
    try {
      setSaved(await send(`lessons/${lesson.lesson}/marks`, { marks: list }));
      onSaved();
    } catch (refusal) {
      setProblem(refusal);
    }
  };
  return html`
    <p><a href="#/roll?date=${date}">← ${t.roll.back}</a></p>
    <${Heading}>${lessonName(lesson)}<//>
    <p class="quiet">${longDate(date)} · ${lesson.room}. ${t.roll.how}</p>
    <form onSubmit=${save}>
      <ul class="roll">${lesson.pupils.map((pupil) => html`<${Pupil} key=${pupil.pupil} pupil=${pupil} mark=${marks[pupil.pupil]} length=${lengthOf(lesson)} onMark=${change(pupil)} />`)}</ul>
      <div class="roll-end">
        <p role="status" tabindex="-1" ref=${told}>${saved ? html`<strong>${t.roll.saved(saved.marks, all)}</strong>` : t.roll.counts(count("present"), count("late"), count("absent"), count("unknown"))}</p>
        ${problem && html`<${Problem} problem=${problem} />`}
        ${
          lesson.begun
            ? html`<p class="actions">
          ${known.length < all && html`<button type="button" class="quiet-button" onClick=${restPresent}>${t.roll.rest(all - known.length)}</button>`}
          ${known.length > 0 && html`<button type="submit">${t.roll.finish(known.length, all)}</button>`}</p>`
            : html`<p class="notice">${t.roll.begins(lesson.start)}</p>`
        }
      </div>
    </form>`;
}

/** @param {{ date: Day }} props */
function Day({ date }) {
  /** @param {Typed} event */
  const choose = (event) => {
    if (event.target.value) location.hash = `#/roll?date=${event.target.value}`;
  };
  return html`<p class="row"><label for="date">${t.roll.date}</label> <input id="date" type="date" value=${date} onChange=${choose} /></p>`;
}

/** @param {ViewProps} props */
export default function RollPage({ id, query }) {
  const [asked, setAsked] = useState(0);
  const date = query.get("date");
  const { answer, problem } = useAnswer(`lessons${date ? `?date=${encodeURIComponent(date)}` : ""}`, { asked });
  if (problem && !answer) return html`<${Heading}>${t.titles.roll}<//><${Problem} problem=${problem} />`;
  if (!answer) return html`<${Waiting} />`;
  const lesson = answer.lessons.find((each) => String(each.lesson) === id);
  if (lesson)
    return html`<${Roll} key=${id} lesson=${lesson} date=${answer.date} onSaved=${() => setAsked(asked + 1)} />`;
  return html`<${Heading}>${t.titles.roll}<//><${Day} date=${answer.date} /><${Lessons} answer=${answer} />`;
}
