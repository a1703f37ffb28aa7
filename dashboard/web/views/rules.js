// Regler och gränser: what raises a flag, tried on the school's own lessons before it counts. Every change is a version with a
// reason and, for the graver rules, a named approver; it counts from tomorrow, and an earlier version is one press away.
/** @import { Condition as Cond, Limit, Me, Preview as Tried, PreviewSide, Rule as Kept, Rules as Version, RulesList, Submitted, Trouble, ViewProps } from "../types.js" */
import { measureName, measureUnit, ruleThreshold, shownThreshold } from "../reasons.js";
import { read, send } from "../server.js";
import { Heading, html, Problem, useAnswer, useEffect, useElement, useState, Waiting, Wide } from "../ui.js";
import { dateOf, day, number, t, timeOf } from "../words.js";
import Tuning from "./tuning.js";

/** @type {Limit[]} */
const LIMITS = ["at_least", "at_most", "below", "above"];
const DAYS_MAX = 200; // docs/detection.md
const SEVERITIES = [1, 2, 3, 4];
const SEVERE = 3;

/** @param {Cond} condition */
const limitOf = (condition) => LIMITS.find((word) => word in condition) ?? "at_least";
/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * "frånvaro minst 15 % på 20 skoldagar"
 * @param {Cond} condition
 */
function told(condition) {
  const limit = limitOf(condition);
  return t.rules.condition(
    measureName(condition.measure),
    t.comparisons[limit],
    number(shownThreshold(condition.measure, condition[limit] ?? 0), 4),
    measureUnit(condition.measure),
    condition.days && number(condition.days),
  );
}

const FIRST_AUTHOR = "narvarod"; // who stores the rules of its settings when there are none

/**
 * @param {{
 * label: string, value: number, whole?: boolean, max?: number, onChange: (value: number) => void
 * }} props
 */
function Figure({ label, value, whole, max, onChange }) {
  return html`<label>${label} <input type="number" value=${value} min="0" max=${max} step=${whole ? 1 : "any"} required
    onInput=${(event) => event.target.value !== "" && onChange(Number(event.target.value))} /></label>`;
}

/** @param {{ condition: Cond, onChange: (condition: Cond) => void }} props */
function Condition({ condition, onChange }) {
  const limit = limitOf(condition);
  /** @param {keyof Cond} key @returns {(value: number) => void} */
  const set = (key) => (value) => onChange({ ...condition, [key]: value });
  const name = measureName(condition.measure);
  const unit = measureUnit(condition.measure);
  /** @param {number} shown */
  const changed = (shown) => set(limit)(ruleThreshold(condition.measure, shown));
  return html`<p class="fields">
    <${Figure} label=${`${name} ${t.comparisons[limit]}${unit && `, ${unit}`}`} value=${shownThreshold(condition.measure, condition[limit] ?? 0)} whole=${!unit} onChange=${changed} />
    ${condition.days !== undefined && condition.days > 0 && html`<${Figure} label=${t.rules.days} value=${condition.days} whole max=${DAYS_MAX} onChange=${set("days")} />`}
    ${condition.for_days !== undefined && condition.for_days > 0 && html`<${Figure} label=${t.rules.for_days} value=${condition.for_days} whole max=${DAYS_MAX} onChange=${set("for_days")} />`}
  </p>`;
}

/**
 * @param {{
 * rule: Kept, before: Kept, on: boolean, mayTry: boolean, onChange: (rule: Kept) => void, onToggle: () => void
 * }} props
 */
function Rule({ rule, before, on, onChange, onToggle, mayTry }) {
  const changed = !on || !same(rule, before);
  return html`<li><details>
    <summary>${rule.when.map(told).join(t.rules.and)} ${changed && html`<span class="mark">${on ? t.rules.changed : t.rules.removed}</span>`}</summary>
    ${
      !mayTry
        ? html`<p class="quiet">${t.rules.clears(told(rule.clear), rule.clear.for_days)} ${t.rules.name(rule.id)}</p>`
        : html`<div class="answer">
      <p class="quiet">${t.rules.name(rule.id)}</p>
      <fieldset><legend>${t.rules.raises}</legend>
        ${rule.when.map(
          (condition, index) => html`<${Condition} key=${index} condition=${condition}
          onChange=${(next) => onChange({ ...rule, when: rule.when.map((each, at) => (at === index ? next : each)) })} />`,
        )}</fieldset>
      <fieldset><legend>${t.rules.ends}</legend><${Condition} condition=${rule.clear} onChange=${(clear) => onChange({ ...rule, clear })} /></fieldset>
      <p class="fields"><label>${t.rules.severity} <select value=${rule.severity} onChange=${(event) => onChange({ ...rule, severity: Number(event.target.value) })}>
        ${SEVERITIES.map((severity) => html`<option key=${severity} value=${severity}>${severity}</option>`)}</select></label></p>
      <label class="check"><input type="checkbox" checked=${on} onChange=${onToggle} /> ${t.rules.used}</label>
    </div>`
    }
  </details></li>`;
}

/**
 * Old and new beside each other, on the same lessons.
 * @param {{ preview: Tried }} props
 */
function Preview({ preview: { school, old, new: next } }) {
  /** @param {PreviewSide} side */
  const weekly = (side) =>
    number(side.severities.find((each) => each.severity === side.load.severity)?.items_per_week ?? 0, 1);
  const box = useElement();
  useEffect(() => {
    box.current.focus();
  }, []);
  const rows = [
    [t.rules.over, number(old.over), number(next.over)],
    [t.rules.weekly(next.load.severity), weekly(old), weekly(next)],
    ...next.years.map((year, index) => [
      t.rules.year(year.year),
      year.too_few ? t.rules.few : number(old.years[index].over),
      year.too_few ? t.rules.few : number(year.over),
    ]),
  ];
  return html`<section class="card" aria-labelledby="preview"><h2 id="preview" tabindex="-1" ref=${box}>${t.rules.preview}</h2>
    <p class="quiet">${t.rules.preview_basis(school.pupils, school.weeks, day(school.from), day(school.to))}</p>
    <${Wide} label=${t.rules.preview}><table class="numbers"><thead><tr><th scope="col">${t.rules.what}</th><th scope="col">${t.rules.now}</th><th scope="col">${t.rules.then}</th></tr></thead>
      <tbody>${rows.map(([name, before, after]) => html`<tr key=${name}><th scope="row">${name}</th><td>${before}</td><td>${after}</td></tr>`)}</tbody></table><//>
    <p>${t.rules.load(next.load.within, number(next.load.items_per_1000_week, 1), next.load.capacity)}</p></section>`;
}

/** @param {{ list: RulesList, mayApply: boolean, onBack: (version: number) => void }} props */
function Versions({ list, mayApply, onBack }) {
  return html`<section class="card" aria-labelledby="versions"><h2 id="versions">${t.rules.versions}</h2>
    <ul class="known">${list.versions.map(
      (each, index) => html`<li key=${each.version}>
      <span><strong>${t.rules.version(each.version, day(each.from))}</strong>${each.version === list.in_force && ` · ${t.rules.in_force}`}<br />
        ${each.author === FIRST_AUTHOR ? t.rules.first_why : each.why} <span class="quiet">${t.rules.who(each.author, each.approver, `${day(dateOf(each.recorded_at))} ${timeOf(each.recorded_at)}`)}</span></span>
      ${mayApply && index > 0 && html`<button type="button" class="quiet-button" onClick=${() => onBack(each.version)}>${t.rules.back(each.version)}</button>`}</li>`,
    )}</ul></section>`;
}

/**
 * Why, and who decided; the approver's login name is the head's own when the head saves.
 * @param {{
 * changed: boolean, severe: boolean, approver: string, setApprover: (user: string) => void, onSave: (why: string) => void
 * }} props
 */
function Save({ changed, severe, approver, setApprover, onSave }) {
  const [why, setWhy] = useState("");
  /** @param {Submitted} event */
  const save = (event) => {
    event.preventDefault();
    onSave(why);
  };
  return html`<section class="card" aria-labelledby="save"><h2 id="save">${t.rules.save_title}</h2>
    <form class="stacked" onSubmit=${save}>
      <label for="why">${t.rules.why}</label><textarea id="why" rows="3" maxlength="400" required value=${why} onInput=${(event) => setWhy(event.target.value)}></textarea>
      <label for="approver">${t.rules.approver}</label><input id="approver" value=${approver} required=${severe} maxlength="64" autocapitalize="none" onInput=${(event) => setApprover(event.target.value)} />
      <p class="quiet">${t.rules.approver_why}</p>
      ${changed ? html`<button type="submit">${t.rules.save}</button>` : html`<p class="quiet">${t.rules.unchanged}</p>`}
    </form></section>`;
}

/**
 * @param {{
 * me: Me, list: RulesList, base: { rules: Kept[] }, onSaved: (saved: { version: number }) => void
 * }} props
 */
function Editor({ me, list, base, onSaved }) {
  /** @param {string} word */
  const may = (word) => me.permissions.includes(word);
  const [rules, setRules] = useState(base.rules);
  const [removed, setRemoved] = useState(/** @type {string[]} */ ([]));
  const [preview, setPreview] = useState(/** @type {Tried | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Trouble | null} */ (null));
  const [approver, setApprover] = useState(me.role === "rektor" ? me.user : "");
  const kept = rules.filter((rule) => !removed.includes(rule.id));
  const changed = !same(kept, base.rules);
  const severe = rules.some(
    (rule, index) =>
      (removed.includes(rule.id) || !same(rule, base.rules[index])) &&
      Math.max(rule.severity, base.rules[index].severity) >= SEVERE,
  );
  /** @param {() => void} next */
  const edit = (next) => {
    next();
    setPreview(null);
  };
  /** The rules of a profile become the change; one that it does not know stays as it is. @param {Kept[]} profile */
  const use = (profile) =>
    edit(() => {
      setRemoved([]);
      setRules(base.rules.map((rule) => profile.find(({ id }) => id === rule.id) ?? rule));
    });
  /** @param {() => Promise<void>} work */
  const attempt = async (work) => {
    setProblem(null);
    try {
      await work();
    } catch (refusal) {
      setProblem(refusal);
    }
  };
  const tryOut = () => attempt(async () => setPreview(await send("rules/preview", { rules: kept })));
  /** @param {{ rules?: Kept[], version?: number, why: string }} body */
  const apply = (body) => attempt(async () => onSaved(await send("rules", { ...body, ...(approver && { approver }) })));
  return html`
    ${SEVERITIES.map((severity) => {
      const of = base.rules.map((rule, index) => index).filter((index) => base.rules[index].severity === severity);
      return (
        of.length > 0 &&
        html`<section class="card" key=${severity} aria-labelledby=${`level-${severity}`}><h2 id=${`level-${severity}`}>${t.rules.level[severity]}</h2>
        <ul class="rules">${of.map(
          (
            index,
          ) => html`<${Rule} key=${rules[index].id} rule=${rules[index]} before=${base.rules[index]} on=${!removed.includes(rules[index].id)} mayTry=${may("rules_try")}
          onChange=${(next) => edit(() => setRules(rules.map((each, at) => (at === index ? next : each))))}
          onToggle=${() => edit(() => setRemoved(removed.includes(rules[index].id) ? removed.filter((id) => id !== rules[index].id) : [...removed, rules[index].id]))} />`,
        )}</ul></section>`
      );
    })}
    ${problem && html`<${Problem} problem=${problem} />`}
    ${may("rules_try") && html`<p class="actions"><button type="button" class="quiet-button" onClick=${tryOut}>${t.rules.try_out}</button></p>`}
    ${preview && html`<${Preview} preview=${preview} />`}
    ${may("rules_try") && html`<${Tuning} onUse=${use} />`}
    ${may("rules_apply") && html`<${Save} changed=${changed} severe=${severe} approver=${approver} setApprover=${setApprover} onSave=${(why) => apply({ rules: kept, why })} />`}
    <${Versions} list=${list} mayApply=${may("rules_apply")} onBack=${(version) => apply({ version, why: t.rules.back_why(version) })} />`;
}

/** @param {ViewProps} props */
export default function Rules({ me }) {
  const [saved, setSaved] = useState(/** @type {{ version: number } | null} */ (null));
  const [state, setState] = useState(/** @type {{ base?: Version, problem?: Trouble }} */ ({}));
  const heard = useElement();
  const list = useAnswer("rules", { asked: saved });
  const latest = list.answer?.versions[0]?.version;
  useEffect(() => {
    if (latest)
      read(`rules/${latest}`).then(
        (base) => setState({ base }),
        (problem) => setState({ problem }),
      );
  }, [latest]);
  useEffect(() => {
    if (saved) heard.current.focus();
  }, [saved]);
  const problem = list.problem ?? state.problem;
  const { base } = state;
  return html`<${Heading}>${t.titles.rules}<//>
    <p class="quiet">${t.rules.lead}</p>
    <p class="answered" role="status" tabindex="-1" ref=${heard}>${saved && t.rules.saved(saved.version)}</p>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${list.answer && list.answer.versions.length === 0 && html`<p>${t.rules.none}</p>`}
    ${!base && latest && !problem && html`<${Waiting} />`}
    ${base && !base.rules && html`<p class="notice">${t.rules.unreadable}</p>`}
    ${base?.rules && list.answer && html`<${Editor} key=${base.version} me=${me} list=${list.answer} base=${base} onSaved=${setSaved} />`}`;
}
