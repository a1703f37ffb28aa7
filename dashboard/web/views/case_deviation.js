// What failed between school and others in a case: noted by choices, printed on a sheet of its own.
/** @import { CaseWhole } from "../types.js" */
/** @import { Act } from "./case_acts.js" */
import { html } from "../ui.js";
import { day, t } from "../words.js";
import { Part } from "./case_parts.js";

/** @type {Record<string, Act>} */
export const DEVIATION_ACTS = {
  deviation: {
    key: "1",
    roles: ["eht", "rektor"],
    fields: [
      { name: "sector", kind: "one", of: "deviation_of", options: ["school", "social", "health"], words: "sector" },
      {
        name: "promise",
        kind: "one",
        of: "promise",
        options: ["no_answer", "absent_at_sip", "waiting_time", "unclear_responsibility", "other"],
      },
      { name: "since", kind: "past" },
    ],
  },
};

/** @param {{ one: CaseWhole, name: (user: string) => string }} props */
export function Deviations({ one, name }) {
  return (
    one.deviations.length > 0 &&
    html`<${Part} id="deviations" name=${t.deviation.title}><ul class="reasons">${one.deviations.map(
      (each) =>
        html`<li key=${each.deviation}><a href=${`#/deviation/${one.case.case}?n=${each.deviation}`}>${t.case_choices.promise[each.promise]}</a>, ${t.case_choices.sector[each.sector].toLowerCase()}
      <span class="quiet"> ${t.deviation.stood(day(each.since))} ${name(each.by)}, ${day(each.on)}</span></li>`,
    )}</ul><//>`
  );
}
