// Att granska: whom to look at, and why, in the order of waiting time. The reason is told beside the list, so that most
// flags need no further page.
import { distinctEvidence, COVERAGE_ENOUGH_PERCENT, gravest, reason, shortReason } from "../reasons.js";
import { Choices, focusRow, Heading, html, Problem, Protected, useAnswer, useEffect, useRef, useState, Waiting } from "../ui.js";
import { longDate, t } from "../words.js";

const pupilHash = (pupil, query = "") => `#/pupil/${encodeURIComponent(pupil)}${query}`;

// Remembered while one visits a pupil and comes back.
let lastChosen = null;

/** The rows of an answer: { key, kind, item }. A row that is chosen when it disappears stays until one moves on. */
function rowsOf(answer, kept) {
  const rows = [
    ...answer.today.map((item) => ({ key: `task-${item.task}`, kind: "today", item })),
    ...answer.inbox.map((item) => ({ key: `flag-${item.pupil}`, kind: "fresh", item })),
    ...answer.quiet.map((item) => ({ key: `flag-${item.pupil}`, kind: "quiet", item })),
  ];
  return kept && !rows.some((row) => row.key === kept.key) ? [...rows, { ...kept, gone: true }] : rows;
}

function RowLabel({ row }) {
  const { item, kind, gone } = row;
  const hint = kind === "today" ? t.review.task_short(item.lessons.length) : shortReason(gravest(item.flags));
  return html`
    <span class="who">${item.name}${" "}<span class="class">${item.class}</span></span>${" "}
    <span class="when">${gone ? t.review.gone : kind === "today" ? "" : t.review.waiting(item.waiting_days)}</span>${" "}
    <span class="hint">${hint}</span>
    ${item.protected && html` <${Protected} />`}
    ${kind !== "today" && item.coverage_percent < COVERAGE_ENOUGH_PERCENT && html` <span class="mark uncertain">${t.review.uncertain}</span>`}`;
}

export function Reasons({ flags, decidedThrough }) {
  return html`<ul class="reasons">
    ${distinctEvidence(flags).map((evidence, index) => {
      const { lead, text, limit } = reason(evidence, decidedThrough);
      return html`<li key=${index}><strong>${lead}</strong> ${text} <span class="quiet">${limit}</span></li>`;
    })}
  </ul>`;
}

function Actions({ item }) {
  return html`<p class="actions">
    <a class="button" href=${pupilHash(item.pupil)}>${t.review.open} <kbd aria-hidden="true">Enter</kbd></a>
    <a class="button quiet-button" href=${pupilHash(item.pupil, "?print")}>${t.review.print} <kbd aria-hidden="true">p</kbd></a>
  </p>`;
}

function Who({ item }) {
  return html`<h2>${item.name}, ${item.class} ${item.protected && html`<${Protected} />`}</h2>`;
}

function FlagPanel({ item, gone, decidedThrough }) {
  const well = item.doing_well;
  const certain = item.coverage_percent >= COVERAGE_ENOUGH_PERCENT;
  return html`
    <${Who} item=${item} />
    <p class="quiet">${t.review.since(longDate(item.since), item.waiting_days)}</p>
    ${gone && html`<p class="notice">${t.review.gone}. ${t.review.gone_why}</p>`}
    <h3>${t.review.why}</h3>
    <${Reasons} flags=${item.flags} decidedThrough=${decidedThrough} />
    <dl class="facts">
      ${well?.days_present > 0 && html`<div><dt>${t.review.well}</dt><dd>${t.review.well_days(well.days_present, well.of_days)}</dd></div>`}
      <div><dt>${certain ? t.review.basis : html`<span class="mark uncertain">${t.review.uncertain}</span>`}</dt>
        <dd>${certain ? t.review.covered(item.coverage_percent) : t.review.uncertain_why(item.coverage_percent)}</dd></div>
      <div><dt>${t.review.next}</dt><dd>${t.review.steps[item.severity]}</dd></div>
    </dl>
    <${Actions} item=${item} />`;
}

function TaskPanel({ item, gone }) {
  return html`
    <${Who} item=${item} />
    ${gone && html`<p class="notice">${t.review.gone}.</p>`}
    <h3>${t.review.task(longDate(item.date))}</h3>
    <ul class="reasons">
      ${item.lessons.map((lesson) => html`<li key=${lesson.start}><strong>${lesson.start}</strong> ${lesson.subject},${" "}
        ${t.review.task_lesson(lesson.minutes, lesson.absent_minutes)}</li>`)}
    </ul>
    <p>${t.review.task_why}</p>
    <${Actions} item=${item} />`;
}

/** Says why there is nothing, and what comes next. */
function Nothing({ decidedThrough }) {
  const { answer } = useAnswer("status");
  return html`<div class="empty">
    <p><strong>${t.review.empty}</strong></p>
    ${decidedThrough && answer && html`<p>${t.review.empty_why(longDate(decidedThrough), answer.pupils)}</p>`}
    <p>${decidedThrough ? t.review.empty_next : t.review.empty_undecided}</p>
  </div>`;
}

function Lists({ rows, ...list }) {
  const of = (kind) => rows.filter((row) => row.kind === kind).map((row) => ({ key: row.key, label: html`<${RowLabel} row=${row} />` }));
  const size = (kind) => rows.filter((row) => row.kind === kind && !row.gone).length;
  const today = of("today");
  const fresh = of("fresh");
  const quiet = of("quiet");
  const groups = [
    { key: "today", name: t.review.today(size("today")), heading: true, rows: today },
    { key: "fresh", name: t.review.fresh(size("fresh")), heading: true, rows: fresh },
  ];
  return html`
    ${today.length + fresh.length > 0 && html`<${Choices} label=${t.review.list} groups=${groups} ...${list} />`}
    ${quiet.length > 0 && html`<details class="quiet-list" open=${rows.some((row) => row.key === list.chosen && row.kind === "quiet")}>
      <summary>${t.review.quiet(size("quiet"))}</summary>
      <p class="quiet">${t.review.quiet_lead}</p>
      <${Choices} label=${t.review.quiet_list} groups=${[{ key: "quiet", name: t.review.quiet_list, rows: quiet }]} ...${list} />
    </details>`}`;
}

export function Review({ flags, me, onHelp }) {
  const [kept, setKept] = useState(lastChosen);
  const panel = useRef();
  const rows = flags.answer ? rowsOf(flags.answer, kept) : [];
  const shown = rows.find((row) => row.key === kept?.key) ?? rows.find((row) => row.kind !== "quiet");
  const choose = (key) => {
    lastChosen = rows.find((row) => row.key === key);
    setKept(lastChosen);
  };
  // On a narrow screen the panel is below the list.
  const showPanel = () => { if (panel.current.getBoundingClientRect().top > innerHeight / 2) panel.current.scrollIntoView(); };
  useEffect(() => { if (lastChosen) focusRow(lastChosen.key); }, []);

  if (!flags.answer) return html`<${Heading}>${t.review.title}<//>${flags.problem ? html`<${Problem} problem=${flags.problem} />` : html`<${Waiting} />`}`;
  const { decided_through: decidedThrough, inbox, today } = flags.answer;
  const pupilOf = (key) => rows.find((row) => row.key === key).item.pupil;
  const keys = {
    Enter: (key) => { location.hash = pupilHash(pupilOf(key)); },
    p: (key) => { location.hash = pupilHash(pupilOf(key), "?print"); },
    "/": () => document.getElementById("search")?.focus(),
    "?": onHelp,
  };
  return html`
    <${Heading}>${t.review.title}<//>
    <p class="quiet">${decidedThrough ? t.review.decided(longDate(decidedThrough)) : t.review.not_decided}
      ${today.length === 0 && html` ${t.review.no_tasks}`}</p>
    <p class="hidden" role="status">${t.review.updated(inbox.length)}</p>
    <div class="split">
      <section class="lists" aria-label=${t.review.list}>
        ${inbox.length === 0 && me.permissions.includes("flags") && html`<${Nothing} decidedThrough=${decidedThrough} />`}
        <${Lists} rows=${rows} chosen=${shown?.key} onChoose=${choose} onPick=${showPanel} keys=${keys} />
      </section>
      <section class="panel" aria-label=${t.review.why} ref=${panel}>
        ${!shown ? html`<p class="quiet">${t.review.choose}</p>`
          : shown.kind === "today" ? html`<${TaskPanel} item=${shown.item} gone=${shown.gone} />`
          : html`<${FlagPanel} item=${shown.item} gone=${shown.gone} decidedThrough=${decidedThrough} />`}
      </section>
    </div>`;
}
