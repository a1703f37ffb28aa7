// Gallring: how long what is kept, what goes when, and the receipts of what went. Counts only, never a pupil.
/** @import { Day, Instant, Kind, Run, Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, Problem, useAnswer, useElement, useState, Waiting, Wide } from "../ui.js";
import { dateOf, day, longDate, number, shortDay, t, timeOf } from "../words.js";

/** @param {Instant} instant */
const when = (instant) => `${shortDay(dateOf(instant))} ${timeOf(instant)}`;
/** Kept by programs that erase all the time: said, not counted. */
const STANDING = ["sessions", "journals"];

/** @param {Kind} kind */
const keptFor = (kind) =>
  kind.school_years
    ? t.retention.school_years(kind.school_years)
    : kind.years
      ? t.retention.years(kind.years)
      : t.retention.days_after(kind.days);
/** @param {Day} iso */
const dayAndYear = (iso) => `${day(iso)} ${iso.slice(0, 4)}`;

/** @param {{ kinds: Kind[], next: Instant }} props */
function Rules({ kinds, next }) {
  const turns = kinds[0].due.slice(1).map((due) => due.on);
  return html`<section class="card" aria-labelledby="rules"><h2 id="rules">${t.retention.rules}</h2>
    <${Wide} label=${t.retention.rules}><table class="boxed">
      <thead><tr><th scope="col">${t.retention.kind}</th><th scope="col">${t.retention.kept}</th><th scope="col">${t.retention.on(shortDay(dateOf(next)))}</th>
        ${turns.map((on) => html`<th scope="col" key=${on}>${t.retention.on(dayAndYear(on))}</th>`)}</tr></thead>
      <tbody>${kinds.map(
        (
          kind,
        ) => html`<tr key=${kind.kind}><th scope="row">${t.retention.kinds[kind.kind] ?? kind.kind}</th><td>${keptFor(kind)}</td>
        ${kind.due.map((due) => html`<td key=${due.on}>${number(due.rows)}</td>`)}</tr>`,
      )}
        ${STANDING.map((kind) => html`<tr key=${kind}><th scope="row">${t.retention.kinds[kind]}</th><td>${t.retention.standing[kind]}</td><td colspan="3">${t.retention.all_the_time}</td></tr>`)}</tbody>
    </table><//>
    <p class="quiet">${t.retention.how}</p></section>`;
}

/**
 * "2 anmälda frånvaror, 1 elev": only what there was.
 * @param {Run} run
 */
function went({ erased }) {
  const told = Object.entries(erased ?? {})
    .filter(([, rows]) => rows > 0)
    .map(([kind, rows]) => t.retention.rows(t.retention.kinds[kind] ?? kind, number(rows)));
  return told.length > 0 ? told.join(", ") : t.retention.nothing;
}

/**
 * @param {{
 * runs: Run[], maySign: boolean, sign: (run: Run) => void, heading: { current: any }, problem: Trouble | null
 * }} props
 */
function Receipts({ runs, maySign, sign, heading, problem }) {
  /** @param {Run} run */
  const signature = (run) =>
    run.signed_by
      ? t.retention.signed(run.signed_by, when(run.signed_at))
      : maySign
        ? html`<button type="button" class="quiet-button" aria-label=${t.retention.sign_run(when(run.began_at))} onClick=${() => sign(run)}>${t.retention.sign}</button>`
        : t.retention.unsigned;
  return html`<section class="card" aria-labelledby="receipts"><h2 id="receipts" tabindex="-1" ref=${heading}>${t.retention.receipts}</h2>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${
      runs.length === 0
        ? html`<p>${t.retention.no_runs}</p>`
        : html`<${Wide} label=${t.retention.receipts}><table class="boxed">
        <thead><tr><th scope="col">${t.retention.at}</th><th scope="col">${t.retention.by}</th><th scope="col">${t.retention.erased}</th><th scope="col">${t.retention.signature}</th></tr></thead>
        <tbody>${runs.map(
          (
            run,
          ) => html`<tr key=${run.run}><th scope="row">${when(run.began_at)}</th><td>${t.retention.begun[run.began_by] ?? run.began_by}</td>
          <td>${went(run)}${!run.complete && html`. <strong>${t.retention.incomplete}</strong>`}</td><td>${signature(run)}</td></tr>`,
        )}</tbody></table><//>`
    }
  </section>`;
}

/** @param {ViewProps} props */
export default function Retention({ me }) {
  const [asked, setAsked] = useState(0);
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const { answer, problem: unread } = useAnswer("retention", { asked });
  const heading = useElement();
  /** @param {Run} run */
  const sign = (run) =>
    send(`retention/${run.run}/sign`, {}).then(() => {
      setProblem(null);
      setAsked(asked + 1);
      heading.current.focus(); // the button that was pressed is gone
    }, setProblem);
  if (!answer)
    return html`<${Heading}>${t.titles.retention}<//>${unread ? html`<${Problem} problem=${unread} />` : html`<${Waiting} />`}`;
  const tonight = answer.kinds.reduce((sum, kind) => sum + kind.due[0].rows, 0);
  return html`<${Heading}>${t.titles.retention}<//>
    ${unread && html`<${Problem} problem=${unread} />`}
    <p role="status" class="lead">${t.retention.next(longDate(dateOf(answer.next_at)), timeOf(answer.next_at), tonight > 0 ? number(tonight) : null)}</p>
    <p class="quiet">${t.retention.held(answer.held)} ${t.retention.lead}</p>
    <${Rules} kinds=${answer.kinds} next=${answer.next_at} />
    <${Receipts} runs=${answer.runs} maySign=${me.permissions.includes("retention_sign")} sign=${sign} heading=${heading} problem=${problem} />`;
}
