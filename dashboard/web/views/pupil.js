// Elev: why flagged, the school year, and what happened. Opening it is written to the log, so it never reloads by itself:
// when there is news it says so and leaves the choice to the reader.
/** @import { Counters, Day, Finding, Flag as Raised, Given, Me, Pupil as Shown, PupilOf, SchoolDay, SentDay, Spread, ToldSpread, ViewProps } from "../types.js" */
import { Calendar, CalendarTable, Legend } from "../charts/calendar.js";
import { Trend, TrendTable, trendOf, trendTitle } from "../charts/trend.js";
import { Strip, StripTable, stripTitle } from "../charts/strip.js";
import { lessonGrid, lessonsTitle, LessonTable } from "../charts/lessons.js";
import { distinctEvidence, period, reason } from "../reasons.js";
import {
  Figure,
  Heading,
  html,
  Lazy,
  nameOf,
  Problem,
  Protected,
  useAnswer,
  useEffect,
  useRef,
  useState,
  Waiting,
  titleAfter,
} from "../ui.js";
import { dateOf, day, longDate, shortDay, t } from "../words.js";
import { Conditions, Facts, Sentence } from "./review.js";
import { answerText, Timeline } from "./timeline.js";

/** @param {Raised} flag */
const isOpen = (flag) => !flag.cleared_on && !flag.withdrawn;

/** @param {{ flags: Raised[] }} props */
function Counted({ flags }) {
  return html`<details class="counted">
    <summary>${t.pupil.count}</summary>
    <ul>${distinctEvidence(flags).map(
      ({ evidence }, index) => html`<li key=${index}>
      <strong>${reason(evidence).lead}</strong>: ${t.how[evidence.measure] ?? t.how.any} ${evidence.days > 0 && t.pupil.count_period(evidence, period(evidence))}</li>`,
    )}</ul>
    <p>${t.pupil.count_unknown}</p>
    <ul>${flags.map((flag) => html`<li key=${flag.flag}>${t.pupil.count_rule(flag.rule, flag.rules_version)}</li>`)}</ul>
  </details>`;
}

/**
 * What was decided about the flags before, newest first.
 * @param {{ answers: Given[] }} props
 */
function Answers({ answers }) {
  if (answers.length === 0) return null;
  return html`<details class="counted"><summary>${t.pupil.answers(answers.length)}</summary>
    <ul>${answers.map((answer, index) => html`<li key=${index}>${t.pupil.answered(day(dateOf(answer.at)), answerText(answer))}${answer.undone && `, ${t.pupil.undone}`}</li>`)}</ul>
  </details>`;
}

/** @param {{ finding: Finding | null, flags: Raised[], decidedThrough: Day | null, answers: Given[] }} props */
function Why({ finding, flags, decidedThrough, answers }) {
  const open = flags.filter(isOpen);
  return html`<section class="card" aria-labelledby="why">
    <h2 id="why">${t.pupil.why}</h2>
    ${
      open.length === 0
        ? html`<p><strong>${t.pupil.no_flags}</strong> ${decidedThrough && t.pupil.no_flags_why(longDate(decidedThrough))}</p>`
        : html`${finding && html`<${Sentence} finding=${finding} flags=${open} /><dl class="facts"><${Facts} finding=${finding} flags=${open} /></dl>`}
          <${Conditions} flags=${open} /><${Counted} flags=${open} />`
    }
    <${Earlier} flags=${flags.filter((flag) => !isOpen(flag))} decidedThrough=${decidedThrough} />
    <${Answers} answers=${answers} />
  </section>`;
}

/** @param {{ flags: Raised[], decidedThrough: Day | null }} props */
function Earlier({ flags, decidedThrough }) {
  if (flags.length === 0) return null;
  /** @param {Raised} flag */
  const ended = (flag) =>
    flag.withdrawn || !flag.cleared_on
      ? t.pupil.withdrawn(shortDay(flag.raised_on))
      : t.pupil.cleared(shortDay(flag.raised_on), shortDay(flag.cleared_on));
  return html`<details class="counted">
    <summary>${t.pupil.earlier(flags.length)}</summary>
    <ul>${flags.map(
      (flag) =>
        html`<li key=${flag.flag}>${ended(flag)}. ${flag.evidence.map((evidence) => {
          const { lead, text } = reason(evidence, decidedThrough);
          return html`<span>${lead} ${text} </span>`;
        })}</li>`,
    )}</ul>
  </details>`;
}

/**
 * "Läsåret: 3 hela frånvarodagar och 9 dagar med frånvaro under en del av dagen, 12 sena ankomster, av 62 skoldagar"
 * @param {SchoolDay[]} days
 */
export function yearTitle(days) {
  const own = days.filter((each) => each.kind !== "none" && each.kind !== "unknown");
  if (own.length === 0) return t.pupil.year_none;
  /** @param {string} kind */
  const of = (kind) => own.filter((each) => each.kind === kind).length;
  const late = own.flatMap((each) => each.lessons).filter((lesson) => lesson.status === "late").length;
  const parts = [t.pupil.year(of("absent"), of("partial"), own.length)];
  if (of("absent") + of("partial") === 0) parts[0] = t.pupil.year_no_absence(own.length);
  if (late > 0) parts.push(t.pupil.year_late(late));
  if (of("leave") > 0) parts.push(t.pupil.year_leave(of("leave")));
  return parts.join(", ");
}

/**
 * What changed since the page was read? Compared by counter; the page is not read again by itself.
 * @param {{ counters: Partial<Counters>, onReload: () => void }} props
 */
function News({ counters, onReload }) {
  const read = useRef(counters.flags);
  if (counters.flags === read.current) return null;
  const reload = () => {
    read.current = counters.flags;
    onReload();
  };
  return html`<p class="notice screen-only" role="status">${t.pupil.updated} <button type="button" class="plain" onClick=${reload}>${t.pupil.reload}</button></p>`;
}

/**
 * Prints once when the address asks for it, and takes the wish out of the address.
 * @param {boolean} wanted
 * @param {boolean} ready
 */
function usePrint(wanted, ready) {
  useEffect(() => {
    if (!wanted || !ready) return;
    history.replaceState(null, "", location.hash.split("?")[0]);
    window.print();
  }, [wanted, ready]);
}

/**
 * Lessons come as short lists, because a school year has a thousand (docs/api.md).
 * @param {PupilOf<SentDay>} answer
 * @returns {Shown}
 */
const named = (answer) => ({
  ...answer,
  days: answer.days.map((each) => ({
    ...each,
    lessons: each.lessons.map(([start, minutes, subject, status, absent]) => ({
      start,
      minutes,
      subject,
      status,
      absent_minutes: absent,
    })),
  })),
});

/** @param {Spread | undefined} spread @returns {spread is ToldSpread} */
const isTold = (spread) => spread !== undefined && spread.own_percent !== null;

const COMPARED_DAYS_MIN = 10; // a share of a few days says nothing

/**
 * Not on paper: the class is nobody's business where that goes.
 * @param {{ spread?: Spread }} props
 */
function Class({ spread }) {
  return (
    isTold(spread) &&
    html`<div class="screen-only"><${Figure} title=${stripTitle(spread)} chart=${html`<${Strip} spread=${spread} />`} table=${html`<${StripTable} spread=${spread} />`}>
    <p class="quiet">${t.pupil.strip_how}</p><//></div>`
  );
}

const corrections = () => import("./corrections.js");
const crisis = () => import("./crisis.js");
const forgotten = () => import("./forgotten.js");

/** @param {{ pupil: Shown, spread?: Spread, me: Me, counters: Partial<Counters>, onReload: () => void }} props */
function Page({ pupil, spread, me, counters, onReload }) {
  const [correcting, setCorrecting] = useState(false);
  const [forgot, setForgot] = useState(false);
  const [asks, setAsks] = useState(false);
  const grid = lessonGrid(pupil.days);
  const trend = trendOf(pupil.days, (pupil.flags ?? []).filter(isOpen)); // no flags for those who may not see them
  const title = yearTitle(pupil.days);
  const decisions = pupil.answers.filter((answer) => !answer.undone);
  const measures = new Set(decisions.map((answer) => dateOf(answer.at)));
  const decided = pupil.decided_through;
  const changed = () => {
    setAsks(false);
    onReload();
  };
  return html`
    <p class="print-only">${t.pupil.print_head(me.school, longDate(new Date().toISOString().slice(0, 10)))}<br />${t.pupil.print_secret}</p>
    <p class="screen-only"><a href="#/review">← ${t.pupil.back}</a></p>
    <div class="page-head">
      <${Heading}>${nameOf(pupil)}, ${pupil.class} ${pupil.protected && html`<${Protected} />`}<//>
      <p class="actions screen-only">
        ${me.permissions.includes("correct") && pupil.at_school && html`<button type="button" class="quiet-button" aria-expanded=${forgot} onClick=${() => setForgot(!forgot)}>${t.forgotten.title}</button>`}
        ${me.permissions.includes("correct") && html`<button type="button" class="quiet-button" aria-expanded=${correcting} onClick=${() => setCorrecting(!correcting)}>${t.pupil.correct}</button>`}
        ${me.permissions.includes("triage") && !pupil.crisis && html`<button type="button" class="quiet-button" aria-expanded=${asks} onClick=${() => setAsks(!asks)}>${t.crisis.title}</button>`}
        ${me.permissions.includes("support") && html`<a class="button quiet-button" href=${`#/support/${encodeURIComponent(pupil.pupil)}`}>${t.titles.support}</a>`}
        ${!pupil.protected && html`<button type="button" class="quiet-button" onClick=${() => window.print()}>${t.review.print}</button>`}
      </p>
    </div>
    ${pupil.mentor && html`<p class="quiet">${t.review.mentor(pupil.mentor)}</p>`}
    ${!pupil.at_school && html`<p>${t.pupil.not_at_school}</p>`}
    ${pupil.case && html`<p><strong><a href=${`#/case/${pupil.case.case}`}>${t.pupil.case(pupil.case.number, pupil.case.owner_name, longDate(pupil.case.next_on))}</a></strong></p>`}
    <${News} counters=${counters} onReload=${onReload} />
    ${(asks || pupil.crisis) && html`<${Lazy} load=${crisis} pupil=${pupil} onChanged=${changed} />`}
    ${forgot && html`<${Lazy} load=${forgotten} pupil=${pupil} />`}
    ${correcting && html`<${Lazy} load=${corrections} pupil=${pupil.pupil} />`}
    ${me.permissions.includes("flags") && html`<${Why} finding=${pupil.finding} flags=${pupil.flags} decidedThrough=${decided} answers=${pupil.answers} />`}
    <${Figure} title=${title} chart=${html`<${Calendar} days=${pupil.days} label=${title} measures=${measures} />`} table=${html`<${CalendarTable} days=${pupil.days} label=${title} measures=${measures} />`}>
      <${Legend} measures=${measures} />
    <//>
    <div class="columns">
      <div class="stack">
        <${Figure} title=${lessonsTitle(grid)} chart=${html`<${LessonTable} grid=${grid} label=${lessonsTitle(grid)} />`} />
        ${trend.points.length > 1 && html`<${Figure} title=${trendTitle(trend)} chart=${html`<${Trend} trend=${trend} />`} table=${html`<${TrendTable} trend=${trend} />`} />`}
        ${pupil.days.filter((each) => each.expected_minutes > 0).length >= COMPARED_DAYS_MIN && html`<${Class} spread=${spread} />`}
      </div>
      <${Timeline} entries=${[...pupil.timeline, ...decisions.map((answer) => ({ ...answer, kind: "answer", answer }))]} more=${pupil.timeline_more} />
    </div>
    ${decided && html`<p class="print-only">${t.pupil.print_source(longDate(decided))} ${t.pupil.count_unknown}</p>`}`;
}

/** @param {ViewProps} props */
export default function Pupil({ id, query, me, counters }) {
  const [asked, setAsked] = useState(0);
  const { answer, problem } = useAnswer(`pupils/${encodeURIComponent(id)}`, { asked });
  const { answer: spread } = useAnswer(`pupils/${encodeURIComponent(id)}/class`, { asked });
  usePrint(query.has("print"), Boolean(answer && !answer.protected));
  useEffect(() => {
    if (answer) titleAfter(answer);
  });
  if (problem)
    return html`<${Heading}>${t.titles.pupils}<//><${Problem} problem=${problem} /><p><a href="#/review">← ${t.pupil.back}</a></p>`;
  if (!answer) return html`<${Waiting} />`;
  return html`<${Page} pupil=${named(answer)} spread=${spread} me=${me} counters=${counters} onReload=${() => setAsked(asked + 1)} />`;
}
