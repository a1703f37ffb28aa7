// What is told of a case: its times, and what has been written down, each part under a heading of its own.
/** @import { CaseActor, CaseClock, CaseWhole, Children, Owner } from "../types.js" */
import { html, Wide } from "../ui.js";
import { day, shortDay, t } from "../words.js";

/** Whose it is, by name as far as the answer tells it. @param {Owner[] | undefined} owners @param {string} user */
export const ownerName = (owners, user) => owners?.find((each) => each.user === user)?.name ?? user;

/** "3 skoldagar kvar (16 augusti)" @param {CaseClock} clock */
export function standing({ state, days, unit, due_on: due, stopped_on: stopped, paused }) {
  if (stopped) return t.casework.stopped(day(stopped));
  if (unit === "open") return t.casework.no_figure;
  if (!due) return t.casework.no_date;
  const counted = t.casework.units[unit === "working" ? "working" : "school"](days);
  if (state === "today") return t.casework.due_today;
  if (state === "overdue") return t.casework.overdue(day(due), counted);
  return t.casework.left(counted, paused || unit === "date" ? day(due) : shortDay(due));
}

/** @param {CaseClock} clock */
const sourceOf = (clock) =>
  clock.source === "local"
    ? t.casework.local
    : t.casework.by_law(clock.law) +
      (clock.figure === "local" && clock.unit !== "open" ? `, ${t.casework.figure_local}` : "");

/** @param {{ one: CaseWhole, clock: CaseClock }} props */
function Clock({ one, clock }) {
  const measure = one.measures.find((each) => each.measure === clock.measure);
  const printed = clock.clock !== "concern_answered"; // of a report of concern nothing is printed
  return html`<li class=${printed ? "" : "screen-only"}><strong>${t.casework.clocks[clock.clock]}</strong>${measure && ` (${t.case_choices.measure_kind[measure.kind]})`}:${" "}
    ${clock.state === "overdue" ? html`<strong>${standing(clock)}</strong>` : standing(clock)}
    <span class="quiet"> ${sourceOf(clock)}${clock.without_calendar && ` ${t.casework.without_calendar}`}</span></li>`;
}

/** @param {{ one: CaseWhole }} props */
export function Clocks({ one }) {
  const running = one.clocks.filter((clock) => clock.state !== "stopped");
  const stopped = one.clocks.filter((clock) => clock.state === "stopped");
  const { known, ends_on: ends, ends_soon: soon } = one.calendar;
  /** @param {CaseClock[]} clocks */
  const list = (clocks) =>
    html`<ul class="reasons">${clocks.map((clock) => html`<${Clock} key=${`${clock.clock} ${clock.measure}`} one=${one} clock=${clock} />`)}</ul>`;
  return html`<section class="card" aria-labelledby="times"><h2 id="times">${t.casework.times}</h2>
    ${running.length > 0 ? list(running) : html`<p>${t.casework.no_times}</p>`}
    ${!known && html`<p class="notice">${t.casework.calendar_unknown}</p>`}
    ${known && soon && ends && html`<p class="notice">${t.casework.calendar_ends(day(ends))}</p>`}
    ${stopped.length > 0 && html`<details class="counted"><summary>${t.casework.done_times(stopped.length)}</summary>${list(stopped)}</details>`}
  </section>`;
}

/** @param {{ id: string, name: string, none?: string, empty?: boolean, printed?: boolean, children: Children }} props */
export function Part({ id, name, none = t.casework.none, empty = false, printed = true, children }) {
  return html`<section class=${printed ? "card" : "card screen-only"} aria-labelledby=${id}><h2 id=${id}>${name}</h2>${empty ? html`<p class="quiet">${none}</p>` : children}</section>`;
}

/** @param {{ name: string, columns: string[], rows: Children[][] }} props */
function Rows({ name, columns, rows }) {
  return html`<${Wide} label=${name}><table>
    <thead><tr>${columns.map((column) => html`<th scope="col" key=${column}>${column}</th>`)}</tr></thead>
    <tbody>${rows.map((row, index) => html`<tr key=${index}>${row.map((cell, at) => html`<td key=${at}>${cell}</td>`)}</tr>`)}</tbody></table><//>`;
}

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
function Steps({ one, name }) {
  const columns = t.casework.columns;
  return html`<${Part} id="steps" name=${t.casework.parts.steps} empty=${one.steps.length === 0}>
    <${Rows} name=${t.casework.parts.steps} columns=${[columns.step, columns.who, columns.began, columns.stands]}
      rows=${one.steps.map((step) => [
        t.case_choices.step[step.kind],
        name(step.owner),
        shortDay(step.began_on),
        step.skipped_reason
          ? t.casework.left_out(t.case_choices.skip[step.skipped_reason])
          : step.done_on
            ? t.casework.stopped(day(step.done_on))
            : t.casework.due_by(day(step.due_on)),
      ])} /><//>`;
}

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
export function Measures({ one, name }) {
  const columns = t.casework.columns;
  return html`<${Rows} name=${t.casework.parts.measures} columns=${[columns.what, columns.who, columns.began, columns.stands]}
    rows=${one.measures.map((measure) => [
      `${t.case_choices.measure_kind[measure.kind]}${measure.note && `: ${measure.note}`}`,
      name(measure.owner),
      shortDay(measure.began_on),
      measure.result && measure.evaluated_on
        ? t.casework.evaluated(t.case_choices.result[measure.result], day(measure.evaluated_on))
        : t.casework.evaluate_by(day(measure.due_on)),
    ])} />`;
}

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
function Contacts({ one, name }) {
  const columns = t.casework.columns;
  const choices = t.case_choices;
  return html`<${Part} id="contacts" name=${t.casework.parts.contacts} empty=${one.contacts.length === 0}>
    <${Rows} name=${t.casework.parts.contacts} columns=${[columns.when, columns.with, columns.outcome, columns.by]}
      rows=${one.contacts.map((contact) => [
        shortDay(contact.on),
        `${choices.party[contact.party]}, ${choices.way[contact.way].toLowerCase()}`,
        `${choices.outcome[contact.outcome]}. ${choices.cause[contact.cause]}.`,
        name(contact.by),
      ])} /><//>`;
}

/** @param {{ actors: CaseActor[], sector: string }} props */
function Sector({ actors, sector }) {
  return html`<div><h3>${t.case_choices.sector[sector]}</h3>
    ${
      actors.length === 0
        ? html`<p class="quiet">${t.casework.none}</p>`
        : html`<ul class="reasons">${actors.map(
            (actor) => html`<li key=${actor.actor}><strong>${actor.title}</strong>${actor.does && `: ${actor.does}`}
        <span class="quiet"> ${actor.ended_on ? t.casework.actor_was(day(actor.since), day(actor.ended_on)) : t.casework.actor_is(day(actor.since), day(actor.next_on))}</span></li>`,
          )}</ul>`
    }</div>`;
}

const SECTORS = ["school", "social", "health"];

/** Two others than the school, and nobody has asked for a common plan. @param {CaseWhole} one */
const wantsSip = (one) =>
  one.actors.filter((actor) => !actor.ended_on && actor.sector !== "school").length >= 2 &&
  !one.steps.some((step) => step.kind === "sip");

/** @param {{ one: CaseWhole }} props */
function Actors({ one }) {
  return html`<${Part} id="actors" name=${t.casework.parts.actors}>
    ${wantsSip(one) && html`<p class="notice">${t.casework.wants_sip}</p>`}
    <div class="tiles">${SECTORS.map((sector) => html`<${Sector} key=${sector} sector=${sector} actors=${one.actors.filter((actor) => actor.sector === sector)} />`)}</div><//>`;
}

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
function Voices({ one, name }) {
  const { want } = t.case_choices;
  return html`<${Part} id="voices" name=${t.casework.parts.voices} none=${t.casework.not_asked} empty=${one.voices.length === 0}>
    <ul class="reasons">${one.voices.map(
      (
        voice,
      ) => html`<li key=${voice.voice}>${voice.wants.length > 0 ? voice.wants.map((each) => want[each]).join(", ") : t.casework.wants_nothing}${voice.note && `: ${voice.note}`}
      <span class="quiet"> ${t.casework.asked_by(name(voice.by), day(voice.on))}</span></li>`,
    )}</ul><//>`;
}

/** @param {{ kind: string, value: string }} fact @param {(user: string) => string} name */
function valueOf({ kind, value }, name) {
  if (kind === "handover") return value;
  return ["deputy", "owner"].includes(kind) ? value && name(value) : t.case_choices.no_inquiry[value];
}

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
function Decided({ one, name }) {
  const parts = t.casework.parts;
  const choices = t.case_choices;
  return html`<${Part} id="facts" name=${parts.facts} empty=${one.facts.length + one.consents.length === 0}>
    <ul class="reasons">${one.facts.map(
      (fact, index) =>
        html`<li key=${index}>${t.casework.facts[fact.kind](
          valueOf(fact, name),
        )} <span class="quiet">${name(fact.by)}, ${day(fact.on)}</span></li>`,
    )}
    ${one.consents.map(
      (
        consent,
      ) => html`<li key=${`consent ${consent.consent}`}>${t.casework.consent(choices.scope[consent.scope], choices.party[consent.party], day(consent.given_on))}
      ${consent.withdrawn_on && ` ${t.casework.withdrawn(day(consent.withdrawn_on))}`}</li>`,
    )}</ul><//>`;
}

/** Shown to the head and to who reported alone: others are sent no rows. @param {{ one: CaseWhole }} props */
function Concerns({ one }) {
  return (
    one.concerns.length > 0 &&
    html`<${Part} id="concerns" name=${t.casework.parts.concerns} printed=${false}><p class="quiet">${t.casework.concern_who}</p>
    <ul class="reasons">${one.concerns.map((each) => html`<li key=${each.concern}>${t.casework.concern(day(each.made_on), each.answered_on && day(each.answered_on))}</li>`)}</ul><//>`
  );
}

/** @param {{ one: CaseWhole, isMentor: boolean }} props */
export function Record({ one, isMentor }) {
  /** @param {string} user */
  const name = (user) => ownerName(one.owners, user);
  return html`<${Steps} one=${one} name=${name} />
    <${Contacts} one=${one} name=${name} />
    <${Part} id="measures" name=${t.casework.parts.measures} empty=${one.measures.length === 0}><${Measures} one=${one} name=${name} /><//>
    ${
      !isMentor &&
      html`<${Voices} one=${one} name=${name} /><${Actors} one=${one} />
    <${Decided} one=${one} name=${name} /><${Concerns} one=${one} />`
    }`;
}
