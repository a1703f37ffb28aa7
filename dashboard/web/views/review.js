// Att granska: whom to look at, and why. The reason is told beside the list, and answered there with one key, so that most
// flags need no further page. An answer moves on to the next pupil and can be undone until the next one.
/** @import { AnswerKind, Children, Day, Finding as Found, Flag, Guardian as Whom, Inbox, Item, ResultOf, Signal, Task, Trouble, ViewProps } from "../types.js" */
import {
  clearsWhen,
  COVERAGE_ENOUGH_PERCENT,
  distinctEvidence,
  findingSentence,
  LATER,
  reason,
  stateOf,
  thenAndNow,
  thenName,
  worksWell,
} from "../reasons.js";
import { send } from "../server.js";
import {
  Choices,
  focusRow,
  Heading,
  html,
  Lazy,
  nameOf,
  Problem,
  Protected,
  useAnswer,
  useEffect,
  useElement,
  useRef,
  useState,
  Waiting,
} from "../ui.js";
import { day, longDate, number, percent, schoolDayLater, t, timeOf } from "../words.js";

const CASE_DAYS = 14; // a simple mapping takes two weeks; the date can be moved in the case

/** @param {string} pupil */
const pupilHash = (pupil, query = "") => `#/pupil/${encodeURIComponent(pupil)}${query}`;
const answerForm = () => import("./answer.js");
const routineForm = () => import("./routine.js");

/** @typedef {{ key: string, kind: "due" | "fresh" | "joined" | "quiet", item: Item, gone?: boolean }} FlagRow */
/** @typedef {{ key: string, kind: "today", item: Task, gone?: boolean }} TaskRow */
/** @typedef {FlagRow | TaskRow} Row */
/** @typedef {{ key: string, kind: string, name: string, on?: Day, file?: number, path?: string | null, body?: object }} Answer what can be undone */

// Remembered while one visits a pupil and comes back.
/** @type {Row | null} */
let lastChosen = null;
/** @type {Answer | null} */
let lastAnswer = null;
/** @type {Map<string, string>} */
const answered = new Map(); // row key → what it looked like then: an older answer of the server does not bring it back

/** @param {Item} item */
const looks = ({ flags, due_on: due }) => JSON.stringify([flags.map((flag) => flag.flag), due]);

/**
 * The rows of an answer: { key, kind, item }. A row that is chosen when it disappears stays until one moves on.
 * @param {Inbox} answer
 * @param {Row | null} kept
 * @returns {Row[]}
 */
function rowsOf(answer, kept) {
  /** @param {FlagRow["kind"]} kind @returns {(item: Item) => FlagRow} */
  const flagRow = (kind) => (item) => ({ key: `flag-${item.pupil}`, kind, item });
  /** @type {TaskRow[]} */
  const tasks = answer.today.map((item) => ({ key: `task-${item.task}`, kind: "today", item }));
  const rows = [
    ...tasks.filter((row) => !row.item.done),
    ...tasks.filter((row) => row.item.done),
    ...answer.inbox.filter((item) => item.due).map(flagRow("due")),
    ...answer.inbox.filter((item) => !item.due && !item.joins_last_year).map(flagRow("fresh")),
    ...answer.inbox.filter((item) => !item.due && item.joins_last_year).map(flagRow("joined")),
    ...answer.quiet.map(flagRow("quiet")),
  ];
  for (const key of answered.keys()) if (!rows.some((row) => row.key === key)) answered.delete(key);
  const open = rows.filter((row) => row.kind === "today" || answered.get(row.key) !== looks(row.item));
  return kept && !open.some((row) => row.key === kept.key) ? [...open, { ...kept, gone: true }] : open;
}

/** @param {Row} row */
function hintOf({ kind, item }) {
  if (kind === "today" && item.kind === "routine") return t.review.routine_short;
  if (kind === "today")
    return item.done ? t.review.task_told(timeOf(item.done.at)) : t.review.task_short(item.lessons.length);
  if (item.flags.length === 0) return t.review.cleared;
  return item.finding ? findingSentence(item.finding, item.flags, true) : "";
}

/** @param {Row} row */
function whenOf({ kind, item, gone }) {
  if (gone) return t.review.gone;
  if (kind === "today") return "";
  return kind === "due" && item.due_on ? day(item.due_on) : t.review.waiting(item.waiting_days);
}

/** @param {{ row: Row }} props */
function RowLabel({ row }) {
  const { item } = row;
  return html`
    <span class="who">${nameOf(item)}${" "}<span class="class">${item.class}</span></span>${" "}
    <span class="when">${whenOf(row)}</span>${" "}
    <span class="hint">${hintOf(row)}</span>
    ${item.protected && html` <${Protected} />`}
    ${row.kind !== "today" && row.item.paused && html` <span class="mark">${t.review.paused}</span>`}
    ${row.kind !== "today" && row.item.coverage_percent < COVERAGE_ENOUGH_PERCENT && html` <span class="mark uncertain">${t.review.uncertain}</span>`}`;
}

// The finding, alike in the list's panel, on the pupil's page and on paper: one sentence, then how it was and how it is, what would
// take the flag away, what works. What each rule asked for is folded away under it.

/**
 * Every condition of the flags, once: as it was, the school's limit, and as it is.
 * @param {{ flags: Flag[] }} props
 */
export function Conditions({ flags }) {
  const conditions = distinctEvidence(flags);
  return html`<details class="counted">
    <summary>${t.review.conditions(conditions.length)}</summary>
    <ul class="reasons">
      ${conditions.map(({ evidence, now }, at) => {
        const { lead, text, limit } = reason(evidence, LATER);
        return html`<li key=${at}><strong>${lead}</strong> ${text} <span class="quiet">${limit}</span>
          ${now?.defined && html`<br />${t.findings.now}: ${stateOf(now, now.to)}`}</li>`;
      })}
    </ul>
  </details>`;
}

/** @param {{ name: string, children: Children }} props */
const Fact = ({ name, children }) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;

/**
 * How much of the lesson time is known; what is told of less is not certain.
 * @param {{ percent: number }} props
 */
function Coverage({ percent: known }) {
  const certain = known >= COVERAGE_ENOUGH_PERCENT;
  return html`<${Fact} name=${certain ? t.review.basis : html`<span class="mark uncertain">${t.review.uncertain}</span>`}>
    ${certain ? t.review.covered(known) : t.review.uncertain_why(known)}<//>`;
}

/** @param {{ finding: Found, flags: Flag[] }} props */
export function Sentence({ finding, flags }) {
  return html`<p class="finding">${findingSentence(finding, flags)}</p>`;
}

/** @param {{ finding: Found, flags: Flag[] }} props */
export function Facts({ finding, flags }) {
  const { clear, holds, since } = finding;
  const { then, now } = thenAndNow(finding, flags);
  const well = worksWell(finding);
  return html`
    <${Fact} name=${thenName(finding, flags)}>${stateOf(then, LATER)}<//>
    ${now?.defined && html`<${Fact} name=${t.findings.now}>${stateOf(now, now.to)} ${holds === true ? t.findings.holds : holds === false ? t.findings.eased : ""}<//>`}
    ${clear && html`<${Fact} name=${t.review.cleared_when}>${clearsWhen(clear)}<//>`}
    ${since && html`<${Fact} name=${t.review.first_sign}>${longDate(since)}<//>`}
    ${well && html`<${Fact} name=${t.review.well}>${well}<//>`}`;
}

/** @param {{ item: Item | Task }} props */
function Ways({ item }) {
  return html`<p class="actions">
    <a class="button quiet-button" href=${pupilHash(item.pupil)}>${t.review.open} <kbd aria-hidden="true">Enter</kbd></a>
    ${!item.protected && html`<a class="button quiet-button" href=${pupilHash(item.pupil, "?print")}>${t.review.print} <kbd aria-hidden="true">p</kbd></a>`}
  </p>`;
}

/** @param {{ item: Item | Task }} props */
function Who({ item }) {
  return html`<h2>${nameOf(item)}, ${item.class} ${item.protected && html`<${Protected} />`}</h2>
    ${item.mentor && html`<p class="quiet">${t.review.mentor(item.mentor)}</p>`}`;
}

/**
 * Why it is back, when it was answered before.
 * @param {{ item: Item }} props
 */
function Due({ item }) {
  if (!item.due) return null;
  const file = item.case;
  return html`<p><strong>${file ? t.review.due_case(file.number, file.owner_name, longDate(file.next_on)) : t.review.due_snooze(item.due_on && longDate(item.due_on))}</strong></p>`;
}

/** @param {{ row: FlagRow, triage: object | false | undefined }} props */
function FlagPanel({ row: { item, gone }, triage }) {
  const { finding } = item;
  return html`
    <${Who} item=${item} />
    ${item.due ? html`<${Due} item=${item} />` : html`<p class="quiet">${t.review.since(longDate(item.since), item.waiting_days)}</p>`}
    ${item.joins_last_year && html`<p>${t.review.joined_why} <a href="#/last_year">${t.titles.last_year}</a></p>`}
    ${gone && html`<p class="notice">${t.review.gone}. ${t.review.gone_why}</p>`}
    ${finding ? html`<${Sentence} finding=${finding} flags=${item.flags} />` : item.flags.length === 0 && html`<p>${t.review.cleared_why}</p>`}
    <dl class="facts">
      ${finding && html`<${Facts} finding=${finding} flags=${item.flags} />`}
      ${item.time_lost && html`<div><dt>${t.review.lost}</dt><dd>${t.review.lost_hours(number(item.time_lost.minutes / 60, 1), item.time_lost.of_days)}</dd></div>`}
      <${Coverage} percent=${item.coverage_percent} />
      <div><dt>${t.review.next}</dt><dd>${t.review.steps[item.severity]}</dd></div>
    </dl>
    ${item.flags.length > 0 && html`<${Conditions} flags=${item.flags} />`}
    ${!gone && triage && html`<${Answers} item=${item} ...${triage} />`}
    <${Ways} item=${item} />`;
}

/**
 * The three answers; or, when one was chosen that needs more, its form.
 * @param {{
 * item: Item, form: AnswerKind | null, today: Day,
 * onStart: (kind: AnswerKind) => void, onAnswer: (body: object) => void, onCancel: () => void
 * }} props
 */
function Answers({ item, form, today, onStart, onAnswer, onCancel }) {
  if (form)
    return html`<${Lazy} load=${answerForm} key=${form} kind=${form} item=${item} today=${today} onAnswer=${onAnswer} onCancel=${onCancel} />`;
  return html`<p class="actions">
    <button type="button" onClick=${() => onStart("confirm")}>${item.case ? t.review.case_next : t.review.confirm} <kbd aria-hidden="true">b</kbd></button>
    ${item.case && html`<button type="button" class="quiet-button" onClick=${() => onStart("close")}>${t.review.close} <kbd aria-hidden="true">e</kbd></button>`}
    ${
      !item.case &&
      html`<button type="button" class="quiet-button" onClick=${() => onStart("snooze")}>${t.review.snooze} <kbd aria-hidden="true">a</kbd></button>
    <button type="button" class="quiet-button" onClick=${() => onStart("dismiss")}>${t.review.dismiss} <kbd aria-hidden="true">e</kbd></button>`
    }
  </p>`;
}

/** @param {string} phone */
export const phoneHash = (phone) => `tel:${phone.replace(/[^+0-9]/g, "")}`;

/**
 * What to know before one calls.
 * @param {Whom} guardian
 */
const aboutOf = ({ relation, language, interpreter }) =>
  [
    relation && relation !== "vardnadshavare" && t.review.relations[relation],
    language && t.review.speaks(language),
    interpreter && t.review.interpreter,
  ]
    .filter(Boolean)
    .join(", ");

/** @param {{ guardian: Whom, onTold: (guardian: number) => void }} props */
function Guardian({ guardian, onTold }) {
  const about = aboutOf(guardian);
  return html`<li><span>${guardian.name}${about && ` (${about})`} <a href=${phoneHash(guardian.phone)}>${guardian.phone}</a></span>
    <button type="button" class="told quiet-button" onClick=${() => onTold(guardian.guardian)} aria-label=${t.review.told_whom(guardian.name)}>${t.review.told}</button></li>`;
}

/** @param {{ row: TaskRow, onTold: (body: object) => void }} props */
function TaskPanel({ row: { item, gone }, onTold }) {
  const { guardians } = item;
  const adult = item.contact_with === "pupil";
  const whom = guardians?.find((guardian) => guardian.guardian === item.done?.guardian);
  return html`
    <${Who} item=${item} />
    ${gone && html`<p class="notice">${t.review.gone}.</p>`}
    <h3>${t.review.task(longDate(item.date))}</h3>
    <ul class="reasons">
      ${item.lessons.map(
        (lesson) => html`<li key=${lesson.start}><strong>${lesson.start}</strong> ${lesson.subject},${" "}
        ${t.review.task_lesson(lesson.minutes, lesson.absent_minutes)}</li>`,
      )}
    </ul>
    ${item.told_by && !item.done && html`<p><strong>${t.review.task_by(timeOf(item.told_by))}</strong></p>`}
    ${
      item.done &&
      html`<p><strong>${t.review.task_done(timeOf(item.done.at), whom?.name, item.told_by && timeOf(item.told_by))}</strong>
      ${item.lessons.length > item.done.lessons && ` ${t.review.task_more(item.lessons.length - item.done.lessons)}`}</p>`
    }
    <p>${adult ? t.review.adult_why : t.review.task_why}</p>
    ${
      !gone &&
      guardians &&
      html`<ul class="guardians">
      ${guardians.map((guardian) => html`<${Guardian} key=${guardian.guardian} guardian=${guardian} onTold=${() => onTold({ guardian: guardian.guardian })} />`)}
      ${item.speak_first_with && html`<li><strong>${t.review.speak_first(item.speak_first_with)}</strong> <button type="button" class="told quiet-button" onClick=${() => onTold({})}>${t.review.told}</button></li>`}
      ${guardians.length === 0 && !item.speak_first_with && html`<li><span>${adult ? nameOf(item) : t.review.no_guardian}</span> <button type="button" class="told quiet-button" onClick=${() => onTold({})}>${t.review.told}</button></li>`}
    </ul>`
    }
    <${Ways} item=${item} />`;
}

/** @param {{ row: TaskRow, onTold: (body: object) => void }} props */
function RoutinePanel({ row: { item, gone }, onTold }) {
  return html`<${Who} item=${item} />
    ${gone && html`<p class="notice">${t.review.gone}.</p>`}
    <h3>${t.review.routine(longDate(item.date))}</h3>
    ${item.speak_first_with && html`<p class="notice">${t.review.speak_first(item.speak_first_with)}</p>`}
    <${Lazy} load=${routineForm} item=${item} onTold=${gone ? undefined : onTold} />
    <${Ways} item=${item} />`;
}

/**
 * A class or year that stands out as a whole: perhaps an illness or a bus, and no pupil's own pattern.
 * @param {{ signals: Signal[] }} props
 */
export function Signals({ signals }) {
  return (
    signals.length > 0 &&
    html`<ul class="signals" aria-label=${t.review.signals}>${signals.map(
      (signal) => html`<li key=${signal.kind + signal.name}>
    ${t.review.signal[signal.kind](signal.name, percent(signal.absent_minutes, signal.expected_minutes), longDate(signal.date), percent(signal.usual_permille, 1000))}</li>`,
    )}</ul>`
  );
}

/**
 * What is said above the list: whom to follow from last year, and that more wait than can be met.
 * @param {{ answer: Inbox }} props
 */
function Above({ answer: { last_year: list, waiting, items_a_week: most } }) {
  return html`
    ${list && html`<p><a href="#/last_year">${t.titles.last_year}</a> ${t.review.last_year(list.pupils, list.undecided)}</p>`}
    ${most !== null && waiting > most && html`<p class="notice" id="too-many">${t.review.too_many(waiting, most)}</p>`}`;
}

/**
 * Says why there is nothing, and what comes next.
 * @param {{ decidedThrough: Day | null }} props
 */
function Nothing({ decidedThrough }) {
  const { answer } = useAnswer("status");
  return html`<div class="empty">
    <p><strong>${t.review.empty}</strong></p>
    ${decidedThrough && answer && html`<p>${t.review.empty_why(longDate(decidedThrough), answer.pupils)}</p>`}
    <p>${decidedThrough ? t.review.empty_next : t.review.empty_undecided}</p>
  </div>`;
}

/** @param {Row} row */
const isDone = (row) => row.kind === "today" && Boolean(row.item.done);

const LISTED = /** @type {const} */ (["today", "due", "fresh", "joined"]);

/** @param {{ rows: Row[], chosen?: string, [prop: string]: unknown }} props */
function Lists({ rows, ...list }) {
  /** @param {string} kind */
  const of = (kind) =>
    rows.filter((row) => row.kind === kind).map((row) => ({ key: row.key, label: html`<${RowLabel} row=${row} />` }));
  /** @param {string} kind */
  const size = (kind) => rows.filter((row) => row.kind === kind && !row.gone && !isDone(row)).length;
  const groups = LISTED.map((kind) => ({ key: kind, name: t.review[kind](size(kind)), heading: true, rows: of(kind) }));
  const quiet = of("quiet");
  return html`
    ${groups.some((group) => group.rows.length > 0) && html`<${Choices} label=${t.review.list} groups=${groups} ...${list} />`}
    ${
      quiet.length > 0 &&
      html`<details class="quiet-list" open=${rows.some((row) => row.key === list.chosen && row.kind === "quiet")}>
      <summary>${t.review.quiet(size("quiet"))}</summary>
      <p class="quiet">${t.review.quiet_lead}</p>
      <${Choices} label=${t.review.quiet_list} groups=${[{ key: "quiet", name: t.review.quiet_list, rows: quiet }]} ...${list} />
    </details>`
    }`;
}

/**
 * What was answered last, in words, until the next answer.
 * @param {{ last: Answer | null, onUndo: () => void }} props
 */
function Answered({ last, onUndo }) {
  return html`<p class="answered" role="status">${
    last &&
    html`<span>${t.review.answered[last.kind](last.name, last.on && day(last.on))}</span>
    ${last.file && last.kind !== "undone" && html` <a id="open-case" href=${`#/case/${last.file}`}>${t.review.open_case} <kbd aria-hidden="true">o</kbd></a>`}
    ${last.path && html` <button type="button" id="undo" class="plain" onClick=${onUndo}>${t.review.undo} <kbd aria-hidden="true">u</kbd></button>`}`
  }</p>`;
}

/**
 * The answers and where focus goes after them: `answer(row, kind, body)`, `told(row, body)`, `undo()`. The next row takes
 * over at once; a row that was undone takes focus again when the server lists it.
 * @param {{ rows: Row[], flags: ViewProps["flags"], choose: (key?: string) => void }} given
 */
function useTriage({ rows, flags, choose }) {
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const [last, setLast] = useState(lastAnswer);
  const awaited = useRef(/** @type {string | null} */ (null));
  useEffect(() => {
    const key = awaited.current;
    if (!key || !rows.some((row) => row.key === key && !row.gone)) return;
    awaited.current = null;
    choose(key);
    focusRow(key);
  });
  /**
   * @template {string} Path
   * @param {Path} path
   * @param {object} body
   * @param {(given: ResultOf<Path>) => void} done
   */
  const attempt = async (path, body, done) => {
    setProblem(null);
    try {
      done(await send(path, body));
    } catch (refusal) {
      setProblem(refusal);
    }
    flags.again();
  };
  /** @param {Answer} answer */
  const remember = (answer) => {
    lastAnswer = answer;
    setLast(answer);
  };
  /** @param {{ key: string, kind?: string }} row */
  const moveOn = (row) => {
    const group = rows.filter((each) => (each.kind === "quiet") === (row.kind === "quiet"));
    const at = group.findIndex((each) => each.key === row.key);
    const next =
      group.slice(at + 1).find((each) => !each.gone) ??
      group
        .slice(0, at)
        .reverse()
        .find((each) => !each.gone);
    choose(next?.key);
    if (next) focusRow(next.key);
    else document.getElementById("heading")?.focus();
  };
  /** @param {FlagRow} row @param {AnswerKind} kind @param {object} body */
  const answer = ({ key, item }, kind, body) =>
    attempt(
      `flags/${encodeURIComponent(item.pupil)}/${kind}`,
      { ...body, flags: item.flags.map((flag) => flag.flag) },
      (given) => {
        answered.set(key, looks(item));
        remember({
          key,
          kind: item.case && kind === "confirm" ? "case_next" : kind,
          name: nameOf(item),
          on: given.until ?? given.case?.next_on,
          file: given.case?.case,
          path: `flags/${encodeURIComponent(item.pupil)}/undo`,
        });
        moveOn({ key, kind: rows.find((row) => row.key === key)?.kind });
      },
    );
  /** @param {TaskRow} row @param {{ contact?: string, guardian?: number, time?: string }} body */
  const told = (row, body) =>
    attempt(`tasks/${row.item.task}/done`, body, () => {
      const { contact } = body;
      const kind = contact ? "routine" : row.item.contact_with === "pupil" ? "told_pupil" : "told";
      const path = `tasks/${row.item.task}/undo`;
      remember({ key: row.key, kind, name: nameOf(row.item), path, body: contact ? { contact } : {} });
      if (!contact) moveOn(row); // of a routine there are more to contact
    });
  const undo = () =>
    last?.path &&
    attempt(last.path, last.body ?? {}, () => {
      answered.delete(last.key);
      awaited.current = last.key;
      remember({ ...last, kind: "undone", path: null });
    });
  return { problem, last, answer, told, undo };
}

/** @param {ViewProps} props */
export function Review({ flags, me, onHelp }) {
  const [kept, setKept] = useState(lastChosen);
  const [form, setForm] = useState(/** @type {AnswerKind | null} */ (null));
  const panel = useElement();
  const rows = flags.answer ? rowsOf(flags.answer, kept) : [];
  const shown = rows.find((row) => row.key === kept?.key) ?? rows.find((row) => row.kind !== "quiet");
  /** @param {string} [key] */
  const choose = (key) => {
    if (me.permissions.includes("triage")) answerForm(); // here before a key asks for it
    if (key !== kept?.key) setForm(null);
    lastChosen = rows.find((row) => row.key === key) ?? null;
    setKept(lastChosen);
  };
  const triage = useTriage({ rows, flags, choose });
  // On a narrow screen the panel is below the list.
  const showPanel = () => {
    if (panel.current.getBoundingClientRect().top > innerHeight / 2) panel.current.scrollIntoView();
  };
  useEffect(() => {
    if (lastChosen) focusRow(lastChosen.key);
  }, []);

  if (!flags.answer)
    return html`<${Heading}>${t.titles.review}<//>${flags.problem ? html`<${Problem} problem=${flags.problem} />` : html`<${Waiting} />`}`;
  const { decided_through: decidedThrough, inbox, today: tasks, date } = flags.answer;
  const mayAnswer = me.permissions.includes("triage");
  /** @param {string} key */
  const rowOf = (key) => /** @type {Row} */ (rows.find((row) => row.key === key));
  /** @param {AnswerKind} kind @returns {(key: string) => unknown} */
  const start = (kind) => (key) => {
    const row = rowOf(key);
    if (row.kind === "today") return kind === "confirm" && panel.current.querySelector(".told")?.focus();
    const asked = row.item.case && kind === "dismiss" ? "close" : kind; // the same key says no to a flag and ends a case
    if (!mayAnswer || row.gone || (asked === "snooze" && row.item.case)) return;
    if (asked === "confirm" && !row.item.case)
      return triage.answer(row, kind, { next_on: schoolDayLater(date, CASE_DAYS) });
    choose(key);
    setForm(asked);
  };
  /** @type {Record<string, (key: string) => unknown>} */
  const keys = {
    Enter: (key) => {
      location.hash = pupilHash(rowOf(key).item.pupil);
    },
    p: (key) => {
      location.hash = pupilHash(rowOf(key).item.pupil, "?print");
    },
    b: start("confirm"),
    a: start("snooze"),
    e: start("dismiss"),
    u: triage.undo,
    o: () => {
      if (triage.last?.file && triage.last.kind !== "undone") location.hash = `#/case/${triage.last.file}`;
    },
    "/": () => document.getElementById("search")?.focus(),
    "?": onHelp,
  };
  const panelTriage = mayAnswer &&
    shown &&
    shown.kind !== "today" && {
      form,
      today: date,
      onStart: (/** @type {AnswerKind} */ kind) => start(kind)(shown.key),
      onAnswer: (/** @type {object} */ body) => form && triage.answer(shown, form, body),
      onCancel: () => {
        setForm(null);
        focusRow(shown.key);
      },
    };
  return html`
    <${Heading}>${t.titles.review}<//>
    <p class="quiet">${decidedThrough ? t.review.decided(longDate(decidedThrough)) : t.review.not_decided}
      ${tasks.length === 0 && html` ${t.review.no_tasks}`}</p>
    <${Above} answer=${flags.answer} />
    <${Signals} signals=${flags.answer.signals ?? []} />
    <p class="hidden" role="status">${t.review.updated(inbox.length)}</p>
    <div class="split">
      <section class="lists" aria-label=${t.review.list}>
        ${inbox.length === 0 && me.permissions.includes("flags") && html`<${Nothing} decidedThrough=${decidedThrough} />`}
        <${Lists} rows=${rows} chosen=${shown?.key} onChoose=${choose} onPick=${showPanel} keys=${keys} />
        <${Answered} last=${triage.last} onUndo=${triage.undo} />
      </section>
      <section class="panel" aria-label=${t.review.why} ref=${panel}>
        ${triage.problem && html`<${Problem} problem=${triage.problem} />`}
        ${
          !shown
            ? html`<p class="quiet">${t.review.choose}</p>`
            : shown.kind === "today"
              ? html`<${shown.item.kind === "routine" ? RoutinePanel : TaskPanel} row=${shown} onTold=${(/** @type {object} */ body) => triage.told(shown, body)} />`
              : html`<${FlagPanel} row=${shown} triage=${panelTriage} />`
        }
      </section>
    </div>`;
}
