// Samverkan: what the head decides for the whole school, how meetings are rated, and what the local BUS group may be told.
/** @import { Submitted, TermTogether, Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, Problem, useAnswer, useState, Waiting, Wide } from "../ui.js";
import { t } from "../words.js";

const GRADES = [1, 2, 3, 4];
/** @type {("listened" | "informed")[]} */
const QUESTIONS = ["listened", "informed"];

/** @param {{ may: boolean, isHead: boolean, onDecided: () => void }} props */
function MayCall({ may, isHead, onDecided }) {
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const decide = async () => {
    try {
      await send("together", { school_may_call_sip: !may });
      setRefusal(null);
      onDecided();
    } catch (problem) {
      setRefusal(problem);
    }
  };
  return html`<section class="card screen-only" aria-labelledby="may-call"><h2 id="may-call">${t.together.calling}</h2>
    <p role="status">${may ? t.sip.may_call : t.sip.may_not_call}</p>
    <p class="quiet">${t.together.calling_how}</p>
    ${refusal && html`<${Problem} problem=${refusal} />`}
    ${isHead && html`<p class="actions"><button type="button" onClick=${decide}>${may ? t.together.forbid_calling : t.together.allow_calling}</button></p>`}</section>`;
}

/** @param {{ name: string, legend: string, options: [string | number, string][] }} props */
function Choice({ name, legend, options }) {
  return html`<fieldset><legend>${legend}</legend>${options.map(
    ([value, label]) =>
      html`<label class="check" key=${value}><input type="radio" name=${name} value=${value} required /> <span>${label}</span></label>`,
  )}</fieldset>`;
}

/** After a meeting; nobody is named, and the form is empty again when it was sent. */
function Rating() {
  const [said, setSaid] = useState("");
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  /** @param {Submitted} event */
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const given = new FormData(form);
    try {
      await send("together/rating", {
        party: String(given.get("party")),
        listened: Number(given.get("listened")),
        informed: Number(given.get("informed")),
      });
      form.reset();
      setRefusal(null);
      setSaid(t.together.rated);
    } catch (problem) {
      setSaid("");
      setRefusal(problem);
    }
  };
  /** @type {[number, string][]} */
  const grades = GRADES.map((grade) => [grade, t.together.grades[grade - 1]]);
  return html`<section class="card screen-only" aria-labelledby="rating"><h2 id="rating">${t.together.rating}</h2>
    <p class="quiet">${t.together.rating_how}</p>
    <p class="answered" role="status">${said}</p>
    ${refusal && html`<${Problem} problem=${refusal} />`}
    <form class="answer" onSubmit=${submit} aria-labelledby="rating">
      <${Choice} name="party" legend=${t.together.who} options=${[
        ["pupil", t.together.parties.pupil],
        ["guardian", t.together.parties.guardian],
      ]} />
      ${QUESTIONS.map((question) => html`<${Choice} key=${question} name=${question} legend=${t.together.questions[question]} options=${grades} />`)}
      <p class="actions"><button type="submit">${t.casework.save}</button></p></form></section>`;
}

/** @param {TermTogether} term */
const termName = ({ from }) => t.together.terms[from.slice(5, 7) === "08" ? "autumn" : "spring"](from.slice(0, 4));
/** @param {number | null} tenths */
const mean = (tenths) => (tenths === null ? "" : (tenths / 10).toLocaleString(document.documentElement.lang));
/** The tables of a term, as they are shown, printed and saved. @param {TermTogether} term */
const tablesOf = (term) => [
  {
    name: t.together.stuck,
    columns: [t.together.promise, t.together.cases, t.together.weeks],
    rows: term.stuck.map((each) => [t.case_choices.promise[each.promise], each.cases ?? "", each.weeks ?? ""]),
  },
  {
    name: t.together.ratings,
    columns: [t.together.who, t.together.answers, t.together.questions.listened, t.together.questions.informed],
    rows: term.ratings.map((each) => [
      t.together.parties[each.party],
      each.answers ?? "",
      mean(each.listened),
      mean(each.informed),
    ]),
  },
];

/** @param {TermTogether} term */
const csvOf = (term) =>
  [[termName(term)], ...tablesOf(term).flatMap((table) => [[table.name], table.columns, ...table.rows])]
    .map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(";"))
    .join("\r\n");

/** @param {{ term: TermTogether }} props */
function Term({ term }) {
  const name = termName(term);
  return html`<section class="card term" aria-label=${name}><h3>${name}</h3>
    ${tablesOf(term).map(
      (
        table,
      ) => html`<${Wide} key=${table.name} label=${`${table.name}, ${name}`}><table><caption>${table.name}</caption>
      <thead><tr>${table.columns.map((column) => html`<th scope="col" key=${column}>${column}</th>`)}</tr></thead>
      <tbody>${table.rows.map(([first, ...cells]) => html`<tr key=${first}><th scope="row">${first}</th>${cells.map((cell, index) => html`<td key=${index}>${cell === "" ? "–" : cell}</td>`)}</tr>`)}</tbody></table><//>`,
    )}
    <p class="screen-only"><a download=${`samverkan-${term.from}.csv`} href=${`data:text/csv;charset=utf-8,${encodeURIComponent(`\uFEFF${csvOf(term)}\r\n`)}`}>${t.together.download}</a></p></section>`;
}

/** @param {ViewProps} props */
export default function TogetherPage({ me }) {
  const [asked, setAsked] = useState(0);
  const { answer, problem } = useAnswer("together", { asked });
  return html`<${Heading}>${t.titles.together}<//>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${
      answer
        ? html`<${MayCall} may=${answer.school_may_call_sip} isHead=${me.role === "rektor"} onDecided=${() => setAsked(asked + 1)} />
      <${Rating} />
      <h2>${t.together.summary}</h2><p class="print-only">${me.school}</p><p>${t.together.summary_how}</p>
      ${answer.terms.length === 0 && html`<p class="quiet">${t.together.no_terms}</p>`}
      ${answer.terms.map((term) => html`<${Term} key=${term.from} term=${term} />`)}
      ${answer.terms.length > 0 && html`<p class="actions screen-only"><button type="button" onClick=${() => window.print()}>${t.review.print}</button></p>`}`
        : !problem && html`<${Waiting} />`
    }`;
}
