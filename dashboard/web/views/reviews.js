// Genomlysning: what the last one decided stands first; then a period, its table of ended cases, five questions, and what shall become
// better, with owner and date. On paper the answers, the decisions, and published terms of the period in place of the table.
/** @import { CaseReview, Improvement, InTimeFigures, Owner, PublishedTerm, Submitted, Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import { fieldsOf, Heading, html, Problem, useAnswer, useElement, useState, Waiting, Wide } from "../ui.js";
import { day, number, t } from "../words.js";
import { Board, Lags } from "./intime.js";

const DECISIONS = 4; // rows of the form; empty ones are left out
const QUESTIONS = [0, 1, 2, 3, 4];
const TEXT_MAX = 500;

/** @param {string} iso */
const dayAndYear = (iso) => `${day(iso)} ${iso.slice(0, 4)}`;
/** @param {{ from: string, to: string }} period */
const periodOf = ({ from, to }) => t.reviews.period(dayAndYear(from), dayAndYear(to));

/** @param {{ decisions: Improvement[], owners: Owner[], onEnd?: (decision: Improvement, state: string) => void }} props */
function Decisions({ decisions, owners, onEnd }) {
  if (decisions.length === 0) return html`<p>${t.reviews.no_decisions}</p>`;
  return html`<ul class="reasons">${decisions.map(
    (
      one,
    ) => html`<li key=${one.decision}><strong>${one.what}</strong> ${t.reviews.decided(owners.find(({ user }) => user === one.owner)?.name ?? one.owner, dayAndYear(one.due_on))}${" "}
    ${one.state ? t.reviews.states[one.state] : onEnd ? ["done", "dropped"].map((state) => html` <button type="button" class="plain screen-only" key=${state} aria-label=${t.reviews.end_of(t.reviews.ends[state], one.what)} onClick=${() => onEnd(one, state)}>${t.reviews.ends[state]}</button>`) : t.reviews.open}</li>`,
  )}</ul>`;
}

/** The table of ended cases, whole numbers. @param {{ figures: InTimeFigures }} props */
function Rows({ figures }) {
  return html`<section class="card stack screen-only" aria-labelledby="rows"><h2 id="rows">${t.reviews.rows(figures.rows.reduce((sum, { n }) => sum + n, 0))}</h2>
    <${Lags} terms=${[figures]} />
    ${
      figures.rows.length > 0 &&
      html`<${Wide} label=${t.reviews.rows_label}><table class="boxed"><thead><tr>${Object.values(t.reviews.columns).map((head) => html`<th scope="col" key=${head}>${head}</th>`)}</tr></thead>
      <tbody>${figures.rows.map(
        (
          row,
        ) => html`<tr key=${`${row.level} ${row.measure} ${row.duration} ${row.outcome}`}><td>${row.level}</td><td>${row.measure ? t.case_choices.measure_kind[row.measure] : t.reviews.no_measure}</td>
        <td>${t.reviews.durations[row.duration]}</td><td>${t.answer.reasons[row.outcome]}</td><td>${number(row.n)}</td><td>${row.contact_median === null ? t.intime.untold : number(row.contact_median, 1)}</td></tr>`,
      )}</tbody></table><//>`
    }</section>`;
}

/** @param {{ today: string, owners: Owner[], onSave: (event: Submitted) => void }} props */
function Form({ today, owners, onSave }) {
  return html`<form class="card stack screen-only" onSubmit=${onSave}><h2>${t.reviews.questions_title}</h2><p class="quiet">${t.reviews.no_names}</p>
    ${QUESTIONS.map((i) => html`<label class="stacked" key=${i}>${t.reviews.questions[i]} <textarea name=${`answer${i}`} rows="2" maxlength=${TEXT_MAX}></textarea></label>`)}
    <h2>${t.reviews.improve}</h2>
    ${Array.from(
      { length: DECISIONS },
      (_, i) => html`<fieldset key=${i}><legend>${t.reviews.decision(i + 1)}</legend><p class="actions">
      <label class="stacked">${t.reviews.what} <input name=${`what${i}`} maxlength=${TEXT_MAX} /></label>
      <label class="stacked">${t.reviews.owner} <select name=${`owner${i}`}>${owners.map(({ user, name }) => html`<option key=${user} value=${user}>${name}</option>`)}</select></label>
      <label class="stacked">${t.reviews.due} <input type="date" name=${`due${i}`} min=${today} /></label></p></fieldset>`,
    )}
    <p><button>${t.reviews.save}</button></p></form>`;
}

/** @param {{ reviews: CaseReview[], owners: Owner[], published: PublishedTerm[], school: string }} props */
function Earlier({ reviews, owners, published, school }) {
  const [chosen, setChosen] = useState(0);
  if (reviews.length === 0) return null;
  const review = reviews[chosen] ?? reviews[0];
  return html`<section class="card stack" aria-labelledby="earlier"><h2 id="earlier" class="screen-only">${t.reviews.earlier}</h2>
    <p class="actions screen-only"><label>${t.reviews.choose} <select value=${chosen} onChange=${(event) => setChosen(Number(event.target.value))}>${reviews.map((one, i) => html`<option key=${one.review} value=${i}>${periodOf(one)}</option>`)}</select></label>
      <button type="button" class="quiet-button" onClick=${() => window.print()}>${t.reviews.print}</button> <a href=${`/api/v1/reviews/${review.review}`} download=${`${t.reviews.file(review.from, review.to)}.json`}>${t.reviews.download}</a></p>
    <h2>${t.reviews.title(school, periodOf(review))}</h2>
    <dl class="terms">${QUESTIONS.map((i) => review.answers[i] && html`<dt key=${`q${i}`}>${t.reviews.questions[i]}</dt><dd key=${`a${i}`}>${review.answers[i]}</dd>`)}</dl>
    <h3>${t.reviews.improve}</h3><${Decisions} decisions=${review.decisions} owners=${owners} />
    <div class="print-only">${published.filter(({ figures }) => figures.from >= review.from && figures.to <= review.to).map((term) => html`<${Board} key=${term.from} term=${term} school=${school} />`)}</div></section>`;
}

/** Empty rows of decisions are none. @param {Record<string, string>} fields @param {{ from: string, to: string }} period */
const reviewOf = (fields, { from, to }) => ({
  from,
  to,
  answers: QUESTIONS.map((i) => fields[`answer${i}`]),
  decisions: Array.from({ length: DECISIONS }, (_, i) => ({
    what: fields[`what${i}`],
    owner: fields[`owner${i}`],
    due_on: fields[`due${i}`],
  })).filter(({ what }) => what),
});

/** @param {{ period: { from: string, to: string }, today: string, onChoose: (event: Submitted) => void }} props */
function Period({ period, today, onChoose }) {
  return html`<form class="card screen-only" onSubmit=${onChoose}><p class="actions"><label class="stacked">${t.reviews.from} <input type="date" name="from" required value=${period.from} /></label>
    <label class="stacked">${t.reviews.to} <input type="date" name="to" required max=${today} value=${period.to} /></label> <button>${t.reviews.show}</button></p></form>`;
}

/** @param {ViewProps} props */
export default function ReviewsView({ me }) {
  const [asked, setAsked] = useState(0);
  const [period, setPeriod] = useState(/** @type {{ from: string, to: string } | null} */ (null));
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const [done, setDone] = useState("");
  const status = useElement();
  const { answer: kept, problem } = useAnswer("reviews", { asked });
  const { answer: counted, problem: uncounted } = useAnswer(
    /** @type {"intime"} */ (period ? `intime?from=${period.from}&to=${period.to}` : "intime"),
  );
  /** @param {Promise<unknown>} sent @param {string} said */
  const act = (sent, said) =>
    sent
      .then(() => {
        setRefusal(null);
        setDone(said);
        setAsked(asked + 1);
      }, setRefusal)
      .then(() => status.current.focus());
  if (!kept || !counted) {
    const trouble = problem ?? uncounted;
    return html`<${Heading}>${t.titles.reviews}<//>${trouble ? html`<${Problem} problem=${trouble} />` : html`<${Waiting} />`}`;
  }
  const { date: today, published } = counted;
  const { from, to } = counted.period;
  const chosen = { from, to: to < today ? to : today };
  const [last] = kept.reviews;
  /** @param {Submitted} event */
  const choose = (event) => {
    event.preventDefault();
    const fields = fieldsOf(event);
    setPeriod({ from: fields.from, to: fields.to });
  };
  /** @param {Submitted} event */
  const save = (event) => {
    event.preventDefault();
    act(send("reviews", reviewOf(fieldsOf(event), chosen)), t.reviews.saved);
  };
  return html`<div class="screen-only"><${Heading}>${t.titles.reviews}<//></div>
    ${refusal && html`<${Problem} problem=${refusal} />`}<p role="status" tabindex="-1" class="answered screen-only" ref=${status}>${done}</p>
    ${last && html`<section class="card stack screen-only" aria-labelledby="last"><h2 id="last">${t.reviews.last(periodOf(last))}</h2><${Decisions} decisions=${last.decisions} owners=${kept.owners} onEnd=${(/** @type {Improvement} */ one, /** @type {string} */ state) => act(send(`reviews/decisions/${one.decision}`, { state }), t.reviews.ended(one.what))} /></section>`}
    <${Period} period=${chosen} today=${today} onChoose=${choose} />
    <${Rows} figures=${counted.period} />
    <${Form} key=${asked} today=${today} owners=${kept.owners} onSave=${save} />
    <${Earlier} reviews=${kept.reviews} owners=${kept.owners} published=${published} school=${me.school} />`;
}
