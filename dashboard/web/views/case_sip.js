// The common plan (SIP) of a case: what can be done with it at the stage where it stands, and what is told of it.
/** @import { CaseWhole } from "../types.js" */
/** @import { Act, Option } from "./case_acts.js" */
import { html } from "../ui.js";
import { day, t } from "../words.js";
import { Part } from "./case_parts.js";

const HEALTH = ["eht", "rektor"];
const TITLE_MOST = 31;

/** @param {...string} stages */
const at =
  (...stages) =>
  (/** @type {CaseWhole} */ one) =>
    stages.includes(one.sip?.stage ?? "");
/** @param {CaseWhole} one @returns {Option[]} */
const callers = (one) =>
  ["social", "health", ...(one.sip?.school_may_call ? ["school"] : [])].map((value) => ({
    value,
    name: t.case_choices.sector[value],
  }));
/** @param {CaseWhole} one */
const membersOf = (one) => one.sip_members.filter((member) => !member.left_on);
/** @param {{ sector: string, title: string }} member */
const memberName = ({ sector, title }) => title || t.case_choices.sip_member[sector];
/** @param {CaseWhole} one @returns {Option[]} */
const memberOptions = (one) =>
  membersOf(one).map((member) => ({ value: String(member.member), name: memberName(member) }));

/** @type {Record<string, Act>} */
export const SIP_ACTS = {
  sip_needed: { key: "p", roles: HEALTH, possible: at("", "ended"), fields: [] },
  sip_requested: {
    key: "p",
    roles: HEALTH,
    possible: at("needed"),
    fields: [
      { name: "of", kind: "one", of: "sip_of", rows: callers },
      { name: "on", kind: "past" },
    ],
  },
  sip_called: {
    key: "r",
    roles: HEALTH,
    possible: at("requested", "called"),
    fields: [
      { name: "called_by", kind: "one", of: "sip_by", rows: callers },
      { name: "meeting_on", kind: "ahead", required: true },
    ],
  },
  sip_held: {
    key: "p",
    roles: HEALTH,
    possible: at("called"),
    fields: [
      { name: "on", kind: "past" },
      { name: "follow_up_on", kind: "ahead" },
    ],
  },
  sip_followed_up: {
    key: "p",
    roles: HEALTH,
    possible: at("held", "followed_up"),
    fields: [
      { name: "on", kind: "past" },
      { name: "follow_up_on", kind: "ahead" },
    ],
  },
  sip_ended: {
    key: "u",
    roles: HEALTH,
    possible: (one) => !at("", "ended")(one),
    fields: [
      {
        name: "reason",
        kind: "one",
        of: "sip_end",
        options: ["goals_reached", "not_needed", "declined", "other_actor_leads", "other"],
      },
    ],
  },
  sip_member: {
    key: "b",
    roles: HEALTH,
    possible: (one) => !at("", "ended")(one),
    fields: [
      {
        name: "sector",
        kind: "one",
        of: "sip_member",
        options: ["pupil", "guardian", "school", "social", "health", "other"],
      },
      { name: "part", kind: "one", of: "sip_part", options: ["takes_part", "coordinates"] },
      { name: "title", kind: "text", most: TITLE_MOST },
    ],
  },
  sip_member_left: {
    key: "y",
    roles: HEALTH,
    possible: (one) => membersOf(one).length > 0,
    fields: [{ name: "member", kind: "row", of: "sip_who", rows: memberOptions }],
  },
};

/** A word of the choices of that stage. @param {string} stage @param {string} value */
const meant = (stage, value) =>
  value && (stage === "ended" ? t.case_choices.sip_end[value] : t.case_choices.sector[value]).toLowerCase();

/** @param {{ one: CaseWhole }} props */
function Consents({ one }) {
  const given = (/** @type {string} */ party) =>
    one.consents.some((consent) => consent.scope === "sip" && consent.party === party && !consent.withdrawn_on);
  return html`<p>${t.sip.consents(given("guardian"), given("pupil"))}</p>
    ${!at("", "ended")(one) && !one.sip?.consented && html`<p class="notice">${t.sip.no_consent[one.contact_with]}</p>`}`;
}

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
export function Sip({ one, name }) {
  const latest = membersOf(one).findLast((member) => member.coordinates);
  return html`<${Part} id="sip" name=${t.sip.title}>
    <${Consents} one=${one} />
    ${
      one.sips.length === 0
        ? html`<p class="quiet">${t.sip.none}</p>`
        : html`<ol class="reasons">${one.sips.map(
            (
              each,
              index,
            ) => html`<li key=${index}>${t.sip.stages[each.stage](meant(each.stage, each.value), each.planned_on && day(each.planned_on))}
      <span class="quiet"> ${name(each.by)}, ${day(each.on)}</span></li>`,
          )}</ol>`
    }
    ${
      one.sip_members.length > 0 &&
      html`<h3>${t.sip.members}</h3><ul class="reasons">${one.sip_members.map(
        (member) =>
          html`<li key=${member.member}>${memberName(member)}${member.title && ` (${t.case_choices.sip_member[member.sector].toLowerCase()})`}${member === latest && `, ${t.sip.coordinates}`}
      ${member.left_on && html`<span class="quiet"> ${t.sip.left(day(member.left_on))}</span>`}</li>`,
      )}</ul>`
    }
    <p class="quiet">${t.sip.school_part} ${one.sip?.school_may_call ? t.sip.may_call : t.sip.may_not_call}</p><//>`;
}
