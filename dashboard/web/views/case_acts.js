// What can be done in a case, as a table: who may do it, when there is something to do it to, and what it asks. One form is made of
// any row. Choices come first and short texts after; a digit chooses and goes on to the next question.
/** @import { CaseWhole, Me, Owner, Submitted, Typed } from "../types.js" */
import { html, shortcutsOn, useEffect, useElement } from "../ui.js";
import { day, t } from "../words.js";
import { DEVIATION_ACTS } from "./case_deviation.js";
import { SIP_ACTS } from "./case_sip.js";

/** @typedef {{ value: string, name: string }} Option */
/** @typedef {{ name: string, kind: "one" | "several" | "row" | "text" | "past" | "ahead" | "owner", of?: string, words?: string, options?: string[], rows?: (one: CaseWhole) => Option[], most?: number, required?: boolean, when?: [string, string] }} Field */
/** @typedef {{ key: string, roles: string[], fields: Field[], does?: string, possible?: (one: CaseWhole) => boolean }} Act */

const HEALTH = ["eht", "rektor"];
const HEAD = ["rektor"];
const ALL = [...HEALTH, "mentor"];
const STEPS = ["contact", "mapping", "inquiry", "support_inquiry", "measures", "follow_up"];
const SKIPPED = [...STEPS, "sip"]; // a plan begins and ends by acts of its own
const NOTE_MOST = 100; // signs; the casebook takes 200 bytes
const TITLE_MOST = 31;

/** @param {CaseWhole} one */
const openSteps = (one) => one.steps.filter((step) => !step.done_on && step.kind !== "sip");
/** @param {CaseWhole} one @returns {Option[]} */
const openMeasures = (one) =>
  one.measures
    .filter((measure) => !measure.evaluated_on)
    .map((measure) => ({
      value: String(measure.measure),
      name: `${t.case_choices.measure_kind[measure.kind]}${measure.note && `: ${measure.note}`}`,
    }));
/** @param {CaseWhole} one @returns {Option[]} */
const openActors = (one) =>
  one.actors.filter((actor) => !actor.ended_on).map((actor) => ({ value: String(actor.actor), name: actor.title }));
/** @param {CaseWhole} one @returns {Option[]} */
const openConsents = (one) =>
  one.consents
    .filter((consent) => !consent.withdrawn_on)
    .map(({ consent, scope, party }) => ({
      value: String(consent),
      name: `${t.case_choices.scope[scope]}, ${t.case_choices.party[party].toLowerCase()}`,
    }));
/** @param {CaseWhole} one @returns {Option[]} */
const openConcerns = (one) =>
  one.concerns
    .filter((each) => !each.answered_on)
    .map((each) => ({ value: String(each.concern), name: day(each.made_on) }));
/** @param {CaseWhole} one @returns {Option[]} */
const stepOptions = (one) => openSteps(one).map(({ kind }) => ({ value: kind, name: t.case_choices.step[kind] }));

/** @param {CaseWhole} one */
const awaitsReceipt = (one) => one.facts.filter(({ kind }) => kind.startsWith("handover")).at(-1)?.kind === "handover";

/** In the order in which a case mostly goes. @type {Record<string, Act>} */
export const ACTS = {
  contact: {
    key: "k",
    roles: ALL,
    fields: [
      { name: "party", kind: "one", of: "party", options: ["pupil", "guardian", "god_man", "other"] },
      { name: "way", kind: "one", of: "way", options: ["phone", "meeting", "message", "home_visit"] },
      { name: "outcome", kind: "one", of: "outcome", options: ["talked", "not_reached", "wants_time", "declined"] },
      { name: "cause", kind: "one", of: "cause", options: ["known", "not_known"] },
    ],
  },
  step_begin: {
    key: "s",
    roles: HEALTH,
    fields: [
      { name: "kind", kind: "one", of: "step", options: STEPS },
      { name: "owner", kind: "owner" },
      { name: "due_on", kind: "ahead" },
    ],
  },
  step_done: {
    key: "d",
    roles: HEALTH,
    possible: (one) => openSteps(one).length > 0,
    fields: [{ name: "kind", kind: "row", of: "step", rows: stepOptions }],
  },
  step_left_out: {
    key: "l",
    roles: HEALTH,
    fields: [
      { name: "kind", kind: "one", of: "step", options: SKIPPED },
      {
        name: "reason",
        kind: "one",
        of: "skip",
        options: ["not_needed", "already_done", "guardian_declined", "other_actor_leads", "other"],
      },
    ],
  },
  measure: {
    key: "m",
    roles: ALL,
    fields: [
      {
        name: "kind",
        kind: "one",
        of: "measure_kind",
        options: [
          "school_day",
          "teaching",
          "adult",
          "way_to_school",
          "peers",
          "place",
          "catch_up",
          "home",
          "other_actor",
          "other",
        ],
      },
      { name: "note", kind: "text", most: NOTE_MOST },
      { name: "owner", kind: "owner" },
      { name: "due_on", kind: "ahead" },
    ],
  },
  measure_evaluated: {
    key: "e",
    roles: ALL,
    possible: (one) => openMeasures(one).length > 0,
    fields: [
      { name: "measure", kind: "row", of: "measure", rows: openMeasures },
      { name: "result", kind: "one", of: "result", options: ["better", "same", "worse", "stopped"] },
    ],
  },
  voice: {
    key: "v",
    roles: HEALTH,
    fields: [
      {
        name: "wants",
        kind: "several",
        of: "want",
        options: ["mornings", "way_to_school", "subject", "teacher", "peers", "place", "home", "adult", "other"],
      },
      { name: "note", kind: "text", most: NOTE_MOST },
    ],
  },
  actor: {
    key: "a",
    roles: HEALTH,
    fields: [
      { name: "sector", kind: "one", of: "sector", options: ["school", "social", "health"] },
      { name: "title", kind: "text", most: TITLE_MOST, required: true },
      { name: "does", kind: "text", most: NOTE_MOST },
      { name: "next_on", kind: "ahead" },
    ],
  },
  actor_ended: {
    key: "f",
    roles: HEALTH,
    possible: (one) => openActors(one).length > 0,
    fields: [{ name: "actor", kind: "row", of: "actor", rows: openActors }],
  },
  consent: {
    key: "c",
    roles: HEALTH,
    fields: [
      { name: "party", kind: "one", of: "party", options: ["guardian", "pupil"] },
      { name: "scope", kind: "one", of: "scope", options: ["sip", "secrecy"] },
      { name: "on", kind: "past" },
    ],
  },
  consent_withdrawn: {
    key: "w",
    roles: HEALTH,
    possible: (one) => openConsents(one).length > 0,
    fields: [{ name: "consent", kind: "row", of: "consent", rows: openConsents }],
  },
  inquiry: { key: "i", roles: HEAD, does: "inquiry", fields: [] },
  no_inquiry: {
    key: "j",
    roles: HEAD,
    does: "inquiry",
    fields: [
      {
        name: "reason",
        kind: "one",
        of: "no_inquiry",
        options: ["known_cause", "has_been_done", "attendance_up", "other"],
      },
    ],
  },
  told: {
    key: "h",
    roles: HEALTH,
    fields: [
      { name: "kind", kind: "one", of: "told", options: ["huvudman_told", "elsewhere", "elsewhere_told"] },
      { name: "on", kind: "past" },
    ],
  },
  seen: { key: "g", roles: HEAD, possible: (one) => one.clocks.some(({ clock }) => clock === "long_case"), fields: [] },
  deputy: { key: "t", roles: HEALTH, fields: [{ name: "owner", kind: "owner" }] },
  handover: {
    key: "z",
    roles: HEAD,
    possible: (one) => !one.case.protected && !awaitsReceipt(one),
    fields: [{ name: "school", kind: "text", most: TITLE_MOST, required: true }],
  },
  handover_received: { key: "z", roles: HEALTH, possible: awaitsReceipt, fields: [{ name: "on", kind: "past" }] },
  concern: { key: "o", roles: HEALTH, fields: [{ name: "on", kind: "past" }] },
  concern_answered: {
    key: "q",
    roles: HEALTH,
    possible: (one) => openConcerns(one).length > 0,
    fields: [
      { name: "concern", kind: "row", of: "concern", rows: openConcerns },
      { name: "on", kind: "past" },
    ],
  },
  ...SIP_ACTS,
  ...DEVIATION_ACTS,
};

/** What the caller may do now. @param {CaseWhole} one @param {Me} me */
export const actsOf = (one, me) =>
  Object.keys(ACTS).filter((word) => ACTS[word].roles.includes(me.role) && (ACTS[word].possible?.(one) ?? true));

/** The body of the call. @param {string} word @param {HTMLFormElement} form */
function bodyOf(word, form) {
  const data = new FormData(form);
  /** @type {Record<string, unknown>} */
  const body = { do: ACTS[word].does ?? word };
  if (body.do === "inquiry") body.decision = word;
  for (const { name, kind } of ACTS[word].fields) {
    const value = data.get(name);
    if (kind === "several") body[name] = data.getAll(name);
    else if (kind === "row" && name !== "kind") body[name] = Number(value);
    else if (value || name === "owner") body[name] = value ?? "";
  }
  return body;
}

/** @param {number} index */
const digitOf = (index) => (index < 10 ? String((index + 1) % 10) : "");

/** @param {{ field: Field, one: CaseWhole }} props */
function Choose({ field, one }) {
  const options =
    field.rows?.(one) ??
    (field.options ?? []).map((value) => ({ value, name: t.case_choices[field.words ?? field.of ?? ""][value] }));
  const several = field.kind === "several";
  return html`<fieldset><legend>${t.casework.fields[field.of ?? ""]}</legend>${options.map(
    ({ value, name }, index) =>
      html`<label class="check" key=${value}><input type=${several ? "checkbox" : "radio"} name=${field.name} value=${value} required=${!several}
        defaultChecked=${field.rows !== undefined && options.length === 1} /> <span>${name}</span> <kbd aria-hidden="true">${digitOf(index)}</kbd></label>`,
  )}</fieldset>`;
}

/** @param {{ field: Field, one: CaseWhole, owners: Owner[] }} props */
function Question({ field, one, owners }) {
  const label = t.casework.fields[field.name];
  if (field.kind === "text")
    return html`<label class="stacked">${label} <input type="text" name=${field.name} maxlength=${field.most} required=${field.required} autocomplete="off" /></label>`;
  if (field.kind === "owner")
    return (
      owners.length > 0 &&
      html`<label class="stacked">${t.casework.fields.owner} <select name="owner"><option value="">${t.casework.nobody_named}</option>
      ${owners.map(({ user, name }) => html`<option key=${user} value=${user}>${name}</option>`)}</select></label>`
    );
  if (field.kind === "past" || field.kind === "ahead")
    return html`<label class="stacked">${label} <input type="date" name=${field.name}
      required=${field.required} min=${field.kind === "ahead" ? one.date : undefined} max=${field.kind === "past" ? one.date : undefined} defaultValue=${field.kind === "past" ? one.date : ""} /></label>`;
  return html`<${Choose} field=${field} one=${one} />`;
}

/** Where the next question begins. @param {HTMLFormElement} form @param {Element} from */
function goOn(form, from) {
  const stops = /** @type {HTMLElement[]} */ ([
    ...form.querySelectorAll("fieldset, input[type=text], button[type=submit]"),
  ]);
  const next = stops[stops.indexOf(/** @type {HTMLElement} */ (from.closest("fieldset"))) + 1];
  /** @type {HTMLElement} */ (next.querySelector("input:checked, input") ?? next).focus();
}

/**
 * `onDo` gets the body of the call.
 * @param {{ word: string, one: CaseWhole, onDo: (body: object) => void, onCancel: () => void }} props
 */
export function ActForm({ word, one, onDo, onCancel }) {
  const form = useElement();
  useEffect(() => form.current.querySelector("input, button").focus(), []);
  const { fields } = ACTS[word];
  /** @param {Submitted} event */
  const submit = (event) => {
    event.preventDefault();
    onDo(bodyOf(word, event.target));
  };
  /** @param {KeyboardEvent & Typed} event */
  const pressed = (event) => {
    if (event.key === "Escape") return onCancel();
    if (!["radio", "checkbox"].includes(event.target.type) || !/^\d$/.test(event.key)) return;
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || !shortcutsOn()) return;
    const choice = event.target.closest("fieldset")?.querySelectorAll("input")[(Number(event.key) + 9) % 10];
    if (!choice) return;
    event.preventDefault();
    choice.click();
    choice.focus();
    if (choice.type === "radio") goOn(form.current, choice);
  };
  return html`<form class="answer" ref=${form} onSubmit=${submit} onKeyDown=${pressed} aria-label=${t.casework.acts[word]}>
    <h3>${t.casework.acts[word]}</h3>
    ${t.casework.hints[word] && html`<p class="quiet">${t.casework.hints[word]}</p>`}
    ${fields.map((field) => html`<${Question} key=${field.name} field=${field} one=${one} owners=${one.owners ?? []} />`)}
    ${fields.some(({ kind }) => kind === "text") && html`<p class="quiet">${t.casework.no_health}</p>`}
    <p class="actions"><button type="submit">${t.casework.save}</button>
      <button type="button" class="quiet-button" onClick=${onCancel}>${t.answer.cancel} <kbd aria-hidden="true">Esc</kbd></button></p></form>`;
}
