// Other thresholds tried on the school's closed years: what they would have come to, beside the rules in force. The daemon does a
// little of the work at each question, so the page asks until there is an answer. Never a name, and no figure under 5.
/** @import { Rule, Submitted, Trouble, Tuned, TunedFigures, TunedProfile } from "../types.js" */
import { measureName, measureUnit, shownThreshold } from "../reasons.js";
import { send } from "../server.js";
import { fieldsOf, html, Problem, useEffect, useElement, useState, Wide } from "../ui.js";
import { day, number, t } from "../words.js";

const CAPACITY_MAX = 1000; // daemon/core/detect/tune.h
const SEVERITY = 3;
const SEVERITIES = [1, 2, 3, 4];
/** @type {(keyof TunedFigures)[]} */
const COUNTS = ["items_per_week", "worst_week", "flagged_autumn", "missed_in_spring", "days_lost"];

/** @param {TunedFigures} figures @param {keyof TunedFigures} key */
const shown = (figures, key) =>
  figures[key] === null
    ? t.rules.tune.few
    : number(figures[key], key === "items_per_week" || key === "days_lost" ? 1 : 0);

/** @param {{ changes: TunedProfile["changes"] }} props */
function Changes({ changes }) {
  /** @param {TunedProfile["changes"][number]} change @param {number} threshold */
  const told = ({ measure, limit, days }, threshold) =>
    t.rules.condition(
      measureName(measure),
      t.comparisons[limit],
      number(shownThreshold(measure, threshold), 4),
      measureUnit(measure),
      days ? number(days) : 0,
    );
  return html`<ul>${changes.map(
    (change, index) =>
      html`<li key=${index}>${t.rules.tune.change(change.rule, told(change, change.from), told(change, change.to))}</li>`,
  )}</ul>`;
}

/** @param {{ answer: Tuned, onUse: (rules: Rule[]) => void }} props */
function Answer({ answer, onUse }) {
  const { school, profiles, best, in_force: inForce } = answer;
  const [used, setUsed] = useState(0);
  const heard = useElement();
  useEffect(() => {
    heard.current.focus();
  }, [used]);
  /** @param {TunedProfile} profile @param {number} place */
  const use = (profile, place) => {
    onUse(profile.rules);
    setUsed(place);
  };
  const verdict = answer.too_few
    ? t.rules.tune.too_few
    : best === null
      ? t.rules.tune.none
      : t.rules.tune.best(best + 1);
  return html`<p class="answered" role="status" tabindex="-1" ref=${heard}>${used ? t.rules.tune.used(used) : verdict}</p>
    ${
      !answer.too_few &&
      html`<p class="quiet">${t.rules.tune.basis(school.pupil_years, school.weeks, day(school.from), day(school.to), school.told_of)}</p>
    <${Wide} label=${t.rules.tune.title}><table class="numbers"><thead><tr><th scope="col">${t.rules.what}</th><th scope="col">${t.rules.now}</th>
      ${profiles.map((each, index) => html`<th scope="col" key=${index}>${t.rules.tune.profile(index + 1)}</th>`)}</tr></thead>
      <tbody>${COUNTS.map(
        (key) => html`<tr key=${key}><th scope="row">${t.rules.tune.rows[key]}</th><td>${shown(inForce, key)}</td>
        ${profiles.map((profile, index) => html`<td key=${index}>${shown(profile, key)}</td>`)}</tr>`,
      )}<tr><th scope="row">${t.rules.tune.beside}</th><td></td>
        ${profiles.map((profile, index) => html`<td key=${index}>${t.rules.tune.verdicts[profile.gain.verdict]}</td>`)}</tr></tbody></table><//>
    ${profiles.map(
      (
        profile,
        index,
      ) => html`<details key=${index}><summary>${t.rules.tune.changes(index + 1)}</summary><${Changes} changes=${profile.changes} />
      <p class="actions"><button type="button" class="quiet-button" onClick=${() => use(profile, index + 1)}>${t.rules.tune.use(index + 1)}</button>
        <a download=${`profil-${index + 1}.cfg`} href=${`data:text/plain;charset=utf-8,${encodeURIComponent(profile.text)}`}>${t.rules.tune.download(index + 1)}</a></p></details>`,
    )}`
    }`;
}

/** @param {{ onUse: (rules: Rule[]) => void }} props */
export default function Tuning({ onUse }) {
  const [state, setState] = useState(
    /** @type {{ working?: string, answer?: Tuned, problem?: Trouble, asked: number }} */ ({ asked: 0 }),
  );
  const here = useElement();
  /** @param {Submitted} event */
  const tryOut = async (event) => {
    event.preventDefault();
    const { capacity, severity } = fieldsOf(event);
    const wanted = { severity: Number(severity), ...(capacity && { capacity: Number(capacity) }) };
    const asked = state.asked + 1;
    setState({ working: t.rules.tune.reading(0, 0), asked });
    try {
      while (here.current) {
        const answer = await send("rules/tune", wanted);
        if (!answer.progress) return setState({ answer, asked });
        const { pupil_years: done, of_pupil_years: all, candidates, of_candidates: most } = answer.progress;
        const working = candidates
          ? t.rules.tune.trying(number(candidates), number(most))
          : t.rules.tune.reading(number(done), number(all));
        setState({ working, asked });
      }
    } catch (problem) {
      setState({ problem, asked });
    }
  };
  return html`<section class="card" aria-labelledby="tune" ref=${here}><h2 id="tune">${t.rules.tune.title}</h2>
    <p class="quiet">${t.rules.tune.lead}</p>
    <form class="stacked" onSubmit=${tryOut}>
      <label for="tune-capacity">${t.rules.tune.capacity}</label><input id="tune-capacity" name="capacity" type="number" min="1" max=${CAPACITY_MAX} step="1" aria-describedby="tune-usual" />
      <p class="quiet" id="tune-usual">${t.rules.tune.usual}</p>
      <label for="tune-severity">${t.rules.tune.severity}</label><select id="tune-severity" name="severity">${SEVERITIES.map(
        (severity) =>
          html`<option key=${severity} value=${severity} selected=${severity === SEVERITY}>${severity}</option>`,
      )}</select>
      <button type="submit" class="quiet-button" disabled=${Boolean(state.working)}>${t.rules.tune.start}</button>
    </form>
    ${state.working && html`<p role="status">${state.working}</p>`}
    ${state.problem && html`<${Problem} problem=${state.problem} />`}
    ${state.answer && html`<${Answer} key=${state.asked} answer=${state.answer} onUse=${onUse} />`}</section>`;
}
