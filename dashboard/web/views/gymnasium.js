// Gymnasieskolans listor: who began or left, for the home municipality; who left before 20, for the aktivitetsansvar; whose invalid
// absence asks for a look at the study grant. A person decides and sends; here stands what was decided, by whom and when.
/** @import { DutyList, DutyLine, Submitted, Trouble} from "../types.js" */
import { csvOf } from "../csv.js";
import { send } from "../server.js";
import { fieldsOf, Heading, html, nameOf, Problem, Protected, useAnswer, useState, Waiting, Wide } from "../ui.js";
import { day, monthYear, number, shortDay, t } from "../words.js";

const LISTS = /** @type {const} */ (["began", "left", "kaa", "grants"]);
const REFRAIN = /** @type {const} */ (["illness", "bullying", "support_under_way", "wrong_data", "other"]);

/** @param {DutyLine} line */
const keyOf = (line) => `${line.pupil}-${line.about}`;

/** @param {DutyLine} line */
function toldOf({ decision }) {
  if (!decision) return "";
  const { reason, contact } = decision;
  const why = reason && t.gymnasium.reasons[/** @type {keyof typeof t.gymnasium.reasons} */ (reason)];
  return [t.gymnasium.told[decision.decision](day(decision.on), decision.by), why, contact].filter(Boolean).join(", ");
}

/** What goes into the file: never a pupil with protected identity. @param {DutyList} list @param {DutyLine[]} lines */
const fileOf = (list, lines) =>
  csvOf([
    [
      t.gymnasium.name,
      t.gymnasium.class,
      t.gymnasium.about[list],
      ...(list === "grants" ? [t.gymnasium.hours] : []),
      t.gymnasium.decision,
    ],
    ...lines
      .filter((line) => !line.protected)
      .map((line) => [
        line.name,
        line.class,
        line.first_day ?? line.about,
        ...(list === "grants" ? [String((line.minutes ?? 0) / 60)] : []),
        toldOf(line),
      ]),
  ]);

/** @param {{ list: DutyList, line: DutyLine, today: string, onDecide: (body: object) => void }} props */
function Decide({ list, line, today, onDecide }) {
  const name = nameOf(line);
  if (line.decision)
    return html`<button type="button" class="quiet-button" aria-label=${t.gymnasium.of(t.gymnasium.take_back, name)} onClick=${() => onDecide({ decision: "taken_back" })}>${t.gymnasium.take_back}</button>`;
  /** @param {Submitted} event */
  const done = (event) => {
    event.preventDefault();
    const { contact, on, reason } = fieldsOf(event);
    if (list !== "grants") return onDecide({ decision: "sent", on, ...(contact && { contact }) });
    const early = line.usual_from !== undefined && today < line.usual_from;
    onDecide(
      reason === "report"
        ? { decision: "report", ...(early && { reason: "goes_on" }) }
        : { decision: "refrain", reason },
    );
  };
  const may = line.report_from === undefined || today >= line.report_from;
  return html`<form class="row" onSubmit=${done}>
    ${
      list === "grants"
        ? html`<select name="reason" aria-label=${t.gymnasium.of(t.gymnasium.decision, name)}>
      ${may && html`<option value="report">${line.usual_from && today < line.usual_from ? t.gymnasium.report_early : t.gymnasium.report}</option>`}
      ${REFRAIN.map((word) => html`<option key=${word} value=${word}>${t.gymnasium.refrain(t.gymnasium.reasons[word])}</option>`)}</select>`
        : html`<input type="date" name="on" required max=${today} defaultValue=${today} aria-label=${t.gymnasium.of(t.gymnasium.sent_on, name)} />
      ${list === "kaa" && html`<input name="contact" maxlength="60" placeholder=${t.gymnasium.contact} aria-label=${t.gymnasium.of(t.gymnasium.contact, name)} />`}`
    }
    <button type="submit" class="quiet-button" aria-label=${t.gymnasium.of(t.gymnasium.note, name)}>${t.gymnasium.note}</button></form>`;
}

/** @param {{ list: DutyList, lines: DutyLine[], today: string, onDecide: (line: DutyLine, body: object) => void }} props */
function Section({ list, lines, today, onDecide }) {
  const name = t.gymnasium.lists[list];
  return html`<section aria-labelledby=${`list-${list}`}><h2 id=${`list-${list}`}>${name} (${lines.length})</h2>
    <p class="quiet">${t.gymnasium.why[list]}</p>
    ${
      lines.length === 0
        ? html`<p>${t.gymnasium.nobody}</p>`
        : html`<${Wide} label=${name}><table class="boxed">
      <thead><tr><th scope="col">${t.gymnasium.name}</th><th scope="col">${t.gymnasium.class}</th><th scope="col">${t.gymnasium.about[list]}</th>${list === "grants" && html`<th scope="col">${t.gymnasium.hours}</th>`}<th scope="col">${t.gymnasium.decision}</th></tr></thead>
      <tbody>${lines.map(
        (
          line,
        ) => html`<tr key=${keyOf(line)}><th scope="row"><a href="#/pupil/${encodeURIComponent(line.pupil)}">${nameOf(line)}</a> ${line.protected && html`<${Protected} />`}</th>
        <td>${line.class}</td><td>${shortDay(line.first_day ?? line.about)}</td>${list === "grants" && html`<td>${number((line.minutes ?? 0) / 60, 1)}</td>`}
        <td>${toldOf(line)}</td></tr>
        <tr class="screen-only"><td colspan=${list === "grants" ? 5 : 4}><${Decide} list=${list} line=${line} today=${today} onDecide=${(/** @type {object} */ body) => onDecide(line, body)} /></td></tr>`,
      )}</tbody></table><//>
      <p class="screen-only"><a download=${`${list}.csv`} href=${`data:text/csv;charset=utf-8,${encodeURIComponent(fileOf(list, lines))}`}>${t.gymnasium.download(name)}</a></p>`
    }</section>`;
}

export default function Gymnasium() {
  const [asked, setAsked] = useState(0);
  const [month, setMonth] = useState("");
  const [trouble, setTrouble] = useState(/** @type {Trouble | null} */ (null));
  const { answer, problem } = useAnswer(`gymnasium${month && `?month=${month}`}`, { asked });
  /** @param {DutyList} list @returns {(line: DutyLine, body: object) => void} */
  const decide = (list) => async (line, body) => {
    setTrouble(null);
    try {
      await send(`gymnasium/${encodeURIComponent(line.pupil)}`, { list, about: line.about, ...body });
    } catch (refusal) {
      setTrouble(refusal);
    }
    setAsked(asked + 1);
  };
  if (!answer)
    return html`<${Heading}>${t.titles.gymnasium}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const shown = answer.month.slice(0, 7);
  return html`<p class="screen-only"><a href="#/cases">← ${t.titles.cases}</a></p>
    <${Heading}>${t.titles.gymnasium}<//>
    <p class="quiet">${t.gymnasium.lead}</p>
    ${trouble && html`<${Problem} problem=${trouble} />`}
    <form class="row screen-only" onSubmit=${(/** @type {Submitted} */ event) => event.preventDefault()}>
      <label for="month">${t.gymnasium.month}</label>
      <input id="month" type="month" max=${answer.date.slice(0, 7)} value=${shown} onChange=${(/** @type {{ target: { value: string } }} */ event) => setMonth(event.target.value)} /></form>
    <p class="print-only">${monthYear(shown)}</p>
    ${LISTS.map((list) => html`<${Section} key=${list} list=${list} lines=${answer[list]} today=${answer.date} onDecide=${decide(list)} />`)}`;
}
