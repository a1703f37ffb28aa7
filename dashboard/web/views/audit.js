// Logg: who looked at or changed what, and the month's review: some views of pupils, drawn at random, to be judged.
/** @import { Children, Day, DrawnEntry, Instant, LogEntry, Log as Page, Submitted, Trouble, ViewProps } from "../types.js" */
import { read, send } from "../server.js";
import { fieldsOf, Heading, html, Problem, useAnswer, useElement, useState, Waiting, Wide } from "../ui.js";
import { dateOf, monthYear, shortDay, t, timeOf } from "../words.js";

const FILTERS = /** @type {const} */ (["user", "object", "from", "to"]);
/** @param {Instant} instant */
const when = (instant) => `${shortDay(dateOf(instant))} ${timeOf(instant)}`;
const VERDICTS = /** @type {const} */ (["ok", "question"]);

/**
 * Lists of pupils are told by how many they were: their names are not this page's to show.
 * @param {LogEntry} entry
 */
function objectOf({ object, protected: hides }) {
  if (hides && !object) return t.audit.hidden;
  if (!object.startsWith("[")) return object;
  try {
    return t.audit.pupils(JSON.parse(object).length);
  } catch {
    return object;
  }
}

/**
 * @template {LogEntry} E
 * @param {{ entries: E[], last?: { name: string, cell: (entry: E) => Children } }} props
 */
function Rows({ entries, last }) {
  return html`<${Wide} label=${t.titles.audit}><table class="boxed">
    <thead><tr><th scope="col">${t.audit.at}</th><th scope="col">${t.audit.user}</th><th scope="col">${t.audit.action}</th><th scope="col" class="screen-only">${t.audit.object}</th>${last && html`<th scope="col">${last.name}</th>`}</tr></thead>
    <tbody>${entries.map(
      (
        entry,
      ) => html`<tr key=${entry.sequence}><td>${when(entry.at)}</td><td>${entry.user}</td><td>${t.audit.actions[entry.action] ?? entry.action}</td>
      <td class="screen-only">${objectOf(entry)}</td>${last && html`<td>${last.cell(entry)}</td>`}</tr>`,
    )}</tbody></table><//>`;
}

function Log() {
  const [asked, setAsked] = useState(/** @type {Record<string, string>} */ ({}));
  const [older, setOlder] = useState(/** @type {Page[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const query = new URLSearchParams(asked).toString();
  const first = useAnswer(`audit${query && `?${query}`}`);
  const pages = first.answer ? [first.answer, ...older] : [];
  const entries = pages.flatMap((page) => page.entries);
  /** @param {Submitted} event */
  const search = (event) => {
    event.preventDefault();
    const given = fieldsOf(event);
    setOlder([]);
    setAsked(Object.fromEntries(FILTERS.map((name) => [name, given[name].trim()]).filter(([, value]) => value)));
  };
  const more = () =>
    read(`audit?${new URLSearchParams({ ...asked, before: String(entries.at(-1)?.sequence) })}`).then(
      (page) => setOlder([...older, page]),
      setProblem,
    );
  return html`
    <form class="fields" onSubmit=${search} role="search" aria-label=${t.audit.filter}>
      ${FILTERS.map((name) => html`<label key=${name}>${t.audit.filters[name]} <input name=${name} type=${name === "from" || name === "to" ? "date" : "text"} maxlength="64" autocapitalize="none" /></label>`)}
      <button type="submit">${t.audit.show}</button></form>
    ${(first.problem ?? problem) && html`<${Problem} problem=${first.problem ?? problem} />`}
    ${!first.answer && !first.problem && html`<${Waiting} />`}
    ${first.answer && html`<p class="quiet" role="status">${t.audit.found(entries.length)}</p>${entries.length > 0 && html`<${Rows} entries=${entries} />`}`}
    ${pages.at(-1)?.more && html`<p><button type="button" class="quiet-button" onClick=${more}>${t.audit.older}</button></p>`}`;
}

/** @param {Day} iso */
function monthBefore(iso) {
  const date = new Date(`${iso.slice(0, 7)}-01T00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return date.toISOString().slice(0, 7);
}

/** @param {{ month: string, maySign: boolean }} props */
function Review({ month, maySign }) {
  const [asked, setAsked] = useState(0);
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const review = useAnswer(`audit/review?month=${month}`, { asked });
  const heading = useElement();
  /** @param {string} path @param {object} body */
  const attempt = (path, body) =>
    send(path, body).then(() => {
      setProblem(null);
      setAsked(asked + 1);
      heading.current.focus(); // the button that was pressed is gone
    }, setProblem);
  const drawn = review.answer?.drawn ?? [];
  const left = drawn.filter((entry) => !entry.verdict).length;
  /** @param {DrawnEntry} entry */
  const verdict = (entry) =>
    entry.verdict
      ? t.audit.judged(t.audit.verdicts[entry.verdict], entry.judged_by, when(entry.judged_at))
      : maySign &&
        html`<span class="actions">${VERDICTS.map(
          (
            word,
          ) => html`<button type="button" key=${word} class="quiet-button" aria-label=${t.audit.judge(t.audit.verdicts[word], when(entry.at), entry.user)}
      onClick=${() => attempt(`audit/review/${entry.sequence}`, { verdict: word })}>${t.audit.verdicts[word]}</button>`,
        )}</span>`;
  return html`<section class="card" aria-labelledby="review"><h2 id="review" tabindex="-1" ref=${heading}>${t.audit.review(monthYear(month))}</h2>
    <p class="quiet">${t.audit.review_lead}</p>
    ${(review.problem ?? problem) && html`<${Problem} problem=${review.problem ?? problem} />`}
    ${review.answer && drawn.length === 0 && html`<p>${t.audit.not_drawn}</p>${maySign && html`<p><button type="button" onClick=${() => attempt("audit/review", { month })}>${t.audit.draw}</button></p>`}`}
    ${drawn.length > 0 && html`<p role="status">${left === 0 ? t.audit.all_judged : t.audit.left(left)}</p><${Rows} entries=${drawn} last=${{ name: t.audit.verdict, cell: verdict }} />`}
  </section>`;
}

/** @param {ViewProps} props */
export default function Audit({ me }) {
  const { answer } = useAnswer("status");
  return html`<${Heading}>${t.titles.audit}<//>
    <p class="quiet">${t.audit.lead}</p>
    ${answer && me.permissions.includes("review") && html`<${Review} month=${monthBefore(dateOf(answer.now))} maySign=${me.permissions.includes("review_sign")} />`}
    <${Log} />`;
}
